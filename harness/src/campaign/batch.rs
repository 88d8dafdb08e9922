//! The state of a campaign, and what is done with a batch of cases.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::case::Case;
use super::finding::Finding;
use super::generate::{self, Terrain};
use super::memory::Memory;
use super::minimise::minimise;
use super::novelty::{self, Novelty};
use super::oracle::{self, Offence, Oracle};
use super::trial::{Ring, Tried};
use super::{CampaignError, CampaignOptions, Ending, News, Progress, corpus};
use crate::launch::{LaunchError, LogMark};
use crate::plan::{Planned, plan};
use crate::run::Ground;
use crate::scenario::vocabulary::{Canary, HttpVersion, Need};

/// Cases of one job in a batch.
const EACH: usize = 12;
/// Every so many cases, one is tried in all versions of TLS and HTTP.
const VERSIONS_EVERY: u64 = 24;
/// Most log bytes of a batch that are searched.
const LOG_LIMIT: usize = 8 * 1024 * 1024;
/// How long the lines of a batch may take to be written.
const LOG_WAIT: Duration = Duration::from_millis(400);
const LOG_PAUSE: Duration = Duration::from_millis(10);
/// Most times that a case is made small for one kind of offence: the same hole is found again and again.
const MOST_OF_A_KIND: usize = 6;

/// Secrets whose place in logs is searched for.
const CANARIES: [Canary; 8] = [
    Canary::AnsiEscape,
    Canary::Authorization,
    Canary::Certificate,
    Canary::Cookie,
    Canary::ForgedHeader,
    Canary::ForgedLine,
    Canary::LineBreak,
    Canary::QuoteBreak,
];

/// A campaign: what it knows so far.
pub(super) struct Campaign<'o> {
    options: &'o CampaignOptions,
    terrain: Terrain,
    corpus: Vec<Case>,
    novelty: Novelty,
    memory: Memory,
    mark: LogMark,
    next: u64,
    kinds: BTreeMap<(Oracle, String), usize>,
    pub(super) progress: Progress,
    pub(super) findings: Vec<Finding>,
}

impl<'o> Campaign<'o> {
    /// A campaign that has tried nothing.
    ///
    /// # Errors
    /// [`CampaignError`] where the corpus cannot be read.
    pub(super) fn new(ground: &Ground, options: &'o CampaignOptions) -> Result<Self, CampaignError> {
        let corpus = match &options.corpus {
            Some(folder) if options.resume => corpus::load(folder)?,
            Some(_) | None => Vec::new(),
        };
        // A resumed campaign throws other dice than the one that made the corpus: as many cases as there may have been.
        let next = if corpus.is_empty() { 0 } else { 1 << 32 } + u64::try_from(corpus.len()).unwrap_or(0);
        Ok(Self {
            options,
            terrain: terrain(ground, options.seed),
            corpus,
            novelty: Novelty::default(),
            memory: Memory::default(),
            mark: ground.target.logs().mark(),
            next,
            kinds: BTreeMap::new(),
            progress: Progress::default(),
            findings: Vec::new(),
        })
    }

