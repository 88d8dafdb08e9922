//! The hop behind the proxy: an exchange while the app shows the proxy another certificate, or asks for more.
//!
//! With the change of the certificate all connections to the app end. A proxy that finds out by sending the next request on one
//! of them answers 502 or 503, whatever it thinks of the certificate. So a refusal counts once the proxy has seen the
//! certificate, and is asked for again where the proxy said nothing against it.

use std::time::Duration;

use super::not_tried;
use crate::launch::Target;
use crate::observation::{Observation, Outcome};

/// Exchanges before a refusal without a word from the proxy is believed.
const TRIES: usize = 3;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(100);

/// Carries out `exchange` while the tap shows `face`, and puts the right one back whatever came of it. A proxy that refuses the
/// app says so to the tap: that is the evidence.
pub(super) fn behind(target: &Target, face: &str, mut exchange: impl FnMut() -> Observation) -> Observation {
    let Some(tap) = target.tap().filter(|tap| tap.show(Some(face))) else {
        return not_tried(format!("no tap can show the certificate `{face}`"));
    };
    let mut observation = exchange();
    for _ in 1..TRIES {
        let refused = matches!(observation.outcome, Outcome::Refused | Outcome::Elsewhere);
        if !refused || !tap.refusals().is_empty() {
            break;
        }
        std::thread::sleep(PAUSE);
        observation = exchange();
    }
    let refusals = tap.refusals();
    if tap.met() == 0 {
        observation = not_tried(format!("the proxy never came to see the certificate `{face}`"));
    }
    if let Some(first) = refusals.first() {
        observation
            .evidence
            .push(format!("between the proxy and the app with `{face}`: {first}"));
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
