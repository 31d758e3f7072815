//! What the bot costs while it has nothing to do: with 100,000 active enrollments, and with none to compare.
//!
//! `cargo bench --bench idle` starts the real binary (`cadence run`) on a Maildir mailbox and a Maildir relay, first in an
//! empty house, then in one whose 100,000 enrollments all wait for a day that is far away, and prints for each:
//!
//! | line | from | to read as |
//! |---|---|---|
//! | start until ready | the start of the process until it logs `ready` | must not grow with the enrollments |
//! | memory | `VmRSS` after 10 s | must not grow with the enrollments; a part of it is the program itself |
//! | processor | user and system time of 20 s of idling, in ticks of 10 ms | looking at the Maildir each second, and nothing else |
//! | stop | SIGTERM until the process ended, and its exit code | 0 is fine |
//!
//! It takes about 90 seconds, and needs Linux (`/proc`) and 200 MB under `target/`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs
)]

mod house;

use cadence::store::Store;
use house::Running;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

/// Active enrollments in the full house.
const ENROLLMENTS: usize = 100_000;
/// How long it settles before it is looked at.
const SETTLE: Duration = Duration::from_secs(10);
/// How long it is watched idling.
const IDLE: Duration = Duration::from_secs(20);

const CONFIGURATION: &str = r#"
[bot]
address = "cadence@reps.test"
[mailbox]
kind = "maildir"
path = "in"
[relay]
kind = "maildir"
path = "out"
[[rep]]
address = "ana@corp.test"
name = "Ana Costa"
zone = "Europe/Berlin"
"#;

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let at = folder.path();
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(at.join("in").join(part)).unwrap();
    }
    std::fs::write(at.join("cadence.toml"), CONFIGURATION).unwrap();
    let empty = Seen::of(at);
    let database = at.join("cadence-data/cadence.db");
    fill(&database);
    let megabytes = std::fs::metadata(&database).unwrap().len() >> 20;
    println!("{ENROLLMENTS} enrollments in a database of {megabytes} MB, and an empty house");
    let full = Seen::of(at);
    empty.tell("empty house");
    full.tell("full house");
}

fn fill(database: &Path) {
    let begun = Instant::now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Store::open(database).await.unwrap();
        let now = Timestamp::now();
        house::enroll_waiting(&store, ENROLLMENTS, now, now + SignedDuration::from_hours(24 * 60)).await;
        let counts = store.counts().await.unwrap();
        assert_eq!(counts.enrollments, [("waiting".to_owned(), ENROLLMENTS as i64)]);
    });
    println!("filled in {:.1} s", begun.elapsed().as_secs_f64());
}

/// One run of the binary.
struct Seen {
    start: Duration,
    memory: u64,
    cpu: Duration,
    stop: Duration,
    end: ExitStatus,
}

impl Seen {
    fn of(folder: &Path) -> Self {
        let (bot, start) = Running::start(folder);
        std::thread::sleep(SETTLE);
        let memory = bot.memory();
        let before = bot.cpu();
        std::thread::sleep(IDLE);
        let cpu = bot.cpu() - before;
        let (stop, end) = bot.stop();
        Self {
            start,
            memory,
            cpu,
            stop,
            end,
        }
    }

    fn tell(&self, house: &str) {
        println!("{house}");
        println!("  start until ready {:>8.1} ms", self.start.as_secs_f64() * 1e3);
        println!(
            "  memory            {:>8.1} MB",
            self.memory as f64 / f64::from(1 << 20)
        );
        println!(
            "  processor         {:>8.0} ms in {} s",
            self.cpu.as_secs_f64() * 1e3,
            IDLE.as_secs()
        );
        println!(
            "  stop              {:>8.1} ms, {}",
            self.stop.as_secs_f64() * 1e3,
            self.end
        );
    }
}
