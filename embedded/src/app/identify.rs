//! Who sends this request? The proxy's proof first, then the certificate's user, then what else claims to be somebody.

use std::sync::PoisonError;

use hyper::StatusCode;
use hyper::header::HeaderMap;

use super::App;
use super::config::{CertificateProfile, UserRole};
use super::fault;
use super::user::{self, User};
use crate::identity::{Told, Verdict};
use crate::soundness::sound;

/// Headers of other conventions that a gullible app believes.
const OTHER_HEADERS: [&str; 5] = [
    "remote-user",
    "x-auth-user",
    "x-forwarded-user",
    "x-remote-user",
    "x-user",
];

/// Who sends a request, and how that is known.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) name: String,
    pub(super) role: UserRole,
    /// `certificate`, or what a fault takes instead.
    pub(super) via: &'static str,
    pub(super) subject: Option<String>,
    /// Whether the API key of the same user came along.
    pub(super) has_key: bool,
}

/// Why a request is refused.
pub(super) type Refusal = (StatusCode, &'static str);

/// What is known before the route is chosen.
pub(super) struct Evidence<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) session: Option<String>,
}

/// Compares without telling by the time taken how much is equal.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .fold(0, |all, (left, right)| all | (left ^ right))
            == 0
}

impl App {
    /// Whether the proxy's proof is there, once.
    pub(super) fn is_from_proxy(&self, headers: &HeaderMap) -> bool {
        // FAULT secret.
        if self.config.faults.secret == fault::Secret::Ignore {
            return true;
        }
        let Some((name, secret)) = &self.convention.secret else {
            return true;
        };
        let mut values = headers.get_all(name).iter();
        let first = values.next();
        values.next().is_none() && first.is_some_and(|value| same(value.as_bytes(), secret.as_bytes()))
    }

    /// Works out the caller; `Ok(None)` is nobody.
    pub(super) fn identify(&self, evidence: &Evidence<'_>) -> Result<Option<Caller>, Refusal> {
        let faults = &self.config.faults;
        let told = self.told(evidence.headers)?;
        let by_certificate = match told {
            Some(told) => Some(self.caller(&told)?),
            None => None,
        };
        let by_session = match &evidence.session {
            None => None,
            Some(identifier) => self.session(identifier),
        };
        let key = evidence
            .headers
            .get("x-api-key")
            .map(|value| value.as_bytes().to_vec());
        let by_key = match &key {
            None => None,
            Some(key) => {
                let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
                users
                    .iter()
                    .find(|user| user.api_key.as_ref().is_some_and(|own| same(own.as_bytes(), key)))
                    .map(|user| user.name.clone())
            }
        };
        let Some(mut caller) = by_certificate else {
            // FAULT session = fallback, api-key = fallback, other-headers.
            if faults.session == fault::Session::Fallback
                && let Some(user) = by_session.and_then(|name| self.user(&name))
            {
                return Ok(Some(Caller::of(&user, "session")));
            }
            let either = faults.api_key == fault::ApiKey::Fallback
                || faults.second_factor == fault::SecondFactor::Either;
            if either && let Some(user) = by_key.and_then(|name| self.user(&name)) {
                let mut caller = Caller::of(&user, "api-key");
                caller.has_key = true;
                return Ok(Some(caller));
            }
            if faults.other_headers == fault::OtherHeaders::Fallback {
                let named = OTHER_HEADERS
                    .iter()
                    .find_map(|name| evidence.headers.get(*name)?.to_str().ok());
                if let Some(user) = named.and_then(|name| self.user(name)) {
                    return Ok(Some(Caller::of(&user, "header")));
                }
            }
            return Ok(None);
        };
        if let Some(owner) = by_session
            && owner != caller.name
        {
            // FAULT session = overrides.
            if faults.session != fault::Session::Overrides {
                return Err((StatusCode::FORBIDDEN, "the session is another user's"));
            }
            if let Some(user) = self.user(&owner) {
                caller = Caller::of(&user, "session");
            }
        }
        if key.is_some() {
            if by_key.as_deref() != Some(caller.name.as_str()) {
                return Err((StatusCode::FORBIDDEN, "the API key is not this user's"));
            }
            caller.has_key = true;
        }
        Ok(Some(caller))
    }

