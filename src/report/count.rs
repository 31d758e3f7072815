//! One enrollment's journal → what it adds to the numbers.
//!
//! [`count`] is a function of the journal alone, so the numbers can be kept fact by fact: what a longer journal counts
//! minus what it counted before is what the new facts add. It reads names of nobody: of a person only the fields `source`
//! and `persona` and the zone. Where these stay in the journal, a person may be forgotten and every count stays.

use super::days::{day_of, next_workday};
use super::measure::{Measure, RESPONSES, TOUCHES, WEEK};
use super::score::{Sign, Signs};
use super::subject::{Counts, Key, Subject};
use crate::model::{
    CLICKED_BY_MACHINE, Dealing, Ending, Fact, Intent, MeetingSaid, OPENED_BY_MACHINE, Prospect, Recorded, Resolution,
    StepMark, StepNo, TaskOutcome, Variant, is_by_machine, is_policy, limits,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

mod finish;

/// One touch that was made.
struct Touch {
    step: StepNo,
    at: Timestamp,
    mail: bool,
}

/// What the walk through a journal remembers.
struct Walk<'a> {
    enrolled: Timestamp,
    person: Subject,
    zone: TimeZone,
    out: Counts,
    adopted: bool,
    touches: Vec<Touch>,
    variants: BTreeMap<StepNo, &'a Variant>,
    /// What each step was when it was planned.
    templates: BTreeMap<StepNo, &'a str>,
    /// What tests dealt that no letter carries, and when.
    dealt: Vec<(StepNo, Timestamp, Variant)>,
    /// When the first opt-out, complaint or dead address came.
    harmed: Option<Timestamp>,
    doubts: BTreeMap<StepNo, Timestamp>,
    tasks: BTreeMap<i64, Timestamp>,
    opened: bool,
    clicked: bool,
    opened_by_machine: bool,
    clicked_by_machine: bool,
    replied: Option<Timestamp>,
    meant: Option<&'a Intent>,
    interested: bool,
    met: Option<Timestamp>,
    held: bool,
    called_off: bool,
    asked: Option<Timestamp>,
    connected: bool,
    hard: bool,
    soft: bool,
    opted_out: bool,
    complained: bool,
    ending: Option<Ending>,
    signs: Signs,
    /// Tasks as they were ordered: when, and the class of the score.
    scored: Vec<(Timestamp, u8)>,
}

/// What a journal adds to the numbers, oldest fact first. Empty when it does not begin with `enrolled`.
#[must_use]
pub fn count(journal: &[Recorded]) -> Counts {
    let Some((first, rest)) = journal.split_first() else {
        return Counts::new();
    };
    let Fact::Enrolled {
        rep,
        prospect,
        cadence,
        adopted,
        stood_for,
        ..
    } = &first.fact
    else {
        return Counts::new();
    };
    let mut walk = Walk {
        enrolled: first.at,
        person: Subject {
            cadence: cadence.to_string(),
            rep: rep.as_str().to_owned(),
            source: label(prospect, "source"),
            persona: label(prospect, "persona"),
            ..Subject::default()
        },
        zone: prospect.zone.rules(),
        out: Counts::new(),
        adopted: adopted.is_some(),
        touches: Vec::new(),
        variants: BTreeMap::new(),
        templates: BTreeMap::new(),
        dealt: Vec::new(),
        harmed: None,
        doubts: BTreeMap::new(),
        tasks: BTreeMap::new(),
        opened: false,
        clicked: false,
        opened_by_machine: false,
        clicked_by_machine: false,
        replied: None,
        meant: None,
        interested: false,
        met: None,
        held: false,
        called_off: false,
        asked: None,
        connected: false,
        hard: false,
        soft: false,
        opted_out: false,
        complained: false,
        ending: None,
        signs: Signs::default(),
        scored: Vec::new(),
    };
    if let Some(step) = adopted {
        walk.planned(*step, stood_for.as_ref());
        walk.mailed(*step, first.at);
    }
    for (at, recorded) in rest.iter().enumerate() {
        if !is_taken_back(recorded, rest.get(at..).unwrap_or_default()) {
            walk.take(recorded.at, &recorded.fact);
        }
    }
    walk.finish()
}

