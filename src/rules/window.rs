//! When a touch falls due, and why then.
//!
//! A touch is counted from the touch before it as that really happened, so a late one pushes the rest and nothing
//! bunches. Windows are compared as instants, so that no change of the clock opens or shuts one twice.
//!
//! Where several zones are plausible, the window is the hours that lie in it by each clock, as far as there are any on a day;
//! clock times, dates and lunch are those of the likeliest.
//!
//! Not here: how many go out in a day (pace), which days are off (diary).

use super::days::{business_day_after, business_day_from, business_days, date_of, instant, is_there};
use super::days::{later, plus_business_days, plus_days};
use super::diary::Diary;
use super::{View, words};
use crate::model::{
    At, Cadence, Channel, Condition, Days, Fingerprint, Hours, Planned, Rep, Slot, Standing, Step, StepNo, Window,
    Zone, limits,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

const NOON: Time = Time::constant(12, 0, 0, 0);

/// When `step` falls due, given the touch before it (or the enrolling), never before `now`. The same arguments give the
/// same moment; `seed` spreads those of different enrollments over the morning or the afternoon.
#[must_use]
#[allow(
    clippy::too_many_arguments,
    reason = "a moment depends on all of them, and a struct would only rename them"
)]
pub fn slot(
    cadence: &Cadence,
    step: &Step,
    previous: Option<(StepNo, Timestamp)>,
    enrolled_at: Timestamp,
    diary: &Diary<'_>,
    seed: i64,
    now: Timestamp,
) -> Slot {
    let local = Local::of(cadence, diary).with_room_for(cadence, step);
    let floor = previous.map_or(now, |(_, at)| at.max(now));
    let planned = local.planned(cadence, step, previous, enrolled_at);
    let open_from = business_day_from(planned, diary);
    let today = date_of(floor, &local.rules);
    let wished = local.preferred(cadence, step, previous, open_from.max(today));
    let open_from = wished.unwrap_or(open_from);
    // A clock time after the window has shut means the next opening, which is another day's.
    let (first, said) = match step.at {
        At::Clock(time) if time >= local.window.to => (business_day_after(open_from, diary), At::Immediately),
        at => (open_from, at),
    };
    let dice = Fingerprint::of("slot", &[&seed.to_string(), &step.number.to_string()]).short();
    let found =
        business_days(first.max(today), diary).find_map(|date| Some((date, local.moment(date, said, floor, dice)?)));
    let Some((date, (at, hit))) = found else {
        return local.never(floor);
    };
    let only = step
        .when
        .as_ref()
        .filter(|when| **when != Condition::Passed)
        .map_or(String::new(), |when| format!(", only when {when}"));
    let why = format!(
        "day {}{}, {}, {}{only}",
        step.day,
        match wished.filter(|day| *day == date && date != planned) {
            Some(day) => local.waits_for(cadence, day),
            None => local.moved(step.at, [planned, open_from, first, today], date),
        },
        local.phrase(said, hit, date > open_from, at),
        local.inside()
    );
    Slot { at, why }
}

/// All touches from `next` on, should nothing come between. One that already has a time keeps it.
#[must_use]
pub fn plan(view: &View<'_>, next: StepNo, now: Timestamp) -> Vec<Planned> {
    let diary = view.diary();
    let mut previous = view.enrollment.touched;
    let mut now = now;
    let mut plan = Vec::new();
    for step in view.cadence.steps.iter().filter(|step| step.number >= next) {
        let slot = match &view.enrollment.standing {
            Standing::Waiting {
                step: waiting,
                due,
                why,
            } if *waiting == step.number && !super::approve::asks(step, view.enrollment) => Slot {
                at: *due,
                why: why.clone(),
            },
            _ => slot(
                view.cadence,
                step,
                previous,
                view.enrollment.enrolled_at,
                &diary,
                view.enrollment.id.0,
                now,
            ),
        };
        now = now.max(slot.at);
        previous = Some((step.number, slot.at));
        plan.push(Planned {
            step: step.clone(),
            slot,
        });
    }
    plan
}

/// Whether a touch may go out at `now`.
///
/// # Errors
/// When it may not: the moment when it may, and why not now.
pub fn open(cadence: &Cadence, diary: &Diary<'_>, now: Timestamp) -> Result<(), Slot> {
    Local::of(cadence, diary).open(now)
}

/// The same of one step, which may want some time of the day behind it: a mail that a call follows on the same day.
///
/// # Errors
/// When it may not: the moment when it may, and why not now.
pub fn room(cadence: &Cadence, step: &Step, diary: &Diary<'_>, now: Timestamp) -> Result<(), Slot> {
    Local::of(cadence, diary).with_room_for(cadence, step).open(now)
}

