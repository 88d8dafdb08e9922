//! How one header's value is written: from what the terminator knows, and back to a claim.

use super::claim::{Claim, date};
use super::{DecodeError, EncodeError, MAX_CHAIN, Role, Verified, envoy, rfc9440, traefik, verify};
use crate::certificate::{Certificate, DateStyle, GeneralName, Name, Serial};
use crate::der;
use crate::dn::{DnReading, DnStyle};
use crate::encoding::percent::PercentSet;
use crate::encoding::{EncodingError, base64, from_base64, hexadecimal, pem};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Base64 of the leaf's DER, on one line.
    Base64Der,
    /// Base64 of the certificates after the leaf, their DER one after the other.
    Base64DerChain,
    /// Base64 of the DER of the subject or issuer name.
    Base64Name,
    /// Base64 of the leaf's PEM text.
    Base64Pem,
    /// Base64 of the SHA-256.
    Base64Sha256,
    /// Base64 DER of the whole chain, leaf first, between commas.
    CommaBase64Chain,
    /// A date.
    Date(DateStyle),
    /// `NotBefore=...;NotAfter=...`, both ISO 8601.
    DatePair,
    /// A name in a style; of the subject or issuer by its role.
    Dn(DnStyle),
    /// The DNS names, or the URIs by its role: base64 of each, between commas.
    Base64Names,
    /// Percent-encoded PEM of the whole chain, leaf first.
    EscapedChain(PercentSet),
    /// Percent-encoded PEM of the leaf.
    EscapedPem(PercentSet),
    /// A fixed word when there is a certificate.
    Flag(&'static str),
    /// The PEM of the leaf with a tab after every LF but the last, which is left out.
    FoldedPem,
    /// The DER of the leaf as it is.
    RawDer,
    /// The PEM of the leaf with its line feeds.
    RawPem,
    /// The serial number as lower-case octets between colons.
    SerialColons,
    /// The serial number in decimal.
    SerialDecimal,
    /// The serial number in upper-case octets.
    SerialHex,
    /// The same without a minus sign: HAProxy prints a negative number as its opposite.
    SerialMagnitude,
    /// SHA-1 in lower-case digits.
    Sha1Lower,
    /// SHA-1 in upper-case digits.
    Sha1Upper,
    /// SHA-256 in lower-case digits.
    Sha256Lower,
    /// The PEM of the leaf with every LF, the last one too, turned into a space.
    SpacedPem,
    /// RFC 9440: the leaf as a byte sequence.
    StructuredCert,
    /// RFC 9440: the certificates after the leaf as a list of byte sequences.
    StructuredChain,
    /// Traefik's Info.
    TraefikInfo,
    /// OpenSSL's number of the judgement, 0 also without a certificate.
    VerifyCode,
    /// `true` or `false`.
    VerifyFlag,
    /// `SUCCESS`, `NONE` or `FAILED:` and OpenSSL's words.
    VerifyWords,
    /// The same, and Apache's `GENEROUS` for an unverified certificate that its configuration lets in.
    VerifyWordsApache,
    /// Envoy's `X-Forwarded-Client-Cert`.
    Xfcc,
}

/// A presented chain, read.
pub(super) struct Presented<'a> {
    pub(super) leaf: Certificate,
    pub(super) rest: Vec<Certificate>,
    pub(super) verified: &'a Verified,
}

const GENEROUS: &str = "GENEROUS";

impl Presented<'_> {
    fn name(&self, role: Role) -> &Name {
        if matches!(role, Role::Subject | Role::SubjectLegacy) {
            &self.leaf.subject
        } else {
            &self.leaf.issuer
        }
    }

    fn moment(&self, role: Role) -> i64 {
        if role == Role::NotBefore {
            self.leaf.validity.not_before
        } else {
            self.leaf.validity.not_after
        }
    }

    fn alternative_names(&self, role: Role) -> Vec<Vec<u8>> {
        let names = self.leaf.subject_alt_names.iter();
        names
            .filter_map(|name| {
                if role == Role::UriNames {
                    uri(name)
                } else {
                    dns(name)
                }
            })
            .collect()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.rest)
    }
}

