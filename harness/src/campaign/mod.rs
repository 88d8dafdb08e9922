//! Fuzzing of a running deployment: cases from a seed, steered by new behaviour, held against oracles.
//!
//! ```text
//! seed ─generate→ Case ─trial→ Observation ─oracle→ Offence ─minimise→ Finding (a scenario file)
//!   ↑ corpus        (= a scenario)    └novelty→ corpus
//! ```
//!
//! Cases are tried in batches, several at once. After each batch the honest client must be served, no server may have ended,
//! and the logs that it left are searched for what was planted. A first batch is not tried before the honest client is
//! served: without that, nothing is known.

mod batch;
mod case;
mod corpus;
mod dice;
mod dictionary;
mod finding;
mod generate;
mod memory;
mod minimise;
mod novelty;
mod oracle;
mod trial;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub use case::{Case, Forging};
pub use finding::Finding;
pub use generate::{Terrain, case as generate};
pub use oracle::{Offence, Oracle};

use crate::deployment::Deployment;
use crate::launch::{LaunchError, LaunchOptions};
use crate::run::Ground;
use batch::Campaign;

/// How a campaign is made.
#[derive(Debug, Clone)]
pub struct CampaignOptions {
    /// Everything random comes from it.
    pub seed: u64,
    /// Exchanges at once.
    pub jobs: usize,
    /// How long one exchange may take.
    pub timeout: Duration,
    /// How long the campaign may take.
    pub time: Option<Duration>,
    /// How many cases it may try.
    pub cases: Option<u64>,
    /// Where cases that behaved in a new way are kept.
    pub corpus: Option<PathBuf>,
    /// Begin with the corpus, and behind the cases that made it.
    pub resume: bool,
    /// End with the first finding.
    pub first: bool,
    /// Hosts beyond loopback that may be attacked.
    pub authorized: Vec<String>,
    /// Set from outside to end early.
    pub stop: Arc<AtomicBool>,
    /// Unix seconds: the time around which certificates are valid.
    pub now: i64,
}

/// What a campaign tells while it goes on.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// A batch is done.
    Progress(Progress),
    /// Something was found.
    Found(Finding),
    /// Something that the user should know.
    Notice(String),
}

/// How far a campaign is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// Cases tried.
    pub cases: u64,
    /// Cases that could not be planned here.
    pub unplanned: u64,
    /// Behaviours seen.
    pub behaviours: usize,
    /// Cases in the corpus.
    pub corpus: usize,
    /// Findings.
    pub findings: usize,
    /// Time since the first case.
    pub elapsed: Duration,
}

impl Progress {
    /// Cases a second.
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    pub fn rate(&self) -> f64 {
        self.cases as f64 / self.elapsed.as_secs_f64().max(0.001)
    }
}

/// How a campaign ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// How far it came.
    pub progress: Progress,
    /// All findings.
    pub findings: Vec<Finding>,
    /// Why the honest client was not served, where the campaign ended for that.
    pub no_control: Option<String>,
}

/// Why there was no campaign.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// The deployment could not be started or found.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// A file could not be used.
    #[error("use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// A corpus file is no case.
    #[error("read the case {}: {why}", path.display())]
    Corpus {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
}

impl CampaignError {
    fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}

/// Fuzzes a deployment. What happens is told to `hear`.
///
/// # Errors
/// [`CampaignError`] where nothing could be tried, or where the corpus could not be kept. A deployment that misbehaves is no
/// error.
pub fn fuzz(
    deployment: &Deployment,
    options: &CampaignOptions,
    hear: &mut dyn FnMut(News),
) -> Result<Ending, CampaignError> {
    let launch = LaunchOptions {
        seed: options.seed,
        now: options.now,
        authorized: options.authorized.clone(),
        keep_folder: false,
    };
    let fresh = || Ground::prepare(deployment, &launch, options.timeout);
    let mut ground = fresh()?;
    let mut campaign = Campaign::new(&ground, options)?;
    if !campaign.ring(&ground).serves() {
        return Ok(campaign.end(Some("the honest client is not served".to_owned())));
    }
    let started = Instant::now();
    let over = |campaign: &Campaign| {
        options.stop.load(Ordering::Relaxed)
            || options.time.is_some_and(|time| started.elapsed() >= time)
            || options.cases.is_some_and(|most| campaign.progress.cases >= most)
            || (options.first && !campaign.findings.is_empty())
    };
    while !over(&campaign) {
        let batch = campaign.draw();
        let mut results = campaign.perform(&ground, &batch);
        campaign.progress.elapsed = started.elapsed();
        let alive = campaign.ring(&ground).serves();
        let dead = ground.target.dead();
        if alive && dead.is_empty() {
            campaign.look_into_logs(&ground, &mut results);
            campaign.learn(&results)?;
            campaign.settle(&ground, &results, hear);
        } else {
            let says = match dead.first() {
                Some(dead) => format!("`{}` ended with {}", dead.name, dead.status),
                None => "the honest client is not served any more".to_owned(),
            };
            if !ground.target.is_launched() {
                return Ok(campaign.end(Some(says)));
            }
            drop(ground);
            ground = fresh()?;
            // A deployment that does not serve when it is fresh tells nothing.
            if !campaign.ring(&ground).serves() {
                return Ok(campaign.end(Some("the honest client is not served after a restart".to_owned())));
            }
            ground = campaign.blame(ground, &says, &batch, &fresh, hear)?;
        }
        campaign.progress.elapsed = started.elapsed();
        hear(News::Progress(campaign.progress));
    }
    Ok(campaign.end(None))
}
