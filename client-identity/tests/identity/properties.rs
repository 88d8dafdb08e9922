//! Properties of every dialect and every style of names, over hostile names and small certificates.

use crate::certificate_der::certificate;
use client_identity::certificate::{Attribute, Certificate, Name, Rdn, StringType};
use client_identity::{
    Client, ClientCopy, DIALECTS, DecodeError, DnError, DnStyle, EncodeError, Evidence, Header, HeaderNames,
    Oid, Presence, Role, Unknown, Verified,
};
use proptest::prelude::*;

fn oids() -> impl Strategy<Value = Oid> {
    let known = ["CN", "CN", "O", "OU", "C", "UID", "emailAddress", "serialNumber"];
    prop_oneof![
        9 => proptest::sample::select(known.to_vec()).prop_map(|name| Oid::from_short_name(name).unwrap()),
        1 => Just("1.3.6.1.4.1.99999.1".parse::<Oid>().unwrap()),
    ]
}

fn attributes() -> impl Strategy<Value = Attribute> {
    let hostile = "[ -~]{0,8}|[,+\"\\\\<>;#=/% \r\n\u{0}a]{0,6}|(a|/CN=|,CN=|\\\\x0A|%0D|\\\\|\";|\u{eb}|\u{4e2d}){0,4}";
    (oids(), hostile, 0..5_u8).prop_map(|(oid, text, kind)| match kind {
        0 => Attribute {
            oid,
            string_type: StringType::Bmp,
            raw: text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        },
        1 if text.is_ascii() => Attribute {
            oid,
            string_type: StringType::Ia5,
            raw: text.into_bytes(),
        },
        2 if text.is_ascii() => Attribute {
            oid,
            string_type: StringType::T61,
            raw: text.into_bytes(),
        },
        _ => Attribute::utf8(oid, &text),
    })
}

fn names() -> impl Strategy<Value = Name> {
    let rdns = proptest::collection::vec(attributes(), 1..3).prop_map(|attributes| Rdn { attributes });
    proptest::collection::vec(rdns, 0..5).prop_map(|rdns| Name { rdns })
}

/// Whether the style leaves nothing out but string types.
fn keeps_all(style: DnStyle) -> bool {
    matches!(
        style,
        DnStyle::Rfc2253 | DnStyle::Rfc2253Boringssl | DnStyle::Rfc2253RawUtf8
    )
}

/// The same name with the texts only.
fn texts(name: &Name) -> Vec<Vec<(Oid, Option<String>)>> {
    let pairs = |rdn: &Rdn| {
        rdn.attributes
            .iter()
            .map(|attribute| (attribute.oid.clone(), attribute.text()))
            .collect()
    };
    name.rdns.iter().map(pairs).collect()
}

fn clients() -> impl Strategy<Value = Client> {
    let verified = prop_oneof![
        Just(Verified::Success),
        Just(Verified::Failed {
            code: 21,
            text: String::new()
        }),
        Just(Verified::Failed {
            code: 10,
            text: "certificate has expired".to_owned()
        }),
        Just(Verified::Failed {
            code: 1,
            text: "GENEROUS".to_owned()
        }),
    ];
    let alternative = (
        proptest::sample::select(&[0x81_u8, 0x82, 0x86][..]),
        "[ -~]{0,12}",
    );
    let alternatives =
        proptest::collection::vec(alternative.prop_map(|(tag, text)| (tag, text.into_bytes())), 0..4);
    let presented = (names(), names(), any::<u32>(), alternatives, 0..3_usize, verified).prop_map(
        |(subject, issuer, serial, alternatives, intermediates, verified)| {
            let serial = [&[1], &serial.to_be_bytes()[..]].concat();
            let mut chain = vec![certificate(&subject, &issuer, &serial, &alternatives)];
            chain.extend((0..intermediates).map(|_| certificate(&issuer, &issuer, &[7], &[])));
            Client::Presented { chain, verified }
        },
    );
    prop_oneof![1 => Just(Client::Absent), 9 => presented]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_dialect_reads_back_what_it_writes(client in clients()) {
        for dialect in DIALECTS {
            let names = HeaderNames::defaults(*dialect);
            let expected = dialect.project(&client);
            match dialect.encode(&client, &names) {
                Ok(headers) => prop_assert_eq!(dialect.decode(&headers, &names).ok(), expected.ok(), "{}", dialect.name()),
                Err(error) => prop_assert_eq!(expected, Err(error), "{}", dialect.name()),
            }
        }
    }

    #[test]
    fn a_certain_name_is_the_true_one(name in names()) {
        for style in DnStyle::ALL {
            if style.check(&name).is_err() {
                continue;
            }
            match style.parse(&style.print(&name)) {
                Ok(read) if keeps_all(style) => {
                    prop_assert_eq!(texts(&read), texts(&name));
                }
                Ok(read) => {
                    let raw = |name: &Name| name.attributes().map(|value| value.raw.clone()).collect::<Vec<_>>();
                    prop_assert_eq!(raw(&read), raw(&name), "{:?}", style);
                }
                Err(DnError::Ambiguous { .. }) => {
                    prop_assert!(!keeps_all(style));
                }
                Err(error) => prop_assert!(false, "{style:?}: {error}"),
            }
        }
    }

    #[test]
    fn configuration_names_read_back(name in names()) {
        let read = Name::parse_rfc4514(&name.to_rfc4514()).unwrap();
        prop_assert_eq!(texts(&read), texts(&name));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Certificate::from_der(&bytes).is_ok();
        for style in DnStyle::ALL {
            let _ = style.parse(&bytes).is_ok();
        }
        for dialect in DIALECTS {
            let names = HeaderNames::defaults(*dialect);
            for spec in dialect.roles() {
                let read = dialect.decode(&[Header::new(spec.default_name, bytes.clone())], &names);
                prop_assert!(!read.is_ok_and(|read| read.certificate.is_some()));
            }
        }
    }
}

