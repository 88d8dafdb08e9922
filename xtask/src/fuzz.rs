//! `cargo xtask fuzz`: builds the targets of `fuzz/`, runs each for a while, and sums up.
//!
//! The targets are binaries of libFuzzer, built once by cargo-fuzz and then called directly. Without a sanitizer by default:
//! the code under test is free of `unsafe`, and what a sanitizer would watch for cannot happen in it; `--sanitizer address`
//! also watches the C of OpenSSL's interface and libFuzzer. Corpora grow in the target folder; `fuzz/seeds` is only read.

mod coverage;
mod options;
mod statistics;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use options::{Job, Options, Sanitizer};
use statistics::Statistics;

use crate::packages;
use crate::stage::{Outcome, cargo, is_installed, run};

/// How long each target runs in the `fuzz-smoke` stage.
const SMOKE_SECONDS: u32 = 2;
/// The target that does nothing: how fast libFuzzer itself is.
const EMPTY: &str = "empty";
/// Seconds after which one input counts as a hang. The time bounds of the properties speak first.
const HANG: u32 = 20;
/// Longest input: the bounds on time are far apart at this size, and most inputs stay short all the same.
const LONGEST: u32 = 16_384;
/// Most memory, in MiB, that a target may take: the limits of the readers allow far less.
const MEMORY: u32 = 1024;

/// The command; gives the exit code.
pub(crate) fn command(root: &Path, words: &[&str]) -> u8 {
    let options = match Options::parse(words, &names(root)) {
        Ok(options) => options,
        Err(why) => {
            say(&format!("xtask fuzz: {why}"));
            return 2;
        }
    };
    let outcome = match options.job {
        Job::Coverage => coverage::measure(root, &corpora(root)),
        Job::Run => campaign(root, &options),
        Job::Seeds => seeds(root),
    };
    say(&format!("xtask fuzz: {outcome}"));
    u8::from(outcome != Outcome::Passed)
}

/// Every target for a moment.
pub(crate) fn smoke(root: &Path) -> Outcome {
    campaign(
        root,
        &Options {
            job: Job::Run,
            targets: names(root),
            seconds: SMOKE_SECONDS,
            jobs: 1,
            sanitizer: Sanitizer::None,
        },
    )
}

/// The fuzz workspace: its form, its lints, and its tests, which ask OpenSSL of the seeds, the kept crashes and the known
/// disagreements.
pub(crate) fn regressions(root: &Path) -> Outcome {
    let manifest = root.join("fuzz/Cargo.toml");
    let outcome = run(Command::new(cargo())
        .args(["fmt", "--check", "--manifest-path"])
        .arg(&manifest)
        .current_dir(root));
    if outcome != Outcome::Passed {
        return outcome;
    }
    if !has_openssl() {
        return Outcome::Skipped("OpenSSL's headers are missing (libssl-dev, pkg-config)".to_owned());
    }
    for (verb, last) in [
        ("clippy", &["--all-targets", "--", "-D", "warnings"][..]),
        ("test", &[]),
    ] {
        let mut command = Command::new(cargo());
        command
            .args([verb, "--quiet", "--locked", "--no-default-features"])
            .args(["--features", "engine,openssl", "--manifest-path"])
            .arg(&manifest)
            .arg("--target-dir")
            .arg(packages::target(root))
            .args(last);
        let outcome = run(command.current_dir(root));
        if outcome != Outcome::Passed {
            return outcome;
        }
    }
    Outcome::Passed
}

fn seeds(root: &Path) -> Outcome {
    let mut command = Command::new(cargo());
    command
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "fuzz-properties",
            "--bin",
            "fuzz-seeds",
        ])
        .arg(root.join("fuzz/seeds"));
    run(command.current_dir(root))
}

/// The targets: the files of `fuzz/fuzz_targets`, sorted.
fn names(root: &Path) -> Vec<String> {
    let files = std::fs::read_dir(root.join("fuzz/fuzz_targets"));
    let mut names: Vec<String> = files
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort_unstable();
    names
}

/// Whether the openssl crate can be built; tries to install what it needs.
fn has_openssl() -> bool {
    let is_there = || {
        let asked = Command::new("pkg-config")
            .args(["--exists", "openssl"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status();
        asked.is_ok_and(|status| status.success())
    };
    is_there() || packages::try_install(&["libssl-dev", "pkg-config"]) == Outcome::Passed && is_there()
}

/// Builds, and runs each target; the first that breaks a property does not keep the others from running.
fn campaign(root: &Path, options: &Options) -> Outcome {
    let binaries = match build(root, options.sanitizer) {
        Ok(binaries) => binaries,
        Err(outcome) => return outcome,
    };
    let waiting = Mutex::new(options.targets.iter().rev().cloned().collect::<Vec<String>>());
    let done = Mutex::new(Vec::new());
    let take = || waiting.lock().ok().and_then(|mut names| names.pop());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                while let Some(name) = take() {
                    say(&format!("-- {name}"));
                    let result = run_target(root, &binaries, &name, options.seconds);
                    if let Ok(mut done) = done.lock() {
                        done.push((name, result));
                    }
                }
            });
        }
    });
    let mut results = done.into_inner().unwrap_or_default();
    results.sort_by(|one, other| one.0.cmp(&other.0));
    summary(root, &results)
}

