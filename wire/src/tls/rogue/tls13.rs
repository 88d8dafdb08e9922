//! The TLS 1.3 handshake after ServerHello (RFC 8446 sections 2 and 4.4).

use super::guard::Guard;
use super::link::Message;
use super::message::{
    CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, CertificateRequest, EARLY_DATA,
    ENCRYPTED_EXTENSIONS, END_OF_EARLY_DATA, Extensions, FINISHED, PRE_SHARED_KEY, SIGNED_TIMESTAMPS,
    ServerHello, certificate_verify, certificate13, extension, message, read_certificate13, read_extensions,
    read_signature, selected_alpn, signed_content,
};
use super::plan::Deviation;
use super::progress::Progress;
use super::proof::{Answer, flipped};
use super::schedule::{Schedule, finished};
use super::server;
use super::suite::Suite;
use super::ticket::{Kept, Kept13};
use crate::tls::client::HandshakeOutcome;
use crate::tls::encoding::Cursor;

/// What a TLS 1.3 session needs after its handshake.
#[derive(Debug)]
pub(super) struct Tls13 {
    pub(super) suite: Suite,
    /// The client's and the server's current application secrets.
    pub(super) client: Vec<u8>,
    pub(super) server: Vec<u8>,
    /// The secret that tickets are made of.
    pub(super) resumption: Vec<u8>,
    /// All messages up to the client's Finished: what a late CertificateVerify covers.
    pub(super) transcript: Vec<u8>,
    pub(super) server_chain: Vec<Vec<u8>>,
}

/// What the server's flight said.
struct Flight {
    request: Option<CertificateRequest>,
    /// The messages up to the server's Finished, inclusive, are in the transcript.
    chain: Vec<Vec<u8>>,
}

/// Completes the handshake, or does to it what the plan says.
pub(super) fn complete(progress: &mut Progress<'_>, hello: &ServerHello) -> Result<Tls13, HandshakeOutcome> {
    progress.link.tls13 = true;
    let suite = progress.suite(hello)?;
    let psk = selected_psk(progress, hello, suite)?;
    let shared = agree(progress, hello)?;
    let handshake = Schedule::early(suite.hash, psk.map(|kept| kept.psk.as_slice())).next(Some(&shared));
    let client = handshake.derive("c hs traffic", &progress.transcript);
    let server = handshake.derive("s hs traffic", &progress.transcript);
    progress.link.reader = Guard::tls13(suite, &server);
    let flight = server_flight(progress, suite, &server, psk)?;

    let master = handshake.next(None);
    let client_data = master.derive("c ap traffic", &progress.transcript);
    let server_data = master.derive("s ap traffic", &progress.transcript);
    // A server says why it refuses our flight under its application keys.
    progress.link.reader = Guard::tls13(suite, &server_data);
    if progress.report.handshake.early_data_accepted {
        progress.link.writer = progress.offer.early.as_ref().and_then(super::offer::Early::guard);
        progress.send_messages(&message(END_OF_EARLY_DATA, &[]));
    }
    progress.link.writer = Guard::tls13(suite, &client);
    client_flight(progress, suite, &client, flight.request.as_ref())?;
    if progress.plan.deviation != Deviation::FinishedOmittedEarly {
        progress.link.writer = Guard::tls13(suite, &client_data);
    }
    Ok(Tls13 {
        suite,
        client: client_data,
        server: server_data,
        resumption: master.derive("res master", &progress.transcript),
        transcript: progress.transcript.clone(),
        server_chain: flight.chain,
    })
}

/// The ticket, if the server resumes it.
fn selected_psk<'a>(
    progress: &mut Progress<'a>,
    hello: &ServerHello,
    suite: Suite,
) -> Result<Option<&'a Kept13>, HandshakeOutcome> {
    let Some(selected) = extension(&hello.extensions, PRE_SHARED_KEY) else {
        return Ok(None);
    };
    match progress.plan.resume.as_ref().map(|ticket| &*ticket.0) {
        Some(Kept::Tls13(kept)) if selected == [0, 0] && kept.suite.hash == suite.hash => {
            progress.report.handshake.resumed = true;
            Ok(Some(kept))
        }
        Some(Kept::Tls12(_) | Kept::Tls13(_)) | None => {
            Err(progress.garbled("a pre-shared key that was not offered"))
        }
    }
}

fn agree(progress: &mut Progress<'_>, hello: &ServerHello) -> Result<Vec<u8>, HandshakeOutcome> {
    let Some((group, theirs)) = hello.key_share() else {
        return Err(progress.garbled("no key share"));
    };
    progress.report.handshake.group = Some(group);
    let shared = progress.offer.share(group).and_then(|share| share.agree(theirs));
    shared.ok_or_else(|| progress.garbled("a key share that fits none of ours"))
}

