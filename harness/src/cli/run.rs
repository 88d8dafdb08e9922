//! `gauntlet run`: the main job.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use mtls_gauntlet::baseline::{Baseline, Comparison, Exit, exit_code};
use mtls_gauntlet::catalogue::{self, Selection};
use mtls_gauntlet::report::{Progress, Summary};
use mtls_gauntlet::run::{self, Options};

use super::CommandError;
use super::output::{self, OutputArguments};

/// What is run, and how.
#[derive(Debug, Clone, Args)]
pub(super) struct RunArguments {
    /// A name (`embedded`), a name with a planted misconfiguration (`embedded+NAME`), or a path to a deployment.toml.
    #[arg(default_value = "embedded")]
    deployment: String,
    /// Only these scenarios: globs over ids, or paths of scenario files.
    #[arg(long, value_name = "GLOB|FILE")]
    scenario: Vec<String>,
    /// Only these families (the first part of the ids).
    #[arg(long)]
    family: Vec<String>,
    #[command(flatten)]
    how: HowArguments,
    /// Only the i-th of n parts of the scenarios, i from 1.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(usize, usize)>,
    #[command(flatten)]
    output: OutputArguments,
    /// Compare with these recorded verdicts: exit 0 exactly as recorded, 1 worse, 5 better.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Record the verdicts into the baseline file (or snapshots/DEPLOYMENT.txt).
    #[arg(long)]
    record: bool,
}

/// How a run is made, whatever is done with its results.
#[derive(Debug, Clone, Args)]
pub(super) struct HowArguments {
    /// Exchanges at once. Default: four a core.
    #[arg(long)]
    jobs: Option<usize>,
    /// Seed of nonces, keys and serial numbers: the same seed makes the same plan.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds that one exchange may take.
    #[arg(long, default_value_t = 5.0, value_name = "SECONDS", value_parser = seconds)]
    timeout: f64,
    /// Seconds that the whole run of a deployment may take.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    deadline: Option<f64>,
    /// A host beyond loopback that may be attacked; name it as the deployment file does.
    #[arg(long, value_name = "HOST")]
    authorized: Vec<String>,
    /// Also run scenarios that can hurt against a live deployment.
    #[arg(long)]
    intrusive: bool,
}

impl Default for HowArguments {
    fn default() -> Self {
        Self {
            jobs: None,
            seed: 1,
            timeout: 5.0,
            deadline: None,
            authorized: Vec::new(),
            intrusive: false,
        }
    }
}

impl HowArguments {
    /// The engine's options for one run.
    pub(super) fn options(&self, shard: Option<(usize, usize)>, stop: Arc<AtomicBool>) -> Options {
        Options {
            seed: self.seed,
            jobs: self.jobs.unwrap_or_else(default_jobs),
            timeout: Duration::from_secs_f64(self.timeout),
            deadline: self.deadline.map(Duration::from_secs_f64),
            shard,
            authorized: self.authorized.clone(),
            intrusive: self.intrusive,
            stop,
            now: now(),
        }
    }
}

pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds < 1e7 => Ok(seconds),
        Ok(_) | Err(_) => Err("a number of seconds above zero".to_owned()),
    }
}

fn shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text
        .split_once('/')
        .and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
    match parts {
        Some((index, count)) if index >= 1 && index <= count => Ok((index, count)),
        Some(_) | None => Err("write i/n with i from 1 to n, as 2/4".to_owned()),
    }
}

/// Unix seconds of now. The clock is read here and nowhere below.
pub(super) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}

/// Four exchanges a core: most of an exchange is waiting.
pub(super) fn default_jobs() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from) * 4
}

/// How far a run is, on stderr.
pub(super) fn progress() -> Progress {
    if io::stderr().is_terminal() {
        Progress::bar()
    } else {
        Progress::lines(Box::new(io::stderr()))
    }
}

impl RunArguments {
    /// All defaults: the main job.
    pub(super) fn main_job() -> Self {
        Self {
            deployment: "embedded".to_owned(),
            scenario: Vec::new(),
            family: Vec::new(),
            how: HowArguments::default(),
            shard: None,
            output: OutputArguments::default(),
            baseline: None,
            record: false,
        }
    }

    /// Runs, reports, compares and records.
    pub(super) fn obey(self, stop: Arc<AtomicBool>) -> Result<Exit, CommandError> {
        let deployment = catalogue::deployment(&self.deployment)?;
        let selection = Selection::new(&self.scenario, &self.family)?;
        let scenarios = selection.scenarios()?;
        let mut audience = self.output.audience()?;
        audience.add("stderr", Box::new(progress()));
        let options = self.how.options(self.shard, stop);
        match run::run(&deployment, &scenarios, &options, &mut |event| {
            audience.tell(&event)
        }) {
            Ok(()) => {}
            Err(run::RunError::NothingToRun) => {
                writeln!(
                    io::stderr(),
                    "gauntlet: no scenario to run: the filters left none"
                )?;
                return Ok(Exit::NothingRan);
            }
            Err(error @ run::RunError::Launch(_)) => return Err(CommandError::Run(error)),
        }
        let all_written = output::say_failures(&audience)?;
        let record = audience.record();
        let fresh = Baseline::of_results(record.results.values());
        let whole = selection.is_everything() && self.shard.is_none();
        let ids: Vec<String> = scenarios
            .iter()
            .map(|scenario| scenario.claim.id.0.clone())
            .collect();
        let selected = |id: &str| whole || ids.iter().any(|known| known == id);
        let comparison = self.compare(&fresh, selected)?;
        if self.record {
            self.write_down(&fresh, &deployment.name, selected)?;
        }
        if !all_written {
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

    fn compare(
        &self,
        fresh: &Baseline,
        selected: impl Fn(&str) -> bool,
    ) -> Result<Option<Comparison>, CommandError> {
        let Some(path) = self.baseline.as_ref().filter(|_| !self.record) else {
            return Ok(None);
        };
        let comparison = Baseline::parse(path, &catalogue::read(path)?)?.compare(fresh, selected);
        output::print_comparison(&comparison, path)?;
        Ok(Some(comparison))
    }

    fn write_down(
        &self,
        fresh: &Baseline,
        deployment: &str,
        selected: impl Fn(&str) -> bool,
    ) -> Result<(), CommandError> {
        let path = self
            .baseline
            .clone()
            .unwrap_or_else(|| PathBuf::from(format!("snapshots/{deployment}.txt")));
        let old = if path.exists() {
            Baseline::parse(&path, &catalogue::read(&path)?)?
        } else {
            Baseline::default()
        };
        let text = old.updated_by(fresh, selected).print(deployment);
        let failed = |source| CommandError::File {
            path: path.clone(),
            source,
        };
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        std::fs::write(&path, text).map_err(failed)?;
        writeln!(io::stderr(), "recorded into {}", path.display())?;
        Ok(())
    }
}
