//! Certificates by recipe: what a fuzzing campaign mints, as a short text that mints the same kind of certificate under any
//! PKI.
//!
//! ```text
//! fault=expired-1-day;name=replace/cn/utf8/alice%2cCN%3dadmin;san=dns/admin;der=double/12/0;key=3
//! ```
//!
//! Parts are separated by `;`. Everything is optional and in any order:
//!
//! | part | meaning |
//! | --- | --- |
//! | `user=NAME` | whose names it starts from; the main user's without it |
//! | `fault=NAME` | a row of [`FAULTS`]; several are combined where all of them lie in the signed part |
//! | `name=WHERE/TYPE/STRING/TEXT` | the subject changed: [`Where`], `cn` `o` `ou` `uid` `email` `dc`, a string type, percent-encoded text |
//! | `san=KIND/TEXT` | one more alternative name: `email`, `dns`, `uri` |
//! | `der=HOW/ELEMENT/NUMBER` | surgery on the encoded TBSCertificate, which the issuing authority then really signs |
//! | `key=N` | which of the few keys of recipes it is for |
//!
//! What a recipe must not do is cure: a combination in which one part could undo what another did wrong is refused, so that
//! whoever knows the parts knows what is wrong with the whole.

mod name;
mod parts;
mod surgery;

use std::fmt;
use std::str::FromStr;

pub use name::{NameEdit, NameKind, SanEdit, SanKind, StringKind, Where};
pub use surgery::{Cut, Surgery};

use crate::authority::{Authority, Role};
use crate::credential::Credential;
use crate::fault::{FAULTS, Fault, Group, Mint, Minted};
use crate::key::{KeyAlgorithm, KeyPair};
use crate::pki::Pki;
use crate::spec::PkiError;
use parts::Parts;

/// How many keys recipes share: a few, so that a campaign need not make one for each case.
pub const KEYS: u8 = 8;
/// Most faults in one recipe.
pub const MOST_FAULTS: usize = 3;
/// Most edits of each kind in one recipe.
pub const MOST_EDITS: usize = 16;

/// A certificate as a list of what is odd about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipe {
    /// Whose names it starts from; the main user's without one.
    pub user: Option<String>,
    /// Rows of [`FAULTS`].
    pub faults: Vec<String>,
    /// Changes of the subject, in order.
    pub names: Vec<NameEdit>,
    /// Further alternative names.
    pub san: Vec<SanEdit>,
    /// Surgery before the signature, in order.
    pub surgery: Vec<Surgery>,
    /// Which key, below [`KEYS`].
    pub key: u8,
}

/// Why a text is no recipe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    /// A part has no `=`, or its word is unknown.
    #[error(
        "read the part `{0}` of a recipe: valid are user=, fault=, name=WHERE/TYPE/STRING/TEXT, san=KIND/TEXT, der=HOW/ELEMENT/NUMBER, key="
    )]
    Part(String),
    /// A percent sign is not followed by two hexadecimal digits.
    #[error("read the text `{0}` of a recipe: a `%` without two hexadecimal digits")]
    Text(String),
    /// A list is longer than it may be.
    #[error("read a recipe: too many parts of one kind")]
    TooMany,
}

/// Everything but letters, digits, `.`, `_`, `-` and `@` is percent-encoded, so that separators and quotes never show.
pub(crate) fn encode(text: &[u8]) -> String {
    text.iter().fold(String::new(), |mut written, byte| {
        if byte.is_ascii_alphanumeric() || b"._-@".contains(byte) {
            written.push(char::from(*byte));
        } else {
            written.push_str(&format!("%{byte:02x}"));
        }
        written
    })
}

pub(crate) fn decode(text: &str) -> Result<Vec<u8>, RecipeError> {
    let wrong = || RecipeError::Text(text.to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || {
            let digit = rest.next().and_then(|digit| char::from(digit).to_digit(16));
            digit.and_then(|digit| u8::try_from(digit).ok())
        };
        let (high, low) = (digit().ok_or_else(wrong)?, digit().ok_or_else(wrong)?);
        bytes.push(high * 16 + low);
    }
    Ok(bytes)
}

