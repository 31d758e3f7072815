//! THE VERBS: `(view, input, now) → decision`. Every rule of the program stands here; none of them does anything.
//!
//! - [`enroll`]: a rep hands a prospect over. [`etiquette`] says who is left in peace, [`route`] which cadence and whose
//!   prospect it is when nobody says.
//! - [`window`]: when a touch falls due, and why then. [`timing`]: at which hour, where hours are learned.
//! - [`diary`]: on which days, and in which country ([`country`], [`holidays`]).
//! - [`advance`]: a touch has fallen due.
//! - [`approve`]: a mail waits for the rep's word.
//! - [`edited`]: the cadence was edited under way.
//! - [`condition`]: whether a touch that has fallen due is one for this prospect.
//! - [`pace`]: whether its mail may go now, or when its turn is.
//! - [`settle`]: the server answered.
//! - [`react`]: something came back.
//! - [`watch`]: the rep did something by hand.
//! - [`guard`]: something goes wrong too often.
//! - [`doubt`]: what became of a mail of which nobody knew whether it went out.
//! - [`command`]: the rep wishes something.
//! - [`lease`]: who may work in the mailbox.
//! - [`clock`]: whether the machine's clock can be trusted.
//! - [`succession`]: it is over, and the prospect goes on in another cadence.
//!
//! The facts of every decision fold into the enrollment of its view in their order. A decision leaves an enrollment
//! waiting for a moment, sending, paused or ended; none leaves it `Deciding`.

pub mod advance;
pub mod approve;
mod calendar;
pub mod clock;
pub mod command;
pub mod condition;
pub mod country;
mod days;
pub mod diary;
pub mod doubt;
pub mod edited;
pub mod enroll;
pub mod etiquette;
mod events;
pub mod forgetting;
pub mod guard;
pub mod holidays;
pub mod lease;
mod order;
pub mod pace;
mod phone;
pub mod react;
pub mod route;
pub mod settle;
pub mod succession;
pub mod taken_back;
pub mod timing;
pub mod watch;
pub mod window;
mod words;
mod zone;

use crate::model::{Alert, Cadence, Enrollment, Fact, Hours, Notice, Rep, StepNo};
use diary::Diary;
use jiff::Timestamp;

/// What a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The enrollment as loaded.
    pub enrollment: &'a Enrollment,
    /// Its cadence as it is now.
    pub cadence: &'a Cadence,
    /// Its rep as they are now.
    pub rep: &'a Rep,
    /// When the team works.
    pub hours: &'a Hours,
}

impl<'a> View<'a> {
    /// The days and hours that count.
    #[must_use]
    pub fn diary(&self) -> Diary<'a> {
        Diary::of(&self.enrollment.prospect, &self.enrollment.rep, self.hours)
    }

    /// What follows: the step `next` at its time, counted from the touch `previous`, not before `now` and not before the
    /// prospect is back; or the end, when the cadence has no such step (any more).
    fn follow(&self, next: StepNo, previous: Option<(StepNo, Timestamp)>, now: Timestamp) -> Fact {
        let Some(step) = self.cadence.step(next) else {
            return Fact::Ended {
                outcome: crate::model::Ending::Completed,
            };
        };
        let early = timing::at_the_opening(self, step);
        let away = self.enrollment.history.away.filter(|away| away.until > now);
        let slot = window::slot(
            self.cadence,
            early.as_ref().unwrap_or(step),
            previous,
            self.enrollment.enrolled_at,
            &self.diary(),
            self.enrollment.id.0,
            away.map_or(now, |away| away.until),
        );
        let planned = Fact::Scheduled {
            step: next,
            due: slot.at,
            why: away.map_or(slot.why.clone(), |away| words::while_away(self, away, &slot.why)),
            of: Some(step.mark()),
        };
        approve::asked_first(self, planned, now)
    }

    /// The opening of the first business day that is at least `days` from `now`: what is put off by days comes at its own
    /// time of the day.
    fn days_from(&self, days: u32, now: Timestamp) -> Timestamp {
        let zone = &self.enrollment.prospect.zone;
        let date = days::plus_days(days::date_of(now, &zone.rules()), i64::from(days));
        window::opening(date, self.cadence, &self.diary()).max(now)
    }

    /// The rep is told at once.
    fn alert(&self, what: Alert) -> Notice {
        Notice::Alert {
            enrollment: self.enrollment.id,
            prospect: Box::new(self.enrollment.prospect.clone()),
            cadence: self.enrollment.cadence.clone(),
            what,
        }
    }
}
