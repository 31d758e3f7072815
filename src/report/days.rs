//! Days and months as the numbers have them: counted, UTC.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Days since 1970 UTC.
#[must_use]
pub fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}

/// Days since 1970 of a date.
#[must_use]
pub fn day_of_date(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC)
        .map_or(0, |zoned| day_of(zoned.timestamp()))
}

/// The date of so many days since 1970.
#[must_use]
pub fn date_of(day: i64) -> Date {
    let at = Timestamp::from_second(day.saturating_mul(86_400)).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).date()
}

/// Months since year 0 of a day.
#[must_use]
pub fn month_of(day: i64) -> i64 {
    let date = date_of(day);
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// The next Monday to Friday after a day.
#[must_use]
pub fn next_workday(day: i64) -> i64 {
    // 1970 began on a Thursday: 0 is Monday.
    match (day + 3).rem_euclid(7) {
        4 => day + 3,
        5 => day + 2,
        _ => day + 1,
    }
}
