//! What a rep asks for by mail.

use super::grammar::Verb;
use super::{Address, EnrollmentId, SaidDay, SaidMoment, TaskOutcome};
use jiff::civil::Time;
use std::collections::BTreeMap;

/// One line of a rep's mail, read as a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The line as written, at most [`super::limits::EXCERPT`] characters.
    pub said: String,
    /// What it asks for.
    pub asked: Asked,
}

/// What can be asked for. The grammar is one table, [`super::grammar`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// `1 connected wants pricing`: how a task of the digest went.
    Log {
        /// The number in the digest; `None` when the token says which enrollment and it has one open task.
        number: Option<u16>,
        /// How it went.
        outcome: TaskOutcome,
        /// What else stood in the line.
        note: Option<String>,
        /// Of a meeting: when it is to be, as far as the note says so.
        at: Option<SaidMoment>,
    },
    /// `pause jane@acme.test until fri they move house`.
    Order {
        /// What to do.
        order: Order,
        /// With whom.
        whom: Whom,
        /// Until which day.
        until: Option<SaidDay>,
        /// Why, in the rep's words.
        reason: Option<String>,
        /// Whether the rep has confirmed it: `stop all yes`.
        sure: bool,
    },
    /// `undo 1`: what was logged of a task is taken back.
    Undo {
        /// The number in the digest; `None`: the last that was logged of the one that the mail is about.
        number: Option<u16>,
    },
    /// `title="VP Sales"`: what was not known of somebody.
    Fill {
        /// Of whom.
        whom: Whom,
        /// What, by lower-case names.
        fields: BTreeMap<String, String>,
    },
    /// `note jane@acme.test likes tea`.
    Note {
        /// About whom.
        whom: Whom,
        /// What.
        text: String,
    },
    /// `switch jane@acme.test to no-show`.
    Switch {
        /// Whom.
        whom: Whom,
        /// Into which cadence, as written.
        to: String,
    },
    /// `enroll jane@acme.test "Jane Doe" company=Acme`.
    Enroll(Box<Wanted>),
    /// `yes`, `yes in event`: those about whom the bot asked back are enrolled.
    Yes {
        /// Into which cadence, as written; `None`: as the question says.
        cadence: Option<String>,
    },
    /// `no`: they are not.
    No,
    /// `list`: who is under way.
    List,
    /// `cadences`: which there are.
    Cadences,
    /// `preview outbound`: a cadence's touches.
    Preview {
        /// As written.
        cadence: String,
    },
    /// `report`: the rep's numbers.
    Report {
        /// Over a month; else over a week.
        month: bool,
    },
    /// `set digest 07:00`.
    SetDigest(Time),
    /// `set zone Europe/Berlin`; as written.
    SetZone(String),
    /// `vacation 24 Dec to 2 Jan cover ben@corp.test`.
    Vacation {
        /// The first day; `None`: today.
        from: Option<SaidDay>,
        /// The last day.
        to: SaidDay,
        /// Who reads the rep's mails from the bot meanwhile.
        cover: Option<Address>,
    },
    /// `back`: the vacation is over.
    Back,
    /// `new codes`: the enrol addresses so far are worthless from now on.
    NewCodes,
    /// `send 4`: the mail whose draft this is may go.
    Send {
        /// The number in the digest; `None` when the token says which enrollment.
        number: Option<u16>,
        /// The rep's own wording, where they answered the draft with one.
        edited: Option<String>,
    },
    /// `edit 4`, and a text below it: a mail that is to come.
    Edit {
        /// To whom.
        whom: Whom,
        /// Which touch; `None`: the next mail.
        touch: Option<u16>,
        /// What is to go out instead; `None`: the rep wants to read it.
        text: Option<String>,
    },
    /// `undo edit jane@acme.test touch 5`: the cadence's own text goes out.
    Unedit {
        /// To whom.
        whom: Whom,
        /// Which touch; `None`: the first that was edited.
        touch: Option<u16>,
    },
    /// `hold 4`: it does not go; without a draft, the clock stops.
    Hold {
        /// As above.
        number: Option<u16>,
    },
    /// Say what can be asked for.
    Help,
    /// Not understood; the closest things that can be said.
    Unclear {
        /// Up to three lines that would be understood.
        closest: Vec<String>,
    },
}

impl Asked {
    /// The row of the grammar that it was read by; `None` of what was not understood.
    #[must_use]
    pub fn verb(&self) -> Option<Verb> {
        Some(match self {
            Self::Log { outcome, .. } => Verb::Log(*outcome),
            Self::Order { order, .. } => Verb::Order(*order),
            Self::Undo { .. } => Verb::Undo,
            Self::Fill { .. } => Verb::Fill,
            Self::Note { .. } => Verb::Note,
            Self::Switch { .. } => Verb::Switch,
            Self::Enroll(_) => Verb::Enroll,
            Self::Yes { .. } => Verb::Yes,
            Self::No => Verb::No,
            Self::List => Verb::List,
            Self::Cadences => Verb::Cadences,
            Self::Preview { .. } => Verb::Preview,
            Self::Report { .. } => Verb::Report,
            Self::SetDigest(_) => Verb::SetDigest,
            Self::SetZone(_) => Verb::SetZone,
            Self::Vacation { .. } => Verb::Vacation,
            Self::Back => Verb::Back,
            Self::NewCodes => Verb::NewCodes,
            Self::Send { .. } => Verb::Send,
            Self::Hold { .. } => Verb::Hold,
            Self::Edit { .. } => Verb::Edit,
            Self::Unedit { .. } => Verb::Unedit,
            Self::Help => Verb::Help,
            Self::Unclear { .. } => return None,
        })
    }

    /// An order about what the mail answers, without a day or a reason.
    #[must_use]
    pub fn order(order: Order) -> Self {
        Self::Order {
            order,
            whom: Whom::This,
            until: None,
            reason: None,
            sure: false,
        }
    }
}

/// What a rep may order about an enrollment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// End it.
    Stop,
    /// End it: the rep goes on by hand.
    Finish,
    /// Stop the clock.
    Pause,
    /// Stop the clock until a day; of a numbered task: show it again on that day.
    Snooze,
    /// Let the clock run again.
    Resume,
    /// Say where it stands, and what happened.
    Why,
    /// Say where it stands.
    Status,
    /// The meeting took place.
    Held,
    /// The prospect did not come to the meeting.
    NoShow,
}

impl Order {
    /// Whether it takes an effect that no other command undoes.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Stop | Self::Finish | Self::NoShow)
    }
}

/// Whom a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Whom the mail is about that it answers.
    This,
    /// A number of the digest that it answers.
    Number(u16),
    /// Somebody by address.
    Address(Address),
    /// Everybody of a company, as written.
    Company(String),
    /// Everybody.
    All,
}

/// Somebody whom a rep wants enrolled by a line of text or of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Who.
    pub address: Address,
    /// Their name.
    pub name: Option<String>,
    /// Into which cadence, as written.
    pub cadence: Option<String>,
    /// Not before this day.
    pub start: Option<SaidDay>,
    /// What else is known: lower-case names.
    pub fields: BTreeMap<String, String>,
}

/// A line that a rep may say with one tap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The line.
    pub line: String,
    /// The enrollment that it is about; `None`: the mail that was answered, whatever that is.
    pub about: Option<EnrollmentId>,
}