/// The bytes of a DNS name.
pub(super) fn dns(name: &GeneralName) -> Option<Vec<u8>> {
    if let GeneralName::Dns(text) = name {
        Some(text.clone())
    } else {
        None
    }
}

/// The bytes of a URI.
pub(super) fn uri(name: &GeneralName) -> Option<Vec<u8>> {
    if let GeneralName::Uri(text) = name {
        Some(text.clone())
    } else {
        None
    }
}

impl Form {
    /// The value that the terminator sends; empty if there is nothing to say.
    pub(super) fn write(self, role: Role, client: &Presented<'_>) -> Result<Vec<u8>, EncodeError> {
        let leaf = &client.leaf;
        Ok(match self {
            Self::Base64Der => base64(leaf.der()).into_bytes(),
            Self::Base64DerChain if client.rest.is_empty() => Vec::new(),
            Self::Base64DerChain => {
                let chain: Vec<u8> = client.rest.iter().flat_map(Certificate::der).copied().collect();
                base64(&chain).into_bytes()
            }
            Self::Base64Name => base64(&client.name(role).to_der()).into_bytes(),
            Self::Base64Pem => base64(pem::write(leaf.der()).as_bytes()).into_bytes(),
            Self::Base64Sha256 => base64(&leaf.sha256).into_bytes(),
            Self::CommaBase64Chain => client
                .all()
                .map(|certificate| base64(certificate.der()))
                .collect::<Vec<_>>()
                .join(",")
                .into_bytes(),
            Self::Date(style) => style.print(client.moment(role)).into_bytes(),
            Self::DatePair => {
                let [from, to] =
                    [leaf.validity.not_before, leaf.validity.not_after].map(|at| DateStyle::Iso.print(at));
                format!("NotBefore={from};NotAfter={to}").into_bytes()
            }
            Self::Dn(style) => {
                style.check(client.name(role))?;
                style.print(client.name(role))
            }
            Self::Base64Names => client
                .alternative_names(role)
                .iter()
                .map(|name| base64(name))
                .collect::<Vec<_>>()
                .join(",")
                .into_bytes(),
            Self::EscapedChain(set) => {
                let chain: String = client
                    .all()
                    .map(|certificate| pem::write(certificate.der()))
                    .collect();
                set.encode(chain.as_bytes())
            }
            Self::EscapedPem(set) => set.encode(pem::write(leaf.der()).as_bytes()),
            Self::Flag(word) => word.as_bytes().to_vec(),
            Self::FoldedPem => pem::write(leaf.der())
                .trim_end()
                .replace('\n', "\n\t")
                .into_bytes(),
            Self::RawDer => leaf.der().to_vec(),
            Self::RawPem => pem::write(leaf.der()).into_bytes(),
            Self::SerialColons => leaf.serial.colon_hex().into_bytes(),
            Self::SerialDecimal => leaf.serial.to_string().into_bytes(),
            Self::SerialHex => leaf.serial.upper_hex().into_bytes(),
            Self::SerialMagnitude => hexadecimal::upper(leaf.serial.magnitude()).into_bytes(),
            Self::Sha1Lower => hexadecimal::lower(&leaf.sha1).into_bytes(),
            Self::Sha1Upper => hexadecimal::upper(&leaf.sha1).into_bytes(),
            Self::Sha256Lower => hexadecimal::lower(&leaf.sha256).into_bytes(),
            Self::SpacedPem => pem::write(leaf.der()).replace('\n', " ").into_bytes(),
            Self::StructuredCert => rfc9440::item(leaf.der()).into_bytes(),
            Self::StructuredChain => client
                .rest
                .iter()
                .map(|certificate| rfc9440::item(certificate.der()))
                .collect::<Vec<_>>()
                .join(", ")
                .into_bytes(),
            Self::TraefikInfo => traefik::write_info(client)?,
            Self::VerifyCode => match verify::by_code(client.verified) {
                Verified::Success => b"0".to_vec(),
                Verified::Failed { code, .. } => code.to_string().into_bytes(),
            },
            Self::VerifyFlag => (*client.verified == Verified::Success).to_string().into_bytes(),
            Self::VerifyWords | Self::VerifyWordsApache => match verify::by_text(client.verified) {
                Verified::Success => b"SUCCESS".to_vec(),
                Verified::Failed { text, .. } if text == GENEROUS && self == Self::VerifyWordsApache => {
                    text.into_bytes()
                }
                Verified::Failed { text, .. } => format!("FAILED:{text}").into_bytes(),
            },
            Self::Xfcc => envoy::write(client)?,
        })
    }

