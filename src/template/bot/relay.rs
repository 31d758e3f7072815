//! The banner over a prospect's reply that is passed on.

use super::{Tap, Taps, safe};
use crate::model::{CadenceName, EnrollmentId, Prospect, limits};
use jiff::civil::Date;
use serde::Serialize;

/// The mail that a notice is about.
#[derive(Debug, Clone)]
pub struct Relayed<'a> {
    /// Its subject.
    pub subject: &'a str,
    /// For a relay that does not enclose it: what stands there instead.
    pub left_out: Option<LeftOut<'a>>,
}

/// A mail that is not passed on, because it was too large to be read whole.
#[derive(Debug, Clone)]
pub struct LeftOut<'a> {
    /// How large it is, as people write it.
    pub size: String,
    /// The folder where it lies.
    pub folder: String,
    /// The address of the mailbox that has that folder.
    pub mailbox: String,
    /// What the person wrote, without quotation, as far as it was read.
    pub new_text: &'a str,
}

/// [`LeftOut`] as the texts speak of it.
#[derive(Serialize)]
struct Told {
    size: String,
    folder: String,
    mailbox: String,
    lines: Vec<String>,
}

/// What `relay.txt` and `relay.html` speak of.
#[derive(Serialize)]
pub(super) struct Relay {
    name: String,
    cadence: String,
    banner: String,
    taps: Vec<Tap>,
    left_out: Option<Told>,
}

impl Told {
    fn new(left_out: &LeftOut<'_>) -> Self {
        let text: String = left_out.new_text.chars().take(limits::RELAY_TEXT).collect();
        Self {
            size: left_out.size.clone(),
            folder: left_out.folder.clone(),
            mailbox: left_out.mailbox.clone(),
            lines: safe::lines(&text).iter().map(|line| safe::defanged(line)).collect(),
        }
    }
}

/// What can be done about an answer, one tap each. A snooze is until the day that they name, else it is a guess.
fn next(until: Option<Date>) -> Vec<(String, String)> {
    let snooze = match until {
        Some(day) => (
            format!("snooze until {}", day.strftime("%a %-d %b")),
            format!("snooze until {day}"),
        ),
        None => ("snooze 2 weeks".to_owned(), "snooze in 2 weeks".to_owned()),
    };
    let same = |word: &str| (word.to_owned(), word.to_owned());
    vec![
        same("resume"),
        same("finish"),
        snooze,
        same("not interested"),
        same("meeting"),
    ]
}

impl Relay {
    pub(super) fn new(
        enrollment: EnrollmentId,
        prospect: &Prospect,
        cadence: &CadenceName,
        (banner, until): (&str, Option<Date>),
        taps: &Taps,
        left_out: Option<&LeftOut<'_>>,
    ) -> Self {
        Self {
            left_out: left_out.map(Told::new),
            name: safe::untrusted(prospect.label()),
            cadence: cadence.to_string(),
            banner: safe::untrusted(banner),
            taps: taps.named(enrollment, &next(until)),
        }
    }

    /// The original's own subject, so that it stands in its conversation.
    pub(super) fn subject_line(&self, relayed: Option<&str>) -> String {
        match relayed.map(safe::one_line).filter(|subject| !subject.is_empty()) {
            Some(subject) => subject,
            None => format!("Reply from {}", self.name),
        }
    }
}
