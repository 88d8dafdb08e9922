//! How an attacker writes a dialect's headers so that a loose reader takes them for what they are not.
//!
//! Each [`HostileValue`] is what the app is handed when the proxy saw one client and the attacker would be another: the
//! proxy's own headers with one of them misspelt, doubled, joined, cut, or replaced by the words that mean "nobody"
//! elsewhere. A strict reader refuses it, reads nobody, or still reads the client that the proxy saw. A forgery written
//! exactly as the proxy writes is not among them: no reader can tell it from the truth. Nor is Traefik's list with the
//! victim's certificate in front, where the Info header is not sent: that is how the product sends a chain.

mod encodings;
mod names;
mod texts;
mod values;

use super::{Client, Dialect, EncodeError, Form, Header, HeaderNames, Role, RoleSpec};

/// One hostile spelling of one header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostileValue {
    /// A word for the spelling, unique for the role.
    pub name: &'static str,
    /// The header that it is about.
    pub role: Role,
    /// All that the app is handed, in order.
    pub lines: Vec<Header>,
    /// What a loose reader makes of it.
    pub why: &'static str,
}

/// A value and what it is for.
pub(super) struct Spelt {
    pub(super) name: &'static str,
    pub(super) value: Vec<u8>,
    pub(super) why: &'static str,
}

/// The hostile spellings of every header in `names`, for an app whose proxy saw `own` while the attacker would be
/// `victim`.
pub(super) fn list(
    dialect: &dyn Dialect,
    own: &Client,
    victim: &Client,
    names: &HeaderNames,
) -> Result<Vec<HostileValue>, EncodeError> {
    let proxys = dialect.encode(own, names)?;
    let forged = dialect.encode(victim, names)?;
    let mut found = Vec::new();
    for spec in dialect.roles() {
        let Some(name) = names.get(spec.role) else {
            continue;
        };
        let value = |headers: &[Header]| {
            headers
                .iter()
                .find(|header| header.name == name)
                .map(|header| header.value.clone())
        };
        let Some(target) = value(&forged) else { continue };
        let honest = value(&proxys);
        let place = Place {
            proxys: &proxys,
            name,
            role: spec.role,
        };
        found.extend(names::spellings(&place, spec, honest.is_some(), &target));
        for spelt in values::spellings(spec, honest.as_deref().unwrap_or_default(), &target) {
            // What the proxy sends itself is no forgery.
            if spelt.value != target && Some(&spelt.value) != honest.as_ref() {
                found.push(place.replaced(spelt));
            }
        }
        if spec.form == Form::StructuredChain {
            let why = "the chain's first certificate is read, although the client's is missing";
            found.push(place.hostile(
                "without-certificate",
                vec![Header::new(name, target.clone())],
                why,
            ));
        }
        if let Some(stripped) = place.stripped(spec, honest.is_some()) {
            found.push(stripped);
        }
    }
    Ok(found)
}

/// Where a spelling goes.
struct Place<'a> {
    proxys: &'a [Header],
    name: &'a str,
    role: Role,
}

impl Place<'_> {
    fn hostile(&self, name: &'static str, lines: Vec<Header>, why: &'static str) -> HostileValue {
        HostileValue {
            name,
            role: self.role,
            lines,
            why,
        }
    }

    /// The proxy's headers, this one with another value.
    fn replaced(&self, spelt: Spelt) -> HostileValue {
        let mut lines = self.proxys.to_vec();
        match lines.iter_mut().find(|header| header.name == self.name) {
            Some(header) => header.value = spelt.value,
            None => lines.push(Header::new(self.name, spelt.value)),
        }
        self.hostile(spelt.name, lines, spelt.why)
    }

    /// The proxy's headers and another line.
    fn added(&self, name: &'static str, header: Header, why: &'static str) -> HostileValue {
        let lines = self.proxys.iter().cloned().chain([header]).collect();
        self.hostile(name, lines, why)
    }

    /// The proxy's headers without this one, where it always sends it: the client named it in `Connection`.
    fn stripped(&self, spec: &RoleSpec, is_sent: bool) -> Option<HostileValue> {
        if spec.absent.is_none() || !is_sent || self.proxys.len() < 2 {
            return None;
        }
        let lines = self
            .proxys
            .iter()
            .filter(|header| header.name != self.name)
            .cloned()
            .collect();
        let why =
            "the client named it in Connection and a hop took it away: missing is not the same as trusted";
        Some(self.hostile("stripped", lines, why))
    }
}
