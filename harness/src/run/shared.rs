//! Controls that attempts of a chunk share: those that need nothing of their own attempt, told apart by what they do.

use std::collections::BTreeMap;

use crate::observation::Observation;
use crate::plan::{Act, ControlPlan};

/// Observations of shared controls, by what the control does.
pub(super) type Shared = BTreeMap<String, Observation>;

/// A control that needs nothing of the attempt it belongs to.
pub(super) fn is_shared(control: &ControlPlan) -> bool {
    let stateless = match &control.act {
        Act::Exchange(exchange) => {
            exchange.session.is_none() && exchange.csrf.is_none() && !exchange.tls.resume
        }
        Act::Hello(_) | Act::Storage(_) => true,
    };
    stateless && control.before.is_empty() && !control.in_state
}

/// What a control does, its nonce taken out: equal controls of several attempts are done once.
pub(super) fn key(control: &ControlPlan) -> String {
    let text = format!("{:?}{:?}", control.act, control.demand);
    match &control.act {
        Act::Exchange(exchange) => {
            // Bytes of targets and lines are printed as numbers, so the nonce is taken out of the plan and not of the text.
            let mut plain = exchange.clone();
            let nonce = plain.nonce.clone().into_bytes();
            plain.nonce.clear();
            plain.request.target = without(&plain.request.target, &nonce);
            for field in &mut plain.request.fields {
                field.http1 = without(&field.http1, &nonce);
                field.http2 = field
                    .http2
                    .take()
                    .map(|(name, value)| (name, without(&value, &nonce)));
            }
            format!("{plain:?}{:?}", control.demand)
        }
        Act::Hello(_) | Act::Storage(_) => text,
    }
}

fn without(bytes: &[u8], nonce: &[u8]) -> Vec<u8> {
    match bytes
        .windows(nonce.len().max(1))
        .position(|window| window == nonce)
    {
        Some(at) => {
            let (head, tail) = bytes.split_at(at);
            [head, tail.get(nonce.len()..).unwrap_or_default()].concat()
        }
        None => bytes.to_vec(),
    }
}
