//! OCSP in octets (RFC 6960): the question about one certificate, and what an answer says of it. Pure.

use rustls::crypto::CryptoProvider;
use sha1::{Digest, Sha1};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use crate::proxy::fault::Ocsp;

const BIT_STRING: u8 = 0x03;
const ENUMERATED: u8 = 0x0a;
const GENERALIZED_TIME: u8 = 0x18;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// id-sha1 with NULL, as most responders know it; the digests only name the issuer here.
const SHA1: &[u8] = &[0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];

/// A certificate and its issuer.
pub(super) struct Asked<'a> {
    pub(super) certificate: &'a X509Certificate<'a>,
    pub(super) issuer: &'a X509Certificate<'a>,
}

/// Why an answer does not make a certificate good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Trouble {
    /// Nothing came, or nothing that is an answer at all.
    NoAnswer,
    /// A status without an answer: tryLater and its like.
    NoStatus,
    /// The responder says that it is revoked.
    Revoked,
    /// The responder does not know it.
    Unknown,
    /// The answer is not of now.
    Stale,
    /// It is signed by nobody who may.
    Unverified,
    /// It is about another certificate.
    Other,
    /// It cannot be read, or has a critical extension.
    Malformed,
}

impl Trouble {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::NoAnswer => "the OCSP responder does not answer",
            Self::NoStatus => "the OCSP responder has no status",
            Self::Revoked => "OCSP says that the certificate is revoked",
            Self::Unknown => "OCSP does not know the certificate",
            Self::Stale => "the OCSP answer is not of now",
            Self::Unverified => "the OCSP answer is not signed by the issuer",
            Self::Other => "the OCSP answer is about another certificate",
            Self::Malformed => "the OCSP answer cannot be used",
        }
    }
}

/// One element: its tag, its content, all of it, and what follows.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

