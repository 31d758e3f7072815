//! Complaints: what a provider sends when somebody marks a mail of ours as spam.
//!
//! Standards: RFC 5965 (ARF), RFC 6591 (authentication failure reports, which are about domains and no complaint),
//! RFC 6650. The report must be how the mail itself is built; a report that somebody attaches or forwards is none.
//! Corpus: tests/corpus/complaint. Known gaps: Hotmail's JMRP mails, which are no reports.

use super::returned;
use super::{Evidence, Kind, Reading};
use crate::mail::header;
use crate::mail::read::addresses;
use crate::model::{Address, Purpose, Signal, Tag, Token};

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
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
