//! When somebody is back, as an absence note says it.
//!
//! A date counts only near a word of return (`back on`, `wieder am`) or of an end (`until`, `bis`), and only when it can
//! be read in one way: `03/04/2026` is refused, `25/04/2026` is not, and dots mean day, month, year. A year that is left
//! out is the one in which the day comes next after the mail. Past days and days more than a year ahead are refused.
//! A date of return counts before one of an end, the latest of several. A relative day (`back on Monday`, `until next
//! week`) counts only where there is no date, and is counted from the day of the mail. Words: `phrases`.

use crate::mail::phrases::away::{BACK_BEHIND, BACK_WORDS, MONTHS, NEXT_WEEK, TOMORROW, UNTIL_WORDS, WEEKDAYS};
use crate::mail::phrases::search::{Phrases, Place};
use crate::mail::quote::fold;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};

/// How far before a date its word may stand, in bytes of folded text.
const REACH: usize = 48;
/// Places looked at for one word.
const DATES: usize = 20;
/// A day that would be further ahead than this without its year named is last year's.
const AHEAD_DAYS: i32 = 300;

/// The day of return in `text`, of a mail written at `written`.
pub(super) fn read(text: &str, written: Option<Timestamp>) -> Option<Date> {
    let today = written?.to_zoned(TimeZone::UTC).date();
    // A dash between two days is a word.
    let text = fold(text).replace(['–', '—'], " - ");
    named(&text, dates(&text, today)).or_else(|| named(&text, relative(&text, today)))
}

/// The day among `days` that the text names as that of the return.
fn named(text: &str, days: Vec<(usize, Date)>) -> Option<Date> {
    let mut backs = Vec::new();
    let mut ends = Vec::new();
    for (nth, (at, day)) in days.iter().enumerate() {
        let (at, day) = (*at, *day);
        let next = days.iter().skip(nth + 1).map(|(at, _)| *at).find(|next| *next > at);
        let from = text.ceil_char_boundary(at.saturating_sub(REACH));
        // A sentence's words say nothing about the next one's date; a dot in `12. März` or `bzw.` is not its end.
        let before = text.get(from..at).unwrap_or_default();
        let before = before.rsplit(['!', '?', ';', '(']).next().unwrap_or_default();
        let before = before
            .rsplit(". ")
            .next()
            .filter(|clause| clause.len() > 3)
            .unwrap_or(before);
        if ends_with_word_of(before, &BACK_WORDS, REACH) || is_behind(text, at, next) {
            backs.push(day);
        } else if ends_with_word_of(before, &UNTIL_WORDS, 20) || ends_range(before) || is_range(text, at) {
            ends.push(day);
        }
    }
    backs.into_iter().max().or_else(|| ends.into_iter().max())
}

/// Whether a word behind the day at `at` makes it the day of the return: `am 16. März bin ich wieder da`.
fn is_behind(text: &str, at: usize, next: Option<usize>) -> bool {
    let end = text.floor_char_boundary((at + REACH).min(next.unwrap_or(text.len())).min(text.len()));
    let behind = text.get(at..end).unwrap_or_default();
    let clause = behind.split(['!', '?', ';', '(']).next().unwrap_or_default();
    BACK_BEHIND.places(clause).filter(Place::is_whole).any(|place| {
        // The sentence ends between them; a dot behind a number is none.
        let other = place.before.match_indices(". ").any(|(dot, _)| {
            let before = place.before.get(..dot).unwrap_or_default();
            before.ends_with(char::is_alphabetic)
        });
        place.before.ends_with(' ') && !other
    })
}

/// Whether a day is the second of two: `3/2/2026 - 16/3/2026`, `de 2 a 16 de março`.
fn ends_range(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    let joins = words.next().is_some_and(|word| matches!(word, "-" | "a" | "to"));
    joins
        && words
            .next()
            .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()) || month(word).is_some())
}

/// Whether the day at `at` is written with the first one of the absence: `2-16 marca`.
fn is_range(text: &str, at: usize) -> bool {
    let word = text.get(at..).unwrap_or_default().split(' ').next().unwrap_or_default();
    word.split_once('-')
        .is_some_and(|(from, to)| day_number(from).is_some() && day_number(to).is_some())
}

