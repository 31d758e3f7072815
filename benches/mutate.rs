//! Changed mails by the million through every public reader.
//!
//! `cargo bench --bench mutate [-- --count N] [--from N] [--only N]` changes the mails of `tests/corpus`, the same for the same
//! number, and gives each to every reader of `fuzz/readers.rs`, on all cores. It prints how many were read and how fast, and ends
//! with 1 and the numbers of those that made a reader panic. A million, the default, take some minutes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

#[path = "../tests/mutate/mod.rs"]
mod mutate;
#[path = "../fuzz/readers.rs"]
#[allow(dead_code, reason = "the fuzz targets call them one by one")]
mod readers;

use mutate::Mails;
use readers::READERS;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let asked = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1)?.parse::<u64>().ok()
    };
    let mails = Mails::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"));
    if let Some(only) = asked("--only") {
        READERS.iter().for_each(|(_, read)| read(&mails.changed(only)));
        println!("mail {only}: read");
        return ExitCode::SUCCESS;
    }
    let from = asked("--from").unwrap_or(0);
    let count = asked("--count").unwrap_or(1_000_000);
    let (next, began, bytes) = (AtomicU64::new(from), Instant::now(), AtomicU64::new(0));
    let panicked = Mutex::new(Vec::new());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= from + count {
                        return;
                    }
                    let mail = mails.changed(number);
                    bytes.fetch_add(mail.len() as u64, Ordering::Relaxed);
                    for (name, read) in READERS {
                        if catch_unwind(|| read(&mail)).is_err() {
                            panicked.lock().unwrap().push((number, name));
                        }
                    }
                }
            });
        }
    });
    let (took, panicked) = (began.elapsed(), panicked.into_inner().unwrap());
    println!(
        "{count} changed mails from {from} on, {} MB, through {} readers in {:.1} s on {cores} cores: {} panics",
        bytes.into_inner() / 1_000_000,
        READERS.len(),
        took.as_secs_f64(),
        panicked.len()
    );
    for (number, name) in &panicked {
        println!("  mail {number}: {name}");
    }
    ExitCode::from(u8::from(!panicked.is_empty()))
}
