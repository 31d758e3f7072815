//! Complaints: what a provider sends when somebody marks a mail of ours as spam.
//!
//! Standards: RFC 5965 (ARF), RFC 6591 (authentication failure reports, which are about domains and no complaint),
//! RFC 6650. The report must be how the mail itself is built; a report that somebody attaches or forwards is none.
//! Corpus: tests/corpus/complaint.

use super::notification::{self, Notification};
use super::returned::{self, Returned};
use super::{Evidence, Kind, Reading};
use crate::mail::header;
use crate::mail::read::addresses;
use crate::model::{Address, Purpose, Signal, Tag, Token};

/// Who complained to Hotmail.
pub(super) const HOTMAIL: &str = "X-HmXmrOriginalRecipient";

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    if let Some(Notification::Complaint(people)) = notification::read(evidence) {
        return Some(plain(
            evidence,
            "a complaint that Amazon SES passes on",
            people,
            Returned::default(),
        ));
    }
    if let Some(reading) = hotmail(evidence) {
        return Some(reading);
    }
    let mail = evidence.mail;
    let part = mail
        .parts
        .iter()
        .find(|part| part.content_type == "message/feedback-report")?;
    if evidence.word("Content-Type").as_deref() != Some("multipart/report") {
        return None;
    }
    let report = header::split(part.text.trim_start().as_bytes()).fields;
    let kind = known(header::first(&report, "Feedback-Type").unwrap_or("abuse"));
    let returned = returned::read(mail);
    let because = format!("feedback report: {}", kind);
    let mut reading = evidence.reading(Kind::Complaint, because);
    let complains = matches!(kind, "abuse" | "fraud" | "virus" | "opt-out" | "other");
    let proven = came_by_token(&report, evidence);
    reading.signal = complains.then_some(Signal::Complaint {
        proven: proven.is_some(),
    });
    reading.token = proven.or(reading.token);
    reading.feedback_type = Some(kind.to_owned());
    reading.letter = returned.letter;
    reading.about.splice(0..0, returned.id);
    // Providers often leave out who complained; then the mail itself says whom it was for.
    let named = ["Original-Rcpt-To", "Removal-Recipient"].into_iter();
    let named: Vec<Address> = named
        .flat_map(|name| values(&report, name))
        .flat_map(addresses)
        .map(|it| it.address)
        .collect();
    reading.people = if named.is_empty() { returned.to } else { named };
    reading.people.dedup();
    Some(reading)
}

/// What Hotmail sent before it knew reports, and sends in part today (JMRP): the mail itself with the complainer in a
/// field of its own, or the mail attached to one from `staff@hotmail.com`.
fn hotmail(evidence: &Evidence<'_>) -> Option<Reading> {
    let mail = evidence.mail;
    if let Some(value) = mail.header(HOTMAIL).next() {
        let who = addresses(value).into_iter().map(|it| it.address).collect();
        let mut reading = plain(
            evidence,
            "the mail itself, with Hotmail's field for who complained",
            who,
            Returned::default(),
        );
        reading.letter = mail.header("X-Cadence-Ref").next().and_then(super::letter_of);
        reading.about.splice(0..0, mail.message_id.clone());
        return Some(reading);
    }
    let staff = |address: &Address| address.local().eq_ignore_ascii_case("staff") && address.domain() == "hotmail.com";
    let subject = mail.subject.to_lowercase();
    let complains =
        mail.from.iter().any(|from| staff(&from.address)) && subject.starts_with("complaint about message from");
    let returned = returned::read(mail);
    let named = returned.complainer.clone();
    (complains || named.is_some() && returned.announced && evidence.is_from_system()).then(|| {
        let people = named.map_or_else(|| returned.to.clone(), |who| vec![who]);
        plain(
            evidence,
            "a complaint as Hotmail's staff address sends it",
            people,
            returned,
        )
    })
}

/// A complaint without a report.
fn plain(evidence: &Evidence<'_>, because: &str, people: Vec<Address>, returned: Returned) -> Reading {
    let token = evidence.token(Purpose::Bounce);
    let mut reading = evidence.reading(Kind::Complaint, because);
    reading.signal = Some(Signal::Complaint {
        proven: token.is_some(),
    });
    reading.token = token.or(reading.token);
    reading.feedback_type = Some("abuse".to_owned());
    reading.letter = returned.letter;
    reading.about.splice(0..0, returned.id);
    reading.people = people;
    reading
}

/// Our envelope sender stands in the report or brought it here.
fn came_by_token(report: &[(String, String)], evidence: &Evidence<'_>) -> Option<Token> {
    let sender = header::first(report, "Original-Mail-From")
        .map(addresses)
        .unwrap_or_default();
    let read = |address: &Address| match evidence.own.bot.read(address) {
        Some(Tag::Token(token)) if token.purpose == Purpose::Bounce => Some(token),
        _ => None,
    };
    let stated = sender.iter().find_map(|person| read(&person.address));
    stated.or_else(|| evidence.token(Purpose::Bounce))
}

fn values<'a>(fields: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// The registered feedback types; what else somebody writes is not repeated.
fn known(kind: &str) -> &'static str {
    const TYPES: &[&str] = &[
        "abuse",
        "fraud",
        "virus",
        "opt-out",
        "not-spam",
        "auth-failure",
        "dmarc",
    ];
    TYPES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(kind.trim()))
        .copied()
        .unwrap_or("other")
}
