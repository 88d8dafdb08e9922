//! `gauntlet compare`: several deployments side by side, run now or recorded before.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use mtls_gauntlet::baseline::{Exit, exit_code};
use mtls_gauntlet::catalogue::{self, Selection};
use mtls_gauntlet::deployment::Deployment;
use mtls_gauntlet::event::Listener;
use mtls_gauntlet::report::compare::{Comparison, Shown, Side};
use mtls_gauntlet::report::{Look, Record, Report, SCHEMA};
use mtls_gauntlet::run;
use mtls_gauntlet::scenario::Scenario;

use super::CommandError;
use super::output::{self, Destination};
use super::replay::recording;
use super::run::{HowArguments, progress};

/// Largest JSON report that is read, bytes. One of a thousand scenarios with full evidence is far below.
const LARGEST_REPORT: u64 = 256 * 1024 * 1024;

/// What a comparison is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Markdown,
    Terminal,
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "json" => Ok(Self::Json),
            "markdown" => Ok(Self::Markdown),
            "terminal" => Ok(Self::Terminal),
            other => Err(format!(
                "a comparison is written as json, markdown or terminal, not `{other}`"
            )),
        }
    }
}

/// Which deployments, and what of them.
#[derive(Debug, Clone, Args)]
pub(super) struct CompareArguments {
    /// Two or more deployments, as `run` takes them, or recorded runs: .jsonl recordings and .json reports.
    #[arg(required = true, num_args = 2.., value_name = "DEPLOYMENT|RECORDED")]
    sources: Vec<String>,
    /// Also print the scenarios that are the same everywhere.
    #[arg(long)]
    all: bool,
    /// Print each row that differs, not only its scenario.
    #[arg(long)]
    rows: bool,
    /// Where the comparison goes: terminal, json (every scenario, whether it differs or not) or markdown for stdout, or
    /// FORMAT=FILE; may be given several times. Default: terminal.
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<Destination<Format>>,
    /// Only these scenarios: globs over ids, or paths of scenario files.
    #[arg(long, value_name = "GLOB|FILE")]
    scenario: Vec<String>,
    /// Only these families (the first part of the ids).
    #[arg(long)]
    family: Vec<String>,
    #[command(flatten)]
    how: HowArguments,
}

/// What a source turned out to be.
enum Source {
    Recorded(Box<Side>, bool),
    ToRun(Box<Deployment>),
}

impl CompareArguments {
    /// Reads and runs, in the order in which the sources are named, and prints the comparison.
    pub(super) fn obey(&self, stop: &Arc<AtomicBool>, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let selection = Selection::new(&self.scenario, &self.family)?;
        let scenarios = selection.scenarios()?;
        let takes = |id: &str| {
            selection.is_everything() || scenarios.iter().any(|scenario| scenario.claim.id.0 == id)
        };
        // Everything that can be wrong with the arguments is said before the first run.
        let destinations = output::or_stdout(&self.format, Format::Terminal)?;
        let sources = self
            .sources
            .iter()
            .map(|text| source(text))
            .collect::<Result<Vec<_>, _>>()?;
        let files = destinations.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let (mut sides, mut cut_short, mut not_started) = (Vec::new(), false, false);
        for source in sources {
            match source {
                Source::Recorded(mut side, interrupted) => {
                    side.retain(takes);
                    cut_short |= interrupted;
                    sides.push(*side);
                }
                Source::ToRun(deployment) if stop.load(Ordering::Relaxed) => {
                    cut_short = true;
                    writeln!(
                        io::stderr(),
                        "gauntlet: interrupted: {} was not run",
                        deployment.name
                    )?;
                }
                Source::ToRun(deployment) => match self.run(&deployment, &scenarios, stop)? {
                    Some(record) => {
                        cut_short |= record.is_interrupted();
                        sides.push(Side::of_record(&record));
                    }
                    None => not_started = true,
                },
            }
        }
        if sides.len() < 2 {
            writeln!(
                io::stderr(),
                "gauntlet: nothing to compare: fewer than two deployments were run or read"
            )?;
            return Ok(if not_started {
                Exit::BadInput
            } else {
                Exit::NothingRan
            });
        }
        let comparison = Comparison::of(sides);
        self.write(&comparison, &destinations, files, out)?;
        if not_started {
            return Ok(Exit::BadInput);
        }
        Ok(exit(&comparison, cut_short))
    }

