//! The CRLs of a PKI. OpenSSL and rustls refuse every chain of which one issuer has no list, so the honest set has one
//! for each authority of each trusted chain (haproxy issue 1201 shows what a smaller set proves: nothing).

use super::{Pki, serial};
use crate::authority::{Authority, Role};
use crate::crl::{Crl, CrlDraft, CrlSet, Revoked};
use crate::der::{DAY, MINUTE};
use crate::spec::PkiError;

/// The roles that sign lists, in file order.
const ISSUERS: &[Role] = &[
    Role::Root,
    Role::Issuing,
    Role::IssuingRsa,
    Role::Policy,
    Role::Deep,
    Role::Revoked,
    Role::Sibling,
    Role::Partner,
];

impl Pki {
    /// Fresh, complete lists, one for every authority of every trusted chain. They revoke the `revoked` credential of
    /// every user and the revoked intermediate.
    ///
    /// # Errors
    /// [`PkiError::Key`] when an operator's key cannot sign.
    pub fn crls(&self) -> Result<Vec<Crl>, PkiError> {
        self.crls_with(&self.fresh(), true, None)
    }

    /// The sets that must not be believed, or not as a whole.
    ///
    /// # Errors
    /// [`PkiError::Key`] when an operator's key cannot sign.
    pub fn crl_variants(&self) -> Result<Vec<CrlSet>, PkiError> {
        let fresh = self.fresh();
        let stale = CrlDraft {
            this_update: self.spec.now - 60 * DAY,
            next_update: self.spec.now - 30 * DAY,
            ..fresh
        };
        let delta = CrlDraft {
            number: 2,
            delta_base: Some(1),
            ..fresh
        };
        let impostor = self.authority(Role::ImpostorIssuing)?;
        let without: Vec<Crl> = self
            .crls()?
            .into_iter()
            .filter(|crl| crl.name != Role::Issuing.slug())
            .collect();
        Ok(vec![
            CrlSet {
                name: "delta",
                why: "every list is a delta whose base was never given: a strict server knows the critical \
                      deltaCRLIndicator and refuses for want of a complete list, as webpki does; OpenSSL without \
                      extended CRL support takes it for complete (RFC 5280 5.2.4)",
                crls: self.crls_with(&delta, true, None)?,
            },
            CrlSet {
                name: "empty",
                why: "fresh lists that revoke nothing: the revoked credentials are granted, which shows that the lists \
                      and nothing else refuse them",
                crls: self.crls_with(&fresh, false, None)?,
            },
            CrlSet {
                name: "stale",
                why: "nextUpdate passed thirty days ago: a strict server refuses everybody, a fail-open one goes on \
                      with yesterday's truth (RFC 5280 6.3.3)",
                crls: self.crls_with(&stale, true, None)?,
            },
            CrlSet {
                name: "without-intermediate",
                why: "no list of the issuing authority: a server that checks the whole chain refuses everybody, one \
                      that fails open grants the revoked leaf",
                crls: without,
            },
            CrlSet {
                name: "wrong-issuer",
                why: "the issuing authority's list is signed by another key under the same name: the signature does not \
                      verify, the list must not count (RFC 5280 6.3.3 (g))",
                crls: self.crls_with(&fresh, true, Some(impostor))?,
            },
        ])
    }

    fn fresh(&self) -> CrlDraft {
        CrlDraft {
            this_update: self.spec.now - DAY,
            next_update: self.spec.now + 30 * DAY,
            number: 1,
            delta_base: None,
        }
    }

    fn crls_with(
        &self,
        draft: &CrlDraft,
        revoking: bool,
        impostor: Option<&Authority>,
    ) -> Result<Vec<Crl>, PkiError> {
        let mut crls = Vec::new();
        for role in ISSUERS {
            let Some(own) = self.authorities.get(role) else {
                continue;
            };
            let replaced = impostor.filter(|_| *role == Role::Issuing);
            let signer = replaced.unwrap_or(own);
            // The impostor's list revokes nothing: whoever believes it grants the revoked leaf.
            let revoked = if revoking && replaced.is_none() {
                self.revoked_by(*role)
            } else {
                Vec::new()
            };
            let der = signer
                .sign_crl(draft, &revoked)
                .map_err(PkiError::key(role.slug()))?;
            crls.push(Crl {
                name: role.slug().to_owned(),
                der,
            });
        }
        for (index, authority) in self.also_trusted.iter().enumerate() {
            let name = format!("also-trusted-{}", index + 2);
            let der = authority
                .sign_crl(draft, &[])
                .map_err(PkiError::key(name.as_str()))?;
            crls.push(Crl { name, der });
        }
        Ok(crls)
    }

    /// What an authority has revoked: the issuing one each user's `revoked` credential, the root the intermediate.
    fn revoked_by(&self, role: Role) -> Vec<Revoked> {
        let when = self.spec.now - DAY - 10 * MINUTE;
        let serials = match role {
            Role::Issuing => self
                .users
                .iter()
                .map(|user| self.fault_serial("revoked", user))
                .collect(),
            Role::Root => vec![serial(self.spec.seed, Role::Revoked.slug())],
            Role::IssuingRsa
            | Role::Policy
            | Role::Deep
            | Role::Revoked
            | Role::Sibling
            | Role::Partner
            | Role::ImpostorRoot
            | Role::ImpostorIssuing
            | Role::Public
            | Role::Server => Vec::new(),
        };
        serials
            .into_iter()
            .map(|serial| Revoked { serial, when })
            .collect()
    }
}
