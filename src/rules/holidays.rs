//! Public holidays of countries and their regions, 2020 to 2040.
//!
//! The table is generated from a maintained package and stands in the program (data/README.md), so that nothing is looked up
//! and every machine knows the same. Years beyond it have none. Limits: the countries of the table.

use jiff::civil::Date;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

/// The years that the table knows.
pub const YEARS: RangeInclusive<i16> = 2020..=2040;

/// The public holidays of one country or region.
#[derive(Debug, Default)]
pub struct Holidays {
    code: &'static str,
    /// Ascending.
    days: Vec<(Date, &'static str)>,
    /// Further names of a region, lower case.
    names: Vec<String>,
}

impl Holidays {
    /// What they are called by: `DE`, `DE-BY`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What a day is called, if it is a holiday.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&'static str> {
        let found = self.days.binary_search_by_key(&day, |(date, _)| *date).ok()?;
        self.days.get(found).map(|(_, name)| *name)
    }

    /// All of them, ascending.
    pub fn all(&self) -> impl Iterator<Item = (Date, &'static str)> + '_ {
        self.days.iter().copied()
    }
}

/// The holidays of a country or region by its code, upper and lower case alike.
#[must_use]
pub fn of(code: &str) -> Option<&'static Holidays> {
    table().get(code.trim().to_ascii_uppercase().as_str())
}

/// Every code there is, ascending.
pub fn codes() -> impl Iterator<Item = &'static str> {
    table().keys().copied()
}

/// The code of a region of a country that is called so: `BY`, `DE-BY`, `Bayern`.
#[must_use]
pub fn region(country: &str, text: &str) -> Option<&'static str> {
    let text = text.trim();
    let whole = of(text).filter(|found| found.code.split_once('-').is_some_and(|(of, _)| of == country));
    let part = || of(&format!("{country}-{text}"));
    let named = || {
        let text = text.to_lowercase();
        let theirs = |found: &&Holidays| found.code.split_once('-').is_some_and(|(of, _)| of == country);
        let mut regions = table().values().filter(theirs);
        regions.find(|found| found.names.contains(&text))
    };
    whole.or_else(part).or_else(named).map(|found| found.code)
}

fn table() -> &'static BTreeMap<&'static str, Holidays> {
    static TABLE: OnceLock<BTreeMap<&str, Holidays>> = OnceLock::new();
    TABLE.get_or_init(|| read(include_str!("../../data/holidays.txt")))
}

/// Reads the table, whose form its own head tells. A region has the days of its country but those it lacks.
fn read(text: &'static str) -> BTreeMap<&'static str, Holidays> {
    let mut table: BTreeMap<&str, Holidays> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split('\t');
        let code = parts.next().unwrap_or_default();
        if let Some(code) = code.strip_prefix('=') {
            let country = code.split_once('-').map_or(code, |(country, _)| country);
            let days = table.get(country).map(|found| found.days.clone()).unwrap_or_default();
            let names = parts.filter(|name| !name.is_empty()).map(str::to_lowercase).collect();
            table.insert(code, Holidays { code, days, names });
            continue;
        }
        let (name, days) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if let Some(region) = code.strip_prefix('-').and_then(|code| table.get_mut(code)) {
            let lacks: Vec<Date> = days.split(' ').flat_map(dates).collect();
            region.days.retain(|(day, _)| !lacks.contains(day));
            continue;
        }
        let found = table.entry(code).or_default();
        found.code = code;
        found
            .days
            .extend(days.split(' ').flat_map(dates).map(|day| (day, name)));
    }
    table.values_mut().for_each(|found| found.days.sort_unstable());
    table
}

/// `1225` is a day of every year, `260403` of one.
fn dates(text: &str) -> Vec<Date> {
    let number = |from: usize| text.get(from..from + 2).and_then(|two| two.parse::<i8>().ok());
    let day = |year: i16, at: usize| Date::new(year, number(at)?, number(at + 2)?).ok();
    match text.len() {
        4 => YEARS.filter_map(|year| day(year, 0)).collect(),
        6 => number(0)
            .and_then(|year| day(2000 + i16::from(year), 2))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn countries_and_regions_have_their_own_days() {
        let on = |code: &str, day: Date| of(code).expect(code).on(day);
        assert_eq!(on("DE", date(2026, 4, 3)), Some("Good Friday"));
        assert_eq!(on("DE", date(2026, 1, 6)), None);
        assert_eq!(on("de-by", date(2026, 1, 6)), Some("Epiphany"));
        assert_eq!(on("US", date(2026, 11, 26)), Some("Thanksgiving Day"));
        assert_eq!(on("GB-SCT", date(2026, 11, 30)), Some("Saint Andrew's Day"));
        assert_eq!(on("GB", date(2026, 11, 30)), None);
        assert_eq!(on("JP", date(2040, 1, 1)), Some("New Year's Day"));
        assert!(of("XX").is_none());
    }

    #[test]
    fn a_region_is_known_by_its_code_and_by_its_name() {
        for text in ["BY", "DE-BY", "de-by", " bayern "] {
            assert_eq!(region("DE", text), Some("DE-BY"), "{text}");
        }
        assert_eq!(region("US", "California"), Some("US-CA"));
        assert_eq!(region("FR", "DE-BY"), None);
        assert_eq!(region("DE", ""), None);
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let text = include_str!("../../data/holidays.txt");
        let words = text
            .lines()
            .filter(|line| !line.starts_with(['#', '=']))
            .flat_map(|line| {
                let days = line.split('\t').nth(2).expect("three columns");
                days.split(' ')
            });
        let unread: Vec<&str> = words.filter(|word| dates(word).is_empty()).collect();
        assert!(unread.is_empty(), "{unread:?}");
        let codes: Vec<&str> = codes().collect();
        assert!(codes.len() > 400, "{}", codes.len());
        for (code, found) in table() {
            let many = |year: i16| found.all().filter(|(day, _)| day.year() == year).count();
            // Ukraine has had no day off since 2022, for the war.
            let enough = code.starts_with("UA") || YEARS.clone().all(|year| many(year) >= 4);
            assert!(enough, "{code} has a year with hardly a holiday");
        }
    }
}
