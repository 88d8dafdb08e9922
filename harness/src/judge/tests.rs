//! Judged without a network: recorded observations in, verdicts out.

use super::*;
use crate::observation::{Finding, Layer, Negotiated, Response};
use crate::plan::control::PROBE_HEADER;
use crate::plan::{ControlPlan, Demand, HelloPlan};
use crate::scenario::expectation::{CookieRule, DirectiveFloor, HeaderRule};

mod controls;
mod firewall;
mod handshake;

fn hello() -> Act {
    Act::Hello(HelloPlan {
        version: 0x0303,
        suites: vec![],
        groups: vec![],
        beside_groups: vec![],
        signatures: vec![],
        sni: None,
        compression: false,
        fallback: false,
        extended_master_secret: true,
        padding: None,
        fragment: None,
    })
}

fn alice() -> Identity {
    Identity::User("alice".to_owned())
}

fn granted_as(name: &str) -> Observation {
    let mut observation = Observation::new(Layer::App, Outcome::Granted);
    observation.identity = Some(name.to_owned());
    observation
}

fn refused_by_alert(number: u8) -> Observation {
    let mut observation = Observation::new(Layer::Tls, Outcome::Refused);
    observation.alert = Some(number);
    observation
}

fn answered(status: u16, headers: &[(&str, &str)]) -> Observation {
    let mut observation = Observation::new(Layer::Http, Outcome::Refused);
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    observation.response = Some(Response {
        status,
        headers,
        body: Vec::new(),
        complete: true,
    });
    observation
}

fn demand(probe: bool, logged: bool) -> ControlPlan {
    ControlPlan {
        label: "alice is granted as alice".to_owned(),
        before: Vec::new(),
        act: hello(),
        demand: Demand::Granted {
            identity: Some(alice()),
            probe,
            logged,
        },
        in_state: false,
    }
}

fn established(
    plan: &ControlPlan,
    before: Option<&Observation>,
    after: Option<&Observation>,
) -> Result<Control, Verdict> {
    Control::established(&[Bracket { plan, before, after }])
}

fn token() -> Control {
    let seen = granted_as("alice");
    established(&demand(false, false), Some(&seen), Some(&seen)).expect("two good controls")
}

fn said(expect: &Expect, observation: &Observation) -> Verdict {
    let act = hello();
    judge(
        &token(),
        expect,
        &Evidence {
            act: &act,
            observation,
            readings: None,
            reading_nonce: None,
            absent: None,
        },
    )
}

fn to_backend(firewalled: bool) -> Act {
    Act::Exchange(Box::new(backend_exchange(firewalled)))
}

fn backend_exchange(firewalled: bool) -> crate::plan::Exchange {
    crate::plan::Exchange {
        endpoint: crate::scenario::vocabulary::Endpoint::Backend,
        backend: 0,
        interface: None,
        firewalled,
        user: "alice".to_owned(),
        present: None,
        possession: crate::scenario::vocabulary::Possession::Honest,
        handshake: None,
        afterwards: None,
        tls: crate::plan::exchange::TlsChoice {
            version: None,
            sni: None,
            alpn: Vec::new(),
            resume: false,
            early_data: false,
            record_size: None,
            hello_fragment: None,
            hello_size: None,
            suites: None,
            groups: None,
        },
        http: crate::scenario::vocabulary::HttpVersion::Http11,
        request: crate::plan::RequestPlan::default(),
        nonce: "n1".to_owned(),
        session: None,
        api_key: None,
        csrf: None,
        login: None,
        keep: None,
        grant: crate::plan::exchange::GrantRule::default(),
        object: None,
        canary: None,
        look_in_logs: false,
        audit: None,
        look_at_tap: false,
        smuggled: None,
        upstream: None,
    }
}

fn said_of(
    act: &Act,
    expect: &Expect,
    observation: &Observation,
    absent: Option<&Observation>,
) -> VerdictKind {
    let evidence = Evidence {
        act,
        observation,
        readings: None,
        reading_nonce: None,
        absent: absent.map(|observation| (act, observation)),
    };
    judge(&token(), expect, &evidence).kind
}

#[test]
fn a_timeout_is_neither_granted_nor_refused() {
    for expect in [
        Expect::Refused,
        Expect::Granted(alice()),
        Expect::GrantedOrRefused(alice()),
        Expect::NotOffered,
    ] {
        let verdict = said(&expect, &Observation::new(Layer::Tls, Outcome::Timeout));
        assert_eq!(verdict.kind, VerdictKind::Inconclusive, "{expect}");
    }
}

#[test]
fn what_we_could_not_do_proves_nothing() {
    let verdict = said(&Expect::Refused, &Observation::new(Layer::Tls, Outcome::NotTried));
    assert_eq!(verdict.kind, VerdictKind::Inconclusive);
}

