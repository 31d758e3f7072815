//! What a morning costs: a digest for each of 1,000 reps with 300 active prospects each.
//!
//! `cargo bench --bench digest` makes a database of 300,000 enrollments on disk (a minute or two) and lets the round that
//! writes digests run on a Tuesday morning. `DIGEST_REPS=100 cargo bench --bench digest` makes a smaller house.
//!
//! | line | from | to read as |
//! |---|---|---|
//! | all digests | the round until nothing is due: tasks opened, digests rendered, composed, committed | grows with the reps |
//! | one digest | the same divided by the reps | what one rep's morning costs |
//! | size of HTML | the letters as they are stored, decoded | under 102,400 bytes Gmail shows a mail whole |
//! | memory | `VmHWM` after the preparation and at the end | bounded by a rep, not by the house |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

mod house;

use cadence::clock::Clock;
use cadence::model::{Address, CadenceName, Fact, LetterId, Rep, StepNo};
use cadence::outbox::Outbox;
use cadence::service::digest;
use cadence::store::{Batch, Store};
use jiff::{SignedDuration, Timestamp};
use std::time::Instant;

/// Prospects of each rep.
const PROSPECTS: usize = 300;
/// Business days over which their next touches lie: a tenth of them is today.
const SPREAD: i64 = 10;

#[tokio::main]
async fn main() {
    let many = std::env::var("DIGEST_REPS").map_or(1_000, |many| many.parse().expect("DIGEST_REPS is a number"));
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = Store::open(&folder.path().join("cadence.db")).await.unwrap();
    let monday: Timestamp = "2026-03-02T08:00:00Z".parse().unwrap();
    let tuesday = monday + SignedDuration::from_hours(24);
    let mut bot = house::bot(store, Outbox::memory());
    bot.clock = Clock::stopped_at(monday);
    let ana = bot.house.reps[0].clone();
    bot.house.reps = (0..many).map(|nth| rep(nth, &ana)).collect();
    // The first digest is the one after the morning on which a rep became known.
    while digest::round(&bot).await.unwrap().done > 0 {}
    let began = Instant::now();
    for (nth, rep) in bot.house.reps.iter().enumerate() {
        enroll(&bot.store, nth, &rep.address, monday, tuesday).await;
    }
    println!(
        "{many} reps with {PROSPECTS} prospects each, prepared in {:.1} s",
        began.elapsed().as_secs_f64()
    );
    println!("memory before                  {:>8.1} MB", peak());

    bot.clock.move_to(tuesday);
    let began = Instant::now();
    while digest::round(&bot).await.unwrap().done > 0 {}
    let took = began.elapsed().as_secs_f64();

    let mut sizes = Vec::with_capacity(many);
    for rep in &bot.house.reps {
        let id = LetterId::of_digest(&rep.address, "2026-03-03");
        let (letter, _) = bot.store.letter(id).await.unwrap().expect("a digest");
        sizes.push(html(&letter.bytes));
    }
    sizes.sort_unstable();
    println!("all digests                    {took:>8.2} s");
    println!("one digest                     {:>8.2} ms", took * 1e3 / many as f64);
    println!(
        "size of HTML                   p50 {} bytes, largest {} bytes",
        sizes[sizes.len() / 2],
        sizes[sizes.len() - 1]
    );
    println!("memory at its peak             {:>8.1} MB", peak());
    assert!(sizes[sizes.len() - 1] < 102_400, "Gmail clips the largest");
}

fn rep(nth: usize, like: &Rep) -> Rep {
    Rep {
        address: Address::parse(&format!("rep{nth}@corp.test")).unwrap(),
        name: format!("Ana Number{nth}"),
        ..like.clone()
    }
}

/// A rep's prospects: every other one waits for a call, the rest for a mail, a tenth of them today.
async fn enroll(store: &Store, nth: usize, rep: &Address, at: Timestamp, today: Timestamp) {
    let cadence = CadenceName::parse("outbound").unwrap();
    let begin = (0..PROSPECTS).map(|place| {
        let mut begin = house::begin_of(nth * PROSPECTS + place, rep, &cadence, today);
        let days = place as i64 % SPREAD;
        let by_call = place % 2 == 0;
        for fact in &mut begin.facts {
            if let Fact::Scheduled { step, due, .. } = fact {
                *due = today + SignedDuration::from_hours(24 * days + 2);
                *step = if by_call { StepNo(2) } else { StepNo(4) };
            }
        }
        begin
    });
    let batch = Batch {
        at: Some(at),
        begin: begin.collect(),
        ..Batch::default()
    };
    store.commit(batch).await.expect("the store takes what is prepared");
}

/// How many bytes the HTML of a mail has.
fn html(mail: &[u8]) -> usize {
    let mail = mail_parser::MessageParser::default().parse(mail).expect("a mail");
    let html = mail.html_bodies().find_map(|part| match &part.body {
        mail_parser::PartType::Html(html) => Some(html.len()),
        _ => None,
    });
    html.expect("an HTML part")
}

/// The most memory that this process ever had, in MB.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().unwrap() / 1e3
}