#[test]
fn the_table_is_sorted_and_documented() {
    assert!(DIALECTS.is_sorted_by(|one, other| one.name() < other.name()));
    for dialect in DIALECTS {
        assert!(!dialect.title().is_empty() && !dialect.source().is_empty() && !dialect.roles().is_empty());
    }
}

#[test]
fn what_is_not_known_is_said() {
    for dialect in DIALECTS {
        let unknown = dialect.unknown();
        assert!(
            unknown.is_sorted_by(|one, other| one < other),
            "{}",
            dialect.name()
        );
        let has_unknown_copy = dialect.client_copy() == ClientCopy::Unknown;
        assert_eq!(
            unknown.contains(&Unknown::ClientCopy),
            has_unknown_copy,
            "{}",
            dialect.name()
        );
        let is_documented = dialect.evidence() == Evidence::Documentation;
        assert_eq!(!unknown.is_empty(), is_documented, "{}", dialect.name());
    }
}

#[test]
fn duplicates_are_refused() {
    let subject = Name::parse_rfc4514("CN=alice").unwrap();
    let client = Client::Presented {
        chain: vec![certificate(&subject, &subject, &[1], &[])],
        verified: Verified::Success,
    };
    for dialect in DIALECTS {
        let names = HeaderNames::defaults(*dialect);
        let headers = dialect.encode(&client, &names).unwrap();
        let twice: Vec<Header> = headers.iter().chain(&headers).cloned().collect();
        assert!(dialect.decode(&twice, &names).is_err(), "{}", dialect.name());
    }
}

#[test]
fn a_header_says_nothing_only_where_the_certificate_does() {
    let name = Name::parse_rfc4514("CN=alice").unwrap();
    let client = |issuer: &Name| Client::Presented {
        chain: vec![certificate(&name, issuer, &[1], &[])],
        verified: Verified::Success,
    };
    let apache = client_identity::dialect("apache").unwrap();
    let names = HeaderNames::defaults(apache);
    let silent = |mut headers: Vec<Header>| {
        for header in &mut headers {
            if Some(header.name.as_str()) == names.get(Role::Issuer) {
                header.value = b"(null)".to_vec();
            }
        }
        apache.decode(&headers, &names)
    };
    let honest = apache.encode(&client(&name), &names).unwrap();
    assert_eq!(silent(honest), Err(DecodeError::Contradiction(Role::Issuer)));
    // The twin: of an empty name Apache itself says so.
    let nameless = apache.encode(&client(&Name::default()), &names).unwrap();
    assert!(silent(nameless).is_ok_and(|read| read.certificate.is_some()));
}

#[test]
fn no_headers_are_never_a_trusted_client() {
    for dialect in DIALECTS {
        let read = dialect.decode(&[], &HeaderNames::defaults(*dialect)).unwrap();
        assert_ne!(read.presence, Presence::Present, "{}", dialect.name());
    }
    let verify = client_identity::dialect("aws-alb-verify").unwrap();
    let refused = verify.encode(&Client::Absent, &HeaderNames::defaults(verify));
    assert_eq!(refused, Err(EncodeError::Refused("aws-alb-verify")));
}

#[test]
fn names_print_as_seen_on_the_servers() {
    let utf8 = |name: &str, text: &str| Rdn {
        attributes: vec![Attribute::utf8(Oid::from_short_name(name).unwrap(), text)],
    };
    let name = Name {
        rdns: vec![
            utf8("C", "AU"),
            utf8("O", "Acme, \"Inc\" + <b>; \\x=y"),
            utf8("OU", " lead"),
            utf8("OU", "trail "),
            utf8("OU", "#hash"),
            utf8("CN", "Zo\u{eb}/CN=admin"),
        ],
    };
    let print = |style: DnStyle| String::from_utf8(style.print(&name)).unwrap();
    let tail = r#"/CN=admin,OU=\#hash,OU=trail\ ,OU=\ lead,O=Acme\, \"Inc\" \+ \<b\>\; \\x=y,C=AU"#;
    assert_eq!(print(DnStyle::Rfc2253), format!("CN=Zo\\C3\\AB{tail}"));
    assert_eq!(print(DnStyle::Rfc2253RawUtf8), format!("CN=Zo\u{eb}{tail}"));
    let oneline = r#"/C=AU/O=Acme, "Inc" \+ <b>; \x=y/OU= lead/OU=trail /OU=#hash/CN=Zo\xC3\xAB\/CN=admin"#;
    assert_eq!(print(DnStyle::OpensslOneline), oneline);
    let go = "CN=Zo\u{eb}/CN=admin,OU=\\ lead+OU=trail\\ +OU=\\#hash,O=Acme\\, \\\"Inc\\\" \\+ \\<b\\>\\; \\\\x=y,C=AU";
    assert_eq!(print(DnStyle::GoPkix), go);
    let info = "C=AU,O=Acme, \"Inc\" + <b>; \\x=y,OU= lead,OU=trail ,OU=#hash,CN=Zo\u{eb}/CN=admin";
    assert_eq!(print(DnStyle::TraefikInfo), info);
}
