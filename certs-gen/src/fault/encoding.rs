//! Bytes that no canonical encoder makes, and sizes that no honest issuer needs.

mod trailing_bytes;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[&trailing_bytes::FAULT];
