use super::openssl::{FILES, OpensslServer, with_sha1};
use super::pki::PKI;
use super::rogue::{plan, speak};
use crate::tls::client::Versions;
use crate::tls::rogue::{DEVIATIONS, Deviation, RoguePlan};

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn probe_openssl() {
    let server = OpensslServer::start(&["-www", "-Verify", "5", "-verify_return_error"]);
    for versions in [Versions::Tls12, Versions::Tls13] {
        for (word, deviation) in DEVIATIONS {
            let mut plan = RoguePlan {
                deviation: *deviation,
                ..plan(versions, Some(&PKI.alice))
            };
            if matches!(deviation, Deviation::Scheme(0x0203)) {
                plan.tls.presented = Some(with_sha1(&PKI.alice, "alice"));
            } else if matches!(deviation, Deviation::Scheme(_)) {
                plan.tls.presented = Some(with_sha1(&FILES.rsa_alice, "rsa-alice"));
            }
            let (report, answer) = speak(&plan, &server.address);
            if *word == "honest" {
                println!("{}", String::from_utf8_lossy(answer.as_ref().unwrap()));
            }
            let answer = answer.map(|body| String::from_utf8_lossy(&body).contains("CN = alice"));
            println!("{versions:?} {word} deviated {} {answer:?}", report.deviated);
        }
    }
    for line in server.said().lines().take(0) {
        println!("{line}");
    }
}
