//! Unix seconds to the two time types of X.509, without a clock and without a calendar library.

use super::{GENERALIZED_TIME, UTC_TIME, tlv};

/// Seconds of a minute.
pub const MINUTE: i64 = 60;
/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// Seconds of a mean Gregorian year.
pub const YEAR: i64 = 31_556_952;

/// A UTC date and time of the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year, 1 to 9999 for every time that X.509 can write.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The hour, 0 to 23.
    pub hour: i64,
    /// The minute, 0 to 59.
    pub minute: i64,
    /// The second, 0 to 59.
    pub second: i64,
}

impl Civil {
    /// The date and time of a Unix time. The year is counted from March so that the leap day comes last.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        let days = seconds.div_euclid(DAY);
        let rest = seconds.rem_euclid(DAY);
        // 719,468 days lie between 0000-03-01 and 1970-01-01; an era is 400 years, 146,097 days.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 {
            march_month + 3
        } else {
            march_month - 9
        };
        Self {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }
}

/// A Time in the form that RFC 5280 4.1.2.5 demands: UTCTime through 2049, GeneralizedTime from 2050.
#[must_use]
pub fn time(seconds: i64) -> Vec<u8> {
    if (1950..2050).contains(&Civil::from_unix(seconds).year) {
        utc_time(seconds)
    } else {
        generalized_time(seconds)
    }
}

/// A UTCTime whatever the year; outside 1950–2049 the two digits say another century.
#[must_use]
pub fn utc_time(seconds: i64) -> Vec<u8> {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = Civil::from_unix(seconds);
    let year = year.rem_euclid(100);
    tlv(
        UTC_TIME,
        format!("{year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z").as_bytes(),
    )
}

/// A GeneralizedTime whatever the year.
#[must_use]
pub fn generalized_time(seconds: i64) -> Vec<u8> {
    let Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = Civil::from_unix(seconds);
    tlv(
        GENERALIZED_TIME,
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z").as_bytes(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_written_right() {
        assert_eq!(utc_time(0), b"\x17\x0d700101000000Z");
        assert_eq!(generalized_time(951_782_400), b"\x18\x0f20000229000000Z");
        assert_eq!(generalized_time(1_709_251_199), b"\x18\x0f20240229235959Z");
    }

    #[test]
    fn the_form_changes_with_2050() {
        assert_eq!(time(2_524_607_999), b"\x17\x0d491231235959Z");
        assert_eq!(time(2_524_608_000), b"\x18\x0f20500101000000Z");
    }
}
