//! Raw ClientHellos: IANA names to codes.

use attack_wire::tls::suites;

use super::control::{MODERN_SIGNATURES, modern_hello};
use super::exchange::HelloPlan;
use super::names::Surroundings;
use super::request::server_name;
use crate::complaint::did_you_mean;
use crate::scenario::step::HelloStep;
use crate::scenario::vocabulary::HostForm;

/// Versions by their names in files.
pub const VERSIONS: &[(&str, u16)] = &[
    ("SSLv2", 0x0002),
    ("SSLv3", 0x0300),
    ("TLS1.0", 0x0301),
    ("TLS1.1", 0x0302),
    ("TLS1.2", 0x0303),
    ("TLS1.3", 0x0304),
];

/// Builds a hello from a step.
///
/// # Errors
/// An unknown name, with the valid ones.
pub fn build(step: &HelloStep, surroundings: &Surroundings<'_>) -> Result<HelloPlan, String> {
    let modern = modern_hello(surroundings)?;
    let version = match &step.version {
        None => 0x0303,
        Some(name) => VERSIONS
            .iter()
            .find(|(word, _)| word == name)
            .map(|(_, code)| *code)
            .ok_or_else(|| {
                format!(
                    "unknown version `{name}`, {}",
                    did_you_mean(name, VERSIONS.iter().map(|(word, _)| *word))
                )
            })?,
    };
    let mut codes = Vec::new();
    for name in &step.suites {
        codes.extend(suite_codes(name)?);
    }
    let groups = group_codes(&step.groups)?;
    let signatures = step
        .signatures
        .iter()
        .map(|name| signature_code(name))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(HelloPlan {
        version,
        suites: if codes.is_empty() {
            default_suites(version, &modern)
        } else {
            codes
        },
        groups: if groups.is_empty() { modern.groups } else { groups },
        beside_groups: group_codes(&step.beside_groups)?,
        signatures: if signatures.is_empty() {
            MODERN_SIGNATURES.to_vec()
        } else {
            signatures
        },
        sni: server_name(step.sni.unwrap_or(HostForm::Front), surroundings)?,
        compression: step.compression,
        fallback: step.fallback,
        extended_master_secret: !step.without_extended_master_secret,
        padding: step.padding,
        fragment: step.fragment,
    })
}

/// Below TLS 1.2 there are no AEAD suites: offer what servers of the time had, with and without forward secrecy.
fn default_suites(version: u16, modern: &HelloPlan) -> Vec<u16> {
    if version >= 0x0303 {
        return modern.suites.clone();
    }
    vec![
        0xc00a, 0xc009, 0xc014, 0xc013, 0x0039, 0x0033, 0x0035, 0x002f, 0x000a, 0x0005, 0x0004,
    ]
}

fn suite_codes(name: &str) -> Result<Vec<u16>, String> {
    if let Some(word) = name.strip_prefix("class:") {
        let class = suites::CLASSES
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(class, _)| *class);
        let class = class.ok_or_else(|| {
            format!(
                "unknown suite class `{word}`, {}",
                did_you_mean(word, suites::CLASSES.iter().map(|(_, known)| *known))
            )
        })?;
        return Ok(suites::suites_of(class).map(|suite| suite.code).collect());
    }
    suites::suite_named(name)
        .map(|suite| vec![suite.code])
        .ok_or_else(|| format!("unknown suite `{name}`; write its IANA name, `TLS_...`, or `class:NAME`"))
}

fn group_codes(names: &[String]) -> Result<Vec<u16>, String> {
    names.iter().map(|name| group_code(name)).collect()
}

fn group_code(name: &str) -> Result<u16, String> {
    suites::group_named(name).ok_or_else(|| {
        format!(
            "unknown group `{name}`, {}",
            did_you_mean(name, suites::GROUPS.iter().map(|(_, known)| *known))
        )
    })
}

fn signature_code(name: &str) -> Result<u16, String> {
    suites::scheme_named(name).ok_or_else(|| {
        format!(
            "unknown signature scheme `{name}`, {}",
            did_you_mean(name, suites::SCHEMES.iter().map(|(_, known)| *known))
        )
    })
}
