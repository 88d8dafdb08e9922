//! After a round in which somebody was no longer served: each suspect is done again alone, on a fresh server where we can
//! start one.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use super::Ground;
use super::chunk::{self, Shift};
use super::work::{Means, Standing, Suspect, Work};
use crate::attack::{Attacker, Wallet};
use crate::event::{AttemptResult, Event};
use crate::judge::{Verdict, aftermath};
use crate::launch::LaunchError;
use crate::plan::{Planned, plan};

/// Makes the ground again: all servers anew.
pub(super) type Fresh<'a> = &'a dyn Fn() -> Result<Ground, LaunchError>;

/// Does every suspect again, alone. Gives the ground back, which may be a fresh one.
///
/// # Errors
/// [`LaunchError`] where the deployment cannot be started again.
pub(super) fn confirm(
    work: &mut Work<'_>,
    mut ground: Ground,
    suspects: Vec<Suspect>,
    fresh: Fresh<'_>,
    means: &Means<'_>,
    hear: &mut dyn FnMut(Event),
) -> Result<Ground, LaunchError> {
    let mut guilty: BTreeSet<usize> = BTreeSet::new();
    for suspect in suspects {
        if means.over() {
            return Ok(ground);
        }
        // One row is enough to fail its scenario; each more of them would cost another server.
        if guilty.contains(&suspect.scenario) {
            work.settle(suspect.scenario, suspect.row, None, hear);
            continue;
        }
        if ground.target.is_launched() && !ground.serves(means.options) {
            ground = fresh()?;
        }
        let result = again(work, &ground, &suspect, means);
        let brought_down = result
            .as_ref()
            .is_some_and(|result| result.verdict.kind == crate::judge::VerdictKind::Fail);
        if brought_down {
            guilty.insert(suspect.scenario);
        }
        work.settle(suspect.scenario, suspect.row, result, hear);
    }
    // What is open of a scenario that brings the server down would only do so again.
    for index in guilty {
        work.give_up(
            index,
            "not tried: another attempt of this scenario brings the server down",
            hear,
        );
    }
    Ok(ground)
}

/// The attempt, alone. `None` where nothing more can be said than before.
fn again(work: &Work<'_>, ground: &Ground, suspect: &Suspect, means: &Means<'_>) -> Option<AttemptResult> {
    let surroundings = ground.surroundings(means.options.seed);
    let planned = plan(work.scenario(suspect.scenario)?, &surroundings);
    let Some(Planned::Attempt(attempt)) = planned.into_iter().nth(suspect.row) else {
        return None;
    };
    let wallet = Wallet::default();
    let attacker = Attacker {
        deployment: &ground.deployment,
        target: &ground.target,
        wallet: &wallet,
        timeout: means.options.timeout,
    };
    let shift = Shift {
        attacker: &attacker,
        exchanges: means.exchanges,
        gone: &AtomicBool::new(false),
    };
    let done = chunk::alone(&shift, suspect.row, &attempt).into_iter().next()?;
    match done.standing {
        Standing::Judged => Some(done.result),
        Standing::Gone => None,
        Standing::Unserved(lost) => {
            let dead: Vec<String> = ground
                .target
                .dead()
                .iter()
                .map(|dead| format!("`{}` ({})", dead.name, dead.status))
                .collect();
            let verdict: Verdict = aftermath::brought_down(&suspect.lost, &lost, &dead);
            Some(AttemptResult {
                verdict,
                ..done.result
            })
        }
    }
}

/// Tells of servers that ended by themselves.
pub(super) fn tell_of_the_dead(ground: &Ground, hear: &mut dyn FnMut(Event)) {
    for dead in ground.target.dead() {
        hear(Event::Notice {
            text: format!(
                "the server `{}` died ({}): {}",
                dead.name,
                dead.status,
                dead.last_lines.join(" | ")
            ),
        });
    }
}
