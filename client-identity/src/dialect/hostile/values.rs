//! Values that a loose reader takes for the victim's, or for a good judgement.

use super::Spelt;
use crate::dialect::{Form, RoleSpec};
use crate::encoding::percent::PercentSet;
use crate::encoding::{base64, from_base64, pem};

/// The words that mean "nobody" in one dialect or another.
const NOBODY: [(&str, &str); 9] = [
    ("empty", ""),
    ("dash", "-"),
    ("nil", "<nil>"),
    ("none", "NONE"),
    ("null", "null"),
    ("null-in-brackets", "(null)"),
    ("placeholder", "{http.request.tls.client.subject}"),
    ("sha1-of-nothing", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    (
        "sha256-of-nothing",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
];

/// Other values of a header: `honest` is what the proxy sent (empty if nothing), `target` what it would send for the victim.
pub(super) fn spellings(spec: &RoleSpec, honest: &[u8], target: &[u8]) -> Vec<Spelt> {
    let mut found = Vec::new();
    for (name, word) in NOBODY {
        found.push(spelt(
            name,
            word,
            "presence of the header, or any value, is taken for a client",
        ));
    }
    found.extend([
        spelt(
            "quoted",
            [b"\"", target, b"\""].concat(),
            "quotes are taken off by readers of lists",
        ),
        spelt(
            "leading-blank",
            [b" ", target].concat(),
            "blanks are cut off by some and not by others",
        ),
        spelt(
            "trailing-blank",
            [target, b" "].concat(),
            "blanks are cut off by some and not by others",
        ),
        spelt(
            "trailing-nul",
            [target, b"\0"].concat(),
            "a reader in C stops there",
        ),
        spelt(
            "line-feed-inside",
            [target, b"\n", target].concat(),
            "a reader of lines takes the first",
        ),
        spelt(
            "carriage-return-inside",
            [target, b"\r", target].concat(),
            "Envoy deletes it",
        ),
    ]);
    if !honest.is_empty() {
        let first = [target, b",", honest].concat();
        // A list with the leaf first is what the product sends; who put it first no reader can see.
        if spec.form != Form::CommaBase64Chain {
            found.push(spelt(
                "joined-forged-first",
                first,
                "duplicates are joined, and the first is read",
            ));
        }
        let last = [honest, b",", target].concat();
        found.push(spelt(
            "joined-forged-last",
            last,
            "duplicates are joined, and the last is read",
        ));
        let last = [honest, b", ", target].concat();
        found.push(spelt(
            "joined-with-blank",
            last,
            "duplicates are joined, and the last is read",
        ));
        found.push(spelt(
            "joined-semicolon",
            [honest, b";", target].concat(),
            "a splitter of pairs reads the last",
        ));
    }
    found.extend(by_form(spec.form, honest, target));
    found
}

fn spelt(name: &'static str, value: impl Into<Vec<u8>>, why: &'static str) -> Spelt {
    Spelt {
        name,
        value: value.into(),
        why,
    }
}

fn by_form(form: Form, honest: &[u8], target: &[u8]) -> Vec<Spelt> {
    match form {
        Form::Base64Der
        | Form::Base64DerChain
        | Form::Base64Name
        | Form::Base64Pem
        | Form::CommaBase64Chain => base64_texts(honest, target),
        Form::Base64Sha256 | Form::Base64Names => base64_texts(b"", target),
        Form::StructuredCert | Form::StructuredChain => structured(honest, target),
        Form::EscapedChain(set) | Form::EscapedPem(set) => escaped(set, target),
        Form::FoldedPem | Form::RawPem | Form::SpacedPem => armoured(target),
        Form::RawDer => vec![
            spelt(
                "bytes-after",
                [target, honest].concat(),
                "a reader stops at the end of the first",
            ),
            spelt("base64", base64(target), "a reader takes any encoding"),
        ],
        Form::Dn(_) => names(target),
        Form::SerialColons | Form::SerialDecimal | Form::SerialHex | Form::SerialMagnitude => vec![
            spelt(
                "prefixed",
                [b"0x", target].concat(),
                "a reader of numbers takes any base",
            ),
            spelt(
                "signed",
                [b"+", target].concat(),
                "a reader of numbers takes a sign",
            ),
            spelt(
                "padded",
                [b"00", target].concat(),
                "a reader of numbers ignores zeros in front",
            ),
        ],
        Form::Sha1Lower | Form::Sha1Upper | Form::Sha256Lower => vec![
            spelt(
                "other-case",
                swapped_case(target),
                "digits are compared as text by some and as a number by others",
            ),
            spelt(
                "colons",
                with_colons(target),
                "the way in which people copy fingerprints",
            ),
            spelt("cut", cut(target), "a comparison by prefix"),
        ],
        Form::VerifyWords | Form::VerifyWordsApache => verify_words(),
        Form::VerifyCode => vec![
            spelt("zero-padded", "00", "a reader of numbers takes it for 0"),
            spelt("zero-negative", "-0", "a reader of numbers takes it for 0"),
            spelt("zero-signed", "+0", "a reader of numbers takes it for 0"),
            spelt("zero-fraction", "0.0", "a reader of numbers takes it for 0"),
            spelt("zero-hexadecimal", "0x0", "a reader of numbers takes it for 0"),
            spelt("zero-in-words", "SUCCESS", "the word of another dialect"),
            spelt("zero-list", "0,0", "two judgements"),
        ],
        Form::VerifyFlag | Form::Flag(_) => vec![
            spelt("true-upper", "TRUE", "words are compared without case"),
            spelt("true-title", "True", "words are compared without case"),
            spelt("true-yes", "yes", "any word is true"),
            spelt("true-number", "01", "any number is true"),
            spelt("true-list", "true,false", "the first of a list"),
            spelt("false-upper", "FALSE", "any text but `false` is true"),
        ],
        Form::Date(_) | Form::DatePair => vec![
            spelt("seconds", "4102444800", "a reader of dates takes any format"),
            spelt(
                "zone",
                [target, b"+01:00"].concat(),
                "a reader of dates takes any zone",
            ),
        ],
        Form::TraefikInfo => info(target),
        Form::Xfcc => xfcc(honest, target),
    }
}

fn base64_texts(honest: &[u8], target: &[u8]) -> Vec<Spelt> {
    let text = String::from_utf8_lossy(target);
    let decoded = from_base64(target).unwrap_or_default();
    let own = from_base64(honest).unwrap_or_default();
    let (first, second) = text.split_at_checked(64).unwrap_or((&text, ""));
    vec![
        spelt(
            "url-safe",
            text.replace('+', "-").replace('/', "_"),
            "a reader takes either alphabet",
        ),
        spelt(
            "unpadded",
            text.trim_end_matches('='),
            "a reader adds the padding",
        ),
        spelt(
            "padded-twice",
            format!("{text}===="),
            "a reader ignores what follows the padding",
        ),
        spelt(
            "blank-inside",
            format!("{first} {second}"),
            "a reader skips what is not in the alphabet",
        ),
        spelt(
            "percent-encoded",
            PercentSet::Unreserved.encode(target),
            "a reader undoes one encoding more",
        ),
        spelt("structured", format!(":{text}:"), "a reader takes any encoding"),
        spelt(
            "armoured",
            pem::write(&decoded).replace('\n', ""),
            "a reader takes any encoding",
        ),
        spelt(
            "bytes-after",
            base64(&[&decoded[..], &own[..], b"\0"].concat()),
            "a reader stops at the end of the first",
        ),
    ]
}

fn structured(honest: &[u8], target: &[u8]) -> Vec<Spelt> {
    let text = String::from_utf8_lossy(target);
    let bare = text.trim_matches(':');
    vec![
        spelt(
            "empty-bytes",
            "::",
            "HAProxy empties the value between the colons that its operator wrote",
        ),
        spelt("bare", bare, "a reader takes any encoding"),
        spelt(
            "parameter",
            format!("{text};verified=?1"),
            "parameters are ignored (RFC 8941, section 4.2)",
        ),
        spelt(
            "list-forged-first",
            [target, b", ", honest].concat(),
            "the singleton is read as a list",
        ),
        spelt(
            "url-safe",
            text.replace('+', "-").replace('/', "_"),
            "a reader takes either alphabet",
        ),
        spelt(
            "blank-inside",
            format!(": {bare}:"),
            "a reader skips what is not in the alphabet",
        ),
        spelt("string", format!("\"{bare}\""), "a string is read as bytes"),
    ]
}

fn escaped(set: PercentSet, target: &[u8]) -> Vec<Spelt> {
    let text = String::from_utf8_lossy(target);
    let plain = set.decode(target).unwrap_or_default();
    let lines = String::from_utf8_lossy(&plain).into_owned();
    let mut found = vec![
        spelt(
            "plus-is-blank",
            text.replace("%2B", "+").replace("%20", "+"),
            "a reader of forms takes `+` for a blank",
        ),
        spelt(
            "digits-in-other-case",
            digits_in_other_case(target),
            "digits of either case are one",
        ),
        spelt(
            "encoded-twice",
            PercentSet::Unreserved.encode(target),
            "a reader decodes until nothing changes",
        ),
        spelt(
            "letters-encoded",
            text.replacen('C', "%43", 1),
            "letters are encoded that need not be",
        ),
        spelt("raw", plain.clone(), "a reader takes any encoding"),
        spelt(
            "text-before",
            set.encode(format!("subject=CN=x\n{lines}").as_bytes()),
            "text before the armour is skipped",
        ),
        spelt(
            "other-label",
            set.encode(lines.replace("CERTIFICATE", "TRUSTED CERTIFICATE").as_bytes()),
            "a reader takes any label",
        ),
        spelt(
            "carriage-returns",
            set.encode(lines.replace('\n', "\r\n").as_bytes()),
            "line ends of either kind are one",
        ),
        spelt(
            "null-byte",
            [target, b"%00"].concat(),
            "a reader in C stops there",
        ),
    ];
    for (name, other) in [
        ("set-of-apache", PercentSet::Apache),
        ("set-of-aws", PercentSet::Aws),
        ("set-of-go", PercentSet::GoQuery),
        ("set-of-nginx", PercentSet::Unreserved),
    ] {
        found.push(spelt(
            name,
            other.encode(&plain),
            "another proxy's encoding: whoever wrote it, it was not this one",
        ));
    }
    found
}

fn armoured(target: &[u8]) -> Vec<Spelt> {
    let text = String::from_utf8_lossy(target);
    vec![
        spelt(
            "text-before",
            format!("subject=CN=x {text}"),
            "text before the armour is skipped",
        ),
        spelt(
            "other-label",
            text.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
            "a reader takes any label",
        ),
        spelt(
            "blanks-for-breaks",
            text.replace("\n\t", " ").replace('\n', " ").trim().to_owned(),
            "a reader takes any break",
        ),
        spelt(
            "literal-breaks",
            text.replace("\n\t", "\\n").replace('\n', "\\n"),
            "a reader undoes `\\n`",
        ),
        spelt(
            "twice-inside",
            [target, target].concat(),
            "a reader takes the first, or the last",
        ),
    ]
}

fn names(target: &[u8]) -> Vec<Spelt> {
    let text = String::from_utf8_lossy(target);
    vec![
        spelt("types-lower", text.replace("CN=", "cn="), "types have no case"),
        spelt(
            "types-dotted",
            text.replace("CN=", "2.5.4.3="),
            "a type by its identifier",
        ),
        spelt(
            "types-prefixed",
            text.replace("CN=", "OID.2.5.4.3="),
            "a type by its identifier",
        ),
        spelt(
            "blanks-after-commas",
            text.replace(',', ", "),
            "blanks around separators are skipped (RFC 2253, section 4)",
        ),
        spelt("semicolons", text.replace(',', ";"), "the separator of RFC 1779"),
        spelt(
            "value-quoted",
            text.replacen("CN=", "CN=\"", 1) + "\"",
            "quotes are taken off (RFC 2253, section 4)",
        ),
        spelt(
            "value-escaped",
            text.replacen("CN=", "CN=\\", 1),
            "escapes are undone",
        ),
        spelt(
            "value-percent",
            text.replacen("CN=", "CN=%", 1),
            "percent-encoding is undone",
        ),
        spelt("only-separators", ",", "nothing at all"),
        spelt("only-slash", "/", "nothing at all"),
        spelt("only-type", "CN=", "the empty user"),
        spelt("no-type", "alice", "the user's name alone"),
    ]
}

fn verify_words() -> Vec<Spelt> {
    let why = "words are compared without case, by prefix or by part";
    vec![
        spelt("success-lower", "success", why),
        spelt("success-title", "Success", why),
        spelt("success-and-more", "SUCCESSFUL", why),
        spelt(
            "success-then-none",
            "SUCCESS,NONE",
            "duplicates are joined, and the first is read",
        ),
        spelt(
            "none-then-success",
            "NONE,SUCCESS",
            "duplicates are joined, and the last is read",
        ),
        spelt("failed-then-success", "FAILED:x,SUCCESS", "a search for the word"),
        spelt(
            "failed-without-reason",
            "FAILED:",
            "any text but `NONE` is a client",
        ),
        spelt("zero", "0", "the number of another dialect"),
        spelt("one", "1", "any number is true"),
        spelt("true", "true", "the word of another dialect"),
        spelt("ok", "OK", "any word is true"),
    ]
}

fn info(target: &[u8]) -> Vec<Spelt> {
    let text = String::from_utf8_lossy(target);
    vec![
        spelt(
            "blanks-as-percent",
            text.replace('+', "%20"),
            "a reader of either encoding of a blank",
        ),
        spelt(
            "decoded",
            PercentSet::GoQuery.decode(target).unwrap_or_default(),
            "a reader who does not decode",
        ),
        spelt(
            "digits-in-other-case",
            digits_in_other_case(target),
            "digits of either case are one",
        ),
        spelt(
            "subject-only",
            text.split("%3BIssuer").next().unwrap_or_default(),
            "a reader who looks for `Subject=` only",
        ),
    ]
}

fn xfcc(honest: &[u8], target: &[u8]) -> Vec<Spelt> {
    let text = String::from_utf8_lossy(target);
    let honest = String::from_utf8_lossy(honest);
    let subject = text.split_once(";Subject=").map_or("", |(_, rest)| rest);
    let before = honest.split_once(";Subject=").map_or("", |(before, _)| before);
    let bare: String = text
        .split(';')
        .filter(|pair| !pair.starts_with("Cert=") && !pair.starts_with("Chain="))
        .collect::<Vec<_>>()
        .join(";");
    vec![
        spelt(
            "victims-subject",
            format!("{before};Subject={subject}"),
            "the subject is read, and the certificate is not",
        ),
        spelt(
            "second-subject",
            format!("{honest};Subject={subject}"),
            "the last of two pairs wins",
        ),
        spelt(
            "without-certificate",
            bare,
            "the hash and the subject are believed without the certificate",
        ),
        spelt("keys-lower", text.to_ascii_lowercase(), "keys have no case"),
        spelt(
            "element-before",
            format!("By=spiffe://x;{text}"),
            "any order of pairs",
        ),
        spelt(
            "empty-element-first",
            format!(",{text}"),
            "empty elements are skipped",
        ),
        spelt(
            "empty-element-last",
            format!("{text},"),
            "empty elements are skipped",
        ),
        spelt("quotes-left-out", text.replace('"', ""), "quotes are optional"),
        spelt(
            "quote-left-open",
            text.replacen("Subject=\"", "Subject=\"x\\\";Subject=\"", 1),
            "an escaped quote ends the text",
        ),
    ]
}

fn swapped_case(text: &[u8]) -> Vec<u8> {
    let swap = |byte: &u8| {
        if byte.is_ascii_lowercase() {
            byte.to_ascii_uppercase()
        } else {
            byte.to_ascii_lowercase()
        }
    };
    text.iter().map(swap).collect()
}

/// The two digits after every `%` in the other case.
fn digits_in_other_case(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (position, piece) in text.split(|byte| *byte == b'%').enumerate() {
        let (digits, rest) = piece.split_at_checked(2).unwrap_or((piece, b""));
        if position == 0 {
            out.extend_from_slice(piece);
        } else {
            out.push(b'%');
            out.extend(swapped_case(digits));
            out.extend_from_slice(rest);
        }
    }
    out
}

fn with_colons(text: &[u8]) -> Vec<u8> {
    text.chunks(2).collect::<Vec<_>>().join(&b':')
}

fn cut(text: &[u8]) -> Vec<u8> {
    text.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec())
}
