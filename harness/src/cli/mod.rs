//! The command line: arguments in, an exit code out. Reports go to stdout, messages to stderr.

mod app;
mod check;
mod compare;
mod describe;
mod explain;
mod frame;
mod fuzz;
mod interrupt;
mod list;
mod matrix;
mod output;
mod pki;
mod replay;
mod run;
mod tap;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::complaint::Complaint;
use mtls_gauntlet::launch::registry;
use mtls_gauntlet::report::{MergeError, RecordingError};

const EXAMPLES: &str = "\
Examples:
  gauntlet                                       attack the embedded deployment with everything
  gauntlet run embedded+forgotten-no-certificate-branch
  gauntlet run staging/deployment.toml --family certificate --format json=out.json
  gauntlet run staging/deployment.toml --baseline snapshots/staging.txt
  gauntlet run staging/deployment.toml --format html=report.html --format junit=report.xml
  gauntlet compare embedded nginx-app            where two deployments differ
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
    #[command(hide = true, after_help = "Example:\n  gauntlet app --config app.toml")]
    App(app::AppArguments),
    /// Validate scenario, deployment, variant and baseline files without running anything.
    #[command(after_help = "Examples:
  gauntlet check scenarios/certificate/expired.toml staging/deployment.toml
  gauntlet check deployments/embedded deployments/embedded/variants/*.toml snapshots/*.txt")]
    Check(check::CheckArguments),
    /// Print scenarios by deployments: where the verdicts differ, and where and how each refuses.
    #[command(after_help = "Examples:
  gauntlet compare embedded nginx-app
  gauntlet compare embedded nginx-app --family certificate --all
  gauntlet compare monday.jsonl tuesday.jsonl                   recorded runs are read, not run again
  gauntlet compare staging/deployment.toml night.json --format json=diff.json

Exit codes: those of `run`, over all deployments together. That deployments differ is no failure.")]
    Compare(compare::CompareArguments),
    /// Print a shell completion script.
    #[command(
        after_help = "Example:\n  gauntlet completions bash > ~/.local/share/bash-completion/completions/gauntlet"
    )]
    Completions(describe::CompletionsArguments),
    /// List the deployments that come with the program, and their variants.
    #[command(after_help = "Example:\n  gauntlet deployments | grep nginx")]
    Deployments,
    /// Print what a scenario would send, its controls and what must come of it.
    #[command(after_help = "Examples:
  gauntlet explain certificate/expired
  gauntlet explain mine/own.toml --deployment staging/deployment.toml")]
    Explain(explain::ExplainArguments),
    /// Try generated certificates and headers against a deployment, steered by whatever behaves in a new way.
    #[command(after_help = "Examples:
  gauntlet fuzz embedded --cases 2000
  gauntlet fuzz nginx-gunicorn --time 900 --corpus corpus --out findings
  gauntlet fuzz nginx-gunicorn --time 900 --corpus corpus --resume --seed 2
  gauntlet run nginx-gunicorn --scenario findings/grant-1-17.toml      reproduces a finding

Exit codes: 0 nothing found, 1 findings, 2 bad input, 3 the honest client was not served, 4 nothing was tried.")]
    Fuzz(fuzz::FuzzArguments),
    /// List the scenarios.
    #[command(after_help = "Examples:
  gauntlet list --family certificate
  gauntlet list --json | jq -r '.[] | select(.severity == \"critical\").id'")]
    List(list::ListArguments),
    /// Print the manual page.
    #[command(after_help = "Example:\n  gauntlet man | man -l -")]
    Man,
    /// Plant every misconfiguration and compare what is caught with the scenarios that each one's file lists.
    #[command(
        alias = "flips",
        after_help = "Examples:
  gauntlet matrix                        every deployment that comes with the program, and its variants
  gauntlet matrix nginx-gunicorn --variant 'verify-*'
  gauntlet matrix deployments/nginx-gunicorn --write     write what was seen into its variants' files"
    )]
    Matrix(matrix::MatrixArguments),
    /// Join the recordings of shards into one report.
    #[command(after_help = "Example:
  gauntlet run --shard 1/2 --format jsonl=1.jsonl; gauntlet run --shard 2/2 --format jsonl=2.jsonl
  gauntlet merge 1.jsonl 2.jsonl --format terminal --format json=report.json")]
    Merge(replay::MergeArguments),
    /// Write all credentials, servers and CRLs to a folder, and answer which of them are revoked.
    #[command(after_help = "Examples:
  gauntlet pki --out pki && curl --cert pki/credentials/alice/chain.pem --key pki/credentials/alice/key.pem ...
  gauntlet pki --out pki --serve 127.0.0.1:8888 --behaviour try-later
  gauntlet pki --serve 127.0.0.1:8888 --issuer ca.pem ca.key --lists stale --revoke bob")]
    Pki(pki::PkiArguments),
    /// Report a recorded run again.
    #[command(after_help = "Examples:
  gauntlet replay night.jsonl
  gauntlet replay night.jsonl --format html=night.html --format sarif=night.sarif
  gauntlet replay night.jsonl --format json=night.json --baseline snapshots/staging.txt")]
    Replay(replay::ReplayArguments),
    /// Attack a deployment. Without a name: the embedded one.
    #[command(after_help = "Examples:
  gauntlet run embedded --family certificate --family session
  gauntlet run staging/deployment.toml --authorized staging.example.test --format json=report.json
  gauntlet run staging/deployment.toml --baseline snapshots/staging.txt
  gauntlet run staging/deployment.toml --baseline snapshots/staging.txt --record

Exit codes: 0 fine, 1 a fail or worse than the baseline, 2 bad input, 3 inconclusive, 4 nothing ran, 5 better than, or
otherwise than, the baseline.")]
    Run(run::RunArguments),
    /// Print the JSON schema of a file format.
    #[command(after_help = "Example:\n  gauntlet schema scenario > scenarios/schema.json")]
    Schema(describe::SchemaArguments),
    /// Record what a proxy hands to its app.
    #[command(
        after_help = "Example:\n  gauntlet tap --listen 127.0.0.1:9000 --to 127.0.0.1:8000 --record requests.jsonl"
    )]
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
    #[error("{path}: {why}", path = path.display())]
    Report { path: PathBuf, why: String },
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
            return if error.use_stderr() {
                Exit::BadInput
            } else {
                Exit::Fine
            };
        }
    };
    let command = arguments
        .command
        .unwrap_or_else(|| Command::Run(run::RunArguments::main_job()));
    match obey(command, &mut io::stdout()) {
        Ok(exit) => exit,
        Err(CommandError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(CommandError::Complaint(complaint)) => {
            let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            drop(write!(
                io::stderr(),
                "gauntlet: {}",
                frame::render(&complaint, colour)
            ));
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
        Command::App(arguments) => arguments.obey(interrupt::flag()?.as_ref()),
        Command::Explain(arguments) => {
            registry::stop_on_signals()?;
            arguments.obey(out)
        }
        Command::Matrix(arguments) => {
            registry::stop_on_signals()?;
            arguments.obey(out)
        }
        Command::Compare(arguments) => arguments.obey(&interrupt::flag()?, out),
        Command::Completions(arguments) => arguments.obey(out),
        Command::Man => describe::man(out),
        Command::Pki(arguments) => arguments.obey(interrupt::flag()?.as_ref()),
        Command::Fuzz(arguments) => arguments.obey(interrupt::flag()?, out),
        Command::Run(arguments) => arguments.obey(interrupt::flag()?),
        Command::Schema(arguments) => arguments.obey(out),
        Command::Tap(arguments) => arguments.obey(&interrupt::flag()?),
        Command::Check(arguments) => arguments.obey(),
        Command::Deployments => list::deployments(out),
        Command::List(arguments) => arguments.obey(out),
        Command::Merge(arguments) => arguments.obey(),
        Command::Replay(arguments) => arguments.obey(),
    }
}
