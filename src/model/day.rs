//! A day, or a moment, as people say it before it is known from which day they speak: `fri`, `in 2 weeks`, `24 Dec`.

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

/// A day as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidDay {
    /// `today`, `tomorrow`, `in 3 days`, `2 weeks`: so many days from today.
    In(u16),
    /// `in 3 months`.
    Months(u8),
    /// `fri`, `next monday`: the next one after today.
    Weekday(Weekday),
    /// `24 Dec`, `Dec 24`, `24.12.`: the next such day, today included.
    Yearly {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// `2026-12-24`, `24 Dec 2026`.
    On(Date),
}

impl SaidDay {
    /// The day that is meant, seen from `today`; `None` when there is no such day: 31 Feb.
    #[must_use]
    pub fn on(self, today: Date) -> Option<Date> {
        match self {
            Self::In(days) => today.checked_add(i64::from(days).days()).ok(),
            Self::Months(months) => today.checked_add(i64::from(months).months()).ok(),
            Self::Weekday(day) => {
                let days = today.weekday().until(day);
                today
                    .checked_add((if days == 0 { 7 } else { i64::from(days) }).days())
                    .ok()
            }
            // 29 Feb is at most eight years away.
            Self::Yearly { month, day } => {
                let years = (0..=8).filter_map(|years| today.year().checked_add(years));
                let mut days = years.filter_map(|year| Date::new(year, month, day).ok());
                days.find(|day| *day >= today)
            }
            Self::On(date) => Some(date),
        }
    }
}

/// A moment as it was said: `tue 15:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidMoment {
    /// The day.
    pub day: SaidDay,
    /// The time of the day; `None`: it was not said.
    pub time: Option<Time>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_seen_from_today() {
        let monday = date(2026, 3, 2);
        for (said, day) in [
            (SaidDay::In(0), Some(monday)),
            (SaidDay::Weekday(Weekday::Friday), Some(date(2026, 3, 6))),
            (SaidDay::Weekday(Weekday::Monday), Some(date(2026, 3, 9))),
            (SaidDay::Months(1), Some(date(2026, 4, 2))),
            (SaidDay::Yearly { month: 3, day: 2 }, Some(monday)),
            (SaidDay::Yearly { month: 3, day: 1 }, Some(date(2027, 3, 1))),
            (SaidDay::Yearly { month: 2, day: 29 }, Some(date(2028, 2, 29))),
            (SaidDay::Yearly { month: 2, day: 31 }, None),
            (SaidDay::On(date(2020, 1, 1)), Some(date(2020, 1, 1))),
        ] {
            assert_eq!(said.on(monday), day, "{said:?}");
        }
    }
}
