//! Raw ClientHellos: what the server would take, without any TLS library on our side.

use attack_wire::tls::hello::{self, Hello, HelloReply};
use attack_wire::{Address, Deadline, transport};

use super::classify;
use crate::observation::{Layer, Observation, Outcome};
use crate::plan::HelloPlan;

/// Sends the hello and says what answered.
pub(super) fn probe(plan: &HelloPlan, address: Address, deadline: Deadline) -> Observation {
    let mut stream = match transport::connect(&address, deadline) {
        Ok(stream) => stream,
        Err(failure) => return classify::unconnected(&failure, &address.to_string()),
    };
    let offer = Hello {
        groups: [plan.groups.as_slice(), &plan.beside_groups].concat(),
        schemes: plan.signatures.clone(),
        server_name: plan.sni.as_ref().map(|name| name.clone().into_bytes()),
        compression: if plan.compression { vec![1, 0] } else { vec![0] },
        extended_master_secret: plan.extended_master_secret,
        fallback: plan.fallback,
        padding: plan.padding.map(|bytes| u16::try_from(bytes).unwrap_or(u16::MAX)),
        record_size: plan.fragment,
        ..Hello::new(plan.version, plan.suites.clone())
    };
    let reply = hello::probe(&offer, &mut stream, deadline);
    read(plan, &reply)
}

/// What the reply says about the offer.
fn read(plan: &HelloPlan, reply: &HelloReply) -> Observation {
    let refused = |alert: Option<u8>, text: String| {
        let mut observation = Observation::new(Layer::Tls, Outcome::Refused);
        observation.alert = alert;
        observation.evidence.push(text);
        observation
    };
    match reply {
        HelloReply::Alert {
            level: 1,
            description,
        } => refused(Some(*description), format!("TLS warning {description}")),
        HelloReply::Alert { description, .. } => {
            refused(Some(*description), format!("TLS alert {description}"))
        }
        HelloReply::Closed => refused(None, "closed without an alert".to_owned()),
        HelloReply::Reset => refused(None, "reset".to_owned()),
        HelloReply::Timeout => {
            let mut observation = Observation::new(Layer::Tls, Outcome::Timeout);
            observation.evidence.push("no answer to the hello".to_owned());
            observation
        }
        HelloReply::Garbled(what) => untold(format!("the server broke TLS: {what}")),
        HelloReply::NotTls(bytes) => {
            untold(format!("the port does not speak TLS: {}", classify::shown(bytes)))
        }
        HelloReply::HelloRetryRequest {
            group: Some(group), ..
        } if plan.beside_groups.contains(group) => refused(
            None,
            format!("asks for group {} instead", group_name(Some(*group))),
        ),
        HelloReply::HelloRetryRequest { suite, group } => taken(format!(
            "{} and asks for group {}",
            suite_name(*suite),
            group_name(*group)
        )),
        HelloReply::Sslv2ServerHello { kinds } => taken(format!("SSLv2 with {} ciphers", kinds.len())),
        HelloReply::ServerHello(hello) => {
            // A server that answers with another version than the one offered alone has not taken the offer (RFC 5246 E.1).
            if hello.version != plan.version && hello.version > plan.version {
                return refused(None, format!("answered with version {:#06x}", hello.version));
            }
            // Some libraries (Go's for one) find out after their ServerHello that they have no signature for this client.
            if let Some(alert) = hello.broken_off {
                return refused(Some(alert), format!("a ServerHello, then TLS alert {alert}"));
            }
            if plan.compression {
                return if hello.compression == 0 {
                    refused(None, "no compression was chosen".to_owned())
                } else {
                    taken(format!("compression method {}", hello.compression))
                };
            }
            if hello
                .group
                .is_some_and(|group| plan.beside_groups.contains(&group))
            {
                return refused(None, format!("chose group {} instead", group_name(hello.group)));
            }
            let mut words = format!("{} {}", version_name(hello.version), suite_name(hello.suite));
            if let Some(group) = hello.group {
                words = format!("{words} with group {}", group_name(Some(group)));
            }
            taken(words)
        }
    }
}

fn taken(words: String) -> Observation {
    let mut observation = Observation::new(Layer::Tls, Outcome::Granted);
    observation.evidence.push(format!("the server takes {words}"));
    observation.offered = Some(words);
    observation
}

fn untold(text: String) -> Observation {
    let mut observation = Observation::new(Layer::Tls, Outcome::NotTried);
    observation.evidence.push(text);
    observation
}

fn suite_name(code: u16) -> String {
    attack_wire::tls::suites::suite(code)
        .map_or_else(|| format!("suite {code:#06x}"), |suite| suite.name.to_owned())
}

fn group_name(code: Option<u16>) -> String {
    let Some(code) = code else {
        return "none".to_owned();
    };
    let known = attack_wire::tls::suites::GROUPS
        .iter()
        .find(|(number, _)| *number == code);
    known.map_or_else(|| format!("{code:#06x}"), |(_, name)| (*name).to_owned())
}

fn version_name(code: u16) -> String {
    let known = crate::plan::hello::VERSIONS
        .iter()
        .find(|(_, number)| *number == code);
    known.map_or_else(|| format!("{code:#06x}"), |(name, _)| (*name).to_owned())
}
