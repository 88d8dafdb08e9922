//! OpenSSL's reasons for refusing a certificate: numbers and words.

use super::Verified;

/// `X509_V_ERR_UNSPECIFIED`.
const UNSPECIFIED: u32 = 1;
const UNSPECIFIED_TEXT: &str = "unspecified certificate verification error";

/// Numbers and words of OpenSSL 3 (crypto/x509/x509_txt.c), sorted by number. The words change between versions.
const REASONS: &[(u32, &str)] = &[
    (1, UNSPECIFIED_TEXT),
    (2, "unable to get issuer certificate"),
    (3, "unable to get certificate CRL"),
    (7, "certificate signature failure"),
    (9, "certificate is not yet valid"),
    (10, "certificate has expired"),
    (11, "CRL is not yet valid"),
    (12, "CRL has expired"),
    (18, "self-signed certificate"),
    (19, "self-signed certificate in certificate chain"),
    (20, "unable to get local issuer certificate"),
    (21, "unable to verify the first certificate"),
    (22, "certificate chain too long"),
    (23, "certificate revoked"),
    (26, "unsuitable certificate purpose"),
    (27, "certificate not trusted"),
    (28, "certificate rejected"),
    (66, "EE certificate key too weak"),
    (79, "invalid CA certificate"),
];

/// The words for a number.
pub(super) fn text(code: u32) -> &'static str {
    REASONS
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(UNSPECIFIED_TEXT, |(_, text)| text)
}

/// The judgement as a reader of the words takes it.
pub(super) fn by_text(verified: &Verified) -> Verified {
    match verified {
        Verified::Success => Verified::Success,
        Verified::Failed { code, text: words } => {
            let words = if words.is_empty() { text(*code) } else { words };
            from_text(words)
        }
    }
}

/// The failure with these words.
pub(super) fn from_text(words: &str) -> Verified {
    let code = REASONS
        .iter()
        .find(|(_, text)| *text == words)
        .map_or(UNSPECIFIED, |(code, _)| *code);
    Verified::Failed {
        code,
        text: words.to_owned(),
    }
}

/// The judgement as a reader of the number takes it. A failure without a number is sent as unspecified.
pub(super) fn by_code(verified: &Verified) -> Verified {
    match verified {
        Verified::Success => Verified::Success,
        Verified::Failed { code, .. } => from_code((*code).max(1)),
    }
}

/// The judgement with this number; 0 is success.
pub(super) fn from_code(code: u32) -> Verified {
    if code == 0 {
        Verified::Success
    } else {
        Verified::Failed {
            code,
            text: text(code).to_owned(),
        }
    }
}

/// The judgement as a reader of yes or no takes it.
pub(super) fn by_flag(is_success: bool) -> Verified {
    from_code(u32::from(!is_success))
}
