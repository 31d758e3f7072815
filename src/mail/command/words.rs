//! What stands behind the verb of a command: whom it is about, until when, and why.

use super::day::{self, Read};
use crate::mail::quote::fold;
use crate::model::grammar::{Verb, entry};
use crate::model::{Address, Asked, Order, SaidDay, Wanted, Whom, limits};
use std::collections::BTreeMap;

/// A company is not longer than this many words; more is prose.
const COMPANY_WORDS: usize = 3;
/// Words that begin prose and no company.
#[rustfmt::skip]
const PROSE: &[&str] = &[
    "a", "about", "again", "and", "are", "at", "by", "did", "do", "does", "doing", "for", "here", "his", "i", "i'm", "if", "in", "is",
    "it", "me", "my", "not", "now", "of", "on", "our", "sending", "she", "so", "that", "the", "their", "them", "there", "they", "this",
    "to", "was", "we", "what", "when", "with", "writing", "you", "your",
];

/// What is asked for.
///
/// # Errors
/// With what may be meant, or with nothing when it is prose.
pub(super) fn asked(verb: Verb, number: Option<u16>, rest: &str) -> Result<Asked, Vec<String>> {
    let alone = |asked: Asked| {
        if rest.is_empty() && number.is_none() {
            Ok(asked)
        } else {
            Err(Vec::new())
        }
    };
    match verb {
        Verb::Log(outcome) => Ok(Asked::Log {
            number,
            outcome,
            note: Some(cut(rest)).filter(|note| !note.is_empty()),
            at: (outcome == crate::model::TaskOutcome::Meeting)
                .then(|| day::moment(rest))
                .flatten(),
        }),
        Verb::Order(order) => self::order(order, number, rest),
        Verb::Send => of_draft(number, rest).map(|number| Asked::Send { number, edited: None }),
        Verb::Hold => match of_draft(number, rest) {
            Ok(number) => Ok(Asked::Hold { number }),
            Err(_) => self::order(Order::Pause, number, rest),
        },
        Verb::Edit => {
            let (whom, touch) = of_touch(number, rest)?;
            Ok(Asked::Edit {
                whom,
                touch,
                text: None,
            })
        }
        Verb::Unedit => {
            let (whom, touch) = of_touch(number, rest)?;
            Ok(Asked::Unedit { whom, touch })
        }
        Verb::Undo => match rest.trim_start_matches('#').parse().ok() {
            Some(behind) if number.is_none() => Ok(Asked::Undo { number: Some(behind) }),
            _ if rest.is_empty() => Ok(Asked::Undo { number }),
            _ => Err(Vec::new()),
        },
        Verb::Fill => fill(number, rest),
        Verb::Note => note(number, rest),
        Verb::Switch => switch(number, rest),
        Verb::Enroll if number.is_none() => enroll(rest),
        Verb::Enroll => Err(Vec::new()),
        Verb::Yes => match rest.split_once(' ') {
            Some((word, cadence)) if number.is_none() && matches!(fold(word).as_str(), "in" | "into" | "to") => {
                let named = fold(cadence.trim_matches(['"', '.', ' '])).replace(' ', "-");
                let cadence = Some(named).filter(|name| !name.is_empty());
                Ok(Asked::Yes { cadence })
            }
            _ => alone(Asked::Yes { cadence: None }),
        },
        Verb::No => alone(Asked::No),
        Verb::List => alone(Asked::List),
        Verb::Cadences => alone(Asked::Cadences),
        Verb::Preview => {
            let one = !rest.is_empty() && !rest.contains(' ') && number.is_none();
            let cadence = rest.trim_matches('"').to_owned();
            one.then_some(Asked::Preview { cadence }).ok_or_default()
        }
        Verb::Report => match fold(rest).as_str() {
            "" | "week" | "weekly" | "this week" | "last week" => Ok(Asked::Report { month: false }),
            "month" | "monthly" | "this month" | "last month" => Ok(Asked::Report { month: true }),
            _ => Err(Vec::new()),
        },
        Verb::SetDigest => {
            let words: Vec<&str> = rest.split_whitespace().collect();
            let read = day::time(&words).filter(|(_, taken)| *taken == words.len());
            let hint = if words.is_empty() {
                vec!["set digest 07:00".to_owned()]
            } else {
                Vec::new()
            };
            read.map(|(time, _)| Asked::SetDigest(time)).ok_or(hint)
        }
        Verb::SetZone => {
            let one = !rest.is_empty() && rest.split_whitespace().count() <= 2;
            one.then(|| Asked::SetZone(cut(rest))).ok_or_default()
        }
        Verb::Vacation => vacation(rest),
        Verb::Back => alone(Asked::Back),
        Verb::NewCodes => alone(Asked::NewCodes),
        Verb::Help => alone(Asked::Help),
        // These are read by `office`, and only where it is proven who says them.
        Verb::Duty(_) => Err(Vec::new()),
    }
}

