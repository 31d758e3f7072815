//! Ids. All are derived from what they stand for, so that the same cause gives the same id on every attempt and a
//! unique key in the store is enough to make an effect happen once.

use super::seal::Fingerprint;
use super::{Address, CadenceName, StepNo};
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:x}", self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:x})"), self.0)
            }
        }
    };
}
id!(EnrollmentId, "One prospect in one cadence.");
id!(LetterId, "One mail that the bot sends.");
id!(TaskId, "One touch that a human does.");

impl EnrollmentId {
    /// The enrollment that a hand-over mail makes for one prospect: the same mail read twice gives the same id.
    #[must_use]
    pub fn derive(mail: &ContentKey, prospect: &Address, cadence: &CadenceName) -> Self {
        Self(
            Fingerprint::of(
                "enrollment",
                &[mail.as_str(), prospect.loose().as_str(), cadence.as_str()],
            )
            .short(),
        )
    }
}

impl EnrollmentId {
    /// The enrollment that another one is switched into when it ends.
    #[must_use]
    pub fn after(before: Self, cadence: &CadenceName) -> Self {
        Self(Fingerprint::of("successor", &[&before.to_string(), cadence.as_str()]).short())
    }
}

impl TaskId {
    /// The task of one step of one enrollment.
    #[must_use]
    pub fn derive(enrollment: EnrollmentId, step: StepNo) -> Self {
        Self(Fingerprint::of("task", &[&enrollment.to_string(), &step.to_string()]).short())
    }
}

impl LetterId {
    /// The letter of one step of one enrollment: there is never a second one.
    #[must_use]
    pub fn of_step(enrollment: EnrollmentId, step: StepNo) -> Self {
        Self(Fingerprint::of("step", &[&enrollment.to_string(), &step.to_string()]).short())
    }

    /// The digest of one rep for one local date (`2026-03-09`).
    #[must_use]
    pub fn of_digest(rep: &Address, date: &str) -> Self {
        Self(Fingerprint::of("digest", &[rep.as_str(), date]).short())
    }

    /// The report that one reader gets of one span of time (`2026-W10`, `2026-03`, `2026-Q1`); `about` is a rep, or `team`.
    #[must_use]
    pub fn of_report(to: &Address, about: &str, span: &str) -> Self {
        Self(Fingerprint::of("report", &[to.as_str(), about, span]).short())
    }

    /// What one inbound mail makes the bot tell one rep; `nth` counts the letters that the same mail causes.
    #[must_use]
    pub fn of_mail(mail: &ContentKey, rep: &Address, nth: usize) -> Self {
        Self(Fingerprint::of("notice", &[mail.as_str(), rep.as_str(), &nth.to_string()]).short())
    }

    /// The enrol addresses of a rep: of this turn of their codes, mailed again so often.
    #[must_use]
    pub fn of_welcome(rep: &Address, turn: u32, again: u32) -> Self {
        Self(Fingerprint::of("welcome", &[rep.as_str(), &turn.to_string(), &again.to_string()]).short())
    }

    /// Alerts that were gathered, the first of which would have been this letter.
    #[must_use]
    pub fn of_gathered(first: Self) -> Self {
        Self(Fingerprint::of("gathered", &[&first.to_string()]).short())
    }

    /// What the administrator is told about one hold: of what, by which breaker, since when in milliseconds.
    #[must_use]
    pub fn of_hold(scope: &str, cause: &str, since: i64) -> Self {
        Self(Fingerprint::of("hold", &[scope, cause, &since.to_string()]).short())
    }

    /// What happened to one enrollment without a mail (a step given up, say), told once: `version` of the row.
    #[must_use]
    pub fn of_version(enrollment: EnrollmentId, version: u32) -> Self {
        Self(Fingerprint::of("event", &[&enrollment.to_string(), &version.to_string()]).short())
    }
}

/// What makes a mail the same mail: a hash over Message-ID, From, Date, Subject and body, transport headers left out
/// (reliability §3.1). Lower-case hexadecimal, 64 characters. Never the Message-ID alone, which a stranger may choose.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentKey(pub String);

impl ContentKey {
    /// The text that is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentKey({})", self.0.get(..8).unwrap_or(&self.0))
    }
}

/// A Message-ID without its angle brackets: no spaces, no controls, no brackets, at most 250 octets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// Takes an id as found in a header, with or without brackets; `None` when it could not be written into a header
    /// again.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('<').trim_end_matches('>').trim();
        let fine = |c: char| !c.is_control() && !c.is_whitespace() && c != '<' && c != '>' && c.is_ascii();
        (!text.is_empty() && text.len() <= 250 && text.chars().all(fine)).then(|| Self(text.to_owned()))
    }

    /// The id, without brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a header has it, in brackets.
    #[must_use]
    pub fn bracketed(&self) -> String {
        format!("<{}>", self.0)
    }
}
impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageId(…)")
    }
}