/// Relative days. `Next Monday` is said on a Friday of the third day after and on a Monday of the seventh; it is always in
/// the next week, and so is the day of `Monday next week`.
fn relative(text: &str, today: Date) -> Vec<(usize, Date)> {
    let mut found = Vec::new();
    let next_monday = today.checked_add(7.days()).ok().and_then(|day| {
        let back = i64::from(day.weekday().to_monday_zero_offset());
        day.checked_sub(back.days()).ok()
    });
    let whole = |at: usize, word: &str| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + word.len()..).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(|c: char| c.is_alphanumeric() || c == '-')
    };
    let places = |word: &'static str| {
        text.match_indices(word)
            .map(|(at, _)| at)
            .filter(move |at| whole(*at, word))
            .take(DATES)
    };
    let weeks: Vec<usize> = NEXT_WEEK.iter().flat_map(|word| places(word)).collect();
    for (nth, names) in WEEKDAYS.iter().enumerate() {
        for at in names.iter().flat_map(|name| places(name)) {
            let gap = i64::try_from(nth).unwrap_or(0) - i64::from(today.weekday().to_monday_zero_offset());
            let in_next_week = weeks.iter().any(|week| week.abs_diff(at) < REACH);
            let day = if in_next_week {
                next_monday.and_then(|monday| monday.checked_add(i64::try_from(nth).unwrap_or(0).days()).ok())
            } else {
                today.checked_add(if gap > 0 { gap } else { gap + 7 }.days()).ok()
            };
            found.extend(day.map(|day| (at, day)));
        }
    }
    if found.is_empty() {
        found.extend(weeks.iter().filter_map(|at| Some((*at, next_monday?))));
        let tomorrow = today.checked_add(1.day()).ok();
        let days = TOMORROW.iter().flat_map(|word| places(word));
        found.extend(days.filter_map(|at| Some((at, tomorrow?))));
    }
    found
}

/// Whether one of the words stands in the last `reach` bytes.
fn ends_with_word_of(before: &str, words: &Phrases, reach: usize) -> bool {
    let near = before
        .get(before.ceil_char_boundary(before.len().saturating_sub(reach))..)
        .unwrap_or_default();
    words.is_said(near)
}

/// A word of the text: letters, digits, and the signs inside dates.
struct Word<'a> {
    at: usize,
    text: &'a str,
}

/// The days named in a folded text, with where each stands: today's and those of the year to come.
pub(in crate::mail) fn dates(text: &str, today: Date) -> Vec<(usize, Date)> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split([' ', ',', '(', ')', '<', '>', '*', '"']) {
        let trimmed = piece.trim_end_matches([':', ';', '!', '?']);
        if !trimmed.is_empty() {
            words.push(Word { at, text: trimmed });
        }
        // The separators are one byte each.
        at += piece.len() + 1;
    }
    let mut found = Vec::new();
    for (nth, word) in words.iter().enumerate() {
        let next = |n: usize| words.get(nth + n).map(|word| word.text);
        let day = numeric(word.text, today).or_else(|| written(word.text, next(1), next(2), next(3), today));
        // Past days and those further ahead than a year are no return.
        let ahead = |day: &Date| *day >= today && today.until(*day).is_ok_and(|span| span.get_days() <= 366);
        found.extend(day.filter(ahead).map(|day| (word.at, day)));
    }
    found
}

/// `2026-03-12`, `12.03.2026`, `12.03.`, `25/03/2026`.
fn numeric(word: &str, today: Date) -> Option<Date> {
    let parts = |sign: char| {
        let word = if sign == '.' {
            word.strip_suffix('.').unwrap_or(word)
        } else {
            word.trim_end_matches('.')
        };
        word.split(sign)
            .map(number)
            .collect::<Option<Vec<_>>>()
            .unwrap_or_default()
    };
    if let [year @ 2000..=2100, month, day] = parts('-').as_slice() {
        return date(*year, *month, *day);
    }
    match parts('.').as_slice() {
        [day, month, year] => return date(full_year(*year)?, *month, *day),
        [day, month] if word.ends_with('.') => return next_after(today, *month, *day),
        _ => {}
    }
    for sign in ['/', '-'] {
        match parts(sign).as_slice() {
            [day @ 13..=31, month @ 1..=12, year] | [month @ 1..=12, day @ 13..=31, year] => {
                return date(full_year(*year)?, *month, *day);
            }
            [same, again, year] if same == again => return date(full_year(*year)?, *same, *again),
            // `3/16` and `16/3`; `3-16` may be a range.
            [day @ 13..=31, month @ 1..=12] | [month @ 1..=12, day @ 13..=31] if sign == '/' => {
                return next_after(today, *month, *day);
            }
            _ => {}
        }
    }
    // `16-mar-2026`
    let mut parts = word.trim_end_matches('.').split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    date(full_year(number(year)?)?, self::month(month)?, number(day)?)
}

