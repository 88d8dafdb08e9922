//! First questions about certificates, and each answer of certs-gen's table.

use certs_gen::authority::Role;
use certs_gen::hash::Hash;
use certs_gen::ocsp::request::MAX_NONCE;
use certs_gen::ocsp::{ANSWERS, Asked, CertId, Request};
use certs_gen::{Pki, PkiError};

use super::{LARGEST, Seeds};
use crate::ocsp::SUBJECT;

pub(super) fn seeds(pki: &Pki, seeds: &mut Seeds) -> Result<(), PkiError> {
    let issuer = pki.authority(Role::Issuing)?;
    let id = |serial: &[u8], hash| CertId::of(issuer, serial, hash);
    for (name, certificates, nonce) in [
        ("one", vec![id(&[5], Hash::Sha1)], None),
        ("nonce", vec![id(&[5], Hash::Sha256)], Some(vec![7; 16])),
        ("long-nonce", vec![id(&[5], Hash::Sha1)], Some(vec![9; MAX_NONCE])),
        (
            "two",
            vec![id(&[5], Hash::Sha1), id(&[0x80, 1], Hash::Sha512)],
            None,
        ),
    ] {
        let request = Request { certificates, nonce };
        seeds.insert(("ocsp_request", name.to_owned()), request.to_der());
    }
    let subject = SUBJECT
        .as_ref()
        .ok_or(PkiError::Unavailable("the certificate of the seeds"))?;
    let question = subject.question().ok_or(PkiError::Unavailable("a question"))?;
    seeds.insert(("ocsp_request", "embedded".to_owned()), question.to_der());
    let asked = Asked {
        pki,
        request: &question,
        now: subject.now,
        revoked: &[],
    };
    for answer in ANSWERS.iter() {
        let response = answer.make(&asked)?;
        if response.len() <= LARGEST {
            seeds.insert(("ocsp_response", answer.name.to_owned()), response);
        }
    }
    Ok(())
}
