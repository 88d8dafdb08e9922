use super::openssl::{FILES, OpensslServer, with_sha1};
use super::pki::PKI;
use super::rogue::{BOTH, deviating, plan, refused_with, served, speak};
use crate::http1::ReadFault;
use crate::tls::client::{Presented, Versions};
use crate::tls::rogue::{Deviation, RoguePlan};

pub(super) const STRICT: [&str; 4] = ["-www", "-Verify", "5", "-verify_return_error"];

pub(super) fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&STRICT[..], more].concat()
}

/// The status page that `-www` answers with.
pub(super) fn page(answer: Result<Vec<u8>, ReadFault>) -> String {
    String::from_utf8(answer.unwrap()).unwrap()
}

fn presenting(versions: Versions, presented: Presented) -> RoguePlan {
    let mut plan = plan(versions, None);
    plan.tls.presented = Some(presented);
    plan
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn an_honest_rogue_is_served() {
    let server = OpensslServer::start(&STRICT);
    for (versions, version) in BOTH {
        for presented in [PKI.alice.presented(), FILES.rsa_alice.presented()] {
            let rsa = presented.chain[0] == FILES.rsa_alice.certificate;
            let (report, answer) = speak(&presenting(versions, presented), &server.address);
            let page = page(answer);
            assert_eq!(report.handshake.version, Some(version));
            assert!(report.handshake.certificate_requested && report.handshake.certificate_sent);
            assert!(report.server_finished && !report.deviated);
            let name = if rsa {
                "Subject: CN=rsa-alice"
            } else {
                "Subject: CN=alice"
            };
            assert!(
                page.contains(name) && page.contains("Verify return code: 0 (ok)"),
                "{page}"
            );
        }
        assert_eq!(
            speak(&plan(versions, Some(&PKI.stranger)), &server.address).1,
            Err(ReadFault::Alert(48))
        );
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn every_deviation_is_refused() {
    let server = OpensslServer::start(&STRICT);
    for (deviation, in_1_2, in_1_3) in [
        (Deviation::CertificateOmitted, 10, 10),
        (Deviation::CertificateVerifyOmitted, 10, 10),
        // handshake_failure in TLS 1.2, which has no certificate_required.
        (Deviation::EmptyCertificate, 40, 116),
        (Deviation::EmptyCertificateVerified, 40, 116),
        (Deviation::FinishedOmitted, 10, 20),
        (Deviation::TwoCertificates, 10, 10),
        (Deviation::WrongFinished, 51, 51),
        (Deviation::WrongTranscript, 51, 51),
    ] {
        refused_with(&deviating(Versions::Tls12, deviation), &server.address, in_1_2);
        refused_with(&deviating(Versions::Tls13, deviation), &server.address, in_1_3);
    }
    refused_with(
        &deviating(Versions::Tls13, Deviation::FinishedOmittedEarly),
        &server.address,
        10,
    );
    refused_with(
        &deviating(Versions::Tls13, Deviation::ServerContext),
        &server.address,
        51,
    );
    let asks_nobody = OpensslServer::start(&["-www"]);
    for (versions, _) in BOTH {
        refused_with(
            &deviating(versions, Deviation::CertificateUnasked),
            &asks_nobody.address,
            10,
        );
    }
}

/// OpenSSL takes a certificate transparency list from a client that it did not ask; RFC 8446 section 4.4.2 forbids it.
#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn an_unasked_extension_of_a_certificate_is_wrongly_accepted() {
    let server = OpensslServer::start(&STRICT);
    let (report, answer) = speak(
        &deviating(Versions::Tls13, Deviation::CertificateExtension),
        &server.address,
    );
    assert!(report.deviated && page(answer).contains("Subject: CN=alice"));
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn sha_1_and_pkcs_1_signatures_are_refused_and_true() {
    let strict = OpensslServer::start(&STRICT);
    let lax = OpensslServer::start(&with(&[
        "-cipher",
        "DEFAULT@SECLEVEL=0",
        "-client_sigalgs",
        "ECDSA+SHA1:RSA+SHA1:RSA+SHA256",
    ]));
    let ecdsa = with_sha1(&PKI.alice, "alice");
    let rsa = with_sha1(&FILES.rsa_alice, "rsa-alice");
    for (scheme, presented) in [(0x0203, &ecdsa), (0x0201, &rsa)] {
        let plan = |versions| RoguePlan {
            deviation: Deviation::Scheme(scheme),
            ..presenting(versions, presented.clone())
        };
        refused_with(&plan(Versions::Tls12), &strict.address, 40);
        refused_with(&plan(Versions::Tls13), &strict.address, 47);
        // Where SHA-1 is allowed the signature is found to be right: it is the scheme that was refused above.
        let (report, answer) = speak(&plan(Versions::Tls12), &lax.address);
        assert!(report.deviated && report.verify_scheme == Some(scheme));
        assert!(page(answer).contains("Peer signing digest: SHA1"));
    }
    let pkcs1 = |versions| RoguePlan {
        deviation: Deviation::Scheme(0x0401),
        ..presenting(versions, rsa.clone())
    };
    refused_with(&pkcs1(Versions::Tls13), &strict.address, 47);
    let (report, answer) = speak(&pkcs1(Versions::Tls12), &strict.address);
    assert!(!report.deviated && page(answer).contains("Peer signature type: RSA"));
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn static_rsa_is_carried_to_the_end() {
    let server = OpensslServer::start_as(
        "rsa-server",
        &with(&[
            "-cipher",
            "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:\
             ECDHE-RSA-AES256-GCM-SHA384",
        ]),
    );
    for (suite, name) in [
        (0x009C, "Cipher is AES128-GCM-SHA256"),
        (0x009D, "Cipher is AES256-GCM-SHA384"),
        (0x002F, "Cipher is AES128-SHA"),
        (0x0035, "Cipher is AES256-SHA"),
        (0xC02F, "Cipher is ECDHE-RSA-AES128-GCM-SHA256"),
        (0xC030, "Cipher is ECDHE-RSA-AES256-GCM-SHA384"),
    ] {
        for extended_master_secret in [true, false] {
            let mut plan = plan(Versions::Tls12, Some(&PKI.alice));
            plan.tls.suites = Some(vec![suite]);
            plan.extended_master_secret = extended_master_secret;
            let (report, body) = served(&plan, &server.address);
            let page = page(Ok(body));
            assert_eq!(report.handshake.suite, Some(suite));
            assert_eq!(report.extended_master_secret, extended_master_secret);
            assert!(
                page.contains(name) && page.contains("Subject: CN=alice"),
                "{page}"
            );
            let said = if extended_master_secret { "yes" } else { "no" };
            assert!(
                page.contains(&format!("Extended master secret: {said}")),
                "{page}"
            );
        }
    }
}
