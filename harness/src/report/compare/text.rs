//! The comparison for a person at a terminal: a table where it fits, else the deployments that agree on one line.

use super::{Cell, Comparison, Difference, Line, Shown, heading};
use crate::judge::verdict::VerdictKind;
use crate::report::style::{Colour, Look, harmless};

/// Spaces between columns.
const GAP: usize = 2;
/// A narrower column is not worth a table: `pass tls alert 45` fits.
const NARROWEST: usize = 17;

pub(super) fn page(comparison: &Comparison, shown: Shown, look: Look) -> String {
    let names: Vec<String> = comparison.sides.iter().map(|side| harmless(&side.name)).collect();
    let mut page = String::new();
    for (difference, scenarios) in comparison.sections(shown) {
        let colour = match difference {
            Difference::Verdict => Colour::Bad,
            Difference::How => Colour::Unsure,
            Difference::Untried | Difference::None => Colour::Quiet,
        };
        page += &look.paint(colour, &format!("{} ({})", heading(difference), scenarios.len()));
        page.push('\n');
        let lines: Vec<Line> = scenarios
            .iter()
            .flat_map(|scenario| comparison.lines(scenario, shown))
            .collect();
        page += &match table(&lines, &names, look) {
            Some(table) => table,
            None => stacked(&lines, &names, look),
        };
        page.push('\n');
    }
    page += &deployments(comparison, &names, look);
    let total = comparison.total();
    page += &look.paint(Colour::Strong, look.fold(0, &total).trim_end());
    page.push('\n');
    page
}

/// `None` where the columns would be too narrow to read.
fn table(lines: &[Line], names: &[String], look: Look) -> Option<String> {
    let texts: Vec<(String, Vec<String>)> = lines
        .iter()
        .map(|line| {
            let cells = line.cells.iter().map(|cell| told(cell.as_ref())).collect();
            (harmless(&line.label), cells)
        })
        .collect();
    let label = texts.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    let room = look.width.saturating_sub(label);
    let columns = columns(&texts, names, room)?;
    let mut table = String::new();
    let heads: Vec<Vec<String>> = names
        .iter()
        .zip(&columns)
        .map(|(name, column)| folded(name, *column))
        .collect();
    table += &row("", label, &heads, &columns, |text, _| {
        look.paint(Colour::Quiet, text)
    });
    for ((label_text, cells), line) in texts.iter().zip(lines) {
        let cells: Vec<Vec<String>> = cells
            .iter()
            .zip(&columns)
            .map(|(text, column)| folded(text, *column))
            .collect();
        table += &row(label_text, label, &cells, &columns, |text, place| {
            let cell = line.cells.get(place).and_then(Option::as_ref);
            colour(cell).map_or_else(|| text.to_owned(), |colour| look.paint(colour, text))
        });
    }
    Some(table)
}

/// How wide each column is: as wide as its widest cell where all fit into `room`, else at most an equal share of it.
fn columns(texts: &[(String, Vec<String>)], names: &[String], room: usize) -> Option<Vec<usize>> {
    let natural: Vec<usize> = names
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let cells = texts.iter().filter_map(|(_, cells)| cells.get(place));
            cells.map(|text| width(text)).max().unwrap_or(0).max(width(name))
        })
        .collect();
    if natural.iter().map(|column| column + GAP).sum::<usize>() <= room {
        return Some(natural);
    }
    let share = room.checked_div(names.len())?.checked_sub(GAP)?;
    (share >= NARROWEST).then(|| natural.into_iter().map(|column| column.min(share)).collect())
}

