//! Lists of the wrong time, and lists that come twice.

use super::{CrlSituation, EITHER, HONEST, ISSUING_UNKNOWN, REFUSE, REVOKED, all, judged};
use crate::authority::Role;
use crate::crl::{Crl, CrlDraft};
use crate::der::DAY;

pub(super) static SETS: &[CrlSituation] = &[
    CrlSituation {
        name: "appended",
        why: "the issuing authority's older list, which is still valid and revokes nothing, stands before the new one, \
              as after an update that appended to the file: a gullible server believes the first that fits, a strict \
              one the newest",
        clause: "RFC 5280 5.2.3 (a greater cRLNumber is the newer list)",
        strict: HONEST,
        openssl: judged(
            [None, None, REVOKED, REVOKED],
            "it takes the list with the later thisUpdate",
        ),
        webpki: judged(
            [None, None, None, Some("CertRevoked")],
            "it takes the first list of the issuer and does not look for a newer one: the revoked leaf is accepted",
        ),
        unverifiable: &[],
        lists: |lists| {
            let older = CrlDraft {
                this_update: lists.now() - 20 * DAY,
                ..lists.draft()
            };
            let newer = CrlDraft {
                number: 2,
                ..lists.draft()
            };
            let older = lists.signed_by("issuing-older", Role::Issuing, &older, &[])?;
            let newer =
                lists.signed_by("issuing", Role::Issuing, &newer, &lists.revoked_by(Role::Issuing))?;
            let mut crls: Vec<Crl> = Vec::new();
            for crl in lists.fresh()? {
                if crl.name == newer.name {
                    crls.extend([older.clone(), newer.clone()]);
                } else {
                    crls.push(crl);
                }
            }
            Ok(crls)
        },
    },
    CrlSituation {
        name: "no-next-update",
        why: "the issuing authority's list does not say until when it holds: a server that goes on for ever with such a \
              list misses every later revocation; a strict one may refuse it, but must not grant the revoked",
        clause: "RFC 5280 5.1.2.5 (conforming issuers MUST include nextUpdate)",
        strict: [EITHER, HONEST[1], REFUSE, REFUSE],
        openssl: judged(
            [None, None, REVOKED, REVOKED],
            "without nextUpdate a list does not expire",
        ),
        webpki: all(
            Some("TrailingData(Time)"),
            "the field is not optional when a list is loaded",
        ),
        unverifiable: &[],
        lists: |lists| lists.altered(Role::Issuing, |draft, _| draft.next_update = None),
    },
    CrlSituation {
        name: "not-yet-valid",
        why: "thisUpdate of the issuing authority's list is tomorrow: a strict server has no list of today and refuses \
              whom it issued",
        clause: "RFC 5280 5.1.2.4, 6.3.3",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [
                Some("CRL is not yet valid"),
                None,
                Some("CRL is not yet valid"),
                REVOKED,
            ],
            "thisUpdate lies in the future",
        ),
        webpki: judged(
            [None, None, Some("CertRevoked"), Some("CertRevoked")],
            "it does not look at thisUpdate",
        ),
        unverifiable: &[],
        lists: |lists| {
            let tomorrow = lists.now() + DAY;
            lists.altered(Role::Issuing, |draft, _| draft.this_update = tomorrow)
        },
    },
    CrlSituation {
        name: "stale",
        why: "nextUpdate passed thirty days ago: a strict server refuses everybody, a fail-open one goes on \
              with yesterday's truth (RFC 5280 6.3.3)",
        clause: "RFC 5280 6.3.3 (a), (d)",
        strict: [REFUSE; 4],
        openssl: all(Some("CRL has expired"), "nextUpdate has passed"),
        webpki: all(Some("CrlExpired"), "nextUpdate has passed"),
        unverifiable: &[],
        lists: |lists| {
            let draft = CrlDraft {
                this_update: lists.now() - 60 * DAY,
                next_update: Some(lists.now() - 30 * DAY),
                ..lists.draft()
            };
            lists.all(|role| (draft.clone(), lists.revoked_by(role)))
        },
    },
    CrlSituation {
        name: "stale-root",
        why: "only the root's list is out of date: a server that looks at the leaf's issuer alone sees nothing; a \
              strict one refuses everybody below the root",
        clause: "RFC 5280 6.1.3 (a)(3), 6.3.3",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [Some("CRL has expired"), None, REVOKED, Some("CRL has expired")],
            "nextUpdate of the intermediates' list has passed; the leaf's own revocation is found first",
        ),
        webpki: judged(
            [Some("CrlExpired"), None, Some("CrlExpired"), Some("CrlExpired")],
            "nextUpdate of the intermediates' list has passed; it goes from the root down",
        ),
        unverifiable: &[],
        lists: |lists| {
            let (from, until) = (lists.now() - 60 * DAY, lists.now() - 30 * DAY);
            lists.altered(Role::Root, |draft, _| {
                draft.this_update = from;
                draft.next_update = Some(until);
            })
        },
    },
];
