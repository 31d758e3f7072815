//! Where a prospect's clock stands, and on what evidence.
//!
//! Standards: ISO 3166 country codes as top-level domains, as far as the country has one zone (or one that nearly all of
//! its people live in). Not here, on purpose: countries of several zones (`us ca au br ru mx id cl …`) and endings that
//! stand for a word rather than a country (`io co ai me tv fm ly am to …`).

use crate::model::{Address, Rep, Zone, ZoneReason};
use jiff::Timestamp;

/// The prospect's zone: what somebody said, the Date offset of the prospect's own mail, the country of the address, the
/// rep's.
///
/// What was said counts when this build knows the zone. An offset of zero counts for nothing: many servers write every
/// `Date` in UTC. Real offsets lie between -12:00 and +14:00.
#[must_use]
pub fn zone(given: Option<&str>, address: &Address, date_offset_minutes: Option<i16>, rep: &Rep) -> Zone {
    let given = given.and_then(known).map(|name| (name, ZoneReason::Given));
    let offset = date_offset_minutes
        .filter(tells)
        .map(|minutes| (Zone::of_offset(minutes), ZoneReason::DateHeader));
    let country = country(address).map(|name| (name.to_owned(), ZoneReason::CountryCode));
    let (name, reason) = given
        .or(offset)
        .or(country)
        .unwrap_or_else(|| (rep.zone_name.clone(), ZoneReason::Rep));
    Zone { name, reason }
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
    let fits = zone.rules().to_offset(at).seconds() == i32::from(minutes) * 60;
    let reason = ZoneReason::DateHeader;
    match (fits, zone.reason == ZoneReason::Rep) {
        (true, false) => None,
        (true, true) => Some(Zone {
            name: zone.name.clone(),
            reason,
        }),
        (false, _) => Some(Zone {
            name: Zone::of_offset(minutes),
            reason,
        }),
    }
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

/// The zone of the country that the address ends with.
fn country(address: &Address) -> Option<&'static str> {
    let code = address.domain().rsplit('.').next()?;
    COUNTRIES
        .binary_search_by_key(&code, |(code, _)| code)
        .ok()
        .and_then(|found| COUNTRIES.get(found))
        .map(|(_, zone)| *zone)
}

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
        let zone = |name: &str, reason| Zone {
            name: name.to_owned(),
            reason,
        };
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
        let guess = zone("Europe/Madrid", ZoneReason::Rep);
        let known = told(&guess, Some(60), winter);
        assert_eq!(known.as_deref(), Some("Zone(Europe/Madrid, from the Date header)"));
        for nothing in [None, Some(0), Some(900), Some(-800)] {
            assert_eq!(told(&guess, nothing, winter), None, "{nothing:?}");
        }
    }

    #[test]
    fn countries_of_several_zones_and_endings_that_are_words_say_nothing() {
        for code in "us ca au br ru mx id cl ec kz mn pf io co ai me tv fm ly am to gg im la ws cc com eu".split(' ') {
            let address = Address::parse(&format!("jane@acme.{code}")).expect("an address");
            assert_eq!(country(&address), None, "{code}");
        }
    }
}
