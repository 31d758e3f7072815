//! Learned hours: of the people of a cadence with `send_time = "learned"`, half get their mails at the hour that earns answers.
//!
//! Such a mail falls due when its day opens, and is put to an hour of that day from then on: by a draw from what the team's
//! mails of each hour earned (Thompson), so that hours of which little is known are tried too. The other half gets its
//! mails as written, and the report compares both. What goes at once, and what waits for its turn, is left alone.
//!
//! Not here: what each hour earned (`report`), who is in which half (`service::trials`).

use super::View;
use super::window;
use crate::model::{At, Channel, Dealing, Fact, LEARNED, SEND_TIME, Standing, Step, StepNo};
use jiff::{SignedDuration, Timestamp};

/// How the reason of a mail begins that has its learned hour.
const WHY: &str = "at the learned hour ";

/// Whether hours are learned for a step: a mail that the cadence gives a time of the day.
#[must_use]
pub fn learns(view: &View<'_>, step: &Step) -> bool {
    let timed = matches!(step.at, At::Clock(_) | At::Morning | At::Afternoon);
    view.cadence.learns && timed && step.channel == Channel::Email && step.number != StepNo::FIRST
}

/// Which half the enrollment is in, once that was dealt.
#[must_use]
pub fn half<'a>(view: &View<'a>) -> Option<&'a str> {
    let history = &view.enrollment.history;
    history.dealt(StepNo::FIRST, Dealing::Hour, Some(SEND_TIME))
}

/// The step as it falls due for who gets learned hours: when the day opens, so that every hour of it is there to be chosen.
pub(super) fn at_the_opening(view: &View<'_>, step: &Step) -> Option<Step> {
    if !learns(view, step) || half(view) != Some(LEARNED) {
        return None;
    }
    let window = view.cadence.window.unwrap_or(view.hours.window);
    Some(Step {
        at: At::Clock(window.from),
        ..step.clone()
    })
}

/// The hours of this day that a mail which is due may go out in, each with its moment; none when its hour was chosen
/// already, or it only waits for its turn. `minute` spreads them.
#[must_use]
pub fn hours(view: &View<'_>, step: &Step, minute: i64, now: Timestamp) -> Vec<(u8, Timestamp)> {
    let Standing::Waiting { why, .. } = &view.enrollment.standing else {
        return Vec::new();
    };
    if why.starts_with(WHY) || view.enrollment.standing.waits_for_pace() {
        return Vec::new();
    }
    let local = now.to_zoned(view.enrollment.prospect.zone.rules());
    let this = local.hour();
    let mut hours = vec![(u8::try_from(this).unwrap_or(0), now)];
    let diary = view.diary();
    for hour in this + 1..24 {
        let minute = i8::try_from(minute.rem_euclid(60)).unwrap_or(0);
        let Ok(at) = local.date().at(hour, minute, 0, 0).to_zoned(local.time_zone().clone()) else {
            continue;
        };
        let at = at.timestamp();
        let soon = at.duration_since(now) < SignedDuration::from_hours(24);
        if at > now && soon && window::room(view.cadence, step, &diary, at).is_ok() {
            hours.push((u8::try_from(hour).unwrap_or(0), at));
        }
    }
    hours
}

/// The mail is put to its hour.
#[must_use]
pub fn put_to(step: StepNo, hour: u8, at: Timestamp) -> Fact {
    Fact::Scheduled {
        step,
        due: at,
        why: format!("{WHY}{hour:02}:00, since answers are earned then; the report shows whether that is so"),
        of: None,
    }
}
