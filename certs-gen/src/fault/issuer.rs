//! Chains that do not lead from the leaf to the trusted root.

mod missing_intermediate;
mod other_ca_same_name;
mod self_signed;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &missing_intermediate::FAULT,
    &other_ca_same_name::FAULT,
    &self_signed::FAULT,
];
