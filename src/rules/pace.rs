//! Whether a mail touch may go out now, or when its turn is: caps, gaps, spacing.
//!
//! Touches that wait are laid out one behind the other, each with a moment of its own, so that hundreds that fall due
//! together after a pause or an outage go out like any other day's. Who has had a moment keeps it: late by seconds it is
//! pushed, and pushes who is behind it. Follow-ups are laid out as if planned first touches were not there; those give way
//! when their moment comes.
//!
//! The day of a cap is any 24 hours, since two halves of two calendar days make a burst too. Domains are counted for each
//! rep, persons for all reps. Not here: what took room already (store), touches of humans (they have no pace).

use super::days::{date_of, instant, later, plus_days};
use super::diary::Diary;
use super::{View, window};
use crate::model::{At, Fingerprint, Pace, Slot, Stage, StepNo, Taken, Usage, WAITS_FOR_PACE, limits};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Whether the next touch of an enrollment, a mail, may go out at `now`. What the same touch took in `usage` is its
/// place in the queue and stands in nobody's way.
///
/// # Errors
/// When it may not: the moment that is its own, and why not now.
pub fn pace(view: &View<'_>, usage: &Usage, pace: &Pace, now: Timestamp) -> Result<(), Slot> {
    let Some(step) = view.enrollment.next_step() else {
        return Ok(());
    };
    if answers(view, step) {
        return Ok(());
    }
    let mine = |taken: &&Taken| taken.enrollment == view.enrollment.id && taken.step == step;
    let place = usage.taken.iter().find(mine).map(|taken| taken.at);
    // A place that was missed by long is none: a queue that was missed as a whole is laid out again.
    let kept = place.is_some_and(|place| later(place, limits::PLACE_KEPT) >= now);
    if kept && let Some(found) = Room::made(view, step, usage, pace, now).pushed(now) {
        return found;
    }
    Room::planned(view, step, usage, pace, now).search(now)
}

/// Whether the touch answers somebody who has just asked: that waits for nobody, though it takes its room.
fn answers(view: &View<'_>, step: StepNo) -> bool {
    let planned = view.cadence.step(step).map(|step| step.at);
    step == StepNo::FIRST && view.cadence.kind == "inbound" && matches!(planned, Some(At::Immediately | At::Within(_)))
}

/// What stands in the way at some moment.
enum Bar {
    Gap,
    Domain,
    Person,
    Cap(usize),
    Window(String),
}

/// The room that is taken, as one touch sees it. All moments ascend.
struct Room<'a> {
    view: &'a View<'a>,
    diary: Diary<'a>,
    pace: &'a Pace,
    /// Mails of the rep, for the gap.
    mails: Vec<Timestamp>,
    /// Mails of the rep, for the cap.
    counted: Vec<Timestamp>,
    domain: Vec<Timestamp>,
    person: Vec<Timestamp>,
    /// Kept to the mail before, and to the one behind.
    gap: [Duration; 2],
    /// Who waits, for the question whether a push would hit them.
    waiting: Vec<Timestamp>,
    /// Added to what is kept to a domain and a person.
    reserve: Duration,
    ramp: Ramp,
}

impl<'a> Room<'a> {
    /// What went out or is about to, at its least distance. The cap also counts who goes first.
    fn made(view: &'a View<'a>, step: StepNo, usage: &Usage, pace: &'a Pace, now: Timestamp) -> Self {
        let firm = |taken: &Taken| taken.stage != Stage::Planned;
        let ahead = |taken: &Taken| firm(taken) || (goes_first(taken.step) && !goes_first(step) && taken.at > now);
        Self {
            mails: others(view, step, usage, firm),
            counted: others(view, step, usage, ahead),
            domain: of_domain(view, step, usage, firm),
            person: of_person(view, step, usage, firm),
            waiting: others(view, step, usage, |taken| !firm(taken)),
            gap: [pace.gap_from, Duration::ZERO],
            reserve: Duration::ZERO,
            ramp: Ramp::of(view, usage, pace, now),
            diary: view.diary(),
            view,
            pace,
        }
    }

