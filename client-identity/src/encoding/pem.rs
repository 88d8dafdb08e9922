//! PEM certificates (RFC 7468), as OpenSSL's `PEM_write_bio_X509` writes them: lines of 64 characters, LF after each.

use super::{EncodingError, base64, from_base64};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----\n";
const END: &str = "-----END CERTIFICATE-----\n";
/// Characters in a full line of the body.
const LINE: usize = 64;

/// `der` as PEM; ends with LF.
#[must_use]
pub fn write(der: &[u8]) -> String {
    let body = base64(der);
    let mut text = String::with_capacity(BEGIN.len() + body.len() + body.len() / LINE + 1 + END.len());
    text.push_str(BEGIN);
    let mut rest = body.as_str();
    while let Some((line, after)) = rest.split_at_checked(LINE) {
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    if !rest.is_empty() {
        text.push_str(rest);
        text.push('\n');
    }
    text.push_str(END);
    text
}

/// The certificates of a PEM text, in its order. Only what [`write()`] makes is read, one after the other.
///
/// # Errors
/// [`EncodingError::Pem`] for other labels, other line lengths, text between certificates, or no certificate at all.
pub fn read(text: &[u8]) -> Result<Vec<Vec<u8>>, EncodingError> {
    let mut lines = text
        .strip_suffix(b"\n")
        .ok_or(EncodingError::Pem)?
        .split(|byte| *byte == b'\n');
    let mut certificates = Vec::new();
    while let Some(line) = lines.next() {
        if line != BEGIN.trim_end().as_bytes() {
            return Err(EncodingError::Pem);
        }
        let mut body = Vec::new();
        let mut last_was_full = true;
        loop {
            let line = lines.next().ok_or(EncodingError::Pem)?;
            if line == END.trim_end().as_bytes() {
                break;
            }
            if !last_was_full || line.is_empty() || line.len() > LINE {
                return Err(EncodingError::Pem);
            }
            last_was_full = line.len() == LINE;
            body.extend_from_slice(line);
        }
        if body.is_empty() {
            return Err(EncodingError::Pem);
        }
        certificates.push(from_base64(&body).map_err(|_| EncodingError::Pem)?);
    }
    Ok(certificates)
}

/// The single certificate of a PEM text.
///
/// # Errors
/// [`EncodingError::Pem`] as [`read`], or when there is more than one.
pub fn read_one(text: &[u8]) -> Result<Vec<u8>, EncodingError> {
    let mut certificates = read(text)?;
    match (certificates.pop(), certificates.is_empty()) {
        (Some(certificate), true) => Ok(certificate),
        _ => Err(EncodingError::Pem),
    }
}

/// The lines of a PEM text that a tab continues after every line feed but the last, which is left out (nginx).
pub(crate) fn unfold(value: &[u8]) -> Result<Vec<u8>, EncodingError> {
    let mut text = Vec::with_capacity(value.len());
    for (position, line) in value.split(|byte| *byte == b'\n').enumerate() {
        let line = if position == 0 {
            line
        } else {
            line.strip_prefix(b"\t").ok_or(EncodingError::Pem)?
        };
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    Ok(text)
}

/// Turns the spaces that were line feeds back: all but those inside the words BEGIN and END CERTIFICATE.
pub(crate) fn unspace(value: &[u8]) -> Result<Vec<u8>, EncodingError> {
    if value.contains(&b'\n') {
        return Err(EncodingError::Pem);
    }
    let text = std::str::from_utf8(value).map_err(|_| EncodingError::Pem)?;
    let lines = text.replace(' ', "\n");
    let words = lines.replace("-----BEGIN\nCERTIFICATE", "-----BEGIN CERTIFICATE");
    Ok(words
        .replace("-----END\nCERTIFICATE", "-----END CERTIFICATE")
        .into_bytes())
}
