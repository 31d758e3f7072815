//! How many scheduling decisions one core makes in a second: when a touch falls due, and why then.
//!
//! `cargo bench --bench schedule` plans every touch of every shipped cadence for prospects all over the world, with and without
//! what makes days differ (several plausible zones, public holidays, lunch, preferred days, a rep on vacation), and asks the
//! gate whether a touch may go now. Each line is a rate of one core; read them beside one another: the machine's own speed is
//! that of the plain dates in the last line, which walks through as many days with jiff alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs
)]

use cadence::model::{Address, Away, Hours, Prospect, StepNo, Window, Zone, ZoneReason};
use cadence::rules::diary::Diary;
use cadence::rules::enroll::{Hints, gone, zone};
use cadence::rules::window;
use cadence::template::Library;
use jiff::civil::{Weekday, date, time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each line is measured.
const EACH: Duration = Duration::from_secs(3);

/// Who is written to: what is known of them, and where that puts them.
const PEOPLE: [(&str, &[(&str, &str)]); 8] = [
    ("jane@acme.de", &[("region", "BY")]),
    ("jane@acme.com", &[("phone", "+1 212 555 0100")]),
    ("jane@acme.us", &[]),
    ("jane@acme.co.uk", &[]),
    ("jane@acme.com", &[("country", "Australia"), ("region", "NSW")]),
    ("jane@acme.jp", &[]),
    ("jane@acme.com", &[("timezone", "America/Sao_Paulo")]),
    ("jane@acme.com", &[]),
];

fn main() {
    let rep = gone(&Address::parse("ana@corp.test").unwrap());
    let now: Timestamp = "2026-03-09T09:00:00Z".parse().unwrap();
    let people: Vec<Prospect> = PEOPLE.iter().map(|(who, words)| prospect(who, words, now)).collect();
    let plain = Hours {
        public: false,
        ..Hours::usual()
    };
    let full = Hours {
        lunch: Some(Window {
            from: time(12, 0, 0, 0),
            to: time(13, 0, 0, 0),
        }),
        prefer: vec![Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday],
        away: vec![Away {
            rep: rep.address.clone(),
            from: date(2026, 3, 20),
            to: date(2026, 4, 2),
        }],
        ..Hours::usual()
    };
    let library = Library::embedded().unwrap();
    line("touches planned, the team's days alone", || {
        plan(&library, &people, &rep.address, &plain, now)
    });
    line("touches planned, all rules", || {
        plan(&library, &people, &rep.address, &full, now)
    });
    line("asked whether a touch may go now", || {
        ask(&library, &people, &rep.address, &full, now)
    });
    line("zones found for a prospect", || {
        for person in &people {
            black_box(zone(&Hints::of(&person.address, &person.fields, Some(60)), &rep, now));
        }
        people.len()
    });
    line("dates of a zone walked through, jiff alone", || walk(now));
}

fn prospect(who: &str, words: &[(&str, &str)], now: Timestamp) -> Prospect {
    let mut prospect = Prospect {
        address: Address::parse(who).unwrap(),
        name: None,
        fields: words
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::Rep),
    };
    let rep = gone(&prospect.address);
    prospect.zone = zone(&Hints::of(&prospect.address, &prospect.fields, None), &rep, now);
    prospect
}

/// Every touch of every cadence for each of them, one counted from the other.
fn plan(library: &Library, people: &[Prospect], rep: &Address, hours: &Hours, now: Timestamp) -> usize {
    let mut planned = 0;
    for (seed, person) in (0_i64..).zip(people) {
        for cadence in library.cadences() {
            let diary = Diary::of(person, rep, hours);
            let mut made: Option<(StepNo, Timestamp)> = None;
            for step in &cadence.steps {
                let from = made.map_or(now, |(_, at)| at);
                let slot = window::slot(cadence, step, made, now, &diary, seed, from);
                made = Some((step.number, black_box(slot).at));
                planned += 1;
            }
        }
    }
    planned
}

/// The gate's question, each with a diary of its own, as `deliver` asks it.
fn ask(library: &Library, people: &[Prospect], rep: &Address, hours: &Hours, now: Timestamp) -> usize {
    let mut asked = 0;
    for person in people {
        for cadence in library.cadences() {
            for hour in 0..24 {
                let diary = Diary::of(person, rep, hours);
                let at = now + SignedDuration::from_hours(hour);
                black_box(window::open(cadence, &diary, at).is_ok());
                asked += 1;
            }
        }
    }
    asked
}

fn walk(now: Timestamp) -> usize {
    let rules = Zone::rules_of("America/New_York").unwrap();
    let mut day = rules.to_datetime(now).date();
    for _ in 0..1_000 {
        black_box(rules.to_ambiguous_timestamp(day.at(9, 0, 0, 0)).compatible().unwrap());
        day = day.checked_add(1.day()).unwrap();
    }
    1_000
}

/// Repeats `work`, which says how many decisions it made, and prints the rate.
fn line(what: &str, mut work: impl FnMut() -> usize) {
    work();
    let (begun, mut done) = (Instant::now(), 0);
    while begun.elapsed() < EACH {
        done += work();
    }
    let seconds = begun.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(done).unwrap_or(u32::MAX)) / seconds;
    println!("{rate:>12.0} a second  {what}");
}
