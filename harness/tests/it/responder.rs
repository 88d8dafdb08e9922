//! `gauntlet pki --serve`: a responder for deployments that somebody else runs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

/// A running command; ended when the test is over, whichever way.
struct Serving {
    child: Child,
    lines: BufReader<ChildStderr>,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gauntlet"))
            .args(["pki", "--serve", "127.0.0.1:0"])
            .args(arguments)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap());
        Self { child, lines }
    }

    /// The next line that it writes; empty when it wrote its last.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The first line from here on that holds these words.
    fn line_with(&mut self, words: &str) -> String {
        loop {
            let line = self.line();
            assert!(!line.is_empty(), "it ended before it wrote `{words}`");
            if line.contains(words) {
                return line;
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended before.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The whole answer to a GET of `http://ADDRESS/PATH`.
fn get(url: &str) -> Vec<u8> {
    let (address, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn the_command_serves_lists_and_answers_until_it_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("pki");
    let mut serving = Serving::start(&[
        "--out",
        &out.to_string_lossy(),
        "--lists",
        "stale",
        "--behaviour",
        "try-later",
    ]);
    let ocsp = serving.line_with("OCSP (try-later) at ");
    let (_, ocsp) = ocsp.split_once(" at ").unwrap();
    let crl = serving.line_with("/issuing");
    let (_, crl) = crl.split_once("CRL  (stale) at ").unwrap();
    let answer = get(crl);
    assert!(answer.starts_with(b"HTTP/1.1 200 "));
    assert_eq!(serving.line_with("asked: "), "asked: CRL issuing: try-later");
    // Its certificates name it.
    let leaf = std::fs::read(out.join("credentials/alice/leaf.der")).unwrap();
    for url in [ocsp, crl] {
        assert!(
            leaf.windows(url.len()).any(|window| window == url.as_bytes()),
            "{url}"
        );
    }
    let interrupted = Command::new("kill")
        .args(["-INT", &serving.child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let address = ocsp.trim_start_matches("http://").trim_end_matches("/ocsp");
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn words_that_the_responder_does_not_know_are_bad_input() {
    for (arguments, complaint) in [
        (["--behaviour", "goodd"], "no behaviour is called `goodd`"),
        (["--lists", "stales"], "no set of CRLs is called `stales`"),
        (["--revoke", "nobody"], "no credential is called `nobody`"),
        (["--serve", "0.0.0.0:0"], "cannot be used multiple times"),
    ] {
        let mut serving = Serving::start(&arguments);
        let mut text = String::new();
        serving.lines.read_to_string(&mut text).unwrap();
        assert!(text.contains(complaint), "{complaint}: {text}");
        assert_eq!(serving.child.wait().unwrap().code(), Some(2), "{complaint}");
    }
}
