//! `[hours]`: windows, days of the week, lunch, and the days on which nothing goes out.

use super::defaults;
use super::read::{Found, Section, nearest};
use super::sections::{Around, top_keys};
use crate::mail::days_off;
use crate::model::{Hours, Window, limits};
use crate::rules::holidays;
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};
use std::collections::BTreeSet;
use std::io::Read;

/// `[hours]`.
pub(super) fn hours(top: &Section<'_, '_>, around: &Around<'_>) -> Option<Hours> {
    let section = top.section("hours");
    let window = span_of_day(&section, "window", Some(defaults::WINDOW));
    let lunch = span_of_day(&section, "lunch", None);
    if let (Some(window), Some(lunch)) = (&window, &lunch)
        && !(window.from < lunch.from && lunch.to < window.to)
    {
        section.wrong(
            &section.section("lunch").head("from"),
            "expected a time inside the window, so that touches come before and after it",
        );
    }
    let mut holidays: BTreeSet<Date> = BTreeSet::new();
    for (from, to) in days(&section, "holidays") {
        holidays.extend(from.series(1.day()).take_while(|day| *day <= to));
    }
    holidays.extend(calendars(&section, around));
    let weekdays = weekdays(&section, "weekdays").unwrap_or_else(|| Hours::USUAL_WEEKDAYS.into());
    let prefer = weekdays_preferred(&section, &weekdays);
    let public = section.flag("public_holidays").is_none_or(|flag| flag.value);
    section.finish(top_keys());
    Some(Hours {
        window: window?,
        weekdays,
        holidays,
        lunch,
        prefer,
        public,
        away: Vec::new(),
    })
}

/// `{ from = "09:00", to = "17:00" }`.
fn span_of_day(section: &Section<'_, '_>, key: &'static str, default: Option<(&str, &str)>) -> Option<Window> {
    let span = section.section(key);
    if !span.is_there() && default.is_none() {
        // Asked for all the same, so that the example has to explain it.
        let _ = (span.text("from"), span.text("to"));
        return None;
    }
    let read = |key: &'static str, default: Option<&str>| match default {
        Some(default) => clock(&span, key, default),
        None => span
            .parsed(span.need(key, "a time, \"12:00\""), time)
            .map(|found| found.value),
    };
    let from = read("from", default.map(|(from, _)| from));
    let to = read("to", default.map(|(_, to)| to));
    if let (Some(from), Some(to)) = (&from, &to)
        && from >= to
    {
        span.wrong(
            &span.head("to"),
            "expected a time after `from`; a window does not go past midnight",
        );
    }
    span.finish(top_keys());
    Some(Window { from: from?, to: to? })
}

/// `calendars`: countries and regions by code, and `.ics` files of the company's own. Days long past are left out.
fn calendars(section: &Section<'_, '_>, around: &Around<'_>) -> Vec<Date> {
    let list = section.list(
        "calendars",
        "a list of countries, regions and .ics files, [\"DE-BY\", \"company.ics\"]",
    );
    let mut days = Vec::new();
    for entry in list.map_or_else(Vec::new, |list| list.value) {
        if entry.value.to_lowercase().ends_with(".ics") {
            match ics(&around.path(&entry.value)) {
                Ok(found) => days.extend(found),
                Err(why) => section.wrong(&entry.at, why),
            }
        } else if let Some(found) = holidays::of(&entry.value) {
            days.extend(found.all().map(|(day, _)| day));
        } else {
            let hint = nearest(&entry.value.to_uppercase(), holidays::codes());
            let hint = hint.map_or(String::new(), |known| format!("; did you mean \"{known}\"?"));
            let what = "expected a country or region that there is a calendar of (\"DE\", \"DE-BY\"), or a file that ends with .ics";
            section.wrong(&entry.at, format!("{what}, found \"{}\"{hint}", entry.value));
        }
    }
    days
}

