//! A finding, and the scenario file that keeps it.

use super::case::{Case, quoted};
use super::oracle::{Offence, Oracle};

/// Something that must never happen and did, as small as it could be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was offended, and how.
    pub offence: Offence,
    /// The smallest case that was found; `None` where no single case does it.
    pub case: Option<Case>,
    /// The number of the case by which it was found.
    pub number: u64,
}

impl Finding {
    /// The name of its file, without the ending.
    pub fn file_stem(&self, seed: u64) -> String {
        format!("{}-{seed}-{}", self.offence.oracle, self.number)
    }

    /// The scenario that fails where this happens; `None` where no single case does it.
    pub fn scenario(&self, deployment: &str, seed: u64) -> Option<String> {
        let case = self.case.as_ref()?;
        let (severity, title, mend) = match self.offence.oracle {
            Oracle::Grant => (
                "critical",
                "Only the presented certificate's own user is served",
                "Serve nobody but the user of the certificate that the TLS handshake verified; delete every spelling of an identity header that a client sends, and look users up by the whole name.",
            ),
            Oracle::Forwarded => (
                "high",
                "No identity but the presented certificate's reaches the app",
                "Set every identity header on every request, and delete what clients send under these names.",
            ),
            Oracle::ServerError => (
                "medium",
                "Odd input makes no server fail",
                "Answer what is not understood with 400 or 403, and let no exception reach the client.",
            ),
            Oracle::Leak => (
                "high",
                "Logs hold no secret and no forged line",
                "Leave certificates, cookies and forged headers out of the log format, and escape control characters.",
            ),
            Oracle::Died => (
                "critical",
                "The server survives odd input",
                "Update the server, and report the input to whoever makes it.",
            ),
            Oracle::Memory => return None,
            Oracle::Versions => (
                "high",
                "Who is served does not depend on the version of TLS or HTTP",
                "Configure client authentication once for all versions of TLS and HTTP.",
            ),
        };
        let mut case = case.clone();
        if self.offence.oracle == Oracle::Versions {
            case.tls = None;
        }
        if self.offence.oracle != Oracle::Leak {
            case.plant = None;
        }
        let why = format!(
            "Found by `gauntlet fuzz {deployment} --seed {seed}`, case {}: {}.",
            self.number, self.offence.says
        );
        Some(format!(
            "title    = {}\nseverity = \"{severity}\"\nwhy      = {}\n\n[mend]\nany = {}\n\n{}\nexpect  = {}\n",
            quoted(title),
            quoted(&why),
            quoted(mend),
            case.attempt(),
            self.offence.expect
        ))
    }
}
