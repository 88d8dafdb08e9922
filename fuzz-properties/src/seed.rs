//! First inputs for every target, made by certs-gen and the encoders: honest ones, and one a fault.
//!
//! The same version makes the same bytes. `cargo xtask fuzz --seeds` writes them to `fuzz/seeds`, which is committed, so that
//! fuzzing begins with inputs that get through.

use std::collections::{BTreeMap, BTreeSet};

use certs_gen::{FAULTS, Group, Pki, PkiError};
use client_identity::{Certificate, Client, DIALECTS, DnStyle, HeaderNames, Verified};

use crate::dialect::{choice_of, written};
use crate::mutation::{Dice, PKI};

mod names;
#[cfg(feature = "engine")]
mod ocsp;
#[cfg(feature = "engine")]
mod transport;

/// Larger certificates are left out: the corpus is committed, and size is tried by mutation.
const LARGEST: usize = 4096;
/// How many names of faults each style gets.
const NAMES: usize = 12;
/// How many random inputs the targets of typed inputs get, each longer than the one before: any bytes make one.
const NOISES: usize = 100;
/// Dialects that print names in one style each; they get every hostile name.
const PRINTERS: [&str; 5] = ["caddy", "envoy", "haproxy", "nginx", "traefik"];

/// Inputs by target and name.
pub type Seeds = BTreeMap<(&'static str, String), Vec<u8>>;

/// All of them.
///
/// # Errors
/// Where certs-gen cannot mint.
pub fn seeds() -> Result<Seeds, PkiError> {
    let mut seeds = Seeds::new();
    let pki = PKI
        .as_ref()
        .ok_or(PkiError::Unavailable("the PKI of the seeds"))?;
    certificates(pki, &mut seeds)?;
    lists(pki, &mut seeds)?;
    let alice = pki.credential("alice")?.chain;
    names::seeds(&mut seeds)?;
    headers(&alice, &mut seeds);
    hostile(&alice, &pki.credential("bob")?.chain, &mut seeds);
    #[cfg(feature = "engine")]
    transport::seeds(&alice, &mut seeds);
    #[cfg(feature = "engine")]
    ocsp::seeds(pki, &mut seeds)?;
    for target in ["dialect_round_trip", "dn_round_trip"] {
        let mut dice = Dice::new(1);
        for number in 0..NOISES {
            let length = 20 + number * 8;
            let bytes = (0..length).map(|_| u8::try_from(dice.below(256)).unwrap_or(0));
            seeds.insert((target, format!("noise-{number:03}")), bytes.collect());
        }
    }
    seeds.insert(("empty", "nothing".to_owned()), Vec::new());
    Ok(seeds)
}

fn certificates(pki: &Pki, seeds: &mut Seeds) -> Result<(), PkiError> {
    let mut leaves = vec![("alice", None, pki.credential("alice")?)];
    for fault in FAULTS.iter() {
        leaves.push((fault.name, Some(fault.group), pki.credential(fault.name)?));
    }
    let mut names = 0;
    for (name, group, credential) in leaves {
        let Some(der) = credential.leaf().filter(|der| der.len() <= LARGEST) else {
            continue;
        };
        seeds.insert(("certificate", name.to_owned()), der.to_vec());
        if group.is_some_and(|group| group != Group::Names) {
            continue;
        }
        for dialect in PRINTERS {
            if let Some(choice) = choice_of(dialect) {
                let input = [&[choice], der].concat();
                seeds.insert(("boundary", format!("{dialect}-{name}")), input);
            }
        }
        if names < NAMES
            && let Ok(certificate) = Certificate::from_der(der)
        {
            names += 1;
            for (choice, style) in (0_u8..).zip(DnStyle::ALL) {
                let text = [vec![choice], style.print(&certificate.subject)].concat();
                seeds.insert(("dn_parse", format!("{style:?}-{name}").to_lowercase()), text);
            }
            let configured = [&[6], certificate.subject.to_rfc4514().as_bytes()].concat();
            seeds.insert(("dn_parse", format!("rfc4514-{name}")), configured);
        }
    }
    Ok(())
}

fn lists(pki: &Pki, seeds: &mut Seeds) -> Result<(), PkiError> {
    for list in pki.crls()? {
        seeds.insert(("crl", list.name.clone()), list.der);
    }
    for set in pki.crl_variants()? {
        for list in set.crls {
            seeds.insert(("crl", format!("{}-{}", set.name, list.name)), list.der);
        }
    }
    Ok(())
}

fn headers(alice: &[Vec<u8>], seeds: &mut Seeds) {
    let presented = |verified| Client::Presented {
        chain: alice.to_vec(),
        verified,
    };
    let expired = Verified::Failed {
        code: 10,
        text: "certificate has expired".to_owned(),
    };
    let clients = [
        ("alice", presented(Verified::Success)),
        ("expired", presented(expired)),
        ("absent", Client::Absent),
    ];
    for dialect in DIALECTS {
        let Some(choice) = choice_of(dialect.name()) else {
            continue;
        };
        for (who, client) in &clients {
            if let Ok(headers) = dialect.encode(client, &HeaderNames::defaults(*dialect)) {
                let name = format!("{}-{who}", dialect.name());
                seeds.insert(("dialect_decode", name), written(choice, 0, &headers));
            }
        }
        for leaf in alice.iter().take(1) {
            let input = [&[choice], leaf.as_slice()].concat();
            seeds.insert(("boundary", format!("{}-alice", dialect.name())), input);
        }
    }
}

/// Of the spellings of an attacker who is bob and would be alice, one for each answer to a form.
fn hostile(alice: &[Vec<u8>], bob: &[Vec<u8>], seeds: &mut Seeds) {
    let client = |chain: &[Vec<u8>]| Client::Presented {
        chain: chain.to_vec(),
        verified: Verified::Success,
    };
    let mut answers = BTreeSet::new();
    for dialect in DIALECTS {
        let names = HeaderNames::defaults(*dialect);
        let (Some(choice), Ok(values)) = (
            choice_of(dialect.name()),
            dialect.hostile_values(&client(bob), &client(alice), &names),
        ) else {
            continue;
        };
        for value in values {
            let form = dialect.roles().iter().find(|spec| spec.role == value.role);
            let form = form.map(|spec| format!("{:?}", spec.form));
            let answer = dialect.decode(&value.lines, &names).err();
            if answers.insert((form, answer.map(|error| error.to_string()))) {
                let name = format!("{}-{}-{}", dialect.name(), value.role, value.name);
                let input = written(choice, 0, &value.lines);
                if input.len() <= LARGEST {
                    seeds.insert(("dialect_decode", name), input);
                }
            }
        }
    }
}
