//! What the authorities of a PKI have revoked, and the CRLs that say so. OpenSSL and rustls refuse every chain of which
//! one issuer has no list, so the honest set has one for each authority of each trusted chain (haproxy issue 1201 shows
//! what a smaller set proves: nothing).

use super::{Pki, serial};
use crate::authority::{Authority, Role};
use crate::crl::{Crl, CrlDraft, Revoked};
use crate::crl_set::{CRL_SETS, CrlSet, Lists};
use crate::der::{self, DAY, MINUTE, Reader};
use crate::spec::PkiError;

/// The roles that sign lists, in file order.
pub(crate) const ISSUERS: &[Role] = &[
    Role::Root,
    Role::Issuing,
    Role::IssuingRsa,
    Role::Policy,
    Role::Deep,
    Role::Revoked,
    Role::Sibling,
    Role::Partner,
];

/// How long a list or an OCSP response is good for.
pub(crate) const FRESHNESS: i64 = 30 * DAY;

/// What is to be revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// The intermediate that plays this part.
    Authority(Role),
    /// Any certificate of one of the PKI's authorities, DER.
    Certificate(&'a [u8]),
    /// The leaf of a credential by its name: `alice`, `bob-rsa2048`, `expired-1-day`.
    Credential(&'a str),
}

/// One revoked certificate of a PKI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Who issued and revoked it.
    pub issuer: Role,
    /// Content octets of its serial number.
    pub serial: Vec<u8>,
    /// Unix seconds of the revocation.
    pub when: i64,
}

impl Pki {
    /// Fresh, complete lists, one for every authority of every trusted chain. They revoke what [`Self::revocations`]
    /// says.
    ///
    /// # Errors
    /// [`PkiError::Key`] when an operator's key cannot sign.
    pub fn crls(&self) -> Result<Vec<Crl>, PkiError> {
        Lists::new(self).fresh()
    }

