//! A rep hands a prospect over: enrolled with every coming touch, or refused with the reason.
//!
//! Not here: who is who in the mail (`mail::hand_over`), what the store knows about the prospect (the shell asks first).

pub use super::zone::{Hints, learned, zone};
use super::{View, approve, days, window, words};
use crate::model::{
    Address, Cadence, ContentKey, Ending, Enrollment, EnrollmentId, Fact, History, Hours, Planned, Prospect, Refusal,
    Rep, Standing, Step, StepNo, SuppressionReason, Thread, limits,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What the shell found out about one prospect before asking.
#[derive(Debug, Clone)]
pub struct Candidate<'a> {
    /// Who, with everything known about them.
    pub prospect: Prospect,
    /// An active enrollment of the same person (loose), if any, and its rep, as far as the configuration has one.
    pub active: Option<(&'a Enrollment, Option<&'a Rep>)>,
    /// Whether, and why, the address is never mailed.
    pub suppressed: Option<SuppressionReason>,
    /// (word, step) that the cadence needs and nobody knows.
    pub missing: Vec<(String, StepNo)>,
    /// Whether this is a colleague.
    pub own_domain: bool,
}

/// The mail that hands over.
#[derive(Debug, Clone)]
pub struct Handed<'a> {
    /// Who hands over.
    pub rep: &'a Rep,
    /// The mail.
    pub mail: &'a ContentKey,
    /// Its conversation, itself included.
    pub thread: Thread,
    /// When the rep's own mail was sent, as its Date says.
    pub sent: Option<Timestamp>,
    /// Whether a mail of it stands for touch 1, which is not sent then.
    pub adopts: bool,
    /// No touch before this day.
    pub start: Option<Date>,
}

/// A new enrollment.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolled {
    /// Its id: the same for the same mail, prospect and cadence.
    pub id: EnrollmentId,
    /// What the facts fold to.
    pub enrollment: Enrollment,
    /// `Enrolled`, then what comes next.
    pub facts: Vec<Fact>,
    /// The touches to come.
    pub plan: Vec<Planned>,
}

impl Enrolled {
    /// Adds to the reason of the first touch why it is this cadence.
    pub fn because(&mut self, said: &str) {
        let add = |why: &mut String| *why = format!("{why}; {said}");
        for fact in &mut self.facts {
            if let Fact::Scheduled { why, .. } = fact {
                add(why);
            }
        }
        if let Standing::Waiting { why, .. } = &mut self.enrollment.standing {
            add(why);
        }
        if let Some(first) = self.plan.first_mut() {
            add(&mut first.slot.why);
        }
    }
}

/// One prospect. A mail that is adopted is touch 1 and is not sent again.
///
/// # Errors
/// With the reason that a rep would expect first, when the prospect cannot be enrolled.
#[allow(
    clippy::result_large_err,
    reason = "made once for a prospect, and the receipt takes it as it is"
)]
pub fn enroll(
    handed: &Handed<'_>,
    candidate: &Candidate<'_>,
    cadence: &Cadence,
    hours: &Hours,
    now: Timestamp,
) -> Result<Enrolled, Refusal> {
    if let Some(refusal) = refusal(handed.rep, candidate) {
        return Err(refusal);
    }
    let id = EnrollmentId::derive(handed.mail, &candidate.prospect.address, &cadence.name);
    let adopted = handed.adopts.then_some(StepNo::FIRST);
    let next = adopted.map_or(StepNo::FIRST, StepNo::next);
    let touched = adopted.map(|step| (step, now));
    let stood_for = adopted.and_then(|step| cadence.step(step)).map(Step::mark);
    let mut enrollment = Enrollment {
        id,
        rep: handed.rep.address.clone(),
        prospect: candidate.prospect.clone(),
        cadence: cadence.name.clone(),
        enrolled_at: now,
        thread: handed.thread.clone(),
        standing: Standing::Deciding { next },
        touched,
        soft_bounces: Vec::new(),
        meetings: Vec::new(),
        history: History::default(),
        version: 2,
    };
    let view = View {
        enrollment: &enrollment,
        cadence,
        rep: handed.rep,
        hours,
    };
    let plan = plan(&view, next, handed.start, now);
    let first = Fact::Enrolled {
        rep: handed.rep.address.clone(),
        prospect: Box::new(candidate.prospect.clone()),
        cadence: cadence.name.clone(),
        edition: cadence.edition.clone(),
        mail: handed.mail.clone(),
        thread: handed.thread.clone(),
        adopted,
        stood_for: stood_for.clone(),
    };
    let begins = plan
        .first()
        .map(|first| approve::asked_first(&view, planned(first), now));
    let (second, standing, history) = begins_with(begins, now);
    enrollment.standing = standing;
    enrollment.history = history;
    let first_mark = adopted.into_iter().zip(stood_for);
    enrollment.history.marks.splice(0..0, first_mark);
    Ok(Enrolled {
        id,
        enrollment,
        facts: vec![first, second],
        plan,
    })
}

