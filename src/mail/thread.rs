//! What ties a mail to others: ids, and the subject without its prefixes.
//!
//! Standards: RFC 5322 3.6.4 (ids; what stands in no brackets is taken too), RFC 5256 2.1 (base subject, with the
//! prefixes of other languages).

use super::header;
use crate::model::{MessageId, limits};

/// What mail programs put before the subject of a reply or a forward, lower case.
const PREFIXES: &[&str] = &[
    "re",
    "aw",
    "antw",
    "antwort",
    "sv",
    "vs",
    "svar",
    "ref",
    "rif",
    "res",
    "odp",
    "ynt",
    "r",
    "bls",
    "atb",
    "vá",
    "fwd",
    "fw",
    "wg",
    "tr",
    "rv",
    "enc",
    "i",
    "vb",
    "vl",
    "pd",
    "doorst",
    "ilt",
    "yml",
    "továbbítás",
    "回复",
    "答复",
    "回覆",
    "转发",
    "轉寄",
    "返信",
    "転送",
];

/// The subject without `Re:`, `AW:`, `Fwd:`, `Re[2]:` and their kin, however many.
#[must_use]
pub fn base_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some(shorter) = without_prefix(rest) {
        rest = shorter;
    }
    rest
}

/// Whether the subject has such a prefix.
#[must_use]
pub fn is_prefixed(subject: &str) -> bool {
    without_prefix(subject.trim()).is_some()
}

fn without_prefix(subject: &str) -> Option<&str> {
    let (prefix, rest) = subject.split_once([':', '：'])?;
    let word = prefix.trim_end();
    let word = word
        .trim_end_matches([']', ')'])
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let word = word.trim_end_matches(['[', '(', '^', '*']).trim_end();
    // `i:` and `r:` are Italian programs only when written large.
    let known = PREFIXES.contains(&word.to_lowercase().as_str()) && (word.len() > 1 || word.starts_with(['R', 'I']));
    known.then(|| rest.trim_start())
}

/// The ids in a field, in their order.
pub(super) fn ids(value: &str) -> Vec<MessageId> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((id, after)) = after.split_once('>') else {
            break;
        };
        found.extend(MessageId::parse(id).filter(|id| id.as_str().contains('@')));
        rest = after;
    }
    if found.is_empty() {
        let bare = value.split([' ', '\t', ',', ';']).filter(|word| word.contains('@'));
        found.extend(bare.filter_map(MessageId::parse));
    }
    found
}

/// The ids that a mail answers: In-Reply-To, then References from the newest, no doubles, the ends of a long list only.
pub(super) fn answered(fields: &[(String, String)]) -> Vec<MessageId> {
    let all = |name: &str| {
        let values = fields.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name));
        values.flat_map(|(_, value)| ids(value)).collect::<Vec<_>>()
    };
    let mut references = all("References");
    references.reverse();
    let mut found: Vec<MessageId> = Vec::new();
    let head = limits::REFERENCES_READ * 3 / 5;
    let tail = limits::REFERENCES_READ - head;
    let in_reply_to = all("In-Reply-To");
    let ends = if references.len() > limits::REFERENCES_READ {
        let oldest = references.split_off(references.len() - tail);
        references.truncate(head);
        oldest
    } else {
        Vec::new()
    };
    for id in in_reply_to.into_iter().take(tail).chain(references).chain(ends) {
        if !found.contains(&id) && found.len() < limits::REFERENCES_READ {
            found.push(id);
        }
    }
    found
}

/// The mail's own id.
pub(super) fn own_id(fields: &[(String, String)]) -> Option<MessageId> {
    let value = header::first(fields, "Message-ID")?;
    ids(value).into_iter().next().or_else(|| MessageId::parse(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_freed_of_the_prefixes_of_all_languages() {
        for written in [
            "Hello",
            "Re: Hello",
            "RE: AW: Hello",
            "Antw: Re[2]: Hello",
            "WG: Fwd: Hello",
            "SV:Hello",
            "TR : Hello",
            "R: I: Hello",
            "回复：Hello",
            "Re (3): Hello",
        ] {
            assert_eq!(base_subject(written), "Hello", "{written}");
        }
        for kept in ["Reference: 12", "Meeting: Tuesday", "i: the letter", "10:30?"] {
            assert_eq!(base_subject(kept), kept);
        }
    }

    #[test]
    fn ids_are_read_from_whatever_programs_write() {
        let fields = [
            ("References".to_owned(), "<1@a.test> <2@a.test><3@a.test>".to_owned()),
            ("In-Reply-To".to_owned(), "Message of Monday <3@a.test>".to_owned()),
        ];
        let found: Vec<_> = answered(&fields).iter().map(|id| id.as_str().to_owned()).collect();
        assert_eq!(found, ["3@a.test", "2@a.test", "1@a.test"]);
        assert_eq!(ids("7@a.test")[0].as_str(), "7@a.test");
    }

    #[test]
    fn of_a_long_thread_the_ends_are_kept() {
        let long: String = (0..200_000).map(|n| format!("<{n}@a.test> ")).collect();
        let found = answered(&[("References".to_owned(), long)]);
        assert_eq!(found.len(), limits::REFERENCES_READ);
        assert_eq!(found[0].as_str(), "199999@a.test");
        assert!(found.iter().any(|id| id.as_str() == "0@a.test"));
    }
}