    /// What a perfect reader learns from the value that [`Form::write`] makes, by the certificate rather than the text.
    pub(super) fn truth(self, role: Role, client: &Presented<'_>) -> Result<Claim, DecodeError> {
        let leaf = &client.leaf;
        let certificate = || Claim::Certificate(Box::new(leaf.clone()));
        Ok(match self {
            Self::Base64Der
            | Self::Base64Pem
            | Self::EscapedPem(_)
            | Self::FoldedPem
            | Self::RawDer
            | Self::RawPem
            | Self::SpacedPem
            | Self::StructuredCert => certificate(),
            Self::Base64DerChain | Self::StructuredChain => Claim::Chain(client.rest.clone()),
            Self::CommaBase64Chain | Self::EscapedChain(_) => {
                Claim::Many(vec![certificate(), Claim::Chain(client.rest.clone())])
            }
            Self::Base64Name => {
                let name = client.name(role);
                dn_claim(
                    role,
                    DnStyle::Rfc2253,
                    DnStyle::Rfc2253.print(name),
                    DnReading::Certain(name.clone()),
                )
            }
            Self::Base64Sha256 | Self::Sha256Lower => Claim::Sha256(leaf.sha256),
            Self::Sha1Lower | Self::Sha1Upper => Claim::Sha1(leaf.sha1),
            Self::Date(_) if role == Role::NotBefore => Claim::NotBefore(leaf.validity.not_before),
            Self::Date(_) => Claim::NotAfter(leaf.validity.not_after),
            Self::DatePair => Claim::Many(vec![
                Claim::NotBefore(leaf.validity.not_before),
                Claim::NotAfter(leaf.validity.not_after),
            ]),
            Self::Dn(style) => {
                let text = style.print(client.name(role));
                let reading = style.read(&text).map_err(|error| DecodeError::Dn(role, error))?;
                dn_claim(role, style, text, reading)
            }
            Self::Base64Names => Claim::AlternativeNames(
                typed(role, client.alternative_names(role)).ok_or(DecodeError::Form(role))?,
            ),
            Self::Flag(_) => Claim::Present(true),
            Self::SerialColons | Self::SerialDecimal | Self::SerialHex => Claim::Serial(leaf.serial.clone()),
            // A reader cannot know of the sign: the claim is the opposite of a negative number.
            Self::SerialMagnitude => {
                let digits = hexadecimal::upper(leaf.serial.magnitude());
                serial(Serial::from_upper_hex(&digits).ok(), role)?
            }
            Self::TraefikInfo => traefik::truth(client)?,
            Self::VerifyCode => judgement(verify::by_code(client.verified), &Verified::Success),
            Self::VerifyFlag => judgement(
                verify::by_flag(*client.verified == Verified::Success),
                &verify::by_flag(false),
            ),
            Self::VerifyWords | Self::VerifyWordsApache => Claim::Verified(verify::by_text(client.verified)),
            Self::Xfcc => envoy::truth(client)?,
        })
    }

