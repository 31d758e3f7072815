//! Bounces without a report: what old servers write for people.
//!
//! Believed only from a mail system (null sender, mailer-daemon), and only when the mail gives back a header of ours,
//! names failed recipients (`X-Failed-Recipients`, Exim) or has the words of a failure. Best effort.

use super::Evidence;
use super::bounce_words;
use super::returned::{self, Returned};
use crate::mail::quote::fold;
use crate::mail::read::addresses;
use crate::model::{Address, Purpose, limits};

/// What could be read.
pub(super) struct Found {
    pub people: Vec<Address>,
    pub status: Option<String>,
    /// The server's words, the line that names the failure first.
    pub words: String,
    pub is_delay: bool,
}

/// Subjects of failures and of delays.
const FAILED: &[&str] = &[
    "undeliver",
    "delivery status notification (failure)",
    "delivery failure",
    "mail delivery failed",
    "failure notice",
    "returned mail",
    "delivery failed",
    "unzustellbar",
    "nicht zustellbar",
    "non remis",
    "non distribu",
    "no se puede entregar",
    "no se ha podido entregar",
    "mancato recapito",
    "mail system error",
    "message could not be delivered",
    "delivery error",
    "returning message",
    "onbestelbaar",
    "kunde inte levereras",
    "não entregue",
    "niedostarcz",
];
const DELAYED: &[&str] = &[
    "delayed",
    "delivery status notification (delay)",
    "still being retried",
    "will retry",
    "will continue to",
    "warning: could not send",
    "no action is required",
    "not yet been delivered",
    "verzögert",
    "wird weiter versucht",
    "retard",
    "you do not need to resend",
];

/// Reads what a mail system wrote for people.
pub(super) fn read(evidence: &Evidence<'_>, returned: &Returned, reported: bool) -> Option<Found> {
    if !reported && !evidence.is_from_system() && evidence.token(Purpose::Bounce).is_none() {
        return None;
    }
    let mail = evidence.mail;
    let named: Vec<Address> = mail
        .header("X-Failed-Recipients")
        .flat_map(addresses)
        .map(|it| it.address)
        .collect();
    let text = head(returned::above(head(&mail.text)));
    let subject = fold(&mail.subject);
    let announced = FAILED.iter().any(|words| subject.contains(words));
    // An absence note may come from the null sender too, so that alone is not enough.
    let sure = reported || !named.is_empty() || announced || (returned.found && bounce_words::is_said(text));
    let is_delay = is_delay(&subject, text) && !announced;
    if !sure && !is_delay {
        return None;
    }
    Some(Found {
        people: if named.is_empty() {
            mentioned(text, returned, evidence)
        } else {
            named
        },
        status: bounce_words::status(text),
        words: words(text),
        is_delay,
    })
}

fn is_delay(subject: &str, text: &str) -> bool {
    let start = fold(
        text.get(..text.floor_char_boundary(2_000.min(text.len())))
            .unwrap_or(text),
    );
    let late = |words: &str| subject.contains(words) || start.contains(words);
    DELAYED.iter().any(|words| late(words)) && !start.contains("permanent") && !start.contains("gave up")
}

/// The start of a text, as far as it is searched.
pub(super) fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(limits::TEXT_SEARCHED.min(text.len())))
        .unwrap_or(text)
}

/// The lines that name the failure, else the first ones.
fn words(text: &str) -> String {
    let telling = |line: &&str| bounce_words::status(line).is_some() || bounce_words::is_said(line);
    let lines: Vec<&str> = text.lines().filter(telling).take(3).collect();
    if lines.is_empty() {
        text.chars().take(limits::EXCERPT).collect()
    } else {
        lines.join(" ")
    }
}

/// The addresses in the text; only those that the returned mail was for, if one of them is among them.
fn mentioned(text: &str, returned: &Returned, evidence: &Evidence<'_>) -> Vec<Address> {
    let words = text.split(|c: char| c.is_whitespace() || "<>()[],;:\"'".contains(c));
    let found: Vec<Address> = words
        .filter(|word| word.contains('@'))
        .filter_map(|word| Address::parse(word.trim_matches('.')).ok())
        .filter(|address| !evidence.own.bot.address().same_as(address))
        .filter(|address| !evidence.mail.from.iter().any(|from| from.address.same_as(address)))
        .filter(|address| !evidence.own.reps.iter().any(|rep| rep.address.same_as(address)))
        .take(limits::REPORTED)
        .collect();
    let ours: Vec<Address> = found
        .iter()
        .filter(|it| returned.to.iter().any(|to| to.same_as(it)))
        .cloned()
        .collect();
    if ours.is_empty() {
        found.into_iter().take(1).collect()
    } else {
        ours
    }
}
