//! Names, judgements and lists of facts that a loose reader takes for the dialect's.

use super::Spelt;
use super::values::{digits_in_other_case, spelt};
use crate::encoding::percent::PercentSet;

pub(super) fn names(target: &[u8]) -> Vec<Spelt> {
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

pub(super) fn verify_words() -> Vec<Spelt> {
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

pub(super) fn info(target: &[u8]) -> Vec<Spelt> {
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

pub(super) fn xfcc(honest: &[u8], target: &[u8]) -> Vec<Spelt> {
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
