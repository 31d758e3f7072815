//! What a person means by an answer: interested, a question, not now, not interested, somebody else, or nothing of it.
//!
//! Advice, not judgement: it never makes a mail anything but a person's, and stops nothing. Only the new text counts, its
//! first `limits::INTENT_TEXT` characters; the words are data of nine languages (`phrases::intent`). The order is that of
//! what a rep would want to know first: an address to go on with, a time to come back at, a no, a yes, a question.
//!
//! Known gaps: irony; a yes under conditions is a yes.

mod day;

use super::classify::Own;
use super::hand_over::{is_bot, is_house};
use super::phrases::intent::{ASK_THEM, INTERESTED, LATER_TIMES, NEGATIONS, NOT_INTERESTED, NOT_NOW, WRONG_PERSON};
use super::quote::fold;
use super::read::Mail;
use crate::model::{Address, Intent, limits};
use jiff::tz::TimeZone;

/// An intent, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// What is meant.
    pub intent: Intent,
    /// The evidence, for people: words of ours that stand in the mail.
    pub because: String,
}

/// How far before a word its negation may stand, in bytes of folded text.
const NEGATION: usize = 28;
/// How far before an address the words that send somebody there may stand.
const REACH: usize = 120;
/// Endings of phrases that want a time behind them: `call me in` says nothing without `May`.
const OPEN_ENDS: &[&str] = &[
    " in", " im", " ab", " nach", " after", " en", " em", " i", " efter", " w", " po",
];

/// Reads what somebody means by `said`, the new text of `mail`.
#[must_use]
pub fn read(said: &str, mail: &Mail, own: &Own<'_>) -> Meant {
    let said: String = said.chars().take(limits::INTENT_TEXT).collect();
    let text = fold(&said);
    let today = mail.date.map(|date| date.to_zoned(TimeZone::UTC).date());
    if let Some(meant) = somebody_else(&text, mail, own) {
        return meant;
    }
    let until = today.and_then(|today| day::read(&text, today));
    let later = |phrase: &&'static &'static str| until.is_some() || !OPEN_ENDS.iter().any(|end| phrase.ends_with(end));
    if let Some(phrase) = all(&text, NOT_NOW).find(|phrase| later(phrase)) {
        return meant(Intent::NotNow { until }, phrase);
    }
    if let Some(phrase) = all(&text, NOT_INTERESTED).next() {
        return meant(Intent::NotInterested, phrase);
    }
    if let Some(phrase) = all(&text, WRONG_PERSON).next() {
        return meant(Intent::Referral { to: None }, phrase);
    }
    let mut denied = None;
    for phrase in INTERESTED {
        match said_of(&text, phrase) {
            Some(false) => return meant(Intent::Interested, phrase),
            Some(true) => denied = denied.or(Some(*phrase)),
            None => {}
        }
    }
    if let Some(phrase) = all(&text, LATER_TIMES).next() {
        return meant(Intent::NotNow { until }, phrase);
    }
    if let Some(phrase) = denied.filter(|phrase| phrase.starts_with("interes")) {
        return Meant {
            intent: Intent::NotInterested,
            because: format!("it says `{phrase}` and denies it"),
        };
    }
    if text.contains(['?', '？', '؟']) {
        return Meant {
            intent: Intent::Question,
            because: "it asks something".to_owned(),
        };
    }
    Meant {
        intent: Intent::Other,
        because: "nothing in it says what is meant".to_owned(),
    }
}

fn meant(intent: Intent, phrase: &str) -> Meant {
    Meant {
        intent,
        because: format!("it says `{phrase}`"),
    }
}

/// An address that is nobody's of the mail or the house, with words that send somebody there; or, where somebody is named
/// as the right person, the one stranger in Cc.
fn somebody_else(text: &str, mail: &Mail, own: &Own<'_>) -> Option<Meant> {
    let known = |address: &Address| {
        is_bot(address, own) || is_house(address, own) || mail.from.iter().any(|from| from.address.same_as(address))
    };
    let mut at = 0_usize;
    for word in text.split_inclusive([' ', ',', ';', '(', ')', '<', '>', '[', ']', ':', '"']) {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric());
        let found = Some(plain)
            .filter(|it| it.contains('@'))
            .and_then(|it| Address::parse(it).ok());
        if let Some(address) = found.filter(|address| !known(address)) {
            let near = text
                .get(text.ceil_char_boundary(at.saturating_sub(REACH))..at)
                .unwrap_or_default();
            let sent_on = ASK_THEM.iter().chain(WRONG_PERSON).any(|phrase| has(near, phrase));
            if sent_on {
                return Some(Meant {
                    intent: Intent::Referral { to: Some(address) },
                    because: "it sends you on to another address".to_owned(),
                });
            }
        }
        at += word.len();
    }
    let phrase = all(text, WRONG_PERSON).next()?;
    let mut copied = mail.cc.iter().filter(|person| !known(&person.address));
    let to = copied.next().filter(|_| copied.next().is_none())?;
    Some(meant(
        Intent::Referral {
            to: Some(to.address.clone()),
        },
        phrase,
    ))
}

/// The phrases that stand in a text.
fn all<'t>(text: &'t str, phrases: &'static [&'static str]) -> impl Iterator<Item = &'static &'static str> + 't {
    phrases.iter().filter(move |phrase| has(text, phrase))
}

/// Whether a phrase stands in a text at the ends of words.
fn has(text: &str, phrase: &str) -> bool {
    places(text, phrase).next().is_some()
}

fn places<'t>(text: &'t str, phrase: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices(phrase).map(|(at, _)| at).filter(move |at| {
        let before = text.get(..*at).unwrap_or_default();
        let after = text.get(at + phrase.len()..).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Whether a phrase stands in a text, and if so, whether it is denied everywhere.
fn said_of(text: &str, phrase: &str) -> Option<bool> {
    let mut denied = None;
    for at in places(text, phrase) {
        let before = text.get(..at).unwrap_or_default();
        let clause = before.rsplit(['.', '!', '?', ';', ':']).next().unwrap_or_default();
        let near = clause
            .get(clause.ceil_char_boundary(clause.len().saturating_sub(NEGATION))..)
            .unwrap_or_default();
        // A comma ends what a `no` belongs to: `no, that sounds good`.
        let near = near.rsplit(',').next().unwrap_or_default();
        if !NEGATIONS.iter().any(|word| has(near, word)) {
            return Some(false);
        }
        denied = Some(true);
    }
    denied
}

#[cfg(test)]
mod tests;
