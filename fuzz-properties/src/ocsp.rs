//! OCSP: what a responder reads of a question, and what the embedded proxy reads of an answer.
//!
//! An answer that makes a certificate good must say so to other readers of the same octets too: to the model below, which
//! shares no line with the proxy's reader, and in `fuzz/` to OpenSSL. A reader may refuse what another takes. What is signed
//! has been signed by the mutations or the seeds: their key signs anything, so that the structure behind a good signature is
//! the question.

use std::sync::LazyLock;

use certs_gen::der::{
    BIT_STRING, Civil, ENUMERATED, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader as Der,
    SEQUENCE,
};
use certs_gen::ocsp::{CertId, Request};
use certs_gen::{ocsp, oid};
use embedded_deployment::proxy::fault::Ocsp;
use embedded_deployment::proxy::fuzzing::{ocsp_answer, ocsp_question};
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::ext::pkix::ExtendedKeyUsage;

use crate::effort::linear;
use crate::finding;
use crate::mutation::PKI;

/// Of whom the answers of the target speak: a client of the seeds' PKI.
const CLIENT: &str = "alice";

/// The certificate that is asked about.
#[derive(Debug)]
pub struct Subject {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// Its issuer's, DER.
    pub issuer: Vec<u8>,
    /// The time at which answers are judged, Unix seconds.
    pub now: i64,
    id: CertId,
}

impl Subject {
    /// The embedded proxy's question; `None` where it cannot be read.
    #[must_use]
    pub fn question(&self) -> Option<Request> {
        Request::parse(&ocsp_question(&self.certificate, &self.issuer)?).ok()
    }
}

/// A reader of answers.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    /// Whether the answer, read without regard to its signature, says that the certificate is good; `None` where it refuses
    /// the answer.
    pub says_good: fn(&Subject, &[u8]) -> Option<bool>,
}

/// The reader that this crate has. OpenSSL is another, in `fuzz/`.
const MODEL: Reader = Reader {
    name: "the model",
    says_good: |subject, response| says_good(subject, &parts(response)?),
};

/// The certificate of the target, of the seeds' PKI.
pub static SUBJECT: LazyLock<Option<Subject>> = LazyLock::new(|| {
    let pki = PKI.as_ref()?;
    let mut chain = pki.credential(CLIENT).ok()?.chain.into_iter();
    let (certificate, issuer) = (chain.next()?, chain.next()?);
    let question = Request::parse(&ocsp_question(&certificate, &issuer)?).ok()?;
    Some(Subject {
        certificate,
        issuer,
        now: pki.spec().now,
        id: question.certificates.into_iter().next()?,
    })
});

/// A question as it comes to a responder.
///
/// # Panics
/// Where what is read exceeds the reader's limits, or is another question when it is written.
pub fn request(bytes: &[u8]) {
    let Ok(request) = linear(bytes.len(), || Request::parse(bytes)) else {
        return;
    };
    let limits = ocsp::request::MAX_CERTIFICATES;
    let count = request.certificates.len();
    assert!((1..=limits).contains(&count), "{count} certificates");
    for id in &request.certificates {
        let size = id.serial.len();
        assert!(
            (1..=ocsp::request::MAX_SERIAL).contains(&size),
            "a serial number of {size} octets"
        );
        if let Some(hash) = id.hash {
            let kind = Der::new(&id.algorithm)
                .content(SEQUENCE)
                .map(|content| Der::new(content).whole(OBJECT_IDENTIFIER).ok());
            assert_eq!(
                kind,
                Ok(Some(certs_gen::der::oid(hash.arcs()).as_slice())),
                "{hash:?} is another digest"
            );
        }
    }
    if let Some(nonce) = &request.nonce {
        let size = nonce.len();
        assert!(
            (1..=ocsp::request::MAX_NONCE).contains(&size),
            "a nonce of {size} octets"
        );
    }
    assert_eq!(
        Request::parse(&request.to_der()),
        Ok(request.clone()),
        "written, it is another question"
    );
}

