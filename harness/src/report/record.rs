//! A whole run, gathered from its events: what the reporters that write one document at the end look at.

use std::collections::BTreeMap;

use crate::event::{AttemptResult, Event, Listener, RunFinished, RunStarted, ScenarioResult};
use crate::scenario::ScenarioId;

/// A whole run as its events told it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The circumstances; absent in a recording that lost its beginning.
    pub started: Option<RunStarted>,
    /// Results by id, whatever the order in which they came.
    pub results: BTreeMap<ScenarioId, ScenarioResult>,
    /// What was said beside the verdicts, in order.
    pub notices: Vec<String>,
    /// The end; absent while the run goes on, and for good where it crashed.
    pub finished: Option<RunFinished>,
}

impl Record {
    /// Gathers events.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut record = Self::default();
        for event in events {
            record.take(event);
        }
        record
    }

    /// Adds one event.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::RunStarted(started) => self.started = Some(started.clone()),
            Event::ScenarioStarted { .. } => {}
            Event::ScenarioFinished(result) => {
                self.results.insert(result.claim.id.clone(), result.clone());
            }
            Event::Notice { text } => self.notices.push(text.clone()),
            Event::RunFinished(finished) => self.finished = Some(finished.clone()),
        }
    }

    /// Cut short: by hand, by a deadline, or by a crash that left no end.
    pub fn is_interrupted(&self) -> bool {
        self.finished.as_ref().is_none_or(|finished| finished.interrupted)
    }

    /// The deployment's name with its variant; empty where the beginning is lost.
    pub fn deployment(&self) -> &str {
        self.started
            .as_ref()
            .map_or("", |started| started.deployment.as_str())
    }

    /// The servers whose `[mend]` texts fit, nearest first.
    pub fn servers(&self) -> &[String] {
        self.started
            .as_ref()
            .map_or(&[], |started| started.servers.as_slice())
    }

    /// Every attempt with the id that baselines use: the scenario's, and `#row` where the row has a name.
    pub fn rows(&self) -> impl Iterator<Item = (String, &AttemptResult)> {
        self.results.values().flat_map(|result| {
            result.attempts.iter().map(move |attempt| {
                let id = &result.claim.id;
                let name = if attempt.row.is_empty() {
                    id.to_string()
                } else {
                    format!("{id}#{}", attempt.row)
                };
                (name, attempt)
            })
        })
    }
}

impl Listener for Record {
    fn hear(&mut self, event: &Event) -> std::io::Result<()> {
        self.take(event);
        Ok(())
    }
}
