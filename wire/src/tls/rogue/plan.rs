//! What a rogue client is to do, and what came of it.

use super::ticket::RogueTicket;
use crate::tls::client::{Handshake, Presented, TlsPlan};

/// The one thing that the client does wrong.
///
/// A deviation can only be carried out where the handshake gives the occasion: [`Report::deviated`] says whether it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deviation {
    /// An extension that the server did not ask for in each entry of Certificate (RFC 8446 section 4.4.2). TLS 1.3 only.
    CertificateExtension,
    /// No Certificate and no CertificateVerify, although the server asked.
    CertificateOmitted,
    /// Certificate and CertificateVerify, although the server did not ask.
    CertificateUnasked,
    /// Certificate without the CertificateVerify that proves possession (CVE-2022-25640).
    CertificateVerifyOmitted,
    /// A Certificate with no certificate in it, although there is one to present; no CertificateVerify.
    EmptyCertificate,
    /// A Certificate with no certificate in it, and yet a CertificateVerify (CVE-2022-25638).
    EmptyCertificateVerified,
    /// No Finished: application data at once, under the keys that would follow it.
    FinishedOmitted,
    /// No Finished: application data at once, under the handshake's keys. TLS 1.3 only.
    FinishedOmittedEarly,
    /// Nothing.
    #[default]
    Honest,
    /// CertificateVerify under this scheme, truthfully made, whether the server offered it or not: 0x0203 and 0x0201 are
    /// SHA-1, 0x0401 is the PKCS#1 v1.5 padding that TLS 1.3 forbids.
    Scheme(u16),
    /// CertificateVerify with the context string of a server. TLS 1.3 only.
    ServerContext,
    /// Two Certificate messages: [`RoguePlan::decoy`], then the chain whose key signs.
    TwoCertificates,
    /// One bit of Finished flipped.
    WrongFinished,
    /// CertificateVerify over the messages up to our Certificate, exclusive: it covers no certificate of ours.
    WrongTranscript,
}

/// Every deviation with the word that data files use, in order of the words.
pub const DEVIATIONS: &[(&str, Deviation)] = &[
    ("certificate-extension", Deviation::CertificateExtension),
    ("certificate-omitted", Deviation::CertificateOmitted),
    ("certificate-unasked", Deviation::CertificateUnasked),
    ("certificate-verify-omitted", Deviation::CertificateVerifyOmitted),
    ("empty-certificate", Deviation::EmptyCertificate),
    ("empty-certificate-verified", Deviation::EmptyCertificateVerified),
    ("finished-omitted", Deviation::FinishedOmitted),
    ("finished-omitted-early", Deviation::FinishedOmittedEarly),
    ("honest", Deviation::Honest),
    ("scheme-ecdsa-sha1", Deviation::Scheme(0x0203)),
    ("scheme-rsa-pkcs1", Deviation::Scheme(0x0401)),
    ("scheme-rsa-sha1", Deviation::Scheme(0x0201)),
    ("server-context", Deviation::ServerContext),
    ("two-certificates", Deviation::TwoCertificates),
    ("wrong-finished", Deviation::WrongFinished),
    ("wrong-transcript", Deviation::WrongTranscript),
];

/// What to do in a handshake.
#[derive(Clone, Debug)]
pub struct RoguePlan {
    /// What an honest client would be told. `resume` and `early_data` belong into the fields below, and `record_size` and
    /// `hello_fragment` are not for this client: a plan that has them is an error.
    pub tls: TlsPlan,
    /// The one thing that is wrong.
    pub deviation: Deviation,
    /// The chain in the first of [`Deviation::TwoCertificates`]; empty repeats the presented one.
    pub decoy: Vec<Vec<u8>>,
    /// The session to resume, any number of times.
    pub resume: Option<RogueTicket>,
    /// Early data to send with a TLS 1.3 ticket that allows it.
    pub early_data: Option<Vec<u8>>,
    /// Offers extended master secret in TLS 1.2 (RFC 7627).
    pub extended_master_secret: bool,
    /// Offers secure renegotiation in TLS 1.2 (RFC 5746).
    pub secure_renegotiation: bool,
    /// Asks for a session to resume: without this no server issues a ticket.
    pub sessions: bool,
    /// Offers post-handshake authentication in TLS 1.3 and says how to answer a request; in TLS 1.2, how to answer the
    /// HelloRequest by which a server asks for a renegotiation.
    pub post_handshake: Option<PostHandshake>,
}

impl RoguePlan {
    /// A plan for a client that does nothing wrong yet.
    #[must_use]
    pub fn honest(tls: TlsPlan) -> Self {
        Self {
            tls,
            deviation: Deviation::Honest,
            decoy: Vec::new(),
            resume: None,
            early_data: None,
            extended_master_secret: true,
            secure_renegotiation: true,
            sessions: true,
            post_handshake: None,
        }
    }
}

/// How to answer a server that wants a certificate after the handshake (RFC 8446 section 4.6.2, RFC 5246 section 7.4.1.1).
#[derive(Clone, Debug)]
pub struct PostHandshake {
    /// What to present; `None` sends the empty Certificate by which a client declines.
    pub presented: Option<Presented>,
    /// The one thing that is wrong with the answer.
    pub deviation: Deviation,
}

/// What came of a handshake, or of a renegotiation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// As the honest client reports it. `Done` with [`Deviation::FinishedOmitted`] means that all was sent that was to be
    /// sent: only what is read afterwards tells what the server made of it.
    pub handshake: Handshake,
    /// Whether the deviation was really carried out. If not, whatever the server did says nothing of it.
    pub deviated: bool,
    /// The scheme that our CertificateVerify named, if one was sent.
    pub verify_scheme: Option<u16>,
    /// Whether the server took extended master secret (TLS 1.2).
    pub extended_master_secret: bool,
    /// Whether the server took secure renegotiation (TLS 1.2).
    pub secure_renegotiation: bool,
    /// Whether the server's Finished came and was right.
    pub server_finished: bool,
}

/// What happened to requests for a certificate after the handshake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostHandshakeSeen {
    /// How often the server asked.
    pub requested: usize,
    /// How often an answer with a certificate, or with the planned deviation, was written.
    pub answered: usize,
    /// How often we could not answer, for want of a signature: nothing was written, and nothing is learnt.
    pub failed: usize,
}

/// How to ask for a renegotiation (RFC 5746 section 3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renegotiation {
    /// Without the extension, as before RFC 5746 (CVE-2009-3555).
    Legacy,
    /// With the extension, bound to the handshake before.
    Secure,
    /// With the extension, bound to another handshake.
    WrongBinding,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_and_name_each_deviation_once() {
        assert!(DEVIATIONS.is_sorted_by(|(a, _), (b, _)| a < b));
        for (at, (_, deviation)) in DEVIATIONS.iter().enumerate() {
            assert!(
                DEVIATIONS
                    .iter()
                    .skip(at + 1)
                    .all(|(_, other)| other != deviation)
            );
        }
    }
}
