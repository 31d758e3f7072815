//! Where a prospect's clock stands, and on what evidence.
//!
//! Of a country of several zones, or a telephone code of many places, all plausible zones are kept: the window is then the
//! hours that are inside it by the clock of each (`window`).
//!
//! Standards: ISO 3166 country codes as top-level domains. Not here, on purpose: endings that stand for a word rather than a
//! country (`io co ai me tv fm ly am to …`).

use super::{country, phone};
use crate::model::{Address, Rep, Zone, ZoneReason};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What tells about a zone.
#[derive(Debug, Clone, Copy)]
pub struct Hints<'a> {
    /// What somebody said it is.
    pub given: Option<&'a str>,
    /// The prospect's address.
    pub address: &'a Address,
    /// Their telephone number.
    pub phone: Option<&'a str>,
    /// The country that somebody said, by code or name.
    pub country: Option<&'a str>,
    /// The offset in the `Date` of a mail that they wrote, in minutes east of UTC.
    pub offset: Option<i16>,
}

impl<'a> Hints<'a> {
    /// What an address, the words about a prospect (`timezone`, `phone`, `country`) and the offset of their own mail tell.
    #[must_use]
    pub fn of(address: &'a Address, fields: &'a BTreeMap<String, String>, offset: Option<i16>) -> Self {
        let field = |name: &str| fields.get(name).map(String::as_str);
        Self {
            given: field("timezone").or_else(|| field("zone")),
            address,
            phone: field("phone"),
            country: field("country"),
            offset,
        }
    }
}

/// The most zones that are looked at together; a code that stands for more of them tells too little.
pub(super) const MOST: usize = 6;

/// The prospect's zone: what somebody said, the Date offset of the prospect's own mail, the telephone number, the country,
/// the ending of the address, the rep's.
///
/// What was said counts when this build knows the zone. An offset of zero counts for nothing: many servers write every
/// `Date` in UTC. Real offsets lie between -12:00 and +14:00. An offset that a plausible zone of the number or the country
/// has at `now` means that zone, which knows about summer as well.
#[must_use]
pub fn zone(hints: &Hints<'_>, rep: &Rep, now: Timestamp) -> Zone {
    if let Some(name) = hints.given.and_then(known) {
        return Zone::one(name, ZoneReason::Given);
    }
    let (plausible, reason) = plausible(hints);
    if let Some(minutes) = hints.offset.filter(tells) {
        let agreeing: Vec<&str> = plausible
            .iter()
            .filter(|name| shows(name, minutes, now))
            .copied()
            .collect();
        return Zone::of(&agreeing, ZoneReason::DateHeader)
            .unwrap_or_else(|| Zone::one(Zone::of_offset(minutes), ZoneReason::DateHeader));
    }
    Zone::of(&plausible, reason).unwrap_or_else(|| Zone::one(rep.zone_name.clone(), ZoneReason::Rep))
}

/// The zones that the strongest hint leaves.
fn plausible(hints: &Hints<'_>) -> (Vec<&'static str>, ZoneReason) {
    let phone = hints.phone.map(phone::zones).unwrap_or_default();
    if !phone.is_empty() {
        return (phone, ZoneReason::Phone);
    }
    let said = hints
        .country
        .and_then(country::named)
        .map(of_country)
        .unwrap_or_default();
    if !said.is_empty() {
        return (said, ZoneReason::Country);
    }
    (
        ending(hints.address).map(zones).unwrap_or_default(),
        ZoneReason::CountryCode,
    )
}

/// What a mail that the prospect wrote at `at` tells of their zone, where nothing better is known: nothing when somebody said
/// it, or when the zone that is known shows the same time then. A zone of the same offset that was only guessed is now known,
/// and keeps its name, which knows when clocks change.
#[must_use]
pub fn learned(zone: &Zone, date_offset_minutes: Option<i16>, at: Timestamp) -> Option<Zone> {
    let minutes = date_offset_minutes.filter(tells)?;
    if zone.reason == ZoneReason::Given {
        return None;
    }
    let all = std::iter::once(&zone.name).chain(&zone.others).map(String::as_str);
    let agreeing: Vec<&str> = all.filter(|name| shows(name, minutes, at)).collect();
    let known = zone.reason != ZoneReason::Rep && agreeing.len() == zone.others.len() + 1;
    if known {
        return None;
    }
    let found = Zone::of(&agreeing, ZoneReason::DateHeader);
    found.or_else(|| Some(Zone::one(Zone::of_offset(minutes), ZoneReason::DateHeader)))
}

/// Whether the clock of a zone was so many minutes east of UTC at a moment.
fn shows(name: &str, minutes: i16, at: Timestamp) -> bool {
    let rules = Zone::rules_of(name);
    rules.is_some_and(|rules| rules.to_offset(at).seconds() == i32::from(minutes) * 60)
}

/// Whether an offset is one of a person's clock.
fn tells(minutes: &i16) -> bool {
    (-720..=840).contains(minutes) && *minutes != 0
}

