//! What a scenario claims: severity and the references that a report carries.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The id of a scenario: its path under `scenarios/` without the ending, `certificate/expired`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ScenarioId(pub String);

impl ScenarioId {
    /// The family: the first folder of the path.
    pub fn family(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }
}

impl std::fmt::Display for ScenarioId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How much a failed scenario hurts. Weights are those of the score (see `report::score`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Hygiene: of use to an attacker only beside something else.
    Low,
    /// Weakens a guard, or leaks.
    Medium,
    /// A guard can be got past under conditions that occur.
    High,
    /// Anyone gets in, or becomes anyone.
    Critical,
}

impl Severity {
    /// All, from the mildest.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word as files and reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a scenario says about itself: everything that a report repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Claim {
    /// The path-shaped id.
    pub id: ScenarioId,
    /// The property that must hold, as a sentence.
    pub title: String,
    /// How much it hurts if it does not.
    pub severity: Severity,
    /// Why it matters: what an attacker does with it.
    pub why: String,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// OWASP API Security Top 10 2023 (`API2`).
    pub owasp_api: Vec<String>,
    /// PCI DSS 4 requirement numbers.
    pub pci_dss: Vec<String>,
    /// SOC 2 trust services criteria.
    pub soc2: Vec<String>,
    /// RFC clauses, CVEs, advisories.
    pub references: Vec<String>,
    /// How to mend it: by server name, and `any`.
    pub mend: std::collections::BTreeMap<String, String>,
}
