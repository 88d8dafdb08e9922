//! The responder as others see it: over sockets, with a client of ours and with `openssl ocsp`.

#![expect(
    clippy::unwrap_used,
    reason = "the bench is set up outside the test functions"
)]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use certs_gen::hash::Hash;
use certs_gen::ocsp::{ANSWERS, CertId, Request};
use certs_gen::{CRL_SETS, Expected, Pki, PkiSpec, Target};
use certs_oracles::Answer;
use certs_oracles::revocation::Inquirer;
use revocation_responder::{Behaviour, Handle, Method, Question, ResponderError, bind};

fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(elapsed.as_secs()).unwrap()
}

fn start() -> Handle {
    let bound = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let pki = Pki::generate(&PkiSpec {
        now: now(),
        ocsp_url: Some(bound.ocsp_url()),
        crl_url: Some(bound.crl_url()),
        ..PkiSpec::default()
    })
    .unwrap();
    bound.serve(pki).unwrap()
}

fn inquirer(handle: &Handle, credential: &str) -> Inquirer {
    let pki = handle.pki();
    let chain = pki.credential(credential).unwrap().chain;
    Inquirer::new(&chain, &pki.trust_anchors()).unwrap()
}

fn serial(handle: &Handle, credential: &str) -> Vec<u8> {
    let target = Target::Credential(credential);
    handle.pki().revocation(target, 0).unwrap().serial
}

fn request(handle: &Handle, credential: &str) -> Vec<u8> {
    let revocation = handle
        .pki()
        .revocation(Target::Credential(credential), 0)
        .unwrap();
    let issuer = handle.pki().authority(revocation.issuer).unwrap();
    Request {
        certificates: vec![CertId::of(issuer, &revocation.serial, Hash::Sha1)],
        nonce: None,
    }
    .to_der()
}

