//! The comparison as a page: a table a kind of difference, scenarios by deployments.

use super::{Cell, Comparison, Shown, heading};
use crate::judge::verdict::VerdictKind;
use crate::report::markdown::plain;

pub(super) fn page(comparison: &Comparison, shown: Shown) -> String {
    let names: Vec<String> = comparison.sides.iter().map(|side| plain(&side.name)).collect();
    let mut page = format!("## gauntlet: {}\n\n{}.\n", names.join(", "), comparison.total());
    page += "\n| deployment | pass | fail | inconclusive | skipped | score |\n| --- | --: | --: | --: | --: | --: |\n";
    for (side, name) in comparison.sides.iter().zip(&names) {
        let summary = side.summary;
        let score = match (summary.score, summary.grade) {
            (Some(score), Some(grade)) => format!("{score} ({})", grade.letter()),
            (_, _) => String::new(),
        };
        page += &format!(
            "| {name} | {} | {} | {} | {} | {score} |\n",
            summary.pass, summary.fail, summary.inconclusive, summary.skipped
        );
    }
    for (difference, scenarios) in comparison.sections(shown) {
        page += &format!("\n### {} ({})\n\n", heading(difference), scenarios.len());
        page += &format!(
            "| scenario | {} |\n| --- |{}\n",
            names.join(" | "),
            " --- |".repeat(names.len())
        );
        for line in scenarios
            .iter()
            .flat_map(|scenario| comparison.lines(scenario, shown))
        {
            let cells: Vec<String> = line.cells.iter().map(|cell| told(cell.as_ref())).collect();
            page += &format!("| {} | {} |\n", plain(line.label.trim_start()), cells.join(" | "));
        }
    }
    page
}

fn told(cell: Option<&Cell>) -> String {
    let Some(cell) = cell else {
        return "–".to_owned();
    };
    let text = plain(&cell.text());
    match cell.verdict {
        VerdictKind::Fail | VerdictKind::Inconclusive => format!("**{text}**"),
        VerdictKind::Pass | VerdictKind::Skipped => text,
    }
}
