//! What servers say when they do not take a mail, and what is made of it. The words themselves: `phrases::refusal`.
//!
//! A bounce is *permanent* when the address is dead: unknown user, unknown host, moved. It is not when the mailbox is
//! full or suspended, when the time was up, and when it is our own fault (5.7.x, policy, spam, too large): then the
//! prospect's address is fine (reliability T-22).
//!
//! Standards: RFC 3463, the IANA registry of enhanced status codes, RFC 7504 (521, 556), RFC 7505 (no mail here).

use crate::mail::phrases::refusal::{AFTER_CONTENT, REFUSALS};
use crate::mail::phrases::search::Phrases;
use crate::mail::quote::fold;
use std::sync::LazyLock;

/// Why a mail was not taken: the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Reason {
    UnknownUser,
    UnknownHost,
    Moved,
    Full,
    Suspended,
    TooBig,
    Policy,
    Spam,
    Blocklisted,
    RateLimited,
    AuthFailure,
    Network,
    Expired,
    Content,
    Other,
}

impl Reason {
    /// Its code.
    pub fn word(self) -> &'static str {
        match self {
            Self::UnknownUser => "user-unknown",
            Self::UnknownHost => "host-unknown",
            Self::Moved => "moved",
            Self::Full => "mailbox-full",
            Self::Suspended => "suspended",
            Self::TooBig => "too-big",
            Self::Policy => "policy",
            Self::Spam => "spam",
            Self::Blocklisted => "blocklisted",
            Self::RateLimited => "rate-limited",
            Self::AuthFailure => "auth-failure",
            Self::Network => "network",
            Self::Expired => "expired",
            Self::Content => "content",
            Self::Other => "other",
        }
    }

    /// Whether it means that the address is dead.
    fn is_death(self) -> bool {
        match self {
            Self::UnknownUser | Self::UnknownHost | Self::Moved => true,
            Self::Full
            | Self::Suspended
            | Self::TooBig
            | Self::Policy
            | Self::Spam
            | Self::Blocklisted
            | Self::RateLimited
            | Self::AuthFailure
            | Self::Network
            | Self::Expired
            | Self::Content
            | Self::Other => false,
        }
    }
}

/// Whether the address is dead: a reason that says so, under a status that does not call it temporary (4.x.x).
pub(super) fn is_permanent(reason: Reason, status: Option<&str>) -> bool {
    reason.is_death() && !status.is_some_and(|status| status.starts_with('4'))
}

/// The reason behind a status and a server's words. The code in the words is the refusing server's own; the status of a
/// report is the reporting server's reading of it (Sendmail reports every 550 to RCPT as 5.1.1), so it counts less.
pub(super) fn reason(stated: Option<&str>, words: &str) -> Reason {
    let words = inner(words);
    let own = status(words);
    let said = by_words(words).or_else(|| by_reply_code(words));
    let dead_by_code = own.as_deref().is_some_and(|code| by_status(code).is_death());
    if said == Some(Reason::UnknownUser) && !dead_by_code && is_after_content(words) {
        // A server that knows its users says so to RCPT; said of the content it is a filter's word.
        return Reason::Content;
    }
    // What a mailbox program said (`x-unix;`) is about itself, whatever the report calls it.
    if said.is_none_or(Reason::is_death) && words.trim_start().to_lowercase().starts_with("x-unix") {
        return Reason::Other;
    }
    let by_own = own.as_deref().map_or(Reason::Other, |code| settle(code, said));
    if by_own == Reason::Other {
        settle(stated.unwrap_or_default(), said)
    } else {
        by_own
    }
}

/// What a code and words mean together.
fn settle(code: &str, said: Option<Reason>) -> Reason {
    let coded = by_status(code);
    match (coded, said) {
        (coded, None) => coded,
        (Reason::UnknownUser, Some(said)) => said,
        // A dead address is not what 5.7.x and 4.4.7 speak of, and a mailbox that has a status (5.2.x) is there.
        (Reason::Other, Some(said)) if said.is_death() && code.contains(".2.") => coded,
        (Reason::Policy, Some(said)) if said.is_death() => coded,
        (Reason::Other | Reason::Policy | Reason::Network, Some(said)) => said,
        // A full or suspended mailbox is named with many codes, and is never dead.
        (_, Some(said @ (Reason::Full | Reason::Suspended))) => said,
        (coded, Some(_)) => coded,
    }
}

/// RFC 7504: 521 and 556 are said by hosts that take no mail at all; Symantec says 542 of an unknown recipient.
fn by_reply_code(words: &str) -> Option<Reason> {
    match reply_code(words)? {
        "521" | "556" => Some(Reason::UnknownHost),
        "542" => Some(Reason::UnknownUser),
        _ => None,
    }
}

/// Gateways put their own words around what the other server said: `5.1.0 - Unknown address error 550-'5.7.1 …'`.
fn inner(words: &str) -> &str {
    let quoted = words.split_once(" - ").and_then(|(_, rest)| rest.split_once("-\'"));
    match quoted {
        Some((before, reply)) if before.ends_with(|c: char| c.is_ascii_digit()) && reply.len() > 3 => reply,
        _ => words,
    }
}

/// How Postfix says it.
pub(super) const CONTENT_REFUSED: &str = "(in reply to end of DATA command)";

