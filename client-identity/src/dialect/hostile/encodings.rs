//! Certificates in encodings that a loose reader takes for the dialect's.

use super::Spelt;
use super::values::{digits_in_other_case, spelt};
use crate::encoding::percent::PercentSet;
use crate::encoding::{base64, from_base64, pem};

pub(super) fn base64_texts(honest: &[u8], target: &[u8]) -> Vec<Spelt> {
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

pub(super) fn structured(honest: &[u8], target: &[u8]) -> Vec<Spelt> {
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

pub(super) fn escaped(set: PercentSet, target: &[u8]) -> Vec<Spelt> {
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

pub(super) fn armoured(target: &[u8]) -> Vec<Spelt> {
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
