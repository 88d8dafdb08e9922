//! The recording: one event a line, flushed as it comes, so that a crash keeps what is done; and its reader.

use std::io::{self, BufRead, BufReader, Read, Write};

use super::style::harmless_json;
use crate::event::{Event, Listener};

/// Longest line that the reader takes, bytes. A scenario of 512 rows with full evidence stays far below.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// Words of the `event` key that this version knows.
const KNOWN: [&str; 5] = [
    "run-started",
    "scenario-started",
    "scenario-finished",
    "notice",
    "run-finished",
];

/// Writes each event as one line.
pub struct Jsonl {
    to: Box<dyn Write + Send>,
}

impl Jsonl {
    /// Writes to `to`.
    pub fn new(to: Box<dyn Write + Send>) -> Self {
        Self { to }
    }
}

impl Listener for Jsonl {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        // One write a line: a reader that follows the file, or a crash, then sees whole lines.
        let line = harmless_json(&serde_json::to_string(event)?) + "\n";
        self.to.write_all(line.as_bytes())?;
        self.to.flush()
    }
}

/// Why a recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("the recording cannot be read")]
    Read(#[from] io::Error),
    /// A line is no event. The last line is exempt: a crash may have cut it.
    #[error("line {line} of the recording is no event: {source}")]
    Line {
        /// From 1.
        line: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A line is longer than any event.
    #[error("line {0} of the recording is longer than any event")]
    TooLong(usize),
    /// Two recordings in one file: reports would count some of it twice and lose the rest.
    #[error("line {0} of the recording belongs to a second run; give each run a file of its own")]
    SecondRun(usize),
    /// No event at all.
    #[error("the recording holds no event")]
    Empty,
}

/// Reads a recording. Events of kinds that this version does not know are left out, as is a last line that a crash cut;
/// the latter adds a notice.
///
/// # Errors
/// [`RecordingError`] where the file cannot be read, a line is no event, or a second run begins.
pub fn read(from: impl Read) -> Result<Vec<Event>, RecordingError> {
    let mut reader = BufReader::new(from);
    let mut events = Vec::new();
    let mut line = Vec::new();
    let mut course = Course::default();
    for number in 1.. {
        line.clear();
        let length = (&mut reader)
            .take(LONGEST_LINE + 1)
            .read_until(b'\n', &mut line)?;
        if length == 0 {
            break;
        }
        if u64::try_from(length).is_ok_and(|length| length > LONGEST_LINE) {
            return Err(RecordingError::TooLong(number));
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match parse(&line) {
            Ok(Some(event)) if !course.takes(&event) => return Err(RecordingError::SecondRun(number)),
            Ok(event) => events.extend(event),
            Err(_) if !line.ends_with(b"\n") && !events.is_empty() => {
                events.push(Event::Notice {
                    text: "the recording ends within a line: the run did not come to its end".to_owned(),
                });
                break;
            }
            Err(source) => return Err(RecordingError::Line { line: number, source }),
        }
    }
    if events.is_empty() {
        Err(RecordingError::Empty)
    } else {
        Ok(events)
    }
}

/// How far a run has come: it begins once, and after its end there is nothing but notices.
#[derive(Default)]
struct Course {
    begun: bool,
    ended: bool,
}

impl Course {
    /// Whether the event can be of the same run as those before it.
    fn takes(&mut self, event: &Event) -> bool {
        let fits = match event {
            Event::Notice { .. } => return true,
            Event::RunStarted(_) => !self.begun,
            Event::ScenarioStarted { .. } | Event::ScenarioFinished(_) | Event::RunFinished(_) => !self.ended,
        };
        self.begun = true;
        self.ended |= matches!(event, Event::RunFinished(_));
        fits
    }
}

/// `None` for an event of a later version.
fn parse(line: &[u8]) -> Result<Option<Event>, serde_json::Error> {
    let value: serde_json::Value = serde_json::from_slice(line)?;
    let kind = value.get("event").and_then(serde_json::Value::as_str);
    if kind.is_some_and(|kind| !KNOWN.contains(&kind)) {
        return Ok(None);
    }
    serde_json::from_value(value).map(Some)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn written(events: &[Event]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for event in events {
            bytes.extend(serde_json::to_vec(event).expect("serialises"));
            bytes.push(b'\n');
        }
        bytes
    }

    #[test]
    fn what_is_written_is_read_again() {
        let events = samples::run();
        assert_eq!(read(written(&events).as_slice()).expect("reads"), events);
    }

    #[test]
    fn every_kind_of_event_is_known_by_its_word() {
        for event in samples::run() {
            let value = serde_json::to_value(&event).expect("serialises");
            let kind = value
                .get("event")
                .and_then(serde_json::Value::as_str)
                .expect("has a kind");
            assert!(KNOWN.contains(&kind), "{kind}");
        }
    }

    #[test]
    fn later_kinds_and_fields_are_left_out() {
        let text = br#"{"event":"weather","sky":"blue"}
{"event":"notice","text":"x","colour":"red"}
"#;
        assert_eq!(
            read(text.as_slice()).expect("reads"),
            [Event::Notice { text: "x".to_owned() }]
        );
    }

    #[test]
    fn a_cut_last_line_keeps_the_rest() {
        let events = samples::run();
        let mut bytes = written(&events);
        bytes.truncate(bytes.len() - 5);
        let read = read(bytes.as_slice()).expect("reads");
        assert_eq!(read.len(), events.len());
        assert!(matches!(read.last(), Some(Event::Notice { .. })));
        assert_eq!(read[..events.len() - 1], events[..events.len() - 1]);
    }

    #[test]
    fn a_broken_line_in_the_middle_is_named() {
        let text =
            b"{\"event\":\"notice\",\"text\":\"x\"}\nnonsense\n{\"event\":\"notice\",\"text\":\"y\"}\n";
        assert!(matches!(
            read(text.as_slice()),
            Err(RecordingError::Line { line: 2, .. })
        ));
    }

    #[test]
    fn two_runs_in_one_file_are_refused() {
        let events = samples::run();
        let both = written(&[events.clone(), events.clone()].concat());
        assert!(matches!(
            read(both.as_slice()),
            Err(RecordingError::SecondRun(line)) if line == events.len() + 1
        ));
        // The first was cut, or its beginning was not recognised.
        let without_ends = written(&[events[..2].to_vec(), events.clone()].concat());
        assert!(matches!(
            read(without_ends.as_slice()),
            Err(RecordingError::SecondRun(3))
        ));
    }

    #[test]
    fn an_empty_recording_is_refused() {
        assert!(matches!(read(b"\n".as_slice()), Err(RecordingError::Empty)));
    }
}