/// Elements one after the other.
struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    fn next(&mut self) -> Option<Element<'a>> {
        let all = self.0;
        let (tag, rest) = all.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let octets = usize::from(*first & 0x7f);
            // Answers are bounded far below 2^24.
            if octets == 0 || octets > 3 {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(octets)?;
            let length = digits
                .iter()
                .fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit));
            (length, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = all.get(..all.len().checked_sub(rest.len())?)?;
        self.0 = rest;
        Some(Element {
            tag: *tag,
            content,
            whole,
        })
    }

    fn expect(&mut self, tag: u8) -> Option<Element<'a>> {
        self.next().filter(|element| element.tag == tag)
    }

    /// The next element if it has this tag; otherwise it stays.
    fn take(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = Elements(self.0);
        let element = ahead.expect(tag)?;
        self.0 = ahead.0;
        Some(element)
    }
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len();
    match u8::try_from(length) {
        Ok(short @ 0..0x80) => bytes.push(short),
        Ok(long) => bytes.extend([0x81, long]),
        Err(_) => {
            bytes.push(0x82);
            bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

impl Asked<'_> {
    fn name_hash(&self) -> Vec<u8> {
        Sha1::digest(self.issuer.subject().as_raw()).to_vec()
    }

    fn key_hash(&self) -> Vec<u8> {
        Sha1::digest(&self.issuer.public_key().subject_public_key.data).to_vec()
    }

    /// The OCSPRequest, DER.
    pub(super) fn question(&self) -> Vec<u8> {
        let id = [
            SHA1,
            &element(OCTET_STRING, &self.name_hash()),
            &element(OCTET_STRING, &self.key_hash()),
            &element(INTEGER, self.certificate.raw_serial()),
        ]
        .concat();
        let mut bytes = id;
        // CertID, Request, requestList, TBSRequest, OCSPRequest.
        for _ in 0..5 {
            bytes = element(SEQUENCE, &bytes);
        }
        bytes
    }

    /// What an OCSPResponse says of the certificate at `now` (Unix seconds).
    pub(super) fn judge(
        &self,
        response: &[u8],
        now: i64,
        provider: &CryptoProvider,
        fault: Ocsp,
    ) -> Result<(), Trouble> {
        let basic = self.successful(response)?;
        let mut fields = Elements(basic);
        let data = fields.expect(SEQUENCE).ok_or(Trouble::Malformed)?;
        fields.expect(SEQUENCE).ok_or(Trouble::Malformed)?;
        let signature = fields.expect(BIT_STRING).ok_or(Trouble::Malformed)?;
        let signature = signature.content.split_first().map_or(&[][..], |(_, rest)| rest);
        let certificates = fields.take(0xa0).map(|list| list.content).unwrap_or_default();
        // FAULT ocsp = accept-unverified.
        if fault != Ocsp::AcceptUnverified && !self.signed(data.whole, signature, certificates, now, provider)
        {
            return Err(Trouble::Unverified);
        }
        let mut fields = Elements(data.content);
        let _version = fields.take(0xa0);
        let _responder = fields.next().ok_or(Trouble::Malformed)?;
        fields.expect(GENERALIZED_TIME).ok_or(Trouble::Malformed)?;
        let singles = fields.expect(SEQUENCE).ok_or(Trouble::Malformed)?;
        if fields.take(0xa1).is_some_and(|list| has_critical(list.content)) {
            return Err(Trouble::Malformed);
        }
        let mut singles = Elements(singles.content);
        let mut found = Err(Trouble::Other);
        while let Some(single) = singles.expect(SEQUENCE) {
            let mut fields = Elements(single.content);
            let id = fields.expect(SEQUENCE).ok_or(Trouble::Malformed)?;
            // FAULT ocsp = first-answer: nobody compares whom it is about.
            if fault != Ocsp::FirstAnswer && !self.is_about(id.content) {
                continue;
            }
            found = status(&mut fields, now, fault);
            if found.is_err() || fault == Ocsp::FirstAnswer {
                return found;
            }
        }
        found
    }

    fn successful<'a>(&self, response: &'a [u8]) -> Result<&'a [u8], Trouble> {
        let outer = Elements(response).expect(SEQUENCE).ok_or(Trouble::NoAnswer)?;
        let mut fields = Elements(outer.content);
        let code = fields.expect(ENUMERATED).ok_or(Trouble::NoAnswer)?;
        if code.content != [0] {
            return Err(Trouble::NoStatus);
        }
        let bytes = fields.expect(0xa0).ok_or(Trouble::NoStatus)?;
        let bytes = Elements(bytes.content)
            .expect(SEQUENCE)
            .ok_or(Trouble::Malformed)?;
        let mut fields = Elements(bytes.content);
        let kind = fields.next().ok_or(Trouble::Malformed)?;
        // id-pkix-ocsp-basic.
        if kind.content != [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01] {
            return Err(Trouble::Malformed);
        }
        let basic = fields.expect(OCTET_STRING).ok_or(Trouble::Malformed)?;
        Ok(Elements(basic.content)
            .expect(SEQUENCE)
            .ok_or(Trouble::Malformed)?
            .content)
    }

    fn is_about(&self, id: &[u8]) -> bool {
        let mut fields = Elements(id);
        let same = |element: Option<Element<'_>>, own: &[u8]| element.is_some_and(|one| one.content == own);
        fields.expect(SEQUENCE).is_some_and(|one| one.whole == SHA1)
            && same(fields.expect(OCTET_STRING), &self.name_hash())
            && same(fields.expect(OCTET_STRING), &self.key_hash())
            && same(fields.expect(INTEGER), self.certificate.raw_serial())
    }

    /// By the issuer, or by a responder that the issuer itself certified for OCSP (RFC 6960 4.2.2.2).
    fn signed(
        &self,
        data: &[u8],
        signature: &[u8],
        certificates: &[u8],
        now: i64,
        provider: &CryptoProvider,
    ) -> bool {
        let by = |signer: &X509Certificate<'_>, message: &[u8], proof: &[u8]| {
            let key: &[u8] = &signer.public_key().subject_public_key.data;
            let mut algorithms = provider.signature_verification_algorithms.all.iter();
            algorithms.any(|algorithm| algorithm.verify_signature(key, message, proof).is_ok())
        };
        if by(self.issuer, data, signature) {
            return true;
        }
        let mut list = Elements(certificates);
        let Some(list) = list.expect(SEQUENCE) else {
            return false;
        };
        let mut list = Elements(list.content);
        while let Some(element) = list.next() {
            let Ok((_, delegate)) = X509Certificate::from_der(element.whole) else {
                continue;
            };
            let for_ocsp = delegate
                .extended_key_usage()
                .ok()
                .flatten()
                .is_some_and(|usage| usage.value.ocsp_signing);
            let validity = delegate.validity();
            let current = validity.not_before.timestamp() <= now && now <= validity.not_after.timestamp();
            // RFC 5280 4.1.1.2: the algorithm is named twice, and alike.
            let certified = delegate.signature_algorithm == delegate.tbs_certificate.signature
                && delegate.issuer().as_raw() == self.issuer.subject().as_raw()
                && by(
                    self.issuer,
                    delegate.tbs_certificate.as_ref(),
                    &delegate.signature_value.data,
                );
            if for_ocsp && current && certified && by(&delegate, data, signature) {
                return true;
            }
        }
        false
    }
}

