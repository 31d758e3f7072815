//! The day from which somebody may be asked again, as they say it: `until May`, `in two weeks`, `next quarter`, `nach dem
//! 12. März`.
//!
//! A whole date counts first, then a month, then a number of weeks, then the next of something. A month alone is its first
//! day; what is said to be after it is the first of the next. Days that are past, or further ahead than a year, are none.

use crate::mail::classify::return_date::dates;
use crate::mail::phrases::away::{MONTHS, NEXT_WEEK};
use crate::mail::phrases::intent::{AFTER_MONTH, AHEAD, AT_MONTH, NEXT, NUMBERS, UNITS};
use jiff::ToSpan;
use jiff::civil::Date;

/// How far ahead a day may lie.
const AHEAD_DAYS: i32 = 400;

/// The first such day in a folded text, written on `today`.
pub(super) fn read(text: &str, today: Date) -> Option<Date> {
    let fits = |day: &Date| *day > today && today.until(*day).is_ok_and(|span| span.get_days() <= AHEAD_DAYS);
    let words: Vec<&str> = text
        .split([' ', ',', '(', ')', ';', '!', '?', '"'])
        .map(|word| word.trim_end_matches(['.', ':']))
        .filter(|word| !word.is_empty())
        .collect();
    let named = dates(text, today).into_iter().map(|(_, day)| day).find(fits);
    named
        .or_else(|| month(&words, today).filter(fits))
        .or_else(|| quarter(&words, today).filter(fits))
        .or_else(|| in_so_long(&words, today).filter(fits))
        .or_else(|| next(text, &words, today).filter(fits))
}

/// `until may`, `in early march 2027`, `nach juni`.
fn month(words: &[&str], today: Date) -> Option<Date> {
    words.iter().enumerate().find_map(|(at, word)| {
        let nth = MONTHS.iter().position(|names| names.contains(word))?;
        let number = i8::try_from(nth + 1).ok()?;
        // Two words before it may make the preposition: `end of`, `a partir de`.
        let before = |many: usize| words.get(at.checked_sub(many)?..at).map(|words| words.join(" "));
        let is = |list: &[&str]| (1..=3).filter_map(before).any(|said| list.contains(&said.as_str()));
        let after = is(AFTER_MONTH);
        if !after && !is(AT_MONTH) {
            return None;
        }
        let year = words.get(at + 1).and_then(|word| word.parse::<i16>().ok());
        let year = year.filter(|year| (2000..=2100).contains(year));
        let first = match year {
            Some(year) => Date::new(year, number, 1).ok()?,
            None => coming(today, number)?,
        };
        if after {
            first.checked_add(1.month()).ok()
        } else {
            Some(first)
        }
    })
}

/// The first of a month that comes next.
fn coming(today: Date, month: i8) -> Option<Date> {
    let this = Date::new(today.year(), month, 1).ok()?;
    if this > today {
        Some(this)
    } else {
        this.checked_add(1.year()).ok()
    }
}

/// `q3`, `q1 2027`.
fn quarter(words: &[&str], today: Date) -> Option<Date> {
    words.iter().enumerate().find_map(|(at, word)| {
        let number: i8 = word.strip_prefix('q')?.parse().ok()?;
        let month = (1..=4).contains(&number).then_some(number * 3 - 2)?;
        let year = words.get(at + 1).and_then(|word| word.parse::<i16>().ok());
        match year.filter(|year| (2000..=2100).contains(year)) {
            Some(year) => Date::new(year, month, 1).ok(),
            None => coming(today, month),
        }
    })
}

/// `in two weeks`, `in a couple of months`, `dans 3 mois`.
fn in_so_long(words: &[&str], today: Date) -> Option<Date> {
    words.iter().enumerate().find_map(|(at, word)| {
        let unit = UNITS.iter().position(|names| names.contains(word))?;
        let nth = |back: usize| at.checked_sub(back).and_then(|at| words.get(at)).copied();
        // `a couple of`, `a few`, `ein paar`: the number is the word that says more.
        let skip = if nth(1) == Some("of") { 2 } else { 1 };
        let many = number(nth(skip)?)?;
        let said = [skip + 1, skip + 2].into_iter().filter_map(|back| {
            let from = at.checked_sub(back)?;
            Some(words.get(from..at - skip)?.join(" "))
        });
        let lead = said.clone().any(|said| AHEAD.contains(&said.as_str()))
            || nth(skip + 1).is_some_and(|word| number(word).is_some())
                && nth(skip + 2).is_some_and(|word| AHEAD.contains(&word));
        lead.then(|| ahead(today, unit, many)).flatten()
    })
}

fn number(word: &str) -> Option<i64> {
    let spoken = NUMBERS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, number)| *number);
    spoken.or_else(|| word.parse().ok().filter(|number| (1..=365).contains(number)))
}

fn ahead(today: Date, unit: usize, many: i64) -> Option<Date> {
    let span = match unit {
        0 => many.days(),
        1 => many.weeks(),
        2 => many.months(),
        3 => (many * 3).months(),
        _ => many.years(),
    };
    today.checked_add(span).ok()
}

/// `next quarter`, `im nächsten jahr`, `l'année prochaine`: its first day.
fn next(text: &str, words: &[&str], today: Date) -> Option<Date> {
    let unit = words.iter().enumerate().find_map(|(at, word)| {
        let word = word.rsplit('\'').next().unwrap_or(word);
        let unit = UNITS
            .iter()
            .position(|names| names.contains(&word))
            .filter(|unit| *unit > 0)?;
        let beside = [at.checked_sub(1), at.checked_add(1)];
        let two = words.get(at + 1..at + 3).map(|words| words.join(" "));
        let said = beside
            .into_iter()
            .flatten()
            .filter_map(|at| words.get(at))
            .any(|word| NEXT.contains(word))
            || two.is_some_and(|two| NEXT.contains(&two.as_str()));
        said.then_some(unit)
    });
    let unit = unit.or_else(|| NEXT_WEEK.is_in(text).then_some(1))?;
    let first = today.first_of_month();
    match unit {
        1 => {
            let back = i64::from(today.weekday().to_monday_zero_offset());
            today.checked_add((7 - back).days()).ok()
        }
        2 => first.checked_add(1.month()).ok(),
        3 => {
            let gone = i64::from((today.month() - 1) % 3);
            first.checked_add((3 - gone).months()).ok()
        }
        _ => Date::new(today.year() + 1, 1, 1).ok(),
    }
}
