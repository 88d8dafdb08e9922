//! What the fuzz targets share beyond `fuzz-properties`: the readers that need the system's OpenSSL.

#[cfg(feature = "openssl")]
pub mod openssl_reader;

use fuzz_properties::{certificate, revocation, target};

#[cfg(feature = "openssl")]
const CERTIFICATES: &[fuzz_properties::reading::Reader] = &[openssl_reader::CERTIFICATES];
#[cfg(not(feature = "openssl"))]
const CERTIFICATES: &[fuzz_properties::reading::Reader] = &[];
#[cfg(feature = "openssl")]
const LISTS: &[revocation::Reader] = &[openssl_reader::LISTS];
#[cfg(not(feature = "openssl"))]
const LISTS: &[revocation::Reader] = &[];

#[cfg(all(feature = "engine", feature = "openssl"))]
const ANSWERS: &[fuzz_properties::ocsp::Reader] = &[openssl_reader::ANSWERS];
#[cfg(all(feature = "engine", not(feature = "openssl")))]
const ANSWERS: &[fuzz_properties::ocsp::Reader] = &[];

/// Runs the target of this name on an input, with OpenSSL where it is a party.
///
/// # Panics
/// Where the property breaks, or there is no such target.
pub fn run(name: &str, input: &[u8]) {
    match name {
        "certificate" => certificate::run(input, CERTIFICATES),
        "crl" => revocation::run(input, LISTS),
        #[cfg(feature = "engine")]
        "ocsp_response" => fuzz_properties::ocsp::response(input, ANSWERS),
        _ => match target(name) {
            Some(target) => (target.run)(input),
            None => panic!("no target {name}"),
        },
    }
}
