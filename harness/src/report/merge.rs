//! Joins the recordings of shards into the events of one run.

use std::collections::BTreeSet;

use super::Record;
use crate::event::{Event, RunFinished, RunStarted};

/// Why recordings are not shards of one run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MergeError {
    /// A recording lost its beginning, so nobody knows of what run it is.
    #[error("recording {0} has no beginning")]
    NoBeginning(usize),
    /// Deployment, seed or tool differ.
    #[error("recording {number} is of another run: {what} is `{found}`, and `{expected}` in the first")]
    OtherRun {
        /// Place in the list, from 1.
        number: usize,
        /// What differs.
        what: &'static str,
        /// Here.
        found: String,
        /// In the first recording.
        expected: String,
    },
    /// Two recordings tell of the same scenario.
    #[error("recording {number} tells of `{id}` again: the same shard twice?")]
    Twice {
        /// Place in the list, from 1.
        number: usize,
        /// The scenario.
        id: String,
    },
    /// No recording at all.
    #[error("no recordings")]
    Nothing,
}

/// The events of the whole run: results by id, exchanges summed, the longest shard's time (they run side by side). A shard
/// that is missing or was cut short makes the whole an interrupted run, with a notice.
///
/// # Errors
/// [`MergeError`] where the recordings are not shards of one run.
pub fn merge(recordings: &[Record]) -> Result<Vec<Event>, MergeError> {
    let starts = recordings
        .iter()
        .enumerate()
        .map(|(index, record)| record.started.as_ref().ok_or(MergeError::NoBeginning(index + 1)))
        .collect::<Result<Vec<&RunStarted>, MergeError>>()?;
    let first = *starts.first().ok_or(MergeError::Nothing)?;
    for (index, start) in starts.iter().enumerate() {
        same_run(index + 1, first, start)?;
    }
    let mut whole = Record::default();
    for (index, record) in recordings.iter().enumerate() {
        for (id, result) in &record.results {
            if whole.results.insert(id.clone(), result.clone()).is_some() {
                return Err(MergeError::Twice {
                    number: index + 1,
                    id: id.to_string(),
                });
            }
        }
        whole.notices.extend(record.notices.iter().cloned());
    }
    let missing = missing_shards(&starts);
    if !missing.is_empty() {
        whole
            .notices
            .push(format!("shards are missing: {}", missing.join(", ")));
    }
    let ends: Vec<&RunFinished> = recordings
        .iter()
        .filter_map(|record| record.finished.as_ref())
        .collect();
    let finished = RunFinished {
        duration_ms: ends.iter().map(|end| end.duration_ms).max().unwrap_or(0),
        exchanges: ends.iter().map(|end| end.exchanges).sum(),
        peak_memory: ends.iter().filter_map(|end| end.peak_memory).max(),
        interrupted: !missing.is_empty() || recordings.iter().any(Record::is_interrupted),
    };
    let started = starts
        .iter()
        .map(|start| start.started.as_str())
        .min()
        .unwrap_or_default()
        .to_owned();
    let start = RunStarted {
        scenarios: whole.results.len(),
        shard: None,
        started,
        ..first.clone()
    };
    let mut events = vec![Event::RunStarted(start)];
    for (id, result) in whole.results {
        events.push(Event::ScenarioStarted { id: id.0 });
        events.push(Event::ScenarioFinished(result));
    }
    events.extend(whole.notices.into_iter().map(|text| Event::Notice { text }));
    events.push(Event::RunFinished(finished));
    Ok(events)
}

fn same_run(number: usize, first: &RunStarted, other: &RunStarted) -> Result<(), MergeError> {
    let pairs = [
        ("tool", first.tool.clone(), other.tool.clone()),
        ("deployment", first.deployment.clone(), other.deployment.clone()),
        ("seed", first.seed.to_string(), other.seed.to_string()),
    ];
    match pairs.into_iter().find(|(_, expected, found)| expected != found) {
        Some((what, expected, found)) => Err(MergeError::OtherRun {
            number,
            what,
            found,
            expected,
        }),
        None => Ok(()),
    }
}

/// `i/n` of the shards that nobody handed in.
fn missing_shards(starts: &[&RunStarted]) -> Vec<String> {
    /// More shards than this are not listed: a number in a file must not make us count to it.
    const MOST_SHARDS: usize = 4096;
    let present: BTreeSet<&str> = starts.iter().filter_map(|start| start.shard.as_deref()).collect();
    let counts: BTreeSet<usize> = present
        .iter()
        .filter_map(|shard| shard.split_once('/')?.1.parse().ok())
        .filter(|count| *count <= MOST_SHARDS)
        .collect();
    let all = counts
        .iter()
        .flat_map(|count| (1..=*count).map(move |index| format!("{index}/{count}")));
    all.filter(|shard| !present.contains(shard.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    /// The sample run cut into shards by the parity of each result's place.
    fn shards() -> Vec<Record> {
        (0..2)
            .map(|parity| {
                let mut record = Record::of(&samples::run());
                if let Some(started) = &mut record.started {
                    started.shard = Some(format!("{}/2", parity + 1));
                }
                let mut place = 0;
                record.results.retain(|_, _| {
                    place += 1;
                    place % 2 == parity
                });
                record.notices.clear();
                record
            })
            .collect()
    }

    #[test]
    fn two_shards_are_the_whole_run() {
        let merged = Record::of(&merge(&shards()).expect("merges"));
        let whole = Record::of(&samples::run());
        assert_eq!(merged.results, whole.results);
        assert_eq!(merged.started, whole.started);
        assert!(!merged.is_interrupted());
        assert_eq!(
            merged.finished.map(|end| end.exchanges),
            whole.finished.map(|end| 2 * end.exchanges)
        );
    }

    #[test]
    fn a_missing_shard_is_said_and_leaves_the_run_unfinished() {
        let merged = Record::of(&merge(&shards()[..1]).expect("merges"));
        assert!(merged.is_interrupted());
        assert_eq!(merged.notices, ["shards are missing: 2/2"]);
    }

    #[test]
    fn the_same_shard_twice_is_refused() {
        let shards = shards();
        let twice = [shards[0].clone(), shards[0].clone()];
        assert!(matches!(merge(&twice), Err(MergeError::Twice { number: 2, .. })));
    }

    #[test]
    fn another_seed_is_another_run() {
        let mut shards = shards();
        if let Some(started) = &mut shards[1].started {
            started.seed += 1;
        }
        assert!(matches!(
            merge(&shards),
            Err(MergeError::OtherRun {
                number: 2,
                what: "seed",
                ..
            })
        ));
    }
}