/// The rep's next digest after `after`: its date and its moment, on business days only. A date that the date line took
/// has none.
#[must_use]
pub fn digest(rep: &Rep, hours: &Hours, after: Timestamp) -> (Date, Timestamp) {
    let today = date_of(after, &rep.zone);
    // A digest just before midnight that a gap skips comes after it: that of yesterday may be still to come.
    let from = plus_days(today, -1);
    business_days(from, hours)
        .filter(|date| is_there(*date, &rep.zone))
        .map(|date| (date, digest_on(date, rep)))
        .find(|(_, at)| *at > after)
        .unwrap_or_else(|| {
            let date = plus_days(today, 1);
            (date, digest_on(date, rep).max(after))
        })
}

/// The moment of the rep's digest on a date.
#[must_use]
pub fn digest_on(date: Date, rep: &Rep) -> Timestamp {
    instant(date, rep.digest_at, &rep.zone)
}

/// The start of the first business day on or after `date`, at the window's opening, in the zone.
#[must_use]
pub fn opening(date: Date, cadence: &Cadence, diary: &Diary<'_>) -> Timestamp {
    let local = Local::of(cadence, diary);
    business_days(date, diary)
        .find_map(|date| local.bounds(date))
        .map_or_else(|| instant(date, local.window.from, &local.rules), |(open, _)| open)
}

/// A prospect's clock and the window on it.
struct Local<'a> {
    window: Window,
    rules: TimeZone,
    /// Of the other zones that are plausible.
    others: Vec<TimeZone>,
    diary: &'a Diary<'a>,
    /// What a touch leaves free at the end of the day.
    room: std::time::Duration,
}

/// How a moment came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hit {
    /// As the step says.
    Kept,
    /// Earlier was not open.
    Opening,
    /// The time was past, so as soon as possible.
    Late,
    /// It was lunch time.
    Lunch,
}

impl<'a> Local<'a> {
    fn of(cadence: &Cadence, diary: &'a Diary<'a>) -> Self {
        let usual = Window {
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(17, 0, 0, 0),
        };
        // A window that never opens would hold touches for ever. Loading refuses one, so this is the second lock.
        let window = [cadence.window, Some(diary.hours.window)]
            .into_iter()
            .flatten()
            .find(|window| window.from < window.to)
            .unwrap_or(usual);
        Self {
            window,
            rules: diary.zone.rules(),
            others: diary
                .zone
                .others
                .iter()
                .filter_map(|name| Zone::rules_of(name))
                .collect(),
            diary,
            room: std::time::Duration::ZERO,
        }
    }

    /// A mail that a human's touch follows on the same day leaves time for it, so that both stay together when they are moved.
    /// One that goes at once does not wait for that.
    fn with_room_for(self, cadence: &Cadence, step: &Step) -> Self {
        let next = cadence.step(step.number.next());
        let pair = next.is_some_and(|next| next.day == step.day && next.channel != Channel::Email);
        let fits = match step.at {
            // What the cadence itself puts into the last hour stays there.
            At::Clock(time) => {
                time.duration_until(self.window.to).unsigned_abs() > limits::PAIR_ROOM && time < self.window.to
            }
            At::Morning | At::Afternoon => true,
            At::Immediately | At::Within(_) => false,
        };
        let room = if pair && fits && step.channel == Channel::Email {
            limits::PAIR_ROOM
        } else {
            std::time::Duration::ZERO
        };
        Self { room, ..self }
    }

    /// Whether a touch may go out at `now`, else when.
    fn open(&self, now: Timestamp) -> Result<(), Slot> {
        let today = date_of(now, &self.rules);
        let until = |date: Date| {
            let (open, shut) = self.bounds(date)?;
            (now < self.latest(open, shut)).then_some((date, open))
        };
        let (date, opens) = business_days(today, self.diary)
            .find_map(until)
            .ok_or_else(|| self.never(now))?;
        if let Some((_, end)) = self.lunch(date).filter(|(from, end)| (*from..*end).contains(&now)) {
            return Err(Slot {
                at: end,
                why: format!("held over lunch until {}, {}", self.clock(end), self.inside()),
            });
        }
        if opens <= now {
            return Ok(());
        }
        Err(Slot {
            at: opens,
            why: format!(
                "held until the window opens at {} on {}, {}",
                self.clock(opens),
                words::day(date),
                self.inside()
            ),
        })
    }

