//! What must hold for every input: the bodies of the fuzz targets, without libFuzzer.
//!
//! ```text
//! bytes ─(mutation: DER trees, header lists)→ bytes ─Target::run→ nothing, or a panic that says which property broke
//! ```
//!
//! A property is more than "no panic": what is printed reads back, a certain identity is the true one, four readers see one
//! identity, work is linear ([`effort`]). `fuzz/` links each target to libFuzzer; `tests/` replays `fuzz/seeds` and
//! `fuzz/regressions` with plain `cargo test`. A panic is the finding, so the properties assert; nothing else here may panic.
//!
//! Modules in dependency order: `effort` (time bounds), `input` (typed inputs from bytes), `tree` and `mutation` (how inputs
//! change), `reading`, `certificate` and `revocation` (who reads what), `naming`, `dialect`, `distinguished_name`, `naive` and
//! `boundary` (headers), `ocsp` (questions and answers about single certificates), `transport` (answers off the wire), `file` (what people and programs write), `seed` (first inputs).

pub mod boundary;
pub mod certificate;
pub mod dialect;
pub mod distinguished_name;
pub mod effort;
#[cfg(feature = "engine")]
pub mod file;
pub mod input;
pub mod mutation;
pub mod naive;
pub mod naming;
#[cfg(feature = "engine")]
pub mod ocsp;
pub mod reading;
pub mod revocation;
pub mod seed;
#[cfg(feature = "engine")]
pub mod transport;
pub mod tree;

/// One fuzz target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name of its binary, its folders and its dictionary.
    pub name: &'static str,
    /// What it holds, in one line.
    pub holds: &'static str,
    /// Panics where the property breaks.
    pub run: fn(&[u8]),
}

/// All targets, sorted by name. `fuzz/fuzz_targets` has a file for each; a test compares.
pub const TARGETS: &[Target] = &[
    Target {
        name: "boundary",
        holds: "what a proxy prints of a certificate reads back as that certificate's identity, or as doubtful",
        run: boundary::run,
    },
    Target {
        name: "certificate",
        holds: "all certificate readers see one identity, but for the reviewed disagreements",
        run: |der| certificate::run(der, &[]),
    },
    Target {
        name: "crl",
        holds: "all readers of revocation lists see the same revoked serial numbers",
        run: |der| revocation::run(der, &[]),
    },
    #[cfg(feature = "engine")]
    Target {
        name: "deployment",
        holds: "a deployment file loads or is refused with its place; an unknown key is always refused",
        run: file::deployment,
    },
    Target {
        name: "dialect_decode",
        holds: "a decoder believes only headers that its proxy could have sent",
        run: dialect::decode,
    },
    Target {
        name: "dialect_round_trip",
        holds: "decoding what a proxy sends gives what a perfect reader learns",
        run: dialect::round_trip,
    },
    Target {
        name: "dn_parse",
        holds: "a text that parses is the text that its name prints",
        run: distinguished_name::parse,
    },
    Target {
        name: "dn_round_trip",
        holds: "a printed name parses as itself or as ambiguous, never as another",
        run: distinguished_name::round_trip,
    },
    Target {
        name: "empty",
        holds: "nothing: how fast libFuzzer itself is here",
        run: |_| {},
    },
    #[cfg(feature = "engine")]
    Target {
        name: "hello_reply",
        holds: "the reader of ServerHello and alerts does not depend on how the bytes are cut",
        run: transport::hello_reply,
    },
    #[cfg(feature = "engine")]
    Target {
        name: "hpack",
        holds: "what is encoded decodes again; what is decoded is bounded",
        run: transport::hpack,
    },
    #[cfg(feature = "engine")]
    Target {
        name: "http1_response",
        holds: "the HTTP/1 reader does not depend on how the bytes are cut, and keeps its limits",
        run: transport::http1_response,
    },
    #[cfg(feature = "engine")]
    Target {
        name: "http2_connection",
        holds: "the HTTP/2 client does not depend on how the bytes are cut, and keeps its limits",
        run: transport::http2_connection,
    },
    #[cfg(feature = "engine")]
    Target {
        name: "ocsp_request",
        holds: "an OCSP request that reads is bounded, writes and reads the same",
        run: ocsp::request,
    },
    #[cfg(feature = "engine")]
    Target {
        name: "ocsp_response",
        holds: "an OCSP answer that makes a certificate good says so to every reader, and is signed by who may",
        run: |der| ocsp::response(der, &[]),
    },
    #[cfg(feature = "engine")]
    Target {
        name: "recording",
        holds: "a recording that reads writes and reads the same, and no reporter lets a control character through",
        run: file::recording,
    },
    #[cfg(feature = "engine")]
    Target {
        name: "scenario",
        holds: "a scenario file loads within its limits or is refused with its place; an unknown key is always refused",
        run: file::scenario,
    },
    #[cfg(feature = "engine")]
    Target {
        name: "tap_splitter",
        holds: "the tap keeps every byte once, in order, however the connection was cut",
        run: transport::tap_splitter,
    },
];

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// A property broke. A panic is how libFuzzer and the test runner learn of it.
#[expect(clippy::panic, reason = "a panic is the finding")]
pub(crate) fn finding(what: &str) -> ! {
    panic!("{what}")
}