/// The name of a zone as the database writes it, if there is one.
fn known(name: &str) -> Option<String> {
    let name = name.trim();
    let rules = Zone::rules_of(name)?;
    Some(rules.iana_name().unwrap_or(name).to_owned())
}

fn ending(address: &Address) -> Option<&str> {
    address.domain().rsplit('.').next()
}

/// The ISO code of the country that an address ends with.
pub(super) fn country_code(address: &Address) -> Option<&'static str> {
    match ending(address)? {
        // Colombia's ending stands for a company nearly everywhere.
        "co" => None,
        "uk" => Some("GB"),
        code => country::known(code),
    }
}

/// The zones of a country by its ISO code, where most people live first.
pub(super) fn of_country(code: &'static str) -> Vec<&'static str> {
    let code = code.to_ascii_lowercase();
    zones(if code == "gb" { "uk" } else { &code })
}

/// The zones of a country by its top-level domain.
fn zones(ending: &str) -> Vec<&'static str> {
    let one = COUNTRIES.binary_search_by_key(&ending, |(code, _)| code).ok();
    if let Some((_, zone)) = one.and_then(|found| COUNTRIES.get(found)) {
        return vec![zone];
    }
    let many = MANY.iter().find(|(code, _)| *code == ending);
    many.map(|(_, zones)| zones.to_vec()).unwrap_or_default()
}

/// The ISO code of the country that a zone is in, where it is in one only.
pub(super) fn country_of(zone: &str) -> Option<&'static str> {
    let one = COUNTRIES
        .iter()
        .find(|(_, known)| *known == zone)
        .map(|(code, _)| *code);
    let many = || {
        MANY.iter()
            .find(|(_, zones)| zones.contains(&zone))
            .map(|(code, _)| *code)
    };
    let rest = || {
        NORTH_AMERICA
            .iter()
            .find(|(_, zones)| zones.contains(&zone))
            .map(|(code, _)| *code)
    };
    let code = one.or_else(many).or_else(rest)?;
    country::known(if code == "uk" { "gb" } else { code })
}

