//! What happened to an enrollment: a closed list with stable codes, the journal's only content.

use super::{
    Address, Approved, CadenceName, ContentKey, Dealing, Intent, LetterId, MeetingSaid, MeetingSeen, MessageId,
    Prospect, Standing, StepMark, StepNo, TaskId, TaskOutcome, Thread, Variant, Zone,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One fact. The `code` tag is stored: codes are never renamed and never reused, fields are only added with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fact {
    /// A rep handed the prospect over; always the first fact.
    Enrolled {
        /// The rep whose prospect it is.
        rep: Address,
        /// Who is enrolled.
        prospect: Box<Prospect>,
        /// In what.
        cadence: CadenceName,
        /// The wording at that time.
        edition: String,
        /// The mail that did it.
        mail: ContentKey,
        /// The conversation that follow-ups stand in.
        thread: Thread,
        /// The rep's own mail stood for this step, and is not sent again; `None` when none was adopted.
        adopted: Option<StepNo>,
        /// What that step was; journals from before this was kept do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stood_for: Option<StepMark>,
    },
    /// The prospect asked, by a web form; stands behind `enrolled`. How long they waited is told by the first touch.
    Lead {
        /// The name of the form's source.
        source: String,
        /// When they asked, as the form's mail says; `None` when it says nothing.
        asked: Option<Timestamp>,
        /// Whose prospect it is and in what, and why.
        why: String,
    },
    /// The next touch has a time.
    Scheduled {
        /// The step.
        step: StepNo,
        /// When.
        due: Timestamp,
        /// Why then, for `why` and the receipt.
        why: String,
        /// What the step is; `None`: what it was before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<StepMark>,
    },
    /// A step's mail was rendered and lies ready.
    Rendered {
        /// The step.
        step: StepNo,
        /// Its letter.
        letter: LetterId,
        /// Its subject, for the digest.
        subject: String,
        /// Which wording it has, where its step has several.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        variant: Option<Variant>,
        /// Whether it begins a conversation, which later mails then stand in.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        begins: bool,
        /// Which of several files was taken for this prospect, and why that one; `None` where there is one for everybody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// A test dealt something that no letter carries; it stays whatever is decided later.
    Dealt {
        /// At which step.
        step: StepNo,
        /// What for.
        of: Dealing,
        /// Which alternative, and of which test.
        variant: Variant,
    },
    /// The draft of a step's mail went to the rep, whose word it waits for.
    Drafted {
        /// The step.
        step: StepNo,
        /// The task by which the rep decides.
        task: TaskId,
    },
    /// The rep lets a step's mail go, in these words.
    Approved {
        /// The step.
        step: StepNo,
        /// The rep.
        by: Address,
        /// What goes out.
        text: Approved,
    },
    /// The rep puts their own words in the place of a mail that is to come, or takes that back.
    Edited {
        /// The step, as it is numbered now.
        step: StepNo,
        /// The name of its step file, by which it is known when the cadence is edited.
        template: String,
        /// The rep; `None`: the cadence has no such mail any more.
        by: Option<Address>,
        /// What goes out; `None`: what the cadence says.
        text: Option<Approved>,
    },
    /// A step's condition did not hold when it fell due, so its touch is not made; what comes next follows.
    LeftOut {
        /// The step.
        step: StepNo,
        /// Which condition, and what was the case.
        why: String,
        /// What the step is; `None`: what it was when it was planned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<StepMark>,
    },
    /// The server took a step's mail.
    Sent {
        /// The step.
        step: StepNo,
        /// The id under which it went.
        message_id: MessageId,
    },
    /// A step's mail was put off by the server, or its window had shut before it could go; it is tried again.
    Deferred {
        /// The step.
        step: StepNo,
        /// Not before.
        until: Timestamp,
        /// The server's words, or which window it waits for.
        why: String,
    },
    /// The server refused a step's mail for good.
    Refused {
        /// The step.
        step: StepNo,
        /// Enhanced status (RFC 3463), when the server gave one.
        status: Option<String>,
        /// The server's words.
        why: String,
    },
    /// Whether a step's mail went out is not known; it is never sent again by itself.
    InDoubt {
        /// The step.
        step: StepNo,
        /// What happened.
        why: String,
    },
    /// What became of a mail in doubt.
    Resolved {
        /// The step.
        step: StepNo,
        /// What.
        how: Resolution,
        /// The evidence, or why somebody said so.
        evidence: String,
        /// The id under which it went, when it did.
        message_id: Option<MessageId>,
        /// Who said so; `None` when evidence or time did.
        by: Option<String>,
    },
    /// A touch for a human fell due.
    TaskOpened {
        /// The step.
        step: StepNo,
        /// Its task.
        task: TaskId,
        /// Which of several files was taken for this prospect, and why that one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Something was reported: a mail was opened, a link clicked, or what else a listener tells.
    Signalled {
        /// What: `opened`, `clicked`, or a name of the house's own.
        name: String,
        /// Of which touch, where that is known.
        step: Option<StepNo>,
        /// Who reported it; journals from before that was kept do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// A human did it, or it no longer matters.
    TaskClosed {
        /// The step.
        step: StepNo,
        /// The task.
        task: TaskId,
        /// How it went.
        outcome: TaskOutcome,
        /// What the rep noted.
        note: Option<String>,
    },
    /// The rep takes back how it went: it is to be done again.
    TaskReopened {
        /// The step.
        step: StepNo,
        /// The task.
        task: TaskId,
    },
    /// The rep wants to see it again on a later day.
    TaskPutOff {
        /// The step.
        step: StepNo,
        /// The task.
        task: TaskId,
        /// Not before.
        until: Timestamp,
    },
    /// The rep noted something about the prospect.
    Noted {
        /// What, at most [`super::limits::EXCERPT`] characters.
        text: String,
    },
    /// The rep says what was not known of the prospect; `name` is what they are called.
    Learned {
        /// What, by lower-case names.
        fields: BTreeMap<String, String>,
    },
    /// The prospect, or somebody for them, answered.
    Replied {
        /// The last touch before it, when there was one.
        answers: Option<StepNo>,
        /// `true` when reading it left a doubt.
        maybe: bool,
        /// What they mean, as far as their words tell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        intent: Option<Intent>,
    },
    /// The prospect's mailbox answered by itself; touches wait.
    AutoReplied {
        /// Until then.
        until: Timestamp,
        /// `true` when the mail named the date, `false` when it is our guess.
        named: bool,
    },
    /// The rep wrote to the prospect by hand: it counts as a touch, and the next one keeps its distance from it.
    RepWrote {
        /// When.
        at: Timestamp,
        /// Its id, by which answers to it are known.
        message_id: Option<MessageId>,
    },
    /// A mail that the prospect wrote tells where their clock stands.
    Located {
        /// Where.
        zone: Zone,
    },
    /// A mail came back.
    Bounced {
        /// Whether the address is dead.
        permanent: bool,
        /// Enhanced status, when there was one.
        status: Option<String>,
        /// The other server's words.
        why: String,
    },
    /// The prospect wants no more mail.
    OptedOut {
        /// How it was said, for people.
        how: String,
    },
    /// The prospect reported a mail as spam.
    Complained,
    /// A rep or the bot stopped the clock.
    Paused {
        /// Why.
        why: PauseReason,
        /// Until then; `None`: until a rep resumes.
        until: Option<Timestamp>,
    },
    /// The clock runs again; a `Scheduled` follows.
    Resumed {
        /// The rep who said so; `None` when the pause ran out.
        by: Option<Address>,
    },
    /// Something was said about a meeting.
    Meeting {
        /// What.
        seen: MeetingSeen,
    },
    /// The meeting that ended it does not take place; it waits for the rep, and no touch goes out by itself.
    Reopened {
        /// What was said.
        why: MeetingSaid,
    },
    /// The person asked to be forgotten: from here on nothing in the journal names them.
    Forgotten {
        /// Who did it.
        by: String,
        /// On what grounds.
        why: String,
    },
    /// The rep takes back what they had logged, by which it ended: it stands where it stood before.
    EndTakenBack {
        /// The rep.
        by: Address,
        /// Where it stood.
        before: Box<Standing>,
    },
    /// It is over.
    Ended {
        /// How.
        outcome: Ending,
    },
}

/// What became of a mail in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It went out.
    Sent,
    /// Nothing said otherwise for so long that it counts as sent.
    PresumedSent,
    /// It is sent again, as the same bytes, on somebody's explicit word.
    SentAgain,
}

/// Why an enrollment is paused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The prospect answered.
    Replied,
    /// A bounce without proof that it is ours.
    BounceUnproven,
    /// Mail bounced softly too often.
    SoftBounces,
    /// The rep said so.
    Rep,
    /// A word is missing; the text says which.
    MissingWords(String),
    /// Something about a meeting with the prospect is to be settled.
    Meeting(MeetingSaid),
    /// A mail waits for the rep's word.
    Approval,
    /// The cadence says so, of what was reported.
    Signal(String),
    /// Somebody else at the same company answered; the text says who.
    Colleague(String),
}

/// How an enrollment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Every touch was made.
    Completed,
    /// The address is dead.
    Bounced,
    /// The prospect wants no more mail.
    OptedOut,
    /// The prospect reported a mail as spam.
    Complained,
    /// The address may not be mailed, for a reason that lies outside this enrollment.
    Suppressed,
    /// The rep stopped it.
    Stopped,
    /// The rep goes on by hand.
    Finished,
    /// A call or a talk led to a meeting.
    Met,
    /// The prospect said no on the phone.
    NotInterested,
    /// A mail could not be delivered to the relay for too long.
    Undeliverable,
    /// The cadence ends it at what happened: an answer, a report, a meeting to which nobody came.
    ByCadence,
}

impl Ending {
    /// Whether this takes the place of an ending that came before it: opt-out before complaint before dead address
    /// before everything else, whatever order the mails arrive in. `Completed` gives way to all: its last task may
    /// still lead to a meeting.
    #[must_use]
    pub fn outranks(self, before: Self) -> bool {
        self.rank() > before.rank()
    }

    fn rank(self) -> u8 {
        match self {
            Self::OptedOut => 4,
            Self::Complained => 3,
            Self::Bounced => 2,
            Self::Suppressed
            | Self::Stopped
            | Self::Finished
            | Self::Met
            | Self::NotInterested
            | Self::Undeliverable
            | Self::ByCadence => 1,
            Self::Completed => 0,
        }
    }

    /// The ending as people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Bounced => "bounced",
            Self::OptedOut => "opted out",
            Self::Complained => "complained",
            Self::Suppressed => "suppressed",
            Self::Stopped => "stopped by the rep",
            Self::Finished => "finished by the rep",
            Self::Met => "met",
            Self::NotInterested => "not interested",
            Self::Undeliverable => "undeliverable",
            Self::ByCadence => "over, as the cadence says",
        }
    }
}

/// A fact with its time, as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// When it was decided.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
}