trait OrDefault<T> {
    fn ok_or_default(self) -> Result<T, Vec<String>>;
}

impl<T> OrDefault<T> for Option<T> {
    fn ok_or_default(self) -> Result<T, Vec<String>> {
        self.ok_or_else(Vec::new)
    }
}

fn cut(text: &str) -> String {
    text.chars().take(limits::EXCERPT).collect()
}

/// Whom some words begin with, and how many they take.
fn whom(number: Option<u16>, words: &[&str]) -> Option<(Whom, usize)> {
    if let Some(number) = number {
        return Some((Whom::Number(number), 0));
    }
    let Some(first) = words.first() else {
        return Some((Whom::This, 0));
    };
    if let Some(address) = address(first) {
        return Some((Whom::Address(address), 1));
    }
    let folded = fold(first.trim_end_matches([',', ':']));
    let number = folded.trim_start_matches('#').parse::<u16>().ok();
    if let Some(number) = number.filter(|_| words.len() == 1) {
        return Some((Whom::Number(number), 1));
    }
    match folded.as_str() {
        "all" | "everybody" | "everyone" => Some((Whom::All, 1)),
        "it" | "this" | "him" | "her" if words.len() == 1 => Some((Whom::This, 1)),
        _ => None,
    }
}

fn address(word: &str) -> Option<Address> {
    let word = word.trim_matches(['<', '>', ',', ';', '"', '(', ')', ':', '.', '?', '!']);
    let word = word.strip_prefix("mailto:").unwrap_or(word);
    Address::parse(word).ok()
}

fn company(words: &[&str]) -> Option<Whom> {
    let first = fold(words.first()?);
    let first = first.trim_end_matches([',', ':', '.']);
    let fits = words.len() <= COMPANY_WORDS && !PROSE.contains(&first) && !words.last()?.ends_with('?');
    fits.then(|| Whom::Company(cut(words.join(" ").trim_matches(['"', ',', '.']))))
}

/// `jane@acme.test until fri they move house`, `Acme`, `all yes`.
fn order(order: Order, number: Option<u16>, rest: &str) -> Result<Asked, Vec<String>> {
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    let sure = order.is_final() && words.last().is_some_and(|word| fold(word) == "yes");
    if sure {
        words.pop();
    }
    let until = words
        .iter()
        .position(|word| matches!(fold(word).as_str(), "until" | "till" | "til" | "bis"));
    let (whom, until, reason) = match until {
        Some(at) => {
            let (before, after) = words.split_at(at);
            let after = after.get(1..).unwrap_or_default();
            let whom = whole(number, before)?;
            let (day, taken) = read(order, before, after)?;
            (whom, Some(day), after.get(taken..).unwrap_or_default().join(" "))
        }
        None if order == Order::Snooze => {
            let found = (0..words.len()).find_map(|at| match day::day(words.get(at..)?) {
                Read::No => None,
                found => Some((at, found)),
            });
            let Some((at, _)) = found else {
                return Err(snoozes(number, &words));
            };
            let (before, after) = words.split_at(at);
            let whom = whole(number, before)?;
            let (day, taken) = read(order, before, after)?;
            (whom, Some(day), after.get(taken..).unwrap_or_default().join(" "))
        }
        None => match whom(number, &words) {
            Some((whom, taken)) => (whom, None, words.get(taken..).unwrap_or_default().join(" ")),
            None => (company(&words).ok_or_default()?, None, String::new()),
        },
    };
    if until.is_some() && !matches!(order, Order::Pause | Order::Snooze) {
        return Err(vec![format!("pause {rest}")]);
    }
    let reason = reason.trim_start_matches("because ").trim_matches([',', ':', ' ', '.']);
    // What stands behind nobody's name is prose: `stop. I mean it`.
    if whom == Whom::This && !reason.is_empty() && until.is_none() {
        return Err(Vec::new());
    }
    Ok(Asked::Order {
        order,
        whom,
        until,
        reason: Some(cut(reason)).filter(|reason| !reason.is_empty()),
        sure,
    })
}

