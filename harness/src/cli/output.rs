//! Where reports go: `--format`, and what is said on stderr beside them.

use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use mtls_gauntlet::baseline::{Change, Comparison};
use mtls_gauntlet::report::{Audience, Format, Look};

use super::CommandError;

/// Which reports are wanted, and where.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct OutputArguments {
    /// Where the report goes: html, json, jsonl, junit, markdown, sarif or terminal for stdout, or FORMAT=FILE; may be given
    /// several times. Default: terminal.
    #[arg(long, value_name = "FORMAT[=FILE]")]
    format: Vec<Destination<Format>>,
}

/// A format, and the file that takes it; stdout without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destination<F> {
    pub(super) format: F,
    pub(super) file: Option<PathBuf>,
}

impl<F: FromStr<Err = String>> FromStr for Destination<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, file) = match text.split_once('=') {
            Some((_, "")) => return Err("no file after `=`".to_owned()),
            Some((word, file)) => (word, Some(PathBuf::from(file))),
            None => (text, None),
        };
        Ok(Self {
            format: word.parse()?,
            file,
        })
    }
}

impl<F> fmt::Display for Destination<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(formatter, "{}", file.display()),
            None => formatter.write_str("stdout"),
        }
    }
}

impl OutputArguments {
    /// The reporters. Files are made at once: one that cannot be is better known before a run than after it.
    pub(super) fn audience(&self) -> Result<Audience, CommandError> {
        let wanted = or_stdout(&self.format, Format::Terminal)?;
        let mut audience = Audience::default();
        for destination in &wanted {
            let listener = match &destination.file {
                Some(path) => {
                    let file = File::create(path).map_err(|source| CommandError::File {
                        path: path.clone(),
                        source,
                    })?;
                    destination.format.listener(Box::new(file), Look::PLAIN)
                }
                None => destination.format.listener(Box::new(io::stdout()), look()),
            };
            audience.add(destination.to_string(), listener);
        }
        Ok(audience)
    }
}

/// The destinations, or `default` on stdout where none is named.
///
/// # Errors
/// Where two of them would be mixed on stdout.
pub(super) fn or_stdout<F: Clone>(
    wanted: &[Destination<F>],
    default: F,
) -> Result<Vec<Destination<F>>, CommandError> {
    if wanted.is_empty() {
        return Ok(vec![Destination {
            format: default,
            file: None,
        }]);
    }
    let on_stdout = wanted.iter().filter(|destination| destination.file.is_none());
    if on_stdout.count() > 1 {
        return Err(CommandError::Argument(
            "two reports for stdout: give all but one a file, as `json=out.json`".to_owned(),
        ));
    }
    Ok(wanted.to_vec())
}

/// Says which reports were lost on the way; true where none was.
pub(super) fn say_failures(audience: &Audience) -> io::Result<bool> {
    let mut all_written = true;
    for (place, error) in audience.failures() {
        all_written = false;
        writeln!(
            io::stderr(),
            "gauntlet: could not write the report to {place}: {error}"
        )?;
    }
    Ok(all_written)
}

/// The diff on stderr, worse rows first: what was recorded with `-`, what is with `+`.
pub(super) fn print_comparison(comparison: &Comparison, path: &Path) -> io::Result<()> {
    let mut out = io::stderr();
    let (worse, better): (&[Change], &[Change]) = match comparison {
        Comparison::Same => return writeln!(out, "exactly as recorded in {}", path.display()),
        Comparison::Worse(worse) => (worse, &[]),
        Comparison::Better(better) => (&[], better),
        Comparison::Both { worse, better } => (worse, better),
    };
    for (title, changes) in [("worse than", worse), ("better than, or otherwise than,", better)] {
        if !changes.is_empty() {
            writeln!(out, "{title} {}:", path.display())?;
        }
        for line in changes
            .iter()
            .flat_map(|change| change.to_string().lines().map(str::to_owned).collect::<Vec<_>>())
        {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

/// Colours and width where stdout is a terminal; `NO_COLOR` (no-color.org) is respected, and so is `COLUMNS`, which shells
/// rarely hand on: without it the terminal is asked.
pub(super) fn look() -> Look {
    if !io::stdout().is_terminal() {
        return Look::PLAIN;
    }
    let told = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let asked = || {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        // A terminal that does not know says 0.
        (size.ws_col > 0).then_some(usize::from(size.ws_col))
    };
    Look {
        colour: std::env::var_os("NO_COLOR").is_none(),
        width: told.or_else(asked).unwrap_or(Look::PLAIN.width),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_format() {
        let command = <OutputArguments as Args>::augment_args(clap::Command::new("x"));
        let format = command
            .get_arguments()
            .find(|argument| argument.get_id() == "format")
            .expect("there");
        let help = format.get_help().expect("has help").to_string();
        for known in Format::ALL {
            assert!(help.contains(known.word()), "{known} is not in: {help}");
        }
    }

    #[test]
    fn a_destination_is_a_format_with_or_without_a_file() {
        let file = Some(PathBuf::from("a=b.json"));
        assert_eq!(
            "json=a=b.json".parse(),
            Ok(Destination {
                format: Format::Json,
                file
            })
        );
        assert_eq!(
            "terminal".parse(),
            Ok(Destination {
                format: Format::Terminal,
                file: None
            })
        );
        assert!("json=".parse::<Destination<Format>>().is_err());
        assert!(
            "jsn"
                .parse::<Destination<Format>>()
                .is_err_and(|message| message.contains("did you mean `json`"))
        );
    }
}
