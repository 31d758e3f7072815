//! The receipt: what became of a hand-over.

use super::answer::Line;
use super::digest::likely;
use super::{Tap, Taps, moment, refusal, safe};
use crate::model::{Channel, EnrolledLine, Forwarded, Planned, RefusedLine, Rep, TodayLine, Variant};
use serde::Serialize;

/// What `receipt.txt` and `receipt.html` speak of.
#[derive(Serialize)]
pub(super) struct Receipt {
    /// The subject of the mail that was handed over.
    mail: String,
    /// What that mail was when it was forwarded.
    pub(super) taken: Option<Taken>,
    enrolled: Vec<Enrolled>,
    refused: Vec<Refused>,
    /// Answers to the rep's own mail are seen by the rep alone.
    unseen: bool,
    /// What else was asked for in the same mail.
    pub(super) said: Vec<Line>,
}

/// A forwarded mail.
#[derive(Serialize)]
pub(super) struct Taken {
    /// `by Li Wei <li@acme.test>, 4 Mar 2026`.
    by: String,
    ours: bool,
    /// The conversation is known by its subject alone.
    by_subject: bool,
    /// The web form that it came by.
    form: Option<String>,
}

impl Taken {
    pub(super) fn new(forwarded: &Forwarded) -> Self {
        let author = forwarded
            .author
            .as_deref()
            .map(|author| format!("by {}", safe::untrusted(author)));
        let date = forwarded.date.as_deref().map(safe::untrusted);
        Self {
            by: author.into_iter().chain(date).collect::<Vec<_>>().join(", "),
            ours: forwarded.by_us,
            by_subject: !forwarded.has_id && forwarded.form.is_none(),
            form: forwarded.form.as_deref().map(safe::untrusted),
        }
    }
}

#[derive(Serialize)]
struct Enrolled {
    name: String,
    /// The address, when the name is something else.
    address: Option<String>,
    /// Its name, when the title is something else.
    cadence: Option<String>,
    title: String,
    /// The rep's own mail stands for touch 1.
    adopted: bool,
    touches: u16,
    /// `call at 14:36`: what the rep does today, on one line.
    yours: Option<String>,
    today: Vec<Today>,
    /// What to know about them.
    notes: Vec<String>,
    /// What touches need and nobody knows.
    missing: Option<String>,
    plan: Vec<Touch>,
    zone: String,
    taps: Vec<Tap>,
}

#[derive(Serialize)]
struct Touch {
    number: u16,
    channel: &'static str,
    there: String,
    here: Option<String>,
    /// `wording a, question or statement`, where there are several.
    wording: Option<String>,
}

/// A touch that the rep makes today, with its script.
#[derive(Serialize)]
struct Today {
    /// `call at 14:36`.
    what: String,
    script: Vec<String>,
    taps: Vec<Tap>,
}

#[derive(Serialize)]
struct Refused {
    /// The address, or the mail's subject when nobody of it was enrolled.
    who: String,
    headline: String,
    why: String,
    remedy: String,
}

impl Receipt {
    pub(super) fn new(
        subject: &str,
        enrolled: &[EnrolledLine],
        refused: &[RefusedLine],
        sees_first_reply: bool,
        rep: &Rep,
        taps: &Taps,
    ) -> Self {
        let asks = enrolled.is_empty();
        let enrolled: Vec<_> = enrolled.iter().map(|line| Enrolled::new(line, rep, taps)).collect();
        Self {
            mail: safe::untrusted(subject),
            taken: None,
            said: Vec::new(),
            unseen: !sees_first_reply && enrolled.iter().any(|line| line.adopted),
            enrolled,
            refused: refused.iter().map(|line| Refused::new(line, subject, asks)).collect(),
        }
    }

    /// `Enrolled: Jane Doe in Outbound`.
    pub(super) fn subject_line(&self) -> String {
        let refused = match (self.refused.first(), self.refused.len()) {
            (None, _) => return self.enrolled_line(),
            (Some(refused), 1) => refused.who.clone(),
            (Some(refused), count) => format!("{} and {} more", refused.who, count - 1),
        };
        if self.enrolled.is_empty() {
            format!("Not enrolled: {refused}")
        } else {
            format!("{}; not enrolled: {refused}", self.enrolled_line())
        }
    }

    fn enrolled_line(&self) -> String {
        let Some(first) = self.enrolled.first() else {
            return "Nobody was enrolled".to_owned();
        };
        match self.enrolled.len() {
            1 => format!("Enrolled: {} in {}", first.name, first.title),
            count => format!("Enrolled: {} and {} more in {}", first.name, count - 1, first.title),
        }
    }
}