/// Builds all targets with cargo-fuzz; the folder of the binaries.
fn build(root: &Path, sanitizer: Sanitizer) -> Result<PathBuf, Outcome> {
    let cargo_fuzz = packages::cargo_fuzz(root)?;
    let target = packages::target(root).join("fuzz");
    let mut command = Command::new(cargo_fuzz);
    command
        .args(["build", "--sanitizer", sanitizer.word(), "--fuzz-dir"])
        .arg(root.join("fuzz"))
        .arg("--target-dir")
        .arg(&target);
    if !has_openssl() {
        say("without OpenSSL's headers it is left out of the certificate readers");
        command.args(["--no-default-features", "--features", "engine,libfuzzer"]);
    }
    toolchain(&mut command);
    match run(command.current_dir(root)) {
        Outcome::Passed => Ok(target.join(host()?).join("release")),
        failed @ (Outcome::Failed(_) | Outcome::Skipped(_)) => Err(failed),
    }
}

/// A nightly compiler where rustup has one; else the installed one, which is asked to take the flags of a nightly one. The
/// rustup proxies obey the variable, so that cargo-fuzz calls the same cargo and rustc.
fn toolchain(command: &mut Command) {
    let nightly = Command::new("rustc").args(["+nightly", "-V"]).output();
    if nightly.is_ok_and(|output| output.status.success()) {
        command
            .env("RUSTUP_TOOLCHAIN", "nightly")
            .env_remove("CARGO")
            .env_remove("RUSTC");
    } else {
        command.env("RUSTC_BOOTSTRAP", "1");
    }
}

/// The platform's triple, in whose folder cargo-fuzz builds.
fn host() -> Result<String, Outcome> {
    let output = Command::new("rustc").arg("-vV").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let line = text.ok().and_then(|text| {
        let host = text.lines().find_map(|line| line.strip_prefix("host: "))?;
        Some(host.to_owned())
    });
    line.ok_or_else(|| Outcome::Failed("rustc -vV names no host".to_owned()))
}

/// Runs one target; what it counted, and whether it ended well.
fn run_target(root: &Path, binaries: &Path, name: &str, seconds: u32) -> Result<Statistics, String> {
    let corpus = corpora(root).join(name);
    let artifacts = artifacts(root).join(name);
    for folder in [&corpus, &artifacts] {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let mut command = Command::new(binaries.join(name));
    command
        .arg(&corpus)
        .args(seed_folders(root, name))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={HANG}"))
        .arg(format!("-max_len={LONGEST}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-print_final_stats=1", "-use_value_profile=1", "-verbosity=1"]);
    if let Some(dictionary) = dictionary(root, name) {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    let output = command
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("could not start {name}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let statistics = Statistics::of(&text);
    if output.status.success() {
        return Ok(statistics);
    }
    say(&statistics::complaint(&text));
    Err(statistics::artifact(&text).unwrap_or_else(|| output.status.to_string()))
}

/// Where corpora grow.
fn corpora(root: &Path) -> PathBuf {
    packages::target(root).join("fuzz/corpus")
}

/// Where inputs that break a property are put.
fn artifacts(root: &Path) -> PathBuf {
    packages::target(root).join("fuzz/artifacts")
}

/// The folders with first inputs: the target's own, its kept crashes, and folders of the repository that hold inputs as they are.
fn seed_folders(root: &Path, name: &str) -> Vec<PathBuf> {
    let seeds = root.join("fuzz/seeds");
    let list = std::fs::read_to_string(seeds.join(format!("{name}.folders"))).unwrap_or_default();
    let mut folders = vec![seeds.join(name), root.join("fuzz/regressions").join(name)];
    folders.extend(list.lines().map(|folder| root.join(folder)));
    folders.retain(|folder| folder.is_dir());
    folders
}

/// The dictionary of a target by the list beside the dictionaries.
fn dictionary(root: &Path, name: &str) -> Option<PathBuf> {
    let folder = root.join("fuzz/dictionaries");
    let list = std::fs::read_to_string(folder.join("targets")).ok()?;
    let word = list.lines().find_map(|line| {
        let (target, word) = line.split_once(' ')?;
        (target == name).then(|| word.to_owned())
    })?;
    Some(folder.join(format!("{word}.dict")))
}

/// A line a target, and what they come to.
fn summary(root: &Path, results: &[(String, Result<Statistics, String>)]) -> Outcome {
    let fastest = results
        .iter()
        .find(|(name, _)| name == EMPTY)
        .and_then(|(_, result)| result.as_ref().ok())
        .map(|statistics| statistics.a_second);
    say(&statistics::heading());
    let mut broken = Vec::new();
    for (name, result) in results {
        match result {
            Ok(statistics) => say(&statistics.line(name, fastest)),
            Err(artifact) => {
                say(&format!("{name:<19} CRASH {artifact}"));
                broken.push(name.as_str());
            }
        }
    }
    if broken.is_empty() {
        return Outcome::Passed;
    }
    say(&format!(
        "Replay: cargo run -p fuzz-properties --bin fuzz-replay TARGET FILE. Keep what is mended in {}/TARGET/.",
        root.join("fuzz/regressions").display()
    ));
    Outcome::Failed(format!("a property is broken: {}", broken.join(", ")))
}

/// A line on stdout, at once. A closed pipe ends nothing.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

/// Whether a program that coverage needs is there.
fn has(program: &str) -> bool {
    is_installed(program)
}
