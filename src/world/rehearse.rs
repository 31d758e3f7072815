//! `cadence rehearse`: a cadence against scripted prospects, on the real engine and a virtual clock.
//!
//! It shows what a cadence asks of a team before anybody is enrolled: mails and tasks a day, and how it ends.

use super::people::minutes;
use super::{Event, Habit, Person, Post, Setting, World, WorldError};
use crate::model::{Address, Cadence, CadenceName, Correspondent, Fact, Hours, Pace, Rep, Report, Standing};
use crate::report::{Asked, MINIMUM};
use crate::service;
use crate::store::{Snapshot, Store, StoreError};
use crate::template::Library;
use jiff::civil::{Date, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use std::collections::BTreeMap;

/// What to rehearse.
pub struct Options {
    /// The cadences there are.
    pub library: Library,
    /// The one that is rehearsed.
    pub cadence: CadenceName,
    /// How many are enrolled.
    pub prospects: usize,
    /// How many reps enroll them, at least one.
    pub reps: usize,
    /// Business days over which they are enrolled, at least one.
    pub over: usize,
    /// Which share of the prospects answers, from 0 to 1.
    pub reply_rate: f64,
    /// When the team works.
    pub hours: Hours,
    /// How fast mail touches go out.
    pub pace: Pace,
    /// The same seed rehearses the same.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rehearsal {
    /// For each day on which something happened: mails sent, touches for humans, and most of these for one rep.
    pub days: BTreeMap<Date, Load>,
    /// Touches for humans, by rep.
    pub tasks: BTreeMap<String, usize>,
    /// How many ended how, or where they stand.
    pub ends: BTreeMap<String, usize>,
    /// How many were left out because a condition did not hold.
    pub left_out: usize,
    /// Wordings that were sent, by step and letter.
    pub wordings: BTreeMap<(u16, String), usize>,
    /// The report of all of it, as a house would get it.
    pub report: Option<Report>,
    /// Enrolled, in all cadences.
    pub enrolled: usize,
    /// Mails that somebody got twice, and mails after a stop: both are nought, or it is a defect.
    pub wrong: usize,
}

/// What one day brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Load {
    /// Mails to prospects.
    pub mails: usize,
    /// Touches for humans.
    pub tasks: usize,
    /// Most of them for one rep.
    pub busiest: usize,
}

/// Plays it to the end of the cadence, and a week beyond; after each day `passed` is told how many days of how many are over.
///
/// # Errors
/// When the engine fails.
pub async fn play(options: Options, mut passed: impl FnMut(u64, u64)) -> Result<Rehearsal, WorldError> {
    let cadence = options
        .library
        .cadence(&options.cadence)
        .cloned()
        .ok_or_else(|| WorldError(format!("there is no cadence \"{}\"", options.cadence)))?;
    let start = date(2026, 3, 2).at(6, 0, 0, 0).to_zoned(TimeZone::UTC);
    let start = start
        .map_err(|error| WorldError::of("the calendar", error))?
        .timestamp();
    let bot = address("cadence@reps.test")?;
    let mut dice = fastrand::Rng::with_seed(options.seed);
    let reps = (1..=options.reps.max(1)).map(rep).collect::<Result<Vec<Rep>, _>>()?;
    let people = people(&options, &cadence, &mut dice)?;
    let addresses: Vec<Address> = people.iter().map(|person| person.who.address.clone()).collect();
    let memory = |error| WorldError::of("the memory", error);
    let (store, _) = Store::rehearsed(&Snapshot::empty().map_err(memory)?).map_err(memory)?;
    let mut world = World::new(Setting {
        bot,
        start,
        seed: options.seed,
        reps: reps.clone(),
        people,
        hours: options.hours.clone(),
        pace: options.pace.clone(),
        store,
        post: Post::memory(),
    })?;
    world.bot.house.library = options.library;
    world.reps_decide();
    for (nth, to) in addresses.iter().enumerate() {
        let Some(rep) = reps.get(nth % reps.len()) else {
            continue;
        };
        let day = nth % options.over.max(1);
        let at = start
            + SignedDuration::from_hours(24 * business(day))
            + SignedDuration::from_mins(minutes(&mut dice, 150, 600));
        let event = Event::Enroll {
            rep: rep.address.clone(),
            to: vec![to.clone()],
            cadence: cadence.name.clone(),
            subject: "A question about your week".to_owned(),
        };
        world.plan(at, event);
    }
    let last = business(options.over.max(1)) + i64::from(cadence.span()) * 7 / 5 + 10;
    for day in 1..=last {
        let until = start + SignedDuration::from_hours(24 * day);
        world.run_until(until, &mut |_| {}).await?;
        passed(day.unsigned_abs(), last.unsigned_abs());
    }
    tell(&world, &addresses).await
}

/// The day of the calendar that is so many business days after a Monday.
fn business(day: usize) -> i64 {
    let day = i64::try_from(day).unwrap_or(0);
    day / 5 * 7 + day % 5
}

