//! What a rule wants a rep to know. `template` makes words of it, `mail::write` a mail.

use super::{
    Address, Approved, CadenceName, Channel, EnrollmentId, MeetingSaid, Offer, Planned, Prospect, Refusal, StepNo,
    Token, Variant,
};
use jiff::Timestamp;
use jiff::civil::Date;

/// One thing to tell one rep.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// What became of a hand-over.
    Receipt {
        /// The subject of the mail that was handed over.
        subject: String,
        /// What is known of that mail when it was forwarded; `None` when it was the rep's own.
        forwarded: Option<Forwarded>,
        /// Who is enrolled.
        enrolled: Vec<EnrolledLine>,
        /// Who is not.
        refused: Vec<RefusedLine>,
        /// Whether the bot can see replies to the rep's own first mail; if not, the receipt says so.
        sees_first_reply: bool,
        /// What else the mail asked for, a line each: one mail is answered by one.
        said: Vec<AnswerLine>,
    },
    /// A prospect's reply, passed on whole.
    Relay {
        /// The enrollment it stopped.
        enrollment: EnrollmentId,
        /// Whose.
        prospect: Box<Prospect>,
        /// In what.
        cadence: CadenceName,
        /// What happened because of it, one line.
        banner: String,
        /// The day that the answer names to come back on.
        until: Option<Date>,
        /// Whether the enrollment was over already, so that there is nothing to resume or to stop.
        over: bool,
    },
    /// Something happened that the rep should know at once.
    Alert {
        /// To which enrollment.
        enrollment: EnrollmentId,
        /// Whose.
        prospect: Box<Prospect>,
        /// In what.
        cadence: CadenceName,
        /// What.
        what: Alert,
    },
    /// The answer to a mail with commands.
    Answer {
        /// A line for each, in their order.
        lines: Vec<AnswerLine>,
        /// What the mail with them was about.
        token: Option<Token>,
    },
}

/// What happened to a prospect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// The address is dead.
    Bounced {
        /// Enhanced status, when there was one.
        status: Option<String>,
        /// The other server's words.
        why: String,
    },
    /// Something that looks like a bounce, without proof; touches wait.
    BounceUnproven {
        /// Until then.
        until: Timestamp,
    },
    /// Mail came back softly more than once; touches wait for the rep.
    SoftBounces,
    /// No more mail, said how.
    OptedOut {
        /// How.
        how: String,
    },
    /// A mail was reported as spam.
    Complained,
    /// Out of office.
    Away {
        /// Touches wait until then.
        until: Timestamp,
        /// Whether the mail named the day.
        named: bool,
    },
    /// A mail was refused by the relay.
    Refused {
        /// The server's words.
        why: String,
    },
    /// Words are missing; touches wait.
    MissingWords {
        /// Which.
        words: Vec<String>,
    },
    /// A meeting is booked; it is over.
    Met {
        /// When the meeting begins.
        start: Option<Timestamp>,
    },
    /// A meeting does not take place, or not as it was; touches wait for the rep.
    MeetingOff {
        /// What was said.
        said: MeetingSaid,
        /// When it was to begin.
        start: Option<Timestamp>,
        /// Whether it had ended the enrollment, which waits again now.
        reopened: bool,
    },
    /// The draft of a mail that waits for the rep's word.
    Draft {
        /// Which touch: `touch 3 of 9 (email)`.
        touch: String,
        /// When it goes out, once the rep says so.
        due: Timestamp,
        /// What it says.
        text: Approved,
    },
    /// The text of a mail to come, because the rep asked for it.
    Text {
        /// Its step, where it is not the next mail.
        step: Option<StepNo>,
        /// Which touch: `touch 3 of 9 (email)`.
        touch: String,
        /// When it goes out.
        due: Timestamp,
        /// What it says.
        text: Approved,
    },
    /// What the rep wrote for a mail is dropped, since the edited cadence has none of that name.
    EditDropped {
        /// The name of its step file.
        template: String,
    },
    /// Every touch was made.
    Completed,
    /// Something was reported that the cadence wants told.
    Signalled {
        /// What: `opened`, `clicked`, or a name of the house's own.
        name: String,
        /// Whether touches wait for the rep because of it.
        paused: bool,
    },
    /// Somebody else at the same company answered; touches wait for the rep.
    ColleagueAnswered {
        /// Who.
        who: String,
    },
    /// It is not known whether a mail went out.
    InDoubt {
        /// What happened.
        why: String,
    },
}

