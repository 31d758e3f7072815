//! The kill matrix: the real binary, killed with `kill -9` at every step that can be seen from outside, started again, and
//! looked at. Nobody gets a touch twice, nobody gets one after a stop, nothing is lost, the row is the fold of its journal.
//!
//! Nothing in the program knows of this, so what is tested is what is shipped. It dies in two ways:
//! - at a step of its talk with the relay ([`wire::Step`]): our relay sees the step and kills before it goes on;
//! - at its n-th system call of a kind ([`CALLS`]): what makes a commit durable, writes to the log, files a mail or speaks to
//!   a server. `strace` kills it there, which is finer than any point in our own code would be.
//!
//! `CADENCE_KILLS=2000 cargo test --test it kills -- --nocapture` asks for so many kills; `CADENCE_KILLS_SEED` for others.
//! Each life (a house, a database, a relay) has its own dice, and a violation names its seed.
//!
//! Not here: power cuts. A killed process leaves what it wrote to the system, a machine without power only what was synced.

mod accounts;
mod life;
mod site;

use super::wire::Step;
use life::Life;
use site::Site;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Kills in one life; then the bot is left alone until all is done, and everything is counted.
const KILLS_A_LIFE: usize = 12;
/// Kills when nobody asks for more.
const KILLS: usize = 36;
/// One life in so many is lived with the real Dovecot and Postfix.
const REAL_EVERY: u64 = 5;
/// Lives lived at once.
const AT_ONCE: usize = 2;

/// Kinds of system calls at which it is killed, and how many of each a start may get through before.
const CALLS: [(&str, &str, usize); 4] = [
    ("durable", "fdatasync,fsync", 24),
    ("log", "pwrite64,ftruncate", 160),
    ("filing", "rename,renameat,renameat2,link,linkat,unlink,unlinkat", 12),
    ("talk", "sendto,write,writev", 120),
];

/// Where it dies next.
#[derive(Debug, Clone, Copy)]
pub enum Kill {
    /// At the n-th time that a client comes so far with the relay.
    Step(Step, usize),
    /// At its n-th call of these.
    Call(&'static str, &'static str, usize),
}

/// Whether one process may watch another here. A hardened container forbids it: all deaths are then at steps of the relay,
/// and the test says so.
fn may_trace() -> bool {
    let strace = crate::servers::program("strace");
    // Where it is forbidden, some versions wait for ever.
    let mut probe = std::process::Command::new("timeout");
    let told = probe
        .arg("20")
        .arg(strace)
        .args(["-D", "-f", "-qq", "-o", "/dev/null", "true"])
        .output();
    let may = told.is_ok_and(|told| told.status.success());
    if !may {
        println!("no process may watch another here: all deaths are at steps of the relay");
    }
    may
}

/// The next death. Only our own relay sees steps.
fn choose(dice: &mut fastrand::Rng, real: bool, traced: bool) -> Kill {
    if !real && (!traced || dice.u8(..100) < 45) {
        let step = Step::ALL[dice.usize(..Step::ALL.len())];
        return Kill::Step(step, dice.usize(1..6));
    }
    let (name, calls, most) = CALLS[dice.usize(..CALLS.len())];
    Kill::Call(name, calls, dice.usize(1..=most))
}

/// What a matrix came to.
#[derive(Default)]
struct Sum {
    /// Deaths, by what they were.
    kills: Mutex<std::collections::BTreeMap<String, usize>>,
    touches: AtomicUsize,
    stops: AtomicUsize,
    in_doubt: AtomicUsize,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Lives one life of so many kills, and counts at its end.
fn live(seed: u64, kills: usize, real: bool, traced: bool, sum: &Sum) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut life = Life::begin(if real { Site::real() } else { Site::ours(seed) }, seed);
    for nth in 0..kills {
        let kill = choose(&mut dice, real, traced);
        life.goes_on(&mut dice);
        let died = life.dies(kill, nth);
        *sum.kills.lock().unwrap().entry(died).or_default() += 1;
        life.holds(nth);
    }
    let account = life.ends();
    println!(
        "life {seed}, {}: {kills} kills",
        if real { "Dovecot and Postfix" } else { "our relay" }
    );
    sum.touches.fetch_add(account.touches, Ordering::Relaxed);
    sum.stops.fetch_add(account.stops, Ordering::Relaxed);
    sum.in_doubt.fetch_add(account.in_doubt, Ordering::Relaxed);
}

/// Lives lives until there were so many kills.
fn matrix(kills: usize, seed: u64, is_real: impl Fn(u64) -> bool + Sync) {
    let (sum, next) = (Sum::default(), AtomicU64::new(0));
    let lives = kills.div_ceil(KILLS_A_LIFE) as u64;
    let traced = may_trace();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if nth >= lives {
                        return;
                    }
                    let left = kills - usize::try_from(nth).unwrap() * KILLS_A_LIFE;
                    live(seed + nth, left.min(KILLS_A_LIFE), traced && is_real(nth), traced, &sum);
                }
            });
        }
    });
    let died = sum.kills.into_inner().unwrap();
    let total: usize = died.values().sum();
    println!(
        "{total} kills in {lives} lives: {} touches, {} stops, {} in doubt, 0 violations\n{died:#?}",
        sum.touches.into_inner(),
        sum.stops.into_inner(),
        sum.in_doubt.into_inner()
    );
    assert_eq!(total, kills);
}

#[test]
fn killed_at_any_step_it_sends_nothing_twice_nothing_after_a_stop_and_loses_nothing() {
    let (kills, seed) = (number("CADENCE_KILLS", KILLS as u64), number("CADENCE_KILLS_SEED", 1));
    matrix(usize::try_from(kills).unwrap(), seed, |nth| nth % REAL_EVERY == 2);
}
