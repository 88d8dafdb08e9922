//! The command line: arguments in, an exit code out. Reports go to stdout, messages to stderr.

mod app;
mod describe;
mod explain;
mod flips;
mod frame;
mod interrupt;
mod pki;
mod run;
mod tap;

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use mtls_gauntlet::baseline::{Baseline, Exit, exit_code};
use mtls_gauntlet::catalogue::{self, Selection};
use mtls_gauntlet::complaint::Complaint;
use mtls_gauntlet::event::Event;
use mtls_gauntlet::report::{self, Audience, Format, Look, MergeError, Record, RecordingError, Summary};

const EXAMPLES: &str = "\
Examples:
  gauntlet                                       attack the embedded deployment with everything
  gauntlet run embedded+forgotten-no-certificate-branch
  gauntlet run staging/deployment.toml --family certificate --format json=out.json
  gauntlet run staging/deployment.toml --baseline snapshots/staging.txt
  gauntlet explain certificate/expired           what would be sent, and its controls
  gauntlet check my-scenario.toml                complaints with file, line and the valid words

Exit codes: 0 fine, 1 a fail or worse than the baseline, 2 bad input, 3 inconclusive, 4 nothing ran, 5 better than the
baseline.";

/// Attack a mutual-TLS deployment in every known way and say, for each, what happened.
#[derive(Debug, Parser)]
#[command(name = "gauntlet", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the embedded app until the process is ended.
    #[command(hide = true)]
    App(app::AppArguments),
    /// Validate scenario, deployment and baseline files without running anything.
    Check { files: Vec<PathBuf> },
    /// Print a shell completion script.
    Completions(describe::CompletionsArguments),
    /// List the deployments that come with the program, and their variants.
    Deployments,
    /// Print what a scenario would send, its controls and what must come of it.
    Explain(explain::ExplainArguments),
    /// Run every planted misconfiguration and compare with the scenarios that its file says it flips.
    #[command(hide = true)]
    Flips(flips::FlipsArguments),
    /// List the scenarios.
    List {
        /// A glob over ids, or a file.
        #[arg(long)]
        scenario: Vec<String>,
        /// The first part of ids.
        #[arg(long)]
        family: Vec<String>,
    },
    /// Print the manual page.
    Man,
    /// Join the recordings of shards into one report.
    Merge {
        #[arg(required = true)]
        events: Vec<PathBuf>,
        #[arg(long, default_value = "terminal")]
        format: Format,
    },
    /// Write all credentials, servers and CRLs to a folder.
    Pki(pki::PkiArguments),
    /// Report a recorded run again.
    Replay {
        events: PathBuf,
        #[arg(long, default_value = "terminal")]
        format: Format,
        /// Compare with these recorded verdicts.
        #[arg(long)]
        baseline: Option<PathBuf>,
    },
    /// Attack a deployment. Without a name: the embedded one.
    Run(run::RunArguments),
    /// Print the JSON schema of a file format.
    Schema(describe::SchemaArguments),
    /// Record what a proxy hands to its app.
    Tap(tap::TapArguments),
}

/// Why a command could not do its job: all of these are bad input, exit 2.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("{0}")]
    Argument(String),
    #[error("{}", chain(.0))]
    Folder(#[from] certs_gen::folder::FolderError),
    #[error("{}{}", .0, .0.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default())]
    Complaint(#[from] Complaint),
    #[error("failed to use {path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{path}: {source}", path = path.display())]
    Recording { path: PathBuf, source: RecordingError },
    #[error("failed to merge: {0}")]
    Merge(#[from] MergeError),
    #[error("{}", chain(.0))]
    Run(mtls_gauntlet::run::RunError),
    #[error("failed to write: {0}")]
    Write(#[from] io::Error),
}

/// An error and what stands behind it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut behind = error.source();
    while let Some(cause) = behind {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        behind = cause.source();
    }
    text
}

/// Runs the command that the program's arguments name.
pub(crate) fn run() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed pipe is no reason to complain about the complaint.
            drop(error.print());
            return if error.use_stderr() { Exit::BadInput } else { Exit::Fine };
        }
    };
    let command = arguments.command.unwrap_or_else(|| Command::Run(run::RunArguments::main_job()));
    match obey(command, &mut io::stdout()) {
        Ok(exit) => exit,
        Err(CommandError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(CommandError::Complaint(complaint)) => {
            let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            drop(write!(io::stderr(), "gauntlet: {}", frame::render(&complaint, colour)));
            Exit::BadInput
        }
        Err(error) => {
            drop(writeln!(io::stderr(), "gauntlet: {error}"));
            Exit::BadInput
        }
    }
}