impl Alert {
    /// The kind of which many may come at once, and are then told in one mail; `None` of one that needs a word of the rep's or
    /// comes by the rep's own doing.
    #[must_use]
    pub fn burst(&self) -> Option<&'static str> {
        match self {
            Self::Bounced { .. } => Some("bounced"),
            Self::BounceUnproven { .. } | Self::SoftBounces => Some("perhaps_bounced"),
            Self::OptedOut { .. } => Some("opted_out"),
            Self::Complained => Some("complained"),
            Self::Away { .. } => Some("away"),
            Self::Refused { .. } => Some("refused"),
            Self::Signalled { paused: false, .. } => Some("signalled"),
            Self::Signalled { paused: true, .. }
            | Self::MissingWords { .. }
            | Self::Met { .. }
            | Self::MeetingOff { .. }
            | Self::Draft { .. }
            | Self::Text { .. }
            | Self::EditDropped { .. }
            | Self::Completed
            | Self::ColleagueAnswered { .. }
            | Self::InDoubt { .. } => None,
        }
    }
}

/// The mail that a rep forwarded to hand somebody over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Who wrote it, as the forward tells.
    pub author: Option<String>,
    /// When, as the forward tells: in any language and format.
    pub date: Option<String>,
    /// Whether the house wrote it, or a newer one in it, to the prospect.
    pub by_us: bool,
    /// Whether its conversation is known by an id; else only by its subject.
    pub has_id: bool,
    /// The name of the source when it is no forward at all but a web form's mail.
    pub form: Option<String>,
}

/// One enrolled prospect in a receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct EnrolledLine {
    /// The enrollment.
    pub enrollment: EnrollmentId,
    /// Who.
    pub prospect: Prospect,
    /// In what.
    pub cadence: CadenceName,
    /// The cadence's title.
    pub title: String,
    /// What the rep should know about the prospect: that nobody in particular reads the address, say. A sentence each.
    pub notes: Vec<String>,
    /// What touches to come need and nobody knows. A sentence each.
    pub missing: Vec<String>,
    /// The touches to come.
    pub plan: Vec<Planned>,
    /// Which wording a touch has, where there are several.
    pub wordings: Vec<(StepNo, Variant)>,
    /// Other cadences that may be meant.
    pub others: Vec<CadenceName>,
    /// Those of them that the rep makes on the day of the receipt: the next digest comes too late for them.
    pub today: Vec<TodayLine>,
}

/// A touch that the rep makes today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayLine {
    /// Through what.
    pub channel: Channel,
    /// From when on.
    pub from: Timestamp,
    /// By when, where the cadence says so.
    pub by: Option<Timestamp>,
    /// What to say or write, as plain text.
    pub script: String,
}

/// One prospect who was not enrolled.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedLine {
    /// Who; `None` when the refusal is about the mail as a whole.
    pub who: Option<Address>,
    /// Why.
    pub why: Refusal,
}

impl RefusedLine {
    /// Whether it is refused for words alone that nobody knows.
    #[must_use]
    pub fn lacks_words(&self) -> bool {
        matches!(self.why, super::Refusal::MissingWords(_))
    }
}

/// The answer to one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerLine {
    /// The line as written, at most [`super::limits::EXCERPT`] characters.
    pub said: String,
    /// What was done, or why nothing was.
    pub answer: String,
    /// Whether it was done.
    pub done: bool,
    /// What can be said next with one tap: how to undo it, or what may have been meant.
    pub offers: Vec<Offer>,
}

/// A server's status and words as people read them: what kind of words they are (`smtp;`, RFC 3464 2.3.6) is left out, and
/// the status is said once, wherever among the first words it stands.
#[must_use]
pub fn said_by_server(status: Option<&str>, why: &str) -> String {
    let why = why.trim();
    let kind = why.get(..5).filter(|kind| kind.eq_ignore_ascii_case("smtp;"));
    let why = kind.and_then(|kind| why.get(kind.len()..)).unwrap_or(why).trim();
    let stands = |status: &str| why.split_whitespace().take(3).any(|word| word == status);
    match status {
        Some(status) if !stands(status) => format!("{status} {why}").trim_end().to_owned(),
        Some(_) | None => why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_status_is_said_once() {
        for (status, why, said) in [
            (Some("5.1.1"), "smtp; 550 5.1.1 no such user", "550 5.1.1 no such user"),
            (Some("5.1.1"), "SMTP;550 no such user", "5.1.1 550 no such user"),
            (Some("5.7.1"), "5.7.1 not allowed", "5.7.1 not allowed"),
            (Some("5.7.1"), "not allowed", "5.7.1 not allowed"),
            (Some("5.7.1"), " ", "5.7.1"),
            (None, "x-unix; no", "x-unix; no"),
            (None, "", ""),
        ] {
            assert_eq!(said_by_server(status, why), said);
        }
    }
}
