//! Answers of the wrong time: a good one of yesterday, replayed.

use super::Answer;
use crate::crl_set::Ruling;
use crate::der::DAY;
use crate::fault::{accepted, refused};
use crate::ocsp::response::Status;

pub(super) static ANSWERS: &[Answer] = &[
    Answer {
        name: "next-update-absent",
        why: "good, and no word on how long it holds, which means that there is always something newer: a server that \
              keeps such an answer must not keep it long. Granting it when fresh is right; some want nextUpdate",
        clause: "RFC 6960 4.2.2.1; RFC 5019 2.2.4 (nextUpdate is required there)",
        strict: Ruling::Either,
        openssl: accepted("without -status_age the age of such an answer does not matter"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |_| Status::Good,
                |draft| {
                    for single in &mut draft.singles {
                        single.next_update = None;
                    }
                },
            )
        },
    },
    Answer {
        name: "not-yet-valid",
        why: "good from tomorrow on: an answer of the future says nothing about today",
        clause: "RFC 6960 3.2 (5), 4.2.2.1",
        strict: Ruling::Refuse,
        openssl: refused("status not yet valid", "thisUpdate lies in the future"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |_| Status::Good,
                |draft| {
                    for single in &mut draft.singles {
                        single.this_update = asked.now + DAY;
                        single.next_update = Some(asked.now + 2 * DAY);
                    }
                },
            )
        },
    },
    Answer {
        name: "stale",
        why: "good until yesterday: what an attacker replays who was revoked today and recorded the answer of the day \
              before",
        clause: "RFC 6960 3.2 (6), 4.2.2.1",
        strict: Ruling::Refuse,
        openssl: refused("status expired", "nextUpdate has passed"),
        make: |asked, issuer| {
            asked.answered(
                issuer,
                |_| Status::Good,
                |draft| {
                    draft.produced_at = asked.now - 8 * DAY;
                    for single in &mut draft.singles {
                        single.this_update = asked.now - 8 * DAY;
                        single.next_update = Some(asked.now - DAY);
                    }
                },
            )
        },
    },
];
