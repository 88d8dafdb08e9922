//! Subjects and alternative names that can be read in two ways.

mod cn_comma_admin;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[&cn_comma_admin::FAULT];
