//! What a mail is, and on what evidence: one ordered list of readers.
//!
//! A reader is one file and one line in `READERS`; it looks at a mail and answers, or leaves it to the next. Every mail
//! gets a reading: the last reader always answers. Reading decides nothing: what it means for an enrollment is said by
//! `rules::react`, whose enrollment it is by the store.
//!
//! Loose to stop, strict to start: what only stops one enrollment is believed on weak evidence, what enrolls or commands
//! needs a [`Proof`] that is enough (`mail::level`). Corpus: tests/corpus.

mod about_test;
mod auto_reply;
mod auto_sort;
mod bounce;
mod bounce_people;
mod bounce_text;
mod bounce_words;
mod bulk;
mod calendar;
mod cited;
mod complaint;
mod from_rep;
pub mod lead;
mod notification;
mod opt_out;
mod own_copy;
mod reply;
mod report;
pub(in crate::mail) mod return_date;
mod returned;

pub(super) use bounce_words::Reason;
pub use from_rep::{GIVEN_UP, IMITATES, given_up};

use super::authenticity;
use super::hand_over::HandOver;
use super::intent::Meant;
use super::level::{Level, Proof};
use super::quote::{self, Said};
use super::read::Mail;
use crate::model::{
    Address, BotAddress, CadenceName, Command, Lead, LeadSource, LetterId, Meeting, MessageId, Purpose, Rep, Signal,
    Tag, Token, limits,
};

use jiff::civil::Date;
use std::cell::OnceCell;

/// What the readers need to know about the house.
pub struct Own<'a> {
    /// The bot, with the keys that check tokens and codes.
    pub bot: &'a BotAddress,
    /// Whole addresses that stand for a cadence, where a provider strips the tag.
    pub aliases: &'a [(Address, CadenceName)],
    /// Domains whose people are colleagues, lower case; the bot's and the reps' included.
    pub domains: &'a [String],
    /// The registered reps.
    pub reps: &'a [Rep],
    /// Whose web forms enroll.
    pub lead_sources: &'a [LeadSource],
    /// Whose word counts.
    pub trust: &'a Trust,
}

/// Which results of others are believed (reliability §2.2).
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// `authserv-id`s whose Authentication-Results count.
    pub authserv_ids: Vec<String>,
    /// `by` names of the border's Received; one that begins with a dot stands for all names below it. Results count only
    /// above the first of these. Empty: only the topmost Authentication-Results block above the first Received counts.
    pub border: Vec<String>,
    /// Demand a trusted pass even with a code.
    pub strict: bool,
    /// Exchange Online is our provider: results without an id count, and so does its mark on mail inside the house.
    pub microsoft: bool,
    /// Where no result vouches for a rep's mail, its signature is checked by ourselves.
    pub dkim: bool,
}

/// What a mail is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Our own letter came back to us as a copy, or it is the rep's own mail in the thread.
    OwnCopy,
    /// A mail of ours could not be delivered.
    Bounce,
    /// A mail of ours is late and may still arrive.
    Delay,
    /// A server says that it delivered.
    Delivered,
    /// Somebody reported a mail of ours as spam.
    Complaint,
    /// Somebody wants no more mail.
    OptOut,
    /// An invitation, an answer to one, a change of a meeting.
    Calendar(Box<Meeting>),
    /// A mailbox answered by itself.
    AutoReply,
    /// An authenticated rep enrolls.
    HandOver(Box<HandOver>),
    /// An authenticated rep asks for something.
    Commands {
        /// Who.
        rep: Address,
        /// What for, never empty.
        commands: Vec<Command>,
    },
    /// Claims to be from a rep and does not prove it: to quarantine, answered to nobody. Says why.
    Impostor {
        /// The rep it claims to be.
        rep: Address,
        /// What is missing.
        why: &'static str,
    },
    /// Somebody's word about a test, by its address.
    AboutTest,
    /// A web form of a configured source.
    Lead(Box<Lead>),
    /// A mail of a configured source of web forms that enrolls nobody. Says why.
    LeadRefused {
        /// The source's name.
        source: String,
        /// What is missing.
        why: &'static str,
    },
    /// A person wrote; whether it concerns us is for the store to say.
    Reply,
    /// Newsletter, list, notification, spam: nobody in particular wrote.
    Bulk,
}

