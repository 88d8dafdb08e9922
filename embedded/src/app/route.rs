//! The views.

use std::fmt::Write as _;
use std::sync::PoisonError;

use aws_lc_rs::rand;
use hyper::header::{self, HeaderValue};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::config::UserRole;
use super::identify::{Caller, same};
use super::request::{Call, is_https, parse_pairs};
use super::{App, fault, page};
use crate::serve::Answer;

/// Longest note in octets.
const LONGEST_NOTE: usize = 4096;

const NOT_FOUND: (StatusCode, &str) = (StatusCode::NOT_FOUND, "there is nothing here");
const FORBIDDEN: (StatusCode, &str) = (StatusCode::FORBIDDEN, "this is not yours");

/// Which kind of access to an object is asked for.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Access {
    Change,
    Nested,
    Read,
}

impl App {
    /// What everybody may see.
    pub(super) fn public(&self, call: &Call) -> Answer {
        match call.path.as_str() {
            "/healthz" => page::json(StatusCode::OK, &json!({ "status": "ok", "nonce": call.nonce })),
            _ => page::text(StatusCode::OK, "text/css", "body { margin: 2em }\n".to_owned()),
        }
    }

    /// What the caller may see; nobody gets here only by a fault.
    pub(super) fn view(&self, call: &Call, caller: Option<&Caller>) -> Answer {
        let method = match &call.method {
            &Method::HEAD => Method::GET,
            other => other.clone(),
        };
        let segments: Vec<&str> = call.path.split('/').skip(1).collect();
        match (method.as_str(), segments.as_slice()) {
            ("GET", ["whoami"]) => self.whoami(call, caller),
            ("GET", ["boom"]) => self.boom(call),
            ("GET", ["accounts"]) => self.list(call, caller),
            ("GET", ["accounts", owner]) => self.account(call, caller, owner, Access::Read),
            ("GET", ["accounts", owner, "notes"]) => self.account(call, caller, owner, Access::Nested),
            ("POST" | "PUT" | "DELETE", ["accounts", owner]) => self.change(call, caller, owner),
            ("GET", ["admin", "report"]) => self.admin(call, caller, || json!({ "report": "all is well" })),
            ("GET", ["admin", "users"]) => self.admin(call, caller, || self.count()),
            ("GET", ["csrf"]) => self.csrf_token(call),
            ("POST", ["transfer"]) => self.transfer(call, caller),
            ("POST", ["login"]) => self.login(call, caller),
            ("GET", ["vault"]) => self.vault(call, caller),
            ("GET", _) => call.refuse(NOT_FOUND),
            _ => call.refuse((StatusCode::METHOD_NOT_ALLOWED, "not with this method")),
        }
    }

    fn whoami(&self, call: &Call, caller: Option<&Caller>) -> Answer {
        let mut value = json!({
            "identity": caller.map(|caller| &caller.name),
            "role": caller.map(|caller| caller.role.word()),
            "via": caller.map(|caller| caller.via),
            "subject": caller.and_then(|caller| caller.subject.as_ref()),
            "nonce": call.nonce,
        });
        // FAULT reflection.
        if self.config.faults.reflection == fault::Reflection::Headers
            && let Some(object) = value.as_object_mut()
        {
            object.insert("headers".to_owned(), Value::String(dump(call)));
        }
        page::json(StatusCode::OK, &value)
    }

    fn boom(&self, call: &Call) -> Answer {
        // FAULT error-page.
        match self.config.faults.error_page {
            fault::ErrorPage::Generic => {
                call.refuse((StatusCode::INTERNAL_SERVER_ERROR, "something went wrong"))
            }
            fault::ErrorPage::Debug => page::text(
                StatusCode::INTERNAL_SERVER_ERROR,
                "text/plain",
                format!(
                    "Traceback (most recent call last):\n  File \"views.py\", line 1, in boom\n\nMETA\n{}",
                    dump(call)
                ),
            ),
        }
    }

