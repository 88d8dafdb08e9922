//! Lists that are missing, or that somebody else signed.

use super::{CrlSituation, HONEST, ISSUING_UNKNOWN, NO_LIST, REFUSE, REVOKED, judged};
use crate::authority::Role;
use crate::crl::Revoked;
use crate::der::DAY;

const LEAF_UNKNOWN: &str = "the issuing authority's list does not count, so the leaf's state is unknown; the revoked \
                             intermediate is on the root's list";

pub(super) static SETS: &[CrlSituation] = &[
    CrlSituation {
        name: "bad-signature",
        why: "one bit of the signature of the issuing authority's list is turned: whoever does not verify lists goes by \
              what anybody can write; a strict server refuses whom the authority issued",
        clause: "RFC 5280 6.3.3 (g)",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [
                Some("CRL signature failure"),
                None,
                Some("CRL signature failure"),
                REVOKED,
            ],
            "the signature does not verify under the issuer's key",
        ),
        webpki: judged(
            [
                Some("InvalidCrlSignatureForPublicKey"),
                None,
                Some("InvalidCrlSignatureForPublicKey"),
                Some("CertRevoked"),
            ],
            "the signature does not verify under the issuer's key",
        ),
        unverifiable: &["issuing"],
        lists: |lists| {
            let mut list = lists.signed_by(
                "issuing",
                Role::Issuing,
                &lists.draft(),
                &lists.revoked_by(Role::Issuing),
            )?;
            // The last octet is the signature's lowest: the structure stays sound.
            if let Some(last) = list.der.last_mut() {
                *last ^= 1;
            }
            lists.replaced(Role::Issuing, list)
        },
    },
    CrlSituation {
        name: "other-issuer",
        why: "in the place of the issuing authority's list stands one with the same entries that its sibling signed: \
              trusted, but not the issuer and no indirect list; a strict server has no list of the issuing authority",
        clause: "RFC 5280 6.3.3 (b)(1)",
        strict: ISSUING_UNKNOWN,
        openssl: judged([NO_LIST, None, NO_LIST, REVOKED], "no list has the issuer's name"),
        webpki: judged(
            [
                Some("UnknownRevocationStatus"),
                None,
                Some("UnknownRevocationStatus"),
                Some("CertRevoked"),
            ],
            "no list has the issuer's name",
        ),
        unverifiable: &[],
        lists: |lists| {
            let list = lists.signed_by(
                "issuing",
                Role::Sibling,
                &lists.draft(),
                &lists.revoked_by(Role::Issuing),
            )?;
            lists.replaced(Role::Issuing, list)
        },
    },
    CrlSituation {
        name: "same-serial-other-issuer",
        why: "the partner's list has the serial numbers of the users' good certificates, which the issuing authority \
              issued: a server that looks up serial numbers without their issuer refuses the good; a strict one is not \
              moved",
        clause: "RFC 5280 4.1.2.2 (issuer and serial number identify a certificate), 6.3.3 (j)",
        strict: HONEST,
        openssl: judged([None, None, REVOKED, REVOKED], "lists are found by their issuer"),
        webpki: judged(
            [None, None, Some("CertRevoked"), Some("CertRevoked")],
            "lists are found by their issuer",
        ),
        unverifiable: &[],
        lists: |lists| {
            let when = lists.now() - DAY;
            let serials = lists.honest_serials();
            lists.altered(Role::Partner, |_, revoked| {
                revoked.extend(serials.into_iter().map(|serial| Revoked::new(serial, when)));
            })
        },
    },
    CrlSituation {
        name: "without-intermediate",
        why: "no list of the issuing authority: a server that checks the whole chain refuses everybody, one \
              that fails open grants the revoked leaf",
        clause: "RFC 5280 6.3.3",
        strict: ISSUING_UNKNOWN,
        openssl: judged([NO_LIST, None, NO_LIST, REVOKED], LEAF_UNKNOWN),
        webpki: judged(
            [
                Some("UnknownRevocationStatus"),
                None,
                Some("UnknownRevocationStatus"),
                Some("CertRevoked"),
            ],
            LEAF_UNKNOWN,
        ),
        unverifiable: &[],
        lists: |lists| lists.without(Role::Issuing),
    },
    CrlSituation {
        name: "without-root",
        why: "no list of the root: a server that checks the whole chain refuses everybody below it, one that looks at \
              leaves only, or fails open, grants the leaf of the revoked intermediate",
        clause: "RFC 5280 6.1.3 (a)(3), 6.3.3",
        strict: ISSUING_UNKNOWN,
        openssl: judged(
            [NO_LIST, None, REVOKED, NO_LIST],
            "no list covers the intermediates; the leaf's own revocation is found first",
        ),
        webpki: judged(
            [
                Some("UnknownRevocationStatus"),
                None,
                Some("UnknownRevocationStatus"),
                Some("UnknownRevocationStatus"),
            ],
            "no list covers the intermediates; it goes from the root down",
        ),
        unverifiable: &[],
        lists: |lists| lists.without(Role::Root),
    },
    CrlSituation {
        name: "wrong-issuer",
        why: "the issuing authority's list is signed by another key under the same name: the signature does not \
              verify, the list must not count (RFC 5280 6.3.3 (g))",
        clause: "RFC 5280 6.3.3 (g)",
        strict: [REFUSE, ISSUING_UNKNOWN[1], REFUSE, REFUSE],
        openssl: judged(
            [
                Some("CRL signature failure"),
                None,
                Some("CRL signature failure"),
                REVOKED,
            ],
            "the signature does not verify under the issuer's key",
        ),
        webpki: judged(
            [
                Some("InvalidCrlSignatureForPublicKey"),
                None,
                Some("InvalidCrlSignatureForPublicKey"),
                Some("CertRevoked"),
            ],
            "the signature does not verify under the issuer's key",
        ),
        unverifiable: &["issuing"],
        // The impostor's list revokes nothing: whoever believes it grants the revoked leaf.
        lists: |lists| {
            let list = lists.signed_by("issuing", Role::ImpostorIssuing, &lists.draft(), &[])?;
            lists.replaced(Role::Issuing, list)
        },
    },
];