/// Reads up to the server's Finished and checks whose it is.
fn server_flight(
    progress: &mut Progress<'_>,
    suite: Suite,
    secret: &[u8],
    psk: Option<&Kept13>,
) -> Result<Flight, HandshakeOutcome> {
    let first = progress.receive()?;
    if first.kind() != ENCRYPTED_EXTENSIONS {
        return Err(progress.unexpected(first.kind()));
    }
    let Some(list) = read_extensions(&mut Cursor(first.body())) else {
        return Err(progress.garbled("malformed EncryptedExtensions"));
    };
    progress.note(&first);
    progress.report.handshake.alpn = selected_alpn(&list);
    progress.report.handshake.early_data_accepted =
        progress.offer.early.is_some() && extension(&list, EARLY_DATA).is_some();

    let mut flight = Flight {
        request: None,
        chain: psk.map(|kept| kept.server_chain.clone()).unwrap_or_default(),
    };
    let mut proven = psk.is_some();
    loop {
        let message = progress.receive()?;
        match message.kind() {
            CERTIFICATE_REQUEST if psk.is_none() && flight.chain.is_empty() => {
                let request = CertificateRequest::read13(message.body())
                    .ok_or_else(|| progress.garbled("malformed CertificateRequest"))?;
                progress.note_request(&request);
                flight.request = Some(request);
            }
            CERTIFICATE if psk.is_none() && flight.chain.is_empty() => {
                flight.chain = read_certificate13(message.body())
                    .ok_or_else(|| progress.garbled("malformed Certificate"))?;
                progress.report.handshake.server_chain.clone_from(&flight.chain);
                server::check_chain(progress.judge, &flight.chain)?;
            }
            CERTIFICATE_VERIFY if !proven && !flight.chain.is_empty() => {
                check_verify(progress, suite, &flight.chain, &message)?;
                proven = true;
            }
            FINISHED if proven => {
                progress.report.handshake.server_chain.clone_from(&flight.chain);
                if message.body() != finished(suite.hash, secret, &progress.transcript) {
                    return Err(progress.garbled("the server's Finished is wrong"));
                }
                progress.report.server_finished = true;
                progress.note(&message);
                return Ok(flight);
            }
            other => return Err(progress.unexpected(other)),
        }
        progress.note(&message);
    }
}

fn check_verify(
    progress: &mut Progress<'_>,
    suite: Suite,
    chain: &[Vec<u8>],
    message: &Message,
) -> Result<(), HandshakeOutcome> {
    let (scheme, signature) =
        read_signature(message.body()).ok_or_else(|| progress.garbled("malformed CertificateVerify"))?;
    let content = signed_content("server", &suite.hash.of(&progress.transcript));
    server::check_signature(progress.judge, chain, scheme, &content, signature)
}

/// Sends Certificate, CertificateVerify and Finished, as far as the plan lets them be.
fn client_flight(
    progress: &mut Progress<'_>,
    suite: Suite,
    secret: &[u8],
    request: Option<&CertificateRequest>,
) -> Result<(), HandshakeOutcome> {
    let deviation = progress.plan.deviation;
    let answer = progress.answer(request.is_some());
    let context = request.map(|request| request.context.clone()).unwrap_or_default();
    let mut messages = certificates(&answer, &context, deviation);
    progress.report.deviated |= deviation == Deviation::CertificateExtension && answer.presents();
    if answer.verified {
        let content = verified_content(suite, deviation, &progress.transcript, &messages);
        let (scheme, signature) = progress.prove(request, &content)?;
        progress.note_verify(deviation, scheme, request);
        messages.extend(certificate_verify(scheme, &signature));
    }
    let finished = finished(
        suite.hash,
        secret,
        &[progress.transcript.as_slice(), &messages].concat(),
    );
    let omitted = matches!(
        deviation,
        Deviation::FinishedOmitted | Deviation::FinishedOmittedEarly
    );
    let wrong = deviation == Deviation::WrongFinished;
    progress.report.deviated |= omitted || wrong;
    if !omitted {
        messages.extend(message(
            FINISHED,
            &if wrong { flipped(finished) } else { finished },
        ));
    }
    progress.send_messages(&messages);
    Ok(())
}

/// The Certificate messages of an answer.
pub(super) fn certificates(answer: &Answer<'_>, context: &[u8], deviation: Deviation) -> Vec<u8> {
    // A certificate transparency list that nobody asked for, with one entry of no meaning.
    let extra: Extensions = if deviation == Deviation::CertificateExtension {
        vec![(SIGNED_TIMESTAMPS, vec![0, 3, 0, 1, 0])]
    } else {
        Vec::new()
    };
    answer
        .certificates
        .iter()
        .flat_map(|chain| certificate13(context, chain, &extra))
        .collect()
}

/// What CertificateVerify is made over, when `certificates` follow `transcript`.
pub(super) fn verified_content(
    suite: Suite,
    deviation: Deviation,
    transcript: &[u8],
    certificates: &[u8],
) -> Vec<u8> {
    let covered = if deviation == Deviation::WrongTranscript {
        transcript.to_vec()
    } else {
        [transcript, certificates].concat()
    };
    let who = if deviation == Deviation::ServerContext {
        "server"
    } else {
        "client"
    };
    signed_content(who, &suite.hash.of(&covered))
}
