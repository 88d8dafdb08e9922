//! How apps really read identity headers: models of common short cuts, each known to see another user than the certificate
//! names.
//!
//! They are no findings: that a gullible reader is wrong is why the decoders are strict. They show that the boundary target
//! can find such bugs: with `FUZZ_NAIVE=MODEL` in the environment a misreading by that model is one. Next:
//! [`crate::boundary`].

use client_identity::{Certificate, Dialect, DnStyle, Header};

/// A short cut.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    /// Its word, for `FUZZ_NAIVE`.
    pub name: &'static str,
    /// What such an app does, and where that goes wrong.
    pub says: &'static str,
    /// Whether an app behind this dialect would do so.
    pub reads: fn(&dyn Dialect) -> bool,
    /// The user that it sees.
    pub user: fn(&[Header], &dyn Dialect) -> Option<String>,
}

/// The short cuts, sorted by name.
pub const MODELS: &[Model] = &[
    Model {
        name: "comma-split",
        says: "splits the subject at commas and takes the first part that begins with CN=; an escaped comma ends the value",
        reads: has_commas,
        user: |headers, dialect| first_cn(&subject(headers, dialect)?, ','),
    },
    Model {
        name: "first-xfcc-element",
        says: "splits Envoy's header at commas and semicolons; a subject holds both inside its quotes",
        reads: |dialect| dialect.name() == "envoy",
        user: |headers, _| {
            let text = value(headers, "X-Forwarded-Client-Cert")?;
            let element = text.split(',').next()?.to_owned();
            let pair = element.split(';').find(|pair| pair.starts_with("Subject="))?;
            first_cn(pair.trim_start_matches("Subject=").trim_matches('"'), ',')
        },
    },
    Model {
        name: "last-cn",
        says: "takes the last CN of the subject; a certificate may name two",
        reads: has_commas,
        user: |headers, dialect| {
            let text = subject(headers, dialect)?;
            let mut parts = text.split(',').filter_map(|part| part.trim().strip_prefix("CN="));
            parts.next_back().map(str::to_owned)
        },
    },
    Model {
        name: "pattern",
        says: "searches the subject for CN=([A-Za-z0-9_-]+); the value of another attribute may hold that, and a longer value is cut",
        reads: |dialect| dialect.subject_style().is_some(),
        user: |headers, dialect| {
            let text = subject(headers, dialect)?;
            let (_, after) = text.split_once("CN=")?;
            let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
            let end = after.find(|letter| !is_word(letter)).unwrap_or(after.len());
            after
                .get(..end)
                .filter(|user| !user.is_empty())
                .map(str::to_owned)
        },
    },
    Model {
        name: "slash-split",
        says: "splits a /C=../CN=.. subject at slashes; HAProxy prints a slash in a value as it is",
        reads: |dialect| dialect.subject_style() == Some(DnStyle::HaproxySlash),
        user: |headers, dialect| {
            let text = subject(headers, dialect)?;
            let mut parts = text.split('/').filter_map(|part| part.strip_prefix("CN="));
            parts.next_back().map(str::to_owned)
        },
    },
    Model {
        name: "traefik-info-split",
        says: "splits Traefik's decoded Info at semicolons, quotes and commas, none of which it escapes",
        reads: |dialect| dialect.name() == "traefik",
        user: |headers, _| {
            let text = value(headers, "X-Forwarded-Tls-Client-Cert-Info")?;
            let decoded = percent_decoded(&text);
            let pair = decoded
                .split(';')
                .rfind(|pair| pair.trim_start().starts_with("Subject=\""))?;
            first_cn(
                pair.trim_start().trim_start_matches("Subject=").trim_matches('"'),
                ',',
            )
        },
    },
];

/// The models that see another user in these headers than the certificate names.
pub fn misreadings<'a>(
    certificate: &'a Certificate,
    headers: &'a [Header],
    dialect: &'a dyn Dialect,
) -> impl Iterator<Item = (&'static Model, String)> + 'a {
    let truth = match certificate.subject.common_names().as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    };
    MODELS
        .iter()
        .filter(|model| (model.reads)(dialect))
        .filter_map(move |model| {
            let user = (model.user)(headers, dialect)?;
            (truth.as_deref() != Some(user.as_str())).then_some((model, user))
        })
}

fn has_commas(dialect: &dyn Dialect) -> bool {
    matches!(
        dialect.subject_style(),
        Some(DnStyle::Rfc2253 | DnStyle::Rfc2253Boringssl | DnStyle::Rfc2253RawUtf8 | DnStyle::GoPkix)
    )
}

fn value(headers: &[Header], name: &str) -> Option<String> {
    let header = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))?;
    Some(String::from_utf8_lossy(&header.value).into_owned())
}

fn subject(headers: &[Header], dialect: &dyn Dialect) -> Option<String> {
    let spec = dialect
        .roles()
        .iter()
        .find(|spec| spec.role == client_identity::Role::Subject)?;
    value(headers, spec.default_name)
}

fn first_cn(text: &str, separator: char) -> Option<String> {
    let mut parts = text.split(separator);
    parts
        .find_map(|part| part.trim().strip_prefix("CN="))
        .map(str::to_owned)
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let pair = after.first_chunk::<2>().filter(|_| *first == b'%');
        let byte = pair
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = byte {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