/// An answer about [`SUBJECT`]; `others` are readers beside the model.
///
/// # Panics
/// Where it makes the certificate good to the proxy, while another reader sees something else, the signature is nobody's who
/// may, or a proxy with a planted fault, which minds less, refuses it; where the proxy refuses what nothing speaks against.
pub fn response(der: &[u8], others: &[Reader]) {
    let Some(subject) = SUBJECT.as_ref() else {
        finding("the PKI of the seeds cannot be made");
    };
    let judge = |fault| {
        ocsp_answer(&subject.certificate, &subject.issuer, der, subject.now, fault)
            .unwrap_or_else(|| finding("the certificate of the seeds cannot be read"))
    };
    let strict = linear(der.len(), || judge(Ocsp::Check));
    let unverified = judge(Ocsp::AcceptUnverified);
    if strict.is_ok() {
        assert_eq!(
            unverified,
            Ok(()),
            "who checks no signature refuses a signed answer"
        );
        assert_eq!(
            judge(Ocsp::AcceptStale),
            Ok(()),
            "who takes old answers refuses one of now"
        );
        let signed = parts(der).map(|parts| parts.is_signed(subject));
        assert_ne!(signed, Some(false), "believed, but signed by nobody who may");
    }
    if let (Err(why), Some(parts)) = (strict, parts(der)) {
        let is_honest = parts.is_plain(der) && says_good(subject, &parts) == Some(true);
        let is_by_issuer =
            || key(&subject.issuer).is_some_and(|key| is_proof(&key, parts.signed, parts.signature));
        assert!(
            !(is_honest && is_by_issuer()),
            "an honest answer is refused: {why}"
        );
    }
    if unverified.is_ok() {
        for reader in [MODEL].iter().chain(others) {
            assert_ne!(
                (reader.says_good)(subject, der),
                Some(false),
                "{} sees no `good` in what the proxy takes for it",
                reader.name
            );
        }
    }
}

/// The pieces of an answer.
struct Parts<'a> {
    /// What kind of answer it is, as a whole element.
    kind: &'a [u8],
    /// All of the basic answer.
    basic: &'a [u8],
    /// What is signed, whole.
    signed: &'a [u8],
    signature: &'a [u8],
    certificates: Vec<&'a [u8]>,
    singles: &'a [u8],
    /// Whether nothing follows the answers: no extension.
    ends: bool,
}

/// Takes a successful answer apart; `None` where it is none, or not written as RFC 6960 4.2.1 has it.
fn parts(response: &[u8]) -> Option<Parts<'_>> {
    let mut outer = Der::new(Der::new(response).content(SEQUENCE).ok()?);
    if outer.content(ENUMERATED).ok()? != [0] {
        return None;
    }
    let mut bytes = Der::new(Der::new(outer.content(0xa0).ok()?).content(SEQUENCE).ok()?);
    let kind = bytes.whole(OBJECT_IDENTIFIER).ok()?;
    let whole = bytes.content(OCTET_STRING).ok()?;
    let mut basic = Der::new(Der::new(whole).content(SEQUENCE).ok()?);
    let signed = basic.whole(SEQUENCE).ok()?;
    basic.content(SEQUENCE).ok()?;
    let (_, signature) = basic.content(BIT_STRING).ok()?.split_first()?;
    let mut certificates = Vec::new();
    if let Some(list) = basic.skip_if(0xa0).ok()? {
        let mut list = Der::new(Der::new(list).content(SEQUENCE).ok()?);
        while !list.is_empty() {
            certificates.push(list.whole(SEQUENCE).ok()?);
        }
    }
    let mut data = Der::new(Der::new(signed).content(SEQUENCE).ok()?);
    data.skip_if(0xa0).ok()?;
    data.any().ok()?;
    data.content(GENERALIZED_TIME).ok()?;
    let singles = data.content(SEQUENCE).ok()?;
    Some(Parts {
        kind,
        basic: whole,
        signed,
        signature,
        certificates,
        singles,
        ends: data.is_empty(),
    })
}

/// Whether there is an answer about the certificate, and each one says that it is good now. Times are compared as texts: those
/// of RFC 5280 4.1.2.5.2 sort as they follow each other.
fn says_good(subject: &Subject, parts: &Parts<'_>) -> Option<bool> {
    let civil = Civil::from_unix(subject.now);
    let now = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second
    );
    let mut found = false;
    let mut singles = Der::new(parts.singles);
    while !singles.is_empty() {
        let mut single = Der::new(singles.content(SEQUENCE).ok()?);
        let mut id = Der::new(single.content(SEQUENCE).ok()?);
        let is_about = id.whole(SEQUENCE).ok()? == subject.id.algorithm
            && id.content(OCTET_STRING).ok()? == subject.id.issuer_name_hash
            && id.content(OCTET_STRING).ok()? == subject.id.issuer_key_hash
            && id.content(INTEGER).ok()? == subject.id.serial;
        if !is_about {
            continue;
        }
        let (status, ..) = single.any().ok()?;
        let this = single.content(GENERALIZED_TIME).ok()?;
        let next = match single.skip_if(0xa0).ok()? {
            Some(next) => Der::new(next).content(GENERALIZED_TIME).ok()?,
            None => return Some(false),
        };
        if status != 0x80 || this > now.as_bytes() || next < now.as_bytes() {
            return Some(false);
        }
        found = true;
    }
    Some(found)
}

