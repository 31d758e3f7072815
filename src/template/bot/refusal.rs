//! Why somebody was not enrolled, in plain words, and what to do about it.

use super::safe;
use crate::model::{Address, Refusal, StepNo, SuppressionReason, limits};
use std::collections::BTreeSet;

/// Why, and what to do: a sentence each.
///
/// `asks`: an answer to this mail is about those who are not enrolled.
pub(super) fn in_words(refusal: &Refusal, asks: bool) -> (String, String) {
    match refusal {
        Refusal::UnknownCadence { asked, known } => (
            format!("There is no cadence called \"{}\".", safe::untrusted(asked)),
            format!(
                "There is: {}. Hand it over once more with one of these; your own mail to them is delivered and need not be sent again.",
                known.join(", ")
            ),
        ),
        Refusal::DoesNotLoad { asked } => (
            format!("The cadence \"{}\" cannot be used now: there is a mistake in its files.", safe::untrusted(asked)),
            "The administrator was told. Hand it over once more when it is right; your own mail to them is delivered and need not be sent again."
                .to_owned(),
        ),
        Refusal::AlreadyActive { cadence, by: None } => (
            format!("You have this prospect in {} already.", safe::untrusted(cadence)),
            "That goes on as it was. To begin anew, stop it first.".to_owned(),
        ),
        Refusal::AlreadyActive { cadence, by: Some(rep) } => (
            format!(
                "{} ({}) has this prospect in {} already.",
                safe::untrusted(&rep.name),
                rep.address,
                safe::untrusted(cadence)
            ),
            "Agree with each other who goes on before you write again.".to_owned(),
        ),
        Refusal::Suppressed(reason) => (
            format!("This address is never mailed: {}.", reason.word()),
            suppressed(*reason).to_owned(),
        ),
        Refusal::CoolingDown { cadence, until } => (
            format!(
                "This prospect did not answer {}, which ended lately.",
                safe::untrusted(cadence)
            ),
            format!(
                "Leave them in peace until {}; then hand them over again. Your own mail to them, if you wrote one, is delivered.",
                until.strftime("%a %-d %b %Y")
            ),
        ),
        Refusal::CompanyFull { company, many } => (
            format!("{many} people at {} are in cadences already.", safe::untrusted(company)),
            "That is as many as this house writes to in one company at a time. When one of them answers or is done, hand this one over again.".to_owned(),
        ),
        Refusal::OwnDomain => (
            "This is a colleague, not a prospect.".to_owned(),
            "There is nothing to do.".to_owned(),
        ),
        Refusal::MailingList => (
            "This is the address of a mailing list: many read what is written there, and each could say stop.".to_owned(),
            "Write to one of them by name.".to_owned(),
        ),
        Refusal::OutsideAscii => (
            "Cadence cannot write to this address: what stands before its @ has characters outside ASCII.".to_owned(),
            "Most people with such an address have a second one in plain letters; ask for it and hand that over.".to_owned(),
        ),
        Refusal::MissingWords(words) => (
            format!("The cadence's texts need words that nobody knows: {}.", missing(words)),
            send(words, asks),
        ),
        Refusal::TooMany { found } => (
            format!(
                "The mail went to {found} people, and one mail enrolls at most {}.",
                limits::ENROLL_AT_ONCE
            ),
            "Write to them one by one, so that each reads a mail of their own.".to_owned(),
        ),
        Refusal::NobodyToEnroll => (
            "There is nobody outside your own company in To.".to_owned(),
            "Put the prospect in To and the cadence's address in BCC, or forward a mail of theirs.".to_owned(),
        ),
        Refusal::NoCadence { known } => (
            "It is not said which cadence this is for.".to_owned(),
            format!(
                "There is: {}. Forward it once more with a line such as \"cadence: {}\" at the top, or to your own address of that cadence.",
                known.join(", "),
                known.last().map_or("outbound", String::as_str)
            ),
        ),
        Refusal::NoAddress => (
            "What you forwarded tells no address of anybody outside your own company.".to_owned(),
            format!("{AGAIN} \"contact: jane@example.com\" at the top, or attach the mail itself."),
        ),
        Refusal::Several { who } => (
            format!("It may be about any of these: {}.", several(who)),
            format!(
                "Nobody was enrolled, so that nobody is written to by mistake. {AGAIN} \"contact: {}\" at the top.",
                who.first().map_or("jane@example.com", Address::as_str)
            ),
        ),
        Refusal::Program { who } => (
            format!("{who} is the address of a program; nobody reads what is written to it."),
            format!("{AGAIN} \"contact: jane@example.com\" at the top."),
        ),
        Refusal::Unreadable { fields } => (
            format!("What you wrote behind {} cannot be read.", fields.iter().map(|field| format!("\"{}:\"", safe::untrusted(field))).collect::<Vec<_>>().join(" and ")),
            "Forward it once more. Behind \"cadence:\" stands the name of a cadence, behind \"start:\" a day to come such as today, in 3 days, monday or 2026-05-04, behind \"contact:\" an address.".to_owned(),
        ),
        Refusal::TooOld => (
            "The mail is too old to begin with.".to_owned(),
            "Write a new one to the prospect, with the cadence's address in BCC.".to_owned(),
        ),
    }
}

