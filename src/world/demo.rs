//! `cadence demo`: weeks of a small team in seconds, on the real engine, with everything left to open.

mod page;
mod room;

pub use room::make_room;

use super::people::{is_digest, is_report, minutes};
use super::{Event, Habit, Line, Person, Post, Setting, Summary, World, WorldError};
use crate::config::Reports as Settings;
use crate::mail::read::{Mail, read};
use crate::model::{Address, CadenceName, Correspondent, Hours, Pace, Promote, Rep, Window};
use crate::report::{self, Asked, MINIMUM};
use crate::service;
use crate::service::report_mail::Reports;
use crate::store::Store;
use crate::template::Library;
use jiff::civil::{Time, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What to play.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder that takes everything.
    pub out: PathBuf,
    /// The same seed plays the same story.
    pub seed: u64,
}

/// Days the story lasts.
pub const DAYS: i64 = 42;

const REPS: [(&str, &str, &str); 3] = [
    ("Ana Costa", "ana", "Europe/Lisbon"),
    ("Ben Weber", "ben", "Europe/Berlin"),
    ("Cho Park", "cho", "America/New_York"),
];

/// Who leads them.
const LEAD: &str = "lead@corp.test";

const PEOPLE: [(&str, &str); 24] = [
    ("Jane Doe", "jane.doe@acme.test"),
    ("Li Wei", "li@northwind.test"),
    ("Omar Haddad", "omar@contoso.test"),
    ("Freja Holm", "freja@nordlys.test"),
    ("Paul Okafor", "paul@lagosfreight.test"),
    ("Marta Silva", "marta@portola.test"),
    ("Tom Brandt", "t.brandt@werkhaus.test"),
    ("Nina Rossi", "nina@lumiere.test"),
    ("Sam Patel", "sam@brightpath.test"),
    ("Eva Novak", "eva@moravia.test"),
    ("Luis Ortega", "luis@altavista-foods.test"),
    ("Grace Kim", "grace@hanbyul.test"),
    ("Noah Klein", "noah@kleinundco.test"),
    ("Iris Janssen", "iris@dijkwerk.test"),
    ("Amir Cohen", "amir@tidal.test"),
    ("Sofia Ricci", "sofia@ricci-tiles.test"),
    ("Peter Vogel", "peter@vogelbau.test"),
    ("Hana Sato", "hana@kumo.test"),
    ("Owen Byrne", "owen@liffey.test"),
    ("Lea Fischer", "lea@fischerlog.test"),
    ("Kofi Mensah", "kofi@accraline.test"),
    ("Zoe Martin", "zoe@atelier-m.test"),
    ("Adam Nagy", "adam@dunapack.test"),
    ("Ruth Cole", "ruth@colestore.test"),
];

const SUBJECTS: [&str; 4] = [
    "Your shipping desk in spring",
    "Mornings without carrier mails",
    "A question about your warehouse",
    "Two numbers from your trade",
];

/// When the story begins: a Monday morning.
#[must_use]
pub fn begin() -> Option<Timestamp> {
    Some(
        date(2026, 3, 2)
            .at(5, 0, 0, 0)
            .to_zoned(TimeZone::UTC)
            .ok()?
            .timestamp(),
    )
}

/// Plays the story into `options.out`, for which [`make_room`] comes first.
///
/// # Errors
/// When the engine fails or the folder cannot be written.
pub async fn play(options: &Options, tell: &mut (dyn FnMut(&Line) + Send)) -> Result<Summary, WorldError> {
    let out = &options.out;
    let bot = address("cadence@reps.test")?;
    let start = begin().ok_or_else(|| WorldError("the calendar knows no such day".to_owned()))?;
    let database = out.join("cadence.db");
    let store = Store::open(&database)
        .await
        .map_err(|error| WorldError::of("the database", error))?;
    let mut dice = fastrand::Rng::with_seed(options.seed);
    let mut world = World::new(Setting {
        start,
        seed: options.seed,
        reps: reps()?,
        people: people(&mut dice)?,
        hours: Hours {
            window: Window {
                from: time(9, 0, 0, 0),
                to: time(17, 0, 0, 0),
            },
            weekdays: Hours::USUAL_WEEKDAYS.into(),
            holidays: BTreeSet::from([date(2026, 4, 3), date(2026, 4, 6)]),
            ..Hours::usual()
        },
        pace: Pace::USUAL,
        store: store.clone(),
        post: Post::maildirs(&out.join("mail"), &bot),
        bot,
    })?;
    // They are new to it all, and are told how it works.
    world.bot.house.spoken = service::Spoken::new(true);
    world.reps_decide();
    world.bot.reports = Reports::new(reports()?, Vec::new());
    plan(&mut world, start, &mut dice)?;
    let mut story = String::new();
    let mut each = |line: &Line| {
        story.push_str(&format!("{line}\n"));
        tell(line);
    };
    world
        .run_until(start + SignedDuration::from_hours(24 * DAYS), &mut each)
        .await?;
    let summary = world.summary(DAYS);
    save(out, &story, &summary)?;
    save_report(out, &store, start).await?;
    Ok(summary)
}