fn ics(path: &std::path::Path) -> Result<Vec<Date>, String> {
    let name = path.display();
    let opened = std::fs::File::open(path).map_err(|error| format!("{name} cannot be opened: {error}"))?;
    let mut text = String::new();
    let read = opened.take(limits::FILE + 1).read_to_string(&mut text);
    read.map_err(|error| format!("{name} cannot be read: {error}"))?;
    if text.len() as u64 > limits::FILE {
        return Err(format!("{name} is larger than {} bytes", limits::FILE));
    }
    days_off::read(&text).map_err(|why| format!("{name}: {why}"))
}

/// Days of the week under a key; a list without one is reported.
fn weekdays(section: &Section<'_, '_>, key: &'static str) -> Option<Vec<Weekday>> {
    let list = section.list(key, "a list of days, [\"Mon\", \"Tue\"]")?;
    if list.value.is_empty() && key == "weekdays" {
        section.wrong(&list.at, "expected at least one day of the week");
    }
    let days = list
        .value
        .into_iter()
        .filter_map(|day| section.parsed(Some(day), weekday));
    Some(days.map(|found| found.value).collect())
}

/// `prefer`: days of work, or nothing would ever go out on them.
fn weekdays_preferred(section: &Section<'_, '_>, worked: &[Weekday]) -> Vec<Weekday> {
    let preferred = weekdays(section, "prefer").unwrap_or_default();
    if preferred.iter().any(|day| !worked.contains(day)) {
        let at = section.list("prefer", "a list of days").map(|list| list.at);
        section.wrong(
            &at.unwrap_or_else(|| section.head("prefer")),
            "expected days that are in `weekdays`",
        );
    }
    preferred
}

fn weekday(text: &str) -> Result<Weekday, String> {
    let week = defaults::WEEK.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    week.map(|(_, day)| *day)
        .ok_or_else(|| "expected Mon, Tue, Wed, Thu, Fri, Sat or Sun".to_owned())
}

/// Days, `2026-12-25`, and spans of days, `2026-12-24/2027-01-01`, each as its first and its last day.
pub(super) fn days(section: &Section<'_, '_>, key: &'static str) -> Vec<(Date, Date)> {
    let list = section.list(key, "a list of dates, [\"2026-12-25\", \"2026-12-28/2027-01-01\"]");
    let list: Vec<Found<String>> = list.map_or_else(Vec::new, |list| list.value);
    let spans = list.into_iter().filter_map(|entry| section.parsed(Some(entry), span));
    spans.map(|found| found.value).collect()
}

fn span(text: &str) -> Result<(Date, Date), String> {
    let Some((from, to)) = text.split_once('/') else {
        return date(text).map(|day| (day, day));
    };
    let (from, to) = (date(from.trim())?, date(to.trim())?);
    let most = from.checked_add(limits::DAYS_OFF.days()).unwrap_or(from);
    match to {
        to if to < from => Err("expected a last day that is not before the first".to_owned()),
        to if to > most => Err(format!("expected at most {} days", limits::DAYS_OFF)),
        to => Ok((from, to)),
    }
}

fn date(text: &str) -> Result<Date, String> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "expected a date such as 2026-12-25".to_owned())
}

/// A clock time under `key`, or its default.
pub(super) fn clock(section: &Section<'_, '_>, key: &'static str, default: &str) -> Option<Time> {
    match section.text(key) {
        Some(found) => section.parsed(Some(found), time).map(|found| found.value),
        // The section exists and the key does not, or its type was wrong, which is reported already.
        None => time(default).ok(),
    }
}

/// `09:00`, and `09:00:00` as TOML's own times have it.
fn time(text: &str) -> Result<Time, String> {
    let plain = text
        .strip_suffix(":00")
        .filter(|rest| rest.contains(':'))
        .unwrap_or(text);
    Time::strptime("%H:%M", plain).map_err(|_| "expected a time from 00:00 to 23:59".to_owned())
}
