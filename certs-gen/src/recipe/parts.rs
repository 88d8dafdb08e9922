//! A signed part, taken apart into its fields and put together again.

use super::{LOST, NOT_SIGNED_SO, signed};
use crate::authority::Authority;
use crate::certificate::Extension;
use crate::der::{self, Reader};
use crate::oid;
use crate::spec::PkiError;

/// The tag of the extensions' EXPLICIT wrapper.
const EXTENSIONS: u8 = 0xa3;
/// The tag of the version's EXPLICIT wrapper.
const VERSION: u8 = 0xa0;

/// The fields of a TBSCertificate, each encoded.
pub(super) struct Parts {
    /// Version (empty where it is left out), serial number, algorithm, issuer.
    before: [Vec<u8>; 4],
    validity: Vec<u8>,
    subject: Vec<u8>,
    spki: Vec<u8>,
    /// Each extension with its object identifier, encoded.
    extensions: Vec<Encoded>,
}

/// An extension's object identifier and all of it, encoded.
type Encoded = (Vec<u8>, Vec<u8>);

impl Parts {
    /// Takes a leaf apart, if this authority would sign exactly it.
    ///
    /// # Errors
    /// [`PkiError::Unavailable`] where what is wrong does not lie in the signed part, or is not to be taken apart.
    pub(super) fn of_signed(leaf: &[u8], issuer: &Authority) -> Result<Self, PkiError> {
        let mut whole = Reader::new(
            Reader::new(leaf)
                .content(der::SEQUENCE)
                .map_err(|_| NOT_SIGNED_SO)?,
        );
        let to_be_signed = whole.whole(der::SEQUENCE).map_err(|_| NOT_SIGNED_SO)?;
        // Signing is deterministic: a leaf that comes out otherwise was signed by somebody else, or spoiled afterwards.
        if signed(issuer, to_be_signed)? != leaf {
            return Err(NOT_SIGNED_SO);
        }
        let parts = Self::read(to_be_signed).ok_or(NOT_SIGNED_SO)?;
        if parts.to_be_signed() != to_be_signed {
            return Err(NOT_SIGNED_SO);
        }
        Ok(parts)
    }

    fn read(to_be_signed: &[u8]) -> Option<Self> {
        let mut fields = Reader::new(Reader::new(to_be_signed).content(der::SEQUENCE).ok()?);
        let version = match fields.peek()? {
            VERSION => fields.whole(VERSION).ok()?.to_vec(),
            _ => Vec::new(),
        };
        let serial = fields.whole(der::INTEGER).ok()?.to_vec();
        let algorithm = fields.whole(der::SEQUENCE).ok()?.to_vec();
        let issuer = fields.whole(der::SEQUENCE).ok()?.to_vec();
        let mut parts = Self {
            before: [version, serial, algorithm, issuer],
            validity: fields.whole(der::SEQUENCE).ok()?.to_vec(),
            subject: fields.whole(der::SEQUENCE).ok()?.to_vec(),
            spki: fields.whole(der::SEQUENCE).ok()?.to_vec(),
            extensions: Vec::new(),
        };
        if let Some(wrapped) = fields.skip_if(EXTENSIONS).ok()? {
            let mut list = Reader::new(Reader::new(wrapped).content(der::SEQUENCE).ok()?);
            while !list.is_empty() {
                let (_, whole, content) = list.any().ok()?;
                let kind = Reader::new(content).whole(der::OBJECT_IDENTIFIER).ok()?;
                parts.extensions.push((kind.to_vec(), whole.to_vec()));
            }
        }
        fields.is_empty().then_some(parts)
    }

