//! No certificate, none at all, or not the key's.

mod empty_list;
mod key_mismatch;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[&empty_list::FAULT, &key_mismatch::FAULT];
