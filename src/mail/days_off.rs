//! The days that a calendar file names: holidays and days of rest of a company, exported by any calendar program.
//!
//! Every event of whole days counts, whatever it is called; appointments at an hour do not, nor do cancelled ones. One that
//! comes every year is taken for the years of the public holidays.
//!
//! Standards: RFC 5545 3.6.1 (DTEND of a day is the day after the last), 3.3.10 (FREQ=YEARLY without more). Known gaps: other
//! repetitions, which are refused and not guessed. Limits: [`limits::CALENDAR_DAYS`].

use crate::model::limits;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarStatus, ICalendarValue,
};
use calcard::{Entry, Parser};
use jiff::ToSpan;
use jiff::civil::Date;

/// Years for which a yearly event is taken.
const YEARS: i16 = 20;

/// Reads a calendar.
///
/// # Errors
/// Says what is wrong with it, for people.
pub fn read(text: &str) -> Result<Vec<Date>, String> {
    let mut days = Vec::new();
    match Parser::new(text).entry() {
        Entry::ICalendar(calendar) => events(&calendar, &mut days)?,
        _ => return Err("this is no calendar file (RFC 5545): export it as .ics once more".to_owned()),
    }
    if days.is_empty() {
        return Err("it names no whole day: events at an hour do not count".to_owned());
    }
    Ok(days)
}

fn events(calendar: &ICalendar, days: &mut Vec<Date>) -> Result<(), String> {
    for event in calendar
        .components
        .iter()
        .filter(|part| part.component_type == ICalendarComponentType::VEvent)
    {
        let Some(from) = date(event, &ICalendarProperty::Dtstart).filter(|_| !is_cancelled(event)) else {
            continue;
        };
        let behind = date(event, &ICalendarProperty::Dtend).filter(|end| *end > from);
        let behind = behind.unwrap_or_else(|| from.saturating_add(1.day()));
        let length = from.until(behind).map_or(1, |span| i64::from(span.get_days()));
        if length > limits::DAYS_OFF {
            return Err(format!(
                "an event from {from} on lasts more than {} days",
                limits::DAYS_OFF
            ));
        }
        for first in repeated(event, from)? {
            days.extend((0..length).filter_map(|day| first.checked_add(day.days()).ok()));
        }
        if days.len() > limits::CALENDAR_DAYS {
            return Err(format!("it names more than {} days", limits::CALENDAR_DAYS));
        }
    }
    Ok(())
}

/// The first days of an event, one for each time it comes.
fn repeated(event: &ICalendarComponent, from: Date) -> Result<Vec<Date>, String> {
    let Some(rule) = event.property(&ICalendarProperty::Rrule) else {
        return Ok(vec![from]);
    };
    let rule = rule.values.iter().find_map(|value| match value {
        ICalendarValue::RecurrenceRule(rule) => Some(rule.to_string().to_uppercase()),
        _ => None,
    });
    let part = |name: &str| {
        let rule = rule.as_deref().unwrap_or_default();
        let mut parts = rule.split(';').filter_map(|part| part.split_once('='));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    };
    let plain = rule.iter().flat_map(|rule| rule.split(';')).all(|part| {
        part == "FREQ=YEARLY" || part == "INTERVAL=1" || part.starts_with("COUNT=") || part.starts_with("UNTIL=")
    });
    if !plain || part("FREQ").is_none() {
        return Err(format!(
            "the event of {from} repeats in a way that is not read: write its days one by one"
        ));
    }
    let count = part("COUNT")
        .and_then(|count| count.parse::<i16>().ok())
        .unwrap_or(YEARS)
        .clamp(1, YEARS);
    let until = part("UNTIL").and_then(|until| Date::strptime("%Y%m%d", until.get(..8)?).ok());
    let each = (0..count).filter_map(|year| Date::new(from.year().checked_add(year)?, from.month(), from.day()).ok());
    Ok(each.filter(|day| until.is_none_or(|until| *day <= until)).collect())
}

/// A day, and nothing when it is an hour.
fn date(event: &ICalendarComponent, property: &ICalendarProperty) -> Option<Date> {
    let when = event.property(property)?.values.first()?.as_partial_date_time()?;
    if when.hour.is_some() {
        return None;
    }
    let small = |number: Option<u8>| number.and_then(|number| i8::try_from(number).ok());
    Date::new(i16::try_from(when.year?).ok()?, small(when.month)?, small(when.day)?).ok()
}

fn is_cancelled(event: &ICalendarComponent) -> bool {
    let status = event.property(&ICalendarProperty::Status);
    let mut values = status.into_iter().flat_map(|status| status.values.iter());
    values.any(|value| matches!(value, ICalendarValue::Status(ICalendarStatus::Cancelled)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(events: &str) -> String {
        let events = events.replace('\n', "\r\n");
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//acme.test//days//EN\r\n{events}END:VCALENDAR\r\n")
    }

    fn event(lines: &str) -> String {
        format!("BEGIN:VEVENT\nUID:{}@acme.test\n{lines}\nEND:VEVENT\n", lines.len())
    }

    #[test]
    fn whole_days_count_and_hours_do_not() {
        let text = calendar(
            &[
                event("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nSUMMARY:Between the years"),
                event("DTSTART:20260504T090000Z\nDTEND:20260504T100000Z\nSUMMARY:Breakfast"),
                event("DTSTART;VALUE=DATE:20260601\nSUMMARY:Founders' day"),
                event("DTSTART;VALUE=DATE:20260701\nSTATUS:CANCELLED\nSUMMARY:No party"),
            ]
            .concat(),
        );
        let days: Vec<String> = read(&text).expect("days").iter().map(Date::to_string).collect();
        assert_eq!(days, ["2026-12-24", "2026-12-25", "2026-12-26", "2026-06-01"]);
    }

    #[test]
    fn what_comes_every_year_does_and_other_repetitions_are_refused() {
        let yearly = calendar(&event("DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=YEARLY;UNTIL=20280601"));
        let days: Vec<String> = read(&yearly).expect("days").iter().map(Date::to_string).collect();
        assert_eq!(days, ["2026-06-01", "2027-06-01", "2028-06-01"]);
        let monthly = calendar(&event("DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=MONTHLY"));
        assert!(read(&monthly).expect_err("refused").contains("2026-06-01 repeats"));
        assert!(read("hello").expect_err("refused").contains("no calendar file"));
        assert!(read(&calendar("")).expect_err("refused").contains("no whole day"));
    }
}
