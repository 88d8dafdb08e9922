//! One case of a campaign, and the scenario file that it is.
//!
//! A case is written as a scenario and planned as one, so that what a campaign tried and what `gauntlet run --scenario` tries
//! are the same thing.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::complaint::Complaint;
use crate::scenario::load::load;
use crate::scenario::vocabulary::{Canary, ForgedNames, HttpVersion, Place, TlsVersion};
use crate::scenario::{Scenario, ScenarioId};

/// One case: what is presented, which headers are sent, over what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// The credential: a user, `none`, or `recipe:...`.
    pub present: String,
    /// Forged identity headers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forge: Option<Forging>,
    /// Header lines as a scenario writes them, escapes and placeholders included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Bytes of a filler header; none where 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub filler: usize,
    /// A secret that logs must not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plant: Option<Canary>,
    /// The only TLS version offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsVersion>,
    /// The version of HTTP.
    pub http: HttpVersion,
    /// The route, as a scenario names it.
    pub route: String,
}

/// Forged identity headers, as `forge` of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forging {
    /// Whose identity is claimed.
    pub identity: String,
    /// Only these roles; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// How the names are spelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spelling: Option<String>,
    /// Where the lines stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Which names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<ForgedNames>,
    /// `ROLE/NAME` of a hostile spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostile: Option<String>,
    /// Also a secret that nobody issued.
    #[serde(default, skip_serializing_if = "is_false")]
    pub secret: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Case {
    /// Alice, honest, over HTTP/1.1: where mutation and minimisation lead to.
    pub fn honest() -> Self {
        Self {
            present: "alice".to_owned(),
            forge: None,
            headers: Vec::new(),
            filler: 0,
            plant: None,
            tls: None,
            http: HttpVersion::Http11,
            route: "protected".to_owned(),
        }
    }

    /// The recipe of its certificate, where it has one.
    pub fn recipe(&self) -> Option<certs_gen::Recipe> {
        self.present.strip_prefix("recipe:")?.parse().ok()
    }

    /// Is anything but the certificate, the TLS and the HTTP version odd?
    pub fn has_odd_request(&self) -> bool {
        self.forge.is_some() || !self.headers.is_empty() || self.filler > 0 || self.plant.is_some()
    }

    /// The `[[attempt]]` table of a scenario file, without its `expect`.
    pub fn attempt(&self) -> String {
        let mut lines = vec![
            "[[attempt]]".to_owned(),
            format!("present = {}", quoted(&self.present)),
        ];
        if let Some(version) = self.tls {
            lines.push(format!("tls     = {{ version = \"{version}\" }}"));
        }
        lines.push(format!("http    = \"{}\"", self.http));
        let mut request = vec![format!("route = {}", quoted(&self.route))];
        if !self.headers.is_empty() {
            let pairs = self
                .headers
                .iter()
                .map(|(name, value)| format!("[{}, {}]", quoted(name), quoted(value)));
            request.push(format!("headers = [{}]", pairs.collect::<Vec<_>>().join(", ")));
        }
        if self.filler > 0 {
            request.push(format!("filler = {}", self.filler));
        }
        lines.push(format!("request = {{ {} }}", request.join(", ")));
        lines.extend(self.forge.as_ref().map(Forging::line));
        if let Some(planted) = self.plant {
            lines.push(format!(
                "leak    = {{ plant = [\"{planted}\"], search = [\"logs\"] }}"
            ));
        }
        lines.join("\n")
    }

    /// The case as a scenario that is planned but judged by the campaign's own oracles. `name` makes its nonces: what is tried
    /// twice under one name cannot be told apart in logs and in the tap.
    ///
    /// # Errors
    /// A [`Complaint`] where it is not one: a corpus file that somebody wrote by hand.
    pub fn scenario(&self, name: &str) -> Result<Scenario, Complaint> {
        let expect = if self.plant.is_some() {
            "no-canary"
        } else {
            "survived"
        };
        let text = format!(
            "title = \"a case\"\nseverity = \"low\"\nwhy = \"-\"\n[mend]\nany = \"-\"\n{}\nexpect = \"{expect}\"\n",
            self.attempt()
        );
        load(ScenarioId(format!("fuzz/{name}")), Path::new("case.toml"), &text)
    }
}

impl Forging {
    fn line(&self) -> String {
        let mut keys = vec![format!("identity = {}", quoted(&self.identity))];
        if !self.roles.is_empty() {
            let roles: Vec<String> = self.roles.iter().map(|role| quoted(role)).collect();
            keys.push(format!("roles = [{}]", roles.join(", ")));
        }
        keys.extend(
            self.spelling
                .iter()
                .map(|word| format!("spelling = {}", quoted(word))),
        );
        keys.extend(self.place.iter().map(|word| format!("place = \"{word}\"")));
        keys.extend(self.names.iter().map(|word| format!("names = \"{word}\"")));
        keys.extend(
            self.hostile
                .iter()
                .map(|word| format!("hostile = {}", quoted(word))),
        );
        if self.secret {
            keys.push("secret = true".to_owned());
        }
        format!("forge   = {{ {} }}", keys.join(", "))
    }
}

/// A TOML basic string. What a JSON string escapes, TOML escapes in the same way, except for DEL, which JSON leaves bare.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned())
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_a_scenario() {
        let case = Case {
            forge: Some(Forging {
                identity: "admin".to_owned(),
                roles: vec!["subject".to_owned()],
                spelling: Some("underscore".to_owned()),
                place: Some(Place::Twice),
                names: None,
                hostile: None,
                secret: true,
            }),
            headers: vec![("X-Odd\\xff".to_owned(), "\u{7f}\"\\r\\n{nonce}".to_owned())],
            filler: 7,
            plant: Some(Canary::Cookie),
            tls: Some(TlsVersion::Tls12),
            ..Case::honest()
        };
        let scenario = case.scenario("case-3").unwrap();
        let step = &scenario.rows[0].step;
        let request = step.request.as_ref().unwrap();
        assert_eq!(request.headers[0].1, "\u{7f}\"\\r\\n{nonce}");
        assert_eq!(
            step.forge.as_ref().unwrap().roles.as_deref().unwrap(),
            ["subject"]
        );
        assert_eq!(step.tls.version, Some(TlsVersion::Tls12));
        let json = serde_json::to_string(&case).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&json).unwrap(), case);
    }
}
