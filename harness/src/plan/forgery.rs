//! Forged identity headers: what the deployment's own proxy would send for somebody else, spelled as an attacker would.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client_identity::dialect::{Client, Header, HeaderNames, Role, Verified};
use client_identity::spelling::Spelling;
use client_identity::well_known::{ForgedValue, WELL_KNOWN};

use super::exchange::FieldLine;
use super::names::Surroundings;
use crate::scenario::step::Forge;
use crate::scenario::vocabulary::{ForgedNames, Place};

/// The forged lines, and where they go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forgery {
    /// Lines among the header lines.
    pub fields: Vec<FieldLine>,
    /// Lines behind the body.
    pub trailers: Vec<FieldLine>,
    /// Values that must not reach the app: the forged ones, as bytes.
    pub values: Vec<Vec<u8>>,
}

/// Writes the forgery of `forge`. `honest` is the user whose certificate is presented, for joined values.
///
/// # Errors
/// The reason to skip.
pub fn write(
    forge: &Forge,
    honest: &str,
    surroundings: &Surroundings<'_>,
    nonce: &str,
) -> Result<Forgery, String> {
    let claimed = forge.identity.as_deref().unwrap_or("bob");
    if let Some(word) = &forge.hostile {
        return hostile(word, claimed, honest, surroundings);
    }
    let headers = match forge.names.unwrap_or(ForgedNames::Dialect) {
        ForgedNames::Dialect => dialect_headers(claimed, forge.roles.as_deref(), surroundings)?,
        ForgedNames::WellKnown => well_known_headers(claimed, surroundings)?,
    };
    if headers.is_empty() {
        return Err("the dialect has none of these roles".to_owned());
    }
    let own = match forge.names.unwrap_or(ForgedNames::Dialect) {
        ForgedNames::Dialect => {
            dialect_headers(honest, forge.roles.as_deref(), surroundings).unwrap_or_default()
        }
        ForgedNames::WellKnown => Vec::new(),
    };
    let spelling = forge.spelling.unwrap_or(Spelling::Canonical);
    let mut forgery = Forgery::default();
    for header in &headers {
        let honest_value = own
            .iter()
            .find(|other| other.name == header.name)
            .map_or(&b""[..], |other| &other.value);
        place(
            &mut forgery,
            header,
            honest_value,
            spelling,
            forge.place.unwrap_or(Place::Alone),
        );
        forgery.values.push(header.value.clone());
    }
    if forge.secret {
        let name = surroundings
            .deployment
            .file
            .identity
            .as_ref()
            .and_then(|identity| identity.secret.clone());
        let name = name.ok_or_else(|| "needs [identity] secret".to_owned())?;
        forgery.fields.push(FieldLine::new(&name, nonce.as_bytes()));
    }
    Ok(forgery)
}

/// One hostile spelling of the dialect, sent by the client itself.
fn hostile(
    word: &str,
    claimed: &str,
    honest: &str,
    surroundings: &Surroundings<'_>,
) -> Result<Forgery, String> {
    let (dialect, names) = surroundings.dialect()?;
    let client = |user: &str| -> Result<Client, String> {
        Ok(Client::Presented {
            chain: surroundings.certificates.chain(user)?,
            verified: Verified::Success,
        })
    };
    let all = dialect
        .hostile_values(&client(honest)?, &client(claimed)?, &names)
        .map_err(|error| error.to_string())?;
    let known: Vec<String> = all
        .iter()
        .map(|value| format!("{}/{}", value.role, value.name))
        .collect();
    let found = all.iter().zip(&known).find(|(_, name)| *name == word);
    let (found, _) = found.ok_or_else(|| {
        let help = crate::complaint::did_you_mean(word, known.iter().map(String::as_str));
        format!("the dialect has no hostile spelling `{word}`, {help}")
    })?;
    let own = dialect.encode(&client(honest)?, &names).unwrap_or_default();
    let lines = found.lines.iter();
    Ok(Forgery {
        fields: lines
            .clone()
            .map(|line| FieldLine::new(&line.name, &line.value))
            .collect(),
        trailers: Vec::new(),
        values: lines
            .filter(|line| !own.iter().any(|honest| honest.value == line.value))
            .map(|line| line.value.clone())
            .collect(),
    })
}

fn place(forgery: &mut Forgery, header: &Header, honest: &[u8], spelling: Spelling, place: Place) {
    let forged = line(spelling, &header.name, &header.value);
    let joined = |first: &[u8], second: &[u8]| line(spelling, &header.name, &[first, b",", second].concat());
    let empty = FieldLine::new(&header.name, b"");
    match place {
        Place::Alone => forgery.fields.push(forged),
        Place::Twice => forgery.fields.extend([forged.clone(), forged]),
        Place::BeforeEmpty => forgery.fields.extend([forged, empty]),
        Place::AfterEmpty => forgery.fields.extend([empty, forged]),
        Place::JoinedFirst => forgery.fields.push(joined(&header.value, honest)),
        Place::JoinedLast => forgery.fields.push(joined(honest, &header.value)),
        Place::Trailer => forgery.trailers.push(forged),
    }
}

fn line(spelling: Spelling, name: &str, value: &[u8]) -> FieldLine {
    FieldLine {
        http1: spelling.write(name, value),
        http2: spelling.http2(name, value),
    }
}

/// What the deployment's proxy would send for `user`.
fn dialect_headers(
    user: &str,
    roles: Option<&[String]>,
    surroundings: &Surroundings<'_>,
) -> Result<Vec<Header>, String> {
    let (dialect, names) = surroundings.dialect()?;
    let chain = surroundings.certificates.chain(user)?;
    let client = Client::Presented {
        chain,
        verified: Verified::Success,
    };
    let headers = dialect
        .encode(&client, &names)
        .map_err(|error| error.to_string())?;
    let Some(roles) = roles else { return Ok(headers) };
    let mut wanted = Vec::new();
    for word in roles {
        let role: Role = word.parse().map_err(|error| format!("{error}"))?;
        wanted.extend(names.get(role).map(str::to_owned));
    }
    Ok(headers
        .into_iter()
        .filter(|header| wanted.iter().any(|name| name.eq_ignore_ascii_case(&header.name)))
        .collect())
}

fn well_known_headers(user: &str, surroundings: &Surroundings<'_>) -> Result<Vec<Header>, String> {
    let chain = surroundings.certificates.chain(user)?;
    let leaf = chain
        .first()
        .ok_or_else(|| "the credential has no certificate".to_owned())?;
    let certificate = client_identity::Certificate::from_der(leaf).map_err(|error| error.to_string())?;
    let own: Vec<String> = surroundings
        .dialect()
        .map(|(_, names)| names.iter().map(|(_, name)| name.to_ascii_lowercase()).collect())
        .unwrap_or_default();
    let foreign = WELL_KNOWN
        .iter()
        .filter(|row| !own.contains(&row.name.to_ascii_lowercase()));
    Ok(foreign
        .map(|row| {
            let value = match row.value {
                ForgedValue::Certificate => STANDARD.encode(leaf).into_bytes(),
                ForgedValue::Subject => certificate.subject.to_rfc4514().into_bytes(),
                ForgedValue::Success => b"SUCCESS".to_vec(),
                ForgedValue::UserName => user.as_bytes().to_vec(),
            };
            Header::new(row.name, value)
        })
        .collect())
}

/// The names of the deployment's identity headers, in the dialect's order: for `Connection` lines.
pub fn identity_header_names(names: &HeaderNames) -> Vec<String> {
    names.iter().map(|(_, name)| name.to_owned()).collect()
}
