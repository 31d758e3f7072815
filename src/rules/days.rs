//! Dates, business days and the instants of a local clock.
//!
//! A local time that a zone skips (DST gap, a day left out) is the first instant after the gap; one that happens twice
//! (fold) is its first occurrence.

use crate::model::limits;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};
use std::time::Duration;

/// A calendar of business days: the team's, or one prospect's.
pub(super) trait DaysOff {
    /// Whether nothing goes out on a day.
    fn is_off(&self, date: Date) -> bool;
}

/// The business days from `date` on, `date` included if it is one. Bounded by [`limits::DAYS_WALKED`].
pub(super) fn business_days<C: DaysOff>(date: Date, calendar: &C) -> impl Iterator<Item = Date> + '_ {
    std::iter::successors(Some(date), |day| day.tomorrow().ok())
        .take(limits::DAYS_WALKED)
        .filter(|day| !calendar.is_off(*day))
}

/// The first business day on or after `date`; `date` itself if there is none in sight.
pub(super) fn business_day_from(date: Date, calendar: &impl DaysOff) -> Date {
    business_days(date, calendar).next().unwrap_or(date)
}

/// The first business day after `date`.
pub(super) fn business_day_after(date: Date, calendar: &impl DaysOff) -> Date {
    business_day_from(plus_days(date, 1), calendar)
}

/// The last business day before `date`; the day before it if there is none in sight.
pub(super) fn business_day_before(date: Date, calendar: &impl DaysOff) -> Date {
    let before = plus_days(date, -1);
    std::iter::successors(Some(before), |day| day.yesterday().ok())
        .take(limits::DAYS_WALKED)
        .find(|day| !calendar.is_off(*day))
        .unwrap_or(before)
}

/// `count` business days after `date`, which need not be one; `date` itself for 0.
pub(super) fn plus_business_days(date: Date, count: u32, calendar: &impl DaysOff) -> Date {
    let Some(nth) = usize::try_from(count).ok().and_then(|count| count.checked_sub(1)) else {
        return date;
    };
    let after = plus_days(date, 1);
    business_days(after, calendar).nth(nth).unwrap_or(after)
}

/// `count` days after `date`; `date` itself beyond the end of the calendar.
pub(super) fn plus_days(date: Date, count: i64) -> Date {
    Span::new()
        .try_days(count)
        .and_then(|days| date.checked_add(days))
        .unwrap_or(date)
}

/// The date of an instant in a zone.
pub(super) fn date_of(at: Timestamp, rules: &TimeZone) -> Date {
    rules.to_datetime(at).date()
}

/// Whether a zone has this date: the date line takes one now and then.
pub(super) fn is_there(date: Date, rules: &TimeZone) -> bool {
    date_of(instant(date, Time::midnight(), rules), rules) == date
}

/// The instant of a local time.
pub(super) fn instant(date: Date, time: Time, rules: &TimeZone) -> Timestamp {
    let wanted = date.to_datetime(time);
    let local = rules.to_ambiguous_timestamp(wanted);
    match local.offset() {
        AmbiguousOffset::Gap { .. } => {
            // `earlier` lies before the gap, so that the transition that makes the gap is the next one.
            let before = local.earlier().unwrap_or(Timestamp::MAX);
            if let Some(transition) = rules.following(before).next() {
                return transition.timestamp();
            }
        }
        // Where a zone's last listed change joins the rule for all years after it (Nuuk, 28 October 2023), jiff sees a fold
        // that no clock showed, and its first occurrence would come too early.
        AmbiguousOffset::Fold { .. } => {
            let shown = |at: &Timestamp| rules.to_datetime(*at) == wanted;
            if let Some(later) = local
                .later()
                .ok()
                .filter(|_| !local.earlier().is_ok_and(|at| shown(&at)))
            {
                return later;
            }
        }
        AmbiguousOffset::Unambiguous { .. } => {}
    }
    local.compatible().unwrap_or(Timestamp::MAX)
}

/// `wait` after `at`, at most the end of time.
pub(super) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Hours;
    use jiff::civil::date;

    fn at(zone: &str, local: &str) -> String {
        let rules = TimeZone::get(zone).expect("a zone");
        let local: jiff::civil::DateTime = local.parse().expect("a time");
        let found = instant(local.date(), local.time(), &rules);
        rules.to_datetime(found).to_string() + " " + &rules.to_offset(found).to_string()
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_and_a_doubled_one_its_first_occurrence() {
        for (zone, asked, found) in [
            ("Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T01:59:59 +01"),
            ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T03:00:00 +02"),
            ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T03:00:00 +02"),
            ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T03:00:00 +02"),
            ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T02:30:00 +02"),
            ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T03:00:00 +01"),
            ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:30:00 +11"),
            ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-05T01:45:00 +11"),
            ("Antarctica/Troll", "2026-03-29T02:10", "2026-03-29T03:00:00 +02"),
            ("Pacific/Apia", "2011-12-30T10:00", "2011-12-31T00:00:00 +14"),
            ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T03:00:00 +01"),
            ("America/Nuuk", "2023-10-28T23:30", "2023-10-28T23:30:00 -02"),
            ("America/Nuuk", "2024-10-26T23:30", "2024-10-26T23:30:00 -01"),
        ] {
            assert_eq!(at(zone, asked), found, "{zone} {asked}");
        }
    }

    #[test]
    fn every_quarter_hour_around_every_transition_is_found_where_the_clock_shows_it() {
        for zone in [
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Africa/Casablanca",
        ] {
            let rules = TimeZone::get(zone).expect("a zone");
            let start = "2024-01-01T00:00Z".parse().expect("a time");
            for transition in rules.following(start).take(40) {
                let around = date_of(transition.timestamp(), &rules);
                for quarter in 0..96_i8 {
                    let time = jiff::civil::time(quarter / 4, quarter % 4 * 15, 0, 0);
                    let found = instant(around, time, &rules);
                    let shown = rules.to_datetime(found);
                    let earlier = later_by(found, -7200);
                    assert!(
                        shown == around.to_datetime(time) || found == transition.timestamp(),
                        "{zone} {around} {time}"
                    );
                    // No earlier instant shows the same time.
                    assert!(
                        (1..8).all(|step| rules.to_datetime(later_by(earlier, step * 900)) != shown),
                        "{zone} {around} {time}"
                    );
                }
            }
        }
    }

    fn later_by(at: Timestamp, seconds: i64) -> Timestamp {
        Timestamp::from_second(at.as_second() + seconds).expect("a time")
    }

    #[test]
    fn business_days_leave_out_weekends_and_holidays() {
        let hours = Hours {
            holidays: [date(2026, 4, 6)].into(),
            ..Hours::usual()
        };
        let friday = date(2026, 4, 3);
        assert_eq!(plus_business_days(friday, 0, &hours), friday);
        assert_eq!(plus_business_days(friday, 1, &hours), date(2026, 4, 7));
        assert_eq!(plus_business_days(date(2026, 4, 4), 2, &hours), date(2026, 4, 8));
        assert_eq!(business_day_from(date(2026, 4, 4), &hours), date(2026, 4, 7));
        assert_eq!(plus_business_days(friday, limits::DAYS, &hours).year(), 2027);
    }

    #[test]
    fn a_year_without_business_days_ends_the_walk() {
        let all = std::iter::successors(Some(date(2026, 1, 1)), |day| day.tomorrow().ok());
        let hours = Hours {
            holidays: all.take(3000).collect(),
            ..Hours::usual()
        };
        assert_eq!(business_day_from(date(2026, 1, 1), &hours), date(2026, 1, 1));
    }
}