/// Each rep gets their week, and whoever leads them the team's weeks and months.
fn reports() -> Result<Settings, WorldError> {
    Ok(Settings {
        reps: true,
        managers: vec![address(LEAD)?],
        daily: true,
        weekly: true,
        monthly: true,
        quarterly: true,
        at: Time::constant(8, 0, 0, 0),
        zone: None,
        minimum: MINIMUM,
        seed: 0,
        promote: Promote::Ask,
    })
}

fn address(text: &str) -> Result<Address, WorldError> {
    Address::parse(text).map_err(|error| WorldError::of(text, error))
}

fn reps() -> Result<Vec<Rep>, WorldError> {
    let mut reps = Vec::new();
    for (name, local, zone_name) in REPS {
        let zone = TimeZone::get(zone_name).map_err(|error| WorldError::of(zone_name, error))?;
        reps.push(Rep {
            address: address(&format!("{local}@corp.test"))?,
            name: name.to_owned(),
            zone,
            zone_name: zone_name.to_owned(),
            digest_at: Time::constant(8, 0, 0, 0),
            code_turn: 1,
            daily_cap: None,
            signature: None,
            title: Some("Account Executive".to_owned()),
            phone: Some("+1 555 0100".to_owned()),
            calendar_link: Some(format!("https://meet.corp.test/{local}")),
        });
    }
    Ok(reps)
}

/// Every habit is there; who has which is for the dice, and a rep may end it before it shows.
fn people(dice: &mut fastrand::Rng) -> Result<Vec<Person>, WorldError> {
    let replies = |nth, text: &str| Habit::Replies {
        nth,
        text: text.to_owned(),
    };
    let mut habits = vec![
        replies(1, "Interesting timing. Can you send me two slots next week?"),
        replies(1, "Not now, but ask me again in June."),
        replies(2, "We work with somebody else and are happy there."),
        replies(2, "Yes, mornings are exactly the problem. How does this work?"),
        replies(3, "Please talk to my colleague in operations about this."),
        replies(1, "What does it cost?"),
        Habit::Away { days: 9 },
        Habit::Away { days: 4 },
        Habit::Away { days: 15 },
        Habit::AsksToStop { nth: 1 },
        Habit::AsksToStop { nth: 2 },
        Habit::Unsubscribes { nth: 1 },
        Habit::Unsubscribes { nth: 3 },
        Habit::DoesNotExist,
        Habit::DoesNotExist,
    ];
    habits.resize(PEOPLE.len(), Habit::Ignores);
    dice.shuffle(&mut habits);
    PEOPLE
        .iter()
        .zip(habits)
        .map(|((name, text), habit)| Ok(Person::new(Correspondent::new(Some(name), address(text)?), habit)))
        .collect()
}

