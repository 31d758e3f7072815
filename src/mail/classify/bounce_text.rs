//! Bounces without a report: what old servers write for people.
//!
//! Believed only from a mail system (null sender, mailer-daemon), and only when the mail gives back a header of ours,
//! names failed recipients (`X-Failed-Recipients`, Exim) or has the words of a failure. Best effort.

use super::Evidence;
use super::bounce_people::{self, Told};
use super::bounce_words;
use super::report::{Action, Fate};
use super::returned::{self, Returned};
use crate::mail::phrases::returned::{DELAYED, FAILED, FAILURE_SENTENCES, GIVEN_UP};
use crate::mail::quote::fold;
use crate::mail::read::addresses;
use crate::model::{Address, Purpose, limits};

/// What could be read.
pub(super) struct Found {
    /// Each recipient's, where any is named.
    pub fates: Vec<Fate>,
    pub status: Option<String>,
    /// The server's words, the line that names the failure first.
    pub words: String,
    pub is_delay: bool,
}

/// Reads what a mail system wrote for people.
pub(super) fn read(evidence: &Evidence<'_>, returned: &Returned, reported: bool) -> Option<Found> {
    let mail = evidence.mail;
    let text = head(returned::above(head(&mail.text)));
    let subject = fold(&mail.subject);
    let announced = is_announced(&subject);
    let believed = reported || evidence.is_from_system() || evidence.token(Purpose::Bounce).is_some();
    if !(believed || announced && speaks_as_system(evidence, text, returned)) {
        return None;
    }
    let named: Vec<Address> = mail
        .header("X-Failed-Recipients")
        .flat_map(addresses)
        .map(|it| it.address)
        .take(limits::REPORTED)
        .collect();
    // An absence note may come from the null sender too, so that alone is not enough.
    let said = bounce_words::is_said(text);
    let sure = reported
        || !named.is_empty()
        || announced
        || fails_in_words(text) && (said || returned.announced)
        || said && returned.found;
    let is_delay = is_delay(&subject, text);
    let told = bounce_people::read(text, returned, evidence);
    // A postmaster who names somebody and says that there is no such mailbox needs no sentence that is known.
    let plain = !told.is_empty() && evidence.is_by_postmaster() && bounce_words::is_about_mailbox(text);
    if !sure && !is_delay && !plain {
        return None;
    }
    Some(Found {
        fates: fates(named, told, text, is_delay),
        status: bounce_words::status(text),
        words: words(text),
        is_delay,
    })
}

/// One fate for each recipient; the words about it, where they stand with it, else all.
fn fates(named: Vec<Address>, told: Vec<Told>, text: &str, is_delay: bool) -> Vec<Fate> {
    let action = if is_delay { Action::Delayed } else { Action::Failed };
    let fate = |address: Address, words: &str| Fate {
        original: None,
        last: Some(address),
        action,
        status: bounce_words::status(words),
        diagnostic: self::words(words),
    };
    if named.is_empty() {
        let alone = told.len() == 1;
        let whole = |told: &Told| if alone { text.to_owned() } else { told.words.clone() };
        return told
            .into_iter()
            .map(|it| {
                let words = whole(&it);
                fate(it.address, &words)
            })
            .collect();
    }
    let about = |address: &Address| {
        told.iter()
            .find(|it| it.address.same_as(address))
            .map(|it| it.words.as_str())
    };
    named
        .into_iter()
        .map(|address| {
            let words = about(&address).unwrap_or(text).to_owned();
            fate(address, &words)
        })
        .collect()
}

/// Whether the subject is that of a failure, as a program writes it: nobody forwards or answers with it.
fn is_announced(subject: &str) -> bool {
    let passed_on = ["fwd", "fw:", "wg:", "tr:", "rv:", "aw:", "antw:", "vs:", "sv:"]
        .iter()
        .any(|mark| subject.starts_with(mark));
    !passed_on && !DELAYED.is_in(subject) && FAILED.is_in(subject) && !subject.starts_with("re: ")
}

/// Whether the words are a mail system's though the sender does not say so: its own sentence, with the recipient in it,
/// and nothing of an answer.
fn speaks_as_system(evidence: &Evidence<'_>, text: &str, returned: &Returned) -> bool {
    evidence.mail.references.is_empty() && fails_in_words(text) && (text.contains('@') || returned.found)
}

fn fails_in_words(text: &str) -> bool {
    let start = fold(
        text.get(..text.floor_char_boundary(2_000.min(text.len())))
            .unwrap_or(text),
    );
    FAILURE_SENTENCES.is_in(&start)
}

fn is_delay(subject: &str, text: &str) -> bool {
    let start = fold(
        text.get(..text.floor_char_boundary(2_000.min(text.len())))
            .unwrap_or(text),
    );
    // Gmail writes that it tells again if the delivery fails permanently; its subject leaves no doubt.
    subject.contains("(delay)") || (DELAYED.is_in(subject) || DELAYED.is_in(&start)) && !GIVEN_UP.is_in(&start)
}

/// The start of a text, as far as it is searched.
pub(super) fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(limits::TEXT_SEARCHED.min(text.len())))
        .unwrap_or(text)
}

/// The lines that name the failure and the one after each, for what a server says is often folded; else the first ones.
fn words(text: &str) -> String {
    let refuses = |line: &str| bounce_words::reply_code(line).is_some_and(|code| code.starts_with(['4', '5']));
    let telling = |line: &str| refuses(line) || bounce_words::status(line).is_some() || bounce_words::is_said(line);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let first = lines.iter().position(|line| telling(line));
    match first {
        Some(at) => lines
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take(4)
            .map(|line| line.trim())
            .collect::<Vec<_>>()
            .join(" "),
        None => text.chars().take(limits::EXCERPT).collect(),
    }
}
