//! What servers say when they do not take a mail, as data, and what is made of it.
//!
//! A bounce is *permanent* when the address is dead: unknown user, unknown host, moved. It is not when the mailbox is
//! full or suspended, when the time was up, and when it is our own fault (5.7.x, policy, spam, too large): then the
//! prospect's address is fine (reliability T-22).
//!
//! Standards: RFC 3463, the IANA registry of enhanced status codes.

use crate::mail::quote::fold;

/// Why a mail was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    UnknownUser,
    UnknownHost,
    Moved,
    Full,
    Suspended,
    Policy,
    TooLarge,
    Expired,
    Other,
}

impl Reason {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::UnknownUser => "unknown user",
            Self::UnknownHost => "unknown host",
            Self::Moved => "moved",
            Self::Full => "mailbox full",
            Self::Suspended => "mailbox suspended",
            Self::Policy => "refused by policy",
            Self::TooLarge => "too large",
            Self::Expired => "not delivered in time",
            Self::Other => "not delivered",
        }
    }

    /// Whether it means that the address is dead.
    fn is_death(self) -> bool {
        match self {
            Self::UnknownUser | Self::UnknownHost | Self::Moved => true,
            Self::Full | Self::Suspended | Self::Policy | Self::TooLarge | Self::Expired | Self::Other => false,
        }
    }
}

/// Whether the address is dead: a reason that says so, under a status that does not call it temporary (4.x.x).
pub(super) fn is_permanent(reason: Reason, status: Option<&str>) -> bool {
    reason.is_death() && !status.is_some_and(|status| status.starts_with('4'))
}

/// Words of a reason, the first that is found counts: what is soft stands before what is hard, because a wrong
/// suppression is worse than a second bounce.
const WORDS: &[(Reason, &[&str])] = &[
    (
        Reason::Full,
        &[
            "mailbox full",
            "mailbox is full",
            "inbox is full",
            "over quota",
            "overquota",
            "quota exceeded",
            "exceeded quota",
            "exceeds quota",
            "exceeded storage",
            "storage allocation",
            "out of storage",
            "mailbox size limit",
            "mailbox too large",
            "not enough storage",
            "quota limit",
            "exceeded their quota",
            "postfach ist voll",
            "postfach voll",
            "boîte pleine",
            "buzón lleno",
            "disk quota",
        ],
    ),
    (
        Reason::Suspended,
        &[
            "account is disabled",
            "account disabled",
            "account has been disabled",
            "mailbox disabled",
            "mailbox is disabled",
            "account suspended",
            "has been suspended",
            "is suspended",
            "temporarily disabled",
            "account inactive",
            "is inactive",
            "mailbox inactive",
            "account has been locked",
            "account is locked",
            "mailbox is locked",
            "currently suspended",
            "mailbox is inactive",
            "account that you tried to reach is disabled",
        ],
    ),
    (
        Reason::Moved,
        &[
            "has moved",
            "user has moved",
            "address has changed",
            "no longer at this address",
            "please update your address",
            "new address is",
        ],
    ),
    (
        Reason::UnknownUser,
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such recipient",
            "no such mailbox",
            "no such account",
            "no such address",
            "no such person",
            "unknown recipient",
            "recipient unknown",
            "unknown address",
            "unknown local part",
            "unknown mailbox",
            "user not found",
            "recipient not found",
            "mailbox not found",
            "account not found",
            "address not found",
            "does not exist",
            "doesn't exist",
            "not exist",
            "user doesn't have",
            "invalid recipient",
            "invalid mailbox",
            "invalid user",
            "invalid address",
            "is not a valid mailbox",
            "not a valid recipient",
            "mailbox unavailable",
            "no mailbox here",
            "not a known user",
            "unrouteable address",
            "unroutable address",
            "undeliverable address",
            "bad destination mailbox",
            "recipient address rejected: user",
            "recipientnotfound",
            "couldn't be found",
            "wasn't found at",
            "not listed in",
            "not our customer",
            "no longer valid",
            "user is unknown",
            "account has been deleted",
            "account is closed",
            "no longer with",
            "no longer employed",
            "unbekannter empfänger",
            "empfänger unbekannt",
            "existiert nicht",
            "utilisateur inconnu",
            "destinataire inconnu",
            "usuario desconocido",
            "utente sconosciuto",
            "gebruiker onbekend",
        ],
    ),
    (
        Reason::UnknownHost,
        &[
            "host not found",
            "host unknown",
            "unknown host",
            "domain not found",
            "no such domain",
            "domain does not exist",
            "name service error",
            "nxdomain",
            "unrouteable mail domain",
            "unknown domain",
            "name or service not known",
            "domain name not found",
            "no mx",
            "couldn't find any host",
            "null mx",
            "nullmx",
            "does not accept mail",
        ],
    ),
    (
        Reason::Policy,
        &[
            "spam",
            "blacklist",
            "blocklist",
            "blocked",
            "block list",
            "reputation",
            "policy",
            "dmarc",
            "spf",
            "dkim",
            "not authorized",
            "denied",
            "unsolicited",
            "listed at",
            "listed by",
            "content rejected",
            "message rejected",
            "relaying",
            "relay access",
            "authentication",
            "not permitted",
            "prohibited",
            "rate limit",
            "too many",
            "virus",
        ],
    ),
    (
        Reason::TooLarge,
        &[
            "too large",
            "too big",
            "message size",
            "exceeds maximum size",
            "size exceeds",
            "size limit",
            "max message size",
        ],
    ),
    (
        Reason::Expired,
        &[
            "expired",
            "timed out",
            "timeout",
            "retry time",
            "too old",
            "could not be delivered within",
            "connection refused",
            "delivery time expired",
            "not been able to deliver",
            "giving up",
            "retry limit",
            "no route to host",
            "network is unreachable",
        ],
    ),
];

