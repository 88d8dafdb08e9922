//! What the responder can be told to do: an answer of certs-gen's table, or trouble below OCSP.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use certs_gen::ocsp::{ANSWERS, Answer};
use thiserror::Error;

/// The longest that a stall or a drip goes on.
pub const MAX_WAIT: Duration = Duration::from_secs(600);

/// The trouble below OCSP, sorted, with what it means. The names of [`ANSWERS`] are behaviours too.
pub static BEHAVIOURS: &[(&str, &str)] = &[
    (
        "closed",
        "the port is closed: connections are refused, as when the responder is down",
    ),
    (
        "drip[:SECONDS]",
        "the honest answer, one octet each so many seconds (1): a deadline for each read never ends the wait",
    ),
    (
        "hang-up",
        "the request is read and the connection closed without an answer",
    ),
    (
        "http-STATUS",
        "an HTTP status from 400 to 599 with an empty body: no answer, and fail-open is a fail",
    ),
    (
        "stall[:SECONDS]",
        "the honest answer after so many seconds (60): whoever waits holds a connection, who does not must refuse",
    ),
];

/// Why a word is no behaviour.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum BehaviourError {
    /// Neither an answer nor trouble is called so.
    #[error("no behaviour is called `{word}`; there are {names}", names = names().join(", "))]
    Unknown {
        /// The word.
        word: String,
    },
    /// The number after the colon or dash is no number, or out of range.
    #[error("`{word}` needs {needs}")]
    Number {
        /// The word.
        word: String,
        /// What it needs.
        needs: &'static str,
    },
}

/// The names of all answers, then those of [`BEHAVIOURS`].
fn names() -> Vec<&'static str> {
    let answers = ANSWERS.iter().map(|answer| answer.name);
    answers.chain(BEHAVIOURS.iter().map(|(name, _)| *name)).collect()
}

/// What the responder does with a request. Trouble meets whoever fetches a CRL too; an answer does not concern him.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    /// Answers as this row says.
    Answer(&'static Answer),
    /// Refuses connections.
    Closed,
    /// Sends the honest answer, one octet each time.
    Drip(Duration),
    /// Reads the request and closes.
    HangUp,
    /// Answers with an HTTP status and no body.
    Http(u16),
    /// Sends the honest answer after a while.
    Stall(Duration),
}

impl Behaviour {
    /// The truth at once.
    ///
    /// # Errors
    /// [`BehaviourError::Unknown`] never, unless the table of answers lost its honest row.
    pub fn honest() -> Result<Self, BehaviourError> {
        Answer::HONEST.parse()
    }
}

impl PartialEq for Behaviour {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Behaviour {}

impl fmt::Display for Behaviour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(answer) => formatter.write_str(answer.name),
            Self::Closed => formatter.write_str("closed"),
            Self::Drip(pause) => write!(formatter, "drip:{}", pause.as_secs_f64()),
            Self::HangUp => formatter.write_str("hang-up"),
            Self::Http(status) => write!(formatter, "http-{status}"),
            Self::Stall(wait) => write!(formatter, "stall:{}", wait.as_secs_f64()),
        }
    }
}

impl FromStr for Behaviour {
    type Err = BehaviourError;

    fn from_str(word: &str) -> Result<Self, BehaviourError> {
        if let Some(answer) = Answer::find(word) {
            return Ok(Self::Answer(answer));
        }
        if let Some(status) = word.strip_prefix("http-") {
            return status
                .parse()
                .ok()
                .filter(|status| (400..600).contains(status))
                .map(Self::Http)
                .ok_or_else(|| BehaviourError::Number {
                    word: word.to_owned(),
                    needs: "a status from 400 to 599",
                });
        }
        let (name, number) = match word.split_once(':') {
            Some((name, number)) => (name, Some(number)),
            None => (word, None),
        };
        let wait = |default: u64| match number {
            None => Ok(Duration::from_secs(default)),
            Some(number) => seconds(number).ok_or_else(|| BehaviourError::Number {
                word: word.to_owned(),
                needs: "seconds from 0 to 600",
            }),
        };
        match (name, number) {
            ("closed", None) => Ok(Self::Closed),
            ("drip", _) => wait(1).map(Self::Drip),
            ("hang-up", None) => Ok(Self::HangUp),
            ("stall", _) => wait(60).map(Self::Stall),
            _ => Err(BehaviourError::Unknown {
                word: word.to_owned(),
            }),
        }
    }
}

fn seconds(text: &str) -> Option<Duration> {
    let number: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(number)
        .ok()
        .filter(|wait| *wait <= MAX_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        let words = [
            "closed",
            "drip",
            "drip:0.5",
            "hang-up",
            "honest",
            "http-503",
            "stall",
            "stall:20",
            "try-later",
        ];
        for word in words {
            let behaviour: Behaviour = word.parse().unwrap();
            assert_eq!(behaviour.to_string().parse(), Ok(behaviour), "{word}");
        }
    }

    #[test]
    fn every_answer_is_a_behaviour_and_none_is_called_like_trouble() {
        for answer in ANSWERS.iter() {
            assert!(matches!(
                answer.name.parse(),
                Ok(Behaviour::Answer(row)) if row.name == answer.name
            ));
        }
        assert!(BEHAVIOURS.is_sorted_by(|one, two| one.0 < two.0));
    }

    #[test]
    fn other_words_are_refused() {
        for word in [
            "",
            "http-200",
            "http-x",
            "stall:601",
            "stall:-1",
            "stall:NaN",
            "drip:x",
        ] {
            assert!(word.parse::<Behaviour>().is_err(), "{word}");
        }
        let error = "goodd".parse::<Behaviour>().unwrap_err().to_string();
        assert!(error.contains("`goodd`") && error.contains("good,") && error.contains("closed"));
        assert!("closed:3".parse::<Behaviour>().is_err());
    }
}