impl Kind {
    /// Whether it tells what became of a mail: its people are those who failed or complained, and what it encloses is
    /// that mail, which nobody forwarded.
    #[must_use]
    pub fn is_report(&self) -> bool {
        matches!(self, Self::Bounce | Self::Delay | Self::Delivered | Self::Complaint)
    }

    /// The stored code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OwnCopy => "own_copy",
            Self::Bounce => "bounce",
            Self::Delay => "delay",
            Self::Delivered => "delivered",
            Self::Complaint => "complaint",
            Self::OptOut => "opt_out",
            Self::Calendar(_) => "calendar",
            Self::AutoReply => "auto_reply",
            Self::HandOver(_) => "hand_over",
            Self::Commands { .. } => "commands",
            Self::Impostor { .. } => "impostor",
            Self::AboutTest => "about_test",
            Self::Lead(_) => "lead",
            Self::LeadRefused { .. } => "lead_refused",
            Self::Reply => "reply",
            Self::Bulk => "bulk",
        }
    }
}

/// A mail, read and judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What it is.
    pub kind: Kind,
    /// The evidence, one line, for `explain` and `why`: no addresses, no text of the mail.
    pub because: String,
    /// What it means for an enrollment, when it concerns one.
    pub signal: Option<Signal>,
    /// The good token it came by.
    pub token: Option<Token>,
    /// Ids of mails that it answers or reports about; by these the enrollment is found.
    pub about: Vec<MessageId>,
    /// The letter that its `X-Cadence-Ref`, or that of the mail it returns, names. Anybody can write that.
    pub letter: Option<LetterId>,
    /// What of ours it quotes or encloses, an answer's only. Anybody can write that.
    pub quoted: Quoted,
    /// Whose it is, in order: the failed recipients of a bounce, the complainer, the sender.
    pub people: Vec<Address>,
    /// What the person wrote, without quotation; nobody wrote a report.
    pub new_text: String,
    /// What was cut off the new text as a signature.
    pub signature: String,
    /// Enhanced status of a bounce.
    pub status: Option<String>,
    /// Whether a bounce is permanent.
    pub permanent: Option<bool>,
    /// Why a bounce came, the worst of its recipients' ([`Failed::reason`]).
    pub reason: Option<&'static str>,
    /// Each recipient of a bounce, with its own fate.
    pub failed: Vec<Failed>,
    /// The feedback type of a complaint.
    pub feedback_type: Option<String>,
    /// What an automatic answer says.
    pub auto_reply: Option<AutoReply>,
    /// What a person means by an answer.
    pub intent: Option<Meant>,
}

/// What an answer quotes of the header of a mail: programs that forward, attach or quote whole mails keep it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quoted {
    /// Ids of the mails.
    pub ids: Vec<MessageId>,
    /// The letter that an `X-Cadence-Ref` names.
    pub letter: Option<LetterId>,
}

/// What an automatic answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoReply {
    /// What it is about.
    pub sort: AutoSort,
    /// The day of the return, when it is named without ambiguity.
    pub back: Option<Date>,
    /// Whom to write to instead.
    pub stand_in: Option<Address>,
}

/// What an automatic answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AutoSort {
    /// Somebody is away.
    Away,
    /// Somebody works there no longer.
    Left,
    /// A proof is asked for before the mail is let through.
    Challenge,
    /// A mail was received, nobody has read it yet.
    Acknowledgement,
    /// A mail was displayed (RFC 8098).
    ReadReceipt,
}

