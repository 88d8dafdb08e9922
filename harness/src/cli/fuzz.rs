//! `gauntlet fuzz`: a campaign against a running deployment.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::campaign::{self, CampaignError, CampaignOptions, Ending, Finding, News, Progress};
use mtls_gauntlet::catalogue;
use mtls_gauntlet::report::harmless;

use super::CommandError;
use super::run::{default_jobs, now, seconds};

/// Between two lines of progress where stderr is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// What is fuzzed, and how long.
#[derive(Debug, Clone, Args)]
pub(super) struct FuzzArguments {
    /// A name (`embedded`), a name with a planted misconfiguration (`embedded+NAME`), or a path to a deployment.toml.
    #[arg(default_value = "embedded")]
    deployment: String,
    /// Seconds that the campaign may take. Default, where `--cases` is not given either: 60.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<f64>,
    /// How many cases it may try.
    #[arg(long, value_name = "N")]
    cases: Option<u64>,
    /// Seed of the cases, keys and nonces: the same seed makes the same cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Exchanges at once. Default: four a core.
    #[arg(long)]
    jobs: Option<usize>,
    /// Keep cases that behaved in a new way in this folder, one JSON file each.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Grow new cases from the corpus of an earlier campaign.
    #[arg(long, requires = "corpus")]
    resume: bool,
    /// Write each finding into this folder as a scenario file.
    #[arg(long, value_name = "DIR", default_value = "fuzz-findings")]
    out: PathBuf,
    /// End with the first finding.
    #[arg(long)]
    first: bool,
    /// Seconds that one exchange may take.
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS", value_parser = seconds)]
    timeout: f64,
    /// A host beyond loopback that may be attacked; name it as the deployment file does.
    #[arg(long, value_name = "HOST")]
    authorized: Vec<String>,
}

/// Tells how far it is.
enum Shown {
    Bar(ProgressBar),
    Lines(Instant),
}

impl Shown {
    fn new() -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines(Instant::now());
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    fn say(&self, text: &str) -> io::Result<()> {
        match self {
            Self::Bar(bar) => {
                bar.println(harmless(text));
                Ok(())
            }
            Self::Lines(_) => writeln!(io::stderr(), "{}", harmless(text)),
        }
    }

    fn progress(&mut self, progress: &Progress) -> io::Result<()> {
        match self {
            Self::Bar(bar) => {
                bar.set_message(line(progress));
                bar.tick();
                Ok(())
            }
            Self::Lines(last) if last.elapsed() < LINE_EVERY => Ok(()),
            Self::Lines(last) => {
                *last = Instant::now();
                writeln!(io::stderr(), "{}", line(progress))
            }
        }
    }
}

fn line(progress: &Progress) -> String {
    format!(
        "{} cases, {:.0} a second, {} behaviours, {} findings",
        progress.cases,
        progress.rate(),
        progress.behaviours,
        progress.findings
    )
}

impl FuzzArguments {
    /// Fuzzes, writes findings down, and says how it ended.
    pub(super) fn obey(self, stop: Arc<AtomicBool>, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let deployment = catalogue::deployment(&self.deployment)?;
        let time = match (self.time, self.cases) {
            (None, None) => Some(60.0),
            (time, _) => time,
        };
        let options = CampaignOptions {
            seed: self.seed,
            jobs: self.jobs.unwrap_or_else(default_jobs),
            timeout: Duration::from_secs_f64(self.timeout),
            time: time.map(Duration::from_secs_f64),
            cases: self.cases,
            corpus: self.corpus.clone(),
            resume: self.resume,
            first: self.first,
            authorized: self.authorized.clone(),
            stop,
            now: now(),
        };
        let mut shown = Shown::new();
        // The first thing that went wrong while telling or writing; the campaign goes on and says so at the end.
        let mut lost: Option<CommandError> = None;
        let ending = campaign::fuzz(&deployment, &options, &mut |news| {
            let told = match news {
                News::Progress(progress) => shown.progress(&progress).map_err(CommandError::from),
                News::Notice(text) => shown.say(&text).map_err(CommandError::from),
                News::Found(finding) => write_down(&self.out, &self.deployment, self.seed, &finding)
                    .and_then(|text| shown.say(&text).map_err(CommandError::from)),
            };
            if let Err(error) = told {
                lost.get_or_insert(error);
            }
        })
        .map_err(campaign_error)?;
        if let Shown::Bar(bar) = &shown {
            bar.finish_and_clear();
        }
        summary(&ending, out)?;
        match lost {
            Some(error) => Err(error),
            None => Ok(exit(&ending)),
        }
    }
}

fn campaign_error(error: CampaignError) -> CommandError {
    match error {
        CampaignError::Launch(error) => CommandError::Run(mtls_gauntlet::run::RunError::Launch(error)),
        CampaignError::File { path, source } => CommandError::File { path, source },
        CampaignError::Corpus { path, why } => CommandError::Report { path, why },
    }
}

/// Writes the scenario file of a finding, and says where it is.
fn write_down(folder: &Path, deployment: &str, seed: u64, finding: &Finding) -> Result<String, CommandError> {
    let says = format!(
        "FOUND {}: {} (case {})",
        finding.offence.oracle, finding.offence.says, finding.number
    );
    let Some(scenario) = finding.scenario(deployment, seed) else {
        return Ok(says);
    };
    let path = folder.join(format!("{}.toml", finding.file_stem(seed)));
    let failed = |source| CommandError::File {
        path: path.clone(),
        source,
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&path, scenario).map_err(failed)?;
    Ok(format!("{says}\n  {}", path.display()))
}

fn summary(ending: &Ending, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", line(&ending.progress))?;
    if ending.progress.unplanned > 0 {
        writeln!(
            out,
            "{} of the cases could not be tried here: their parts do not go together",
            ending.progress.unplanned
        )?;
    }
    for finding in &ending.findings {
        writeln!(
            out,
            "{}: {}",
            finding.offence.oracle,
            harmless(&finding.offence.says)
        )?;
    }
    if let Some(why) = &ending.no_control {
        writeln!(out, "no control: {}", harmless(why))?;
    }
    Ok(())
}

/// As of `run`: 1 with findings, 3 where the honest client was not served, 4 where nothing was tried.
fn exit(ending: &Ending) -> Exit {
    if !ending.findings.is_empty() {
        Exit::Fail
    } else if ending.no_control.is_some() {
        Exit::Inconclusive
    } else if ending.progress.cases == ending.progress.unplanned {
        Exit::NothingRan
    } else {
        Exit::Fine
    }
}