    /// All that has a moment to come, at distances that the dice choose.
    fn planned(view: &'a View<'a>, step: StepNo, usage: &Usage, pace: &'a Pace, now: Timestamp) -> Self {
        let seen = |taken: &Taken| {
            taken.stage != Stage::Planned || (taken.at > now && (goes_first(taken.step) || !goes_first(step)))
        };
        let mails = others(view, step, usage, seen);
        Self {
            counted: mails.clone(),
            mails,
            domain: of_domain(view, step, usage, seen),
            person: of_person(view, step, usage, seen),
            waiting: Vec::new(),
            gap: gaps(pace, view.enrollment.id.0, step),
            reserve: limits::PACE_RESERVE,
            ramp: Ramp::of(view, usage, pace, now),
            diary: view.diary(),
            view,
            pace,
        }
    }

    /// Now, or as little later as what went out demands; `None` when more than that stands in the way, or somebody who
    /// was there first.
    fn pushed(&self, now: Timestamp) -> Option<Result<(), Slot>> {
        let slot = self.walk(now, |bar| matches!(bar, Bar::Gap | Bar::Domain | Bar::Person))?;
        let Some(slot) = slot else { return Some(Ok(())) };
        let next = self.waiting.partition_point(|moment| *moment <= slot.at);
        let before = next.checked_sub(1).and_then(|last| self.waiting.get(last));
        let hit = before.is_some_and(|before| *before > now && later(*before, self.pace.gap_from) > slot.at);
        (!hit).then_some(Err(slot))
    }

    /// Now, or the first moment with room.
    fn search(&self, now: Timestamp) -> Result<(), Slot> {
        self.walk(now, |_| true).flatten().map_or(Ok(()), Err)
    }

    /// Goes from bar to bar until none is left: `Some(None)` when there is none at `now`. `None` at a bar that may not be
    /// passed. What kept it longest is the reason.
    fn walk(&self, now: Timestamp, may_pass: impl Fn(&Bar) -> bool) -> Option<Option<Slot>> {
        let mut at = now;
        let mut longest: Option<(Duration, Bar)> = None;
        let mut paced = false;
        for _ in 0..limits::PACE_LOOKS {
            let Some((until, bar)) = self.bar(at) else { break };
            if !may_pass(&bar) {
                return None;
            }
            paced |= !matches!(bar, Bar::Window(_));
            let wait = Duration::try_from(until.duration_since(at)).unwrap_or_default();
            if longest.as_ref().is_none_or(|(before, _)| wait > *before) {
                longest = Some((wait, bar));
            }
            at = until;
        }
        let reason = longest.map(|(_, bar)| self.words(&bar));
        Some(reason.map(|reason| Slot {
            at,
            // A wait for the window alone is no place in the queue.
            why: format!("{}{reason}", if paced { WAITS_FOR_PACE } else { "" }),
        }))
    }

    /// What stands in the way at `at`, and until when; always later than `at`.
    fn bar(&self, at: Timestamp) -> Option<(Timestamp, Bar)> {
        let [before, behind] = self.gap;
        let spaced = |moments: &[Timestamp], gap: Duration| {
            let gap = if gap.is_zero() { gap } else { gap + self.reserve };
            room(moments, at, gap, gap)
        };
        room(&self.mails, at, before, behind)
            .map(|until| (until, Bar::Gap))
            .or_else(|| Some((spaced(&self.domain, self.pace.domain_gap)?, Bar::Domain)))
            .or_else(|| Some((spaced(&self.person, self.pace.person_spacing)?, Bar::Person)))
            .or_else(|| self.full(at))
            .or_else(|| self.shut(at))
    }