#[test]
fn refusals_and_grants() {
    assert_eq!(
        said(&Expect::Refused, &refused_by_alert(45)).kind,
        VerdictKind::Pass
    );
    assert_eq!(
        said(&Expect::Refused, &granted_as("alice")).kind,
        VerdictKind::Fail
    );
    assert_eq!(
        said(&Expect::Granted(alice()), &granted_as("alice")).kind,
        VerdictKind::Pass
    );
    assert_eq!(
        said(&Expect::Granted(alice()), &granted_as("bob")).kind,
        VerdictKind::Fail
    );
    assert_eq!(
        said(&Expect::Granted(alice()), &refused_by_alert(40)).kind,
        VerdictKind::Fail
    );
    assert_eq!(
        said(&Expect::GrantedOrRefused(alice()), &refused_by_alert(40)).kind,
        VerdictKind::Pass
    );
    assert_eq!(
        said(&Expect::GrantedOrRefused(alice()), &granted_as("bob")).kind,
        VerdictKind::Fail
    );
    let anonymous = Observation::new(Layer::App, Outcome::Granted);
    assert_eq!(
        said(&Expect::GrantedOrRefused(alice()), &anonymous).kind,
        VerdictKind::Fail
    );
}

#[test]
fn an_odd_name_is_nobody_enrolled() {
    let expect = Expect::OwnOrRefused {
        enrolled: vec!["alice".to_owned(), "admin".to_owned()],
        presented: None,
    };
    assert_eq!(said(&expect, &granted_as("admin")).kind, VerdictKind::Fail);
    assert_eq!(
        said(&expect, &granted_as("somebody")).kind,
        VerdictKind::Fail,
        "not the certificate's own name"
    );
    assert_eq!(
        said(&expect, &Observation::new(Layer::App, Outcome::Granted)).kind,
        VerdictKind::Fail
    );
    assert_eq!(said(&expect, &answered(403, &[])).kind, VerdictKind::Pass);
}

#[test]
fn a_canary_that_turns_up_fails() {
    let mut seen = granted_as("alice");
    assert_eq!(said(&Expect::NoCanary, &seen).kind, VerdictKind::Pass);
    // Rule 9, for the attack itself: its line has not come, so nothing is known of it.
    seen.nonce_logged = Some(false);
    assert_eq!(said(&Expect::NoCanary, &seen).kind, VerdictKind::Inconclusive);
    seen.found.push(Finding {
        place: "access.log".to_owned(),
        excerpt: "x".to_owned(),
    });
    assert_eq!(said(&Expect::NoCanary, &seen).kind, VerdictKind::Fail);
}

#[test]
fn a_hello_that_is_taken_fails_where_it_must_not() {
    let mut taken = Observation::new(Layer::Tls, Outcome::Granted);
    taken.offered = Some("TLS1.0".to_owned());
    assert_eq!(said(&Expect::NotOffered, &taken).kind, VerdictKind::Fail);
    assert_eq!(said(&Expect::Offered, &taken).kind, VerdictKind::Pass);
    assert_eq!(
        said(&Expect::NotOffered, &refused_by_alert(70)).kind,
        VerdictKind::Pass
    );
}

#[test]
fn redirects_lead_to_https_on_the_own_host() {
    let expect = Expect::RedirectsTo("api.test".to_owned());
    let to = |location: &str| answered(308, &[("Location", location)]);
    assert_eq!(
        said(&expect, &to("https://api.test:8443/x")).kind,
        VerdictKind::Pass
    );
    assert_eq!(said(&expect, &to("http://api.test/x")).kind, VerdictKind::Fail);
    assert_eq!(
        said(&expect, &to("https://api.test.evil.example/")).kind,
        VerdictKind::Fail
    );
    assert_eq!(said(&expect, &answered(200, &[])).kind, VerdictKind::Fail);
    assert_eq!(said(&expect, &answered(404, &[])).kind, VerdictKind::Pass);
}

#[test]
fn header_and_cookie_rules() {
    let hsts = Expect::Header(HeaderRule {
        name: "Strict-Transport-Security".to_owned(),
        present: Some(true),
        at_least: Some(DirectiveFloor {
            directive: "max-age".to_owned(),
            value: 31_536_000,
        }),
        ..HeaderRule::default()
    });
    let with = |value: &str| answered(200, &[("strict-transport-security", value)]);
    assert_eq!(
        said(&hsts, &with("max-age=63072000; includeSubDomains")).kind,
        VerdictKind::Pass
    );
    assert_eq!(said(&hsts, &with("max-age=60")).kind, VerdictKind::Fail);
    assert_eq!(said(&hsts, &answered(200, &[])).kind, VerdictKind::Fail);
    let cookies = Expect::Cookie(
        CookieRule {
            secure: true,
            http_only: true,
            ..CookieRule::default()
        },
        None,
    );
    let set = |value: &str| answered(200, &[("Set-Cookie", value)]);
    assert_eq!(
        said(&cookies, &set("s=1; Secure; HttpOnly")).kind,
        VerdictKind::Pass
    );
    assert_eq!(said(&cookies, &set("s=1; HttpOnly")).kind, VerdictKind::Fail);
    assert_eq!(
        said(&cookies, &answered(200, &[])).kind,
        VerdictKind::Inconclusive,
        "no cookie, nothing shown"
    );
}

