//! Wrong handshakes: refused by the strict proxy, served by the one whose fault they are, and by no other.

use std::net::SocketAddr;
use std::time::Duration;

use attack_wire::http1::{Limits, ReadFault, Request, exchange};
use attack_wire::tls::client::{HandshakeOutcome, Presented, TlsPlan, Versions};
use attack_wire::tls::rogue::{Deviation, Renegotiation, RoguePlan, handshake};
use attack_wire::tls::sign::KeySigner;
use attack_wire::{Address, Channel, Deadline, transport};
use embedded_deployment::Purpose;

use crate::setup::{Deployment, pki};

const SERVER: &str = "api.example.test";

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(10))
}

fn presented(name: &str) -> Presented {
    let credential = pki().credential(name).unwrap();
    let signer = KeySigner::from_der(credential.key.pkcs8_der().unwrap()).unwrap();
    Presented {
        chain: credential.chain.clone(),
        signer: std::sync::Arc::new(signer),
    }
}

fn plan(versions: Versions, deviation: Deviation) -> RoguePlan {
    let tls = TlsPlan {
        versions,
        presented: Some(presented("alice")),
        alpn: vec![b"http/1.1".to_vec()],
        ..TlsPlan::honest(SERVER, vec![pki().server_ca().unwrap()])
    };
    RoguePlan {
        deviation,
        sessions: false,
        ..RoguePlan::honest(tls)
    }
}

/// What comes back: a status and whom the app saw, or an alert.
fn answer(mut channel: Channel) -> Result<String, u8> {
    let request = Request::new("GET", "/whoami", SERVER).to_bytes();
    let wait = Duration::from_millis(20);
    let done = exchange(&mut channel, "GET", &request, wait, Limits::default(), soon());
    match done.reply {
        Ok(response) => {
            let body = String::from_utf8(response.body).unwrap();
            let name = body
                .split_once("\"identity\":\"")
                .and_then(|(_, rest)| rest.split('"').next());
            Ok(format!("{} {}", response.status, name.unwrap_or("nobody")))
        }
        Err(failure) => {
            let ReadFault::Alert(number) = failure.fault else {
                unreachable!("neither a response nor an alert: {:?}", failure.fault)
            };
            Err(number)
        }
    }
}

fn speak(address: SocketAddr, plan: &RoguePlan) -> Result<String, u8> {
    let stream = transport::connect(&Address::Tcp(address), soon()).unwrap();
    let (report, session) = handshake(plan, stream, soon()).unwrap();
    assert_eq!(report.deviated, plan.deviation != Deviation::Honest);
    match (session, report.handshake.outcome) {
        (Some(session), _) => answer(Channel::from(session)),
        (None, HandshakeOutcome::Alert(number)) => Err(number),
        (None, other) => unreachable!("no alert, and no session: {other:?}"),
    }
}

const SERVED: [(&str, Deviation, &str); 5] = [
    ("certificate-omitted", Deviation::CertificateOmitted, "401 nobody"),
    (
        "certificate-verify-omitted",
        Deviation::CertificateVerifyOmitted,
        "200 alice",
    ),
    ("empty-certificate", Deviation::EmptyCertificate, "401 nobody"),
    ("finished-omitted", Deviation::FinishedOmitted, "200 alice"),
    ("wrong-finished", Deviation::WrongFinished, "200 alice"),
];

async fn at(fault: &str) -> (Deployment, SocketAddr) {
    let deployment = Deployment::start(&format!("handshake = \"{fault}\""), "").await;
    let address = deployment.proxy.tcp(Purpose::Tls).unwrap();
    (deployment, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_handshake_is_served_by_its_own_fault_only() {
    let faults = ["strict"].into_iter().chain(SERVED.map(|(fault, ..)| fault));
    for fault in faults {
        let (_deployment, address) = at(fault).await;
        tokio::task::block_in_place(|| {
            for versions in [Versions::Tls12, Versions::Tls13] {
                let honest = speak(address, &plan(versions, Deviation::Honest));
                assert_eq!(honest, Ok("200 alice".to_owned()), "{fault} {versions:?}");
                for (own, deviation, served) in SERVED {
                    let seen = speak(address, &plan(versions, deviation));
                    let what = format!("{fault} {versions:?} {deviation:?}: {seen:?}");
                    if own == fault {
                        assert_eq!(seen, Ok(served.to_owned()), "{what}");
                    } else {
                        assert!(seen.is_err(), "{what}");
                    }
                }
            }
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_careless_handshake_is_no_careless_verifier() {
    let (_deployment, address) = at("certificate-verify-omitted").await;
    tokio::task::block_in_place(|| {
        for name in ["expired-1-day", "revoked", "other-ca"] {
            let mut plan = plan(Versions::Tls13, Deviation::CertificateVerifyOmitted);
            plan.tls.presented = Some(presented(name));
            assert!(speak(address, &plan).is_err(), "{name}");
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renegotiation_changes_the_client_only_by_fault() {
    for (fault, done, who) in [
        ("strict", HandshakeOutcome::Alert(100), "200 alice"),
        ("renegotiation", HandshakeOutcome::Done, "200 bob"),
    ] {
        let (_deployment, address) = at(fault).await;
        tokio::task::block_in_place(|| {
            let stream = transport::connect(&Address::Tcp(address), soon()).unwrap();
            let plan = plan(Versions::Tls12, Deviation::Honest);
            let (_, session) = handshake(&plan, stream, soon()).unwrap();
            let mut session = session.unwrap();
            let again = session
                .renegotiate(Some(presented("bob")), Renegotiation::Legacy, soon())
                .unwrap();
            assert_eq!(again.handshake.outcome, done, "{fault}");
            assert_eq!(answer(Channel::from(session)), Ok(who.to_owned()), "{fault}");
        });
    }
}
