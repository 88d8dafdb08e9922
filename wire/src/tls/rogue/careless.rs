//! A server for tests that takes whatever handshake a client sends, and says what it got.
//!
//! No TLS library can be told to go on without a CertificateVerify or a Finished. This one goes on, so that it shows whether a
//! rogue client's messages, its transcript and its keys are right *around* what it leaves out.

use std::time::Duration;

use aws_lc_rs::rand;

use super::guard::Guard;
use super::link::{CHANGE_CIPHER_SPEC, Event, HANDSHAKE, Link, Message};
use super::message::{
    CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE, ENCRYPTED_EXTENSIONS,
    EXTENDED_MASTER_SECRET, FINISHED, KEY_SHARE, KEY_UPDATE, RENEGOTIATION_INFO, SERVER_HELLO,
    SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, SIGNATURE_ALGORITHMS, SUPPORTED_VERSIONS, certificate_verify,
    certificate12, certificate13, code_list, extension, extensions, message, read_extensions, signed_content,
};
use super::proof::flipped;
use super::schedule::{Schedule, expand_label, finished, prf};
use super::suite::{Share, Suite, suite};
use crate::deadline::Deadline;
use crate::tls::client::Presented;
use crate::tls::encoding::{Cursor, vector8, vector16};
use crate::transport::Stream;

const P256: u16 = 0x0403;
const X25519: u16 = 29;

/// What the server does wrong beside not looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Careless {
    /// Nothing.
    Plain,
    /// TLS 1.3: reads application data right after the client's last message before Finished.
    Hasty,
    /// TLS 1.3: asks for new keys before it answers.
    KeyUpdate,
    /// Its own Finished is wrong.
    WrongFinished,
    /// Its own signature is wrong.
    WrongSignature,
}

/// What came of the client's messages.
struct Got {
    kinds: Vec<u8>,
    /// Whether its Finished was right, if it came.
    finished: Option<bool>,
}

/// Serves one connection. The answer to the first application bytes is an HTTP response whose body lists the client's
/// handshake messages after the hello, and whether its Finished fitted them: `11 15 20 right`.
pub(crate) fn serve(stream: Stream, own: &Presented, how: Careless) {
    let mut server = Server {
        link: Link::new(stream),
        own: own.clone(),
        how,
        transcript: Vec::new(),
        random: [0; 32],
        deadline: Deadline::after(Duration::from_secs(10)),
    };
    rand::fill(&mut server.random).unwrap();
    let Ok(hello) = server.link.handshake_message(server.deadline) else {
        return;
    };
    server.transcript.extend_from_slice(&hello.bytes);
    let hello = ClientHello::read(&hello);
    let got = if extension(&hello.extensions, SUPPORTED_VERSIONS).is_some() {
        server.tls13(&hello)
    } else {
        server.tls12(&hello)
    };
    if let Some(got) = got {
        let mut words: Vec<String> = got.kinds.iter().map(u8::to_string).collect();
        words.push(match got.finished {
            None => "none".to_owned(),
            Some(true) => "right".to_owned(),
            Some(false) => "wrong".to_owned(),
        });
        let body = words.join(" ");
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        server
            .link
            .send(super::link::APPLICATION_DATA, answer.as_bytes(), server.deadline);
    }
}

struct ClientHello {
    random: [u8; 32],
    extensions: super::message::Extensions,
}

impl ClientHello {
    fn read(message: &Message) -> Self {
        let mut body = Cursor(message.body());
        body.short().unwrap();
        let random = *body.take(32).unwrap().first_chunk().unwrap();
        body.vector8().unwrap();
        body.vector16().unwrap();
        body.vector8().unwrap();
        Self {
            random,
            extensions: read_extensions(&mut body).unwrap(),
        }
    }

