//! Bytes that are no answer, or one of an odd shape.

use super::Answer;
use crate::certificate::Extension;
use crate::crl_set::Ruling;
use crate::fault::{accepted, refused};
use crate::ocsp::response::{Status, successful};
use crate::{der, oid};

/// The octets of the `huge` answer's extension.
const HUGE: usize = 1 << 20;

const UNREADABLE: &str = "Error reading OCSP response";

pub(super) static ANSWERS: &[Answer] = &[
    Answer {
        name: "empty",
        why: "no octet at all: there is no answer, and fail-open is a fail",
        clause: "RFC 6960 4.2.1",
        strict: Ruling::Refuse,
        openssl: refused(UNREADABLE, "there is nothing to read"),
        make: |_, _| Ok(Vec::new()),
    },
    Answer {
        name: "garbage",
        why: "octets that are no DER: there is no answer, and neither a crash nor fail-open is one",
        clause: "RFC 6960 4.2.1",
        strict: Ruling::Refuse,
        openssl: refused(UNREADABLE, "it is no DER"),
        make: |_, _| Ok(b"\x30\x84\xff\xff\xff\xffthis is no OCSP response".to_vec()),
    },
    Answer {
        name: "huge",
        why: "revoked, in a sound response with an extension of a mebibyte: a server that stops reading and fails open \
              grants the revoked; a strict one refuses, because it read it or because it did not",
        clause: "RFC 6960 4.2.1 (no limit); RFC 6960 5 (denial of service)",
        strict: Ruling::Refuse,
        openssl: refused(": revoked", "a file of any size is read"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |certificate| asked.revoked_status(certificate),
                |draft| {
                    draft
                        .extensions
                        .push(Extension::new(oid::UNKNOWN, false, der::octets(&vec![0; HUGE])));
                },
            )
        },
    },
    Answer {
        name: "successful-without-answer",
        why: "the status says successful and nothing follows: whoever looks at the status alone takes it for good",
        clause: "RFC 6960 4.2.1 (responseBytes is needed for an answer)",
        strict: Ruling::Refuse,
        openssl: refused("Error parsing response", "there are no responseBytes"),
        make: |_, _| Ok(der::sequence(&[&der::tlv(der::ENUMERATED, &[0])])),
    },
    Answer {
        name: "unknown-critical-extension",
        why: "good, with a critical extension that nobody knows: who does not understand it must not use the answer",
        clause: "RFC 6960 4.4; RFC 5280 4.2",
        strict: Ruling::Either,
        openssl: accepted("it does not look at the extensions of a response, critical or not"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |_| Status::Good,
                |draft| {
                    draft
                        .extensions
                        .push(Extension::new(oid::UNKNOWN, true, der::null()));
                },
            )
        },
    },
    Answer {
        name: "unknown-type",
        why: "good, in a response type that nobody knows: whoever skips the type reads an answer that may mean \
              something else",
        clause: "RFC 6960 4.2.1 (responseType)",
        strict: Ruling::Refuse,
        openssl: refused("Error parsing response", "the type is not basic"),
        make: |asked, issuer| {
            let good = asked.answered(issuer, |_| Status::Good, |_| {})?;
            Ok(successful(oid::UNKNOWN, &good))
        },
    },
];
