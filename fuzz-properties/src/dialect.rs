//! The decoders of forwarded headers: they believe what their proxy sends, and nothing else.

use arbitrary::Unstructured;
use client_identity::dialect::{Carrier, Form};
use client_identity::{
    Certificate, Client, DIALECTS, Dialect, Forwarded, Header, HeaderNames, Presence, RoleSpec, Verified,
};

use crate::effort::linear;
use crate::{input, naming};

/// Between two headers of an input. Two bytes, so that a raw certificate seldom holds it.
pub const SEPARATOR: &[u8; 2] = b"\x1e\x1e";
/// Between name and value.
const COLON: u8 = 0x1f;
/// A header that no dialect reads.
const UNREAD: &str = "X-Nobody-Reads-This";

/// The dialect that a byte chooses. One target picks among all rather than one target a dialect: they share one table
/// engine, so that an input of interest for one is of interest for all, and time is not divided by their number.
#[must_use]
pub fn chosen(byte: u8) -> Option<&'static dyn Dialect> {
    let place = usize::from(byte).checked_rem(DIALECTS.len())?;
    DIALECTS.get(place).copied()
}

/// The byte that chooses the dialect of this name.
#[must_use]
pub fn choice_of(name: &str) -> Option<u8> {
    let place = DIALECTS.iter().position(|dialect| dialect.name() == name)?;
    u8::try_from(place).ok()
}

/// The header names of the dialect that a byte chooses.
#[must_use]
pub fn names_of(choice: u8) -> Vec<&'static str> {
    let roles = chosen(choice).map(Dialect::roles).unwrap_or_default();
    roles.iter().map(|spec| spec.default_name).collect()
}

/// The lines of a header list.
#[must_use]
pub fn lines(list: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = list;
    while let Some(at) = rest.windows(SEPARATOR.len()).position(|two| two == SEPARATOR) {
        lines.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + SEPARATOR.len()..).unwrap_or_default();
    }
    lines.push(rest);
    lines
}

/// A line with this name and value.
#[must_use]
pub fn line(name: &str, value: &[u8]) -> Vec<u8> {
    [name.as_bytes(), &[COLON], value].concat()
}

/// The value of a line; all of it where it has no name.
#[must_use]
pub fn value_of(line: &[u8]) -> &[u8] {
    let colon = line.iter().position(|byte| *byte == COLON);
    colon.and_then(|at| line.get(at + 1..)).unwrap_or(line)
}

/// The input of [`decode`] that holds these headers.
#[must_use]
pub fn written(choice: u8, mask: u8, headers: &[Header]) -> Vec<u8> {
    let list: Vec<Vec<u8>> = headers
        .iter()
        .map(|header| line(&header.name, &header.value))
        .collect();
    [vec![choice, mask], list.join(&SEPARATOR[..])].concat()
}

fn headers(list: &[u8]) -> Vec<Header> {
    lines(list)
        .into_iter()
        .filter_map(|line| {
            let (name, _) = line.split_at_checked(line.iter().position(|byte| *byte == COLON)?)?;
            Some(Header::new(&String::from_utf8_lossy(name), value_of(line)))
        })
        .collect()
}

/// The names of a deployment that leaves out the roles whose bit is set.
fn names(dialect: &dyn Dialect, mask: u8) -> HeaderNames {
    let left_out = dialect
        .roles()
        .iter()
        .enumerate()
        .filter(|(bit, _)| *bit < 7 && mask >> bit & 1 == 1);
    left_out.fold(HeaderNames::defaults(dialect), |names, (_, spec)| {
        names.without(spec.role)
    })
}

/// Free headers: a byte for the dialect, one for the roles that are left out, the list.
///
/// # Panics
/// Where the decoder believes what its proxy does not send.
pub fn decode(bytes: &[u8]) {
    let [choice, mask, list @ ..] = bytes else {
        return;
    };
    let Some(dialect) = chosen(*choice) else {
        return;
    };
    let names = names(dialect, *mask);
    let headers = headers(list);
    let read = linear(list.len(), || dialect.decode(&headers, &names));
    if mask & 0x80 != 0 {
        let more: Vec<Header> = [Header::new(UNREAD, "CN=admin")]
            .into_iter()
            .chain(headers.iter().cloned())
            .collect();
        assert_eq!(
            dialect.decode(&more, &names),
            read,
            "{}: a header that is not its own matters",
            dialect.name()
        );
    }
    let Ok(read) = read else {
        return;
    };
    let given = given(dialect, &headers, &names);
    for (spec, values) in &given {
        assert!(
            values.len() <= 1 || spec.form == Form::StructuredChain,
            "{}: {} comes {} times and is believed",
            dialect.name(),
            spec.default_name,
            values.len()
        );
    }
    nothing_without_presence(dialect, &read);
    if let Some(certificate) = read.certificate.clone() {
        sent_by_the_proxy(dialect, &names, &read, &certificate, &given);
    }
}

/// The headers with a role, as they were given.
fn given<'a>(
    dialect: &dyn Dialect,
    headers: &'a [Header],
    names: &HeaderNames,
) -> Vec<(&'static RoleSpec, Vec<&'a [u8]>)> {
    let is_environ = carrier(dialect) == Carrier::Environ;
    let used = dialect
        .roles()
        .iter()
        .filter_map(|spec| Some((spec, names.get(spec.role)?.to_owned())));
    used.map(|(spec, name)| {
        let is_it = |header: &&Header| {
            if is_environ {
                header.name == name
            } else {
                header.name.eq_ignore_ascii_case(&name)
            }
        };
        let values = headers
            .iter()
            .filter(is_it)
            .map(|header| header.value.as_slice())
            .collect();
        (spec, values)
    })
    .collect()
}

