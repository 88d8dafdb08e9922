//! What single headers say, and how it adds up. Both decoding and projecting end here, so that they cannot disagree on
//! anything but the reading of a value.

use super::{DecodeError, Forwarded, MAX_CHAIN, Presence, Role, Verified, traefik};
use crate::certificate::{Certificate, DateStyle, GeneralName, Serial};
use crate::dn::{DnReading, DnStyle};

/// What one header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Claim {
    /// These alternative names.
    AlternativeNames(Vec<GeneralName>),
    /// These alternative names, without types or borders that can be trusted.
    AlternativeTexts(Vec<String>),
    /// This leaf.
    Certificate(Box<Certificate>),
    /// These certificates after the leaf.
    Chain(Vec<Certificate>),
    /// This name, of the subject or the issuer.
    Dn(Role, DnStyle, Vec<u8>, Box<DnReading>),
    /// Several of these.
    Many(Vec<Self>),
    /// The last valid second.
    NotAfter(i64),
    /// The first valid second.
    NotBefore(i64),
    /// Traefik's Info, its encoding undone.
    Info(Vec<u8>),
    /// Nothing of note.
    Nothing,
    /// Whether there is a certificate.
    Present(bool),
    /// This serial number.
    Serial(Serial),
    /// This fingerprint.
    Sha1([u8; 20]),
    /// This fingerprint.
    Sha256([u8; 32]),
    /// This judgement, of a certificate that is there.
    Verified(Verified),
    /// This judgement, if there is a certificate: HAProxy's 0 and a `false` come without one too.
    VerifiedIfPresent(Verified),
}

/// SHA-1 of no bytes.
const SHA1_OF_NOTHING: [u8; 20] = [
    0xda, 0x39, 0xa3, 0xee, 0x5e, 0x6b, 0x4b, 0x0d, 0x32, 0x55, 0xbf, 0xef, 0x95, 0x60, 0x18, 0x90, 0xaf,
    0xd8, 0x07, 0x09,
];
/// SHA-256 of no bytes.
const SHA256_OF_NOTHING: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// Adds up claims.
#[derive(Default)]
pub(super) struct Sum {
    forwarded: Forwarded,
    has_certificate: Option<bool>,
    conditional: Option<Verified>,
    names: Vec<(Role, DnStyle, Vec<u8>)>,
    info: Option<Vec<u8>>,
    alternatives: Vec<(Role, Vec<GeneralName>)>,
}

impl Sum {
    /// Adds what the header with this role says.
    pub(super) fn add(&mut self, role: Role, claim: Claim) -> Result<(), DecodeError> {
        match claim {
            Claim::Many(claims) => return claims.into_iter().try_for_each(|claim| self.add(role, claim)),
            Claim::Nothing => return Ok(()),
            Claim::Present(has_certificate) => return self.vote(role, has_certificate),
            Claim::VerifiedIfPresent(verified) => {
                self.conditional = Some(verified);
                return Ok(());
            }
            Claim::Verified(verified) => {
                put(&mut self.forwarded.verified, verified, role)?;
            }
            Claim::AlternativeNames(names) => {
                self.alternatives.push((role, names.clone()));
                self.forwarded.subject_alt_names.extend(names);
            }
            Claim::AlternativeTexts(texts) => self.forwarded.subject_alt_texts.extend(texts),
            Claim::Certificate(certificate) => {
                put(&mut self.forwarded.certificate, *certificate, role)?;
            }
            Claim::Chain(chain) if chain.is_empty() => return Ok(()),
            Claim::Chain(chain) => {
                if chain.len() >= MAX_CHAIN {
                    return Err(DecodeError::TooLarge);
                }
                if !self.forwarded.chain.is_empty() && self.forwarded.chain != chain {
                    return Err(DecodeError::Contradiction(role));
                }
                self.forwarded.chain = chain;
            }
            Claim::Dn(whose, style, text, reading) => self.add_name(whose, style, text, *reading),
            Claim::Info(text) => self.info = Some(text),
            Claim::NotAfter(seconds) => put(&mut self.forwarded.not_after, seconds, role)?,
            Claim::NotBefore(seconds) => put(&mut self.forwarded.not_before, seconds, role)?,
            Claim::Serial(serial) => put(&mut self.forwarded.serial, serial, role)?,
            // No certificate is empty: somebody hashed what was not there.
            Claim::Sha1(hash) if hash == SHA1_OF_NOTHING => return Err(DecodeError::Form(role)),
            Claim::Sha256(hash) if hash == SHA256_OF_NOTHING => return Err(DecodeError::Form(role)),
            Claim::Sha1(hash) => put(&mut self.forwarded.sha1, hash, role)?,
            Claim::Sha256(hash) => put(&mut self.forwarded.sha256, hash, role)?,
        }
        self.vote(role, true)
    }