/// Whether a rep took back how a task went: it counts as what they say instead.
fn is_taken_back(recorded: &Recorded, later: &[Recorded]) -> bool {
    let mut behind = later.iter().skip(1).map(|other| &other.fact);
    match &recorded.fact {
        Fact::TaskClosed { task: closed, .. } => {
            behind.any(|other| matches!(other, Fact::TaskReopened { task, .. } if task == closed))
        }
        // What is said first of an end decides whether it counts.
        Fact::Ended { .. } => {
            let said = |other: &&Fact| {
                matches!(
                    other,
                    Fact::Ended { .. } | Fact::Reopened { .. } | Fact::EndTakenBack { .. }
                )
            };
            behind
                .find(said)
                .is_some_and(|said| matches!(said, Fact::EndTakenBack { .. }))
        }
        Fact::Meeting { seen } if seen.is_of_rep() => behind.any(|other| matches!(other, Fact::EndTakenBack { .. })),
        _ => false,
    }
}

/// A field as a short label, so that a text in it does not become a subject of its own.
fn label(prospect: &Prospect, field: &str) -> String {
    prospect.fields.get(field).map_or_else(String::new, |text| short(text))
}

pub(super) fn short(text: &str) -> String {
    text.trim().to_lowercase().chars().take(limits::LABEL).collect()
}

