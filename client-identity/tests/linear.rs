//! The work of every decoder and every reader of names is linear in the input, and its size is bounded.
//!
//! A program of its own with one test, because it counts what is allocated in the whole process. Bytes allocated are
//! exact and must not grow faster than the input. What a parser does without allocating is measured by the processor time
//! of the thread, which other programs do not disturb: for an input 16 times as long a linear parser takes about 16 times
//! as long, a quadratic one 256 times; 80 is refused.

#![expect(clippy::unwrap_used, reason = "the test names types and dialects that exist")]

#[path = "support/certificate.rs"]
mod certificate_der;

use std::alloc::System;
use std::hint::black_box;

use certificate_der::certificate;
use client_identity::certificate::{MAX_CERTIFICATE, Name, name::MAX_NAME};
use client_identity::dialect::{Form, MAX_CHAIN, MAX_HEADERS, MAX_VALUE};
use client_identity::dn::MAX_TEXT;
use client_identity::{
    Certificate, CertificateError, Client, DIALECTS, DecodeError, Dialect, DnError, DnStyle, EncodeError,
    Header, HeaderNames, Verified,
};
use rustix::time::{ClockId, clock_gettime};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes of the shorter input.
const SHORT: usize = 1024;
/// How many times longer the other is.
const TIMES: usize = 16;
/// The most that processor time may grow by.
const SLOWEST: u64 = 80;
/// Nanoseconds under which a time says nothing.
const FLOOR: u64 = 20_000;
/// Allocated bytes that do not depend on the input.
const BASE: usize = 16 * 1024;

/// What parsers stumble over, repeated; between them every separator, escape and armour.
const PATTERNS: &[&str] = &[
    "a",
    "A",
    "0",
    "=",
    "%",
    "\\",
    "\"",
    "/",
    ",",
    ":",
    "/a",
    "/CN=a",
    "/a=b",
    "\\/CN=",
    "+CN=a",
    ",CN=a",
    ",O=b+CN=a",
    "\\x0A",
    "\\0A",
    "%0A",
    "%41",
    "\\,",
    ";URI=",
    ";Subject=\"a\"",
    ",Hash=",
    "AAAA",
    "AAAA,",
    ":AAAA:, ",
    "\n",
    "\n\t",
    "%3D%22%2C",
    "-----BEGIN CERTIFICATE-----\n",
    "-----BEGIN%20CERTIFICATE-----%0A",
    "-----BEGIN CERTIFICATE----- ",
    "CN=a\",",
    "#",
    "CN=#0C0161,",
];
/// What gets a parser past its first look.
const BEGINNINGS: &[&str] = &["", "CN=a", "/CN=a", "Hash=", "-----BEGIN CERTIFICATE-----\n"];

fn repeated(beginning: &str, pattern: &str, length: usize) -> Vec<u8> {
    let mut text = beginning.as_bytes().to_vec();
    while text.len() + pattern.len() <= length {
        text.extend(pattern.bytes());
    }
    text
}

fn processor_time() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec * 1_000_000_000 + time.tv_nsec).unwrap()
}

/// The bytes that `work` allocates, and its shortest processor time of three.
fn cost(mut work: impl FnMut()) -> (usize, u64) {
    let region = Region::new(ALLOCATOR);
    work();
    let bytes = region.change().bytes_allocated;
    let times = (0..3).map(|_| {
        let start = processor_time();
        work();
        processor_time() - start
    });
    (bytes, times.min().unwrap())
}

/// Compares the work on a short and a long input.
fn assert_linear(title: &str, short: &[u8], long: &[u8], work: impl Fn(&[u8])) {
    let (bytes, time) = cost(|| work(black_box(short)));
    let (more_bytes, more_time) = cost(|| work(black_box(long)));
    // Buffers that double may be half empty.
    let allowed = 3 * TIMES * bytes + BASE;
    assert!(
        more_bytes <= allowed,
        "{title}: {bytes} bytes allocated for the short, {more_bytes} for the long input"
    );
    assert!(
        more_time <= SLOWEST * time.max(FLOOR),
        "{title}: {time} ns for the short, {more_time} ns for the long input"
    );
}

fn inputs() -> impl Iterator<Item = (String, Vec<u8>, Vec<u8>)> {
    BEGINNINGS.iter().flat_map(|beginning| {
        PATTERNS.iter().map(move |pattern| {
            let [short, long] = [SHORT, TIMES * SHORT].map(|length| repeated(beginning, pattern, length));
            (format!("{:?}", format!("{beginning}{pattern}...")), short, long)
        })
    })
}

/// A certificate that grows with `names`.
fn grown(names: usize) -> Vec<u8> {
    let subject = Name::parse_rfc4514("CN=alice,OU=people,O=Example,C=NL").unwrap();
    certificate(
        &subject,
        &subject,
        &[1],
        &vec![(0x82, b"host.example.com".to_vec()); names],
    )
}

fn client(chain: Vec<Vec<u8>>) -> Client {
    Client::Presented {
        chain,
        verified: Verified::Success,
    }
}

