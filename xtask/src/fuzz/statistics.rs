//! What a libFuzzer binary says on stderr.

/// What a run counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Statistics {
    /// Inputs tried.
    pub(super) executions: u64,
    /// Inputs a second.
    pub(super) a_second: u64,
    /// Edges reached.
    pub(super) coverage: u64,
    /// Inputs that reached something new.
    pub(super) fresh: u64,
    /// Inputs kept.
    pub(super) corpus: u64,
}

impl Statistics {
    /// Reads `stat::` lines and the last status line.
    pub(super) fn of(text: &str) -> Self {
        let stat = |name: &str| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name));
            line.and_then(|rest| rest.trim_start_matches(':').trim().parse().ok())
                .unwrap_or(0)
        };
        let status = text
            .lines()
            .rfind(|line| line.starts_with('#') && line.contains(" corp: "));
        let word = |name: &str| {
            let (_, rest) = status?.split_once(name)?;
            let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
            digits.parse().ok()
        };
        Self {
            executions: stat("number_of_executed_units"),
            a_second: stat("average_exec_per_sec"),
            coverage: word(" cov: ").unwrap_or(0),
            fresh: stat("new_units_added"),
            corpus: word(" corp: ").unwrap_or(0),
        }
    }

    /// One line of the summary; `fastest` is the rate of the empty target in the same run.
    pub(super) fn line(&self, name: &str, fastest: Option<u64>) -> String {
        let share = fastest
            .and_then(|fastest| (self.a_second.saturating_mul(1000)).checked_div(fastest))
            .map_or_else(
                || "-".to_owned(),
                |share| format!("{}.{}%", share / 10, share % 10),
            );
        format!(
            "{name:<19} {:>11} {:>8} {share:>7} {:>9} {:>7} {:>7}  none",
            self.executions, self.a_second, self.coverage, self.fresh, self.corpus
        )
    }
}

/// The first line of the summary.
pub(super) fn heading() -> String {
    format!(
        "{:<19} {:>11} {:>8} {:>7} {:>9} {:>7} {:>7}  crashes",
        "target", "executions", "exec/s", "empty", "coverage", "new", "corpus"
    )
}

/// The file that holds the input which broke a property.
pub(super) fn artifact(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.contains("Test unit written to "))?;
    line.split_once("Test unit written to ")
        .map(|(_, file)| file.trim().to_owned())
}

/// The part of the output that says what broke, bounded.
pub(super) fn complaint(text: &str) -> String {
    let from = text
        .lines()
        .position(|line| line.contains("panicked at") || line.starts_with("==") || line.contains("ERROR:"));
    let lines: Vec<&str> = text.lines().skip(from.unwrap_or(0)).take(24).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
#2\tINITED cov: 100 ft: 200 corp: 3/12b exec/s: 0 rss: 40Mb
#900\tDONE   cov: 123 ft: 456 corp: 78/1Kb lim: 64 exec/s: 450 rss: 50Mb
stat::number_of_executed_units: 900
stat::average_exec_per_sec:     450
stat::new_units_added:          75
";

    #[test]
    fn the_last_status_and_the_final_numbers_count() {
        let statistics = Statistics::of(OUTPUT);
        assert_eq!(
            statistics,
            Statistics {
                executions: 900,
                a_second: 450,
                coverage: 123,
                fresh: 75,
                corpus: 78
            }
        );
        assert!(statistics.line("x", Some(900)).contains("50.0%"));
        assert!(statistics.line("x", Some(0)).contains(" - "));
    }

    #[test]
    fn the_file_of_a_crash_is_named() {
        let text = "thread panicked at x\nartifact_prefix='a/'; Test unit written to a/crash-1\n";
        assert_eq!(artifact(text).as_deref(), Some("a/crash-1"));
        assert!(complaint(text).starts_with("thread panicked"));
        assert_eq!(artifact(OUTPUT), None);
    }
}
