//! What a set's row works with: the honest lists, whole or with one altered.

use crate::authority::{Authority, Role};
use crate::crl::{Crl, CrlDraft, Revoked};
use crate::pki::{ISSUERS, Pki};
use crate::spec::PkiError;

/// The honest lists of a PKI and ways to alter them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists<'a> {
    pki: &'a Pki,
}

impl<'a> Lists<'a> {
    pub(crate) fn new(pki: &'a Pki) -> Self {
        Self { pki }
    }

    /// The honest lists.
    pub(crate) fn fresh(&self) -> Result<Vec<Crl>, PkiError> {
        self.all(|role| (self.draft(), self.revoked_by(role)))
    }

    /// One list for every authority, as `describe` says; the operator's further roots revoke nothing.
    pub(crate) fn all(
        &self,
        describe: impl Fn(Role) -> (CrlDraft, Vec<Revoked>),
    ) -> Result<Vec<Crl>, PkiError> {
        let mut crls = Vec::new();
        for role in ISSUERS {
            if let Ok(authority) = self.own(*role) {
                let (draft, revoked) = describe(*role);
                crls.push(sign(role.slug().to_owned(), authority, &draft, &revoked)?);
            }
        }
        for (name, authority) in self.pki.also_trusted() {
            // A further root has the dates of the others and no entries, whatever the role.
            let (draft, _) = describe(Role::Partner);
            crls.push(sign(name, authority, &draft, &[])?);
        }
        Ok(crls)
    }

    /// The honest lists with that of one authority altered before it is signed.
    pub(super) fn altered(
        &self,
        role: Role,
        alter: impl FnOnce(&mut CrlDraft, &mut Vec<Revoked>),
    ) -> Result<Vec<Crl>, PkiError> {
        let (mut draft, mut revoked) = (self.draft(), self.revoked_by(role));
        alter(&mut draft, &mut revoked);
        let list = self.signed_by(role.slug(), role, &draft, &revoked)?;
        self.replaced(role, list)
    }

    /// The honest lists with that of one authority exchanged.
    pub(super) fn replaced(&self, role: Role, list: Crl) -> Result<Vec<Crl>, PkiError> {
        self.own(role)?;
        let mut crls = self.fresh()?;
        for crl in crls.iter_mut().filter(|crl| crl.name == role.slug()) {
            *crl = list.clone();
        }
        Ok(crls)
    }

    /// The honest lists without that of one authority.
    pub(super) fn without(&self, role: Role) -> Result<Vec<Crl>, PkiError> {
        self.own(role)?;
        let mut crls = self.fresh()?;
        crls.retain(|crl| crl.name != role.slug());
        Ok(crls)
    }

    /// A list under any name that any authority signs.
    pub(super) fn signed_by(
        &self,
        name: &str,
        signer: Role,
        draft: &CrlDraft,
        revoked: &[Revoked],
    ) -> Result<Crl, PkiError> {
        sign(name.to_owned(), self.pki.authority(signer)?, draft, revoked)
    }

    /// The parameters of the honest lists.
    pub(super) fn draft(&self) -> CrlDraft {
        self.pki.fresh_draft()
    }

    /// The entries of an authority's honest list.
    pub(super) fn revoked_by(&self, role: Role) -> Vec<Revoked> {
        self.pki.revoked_by(role)
    }

    /// The serial numbers of the users' plain credentials.
    pub(super) fn honest_serials(&self) -> Vec<Vec<u8>> {
        let users = self.pki.spec().users.iter();
        users.map(|user| self.pki.serial(&user.name)).collect()
    }

    /// A serial number that no certificate has.
    pub(super) fn unused_serial(&self, index: u32) -> Vec<u8> {
        self.pki.serial(&format!("unused {index}"))
    }

    /// Unix seconds of "now".
    pub(super) fn now(&self) -> i64 {
        self.pki.spec().now
    }

    // An authority of its own, not one that stands in for it.
    fn own(&self, role: Role) -> Result<&'a Authority, PkiError> {
        let authority = self.pki.authority(role)?;
        if role == Role::IssuingRsa && authority.subject == self.pki.authority(Role::Issuing)?.subject {
            return Err(PkiError::NeedsRoot(role));
        }
        Ok(authority)
    }
}

fn sign(name: String, signer: &Authority, draft: &CrlDraft, revoked: &[Revoked]) -> Result<Crl, PkiError> {
    let der = signer
        .sign_crl(draft, revoked)
        .map_err(PkiError::key(name.as_str()))?;
    Ok(Crl { name, der })
}
