//! What is said, by whom it should be and in the right form.

use super::Answer;
use crate::crl_set::Ruling;
use crate::fault::{accepted, refused};
use crate::ocsp::response::{Status, Trouble};

const NO_ANSWER: &str = "a status without an answer";

pub(super) static ANSWERS: &[Answer] = &[
    Answer {
        name: "good",
        why: "the certificate is good, whatever the truth is: for a client of whom the lists say otherwise, it shows \
              which of the two a server believes",
        clause: "RFC 6960 2.2, 4.2.1",
        strict: Ruling::Grant,
        openssl: accepted("an honest answer about a client that is not revoked"),
        make: |asked, issuer| asked.answered(issuer, |_| Status::Good, |_| {}),
    },
    Answer {
        name: Answer::HONEST,
        why: "the truth, signed by the issuer's delegated responder: the revoked are revoked, everybody else is good. \
              The control of the others",
        clause: "RFC 6960 2.2, 4.2.1, 4.2.2.2",
        strict: Ruling::Grant,
        openssl: accepted("an honest answer about a client that is not revoked"),
        make: |asked, issuer| asked.answered(issuer, |certificate| asked.truth(certificate), |_| {}),
    },
    Answer {
        name: "internal-error",
        why: "the responder says internalError: there is no answer, and fail-open is a fail",
        clause: "RFC 6960 2.3, 4.2.1",
        strict: Ruling::Refuse,
        openssl: refused("internalerror (2)", NO_ANSWER),
        make: |_, _| Ok(Trouble::InternalError.to_der()),
    },
    Answer {
        name: "malformed-request",
        why: "the responder says malformedRequest: there is no answer, and fail-open is a fail",
        clause: "RFC 6960 2.3, 4.2.1",
        strict: Ruling::Refuse,
        openssl: refused("malformedrequest (1)", NO_ANSWER),
        make: |_, _| Ok(Trouble::MalformedRequest.to_der()),
    },
    Answer {
        name: "revoked",
        why: "the certificate is revoked, whatever the lists say: a strict server refuses the client",
        clause: "RFC 6960 2.2, 4.2.1",
        strict: Ruling::Refuse,
        openssl: refused(": revoked", "the response verifies and says so"),
        make: |asked, issuer| asked.answered(issuer, |certificate| asked.revoked_status(certificate), |_| {}),
    },
    Answer {
        name: "signature-required",
        why: "the responder says sigRequired: there is no answer, and fail-open is a fail",
        clause: "RFC 6960 2.3, 4.2.1",
        strict: Ruling::Refuse,
        openssl: refused("sigrequired (5)", NO_ANSWER),
        make: |_, _| Ok(Trouble::SignatureRequired.to_der()),
    },
    Answer {
        name: "try-later",
        why: "the responder says tryLater, as one does that an attacker keeps busy: there is no answer, and fail-open is \
              a fail",
        clause: "RFC 6960 2.3, 4.2.1",
        strict: Ruling::Refuse,
        openssl: refused("trylater (3)", NO_ANSWER),
        make: |_, _| Ok(Trouble::TryLater.to_der()),
    },
    Answer {
        name: "unauthorized",
        why: "the responder says unauthorized: there is no answer, and fail-open is a fail",
        clause: "RFC 6960 2.3, 4.2.1; RFC 5019 2.2.3",
        strict: Ruling::Refuse,
        openssl: refused("unauthorized (6)", NO_ANSWER),
        make: |_, _| Ok(Trouble::Unauthorized.to_der()),
    },
    Answer {
        name: "unknown",
        why: "the responder does not know the certificate: it was never issued, or the records are lost. Unknown is not \
              good",
        clause: "RFC 6960 2.2",
        strict: Ruling::Refuse,
        openssl: refused(": unknown", "the response verifies and says so"),
        make: |asked, issuer| asked.answered(issuer, |_| Status::Unknown, |_| {}),
    },
];
