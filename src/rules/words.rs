//! What rules say in words that a rep reads: moments, days, standings. No addresses of strangers, no text of a mail.

use super::View;
use super::days::date_of;
use crate::model::DayOff;
use crate::model::{Absence, Intent, PauseReason, Standing, StepNo, Window, Zone, ZoneReason, limits};
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

/// `Mon 9 Mar`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%a %-d %b").to_string()
}

/// Why something that is planned as `why` comes so late.
pub(super) fn while_away(view: &View<'_>, away: Absence, why: &str) -> String {
    let day = day(date_of(away.until, &view.enrollment.prospect.zone.rules()));
    let source = if away.named {
        "named in the auto-reply"
    } else {
        "our guess, the auto-reply names no day"
    };
    format!("away, not before {day} ({source}); {why}")
}

/// `09:00 to 17:00`.
pub(super) fn hours_of_day(window: &Window) -> String {
    format!("{} to {}", window.from.strftime("%H:%M"), window.to.strftime("%H:%M"))
}

/// `Europe/Berlin (from the Date header)`, `America/New_York and 3 more zones at once (from the phone number)`.
pub(super) fn zone(zone: &Zone) -> String {
    let more = match zone.others.len() {
        0 => String::new(),
        1 => format!(" and {} at once", zone.others.concat()),
        many => format!(" and {many} more zones at once"),
    };
    format!("{}{more} ({})", zone_name(zone), zone.reason.word())
}

/// The zone's name; an offset is marked as one.
fn zone_name(zone: &Zone) -> String {
    if zone.name.starts_with(['+', '-']) {
        format!("UTC{}", zone.name)
    } else {
        zone.name.clone()
    }
}

/// `Tue`.
pub(super) fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// `a Saturday`, `a holiday`, `Good Friday in DE`.
pub(super) fn day_off(off: DayOff) -> String {
    let said = match off {
        DayOff::Weekday(Weekday::Monday) => "a Monday",
        DayOff::Weekday(Weekday::Tuesday) => "a Tuesday",
        DayOff::Weekday(Weekday::Wednesday) => "a Wednesday",
        DayOff::Weekday(Weekday::Thursday) => "a Thursday",
        DayOff::Weekday(Weekday::Friday) => "a Friday",
        DayOff::Weekday(Weekday::Saturday) => "a Saturday",
        DayOff::Weekday(Weekday::Sunday) => "a Sunday",
        DayOff::Holiday => "a holiday",
        DayOff::Away => "a day on which the rep is away",
        DayOff::Public { name, of } => return format!("{name} in {of}"),
    };
    said.to_owned()
}

/// A moment as the rep's clock shows it, and as the prospect's does where that is another:
/// `Thu 12 Mar 15:30 your time (09:30 in America/New_York)`.
pub(super) fn moment(view: &View<'_>, at: Timestamp) -> String {
    let zone = &view.enrollment.prospect.zone;
    let ours = at.to_zoned(view.rep.zone.clone());
    let theirs = at.to_zoned(zone.rules());
    let shown = ours.strftime("%a %-d %b %H:%M your time").to_string();
    if ours.datetime() == theirs.datetime() || zone.reason == ZoneReason::Rep {
        return shown;
    }
    let format = if ours.date() == theirs.date() {
        "%H:%M"
    } else {
        "%a %-d %b %H:%M"
    };
    format!("{shown} ({} in {})", theirs.strftime(format), zone_name(zone))
}

/// A day as the rep's calendar shows it.
pub(super) fn date(view: &View<'_>, at: Timestamp) -> String {
    day(view.rep.zone.to_datetime(at).date())
}

/// `Jane Doe in "outbound"`.
pub(super) fn subject(view: &View<'_>) -> String {
    format!(
        "{} in \"{}\"",
        view.enrollment.prospect.label(),
        view.enrollment.cadence
    )
}

