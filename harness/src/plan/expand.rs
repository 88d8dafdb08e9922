//! From a scenario's rows to attempts with all their controls, or to the reason why not.

use std::collections::BTreeMap;

use super::Expect;
use super::absent::absent;
use super::bracket::{derived_controls, implied_before, written_control};
use super::canary;
use super::compose::{exchange, needs};
use super::control::ControlPlan;
use super::exchange::{Act, Exchange};
use super::forgery::{self, Forgery};
use super::hello;
use super::names::Surroundings;
use super::resolve::resolve;
use super::smuggling;
use super::state::{self, StateChange};
use super::variety::{Variety, varieties};
use crate::deployment::Facts;
use crate::scenario::Scenario;
use crate::scenario::step::{Keep, Step};
use crate::scenario::vocabulary::Need;

/// One row of a scenario: planned, or skipped with a reason.
#[derive(Debug, Clone, PartialEq)]
pub enum Planned {
    /// To be tried.
    Attempt(Box<Attempt>),
    /// Not to be tried here.
    Skip {
        /// The row's name.
        row: String,
        /// Why not.
        reason: String,
    },
}

/// One attempt, concrete.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The row's name; empty where there is only one.
    pub row: String,
    /// Exchanges that must be granted first.
    pub before: Vec<Act>,
    /// The state in which the attack and some of the controls are made, brought about after `before`.
    pub state: Option<StateChange>,
    /// Honest exchanges before and after.
    pub controls: Vec<ControlPlan>,
    /// The attack.
    pub act: Act,
    /// An honest reading that must not change.
    pub unchanged: Option<Act>,
    /// The same request for an object that does not exist, where the attack is about somebody else's (rule 8).
    pub absent: Option<Act>,
    /// What must come of it.
    pub expect: Expect,
}
/// Plans every row of a scenario.
pub fn plan(scenario: &Scenario, surroundings: &Surroundings<'_>) -> Vec<Planned> {
    let missing = scenario
        .needs
        .iter()
        .find(|need| !surroundings.deployment.facts.has(**need));
    if let Some(need) = missing {
        return vec![Planned::Skip {
            row: String::new(),
            reason: Facts::reason_without(*need).to_owned(),
        }];
    }
    let id = scenario.claim.id.0.as_str();
    if let Some(reason) = surroundings.deployment.file.limits.get(id) {
        return vec![Planned::Skip {
            row: String::new(),
            reason: limit(reason),
        }];
    }
    let mut planned = Vec::new();
    for row in &scenario.rows {
        if let Some(reason) = row_limit(&surroundings.deployment.file.limits, id, &row.name) {
            planned.push(Planned::Skip {
                row: row.name.clone(),
                reason: limit(reason),
            });
            continue;
        }
        match varieties(row.name.clone(), &row.step, surroundings) {
            Ok(varieties) => planned.extend(varieties.iter().map(|variety| {
                match attempt(scenario, variety, surroundings) {
                    Ok(attempt) => Planned::Attempt(Box::new(attempt)),
                    Err(reason) => Planned::Skip {
                        row: variety.row.clone(),
                        reason,
                    },
                }
            })),
            Err(reason) => planned.push(Planned::Skip {
                row: row.name.clone(),
                reason,
            }),
        }
    }
    planned
}

fn limit(reason: &str) -> String {
    format!("the servers cannot: {reason}")
}

/// The deployment's reason why a row is beyond its servers: `id#part`, where the row's name is `part` or has it between plus
/// signs.
fn row_limit<'a>(limits: &'a BTreeMap<String, String>, id: &str, row: &str) -> Option<&'a str> {
    let rows = limits
        .iter()
        .filter_map(|(key, reason)| Some((key.strip_prefix(id)?.strip_prefix('#')?, reason)));
    rows.into_iter()
        .find(|(part, _)| row.split('+').any(|one| one == *part))
        .map(|(_, reason)| reason.as_str())
}

