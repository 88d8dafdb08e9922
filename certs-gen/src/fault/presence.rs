//! No certificate, none at all, or not the key's.

mod empty_list;
mod garbage_der;
mod key_mismatch;
mod truncated_der;
mod zero_length_entry;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &empty_list::FAULT,
    &garbage_der::FAULT,
    &key_mismatch::FAULT,
    &truncated_der::FAULT,
    &zero_length_entry::FAULT,
];