fn address(text: &str) -> Result<Address, WorldError> {
    Address::parse(text).map_err(|error| WorldError::of(text, error))
}

fn rep(number: usize) -> Result<Rep, WorldError> {
    Ok(Rep {
        address: address(&format!("rep{number}@corp.test"))?,
        name: format!("Rep {number}"),
        zone: TimeZone::UTC,
        zone_name: "UTC".to_owned(),
        digest_at: time(8, 0, 0, 0),
        code_turn: 1,
        daily_cap: None,
        signature: None,
        title: None,
        phone: Some("+1 555 0100".to_owned()),
        calendar_link: Some("https://meet.corp.test/rep".to_owned()),
    })
}

/// The wished share answers, at some mail; of the rest a few are away or want no more mail, as in any list. Dead addresses
/// are left out: by chance they would trip a breaker, and nobody is there to lift its hold.
fn people(options: &Options, cadence: &Cadence, dice: &mut fastrand::Rng) -> Result<Vec<Person>, WorldError> {
    let follow_ups = cadence
        .steps
        .iter()
        .skip(1)
        .filter(|step| step.channel == crate::model::Channel::Email);
    let mails = follow_ups.count().max(1);
    let people = (1..=options.prospects).map(|number| {
        let nth = dice.usize(1..=mails);
        let habit = match dice.f64() {
            drawn if drawn < options.reply_rate => Habit::Replies {
                nth,
                text: "Can you tell me more about it?".to_owned(),
            },
            _ => match dice.u8(..100) {
                0..2 => Habit::AsksToStop { nth },
                2..7 => Habit::Away { days: 6 },
                _ => Habit::Ignores,
            },
        };
        let who = address(&format!("person{number}@prospect{number}.test"))?;
        Ok(Person::new(
            Correspondent::new(Some(&format!("Person {number}")), who),
            habit,
        ))
    });
    people.collect()
}

/// Reads the journals.
async fn tell(world: &World, people: &[Address]) -> Result<Rehearsal, WorldError> {
    let wrong = |error| WorldError::of("the memory", error);
    let store = &world.bot.store;
    let summary = world.summary(0);
    let mut rehearsal = Rehearsal {
        wrong: summary.duplicates + summary.sent_after_stop,
        ..Rehearsal::default()
    };
    let mut by_rep: BTreeMap<(Date, String), usize> = BTreeMap::new();
    for person in people {
        for enrollment in store.of_person(&person.loose()).await.map_err(wrong)? {
            rehearsal.enrolled += 1;
            let stands = match &enrollment.standing {
                Standing::Ended { outcome, .. } => outcome.word(),
                Standing::Paused { .. } => "paused, most after an answer",
                Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } => "under way",
            };
            *rehearsal.ends.entry(stands.to_owned()).or_default() += 1;
            let rep = enrollment.rep.local().to_owned();
            for recorded in store.journal(enrollment.id).await.map_err(wrong)? {
                let day = day(recorded.at);
                match recorded.fact {
                    Fact::Sent { .. } => rehearsal.days.entry(day).or_default().mails += 1,
                    Fact::TaskOpened { .. } => {
                        rehearsal.days.entry(day).or_default().tasks += 1;
                        *rehearsal.tasks.entry(rep.clone()).or_default() += 1;
                        *by_rep.entry((day, rep.clone())).or_default() += 1;
                    }
                    Fact::LeftOut { .. } => rehearsal.left_out += 1,
                    Fact::Rendered {
                        step,
                        variant: Some(variant),
                        ..
                    } => *rehearsal.wordings.entry((step.0, variant.name)).or_default() += 1,
                    _ => {}
                }
            }
        }
    }
    rehearsal.report = Some(reported(world, &rehearsal).await.map_err(wrong)?);
    for ((day, _), tasks) in by_rep {
        let load = rehearsal.days.entry(day).or_default();
        load.busiest = load.busiest.max(tasks);
    }
    Ok(rehearsal)
}

/// The report of all days on which something happened.
async fn reported(world: &World, rehearsal: &Rehearsal) -> Result<Report, StoreError> {
    let today = day(world.now());
    let first = rehearsal.days.keys().next().copied().unwrap_or(today);
    let asked = Asked {
        from: first.min(day_one()),
        to: today,
        cadence: None,
        rep: None,
        minimum: MINIMUM,
    };
    let bot = &world.bot;
    service::report::of(&bot.store, &bot.house.library, &[], &asked).await
}

/// The Monday on which every rehearsal begins.
fn day_one() -> Date {
    date(2026, 3, 2)
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The day of the cadence that a date is, from 1: the first enrollments are on a Monday.
#[must_use]
pub fn day_number(of: Date) -> i64 {
    let first = day_one();
    of.since(first).map_or(0, |span: Span| i64::from(span.get_days())) + 1
}
