//! What reached the app in the identity headers, read as strictly as the dialect allows, held against what was presented.

use client_identity::Certificate;
use client_identity::dialect::{Client, Forwarded, Header, HeaderNames, Presence, Verified, dialect};

use crate::observation::Observation;
use crate::plan::OwnForwarded;

/// Whose identity other than the presented certificate's reached the app, in a sentence.
pub fn another(own: &OwnForwarded, observation: &Observation) -> Option<String> {
    let dialect = dialect(&own.dialect).ok()?;
    let mut names = HeaderNames::none(dialect);
    for (role, name) in &own.names {
        names = names.with(*role, name).ok()?;
    }
    let told = |chain: &[Vec<u8>]| {
        let client = Client::Presented {
            chain: chain.to_vec(),
            verified: Verified::Success,
        };
        dialect.project_with(&client, &names).ok()
    };
    let presented = own.presented.as_deref();
    let own_told = presented.and_then(told);
    observation.forwarded.iter().find_map(|head| {
        // Headers that cannot be read strictly name nobody: whether the app took them is seen in whom it granted.
        let read = dialect.decode(&headers(head, own), &names).ok()?;
        if presented.is_none() {
            let certain = read.presence == Presence::Present && verified(&read);
            return certain.then(|| "no certificate was presented, and the app was handed one".to_owned());
        }
        let leaf = presented.and_then(|chain| chain.first());
        if let (Some(certificate), Some(leaf)) = (&read.certificate, leaf)
            && is_another(certificate, leaf, own)
        {
            let whose = certificate.subject.to_rfc4514();
            return Some(format!(
                "the app was handed another certificate: {}",
                whose.escape_debug()
            ));
        }
        // A certificate that only a lenient reader can read may well be of the user whose subject the app was handed.
        if presented.is_some() && own_told.is_none() {
            return None;
        }
        let own_subject = own_told.as_ref().map(|told| &told.subject);
        let others = own.enrolled.iter().filter_map(|chain| told(chain));
        let taken = others
            .filter(|other| other.subject.is_some() && own_subject != Some(&other.subject))
            .find(|other| other.subject == read.subject);
        taken.map(|other| {
            let whose = other.subject_text.unwrap_or_default();
            format!(
                "the app was handed the subject of another user: {}",
                whose.escape_debug()
            )
        })
    })
}

/// Does the forwarded certificate name somebody else than the presented one? Servers encode anew what they read, so that the
/// bytes alone do not tell.
fn is_another(forwarded: &Certificate, leaf: &[u8], own: &OwnForwarded) -> bool {
    match Certificate::from_der(leaf) {
        Ok(presented) => {
            let names = |certificate: &Certificate| {
                (
                    certificate.subject.clone(),
                    certificate.subject_alt_names.clone(),
                    certificate.issuer.clone(),
                    certificate.serial.clone(),
                )
            };
            names(forwarded) != names(&presented)
        }
        Err(_) => own
            .enrolled
            .iter()
            .filter_map(|chain| chain.first())
            .any(|enrolled| enrolled.as_slice() == forwarded.der()),
    }
}

fn verified(read: &Forwarded) -> bool {
    matches!(read.verified, None | Some(Verified::Success))
}

/// The identity headers of a forwarded head, in order.
fn headers(head: &[u8], own: &OwnForwarded) -> Vec<Header> {
    let text_lines = head.split(|byte| *byte == b'\n').skip(1);
    text_lines
        .filter_map(|line| {
            let at = line.iter().position(|byte| *byte == b':')?;
            let name = String::from_utf8_lossy(line.get(..at)?).into_owned();
            let known = own
                .names
                .iter()
                .any(|(_, known)| known.eq_ignore_ascii_case(&name));
            known.then(|| Header::new(&name, line.get(at + 1..).unwrap_or_default().trim_ascii()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use certs_gen::{Pki, PkiSpec};
    use client_identity::Role;

    use super::*;
    use crate::observation::{Layer, Outcome};

    fn own(presented: Option<&str>) -> OwnForwarded {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let chain = |name: &str| pki.credential(name).unwrap().chain;
        let nginx = dialect("nginx").unwrap();
        OwnForwarded {
            dialect: "nginx".to_owned(),
            names: HeaderNames::defaults(nginx)
                .iter()
                .map(|(role, name)| (role, name.to_owned()))
                .collect(),
            presented: presented.map(chain),
            enrolled: ["alice", "bob"].map(chain).to_vec(),
        }
    }

    /// What the app is handed where the proxy saw this user.
    fn seen(user: usize, held: &OwnForwarded) -> Observation {
        let nginx = dialect("nginx").unwrap();
        let client = Client::Presented {
            chain: held.enrolled[user].clone(),
            verified: Verified::Success,
        };
        let mut head = b"GET / HTTP/1.1\r\n".to_vec();
        for header in nginx.encode(&client, &HeaderNames::defaults(nginx)).unwrap() {
            head.extend([header.name.as_bytes(), b": ", &header.value, b"\r\n"].concat());
        }
        let mut observation = Observation::new(Layer::App, Outcome::Granted);
        observation.forwarded.push(head);
        observation
    }

    #[test]
    fn ones_own_identity_is_no_offence_and_anothers_is() {
        let alice = own(Some("alice"));
        assert_eq!(another(&alice, &seen(0, &alice)), None);
        assert!(another(&alice, &seen(1, &alice)).is_some());
        // Nobody can say whose a certificate is that cannot be read; another's own certificate is another's all the same.
        let mut unreadable = own(Some("alice"));
        unreadable.presented = Some(vec![vec![0x30, 0x80]]);
        unreadable.names.retain(|(role, _)| *role != Role::Cert);
        assert_eq!(another(&unreadable, &seen(0, &unreadable)), None);
        unreadable.names = own(None).names;
        assert!(another(&unreadable, &seen(1, &unreadable)).is_some());
        let nobody = own(None);
        assert!(another(&nobody, &seen(1, &nobody)).is_some());
        let nothing = Observation::new(Layer::Tls, Outcome::Refused);
        assert_eq!(another(&nobody, &nothing), None);
    }
}
