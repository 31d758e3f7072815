//! Days and times as people write them: `fri`, `next monday`, `in 2 weeks`, `24 Dec`, `24.12.`, `tue 15:00`, `3pm`.
//!
//! Two numbers with a slash are a day only where one of them can be no month: of `3/4` both readings are offered.

use crate::mail::phrases::away::MONTHS;
use crate::mail::quote::fold;
use crate::model::{SaidDay, SaidMoment};
use jiff::civil::{Date, Time, Weekday};

/// How far ahead `in 9 weeks` may lie.
const DAYS_AHEAD: u16 = 400;

/// Weekdays in English, German, French and Spanish.
#[rustfmt::skip]
const WEEKDAYS: &[(Weekday, &[&str])] = &[
    (Weekday::Monday, &["mon", "monday", "montag", "lundi", "lunes"]),
    (Weekday::Tuesday, &["tue", "tues", "tuesday", "dienstag", "mardi", "martes"]),
    (Weekday::Wednesday, &["wed", "weds", "wednesday", "mittwoch", "mercredi", "miércoles"]),
    (Weekday::Thursday, &["thu", "thur", "thurs", "thursday", "donnerstag", "jeudi", "jueves"]),
    (Weekday::Friday, &["fri", "friday", "freitag", "vendredi", "viernes"]),
    (Weekday::Saturday, &["sat", "saturday", "samstag", "samedi", "sábado"]),
    (Weekday::Sunday, &["sun", "sunday", "sonntag", "dimanche", "domingo"]),
];

const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// A day at the beginning of some words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// The day, and how many words it takes.
    Day(SaidDay, usize),
    /// It may be either: what to write instead.
    Either(Vec<String>),
    /// None.
    No,
}

/// The day that a whole text says.
pub(in crate::mail) fn said_day(text: &str) -> Option<SaidDay> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match day(&words) {
        Read::Day(day, taken) if taken == words.len() => Some(day),
        Read::Day(..) | Read::Either(_) | Read::No => None,
    }
}

/// The day that these words begin with.
pub(super) fn day(words: &[&str]) -> Read {
    let folded: Vec<String> = words.iter().take(6).map(|word| bare(word)).collect();
    let mut all: Vec<&str> = folded.iter().map(String::as_str).collect();
    let mut skipped = 0;
    while let Some(first) = all.first()
        && all.len() > 1
        && matches!(
            *first,
            "on" | "next" | "this" | "coming" | "am" | "nächsten" | "in" | "for" | "the"
        )
        && !matches!(all.get(1), Some(&"week" | &"month"))
    {
        all.remove(0);
        skipped += 1;
    }
    match at(&all) {
        Read::Day(day, taken) => Read::Day(day, taken + skipped),
        other => other,
    }
}

/// Lower case, without what stands around a word.
fn bare(word: &str) -> String {
    fold(word).trim_matches([',', ';', '(', ')', '"']).to_owned()
}

fn at(words: &[&str]) -> Read {
    let (Some(first), second) = (words.first(), words.get(1)) else {
        return Read::No;
    };
    let second = second.copied().unwrap_or_default();
    match *first {
        "today" | "heute" | "aujourd'hui" | "hoy" => return Read::Day(SaidDay::In(0), 1),
        "tomorrow" | "tmrw" | "morgen" | "demain" | "mañana" => return Read::Day(SaidDay::In(1), 1),
        "next" if second == "week" => return Read::Day(SaidDay::Weekday(Weekday::Monday), 2),
        "next" if second == "month" => return Read::Day(SaidDay::Months(1), 2),
        "a" if second == "week" => return Read::Day(SaidDay::In(7), 2),
        "a" if second == "month" => return Read::Day(SaidDay::Months(1), 2),
        _ => {}
    }
    let plain = first.trim_end_matches('.');
    let weekday = WEEKDAYS.iter().find(|(_, names)| names.contains(&plain));
    if let Some((day, _)) = weekday {
        // `fri 6 mar`: the date is the stronger word.
        return match at(words.get(1..).unwrap_or_default()) {
            Read::Day(day @ (SaidDay::Yearly { .. } | SaidDay::On(_)), taken) => Read::Day(day, taken + 1),
            _ => Read::Day(SaidDay::Weekday(*day), 1),
        };
    }
    if let Ok(date) = plain.parse::<Date>() {
        return Read::Day(SaidDay::On(date), 1);
    }
    named(words)
        .or_else(|| counted(words))
        .unwrap_or_else(|| numeric(plain))
}

