//! What must never come of a case, whatever the case is.
//!
//! Nothing here knows what a deployment answers to odd input: a refusal of any kind is fine. What is held is who may be
//! granted, and what may reach the app, the logs and the client.

use std::collections::BTreeMap;

use certs_gen::{FAULTS, Group, Strict};
use client_identity::Certificate;

use super::case::Case;
use crate::deployment::file::Mapping;
use crate::judge::{forwarded, server_error};
use crate::observation::{Observation, Outcome};
use crate::plan::exchange::CanaryPlan;
use crate::plan::resolve::own_forwarded;
use crate::plan::{Act, Surroundings};
use crate::scenario::vocabulary::{ForgedNames, Place};

crate::word::words! {
    /// What was offended.
    Oracle {
        /// Somebody was granted who must not be, or as somebody else.
        Grant = "grant",
        /// Another identity than the presented certificate's reached the app.
        Forwarded = "forwarded",
        /// A server answered that it failed.
        ServerError = "server-error",
        /// A secret stands in the logs.
        Leak = "leak",
        /// A server process ended, or the honest client is not served any more.
        Died = "died",
        /// A server's memory grows without end.
        Memory = "memory",
        /// The same case is granted in one version of TLS or HTTP and refused, or granted as somebody else, in another.
        Versions = "versions",
    }
}

/// An offence, and the words of the scenario file that would show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    /// Which oracle.
    pub oracle: Oracle,
    /// What happened, a sentence without secrets.
    pub says: String,
    /// The `expect` of a scenario that fails where it happens.
    pub expect: String,
}

/// Who may be granted on the protected route.
#[derive(Debug, Clone, PartialEq, Eq)]
enum May {
    /// Nobody.
    Nobody,
    /// This enrolled user, or nobody.
    Own(String),
    /// Nobody who is enrolled; the certificate's own name is no offence.
    Stranger,
}

const DAY: i64 = 24 * 60 * 60;

/// All that one exchange offends by itself; logs and processes are looked at elsewhere.
pub(super) fn offences(
    case: &Case,
    act: &Act,
    observation: &Observation,
    surroundings: &Surroundings<'_>,
    now: i64,
) -> Vec<Offence> {
    let mut found = Vec::new();
    if let Some(offence) = grant(case, observation, surroundings, now) {
        found.push(offence);
    }
    let own = own_forwarded(act, surroundings).ok();
    if let Some(says) = own.and_then(|own| forwarded::another(&own, observation)) {
        found.push(Offence {
            oracle: Oracle::Forwarded,
            says,
            expect: "\"own-forwarded\"".to_owned(),
        });
    }
    found.extend(failure(case, observation, &surroundings.deployment.file.limits));
    found
}

/// A server that answers that it failed, unless `[limits]` says that it does over what is odd in this case.
fn failure(case: &Case, observation: &Observation, limits: &BTreeMap<String, String>) -> Option<Offence> {
    let status = server_error(observation)?;
    if asked_by(case).is_some_and(|row| limits.contains_key(&row)) {
        return None;
    }
    Some(Offence {
        oracle: Oracle::ServerError,
        says: format!("answered {status}"),
        expect: "\"no-server-error\"".to_owned(),
    })
}

/// The offence of a planted secret that stands in the logs.
pub(super) fn leak(canary: &CanaryPlan, place: &str) -> Offence {
    // The run's folder has another name each time.
    let place = place.rsplit('/').next().unwrap_or(place);
    Offence {
        oracle: Oracle::Leak,
        says: format!("{place} holds the {}", canary.what),
        expect: "\"no-canary\"".to_owned(),
    }
}

fn grant(
    case: &Case,
    observation: &Observation,
    surroundings: &Surroundings<'_>,
    now: i64,
) -> Option<Offence> {
    if observation.outcome != Outcome::Granted {
        return None;
    }
    let deployment = surroundings.deployment;
    let says = observation.summary();
    let offence = |expect: String| {
        Some(Offence {
            oracle: Oracle::Grant,
            says: says.clone(),
            expect,
        })
    };
    match may(case, surroundings, now) {
        May::Nobody => offence("\"refused\"".to_owned()),
        May::Own(user) => {
            let shown = deployment.shown_as(&user);
            let anonymous = deployment.file.app.identity.is_none() || case.route != "protected";
            if anonymous || observation.identity.as_deref() == Some(shown.as_str()) {
                return None;
            }
            offence(format!("{{ identity = \"{user}\", or = \"refused\" }}"))
        }
        May::Stranger => {
            let enrolled = deployment
                .file
                .users
                .keys()
                .any(|user| observation.identity.as_deref() == Some(deployment.shown_as(user).as_str()));
            if observation.identity.is_some() && !enrolled {
                return None;
            }
            offence("\"own-or-refused\"".to_owned())
        }
    }
}