    /// The first moment that is too late for a touch that leaves some time of the day free; all of a short day is as good.
    fn latest(&self, open: Timestamp, shut: Timestamp) -> Timestamp {
        let latest = earlier(shut, self.room);
        if latest > open { latest } else { shut }
    }

    /// First and last moment of lunch, where the team has one on this day and it does not take all of the window.
    fn lunch(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let lunch = self.diary.hours.lunch?;
        let (from, to) = (
            instant(date, lunch.from, &self.rules),
            instant(date, lunch.to, &self.rules),
        );
        let (open, shut) = self.bounds(date)?;
        (open < from && to < shut && from < to).then_some((from, to))
    }

    /// The first preferred day of the week from `from` on, when one is near: never for what comes at once, nor for what
    /// belongs to the day of the touch before it.
    fn preferred(
        &self,
        cadence: &Cadence,
        step: &Step,
        previous: Option<(StepNo, Timestamp)>,
        from: Date,
    ) -> Option<Date> {
        let days = self.preferring(cadence);
        let paired = previous
            .and_then(|(number, _)| cadence.step(number))
            .is_some_and(|before| before.day == step.day);
        if days.is_empty() || paired || matches!(step.at, At::Immediately | At::Within(_)) {
            return None;
        }
        let last = plus_days(from, limits::PREFER_WITHIN);
        business_days(from, self.diary)
            .take_while(|day| *day <= last)
            .find(|day| days.contains(&day.weekday()))
            .filter(|day| *day != from)
    }

    fn preferring<'c>(&'c self, cadence: &'c Cadence) -> &'c [Weekday] {
        if cadence.prefer.is_empty() {
            &self.diary.hours.prefer
        } else {
            &cadence.prefer
        }
    }

    /// ` waits for Tue 12 May, since Tue, Wed and Thu are preferred`.
    fn waits_for(&self, cadence: &Cadence, day: Date) -> String {
        let names = self.preferring(cadence).iter().map(|day| words::weekday(*day));
        format!(
            " waits for {}, since touches prefer {}",
            words::day(day),
            names.collect::<Vec<_>>().join(", ")
        )
    }

    /// The clock time of a moment, by the prospect's clock.
    fn clock(&self, at: Timestamp) -> String {
        self.rules.to_datetime(at).strftime("%H:%M").to_string()
    }

    /// The date that the cadence means, be it a business day or not.
    fn planned(
        &self,
        cadence: &Cadence,
        step: &Step,
        previous: Option<(StepNo, Timestamp)>,
        enrolled_at: Timestamp,
    ) -> Date {
        let (from, from_day) = match previous {
            Some((number, at)) => (at, cadence.step(number).map_or(step.day, |before| before.day)),
            None => (enrolled_at, 1),
        };
        let from = date_of(from, &self.rules);
        let gap = step.day.saturating_sub(from_day).min(limits::DAYS);
        match cadence.days {
            Days::Business => plus_business_days(from, gap, self.diary),
            Days::Calendar => plus_days(from, i64::from(gap)),
        }
    }

    /// First moment and first moment too late of a day; `None` when the clock skips all of the window.
    ///
    /// Of several plausible zones the hours that all of them have; on a day without such hours those of the likeliest.
    fn bounds(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let of = |rules: &TimeZone| {
            (
                instant(date, self.window.from, rules),
                instant(date, self.window.to, rules),
            )
        };
        let (open, shut) = of(&self.rules);
        let common = self.others.iter().map(of).fold((open, shut), |common, other| {
            (common.0.max(other.0), common.1.min(other.1))
        });
        let shared = common.0 < common.1;
        (open < shut).then_some(self.but_for_lunch(date, if shared { common } else { (open, shut) }))
    }

    /// Hours that begin or end at lunch are shorter by it; where nothing would be left, they stay.
    fn but_for_lunch(&self, date: Date, (open, shut): (Timestamp, Timestamp)) -> (Timestamp, Timestamp) {
        let Some((from, to)) = self.at_table(date) else {
            return (open, shut);
        };
        let open_after = if from <= open && open < to { to } else { open };
        let shut_before = if from < shut && shut <= to { from } else { shut };
        if open_after < shut_before {
            (open_after, shut_before)
        } else {
            (open, shut)
        }
    }

    /// First and last moment of lunch on a day.
    fn at_table(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let lunch = self.diary.hours.lunch?;
        let of = |time| instant(date, time, &self.rules);
        Some((of(lunch.from), of(lunch.to)))
    }

