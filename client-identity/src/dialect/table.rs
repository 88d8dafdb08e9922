//! The dialect that a table of [`RoleSpec`]s is.

use super::claim::{Claim, Sum};
use super::form::Presented;
use super::hostile;
use super::{
    Client, ClientCopy, DecodeError, Dialect, EncodeError, Evidence, Form, Forwarded, Header, HeaderNames,
    HostileValue, Library, MAX_CHAIN, MAX_HEADERS, MAX_VALUE, Presence, Role, RoleSpec, Unknown,
};
use crate::certificate::Certificate;

/// What carries the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Variables of the app's environ: any bytes.
    Environ,
    /// HTTP headers by Go's net/http: a value with any control character but tab fails the request, and blanks at both
    /// ends of a value are cut off.
    GoHeader,
    /// HTTP headers: the proxy sends no value with a line break or a NUL of the client's making.
    Header,
}

/// A dialect as a table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// See [`Dialect::name`].
    pub name: &'static str,
    /// See [`Dialect::title`].
    pub title: &'static str,
    /// See [`Dialect::source`].
    pub source: &'static str,
    /// See [`Dialect::roles`].
    pub roles: &'static [RoleSpec],
    /// See [`Dialect::evidence`].
    pub evidence: Evidence,
    /// See [`Dialect::client_copy`].
    pub client_copy: ClientCopy,
    /// See [`Dialect::unknown`].
    pub unknown: &'static [Unknown],
    /// What carries the values.
    pub carrier: Carrier,
    /// What reads the certificate before anything is sent.
    pub library: Library,
    /// Whether a certificate that has nothing to say in a header gives an empty one, rather than that of no certificate.
    pub sends_empty: bool,
    /// Whether a request without a certificate reaches the app at all.
    pub sends_absent: bool,
    /// The size in bytes from which on a value is sent empty (HAProxy's buffer, Cloudflare's limits).
    pub empty_from: Option<usize>,
}

impl Table {
    /// A dialect of captured headers without size limits, whose proxy passes requests without a certificate on.
    pub(super) const fn headers(
        name: &'static str,
        title: &'static str,
        source: &'static str,
        roles: &'static [RoleSpec],
    ) -> Self {
        Self {
            name,
            title,
            source,
            roles,
            evidence: Evidence::Captured,
            client_copy: ClientCopy::Replaced,
            unknown: &[],
            carrier: Carrier::Header,
            library: Library::Unknown,
            sends_empty: false,
            sends_absent: true,
            empty_from: None,
        }
    }