/// Whom all of these words name.
/// `jane@acme.test touch 5`: whom, and which of the touches to come. Reps call it a mail or a step too.
fn of_touch(number: Option<u16>, rest: &str) -> Result<(Whom, Option<u16>), Vec<String>> {
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    let named = |word: &str| matches!(fold(word).as_str(), "touch" | "mail" | "email" | "step");
    let touch = match words.as_slice() {
        [.., name, nth] if named(name) => nth.trim_matches(['#', '.', ':']).parse::<u16>().ok(),
        _ => None,
    };
    if touch.is_some() {
        words.truncate(words.len().saturating_sub(2));
    }
    Ok((whole(number, &words)?, touch))
}

fn whole(number: Option<u16>, words: &[&str]) -> Result<Whom, Vec<String>> {
    match whom(number, words) {
        Some((whom, taken)) if taken == words.len() || number.is_some() => Ok(whom),
        Some(_) => Err(Vec::new()),
        None => company(words).ok_or_default(),
    }
}

/// The day that stands there; of two that may be meant, both lines.
fn read(order: Order, before: &[&str], after: &[&str]) -> Result<(SaidDay, usize), Vec<String>> {
    match day::day(after) {
        Read::Day(day, taken) => Ok((day, taken)),
        Read::Either(days) => {
            let way = entry(Verb::Order(order)).map_or("pause", |entry| entry.ways.first().copied().unwrap_or("pause"));
            let line = |day: &String| format!("{way} {} until {day}", before.join(" ")).replace("  ", " ");
            Err(days.iter().map(line).collect())
        }
        Read::No => Err(snoozes(None, before)),
    }
}

/// A day is missing: three that are often meant.
fn snoozes(number: Option<u16>, before: &[&str]) -> Vec<String> {
    let whom = before.join(" ");
    let plausible = whom.is_empty() || whole(number, before).is_ok();
    let number = number.map(|number| format!("{number} ")).unwrap_or_default();
    let days = ["tomorrow", "monday", "in 2 weeks"].into_iter().filter(|_| plausible);
    days.map(|day| format!("{number}snooze {whom} {day}").replace("  ", " "))
        .collect()
}

/// The number of a draft, before or behind its verb.
fn of_draft(number: Option<u16>, rest: &str) -> Result<Option<u16>, Vec<String>> {
    let behind = rest
        .trim_start_matches(['#', ' '])
        .trim_end_matches(['.', ')'])
        .parse()
        .ok();
    match (number, behind) {
        (number, None) if rest.is_empty() => Ok(number),
        (None, Some(behind)) => Ok(Some(behind)),
        _ => Err(Vec::new()),
    }
}

fn note(number: Option<u16>, rest: &str) -> Result<Asked, Vec<String>> {
    let first = rest.split_whitespace().next().unwrap_or_default();
    let named = address(first).map(Whom::Address);
    let text = if named.is_some() {
        rest.get(first.len()..).unwrap_or_default()
    } else {
        rest
    };
    let text = text
        .trim_start_matches(|c: char| c.is_whitespace() || ":,-".contains(c))
        .trim_end();
    if text.is_empty() {
        return Err(Vec::new());
    }
    Ok(Asked::Note {
        whom: number.map(Whom::Number).or(named).unwrap_or(Whom::This),
        text: cut(text),
    })
}

/// Whether a line begins as `title=…` does.
pub(super) fn is_filling(line: &str) -> bool {
    line.split_once('=')
        .is_some_and(|(field, value)| is_field(field) && !value.trim().is_empty() && !value.starts_with('='))
}

/// `jane@acme.com title="VP Sales" company=Acme`; a value without quotes reaches to the next field.
fn fill(number: Option<u16>, rest: &str) -> Result<Asked, Vec<String>> {
    let words = quoted(rest);
    let named = words.first().and_then(|first| address(first));
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut last: Option<String> = None;
    for word in words.iter().skip(usize::from(named.is_some())) {
        match (word.split_once('='), &last) {
            (Some((field, value)), _) if is_field(field) && !value.trim().is_empty() => {
                let field = fold(field);
                fields.insert(field.clone(), cut(value.trim()));
                last = Some(field);
            }
            (_, Some(field)) => {
                if let Some(value) = fields.get_mut(field) {
                    *value = cut(&format!("{value} {word}"));
                }
            }
            (_, None) => return Err(Vec::new()),
        }
    }
    // Where mail goes is no word of a text: a new address is a new prospect.
    let is_address = ["email", "address"].iter().any(|field| fields.contains_key(*field));
    if fields.is_empty() || fields.len() > limits::CADENCE_FIELDS || is_address {
        return Err(Vec::new());
    }
    Ok(Asked::Fill {
        whom: number
            .map(Whom::Number)
            .or(named.map(Whom::Address))
            .unwrap_or(Whom::This),
        fields,
    })
}