impl AutoSort {
    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Left => "left",
            Self::Challenge => "challenge",
            Self::Acknowledgement => "acknowledgement",
            Self::ReadReceipt => "read_receipt",
        }
    }
}

/// A recipient who did not get a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Whom the last server tried.
    pub address: Address,
    /// Whom the mail was sent to, where that is another address and the report says so.
    pub original: Option<Address>,
    /// Enhanced status, RFC 3463.
    pub status: Option<String>,
    /// Why, from the closed list: user-unknown, host-unknown, moved, mailbox-full, suspended, too-big, policy, spam,
    /// blocklisted, rate-limited, auth-failure, network, expired, content, other.
    pub reason: &'static str,
    /// Whether the address is dead.
    pub permanent: bool,
}

/// What all readers look at, worked out once.
struct Evidence<'a> {
    mail: &'a Mail,
    own: &'a Own<'a>,
    tags: Vec<Tag>,
    /// Worked out when somebody asks: nobody wrote a report.
    said: OnceCell<Said>,
    proof: Proof,
}

/// A reader: says what a mail is, or leaves it to the next.
type Reader = fn(&Evidence<'_>) -> Option<Reading>;

/// The readers in their order. The first that answers is right, so what can be mistaken for something later stands
/// before it:
/// - our own letter in a Sent folder has all that a rep's mail or a reply has;
/// - a bounce is marked as automatic (Postfix writes `Auto-Submitted: auto-replied`) and quotes a whole mail of ours;
/// - a complaint is a report as well, and often comes from a person's address;
/// - a web form's program marks its mails as automatic, and what a visitor writes there is not about the form;
/// - an opt-out by token counts even when a program sent it;
/// - an answer to an invitation is often written by the calendar itself, and is the guest's wish all the same;
/// - an absence note of a rep is no command, and of a prospect no reply;
/// - a manager who is a rep speaks about a test by its address;
/// - what a rep writes is never a prospect's reply;
/// - what nobody in particular wrote is no reply either, unless it came by a reply token.
const READERS: &[(&str, Reader)] = &[
    ("own copy", own_copy::read),
    ("bounce", bounce::read),
    ("complaint", complaint::read),
    ("lead", lead::read),
    ("opt-out", opt_out::read),
    ("calendar", calendar::read),
    ("auto-reply", auto_reply::read),
    ("about a test", about_test::read),
    ("from a rep", from_rep::read),
    ("bulk", bulk::read),
    ("reply", reply::read),
];

/// Judges a mail.
#[must_use]
pub fn classify(mail: &Mail, own: &Own<'_>) -> Reading {
    judge(mail, own, authenticity::prove(mail, own))
}

/// Judges a mail that an administrator vouches for: it is from the rep it says it is from.
#[must_use]
pub fn classify_vouched(mail: &Mail, own: &Own<'_>) -> Reading {
    let proof = authenticity::prove(mail, own);
    let level = if proof.rep.is_some() {
        proof.level.max(Level::Vouched)
    } else {
        proof.level
    };
    let proof = Proof {
        level,
        vouched: true,
        why: "the administrator vouches for it",
        ..proof
    };
    judge(mail, own, proof)
}

fn judge(mail: &Mail, own: &Own<'_>, proof: Proof) -> Reading {
    let evidence = Evidence {
        mail,
        own,
        tags: authenticity::tags(mail, own),
        said: OnceCell::new(),
        proof,
    };
    READERS
        .iter()
        .find_map(|(_, read)| read(&evidence))
        .unwrap_or_else(|| evidence.reading(Kind::Reply, "nothing says what it is"))
}

impl Evidence<'_> {
    /// What its writer wrote.
    fn said(&self) -> &Said {
        self.said.get_or_init(|| quote::split(&self.mail.text))
    }

    /// A reading with what is true of every mail; it concerns the sender, and nobody's enrollment yet.
    fn reading(&self, kind: Kind, because: impl Into<String>) -> Reading {
        let said = match kind.is_report() {
            true => Said::default(),
            false => self.said().clone(),
        };
        Reading {
            kind,
            because: because.into(),
            signal: None,
            token: self.tokens().next(),
            about: self.mail.references.clone(),
            letter: None,
            quoted: Quoted::default(),
            people: self.mail.from.iter().map(|from| from.address.clone()).collect(),
            new_text: said.new_text,
            signature: said.signature,
            status: None,
            permanent: None,
            reason: None,
            failed: Vec::new(),
            feedback_type: None,
            auto_reply: None,
            intent: None,
        }
    }

    /// The good tokens. A rep's token in other hands (a forwarded digest, reliability T-45) says nothing.
    fn tokens(&self) -> impl Iterator<Item = Token> + '_ {
        let tokens = self.tags.iter().filter_map(|tag| match tag {
            Tag::Token(token) => Some(*token),
            Tag::Bare | Tag::Enroll { .. } | Tag::Unknown => None,
        });
        tokens.filter(|token| match token.purpose {
            Purpose::Command | Purpose::Digest => self.claims_rep(),
            Purpose::Reply | Purpose::Bounce | Purpose::OptOut | Purpose::Administration | Purpose::Test => true,
        })
    }

    fn token(&self, purpose: Purpose) -> Option<Token> {
        self.tokens().find(|token| token.purpose == purpose)
    }

    fn has(&self, header: &str) -> bool {
        self.mail.header(header).next().is_some()
    }

    /// The first value of a header, lower case, without comment and parameters.
    fn word(&self, header: &str) -> Option<String> {
        let value = self.mail.header(header).next()?;
        Some(value.split([';', '(']).next().unwrap_or_default().trim().to_lowercase())
    }

    /// Whether a rep wrote it, or somebody who claims so.
    fn claims_rep(&self) -> bool {
        self.proof.rep.is_some()
    }

    fn is_from_bot(&self) -> bool {
        let own = self.own.bot.address();
        self.mail.from.iter().any(|from| from.address.same_as(own))
    }

    /// Whether it comes from a mail system: the null sender, or a postmaster's name.
    fn is_from_system(&self) -> bool {
        self.mail.return_path == Some(None) || self.is_by_postmaster()
    }

    /// Whether its envelope or its author has a postmaster's name.
    fn is_by_postmaster(&self) -> bool {
        self.mail
            .return_path
            .iter()
            .flatten()
            .any(|from| is_postmaster(from.local()))
            || self.mail.from.iter().any(|from| is_postmaster(from.address.local()))
            || self
                .mail
                .from
                .iter()
                .filter_map(|from| from.name.as_deref())
                .any(is_system_name)
            || self.mail.from.is_empty()
                && self
                    .mail
                    .header("From")
                    .any(|from| is_postmaster(from) || is_system_name(from))
    }
}

fn is_postmaster(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "mailer-daemon",
        "mailerdaemon",
        "postmaster",
        "post_master",
        "post-master",
        "mail-daemon",
        "maildaemon",
        "mail.delivery",
        "mdaemon",
        "mailer.daemon",
        "mailer_daemon",
        "microsoftexchange",
        "bounce-notification",
    ]
    .iter()
    .any(|known| name.contains(known))
}

/// Names that mail systems give themselves.
fn is_system_name(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        "mail delivery",
        "mail system",
        "mailer daemon",
        "mailer-daemon",
        "mailersystem",
        "system administrator",
        "microsoft outlook",
        "mail administrator",
        "postmaster",
        "delivery subsystem",
        "delivery notification",
        "delivery status",
    ]
    .iter()
    .any(|known| name.contains(known))
}

/// A text of others on one line, bounded, without control characters.
fn excerpt(text: &str) -> String {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    words
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(limits::EXCERPT)
        .collect()
}

/// `1f3a`, as `X-Cadence-Ref` names a letter.
#[must_use]
pub fn letter_of(reference: &str) -> Option<LetterId> {
    i64::from_str_radix(reference.trim(), 16).ok().map(LetterId)
}
