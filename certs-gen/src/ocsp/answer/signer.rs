//! Answers by signers who may, and by those who may not.

use super::Answer;
use super::asked::Signer;
use crate::certificate::Extension;
use crate::crl_set::Ruling;
use crate::der::{self, DAY};
use crate::fault::{accepted, refused};
use crate::ocsp::response::Status;
use crate::oid;

const VERIFY_FAILURE: &str = "Response Verify Failure";

pub(super) static ANSWERS: &[Answer] = &[
    Answer {
        name: "bad-signature",
        why: "good, with one bit of the signature turned: whoever does not verify answers believes anybody on the way, \
              since they come over plain HTTP",
        clause: "RFC 6960 3.2 (2)",
        strict: Ruling::Refuse,
        openssl: refused(VERIFY_FAILURE, "the signature does not verify"),
        make: |asked, issuer| {
            let signer = asked.delegate(issuer, |_| {})?;
            asked.signed(
                &signer,
                asked.singles(|_| Status::Good),
                |_| {},
                |signature| {
                    // The last octet is the signature's lowest: the structure stays sound.
                    if let Some(last) = signature.last_mut() {
                        *last ^= 1;
                    }
                },
            )
        },
    },
    Answer {
        name: "delegate-expired",
        why: "good, signed by a delegated responder whose certificate ended yesterday: who got hold of an old \
              responder's key could revive every revoked certificate",
        clause: "RFC 6960 3.2 (4), 4.2.2.2",
        strict: Ruling::Refuse,
        openssl: refused("certificate has expired", "the signer's chain does not verify"),
        make: |asked, issuer| {
            let signer = asked.delegate(issuer, |draft| {
                draft.not_before = der::time(asked.pki.spec().now - 30 * DAY);
                draft.not_after = der::time(asked.pki.spec().now - DAY);
            })?;
            asked.good_by(&signer)
        },
    },
    Answer {
        name: "delegate-of-other-ca",
        why: "good, signed by a responder to whom another trusted authority delegated: it speaks for that authority's \
              certificates and for no others",
        clause: "RFC 6960 4.2.2.2 (MUST be issued by the CA identified in the request)",
        strict: Ruling::Refuse,
        openssl: refused(VERIFY_FAILURE, "the signer's issuer is not the certificate's"),
        make: |asked, issuer| {
            let signer = asked.delegate(asked.other(issuer)?, |_| {})?;
            asked.good_by(&signer)
        },
    },
    Answer {
        name: "delegate-without-purpose",
        why: "good, signed by a certificate of the issuer that looks like a responder's and lacks OCSPSigning",
        clause: "RFC 6960 4.2.2.2",
        strict: Ruling::Refuse,
        openssl: refused("missing ocspsigning usage", "the purpose is absent"),
        make: |asked, issuer| {
            let signer = asked.delegate(issuer, |draft| draft.remove(oid::EXTENDED_KEY_USAGE))?;
            asked.good_by(&signer)
        },
    },
    Answer {
        name: "signed-by-client",
        why: "good, signed with a client's own key and certificate: whoever takes every certificate of the issuer for \
              its responder lets the revoked vouch for themselves",
        clause: "RFC 6960 4.2.2.2; CVE-2022-21657 (purposes ignored)",
        strict: Ruling::Refuse,
        openssl: refused("missing ocspsigning usage", "clientAuth is not OCSPSigning"),
        make: |asked, issuer| asked.good_by(&asked.client(issuer)?),
    },
    Answer {
        name: "signed-by-issuer",
        why: "good, signed by the issuing authority itself, whose certificate is sent along: as right as a delegate",
        clause: "RFC 6960 4.2.2.2 (1)",
        strict: Ruling::Grant,
        openssl: accepted("the signer is the issuer"),
        make: |asked, issuer| {
            asked.good_by(&Signer {
                key: issuer.key.clone(),
                certificates: vec![issuer.certificate.clone()],
            })
        },
    },
    Answer {
        name: "signed-by-issuer-bare",
        why: "good, signed by the issuing authority itself, without any certificate: right, and yet some servers do not \
              look for the signer among their authorities (Apache refuses, nginx grants)",
        clause: "RFC 6960 4.2.1 (certs is optional), 4.2.2.2 (1)",
        strict: Ruling::Either,
        openssl: accepted("-issuer is among the certificates in which it looks for the signer"),
        make: |asked, issuer| {
            asked.good_by(&Signer {
                key: issuer.key.clone(),
                certificates: Vec::new(),
            })
        },
    },
    Answer {
        name: "signed-by-other-ca",
        why: "good, signed by another trusted authority: trusted for its own certificates, not for these",
        clause: "RFC 6960 4.2.2.2",
        strict: Ruling::Refuse,
        openssl: refused(VERIFY_FAILURE, "the signer is not the certificate's issuer"),
        make: |asked, issuer| {
            let other = asked.other(issuer)?;
            asked.good_by(&Signer {
                key: other.key.clone(),
                certificates: vec![other.certificate.clone()],
            })
        },
    },
    Answer {
        name: "signed-by-stranger",
        why: "good, signed by a self-signed certificate with OCSPSigning: anybody can make one",
        clause: "RFC 6960 4.2.2.2",
        strict: Ruling::Refuse,
        openssl: refused("certificate verify error", "the signer's chain leads nowhere"),
        make: |asked, issuer| {
            let mut stranger = issuer.clone();
            let delegate = asked.delegate(issuer, |_| {})?;
            stranger.key = delegate.key.clone();
            stranger.chain.clear();
            // Signed by itself: the delegate's name on both sides, the delegate's key on both.
            let mut signer = asked.delegate(&stranger, |draft| {
                draft.issuer = draft.subject.clone();
                draft.remove(oid::AUTHORITY_KEY_IDENTIFIER);
                draft.replace(Extension::extended_key_usage(&[oid::OCSP_SIGNING]));
            })?;
            signer.key = delegate.key;
            asked.good_by(&signer)
        },
    },
];