/// The reason behind a status and a server's words.
pub(super) fn reason(status: Option<&str>, words: &str) -> Reason {
    let said = by_words(words);
    let coded = status.map_or(Reason::Other, by_status);
    match (coded, said) {
        // A full or suspended mailbox is named with many codes, and is never dead.
        (_, Some(soft @ (Reason::Full | Reason::Suspended))) => soft,
        // What the code says about us or the time, no wording makes the prospect's fault.
        (Reason::Policy | Reason::Expired | Reason::TooLarge | Reason::Full, _) => coded,
        // Codes that say nothing (5.0.0, 5.5.0) give way to words; otherwise the code is the standard's word.
        (Reason::Other, Some(said)) => said,
        (coded, _) => coded,
    }
}

fn by_status(status: &str) -> Reason {
    let (class, detail) = status.split_once('.').unwrap_or((status, ""));
    match (class, detail) {
        (_, "2.2") => Reason::Full,
        (_, "2.3" | "3.4") => Reason::TooLarge,
        (_, "4.7") => Reason::Expired,
        ("5", "1.2" | "1.10" | "4.4") => Reason::UnknownHost,
        ("5", "1.6") => Reason::Moved,
        // About the sender's address, not the recipient's.
        ("5", "1.7" | "1.8") => Reason::Policy,
        ("5", detail) if detail.starts_with("1.") => Reason::UnknownUser,
        ("5", "2.1") => Reason::UnknownUser,
        ("5", detail) if detail.starts_with("7.") || detail.starts_with("6.") => Reason::Policy,
        _ => Reason::Other,
    }
}

fn by_words(words: &str) -> Option<Reason> {
    let said = fold(words);
    let found = |known: &&(Reason, &[&str])| known.1.iter().any(|phrase| said.contains(phrase));
    WORDS.iter().find(found).map(|(reason, _)| *reason)
}

/// Whether a text has words of any reason: a sign that it is a bounce, when nothing else says so.
pub(super) fn is_said(words: &str) -> bool {
    by_words(words).is_some()
}

/// The first enhanced status in a text: `550 5.1.1 no such user`, `#5.1.1`.
pub(super) fn status(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let shaped = |word: &str| {
        let parts: Vec<&str> = word.trim_matches('.').split('.').collect();
        let class = parts.first().is_some_and(|class| matches!(*class, "4" | "5"));
        class && parts.len() == 3 && parts.iter().skip(1).all(|part| (1..=3).contains(&part.len()))
    };
    words
        .map(|word| word.trim_matches('.'))
        .find(|word| shaped(word))
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
