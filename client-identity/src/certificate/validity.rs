//! Validity periods, and the three ways in which servers print a date.

/// From when to when a certificate is valid, both ends included (RFC 5280, section 4.1.2.5). Unix seconds, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Validity {
    /// First valid second.
    pub not_before: i64,
    /// Last valid second.
    pub not_after: i64,
}

/// Why a date cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("read a date")]
pub struct DateError;

/// How a server prints a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    /// `261120013856Z` (HAProxy): two-digit years of 2000 to 2099. HAProxy sends nothing for another century.
    Asn1,
    /// `2026-11-20T01:38:56Z` (RFC 3339): AWS, GCP.
    Iso,
    /// `Nov 20 01:38:56 2026 GMT` (OpenSSL's `ASN1_TIME_print`): nginx, Apache, Cloudflare.
    Openssl,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAY: i64 = 86_400;

impl DateStyle {
    /// The text of this moment (Unix seconds); empty where the style has none.
    #[must_use]
    pub fn print(self, seconds: i64) -> String {
        let (year, month, day) = civil(seconds.div_euclid(DAY));
        let clock = seconds.rem_euclid(DAY);
        let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
        match self {
            Self::Asn1 if (2000..2100).contains(&year) => {
                format!(
                    "{:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z",
                    year % 100
                )
            }
            Self::Asn1 => String::new(),
            Self::Iso => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
            Self::Openssl => {
                let name = usize::try_from(month - 1)
                    .ok()
                    .and_then(|index| MONTHS.get(index))
                    .copied()
                    .unwrap_or("");
                format!("{name} {day:>2} {hour:02}:{minute:02}:{second:02} {year} GMT")
            }
        }
    }

    /// The moment (Unix seconds) that [`DateStyle::print`] wrote as `text`.
    ///
    /// # Errors
    /// [`DateError`] for any other spelling, or a date that does not exist.
    pub fn parse(self, text: &str) -> Result<i64, DateError> {
        let seconds = self.parts(text).ok_or(DateError)?;
        // Printing again refuses every looser spelling, and dates such as 31 February, in one place.
        if self.print(seconds) == text {
            Ok(seconds)
        } else {
            Err(DateError)
        }
    }

    fn parts(self, text: &str) -> Option<i64> {
        let number = |from: usize, to: usize| text.get(from..to)?.trim_start().parse::<i64>().ok();
        let (year, month, day, clock) = match (self, text.len()) {
            (Self::Asn1, 13) => {
                let short = number(0, 2)?;
                (2000 + short, number(2, 4)?, number(4, 6)?, [6, 8, 10])
            }
            (Self::Iso, 20) => (number(0, 4)?, number(5, 7)?, number(8, 10)?, [11, 14, 17]),
            (Self::Openssl, 21..=24) => {
                let month = MONTHS.iter().position(|name| text.get(0..3) == Some(*name))?;
                (
                    number(16, text.len() - 4)?,
                    i64::try_from(month).ok()? + 1,
                    number(4, 6)?,
                    [7, 10, 13],
                )
            }
            _ => return None,
        };
        let [hour, minute, second] = clock.map(|at| number(at, at + 2));
        let in_range = (0..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        let clock = hour? * 3600 + minute? * 60 + second?;
        in_range.then(|| days(year, month, day) * DAY + clock)
    }
}

/// Days since 1970-01-01 to year, month, day in the Gregorian calendar. The year is counted from March, so that the
/// leap day comes last; 400 years have 146,097 days.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// The inverse of [`civil`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let march_month = (month + 9) % 12;
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year.div_euclid(400) * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_spelt_as_the_servers_do() {
        let moment = 1_795_138_736;
        assert_eq!(DateStyle::Openssl.print(moment), "Nov 20 01:38:56 2026 GMT");
        assert_eq!(DateStyle::Asn1.print(moment), "261120013856Z");
        assert_eq!(DateStyle::Iso.print(moment), "2026-11-20T01:38:56Z");
        assert_eq!(DateStyle::Openssl.print(0), "Jan  1 00:00:00 1970 GMT");
        assert_eq!(DateStyle::Asn1.print(2_556_144_000), "510101000000Z");
        assert_eq!(DateStyle::Asn1.print(253_402_300_799), "");
    }

    #[test]
    fn dates_read_back_in_every_style() {
        for style in [DateStyle::Asn1, DateStyle::Iso, DateStyle::Openssl] {
            for moment in [
                0,
                -1,
                951_782_400,
                1_709_164_800,
                2_524_608_000,
                253_402_300_799,
                -2_208_988_800,
            ] {
                let text = style.print(moment);
                if style == DateStyle::Asn1 && text.is_empty() {
                    continue;
                }
                assert_eq!(style.parse(&text), Ok(moment), "{style:?} {moment}");
            }
            for text in [
                "",
                "2026",
                "2026-02-30T00:00:00Z",
                "Feb 30 00:00:00 2026 GMT",
                "260230000000Z",
                "ééééééé",
            ] {
                assert_eq!(style.parse(text), Err(DateError), "{style:?} {text}");
            }
        }
    }
}