    /// What the value says. It is not empty, and not the one that stands for no certificate.
    pub(super) fn read(self, role: Role, value: &[u8]) -> Result<Claim, DecodeError> {
        let encoding = |error: EncodingError| DecodeError::Encoding(role, error);
        let text = || std::str::from_utf8(value).map_err(|_| DecodeError::Form(role));
        Ok(match self {
            Self::Base64Der => leaf(&from_base64(value).map_err(encoding)?)?,
            Self::Base64DerChain => Claim::Chain(concatenated(&from_base64(value).map_err(encoding)?, role)?),
            Self::Base64Name => {
                let name = Name::from_der(&from_base64(value).map_err(encoding)?)?;
                dn_claim(
                    role,
                    DnStyle::Rfc2253,
                    DnStyle::Rfc2253.print(&name),
                    DnReading::Certain(name),
                )
            }
            Self::Base64Pem => {
                let armoured = from_base64(value).map_err(encoding)?;
                leaf(&pem::read_one(&armoured).map_err(encoding)?)?
            }
            Self::Base64Sha256 => Claim::Sha256(array(&from_base64(value).map_err(encoding)?, role)?),
            Self::CommaBase64Chain => {
                let ders = value
                    .split(|byte| *byte == b',')
                    .map(from_base64)
                    .collect::<Result<Vec<_>, _>>();
                chain(&ders.map_err(encoding)?)?
            }
            Self::Date(style) if role == Role::NotBefore => Claim::NotBefore(date(style, text()?, role)?),
            Self::Date(style) => Claim::NotAfter(date(style, text()?, role)?),
            Self::DatePair => {
                let pair = text()?
                    .strip_prefix("NotBefore=")
                    .and_then(|rest| rest.split_once(";NotAfter="));
                let (from, to) = pair.ok_or(DecodeError::Form(role))?;
                let style = DateStyle::Iso;
                Claim::Many(vec![
                    Claim::NotBefore(date(style, from, role)?),
                    Claim::NotAfter(date(style, to, role)?),
                ])
            }
            Self::Dn(style) => {
                let reading = style.read(value).map_err(|error| DecodeError::Dn(role, error))?;
                dn_claim(role, style, value.to_vec(), reading)
            }
            Self::Base64Names => {
                let names = value
                    .split(|byte| *byte == b',')
                    .map(from_base64)
                    .collect::<Result<Vec<_>, _>>();
                let names = typed(role, names.map_err(encoding)?);
                Claim::AlternativeNames(names.ok_or(DecodeError::Form(role))?)
            }
            Self::EscapedChain(set) => {
                let armoured = set.decode(value).map_err(encoding)?;
                chain(&pem::read(&armoured).map_err(encoding)?)?
            }
            Self::EscapedPem(set) => {
                let armoured = set.decode(value).map_err(encoding)?;
                leaf(&pem::read_one(&armoured).map_err(encoding)?)?
            }
            Self::Flag(word) if value == word.as_bytes() => Claim::Present(true),
            Self::Flag(_) => return Err(DecodeError::Form(role)),
            Self::FoldedPem => leaf(
                &pem::unfold(value)
                    .and_then(|armoured| pem::read_one(&armoured))
                    .map_err(encoding)?,
            )?,
            Self::RawDer => leaf(value)?,
            Self::RawPem => leaf(&pem::read_one(value).map_err(encoding)?)?,
            Self::SerialColons => serial(Serial::from_colon_hex(text()?).ok(), role)?,
            Self::SerialDecimal => serial(Serial::from_decimal(text()?).ok(), role)?,
            Self::SerialHex => serial(Serial::from_upper_hex(text()?).ok(), role)?,
            Self::SerialMagnitude => {
                let number = Serial::from_upper_hex(text()?).ok();
                serial(number.filter(|number| !number.is_negative()), role)?
            }
            Self::Sha1Lower => Claim::Sha1(digits(value, role, hexadecimal::lower)?),
            Self::Sha1Upper => Claim::Sha1(digits(value, role, hexadecimal::upper)?),
            Self::Sha256Lower => Claim::Sha256(digits(value, role, hexadecimal::lower)?),
            Self::SpacedPem => leaf(
                &pem::unspace(value)
                    .and_then(|armoured| pem::read_one(&armoured))
                    .map_err(encoding)?,
            )?,
            Self::StructuredCert => leaf(&rfc9440::from_item(value).map_err(encoding)?)?,
            Self::StructuredChain => {
                Claim::Chain(certificates(&rfc9440::from_list(value).map_err(encoding)?)?)
            }
            Self::TraefikInfo => traefik::read_info(value)?,
            Self::VerifyCode => {
                let code = text()?
                    .parse::<u32>()
                    .ok()
                    .filter(|code| code.to_string().as_bytes() == value);
                judgement(
                    verify::from_code(code.ok_or(DecodeError::Form(role))?),
                    &Verified::Success,
                )
            }
            Self::VerifyFlag => match value {
                b"true" => judgement(verify::by_flag(true), &verify::by_flag(false)),
                b"false" => judgement(verify::by_flag(false), &verify::by_flag(false)),
                _ => return Err(DecodeError::Form(role)),
            },
            Self::VerifyWords | Self::VerifyWordsApache => match text()? {
                "SUCCESS" => Claim::Verified(Verified::Success),
                GENEROUS if self == Self::VerifyWordsApache => Claim::Verified(verify::from_text(GENEROUS)),
                words => match words.strip_prefix("FAILED:") {
                    Some(reason) if !reason.is_empty() => Claim::Verified(verify::from_text(reason)),
                    _ => return Err(DecodeError::Form(role)),
                },
            },
            Self::Xfcc => envoy::read(value)?,
        })
    }
}

