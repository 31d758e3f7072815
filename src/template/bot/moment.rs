//! Moments as reps read them: `Thu 5 Mar 09:30`, here and there.

use crate::model::{Rep, Zone, ZoneReason};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// `Thu 5 Mar 09:30` on the clock of `zone`.
pub(super) fn full(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %H:%M").to_string()
}

/// `09:30` on the clock of `zone`.
pub(super) fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// `at 07:58`, with the day when it is not `date`: `on Thu 5 Mar at 07:58`.
pub(super) fn on_day(at: Timestamp, date: Date, zone: &TimeZone) -> String {
    let there = at.to_zoned(zone.clone());
    if there.date() == date {
        there.strftime("at %H:%M").to_string()
    } else {
        there.strftime("on %a %-d %b at %H:%M").to_string()
    }
}

/// `Monday 9 March`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%A %-d %B").to_string()
}

/// The same moment on the rep's clock, when that shows something else: `08:30`, with the day when that differs too.
pub(super) fn elsewhere(at: Timestamp, there: &TimeZone, here: &TimeZone) -> Option<String> {
    let there = at.to_zoned(there.clone());
    let here_at = at.to_zoned(here.clone());
    if there.datetime() == here_at.datetime() {
        None
    } else if there.date() == here_at.date() {
        Some(time(at, here))
    } else {
        Some(here_at.strftime("%a %-d %b %H:%M").to_string())
    }
}

/// What time it is there when the rep reads the digest: `14:00 there at 08:00 yours`.
pub(super) fn there(zone: &Zone, rep: &Rep, date: Date) -> Option<String> {
    let reading = date
        .to_datetime(rep.digest_at)
        .to_zoned(rep.zone.clone())
        .ok()?
        .timestamp();
    let rules = zone.rules();
    elsewhere(reading, &rules, &rep.zone)?;
    Some(format!(
        "{} there at {} yours",
        time(reading, &rules),
        time(reading, &rep.zone)
    ))
}

/// That other zones are as plausible, if so.
fn others(zone: &Zone) -> String {
    if zone.others.is_empty() {
        return String::new();
    }
    format!(
        "; it may also be {}, so touches go out at hours that suit all of these",
        zone.others.join(", ")
    )
}

/// Whose clock the dates of a receipt are on, and how that is known.
pub(super) fn reason(zone: &Zone, rep: &Rep) -> String {
    match zone.reason {
        ZoneReason::Rep => format!(
            "Times are yours ({}), since nothing tells where the prospect is.",
            rep.zone_name
        ),
        ZoneReason::Given
        | ZoneReason::DateHeader
        | ZoneReason::Phone
        | ZoneReason::Country
        | ZoneReason::CountryCode => format!(
            "Times are the prospect's: {}, {}{}. Yours is {}.",
            zone.name,
            zone.reason.word(),
            others(zone),
            rep.zone_name
        ),
    }
}