/// Countries of several zones, with those that nearly all of their people live in, most of them first.
#[rustfmt::skip]
const MANY: &[(&str, &[&str])] = &[
    ("au", &["Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth"]),
    ("br", &["America/Sao_Paulo", "America/Manaus"]),
    ("ca", &["America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax"]),
    ("cd", &["Africa/Kinshasa", "Africa/Lubumbashi"]),
    ("id", &["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
    ("mx", &["America/Mexico_City", "America/Tijuana", "America/Hermosillo", "America/Cancun"]),
    ("ru", &["Europe/Moscow", "Asia/Yekaterinburg", "Europe/Samara", "Asia/Novosibirsk", "Asia/Omsk"]),
    ("us", &["America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver"]),
];

/// Further zones of the countries that share the calling code 1.
#[rustfmt::skip]
const NORTH_AMERICA: &[(&str, &[&str])] = &[
    ("us", &["America/Phoenix", "America/Detroit", "America/Boise", "America/Anchorage", "America/Juneau", "America/Adak",
        "America/North_Dakota/Center", "Pacific/Honolulu"]),
    ("ca", &["America/St_Johns", "America/Regina", "America/Fort_Nelson", "America/Moncton", "America/Whitehorse"]),
];

/// Country code and zone, by code.
const COUNTRIES: [(&str, &str); 88] = [
    ("ae", "Asia/Dubai"),
    ("al", "Europe/Tirane"),
    ("ar", "America/Argentina/Buenos_Aires"),
    ("at", "Europe/Vienna"),
    ("az", "Asia/Baku"),
    ("ba", "Europe/Sarajevo"),
    ("bd", "Asia/Dhaka"),
    ("be", "Europe/Brussels"),
    ("bg", "Europe/Sofia"),
    ("bh", "Asia/Bahrain"),
    ("bo", "America/La_Paz"),
    ("by", "Europe/Minsk"),
    ("ch", "Europe/Zurich"),
    ("cn", "Asia/Shanghai"),
    ("cr", "America/Costa_Rica"),
    ("cy", "Asia/Nicosia"),
    ("cz", "Europe/Prague"),
    ("de", "Europe/Berlin"),
    ("dk", "Europe/Copenhagen"),
    ("do", "America/Santo_Domingo"),
    ("dz", "Africa/Algiers"),
    ("ee", "Europe/Tallinn"),
    ("eg", "Africa/Cairo"),
    ("es", "Europe/Madrid"),
    ("et", "Africa/Addis_Ababa"),
    ("fi", "Europe/Helsinki"),
    ("fr", "Europe/Paris"),
    ("ge", "Asia/Tbilisi"),
    ("gh", "Africa/Accra"),
    ("gr", "Europe/Athens"),
    ("gt", "America/Guatemala"),
    ("hk", "Asia/Hong_Kong"),
    ("hr", "Europe/Zagreb"),
    ("hu", "Europe/Budapest"),
    ("ie", "Europe/Dublin"),
    ("il", "Asia/Jerusalem"),
    ("in", "Asia/Kolkata"),
    ("is", "Atlantic/Reykjavik"),
    ("it", "Europe/Rome"),
    ("jm", "America/Jamaica"),
    ("jo", "Asia/Amman"),
    ("jp", "Asia/Tokyo"),
    ("ke", "Africa/Nairobi"),
    ("kr", "Asia/Seoul"),
    ("kw", "Asia/Kuwait"),
    ("lb", "Asia/Beirut"),
    ("li", "Europe/Vaduz"),
    ("lk", "Asia/Colombo"),
    ("lt", "Europe/Vilnius"),
    ("lu", "Europe/Luxembourg"),
    ("lv", "Europe/Riga"),
    ("ma", "Africa/Casablanca"),
    ("md", "Europe/Chisinau"),
    ("mk", "Europe/Skopje"),
    ("mt", "Europe/Malta"),
    ("my", "Asia/Kuala_Lumpur"),
    ("ng", "Africa/Lagos"),
    ("nl", "Europe/Amsterdam"),
    ("no", "Europe/Oslo"),
    ("np", "Asia/Kathmandu"),
    ("nz", "Pacific/Auckland"),
    ("om", "Asia/Muscat"),
    ("pa", "America/Panama"),
    ("pe", "America/Lima"),
    ("ph", "Asia/Manila"),
    ("pk", "Asia/Karachi"),
    ("pl", "Europe/Warsaw"),
    ("pt", "Europe/Lisbon"),
    ("py", "America/Asuncion"),
    ("qa", "Asia/Qatar"),
    ("ro", "Europe/Bucharest"),
    ("rs", "Europe/Belgrade"),
    ("sa", "Asia/Riyadh"),
    ("se", "Europe/Stockholm"),
    ("sg", "Asia/Singapore"),
    ("si", "Europe/Ljubljana"),
    ("sk", "Europe/Bratislava"),
    ("th", "Asia/Bangkok"),
    ("tn", "Africa/Tunis"),
    ("tr", "Europe/Istanbul"),
    ("tw", "Asia/Taipei"),
    ("ua", "Europe/Kyiv"),
    ("ug", "Africa/Kampala"),
    ("uk", "Europe/London"),
    ("uy", "America/Montevideo"),
    ("uz", "Asia/Tashkent"),
    ("vn", "Asia/Ho_Chi_Minh"),
    ("za", "Africa/Johannesburg"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countries_stand_in_order_and_their_zones_exist() {
        assert!(COUNTRIES.is_sorted_by(|one, next| one.0 < next.0));
        for (code, zone) in COUNTRIES {
            assert!(Zone::rules_of(zone).is_some(), "{code}: {zone}");
        }
    }

    #[test]
    fn a_mail_tells_the_zone_where_nothing_better_is_known() {
        let zone = |name: &str, reason| Zone::one(name.to_owned(), reason);
        let told = |zone: &Zone, minutes, at: &str| {
            learned(zone, minutes, at.parse().expect("a time")).map(|zone| format!("{zone:?}"))
        };
        let (winter, summer) = ("2026-01-15T09:00:00Z", "2026-07-15T09:00:00Z");
        let given = zone("Europe/Berlin", ZoneReason::Given);
        assert_eq!(told(&given, Some(-300), winter), None, "who said it knows better");
        let country = zone("Europe/Berlin", ZoneReason::CountryCode);
        assert_eq!(told(&country, Some(60), winter), None, "that was known");
        assert_eq!(told(&country, Some(120), summer), None, "and so was summer time");
        let there = told(&country, Some(-300), winter);
        assert_eq!(there.as_deref(), Some("Zone(-05:00, from the Date header)"));
        let some = Zone::of(&["America/New_York", "America/Chicago"], ZoneReason::Phone).expect("zones");
        let one = told(&some, Some(-300), summer);
        assert_eq!(one.as_deref(), Some("Zone(America/Chicago, from the Date header)"));
        let guess = zone("Europe/Madrid", ZoneReason::Rep);
        let known = told(&guess, Some(60), winter);
        assert_eq!(known.as_deref(), Some("Zone(Europe/Madrid, from the Date header)"));
        for nothing in [None, Some(0), Some(900), Some(-800)] {
            assert_eq!(told(&guess, nothing, winter), None, "{nothing:?}");
        }
    }

    #[test]
    fn endings_that_are_words_say_nothing() {
        for code in "io co ai me tv fm ly am to gg im la ws cc com eu".split(' ') {
            let address = Address::parse(&format!("jane@acme.{code}")).expect("an address");
            assert_eq!((zones(code), country_code(&address)), (Vec::new(), None), "{code}");
        }
    }

    #[test]
    fn every_zone_of_the_tables_exists_and_is_in_its_country() {
        for (code, zones) in MANY.iter().chain(NORTH_AMERICA) {
            for zone in *zones {
                assert!(Zone::rules_of(zone).is_some(), "{code}: {zone}");
                let country = country_of(zone).map(str::to_ascii_lowercase);
                assert!(country.is_none_or(|found| found == *code), "{code}: {zone}");
            }
            assert!(zones.len() <= MOST.max(8), "{code}");
        }
    }
}