#[test]
fn a_forged_value_at_the_app_fails() {
    let expect = Expect::NotForwarded(vec![b"CN=bob".to_vec()]);
    let mut seen = granted_as("alice");
    seen.forwarded = vec![b"GET / HTTP/1.1\r\nX_S_DN: CN=bob\r\n\r\n".to_vec()];
    assert_eq!(said(&expect, &seen).kind, VerdictKind::Fail);
    seen.forwarded = vec![b"GET / HTTP/1.1\r\nX-S-DN: CN=alice\r\n\r\n".to_vec()];
    assert_eq!(said(&expect, &seen).kind, VerdictKind::Pass);
}

/// RFC 9112 section 8: what was tampered with behind the proxy must not look whole.
#[test]
fn a_tampered_answer_that_looks_whole_fails() {
    let expect = Expect::IncompleteOrRefused;
    let whole = answered(200, &[]);
    assert_eq!(said(&expect, &whole).kind, VerdictKind::Fail);
    let mut cut = whole;
    cut.response.as_mut().unwrap().complete = false;
    assert_eq!(said(&expect, &cut).kind, VerdictKind::Pass);
    assert_eq!(said(&expect, &answered(502, &[])).kind, VerdictKind::Pass);
    assert_eq!(said(&expect, &refused_by_alert(80)).kind, VerdictKind::Pass);
    let untried = Observation::new(Layer::Tls, Outcome::NotTried);
    assert_eq!(said(&expect, &untried).kind, VerdictKind::Inconclusive);
}

#[test]
fn an_object_that_changed_fails_whatever_was_answered() {
    let reading = |body: &str| {
        let mut observation = granted_as("bob");
        observation.response = Some(Response {
            status: 200,
            headers: vec![],
            body: body.as_bytes().to_vec(),
            complete: true,
        });
        observation
    };
    let (before, after) = (reading("note n1"), reading("changed n1"));
    let act = hello();
    let refused = answered(403, &[]);
    let evidence = |readings| Evidence {
        act: &act,
        observation: &refused,
        readings: Some(readings),
        reading_nonce: Some("n1"),
        absent: None,
    };
    assert_eq!(
        judge(&token(), &Expect::Refused, &evidence((&before, &after))).kind,
        VerdictKind::Fail
    );
    assert_eq!(
        judge(&token(), &Expect::Refused, &evidence((&before, &before))).kind,
        VerdictKind::Pass
    );
    let dead = Observation::new(Layer::Tcp, Outcome::Refused);
    assert_eq!(
        judge(&token(), &Expect::Refused, &evidence((&before, &dead))).kind,
        VerdictKind::Inconclusive
    );
}

#[test]
fn a_foreign_object_is_held_against_one_that_does_not_exist() {
    let act = to_backend(false);
    let (forbidden, missing) = (answered(403, &[]), answered(404, &[]));
    let told = |expect, seen, absent| said_of(&act, expect, seen, Some(absent));
    assert_eq!(
        told(&Expect::RefusedAsAbsent, &missing, &missing),
        VerdictKind::Pass
    );
    assert_eq!(
        told(&Expect::RefusedAsAbsent, &forbidden, &missing),
        VerdictKind::Fail
    );
    assert_eq!(told(&Expect::Refused, &forbidden, &missing), VerdictKind::Pass);
    let granted = granted_as("alice");
    assert_eq!(told(&Expect::Refused, &granted, &missing), VerdictKind::Fail);
    // A route that grants every id alike proves nothing.
    assert_eq!(
        told(&Expect::Refused, &granted, &granted),
        VerdictKind::Inconclusive
    );
    assert_eq!(
        said_of(&act, &Expect::RefusedAsAbsent, &forbidden, None),
        VerdictKind::Inconclusive
    );
}

#[test]
fn the_tap_and_not_silence_judges_a_hidden_request() {
    let mut seen = Observation::new(Layer::Http, Outcome::Timeout);
    assert_eq!(said(&Expect::NotSmuggled, &seen).kind, VerdictKind::Pass);
    seen.violations.push("the app was handed it".to_owned());
    assert_eq!(said(&Expect::NotSmuggled, &seen).kind, VerdictKind::Fail);
    let untried = Observation::new(Layer::Tcp, Outcome::NotTried);
    assert_eq!(
        said(&Expect::NotSmuggled, &untried).kind,
        VerdictKind::Inconclusive
    );
}

#[test]
fn the_worst_attempt_makes_the_scenario() {
    let all = [
        Verdict::skipped("s"),
        Verdict {
            kind: VerdictKind::Pass,
            reason: "p".to_owned(),
        },
        Verdict::inconclusive("i"),
        Verdict {
            kind: VerdictKind::Fail,
            reason: "f".to_owned(),
        },
    ];
    for length in 1..=all.len() {
        assert_eq!(
            Verdict::of_all(all.iter().take(length)).kind,
            all[length - 1].kind
        );
    }
    assert_eq!(Verdict::of_all([]).kind, VerdictKind::Skipped);
}
