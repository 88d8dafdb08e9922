//! Lists that do not cover what they seem to cover: deltas, and lists with a scope.

use super::{CrlSituation, EITHER, GRANT, HONEST, ISSUING_UNKNOWN, REFUSE, REVOKED, all, judged};
use crate::authority::Role;
use crate::certificate::Extension;
use crate::crl::{Crl, CrlDraft};
use crate::{der, oid};

// Tags within IssuingDistributionPoint (RFC 5280 5.2.5).
const ONLY_USERS: u8 = 1;
const ONLY_AUTHORITIES: u8 = 2;

const WEBPKI_SCOPE: &str = "it loads no list whose scope has no distribution point, and a list that it does not load \
                            stops the caller";

/// A critical issuingDistributionPoint with one flag.
fn scope(flag: u8) -> Extension {
    Extension::new(
        oid::ISSUING_DISTRIBUTION_POINT,
        true,
        der::sequence(&[&der::context_primitive(flag, &[0xff])]),
    )
}

pub(super) static SETS: &[CrlSituation] = &[
    CrlSituation {
        name: "base-and-delta",
        why: "a complete list from before the revocation and the delta that has it: a server that cannot combine the \
              two, and does not say so, grants the revoked leaf from the base; a strict one refuses it. The good leaf \
              is granted by whoever knows deltas",
        clause: "RFC 5280 5.2.4, 6.3.3 (c), (i)",
        strict: [EITHER, EITHER, REFUSE, REFUSE],
        openssl: judged(
            [None, None, None, REVOKED],
            "without -use_deltas it goes by the base, the better match, and accepts the revoked leaf",
        ),
        webpki: all(Some("UnsupportedDeltaCrl"), "it loads no delta list"),
        unverifiable: &[],
        lists: |lists| {
            let delta = CrlDraft {
                number: 2,
                delta_base: Some(1),
                ..lists.draft()
            };
            let delta = lists.signed_by(
                "issuing-delta",
                Role::Issuing,
                &delta,
                &lists.revoked_by(Role::Issuing),
            )?;
            let mut crls: Vec<Crl> = lists.altered(Role::Issuing, |_, revoked| revoked.clear())?;
            crls.push(delta);
            Ok(crls)
        },
    },
    CrlSituation {
        name: "delta",
        why: "every list is a delta whose base was never given: a strict server knows the critical \
              deltaCRLIndicator and refuses for want of a complete list, as webpki does; OpenSSL without \
              extended CRL support takes it for complete (RFC 5280 5.2.4)",
        clause: "RFC 5280 5.2.4",
        strict: [EITHER, EITHER, REFUSE, REFUSE],
        openssl: judged(
            [None, None, REVOKED, REVOKED],
            "without -use_deltas and -extended_crl the delta counts as a list like others",
        ),
        webpki: all(Some("UnsupportedDeltaCrl"), "it loads no delta list"),
        unverifiable: &[],
        lists: |lists| {
            let draft = CrlDraft {
                number: 2,
                delta_base: Some(1),
                ..lists.draft()
            };
            lists.all(|role| (draft.clone(), lists.revoked_by(role)))
        },
    },
    CrlSituation {
        name: "only-authorities",
        why: "the issuing authority's list is for CA certificates only, and yet has the serial numbers of leaves: its \
              scope does not cover them, so a strict server knows nothing about the leaves",
        clause: "RFC 5280 5.2.5, 6.3.3 (b)(2)(iii)",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [
                Some("different CRL scope"),
                None,
                Some("different CRL scope"),
                REVOKED,
            ],
            "onlyContainsCACerts does not cover a leaf",
        ),
        webpki: all(Some("UnsupportedCrlIssuingDistributionPoint"), WEBPKI_SCOPE),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Issuing, |draft, _| {
                draft.extensions.push(scope(ONLY_AUTHORITIES));
            })
        },
    },
    CrlSituation {
        name: "only-users",
        why: "the issuing authority's list is for user certificates only, which is true: a server that knows the \
              critical scope goes by it, one that does not must refuse whom the authority issued",
        clause: "RFC 5280 5.2.5, 6.3.3 (b)(2)(ii)",
        strict: [EITHER, GRANT, REFUSE, REFUSE],
        openssl: judged(
            [None, None, REVOKED, REVOKED],
            "onlyContainsUserCerts covers a leaf",
        ),
        webpki: all(Some("UnsupportedCrlIssuingDistributionPoint"), WEBPKI_SCOPE),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Issuing, |draft, _| {
                draft.extensions.push(scope(ONLY_USERS));
            })
        },
    },
    CrlSituation {
        name: "only-users-root",
        why: "the root's list is for user certificates only: its scope does not cover the intermediates, so a strict \
              server that checks each level refuses everybody below the root",
        clause: "RFC 5280 5.2.5, 6.3.3 (b)(2)(ii)",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [
                Some("different CRL scope"),
                None,
                REVOKED,
                Some("different CRL scope"),
            ],
            "onlyContainsUserCerts does not cover an intermediate; the leaf's own revocation is found first",
        ),
        webpki: all(Some("UnsupportedCrlIssuingDistributionPoint"), WEBPKI_SCOPE),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Root, |draft, _| {
                draft.extensions.push(scope(ONLY_USERS));
            })
        },
    },
    CrlSituation {
        name: "unknown-critical-extension",
        why: "the issuing authority's list has a critical extension that nobody knows: who cannot process it must not \
              use the list, so a strict server refuses whom the authority issued",
        clause: "RFC 5280 5.2",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [
                Some("unhandled critical CRL extension"),
                None,
                Some("unhandled critical CRL extension"),
                REVOKED,
            ],
            "it does not process the extension",
        ),
        webpki: all(Some("UnsupportedCriticalExtension"), "it does not load the list"),
        unverifiable: &[],
        lists: |lists| {
            lists.altered(Role::Issuing, |draft, _| {
                draft
                    .extensions
                    .push(Extension::new(oid::UNKNOWN, true, der::null()));
            })
        },
    },
    CrlSituation {
        name: "version-1",
        why: "the issuing authority's list is of version 1, without extensions: it has no number and names no key; what \
              it revokes is revoked",
        clause: "RFC 5280 5.1.2.1 (version MUST be 2 when extensions are present), 5.2.1, 5.2.3",
        strict: [EITHER, HONEST[1], REFUSE, REFUSE],
        openssl: judged([None, None, REVOKED, REVOKED], "version 1 is a list like others"),
        webpki: all(
            Some("BadDer"),
            "it loads version 2 only, and where the version is missing finds no number",
        ),
        unverifiable: &[],
        lists: |lists| lists.altered(Role::Issuing, |draft, _| draft.version_1 = true),
    },
];
