//! How far the run is: a bar on a terminal, else a plain line at every tenth. It goes to stderr, never into a report.

use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};

use super::harmless;
use crate::event::{Event, Listener};
use crate::judge::verdict::VerdictKind;

/// Tells how far the run is.
pub struct Progress {
    shown: Shown,
    total: usize,
    done: usize,
    failed: usize,
    tenth: usize,
}

enum Shown {
    Bar(ProgressBar),
    Lines(Box<dyn Write + Send>),
}

impl Progress {
    /// A bar that redraws itself on stderr.
    pub fn bar() -> Self {
        Self::new(Shown::Bar(ProgressBar::no_length()))
    }

    /// A line at every tenth of the run, for logs.
    pub fn lines(to: Box<dyn Write + Send>) -> Self {
        Self::new(Shown::Lines(to))
    }

    fn new(shown: Shown) -> Self {
        Self {
            shown,
            total: 0,
            done: 0,
            failed: 0,
            tenth: 0,
        }
    }

    fn step(&mut self) -> io::Result<()> {
        let tenth = (self.done * 10).checked_div(self.total).unwrap_or(0);
        match &mut self.shown {
            Shown::Bar(bar) => {
                bar.inc(1);
                bar.set_message(format!("{} failed", self.failed));
            }
            Shown::Lines(to) if tenth > self.tenth => {
                writeln!(
                    to,
                    "{}/{} scenarios, {} failed",
                    self.done, self.total, self.failed
                )?;
                to.flush()?;
            }
            Shown::Lines(_) => {}
        }
        self.tenth = tenth;
        Ok(())
    }
}

impl Listener for Progress {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RunStarted(started) => {
                self.total = started.scenarios;
                if let Shown::Bar(bar) = &self.shown {
                    bar.set_length(u64::try_from(started.scenarios).unwrap_or(u64::MAX));
                    let template = "{bar:30} {pos}/{len} scenarios, {msg}  {elapsed}";
                    bar.set_style(ProgressStyle::with_template(template).map_err(io::Error::other)?);
                }
                Ok(())
            }
            Event::ScenarioStarted { .. } => Ok(()),
            Event::ScenarioFinished(result) => {
                self.done += 1;
                self.failed += usize::from(result.verdict.kind == VerdictKind::Fail);
                self.step()
            }
            Event::Notice { text } => match &mut self.shown {
                Shown::Bar(bar) => {
                    bar.println(harmless(text));
                    Ok(())
                }
                Shown::Lines(to) => writeln!(to, "{}", harmless(text)),
            },
            Event::RunFinished(_) => {
                if let Shown::Bar(bar) = &self.shown {
                    bar.finish_and_clear();
                }
                Ok(())
            }
        }
    }
}