fn obey(command: Command, out: &mut dyn Write) -> Result<Exit, CommandError> {
    match command {
        Command::App(arguments) => arguments.obey(),
        Command::Explain(arguments) => arguments.obey(out),
        Command::Flips(arguments) => arguments.obey(out),
        Command::Completions(arguments) => arguments.obey(out),
        Command::Man => describe::man(out),
        Command::Pki(arguments) => arguments.obey(),
        Command::Run(arguments) => arguments.obey(interrupt::flag()?),
        Command::Schema(arguments) => arguments.obey(out),
        Command::Tap(arguments) => arguments.obey(&interrupt::flag()?),
        Command::Check { files } => files.iter().try_for_each(|file| check(file)).map(|()| Exit::Fine),
        Command::Deployments => {
            for name in catalogue::deployment_names() {
                let deployment = catalogue::deployment(name)?;
                writeln!(out, "{name}  {}", deployment.file.says)?;
                for variant in deployment.variants.values() {
                    writeln!(out, "  {name}+{}  {}", variant.name, variant.file.says)?;
                }
            }
            Ok(Exit::Fine)
        }
        Command::List { scenario, family } => {
            for scenario in Selection::new(&scenario, &family)?.scenarios()? {
                let claim = scenario.claim;
                writeln!(out, "{}  {}  {}", claim.id, claim.severity.word(), claim.title)?;
            }
            Ok(Exit::Fine)
        }
        Command::Merge { events, format } => {
            let records = events.iter().map(|path| Ok(Record::of(&recording(path)?))).collect::<Result<Vec<_>, CommandError>>()?;
            retell(&report::merge(&records)?, format, None)
        }
        Command::Replay { events, format, baseline } => retell(&recording(&events)?, format, baseline.as_deref()),
    }
}

fn recording(path: &Path) -> Result<Vec<Event>, CommandError> {
    let failed = |source| CommandError::Recording { path: path.to_path_buf(), source };
    report::read(File::open(path).map_err(|error| failed(error.into()))?).map_err(failed)
}

fn retell(events: &[Event], format: Format, baseline: Option<&Path>) -> Result<Exit, CommandError> {
    let mut audience = Audience::default();
    audience.add("stdout", format.listener(Box::new(io::stdout()), Look::PLAIN));
    for event in events {
        audience.tell(event);
    }
    audience.cut_short();
    let record = audience.record();
    let comparison = match baseline {
        Some(path) => Some(Baseline::parse(path, &catalogue::read(path)?)?.compare(&Baseline::of(events), |_| true)),
        None => None,
    };
    let counts = Summary::of(record).tally();
    Ok(exit_code(counts.pass, counts.fail, counts.inconclusive, record.is_interrupted(), comparison.as_ref()))
}

/// A deployment has `deployment.toml` as its name, a baseline ends in `.txt`; everything else is a scenario.
fn check(file: &Path) -> Result<(), CommandError> {
    if file.extension().is_some_and(|ending| ending == "txt") {
        Baseline::parse(file, &catalogue::read(file)?)?;
    } else if file.ends_with("deployment.toml") {
        catalogue::deployment(&file.to_string_lossy())?;
    } else {
        catalogue::scenario_at(file)?;
    }
    Ok(())
}
