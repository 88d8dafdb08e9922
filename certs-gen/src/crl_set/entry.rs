//! What stands in the entries: none, many, reasons, dates, extensions.

use super::{CrlSituation, EITHER, GRANT, HONEST, ISSUING_UNKNOWN, REVOKED, all, judged};
use crate::authority::Role;
use crate::certificate::Extension;
use crate::crl::{Reason, Revoked};
use crate::der::DAY;
use crate::{der, oid};

/// The entries of the `huge` list beside the true ones.
const HUGE: u32 = 10_000;

const WEBPKI_HONEST: [Option<&str>; 4] = [None, None, Some("CertRevoked"), Some("CertRevoked")];

pub(super) static SETS: &[CrlSituation] = &[
    CrlSituation {
        name: "empty",
        why: "fresh lists that revoke nothing: the revoked credentials are granted, which shows that the lists \
              and nothing else refuse them",
        clause: "RFC 5280 5.1.2.6",
        strict: [GRANT; 4],
        openssl: all(None, "nothing is revoked"),
        webpki: all(None, "nothing is revoked"),
        unverifiable: &[],
        lists: |lists| lists.all(|_| (lists.draft(), Vec::new())),
    },
    CrlSituation {
        name: "entry-unknown-critical",
        why: "an entry of the issuing authority's list has a critical extension that nobody knows: the whole list must \
              not be used, since the extension may say that the entry is another issuer's; a strict server refuses \
              whom the authority issued",
        clause: "RFC 5280 5.3",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [
                Some("unhandled critical CRL extension"),
                None,
                Some("unhandled critical CRL extension"),
                REVOKED,
            ],
            "one critical extension that it does not process spoils the list",
        ),
        webpki: judged(
            [
                Some("UnsupportedCriticalExtension"),
                None,
                Some("UnsupportedCriticalExtension"),
                Some("CertRevoked"),
            ],
            "whoever looks for a serial number comes by the entry",
        ),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Issuing, |_, revoked| {
                for entry in revoked {
                    entry
                        .extensions
                        .push(Extension::new(oid::UNKNOWN, true, der::null()));
                }
            })
        },
    },
    CrlSituation {
        name: "hold",
        why: "the entries of the issuing authority's list say certificateHold: suspended is refused like revoked until \
              a later list says otherwise",
        clause: "RFC 5280 5.3.1, 6.3.3 (j)",
        strict: HONEST,
        openssl: judged([None, None, REVOKED, REVOKED], "it does not look at this reason"),
        webpki: judged(WEBPKI_HONEST, "it does not look at this reason"),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Issuing, |_, revoked| {
                *revoked = reasoned(revoked, Reason::CertificateHold);
            })
        },
    },
    CrlSituation {
        name: "huge",
        why: "the true entries of the issuing authority's list stand behind ten thousand others: a server that reads a \
              part, or gives up and fails open, grants the revoked leaf; a strict one refuses it and grants its \
              siblings",
        clause: "RFC 5280 5.1.2.6 (no limit)",
        strict: HONEST,
        openssl: judged(
            [None, None, REVOKED, REVOKED],
            "it sorts and searches the entries",
        ),
        webpki: judged(WEBPKI_HONEST, "it searches the entries"),
        unverifiable: &[],
        lists: |lists| {
            let when = lists.now() - 10 * DAY;
            lists.altered(Role::Issuing, |_, revoked| {
                let others = (0..HUGE).map(|index| Revoked::new(lists.unused_serial(index), when));
                *revoked = others.chain(revoked.drain(..)).collect();
            })
        },
    },
    CrlSituation {
        name: "key-compromise",
        why: "the entries of the issuing authority's list say keyCompromise, the reason that matters most",
        clause: "RFC 5280 5.3.1",
        strict: HONEST,
        openssl: judged([None, None, REVOKED, REVOKED], "it does not look at this reason"),
        webpki: judged(WEBPKI_HONEST, "it does not look at this reason"),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Issuing, |_, revoked| {
                *revoked = reasoned(revoked, Reason::KeyCompromise);
            })
        },
    },
    CrlSituation {
        name: "remove-from-crl",
        why: "the entries of the issuing authority's complete list say removeFromCRL, which may stand in a delta list \
              only: the standard gives it no meaning here, and strict servers differ; the good are granted",
        clause: "RFC 5280 5.3.1",
        strict: [GRANT, GRANT, EITHER, HONEST[3]],
        openssl: judged(
            [None, None, None, REVOKED],
            "an entry with this reason counts as not revoked in every list",
        ),
        webpki: judged(WEBPKI_HONEST, "it does not look at this reason"),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Issuing, |_, revoked| {
                *revoked = reasoned(revoked, Reason::RemoveFromCrl);
            })
        },
    },
    CrlSituation {
        name: "revoked-tomorrow",
        why: "the revocation dates of the issuing authority's list are tomorrow's: what is on the list is revoked now; \
              a gullible server waits for the date",
        clause: "RFC 5280 6.3.3 (j) (the serial number on the list decides)",
        strict: HONEST,
        openssl: judged([None, None, REVOKED, REVOKED], "it does not look at the date"),
        webpki: judged(WEBPKI_HONEST, "it does not look at the date"),
        unverifiable: &[],
        lists: |lists| {
            let tomorrow = lists.now() + DAY;
            lists.altered(Role::Issuing, |_, revoked| {
                for entry in revoked {
                    entry.when = tomorrow;
                }
            })
        },
    },
];

fn reasoned(revoked: &[Revoked], reason: Reason) -> Vec<Revoked> {
    revoked
        .iter()
        .map(|entry| entry.clone().because(reason))
        .collect()
}
