//! A text ready to be made a mail.

use super::StepNo;
use serde::{Deserialize, Serialize};

/// Which of several wordings of a step an enrollment gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// The letter in its file's name: `a`.
    pub name: String,
    /// What the wordings differ in, as the cadence says it: `question or statement`.
    pub test: Option<String>,
}

/// What a test deals, where no letter carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dealing {
    /// The text of this step: a call script, or the draft of a mail that waits for the rep's word.
    Text,
    /// Which of several steps is made.
    Step,
    /// By which clock its mails go out: the written one or the learned one.
    Hour,
}

/// One thing that a test dealt to an enrollment: it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dealt {
    /// At which step.
    pub step: StepNo,
    /// What for.
    pub of: Dealing,
    /// The letter, and what is tested.
    pub variant: Variant,
}

/// A sentence that a prospect reads in two mails of a cadence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The cadence.
    pub cadence: String,
    /// It, in lower case; a subject begins with `Subject: `.
    pub sentence: String,
    /// The step that says it first.
    pub first: StepNo,
    /// The step that says it again.
    pub again: StepNo,
    /// The file that says it again.
    pub file: String,
}

/// What a rep lets go out: the draft as it was shown, or in the rep's own words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The subject of a mail that begins a conversation; another keeps its thread's.
    pub subject: String,
    /// The text.
    pub body: String,
}

impl std::fmt::Debug for Approved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Approved({} characters)", self.body.len())
    }
}

/// Subject, plain text and, where there is one, HTML that says the same.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// One line, no line breaks.
    pub subject: String,
    /// Plain text, lines ended by `\n`.
    pub plain: String,
    /// The same as HTML.
    pub html: Option<String>,
}

impl std::fmt::Debug for Wording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wording({} characters)", self.plain.len())
    }
}