    /// `None`, and a message, where the deployment could not be started: the others are still worth comparing.
    fn run(
        &self,
        deployment: &Deployment,
        scenarios: &[Scenario],
        stop: &Arc<AtomicBool>,
    ) -> Result<Option<Record>, CommandError> {
        writeln!(io::stderr(), "{}:", deployment.name)?;
        let mut record = Record::default();
        let mut progress = progress();
        let options = self.how.options(None, stop.clone());
        let outcome = run::run(deployment, scenarios, &options, &mut |event| {
            record.take(&event);
            // A progress line that cannot be written is no reason to stop.
            drop(progress.hear(&event));
        });
        match outcome {
            Ok(()) | Err(run::RunError::NothingToRun) => Ok(Some(record)),
            Err(error @ run::RunError::Launch(_)) => {
                writeln!(
                    io::stderr(),
                    "gauntlet: {}: {}",
                    deployment.name,
                    super::chain(&error)
                )?;
                Ok(None)
            }
        }
    }

    fn write(
        &self,
        comparison: &Comparison,
        destinations: &[Destination<Format>],
        files: Vec<Option<File>>,
        out: &mut dyn Write,
    ) -> Result<(), CommandError> {
        let shown = Shown {
            all: self.all,
            rows: self.rows,
        };
        for (destination, file) in destinations.iter().zip(files) {
            let look = if file.is_some() {
                Look::PLAIN
            } else {
                output::look()
            };
            let text = match destination.format {
                Format::Json => {
                    let mut text =
                        serde_json::to_string_pretty(&comparison.document()).map_err(io::Error::from)?;
                    text.push('\n');
                    text
                }
                Format::Markdown => comparison.markdown(shown),
                Format::Terminal => comparison.text(shown, look),
            };
            match file {
                Some(mut file) => file
                    .write_all(text.as_bytes())
                    .map_err(|source| failed(destination, source))?,
                None => out.write_all(text.as_bytes())?,
            }
        }
        Ok(())
    }
}

fn open(destination: &Destination<Format>) -> Result<Option<File>, CommandError> {
    let made = destination.file.as_ref().map(File::create).transpose();
    made.map_err(|source| failed(destination, source))
}

fn failed(destination: &Destination<Format>, source: io::Error) -> CommandError {
    CommandError::File {
        path: destination.file.clone().unwrap_or_default(),
        source,
    }
}

/// A recorded run by the ending of its name, else a deployment.
fn source(text: &str) -> Result<Source, CommandError> {
    let path = Path::new(text);
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending {
        Some("jsonl") => {
            let record = Record::of(&recording(path)?);
            Ok(Source::Recorded(
                Box::new(named(Side::of_record(&record), path)),
                record.is_interrupted(),
            ))
        }
        Some("json") => {
            let side = Side::of_report(&report(path)?);
            Ok(Source::Recorded(Box::new(named(side, path)), false))
        }
        Some(_) | None => Ok(Source::ToRun(Box::new(catalogue::deployment(text)?))),
    }
}

/// A recording that lost its beginning is called after its file.
fn named(mut side: Side, path: &Path) -> Side {
    if side.name.is_empty() {
        side.name = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
    }
    side
}

fn report(path: &Path) -> Result<Report, CommandError> {
    let wrong = |why: String| CommandError::Report {
        path: PathBuf::from(path),
        why,
    };
    let file = File::open(path).map_err(|source| CommandError::File {
        path: path.to_path_buf(),
        source,
    })?;
    let mut bytes = Vec::new();
    let length = file
        .take(LARGEST_REPORT + 1)
        .read_to_end(&mut bytes)
        .map_err(|source| CommandError::File {
            path: path.to_path_buf(),
            source,
        })?;
    if u64::try_from(length).is_ok_and(|length| length > LARGEST_REPORT) {
        return Err(wrong("larger than any report".to_owned()));
    }
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| wrong(format!("no JSON: {error}")))?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => {}
        Some(other) => {
            return Err(wrong(format!(
                "its schema is `{other}`, and only reports of `{SCHEMA}` can be compared"
            )));
        }
        None => {
            return Err(wrong(format!(
                "no JSON report: it has no `schema`, which would be `{SCHEMA}`"
            )));
        }
    }
    serde_json::from_value(value).map_err(|error| wrong(format!("no JSON report: {error}")))
}

/// As of one run over everything; a deployment on which nothing was tried proves nothing about the others either.
fn exit(comparison: &Comparison, cut_short: bool) -> Exit {
    let tallies = comparison.sides().iter().map(|side| side.summary.tally());
    let (mut pass, mut fail, mut inconclusive) = (0, 0, 0);
    for tally in tallies {
        if tally.tried() == 0 {
            return Exit::NothingRan;
        }
        pass += tally.pass;
        fail += tally.fail;
        inconclusive += tally.inconclusive;
    }
    exit_code(pass, fail, inconclusive, cut_short, None)
}
