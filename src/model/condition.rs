//! A step's `when`: what must be true of the prospect and of what happened so far for the touch to be made.
//!
//! Not here: how it is read (`template::cadence_toml`), whether it holds (`rules::condition`).

use super::{StepNo, TaskOutcome};
use std::fmt;

/// A condition, as checked at loading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// All of these hold.
    All(Vec<Condition>),
    /// At least one of these holds.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
    /// What the rep logged last for an earlier step; `None`: nothing so far.
    Outcome {
        /// The step.
        step: StepNo,
        /// Its template, by which the cadence names it.
        template: String,
        /// What was logged.
        is: Option<TaskOutcome>,
    },
    /// Some touch of this enrollment was logged as this.
    Ever(TaskOutcome),
    /// The prospect answered at least so many days ago. Never true while there is no answer.
    RepliedDaysAgo(u32),
    /// The prospect answered fewer days ago than that. Never true while there is no answer.
    RepliedWithin(u32),
    /// The last answer was read as this (the code of an intent); `None`: they have not answered.
    Meant(Option<String>),
    /// Something was reported of this enrollment: `opened`, `clicked`, or a name of the house's own.
    Signalled(String),
    /// A test of whole steps dealt this arm to the enrollment.
    Arm {
        /// What is tested.
        test: String,
        /// The arm.
        letter: String,
    },
    /// Never: the cadence was edited, and the touch stands before touches that were made.
    Passed,
    /// The prospect has this word.
    Known(String),
    /// The prospect's word is this text, upper and lower case alike.
    Is {
        /// The word.
        field: String,
        /// The text.
        value: String,
    },
    /// The prospect's word has this text in it, upper and lower case alike.
    Contains {
        /// The word.
        field: String,
        /// The text.
        value: String,
    },
}

impl Condition {
    /// The arm of a test of whole steps that it is for, if it is for one: what is tested, the letter.
    #[must_use]
    pub fn arm(&self) -> Option<(&str, &str)> {
        match self {
            Self::Arm { test, letter } => Some((test, letter)),
            Self::All(parts) => parts.iter().find_map(Self::arm),
            _ => None,
        }
    }

    /// Whether some part of it asks for this signal.
    #[must_use]
    pub fn asks_for_signal(&self, name: &str) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.asks_for_signal(name)),
            Self::Not(inner) => inner.asks_for_signal(name),
            Self::Signalled(known) => known == name,
            Self::Outcome { .. }
            | Self::Ever(_)
            | Self::RepliedDaysAgo(_)
            | Self::RepliedWithin(_)
            | Self::Meant(_)
            | Self::Arm { .. }
            | Self::Passed
            | Self::Known(_)
            | Self::Is { .. }
            | Self::Contains { .. } => false,
        }
    }
}

/// As it stands in `cadence.toml`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => joined(f, parts, " and "),
            Self::Any(parts) => joined(f, parts, " or "),
            Self::Not(inner) => match inner.as_ref() {
                Self::Known(field) => write!(f, "{field} is not known"),
                Self::Is { field, value } => write!(f, "{field} is not \"{value}\""),
                Self::Outcome { template, is, .. } => write!(f, "outcome(\"{template}\") is not {}", outcome(*is)),
                Self::Meant(intent) => write!(f, "reply is not {}", intent.as_deref().unwrap_or("none")),
                other => write!(f, "not ({other})"),
            },
            Self::Outcome { template, is, .. } => write!(f, "outcome(\"{template}\") is {}", outcome(*is)),
            Self::Ever(is) => f.write_str(is.code()),
            Self::RepliedDaysAgo(days) => write!(f, "days since reply >= {days}"),
            Self::RepliedWithin(days) => write!(f, "days since reply < {days}"),
            Self::Meant(intent) => write!(f, "reply is {}", intent.as_deref().unwrap_or("none")),
            Self::Signalled(name) if matches!(name.as_str(), "opened" | "clicked") => f.write_str(name),
            Self::Signalled(name) => write!(f, "signal(\"{name}\")"),
            Self::Arm { test, letter } => write!(f, "arm {letter} of \"{test}\""),
            Self::Passed => f.write_str("never"),
            Self::Known(field) => write!(f, "{field} is known"),
            Self::Is { field, value } => write!(f, "{field} is \"{value}\""),
            Self::Contains { field, value } => write!(f, "{field} contains \"{value}\""),
        }
    }
}

fn outcome(is: Option<TaskOutcome>) -> &'static str {
    is.map_or("none", TaskOutcome::code)
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Condition], with: &str) -> fmt::Result {
    for (nth, part) in parts.iter().enumerate() {
        let with = if nth == 0 { "" } else { with };
        match part {
            Condition::All(_) | Condition::Any(_) => write!(f, "{with}({part})")?,
            _ => write!(f, "{with}{part}")?,
        }
    }
    Ok(())
}
