//! The project's own commands: `cargo xtask test`, `cargo xtask generated` and `cargo xtask fuzz`.
//!
//! ```text
//! Stage table ─run each, whatever the others did→ Outcome ─count→ summary and exit code
//! ```
//!
//! Nearly the standard library alone: this is the first thing that a bare machine builds. Modules in dependency order: `stage`
//! (what a stage is, and running a command), `packages` (what the distribution and crates.io bring), `generated` (texts made
//! from the program's own lists), `matrix` (planted faults), `fuzz` (the fuzz targets), `django` (the app's own tests), `test`
//! (the table of stages).

mod django;
mod fuzz;
mod generated;
mod matrix;
mod packages;
mod stage;
mod test;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask test              install what is missing, then every check and every test
       cargo xtask test STAGE...     only these stages, in the order of the table
       cargo xtask generated         write the generated texts again
       cargo xtask generated --check say which of them are stale
       cargo xtask matrix            attack every deployment with each of its faults planted; writes docs/DETECTION.md
       cargo xtask matrix --record   the same, and records the verdicts of the hardened deployments in snapshots/
       cargo xtask fuzz [TARGET...] [--seconds N] [--jobs N] [--sanitizer none|address]
                                     each fuzz target for N seconds (60), N at a time (1)
       cargo xtask fuzz --coverage   lines of client-identity that seeds and corpora reach
       cargo xtask fuzz --seeds      write the seeds that certs-gen makes again
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    let code = match words.as_slice() {
        ["test", chosen @ ..] => test::run(&root, chosen),
        ["generated"] => code_of(&generated::write(&root)),
        ["generated", "--check"] => code_of(&generated::check(&root)),
        ["matrix"] => code_of(&matrix::write(&root, false)),
        ["matrix", "--record"] => code_of(&matrix::write(&root, true)),
        ["fuzz", options @ ..] => fuzz::command(&root, options),
        ["help" | "--help" | "-h"] => {
            drop(io::stdout().write_all(USAGE.as_bytes()));
            0
        }
        _ => {
            drop(io::stderr().write_all(USAGE.as_bytes()));
            2
        }
    };
    ExitCode::from(code)
}

fn code_of(outcome: &stage::Outcome) -> u8 {
    drop(writeln!(io::stderr(), "xtask: {outcome}"));
    u8::from(!matches!(outcome, stage::Outcome::Passed))
}

/// The workspace's root: every command runs there, from wherever `cargo xtask` was called.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}