/// All touches, none before the day that the rep named.
fn plan(view: &View<'_>, next: StepNo, start: Option<Date>, now: Timestamp) -> Vec<Planned> {
    let wished = start.map(|day| (day, window::opening(day, view.cadence, &view.diary())));
    let Some((day, opens)) = wished.filter(|(_, opens)| *opens > now) else {
        return window::plan(view, next, now);
    };
    let mut plan = window::plan(view, next, opens);
    if let Some(first) = plan.first_mut() {
        first.slot.why = format!("{}; not before {}, as the rep said", first.slot.why, words::day(day));
    }
    plan
}

/// The fact after `enrolled`, and where it leaves the enrollment.
fn begins_with(first: Option<Fact>, now: Timestamp) -> (Fact, Standing, History) {
    let Some(Fact::Scheduled { step, due, why, of }) = first else {
        let outcome = Ending::Completed;
        let over = Standing::Ended { outcome, at: now };
        return (Fact::Ended { outcome }, over, History::default());
    };
    let standing = Standing::Waiting {
        step,
        due,
        why: why.clone(),
    };
    let history = History {
        marks: of.iter().map(|mark| (step, mark.clone())).collect(),
        ..History::default()
    };
    (Fact::Scheduled { step, due, why, of }, standing, history)
}

fn planned(Planned { step, slot }: &Planned) -> Fact {
    Fact::Scheduled {
        step: step.number,
        due: slot.at,
        why: slot.why.clone(),
        of: Some(step.mark()),
    }
}

fn refusal(rep: &Rep, candidate: &Candidate<'_>) -> Option<Refusal> {
    if candidate.own_domain {
        return Some(Refusal::OwnDomain);
    }
    if candidate.prospect.address.needs_utf8() {
        return Some(Refusal::OutsideAscii);
    }
    if let Some(reason) = candidate.suppressed {
        return Some(Refusal::Suppressed(reason));
    }
    if let Some((active, whose)) = candidate.active.filter(|(active, _)| active.is_active()) {
        let by = (!active.rep.same_as(&rep.address)).then(|| whose.cloned().unwrap_or_else(|| gone(&active.rep)));
        return Some(Refusal::AlreadyActive {
            cadence: active.cadence.to_string(),
            by,
        });
    }
    (!candidate.missing.is_empty()).then(|| Refusal::MissingWords(candidate.missing.clone()))
}

/// A rep whom the configuration has no more: all that is left is the address.
#[must_use]
pub fn gone(address: &Address) -> Rep {
    Rep {
        address: address.clone(),
        name: address.to_string(),
        zone: TimeZone::UTC,
        zone_name: "UTC".to_owned(),
        digest_at: jiff::civil::Time::midnight(),
        code_turn: 0,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: None,
    }
}

/// Why nobody of this mail is enrolled, if so: too many, nobody, too old (or from a clock far ahead).
#[must_use]
pub fn refuse_all(found: usize, sent: Option<Timestamp>, now: Timestamp) -> Option<Refusal> {
    if found > limits::ENROLL_AT_ONCE {
        return Some(Refusal::TooMany { found });
    }
    if found == 0 {
        return Some(Refusal::NobodyToEnroll);
    }
    let sent = sent?;
    let old = now > days::later(sent, limits::HANDED_WITHIN);
    let ahead = sent > days::later(now, limits::CLOCK_AHEAD);
    (old || ahead).then_some(Refusal::TooOld)
}
