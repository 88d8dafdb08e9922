//! Names that no fault of the catalogue has, for readers with rules of their own: URIs as Go prints them again, and texts that
//! could have been made of several names.

use certs_gen::{Pki, PkiError, PkiSpec, UserSpec};
use client_identity::DnStyle;

use super::Seeds;
use crate::dialect::choice_of;

/// Each takes another way through `net/url`: Traefik prints what that makes of a certificate's URI.
const URIS: [&str; 16] = [
    "spiffe://example.test/alice",
    "SPIFFE://Example.test:8443/a%20b?c=d#e",
    "http://user:word@[2001:db8::1]:80/",
    "http://host:port/",
    "http://a b/",
    "//host/path",
    "///path",
    "path:with-colon/first",
    "path/with:colon",
    ":no-scheme",
    "1scheme:x",
    "urn:uuid:7d444840-9dc0-11d1-b245-5ffdce74fad2",
    "http://host/%zz",
    "http://host/a\u{7f}b",
    "http://host/a,b;c=d@e#f!(g)%2a\"h<i>",
    "#only-a-fragment",
];

/// Texts by the style in which they are to be read.
const TEXTS: &[(DnStyle, &str, &[u8])] = &[
    (
        DnStyle::TraefikInfo,
        "value-with-a-comma",
        b"CN=alice,bob,O=Example",
    ),
    (DnStyle::TraefikInfo, "begins-with-a-value", b"alice,CN=bob"),
    (DnStyle::TraefikInfo, "unknown-word", b"CN=alice,XX=bob"),
    (
        DnStyle::HaproxySlash,
        "unknown-word",
        b"/CN=alice/unknown=bob/O=Example",
    ),
    (
        DnStyle::HaproxySlash,
        "known-word-in-a-value",
        b"/O=Example/CN=alice/CN=bob",
    ),
    (DnStyle::HaproxySlash, "encoded", b"/CN=a%2Fb%00c%zz%4"),
];

pub(super) fn seeds(seeds: &mut Seeds) -> Result<(), PkiError> {
    let users = (0..).zip(URIS).map(|(number, uri)| UserSpec {
        name: format!("uri-{number:02}"),
        subject: "CN=alice,OU=people,O=Example,C=NL".to_owned(),
        san: vec![format!("uri:{uri}")],
    });
    let pki = Pki::generate(&PkiSpec {
        users: users.collect(),
        ..PkiSpec::default()
    })?;
    let traefik = choice_of("traefik").ok_or(PkiError::Unavailable("the dialect of Traefik's Info"))?;
    for user in &pki.spec().users {
        if let Some(der) = pki.credential(&user.name)?.leaf() {
            let input = [&[traefik], der].concat();
            seeds.insert(("boundary", format!("traefik-{}", user.name)), input);
        }
    }
    for (style, name, text) in TEXTS {
        let Some(choice) = DnStyle::ALL.iter().position(|one| one == style) else {
            continue;
        };
        let input = [&[u8::try_from(choice).unwrap_or_default()], *text].concat();
        seeds.insert(("dn_parse", format!("{style:?}-{name}").to_lowercase()), input);
    }
    Ok(())
}
