//! The deployment's state during an attempt, and the honest probes by which it is seen.

use super::bracket::plain_honest;
use super::compose::needs;
use super::exchange::{Act, Exchange};
use super::names::Surroundings;
use crate::scenario::state::{MARKER, StateStep, TrustState};
use crate::scenario::step::Step;
use crate::scenario::vocabulary::Need;

/// The credential that is issued for one attempt and expires during it.
pub const SHORT_LIVED: &str = "short-lived";

/// The sibling that is never revoked.
const SIBLING: &str = "bob";
/// Revoked in every set of lists: where it is granted, none is in force.
const LISTED: &str = "revoked";
/// A client of the CA that stays trusted when the users' root is taken out.
const PARTNERS: &str = "alice-via-partner";

/// What is different while an attempt is made.
#[derive(Debug, Clone, PartialEq)]
pub struct StateChange {
    /// As the file says it.
    pub step: StateStep,
    /// Honest probes.
    pub probes: Box<Probes>,
}

/// Exchanges that show which state holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Probes {
    /// Presents the marker: what the first lists revoke and no others do, or whose CA is taken out.
    pub marker: Act,
    /// Presents the sibling, whom nothing touches.
    pub sibling: Act,
    /// Presents what all lists revoke.
    pub listed: Act,
}

/// The state that a step asks for.
///
/// # Errors
/// The reason to skip.
pub(super) fn change(
    step: &Step,
    nonce: &impl Fn(&str) -> String,
    surroundings: &Surroundings<'_>,
) -> Result<Option<StateChange>, String> {
    let Some(state) = &step.state else {
        return Ok(None);
    };
    if !surroundings.setting.launched {
        return Err("needs a deployment whose state is ours to change: one that is launched".to_owned());
    }
    if state.reloads() {
        needs(Need::Reload, surroundings)?;
    }
    if state.ocsp.is_some() {
        needs(Need::Responder, surroundings)?;
    }
    if state.expired {
        needs(Need::Mint, surroundings)?;
    }
    for credential in state.revoke.iter().chain(&state.ocsp_for) {
        surroundings.certificates.chain(credential)?;
    }
    let act = |credential: &str, user: &str, route: &str, part: &str| -> Result<Act, String> {
        let exchange: Exchange = plain_honest(credential, user, route, nonce(part), surroundings)?;
        Ok(Act::Exchange(Box::new(exchange)))
    };
    let sibling = match state.trust {
        None => act(SIBLING, "bob", "protected", "sibling")?,
        // The app enrolled nobody of the partner's: what it serves to everybody shows that the front let the client in.
        Some(TrustState::PartnerOnly) => {
            needs(Need::Public, surroundings)?;
            act(PARTNERS, "alice", "public", "sibling")?
        }
    };
    let marker = match state.trust {
        None => MARKER,
        Some(TrustState::PartnerOnly) => SIBLING,
    };
    Ok(Some(StateChange {
        step: state.clone(),
        probes: Box::new(Probes {
            marker: act(marker, "bob", "protected", "marker")?,
            sibling,
            listed: act(LISTED, "alice", "protected", "listed")?,
        }),
    }))
}
