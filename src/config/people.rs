//! Every `[[rep]]`.

use super::hours::{clock, days};
use super::read::{Found, Place, Section, nearest};
use super::sections::{Around, address, top_keys};
use super::{Watch, defaults, pace, servers};
use crate::model::{Address, Away, Rep, limits};
use jiff::tz::TimeZone;

/// What all `[[rep]]` say.
pub(super) struct People {
    pub reps: Vec<Rep>,
    pub watches: Vec<Watch>,
    pub away: Vec<Away>,
}

/// Every `[[rep]]`.
pub(super) fn reps(top: &Section<'_, '_>, around: &Around<'_>, bot: Option<&Address>) -> People {
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
    let mut away: Vec<Away> = Vec::new();
    let mut known: Vec<Found<Address>> = Vec::new();
    for section in sections.into_iter().take(limits::REPS) {
        let address = section.parsed(section.need("address", "the rep's mail address"), address);
        if let Some(address) = &address {
            clashes(&section, address, bot, &known);
        }
        known.extend(address.clone());
        let rep_address = address.as_ref().map(|found| &found.value);
        watches.extend(servers::watch(&section, around, rep_address));
        away.extend(vacation(&section, rep_address));
        reps.extend(rep(&section, address));
        section.finish(top_keys());
    }
    People { reps, watches, away }
}

/// `vacation`: days, or spans of days.
fn vacation(section: &Section<'_, '_>, rep: Option<&Address>) -> Vec<Away> {
    let spans = days(section, "vacation");
    let away = |rep: &Address| {
        let each = spans.iter().map(|(from, to)| Away {
            rep: rep.clone(),
            from: *from,
            to: *to,
        });
        each.collect()
    };
    rep.map(away).unwrap_or_default()
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

pub(super) fn zone(text: &str) -> Result<(String, TimeZone), String> {
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