    fn shut(&self, at: Timestamp) -> Option<(Timestamp, Bar)> {
        let cadence = self.view.cadence;
        let step = self.view.enrollment.next_step().and_then(|step| cadence.step(step));
        let slot = match step {
            Some(step) => window::room(cadence, step, &self.diary, at).err()?,
            None => window::open(cadence, &self.diary, at).err()?,
        };
        (slot.at > at).then_some((slot.at, Bar::Window(slot.why)))
    }

    /// The cap: no 24 hours with this touch in them may hold more, neither those that end with it nor those that end
    /// with a later one.
    fn full(&self, at: Timestamp) -> Option<(Timestamp, Bar)> {
        let moments = &self.counted;
        let next = moments.partition_point(|moment| *moment <= at);
        let cap = self.ramp.cap(at)?;
        let in_day = next - began(moments, at);
        if in_day >= cap {
            let freed = next.checked_sub(cap).and_then(|nth| moments.get(nth));
            let freed = freed.map_or(later(at, DAY), |moment| later(*moment, DAY));
            return Some((self.ramp.or_tomorrow(at, freed), Bar::Cap(cap)));
        }
        let behind = moments.get(next..).unwrap_or_default().iter().enumerate();
        let (until, cap) = behind
            .take_while(|(_, end)| later(at, DAY) > **end)
            .filter_map(|(nth, end)| {
                let cap = self.ramp.cap(*end)?;
                (next + nth + 1 - began(moments, *end) >= cap).then_some((*end, cap))
            })
            .last()?;
        Some((until, Bar::Cap(cap)))
    }

    fn words(&self, bar: &Bar) -> String {
        let rep = self.view.rep.address.local();
        match bar {
            Bar::Gap => format!(
                "mails of {rep} go out one by one, {} to {} apart",
                span(self.pace.gap_from),
                span(self.pace.gap_to)
            ),
            Bar::Domain => format!(
                "mails to {} go out {} apart",
                self.view.enrollment.prospect.address.domain(),
                span(self.pace.domain_gap)
            ),
            Bar::Person => format!("nobody gets two mails within {}", span(self.pace.person_spacing)),
            Bar::Cap(cap) if self.ramp.full.is_some_and(|full| *cap < full) => format!(
                "{cap} mails of {rep} in 24 h are the cap so far, it grows by {} a day",
                self.pace.ramp_by
            ),
            Bar::Cap(cap) => format!("{cap} mails of {rep} in 24 h are the cap"),
            Bar::Window(why) => why.clone(),
        }
    }
}

/// Follow-ups go before first touches, as they do among letters.
fn goes_first(step: StepNo) -> bool {
    step > StepNo::FIRST
}

fn others(view: &View<'_>, step: StepNo, usage: &Usage, seen: impl Fn(&Taken) -> bool) -> Vec<Timestamp> {
    let foreign = |taken: &&Taken| taken.enrollment != view.enrollment.id || taken.step != step;
    let seen = usage.taken.iter().filter(foreign).filter(|taken| seen(taken));
    seen.map(|taken| taken.at).collect()
}

fn of_domain(view: &View<'_>, step: StepNo, usage: &Usage, seen: impl Fn(&Taken) -> bool) -> Vec<Timestamp> {
    let person = view.enrollment.prospect.address.loose();
    others(view, step, usage, |taken| {
        taken.person.domain() == person.domain() && seen(taken)
    })
}

fn of_person(view: &View<'_>, step: StepNo, usage: &Usage, seen: impl Fn(&Taken) -> bool) -> Vec<Timestamp> {
    let person = view.enrollment.prospect.address.loose();
    let mut moments = others(view, step, usage, |taken| taken.person == person && seen(taken));
    let elsewhere = usage.elsewhere.iter().filter(|taken| taken.person == person);
    moments.extend(elsewhere.map(|taken| taken.at));
    moments.sort_unstable();
    moments
}

