//! Whether a mail may be answered at all. What a program sent never is: two programs that answer each other do not stop.
//!
//! This comes on top of who wrote it: only a rep who is proven is ever answered, at the registered address.
//!
//! Standards: RFC 3834 2, RFC 2919, RFC 2369 (reliability 2.5, P16, P17).

use super::read::Mail;
use crate::model::limits;

/// Why nobody answers this mail; `None` when it may be answered.
#[must_use]
pub fn why_not(mail: &Mail) -> Option<&'static str> {
    let first = |name: &'static str| {
        let value = mail.header(name).next()?;
        Some(
            value
                .split([';', '(', ' '])
                .next()
                .unwrap_or_default()
                .trim()
                .to_lowercase(),
        )
    };
    let signs = [
        (
            first("Auto-Submitted").is_some_and(|word| word != "no"),
            "header Auto-Submitted",
        ),
        (mail.return_path == Some(None), "the null sender"),
        (first("List-Id").is_some(), "header List-Id"),
        (first("List-Post").is_some(), "header List-Post"),
        (
            first("Precedence").is_some_and(|word| matches!(word.as_str(), "bulk" | "list" | "junk")),
            "header Precedence",
        ),
        (first("X-Cadence-Ref").is_some(), "our own mark"),
        (
            first("Content-Type").is_some_and(|word| word == "multipart/report"),
            "it is a report",
        ),
        (mail.hops > limits::HOPS, "it went through more servers than mail does"),
    ];
    signs.into_iter().find_map(|(there, sign)| there.then_some(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::read::read;

    #[test]
    fn what_a_program_sent_is_not_answered_and_what_a_person_sent_is() {
        let why = |header: &str| why_not(&read(format!("From: ana@corp.test\n{header}\n\nhelp\n").as_bytes()));
        for header in [
            "Auto-Submitted: auto-generated",
            "Auto-Submitted: auto-replied (vacation)",
            "Return-Path: <>",
            "List-Id: <sales.corp.test>",
            "Precedence: bulk",
            "X-Cadence-Ref: 1f",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        ] {
            assert!(why(header).is_some(), "{header}");
        }
        for header in [
            "Auto-Submitted: no",
            "Return-Path: <ana@corp.test>",
            "Precedence: first-class",
        ] {
            assert_eq!(why(header), None, "{header}");
        }
    }
}