fn switch(number: Option<u16>, rest: &str) -> Result<Asked, Vec<String>> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| matches!(fold(word).as_str(), "to" | "into"));
    let Some((at, [to])) = at.and_then(|at| Some((at, words.get(at + 1..)?))) else {
        return Err(Vec::new());
    };
    Ok(Asked::Switch {
        whom: whole(number, words.get(..at).unwrap_or_default())?,
        to: fold(to.trim_matches(['"', '.'])),
    })
}

/// `jane@acme.com "Jane Doe" company=Acme title="VP Sales" in outbound start monday`.
fn enroll(rest: &str) -> Result<Asked, Vec<String>> {
    let words = quoted(rest);
    let mut wanted = Wanted {
        address: words.iter().find_map(|word| address(word)).ok_or_default()?,
        name: None,
        cadence: None,
        start: None,
        fields: BTreeMap::new(),
    };
    let mut loose: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let next = || words.get(at).map(String::as_str);
        match word.split_once('=') {
            Some((field, value)) if is_field(field) => {
                let (field, value) = (fold(field), cut(value.trim()));
                match field.as_str() {
                    "name" => wanted.name = Some(value),
                    "cadence" => wanted.cadence = Some(fold(&value)),
                    "start" => wanted.start = Some(start(&value)?),
                    _ => {
                        wanted.fields.insert(field, value);
                    }
                }
            }
            _ if address(word).is_some() => {}
            _ if matches!(fold(word).as_str(), "in" | "into" | "to") && next().is_some() => {
                wanted.cadence = next().map(fold);
                at += 1;
            }
            _ if matches!(fold(word).as_str(), "start" | "from") && next().is_some() => {
                let tail = words.get(at..).unwrap_or_default().join(" ");
                wanted.start = Some(start(&tail)?);
                break;
            }
            _ => loose.push(word),
        }
    }
    let name = loose.join(" ");
    wanted.name = wanted.name.or(Some(cut(&name)).filter(|name| !name.is_empty()));
    if wanted.fields.len() > limits::CADENCE_FIELDS {
        return Err(Vec::new());
    }
    Ok(Asked::Enroll(Box::new(wanted)))
}

fn is_field(name: &str) -> bool {
    !name.is_empty() && name.len() <= 40 && name.chars().all(|c| c.is_alphanumeric() || "_-".contains(c))
}

fn start(text: &str) -> Result<SaidDay, Vec<String>> {
    super::said_day(text).ok_or_default()
}

/// Words, where quotes hold several together: `title="VP Sales"`.
fn quoted(text: &str) -> Vec<String> {
    let (mut words, mut word, mut inside) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' | '“' | '”' | '„' => inside = !inside,
            c if c.is_whitespace() && !inside => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// `24 Dec to 2 Jan cover ben@corp.test`, `until 2 Jan`.
fn vacation(rest: &str) -> Result<Asked, Vec<String>> {
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    if matches!(fold(rest).as_str(), "off" | "over" | "end") {
        return Ok(Asked::Back);
    }
    let covering = words
        .iter()
        .position(|word| matches!(fold(word).as_str(), "cover" | "covered" | "covers" | "by" | "with"));
    let mut cover = None;
    if let Some(at) = covering {
        let named = words.get(at + 1..).unwrap_or_default();
        cover = Some(named.iter().find_map(|word| address(word)).ok_or_default()?);
        words.truncate(at);
    }
    words.retain(|word| !matches!(fold(word).as_str(), "from" | "starting"));
    let between = words.iter().position(|word| {
        matches!(
            fold(word).as_str(),
            "to" | "until" | "till" | "bis" | "-" | "–" | "through"
        )
    });
    let one = |words: &[&str]| match day::day(words) {
        Read::Day(day, taken) if taken == words.len() => Some(day),
        Read::Day(..) | Read::Either(_) | Read::No => None,
    };
    let (from, to) = match between {
        Some(0) => (None, one(words.get(1..).unwrap_or_default())),
        Some(at) => {
            let (from, to) = words.split_at(at);
            (Some(one(from).ok_or_default()?), one(to.get(1..).unwrap_or_default()))
        }
        None => (None, None),
    };
    let to = to.ok_or_default()?;
    Ok(Asked::Vacation { from, to, cover })
}