    fn x25519(&self) -> Vec<u8> {
        let mut list = Cursor(extension(&self.extensions, KEY_SHARE).unwrap());
        let mut list = Cursor(list.vector16().unwrap());
        loop {
            let (group, point) = (list.short().unwrap(), list.vector16().unwrap());
            if group == X25519 {
                return point.to_vec();
            }
        }
    }
}

struct Server {
    link: Link,
    own: Presented,
    how: Careless,
    transcript: Vec<u8>,
    random: [u8; 32],
    deadline: Deadline,
}

impl Server {
    fn say(&mut self, message: &[u8]) {
        self.transcript.extend_from_slice(message);
        self.link.send(HANDSHAKE, message, self.deadline);
    }

    fn hello(&mut self, suite: Suite, list: &[(u16, Vec<u8>)]) {
        let body = [
            &[3, 3],
            &self.random[..],
            &[0],
            &suite.code.to_be_bytes(),
            &[0],
            &extensions(list),
        ]
        .concat();
        self.say(&message(SERVER_HELLO, &body));
    }

    fn sign(&self, content: &[u8]) -> Vec<u8> {
        let signature = self.own.signer.sign(P256, content).unwrap();
        if self.how == Careless::WrongSignature {
            flipped(signature)
        } else {
            signature
        }
    }

    fn lie(&self, content: Vec<u8>) -> Vec<u8> {
        if self.how == Careless::WrongFinished {
            flipped(content)
        } else {
            content
        }
    }

    fn tls13(&mut self, hello: &ClientHello) -> Option<Got> {
        let suite = suite(0x1301).unwrap();
        let share = Share::fresh(X25519).unwrap();
        let shared = share.agree(&hello.x25519()).unwrap();
        let public = [&X25519.to_be_bytes()[..], &vector16(&share.public)].concat();
        self.hello(suite, &[(SUPPORTED_VERSIONS, vec![3, 4]), (KEY_SHARE, public)]);
        let handshake = Schedule::early(suite.hash, None).next(Some(&shared));
        let client = handshake.derive("c hs traffic", &self.transcript);
        let server = handshake.derive("s hs traffic", &self.transcript);
        self.link.tls13 = true;
        self.link.reader = Guard::tls13(suite, &client);
        self.link.writer = Guard::tls13(suite, &server);
        self.say(&message(ENCRYPTED_EXTENSIONS, &extensions(&[])));
        let wanted = extensions(&[(SIGNATURE_ALGORITHMS, code_list(&[P256]))]);
        self.say(&message(CERTIFICATE_REQUEST, &[vector8(&[]), wanted].concat()));
        self.say(&certificate13(&[], &self.own.chain.clone(), &[]));
        let signature = self.sign(&signed_content("server", &suite.hash.of(&self.transcript)));
        self.say(&certificate_verify(P256, &signature));
        let content = self.lie(finished(suite.hash, &server, &self.transcript));
        self.say(&message(FINISHED, &content));
        let master = handshake.next(None);
        let (mut theirs, ours) = (
            master.derive("c ap traffic", &self.transcript),
            master.derive("s ap traffic", &self.transcript),
        );
        self.link.writer = Guard::tls13(suite, &ours);
        let mut got = Got {
            kinds: Vec::new(),
            finished: None,
        };
        loop {
            let message = match self.link.event(self.deadline).ok()? {
                Event::Message(message) => message,
                Event::Warning(_) => continue,
                Event::Data(_) => break,
            };
            if message.kind() == FINISHED {
                got.finished = Some(message.body() == finished(suite.hash, &client, &self.transcript));
                self.link.reader = Guard::tls13(suite, &theirs);
            }
            if message.kind() == CERTIFICATE_VERIFY && self.how == Careless::Hasty {
                self.link.reader = Guard::tls13(suite, &theirs);
            }
            got.kinds.push(message.kind());
            self.transcript.extend_from_slice(&message.bytes);
        }
        if self.how == Careless::KeyUpdate {
            let next = |secret: &[u8]| expand_label(suite.hash, secret, "traffic upd", &[], 32);
            self.link
                .send(HANDSHAKE, &message(KEY_UPDATE, &[1]), self.deadline);
            self.link.writer = Guard::tls13(suite, &next(&ours));
            self.link.send(
                super::link::APPLICATION_DATA,
                b"HTTP/1.1 100 Continue\r\n\r\n",
                self.deadline,
            );
            // The client's own new keys follow its answer.
            let Ok(Event::Message(answer)) = self.link.event(self.deadline) else {
                return None;
            };
            theirs = next(&theirs);
            self.link.reader = Guard::tls13(suite, &theirs);
            got.kinds.push(answer.kind());
            let Ok(Event::Data(_)) = self.link.event(self.deadline) else {
                return None;
            };
        }
        Some(got)
    }