/// Every form by the first dialect that has it.
fn forms() -> Vec<(Form, &'static dyn Dialect, HeaderNames)> {
    let mut forms: Vec<(Form, &'static dyn Dialect, HeaderNames)> = Vec::new();
    for dialect in DIALECTS {
        for spec in dialect.roles() {
            if forms.iter().all(|(form, ..)| *form != spec.form) {
                let names = HeaderNames::none(*dialect)
                    .with(spec.role, spec.default_name)
                    .unwrap();
                forms.push((spec.form, *dialect, names));
            }
        }
    }
    forms
}

fn names_are_read_in_linear_time() {
    for style in DnStyle::ALL {
        for (title, short, long) in inputs() {
            assert_linear(&format!("{style:?} {title}"), &short, &long, |text| {
                black_box(style.parse(text).is_ok());
            });
        }
    }
    for (title, short, long) in inputs() {
        assert_linear(&format!("configuration {title}"), &short, &long, |text| {
            black_box(Name::parse_rfc4514(&String::from_utf8_lossy(text)).is_ok());
        });
    }
}

fn headers_are_read_in_linear_time() {
    for (form, dialect, names) in forms() {
        let (_, name) = names.iter().next().unwrap();
        for (title, short, long) in inputs() {
            assert_linear(&format!("{form:?} {title}"), &short, &long, |value| {
                black_box(dialect.decode(&[Header::new(name, value)], &names).is_ok());
            });
        }
    }
}

fn whole_requests_are_read_in_linear_time() {
    for dialect in DIALECTS {
        let names = HeaderNames::defaults(*dialect);
        let [few, many] =
            [20, 20 * TIMES].map(|count| dialect.encode(&client(vec![grown(count)]), &names).unwrap());
        let [(bytes, time), (more_bytes, more_time)] = [few, many].map(|headers| {
            assert!(dialect.decode(&headers, &names).is_ok(), "{}", dialect.name());
            cost(|| {
                black_box(dialect.decode(black_box(&headers), &names).is_ok());
            })
        });
        assert!(
            more_bytes <= 3 * TIMES * bytes + BASE,
            "{}: {bytes} {more_bytes}",
            dialect.name()
        );
        assert!(
            more_time <= SLOWEST * time.max(FLOOR),
            "{}: {time} {more_time}",
            dialect.name()
        );
    }
}

fn certificates_are_read_in_linear_time() {
    let [short, long] = [20, 20 * TIMES].map(grown);
    assert_linear("certificate", &short, &long, |der| {
        black_box(Certificate::from_der(der).is_ok());
    });
}

fn sizes_are_bounded() {
    for style in DnStyle::ALL {
        assert_eq!(
            style.parse(&repeated("", "a", MAX_TEXT + 1)),
            Err(DnError::TooLong),
            "{style:?}"
        );
    }
    let text = "a".repeat(MAX_TEXT + 1);
    assert_eq!(Name::parse_rfc4514(&text), Err(DnError::TooLong));
    assert_eq!(
        Certificate::from_der(&vec![0; MAX_CERTIFICATE + 1]),
        Err(CertificateError::TooLarge)
    );
    assert_eq!(
        Name::from_der(&vec![0; MAX_NAME + 1]),
        Err(CertificateError::Name)
    );
    let certificate = grown(1);
    let many = client(vec![certificate.clone(); MAX_CHAIN + 1]);
    for dialect in DIALECTS {
        let names = HeaderNames::defaults(*dialect);
        let (_, name) = names.iter().next().unwrap();
        let long = [Header::new(name, vec![b'a'; MAX_VALUE + 1])];
        assert_eq!(
            dialect.decode(&long, &names),
            Err(DecodeError::TooLarge),
            "{}",
            dialect.name()
        );
        let headers = vec![Header::new("x", ""); MAX_HEADERS + 1];
        assert_eq!(
            dialect.decode(&headers, &names),
            Err(DecodeError::TooLarge),
            "{}",
            dialect.name()
        );
        assert_eq!(
            dialect.encode(&many, &names),
            Err(EncodeError::ChainLength(MAX_CHAIN + 1)),
            "{}",
            dialect.name()
        );
    }
}

/// The measure itself: a quadratic reader is found.
fn a_quadratic_reader_is_caught() {
    let [short, long] = [SHORT, TIMES * SHORT].map(|length| vec![b'a'; length]);
    let caught = std::panic::catch_unwind(|| {
        assert_linear("quadratic", &short, &long, |text| {
            let worst = |at: usize| {
                black_box(text)
                    .iter()
                    .skip(at)
                    .filter(|byte| **byte == b'b')
                    .count()
            };
            black_box((0..text.len()).step_by(8).map(worst).sum::<usize>());
        });
    });
    assert!(caught.is_err());
    let caught = std::panic::catch_unwind(|| {
        assert_linear("hoarding", &short, &long, |text| {
            let copies: Vec<Vec<u8>> = (0..text.len() / 64).map(|_| text.to_vec()).collect();
            black_box(copies);
        });
    });
    assert!(caught.is_err());
}

#[test]
fn work_is_linear_and_bounded() {
    names_are_read_in_linear_time();
    headers_are_read_in_linear_time();
    whole_requests_are_read_in_linear_time();
    certificates_are_read_in_linear_time();
    sizes_are_bounded();
    a_quadratic_reader_is_caught();
}