/// certStatus, thisUpdate and nextUpdate of a SingleResponse.
fn status(fields: &mut Elements<'_>, now: i64, fault: Ocsp) -> Result<(), Trouble> {
    let status = fields.next().ok_or(Trouble::Malformed)?;
    let this = fields.expect(GENERALIZED_TIME).ok_or(Trouble::Malformed)?;
    let this = seconds(this.content).ok_or(Trouble::Malformed)?;
    let next = match fields.take(0xa0) {
        // Without an end it may have been true once (RFC 6960 4.2.2.1): nothing says that it still is.
        None => None,
        Some(next) => {
            let next = Elements(next.content)
                .expect(GENERALIZED_TIME)
                .ok_or(Trouble::Malformed)?;
            Some(seconds(next.content).ok_or(Trouble::Malformed)?)
        }
    };
    if fields.take(0xa1).is_some_and(|list| has_critical(list.content)) {
        return Err(Trouble::Malformed);
    }
    let current = this <= now && next.is_some_and(|next| now <= next);
    // FAULT ocsp = accept-stale.
    if !current && fault != Ocsp::AcceptStale {
        return Err(Trouble::Stale);
    }
    match status.tag {
        0x80 => Ok(()),
        0xa1 => Err(Trouble::Revoked),
        0x82 => Err(Trouble::Unknown),
        _ => Err(Trouble::Malformed),
    }
}

/// Whether an Extensions has a critical one: none is known here (RFC 5280 4.2).
fn has_critical(extensions: &[u8]) -> bool {
    let Some(list) = Elements(extensions).expect(SEQUENCE) else {
        return true;
    };
    let mut list = Elements(list.content);
    while let Some(extension) = list.next() {
        let mut fields = Elements(extension.content);
        let _kind = fields.next();
        if fields.take(0x01).is_some_and(|critical| critical.content != [0]) {
            return true;
        }
    }
    false
}

/// `YYYYMMDDHHMMSSZ` as Unix seconds.
fn seconds(time: &[u8]) -> Option<i64> {
    // RFC 5280 section 4.1.2.5.2: digits and a Z. The library also reads signs and blanks.
    let is_plain =
        matches!(time, [digits @ .., b'Z'] if digits.len() == 14 && digits.iter().all(u8::is_ascii_digit));
    if !is_plain {
        return None;
    }
    let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M%SZ", time).ok()?;
    let zoned = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use certs_gen::ocsp::{ANSWERS, Asked as Question, Request};
    use certs_gen::{Pki, PkiSpec, Ruling};
    use rustls::crypto::aws_lc_rs::default_provider;

    use super::*;

    /// Does the client of this module, strict or with a fault, take each of certs-gen's answers about alice?
    fn taken(fault: Ocsp) -> Vec<(&'static str, Ruling, bool)> {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let alice = pki.credential("alice").unwrap();
        let (_, certificate) = X509Certificate::from_der(&alice.chain[0]).unwrap();
        let (_, issuer) = X509Certificate::from_der(&alice.chain[1]).unwrap();
        let asked = Asked {
            certificate: &certificate,
            issuer: &issuer,
        };
        let request = Request::parse(&asked.question()).unwrap();
        let now = pki.spec().now;
        let question = Question {
            pki: &pki,
            request: &request,
            now,
            revoked: &[],
        };
        let provider = default_provider();
        let each = ANSWERS.iter().map(|answer| {
            let response = answer.make(&question).unwrap();
            let good = asked.judge(&response, now, &provider, fault).is_ok();
            (answer.name, answer.strict, good)
        });
        each.collect()
    }

    #[test]
    fn strict_is_what_the_table_of_answers_calls_strict() {
        for (name, strict, good) in taken(Ocsp::Check) {
            match strict {
                Ruling::Grant => assert!(good, "{name} is refused"),
                Ruling::Refuse => assert!(!good, "{name} is taken"),
                Ruling::Either => {}
            }
        }
    }

    #[test]
    fn each_fault_takes_what_it_is_named_for_and_no_revocation() {
        for (fault, name) in [
            (Ocsp::AcceptStale, "stale"),
            (Ocsp::AcceptUnverified, "signed-by-stranger"),
            (Ocsp::FirstAnswer, "other-first"),
            (Ocsp::FirstAnswer, "wrong-serial"),
        ] {
            let all = taken(fault);
            assert!(
                all.iter().any(|(row, _, good)| *row == name && *good),
                "{fault:?} {name}"
            );
            assert!(
                all.iter().any(|(row, _, good)| *row == "revoked" && !good),
                "{fault:?}"
            );
        }
    }

    #[test]
    fn no_cut_of_an_answer_is_taken() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let alice = pki.credential("alice").unwrap();
        let (_, certificate) = X509Certificate::from_der(&alice.chain[0]).unwrap();
        let (_, issuer) = X509Certificate::from_der(&alice.chain[1]).unwrap();
        let asked = Asked {
            certificate: &certificate,
            issuer: &issuer,
        };
        let request = Request::parse(&asked.question()).unwrap();
        let now = pki.spec().now;
        let question = Question {
            pki: &pki,
            request: &request,
            now,
            revoked: &[],
        };
        let honest = ANSWERS.iter().find(|answer| answer.name == "honest").unwrap();
        let whole = honest.make(&question).unwrap();
        let provider = default_provider();
        assert!(asked.judge(&whole, now, &provider, Ocsp::Check).is_ok());
        for length in 0..whole.len() {
            let cut = &whole[..length];
            assert!(asked.judge(cut, now, &provider, Ocsp::Check).is_err(), "{length}");
        }
    }
}
