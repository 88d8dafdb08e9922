//! Each reporter over the same small run.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::*;
use crate::event::Event;

/// A writer whose bytes can be looked at afterwards.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(format: Format, look: Look, events: &[Event]) -> String {
    let page = Page::default();
    let mut listener = format.listener(Box::new(page.clone()), look);
    for event in events {
        listener.hear(event).expect("a page in memory takes everything");
    }
    let bytes = page.0.lock().expect("not poisoned").clone();
    String::from_utf8(bytes).expect("text")
}

#[test]
fn the_terminal_begins_with_the_failure_and_tells_all_of_it() {
    let text = written(Format::Terminal, Look::PLAIN, &samples::run());
    assert!(
        text.starts_with("FAIL  critical  identity-header/duplicate\n"),
        "{text}"
    );
    for part in [
        "1 of 2 rows failed:",
        "    expected refused; observed granted as bob\n      #first+http1.1\n",
        "why: Whoever can do this",
        "mend (nginx): ssl_verify_client on;",
        "CWE-287, API2, PCI DSS 8.3.1, SOC 2 CC6.1, RFC 5280",
        "INCONCLUSIVE  medium  certificate/future",
        "skipped 1:\n    1  needs logs\n",
        "note: the app died",
        "grade F: 1 pass, 1 fail, 1 inconclusive, 1 skipped",
        "500 exchanges in 2.5 s (200/s), peak memory 64 MiB",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    assert!(text.find("FAIL") < text.find("INCONCLUSIVE"));
}

#[test]
fn a_peer_cannot_steer_the_terminal() {
    let text = written(Format::Terminal, Look::PLAIN, &samples::run());
    assert!(!text.contains('\x1b') && text.contains("\\u{1b}[31m"), "{text}");
}

#[test]
fn json_has_exactly_the_documented_fields() {
    let document: serde_json::Value =
        serde_json::from_str(&written(Format::Json, Look::PLAIN, &samples::run())).expect("JSON");
    let keys = |value: &serde_json::Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        keys(&document),
        "deployment duration_ms results schema seed started summary tool"
    );
    assert_eq!(document["schema"], SCHEMA);
    assert_eq!(
        keys(&document["summary"]),
        "fail grade inconclusive pass score skipped"
    );
    let result = &document["results"][2];
    assert_eq!(result["id"], "identity-header/duplicate");
    assert_eq!(
        keys(result),
        "attempts cwe duration_ms family id mend owasp_api pci_dss reason severity soc2 title verdict"
    );
    assert_eq!(keys(&result["attempts"][0]), "expected observed row verdict");
    assert_eq!(
        keys(&result["attempts"][0]["observed"]),
        "alert evidence identity layer outcome status"
    );
    assert_eq!(result["mend"], "ssl_verify_client on;");
}

#[test]
fn a_replayed_recording_gives_the_same_report() {
    let events = samples::run();
    let recording = written(Format::Jsonl, Look::PLAIN, &events);
    let replayed = read(recording.as_bytes()).expect("reads");
    for format in Format::ALL {
        assert_eq!(
            written(*format, Look::PLAIN, &replayed),
            written(*format, Look::PLAIN, &events),
            "{format}"
        );
    }
}

#[test]
fn markdown_leaves_no_active_text_of_a_peer() {
    let mut events = samples::run();
    for event in &mut events {
        if let Event::ScenarioFinished(result) = event {
            result.verdict.reason = "<img src=x> `a` | b".to_owned();
        }
    }
    let text = written(Format::Markdown, Look::PLAIN, &events);
    assert!(text.contains("&lt;img src=x> \\`a\\` \\| b"), "{text}");
}

#[test]
fn plain_progress_speaks_at_tenths_only() {
    let page = Page::default();
    let mut progress = Progress::lines(Box::new(page.clone()));
    let mut events = samples::run();
    if let Some(Event::RunStarted(started)) = events.first_mut() {
        started.scenarios = 400;
    }
    let result = events
        .iter()
        .find(|event| matches!(event, Event::ScenarioFinished(_)))
        .expect("one")
        .clone();
    progress.hear(&events[0]).expect("hears");
    for _ in 0..400 {
        progress.hear(&result).expect("hears");
    }
    let bytes = page.0.lock().expect("not poisoned").clone();
    assert_eq!(String::from_utf8_lossy(&bytes).lines().count(), 10);
}

#[test]
fn a_listener_that_cannot_write_does_not_stop_the_others() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("no space left"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let page = Page::default();
    let mut audience = Audience::default();
    audience.add("full", Format::Jsonl.listener(Box::new(Full), Look::PLAIN));
    audience.add("page", Format::Json.listener(Box::new(page.clone()), Look::PLAIN));
    for event in &samples::run() {
        audience.tell(event);
    }
    assert_eq!(
        audience.failures().map(|(name, _)| name).collect::<Vec<_>>(),
        ["full"]
    );
    assert!(!page.0.lock().expect("not poisoned").is_empty());
}

/// What people and programs get, as a whole: a change of any of these is seen, and looked at, before it is accepted. The
/// style sheet and the script of the page, and their digests, may change without notice.
#[test]
fn every_format_is_as_it_was_reviewed() {
    let between = [
        ("<style>", "</style>"),
        ("<script>", "</script>"),
        ("style-src", ";"),
        ("script-src", ";"),
    ];
    for format in Format::ALL {
        let mut page = written(*format, Look::PLAIN, &samples::run());
        for (begin, end) in between.iter().filter(|_| *format == Format::Html) {
            let from = page.find(begin).expect("begins") + begin.len();
            let to = from + page[from..].find(end).expect("ends");
            page.replace_range(from..to, "...");
        }
        insta::assert_snapshot!(format.word(), page);
    }
}