/// The two dialects of the environ are those whose names are variables.
fn carrier(dialect: &dyn Dialect) -> Carrier {
    let is_variable = |spec: &RoleSpec| spec.default_name.contains('_') && !spec.default_name.contains('-');
    if dialect.roles().iter().all(is_variable) {
        Carrier::Environ
    } else {
        Carrier::Header
    }
}

fn nothing_without_presence(dialect: &dyn Dialect, read: &Forwarded) {
    if read.presence == Presence::Present {
        return;
    }
    let nothing = Forwarded {
        presence: read.presence,
        ..Forwarded::default()
    };
    assert_eq!(
        *read,
        nothing,
        "{}: something is said of a client without a certificate",
        dialect.name()
    );
}

/// The certificate was believed: then its proxy, given that certificate, sends these very headers.
fn sent_by_the_proxy(
    dialect: &dyn Dialect,
    names: &HeaderNames,
    read: &Forwarded,
    certificate: &Certificate,
    given: &[(&RoleSpec, Vec<&[u8]>)],
) {
    let chain = [certificate]
        .into_iter()
        .chain(&read.chain)
        .map(|certificate| certificate.der().to_vec())
        .collect();
    let client = Client::Presented {
        chain,
        verified: read.verified.clone().unwrap_or(Verified::Success),
    };
    // A name that the proxy's library cannot print has no headers to compare with.
    let Ok(sent) = dialect.encode(&client, names) else {
        return;
    };
    for (spec, values) in given.iter().filter(|(_, values)| !values.is_empty()) {
        let name = names.get(spec.role).unwrap_or_default();
        let expected = sent.iter().find(|header| header.name == name);
        let shown = |value: &[u8]| {
            if spec.form == Form::StructuredChain {
                // Blanks around commas are not the value's (RFC 8941, section 4.2.1).
                without_blanks(value).escape_ascii().to_string()
            } else {
                value.escape_ascii().to_string()
            }
        };
        let value = values.join(&b", "[..]);
        assert_eq!(
            Some(shown(&value)),
            expected.map(|header| shown(&header.value)),
            "{}: {name} is believed, but the proxy would not send it with this certificate",
            dialect.name()
        );
    }
}

/// A list without the blanks and tabs around its commas.
fn without_blanks(list: &[u8]) -> Vec<u8> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let items: Vec<&[u8]> = list
        .split(|byte| *byte == b',')
        .map(|item| {
            let start = item.iter().position(|byte| !is_blank(byte)).unwrap_or(item.len());
            let end = item
                .iter()
                .rposition(|byte| !is_blank(byte))
                .map_or(start, |last| last + 1);
            item.get(start..end).unwrap_or_default()
        })
        .collect();
    items.join(&b',')
}

/// Typed clients: a byte for the dialect, the client, the header names of the deployment.
///
/// # Panics
/// Where decoding gives anything but what a perfect reader learns.
pub fn round_trip(bytes: &[u8]) {
    let Some((choice, rest)) = bytes.split_first() else {
        return;
    };
    let mut rest = Unstructured::new(rest);
    let (Some(dialect), Ok(client)) = (chosen(*choice), input::client(&mut rest)) else {
        return;
    };
    let Ok(names) = naming::names(&mut rest, dialect) else {
        return;
    };
    holds(dialect, &client, &names);
    // Some fifty headers a dialect are read for it: for one input in four.
    if !rest.is_empty()
        && rest.ratio(1, 4).unwrap_or(false)
        && let Ok(victim) = input::client(&mut rest)
    {
        nobody_is_taken_for(dialect, &client, &victim, &names);
    }
}

/// Of an attacker's spellings none gives a reader the victim's certificate, unless the attacker's own headers do.
fn nobody_is_taken_for(dialect: &dyn Dialect, own: &Client, victim: &Client, names: &HeaderNames) {
    let Ok(values) = dialect.hostile_values(own, victim, names) else {
        return;
    };
    let read = |client| dialect.decode(&dialect.encode(client, names).ok()?, names).ok();
    let (Some(owns), Some(victims)) = (read(own), read(victim)) else {
        return;
    };
    if victims.certificate.is_none() || victims.certificate == owns.certificate {
        return;
    }
    for value in values {
        let read = dialect.decode(&value.lines, names);
        assert!(
            !read
                .as_ref()
                .is_ok_and(|read| read.certificate == victims.certificate),
            "{}: {} of {} is read as the victim: {:?}",
            dialect.name(),
            value.name,
            value.role,
            value.lines
        );
    }
}

/// `decode(encode(client)) == project(client)`, refusals included; what was read and sent, if it was.
pub(crate) fn holds(
    dialect: &dyn Dialect,
    client: &Client,
    names: &HeaderNames,
) -> Option<(Forwarded, Vec<Header>)> {
    let expected = dialect.project_with(client, names);
    match dialect.encode(client, names) {
        Ok(headers) => {
            let size: usize = headers.iter().map(|header| header.value.len()).sum();
            let read = linear(size, || dialect.decode(&headers, names));
            assert_eq!(
                read.as_ref().ok(),
                expected.as_ref().ok(),
                "{}: {read:?} is read of {headers:?}",
                dialect.name()
            );
            read.ok().map(|read| (read, headers))
        }
        Err(error) => {
            assert_eq!(
                expected,
                Err(error),
                "{}: a client that cannot be sent",
                dialect.name()
            );
            None
        }
    }
}
