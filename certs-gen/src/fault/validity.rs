//! Times: before, after, the wrong way round, in the wrong form.

mod expired_1_day;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[&expired_1_day::FAULT];
