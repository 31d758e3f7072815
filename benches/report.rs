//! What the numbers cost: counting a journal, and a month's report out of it.
//!
//! `cargo bench --bench report` makes databases of 10,000 and 100,000 enrollments with ten facts each over two years, counts
//! them from nothing and makes reports; `cargo bench --bench report -- 1000000` makes one of that many.
//!
//! | line | from | to read as |
//! |---|---|---|
//! | count all | `Store::tally_up` on a journal that was never counted | once in a database's life; grows with the journal |
//! | count a day more | the same with the facts of the last day left | what a running bot does; must not grow |
//! | report of a month | `service::report::of` for 31 days, counted already | the goal is 2 s at 1,000,000 enrollments |
//! | report of all | the same for two years | grows with the days |
//! | memory | `VmHWM` at the end | bounded by a portion, not by the journal |
//!
//! Then the truth tests of A/B verdicts as a table: false winners, and sends until a true lift is found.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use cadence::model::*;
use cadence::report::{Arm, Asked, Finding, MINIMUM, judge, per_arm};
use cadence::service;
use cadence::store::Store;
use cadence::template::Library;
use jiff::civil::Date;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// Days over which people are enrolled.
const DAYS: i64 = 730;
const BEGIN_MS: i64 = 1_704_067_200_000;
const DAY_MS: i64 = 86_400_000;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Cargo adds a word of its own.
    let words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let mut sizes: Vec<i64> = words
        .map(|word| word.parse().expect("the argument is a number of enrollments"))
        .collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    for size in sizes {
        runtime.block_on(measure(size));
    }
    truth();
}

async fn measure(enrollments: i64) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("cadence.db");
    drop(Store::open(&path).await.unwrap());
    let began = Instant::now();
    let (facts, last_day) = fill(&path, enrollments);
    let filled = (began.elapsed(), memory());
    let store = Store::open(&path).await.unwrap();
    println!("\n{enrollments} enrollments, {facts} facts");
    say("build", filled.0);
    println!("  {:<20} {:>10}", "memory, built", filled.1);
    // The last day is counted apart.
    let began = Instant::now();
    store.tally_up().await.unwrap();
    say("count all", began.elapsed());
    println!("  {:<20} {:>10}", "memory, counted", memory());
    add_a_day(&path, enrollments, last_day);
    let began = Instant::now();
    store.tally_up().await.unwrap();
    say("count a day more", began.elapsed());
    let library = Library::embedded().unwrap();
    for (name, from, to) in [
        ("report of a month", "2025-10-01", "2025-10-31"),
        ("report of all", "2024-01-01", "2025-12-31"),
    ] {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let asked = Asked {
            from: date(from),
            to: date(to),
            cadence: None,
            rep: None,
            minimum: MINIMUM,
        };
        let began = Instant::now();
        let made = service::report::of(&store, &library, &[], &asked).await.unwrap();
        say(name, began.elapsed());
        assert!(
            made.sections
                .iter()
                .any(|section| section.id == "funnel" && !section.rows.is_empty())
        );
    }
    println!("  {:<20} {:>10}", "memory", memory());
    println!(
        "  {:<20} {:>7} MB",
        "database",
        std::fs::metadata(&path).unwrap().len() / 1_000_000
    );
}

fn say(what: &str, took: Duration) {
    println!("  {what:<20} {:>8.0} ms", took.as_secs_f64() * 1_000.0);
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or_else(String::new, |line| line.trim_start_matches("VmHWM:").trim().to_owned())
}

/// The columns `code` and `data` of a fact.
fn columns(fact: &Fact) -> (String, String) {
    let mut value = serde_json::to_value(fact).unwrap();
    let code = value.as_object_mut().unwrap().remove("code").unwrap();
    (code.as_str().unwrap().to_owned(), value.to_string())
}

/// Ten facts of each life, in the order of time, as a bot would have written them.
fn fill(path: &Path, enrollments: i64) -> (i64, i64) {
    let mut dice = fastrand::Rng::with_seed(3);
    let names = ["outbound", "inbound", "cold-outbound", "event"];
    let mut days: BTreeMap<i64, Vec<(i64, i64, usize)>> = BTreeMap::new();
    let mut connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL;")
        .unwrap();
    let mut seq = 0;
    for day in 0..DAYS + 30 {
        let work = connection.transaction().unwrap();
        let mut insert = work
            .prepare("INSERT INTO fact (seq, at_ms, enrollment, code, data) VALUES (?1, ?2, ?3, ?4, ?5)")
            .unwrap();
        let mut row = work
            .prepare(
                "INSERT INTO enrollment (id, version, rep, person, standing, step, due_ms, letter, first_fact, detail) \
                 VALUES (?1, 10, ?2, ?3, 'ended', NULL, NULL, NULL, ?4, '{}')",
            )
            .unwrap();
        let today = if day < DAYS {
            enrollments * (day + 1) / DAYS - enrollments * day / DAYS
        } else {
            0
        };
        let first = if day < DAYS { enrollments * day / DAYS } else { 0 };
        for nth in 0..today {
            days.entry(day)
                .or_default()
                .push((first + nth + 1, dice.i64(0..DAY_MS), 0));
        }
        for (id, moment, place) in days.remove(&day).unwrap_or_default() {
            let life = u64::try_from(id).unwrap();
            let fact = fact(id, place, &names);
            let (code, data) = columns(&fact);
            seq += 1;
            let at = BEGIN_MS + day * DAY_MS + moment;
            insert.execute(params![seq, at, id, code, data]).unwrap();
            if place == 0 {
                row.execute(params![
                    id,
                    format!("rep{}@corp.test", life % 50),
                    format!("p{id}@acme.test"),
                    seq
                ])
                .unwrap();
            }
            if place < 9 {
                let later = day + i64::from(place % 2 == 0) * dice.i64(1..5);
                days.entry(later.max(day + 1))
                    .or_default()
                    .push((id, moment, place + 1));
            }
        }
        drop((insert, row));
        work.commit().unwrap();
    }
    (seq, seq)
}