impl fmt::Display for Recipe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = Vec::new();
        written.extend(
            self.user
                .iter()
                .map(|user| format!("user={}", encode(user.as_bytes()))),
        );
        written.extend(
            self.faults
                .iter()
                .map(|fault| format!("fault={}", encode(fault.as_bytes()))),
        );
        written.extend(self.names.iter().map(|edit| format!("name={edit}")));
        written.extend(self.san.iter().map(|edit| format!("san={edit}")));
        written.extend(self.surgery.iter().map(|surgery| format!("der={surgery}")));
        if self.key != 0 || written.is_empty() {
            written.push(format!("key={}", self.key));
        }
        formatter.write_str(&written.join(";"))
    }
}

impl FromStr for Recipe {
    type Err = RecipeError;

    fn from_str(text: &str) -> Result<Self, RecipeError> {
        let mut recipe = Self::default();
        let plain = |value: &str| {
            decode(value)
                .and_then(|bytes| String::from_utf8(bytes).map_err(|_| RecipeError::Text(value.to_owned())))
        };
        for part in text.split(';') {
            let wrong = || RecipeError::Part(part.to_owned());
            let (word, value) = part.split_once('=').ok_or_else(wrong)?;
            match word {
                "user" => recipe.user = Some(plain(value)?),
                "fault" => recipe.faults.push(plain(value)?),
                "name" => recipe.names.push(NameEdit::read(value).ok_or_else(wrong)?),
                "san" => recipe.san.push(SanEdit::read(value).ok_or_else(wrong)?),
                "der" => recipe.surgery.push(Surgery::read(value).ok_or_else(wrong)?),
                "key" => recipe.key = value.parse().map_err(|_| wrong())?,
                _ => return Err(wrong()),
            }
        }
        let edits = [recipe.names.len(), recipe.san.len(), recipe.surgery.len()];
        if recipe.faults.len() > MOST_FAULTS || edits.into_iter().any(|count| count > MOST_EDITS) {
            return Err(RecipeError::TooMany);
        }
        Ok(recipe)
    }
}

impl Recipe {
    /// Is nothing odd about it?
    #[must_use]
    pub fn is_honest(&self) -> bool {
        self.faults.is_empty() && self.names.is_empty() && self.san.is_empty() && self.surgery.is_empty()
    }
}

