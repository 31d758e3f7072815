//! When a touch falls due, and why then.
//!
//! A touch is counted from the touch before it as that really happened, so a late one pushes the rest and nothing
//! bunches. Windows are compared as instants, so that no change of the clock opens or shuts one twice.
//!
//! Not here: how many go out in a day (pace). Known gaps: holidays are the team's, not the prospect's country's.

use super::days::{business_day_after, business_day_from, business_days, date_of, instant, is_there};
use super::days::{later, plus_business_days, plus_days};
use super::{View, words};
use crate::model::{
    At, Cadence, Days, Fingerprint, Hours, Planned, Rep, Slot, Standing, Step, StepNo, Window, Zone, limits,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
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
    zone: &Zone,
    hours: &Hours,
    seed: i64,
    now: Timestamp,
) -> Slot {
    let local = Local::of(cadence, zone, hours);
    let floor = previous.map_or(now, |(_, at)| at.max(now));
    let planned = local.planned(cadence, step, previous, enrolled_at);
    let open_from = business_day_from(planned, hours);
    // A clock time after the window has shut means the next opening, which is another day's.
    let (first, said) = match step.at {
        At::Clock(time) if time >= local.window.to => (business_day_after(open_from, hours), At::Immediately),
        at => (open_from, at),
    };
    let today = date_of(floor, &local.rules);
    let dice = Fingerprint::of("slot", &[&seed.to_string(), &step.number.to_string()]).short();
    let found =
        business_days(first.max(today), hours).find_map(|date| Some((date, local.moment(date, said, floor, dice)?)));
    let Some((date, (at, hit))) = found else {
        return local.never(floor);
    };
    let only = step
        .when
        .as_ref()
        .map_or(String::new(), |when| format!(", only when {when}"));
    let why = format!(
        "day {}{}, {}, {}{only}",
        step.day,
        local.moved(step.at, [planned, open_from, first, today], date),
        local.phrase(said, hit, date > open_from),
        local.inside()
    );
    Slot { at, why }
}

/// All touches from `next` on, should nothing come between. One that already has a time keeps it.
#[must_use]
pub fn plan(view: &View<'_>, next: StepNo, now: Timestamp) -> Vec<Planned> {
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
                &view.enrollment.prospect.zone,
                view.hours,
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
pub fn open(cadence: &Cadence, zone: &Zone, hours: &Hours, now: Timestamp) -> Result<(), Slot> {
    let local = Local::of(cadence, zone, hours);
    let today = date_of(now, &local.rules);
    let found =
        business_days(today, hours).find_map(|date| Some((date, local.bounds(date).filter(|(_, shut)| now < *shut)?)));
    match found {
        Some((_, (open, _))) if open <= now => Ok(()),
        Some((date, (open, _))) => Err(Slot {
            at: open,
            why: format!(
                "held until the window opens at {} on {}, {}",
                local.window.from.strftime("%H:%M"),
                words::day(date),
                local.inside()
            ),
        }),
        None => Err(local.never(now)),
    }
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
pub fn opening(date: Date, cadence: &Cadence, zone: &Zone, hours: &Hours) -> Timestamp {
    let local = Local::of(cadence, zone, hours);
    business_days(date, hours)
        .find_map(|date| local.bounds(date))
        .map_or_else(|| instant(date, local.window.from, &local.rules), |(open, _)| open)
}

/// A prospect's clock and the window on it.
struct Local<'a> {
    window: Window,
    rules: TimeZone,
    zone: &'a Zone,
    hours: &'a Hours,
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
}

impl<'a> Local<'a> {
    fn of(cadence: &Cadence, zone: &'a Zone, hours: &'a Hours) -> Self {
        let usual = Window {
            from: Time::constant(9, 0, 0, 0),
            to: Time::constant(17, 0, 0, 0),
        };
        // A window that never opens would hold touches for ever. Loading refuses one, so this is the second lock.
        let window = [cadence.window, Some(hours.window)]
            .into_iter()
            .flatten()
            .find(|window| window.from < window.to)
            .unwrap_or(usual);
        Self {
            window,
            rules: zone.rules(),
            zone,
            hours,
        }
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
            Days::Business => plus_business_days(from, gap, self.hours),
            Days::Calendar => plus_days(from, i64::from(gap)),
        }
    }

    /// First moment and first moment too late of a day; `None` when the clock skips all of the window.
    fn bounds(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let open = instant(date, self.window.from, &self.rules);
        let shut = instant(date, self.window.to, &self.rules);
        (open < shut).then_some((open, shut))
    }

    /// The moment for `at` on a business day, not before `floor`; `None` when the day's window is over by then.
    fn moment(&self, date: Date, at: At, floor: Timestamp, dice: i64) -> Option<(Timestamp, Hit)> {
        let (open, shut) = self.bounds(date).filter(|(_, shut)| floor < *shut)?;
        let noon = instant(date, NOON, &self.rules);
        let (from, to) = match at {
            At::Clock(time) => {
                let time = instant(date, time, &self.rules).max(open);
                (time, time)
            }
            At::Morning => (open, noon.min(shut)),
            At::Afternoon => (noon.max(open), earlier(shut, limits::AFTERNOON_MARGIN)),
            At::Immediately | At::Within(_) => (open, open),
        };
        let moment = match at {
            At::Clock(_) | At::Immediately | At::Within(_) => from.max(floor),
            // A window without a morning (or an afternoon) gives all it has.
            At::Morning | At::Afternoon if from >= to => spread(open.max(floor), shut, dice),
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
        (moment < shut).then_some((moment, hit))
    }

    /// Why it is not the planned day, if it is not.
    fn moved(&self, at: At, [planned, open_from, first, today]: [Date; 4], date: Date) -> String {
        let to = words::day(date);
        match at {
            _ if date == planned => String::new(),
            _ if date == open_from => {
                let off = self.hours.day_off(planned).map_or("a day off", words::day_off);
                format!(" falls on {off}, so {to}")
            }
            At::Clock(time) if date == first => format!(", {} is after hours, so {to}", time.strftime("%H:%M")),
            _ if open_from == today => format!(", after hours, so {to}"),
            _ => format!(" moves to {to}"),
        }
    }

    fn phrase(&self, at: At, hit: Hit, moved: bool) -> String {
        let kept = match at {
            At::Clock(time) => format!("at {}", time.strftime("%H:%M")),
            At::Morning => "in the morning".to_owned(),
            At::Afternoon => "in the afternoon".to_owned(),
            At::Immediately => "at once".to_owned(),
            At::Within(minutes) => format!("within {minutes} minutes"),
        };
        match hit {
            Hit::Kept => kept,
            Hit::Opening => format!("held until the window opens at {}", self.window.from.strftime("%H:%M")),
            Hit::Late if moved => "as soon as possible".to_owned(),
            Hit::Late => format!("{kept}, which is past, so as soon as possible"),
        }
    }

    fn inside(&self) -> String {
        format!(
            "inside {} in {}",
            words::hours_of_day(&self.window),
            words::zone(self.zone)
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
