//! Who is enrolled, and which of them a certificate names.

use super::config::{AppConfig, Mapping, UserConfig, UserRole};
use super::fault::{AppFaults, Issuer, ListElement, Matching};
use crate::error::StartError;
use crate::identity::{Told, canonical_name, serial_text};

/// An enrolled user.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) role: UserRole,
    pub(super) password: Option<String>,
    pub(super) api_key: Option<String>,
    subject: Option<String>,
    issuer: Option<String>,
    names: Vec<String>,
    serial: Option<String>,
    fingerprint: Option<String>,
}

impl User {
    fn new(config: &UserConfig) -> Result<Self, StartError> {
        let name = |text: &Option<String>| text.as_deref().map(canonical_name).transpose();
        if config.name.is_empty()
            || !config
                .name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        {
            return Err(StartError::Value {
                what: format!("the user name {:?}: letters, digits and - only", config.name),
            });
        }
        Ok(Self {
            name: config.name.clone(),
            role: config.role,
            password: config.password.clone(),
            api_key: config.api_key.clone(),
            subject: name(&config.subject)?,
            issuer: name(&config.issuer)?,
            names: config.san.clone(),
            serial: config.serial.as_deref().map(serial_text),
            fingerprint: config
                .fingerprint
                .as_deref()
                .map(|text| text.replace(':', "").to_ascii_lowercase()),
        })
    }

    /// A user that a fault enrols on sight.
    pub(super) fn created(name: String, told: &Told) -> Self {
        Self {
            name,
            role: UserRole::User,
            password: None,
            api_key: None,
            subject: told.subject.clone(),
            issuer: told.issuer.clone(),
            names: told.names.clone(),
            serial: told.serial.clone(),
            fingerprint: told.fingerprint.clone(),
        }
    }
}

/// All users of the configuration.
pub(super) fn enrolled(config: &AppConfig) -> Result<Vec<User>, StartError> {
    config.users.iter().map(User::new).collect()
}

/// The user whom a certificate names.
pub(super) fn find<'a>(
    users: &'a [User],
    told: &Told,
    mapping: Mapping,
    faults: &AppFaults,
) -> Option<&'a User> {
    // FAULT list-element.
    let told = match (&told.last, faults.list_element) {
        (Some(last), ListElement::Last) => last,
        (_, ListElement::Leaf | ListElement::Last) => told,
    };
    users.iter().find(|user| {
        // FAULT issuer.
        let issued = faults.issuer == Issuer::Ignore || user.issuer.is_none() || user.issuer == told.issuer;
        issued && names(user, told, mapping, faults)
    })
}

fn names(user: &User, told: &Told, mapping: Mapping, faults: &AppFaults) -> bool {
    let equal = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    match mapping {
        Mapping::Subject => subject(user, told, faults.matching),
        Mapping::San => user.names.iter().any(|name| {
            // FAULT matching.
            told.names.iter().any(|other| match faults.matching {
                Matching::SplitAlternativeName => pieces(other).any(|piece| piece == *name),
                Matching::CaseInsensitive => other.eq_ignore_ascii_case(name),
                Matching::Trimmed => other.trim() == name,
                Matching::Folded => folded(other) == folded(name),
                Matching::Exact
                | Matching::CommonNamePattern
                | Matching::CommonNameOctets
                | Matching::FirstCommonName
                | Matching::LastCommonName => other == name,
            })
        }),
        Mapping::IssuerSerial => equal(&user.issuer, &told.issuer) && equal(&user.serial, &told.serial),
        Mapping::Fingerprint => equal(&user.fingerprint, &told.fingerprint),
    }
}

fn subject(user: &User, told: &Told, matching: Matching) -> bool {
    let Some(enrolled) = &user.subject else {
        return false;
    };
    let plain = |text: &str| {
        text.replace("\\ ", " ")
            .split(',')
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(",")
    };
    // FAULT matching.
    match (matching, &told.naive_subject) {
        (Matching::SplitAlternativeName, _) => {
            told.subject.as_ref() == Some(enrolled) || anywhere(user, told)
        }
        (Matching::Exact, _) | (_, None) => !told.odd_subject && told.subject.as_ref() == Some(enrolled),
        (Matching::Folded, Some(subject)) => folded(subject) == folded(enrolled),
        (Matching::CaseInsensitive, Some(subject)) => subject.eq_ignore_ascii_case(enrolled),
        (Matching::Trimmed, Some(subject)) => {
            plain(subject) == plain(enrolled) || pairs(subject).eq(pairs(enrolled))
        }
        (Matching::CommonNamePattern, Some(subject)) => pattern(subject) == Some(user.name.as_str()),
        (Matching::CommonNameOctets, _) => told.octet_names.first() == Some(&user.name),
        (Matching::FirstCommonName, _) => told.common_names.first() == Some(&user.name),
        (Matching::LastCommonName, _) => told.common_names.last() == Some(&user.name),
    }
}

/// Types and values of an RFC 4514 text, spaces around values and their escapes dropped.
fn pairs(text: &str) -> impl Iterator<Item = String> {
    text.split(',')
        .map(|pair| pair.replace("\\20", "").replace('\\', "").trim().to_owned())
}

/// Whether a piece of any alternative name, of whatever kind, is the user's address or name.
fn anywhere(user: &User, told: &Told) -> bool {
    let named = |piece: &str| {
        let (_, text) = piece.split_once(':').unwrap_or(("", piece));
        let last = text.rsplit(['/', ':']).next().unwrap_or(text);
        user.names.iter().any(|own| own == piece || own == text) || last == user.name
    };
    // The first name whole is what a careful app reads too.
    let first = told.names.first();
    told.names
        .iter()
        .any(|name| pieces(name).any(|piece| first != Some(&piece) && named(&piece)))
}

/// What is left of a text when letters that look alike are made one, and what is not seen is dropped.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|letter| !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}'))
        .map(|letter| match letter {
            '\u{0430}' => 'a',
            '\u{0435}' => 'e',
            '\u{0456}' | '\u{0131}' => 'i',
            '\u{043e}' => 'o',
            // The full-width forms stand in the order of ASCII.
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter)
            }
            other => other,
        })
        .collect()
}

fn pieces(name: &str) -> impl Iterator<Item = String> {
    let (kind, text) = name.split_once(':').unwrap_or(("", name));
    text.split(',')
        .map(move |piece| format!("{kind}:{}", piece.trim()))
}

/// What `CN=([\w-]+)` finds last in a text.
fn pattern(text: &str) -> Option<&str> {
    let (_, after) = text.rsplit_once("CN=")?;
    let end = after
        .find(|letter: char| !letter.is_alphanumeric() && letter != '-')
        .unwrap_or(after.len());
    after.get(..end).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gullible_pattern_believes_a_value() {
        assert_eq!(pattern("CN=alice\\,CN=admin,O=Example"), Some("admin"));
        assert_eq!(pattern("O=Example"), None);
    }

    #[test]
    fn a_folded_name_is_what_it_looks_like() {
        assert_eq!(folded("\u{0430}dm\u{0131}n\u{200b}"), "admin");
        assert_eq!(folded("\u{ff41}dmin"), "admin");
        assert_eq!(folded("alice"), "alice");
    }

    #[test]
    fn a_split_name_has_pieces_of_its_kind() {
        assert!(pieces("email:a@x,b@x").eq(["email:a@x".to_owned(), "email:b@x".to_owned()]));
    }
}