    /// The moment for `at` on a business day, not before `floor`; `None` when the day's window is over by then.
    fn moment(&self, date: Date, at: At, floor: Timestamp, dice: i64) -> Option<(Timestamp, Hit)> {
        let (open, shut) = self.bounds(date).filter(|(_, shut)| floor < *shut)?;
        let noon = instant(date, NOON, &self.rules);
        let lunch = self.lunch(date);
        let latest = self.latest(open, shut);
        let (from, to) = match at {
            At::Clock(time) => {
                let time = instant(date, time, &self.rules).max(open);
                (time, time)
            }
            At::Morning => (open, lunch.map_or(noon, |(from, _)| from.min(noon)).min(latest)),
            At::Afternoon => {
                let ends = lunch
                    .filter(|(from, _)| *from <= noon)
                    .map_or(noon, |(_, ends)| ends.max(noon));
                (ends.max(open), earlier(shut, limits::AFTERNOON_MARGIN).min(latest))
            }
            At::Immediately | At::Within(_) => (open, open),
        };
        let moment = match at {
            At::Clock(_) | At::Immediately | At::Within(_) => from.max(floor),
            // A window without a morning (or an afternoon) gives all it has.
            At::Morning | At::Afternoon if from >= to => spread(open.max(floor), latest, dice),
            At::Morning | At::Afternoon if floor < to => spread(from.max(floor), to, dice),
            At::Morning | At::Afternoon => floor,
        };
        let hit = match at {
            At::Clock(time) if moment == instant(date, time, &self.rules) => Hit::Kept,
            At::Clock(_) | At::Immediately | At::Within(_) if moment == open && floor < open => Hit::Opening,
            At::Immediately | At::Within(_) => Hit::Kept,
            At::Morning | At::Afternoon if floor < to || from >= to => Hit::Kept,
            At::Clock(_) | At::Morning | At::Afternoon => Hit::Late,
        };
        let (moment, hit) = match lunch.filter(|(from, ends)| (*from..*ends).contains(&moment)) {
            Some((_, ends)) => (ends, Hit::Lunch),
            None => (moment, hit),
        };
        (moment < latest).then_some((moment, hit))
    }

    /// Why it is not the planned day, if it is not.
    fn moved(&self, at: At, [planned, open_from, first, today]: [Date; 4], date: Date) -> String {
        let to = words::day(date);
        match at {
            _ if date == planned => String::new(),
            _ if date == open_from => {
                let off = self
                    .diary
                    .day_off(planned)
                    .map_or("a day off".to_owned(), words::day_off);
                format!(" falls on {off}, so {to}")
            }
            At::Clock(time) if date == first => format!(", {} is after hours, so {to}", time.strftime("%H:%M")),
            _ if open_from == today => format!(", after hours, so {to}"),
            _ => format!(" moves to {to}"),
        }
    }

    fn phrase(&self, at: At, hit: Hit, moved: bool, moment: Timestamp) -> String {
        let opens = self.clock(moment);
        let kept = match at {
            At::Clock(time) => format!("at {}", time.strftime("%H:%M")),
            At::Morning => "in the morning".to_owned(),
            At::Afternoon => "in the afternoon".to_owned(),
            At::Immediately => "at once".to_owned(),
            At::Within(minutes) => format!("within {minutes} minutes"),
        };
        match hit {
            Hit::Kept => kept,
            Hit::Opening => format!("held until the window opens at {opens}"),
            Hit::Lunch => format!("{kept}, held over lunch until {opens}"),
            Hit::Late if moved => "as soon as possible".to_owned(),
            Hit::Late => format!("{kept}, which is past, so as soon as possible"),
        }
    }

    fn inside(&self) -> String {
        format!(
            "inside {} in {}",
            words::hours_of_day(&self.window),
            words::zone(self.diary.zone)
        )
    }

    /// For a calendar without any business day in sight: far away and visible rather than at once.
    fn never(&self, floor: Timestamp) -> Slot {
        let date = plus_days(date_of(floor, &self.rules), i64::from(limits::DAYS));
        Slot {
            at: instant(date, self.window.from, &self.rules).max(floor),
            why: "there is no business day in sight: the configuration names too many holidays".to_owned(),
        }
    }
}

/// `by` before `at`, or `at` itself at the beginning of time.
fn earlier(at: Timestamp, by: std::time::Duration) -> Timestamp {
    at.checked_sub(by).unwrap_or(at)
}

/// A moment from `from` on and before `to`, chosen by the dice; whole seconds after `from`.
fn spread(from: Timestamp, to: Timestamp, dice: i64) -> Timestamp {
    let seconds = to.duration_since(from).as_secs().max(1);
    let chosen = u64::try_from(dice.rem_euclid(seconds)).unwrap_or(0);
    later(from, std::time::Duration::from_secs(chosen))
}
