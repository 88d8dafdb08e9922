//! Everybody who is told: all reporters of a run, and the record that the exit code is made from.

use std::io;

use super::Record;
use crate::event::{Event, Listener, RunFinished};

/// All listeners of one run. One that cannot write is told no more, and named at the end: the run goes on.
#[derive(Default)]
pub struct Audience {
    listeners: Vec<(String, Box<dyn Listener + Send>)>,
    record: Record,
    failures: Vec<(String, io::Error)>,
}

impl Audience {
    /// Adds a listener; `name` is for messages (`json=report.json`).
    pub fn add(&mut self, name: impl Into<String>, listener: Box<dyn Listener + Send>) {
        self.listeners.push((name.into(), listener));
    }

    /// Tells everybody.
    pub fn tell(&mut self, event: &Event) {
        self.record.take(event);
        let failures = &mut self.failures;
        self.listeners
            .retain_mut(|(name, listener)| match listener.hear(event) {
                Ok(()) => true,
                Err(error) => {
                    failures.push((name.clone(), error));
                    false
                }
            });
    }

    /// Ends a run that will not end by itself, so that every reporter writes what it has. Does nothing after the end.
    pub fn cut_short(&mut self) {
        if self.record.finished.is_none() {
            self.tell(&Event::RunFinished(RunFinished {
                duration_ms: 0,
                exchanges: 0,
                peak_memory: None,
                interrupted: true,
            }));
        }
    }

    /// The run so far.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Who could not write, and why. A pipe that its reader closed is no failure.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &io::Error)> {
        let real = self
            .failures
            .iter()
            .filter(|(_, error)| error.kind() != io::ErrorKind::BrokenPipe);
        real.map(|(name, error)| (name.as_str(), error))
    }
}