impl<'a> Walk<'a> {
    fn take(&mut self, at: Timestamp, fact: &'a Fact) {
        match fact {
            Fact::Rendered { step, variant, .. } => {
                if let Some(variant) = variant {
                    self.variants.insert(*step, variant);
                }
            }
            Fact::Lead { source, asked, .. } => {
                self.asked = Some(asked.unwrap_or(self.enrolled).min(at));
                self.signs.saw(Sign::CameByThemselves, self.enrolled);
                if self.person.source.is_empty() {
                    self.person.source = short(source);
                }
            }
            Fact::Scheduled { step, of, .. } => self.planned(*step, of.as_ref()),
            Fact::Dealt { step, of, variant } => {
                if *of == Dealing::Text {
                    self.variants.insert(*step, variant);
                }
                self.dealt.push((*step, at, variant.clone()));
            }
            Fact::LeftOut { step, of, .. } => {
                self.planned(*step, of.as_ref());
                self.add_touch(*step, at, Measure::LeftOut, 1);
            }
            Fact::Sent { step, .. } => self.mailed(*step, at),
            Fact::InDoubt { step, .. } => {
                self.doubts.entry(*step).or_insert(at);
            }
            Fact::Resolved { step, how, .. } => match how {
                Resolution::Sent | Resolution::PresumedSent => {
                    let at = self.doubts.get(step).copied().unwrap_or(at);
                    self.mailed(*step, at);
                }
                Resolution::SentAgain => {}
            },
            Fact::TaskOpened { task, step, .. } => {
                self.tasks.insert(task.0, at);
                self.scored.push((at, self.signs.class(*step, at)));
            }
            // What the rep put off is due from then on.
            Fact::TaskPutOff { task, until, .. } => {
                self.tasks.insert(task.0, *until);
            }
            Fact::TaskClosed {
                step, task, outcome, ..
            } => {
                let since = self.tasks.remove(&task.0).unwrap_or(at);
                self.closed(*step, since, at, *outcome);
            }
            Fact::Replied { intent, .. } => self.answered(at, intent.as_ref()),
            Fact::Bounced { status, .. } if is_policy(status.as_deref()) => {}
            Fact::Bounced { permanent: true, .. } => {
                self.harmed.get_or_insert(at);
                if !std::mem::replace(&mut self.hard, true) {
                    self.of_last_mail(Measure::SentBounced);
                }
            }
            Fact::Bounced { permanent: false, .. } => self.soft = true,
            Fact::OptedOut { .. } => {
                self.harmed.get_or_insert(at);
                if !std::mem::replace(&mut self.opted_out, true) {
                    self.of_last_mail(Measure::SentOptedOut);
                }
            }
            Fact::Complained => {
                self.harmed.get_or_insert(at);
                if !std::mem::replace(&mut self.complained, true) {
                    self.of_last_mail(Measure::SentComplained);
                }
            }
            Fact::Signalled { name, .. } => {
                if name == "opened" && !std::mem::replace(&mut self.opened, true) {
                    self.of_last_mail(Measure::SentOpened);
                }
                if name == "clicked" && !std::mem::replace(&mut self.clicked, true) {
                    self.of_last_mail(Measure::SentClicked);
                }
                self.opened_by_machine |= name == OPENED_BY_MACHINE;
                self.clicked_by_machine |= name == CLICKED_BY_MACHINE;
                if !is_by_machine(name) {
                    self.signs.saw(Sign::of_signal(name), at);
                }
            }
            Fact::Located { zone } => self.zone = zone.rules(),
            Fact::Meeting { seen } => match seen.said {
                MeetingSaid::Booked => self.meets(at),
                MeetingSaid::Held => {
                    self.meets(at);
                    self.held = true;
                }
                MeetingSaid::Declined | MeetingSaid::CalledOff | MeetingSaid::NoShow => {
                    self.called_off |= self.met.is_some();
                }
                MeetingSaid::Proposed | MeetingSaid::Perhaps | MeetingSaid::Delegated => {}
            },
            Fact::Reopened { .. } => {
                self.called_off |= self.met.is_some();
                self.ending = None;
            }
            Fact::Ended { outcome } => {
                if *outcome == Ending::Met {
                    self.meets(at);
                }
                if self.ending.is_none_or(|before| outcome.outranks(before)) {
                    self.ending = Some(*outcome);
                }
            }
            Fact::Enrolled { .. }
            | Fact::Deferred { .. }
            | Fact::Refused { .. }
            | Fact::Drafted { .. }
            | Fact::Approved { .. }
            | Fact::AutoReplied { .. }
            | Fact::RepWrote { .. }
            | Fact::Paused { .. }
            | Fact::TaskReopened { .. }
            | Fact::Edited { .. }
            | Fact::EndTakenBack { .. }
            | Fact::Learned { .. }
            | Fact::Noted { .. }
            | Fact::Forgotten { .. }
            | Fact::Resumed { .. } => {}
        }
    }

    fn planned(&mut self, step: StepNo, of: Option<&'a StepMark>) {
        if let Some(mark) = of {
            self.templates.insert(step, &mark.template);
        }
    }

    /// A mail of this step went out; a step counts once.
    fn mailed(&mut self, step: StepNo, at: Timestamp) {
        if self.touches.iter().any(|touch| touch.step == step && touch.mail) {
            return;
        }
        self.touches.push(Touch { step, at, mail: true });
        self.add_touch(step, at, Measure::Sent, 1);
        let hour = self.hour(at);
        self.add_hour(at, Measure::MailedAt(hour));
    }

    fn closed(&mut self, step: StepNo, since: Timestamp, at: Timestamp, outcome: TaskOutcome) {
        let connected = matches!(
            outcome,
            TaskOutcome::Connected | TaskOutcome::Meeting | TaskOutcome::NotInterested
        );
        if matches!(outcome, TaskOutcome::Skipped | TaskOutcome::Dropped) {
            return self.add_touch(step, at, Measure::Missed, 1);
        }
        self.touches.push(Touch { step, at, mail: false });
        let done = if day_of(at) <= next_workday(day_of(since)) {
            Measure::DoneInTime
        } else {
            Measure::DoneLate
        };
        self.add_touch(step, at, done, 1);
        if connected {
            self.connected = true;
            self.signs.saw(Sign::TalkedTo, at);
            self.add_touch(step, at, Measure::TouchConnected, 1);
        }
        if outcome == TaskOutcome::Meeting {
            self.meets(at);
        }
    }

