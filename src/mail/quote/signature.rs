//! Where a signature starts: the delimiter `-- ` (RFC 3676 4.3), what phones and apps put under a mail, a row of dashes
//! above contact lines, the notices of offices and mailing lists. Words: `phrases::quoted`.
//!
//! Known gaps: a name and a phone number without any mark are text.

use super::divider::{self, Says};
use super::fold::fold;
use crate::mail::phrases::quoted::{APP_SIGNATURES, DISCLAIMERS, LIST_FOOTERS};

/// Bytes of a line that an app puts under a mail.
const APP_LINE: usize = 120;
/// Lines under a row of dashes that may still be a signature.
const CARD: usize = 30;

/// The line at which the signature starts; the number of lines when there is none. In the `first` piece of a mail
/// something must have been said before.
pub(super) fn starts_at(lines: &[&str], first: bool) -> usize {
    let mut said = !first;
    for (nth, line) in lines.iter().enumerate() {
        let rest = lines.get(nth..).unwrap_or_default();
        if line.trim() == "--" || said && (is_app(line) || is_card(rest) || is_footer(rest)) {
            return nth;
        }
        said |= !line.trim().is_empty();
    }
    lines.len()
}

/// Whether a line is what a phone or an app puts under a mail.
pub(in crate::mail) fn is_app(line: &str) -> bool {
    if line.len() > APP_LINE * 3 {
        return false;
    }
    let folded = fold(line);
    let folded = folded.trim_start_matches(['*', '_', '-', '—', '–', '[', '(', '<', ' ']);
    let words = folded.split("http").next().unwrap_or_default();
    words.len() <= APP_LINE && APP_SIGNATURES.begins(folded)
}

/// A row of dashes with nothing but contact lines or a notice under it.
fn is_card(lines: &[&str]) -> bool {
    let row = lines.first().and_then(|line| divider::read(line));
    if !matches!(row, Some((Says::Row, _))) {
        return false;
    }
    let below = lines
        .iter()
        .skip(1)
        .take(CARD * 2)
        .filter(|line| !line.trim().is_empty());
    let below: Vec<&str> = below.copied().collect();
    if below.is_empty() || below.len() > CARD || lines.len() > CARD * 2 {
        return false;
    }
    let short = below.iter().all(|line| line.chars().count() <= 80);
    let contact = below.iter().any(|line| is_contact(line));
    short && contact || has_notice(&below)
}

/// A web address, a mail address or a phone number.
fn is_contact(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let links = line.contains("://") || line.contains("www.") || line.contains('@');
    links || digits >= 7 && digits * 2 >= line.chars().filter(|c| c.is_alphanumeric()).count()
}

fn has_notice(lines: &[&str]) -> bool {
    let text = fold(&lines.join(" "));
    DISCLAIMERS.is_in(&text) || LIST_FOOTERS.is_in(&text)
}

/// What a mailing list puts under a mail: a short row of underscores, and its name.
fn is_footer(lines: &[&str]) -> bool {
    let row = lines
        .first()
        .is_some_and(|line| line.len() >= 2 && line.bytes().all(|byte| byte == b'_'));
    row && lines.get(1).is_some_and(|name| LIST_FOOTERS.is_in(&fold(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_programs_and_offices_are_told_from_text() {
        for signature in [
            "-- \nAna",
            "Sent from my iPhone",
            "Von meinem iPhone gesendet",
            "*Get Outlook for iOS*<https://example.test>",
            "Envoyé de mon iPhone",
            "发自我的 iPhone",
            "________________\nAna Silva\nCorp\n+351 21 000 0000",
            "__\nexample mailing list\nexample@lists.test",
            "----------\nThis mail is confidential.",
        ] {
            let lines: Vec<&str> = signature.lines().collect();
            let mut whole = vec!["Yes.", ""];
            whole.extend(lines);
            assert_eq!(starts_at(&whole, true), 2, "{signature}");
        }
        for text in [
            "----------\nThe second thing:\nwe need more.",
            "Sentences\nare no signatures",
            "-- and then",
        ] {
            let mut whole = vec!["Yes.", ""];
            whole.extend(text.lines());
            assert_eq!(starts_at(&whole, true), whole.len(), "{text}");
        }
    }
}
