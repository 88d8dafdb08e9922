use super::pki::{Credential, PKI, SERVER};
use super::server::{dial, echo, soon, strict};
use super::tls::WAIT;
use crate::address::Address;
use crate::http1::{Limits, ReadFault, Request, exchange};
use crate::tls::client::{HandshakeOutcome, TlsPlan, Versions};
use crate::tls::rogue::{DEVIATIONS, Deviation, Report, RoguePlan, RogueSession, handshake};

pub(super) fn plan(versions: Versions, credential: Option<&Credential>) -> RoguePlan {
    RoguePlan::honest(TlsPlan {
        versions,
        presented: credential.map(Credential::presented),
        ..TlsPlan::honest(SERVER, vec![PKI.ca.certificate.clone()])
    })
}

fn run(plan: &RoguePlan, address: &Address) -> (Report, Option<RogueSession>) {
    handshake(plan, dial(address), soon()).unwrap()
}

/// Carries the plan out, sends a request, and says the body or the fault.
fn speak(plan: &RoguePlan, address: &Address) -> (Report, Result<Vec<u8>, ReadFault>) {
    let (report, session) = run(plan, address);
    let Some(session) = session else {
        let HandshakeOutcome::Alert(number) = report.handshake.outcome else {
            panic!("{:?}", report.handshake.outcome)
        };
        return (report, Err(ReadFault::Alert(number)));
    };
    (report, ask(&mut session.into()))
}

fn ask(channel: &mut crate::Channel) -> Result<Vec<u8>, ReadFault> {
    let request = Request::new("GET", "/", SERVER).to_bytes();
    exchange(channel, "GET", &request, WAIT, Limits::default(), soon())
        .reply
        .map(|response| response.body)
        .map_err(|failure| failure.fault)
}

#[test]
fn probe() {
    let address = echo(strict());
    for versions in [Versions::Tls12, Versions::Tls13] {
        for (word, deviation) in DEVIATIONS {
            let plan = RoguePlan {
                deviation: *deviation,
                ..plan(versions, Some(&PKI.alice))
            };
            if matches!(deviation, Deviation::Scheme(_)) {
                continue;
            }
            let (report, answer) = speak(&plan, &address);
            println!("{versions:?} {word} deviated {} {answer:?}", report.deviated);
        }
    }
}