fn attempt(
    scenario: &Scenario,
    variety: &Variety,
    surroundings: &Surroundings<'_>,
) -> Result<Attempt, String> {
    let step = &variety.step;
    let id = scenario.claim.id.0.as_str();
    let nonce = |part: &str| surroundings.nonce(id, &variety.row, part);
    let forgery = match &step.forge {
        Some(forge) => forgery::write(
            forge,
            step.user.as_deref().unwrap_or("alice"),
            surroundings,
            &nonce("secret"),
        )?,
        None => Forgery::default(),
    };
    let act = match (&step.storage, &step.hello) {
        (Some(storage), _) => {
            needs(Need::Storage, surroundings)?;
            Act::Storage(storage.check)
        }
        (None, Some(offer)) => Act::Hello(hello::build(offer, surroundings)?),
        (None, None) => {
            let mut exchange = exchange(step, variety.backend, &forgery, nonce("attack"), surroundings)?;
            if let Some(smuggle) = &step.smuggle {
                smuggling::hide(&mut exchange, smuggle, &forgery, &nonce, surroundings)?;
            }
            if let (Some(planted), Some(leak)) = (variety.canary, &step.leak) {
                canary::plant(
                    &mut exchange,
                    planted,
                    &leak.search,
                    &nonce("canary"),
                    surroundings,
                )?;
            }
            Act::Exchange(Box::new(exchange))
        }
    };
    let expect = resolve(step, &act, &forgery, surroundings)?;
    let mut act = act;
    if let Act::Exchange(exchange) = &mut act {
        exchange.look_at_tap = step.forge.is_some()
            || matches!(
                expect,
                Expect::NotForwarded(_) | Expect::OwnOrRefused { .. } | Expect::OwnForwarded(_)
            );
        if expect == Expect::Audited {
            exchange.look_in_logs = true;
            exchange.audit = Some(canary::traces(exchange, surroundings));
        }
    }
    let nested = |steps: &[Step], part: &str| -> Result<Vec<Exchange>, String> {
        let numbered = steps.iter().enumerate();
        numbered
            .map(|(index, nested)| {
                let nonce = nonce(&format!("{part}{index}"));
                exchange(nested, 0, &Forgery::default(), nonce, surroundings)
            })
            .collect()
    };
    let mut earlier = nested(&step.before, "before")?;
    // A ticket of one TLS version resumes nothing in the other: it is fetched in the version of the attempt.
    for keeper in earlier
        .iter_mut()
        .filter(|exchange| exchange.keep == Some(Keep::Ticket))
    {
        keeper.tls.version = step.tls.version.or(keeper.tls.version);
    }
    let mut before: Vec<Act> = earlier
        .into_iter()
        .map(|exchange| Act::Exchange(Box::new(exchange)))
        .collect();
    before.extend(implied_before(step, &nonce, surroundings)?);
    let mut controls = derived_controls(step, &act, &expect, &nonce, surroundings)?;
    for (written, exchange) in step.control.iter().zip(nested(&step.control, "control")?) {
        let mut control = written_control(written, exchange, surroundings)?;
        control.in_state = step.state.is_some();
        controls.push(control);
    }
    let unchanged = match &step.unchanged {
        Some(reading) => Some(Act::Exchange(Box::new(exchange(
            reading,
            0,
            &Forgery::default(),
            nonce("reading"),
            surroundings,
        )?))),
        None => None,
    };
    let absent = match &mut act {
        Act::Exchange(exchange) => absent(step, exchange, nonce("absent"), surroundings),
        Act::Hello(_) | Act::Storage(_) => None,
    };
    Ok(Attempt {
        row: variety.row.clone(),
        before,
        state: state::change(step, &nonce, surroundings)?,
        controls,
        act,
        unchanged,
        absent: absent.map(|exchange| Act::Exchange(Box::new(exchange))),
        expect,
    })
}
