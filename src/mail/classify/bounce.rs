//! Reads delivery failures: RFC 3464 reports first, wordings of old servers second.
//!
//! A bounce is *permanent* when the address is dead (unknown user, unknown host, moved) and soft otherwise, a suspended or
//! full mailbox included. It is *proven* when it came by the envelope sender that only our letter had; a proof by
//! Message-ID is the store's to find.
//!
//! Standards: RFC 3461-3464, RFC 5321 4.2, RFC 6522, RFC 6533. Corpus: tests/corpus/bounce, tests/corpus/not_a_bounce.
//! Not here: what a bounce means for an enrollment (rules::react). Limits: the first 64 KiB of text, 50 recipients.

use super::bounce_words::{self, Reason};
use super::notification::{self, Notification};
use super::report::{self, Action, Fate};
use super::returned::{self, Returned};
use super::{Evidence, Failed, Kind, Reading, bounce_text, excerpt};
use crate::mail::phrases::refusal::{FILTER_FIELDS, FILTER_SENTENCES};
use crate::mail::quote::fold;
use crate::model::{Address, Purpose, Signal, limits};

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    if let Some(Notification::Fates(fates)) = notification::read(evidence) {
        return Some(by_report(evidence, &fates, Returned::default()));
    }
    let fates = report::read(evidence.mail);
    let reported = fates.is_some();
    if reported && !is_sent_by_system(evidence) {
        return None;
    }
    let returned = returned::read(evidence.mail);
    match fates.filter(|fates| !fates.is_empty()) {
        Some(fates) => Some(by_report(evidence, &fates, returned)),
        None => by_text(evidence, returned, reported),
    }
}

/// A person can attach a report; a mail system sends it as the report it is, from nobody, or under its own name.
fn is_sent_by_system(evidence: &Evidence<'_>) -> bool {
    evidence.is_from_system()
        || evidence.token(Purpose::Bounce).is_some()
        || evidence
            .word("Content-Type")
            .is_some_and(|kind| kind == "multipart/report")
        || evidence.word("Auto-Submitted").is_some_and(|word| word != "no")
}

fn by_report(evidence: &Evidence<'_>, fates: &[Fate], returned: Returned) -> Reading {
    // One who got it does not make up for one who did not.
    let action = fates.iter().map(|fate| fate.action).max().unwrap_or(Action::Failed);
    let text = returned::above(bounce_text::head(&evidence.mail.text)).to_owned();
    let decisive: Vec<&Fate> = fates.iter().filter(|fate| fate.action == action).collect();
    // Of several recipients nobody knows whom the text speaks of.
    let text = if decisive.len() == 1 || evidence.mail.text.len() < limits::EXCERPT {
        text
    } else {
        String::new()
    };
    let failures: Vec<Failure> = decisive.iter().map(|fate| Failure::of(fate, &text)).collect();
    let (kind, what) = match action {
        Action::Failed => (Kind::Bounce, "failed"),
        Action::Delayed => (Kind::Delay, "delayed"),
        Action::Delivered => (Kind::Delivered, "delivered"),
    };
    let told = worst(&failures).and_then(|failure| failure.status.as_deref());
    let told = told.map(|status| format!(", status {status}")).unwrap_or_default();
    finish(
        evidence,
        kind,
        format!("delivery report: {what}{told}"),
        failures,
        returned,
    )
}

fn by_text(evidence: &Evidence<'_>, returned: Returned, reported: bool) -> Option<Reading> {
    let found = bounce_text::read(evidence, &returned, reported)?;
    let (kind, because) = if found.is_delay {
        (Kind::Delay, "a mail system says in its own words that a mail is late")
    } else {
        (
            Kind::Bounce,
            "a mail system says in its own words that a mail was not delivered",
        )
    };
    let mut failures: Vec<Failure> = found.fates.iter().map(|fate| Failure::of(fate, "")).collect();
    if failures.is_empty() {
        failures.push(Failure {
            last: None,
            original: None,
            reason: bounce_words::reason(found.status.as_deref(), &found.words),
            status: found.status,
            why: excerpt(&found.words),
        });
    }
    Some(finish(evidence, kind, because.to_owned(), failures, returned))
}

/// What happened to one recipient, and why.
struct Failure {
    last: Option<Address>,
    original: Option<Address>,
    status: Option<String>,
    reason: Reason,
    why: String,
}

