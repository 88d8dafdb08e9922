//! Speed of decoding, next to a loop that only copies and validates the same bytes. Rounds are interleaved and the fastest
//! of each counts, so that a busy machine changes neither.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

#[path = "../tests/support/certificate.rs"]
mod certificate_der;

use std::hint::black_box;
use std::time::{Duration, Instant};

use certificate_der::certificate;
use client_identity::certificate::Name;
use client_identity::{Client, DIALECTS, HeaderNames, Verified};

const ROUNDS: usize = 200;
/// DNS names in the certificate, of 16 bytes each.
const NAMES: usize = 400;

fn main() {
    let subject = Name::parse_rfc4514("CN=alice,OU=people,O=Example,C=NL").unwrap_or_default();
    let der = certificate(
        &subject,
        &subject,
        &[1],
        &vec![(0x82, b"host.example.com".to_vec()); NAMES],
    );
    let client = Client::Presented {
        chain: vec![der],
        verified: Verified::Success,
    };
    println!(
        "{:<22}{:>12}{:>12}{:>8}",
        "dialect", "decode MB/s", "copy MB/s", "ratio"
    );
    for dialect in DIALECTS {
        let names = HeaderNames::defaults(*dialect);
        let Ok(headers) = dialect.encode(&client, &names) else {
            continue;
        };
        let size: usize = headers.iter().map(|header| header.value.len()).sum();
        let (mut decode, mut copy) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let _ = black_box(dialect.decode(black_box(&headers), &names)).is_ok();
            decode = decode.min(start.elapsed());
            let start = Instant::now();
            for header in black_box(&headers) {
                let copied = header.value.clone();
                black_box(copied.iter().filter(|byte| byte.is_ascii_graphic()).count());
            }
            copy = copy.min(start.elapsed());
        }
        let rate =
            |time: Duration| f64::from(u32::try_from(size).unwrap_or(u32::MAX)) / 1e6 / time.as_secs_f64();
        let (decode, copy) = (rate(decode), rate(copy));
        println!(
            "{:<22}{decode:>12.0}{copy:>12.0}{:>8.2}",
            dialect.name(),
            copy / decode
        );
    }
}
