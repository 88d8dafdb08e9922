//! Certificates that their issuer took back.

mod revoked;
mod revoked_intermediate;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[&revoked::FAULT, &revoked_intermediate::FAULT];
