//! The state of the deployment in which an attempt is made, as a scenario file writes it.
//!
//! The harness brings the state about after the steps under `before`, waits until it is seen and not only ordered, makes the
//! attempt and the controls written in the file, and puts everything back. What the plan derives (that the honest client is
//! granted, that a ticket resumes at all) is tried outside of it, before and after.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::word::words;

/// The credential that the lists of a launched deployment revoke beside those on trial. Lists without it are in force when it
/// is granted: so a state is seen that says nothing about anybody else.
pub const MARKER: &str = "bob-reissued";

/// What is different from the deployment as it was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct StateStep {
    /// A credential that is revoked: the lists, after a reload, and the honest OCSP answers say so.
    pub revoke: Option<String>,
    /// Which lists are in force after a reload: `fresh`, or a set of `certs-gen`'s table (`stale`, `wrong-issuer`, ...).
    pub crl: Option<String>,
    /// What the OCSP responder does from then on: an answer of `certs-gen`'s table, or `closed`, `hang-up`, `stall:SECONDS`,
    /// `drip:SECONDS`, `http-STATUS`.
    pub ocsp: Option<String>,
    /// Whom that meets: a credential. Default: everybody.
    pub ocsp_for: Option<String>,
    /// Which certificate of that credential it meets.
    pub ocsp_of: Option<OcspSubject>,
    /// That the reload takes effect in time is on trial itself: where it does not, the attempt is made all the same. The
    /// responder is not told of the revocation then.
    pub prompt: bool,
    /// Which CAs the front trusts after a reload.
    pub trust: Option<TrustState>,
    /// Wait until the credential `short-lived`, which is issued for the attempt, has expired.
    pub expired: bool,
}

words! {
    /// Which certificate of a path the responder answers otherwise about.
    OcspSubject {
        /// The client's own.
        Leaf = "leaf",
        /// The intermediate that issued it.
        Issuer = "issuer",
    }
}

words! {
    /// Which CAs are in the deployment's bundle.
    TrustState {
        /// The users' root was taken out; the partner's is left.
        PartnerOnly = "partner-only",
    }
}

impl StateStep {
    /// Are files of the deployment written anew, so that it has to read them again?
    pub fn reloads(&self) -> bool {
        self.revoke.is_some() || self.crl.is_some() || self.trust.is_some()
    }

    /// Does nothing but time change, so that others may go on meanwhile?
    pub fn only_waits(&self) -> bool {
        self.expired && !self.reloads() && self.ocsp.is_none()
    }

    /// The first word that nobody knows, with what it should be.
    pub(super) fn mistake(&self) -> Option<String> {
        let known = |name: &str| {
            name == revocation_responder::FRESH || certs_gen::CRL_SETS.iter().any(|set| set.name == name)
        };
        if let Some(name) = self.crl.as_deref().filter(|name| !known(name)) {
            let sets = certs_gen::CRL_SETS.iter().map(|set| set.name);
            let valid: Vec<&str> = sets.chain([revocation_responder::FRESH]).collect();
            return Some(format!(
                "unknown set of lists `{name}`, {}",
                crate::complaint::did_you_mean(name, valid)
            ));
        }
        if let Some(word) = &self.ocsp
            && let Err(error) = word.parse::<revocation_responder::Behaviour>()
        {
            return Some(error.to_string());
        }
        if self.ocsp_for.is_some() && self.ocsp.is_none() {
            return Some("`ocsp-for` says whom `ocsp` meets, and there is none".to_owned());
        }
        if self.ocsp_of.is_some() && self.ocsp_for.is_none() {
            return Some(
                "`ocsp-of` says which certificate of `ocsp-for` is meant, and there is none".to_owned(),
            );
        }
        if self.revoke.is_some() && self.crl.is_some() {
            return Some("`revoke` and `crl` both say which lists are in force".to_owned());
        }
        if *self == Self::default() {
            return Some("a state that changes nothing".to_owned());
        }
        None
    }
}