/// A row of cells of several lines.
fn row(
    label: &str,
    label_width: usize,
    cells: &[Vec<String>],
    columns: &[usize],
    paint: impl Fn(&str, usize) -> String,
) -> String {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut text = String::new();
    for line in 0..height {
        let mut printed = padded(if line == 0 { label } else { "" }, label_width);
        let last = cells.iter().rposition(|cell| cell.get(line).is_some());
        for (place, (cell, column)) in cells.iter().zip(columns).enumerate() {
            if last.is_none_or(|last| place > last) {
                break;
            }
            printed.push_str("  ");
            let part = cell.get(line).map_or("", String::as_str);
            // Nothing follows the last one: no spaces at the end of a line.
            let padding = if last == Some(place) {
                0
            } else {
                column.saturating_sub(width(part))
            };
            if !part.is_empty() {
                printed += &paint(part, place);
            }
            printed.extend(std::iter::repeat_n(' ', padding));
        }
        text += printed.trim_end_matches(' ');
        text.push('\n');
    }
    text
}

/// `text` in lines of at most `column` characters: cut after a comma where that is possible, else between words.
fn folded(text: &str, column: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in text.split_inclusive(", ").map(str::trim_end) {
        let units: Vec<&str> = if width(part) <= column {
            vec![part]
        } else {
            part.split_whitespace().collect()
        };
        for unit in units {
            match lines.last_mut() {
                Some(line) if width(line) + 1 + width(unit) <= column => {
                    line.push(' ');
                    line.push_str(unit);
                }
                Some(_) | None => {
                    let characters: Vec<char> = unit.chars().collect();
                    lines.extend(characters.chunks(column.max(1)).map(|part| part.iter().collect()));
                }
            }
        }
    }
    lines
}

/// Each scenario with the deployments that agree on one line: what matters is who stands apart.
fn stacked(lines: &[Line], names: &[String], look: Look) -> String {
    let mut text = String::new();
    for line in lines {
        text += &look.paint(Colour::Strong, &harmless(&line.label));
        text.push('\n');
        let mut groups: Vec<(Option<&Cell>, Vec<&str>)> = Vec::new();
        for (cell, name) in line.cells.iter().zip(names) {
            let cell = cell.as_ref();
            match groups.iter_mut().find(|(known, _)| *known == cell) {
                Some((_, group)) => group.push(name),
                None => groups.push((cell, vec![name])),
            }
        }
        for (cell, group) in groups {
            let folded = look.fold(4, &format!("{}: {}", group.join(", "), told(cell)));
            text += &match colour(cell) {
                Some(colour) => look.paint(colour, folded.trim_end()),
                None => folded.trim_end().to_owned(),
            };
            text.push('\n');
        }
    }
    text
}

/// Each deployment's own result.
fn deployments(comparison: &Comparison, names: &[String], look: Look) -> String {
    let longest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let mut text = String::new();
    for (side, name) in comparison.sides.iter().zip(names) {
        let summary = side.summary;
        let score = match (summary.score, summary.grade) {
            (Some(score), Some(grade)) => format!("score {score}/100, grade {}: ", grade.letter()),
            (_, _) => String::new(),
        };
        let line = format!(
            "{}  {score}{} pass, {} fail, {} inconclusive, {} skipped",
            padded(name, longest),
            summary.pass,
            summary.fail,
            summary.inconclusive,
            summary.skipped
        );
        let colour = match (summary.fail, summary.inconclusive) {
            (1.., _) => Colour::Bad,
            (0, 1..) => Colour::Unsure,
            (0, 0) => Colour::Good,
        };
        text += &look.paint(colour, &line);
        text.push('\n');
    }
    text
}

/// The odd ones stand out; a pass needs no colour.
fn colour(cell: Option<&Cell>) -> Option<Colour> {
    match cell.map(|cell| cell.verdict) {
        Some(VerdictKind::Fail) => Some(Colour::Bad),
        Some(VerdictKind::Inconclusive) => Some(Colour::Unsure),
        Some(VerdictKind::Skipped) | None => Some(Colour::Quiet),
        Some(VerdictKind::Pass) => None,
    }
}

fn told(cell: Option<&Cell>) -> String {
    cell.map_or_else(|| "not in this run".to_owned(), |cell| harmless(&cell.text()))
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn padded(text: &str, to: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', to.saturating_sub(width(text))));
    padded
}