/// Each rep enrolls eight people over the first two weeks, in their working hours.
fn plan(world: &mut World, start: Timestamp, dice: &mut fastrand::Rng) -> Result<(), WorldError> {
    for (nth, (_, text)) in PEOPLE.iter().enumerate() {
        let Some((_, local, zone)) = REPS.get(nth % REPS.len()) else {
            continue;
        };
        let cadence = if dice.u8(..4) == 0 { "inbound" } else { "outbound" };
        let cadence = CadenceName::parse(cadence).map_err(|error| WorldError::of("the cadence", error))?;
        let subject = SUBJECTS
            .get(dice.usize(..SUBJECTS.len()))
            .copied()
            .unwrap_or("Hello")
            .to_owned();
        let (week, weekday) = (dice.i64(0..2), dice.i64(0..5));
        let day = start
            .to_zoned(TimeZone::UTC)
            .date()
            .saturating_add(jiff::Span::new().days(week * 7 + weekday));
        let zone = TimeZone::get(zone).map_err(|error| WorldError::of("the zone", error))?;
        let morning = day
            .at(9, 0, 0, 0)
            .to_zoned(zone)
            .map_err(|error| WorldError::of("the calendar", error))?;
        let at = morning.timestamp() + SignedDuration::from_mins(minutes(dice, 5, 420));
        if nth == 0 {
            // Somebody else has the same idea, and is told who has this prospect.
            world.plan(
                at + SignedDuration::from_hours(2),
                Event::Enroll {
                    rep: address("ben@corp.test")?,
                    to: vec![address(text)?],
                    cadence: cadence.clone(),
                    subject: "Hello from Corp".to_owned(),
                },
            );
        }
        world.plan(
            at,
            Event::Enroll {
                rep: address(&format!("{local}@corp.test"))?,
                to: vec![address(text)?],
                cadence,
                subject,
            },
        );
    }
    Ok(())
}

fn save(out: &Path, story: &str, summary: &Summary) -> Result<(), WorldError> {
    let wrong = |error: std::io::Error| WorldError::of("the results cannot be written", error);
    fs::write(out.join(room::MARK), story).map_err(wrong)?;
    let json = serde_json::to_string_pretty(summary).map_err(|error| WorldError::of("the summary", error))?;
    fs::write(out.join("summary.json"), json + "\n").map_err(wrong)?;
    save_mails(out).map_err(wrong)
}

/// The report of the whole story.
async fn save_report(out: &Path, store: &Store, start: Timestamp) -> Result<(), WorldError> {
    let library = Library::embedded().map_err(|_| WorldError("the shipped cadences do not load".to_owned()))?;
    let day = |days: i64| {
        (start + SignedDuration::from_hours(24 * days))
            .to_zoned(TimeZone::UTC)
            .date()
    };
    let asked = Asked {
        from: day(0),
        to: day(DAYS),
        cadence: None,
        rep: None,
        minimum: MINIMUM,
    };
    let made = service::report::of(store, &library, &[], &asked).await;
    let made = made.map_err(|error| WorldError::of("the report", error))?;
    fs::write(out.join("report.html"), report::html(&made))
        .map_err(|error| WorldError::of("the report cannot be written", error))
}

/// Every digest and every report by mail, as the mail and as its page.
fn save_mails(out: &Path) -> std::io::Result<()> {
    let readers = REPS.iter().map(|(_, local, _)| *local).chain(["lead"]);
    for kind in ["digests", "reports"] {
        fs::create_dir_all(out.join(kind))?;
    }
    for local in readers {
        let folder = out.join("mail").join(format!("{local}@corp.test")).join("new");
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(folder)? {
            let bytes = fs::read(entry?.path())?;
            let mail = read(&bytes);
            let Some((kind, name)) = kept_as(local, &mail) else {
                continue;
            };
            let at = out.join(kind).join(name);
            fs::write(at.with_extension("eml"), &bytes)?;
            if let Some(page) = mail.parts.iter().find(|part| part.content_type == "text/html") {
                fs::write(at.with_extension("html"), page::standalone(&page.text, &bytes))?;
            }
        }
    }
    Ok(())
}

/// The folder and the name of a digest or a report.
fn kept_as(local: &str, mail: &Mail) -> Option<(&'static str, String)> {
    let date = mail.date?.to_zoned(TimeZone::UTC).date();
    if is_report(mail) {
        let span = mail.subject.split_once(": ").map_or("", |(_, span)| span);
        return Some((
            "reports",
            format!("{date}-{local}-{}", span.to_lowercase().replace(' ', "-")),
        ));
    }
    is_digest(mail).then(|| ("digests", format!("{date}-{local}")))
}