/// `12 march 2026`, `12. märz`, `march 12th, 2026`, `12 de marzo de 2026`, `12th of march`.
fn written(first: &str, second: Option<&str>, third: Option<&str>, fourth: Option<&str>, today: Date) -> Option<Date> {
    let of = |word: &&str| matches!(*word, "of" | "de" | "den" | "the");
    let (second, third, fourth) = if second.as_ref().is_some_and(of) {
        (third, fourth, None)
    } else {
        (second, third, fourth)
    };
    let second = second?;
    let first = first
        .split_once('-')
        .filter(|(from, to)| day_number(from).is_some() && day_number(to).is_some())
        .map_or(first, |(_, to)| to);
    let (day, month) = match (day_number(first), month(second)) {
        (Some(day), Some(month)) => (day, month),
        _ => (day_number(second)?, month(first)?),
    };
    let year = if third.as_ref().is_some_and(of) { fourth } else { third };
    match year
        .and_then(|word| number(word.trim_end_matches('.')))
        .filter(|year| (2000..=2100).contains(year))
    {
        Some(year) => date(year, month, day),
        None => next_after(today, month, day),
    }
}

fn number(text: &str) -> Option<i16> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `12`, `12.`, `12th`, `1er`.
fn day_number(word: &str) -> Option<i16> {
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let ending = word.get(digits.len()..)?;
    let fine = matches!(
        ending,
        "" | "." | "st" | "nd" | "rd" | "th" | "er" | "º" | "e" | "o" | "a"
    );
    number(&digits).filter(|day| fine && (1..=31).contains(day))
}

fn month(word: &str) -> Option<i16> {
    let word = word.trim_end_matches('.');
    let found = MONTHS.iter().position(|names| names.contains(&word))?;
    i16::try_from(found + 1).ok()
}