    fn tls12(&mut self, hello: &ClientHello) -> Option<Got> {
        let suite = suite(0xC02B).unwrap();
        let extended = extension(&hello.extensions, EXTENDED_MASTER_SECRET).is_some();
        let mut list = vec![(RENEGOTIATION_INFO, vec![0])];
        if extended {
            list.push((EXTENDED_MASTER_SECRET, Vec::new()));
        }
        self.hello(suite, &list);
        self.say(&certificate12(&self.own.chain.clone()));
        let share = Share::fresh(X25519).unwrap();
        let parameters = [&[3][..], &X25519.to_be_bytes(), &vector8(&share.public)].concat();
        let signature = self.sign(&[&hello.random[..], &self.random, &parameters].concat());
        let signed = [parameters, P256.to_be_bytes().to_vec(), vector16(&signature)].concat();
        self.say(&message(SERVER_KEY_EXCHANGE, &signed));
        let wanted = [vector8(&[64]), code_list(&[P256]), vector16(&[])].concat();
        self.say(&message(CERTIFICATE_REQUEST, &wanted));
        self.say(&message(SERVER_HELLO_DONE, &[]));
        let mut got = Got {
            kinds: Vec::new(),
            finished: None,
        };
        let (mut master, mut writer) = (Vec::new(), None);
        loop {
            let message = match self.link.event(self.deadline).ok()? {
                Event::Message(message) => message,
                Event::Warning(_) => continue,
                Event::Data(_) => break,
            };
            let before = self.transcript.clone();
            self.transcript.extend_from_slice(&message.bytes);
            got.kinds.push(message.kind());
            if message.kind() == CLIENT_KEY_EXCHANGE {
                let premaster = share.agree(Cursor(message.body()).vector8().unwrap()).unwrap();
                let (label, seed) = if extended {
                    ("extended master secret", suite.hash.of(&self.transcript))
                } else {
                    ("master secret", [hello.random, self.random].concat())
                };
                master = prf(suite.hash, &premaster, label, &seed, 48);
                let seed = [self.random, hello.random].concat();
                let length = Guard::key_block_length(suite);
                let (theirs, ours) =
                    Guard::tls12(suite, &prf(suite.hash, &master, "key expansion", &seed, length)).unwrap();
                self.link.pending = Some(theirs);
                writer = Some(ours);
            }
            if message.kind() == FINISHED {
                let expected = prf(
                    suite.hash,
                    &master,
                    "client finished",
                    &suite.hash.of(&before),
                    12,
                );
                got.finished = Some(message.body() == expected);
                self.link.send(CHANGE_CIPHER_SPEC, &[1], self.deadline);
                self.link.writer = writer.take();
                let hash = suite.hash.of(&self.transcript);
                let content = self.lie(prf(suite.hash, &master, "server finished", &hash, 12));
                self.say(&super::message::message(FINISHED, &content));
            }
        }
        if let Some(writer) = writer.take() {
            self.link.send(CHANGE_CIPHER_SPEC, &[1], self.deadline);
            self.link.writer = Some(writer);
        }
        Some(got)
    }
}
