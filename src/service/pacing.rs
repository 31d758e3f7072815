//! Pace between the rules and the store: what took room is read once a rep and round, and what the round itself decides
//! takes room at once, so that two hundred that are due together do not go together.
//!
//! It is asked twice: before a touch is written, and before its letter is claimed. In between lies whatever kept the
//! letter, and after hours without a mailbox or a relay nothing may go out as a burst.

use super::Bot;
use super::stand_in::Gone;
use crate::model::{
    Address, Channel, Decision, Enrollment, Fact, LetterState, LooseAddress, Slot, Stage, Standing, Taken, Usage,
    WAITS_FOR_PACE, limits,
};
use crate::rules::{View, pace::pace};
use crate::store::{Batch, CommitError, LetterMove, ReadyTouch, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// What took room, for each rep of a round.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<Address, Usage>);

impl Tally {
    /// Whether the touch may go now; its room is taken, now or then.
    pub(super) fn ask(&mut self, bot: &Bot, view: &View<'_>, now: Timestamp) -> Result<(), Slot> {
        // A rep who was not read has no pace.
        let Some(usage) = self.0.get(&view.enrollment.rep) else {
            return Ok(());
        };
        let answer = pace(view, usage, &bot.house.pace, now);
        match &answer {
            Ok(()) => self.place(view.enrollment, now, Stage::Ready),
            Err(slot) => self.place(view.enrollment, slot.at, Stage::Planned),
        }
        answer
    }

    /// The next touch of an enrollment takes its room at `at`, and no other.
    fn place(&mut self, enrollment: &Enrollment, at: Timestamp, stage: Stage) {
        self.free(enrollment);
        if let (Some(usage), Some(step)) = (self.0.get_mut(&enrollment.rep), enrollment.next_step()) {
            usage.taken.insert(Taken {
                at,
                enrollment: enrollment.id,
                step,
                person: enrollment.prospect.address.loose(),
                stage,
            });
        }
    }

    /// Letters that lie ready stand in nobody's way before it was decided which of them goes.
    fn free_overdue(&mut self, now: Timestamp) {
        for usage in self.0.values_mut() {
            usage
                .taken
                .retain(|taken| taken.stage != Stage::Ready || taken.at >= now);
        }
    }

    /// It takes no room any more.
    fn free(&mut self, enrollment: &Enrollment) {
        if let (Some(usage), Some(step)) = (self.0.get_mut(&enrollment.rep), enrollment.next_step()) {
            usage
                .taken
                .retain(|taken| (taken.enrollment, taken.step) != (enrollment.id, step));
        }
    }
}

impl Bot {
    /// What took room for the mail touches among these enrollments.
    pub(super) async fn tally(&self, enrollments: &[Enrollment], now: Timestamp) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        if self.house.pace.is_off() {
            return Ok(tally);
        }
        let mut people: BTreeMap<&Address, Vec<LooseAddress>> = BTreeMap::new();
        for enrollment in enrollments {
            let gone = Gone::default();
            if self.view(enrollment, &gone).is_some_and(|view| is_mail(&view)) {
                let person = enrollment.prospect.address.loose();
                people.entry(&enrollment.rep).or_default().push(person);
            }
        }
        for (rep, people) in people {
            let usage = self.store.usage(rep, people, &self.house.pace, now).await?;
            tally.0.insert(rep.clone(), usage);
        }
        Ok(tally)
    }

    /// Puts off the touches that are ready and may not go now, before a claim of `room` letters takes them, but for those of reps that are
    /// shut out; how many.
    pub(super) async fn hold_back(&self, room: usize, shut: &[Address], now: Timestamp) -> Result<usize, StoreError> {
        let mut held = 0;
        if self.house.pace.is_off() {
            return Ok(held);
        }
        loop {
            let some = self.hold_back_some(room, shut, now).await?;
            held += some;
            if some == 0 {
                return Ok(held);
            }
            // Behind those that are put off stand others that the claim would take in their place.
        }
    }

    async fn hold_back_some(&self, room: usize, shut: &[Address], now: Timestamp) -> Result<usize, StoreError> {
        let mut ready = Vec::new();
        for touch in self.store.ready_touches_but(now, room, shut.to_vec()).await? {
            // A letter that its enrollment does not stand at is for the gate.
            let enrollment = self.store.enrollment(touch.enrollment).await?;
            let stands = |enrollment: &Enrollment| matches!(enrollment.standing, Standing::Sending { letter, .. } if letter == touch.letter);
            if let Some(enrollment) = enrollment.filter(stands) {
                ready.push((touch, enrollment));
            }
        }
        let enrollments: Vec<Enrollment> = ready.iter().map(|(_, enrollment)| enrollment.clone()).collect();
        let mut tally = self.tally(&enrollments, now).await?;
        tally.free_overdue(now);
        let mut batches = Vec::new();
        for (touch, enrollment) in &ready {
            tally.place(enrollment, touch.not_before, Stage::Ready);
            // What only waits for its window is for the door.
            let gone = Gone::default();
            if let Some(view) = self.view(enrollment, &gone)
                && let Err(slot) = tally.ask(self, &view, now)
                && slot.why.starts_with(WAITS_FOR_PACE)
            {
                batches.push(put_off(touch, enrollment, slot, now));
            }
        }
        let mut held = 0;
        for kept in self.store.commit_many(batches).await {
            match kept {
                Ok(()) => held += 1,
                // A stop was faster and took the letter back.
                Err(CommitError::Stale | CommitError::Known) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok(held)
    }
}

/// Whether a mail comes next; humans keep their own pace.
fn is_mail(view: &View<'_>) -> bool {
    let step = match view.enrollment.standing {
        Standing::Waiting { step, .. } | Standing::Sending { step, .. } => view.cadence.step(step),
        Standing::Deciding { .. } | Standing::Paused { .. } | Standing::Ended { .. } => None,
    };
    step.is_some_and(|step| step.channel == Channel::Email)
}

/// A letter that was never tried and waits for long is taken back and written again at its time, with the words of that
/// day; another keeps its bytes.
fn put_off(touch: &ReadyTouch, enrollment: &Enrollment, slot: Slot, now: Timestamp) -> Batch {
    let mut batch = Batch {
        at: Some(now),
        ..Batch::default()
    };
    let Standing::Sending { step, .. } = enrollment.standing else {
        return batch;
    };
    let long = SignedDuration::try_from(limits::FRESH).unwrap_or(SignedDuration::ZERO);
    let fact = if touch.attempts == 0 && slot.at.duration_since(now) > long {
        batch.withdraw.push(enrollment.id);
        scheduled(step, slot)
    } else {
        batch.moves.push(LetterMove {
            id: touch.letter,
            from: LetterState::Ready,
            to: LetterState::Ready,
            not_before: Some(slot.at),
            reply: None,
            since: None,
            untaken: false,
            heard: false,
            seen: None,
        });
        Fact::Deferred {
            step,
            until: slot.at,
            why: slot.why,
        }
    };
    batch.add(enrollment, Decision::of(vec![fact]), now);
    batch
}

/// It waits for its turn.
pub(super) fn scheduled(step: crate::model::StepNo, slot: Slot) -> Fact {
    Fact::Scheduled {
        of: None,
        step,
        due: slot.at,
        why: slot.why,
    }
}
