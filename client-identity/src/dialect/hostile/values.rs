//! Values that a loose reader takes for the victim's, or for a good judgement.

use super::Spelt;
use super::encodings::{armoured, base64_texts, escaped, structured};
use super::texts::{info, names, verify_words, xfcc};
use crate::dialect::{Form, RoleSpec};
use crate::encoding::base64;

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

pub(super) fn spelt(name: &'static str, value: impl Into<Vec<u8>>, why: &'static str) -> Spelt {
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

fn with_colons(text: &[u8]) -> Vec<u8> {
    text.chunks(2).collect::<Vec<_>>().join(&b':')
}

fn cut(text: &[u8]) -> Vec<u8> {
    text.split_last().map_or_else(Vec::new, |(_, rest)| rest.to_vec())
}

/// The two digits after every `%` in the other case.
pub(super) fn digits_in_other_case(text: &[u8]) -> Vec<u8> {
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
