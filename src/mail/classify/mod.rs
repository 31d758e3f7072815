//! What a mail is, and on what evidence: one ordered list of readers.

use super::hand_over::HandOver;
use super::read::Mail;
use crate::model::{Address, BotAddress, CadenceName, Command, MessageId, Rep, Signal, Tag, Token};

/// What the readers need to know about the house.
pub struct Own<'a> {
    pub bot: &'a BotAddress,
    /// Whole addresses that stand for a cadence, where a provider strips the tag.
    pub aliases: &'a [(Address, CadenceName)],
    /// Domains whose people are colleagues, lower case; the bot's and the reps' included.
    pub domains: &'a [String],
    pub reps: &'a [Rep],
    pub trust: &'a Trust,
}

/// Which results of others are believed (reliability §2.2).
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// `authserv-id`s whose Authentication-Results count.
    pub authserv_ids: Vec<String>,
    /// `by` names of the border's Received; results count only above the first of these. Empty: only the topmost
    /// Authentication-Results block above the first Received counts.
    pub border: Vec<String>,
    /// Demand a trusted pass even with a code.
    pub strict: bool,
}

/// What a mail is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Our own letter came back to us as a copy (X-Cadence-Ref, own Message-ID).
    OwnCopy,
    Bounce,
    Delay,
    Delivered,
    Complaint,
    OptOut,
    AutoReply,
    /// An authenticated rep enrolls.
    HandOver(Box<HandOver>),
    /// An authenticated rep asks for something.
    Commands {
        rep: Address,
        commands: Vec<Command>,
    },
    /// Claims to be from a rep and does not prove it: to quarantine, answered to nobody. Says why.
    Impostor {
        rep: Address,
        why: &'static str,
    },
    /// A person wrote; whether it concerns us is for the store to say.
    Reply,
    /// Newsletter, list, notification, spam: nobody in particular wrote.
    Bulk,
}

/// A mail, read and judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub kind: Kind,
    /// The evidence, one line, for `explain` and `why`: no addresses, no text of the mail.
    pub because: String,
    /// What it means for an enrollment, when it concerns one.
    pub signal: Option<Signal>,
    /// The good token it came by.
    pub token: Option<Token>,
    /// Ids of mails that it answers or reports about; by these the enrollment is found.
    pub about: Vec<MessageId>,
    /// Whose it is, in order: the failed recipient of a bounce, the complainer, the sender.
    pub people: Vec<Address>,
    /// What the person wrote, without quotation.
    pub new_text: String,
    /// Enhanced status of a bounce.
    pub status: Option<String>,
    /// Whether a bounce is permanent.
    pub permanent: Option<bool>,
}

/// Judges a mail.
pub fn classify(_mail: &Mail, _own: &Own<'_>) -> Reading {
    todo!()
}

#[allow(unused)]
fn vocabulary(_: Tag) {}
