//! Brings a state of the deployment about, waits until it is seen, and puts everything back.
//!
//! A list cannot be seen to be in force by what it says of the credential on trial: a server that ignores it and one that was
//! not reloaded look alike. So the lists with which a deployment is started revoke a marker, and no others do: new ones are
//! known to be in force when the marker is granted, or nobody is; the first ones again when it is refused and its sibling
//! is not.

use std::time::{Duration, Instant};

use certs_gen::Target as Revoked;

use super::chunk::Shift;
use crate::attack::{State, unix_now};
use crate::judge::Verdict;
use crate::judge::state::{Round, Sign, everybody_is_refused, unmarked, unseen};
use crate::launch::{LaunchError, Reload};
use crate::observation::{Observation, Outcome};
use crate::plan::{Act, StateChange};
use crate::scenario::state::{OcspSubject, TrustState};

/// How long a new state may take to be seen.
const SETTLING: Duration = Duration::from_secs(10);
/// How long a certificate's end may be waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// Between two rounds.
const PAUSE: Duration = Duration::from_millis(20);
/// How long a state must be seen without a break. nginx lets the old workers accept beside the new ones for 100 ms after a
/// reload (`ngx_master_process_cycle`), so that a few probes in a row can all meet new ones and the attempt an old one.
const HELD: Duration = Duration::from_millis(400);

/// A state that holds. Dropping it puts everything back, whatever became of the attempt.
pub(super) struct Entered<'s, 'a> {
    shift: &'s Shift<'a>,
    change: &'s StateChange,
    /// What a reader of the verdict must know of the state.
    pub(super) note: Option<String>,
    /// What the probes showed at first, and show again once everything is put back.
    initial: Sign,
    /// How sure the last reload is.
    reload: Reload,
    left: bool,
}

/// Brings the state about. `until` is the last second of the certificates that were issued for the attempts.
///
/// # Errors
/// The verdict on every attempt that needs it.
pub(super) fn enter<'s, 'a>(
    shift: &'s Shift<'a>,
    change: &'s StateChange,
    until: Option<i64>,
) -> Result<Entered<'s, 'a>, Verdict> {
    let mut entered = Entered {
        shift,
        change,
        note: None,
        initial: Sign::Honest,
        reload: Reload::NoWay,
        left: false,
    };
    entered.bring_about()?;
    if change.step.expired {
        wait_past(until)?;
    }
    Ok(entered)
}