    pub(super) fn ring<'g>(&self, ground: &'g Ground) -> Ring<'g> {
        Ring::new(ground, self.options.seed, self.options.now, self.options.timeout)
    }

    /// The next cases with their numbers. The corpus is looked at once for all of them, so that the order in which a batch
    /// ends does not matter.
    pub(super) fn draw(&mut self) -> Vec<(u64, Case)> {
        let left = self
            .options
            .cases
            .map_or(u64::MAX, |most| most.saturating_sub(self.progress.cases));
        let size = u64::try_from(self.options.jobs.max(1) * EACH)
            .unwrap_or(1)
            .min(left.max(1));
        let numbers = self.next..self.next + size;
        self.next = numbers.end;
        numbers
            .map(|number| {
                (
                    number,
                    generate::case(self.options.seed, number, &self.corpus, &self.terrain),
                )
            })
            .collect()
    }

    /// Tries all of them, several at once; the results stand in the order of the cases.
    pub(super) fn perform(&mut self, ground: &Ground, batch: &[(u64, Case)]) -> Vec<(u64, Tried)> {
        self.mark = ground.target.logs().mark();
        let ring = self.ring(ground);
        let queue = Mutex::new(batch.iter());
        let done = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..self.options.jobs.max(1) {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                        let Some((number, case)) = next else { return };
                        let tried = ring
                            .attempt(case, &format!("case-{number}"), false)
                            .map(|mut tried| {
                                if number % VERSIONS_EVERY == 0 {
                                    tried
                                        .offences
                                        .extend(ring.versions(case, &format!("case-{number}")));
                                }
                                tried
                            });
                        done.lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push((*number, tried));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(number, _)| *number);
        let tried: Vec<(u64, Tried)> = done
            .into_iter()
            .filter_map(|(number, tried)| Some((number, tried?)))
            .collect();
        let unplanned = batch.len() - tried.len();
        self.progress.cases += u64::try_from(batch.len()).unwrap_or(0);
        self.progress.unplanned += u64::try_from(unplanned).unwrap_or(0);
        tried
    }

    /// Searches what the batch left in the logs, and notes the shapes of its lines.
    pub(super) fn look_into_logs(&mut self, ground: &Ground, results: &mut [(u64, Tried)]) {
        let logs = ground.target.logs();
        // The lines of the last case are waited for, not longer than servers that write at once need.
        let last = results
            .iter()
            .rev()
            .find(|(_, tried)| tried.observation.status().is_some())
            .map(|(_, tried)| tried.nonce.clone());
        let started = Instant::now();
        let texts = loop {
            let texts = logs.since(&self.mark, LOG_LIMIT);
            let told = last
                .as_ref()
                .is_none_or(|nonce| texts.iter().any(|(_, bytes)| holds(bytes, nonce.as_bytes())));
            if told || texts.is_empty() || started.elapsed() > LOG_WAIT {
                break texts;
            }
            std::thread::sleep(LOG_PAUSE);
        };
        for (_, bytes) in &texts {
            for shape in novelty::line_shapes(bytes) {
                self.novelty.note("log", &shape);
            }
        }
        for (_, tried) in results {
            let Some(canary) = &tried.canary else { continue };
            let place = texts.iter().find(|(_, bytes)| {
                canary
                    .needles
                    .iter()
                    .any(|needle| stands(bytes, needle, canary.unescaped))
            });
            if let Some((place, _)) = place {
                tried.offences.push(oracle::leak(canary, place));
            }
        }
    }

    /// Keeps the cases that behaved in a new way.
    ///
    /// # Errors
    /// [`CampaignError`] where the corpus cannot be written.
    pub(super) fn learn(&mut self, results: &[(u64, Tried)]) -> Result<(), CampaignError> {
        for (_, tried) in results {
            let shape = novelty::shape(&tried.case, &tried.observation);
            if !self.novelty.note("end", &shape) {
                continue;
            }
            if let Some(folder) = &self.options.corpus {
                corpus::save(folder, &tried.case)?;
            }
            if self.corpus.len() >= corpus::MOST {
                self.corpus.remove(0);
            }
            self.corpus.push(tried.case.clone());
        }
        self.progress.behaviours = self.novelty.count();
        self.progress.corpus = self.corpus.len();
        Ok(())
    }

    /// Makes the offences of a batch into findings.
    pub(super) fn settle(&mut self, ground: &Ground, results: &[(u64, Tried)], hear: &mut dyn FnMut(News)) {
        let ring = self.ring(ground);
        for (number, tried) in results {
            for offence in &tried.offences {
                if self.options.first && !self.findings.is_empty() {
                    return;
                }
                let key = (offence.oracle, kind(&tried.case, offence));
                let count = self.kinds.entry(key).or_default();
                if *count >= MOST_OF_A_KIND {
                    continue;
                }
                *count += 1;
                match minimise(&ring, &tried.case, offence.oracle, &format!("case-{number}")) {
                    Some((case, offence)) => self.add(
                        Finding {
                            offence,
                            case: Some(case),
                            number: *number,
                        },
                        hear,
                    ),
                    None => hear(News::Notice(format!(
                        "case {number} did not do it again: {}",
                        offence.says
                    ))),
                }
            }
        }
        if let Some(says) = self.memory.look(&ground.target.groups(), self.progress.cases) {
            let offence = Offence {
                oracle: Oracle::Memory,
                says,
                expect: String::new(),
            };
            let number = self.next;
            self.add(
                Finding {
                    offence,
                    case: None,
                    number,
                },
                hear,
            );
        }
    }

    /// Finds the case of a batch after which nobody is served, each on a server that serves before it.
    ///
    /// # Errors
    /// [`LaunchError`] where the deployment cannot be started again.
    pub(super) fn blame(
        &mut self,
        ground: Ground,
        says: &str,
        batch: &[(u64, Case)],
        fresh: &dyn Fn() -> Result<Ground, LaunchError>,
        hear: &mut dyn FnMut(News),
    ) -> Result<Ground, LaunchError> {
        self.memory.restart();
        let mut ground = ground;
        for (number, case) in batch {
            let ring = self.ring(&ground);
            drop(ring.attempt(case, &format!("case-{number}"), false));
            if ring.serves() && ground.target.dead().is_empty() {
                continue;
            }
            let finding = Finding {
                offence: Offence {
                    oracle: Oracle::Died,
                    says: says.to_owned(),
                    expect: "\"survived\"".to_owned(),
                },
                case: Some(case.clone()),
                number: *number,
            };
            self.add(finding, hear);
            drop(ground);
            ground = fresh()?;
            return Ok(ground);
        }
        hear(News::Notice(format!(
            "{says}, but no case of the batch does that alone"
        )));
        Ok(ground)
    }

    fn add(&mut self, finding: Finding, hear: &mut dyn FnMut(News)) {
        let known =
            |other: &Finding| other.offence.oracle == finding.offence.oracle && other.case == finding.case;
        if self.findings.iter().any(known) {
            return;
        }
        self.findings.push(finding.clone());
        self.progress.findings = self.findings.len();
        hear(News::Found(finding));
    }

    pub(super) fn end(self, no_control: Option<String>) -> Ending {
        Ending {
            progress: self.progress,
            findings: self.findings,
            no_control,
        }
    }
}