    /// The specs in use, in the order of the table, with the header's name.
    fn used<'a>(&self, names: &'a HeaderNames) -> impl Iterator<Item = (&'static RoleSpec, &'a str)> {
        self.roles
            .iter()
            .filter_map(|spec| Some((spec, names.get(spec.role)?)))
    }

    /// The value that a presented chain gives, `None` when it says nothing.
    fn value(&self, spec: &RoleSpec, client: &Presented<'_>) -> Result<Option<Vec<u8>>, EncodeError> {
        let mut value = spec.form.write(spec.role, client)?;
        if self.carrier == Carrier::GoHeader {
            value = value.trim_ascii().to_vec();
        }
        if value.is_empty() || self.empty_from.is_some_and(|limit| value.len() >= limit) {
            return Ok(None);
        }
        if value.len() > MAX_VALUE {
            return Err(EncodeError::TooLong(spec.role));
        }
        if !self.carries(spec, &value) {
            return Err(EncodeError::Refused(self.name));
        }
        Ok(Some(value))
    }

    /// Whether the carrier passes on these bytes.
    fn carries(&self, spec: &RoleSpec, value: &[u8]) -> bool {
        let is_refused = |byte: &u8| match self.carrier {
            Carrier::Environ => false,
            Carrier::GoHeader => byte.is_ascii_control() && *byte != b'\t',
            Carrier::Header => spec.form != Form::FoldedPem && matches!(byte, b'\r' | b'\n' | 0),
        };
        !value.iter().any(is_refused)
    }

    /// Who the client is when no header tells: a proxy that leaves headers out looks like no proxy at all.
    fn otherwise(&self, names: &HeaderNames, is_any_there: bool) -> Presence {
        let mut used = self.used(names).peekable();
        let is_always_said = |role| {
            matches!(
                role,
                Role::Cert | Role::Fingerprint | Role::FingerprintSha256 | Role::Info | Role::Serial
            )
        };
        let sends_always = self.used(names).any(|(spec, _)| spec.absent.is_some());
        let may_be_emptied = self.empty_from.is_some();
        if used.peek().is_none() || !self.sends_absent || may_be_emptied && !is_any_there {
            return Presence::Unknown;
        }
        let tells =
            used.any(|(spec, _)| is_always_said(spec.role) && (!may_be_emptied || spec.role != Role::Cert));
        if tells && (is_any_there || !sends_always) {
            Presence::Absent
        } else {
            Presence::Unknown
        }
    }

    fn sum(
        &self,
        claims: Vec<(Role, Claim)>,
        names: &HeaderNames,
        otherwise: Presence,
    ) -> Result<Forwarded, DecodeError> {
        let mut sum = Sum::default();
        for (role, claim) in claims {
            sum.add(role, claim)?;
        }
        let forwarded = sum.finish(otherwise)?;
        // RFC 9440, section 2.3: the chain says nothing without the certificate, unless that may have been emptied.
        let is_structured = self.roles.iter().any(|spec| spec.form == Form::StructuredChain);
        let needs_leaf = is_structured && self.empty_from.is_none() && names.get(Role::Cert).is_some();
        if needs_leaf && !forwarded.chain.is_empty() && forwarded.certificate.is_none() {
            return Err(DecodeError::Missing(Role::Cert));
        }
        Ok(forwarded)
    }

    /// Whether a believed certificate has indeed nothing to say in the headers that say nothing: Apache writes `(null)` for
    /// an empty name, and a client may write it for any.
    fn says_all(&self, silent: &[&RoleSpec], forwarded: &Forwarded) -> Result<(), DecodeError> {
        let Some(leaf) = forwarded.certificate.as_ref().filter(|_| !silent.is_empty()) else {
            return Ok(());
        };
        let presented = Presented {
            leaf: leaf.clone(),
            rest: forwarded.chain.clone(),
            verified: forwarded.verified.as_ref().unwrap_or(&super::Verified::Success),
        };
        let speaks = |spec: &&&RoleSpec| matches!(self.value(spec, &presented), Ok(Some(_)));
        match silent.iter().find(speaks) {
            Some(spec) => Err(DecodeError::Contradiction(spec.role)),
            None => Ok(()),
        }
    }

    /// The claim of a value that stands for no certificate.
    fn absent_claim(spec: &RoleSpec) -> Claim {
        match (spec.form, spec.absent) {
            (Form::VerifyCode, _) | (_, None | Some("" | "(null)")) => Claim::Nothing,
            (Form::VerifyFlag, _) => Claim::Nothing,
            _ => Claim::Present(false),
        }
    }
}

