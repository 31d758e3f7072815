//! Delivery reports: the machine's half of a bounce.
//!
//! Standards: RFC 3464 (fields per message and per recipient), RFC 6533 (`message/global-delivery-status`, addresses of
//! type `utf-8`). Limits: 50 recipients. Known gaps: RFC 6533's escapes in addresses are not undone.

use crate::mail::header;
use crate::mail::read::Mail;
use crate::model::{Address, limits};

/// What became of a mail for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fate {
    /// Whom our letter named.
    pub original: Option<Address>,
    /// Whom the last server tried.
    pub last: Option<Address>,
    pub action: Action,
    /// Enhanced status, `5.1.1`.
    pub status: Option<String>,
    /// The other server's words.
    pub diagnostic: String,
}

/// RFC 3464 2.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    /// Delivered, relayed or expanded.
    Delivered,
    Delayed,
    Failed,
}

/// The fates of all recipients in a mail's delivery reports; `None` when it has no report.
pub(super) fn read(mail: &Mail) -> Option<Vec<Fate>> {
    let mut reports = mail
        .parts
        .iter()
        .filter(|part| {
            matches!(
                part.content_type.as_str(),
                "message/delivery-status" | "message/global-delivery-status"
            )
        })
        .peekable();
    if reports.peek().is_none() {
        return in_text(&mail.text);
    }
    Some(
        reports
            .flat_map(|part| fates(&part.text))
            .take(limits::REPORTED)
            .collect(),
    )
}

/// Some gateways and broken multiparts leave the report in the text (Amazon WorkMail, Sun's Messaging Server).
fn in_text(text: &str) -> Option<Vec<Fate>> {
    let text = text.get(..text.floor_char_boundary(limits::TEXT_SEARCHED.min(text.len())))?;
    let starts = |line: &str, name: &str| {
        line.get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let mut at = 0;
    let mut block = None;
    for line in text.split_inclusive('\n') {
        if ["Reporting-MTA:", "Original-Recipient:", "Final-Recipient:", "Action:"]
            .iter()
            .any(|name| starts(line, name))
        {
            block = Some(at);
            break;
        }
        at += line.len();
    }
    let found: Vec<Fate> = fates(text.get(block?..)?);
    // Both halves of a fate: who, and what.
    let whole = found.iter().any(|fate| fate.last.is_some() || fate.original.is_some());
    whole.then_some(found)
}

fn fates(report: &str) -> Vec<Fate> {
    let mut found = Vec::new();
    let mut rest = report.trim_start();
    while !rest.is_empty() && found.len() < limits::REPORTED {
        let block = header::split(rest.as_bytes());
        found.extend(fate(&block.fields));
        rest = rest.get(block.body_at..).unwrap_or_default().trim_start();
    }
    found
}

fn fate(fields: &[(String, String)]) -> Option<Fate> {
    let field = |name: &str| header::first(fields, name);
    let address = |name: &str| field(name).and_then(typed_address);
    let original = address("Original-Recipient");
    let last = address("Final-Recipient").or_else(|| address("X-Actual-Recipient"));
    let status = field("Status").and_then(status);
    let action = field("Action")
        .and_then(action)
        .or_else(|| by_status(status.as_deref()));
    if original.is_none() && last.is_none() && action.is_none() {
        return None;
    }
    let diagnostic = field("Diagnostic-Code").unwrap_or_default();
    Some(Fate {
        original,
        last,
        action: action.unwrap_or(Action::Failed),
        // `5.0.0` says nothing; the other server's own code says more.
        status: match status {
            Some(plain) if plain.ends_with(".0.0") => super::bounce_words::status(diagnostic).or(Some(plain)),
            Some(status) => Some(status),
            None => super::bounce_words::status(diagnostic),
        },
        diagnostic: diagnostic.to_owned(),
    })
}

/// `rfc822; jane@acme.test`, the type left out by some.
fn typed_address(value: &str) -> Option<Address> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    let address = address.split('(').next().unwrap_or_default().trim();
    Address::parse(address.trim_matches(['<', '>', '"', ' '])).ok()
}

fn action(value: &str) -> Option<Action> {
    let word: String = value.trim().chars().take_while(char::is_ascii_alphabetic).collect();
    match word.to_ascii_lowercase().as_str() {
        "failed" | "failure" => Some(Action::Failed),
        "delayed" => Some(Action::Delayed),
        "delivered" | "relayed" | "expanded" => Some(Action::Delivered),
        _ => None,
    }
}

fn by_status(status: Option<&str>) -> Option<Action> {
    match status?.chars().next()? {
        '2' => Some(Action::Delivered),
        '4' => Some(Action::Delayed),
        _ => Some(Action::Failed),
    }
}

/// `5.1.1 (bad destination)`.
fn status(value: &str) -> Option<String> {
    let word: String = value
        .trim()
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let mut parts = word.split('.');
    let class = parts.next().is_some_and(|class| matches!(class, "2" | "4" | "5"));
    let rest = parts.clone().count() == 2 && parts.all(|part| !part.is_empty() && part.len() <= 3);
    (class && rest).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipient_has_a_fate() {
        let report = "Reporting-MTA: dns; mx.acme.test\nArrival-Date: Mon, 2 Mar 2026\n\n\
            Original-Recipient: rfc822;Jane@acme.test\nFinal-Recipient: RFC822; <j@acme.test>\nAction: failed (x)\n\
            Status: 5.1.1 (bad)\nDiagnostic-Code: smtp; 550\n 5.1.1 no such user\n\n\
            Final-Recipient: rfc822;tom@acme.test\nAction: Delayed\nStatus: 4.4.1\n\nFinal-Recipient: x@acme.test\nStatus: 2.0.0\n";
        let fates = fates(report);
        assert_eq!(fates.len(), 3);
        assert_eq!(fates[0].original.as_ref().map(Address::as_str), Some("Jane@acme.test"));
        assert_eq!(fates[0].last.as_ref().map(Address::as_str), Some("j@acme.test"));
        assert_eq!(fates[0].status.as_deref(), Some("5.1.1"));
        assert_eq!(fates[0].diagnostic, "smtp; 550 5.1.1 no such user");
        let actions: Vec<_> = fates.iter().map(|fate| fate.action).collect();
        assert_eq!(actions, [Action::Failed, Action::Delayed, Action::Delivered]);
    }
}