    /// Whether the caller may have `owner`'s object. A refusal looks as it does for an object that is not there.
    fn may(&self, caller: Option<&Caller>, owner: &str, access: Access) -> bool {
        // FAULT objects.
        let open = match self.config.faults.objects {
            fault::Objects::Check | fault::Objects::OpenFilter | fault::Objects::ToldApart => false,
            fault::Objects::Open => true,
            fault::Objects::OpenRead => access == Access::Read,
            fault::Objects::OpenNested => access == Access::Nested,
        };
        open || caller.is_some_and(|caller| caller.name == owner)
    }

    fn list(&self, call: &Call, caller: Option<&Caller>) -> Answer {
        let own = caller.map(|caller| caller.name.clone()).unwrap_or_default();
        let wanted = call.query("owner").map_or_else(|| own.clone(), str::to_owned);
        // FAULT objects = open, open-filter.
        let open = matches!(
            self.config.faults.objects,
            fault::Objects::Open | fault::Objects::OpenFilter
        );
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts: Vec<Value> = notes
            .iter()
            .filter(|(owner, _)| **owner == wanted && (open || **owner == own))
            .map(|(owner, note)| json!({ "owner": owner, "note": note }))
            .collect();
        page::json(
            StatusCode::OK,
            &json!({ "identity": own, "accounts": accounts, "nonce": call.nonce }),
        )
    }

    fn account(&self, call: &Call, caller: Option<&Caller>, owner: &str, access: Access) -> Answer {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.may(caller, owner, access) {
            // FAULT objects = told-apart.
            let told = self.config.faults.objects == fault::Objects::ToldApart && !notes.contains_key(owner);
            return call.refuse(if told { NOT_FOUND } else { FORBIDDEN });
        }
        let Some(note) = notes.get(owner) else {
            return call.refuse(NOT_FOUND);
        };
        let identity = caller.map(|caller| &caller.name);
        page::json(
            StatusCode::OK,
            &json!({ "identity": identity, "owner": owner, "note": note, "nonce": call.nonce }),
        )
    }

    fn change(&self, call: &Call, caller: Option<&Caller>, owner: &str) -> Answer {
        if !self.may(caller, owner, Access::Change) {
            return call.refuse(FORBIDDEN);
        }
        let note = if call.method == Method::DELETE {
            String::new()
        } else {
            let body: Option<Value> = serde_json::from_slice(&call.body).ok();
            match body
                .as_ref()
                .and_then(|body| body.get("note"))
                .and_then(Value::as_str)
            {
                Some(note) if note.len() <= LONGEST_NOTE => note.to_owned(),
                Some(_) | None => {
                    return call.refuse((StatusCode::BAD_REQUEST, "a note in JSON is expected"));
                }
            }
        };
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = notes.get_mut(owner) else {
            return call.refuse(NOT_FOUND);
        };
        *kept = note;
        let identity = caller.map(|caller| &caller.name);
        page::json(
            StatusCode::OK,
            &json!({ "identity": identity, "owner": owner, "changed": true, "nonce": call.nonce }),
        )
    }

    fn admin(&self, call: &Call, caller: Option<&Caller>, value: impl Fn() -> Value) -> Answer {
        // FAULT roles, and nobody by the faults that let nobody in.
        let allowed = match caller {
            Some(caller) => {
                caller.role == UserRole::Admin || self.config.faults.roles == fault::Roles::Presence
            }
            None => true,
        };
        if !allowed {
            return call.refuse((StatusCode::FORBIDDEN, "this needs another role"));
        }
        let mut value = value();
        if let Some(object) = value.as_object_mut() {
            object.insert("identity".to_owned(), json!(caller.map(|caller| &caller.name)));
            object.insert("nonce".to_owned(), json!(call.nonce));
        }
        page::json(StatusCode::OK, &value)
    }

    fn count(&self) -> Value {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        json!({ "users": users.len(), "names": users.iter().map(|user| &user.name).collect::<Vec<_>>() })
    }

    fn csrf_token(&self, call: &Call) -> Answer {
        let token = random();
        let mut answer = page::json(StatusCode::OK, &json!({ "token": token, "nonce": call.nonce }));
        // The page's script reads this cookie, so it is not HttpOnly.
        self.set_cookie(&mut answer, call, "csrftoken", &token, false);
        answer
    }

