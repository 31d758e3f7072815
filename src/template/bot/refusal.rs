//! Why somebody was not enrolled, in plain words, and what to do about it.

use super::safe;
use crate::model::{Refusal, StepNo, SuppressionReason, limits};

/// Why, and what to do: a sentence each.
pub(super) fn in_words(refusal: &Refusal) -> (String, String) {
    match refusal {
        Refusal::UnknownCadence { asked, known } => (
            format!("There is no cadence called \"{}\".", safe::untrusted(asked)),
            format!(
                "There is: {}. Your mail itself was delivered; write once more in the same conversation with one of these in BCC.",
                known.join(", ")
            ),
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
        Refusal::OwnDomain => (
            "This is a colleague, not a prospect.".to_owned(),
            "There is nothing to do.".to_owned(),
        ),
        Refusal::MissingWords(words) => (
            format!("The cadence's texts need words that nobody knows: {}.", missing(words)),
            "Ask whoever keeps the cadence to give these words a fallback, as in {{or industry \"your field\"}}."
                .to_owned(),
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
            "Put the prospect in To and the cadence's address in BCC.".to_owned(),
        ),
        Refusal::TooOld => (
            "The mail is too old to begin with.".to_owned(),
            "Write a new one to the prospect, with the cadence's address in BCC.".to_owned(),
        ),
    }
}

fn suppressed(reason: SuppressionReason) -> &'static str {
    match reason {
        SuppressionReason::OptedOut | SuppressionReason::Complained => {
            "Please do not write to this person by hand either."
        }
        SuppressionReason::Bounced => "Look for an address that works, and write to that.",
        SuppressionReason::Administrator => "Ask the administrator of this mailbox why.",
    }
}

fn missing(words: &[(String, StepNo)]) -> String {
    let named = words
        .iter()
        .map(|(word, step)| format!("{} (touch {step})", safe::untrusted(word)));
    named.collect::<Vec<_>>().join(", ")
}
