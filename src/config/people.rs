//! `[hours]` and every `[[rep]]`.

use super::read::{Found, Place, Section, nearest};
use super::sections::{Around, address, top_keys};
use super::{Watch, defaults, pace, servers};
use crate::model::{Address, Hours, Rep, Window, limits};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// `[hours]`.
pub(super) fn hours(top: &Section<'_, '_>) -> Option<Hours> {
    let section = top.section("hours");
    let window = section.section("window");
    let from = clock(&window, "from", defaults::WINDOW.0);
    let to = clock(&window, "to", defaults::WINDOW.1);
    let at = window.head("to");
    if let (Some(from), Some(to)) = (&from, &to)
        && from >= to
    {
        window.wrong(&at, "expected a time after `from`; a window does not go past midnight");
    }
    window.finish(top_keys());
    let days = section.list("holidays", "a list of dates, [\"2026-12-25\"]");
    let days: Vec<Found<String>> = days.map_or_else(Vec::new, |list| list.value);
    let holidays: BTreeSet<Date> = days
        .into_iter()
        .filter_map(|day| section.parsed(Some(day), date))
        .map(|found| found.value)
        .collect();
    let weekdays = weekdays(&section);
    section.finish(top_keys());
    let window = Window { from: from?, to: to? };
    Some(Hours {
        window,
        weekdays,
        holidays,
    })
}

/// `weekdays`, or Monday to Friday; a week without a day of work is reported.
fn weekdays(section: &Section<'_, '_>) -> Vec<Weekday> {
    let Some(list) = section.list("weekdays", "a list of days, [\"Mon\", \"Tue\"]") else {
        return Hours::USUAL_WEEKDAYS.into();
    };
    if list.value.is_empty() {
        section.wrong(&list.at, "expected at least one day of the week");
    }
    let days = list
        .value
        .into_iter()
        .filter_map(|day| section.parsed(Some(day), weekday));
    days.map(|found| found.value).collect()
}

fn weekday(text: &str) -> Result<Weekday, String> {
    let week = defaults::WEEK.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    week.map(|(_, day)| *day)
        .ok_or_else(|| "expected Mon, Tue, Wed, Thu, Fri, Sat or Sun".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| "expected a date such as 2026-12-25".to_owned())
}

/// A clock time under `key`, or its default.
fn clock(section: &Section<'_, '_>, key: &'static str, default: &str) -> Option<Time> {
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

/// Every `[[rep]]`.
pub(super) fn reps(top: &Section<'_, '_>, around: &Around<'_>, bot: Option<&Address>) -> (Vec<Rep>, Vec<Watch>) {
    let sections = top.sections("rep");
    if sections.is_empty() && !top.has("rep") {
        let what = "missing: at least one `[[rep]]` with address, name and zone";
        top.wrong(&top.head("[[rep]]"), what);
    }
    if sections.len() > limits::REPS {
        top.wrong(&top.head("[[rep]]"), format!("expected at most {} reps", limits::REPS));
    }
    let mut reps: Vec<Rep> = Vec::new();
    let mut watches: Vec<Watch> = Vec::new();
    let mut known: Vec<Found<Address>> = Vec::new();
    for section in sections.into_iter().take(limits::REPS) {
        let address = section.parsed(section.need("address", "the rep's mail address"), address);
        if let Some(address) = &address {
            clashes(&section, address, bot, &known);
        }
        known.extend(address.clone());
        let rep_address = address.as_ref().map(|found| &found.value);
        watches.extend(servers::watch(&section, around, rep_address));
        reps.extend(rep(&section, address));
        section.finish(top_keys());
    }
    (reps, watches)
}

fn clashes(section: &Section<'_, '_>, rep: &Found<Address>, bot: Option<&Address>, known: &[Found<Address>]) {
    if bot.is_some_and(|bot| bot.loose() == rep.value.loose()) {
        section.wrong(&rep.at, "this is the bot's own address; a rep needs one of their own");
    }
    if let Some(other) = known.iter().find(|other| other.value.same_as(&rep.value)) {
        section.wrong(
            &rep.at,
            format!("another rep has this address ({})", section.where_is(&other.at)),
        );
    }
}

fn rep(section: &Section<'_, '_>, address: Option<Found<Address>>) -> Option<Rep> {
    let name = section.need("name", "the rep's name as prospects see it");
    let zone = section.parsed(section.need("zone", "the rep's time zone, \"Europe/Berlin\""), zone);
    let digest = clock(section, "digest", defaults::DIGEST);
    let turn = section.number("code_turn", 1, i64::from(u32::MAX));
    let text = |key| section.text(key).map(|found| found.value);
    let daily_cap = pace::cap(section, "daily_cap");
    let signature = text("signature").map(|text| text.trim_end().to_owned());
    let (title, phone) = (text("title"), text("phone"));
    let link = section.parsed(section.text("calendar_link"), web_link);
    let (zone_name, zone) = zone?.value;
    Some(Rep {
        address: address?.value,
        name: name?.value.trim().to_owned(),
        zone,
        zone_name,
        digest_at: digest?,
        code_turn: turn.map_or(defaults::CODE_TURN, |found| {
            u32::try_from(found.value).unwrap_or(defaults::CODE_TURN)
        }),
        daily_cap,
        signature,
        title,
        phone,
        calendar_link: link.map(|link| link.value),
    })
}

fn web_link(text: &str) -> Result<String, String> {
    let fine = text.starts_with("https://") || text.starts_with("http://");
    if fine && !text.contains(char::is_whitespace) {
        Ok(text.to_owned())
    } else {
        Err("expected a link that begins with https://".to_owned())
    }
}

fn zone(text: &str) -> Result<(String, TimeZone), String> {
    let Ok(zone) = TimeZone::get(text) else {
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let example = nearest(text, names.iter().map(String::as_str)).unwrap_or("Europe/Berlin");
        return Err(format!("expected a time zone such as \"{example}\""));
    };
    let name = zone.iana_name().unwrap_or(text).to_owned();
    Ok((name, zone))
}

impl Section<'_, '_> {
    /// The line of another place of the file, for a message.
    fn where_is(&self, other: &Place) -> String {
        format!("line {}", self.line_of(other))
    }
}
