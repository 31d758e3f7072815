//! What nobody in particular wrote: newsletters, lists, notifications.
//!
//! Standards: RFC 2919 (List-Id), RFC 2369 (List-Unsubscribe). A mail that came by a reply token or answers a mail is
//! never bulk: a prospect may write through a list, and a stop is loose.

use super::{Evidence, Kind, Reading};
use crate::model::Purpose;

/// Addresses of programs, by what they say of themselves: `no-reply`, `noreply-accounts`, `do_not_reply`.
fn is_nobody(local: &str) -> bool {
    let plain: String = local
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    [
        "noreply",
        "donotreply",
        "dontreply",
        "noresponder",
        "nepasrepondre",
        "nichtantworten",
        "nonrispondere",
        "naoresponda",
    ]
    .iter()
    .any(|word| plain.contains(word))
}

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    if evidence.token(Purpose::Reply).is_some() || !evidence.mail.references.is_empty() {
        return None;
    }
    let precedence = evidence.word("Precedence").unwrap_or_default();
    let because = if evidence.has("List-Id") {
        "header List-Id"
    } else if matches!(precedence.as_str(), "bulk" | "list" | "junk") {
        "header Precedence"
    } else if evidence.has("List-Unsubscribe") {
        "header List-Unsubscribe"
    } else if evidence
        .word("Auto-Submitted")
        .is_some_and(|word| word.starts_with("auto-"))
    {
        "header Auto-Submitted, and it answers nothing"
    } else if evidence.mail.return_path == Some(None) {
        "the null sender, and it answers nothing"
    } else if evidence.mail.from.iter().any(|from| is_nobody(from.address.local())) {
        "its sender says that nobody reads there, and it answers nothing"
    } else {
        return None;
    };
    Some(evidence.reading(Kind::Bulk, because))
}
