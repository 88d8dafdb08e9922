//! What minting costs beyond its signatures: 10,000 leaves against 10,000 bare key derivations and signatures, in
//! interleaved rounds, and all credentials of a PKI. Prints seconds and their ratio.
#![expect(clippy::print_stdout, reason = "a bench tells its numbers")]

use std::time::{Duration, Instant};

use certs_gen::authority::Role;
use certs_gen::{KeyAlgorithm, KeyPair, Pki, PkiError, PkiSpec};

const ROUNDS: usize = 10;
const LEAVES: usize = 1_000;

fn main() -> Result<(), PkiError> {
    let pki = Pki::generate(&PkiSpec::default())?;
    let issuer = pki.authority(Role::Issuing)?;
    let (mut minted, mut bare) = (Duration::ZERO, Duration::ZERO);
    for round in 0..ROUNDS {
        let start = Instant::now();
        for leaf in 0..LEAVES {
            pki.unknown_user(&format!("user-{round}-{leaf}"))?;
        }
        minted += start.elapsed();
        let start = Instant::now();
        for leaf in 0..LEAVES {
            let error = |source| PkiError::Key {
                of: "bench".to_owned(),
                source,
            };
            let key =
                KeyPair::derive(1, &format!("user-{round}-{leaf}"), KeyAlgorithm::P256).map_err(error)?;
            issuer
                .key
                .sign(issuer.key.usual_signature(), key.spki_der())
                .map_err(error)?;
        }
        bare += start.elapsed();
    }
    let ratio = minted.as_secs_f64() / bare.as_secs_f64();
    println!(
        "{} leaves: minted {minted:.2?}, bare {bare:.2?}, ratio {ratio:.2}",
        ROUNDS * LEAVES
    );
    let start = Instant::now();
    let names = pki.names();
    for name in &names {
        pki.credential(name)?;
    }
    println!("{} credentials: {:.2?}", names.len(), start.elapsed());
    Ok(())
}
