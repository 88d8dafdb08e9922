//! Small runs side by side.

use super::*;
use crate::event::{Event, RunStarted};
use crate::report::samples;

/// A run of `name` with scenarios of one attempt each, `(id, verdict)`; pass is `tls alert 45`, fail `granted as bob`.
fn side(name: &str, scenarios: &[(&str, VerdictKind)]) -> Side {
    let mut record = Record::of(&samples::run());
    record.results.clear();
    if let Some(RunStarted { deployment, .. }) = &mut record.started {
        name.clone_into(deployment);
    }
    for (id, kind) in scenarios {
        let result = samples::result(id, Severity::High, *kind);
        record.take(&Event::ScenarioFinished(result));
    }
    Side::of_record(&record)
}

fn with_row(mut side: Side, id: &str, row: &str, how: &str) -> Side {
    let seen = side.scenarios.get_mut(id).expect("known");
    seen.rows.insert(row.to_owned(), Recorded::new(Pass, how));
    side
}

use VerdictKind::{Fail, Inconclusive, Pass, Skipped};

#[test]
fn a_verdict_outweighs_a_manner_and_that_a_gap() {
    let strict = side(
        "strict",
        &[
            ("f/verdict", Pass),
            ("f/how", Pass),
            ("f/gap", Pass),
            ("f/same", Pass),
            ("f/none", Skipped),
        ],
    );
    let other = side(
        "other",
        &[
            ("f/verdict", Fail),
            ("f/how", Pass),
            ("f/gap", Skipped),
            ("f/same", Pass),
            ("f/none", Skipped),
        ],
    );
    let other = with_row(other, "f/how", "", "http 400");
    let comparison = Comparison::of(vec![strict, other]);
    let differences: Vec<(&str, Difference)> = comparison
        .scenarios
        .iter()
        .map(|scenario| (scenario.id.as_str(), scenario.difference))
        .collect();
    assert_eq!(
        differences,
        [
            ("f/gap", Difference::Untried),
            ("f/how", Difference::How),
            ("f/none", Difference::None),
            ("f/same", Difference::None),
            ("f/verdict", Difference::Verdict),
        ]
    );
    let text = comparison.text(Shown::default(), Look::PLAIN);
    let places: Vec<Option<usize>> = ["f/verdict", "f/how", "f/gap"].map(|id| text.find(id)).into();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{text}");
    assert!(!text.contains("f/same"), "{text}");
    let all = comparison.text(
        Shown {
            all: true,
            rows: false,
        },
        Look::PLAIN,
    );
    assert!(
        all.contains("f/same  pass tls alert 45   pass tls alert 45\n"),
        "{all}"
    );
}

#[test]
fn a_difference_that_hides_behind_equal_sets_is_shown_by_its_rows() {
    let one = with_row(side("one", &[("f/x", Pass)]), "f/x", "second", "http 403");
    let mut two = with_row(side("two", &[("f/x", Pass)]), "f/x", "second", "tls alert 45");
    two = with_row(two, "f/x", "", "http 403");
    let comparison = Comparison::of(vec![one, two]);
    assert_eq!(comparison.count(Difference::How), 1);
    let text = comparison.text(Shown::default(), Look::PLAIN);
    assert!(
        text.contains("  #second  pass http 403                pass tls alert 45\n"),
        "{text}"
    );
}

#[test]
fn a_row_that_one_could_not_try_is_no_difference() {
    let one = side("one", &[("f/x", Pass)]);
    let mut two = with_row(side("two", &[("f/x", Pass)]), "f/x", "http2", "tls alert 45");
    let seen = two.scenarios.get_mut("f/x").expect("known");
    seen.rows
        .insert("http3".to_owned(), Recorded::new(Skipped, "needs it"));
    assert_eq!(Comparison::of(vec![one, two]).count(Difference::None), 1);
}

#[test]
fn where_a_table_does_not_fit_those_that_agree_share_a_line() {
    let names: Vec<String> = (0..9).map(|number| format!("deployment-{number}")).collect();
    let sides = names
        .iter()
        .map(|name| side(name, &[("f/x", if name.ends_with('4') { Fail } else { Pass })]))
        .collect();
    let text = Comparison::of(sides).text(Shown::default(), Look::PLAIN);
    assert!(text.contains("    deployment-4: fail granted as bob\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn a_cell_that_is_too_wide_is_folded_in_its_column() {
    let ways = [
        "tls alert 40",
        "tls alert 42",
        "tls alert 43",
        "http 400",
        &"x".repeat(90),
    ];
    let mut one = side("one", &[("f/x", Pass)]);
    for (number, how) in ways.iter().enumerate() {
        one = with_row(one, "f/x", &number.to_string(), how);
    }
    let two = with_row(side("two", &[("f/x", Pass)]), "f/x", "", "http 400");
    let text = Comparison::of(vec![one, two]).text(Shown::default(), Look::PLAIN);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(text.lines().all(|line| !line.ends_with(' ')), "{text}");
    assert_eq!(text.matches('x').count(), 91, "nothing is lost: {text}");
    assert!(
        text.contains("f/x  pass http 400, tls alert 40, tls alert 42,")
            && text.contains("\n     tls alert 43, tls alert 45,\n"),
        "cut after commas: {text}"
    );
}

#[test]
fn a_report_and_a_recording_of_one_run_are_the_same() {
    let record = Record::of(&samples::run());
    let from_report = Side::of_report(&Report::of(&record));
    assert_eq!(from_report, Side::of_record(&record));
    let comparison = Comparison::of(vec![from_report, Side::of_record(&record)]);
    assert_eq!(comparison.count(Difference::None), 4);
    assert_eq!(comparison.sides()[1].name, "sample+planted (2)");
}

#[test]
fn what_a_peer_wrote_steers_neither_terminal_nor_page() {
    let hostile = with_row(
        side("a", &[("f/x", Pass)]),
        "f/x",
        "",
        "granted as \x1b[2J<script>|x",
    );
    let comparison = Comparison::of(vec![hostile, side("b", &[("f/x", Pass)])]);
    let text = comparison.text(Shown::default(), Look::PLAIN);
    assert!(!text.contains('\x1b') && text.contains("[2J<script>"), "{text}");
    let page = comparison.markdown(Shown::default());
    assert!(!page.contains("<script") && page.contains("\\|x"), "{page}");
}

#[test]
fn the_document_has_every_scenario_and_keeps_the_order_of_the_deployments() {
    let comparison = Comparison::of(vec![
        side("b", &[("f/x", Pass), ("f/y", Inconclusive)]),
        side("a", &[("f/x", Fail)]),
    ]);
    let document = comparison.document();
    let value = serde_json::to_value(&document).expect("serialises");
    assert_eq!(value["schema"], COMPARE_SCHEMA);
    assert_eq!(value["deployments"][0]["name"], "b");
    assert_eq!(value["scenarios"][0]["results"][1]["verdict"], "fail");
    assert_eq!(value["scenarios"][0]["results"][0]["how"][0], "tls alert 45");
    assert_eq!(value["scenarios"][1]["results"][1], serde_json::Value::Null);
    assert_eq!(value["scenarios"][1]["difference"], "untried");
    let read: Document = serde_json::from_value(value).expect("reads its own");
    assert_eq!(read, document);
}

#[test]
fn a_part_of_a_run_has_its_own_counts_and_no_score() {
    let mut part = side("a", &[("f/x", Pass), ("g/y", Fail)]);
    part.retain(|id| id.starts_with("f/"));
    assert_eq!(
        (part.summary.pass, part.summary.fail, part.summary.score),
        (1, 0, None)
    );
}
