//! The person a cadence is for.

use super::Address;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A prospect as known when enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prospect {
    /// Where mail goes, exactly as enrolled.
    pub address: Address,
    /// The display name, when a mail gave one.
    pub name: Option<String>,
    /// Further words for the templates (`company`, `title`, `phone`, `linkedin`, `industry` …), lower-case keys.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Where the prospect's clock stands.
    pub zone: Zone,
}

impl Prospect {
    /// The first name, if the name has one that can be told: `Doe, Jane` and `Jane Doe` give `Jane`.
    #[must_use]
    pub fn first_name(&self) -> Option<&str> {
        let name = self.name.as_deref()?;
        let given = name.split_once(',').map_or(name, |(_, given)| given);
        given.split_whitespace().find(|word| !is_title(word))
    }

    /// The last name, if there is more than one word.
    #[must_use]
    pub fn last_name(&self) -> Option<&str> {
        let name = self.name.as_deref()?;
        if let Some((last, _)) = name.split_once(',') {
            return Some(last.trim()).filter(|last| !last.is_empty());
        }
        let mut words = name.split_whitespace().filter(|word| !is_title(word));
        words.next()?;
        words.next_back()
    }

    /// What was not known, or was known wrongly.
    pub fn learn(&mut self, fields: &BTreeMap<String, String>) {
        for (field, value) in fields {
            if field == "name" {
                self.name = Some(value.clone());
            } else {
                self.fields.insert(field.clone(), value.clone());
            }
        }
    }

    /// What the prospect is called in mails to the rep.
    #[must_use]
    pub fn label(&self) -> &str {
        match &self.name {
            Some(name) => name,
            None if self.address.is_forgotten() => super::FORGOTTEN,
            None => self.address.as_str(),
        }
    }
}

fn is_title(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.').to_lowercase().as_str(),
        "dr" | "prof" | "mr" | "mrs" | "ms" | "herr" | "frau" | "mme" | "ing"
    )
}

/// A zone and how it was found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// An IANA name (`Europe/Berlin`) or a fixed offset (`+02:00`); of several plausible ones the likeliest.
    pub name: String,
    /// The others that are plausible: touches go out when it is time by the clock of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<String>,
    /// How it was found.
    pub reason: ZoneReason,
}

impl Zone {
    /// The one zone.
    #[must_use]
    pub fn one(name: String, reason: ZoneReason) -> Self {
        Self {
            name,
            others: Vec::new(),
            reason,
        }
    }

    /// Several plausible zones, the likeliest first; `None` without any.
    #[must_use]
    pub fn of(names: &[&str], reason: ZoneReason) -> Option<Self> {
        let (first, others) = names.split_first()?;
        Some(Self {
            name: (*first).to_owned(),
            others: others.iter().map(|name| (*name).to_owned()).collect(),
            reason,
        })
    }

    /// The rules of the zone; UTC when the name is unknown to this build, which loading refuses.
    #[must_use]
    pub fn rules(&self) -> TimeZone {
        Self::rules_of(&self.name).unwrap_or(TimeZone::UTC)
    }

    /// The rules behind a name: an IANA name or an offset such as `+02:00`.
    #[must_use]
    pub fn rules_of(name: &str) -> Option<TimeZone> {
        offset_minutes(name)
            .and_then(|minutes| Offset::from_seconds(minutes * 60).ok())
            .map(TimeZone::fixed)
            .or_else(|| TimeZone::get(name).ok())
    }

    /// The name of a fixed offset.
    #[must_use]
    pub fn of_offset(minutes: i16) -> String {
        let sign = if minutes < 0 { '-' } else { '+' };
        format!(
            "{sign}{:02}:{:02}",
            minutes.unsigned_abs() / 60,
            minutes.unsigned_abs() % 60
        )
    }
}

fn offset_minutes(name: &str) -> Option<i32> {
    let (sign, rest) = name.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i32>().ok()).flatten()
    };
    Some(sign * (number(hours)? * 60 + number(minutes)?))
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({}", self.name)?;
        self.others.iter().try_for_each(|other| write!(f, " & {other}"))?;
        write!(f, ", {})", self.reason.word())
    }
}

/// How a prospect's zone was found, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ZoneReason {
    /// Somebody said it.
    Given,
    /// The offset in the `Date` of a mail that the prospect wrote.
    DateHeader,
    /// The prefix of the telephone number.
    Phone,
    /// The country that somebody said.
    Country,
    /// The country code of the address.
    CountryCode,
    /// Nothing else was known, so the rep's own.
    Rep,
}

impl ZoneReason {
    /// The reason as a rep reads it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::DateHeader => "from the Date header",
            Self::Phone => "from the phone number",
            Self::Country => "from the country given",
            Self::CountryCode => "from the address's country",
            Self::Rep => "yours, nothing else is known",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Prospect {
        Prospect {
            address: Address::parse("jane@acme.com").expect("an address"),
            name: Some(name.to_owned()),
            fields: BTreeMap::new(),
            zone: Zone::one("UTC".to_owned(), ZoneReason::Given),
        }
    }

    #[test]
    fn names_are_taken_apart_as_people_write_them() {
        for (name, first, last) in [
            ("Jane Doe", Some("Jane"), Some("Doe")),
            ("Doe, Jane", Some("Jane"), Some("Doe")),
            ("Dr. Jane van Doe", Some("Jane"), Some("Doe")),
            ("Jane", Some("Jane"), None),
        ] {
            assert_eq!(
                (named(name).first_name(), named(name).last_name()),
                (first, last),
                "{name}"
            );
        }
    }

    #[test]
    fn an_offset_is_a_zone_too() {
        let rules = Zone::rules_of("+02:00").expect("a zone");
        let noon = jiff::civil::date(2026, 3, 9)
            .at(12, 0, 0, 0)
            .to_zoned(rules)
            .expect("a moment");
        assert_eq!(noon.timestamp().to_string(), "2026-03-09T10:00:00Z");
        for bad in ["Mars/Olympus", "+99:00", "+99999999:00", "+1:-5", "+", ""] {
            assert!(Zone::rules_of(bad).is_none(), "{bad}");
        }
    }
}
