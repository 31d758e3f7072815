//! A mail that the bot sends, and what the server said to it.

use super::{Address, EnrollmentId, LetterId, MessageId, StepNo};
use jiff::Timestamp;

/// A letter: rendered once, stored, and sent as exactly these bytes however often it is tried.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id, derived from what it is for.
    pub id: LetterId,
    /// What it is.
    pub class: LetterClass,
    /// The enrollment and step it is a touch of; `None` for what goes to reps.
    pub touch: Option<(EnrollmentId, StepNo)>,
    /// The rep in whose name or to whom it goes.
    pub rep: Address,
    /// The envelope sender; `None` is the null sender `<>`, for answers that nobody may answer.
    pub envelope_from: Option<Address>,
    /// The one recipient.
    pub to: Address,
    /// The Message-ID in its bytes.
    pub message_id: MessageId,
    /// The mail: canonical CRLF, no bare CR or LF, no NUL, lines of at most 998 octets.
    pub bytes: Vec<u8>,
    /// Not before.
    pub not_before: Timestamp,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({}, {:?}, {} bytes)", self.id, self.class, self.bytes.len())
    }
}

/// What a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterClass {
    /// A touch, to a prospect, as the rep. At most once.
    Step,
    /// The daily digest. This class and those below may be sent again as the same bytes.
    Digest,
    /// What became of a hand-over.
    Receipt,
    /// A prospect's reply, passed on.
    Relay,
    /// Something happened.
    Alert,
    /// The answer to a command.
    Answer,
    /// The numbers of a week, a month or a quarter.
    Report,
}

impl LetterClass {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Step,
        Self::Digest,
        Self::Receipt,
        Self::Relay,
        Self::Alert,
        Self::Answer,
        Self::Report,
    ];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Digest => "digest",
            Self::Receipt => "receipt",
            Self::Relay => "relay",
            Self::Alert => "alert",
            Self::Answer => "answer",
            Self::Report => "report",
        }
    }
}

/// The send ledger (design §6). `sending` is never reclaimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterState {
    /// Rendered, waits for its time.
    Ready,
    /// A round is connecting; nothing was said yet that cannot be taken back.
    Claimed,
    /// Committed after the server's 354 and before the first byte of content.
    Sending,
    /// The server took it.
    Sent,
    /// The server refused it for good.
    Refused,
    /// Nobody knows.
    InDoubt,
    /// A stop came first; never sent.
    Withdrawn,
    /// It was in doubt, and nothing said otherwise for [`super::limits::DOUBT_PRESUMED`]: it counts as sent.
    PresumedSent,
}

impl LetterState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Ready,
        Self::Claimed,
        Self::Sending,
        Self::Sent,
        Self::Refused,
        Self::InDoubt,
        Self::Withdrawn,
        Self::PresumedSent,
    ];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Claimed => "claimed",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::InDoubt => "in_doubt",
            Self::Withdrawn => "withdrawn",
            Self::PresumedSent => "presumed_sent",
        }
    }
}

/// How far a transaction had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// TCP, TLS, greeting, EHLO.
    Connect,
    /// Logging in.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, before content.
    Data,
    /// Content and final dot.
    Content,
}

impl Phase {
    /// The phase as people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::Auth => "logging in",
            Self::Mail => "naming the sender",
            Self::Rcpt => "naming the recipient",
            Self::Data => "asking to send",
            Self::Content => "sending",
        }
    }
}

/// A server's definite words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// Enhanced status (RFC 3463), when given.
    pub status: Option<String>,
    /// The text, one line, at most [`super::limits::EXCERPT`] characters.
    pub text: String,
}

/// What became of one attempt to send a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// Taken: the server answered 2yz to the final dot.
    Sent(Reply),
    /// Put off: 4yz at `phase`; safe to try again.
    Deferred {
        /// Where.
        phase: Phase,
        /// The server's words.
        reply: Reply,
    },
    /// Refused: 5yz at `phase`.
    Refused {
        /// Where.
        phase: Phase,
        /// The server's words.
        reply: Reply,
    },
    /// The server was not reached or went away before it had the content; safe to try again.
    Unreached {
        /// Where.
        phase: Phase,
        /// What happened.
        why: String,
    },
    /// The gate said no after the 354; nothing was sent.
    Withheld,
    /// The content was given and no definite answer came.
    InDoubt {
        /// What happened.
        why: String,
    },
}