/// Waits until a certificate has expired: the second after its last one has begun (RFC 5280 4.1.2.5: the last is inclusive).
fn wait_past(until: Option<i64>) -> Result<(), Verdict> {
    let Some(until) = until else {
        return Err(failed("no certificate was issued that could expire"));
    };
    let left = until.saturating_add(1).saturating_sub(unix_now()).max(0);
    let left = Duration::from_secs(left.unsigned_abs()) + PAUSE;
    if left > LONGEST_WAIT {
        return Err(failed(format!(
            "it would take {} s until it expires",
            left.as_secs()
        )));
    }
    std::thread::sleep(left);
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> Verdict {
    Verdict::inconclusive(format!("the state could not be brought about: {error}"))
}

impl Entered<'_, '_> {
    fn bring_about(&mut self) -> Result<(), Verdict> {
        let step = &self.change.step;
        if step.reloads() || step.ocsp.is_some() {
            let round = self.round();
            if everybody_is_refused(&round) {
                return Err(unseen(Sign::Honest, Some(&round), 0));
            }
            self.initial = if Sign::Marked.shown_by(&round) {
                Sign::Marked
            } else {
                Sign::Honest
            };
        }
        if step.revoke.is_some() || step.crl.is_some() {
            self.lists()?;
        }
        if let Some(TrustState::PartnerOnly) = step.trust {
            let target = self.shift.attacker.target;
            let pki = target.own_pki().map_err(failed)?;
            let authorities = pki.trust_anchors();
            target
                .put_trust(authorities.get(1..).unwrap_or_default())
                .map_err(failed)?;
            self.reload()?;
            self.settle(Sign::Marked)?;
        }
        self.responder()
    }

    fn lists(&mut self) -> Result<(), Verdict> {
        let (target, step) = (self.shift.attacker.target, &self.change.step);
        let unlisted = self.initial != Sign::Marked;
        if unlisted && self.perform(&self.change.probes.listed).outcome != Outcome::Granted {
            return Err(unmarked());
        }
        let pki = target.own_pki().map_err(failed)?;
        let now = pki.spec().now;
        let set = step
            .crl
            .as_deref()
            .filter(|name| *name != revocation_responder::FRESH);
        let (lists, sign) = match set {
            Some(name) => {
                let set = certs_gen::CRL_SETS.iter().find(|set| set.name == name);
                let set = set.ok_or_else(|| failed(format!("no set of lists is called `{name}`")))?;
                (set.make(pki).map_err(failed)?.crls, Sign::Unmarked)
            }
            None => {
                let mut revoked = Vec::new();
                if let Some(credential) = &step.revoke {
                    let leaf = self.leaf(credential)?;
                    revoked.push(pki.revocation(Revoked::Certificate(&leaf), now).map_err(failed)?);
                }
                (pki.crls_revoking(&revoked, now).map_err(failed)?, Sign::Honest)
            }
        };
        target.put_lists(&lists).map_err(failed)?;
        self.reload()?;
        if unlisted {
            // Nothing will ever show: whoever is revoked gets in, and that is for the attempt to tell.
            self.note = Some(
                "what is revoked from the start is granted: no list is in force here, reloaded or not"
                    .to_owned(),
            );
            return Ok(());
        }
        match self.settle(sign) {
            Ok(last) if everybody_is_refused(&last) => {
                self.note =
                    Some("in this state everybody below that CA is refused, revoked or not".to_owned());
            }
            Ok(_) => {}
            Err(unseen) if step.prompt => self.note = Some(unseen.reason),
            Err(unseen) => return Err(unseen),
        }
        Ok(())
    }

    fn reload(&mut self) -> Result<(), Verdict> {
        self.reload = self.shift.attacker.target.reload().map_err(failed)?;
        Ok(())
    }

    /// The certificate of a credential.
    fn leaf(&self, credential: &str) -> Result<Vec<u8>, Verdict> {
        self.certificate(credential, 0)
    }

    /// One of the certificates of a credential, 0 for its own.
    fn certificate(&self, credential: &str, place: usize) -> Result<Vec<u8>, Verdict> {
        let target = self.shift.attacker.target;
        let found = target.credentials().get(credential).map_err(failed)?;
        let certificate = found.chain.get(place).cloned();
        certificate.ok_or_else(|| failed("it has no such certificate"))
    }

    fn responder(&self) -> Result<(), Verdict> {
        let (target, step) = (self.shift.attacker.target, &self.change.step);
        let Some(handle) = target.responder() else {
            return Ok(());
        };
        let now = handle.pki().spec().now;
        // Where the reload is on trial, the lists alone shall tell.
        if let Some(credential) = step.revoke.as_ref().filter(|_| !step.prompt) {
            let leaf = self.leaf(credential)?;
            handle
                .revoke(Revoked::Certificate(&leaf), now)
                .map(drop)
                .map_err(failed)?;
        }
        let Some(word) = &step.ocsp else {
            return Ok(());
        };
        let behaviour = word.parse::<revocation_responder::Behaviour>().map_err(failed)?;
        match &step.ocsp_for {
            None => handle.set_behaviour(behaviour).map_err(failed),
            Some(credential) => {
                let place = match step.ocsp_of {
                    None | Some(OcspSubject::Leaf) => 0,
                    Some(OcspSubject::Issuer) => 1,
                };
                let certificate = self.certificate(credential, place)?;
                let named = handle
                    .pki()
                    .revocation(Revoked::Certificate(&certificate), now)
                    .map_err(failed)?;
                handle.set_behaviour_for(&named.serial, behaviour).map_err(failed)
            }
        }
    }

    fn perform(&self, act: &Act) -> Observation {
        self.shift.perform(act, &mut State::default())
    }

    fn round(&self) -> Round {
        Round {
            marker: self.perform(&self.change.probes.marker),
            sibling: self.perform(&self.change.probes.sibling),
        }
    }

    /// Waits until the state is seen several times in a row, and for [`HELD`] where a process was only told, and gives the last round.
    fn settle(&self, sign: Sign) -> Result<Round, Verdict> {
        let started = Instant::now();
        let mut rounds: Vec<Round> = Vec::new();
        let mut since = None;
        let held = if self.reload == Reload::Told {
            HELD
        } else {
            Duration::ZERO
        };
        loop {
            rounds.push(self.round());
            since = rounds
                .last()
                .filter(|round| sign.shown_by(round))
                .and_then(|_| since.or_else(|| Some(Instant::now())));
            if since.is_some_and(|since| since.elapsed() >= held)
                && sign.settled(&rounds)
                && let Some(last) = rounds.pop()
            {
                return Ok(last);
            }
            if started.elapsed() > SETTLING {
                return Err(unseen(sign, rounds.last(), SETTLING.as_secs()));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Puts everything back, and waits until that is seen.
    ///
    /// # Errors
    /// Why the deployment is not as it was.
    pub(super) fn leave(mut self) -> Result<(), Verdict> {
        self.put_back()
    }

    fn put_back(&mut self) -> Result<(), Verdict> {
        if std::mem::replace(&mut self.left, true) {
            return Ok(());
        }
        let (target, step) = (self.shift.attacker.target, &self.change.step);
        if let Some(handle) = target.responder() {
            handle.reset().map_err(failed)?;
        }
        if step.reloads() {
            let original = || -> Result<(), LaunchError> {
                target.put_initial_lists()?;
                target.put_trust(&target.own_pki()?.trust_anchors())
            };
            original().map_err(failed)?;
            self.reload()?;
            self.settle(self.initial)?;
        }
        Ok(())
    }
}

impl Drop for Entered<'_, '_> {
    fn drop(&mut self) {
        // Nobody is left to tell: the controls afterwards will.
        let _unsaid = self.put_back();
    }
}