fn may(case: &Case, surroundings: &Surroundings<'_>, now: i64) -> May {
    if case.present == "none" {
        return May::Nobody;
    }
    let Some(recipe) = case.recipe() else {
        return May::Own(case.present.clone());
    };
    let faults: Vec<_> = recipe
        .faults
        .iter()
        .filter_map(|name| FAULTS.iter().find(|fault| fault.name == name))
        .collect();
    let file = &surroundings.deployment.file;
    if faults
        .iter()
        .any(|fault| fault.strict == Strict::Refuse && !is_limit(&file.limits, fault.name))
    {
        return May::Nobody;
    }
    let user = recipe.user.clone().unwrap_or_else(|| "alice".to_owned());
    let leaf = surroundings
        .certificates
        .chain(&case.present)
        .ok()
        .and_then(|chain| chain.into_iter().next());
    let Some(leaf) = leaf else { return May::Nobody };
    let Ok(certificate) = Certificate::from_der(&leaf) else {
        // What cannot be read strictly may be refused; whoever reads it all the same must see whose it is.
        return May::Own(user);
    };
    if certificate.validity.not_after < now - DAY || certificate.validity.not_before > now + DAY {
        return May::Nobody;
    }
    let texts = |certificate: &Certificate| -> Vec<(client_identity::Oid, Option<String>)> {
        let attributes = certificate.subject.attributes();
        attributes
            .map(|attribute| (attribute.oid.clone(), attribute.text()))
            .collect()
    };
    if file.app.identity.is_none() {
        // An app that is told no names serves whomever the authority signed.
        return May::Own(user);
    }
    let mapping = file
        .identity
        .as_ref()
        .map_or(Mapping::Subject, |identity| identity.mapping);
    // The CA may have named somebody else than the recipe began with: then it is that user's own.
    let named = |user: &&String| {
        let chain = surroundings.certificates.chain(user).ok();
        let Some(own) = chain.and_then(|chain| Certificate::from_der(chain.first()?).ok()) else {
            return false;
        };
        match mapping {
            Mapping::Subject => texts(&certificate) == texts(&own),
            Mapping::San => own
                .subject_alt_names
                .iter()
                .any(|name| certificate.subject_alt_names.contains(name)),
            Mapping::IssuerSerial | Mapping::Fingerprint => false,
        }
    };
    let enrolled = file.users.keys();
    if let Some(owner) = std::iter::once(&user).chain(enrolled).find(named) {
        May::Own(owner.clone())
    } else if faults.iter().any(|fault| fault.group == Group::Names) {
        May::Stranger
    } else {
        May::Nobody
    }
}

/// The row that asks whether servers fail over what is odd in this case, where they may without a remedy.
fn asked_by(case: &Case) -> Option<String> {
    let forge = case.forge.as_ref()?;
    if forge.place != Some(Place::Trailer) {
        return None;
    }
    let row = match forge.names {
        Some(ForgedNames::WellKnown) => "well-known",
        Some(ForgedNames::Dialect) | None => forge.spelling.as_deref()?,
    };
    Some(format!("routing/trailer-spelling#{row}"))
}

/// Whether `[limits]` says that the servers take this fault whatever their configuration: by a scenario that is called after it,
/// or by a row.
fn is_limit(limits: &BTreeMap<String, String>, fault: &str) -> bool {
    limits
        .keys()
        .any(|key| key.rsplit(['/', '#']).next() == Some(fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::case::Forging;
    use crate::observation::{Layer, Response};

    #[test]
    fn a_limit_is_named_by_a_scenario_or_by_a_row() {
        let limits = ["certificate/sha1", "certificate/serial#serial-empty"]
            .map(|key| (key.to_owned(), "why".to_owned()))
            .into();
        for (fault, known) in [
            ("sha1", true),
            ("serial-empty", true),
            ("serial", false),
            ("certificate", false),
        ] {
            assert_eq!(is_limit(&limits, fault), known, "{fault}");
        }
    }

    #[test]
    fn a_limit_excuses_failures_over_what_its_row_asks_about() {
        let limits: BTreeMap<String, String> =
            [("routing/trailer-spelling#nul".to_owned(), "why".to_owned())].into();
        let mut failed = Observation::new(Layer::Http, Outcome::Refused);
        failed.response = Some(Response {
            status: 502,
            headers: Vec::new(),
            body: Vec::new(),
            complete: true,
        });
        let fails = |forge: Option<Forging>| {
            let case = Case {
                forge,
                ..Case::honest()
            };
            failure(&case, &failed, &limits).is_some()
        };
        let forging = |place: Place, spelling: Option<&str>, names: Option<ForgedNames>| {
            Some(Forging {
                identity: "bob".to_owned(),
                roles: Vec::new(),
                spelling: spelling.map(str::to_owned),
                place: Some(place),
                names,
                hostile: None,
                secret: false,
            })
        };
        assert!(fails(None));
        assert!(!fails(forging(Place::Trailer, Some("nul"), None)));
        assert!(fails(forging(Place::Twice, Some("nul"), None)));
        assert!(fails(forging(Place::Trailer, Some("bare-cr"), None)));
        assert!(fails(forging(Place::Trailer, None, None)));
        assert!(fails(forging(
            Place::Trailer,
            Some("nul"),
            Some(ForgedNames::WellKnown)
        )));
    }

    #[test]
    fn every_expectation_is_a_scenario_that_loads() {
        let words = [
            "\"refused\"",
            "\"own-or-refused\"",
            "\"own-forwarded\"",
            "\"no-server-error\"",
            "\"no-canary\"",
            "{ identity = \"alice\", or = \"refused\" }",
        ];
        for expect in words {
            let text = format!(
                "title = \"x\"\nseverity = \"high\"\nwhy = \"x\"\n[mend]\nany = \"x\"\n{}\nexpect = {expect}\n",
                Case::honest().attempt()
            );
            let id = crate::scenario::ScenarioId("fuzz/x".to_owned());
            crate::scenario::load::load(id, std::path::Path::new("x.toml"), &text)
                .unwrap_or_else(|complaint| panic!("{complaint}"));
        }
    }
}