/// `touch 3 of 9 (call)`.
pub(super) fn touch(view: &View<'_>, step: StepNo) -> String {
    let of = view.cadence.touches();
    match view.cadence.step(step) {
        Some(known) => format!("touch {step} of {of} ({})", known.channel.word()),
        None => format!("touch {step}"),
    }
}

/// What comes next, without the reason why then: for the answer to what a rep logged, where `why` tells the rest.
pub(super) fn next(view: &View<'_>) -> String {
    match &view.enrollment.standing {
        Standing::Waiting { step, due, .. } => format!("{} is due {}", touch(view, *step), moment(view, *due)),
        Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Paused { .. } | Standing::Ended { .. } => {
            standing(view)
        }
    }
}

/// Where an enrollment stands, and what is next.
pub(super) fn standing(view: &View<'_>) -> String {
    match &view.enrollment.standing {
        Standing::Deciding { next } => format!("{} is being scheduled", touch(view, *next)),
        Standing::Waiting { step, due, why } => {
            format!("{} is due {}: {why}", touch(view, *step), moment(view, *due))
        }
        Standing::Sending { step, .. } => format!(
            "{} is written and goes out as soon as the mailbox was read and nothing in it says stop",
            touch(view, *step)
        ),
        Standing::Paused { next, why, until } => {
            let until = until.map_or("until you resume".to_owned(), |until| {
                format!("until {}", moment(view, until))
            });
            let waits = match view.cadence.step(*next) {
                Some(_) => format!("{} waits {until}", touch(view, *next)),
                None => "no touch is left".to_owned(),
            };
            format!("paused because {}; {waits}", pause(why))
        }
        Standing::Ended { outcome, at } => format!("over since {}: {}", date(view, *at), outcome.word()),
    }
}

/// How an answer reads, and what to do next; nothing where its words say nothing.
pub(super) fn advice(view: &View<'_>, intent: &Intent) -> Option<String> {
    let over = !view.enrollment.is_active();
    let advice = match intent {
        Intent::Interested => "It reads as interested: answer soon, and offer a time.".to_owned(),
        Intent::Question => "It reads as a question: answer it, and resume only if nothing comes back.".to_owned(),
        Intent::NotNow { until: Some(day) } if over => format!("It reads as not now, and names {}.", self::day(*day)),
        Intent::NotNow { until: Some(day) } => {
            format!(
                "It reads as not now: snooze until {}, the day that it names.",
                self::day(*day)
            )
        }
        Intent::NotNow { until: None } => "It reads as not now, and names no day: ask for one.".to_owned(),
        Intent::NotInterested if over => "It reads as not interested.".to_owned(),
        Intent::NotInterested => "It reads as not interested: stop ends it.".to_owned(),
        Intent::Referral { to: Some(to) } => {
            format!("It names somebody else: {to}. Write to them with the cadence in BCC.")
        }
        Intent::Referral { to: None } => "It says that somebody else is the right person: ask who.".to_owned(),
        Intent::OptOut => "It asks for no more mail: stop it, and do not write by hand either.".to_owned(),
        Intent::Other => return None,
    };
    Some(advice)
}

/// Why it is paused, to stand after `because`.
fn pause(why: &PauseReason) -> String {
    match why {
        PauseReason::Replied => "they answered".to_owned(),
        PauseReason::BounceUnproven => "a mail may have bounced".to_owned(),
        PauseReason::SoftBounces => "mail bounced more than once".to_owned(),
        PauseReason::Rep => "you said so".to_owned(),
        PauseReason::MissingWords(words) => format!("words are missing: {words}"),
        PauseReason::Meeting(said) => said.word().to_owned(),
        PauseReason::Approval => "its draft waits for your `send`".to_owned(),
        PauseReason::Signal(name) => format!("{name} was reported"),
        PauseReason::Colleague(who) => format!("a colleague of theirs answered: {who}"),
    }
}

/// The first [`limits::EXCERPT`] characters.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(limits::EXCERPT).collect()
}