/// Whether the other server refused only after it had seen the content.
pub(super) fn is_after_content(words: &str) -> bool {
    AFTER_CONTENT.is_in(&fold(words))
}

/// The three digits that a server's words start with, after `smtp;`.
pub(super) fn reply_code(words: &str) -> Option<&str> {
    let words = words.trim_start();
    let words = words
        .split_once(';')
        .filter(|(kind, _)| kind.len() < 12)
        .map_or(words, |(_, rest)| rest)
        .trim_start();
    let code = words
        .get(..3)
        .filter(|code| code.bytes().all(|byte| byte.is_ascii_digit()))?;
    words
        .get(3..4)
        .is_none_or(|next| next == " " || next == "-")
        .then_some(code)
}

fn by_status(status: &str) -> Reason {
    let (class, detail) = status.split_once('.').unwrap_or((status, ""));
    match (class, detail) {
        (_, "2.2") => Reason::Full,
        (_, "2.3" | "3.4") => Reason::TooBig,
        (_, "4.7" | "4.316") => Reason::Expired,
        ("5", "1.2" | "1.10" | "4.4") => Reason::UnknownHost,
        ("5", "1.6") => Reason::Moved,
        // About the sender's address, not the recipient's.
        ("5", "1.7" | "1.8") => Reason::Policy,
        ("5", "1.0") => Reason::Other,
        ("5", detail) if detail.starts_with("1.") => Reason::UnknownUser,
        ("5", "2.1") => Reason::UnknownUser,
        (_, "7.13") => Reason::Suspended,
        (_, "7.20" | "7.21" | "7.22" | "7.23" | "7.24" | "7.26" | "7.27" | "7.30" | "7.509") => Reason::AuthFailure,
        (_, "7.25") => Reason::Policy,
        (_, detail) if detail.starts_with("7.6") && detail.len() > 3 => Reason::Blocklisted,
        (_, detail) if detail.starts_with("7.") => Reason::Policy,
        (_, detail) if detail.starts_with("6.") => Reason::Content,
        (_, "4.0" | "4.1" | "4.2" | "4.3" | "4.5" | "4.6") => Reason::Network,
        _ => Reason::Other,
    }
}

/// All phrases of refusals in their order, and the reason of each.
static KNOWN: LazyLock<(Phrases, Vec<Reason>)> = LazyLock::new(|| {
    let each = REFUSALS
        .iter()
        .flat_map(|(reason, phrases)| phrases.iter().map(|phrase| (*phrase, *reason)));
    let (phrases, reasons) = each.unzip();
    (Phrases::of(phrases), reasons)
});

fn by_words(words: &str) -> Option<Reason> {
    let (phrases, reasons) = &*KNOWN;
    let first = phrases.places(&fold(words)).map(|place| place.nth).min()?;
    reasons.get(first).copied()
}

/// Whether a text has words of any reason: a sign that it is a bounce, when nothing else says so.
pub(super) fn is_said(words: &str) -> bool {
    by_words(words).is_some()
}

/// Whether a text says what is wrong with a mailbox or its host, which nothing but a bounce does: reports about spam and
/// policy have those words too.
pub(super) fn is_about_mailbox(words: &str) -> bool {
    by_words(words).is_some_and(|reason| reason.is_death() || matches!(reason, Reason::Full | Reason::Suspended))
}

/// The first enhanced status in a text: `550 5.1.1 no such user`, `#5.1.1`.
pub(super) fn status(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let shaped = |word: &str| {
        let parts: Vec<&str> = word.split('.').collect();
        let class = parts.first().is_some_and(|class| class.len() == 1);
        class && parts.len() == 3 && parts.iter().skip(1).all(|part| (1..=3).contains(&part.len()))
    };
    words
        .map(|word| word.trim_matches('.'))
        .find(|word| word.starts_with(['4', '5']) && shaped(word))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_dead_address_is_permanent() {
        for (status, words, permanent) in [
            (Some("5.1.1"), "550 no such user", true),
            (Some("5.1.2"), "", true),
            (Some("5.1.6"), "", true),
            (Some("5.2.1"), "", true),
            (Some("5.4.4"), "Host not found", true),
            (Some("5.1.10"), "", true),
            (Some("5.0.0"), "550 user unknown", true),
            (Some("5.5.0"), "550 mailbox unavailable", true),
            (None, "550 user unknown", true),
            (Some("5.1.7"), "bad sender", false),
            (Some("5.1.8"), "sender domain", false),
            (Some("5.2.1"), "the account is disabled", false),
            (Some("5.2.2"), "", false),
            (Some("5.1.1"), "mailbox full", false),
            (Some("5.7.1"), "no such user here, says our policy", false),
            (Some("4.4.7"), "expired", false),
            (Some("4.0.0"), "domain not found", false),
            (Some("5.0.0"), "", false),
            (None, "something went wrong", false),
        ] {
            assert_eq!(
                is_permanent(reason(status, words), status),
                permanent,
                "{status:?} {words}"
            );
        }
    }

    #[test]
    fn a_status_is_found_in_a_servers_words() {
        assert_eq!(status("smtp; 550-5.1.1 The account").as_deref(), Some("5.1.1"));
        assert_eq!(status("#5.2.2 smtp;552").as_deref(), Some("5.2.2"));
        assert_eq!(status("from 192.0.2.1 said 550"), None);
        assert_eq!(status("5.1.1.1"), None);
    }
}