    fn transfer(&self, call: &Call, caller: Option<&Caller>) -> Answer {
        let token = call.headers.get("x-csrftoken").map(HeaderValue::as_bytes);
        let cookie = call.cookie("csrftoken");
        let proven = match (token, &cookie) {
            (Some(token), Some(cookie)) => cookie.len() >= 32 && same(token, cookie.as_bytes()),
            (None, _) | (_, None) => false,
        };
        // FAULT csrf.
        if !proven && self.config.faults.csrf == fault::Csrf::Check {
            return call.refuse((StatusCode::FORBIDDEN, "the CSRF token is missing or wrong"));
        }
        let identity = caller.map(|caller| &caller.name);
        page::json(
            StatusCode::OK,
            &json!({ "identity": identity, "transferred": true, "nonce": call.nonce }),
        )
    }

    fn login(&self, call: &Call, caller: Option<&Caller>) -> Answer {
        let form = parse_pairs(std::str::from_utf8(&call.body).unwrap_or_default());
        let field = |key: &str| {
            form.iter()
                .find(|(other, _)| other == key)
                .map(|(_, value)| value.as_str())
        };
        let name = field("user").unwrap_or_default();
        let password = field("password").unwrap_or_default();
        let known = self
            .user(name)
            .and_then(|user| user.password)
            .is_some_and(|own| !own.is_empty() && same(own.as_bytes(), password.as_bytes()));
        if !known || caller.is_none_or(|caller| caller.name != name) {
            return call.refuse((
                StatusCode::FORBIDDEN,
                "the certificate and the password are not of one user",
            ));
        }
        // FAULT session = fixation.
        let identifier = match (self.config.faults.session, call.cookie("sessionid")) {
            (fault::Session::Fixation, Some(theirs)) => theirs,
            (
                fault::Session::Bound
                | fault::Session::Fallback
                | fault::Session::Overrides
                | fault::Session::Fixation,
                _,
            ) => random(),
        };
        self.remember(identifier.clone(), name.to_owned());
        let mut answer = page::json(
            StatusCode::OK,
            &json!({ "identity": name, "login": true, "nonce": call.nonce }),
        );
        self.set_cookie(&mut answer, call, "sessionid", &identifier, true);
        answer
    }

    /// Needs the certificate and the API key.
    fn vault(&self, call: &Call, caller: Option<&Caller>) -> Answer {
        let both = caller.is_some_and(|caller| caller.has_key && caller.via == "certificate");
        // FAULT second-factor.
        if !both && self.config.faults.second_factor == fault::SecondFactor::Required {
            return call.refuse((StatusCode::FORBIDDEN, "a second factor is required"));
        }
        let identity = caller.map(|caller| &caller.name);
        page::json(
            StatusCode::OK,
            &json!({ "identity": identity, "vault": "open", "nonce": call.nonce }),
        )
    }

    fn set_cookie(&self, answer: &mut Answer, call: &Call, name: &str, value: &str, http_only: bool) {
        let faults = &self.config.faults;
        let mut cookie = format!("{name}={value}; Path=/");
        // FAULT cookies, forwarded-proto.
        if faults.cookies != fault::Cookies::NoSecure
            && (faults.forwarded_proto == fault::ForwardedProto::Ignore || is_https(call))
        {
            cookie.push_str("; Secure");
        }
        if http_only && faults.cookies != fault::Cookies::NoHttpOnly {
            cookie.push_str("; HttpOnly");
        }
        if faults.cookies != fault::Cookies::NoSameSite {
            cookie.push_str("; SameSite=Strict");
        }
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// All headers, for the faults that show them.
fn dump(call: &Call) -> String {
    call.headers
        .iter()
        .fold(String::new(), |mut text, (name, value)| {
            let _ = writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
            text
        })
}

/// 128 random bits in hexadecimal.
fn random() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness there is no token: an empty one never passes the length check.
    if rand::fill(&mut bytes).is_err() {
        return String::new();
    }
    bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
