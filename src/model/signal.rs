//! What came back, as far as it concerns one enrollment.

use super::{Address, Intent, LooseAddress, Meeting, StepNo};
use jiff::Timestamp;
use jiff::civil::Date;

/// A signal: what `mail::classify` made of an inbound mail and `rules::react` answers. Order of dominance when several
/// meet: opt-out, complaint, hard bounce, reply, auto-reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// A person wrote.
    Reply {
        /// Who wrote; not always the prospect.
        from: Option<Address>,
        /// Whether reading it left a doubt.
        maybe: bool,
        /// What they mean, as far as their words tell.
        intent: Option<Intent>,
    },
    /// A mailbox answered by itself.
    AutoReply {
        /// The day the person is back, when the mail says so without ambiguity.
        back: Option<Date>,
    },
    /// A mail of ours came back.
    Bounce {
        /// Whether the address is dead (unknown user, unknown host, moved).
        permanent: bool,
        /// Enhanced status code, RFC 3463.
        status: Option<String>,
        /// The other server's words, at most [`super::limits::EXCERPT`] characters.
        why: String,
        /// Whether it carries our own token or Message-ID; without that it may be anybody's invention.
        proven: bool,
    },
    /// A mail of ours is late, and may still arrive.
    Delay,
    /// A server says that it delivered.
    Delivered,
    /// Somebody reported a mail of ours as spam.
    Complaint {
        /// Whether it carries our own token or Message-ID.
        proven: bool,
    },
    /// The prospect wants no more mail.
    OptOut {
        /// How that was said.
        by: OptOutBy,
    },
    /// A listener reports something: a mail was opened, a link clicked, or what else the house lets it tell.
    Reported {
        /// What: `opened`, `clicked`, or a name of the house's own.
        name: String,
        /// Of which touch, where that is known.
        step: Option<StepNo>,
        /// Who reports it: the name of a source, or of an administrator.
        by: String,
    },
    /// A calendar mail: an invitation, an answer to one, a change.
    Calendar(Box<Meeting>),
}

/// What was reported of a person, until the rounds take it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Of whom.
    pub person: LooseAddress,
    /// What: `opened`, `clicked`, or a name of the house's own.
    pub name: String,
    /// Of which touch, where that is known.
    pub step: Option<StepNo>,
    /// Who reports it.
    pub by: String,
    /// When it was reported.
    pub at: Timestamp,
}

/// An open that a program made: a proxy that fetches pictures, a scanner. Counted apart; nothing ever follows from it.
pub const OPENED_BY_MACHINE: &str = "opened-by-machine";
/// The same of a click.
pub const CLICKED_BY_MACHINE: &str = "clicked-by-machine";

/// Whether a program did what is reported under this name, and no person.
#[must_use]
pub fn is_by_machine(name: &str) -> bool {
    name == OPENED_BY_MACHINE || name == CLICKED_BY_MACHINE
}

/// Whether this can be the name of a report: up to 40 of `a-z`, `0-9`, `-` and `_`.
#[must_use]
pub fn is_signal_name(name: &str) -> bool {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    (1..=40).contains(&name.len()) && name.chars().all(fine)
}

/// Whether an enhanced status (RFC 3463) is a refusal by policy (`x.7.y`): it speaks about the sender, not about the
/// recipient's address.
#[must_use]
pub fn is_policy(status: Option<&str>) -> bool {
    status.is_some_and(|status| status.split('.').nth(1) == Some("7"))
}

/// How an opt-out was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptOutBy {
    /// A mail to the opt-out address of one enrollment.
    Token,
    /// A sentence in a reply.
    Sentence,
    /// A mail client's own opt-out mail.
    Client,
}

impl OptOutBy {
    /// The way as people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => "by the unsubscribe link of a mail",
            Self::Sentence => "in a reply",
            Self::Client => "with the unsubscribe button of a mail program",
        }
    }
}
