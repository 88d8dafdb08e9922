//! The hop behind the proxy: an exchange while the app shows the proxy another certificate, or asks for more.
//!
//! With the change of the certificate all connections to the app end. A proxy that finds out by sending the next request on one
//! of them answers 502 or 503, whatever it thinks of the certificate. So a refusal counts once the proxy has seen the
//! certificate, and is asked for again where the proxy said nothing against it.

use std::time::{Duration, Instant};

use attack_wire::tls::old_server::Answer;

use super::not_tried;
use crate::launch::Target;
use crate::observation::{Layer, Observation, Outcome};
use crate::tap::{SPOKEN_VERSION, Tap};

/// Exchanges before a refusal without a word from the proxy is believed.
const TRIES: usize = 3;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(100);

/// The client may have its 502 before the tap has read what the proxy said to an old version: how long that may take.
const WORD: Duration = Duration::from_secs(2);
/// Between two looks for it.
const LOOK: Duration = Duration::from_millis(10);

/// What the proxy said to the old version that is played, once it said something; `None` while another face is shown.
fn heard(tap: &Tap) -> Option<Vec<Answer>> {
    let begun = Instant::now();
    loop {
        let answers = tap.answers()?;
        if !answers.is_empty() || begun.elapsed() > WORD {
            return Some(answers);
        }
        std::thread::sleep(LOOK);
    }
}

/// Carries out `exchange` while the tap shows `face`, and puts the right one back whatever came of it. A proxy that refuses the
/// app says so to the tap: that is the evidence.
pub(super) fn behind(target: &Target, face: &str, mut exchange: impl FnMut() -> Observation) -> Observation {
    let Some(tap) = target.tap().filter(|tap| tap.show(Some(face))) else {
        return not_tried(format!("no tap can show the certificate `{face}`"));
    };
    let mut observation = exchange();
    for _ in 1..TRIES {
        let refused = matches!(observation.outcome, Outcome::Refused | Outcome::Elsewhere);
        let answered = heard(tap).is_some_and(|answers| !answers.is_empty());
        let tampered = tap.tampered().is_some_and(|count| count > 0);
        if !refused || !tap.refusals().is_empty() || answered || tampered {
            break;
        }
        std::thread::sleep(PAUSE);
        observation = exchange();
    }
    // What the client is answered says nothing of a handshake that nobody can finish: there the proxy's own words count.
    observation = match tap.answers() {
        Some(answers) => old_version(tap, face, &answers, exchange),
        None => shown(tap, face, observation),
    };
    if !tap.show(None) {
        observation
            .evidence
            .push("the tap could not show the right certificate again".to_owned());
    }
    observation
}

/// What came of another certificate, with what the proxy said of it.
fn shown(tap: &Tap, face: &str, mut observation: Observation) -> Observation {
    let refusals = tap.refusals();
    if tap.met() == 0 {
        observation = not_tried(format!("the proxy never came to see the certificate `{face}`"));
    } else if tap.tampered() == Some(0) {
        observation = not_tried(format!(
            "no answer came with `{face}` that could be tampered with"
        ));
    }
    if let Some(first) = refusals.first() {
        observation
            .evidence
            .push(format!("between the proxy and the app with `{face}`: {first}"));
    } else if let Some(count) = tap.tampered() {
        observation
            .evidence
            .push(format!("answers tampered with as `{face}`: {count}"));
    } else if observation.outcome == Outcome::Refused {
        observation
            .evidence
            .push("the proxy said nothing against the app's certificate".to_owned());
    }
    observation
}

/// Whether the proxy would speak an old version with the app. TLS 1.2 is played in the same way: a proxy that says the same to
/// both stumbles over the signature that is nobody's, and not over the version. OpenSSL says `protocol_version`, or, where only
/// its security level forbids the version, `internal_error`.
fn old_version(
    tap: &Tap,
    face: &str,
    answers: &[Answer],
    mut exchange: impl FnMut() -> Observation,
) -> Observation {
    let mut spoken = Vec::new();
    for _ in 0..TRIES {
        if spoken.is_empty() && tap.show(Some(SPOKEN_VERSION)) {
            drop(exchange());
            spoken = heard(tap).unwrap_or_default();
        }
    }
    let (Some(said), Some(to_spoken)) = (answers.first(), spoken.first()) else {
        return not_tried(format!(
            "the proxy left `{face}` or `{SPOKEN_VERSION}` without a word"
        ));
    };
    if *to_spoken == Answer::Alert(PROTOCOL_VERSION) {
        return not_tried(format!("the proxy refuses `{SPOKEN_VERSION}` too"));
    }
    if said == to_spoken {
        let mut observation = Observation::new(Layer::Tls, Outcome::Granted);
        observation.offered = Some(format!("the version of `{face}` from the app behind it"));
        observation.evidence.push(format!(
            "as with `{SPOKEN_VERSION}` it reads on to the signature: {said}"
        ));
        return observation;
    }
    let mut observation = Observation::new(Layer::Tls, Outcome::Refused);
    if let Answer::Alert(number) = said {
        observation.alert = Some(*number);
    }
    observation.evidence.push(format!(
        "{said} to `{face}`, and {to_spoken} to `{SPOKEN_VERSION}`, which is played in the same way"
    ));
    observation
}

/// RFC 8446 section 6.2.
const PROTOCOL_VERSION: u8 = 70;
