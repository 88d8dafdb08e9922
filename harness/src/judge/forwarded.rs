//! What reached the app in the identity headers, read as strictly as the dialect allows, held against what was presented.

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
            && certificate.der() != leaf.as_slice()
        {
            let whose = certificate.subject.to_rfc4514();
            return Some(format!(
                "the app was handed another certificate: {}",
                whose.escape_debug()
            ));
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
