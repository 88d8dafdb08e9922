//! No decoder takes a hostile spelling for the victim.

use std::collections::BTreeSet;

use client_identity::certificate::Name;
use client_identity::{
    Client, DIALECTS, DecodeError, Dialect, Forwarded, HeaderNames, Presence, Role, Verified,
};

use crate::certificate_der::certificate;

/// A client with a chain of one or two certificates.
fn client(name: &str, serial: u8, length: usize, verified: Verified) -> Client {
    let issuer = Name::parse_rfc4514("CN=Inter CA,O=Example").unwrap();
    let subject = Name::parse_rfc4514(&format!("CN={name},OU=people,O=Example,C=NL")).unwrap();
    let alternatives = [
        (0x82, format!("{name}.example").into_bytes()),
        (0x86, format!("spiffe://td/{name}").into_bytes()),
    ];
    let mut chain = vec![
        certificate(&subject, &issuer, &[serial], &alternatives),
        certificate(&issuer, &issuer, &[1], &[]),
    ];
    chain.truncate(length);
    Client::Presented { chain, verified }
}

/// Whom the proxy may have seen, and whom the attacker would be.
fn pairs() -> Vec<(Client, Client)> {
    let failed = Verified::Failed {
        code: 21,
        text: String::new(),
    };
    let mut pairs = Vec::new();
    for length in [1, 2] {
        let victim = client("alice", 0x2a, length, Verified::Success);
        pairs.push((Client::Absent, victim.clone()));
        for verified in [Verified::Success, failed.clone()] {
            pairs.push((client("mallory", 0x5b, length, verified), victim.clone()));
        }
    }
    pairs
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
        // What follows the leaf is whatever the client sent along.
        Ok(read) if read.certificate.is_some() && read.certificate == own.certificate => Outcome::Own,
        Ok(read) if read.presence != Presence::Present && read.certificate.is_none() => Outcome::Nobody,
        Ok(_) => Outcome::SomeoneElse,
    }
}

/// Roles whose every reading is one certificate's, and not a text or a judgement.
fn is_exact(role: Role) -> bool {
    matches!(
        role,
        Role::Cert | Role::Serial | Role::Fingerprint | Role::FingerprintSha256 | Role::Info | Role::Present
    )
}

#[test]
fn no_spelling_is_taken_for_the_victim() {
    let mut failures = Vec::new();
    let mut outcomes = BTreeSet::new();
    for dialect in DIALECTS {
        for (own, victim) in pairs() {
            for names in choices(*dialect) {
                let Ok(values) = dialect.hostile_values(&own, &victim, &names) else {
                    assert_eq!(own, Client::Absent, "{}", dialect.name());
                    continue;
                };
                let decode = |client| dialect.decode(&dialect.encode(client, &names).unwrap(), &names);
                let Ok(victims) = decode(&victim) else {
                    // A chain by itself, which is no identity.
                    assert!(names.get(Role::Cert).is_none(), "{}", dialect.name());
                    continue;
                };
                let own_read = decode(&own).unwrap();
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
                        failures.push(format!("{title}: {read:?} from {:?}", value.lines));
                    }
                    let found = outcome(&read, &own_read);
                    let is_absent_word = OF_NOBODY.contains(&value.name);
                    if found == Outcome::SomeoneElse && is_exact(value.role) && !is_absent_word {
                        failures.push(format!("{title}: a third client, {read:?}"));
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
    assert_eq!(outcomes.len(), 4, "{outcomes:?}");
}

/// The twin of the test above: what is written as the proxy writes is taken for the victim, role by role.
#[test]
fn an_exact_forgery_is_taken_for_the_victim() {
    let (own, victim) = pairs().swap_remove(1);
    for dialect in DIALECTS {
        for names in choices(*dialect) {
            let decode = |client| {
                dialect
                    .decode(&dialect.encode(client, &names).unwrap(), &names)
                    .unwrap()
            };
            let [victims, own_read] = [&victim, &own].map(decode);
            let is_telling = |(role, _)| is_exact(role) && role != Role::Present && role != Role::Info;
            if names.iter().any(is_telling) {
                assert!(
                    is_taken_for(&victims, &victims, &own_read),
                    "{} {names:?}",
                    dialect.name()
                );
            }
        }
    }
}

#[test]
fn spellings_are_told_apart_and_explained() {
    let (own, victim) = pairs().pop().unwrap();
    let mut all = BTreeSet::new();
    for dialect in DIALECTS {
        let names = HeaderNames::defaults(*dialect);
        let honest = dialect.encode(&victim, &names).unwrap();
        let values = dialect.hostile_values(&own, &victim, &names).unwrap();
        let distinct: BTreeSet<_> = values.iter().map(|value| (value.role, value.name)).collect();
        assert_eq!(distinct.len(), values.len(), "{}", dialect.name());
        for value in &values {
            assert!(
                !value.why.is_empty() && value.lines != honest,
                "{} {}",
                dialect.name(),
                value.name
            );
            all.insert((dialect.name(), value.role, value.name));
        }
    }
    // One of each kind that an app has been seen to fall for.
    for (dialect, role, name) in [
        ("apache", Role::Subject, "null-in-brackets"),
        ("aws-alb-passthrough", Role::Cert, "set-of-nginx"),
        ("azure-app-gateway", Role::Verify, "one"),
        ("caddy", Role::Serial, "empty"),
        ("caddy", Role::Subject, "nil"),
        ("cloudfront", Role::Fingerprint, "sha256-of-nothing"),
        ("envoy", Role::Info, "joined-forged-last"),
        ("envoy", Role::Info, "quote-left-open"),
        ("gcp", Role::Present, "true-upper"),
        ("haproxy", Role::Verify, "zero-padded"),
        ("nginx", Role::Cert, "name-underscore"),
        ("nginx", Role::Verify, "stripped"),
        ("rfc9440", Role::Cert, "twice"),
        ("rfc9440", Role::Chain, "without-certificate"),
        ("traefik", Role::Cert, "joined-forged-last"),
        ("uwsgi", Role::Cert, "name-in-environ"),
    ] {
        assert!(all.contains(&(dialect, role, name)), "{dialect} {role} {name}");
    }
}