    /// Takes over the validity, the subject and the extensions in which a faulty leaf differs from a plain one.
    ///
    /// # Errors
    /// [`PkiError::Unavailable`] where it differs in nothing of that, so that its fault would be lost, or where what is wrong
    /// here already would be.
    pub(super) fn take_what_differs(&mut self, faulty: &Self, plain: &Self) -> Result<(), PkiError> {
        // The key's own identifier differs with every key and says nothing.
        let own_key = der::oid(oid::SUBJECT_KEY_IDENTIFIER);
        let mut differs = false;
        if faulty.validity != plain.validity {
            if self.validity != plain.validity && self.validity != faulty.validity {
                return Err(LOST);
            }
            self.validity.clone_from(&faulty.validity);
            differs = true;
        }
        if faulty.subject != plain.subject {
            if self.subject != plain.subject && self.subject != faulty.subject {
                return Err(LOST);
            }
            self.subject.clone_from(&faulty.subject);
            differs = true;
        }
        for (kind, whole) in faulty.extensions.iter().filter(|(kind, _)| *kind != own_key) {
            if !plain.extensions.iter().any(|(_, known)| known == whole) {
                let (known, now) = (plain.of_kind(kind), self.of_kind(kind));
                // All of the kind: that it stands twice may be the fault, of this one or of an earlier one.
                // What it replaces is the plain one first.
                let mut all = faulty.of_kind(kind);
                let mut rest = now.clone();
                for _ in 0..all.len().min(rest.len()) {
                    let place = rest.iter().position(|item| known.contains(item));
                    rest.remove(place.unwrap_or_default());
                }
                all.extend(rest);
                let keeps = |item: &Encoded| known.contains(item) || all.contains(item);
                if !now.iter().all(keeps) || (now.is_empty() && !known.is_empty()) {
                    return Err(LOST);
                }
                self.extensions.retain(|(other, _)| other != kind);
                self.extensions.extend(all);
                differs = true;
            }
        }
        for (kind, _) in plain.extensions.iter().filter(|(kind, _)| *kind != own_key) {
            if faulty.of_kind(kind).is_empty() {
                let now = self.of_kind(kind);
                if !now.is_empty() && now != plain.of_kind(kind) {
                    return Err(LOST);
                }
                self.extensions.retain(|(known, _)| known != kind);
                differs = true;
            }
        }
        if differs { Ok(()) } else { Err(NOT_SIGNED_SO) }
    }

    fn of_kind(&self, kind: &[u8]) -> Vec<Encoded> {
        let found = self.extensions.iter().filter(|(known, _)| known == kind);
        found.cloned().collect()
    }

    /// Puts another subject there.
    ///
    /// # Errors
    /// [`PkiError::Unavailable`] where a fault lies in the one that is there.
    pub(super) fn set_subject(&mut self, subject: &[u8], plain: &Self) -> Result<(), PkiError> {
        if self.subject != plain.subject {
            return Err(LOST);
        }
        self.subject = subject.to_vec();
        Ok(())
    }

    /// Puts other alternative names there.
    ///
    /// # Errors
    /// [`PkiError::Unavailable`] where a fault lies in those that are there.
    pub(super) fn set_alternative_names(&mut self, names: &[Vec<u8>], plain: &Self) -> Result<(), PkiError> {
        let extension = Extension::subject_alt_name(false, names);
        let kind = der::oid(oid::SUBJECT_ALT_NAME);
        if self.of_kind(&kind) != plain.of_kind(&kind) {
            return Err(LOST);
        }
        self.extensions.retain(|(known, _)| *known != kind);
        self.extensions.push((kind, extension.to_der()));
        Ok(())
    }

    pub(super) fn to_be_signed(&self) -> Vec<u8> {
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            let list: Vec<u8> = self
                .extensions
                .iter()
                .flat_map(|(_, whole)| whole.clone())
                .collect();
            der::context(3, &der::tlv(der::SEQUENCE, &list))
        };
        let [version, serial, algorithm, issuer] = &self.before;
        der::sequence(&[
            version,
            serial,
            algorithm,
            issuer,
            &self.validity,
            &self.subject,
            &self.spki,
            &extensions,
        ])
    }
}
