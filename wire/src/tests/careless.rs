use super::pki::PKI;
use super::rogue::{BOTH, deviating, plan, run, served};
use super::server::{listen, soon};
use crate::address::Address;
use crate::channel::Channel;
use crate::http1::{Limits, Request, ResponseReader};
use crate::tls::client::{HandshakeOutcome, Presented, Versions};
use crate::tls::rogue::careless::{Careless, serve};
use crate::tls::rogue::{Deviation, RoguePlan};
use crate::transport::Stream;

fn careless(how: Careless) -> Address {
    let own = PKI.server.presented();
    listen(move |socket| serve(Stream::from(socket), &own, how))
}

/// What the server got, in its own words.
fn got(plan: &RoguePlan, address: &Address) -> String {
    let (report, body) = served(plan, address);
    assert_eq!(
        report.deviated,
        plan.deviation != Deviation::Honest,
        "{:?} is not reported",
        plan.deviation
    );
    String::from_utf8(body).unwrap()
}

#[test]
fn a_server_that_does_not_look_gets_exactly_the_messages_of_the_deviation() {
    let server = careless(Careless::Plain);
    // Certificate is 11, CertificateVerify 15, ClientKeyExchange 16, Finished 20.
    for (deviation, in_1_2, in_1_3) in [
        (Deviation::Honest, "11 16 15 20 right", "11 15 20 right"),
        (Deviation::CertificateOmitted, "16 20 right", "20 right"),
        (
            Deviation::CertificateVerifyOmitted,
            "11 16 20 right",
            "11 20 right",
        ),
        (Deviation::EmptyCertificate, "11 16 20 right", "11 20 right"),
        (
            Deviation::EmptyCertificateVerified,
            "11 16 15 20 right",
            "11 15 20 right",
        ),
        (
            Deviation::TwoCertificates,
            "11 11 16 15 20 right",
            "11 11 15 20 right",
        ),
        (Deviation::WrongFinished, "11 16 15 20 wrong", "11 15 20 wrong"),
        (Deviation::WrongTranscript, "11 16 15 20 right", "11 15 20 right"),
    ] {
        assert_eq!(
            got(&deviating(Versions::Tls12, deviation), &server),
            in_1_2,
            "{deviation:?}"
        );
        assert_eq!(
            got(&deviating(Versions::Tls13, deviation), &server),
            in_1_3,
            "{deviation:?}"
        );
    }
    for (deviation, in_1_3) in [
        (Deviation::CertificateExtension, "11 15 20 right"),
        (Deviation::FinishedOmittedEarly, "11 15 none"),
        (Deviation::ServerContext, "11 15 20 right"),
    ] {
        assert_eq!(got(&deviating(Versions::Tls13, deviation), &server), in_1_3);
    }
}

#[test]
fn application_data_without_finished_gets_through_where_nobody_waits_for_it() {
    let in_1_2 = deviating(Versions::Tls12, Deviation::FinishedOmitted);
    assert_eq!(got(&in_1_2, &careless(Careless::Plain)), "11 16 15 none");
    let in_1_3 = deviating(Versions::Tls13, Deviation::FinishedOmitted);
    assert_eq!(got(&in_1_3, &careless(Careless::Hasty)), "11 15 none");
}

#[test]
fn the_master_secret_is_right_with_and_without_its_extension() {
    for extended_master_secret in [true, false] {
        let plan = RoguePlan {
            extended_master_secret,
            ..plan(Versions::Tls12, Some(&PKI.alice))
        };
        assert_eq!(got(&plan, &careless(Careless::Plain)), "11 16 15 20 right");
    }
}

#[test]
fn a_server_whose_finished_or_signature_is_wrong_is_not_believed() {
    for (versions, _) in BOTH {
        let (report, session) = run(
            &plan(versions, Some(&PKI.alice)),
            &careless(Careless::WrongFinished),
        );
        assert!(session.is_none() && !report.server_finished);
        assert_eq!(
            report.handshake.outcome,
            HandshakeOutcome::Garbled("the server's Finished is wrong".to_owned())
        );
        let wrong = careless(Careless::WrongSignature);
        let (report, session) = run(&plan(versions, Some(&PKI.alice)), &wrong);
        assert!(session.is_none() && !report.handshake.certificate_sent);
        let HandshakeOutcome::ServerCertificateRefused(why) = report.handshake.outcome else {
            panic!("{:?}", report.handshake.outcome)
        };
        assert_eq!(why, "wrong signature of the server (scheme 0x0403)");
        // A server with somebody else's certificate has no key for it.
        let stolen = Presented {
            chain: PKI.server.presented().chain,
            signer: PKI.alice.presented().signer,
        };
        let thief = listen(move |socket| serve(Stream::from(socket), &stolen, Careless::Plain));
        let (report, _) = run(&plan(versions, Some(&PKI.alice)), &thief);
        assert!(matches!(
            report.handshake.outcome,
            HandshakeOutcome::ServerCertificateRefused(_)
        ));
    }
}

#[test]
fn new_keys_are_taken_and_given_when_the_server_asks() {
    let (_, session) = run(
        &plan(Versions::Tls13, Some(&PKI.alice)),
        &careless(Careless::KeyUpdate),
    );
    let mut session = session.unwrap();
    session.write(&Request::new("GET", "/", "a").to_bytes(), soon());
    let mut first = [0; 100];
    assert!(matches!(
        session.read(&mut first, soon()),
        crate::transport::Received::Data(_)
    ));
    session.write(b"under the new keys", soon());
    let mut channel = Channel::from(session);
    let response = ResponseReader::new(Limits::default())
        .read(&mut channel, "GET", soon())
        .unwrap();
    assert_eq!(response.body, b"11 15 20 24 right");
}
