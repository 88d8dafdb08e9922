//! Judgements about a response's headers and about what was forwarded.

use client_identity::Certificate;

use super::verdict::{Verdict, VerdictKind};
use crate::observation::Observation;
use crate::scenario::expectation::{CookieRule, HeaderRule};

fn pass(reason: String) -> Verdict {
    Verdict {
        kind: VerdictKind::Pass,
        reason,
    }
}

fn fail(reason: String) -> Verdict {
    Verdict {
        kind: VerdictKind::Fail,
        reason,
    }
}

/// No forged value stands in a request that reached the app.
pub(super) fn not_forwarded(values: &[Vec<u8>], observation: &Observation) -> Verdict {
    for head in &observation.forwarded {
        let carried = values
            .iter()
            .filter(|value| value.len() > 3)
            .find(|value| contains(head, value));
        if let Some(value) = carried {
            let text: String = String::from_utf8_lossy(value).chars().take(60).collect();
            return fail(format!("the app was handed the forged value `{text}`"));
        }
    }
    match observation.forwarded.len() {
        0 => pass(format!("nothing was forwarded: {}", observation.summary())),
        _ => pass("the request was forwarded without any forged value".to_owned()),
    }
}

/// What was tampered with behind the proxy is no success to the client, or one that it can see is cut.
pub(super) fn incomplete_or_refused(observation: &Observation) -> Verdict {
    match &observation.response {
        Some(response) if (200..300).contains(&response.status) && response.complete => fail(format!(
            "the client is given it as a whole answer: {}, {} octets",
            observation.summary(),
            response.body.len()
        )),
        Some(response) if !response.complete => {
            pass(format!("the client can see that http {} is cut", response.status))
        }
        Some(_) | None => pass(format!("refused: {}", observation.summary())),
    }
}

/// A redirect to https on the front's own host.
pub(super) fn redirects_to(host: &str, observation: &Observation) -> Verdict {
    let Some(response) = &observation.response else {
        return pass(format!("nothing is served: {}", observation.summary()));
    };
    if !(300..400).contains(&response.status) {
        return match response.status {
            400..=499 => pass(format!("refused with {}", response.status)),
            status => fail(format!("answered {status} instead of a redirect to https")),
        };
    }
    let Some(location) = response.header("Location").next() else {
        return fail("a redirect without a Location".to_owned());
    };
    let authority = location
        .strip_prefix("https://")
        .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match authority.map(|authority| authority.rsplit_once(':').map_or(authority, |(name, _)| name)) {
        Some(name) if name.eq_ignore_ascii_case(host) => pass(format!("redirected to {location}")),
        Some(_) => fail(format!("redirected to another host: {location}")),
        None => fail(format!("redirected to something that is not https: {location}")),
    }
}

/// A rule about one response header.
pub(super) fn header(rule: &HeaderRule, observation: &Observation) -> Verdict {
    let Some(response) = &observation.response else {
        return Verdict::inconclusive(format!(
            "no response to read {} from: {}",
            rule.name,
            observation.summary()
        ));
    };
    let values: Vec<String> = response.header(&rule.name).map(str::to_lowercase).collect();
    let joined = values.join(", ");
    match (rule.present, values.is_empty()) {
        (Some(true), true) => return fail(format!("no {} header", rule.name)),
        (Some(false), false) => return fail(format!("a {} header: {joined}", rule.name)),
        (Some(_) | None, _) => {}
    }
    if let Some(unwanted) = rule
        .without
        .iter()
        .find(|unwanted| joined.contains(&unwanted.to_lowercase()))
    {
        return fail(format!("{} says `{unwanted}`: {joined}", rule.name));
    }
    if let Some(wanted) = rule
        .contains
        .as_ref()
        .filter(|wanted| !joined.contains(&wanted.to_lowercase()))
    {
        return fail(format!("{} does not say `{wanted}`: {joined}", rule.name));
    }
    if let Some(floor) = &rule.at_least {
        let found = directive(&joined, &floor.directive);
        return match found {
            Some(number) if number >= floor.value => {
                pass(format!("{} {} is {number}", rule.name, floor.directive))
            }
            Some(number) => fail(format!(
                "{} {} is {number}, less than {}",
                rule.name, floor.directive, floor.value
            )),
            None => fail(format!("{} has no {}", rule.name, floor.directive)),
        };
    }
    pass(format!("{} is as it must be", rule.name))
}

fn directive(text: &str, name: &str) -> Option<u64> {
    text.split([';', ',']).find_map(|part| {
        let (key, value) = part.trim().split_once('=')?;
        (key.trim() == name)
            .then(|| value.trim().trim_matches('"').parse().ok())
            .flatten()
    })
}

/// Attributes of the response's cookies (RFC 6265bis section 4.1.2).
pub(super) fn cookie(rule: &CookieRule, session: Option<&str>, observation: &Observation) -> Verdict {
    let Some(response) = &observation.response else {
        return Verdict::inconclusive(format!(
            "no response to read cookies from: {}",
            observation.summary()
        ));
    };
    let mut seen = 0;
    for cookie in response.header("Set-Cookie") {
        let mut parts = cookie.split(';').map(str::trim);
        let name = parts
            .next()
            .and_then(|pair| pair.split('=').next())
            .unwrap_or_default();
        if rule.session_only && session != Some(name) {
            continue;
        }
        seen += 1;
        let attributes: Vec<String> = parts.map(str::to_lowercase).collect();
        let has = |wanted: &str| attributes.iter().any(|attribute| attribute == wanted);
        let missing = [
            (rule.secure && !has("secure"), "Secure"),
            (rule.http_only && !has("httponly"), "HttpOnly"),
            (
                rule.same_site && !has("samesite=lax") && !has("samesite=strict"),
                "SameSite",
            ),
        ];
        if let Some((_, attribute)) = missing.iter().find(|(missing, _)| *missing) {
            return fail(format!("cookie `{name}` has no {attribute}"));
        }
    }
    match seen {
        0 => Verdict::inconclusive("the response sets no cookie to look at"),
        _ => pass("every cookie has its guards".to_owned()),
    }
}

/// The texts by which an app may rightly call the holder of a certificate: names of the subject and typed alternative names.
pub(super) fn names_of(certificate: &Certificate) -> Vec<String> {
    let mut names = certificate.subject.common_names();
    names.push(certificate.subject.to_rfc4514());
    names
}

pub(super) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && haystack.windows(needle.len()).any(|window| window == needle)
}