/// What is kept before a touch, by dice that always fall alike for it, and what behind it.
fn gaps(pace: &Pace, enrollment: i64, step: StepNo) -> [Duration; 2] {
    if pace.gap_to.is_zero() {
        return [Duration::ZERO; 2];
    }
    let least = pace.gap_from + limits::PACE_RESERVE;
    let spread = u64::try_from(pace.gap_to.saturating_sub(least).as_millis()).unwrap_or(u64::MAX);
    let dice = Fingerprint::of("gap", &[&enrollment.to_string(), &step.to_string()]).short();
    let chosen = dice.unsigned_abs() % spread.saturating_add(1);
    [least + Duration::from_millis(chosen), least]
}

/// Until when a moment is too near to one before or behind it.
fn room(moments: &[Timestamp], at: Timestamp, before: Duration, behind: Duration) -> Option<Timestamp> {
    let next = moments.partition_point(|moment| *moment <= at);
    let last = next.checked_sub(1).and_then(|last| moments.get(last));
    let after_last = last.map(|last| later(*last, before)).filter(|until| *until > at);
    let next = moments.get(next).filter(|next| later(at, behind) > **next);
    after_last.or_else(|| next.map(|next| later(*next, before)))
}

/// The first of the ascending moments that lies in the 24 hours up to `end`.
fn began(moments: &[Timestamp], end: Timestamp) -> usize {
    moments.partition_point(|moment| later(*moment, DAY) <= end)
}

/// A cap that grows day by day on the rep's calendar.
struct Ramp {
    /// What it grows to; `None`: there is no cap.
    full: Option<usize>,
    from: usize,
    by: usize,
    first: Date,
    /// From then on it is full.
    grown: Timestamp,
    zone: jiff::tz::TimeZone,
}

impl Ramp {
    fn of(view: &View<'_>, usage: &Usage, pace: &Pace, now: Timestamp) -> Self {
        let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let full = number(view.rep.daily_cap.unwrap_or(pace.daily_cap)).max(1);
        let (from, by) = (number(pace.ramp_from), number(pace.ramp_by));
        let zone = view.rep.zone.clone();
        // Before the first mail: the day on which it is planned.
        let planned = usage.taken.iter().map(|taken| taken.at).find(|at| *at > now);
        let first = date_of(usage.since.or(planned).unwrap_or(now), &zone);
        let days = full
            .saturating_sub(from)
            .checked_div(by)
            .map(|days| days.saturating_add(1));
        let grown = match days {
            _ if from >= full => Timestamp::MIN,
            Some(days) => {
                let days = i64::try_from(days).unwrap_or(i64::MAX);
                instant(plus_days(first, days), Time::midnight(), &zone)
            }
            None => Timestamp::MAX,
        };
        Self {
            full: (full <= limits::TOUCHES_TAKEN).then_some(full),
            from,
            by,
            first,
            grown,
            zone,
        }
    }

    /// How many mails the 24 hours up to `at` may hold.
    fn cap(&self, at: Timestamp) -> Option<usize> {
        let full = self.full?;
        if at >= self.grown {
            return Some(full);
        }
        let days = date_of(at, &self.zone).duration_since(self.first).as_hours() / 24;
        let grown = self.by.saturating_mul(usize::try_from(days).unwrap_or(0));
        Some(self.from.saturating_add(grown).clamp(1, full))
    }

    /// The cap may grow before it is freed.
    fn or_tomorrow(&self, at: Timestamp, freed: Timestamp) -> Timestamp {
        if at >= self.grown || self.by == 0 {
            return freed;
        }
        let tomorrow = instant(plus_days(date_of(at, &self.zone), 1), Time::midnight(), &self.zone);
        if tomorrow > at { freed.min(tomorrow) } else { freed }
    }
}

/// `90 s`, `7 min`, `24 h`.
fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds >= 7200 && seconds % 3600 == 0 => format!("{} h", seconds / 3600),
        seconds if seconds >= 120 && seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}