    /// The sets of [`CRL_SETS`] that the PKI's authorities can make: without the root's key, or without a second
    /// trusted authority, those that need one are left out.
    ///
    /// # Errors
    /// [`PkiError::Key`] when an operator's key cannot sign.
    pub fn crl_variants(&self) -> Result<Vec<CrlSet>, PkiError> {
        let mut sets = Vec::new();
        for row in CRL_SETS.iter() {
            match row.make(self) {
                Ok(set) => sets.push(set),
                Err(PkiError::NeedsRoot(_) | PkiError::Unavailable(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(sets)
    }

    /// The fresh lists as of `at`, which revoke `more` as well: what the authorities publish after a revocation. The
    /// CRL number grows with `at`, so a later list is the newer one.
    ///
    /// # Errors
    /// [`PkiError::Key`] when an operator's key cannot sign.
    pub fn crls_revoking(&self, more: &[Revocation], at: i64) -> Result<Vec<Crl>, PkiError> {
        let draft = CrlDraft {
            this_update: at,
            next_update: Some(at + FRESHNESS),
            // 1 is the number of the first lists.
            number: u64::try_from(at).unwrap_or_default().max(2),
            ..self.fresh_draft()
        };
        Lists::new(self).all(|role| {
            let mut entries = self.revoked_by(role);
            for revocation in more.iter().filter(|revocation| revocation.issuer == role) {
                if entries.iter().all(|entry| entry.serial != revocation.serial) {
                    entries.push(Revoked::new(revocation.serial.clone(), revocation.when));
                }
            }
            (draft.clone(), entries)
        })
    }

    /// Finds issuer and serial number of what is to be revoked. Nothing is changed: a [`Revocation`] is for
    /// [`Self::crls_revoking`] and for the OCSP answers.
    ///
    /// # Errors
    /// [`PkiError`] when there is no such credential or authority, or when none of the PKI's authorities issued it.
    pub fn revocation(&self, target: Target<'_>, when: i64) -> Result<Revocation, PkiError> {
        let leaf;
        let certificate = match target {
            Target::Authority(role) => &self.authority(role)?.certificate,
            Target::Certificate(der) => der,
            Target::Credential(name) => {
                leaf = self.credential(name)?;
                leaf.leaf().ok_or(PkiError::Unavailable(
                    "a credential without a certificate cannot be revoked",
                ))?
            }
        };
        let mut fields = Reader::new(Reader::new(certificate).content(der::SEQUENCE)?);
        let mut fields = Reader::new(fields.content(der::SEQUENCE)?);
        fields.skip_if(0xa0)?;
        let serial = fields.content(der::INTEGER)?.to_vec();
        fields.content(der::SEQUENCE)?;
        let issuer = self
            .signer_of(fields.whole(der::SEQUENCE)?)
            .ok_or(PkiError::Unavailable(
                "none of the authorities that sign lists issued the certificate",
            ))?;
        Ok(Revocation { issuer, serial, when })
    }

    /// What is revoked from the start: the `revoked` credential of every user, and the revoked intermediate.
    #[must_use]
    pub fn revocations(&self) -> Vec<Revocation> {
        let when = self.spec.now - DAY - 10 * MINUTE;
        let root = self.authorities.contains_key(&Role::Root).then(|| Revocation {
            issuer: Role::Root,
            serial: serial(self.spec.seed, Role::Revoked.slug()),
            when,
        });
        self.users
            .iter()
            .map(|user| Revocation {
                issuer: Role::Issuing,
                serial: self.fault_serial("revoked", user),
                when,
            })
            .chain(root)
            .collect()
    }

    /// The authority of this Name (DER) among those that sign lists.
    pub(crate) fn signer_of(&self, name: &[u8]) -> Option<Role> {
        ISSUERS.iter().copied().find(|role| {
            self.authorities
                .get(role)
                .is_some_and(|authority| authority.subject == name)
        })
    }

    /// The operator's further trusted roots, with the names of their lists.
    pub(crate) fn also_trusted(&self) -> impl Iterator<Item = (String, &Authority)> {
        self.also_trusted
            .iter()
            .enumerate()
            .map(|(index, authority)| (format!("also-trusted-{}", index + 2), authority))
    }

    pub(crate) fn fresh_draft(&self) -> CrlDraft {
        CrlDraft {
            this_update: self.spec.now - DAY,
            next_update: Some(self.spec.now + FRESHNESS),
            number: 1,
            delta_base: None,
            extensions: Vec::new(),
            version_1: false,
        }
    }

    /// The entries of an authority's fresh list.
    pub(crate) fn revoked_by(&self, role: Role) -> Vec<Revoked> {
        self.revocations()
            .into_iter()
            .filter(|revocation| revocation.issuer == role)
            .map(|revocation| Revoked::new(revocation.serial, revocation.when))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::PkiSpec;

    fn list_of<'a>(crls: &'a [Crl], name: &str) -> &'a Crl {
        crls.iter().find(|crl| crl.name == name).unwrap()
    }

    fn holds(der: &[u8], octets: &[u8]) -> bool {
        der.windows(octets.len()).any(|window| window == octets)
    }

    #[test]
    fn a_credential_revoked_later_is_on_its_issuers_list_and_no_other() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let now = pki.spec().now;
        for (credential, issuer) in [
            ("bob", "issuing"),
            ("alice-via-partner", "partner"),
            ("alice-via-deep", "deep"),
        ] {
            let revocation = pki.revocation(Target::Credential(credential), now).unwrap();
            let crls = pki.crls_revoking(std::slice::from_ref(&revocation), now).unwrap();
            for crl in &crls {
                assert_eq!(
                    holds(&crl.der, &revocation.serial),
                    crl.name == issuer,
                    "{credential} in {}",
                    crl.name
                );
            }
            let names = |crls: &[Crl]| crls.iter().map(|crl| crl.name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&crls), names(&pki.crls().unwrap()));
        }
    }

    #[test]
    fn what_was_revoked_before_stays_revoked_and_is_listed_once() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let now = pki.spec().now;
        let again = pki.revocation(Target::Credential("revoked"), now).unwrap();
        let crls = pki.crls_revoking(std::slice::from_ref(&again), now).unwrap();
        let der = &list_of(&crls, "issuing").der;
        let count = der
            .windows(again.serial.len())
            .filter(|window| *window == again.serial)
            .count();
        assert_eq!(count, 1);
    }

    #[test]
    fn an_intermediate_is_revoked_by_the_root() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let revocation = pki.revocation(Target::Authority(Role::Sibling), 0).unwrap();
        assert_eq!(revocation.issuer, Role::Root);
        assert_eq!(revocation.serial, serial(1, "sibling"));
    }

    #[test]
    fn a_strangers_certificate_cannot_be_revoked() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        assert!(matches!(
            pki.revocation(Target::Credential("self-signed-stranger"), 0),
            Err(PkiError::Unavailable(_))
        ));
        assert!(matches!(
            pki.revocation(Target::Certificate(b"nonsense"), 0),
            Err(PkiError::Certificate(_))
        ));
    }

    #[test]
    fn certificates_name_a_responder_only_when_the_spec_does() {
        let urls = PkiSpec {
            ocsp_url: Some("http://127.0.0.1:8/ocsp".to_owned()),
            crl_url: Some("http://127.0.0.1:8/crl".to_owned()),
            ..PkiSpec::default()
        };
        let plain = Pki::generate(&PkiSpec::default()).unwrap();
        let naming = Pki::generate(&urls).unwrap();
        for name in ["alice", "revoked", "alice-via-sibling", "path-length-exceeded"] {
            for (pki, named) in [(&plain, false), (&naming, true)] {
                let chain = pki.credential(name).unwrap().chain;
                for certificate in &chain {
                    assert_eq!(holds(certificate, b"http://127.0.0.1:8/ocsp"), named, "{name}");
                    assert_eq!(holds(certificate, b"http://127.0.0.1:8/crl/"), named, "{name}");
                }
            }
        }
        let alice = naming.credential("alice").unwrap().chain;
        assert!(holds(&alice[0], b"/crl/issuing"));
        assert!(holds(&alice[1], b"/crl/root"));
    }
}
