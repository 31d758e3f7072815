//! A touch that a human does: a call, a social touch, a video, a letter.

use super::{Address, Channel, EnrollmentId, StepNo, TaskId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// For which enrollment.
    pub enrollment: EnrollmentId,
    /// Which step.
    pub step: StepNo,
    /// Who is to do it.
    pub rep: Address,
    /// Through what.
    pub channel: Channel,
    /// Since when it is due.
    pub due: Timestamp,
    /// What to say or write, rendered when it fell due.
    pub script: String,
    /// When it was closed and how; `None`: open.
    pub closed: Option<(Timestamp, TaskOutcome)>,
}

/// How a task went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskOutcome {
    /// Done, nothing more to say.
    Done,
    /// Talked to the person.
    Connected,
    /// Left a message.
    Voicemail,
    /// Nobody answered.
    NoAnswer,
    /// A meeting was agreed.
    Meeting,
    /// The person said no.
    NotInterested,
    /// The number is wrong.
    WrongNumber,
    /// The rep left it out.
    Skipped,
    /// The enrollment stopped before it was done.
    Dropped,
}

impl TaskOutcome {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Done,
        Self::Connected,
        Self::Voicemail,
        Self::NoAnswer,
        Self::Meeting,
        Self::NotInterested,
        Self::WrongNumber,
        Self::Skipped,
        Self::Dropped,
    ];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Connected => "connected",
            Self::Voicemail => "voicemail",
            Self::NoAnswer => "no_answer",
            Self::Meeting => "meeting",
            Self::NotInterested => "not_interested",
            Self::WrongNumber => "wrong_number",
            Self::Skipped => "skipped",
            Self::Dropped => "dropped",
        }
    }

    /// The outcome as a rep writes and reads it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Connected => "connected",
            Self::Voicemail => "voicemail",
            Self::NoAnswer => "no answer",
            Self::Meeting => "meeting",
            Self::NotInterested => "not interested",
            Self::WrongNumber => "wrong number",
            Self::Skipped => "skip",
            Self::Dropped => "dropped",
        }
    }
}
