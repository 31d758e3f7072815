//! What an international telephone number tells: the zones it may ring in, and the country.
//!
//! Standards: ITU-T E.164. The table is generated from libphonenumber (data/README.md). Not here: national numbers without
//! `+` or `00`, which mean another place in each country.

use super::{country, zone};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The longest number that E.164 knows.
const DIGITS: usize = 15;

/// The zones that a number may ring in, the nearest first; nothing when the number does not tell.
pub(super) fn zones(number: &str) -> Vec<&'static str> {
    let Some(digits) = international(number) else {
        return Vec::new();
    };
    let found = (1..=digits.len())
        .rev()
        .find_map(|length| table().get(digits.get(..length)?));
    let zones: Vec<&str> = found.map(|zones| zones.split(' ').collect()).unwrap_or_default();
    if zones.len() <= zone::MOST {
        return zones;
    }
    // A code of twenty countries says less than the country that most of its numbers are in.
    let code = (1..=3).rev().find_map(|length| country::calling(digits.get(..length)?));
    code.map(zone::of_country)
        .filter(|theirs| !theirs.is_empty())
        .unwrap_or(zones)
}

/// The country of a number.
pub(super) fn country(number: &str) -> Option<&'static str> {
    let digits = international(number)?;
    let by_code = (1..=3)
        .rev()
        .find_map(|length| country::calling(digits.get(..length)?))?;
    if by_code != "US" {
        return Some(by_code);
    }
    // North America shares one code, and area codes tell where they are.
    let area = digits.get(..4).and_then(|area| table().get(area))?;
    zone::country_of(area.split(' ').next()?)
}

/// The digits behind `+` or `00`.
fn international(number: &str) -> Option<String> {
    let number = number.trim();
    let plus = number.trim_start_matches('(').starts_with('+');
    // `+49 (0)30` is written by many and dialled by nobody.
    let digits: String = number
        .replace("(0)", "")
        .chars()
        .filter(char::is_ascii_digit)
        .take(DIGITS + 2)
        .collect();
    let digits = if plus {
        digits.as_str()
    } else {
        digits.strip_prefix("00")?
    };
    (4..=DIGITS).contains(&digits.len()).then(|| digits.to_owned())
}

fn table() -> &'static BTreeMap<&'static str, &'static str> {
    static TABLE: OnceLock<BTreeMap<&str, &str>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = include_str!("../../data/phones.txt").lines();
        lines
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(' '))
            .collect()
    })
}