/// A judgement, of which one value is sent without a certificate too.
fn judgement(verified: Verified, also_absent: &Verified) -> Claim {
    if verified == *also_absent {
        Claim::VerifiedIfPresent(verified)
    } else {
        Claim::Verified(verified)
    }
}

/// A claim on the subject or the issuer, by the role.
pub(super) fn dn_claim(role: Role, style: DnStyle, text: Vec<u8>, reading: DnReading) -> Claim {
    Claim::Dn(role, style, text, Box::new(reading))
}

/// A claim on the leaf.
pub(super) fn leaf(der: &[u8]) -> Result<Claim, DecodeError> {
    Ok(Claim::Certificate(Box::new(Certificate::from_der(der)?)))
}

/// A claim on a whole chain.
pub(super) fn chain(ders: &[Vec<u8>]) -> Result<Claim, DecodeError> {
    let (first, rest) = ders.split_first().ok_or(DecodeError::TooLarge)?;
    Ok(Claim::Many(vec![leaf(first)?, Claim::Chain(certificates(rest)?)]))
}

fn certificates(ders: &[Vec<u8>]) -> Result<Vec<Certificate>, DecodeError> {
    if ders.len() >= MAX_CHAIN {
        return Err(DecodeError::TooLarge);
    }
    ders.iter()
        .map(|der| Certificate::from_der(der).map_err(DecodeError::from))
        .collect()
}

fn concatenated(mut ders: &[u8], role: Role) -> Result<Vec<Certificate>, DecodeError> {
    let mut chain = Vec::new();
    while !ders.is_empty() {
        let (_, _, rest) = der::element(ders).map_err(|_| DecodeError::Form(role))?;
        let (first, rest) = ders
            .split_at_checked(ders.len() - rest.len())
            .ok_or(DecodeError::Form(role))?;
        chain.push(Certificate::from_der(first)?);
        if chain.len() >= MAX_CHAIN {
            return Err(DecodeError::TooLarge);
        }
        ders = rest;
    }
    Ok(chain)
}

/// The names with their type; none if they are no IA5Strings, as any word may be base64 of something.
fn typed(role: Role, names: Vec<Vec<u8>>) -> Option<Vec<GeneralName>> {
    let named = if role == Role::UriNames {
        GeneralName::Uri
    } else {
        GeneralName::Dns
    };
    let is_legal = |name: &Vec<u8>| !name.is_empty() && name.is_ascii();
    names
        .iter()
        .all(is_legal)
        .then(|| names.into_iter().map(named).collect())
}

fn serial(serial: Option<Serial>, role: Role) -> Result<Claim, DecodeError> {
    serial.map(Claim::Serial).ok_or(DecodeError::Form(role))
}

fn array<const N: usize>(bytes: &[u8], role: Role) -> Result<[u8; N], DecodeError> {
    bytes.try_into().map_err(|_| DecodeError::Form(role))
}

/// The octets that these digits name, in the letter case of `print` only.
fn digits<const N: usize>(
    value: &[u8],
    role: Role,
    print: fn(&[u8]) -> String,
) -> Result<[u8; N], DecodeError> {
    let octets = hexadecimal::from_digits(value).map_err(|error| DecodeError::Encoding(role, error))?;
    if print(&octets).as_bytes() == value {
        array(&octets, role)
    } else {
        Err(DecodeError::Form(role))
    }
}
