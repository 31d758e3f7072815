//! The spans of time that reports by mail cover: whole weeks (Monday to Sunday), months and quarters of the calendar.

use jiff::ToSpan;
use jiff::civil::Date;

/// How often a report comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// Three months: the audit.
    Quarter,
}

/// One whole period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// What no other has: `2026-W10`, `2026-03`, `2026-Q1`.
    pub key: String,
    /// As people say it: `week 10 of 2026`, `March 2026`, `quarter 1 of 2026`.
    pub name: String,
}

impl Period {
    /// The period in which a day lies.
    #[must_use]
    pub fn around(self, day: Date) -> Span {
        let month = |back: i8| Date::new(day.year(), day.month() - back, 1).unwrap_or(day);
        let (from, months) = match self {
            Self::Week => {
                let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
                let iso = monday.iso_week_date();
                let (year, week) = (iso.year(), iso.week());
                return Span {
                    from: monday,
                    to: monday.saturating_add(6.days()),
                    key: format!("{year:04}-W{week:02}"),
                    name: format!("week {week} of {year}"),
                };
            }
            Self::Month => (month(0), 1),
            Self::Quarter => (month((day.month() - 1) % 3), 3),
        };
        let to = from.saturating_add(months.months()).saturating_sub(1.day());
        let (year, quarter) = (from.year(), (from.month() + 2) / 3);
        let (key, name) = if months == 1 {
            (from.strftime("%Y-%m").to_string(), from.strftime("%B %Y").to_string())
        } else {
            (format!("{year:04}-Q{quarter}"), format!("quarter {quarter} of {year}"))
        };
        Span { from, to, key, name }
    }

    /// The last whole period before a day.
    #[must_use]
    pub fn before(self, day: Date) -> Span {
        self.around(self.around(day).from.saturating_sub(1.day()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_whole_week_month_and_quarter_are_those_of_the_calendar() {
        for (day, period, from, to, key) in [
            ("2026-03-09", Period::Week, "2026-03-02", "2026-03-08", "2026-W10"),
            ("2026-03-15", Period::Week, "2026-03-02", "2026-03-08", "2026-W10"),
            ("2027-01-04", Period::Week, "2026-12-28", "2027-01-03", "2026-W53"),
            ("2026-03-31", Period::Month, "2026-02-01", "2026-02-28", "2026-02"),
            ("2026-01-01", Period::Month, "2025-12-01", "2025-12-31", "2025-12"),
            ("2026-06-30", Period::Quarter, "2026-01-01", "2026-03-31", "2026-Q1"),
            ("2026-01-31", Period::Quarter, "2025-10-01", "2025-12-31", "2025-Q4"),
        ] {
            let span = period.before(day.parse().unwrap());
            assert_eq!(
                (span.from.to_string(), span.to.to_string(), span.key),
                (from.to_owned(), to.to_owned(), key.to_owned())
            );
        }
    }
}
