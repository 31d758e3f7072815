//! Reads delivery failures: RFC 3464 reports first, wordings of old servers second.
//!
//! A bounce is *permanent* when the address is dead (unknown user, unknown host, moved) and soft otherwise, a suspended or
//! full mailbox included. It is *proven* when it came by the envelope sender that only our letter had; a proof by
//! Message-ID is the store's to find.
//!
//! Standards: RFC 3461-3464, RFC 5321 4.2, RFC 6522, RFC 6533. Corpus: tests/corpus/bounce, tests/corpus/not_a_bounce.
//! Not here: what a bounce means for an enrollment (rules::react). Limits: the first 64 KiB of text, 50 recipients.

use super::bounce_words::{self, Reason};
use super::report::{self, Action, Fate};
use super::returned::{self, Returned};
use super::{Evidence, Kind, Reading, bounce_text, excerpt};
use crate::model::{Address, Purpose, Signal};

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
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
    let decisive: Vec<&Fate> = fates.iter().filter(|fate| fate.action == action).collect();
    let words = |fate: &Fate| {
        let fallback = if fate.diagnostic.trim().is_empty() {
            evidence.mail.text.as_str()
        } else {
            &fate.diagnostic
        };
        bounce_words::reason(fate.status.as_deref(), returned::above(bounce_text::head(fallback)))
    };
    // Of several recipients the one with a dead address is told first.
    let worst = decisive
        .iter()
        .find(|fate| bounce_words::is_permanent(words(fate), fate.status.as_deref()))
        .or(decisive.first());
    let status = worst.and_then(|fate| fate.status.clone());
    let reason = worst.map_or(Reason::Other, |fate| words(fate));
    let why = worst.map(|fate| excerpt(&fate.diagnostic)).unwrap_or_default();
    let why = if why.is_empty() { reason.word().to_owned() } else { why };
    let (kind, what) = match action {
        Action::Failed => (Kind::Bounce, "failed"),
        Action::Delayed => (Kind::Delay, "delayed"),
        Action::Delivered => (Kind::Delivered, "delivered"),
    };
    let told = status
        .as_deref()
        .map(|status| format!(", status {status}"))
        .unwrap_or_default();
    let because = format!("delivery report: {what}{told}");
    let people = decisive
        .iter()
        .flat_map(|fate| fate.last.iter().chain(&fate.original).cloned())
        .collect();
    finish(
        evidence,
        kind,
        because,
        Failure {
            people,
            status,
            reason,
            why,
        },
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
    let failure = Failure {
        people: found.people,
        reason: bounce_words::reason(found.status.as_deref(), &found.words),
        status: found.status,
        why: excerpt(&found.words),
    };
    Some(finish(evidence, kind, because.to_owned(), failure, returned))
}

struct Failure {
    people: Vec<Address>,
    status: Option<String>,
    reason: Reason,
    why: String,
}

fn finish(evidence: &Evidence<'_>, kind: Kind, because: String, failure: Failure, returned: Returned) -> Reading {
    let token = evidence.token(Purpose::Bounce);
    let permanent = bounce_words::is_permanent(failure.reason, failure.status.as_deref());
    let mut reading = evidence.reading(kind, because);
    reading.signal = match reading.kind {
        Kind::Delay => Some(Signal::Delay),
        Kind::Delivered => Some(Signal::Delivered),
        _ => Some(Signal::Bounce {
            permanent,
            status: failure.status.clone(),
            why: failure.why,
            proven: token.is_some(),
        }),
    };
    reading.permanent = (reading.kind != Kind::Delivered).then_some(permanent && reading.kind == Kind::Bounce);
    if reading.kind == Kind::Bounce {
        reading.reason = Some(failure.reason.word());
    }
    reading.token = token.or(reading.token);
    let others = reading.about.into_iter().filter(|id| Some(id) != returned.id.as_ref());
    reading.about = returned.id.iter().cloned().chain(others).collect();
    reading.letter = returned.letter;
    reading.status = failure.status;
    reading.people = unique(failure.people, evidence);
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