impl Enrolled {
    fn new(line: &EnrolledLine, rep: &Rep, taps: &Taps) -> Self {
        let prospect = &line.prospect;
        let first = line.plan.first().map(|planned| planned.step.number.0);
        let last = line.plan.last().map(|planned| planned.step.number.0);
        let today: Vec<_> = line
            .today
            .iter()
            .map(|touch| Today::new(touch, line, rep, taps))
            .collect();
        let yours: Vec<_> = today.iter().map(|touch| touch.what.as_str()).collect();
        Self {
            yours: (!yours.is_empty()).then(|| yours.join(", ")),
            today,
            name: safe::untrusted(prospect.label()),
            address: prospect.name.as_ref().map(|_| prospect.address.to_string()),
            cadence: Some(line.cadence.to_string()).filter(|name| !name.eq_ignore_ascii_case(&line.title)),
            title: safe::one_line(&line.title),
            // Steps are numbered without gaps, so a plan that begins later than at 1 follows an adopted mail.
            adopted: first.is_none_or(|number| number > 1),
            touches: last.unwrap_or(1),
            plan: line.plan.iter().map(|planned| Touch::new(planned, line, rep)).collect(),
            missing: (!line.missing.is_empty()).then(|| safe::untrusted(&line.missing.join(" "))),
            notes: line.notes.iter().map(|note| safe::untrusted(note)).collect(),
            zone: moment::reason(&prospect.zone, rep),
            taps: taps.named(line.enrollment, &next(line)),
        }
    }
}

/// What can be done about an enrollment, one tap each.
fn next(line: &EnrolledLine) -> Vec<(String, String)> {
    let tap = |label: &str, said: &str| (label.to_owned(), said.to_owned());
    let mut taps = vec![
        tap("undo", "stop"),
        tap("pause", "pause"),
        tap("start a week later", "snooze in 1 week"),
    ];
    taps.extend(line.others.iter().map(|name| {
        let said = format!("switch to {name}");
        (said.clone(), said)
    }));
    taps
}

/// `wording a of "question or statement"`.
fn wording(variant: &Variant) -> String {
    match &variant.test {
        Some(test) => format!("wording {} of \"{}\"", variant.name, safe::one_line(test)),
        None => format!("wording {}", variant.name),
    }
}

impl Touch {
    fn new(planned: &Planned, line: &EnrolledLine, rep: &Rep) -> Self {
        let there = line.prospect.zone.rules();
        let at = planned.slot.at;
        Self {
            number: planned.step.number.0,
            channel: spoken(planned.step.channel),
            there: moment::full(at, &there),
            here: moment::elsewhere(at, &there, &rep.zone),
            wording: line
                .wordings
                .iter()
                .find(|(step, _)| *step == planned.step.number)
                .map(|(_, variant)| wording(variant)),
        }
    }
}

impl Today {
    /// Outcomes that end no enrollment; the others are in the digest and in `help`.
    const TAPS: usize = 3;

    fn new(touch: &TodayLine, line: &EnrolledLine, rep: &Rep, taps: &Taps) -> Self {
        let there = line.prospect.zone.rules();
        let (says, at) = match touch.by {
            Some(by) => ("by", by),
            None => ("at", touch.from),
        };
        let elsewhere = moment::elsewhere(at, &rep.zone, &there);
        let theirs = elsewhere.map(|at| format!(" ({at} there)")).unwrap_or_default();
        let prospect = &line.prospect;
        let said = likely(touch.channel)
            .iter()
            .take(Self::TAPS)
            .map(|outcome| outcome.word());
        Self {
            what: format!(
                "{} {says} {}{theirs}",
                spoken(touch.channel),
                moment::time(at, &rep.zone)
            ),
            script: safe::script(&touch.script, prospect.name.as_deref().into_iter()),
            taps: taps.about(line.enrollment, &said.collect::<Vec<_>>()),
        }
    }
}

impl Refused {
    fn new(line: &RefusedLine, subject: &str, asks: bool) -> Self {
        let (why, remedy) = refusal::in_words(&line.why, asks);
        let (who, headline) = match &line.who {
            Some(address) => (address.to_string(), format!("{address} is not enrolled.")),
            None => {
                let mail = format!("\"{}\"", safe::untrusted(subject));
                let headline = format!("Your mail {mail} enrolled nobody.");
                (mail, headline)
            }
        };
        Self {
            who,
            headline,
            why,
            remedy,
        }
    }
}

/// The channel as a rep reads it in a list.
fn spoken(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Call => "call",
        Channel::Linkedin => "LinkedIn",
        Channel::Video => "video",
        Channel::DirectMail => "letter by post",
        Channel::Task => "task",
    }
}
