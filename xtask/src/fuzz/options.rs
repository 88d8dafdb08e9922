//! The words after `cargo xtask fuzz`.

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// Measure what the corpora reach.
    Coverage,
    /// Fuzz.
    Run,
    /// Write the seeds.
    Seeds,
}

/// What watches the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sanitizer {
    /// AddressSanitizer.
    Address,
    /// Nothing.
    None,
}

impl Sanitizer {
    /// cargo-fuzz's word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::None => "none",
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) job: Job,
    /// The targets to run, sorted.
    pub(super) targets: Vec<String>,
    /// Seconds a target.
    pub(super) seconds: u32,
    /// Targets at a time.
    pub(super) jobs: u32,
    pub(super) sanitizer: Sanitizer,
}

impl Options {
    /// Reads the words; `known` are the targets, all of which are meant where none is named.
    pub(super) fn parse(words: &[&str], known: &[String]) -> Result<Self, String> {
        let mut options = Self {
            job: Job::Run,
            targets: Vec::new(),
            seconds: 60,
            jobs: 1,
            sanitizer: Sanitizer::None,
        };
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            match word {
                "--coverage" => options.job = Job::Coverage,
                "--seeds" => options.job = Job::Seeds,
                "--seconds" => options.seconds = number(word, words.next())?,
                "--jobs" => options.jobs = number(word, words.next())?,
                "--sanitizer" => {
                    options.sanitizer = match words.next() {
                        Some("address") => Sanitizer::Address,
                        Some("none") => Sanitizer::None,
                        _ => return Err("--sanitizer takes `none` or `address`".to_owned()),
                    };
                }
                name if known.iter().any(|target| target == name) => options.targets.push(name.to_owned()),
                other => return Err(format!("no target `{other}`; there are: {}", known.join(", "))),
            }
        }
        if options.targets.is_empty() {
            options.targets = known.to_vec();
        }
        options.targets.sort_unstable();
        options.targets.dedup();
        Ok(options)
    }
}

fn number(option: &str, word: Option<&str>) -> Result<u32, String> {
    let number = word
        .and_then(|word| word.parse().ok())
        .filter(|number| *number > 0);
    number.ok_or_else(|| format!("{option} takes a number from 1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<String> {
        ["a", "b"].map(str::to_owned).to_vec()
    }

    #[test]
    fn no_target_means_all() {
        let options = Options::parse(&["--seconds", "5"], &known()).unwrap();
        assert_eq!((options.targets, options.seconds), (known(), 5));
    }

    #[test]
    fn mistakes_are_named() {
        for (words, part) in [
            (&["c"][..], "there are: a, b"),
            (&["--seconds"], "takes a number"),
            (&["--jobs", "0"], "takes a number"),
            (&["--sanitizer", "x"], "`none` or `address`"),
        ] {
            let error = Options::parse(words, &known()).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