/// How a remedy begins.
const AGAIN: &str = "Forward it once more with a line such as";

fn several(who: &[Address]) -> String {
    let shown = who.iter().take(limits::ENROLL_AT_ONCE).map(Address::as_str);
    let shown = shown.collect::<Vec<_>>().join(", ");
    match who.len().saturating_sub(limits::ENROLL_AT_ONCE) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn suppressed(reason: SuppressionReason) -> &'static str {
    match reason {
        SuppressionReason::OptedOut | SuppressionReason::Complained | SuppressionReason::Forgotten => {
            "Please do not write to this person by hand either."
        }
        SuppressionReason::Bounced => "Look for an address that works, and write to that.",
        SuppressionReason::Administrator => "Ask the administrator of this mailbox why.",
    }
}

/// How to send what is missing: what a forward may say above it in lines of its own, and what only the cadence can help.
fn send(words: &[(String, StepNo)], asks: bool) -> String {
    let told: BTreeSet<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    let line = |word: &&str| match *word {
        "company" | "title" | "phone" => Some(format!("\"{word}: …\"")),
        "name" | "first_name" | "last_name" => Some("\"name: …\"".to_owned()),
        _ => None,
    };
    let lines: BTreeSet<String> = told.iter().filter_map(line).collect();
    let others: Vec<String> = told
        .iter()
        .filter(|word| line(word).is_none())
        .map(|word| safe::untrusted(word))
        .collect();
    if asks {
        let fields: BTreeSet<String> = told
            .iter()
            .map(|word| match *word {
                "first_name" | "last_name" => "name".to_owned(),
                other => safe::untrusted(other),
            })
            .collect();
        let fields: Vec<String> = fields.iter().map(|field| format!("{field}=\"…\"")).collect();
        return format!(
            "Answer this mail with what is missing, as in {}, and they are enrolled with it; nothing need be sent again.",
            fields.join(" ")
        );
    }
    let by_forward = (!lines.is_empty()).then(|| {
        let lines: Vec<String> = lines.into_iter().collect();
        format!(
            "Send what is missing: forward a mail of yours to them to your address of the cadence, with a line for each at the top: {}.",
            lines.join(", ")
        )
    });
    let by_cadence = (!others.is_empty()).then(|| {
        format!(
            "Ask whoever keeps the cadence to give {} a fallback, as in {{{{or industry \"your field\"}}}}.",
            others.join(", ")
        )
    });
    [by_forward, by_cadence]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn missing(words: &[(String, StepNo)]) -> String {
    let named = words
        .iter()
        .map(|(word, step)| format!("{} (touch {step})", safe::untrusted(word)));
    named.collect::<Vec<_>>().join(", ")
}
