//! The hop behind the proxy: an exchange while the app shows the proxy another certificate.

use super::not_tried;
use crate::launch::Target;
use crate::observation::{Observation, Outcome};

/// Carries out `exchange` while the tap shows `face`, and puts the right one back whatever came of it. A proxy that refuses the
/// app says so to the tap: that is the evidence.
pub(super) fn behind(target: &Target, face: &str, exchange: impl FnOnce() -> Observation) -> Observation {
    let Some(tap) = target.tap().filter(|tap| tap.show(Some(face))) else {
        return not_tried(format!("no tap can show the certificate `{face}`"));
    };
    let mut observation = exchange();
    let refusals = tap.refusals();
    if let Some(first) = refusals.first() {
        observation
            .evidence
            .push(format!("the proxy to the app's certificate `{face}`: {first}"));
    } else if observation.outcome == Outcome::Refused {
        observation
            .evidence
            .push("the proxy said nothing against the app's certificate".to_owned());
    }
    if !tap.show(None) {
        observation
            .evidence
            .push("the tap could not show the right certificate again".to_owned());
    }
    observation
}