    /// What the identity headers say; `None` if they say nobody.
    fn told(&self, headers: &HeaderMap) -> Result<Option<Told>, Refusal> {
        let faults = &self.config.faults;
        let mut list: Vec<(String, Vec<u8>)> = Vec::new();
        for wanted in &self.convention.headers {
            let wanted = wanted.to_ascii_lowercase();
            let values: Vec<&[u8]> = match faults.names {
                fault::Names::Exact => headers
                    .get_all(wanted.as_str())
                    .iter()
                    .map(|value| value.as_bytes())
                    .collect(),
                // FAULT names: the odd spelling overwrites the plain one, as in a server that fills a dictionary.
                fault::Names::Merge => {
                    let mut same: Vec<_> = headers
                        .iter()
                        .filter(|(name, _)| name.as_str().replace(['_', '.'], "-") == wanted)
                        .collect();
                    same.sort_by_key(|(name, _)| name.as_str() != wanted);
                    same.into_iter().map(|(_, value)| value.as_bytes()).collect()
                }
            };
            let merged = faults.names == fault::Names::Merge;
            // FAULT duplicates.
            let value = match (values.as_slice(), faults.duplicates) {
                ([], _) => continue,
                ([value], _) => *value,
                ([.., last], _) if merged => last,
                (_, fault::Duplicates::Refuse) => {
                    return Err((StatusCode::BAD_REQUEST, "an identity header came twice"));
                }
                ([first, ..], fault::Duplicates::First) => first,
                ([.., last], fault::Duplicates::Last) => last,
            };
            list.push((wanted, value.to_vec()));
        }
        self.convention
            .decode(&list)
            .map_err(|_| (StatusCode::BAD_REQUEST, "the identity headers are not understood"))
    }

    fn caller(&self, told: &Told) -> Result<Caller, Refusal> {
        let faults = &self.config.faults;
        // FAULT verify.
        if told.verdict == Verdict::Failed && faults.verify == fault::Verify::Success {
            return Err((StatusCode::FORBIDDEN, "the certificate was not verified"));
        }
        if self.config.certificate_profile == CertificateProfile::Check {
            let leaf = told
                .leaf
                .as_ref()
                .ok_or((StatusCode::FORBIDDEN, "the certificate was not forwarded"))?;
            sound(leaf).map_err(|why| (StatusCode::FORBIDDEN, why))?;
        }
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(user) = user::find(&users, told, self.config.mapping, faults) {
            let mut caller = Caller::of(user, "certificate");
            caller.subject.clone_from(&told.subject);
            return Ok(caller);
        }
        let name = told
            .common_names
            .first()
            .cloned()
            .unwrap_or_else(|| "nameless".to_owned());
        // FAULT unknown-user.
        match faults.unknown_user {
            fault::UnknownUser::Refuse => {
                Err((StatusCode::FORBIDDEN, "nobody is enrolled under this certificate"))
            }
            fault::UnknownUser::Create => {
                let user = match users.iter().find(|user| user.name == name) {
                    Some(user) => user.clone(),
                    None => {
                        let user = User::created(name, told);
                        users.push(user.clone());
                        user
                    }
                };
                Ok(Caller::of(&user, "certificate"))
            }
            fault::UnknownUser::Serve => Ok(Caller {
                name,
                role: UserRole::User,
                via: "certificate",
                subject: told.subject.clone(),
                has_key: false,
            }),
        }
    }
}

impl Caller {
    fn of(user: &User, via: &'static str) -> Self {
        Self {
            name: user.name.clone(),
            role: user.role,
            via,
            subject: None,
            has_key: false,
        }
    }
}