impl Pki {
    /// Mints a certificate by recipe.
    ///
    /// # Errors
    /// [`PkiError::Unavailable`] for parts that cannot be combined; [`PkiError::UnknownUser`] and
    /// [`PkiError::UnknownCredential`] for names that this PKI does not have; and why a fault cannot be minted.
    pub fn by_recipe(&self, recipe: &Recipe) -> Result<Credential, PkiError> {
        let user = match &recipe.user {
            Some(name) => self.user(name)?,
            None => self.main_user()?,
        };
        let mut faults = Vec::new();
        for name in &recipe.faults {
            let found: Option<&&'static Fault> = FAULTS.iter().find(|fault| fault.name == name);
            faults.push(*found.ok_or_else(|| PkiError::UnknownCredential(name.clone()))?);
        }
        can_be_combined(recipe, &faults)?;
        let issuer = self.authority(Role::Issuing)?;
        let label = format!("recipe-{}", recipe.key % KEYS);
        let mut minted = match faults.split_first() {
            None => {
                let key = KeyPair::derive(self.spec().seed, &label, KeyAlgorithm::P256)
                    .map_err(PkiError::key(label.as_str()))?;
                let draft = self.leaf(issuer, user, &key, self.serial(&recipe.to_string()));
                let leaf = issuer.sign(&draft).map_err(PkiError::key(Role::Issuing.slug()))?;
                Minted {
                    chain: issuer.chain_of(leaf),
                    key,
                }
            }
            Some((first, _)) => (first.mint)(&Mint::new(self, user, first.name))?,
        };
        let more = faults.get(1..).unwrap_or_default();
        if !more.is_empty()
            || !recipe.names.is_empty()
            || !recipe.san.is_empty()
            || !recipe.surgery.is_empty()
        {
            let leaf = minted.chain.first().ok_or(NOT_SIGNED_SO)?;
            let mut parts = Parts::of_signed(leaf, issuer)?;
            let plain = issuer.sign(&self.leaf(issuer, user, &minted.key, self.serial(&label)));
            let plain = plain.map_err(PkiError::key(label.as_str()))?;
            let plain = Parts::of_signed(&plain, issuer)?;
            for fault in more {
                let other = (fault.mint)(&Mint::new(self, user, fault.name))?;
                if other.chain.get(1..) != issuer.chain_of(Vec::new()).get(1..) {
                    return Err(PkiError::Unavailable(
                        "a fault of the chain comes first in a recipe",
                    ));
                }
                let other = Parts::of_signed(other.chain.first().ok_or(NOT_SIGNED_SO)?, issuer)?;
                parts.take_what_differs(&other, &plain)?;
            }
            if !recipe.names.is_empty() {
                parts.set_subject(&name::subject(&user.subject, &recipe.names), &plain)?;
            }
            if !recipe.san.is_empty() {
                parts.set_alternative_names(&name::alternative_names(&user.san, &recipe.san), &plain)?;
            }
            let to_be_signed = surgery::operate(parts.to_be_signed(), &recipe.surgery);
            if let Some(leaf) = minted.chain.first_mut() {
                *leaf = signed(issuer, &to_be_signed)?;
            }
        }
        Ok(Credential {
            name: format!("recipe:{recipe}"),
            user: user.name.clone(),
            chain: minted.chain,
            key: minted.key,
            twin: user.name.clone(),
            fault: faults.first().copied(),
        })
    }
}

const NOT_SIGNED_SO: PkiError = PkiError::Unavailable(
    "the fault does not lie in what the issuing authority signs: it stands alone in a recipe",
);

const LOST: PkiError =
    PkiError::Unavailable("another part of the recipe lies in the same field: one of the two would be lost");

/// Signs an encoded TBSCertificate and puts the certificate together.
fn signed(issuer: &Authority, to_be_signed: &[u8]) -> Result<Vec<u8>, PkiError> {
    let algorithm = issuer.key.usual_signature();
    let signature = issuer
        .key
        .sign(algorithm, to_be_signed)
        .map_err(PkiError::key(Role::Issuing.slug()))?;
    Ok(crate::der::sequence(&[
        to_be_signed,
        &algorithm.identifier(),
        &crate::der::bits(&signature),
    ]))
}

/// No part may undo another.
fn can_be_combined(recipe: &Recipe, faults: &[&'static Fault]) -> Result<(), PkiError> {
    let in_names = |fault: &&&'static Fault| fault.group == Group::Names;
    if !recipe.surgery.is_empty() && !faults.is_empty() {
        return Err(PkiError::Unavailable("surgery could cure the fault beside it"));
    }
    let renamed = !recipe.names.is_empty() || !recipe.san.is_empty();
    if renamed && faults.iter().any(|fault| in_names(&fault)) {
        return Err(PkiError::Unavailable(
            "another name could cure the fault of the name",
        ));
    }
    if faults.iter().filter(in_names).count() > 1 {
        return Err(PkiError::Unavailable("one fault of the names could cure another"));
    }
    let mut groups: Vec<Group> = faults.iter().map(|fault| fault.group).collect();
    groups.sort();
    groups.dedup();
    if groups.len() < faults.len() {
        return Err(PkiError::Unavailable(
            "two faults of one group could cure each other",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
