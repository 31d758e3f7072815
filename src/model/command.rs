//! What a rep asks for by mail.

use super::TaskOutcome;

/// One line of a rep's mail, read as a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The line as written, at most [`super::limits::EXCERPT`] characters.
    pub said: String,
    /// What it asks for.
    pub asked: Asked,
}

/// What can be asked for. The grammar is one table in `mail::command`.
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
    },
    /// End the enrollment.
    Stop,
    /// Stop the clock.
    Pause,
    /// Let the clock run again.
    Resume,
    /// `send 4`: the mail whose draft this is may go.
    Send {
        /// The number in the digest; `None` when the token says which enrollment.
        number: Option<u16>,
        /// The rep's own wording, where they answered the draft with one.
        edited: Option<String>,
    },
    /// `hold 4`: it does not go; without a draft, the clock stops.
    Hold {
        /// As above.
        number: Option<u16>,
    },
    /// The prospect did not come to a meeting.
    NoShow,
    /// Say why the enrollment waits.
    Why,
    /// Say what can be asked for.
    Help,
    /// Not understood; the closest things that can be said.
    Unclear {
        /// Up to three lines that would be understood.
        closest: Vec<String>,
    },
}
