//! No decoder takes a hostile spelling for the victim.

use std::collections::BTreeSet;

use client_identity::certificate::Name;
use client_identity::{Client, DIALECTS, DecodeError, Dialect, Forwarded, HeaderNames, Presence, Verified};

use crate::certificate_der::certificate;

fn client(name: &str, serial: u8, verified: Verified) -> Client {
    let issuer = Name::parse_rfc4514("CN=Inter CA,O=Example").unwrap();
    let subject = Name::parse_rfc4514(&format!("CN={name},OU=people,O=Example,C=NL")).unwrap();
    let alternatives = [
        (0x82, format!("{name}.example").into_bytes()),
        (0x86, format!("spiffe://td/{name}").into_bytes()),
    ];
    Client::Presented {
        chain: vec![certificate(&subject, &issuer, &[serial], &alternatives)],
        verified,
    }
}

fn victim() -> Client {
    client("alice", 0x2a, Verified::Success)
}

/// Whom the proxy may have seen.
fn owns() -> [Client; 3] {
    let failed = Verified::Failed {
        code: 21,
        text: String::new(),
    };
    [
        Client::Absent,
        client("mallory", 0x5b, Verified::Success),
        client("mallory", 0x5b, failed),
    ]
}

/// All roles, and each by itself: nothing beside it to contradict it.
fn choices(dialect: &dyn Dialect) -> Vec<HeaderNames> {
    let mut choices = vec![HeaderNames::defaults(dialect)];
    for spec in dialect.roles() {
        choices.push(
            HeaderNames::none(dialect)
                .with(spec.role, spec.default_name)
                .unwrap(),
        );
    }
    choices
}

/// Whether an app that trusts certain readings would let the victim's identity, or a judgement, in.
fn is_taken_for(read: &Forwarded, victim: &Forwarded, own: &Forwarded) -> bool {
    let is_his = |is_equal: bool, is_own: bool| is_equal && !is_own;
    let subject = |forwarded: &Forwarded| {
        forwarded
            .subject
            .as_ref()
            .and_then(|name| name.certain().cloned())
    };
    is_his(
        read.certificate.is_some() && read.certificate == victim.certificate,
        read.certificate == own.certificate,
    ) || is_his(
        subject(read).is_some() && subject(read) == subject(victim),
        subject(read) == subject(own),
    ) || is_his(
        read.serial.is_some() && read.serial == victim.serial,
        read.serial == own.serial,
    ) || is_his(
        read.sha1.is_some() && read.sha1 == victim.sha1,
        read.sha1 == own.sha1,
    ) || is_his(
        read.sha256.is_some() && read.sha256 == victim.sha256,
        read.sha256 == own.sha256,
    ) || is_his(
        read.verified == Some(Verified::Success),
        own.verified == Some(Verified::Success),
    )
}

/// The spellings that say nothing of anybody.
const OF_NOBODY: &[&str] = &[
    "dash",
    "empty",
    "nil",
    "none",
    "null",
    "null-in-brackets",
    "only-separators",
    "only-slash",
    "placeholder",
    "sha1-of-nothing",
    "sha256-of-nothing",
];

/// What a strict reader makes of one spelling.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Nobody,
    Own,
    Refused,
    SomeoneElse,
}

fn outcome(read: &Result<Forwarded, DecodeError>, own: &Forwarded) -> Outcome {
    match read {
        Err(_) => Outcome::Refused,
        Ok(read) if read == own => Outcome::Own,
        Ok(read) if read.presence != Presence::Present && read.certificate.is_none() => Outcome::Nobody,
        Ok(_) => Outcome::SomeoneElse,
    }
}

#[test]
fn no_spelling_is_taken_for_the_victim() {
    let mut failures = Vec::new();
    let mut outcomes = BTreeSet::new();
    let mut others = BTreeSet::new();
    for dialect in DIALECTS {
        for own in owns() {
            for names in choices(*dialect) {
                let Ok(values) = dialect.hostile_values(&own, &victim(), &names) else {
                    assert_eq!(own, Client::Absent, "{}", dialect.name());
                    continue;
                };
                let own_read = dialect
                    .decode(&dialect.encode(&own, &names).unwrap(), &names)
                    .unwrap();
                let victims = dialect
                    .decode(&dialect.encode(&victim(), &names).unwrap(), &names)
                    .unwrap();
                for value in values {
                    let read = dialect.decode(&value.lines, &names);
                    let title = format!("{} {} {}", dialect.name(), value.role, value.name);
                    let is_someone = read.as_ref().is_ok_and(|read| read.presence == Presence::Present);
                    if own == Client::Absent && is_someone && OF_NOBODY.contains(&value.name) {
                        failures.push(format!("{title}: someone"));
                    }
                    if read
                        .as_ref()
                        .is_ok_and(|read| is_taken_for(read, &victims, &own_read))
                    {
                        failures.push(format!("{title}: {:?} from {:?}", read, value.lines));
                    }
                    let found = outcome(&read, &own_read);
                    if found == Outcome::SomeoneElse {
                        others.insert(title);
                    }
                    outcomes.insert(found);
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of\n{}",
        failures.len(),
        failures.join("\n")
    );
    println!("{others:#?}");
}