    fn answered(&mut self, at: Timestamp, intent: Option<&'a Intent>) {
        if intent == Some(&Intent::OptOut) {
            return;
        }
        let says = intent.filter(|intent| **intent != Intent::Other);
        let interested = matches!(
            says,
            Some(Intent::Interested | Intent::Question | Intent::Referral { .. })
        );
        self.interested |= interested;
        self.signs
            .saw(if interested { Sign::Interested } else { Sign::Answered }, at);
        self.meant = self.meant.or(says);
        if self.replied.is_some() {
            return;
        }
        self.replied = Some(at);
        let made = u8::try_from(self.touches.len()).unwrap_or(TOUCHES).min(TOUCHES);
        self.add_person(Measure::TouchesToReply(made));
        self.of_last_mail(Measure::SentReplied);
        if interested {
            self.of_last_mail(Measure::SentInterested);
        }
        let hour = self.hour(at);
        self.add_hour(at, Measure::AnswerCameAt(hour));
        if let Some(mail) = self.touches.iter().rfind(|touch| touch.mail).map(|touch| touch.at) {
            let hour = self.hour(mail);
            self.add_hour(mail, Measure::AnsweredAt(hour));
        }
    }

    fn meets(&mut self, at: Timestamp) {
        self.interested = true;
        self.called_off = false;
        if self.met.is_none() {
            self.met = Some(at);
            self.signs.stop();
            let made = u8::try_from(self.touches.len()).unwrap_or(TOUCHES).min(TOUCHES);
            self.add_person(Measure::TouchesToMeeting(made));
        }
    }

    /// What came back belongs to the last mail before it.
    fn of_last_mail(&mut self, measure: Measure) {
        let last = self.touches.iter().rfind(|touch| touch.mail);
        if let Some((step, at)) = last.map(|touch| (touch.step, touch.at)) {
            self.add_touch(step, at, measure, 1);
        }
    }

    fn add(&mut self, day: i64, subject: Subject, measure: Measure, many: i64) {
        let key = Key { day, subject, measure };
        *self.out.entry(key).or_insert(0) += many;
    }

    fn add_person(&mut self, measure: Measure) {
        self.add(day_of(self.enrolled), self.person.clone(), measure, 1);
    }

    fn add_touch(&mut self, step: StepNo, at: Timestamp, measure: Measure, many: i64) {
        let variant = self.variants.get(&step).copied();
        let subject = self.touch_subject(step, variant);
        self.add(day_of(at), subject, measure, many);
    }

    fn touch_subject(&self, step: StepNo, variant: Option<&Variant>) -> Subject {
        let template = self.templates.get(&step).copied();
        Subject {
            step: step.0,
            template: template.unwrap_or_default().to_owned(),
            variant: variant.map(|variant| variant.name.clone()).unwrap_or_default(),
            test: variant.and_then(|variant| variant.test.clone()).unwrap_or_default(),
            ..self.plain()
        }
    }

    fn add_hour(&mut self, at: Timestamp, measure: Measure) {
        self.add(day_of(at), self.plain(), measure, 1);
    }

    fn plain(&self) -> Subject {
        Subject {
            cadence: self.person.cadence.clone(),
            rep: self.person.rep.clone(),
            ..Subject::default()
        }
    }

    /// The hour of the prospect's week.
    fn hour(&self, at: Timestamp) -> u8 {
        let local = at.to_zoned(self.zone.clone());
        let weekday = local.weekday().to_monday_zero_offset();
        let hour = i64::from(weekday) * 24 + i64::from(local.hour());
        u8::try_from(hour).unwrap_or(0).min(WEEK - 1)
    }
}

/// The place of a wait in [`RESPONSES`]; one behind the last when it is longer.
#[must_use]
pub fn response_class(seconds: i64) -> u8 {
    let place = RESPONSES.iter().position(|end| seconds <= *end);
    u8::try_from(place.unwrap_or(RESPONSES.len())).unwrap_or(0)
}