impl Dialect for Table {
    fn name(&self) -> &'static str {
        self.name
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn source(&self) -> &'static str {
        self.source
    }

    fn evidence(&self) -> Evidence {
        self.evidence
    }

    fn client_copy(&self) -> ClientCopy {
        self.client_copy
    }

    fn unknown(&self) -> &'static [Unknown] {
        self.unknown
    }

    fn roles(&self) -> &'static [RoleSpec] {
        self.roles
    }

    fn encode(&self, client: &Client, names: &HeaderNames) -> Result<Vec<Header>, EncodeError> {
        let presented = self.presented(client)?;
        let mut headers = Vec::new();
        for (spec, name) in self.used(names) {
            let value = match &presented {
                Some(presented) => self.value(spec, presented)?,
                None => None,
            };
            let nothing = match &presented {
                Some(_) if self.sends_empty => Some(""),
                _ => spec.absent,
            };
            if let Some(value) = value.or_else(|| nothing.map(|text| text.as_bytes().to_vec())) {
                headers.push(Header {
                    name: name.to_owned(),
                    value,
                });
            }
        }
        Ok(headers)
    }

    fn decode(&self, headers: &[Header], names: &HeaderNames) -> Result<Forwarded, DecodeError> {
        if headers.len() > MAX_HEADERS || headers.iter().any(|header| header.value.len() > MAX_VALUE) {
            return Err(DecodeError::TooLarge);
        }
        let mut claims = Vec::new();
        let mut silent = Vec::new();
        let mut missing = None;
        let mut is_any_there = false;
        for (spec, name) in self.used(names) {
            let values: Vec<&[u8]> = headers
                .iter()
                .filter(|header| self.is_same_name(&header.name, name))
                .map(|header| header.value.as_slice())
                .collect();
            is_any_there |= !values.is_empty();
            let joined;
            let value: &[u8] = match values.as_slice() {
                [] => {
                    missing = missing.or(spec.absent.map(|_| spec.role));
                    continue;
                }
                [value] => value,
                // RFC 9440, section 2.3: the list may be split over several lines (RFC 8941, section 4.2).
                values if spec.form == Form::StructuredChain => {
                    joined = values.join(&b", "[..]);
                    if joined.len() > MAX_VALUE {
                        return Err(DecodeError::TooLarge);
                    }
                    &joined
                }
                _ => return Err(DecodeError::Duplicate(spec.role)),
            };
            if self.empty_from.is_some_and(|limit| value.len() >= limit) {
                return Err(DecodeError::TooLarge);
            }
            let is_nothing = spec.absent.is_some_and(|text| text.as_bytes() == value);
            let claim = if is_nothing && spec.form != Form::VerifyFlag && spec.form != Form::VerifyCode {
                Self::absent_claim(spec)
            } else if value.is_empty() && self.sends_empty {
                Claim::Nothing
            } else if value.is_empty() || !self.carries(spec, value) {
                return Err(DecodeError::Form(spec.role));
            } else {
                spec.form.read(spec.role, value)?
            };
            if claim == Claim::Nothing {
                silent.push(spec);
            }
            claims.push((spec.role, claim));
        }
        if let Some(role) = missing
            && is_any_there
        {
            return Err(DecodeError::Missing(role));
        }
        let forwarded = self.sum(claims, names, self.otherwise(names, is_any_there))?;
        self.says_all(&silent, &forwarded)?;
        Ok(forwarded)
    }

    fn hostile_values(
        &self,
        own: &Client,
        victim: &Client,
        names: &HeaderNames,
    ) -> Result<Vec<HostileValue>, EncodeError> {
        hostile::list(self, own, victim, names)
    }

    fn project_with(&self, client: &Client, names: &HeaderNames) -> Result<Forwarded, EncodeError> {
        let presented = self.presented(client)?;
        let mut claims = Vec::new();
        let mut is_any_there = false;
        for (spec, _) in self.used(names) {
            let value = match &presented {
                Some(presented) => self.value(spec, presented)?,
                None => None,
            };
            is_any_there |= value.is_some() || spec.absent.is_some();
            let claim = match (&presented, value) {
                // What a certificate's own text cannot say is the same refusal in both directions.
                (Some(presented), Some(value)) => {
                    // Without its last blank a text may name nobody, or someone else.
                    let is_cut = self.carrier == Carrier::GoHeader
                        && value.len() != spec.form.write(spec.role, presented)?.len();
                    let claim = if is_cut {
                        spec.form.read(spec.role, &value)
                    } else {
                        spec.form.truth(spec.role, presented)
                    };
                    claim.map_err(|_| EncodeError::Refused(self.name))?
                }
                (Some(_), None) if self.sends_empty => Claim::Nothing,
                _ if spec.form == Form::VerifyCode => Claim::VerifiedIfPresent(super::Verified::Success),
                _ => Self::absent_claim(spec),
            };
            claims.push((spec.role, claim));
        }
        self.sum(claims, names, self.otherwise(names, is_any_there))
            .map_err(|_| EncodeError::Refused(self.name))
    }
}

impl Table {
    fn presented<'a>(&self, client: &'a Client) -> Result<Option<Presented<'a>>, EncodeError> {
        match client {
            Client::Absent if self.sends_absent => Ok(None),
            Client::Absent => Err(EncodeError::Refused(self.name)),
            Client::Presented { chain, verified } => {
                let (first, rest) = chain.split_first().ok_or(EncodeError::ChainLength(0))?;
                if chain.len() > MAX_CHAIN {
                    return Err(EncodeError::ChainLength(chain.len()));
                }
                let rest = rest
                    .iter()
                    .map(|der| Certificate::from_der(der))
                    .collect::<Result<Vec<_>, _>>()?;
                let presented = Presented {
                    leaf: Certificate::from_der(first)?,
                    rest,
                    verified,
                };
                if presented.all().all(|certificate| self.library.reads(certificate)) {
                    Ok(Some(presented))
                } else {
                    Err(EncodeError::Refused(self.name))
                }
            }
        }
    }

    fn is_same_name(&self, one: &str, other: &str) -> bool {
        match self.carrier {
            Carrier::Environ => one == other,
            Carrier::GoHeader | Carrier::Header => one.eq_ignore_ascii_case(other),
        }
    }
}