impl Failure {
    /// `text` speaks where the report itself says nothing.
    fn of(fate: &Fate, text: &str) -> Self {
        let words = if fate.diagnostic.trim().is_empty() {
            text
        } else {
            &fate.diagnostic
        };
        // Postfix tells in its text alone at which command the other server refused.
        let after_content = bounce_words::is_after_content(text) && !bounce_words::is_after_content(words);
        let words = if after_content {
            format!("{words} {}", bounce_words::CONTENT_REFUSED)
        } else {
            words.to_owned()
        };
        let reason = bounce_words::reason(fate.status.as_deref(), &words);
        let why = excerpt(&fate.diagnostic);
        Self {
            last: fate.last.clone(),
            original: fate.original.clone(),
            status: fate.status.clone(),
            reason,
            why: if why.is_empty() {
                reason.word().replace('-', " ")
            } else {
                why
            },
        }
    }

    /// As the reading tells it.
    fn told(&self) -> Option<Failed> {
        Some(Failed {
            address: self.last.clone().or_else(|| self.original.clone())?,
            original: self.original.clone().filter(|_| {
                let same = |it: &Address| self.original.as_ref().is_some_and(|original| original.same_as(it));
                self.last.as_ref().is_some_and(|last| !same(last))
            }),
            status: self.status.clone(),
            reason: self.reason.word(),
            permanent: self.is_permanent(),
        })
    }

    fn is_permanent(&self) -> bool {
        bounce_words::is_permanent(self.reason, self.status.as_deref())
    }
}

/// Of several recipients the one with a dead address is told first.
fn worst(failures: &[Failure]) -> Option<&Failure> {
    failures
        .iter()
        .find(|failure| failure.is_permanent())
        .or(failures.first())
}

/// Whether a filter gateway wrote it, whose word for a missing user is not to be trusted.
fn is_from_filter(evidence: &Evidence<'_>) -> bool {
    let text = fold(bounce_text::head(&evidence.mail.text));
    let field = |(name, word): &(&str, &str)| {
        evidence
            .mail
            .header(name)
            .any(|value| value.to_lowercase().contains(word))
    };
    FILTER_FIELDS.iter().any(field) || FILTER_SENTENCES.is_in(&text)
}

fn finish(
    evidence: &Evidence<'_>,
    kind: Kind,
    because: String,
    mut failures: Vec<Failure>,
    returned: Returned,
) -> Reading {
    if failures.iter().any(|failure| failure.reason == Reason::UnknownUser) && is_from_filter(evidence) {
        for failure in &mut failures {
            if failure.reason == Reason::UnknownUser {
                failure.reason = Reason::Content;
            }
        }
    }
    let token = evidence.token(Purpose::Bounce);
    let worst = worst(&failures);
    let permanent = worst.is_some_and(Failure::is_permanent);
    let mut reading = evidence.reading(kind, because);
    reading.status = worst.and_then(|failure| failure.status.clone());
    reading.signal = match reading.kind {
        Kind::Delay => Some(Signal::Delay),
        Kind::Delivered => Some(Signal::Delivered),
        _ => Some(Signal::Bounce {
            permanent,
            status: reading.status.clone(),
            why: worst.map(|failure| failure.why.clone()).unwrap_or_default(),
            proven: token.is_some(),
        }),
    };
    reading.permanent = (reading.kind != Kind::Delivered).then_some(permanent && reading.kind == Kind::Bounce);
    if reading.kind == Kind::Bounce {
        reading.reason = worst.map(|failure| failure.reason.word());
        reading.failed = failures.iter().filter_map(Failure::told).collect();
    }
    reading.token = token.or(reading.token);
    let others = reading.about.into_iter().filter(|id| Some(id) != returned.id.as_ref());
    reading.about = returned.id.iter().cloned().chain(others).collect();
    reading.letter = returned.letter;
    let people = failures
        .iter()
        .flat_map(|failure| failure.last.iter().chain(&failure.original).cloned());
    reading.people = unique(people.collect(), evidence);
    if reading.people.is_empty() {
        reading.people = unique(returned.to, evidence);
    }
    reading
}

/// No doubles, and not the bot.
fn unique(people: Vec<Address>, evidence: &Evidence<'_>) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    for address in people {
        let own = evidence.own.bot.read(&address).is_some();
        if !own && !found.iter().any(|known| known.same_as(&address)) {
            found.push(address);
        }
    }
    found
}
