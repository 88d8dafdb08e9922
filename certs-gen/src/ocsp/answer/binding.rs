//! Answers to another question: about another certificate, or to another request.

use super::Answer;
use crate::crl_set::Ruling;
use crate::fault::{accepted, refused};
use crate::ocsp::response::Status;

const NO_STATUS: &str = "No Status found";

pub(super) static ANSWERS: &[Answer] = &[
    Answer {
        name: "nonce-missing",
        why: "good, without the nonce that was asked for: allowed, since most responders sign in advance, but then only \
              the dates protect from replay. A server that insists on its nonce (Apache by default) refuses everybody",
        clause: "RFC 6960 4.4.1; RFC 9654 2.1",
        strict: Ruling::Either,
        openssl: accepted("the want of a nonce is a warning"),
        make: |asked, issuer| asked.answered(issuer, |_| Status::Good, |draft| draft.nonce = None),
    },
    Answer {
        name: "nonce-wrong",
        why: "good, with the nonce of another request: a replay. Only a server that sent a nonce can see it",
        clause: "RFC 6960 4.4.1",
        strict: Ruling::Either,
        openssl: refused("Nonce Verify error", "the nonce is not the request's"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |_| Status::Good,
                |draft| {
                    draft.nonce = Some(match draft.nonce.take() {
                        Some(nonce) => nonce.iter().map(|octet| !octet).collect(),
                        None => vec![0x55; 16],
                    });
                },
            )
        },
    },
    Answer {
        name: "other-first",
        why: "two answers: first that another certificate is good, then that the one asked about is revoked. A server \
              that reads the first without comparing grants",
        clause: "RFC 6960 3.2 (1), 4.2.2.3",
        strict: Ruling::Refuse,
        openssl: refused(": revoked", "it looks for the certificate asked about"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |certificate| asked.revoked_status(certificate),
                |draft| {
                    let mut other = draft.singles.clone();
                    for single in &mut other {
                        single.certificate.serial = next(&single.certificate.serial);
                        single.status = Status::Good;
                    }
                    draft.singles.splice(0..0, other);
                },
            )
        },
    },
    Answer {
        name: "wrong-issuer-hash",
        why: "good, for the same serial number under another issuer's key: it says nothing about the certificate asked \
              about",
        clause: "RFC 6960 3.2 (1)",
        strict: Ruling::Refuse,
        openssl: refused(
            "Response Verify Failure",
            "the signer's issuer is not the one that is named",
        ),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |_| Status::Good,
                |draft| {
                    for single in &mut draft.singles {
                        if let Some(octet) = single.certificate.issuer_key_hash.first_mut() {
                            *octet ^= 1;
                        }
                    }
                },
            )
        },
    },
    Answer {
        name: "wrong-serial",
        why: "good, for the next serial number: an honest answer about a sibling, which anybody can fetch and replay",
        clause: "RFC 6960 3.2 (1)",
        strict: Ruling::Refuse,
        openssl: refused(NO_STATUS, "no answer has the serial number asked about"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |_| Status::Good,
                |draft| {
                    for single in &mut draft.singles {
                        single.certificate.serial = next(&single.certificate.serial);
                    }
                },
            )
        },
    },
];

/// Another serial number of the same length.
fn next(serial: &[u8]) -> Vec<u8> {
    let mut next = serial.to_vec();
    if let Some(last) = next.last_mut() {
        *last ^= 1;
    }
    next
}