/// Sends bytes and reads to the end, for at most five seconds.
fn exchange(handle: &Handle, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(handle.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

fn get(handle: &Handle, path: &str) -> (String, Vec<u8>) {
    let answer = exchange(
        handle,
        format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes(),
    );
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    let (head, body) = answer.split_at(end + 4);
    (String::from_utf8(head.to_vec()).unwrap(), body.to_vec())
}

fn post(handle: &Handle, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /ocsp HTTP/1.1\r\nHost: x\r\nContent-Type: application/ocsp-request\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    exchange(handle, &[head.as_bytes(), body].concat())
}

fn tell(handle: &Handle, word: &str) {
    handle.set_behaviour(word.parse().unwrap()).unwrap();
}

#[test]
fn openssl_gets_every_answer_of_the_table() {
    let handle = start();
    let alice = inquirer(&handle, "alice");
    let mut wrong = Vec::new();
    for row in ANSWERS.iter() {
        tell(&handle, row.name);
        let answer = alice.ask(&handle.ocsp_url(), 5).unwrap();
        // The words about bytes that are no response differ between a file and a socket.
        let expected = matches!(row.openssl, Expected::Accepted { .. });
        if (answer == Answer::Accepted) != expected {
            wrong.push(format!("{}: {answer:?}", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let seen = handle.requests();
    assert_eq!(seen.len(), ANSWERS.len());
    for (seen, row) in seen.iter().zip(ANSWERS.iter()) {
        assert_eq!(seen.behaviour, row.name);
        assert_eq!(
            seen.question,
            Question::Ocsp {
                serials: vec![serial(&handle, "alice")],
                nonce: true,
                method: Method::Post,
            }
        );
    }
}

#[test]
fn one_certificate_can_be_answered_otherwise_than_its_sibling() {
    let handle = start();
    handle
        .set_behaviour_for(&serial(&handle, "bob"), "stale".parse().unwrap())
        .unwrap();
    let url = handle.ocsp_url();
    assert_eq!(inquirer(&handle, "alice").ask(&url, 5).unwrap(), Answer::Accepted);
    let bob = inquirer(&handle, "bob").ask(&url, 5).unwrap();
    assert!(matches!(bob, Answer::Refused(words) if words.contains("status expired")));
    let seen = handle.requests();
    assert_eq!(seen[0].behaviour, "honest");
    assert_eq!(seen[1].behaviour, "stale");
    assert!(seen[1].is_about(&serial(&handle, "bob")) && !seen[0].is_about(&serial(&handle, "bob")));
    handle.reset().unwrap();
    assert_eq!(inquirer(&handle, "bob").ask(&url, 5).unwrap(), Answer::Accepted);
    assert!(matches!(
        handle.set_behaviour_for(&[1], Behaviour::Closed),
        Err(ResponderError::ClosedForOne)
    ));
}

#[test]
fn a_revocation_is_in_the_answers_and_in_the_lists_until_the_reset() {
    let handle = start();
    let bob = inquirer(&handle, "bob");
    let octets = serial(&handle, "bob");
    let listed = || {
        let (head, list) = get(&handle, "/crl/issuing");
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("application/pkix-crl"));
        list.windows(octets.len()).any(|window| window == octets)
    };
    assert!(!listed());
    assert_eq!(bob.ask(&handle.ocsp_url(), 5).unwrap(), Answer::Accepted);
    handle.revoke(Target::Credential("bob"), now()).unwrap();
    assert!(listed());
    let answer = bob.ask(&handle.ocsp_url(), 5).unwrap();
    assert!(matches!(answer, Answer::Refused(words) if words.contains(": revoked")));
    handle.reset().unwrap();
    assert!(!listed());
    assert_eq!(bob.ask(&handle.ocsp_url(), 5).unwrap(), Answer::Accepted);
}

#[test]
fn the_lists_of_every_set_are_served() {
    let handle = start();
    for row in CRL_SETS.iter() {
        for crl in row.make(handle.pki()).unwrap().crls {
            let (head, body) = get(&handle, &format!("/crl/{}/{}.crl", row.name, crl.name));
            assert!(head.starts_with("HTTP/1.1 200 "), "{} {}", row.name, crl.name);
            assert_eq!(body, crl.der, "{} {}", row.name, crl.name);
        }
    }
    handle.set_lists("without-root").unwrap();
    assert!(get(&handle, "/crl/root").0.starts_with("HTTP/1.1 404 "));
    assert_eq!(handle.lists().len(), handle.pki().crls().unwrap().len() - 1);
    assert!(matches!(
        handle.set_lists("nonsense"),
        Err(ResponderError::UnknownSet(_))
    ));
}

#[test]
fn a_closed_port_refuses_and_opens_again() {
    let handle = start();
    let alice = inquirer(&handle, "alice");
    for _ in 0..3 {
        tell(&handle, "closed");
        let refused = TcpStream::connect(handle.address()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        tell(&handle, "honest");
        assert_eq!(alice.ask(&handle.ocsp_url(), 5).unwrap(), Answer::Accepted);
    }
    assert_eq!(handle.count(), 3);
    handle.forget_requests();
    assert!(handle.requests().is_empty());
}

#[test]
fn a_stall_is_recorded_at_once_and_answered_late() {
    let handle = start();
    tell(&handle, "stall:0.7");
    let question = request(&handle, "alice");
    let began = Instant::now();
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| post(&handle, &question));
        while handle.count() == 0 && began.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(handle.requests()[0].behaviour, "stall:0.7");
        assert!(asking.join().unwrap().starts_with(b"HTTP/1.1 200 "));
    });
    assert!(began.elapsed() >= Duration::from_millis(700));
}

#[test]
fn stopping_lets_those_go_who_are_made_to_wait() {
    let handle = start();
    tell(&handle, "stall:600");
    let address = handle.address();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream.write_all(b"GET /crl/issuing HTTP/1.1\r\n\r\n").unwrap();
    let began = Instant::now();
    while handle.count() == 0 && began.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(5));
    }
    handle.stop();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_drip_sends_the_honest_answer_octet_by_octet() {
    let handle = start();
    let question = request(&handle, "revoked");
    let whole = post(&handle, &question).len();
    let pause = 0.001;
    tell(&handle, &format!("drip:{pause}"));
    let began = Instant::now();
    let dripped = post(&handle, &question);
    assert!(began.elapsed().as_secs_f64() >= pause * f64::from(u32::try_from(dripped.len()).unwrap()));
    // Two signatures by the same key may differ in length by a few octets.
    assert!(dripped.starts_with(b"HTTP/1.1 200 ") && dripped.len().abs_diff(whole) < 8);
}

#[test]
fn trouble_below_ocsp_is_what_it_says() {
    let handle = start();
    let question = request(&handle, "alice");
    tell(&handle, "http-500");
    assert!(post(&handle, &question).starts_with(b"HTTP/1.1 500 "));
    tell(&handle, "hang-up");
    assert!(post(&handle, &question).is_empty());
    assert_eq!(handle.count(), 2);
}

#[test]
fn a_get_with_base64_is_answered_like_a_post() {
    let handle = start();
    tell(&handle, "try-later");
    let question = request(&handle, "alice");
    let encoded = STANDARD.encode(&question);
    for path in [
        encoded
            .replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D"),
        encoded.clone(),
    ] {
        let (head, body) = get(&handle, &format!("/ocsp/{path}"));
        assert!(head.contains("application/ocsp-response"));
        assert!(post(&handle, &question).ends_with(&body));
    }
    let methods: Vec<bool> = handle
        .requests()
        .iter()
        .map(|seen| {
            matches!(
                seen.question,
                Question::Ocsp {
                    method: Method::Get,
                    ..
                }
            )
        })
        .collect();
    assert_eq!(methods, [true, false, true, false]);
}

#[test]
fn hostile_requests_are_refused_and_recorded() {
    let handle = start();
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(33 * 1024));
    for (bytes, start_of_answer) in [
        (b"nonsense\r\n\r\n".to_vec(), "HTTP/1.1 400 "),
        (long.into_bytes(), "HTTP/1.1 431 "),
        (
            b"POST /ocsp HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n".to_vec(),
            "HTTP/1.1 413 ",
        ),
        (b"GET /ocsp/!!! HTTP/1.1\r\n\r\n".to_vec(), "HTTP/1.1 400 "),
        (b"GET /etc/passwd HTTP/1.1\r\n\r\n".to_vec(), "HTTP/1.1 404 "),
        (b"GET /crl/../../x HTTP/1.1\r\n\r\n".to_vec(), "HTTP/1.1 404 "),
    ] {
        let answer = exchange(&handle, &bytes);
        assert!(
            answer.starts_with(start_of_answer.as_bytes()),
            "{start_of_answer}: {}",
            String::from_utf8_lossy(&answer)
        );
    }
    // Bytes that are no OCSP request get the answer that OCSP has for them (RFC 6960 2.3).
    assert!(post(&handle, b"nonsense").ends_with(&[0x30, 3, 0x0a, 1, 1]));
    assert_eq!(handle.count(), 7);
}

#[test]
fn a_port_that_others_can_reach_is_not_opened() {
    assert!(matches!(
        bind("0.0.0.0:0".parse().unwrap()),
        Err(ResponderError::NotLoopback(_))
    ));
}

#[test]
fn many_idle_connections_do_not_keep_others_out_for_ever() {
    let handle = start();
    let idle: Vec<TcpStream> = (0..80)
        .filter_map(|_| TcpStream::connect(handle.address()).ok())
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    drop(idle);
    let began = Instant::now();
    let question = request(&handle, "alice");
    // Connections over the limit are closed without a word until the idle ones are gone.
    loop {
        let mut stream = TcpStream::connect(handle.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let head = format!(
            "POST /ocsp HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
            question.len()
        );
        let mut answer = Vec::new();
        let sent = stream.write_all(&[head.as_bytes(), &question].concat());
        if sent.is_ok() && stream.read_to_end(&mut answer).is_ok() && !answer.is_empty() {
            assert!(answer.starts_with(b"HTTP/1.1 200 "));
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(20));
    }
}