/// `24 dec`, `24. dezember 2026`, `dec 24th`.
fn named(words: &[&str]) -> Option<Read> {
    let (first, second) = (words.first()?, words.get(1)?);
    let (month, day) = month(first)
        .zip(ordinal(second))
        .or_else(|| month(second).zip(ordinal(first)))?;
    let year = words.get(2).and_then(|word| year(word));
    Some(match year {
        Some(year) => Read::Day(SaidDay::On(Date::new(year, month, day).ok()?), 3),
        None => Read::Day(SaidDay::Yearly { month, day }, 2),
    })
}

fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let short = |name: &str| word.chars().count() >= 3 && name.starts_with(word);
    let nth = MONTHS.iter().position(|names| names.iter().any(|name| short(name)))?;
    i8::try_from(nth + 1).ok()
}

fn ordinal(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(['.', 's', 't', 'n', 'd', 'r', 'h', 'e', 'o']);
    let day: i8 = digits.parse().ok()?;
    (1..=31).contains(&day).then_some(day)
}

fn year(word: &str) -> Option<i16> {
    let year: i16 = word.trim_end_matches(['.', ',']).parse().ok()?;
    (2000..=2200).contains(&year).then_some(year)
}

/// `3 days`, `two weeks`, `2w`.
fn counted(words: &[&str]) -> Option<Read> {
    let (first, second) = (words.first()?, words.get(1).copied().unwrap_or_default());
    let spelled = NUMBERS.iter().position(|name| name == first).map(|nth| nth + 1);
    let digits: String = first.chars().take_while(char::is_ascii_digit).collect();
    let count = spelled
        .and_then(|count| u16::try_from(count).ok())
        .or_else(|| digits.parse().ok())?;
    let glued = first
        .get(digits.len()..)
        .filter(|_| spelled.is_none())
        .unwrap_or_default();
    let (unit, taken) = if glued.is_empty() { (second, 2) } else { (glued, 1) };
    let days = match unit.trim_end_matches(['.', ',']) {
        "d" | "day" | "days" | "tag" | "tage" | "tagen" => count,
        "w" | "wk" | "wks" | "week" | "weeks" | "woche" | "wochen" => count.checked_mul(7)?,
        "month" | "months" | "monat" | "monate" | "monaten" => {
            let months = u8::try_from(count).ok().filter(|months| *months <= 12)?;
            return Some(Read::Day(SaidDay::Months(months), taken));
        }
        _ => return None,
    };
    (days <= DAYS_AHEAD).then_some(Read::Day(SaidDay::In(days), taken))
}

/// `24.12.`, `24.12.2026`, `24/12`, and `3/4`, which is two days.
fn numeric(word: &str) -> Read {
    let slash = word.contains('/');
    let mut parts = word.split(['.', '/']).filter(|part| !part.is_empty());
    let (Some(Ok(one)), Some(Ok(two))) = (parts.next().map(str::parse::<i8>), parts.next().map(str::parse::<i8>))
    else {
        return Read::No;
    };
    let said_year = parts.next();
    let year = said_year.map(year);
    if year == Some(None) || parts.next().is_some() || !(1..=31).contains(&one) || !(1..=31).contains(&two) {
        return Read::No;
    }
    let year = year.flatten();
    let of = |month: i8, day: i8| match year {
        Some(year) => Date::new(year, month, day).ok().map(SaidDay::On),
        None => Some(SaidDay::Yearly { month, day }),
    };
    let said = match (slash, one, two) {
        (false, day, month @ 1..=12) | (true, day @ 13.., month @ 1..=12) | (true, month @ 1..=12, day @ 13..) => {
            of(month, day)
        }
        (true, one, two) if one == two => of(one, two),
        (true, one @ 1..=12, two @ 1..=12) => {
            let text = |day: i8, month: i8| {
                let name = Date::new(2000, month, 1).map(|date| date.strftime("%b").to_string());
                format!(
                    "{day} {}{}",
                    name.unwrap_or_default(),
                    said_year.map(|year| format!(" {year}")).unwrap_or_default()
                )
            };
            return Read::Either(vec![text(one, two), text(two, one)]);
        }
        _ => None,
    };
    said.map_or(Read::No, |day| Read::Day(day, 1))
}

