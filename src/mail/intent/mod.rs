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
use super::phrases::search::Place;
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
    let later = |place: &Place<'_>| until.is_some() || !OPEN_ENDS.iter().any(|end| place.phrase.ends_with(end));
    let not_now = NOT_NOW.places(&text).filter(|place| place.is_whole() && later(place));
    if let Some(place) = not_now.min_by_key(|place| place.nth) {
        return meant(Intent::NotNow { until }, place.phrase);
    }
    if let Some(phrase) = NOT_INTERESTED.first_said(&text) {
        return meant(Intent::NotInterested, phrase);
    }
    if let Some(phrase) = WRONG_PERSON.first_said(&text) {
        return meant(Intent::Referral { to: None }, phrase);
    }
    let interest = INTERESTED.places(&text).filter(Place::is_whole);
    let (denied, said): (Vec<_>, Vec<_>) = interest.partition(is_denied);
    let first = |places: Vec<Place<'_>>| {
        places
            .into_iter()
            .min_by_key(|place| place.nth)
            .map(|place| place.phrase)
    };
    if let Some(phrase) = first(said) {
        return meant(Intent::Interested, phrase);
    }
    if let Some(phrase) = LATER_TIMES.first_said(&text) {
        return meant(Intent::NotNow { until }, phrase);
    }
    if let Some(phrase) = first(denied).filter(|phrase| phrase.starts_with("interes")) {
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
            if ASK_THEM.is_said(near) || WRONG_PERSON.is_said(near) {
                return Some(Meant {
                    intent: Intent::Referral { to: Some(address) },
                    because: "it sends you on to another address".to_owned(),
                });
            }
        }
        at += word.len();
    }
    let phrase = WRONG_PERSON.first_said(text)?;
    let mut copied = mail.cc.iter().filter(|person| !known(&person.address));
    let to = copied.next().filter(|_| copied.next().is_none())?;
    Some(meant(
        Intent::Referral {
            to: Some(to.address.clone()),
        },
        phrase,
    ))
}

/// Whether a word of interest is turned round by what stands shortly before it.
fn is_denied(place: &Place<'_>) -> bool {
    let clause = place
        .before
        .rsplit(['.', '!', '?', ';', ':'])
        .next()
        .unwrap_or_default();
    let near = clause
        .get(clause.ceil_char_boundary(clause.len().saturating_sub(NEGATION))..)
        .unwrap_or_default();
    // A comma ends what a `no` belongs to: `no, that sounds good`.
    NEGATIONS.is_said(near.rsplit(',').next().unwrap_or_default())
}

#[cfg(test)]
mod tests;
