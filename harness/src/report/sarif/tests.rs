//! What code scanning services rely on.

use super::super::samples;
use super::*;

#[test]
fn only_what_needs_a_look_is_a_result_and_points_at_its_rule() {
    let document = log(&Record::of(&samples::run()));
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    let told: Vec<(&str, &str, &str)> = results
        .iter()
        .map(|result| {
            let word = |key: &str| result[key].as_str().expect("a word");
            (word("ruleId"), word("kind"), word("level"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("certificate/future", "review", "none"),
            ("identity-header/duplicate", "fail", "error"),
        ]
    );
    assert_eq!(rules.len(), 4);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn every_weakness_of_a_rule_is_in_the_taxonomy() {
    let document = log(&Record::of(&samples::run()));
    let run = &document["runs"][0];
    for rule in run["tool"]["driver"]["rules"].as_array().expect("rules") {
        let target = &rule["relationships"][0]["target"];
        let index = usize::try_from(target["index"].as_u64().expect("a number")).expect("small");
        assert_eq!(run["taxonomies"][0]["taxa"][index]["id"], target["id"]);
        assert_eq!(target["id"], "287");
    }
}

#[test]
fn begin_and_end_are_told_and_nonsense_is_not() {
    let mut record = Record::of(&samples::run());
    assert_eq!(
        times(&record),
        [
            ("startTimeUtc", "2026-01-02T03:04:05Z".to_owned()),
            ("endTimeUtc", "2026-01-02T03:04:07.5Z".to_owned()),
        ]
    );
    if let Some(started) = &mut record.started {
        started.started = "yesterday".to_owned();
    }
    assert!(times(&record).is_empty());
}

#[test]
fn an_interrupted_run_is_no_success() {
    let mut record = Record::of(&samples::run());
    assert_eq!(invocation(&record)["executionSuccessful"], true);
    record.finished = None;
    assert_eq!(invocation(&record)["executionSuccessful"], false);
}

#[test]
fn a_peer_writes_neither_links_nor_placeholders() {
    assert_eq!(
        message("[x](http://y) {0} \x1b"),
        "[x] (http://y) {{0}} \\u{{1b}}"
    );
    assert_eq!(uri_path("a b/../c"), "a%20b/%2E%2E/c");
}