impl Parts<'_> {
    /// Whether it is a basic answer without extensions, strictly encoded, with times that are times: nothing in it that a
    /// reader may refuse for its form.
    fn is_plain(&self, response: &[u8]) -> bool {
        let is_strict = |bytes| client_identity::der::strict(bytes).is_ok();
        let mut singles = Der::new(self.singles);
        let mut is_plain = self.ends
            && self.kind == certs_gen::der::oid(oid::OCSP_BASIC)
            && is_strict(response)
            && is_strict(self.basic);
        while let Ok(single) = singles.content(SEQUENCE) {
            is_plain &= is_plain_single(single).is_some();
        }
        is_plain && singles.is_empty()
    }

    /// By the issuer, or by a certificate of the answer that the issuer signed and that is for signing OCSP.
    fn is_signed(&self, subject: &Subject) -> bool {
        let keys = self.certificates.iter().filter_map(|der| {
            let certificate = x509_cert::Certificate::from_der(der).ok()?;
            let signed = certificate.tbs_certificate();
            let (_, purposes) = signed.get_extension::<ExtendedKeyUsage>().ok()??;
            let wanted = certs_gen::der::oid(oid::OCSP_SIGNING);
            let is_for_ocsp = purposes
                .0
                .iter()
                .any(|purpose| wanted.ends_with(purpose.as_bytes()));
            let whole = Der::new(Der::new(der).content(SEQUENCE).ok()?)
                .whole(SEQUENCE)
                .ok()?;
            let proof = certificate.signature().as_bytes()?;
            let is_certified = is_proof(&key(&subject.issuer)?, whole, proof);
            (is_for_ocsp && is_certified).then(|| key(der)).flatten()
        });
        key(&subject.issuer)
            .into_iter()
            .chain(keys)
            .any(|key| is_proof(&key, self.signed, self.signature))
    }
}

/// An identifier, a status, two times; nothing after them.
fn is_plain_single(single: &[u8]) -> Option<()> {
    let mut fields = Der::new(single);
    fields.content(SEQUENCE).ok()?;
    fields.any().ok()?;
    GeneralizedTime::from_der(fields.whole(GENERALIZED_TIME).ok()?).ok()?;
    GeneralizedTime::from_der(fields.content(0xa0).ok()?).ok()?;
    fields.is_empty().then_some(())
}

/// A certificate's public key, without the octet that counts unused bits.
fn key(der: &[u8]) -> Option<Vec<u8>> {
    let certificate = x509_cert::Certificate::from_der(der).ok()?;
    let info = certificate.tbs_certificate().subject_public_key_info();
    Some(info.subject_public_key.as_bytes()?.to_vec())
}

fn is_proof(key: &[u8], message: &[u8], proof: &[u8]) -> bool {
    webpki::ALL_VERIFICATION_ALGS
        .iter()
        .any(|algorithm| algorithm.verify_signature(key, message, proof).is_ok())
}

#[cfg(test)]
mod tests {
    use certs_gen::ocsp::{ANSWERS, Answer, Asked};

    use super::*;

    fn answer(name: &str) -> Vec<u8> {
        let pki = PKI.as_ref().unwrap();
        let subject = SUBJECT.as_ref().unwrap();
        let request = Request {
            certificates: vec![subject.id.clone()],
            nonce: None,
        };
        let asked = Asked {
            pki,
            request: &request,
            now: subject.now,
            revoked: &[],
        };
        Answer::find(name).unwrap().make(&asked).unwrap()
    }

    /// The model would be no check if it called every answer good, or refused each.
    #[test]
    fn the_model_tells_answers_apart() {
        let subject = SUBJECT.as_ref().unwrap();
        let said: Vec<_> = ANSWERS
            .iter()
            .map(|row| (row.name, (MODEL.says_good)(subject, &answer(row.name))))
            .collect();
        for (name, expected) in [
            ("good", Some(true)),
            ("revoked", Some(false)),
            ("stale", Some(false)),
            ("wrong-serial", Some(false)),
            ("other-first", Some(false)),
        ] {
            assert!(said.contains(&(name, expected)), "{name} in {said:?}");
        }
        let signed = |name| parts(&answer(name)).unwrap().is_signed(subject);
        assert!(signed("good") && !signed("signed-by-stranger"));
    }
}