    /// The first text of a name is the one that counts; further styles of it are only checked.
    fn add_name(&mut self, role: Role, style: DnStyle, text: Vec<u8>, reading: DnReading) {
        let is_subject = matches!(role, Role::Subject | Role::SubjectLegacy);
        let (known, known_text) = if is_subject {
            (&mut self.forwarded.subject, &mut self.forwarded.subject_text)
        } else {
            (&mut self.forwarded.issuer, &mut self.forwarded.issuer_text)
        };
        if known.is_none() {
            *known_text = Some(String::from_utf8_lossy(&text).into_owned());
            *known = Some(reading);
        }
        self.names
            .push((if is_subject { Role::Subject } else { Role::Issuer }, style, text));
    }

    fn vote(&mut self, role: Role, has_certificate: bool) -> Result<(), DecodeError> {
        if self.has_certificate.is_some_and(|known| known != has_certificate) {
            return Err(DecodeError::Contradiction(role));
        }
        self.has_certificate = Some(has_certificate);
        Ok(())
    }

    /// What it all says. Without any vote, `otherwise` is the presence.
    pub(super) fn finish(mut self, otherwise: Presence) -> Result<Forwarded, DecodeError> {
        self.forwarded.presence = match self.has_certificate {
            Some(true) => Presence::Present,
            Some(false) => Presence::Absent,
            None => otherwise,
        };
        if self.forwarded.presence == Presence::Present
            && let Some(verified) = self.conditional.take()
        {
            put(&mut self.forwarded.verified, verified, Role::Verify)?;
        }
        if let Some(certificate) = &self.forwarded.certificate {
            self.check(certificate)?;
        }
        Ok(self.forwarded)
    }

    /// Whether the other headers speak of this certificate.
    fn check(&self, certificate: &Certificate) -> Result<(), DecodeError> {
        let forwarded = &self.forwarded;
        let differs = |role, is_equal: bool| {
            if is_equal {
                Ok(())
            } else {
                Err(DecodeError::Contradiction(role))
            }
        };
        differs(
            Role::Serial,
            forwarded
                .serial
                .as_ref()
                .is_none_or(|serial| *serial == certificate.serial),
        )?;
        differs(
            Role::Fingerprint,
            forwarded.sha1.is_none_or(|hash| hash == certificate.sha1),
        )?;
        differs(
            Role::Fingerprint,
            forwarded.sha256.is_none_or(|hash| hash == certificate.sha256),
        )?;
        let is_told = |text: &Vec<u8>| *text == traefik::text(certificate, &forwarded.chain);
        differs(Role::Info, self.info.as_ref().is_none_or(is_told))?;
        let validity = certificate.validity;
        differs(
            Role::NotBefore,
            forwarded
                .not_before
                .is_none_or(|moment| moment == validity.not_before),
        )?;
        differs(
            Role::NotAfter,
            forwarded
                .not_after
                .is_none_or(|moment| moment == validity.not_after),
        )?;
        for (role, names) in &self.alternatives {
            differs(*role, are_of(certificate, *role, names))?;
        }
        for (role, style, text) in &self.names {
            let name = if *role == Role::Subject {
                &certificate.subject
            } else {
                &certificate.issuer
            };
            // Traefik's issuer has fewer fields than its subject, so only the subject can be compared.
            let is_comparable = *role == Role::Subject || *style != DnStyle::TraefikInfo;
            differs(*role, !is_comparable || style.print(name) == *text)?;
        }
        Ok(())
    }
}

/// A header for one kind of alternative names has all of that kind; an element of another header has some.
fn are_of(certificate: &Certificate, role: Role, names: &[GeneralName]) -> bool {
    let own = &certificate.subject_alt_names;
    let of_kind = |is_meant: fn(&&GeneralName) -> bool| own.iter().filter(is_meant).eq(names);
    if role == Role::DnsNames {
        of_kind(|name| matches!(name, GeneralName::Dns(_)))
    } else if role == Role::UriNames {
        of_kind(|name| matches!(name, GeneralName::Uri(_)))
    } else {
        names.iter().all(|name| own.contains(name))
    }
}

fn put<T: PartialEq>(slot: &mut Option<T>, value: T, role: Role) -> Result<(), DecodeError> {
    match slot {
        Some(known) if *known != value => Err(DecodeError::Contradiction(role)),
        _ => {
            *slot = Some(value);
            Ok(())
        }
    }
}

/// A claim on a date in this style.
pub(super) fn date(style: DateStyle, text: &str, role: Role) -> Result<i64, DecodeError> {
    style.parse(text).map_err(|_| DecodeError::Form(role))
}
