//! Times: before, after, the wrong way round, in the wrong form.

mod expired_10_years;
mod expired_1_day;
mod expired_1_second;
mod expired_intermediate;
mod generalized_time_before_2050;
mod generalized_time_fraction;
mod inverted_validity;
mod not_after_2050_utc_time;
mod not_yet_valid;
mod not_yet_valid_intermediate;
mod outlives_issuer;
mod thirteenth_month;
mod utc_time_offset;
mod utc_time_without_seconds;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &expired_10_years::FAULT,
    &expired_1_day::FAULT,
    &expired_1_second::FAULT,
    &expired_intermediate::FAULT,
    &generalized_time_before_2050::FAULT,
    &generalized_time_fraction::FAULT,
    &inverted_validity::FAULT,
    &not_after_2050_utc_time::FAULT,
    &not_yet_valid::FAULT,
    &not_yet_valid_intermediate::FAULT,
    &outlives_issuer::FAULT,
    &thirteenth_month::FAULT,
    &utc_time_offset::FAULT,
    &utc_time_without_seconds::FAULT,
];