/// Offences that look alike: who presents what, which part of the request is odd.
fn kind(case: &Case, offence: &Offence) -> String {
    let presents = case.present.split(':').next().unwrap_or_default();
    let spelling = case.forge.as_ref().and_then(|forge| forge.spelling.clone());
    let planted = case
        .plant
        .filter(|_| offence.oracle == Oracle::Leak)
        .map(|planted| planted.word());
    format!("{presents}|{spelling:?}|{planted:?}")
}

fn terrain(ground: &Ground, seed: u64) -> Terrain {
    let surroundings = ground.surroundings(seed);
    let file = &ground.deployment.file;
    let mut terrain = Terrain {
        http2: ground.deployment.facts.has(Need::Http2),
        mint: ground.target.credentials().pki().is_some(),
        secret: file
            .identity
            .as_ref()
            .is_some_and(|identity| identity.secret.is_some()),
        victims: file
            .users
            .keys()
            .filter(|user| *user != "alice")
            .cloned()
            .collect(),
        routes: file.app.routes.clone(),
        ..Terrain::default()
    };
    if let Ok((dialect, names)) = surroundings.dialect() {
        terrain.roles = names.iter().map(|(role, _)| role.word().to_owned()).collect();
        let client = |user: &str| {
            Some(client_identity::Client::Presented {
                chain: surroundings.certificates.chain(user).ok()?,
                verified: client_identity::Verified::Success,
            })
        };
        let victim = terrain.victims.first().and_then(|victim| client(victim));
        if let (Some(own), Some(victim)) = (client("alice"), victim)
            && let Ok(values) = dialect.hostile_values(&own, &victim, &names)
        {
            terrain.hostile = values
                .iter()
                .map(|value| format!("{}/{}", value.role, value.name))
                .collect();
        }
    }
    if ground.deployment.facts.has(Need::Logs) {
        let plannable = |canary: &&Canary| {
            let case = Case {
                plant: Some(**canary),
                http: HttpVersion::Http11,
                ..Case::honest()
            };
            let planned = case
                .scenario("plannable")
                .ok()
                .map(|scenario| plan(&scenario, &surroundings));
            planned.is_some_and(|planned| matches!(planned.first(), Some(Planned::Attempt(_))))
        };
        terrain.canaries = CANARIES.iter().filter(plannable).copied().collect();
    }
    terrain
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

/// Does the needle stand there; with `unescaped`, without a backslash before it?
fn stands(bytes: &[u8], needle: &[u8], unescaped: bool) -> bool {
    if needle.is_empty() {
        return false;
    }
    memchr::memmem::find_iter(bytes, needle).any(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !(unescaped && before == Some(&b'\\'))
    })
}