/// The `place`th fact of a life: who answers, meets or opts out hangs on the id.
fn fact(id: i64, place: usize, names: &[&str; 4]) -> Fact {
    let (step, why) = (
        StepNo(u16::try_from(place / 2 + 1).unwrap()),
        "in the window".to_owned(),
    );
    let life = usize::try_from(id).unwrap();
    match place {
        0 => Fact::Enrolled {
            rep: Address::parse(&format!("rep{}@corp.test", life % 50)).unwrap(),
            prospect: Box::new(Prospect {
                address: Address::parse(&format!("p{id}@acme.test")).unwrap(),
                name: Some("Li Doe".to_owned()),
                fields: BTreeMap::from([("source".to_owned(), ["web", "list", "event"][life % 3].to_owned())]),
                zone: Zone {
                    name: "Europe/Berlin".to_owned(),
                    reason: ZoneReason::Given,
                    others: Vec::new(),
                },
            }),
            cadence: CadenceName::parse(names[life / 50 % 4]).unwrap(),
            edition: "e1".to_owned(),
            mail: ContentKey(format!("{id:064x}")),
            thread: Thread {
                subject: "Hello".to_owned(),
                ids: Vec::new(),
            },
            adopted: Some(StepNo(1)),
            stood_for: None,
        },
        1 | 4 => Fact::Scheduled {
            step,
            due: jiff::Timestamp::UNIX_EPOCH,
            why,
            of: Some(StepMark {
                template: format!("step-{step}"),
                day: u32::from(step.0),
                channel: Channel::Email,
            }),
        },
        2 | 5 => Fact::Rendered {
            step,
            letter: LetterId(id * 10 + i64::from(step.0)),
            subject: "Hello".to_owned(),
            variant: Some(Variant {
                name: ["a", "b"][life % 2].to_owned(),
                test: None,
            }),
            begins: false,
            text: None,
        },
        3 | 6 => Fact::Sent {
            step,
            message_id: MessageId::parse(&format!("<{id}.{step}@corp.test>")).unwrap(),
        },
        7 => Fact::TaskOpened {
            step,
            task: TaskId(id),
            text: None,
        },
        8 if life.is_multiple_of(12) => Fact::Replied {
            answers: Some(step),
            maybe: false,
            intent: Some(Intent::Interested),
        },
        8 => Fact::TaskClosed {
            step,
            task: TaskId(id),
            outcome: TaskOutcome::NoAnswer,
            note: None,
        },
        _ => Fact::Ended {
            outcome: if life.is_multiple_of(24) {
                Ending::Met
            } else {
                Ending::Completed
            },
        },
    }
}

/// One day of new facts behind everything that was counted.
fn add_a_day(path: &Path, enrollments: i64, last: i64) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN;").unwrap();
    let (code, data) = columns(&Fact::Complained);
    for nth in 1..=(enrollments / DAYS).max(1) {
        connection
            .prepare_cached("INSERT INTO fact (seq, at_ms, enrollment, code, data) VALUES (?1, ?2, ?3, ?4, ?5)")
            .unwrap()
            .execute(params![
                last + nth,
                BEGIN_MS + DAYS * DAY_MS,
                enrollments - nth + 1,
                code,
                data
            ])
            .unwrap();
    }
    connection.execute_batch("COMMIT;").unwrap();
}

fn truth() {
    let mut dice = fastrand::Rng::with_seed(1);
    println!("\ntests of wordings, minimum 100, a look after every 50 mails an arm");
    println!(
        "  {:<14} {:>8} {:>15} {:>14} {:>12}",
        "true rates", "runs", "promised an arm", "half found by", "winner b"
    );
    for (a, b) in [
        (0.02, 0.02),
        (0.05, 0.05),
        (0.1, 0.1),
        (0.2, 0.2),
        (0.05, 0.1),
        (0.1, 0.15),
        (0.03, 0.05),
    ] {
        let (runs, mut sends, mut wrong) = (5_000, Vec::new(), 0);
        for _ in 0..runs {
            let (sent, finding) = run(&mut dice, [a, b]);
            match finding {
                Finding::Wins(name) if name == "b" => sends.push(sent),
                Finding::Wins(_) => wrong += 1,
                _ => {}
            }
        }
        sends.sort_unstable();
        let share = |many: usize| format!("{:.2} %", many as f64 * 100.0 / f64::from(runs));
        if a < b {
            let half = sends.get(sends.len() / 2).copied().unwrap_or(0);
            let found = share(sends.len());
            println!("  {a:<5} {b:<8} {runs:>8} {:>15} {half:>14} {found:>12}", per_arm(a, b));
        } else {
            let winners = share(sends.len() + wrong);
            println!("  {a:<5} {b:<8} {runs:>8}   false winners of either: {winners}");
        }
    }
}

fn run(dice: &mut fastrand::Rng, rates: [f64; 2]) -> (i64, Finding) {
    let arm = |name: &str| Arm {
        name: name.to_owned(),
        sent: 0,
        hits: 0,
        harm: 0,
    };
    let mut arms = [arm("a"), arm("b")];
    loop {
        for (arm, rate) in arms.iter_mut().zip(rates) {
            arm.sent += 50;
            arm.hits += i64::try_from((0..50).filter(|_| dice.f64() < rate).count()).unwrap();
        }
        match judge(&arms, MINIMUM).finding {
            Finding::NotYet(_) => {}
            finding => return (arms[0].sent, finding),
        }
    }
}
