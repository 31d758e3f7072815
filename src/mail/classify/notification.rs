//! What Amazon SES tells by mail (SNS): a JSON object instead of a report.
//!
//! No JSON reader: the few fields are found by their names, since the object is one machine's and its texts cannot hold a
//! bare quote. Limits: 50 recipients, the first 64 KiB of text.

use super::Evidence;
use super::report::{Action, Fate};
use crate::model::{Address, limits};

/// What a notification tells.
pub(super) enum Notification {
    Fates(Vec<Fate>),
    /// Who complained.
    Complaint(Vec<Address>),
}

/// Reads the notification, if the mail is one.
pub(super) fn read(evidence: &Evidence<'_>) -> Option<Notification> {
    let text = super::bounce_text::head(evidence.mail.text.trim_start());
    let from_sns = evidence.has("x-amz-sns-message-id")
        || evidence
            .mail
            .from
            .iter()
            .any(|from| from.address.domain() == "sns.amazonaws.com");
    if !from_sns || !text.starts_with('{') {
        return None;
    }
    // What is said of the mail itself comes last, and names other people.
    let kind = value(text, "notificationType").or_else(|| value(text, "eventType"))?;
    let people = |list: &str| {
        let start = text.split_once(&format!("\"{list}\":[")).map(|(_, rest)| rest)?;
        Some(start.split_once("]").map_or(start, |(people, _)| people))
    };
    let addresses = |text: &str| -> Vec<Address> {
        let all = text.split("\"emailAddress\":\"").skip(1).take(limits::REPORTED);
        all.filter_map(|rest| Address::parse(rest.split('"').next()?).ok())
            .collect()
    };
    match kind {
        "Bounce" => {
            let each = people("bouncedRecipients")?.split("},{").take(limits::REPORTED);
            let fate = |one: &str| Fate {
                original: None,
                last: addresses(one).into_iter().next(),
                action: Action::Failed,
                status: value(one, "status").map(str::to_owned),
                diagnostic: value(one, "diagnosticCode").unwrap_or_default().to_owned(),
            };
            Some(Notification::Fates(each.map(fate).collect()))
        }
        "Complaint" => Some(Notification::Complaint(addresses(people("complainedRecipients")?))),
        "Delivery" => {
            let each = people("recipients")?.split(',').take(limits::REPORTED);
            let fate = |one: &str| Fate {
                original: None,
                last: Address::parse(one.trim_matches('"')).ok(),
                action: Action::Delivered,
                status: None,
                diagnostic: String::new(),
            };
            Some(Notification::Fates(each.map(fate).collect()))
        }
        _ => None,
    }
}

/// The text of the first field of that name.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}