/// A time of the day: `15:00`, `15.30`, `3pm`, `3:30 pm`, `15h`, and how many words it takes.
pub(super) fn time(words: &[&str]) -> Option<(Time, usize)> {
    let folded: Vec<String> = words.iter().take(4).map(|word| bare(word)).collect();
    let skipped = usize::from(
        folded
            .first()
            .is_some_and(|word| matches!(word.as_str(), "at" | "um" | "à" | "a")),
    );
    let first = folded.get(skipped)?;
    let next = folded.get(skipped + 1).map(String::as_str).unwrap_or_default();
    let (digits, half) = ["am", "pm"]
        .into_iter()
        .find_map(|half| Some((first.strip_suffix(half)?, Some((half, 1)))))
        .unwrap_or_else(|| {
            let half = ["am", "pm"]
                .into_iter()
                .find(|half| *half == next)
                .map(|half| (half, 2));
            (first.strip_suffix('h').unwrap_or(first), half)
        });
    let is_clock = digits.contains([':', '.']) || half.is_some() || first.ends_with('h');
    let (hour, minute) = digits.split_once([':', '.', 'h']).unwrap_or((digits, "00"));
    if !is_clock || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half.map(|(half, _)| half) {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("pm") => hour % 12 + 12,
        Some(_) => hour % 12,
    };
    let taken = half.map_or(1, |(_, taken)| taken);
    Some((Time::new(hour, minute, 0, 0).ok()?, taken + skipped))
}

/// The day, and perhaps the time, that a note begins with: `tue 15:00`, `tomorrow at 3pm with the CFO`.
pub(super) fn moment(note: &str) -> Option<SaidMoment> {
    let words: Vec<&str> = note.split_whitespace().collect();
    match day(&words) {
        Read::Day(day, taken) => Some(SaidMoment {
            day,
            time: time(words.get(taken..).unwrap_or_default()).map(|(time, _)| time),
        }),
        Read::Either(_) => None,
        Read::No => {
            let (time, taken) = time(&words)?;
            let day = match self::day(words.get(taken..).unwrap_or_default()) {
                Read::Day(day, _) => day,
                Read::Either(_) | Read::No => return None,
            };
            Some(SaidMoment { day, time: Some(time) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn on(said: &str) -> Option<Date> {
        let words: Vec<&str> = said.split_whitespace().collect();
        match day(&words) {
            Read::Day(day, taken) if taken == words.len() => day.on(date(2026, 3, 2)),
            _ => None,
        }
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (said, wanted) in [
            ("today", date(2026, 3, 2)),
            ("tomorrow", date(2026, 3, 3)),
            ("Fri", date(2026, 3, 6)),
            ("next monday", date(2026, 3, 9)),
            ("on Friday", date(2026, 3, 6)),
            ("next week", date(2026, 3, 9)),
            ("next month", date(2026, 4, 2)),
            ("in 3 days", date(2026, 3, 5)),
            ("2 weeks", date(2026, 3, 16)),
            ("two weeks", date(2026, 3, 16)),
            ("2w", date(2026, 3, 16)),
            ("a month", date(2026, 4, 2)),
            ("24 Dec", date(2026, 12, 24)),
            ("Dec 24th", date(2026, 12, 24)),
            ("24. Dezember", date(2026, 12, 24)),
            ("2 Jan", date(2027, 1, 2)),
            ("2 January 2028", date(2028, 1, 2)),
            ("Fri 6 Mar", date(2026, 3, 6)),
            ("24.12.", date(2026, 12, 24)),
            ("24.12.2026", date(2026, 12, 24)),
            ("24/12", date(2026, 12, 24)),
            ("12/24", date(2026, 12, 24)),
            ("2026-05-04", date(2026, 5, 4)),
        ] {
            assert_eq!(on(said), Some(wanted), "{said}");
        }
        for none in ["", "soon", "9000 days", "31/31", "10 minutes", "May", "1.2.3.4"] {
            assert_eq!(on(none), None, "{none}");
        }
        assert_eq!(
            day(&["3/4"]),
            Read::Either(vec!["3 Apr".to_owned(), "4 Mar".to_owned()])
        );
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (said, wanted) in [
            ("15:00", Some((15, 0))),
            ("at 9.30", Some((9, 30))),
            ("3pm", Some((15, 0))),
            ("3:30 pm", Some((15, 30))),
            ("12 am", Some((0, 0))),
            ("15h", Some((15, 0))),
            ("15", None),
            ("25:00", None),
            ("13 pm", None),
        ] {
            let words: Vec<&str> = said.split(' ').collect();
            let read = time(&words).map(|(time, _)| (time.hour(), time.minute()));
            assert_eq!(read, wanted, "{said}");
        }
        let tuesday = moment("tue 15:00 with the CFO").expect("a moment");
        assert_eq!(tuesday.day, SaidDay::Weekday(Weekday::Tuesday));
        assert_eq!(tuesday.time, Time::new(15, 0, 0, 0).ok());
        assert!(moment("3pm tomorrow").is_some());
        assert_eq!(moment("with the CFO"), None);
    }
}
