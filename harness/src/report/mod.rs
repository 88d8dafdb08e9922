//! Consumers of events: each turns what a run tells into something that people or programs read.
//!
//! A reporter is an [`event::Listener`](crate::event::Listener) over a writer and knows nothing of sockets, so that a
//! recording replayed into it gives the same bytes as the run did. To add one: a file here that implements `Listener`, a
//! variant of [`Format`], a row in [`Format::listener`].

mod audience;
pub mod compare;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod markup;
pub mod matrix;
mod mend;
mod merge;
mod progress;
mod reasons;
mod record;
mod sarif;
mod score;
mod style;
mod terminal;

use std::io::Write;

use crate::event::Listener;

pub use audience::Audience;
pub use html::Html;
pub use json::{Json, Report, SCHEMA};
pub use jsonl::{Jsonl, RecordingError, read};
pub use junit::Junit;
pub use markdown::Markdown;
pub use mend::mend;
pub use merge::{MergeError, merge};
pub use progress::Progress;
pub use record::Record;
pub use sarif::Sarif;
pub use score::{Grade, Summary, Tally};
pub use style::{Look, harmless};
pub use terminal::Terminal;

crate::word::words! {
    /// What a report is written as.
    Format {
        /// One file for a browser, with everything in it.
        Html = "html",
        /// One document, `mtls-gauntlet/report/1`.
        Json = "json",
        /// One event a line, written as they come.
        Jsonl = "jsonl",
        /// JUnit XML, for CI systems.
        Junit = "junit",
        /// A short page for a pull request.
        Markdown = "markdown",
        /// SARIF 2.1.0, for code scanning.
        Sarif = "sarif",
        /// For a person at a terminal: failures first.
        Terminal = "terminal",
    }
}

impl Format {
    /// A reporter of this format that writes to `to`.
    pub fn listener(self, to: Box<dyn Write + Send>, look: Look) -> Box<dyn Listener + Send> {
        match self {
            Self::Html => Box::new(Html::new(to)),
            Self::Json => Box::new(Json::new(to)),
            Self::Jsonl => Box::new(Jsonl::new(to)),
            Self::Junit => Box::new(Junit::new(to)),
            Self::Markdown => Box::new(Markdown::new(to)),
            Self::Sarif => Box::new(Sarif::new(to)),
            Self::Terminal => Box::new(Terminal::new(to, look)),
        }
    }
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
