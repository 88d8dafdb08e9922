//! `gauntlet replay` and `gauntlet merge`: recorded runs, told again to any reporter.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use mtls_gauntlet::baseline::{Baseline, Exit, exit_code};
use mtls_gauntlet::catalogue;
use mtls_gauntlet::event::Event;
use mtls_gauntlet::report::{self, Record, Summary};

use super::CommandError;
use super::output::{self, OutputArguments};

/// Which recording, told to whom.
#[derive(Debug, Clone, Args)]
pub(super) struct ReplayArguments {
    /// A recording: what `--format jsonl=FILE` wrote.
    events: PathBuf,
    #[command(flatten)]
    output: OutputArguments,
    /// Compare with these recorded verdicts: exit 0 exactly as recorded, 1 worse, 5 better.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

impl ReplayArguments {
    /// Reports the recorded run; the exit code is the one that the run itself had.
    pub(super) fn obey(&self) -> Result<Exit, CommandError> {
        retell(&recording(&self.events)?, &self.output, self.baseline.as_deref())
    }
}

/// Which recordings, told to whom.
#[derive(Debug, Clone, Args)]
pub(super) struct MergeArguments {
    /// Recordings of all shards of one run, in any order.
    #[arg(required = true)]
    events: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
    /// Compare with these recorded verdicts: exit 0 exactly as recorded, 1 worse, 5 better.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

impl MergeArguments {
    /// Reports the shards as the one run that they are parts of.
    pub(super) fn obey(&self) -> Result<Exit, CommandError> {
        let records = self
            .events
            .iter()
            .map(|path| Ok(Record::of(&recording(path)?)))
            .collect::<Result<Vec<_>, CommandError>>()?;
        retell(&report::merge(&records)?, &self.output, self.baseline.as_deref())
    }
}

/// The events of a recorded run.
pub(super) fn recording(path: &Path) -> Result<Vec<Event>, CommandError> {
    let failed = |source| CommandError::Recording {
        path: path.to_path_buf(),
        source,
    };
    report::read(File::open(path).map_err(|error| failed(error.into()))?).map_err(failed)
}

fn retell(events: &[Event], output: &OutputArguments, baseline: Option<&Path>) -> Result<Exit, CommandError> {
    let recorded = match baseline {
        Some(path) => Some((path, Baseline::parse(path, &catalogue::read(path)?)?)),
        None => None,
    };
    let mut audience = output.audience()?;
    for event in events {
        audience.tell(event);
    }
    audience.cut_short();
    let record = audience.record();
    // The other shards' scenarios are not missing from this one.
    let is_shard = record
        .started
        .as_ref()
        .is_some_and(|started| started.shard.is_some());
    let selected = |id: &str| !is_shard || record.results.keys().any(|known| known.0 == id);
    let mut comparison = None;
    if let Some((path, recorded)) = recorded {
        let found = recorded.compare(&Baseline::of_results(record.results.values()), selected);
        output::print_comparison(&found, path)?;
        comparison = Some(found);
    }
    if !output::say_failures(&audience)? {
        return Ok(Exit::BadInput);
    }
    let counts = Summary::of(record).tally();
    Ok(exit_code(
        counts.pass,
        counts.fail,
        counts.inconclusive,
        record.is_interrupted(),
        comparison.as_ref(),
    ))
}