fn full_year(year: i16) -> Option<i16> {
    match year {
        0..=99 => Some(2000 + year),
        2000..=2100 => Some(year),
        _ => None,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The next such day from `today` on, unless it was only just.
fn next_after(today: Date, month: i16, day: i16) -> Option<Date> {
    let this = date(today.year(), month, day).filter(|day| *day >= today);
    let found = this.or_else(|| date(today.year() + 1, month, day))?;
    let latest = today.checked_add(AHEAD_DAYS.days()).ok()?;
    (found <= latest).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(text: &str) -> Option<String> {
        let written: Timestamp = "2026-03-02T09:00:00Z".parse().expect("a time");
        read(text, Some(written)).map(|day| day.to_string())
    }

    #[test]
    fn the_day_is_read_where_it_can_be_read_in_one_way() {
        for (text, day) in [
            ("I will be back on 12 March.", "2026-03-12"),
            ("I am out of the office until March 12th, 2026", "2026-03-12"),
            ("I return on Monday, 2026-03-16.", "2026-03-16"),
            ("I am away from 3 March to 9 March and back on 10 March", "2026-03-10"),
            (
                "Ich bin ab dem 12. März wieder erreichbar. Vorher bis 11. März nicht.",
                "2026-03-12",
            ),
            ("Ich bin wieder am 16.03.2026 im Büro.", "2026-03-16"),
            ("bis einschließlich 13.03. abwesend", "2026-03-13"),
            ("Je serai de retour le 16 mars 2026.", "2026-03-16"),
            ("Estaré fuera hasta el 12 de marzo de 2026", "2026-03-12"),
            ("Ik ben tot 12 maart afwezig", "2026-03-12"),
            ("Jag är tillbaka den 16 mars", "2026-03-16"),
            ("back on 25/03/2026", "2026-03-25"),
            ("returning 3/25/26", "2026-03-25"),
        ] {
            assert_eq!(back(text).as_deref(), Some(day), "{text}");
        }
        let christmas: Timestamp = "2026-12-20T09:00:00Z".parse().expect("a time");
        let day = read("back on January 5", Some(christmas)).map(|day| day.to_string());
        assert_eq!(day.as_deref(), Some("2027-01-05"));
    }

    #[test]
    fn a_relative_day_is_counted_from_the_mail() {
        // The mail is of a Monday.
        for (text, day) in [
            ("I will be back on Monday.", "2026-03-09"),
            ("I'm out until Thursday", "2026-03-05"),
            ("I am away until next week", "2026-03-09"),
            ("I'll be back tomorrow", "2026-03-03"),
            ("I return on Wednesday next week", "2026-03-11"),
            ("Ich bin ab Donnerstag wieder da und bis Mittwoch nicht", "2026-03-05"),
            ("Ich bin am Freitag zurück, wieder am Freitag", "2026-03-06"),
            ("Je serai de retour lundi", "2026-03-09"),
            ("Regreso el jueves", "2026-03-05"),
            ("Rientro venerdì", "2026-03-06"),
            ("Estou fora até sexta-feira", "2026-03-06"),
            ("Ik ben tot vrijdag afwezig", "2026-03-06"),
            ("Jag är tillbaka på torsdag", "2026-03-05"),
            ("Wracam w środę", "2026-03-04"),
            ("back on Friday, 13 March", "2026-03-13"),
        ] {
            assert_eq!(back(text).as_deref(), Some(day), "{text}");
        }
        assert_eq!(back("See you on Monday"), None);
        assert_eq!(back("The Monday Times wrote about us"), None);
    }

    #[test]
    fn people_say_it_in_many_ways() {
        for text in [
            "I will return on March 16, 2026.",
            "I will be back on Monday, 16th of March.",
            "I'm back in the office on 16 March 2026",
            "returning 2026-03-16",
            "I will be out of the office through March 16th",
            "I'm out from 2 March until 16 March and will reply then",
            "I am away until Mon 16/3/2026",
            "back on 16.03.",
            "back 16-Mar-2026",
            "I return to work on the 16th of March",
            "I will be OOO from 3/2/2026 - 3/16/2026",
            "I'll be back online on Mar 16",
            "Returning: March 16",
            "Return date: 16 Mar 2026",
            "will resume work March 16",
            "I'm on PTO through 3/16",
            "Ich bin bis einschließlich 16.03.2026 nicht im Büro.",
            "Ich bin ab dem 16. März wieder erreichbar.",
            "Ab Montag, 16.3. bin ich wieder für Sie da.",
            "Ich kehre am 16. März 2026 zurück",
            "vom 2.3. bis zum 16.3.2026 im Urlaub",
            "bin ich vom 02.03.–16.03.2026 abwesend",
            "Je serai absent jusqu'au 16 mars 2026 inclus.",
            "Je serai de retour le lundi 16 mars.",
            "absent du 2 au 16 mars 2026",
            "Retour le 16/03/2026",
            "Estaré fuera hasta el 16 de marzo de 2026.",
            "Vuelvo el lunes 16 de marzo",
            "Me reincorporo el 16 de marzo",
            "del 2 al 16 de marzo estaré de vacaciones",
            "Sarò assente fino al 16 marzo 2026",
            "Rientro il 16 marzo",
            "sarò di ritorno il 16/03/2026",
            "assente dal 2 al 16 marzo",
            "Estarei ausente até 16 de março de 2026",
            "Regresso a 16 de março",
            "Volto no dia 16 de março",
            "de 2 a 16 de março estarei de férias",
            "Ik ben afwezig tot en met 16 maart 2026",
            "Ik ben op 16 maart weer bereikbaar",
            "Maandag 16 maart ben ik terug",
            "Vanaf 16 maart ben ik weer aanwezig",
            "Jag är tillbaka den 16 mars",
            "Jag är ledig till och med 16 mars 2026",
            "Åter på kontoret 16/3",
            "Wracam do biura 16 marca 2026",
            "Jestem nieobecny do 16 marca 2026",
            "Będę dostępny od 16 marca",
            "W dniach 2-16 marca przebywam na urlopie",
        ] {
            assert_eq!(back(text).as_deref(), Some("2026-03-16"), "{text}");
        }
        for text in [
            "I'll be back in two weeks",
            "back on 03/04/2026",
            "I will be away from 03/04 to 05/06",
        ] {
            assert_eq!(back(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_ambiguous_or_past_is_refused() {
        for text in [
            "back on 03/04/2026",
            "back on 04-05-2026",
            "back on 1 March 2026",
            "back on 1 March",
            "out until 5 January",
            "back on 12 March 2031",
            "our office moved on 12 March",
            "call me on 2026-03-12",
            "until 31 February",
            "back soon",
        ] {
            assert_eq!(back(text), None, "{text}");
        }
        assert_eq!(read("back on 2026-03-12", None), None);
    }
}
