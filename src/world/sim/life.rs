//! The life of one bot in one world: its rounds, step by step, its deaths, and its starts.
//!
//! The bot's future is polled by hand, without any runtime. Between two polls the world may do anything: the process dies
//! when the future is dropped, which is between any two of its steps (a commit, a phase of the relay, a mail filed).

use super::administrator::{hold, unhold};
use super::ends::Ends;
use super::fault::{When, crash_name};
use super::mailbox::Server;
use super::plan::Plan;
use super::planted::Planted;
use super::relay::Relay;
use super::report::{Verdict, Violation};
use super::town::{Order, Shared, Town};
use crate::clock::Clock;
use crate::inbox::Inbox;
use crate::model::{BotAddress, Key};
use crate::service::intake::IntakeError;
use crate::service::{Bot, House, Progress, deliver, intake, pulse};
use crate::store::{Batch, Rehearsal, Snapshot, Store};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Rounds at one moment after which something turns in circles.
const ROUNDS: usize = 2_000;
/// Steps at one moment after which something turns in circles.
const STEPS: usize = 2_000_000;
/// Days in which everything works, at the end.
const REST: i64 = 6;

/// Knows whether somebody wants to be polled again.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Why a world stopped before its end.
pub(super) struct Stuck(&'static str, String);

/// When the process dies next.
#[derive(Default)]
struct Doom {
    after: Option<u32>,
    again: u32,
    down: i64,
    /// Where it died last, when that was a place with a name.
    place: Option<When>,
}

/// How the rounds left things.
struct Rest {
    wake: Option<Timestamp>,
    away: bool,
    /// Whether anything was done.
    done: bool,
}

/// One bot in one world.
pub(super) struct Life {
    plan: Arc<Plan>,
    town: Shared,
    store: Store,
    disk: Rehearsal,
    clock: Clock,
    bot: Option<Bot>,
    planted: Planted,
    doom: Doom,
    orders: VecDeque<Order>,
    backup: Option<Snapshot>,
    recovers: bool,
}

/// The bot's root key in a world.
pub(super) fn key(seed: u64) -> Key {
    let mut key = [0; 32];
    let bytes = seed.to_le_bytes();
    key.iter_mut()
        .zip(bytes.iter().cycle())
        .for_each(|(byte, seed)| *byte = *seed);
    Key::root(&key)
}

/// Runs a future of ours that waits for nobody.
fn at_once<T>(work: impl Future<Output = T>) -> Result<T, Stuck> {
    let mut work = pin!(work);
    for _ in 0..STEPS {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Ok(done);
        }
    }
    Err(Stuck("Q1", "a question to the store is never answered".to_owned()))
}

fn gone() -> Stuck {
    Stuck("Q1", "there is no bot".to_owned())
}

/// Plays a plan to its end. The house is given back, since making one is expensive.
pub(super) fn live(plan: &Plan, house: House, empty: &Snapshot, planted: Planted) -> (Verdict, Option<House>) {
    let plan = Arc::new(plan.clone());
    let mut life = match Life::begin(Arc::clone(&plan), house, empty, planted) {
        Ok(life) => life,
        Err(stuck) => return (unborn(&plan, &stuck), None),
    };
    let lost = life.goes_on().unwrap_or_else(|Stuck(property, what)| {
        let now = life.town.town().now();
        life.town.town().oracle.violated(property, now, what);
        0
    });
    (life.verdict(lost), life.bot.map(|bot| bot.house))
}

fn unborn(plan: &Plan, Stuck(property, what): &Stuck) -> Verdict {
    let violation = Violation {
        property,
        at: plan.start.to_string(),
        what: what.clone(),
    };
    Verdict {
        seed: plan.seed,
        tally: super::report::Tally {
            worlds: 1,
            violations: 1,
            ..Default::default()
        },
        violations: vec![violation],
        trace: 0,
    }
}

impl Life {
    fn begin(plan: Arc<Plan>, house: House, empty: &Snapshot, planted: Planted) -> Result<Self, Stuck> {
        let (store, disk) = Store::rehearsed(empty).map_err(|error| Stuck("P12", error.to_string()))?;
        let time = Arc::new(AtomicI64::new(0));
        let address = house.bot.address().clone();
        let bot_address = BotAddress::new(address, &key(plan.seed));
        let house = House {
            bot: bot_address.clone(),
            reps: planted.reps(&plan),
            pace: plan.pace.clone(),
            ..house
        };
        let town = Shared::new(Town::new(Arc::clone(&plan), bot_address, Arc::clone(&time)));
        let clock = Clock::Rehearsed(time);
        let bot = Bot::new(house, store.clone(), planted.outbox(Relay(town.clone())), clock.clone());
        planted
            .tampers(&disk)
            .map_err(|error| Stuck("P12", error.to_string()))?;
        Ok(Self {
            plan,
            town,
            store,
            disk,
            clock,
            bot: Some(bot),
            planted,
            doom: Doom::default(),
            orders: VecDeque::new(),
            backup: None,
            recovers: false,
        })
    }

    fn inbox(&self) -> Inbox {
        Inbox::Played(self.planted.inbox(Server(self.town.clone())))
    }

    /// Lives to the end of the plan, and on until everything has come to rest.
    fn goes_on(&mut self) -> Result<u64, Stuck> {
        let mended = self.plan.mended();
        self.lives_until(mended)?;
        self.town.town().mend();
        self.doom = Doom::default();
        self.lives_until(mended + SignedDuration::from_hours(24 * REST + 22))?;
        let ends = Ends {
            bot: self.bot.as_ref().ok_or_else(gone)?,
            town: &self.town,
            plan: &self.plan,
        };
        at_once(ends.judge())?.map_err(|error| Stuck("P12", error.to_string()))
    }

    fn lives_until(&mut self, end: Timestamp) -> Result<(), Stuck> {
        let mut inbox = self.inbox();
        let mut idle: u32 = 0;
        let mut quiet: i32 = 0;
        loop {
            let now = self.town.town().now();
            if now >= end {
                return Ok(());
            }
            if self.planted.loses_commits() {
                self.backup = self.disk.snapshot().ok();
            }
            self.town.town().tally.wakes += 1;
            let (bot, doom) = (self.bot.as_ref().ok_or_else(gone)?, &mut self.doom);
            let rest = drive(&self.town, &self.disk, doom, &mut self.orders, rounds(bot, &mut inbox))?;
            let Some(rest) = rest else {
                let down = self.doom.down;
                self.dies()?;
                self.starts(down)?;
                inbox = self.inbox();
                continue;
            };
            if self.obeys()? {
                inbox = self.inbox();
                continue;
            }
            let rest = rest?;
            let town = self.town.town();
            let now = town.now();
            let on_clock = self.clock.now();
            let wake = rest.wake.map(|wake| {
                if wake > on_clock && !rest.away {
                    idle = 0;
                    let ahead = wake.duration_since(on_clock);
                    // A bot that only asks whether a hold still stands is asked ever more rarely, for speed.
                    let asks = !rest.done && ahead <= SignedDuration::from_mins(1);
                    quiet = if asks { (quiet + 1).min(10) } else { 0 };
                    return now + ahead * quiet.max(1);
                }
                // What is due and cannot be done is asked for again, ever more slowly.
                idle = (idle + 1).min(6);
                let least = if rest.away {
                    SignedDuration::from_secs(150)
                } else {
                    SignedDuration::from_secs(5)
                };
                let again = now + least * i32::try_from(1_u32 << idle.saturating_sub(1)).unwrap_or(1).min(60);
                if wake > on_clock {
                    again.min(now + wake.duration_since(on_clock))
                } else {
                    again
                }
            });
            let next = [wake, town.next(), Some(end)]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(end);
            drop(town);
            self.passes_to(next)?;
        }
    }

    /// Time passes, and each day that begins counts what is active.
    fn passes_to(&mut self, next: Timestamp) -> Result<(), Stuck> {
        let day = |at: Timestamp| at.as_second().div_euclid(86_400);
        let now = self.town.town().now();
        let days = day(next) - day(now);
        if days > 0 {
            let active = at_once(self.store.active())?.unwrap_or(0);
            self.town.town().tally.cadence_days += active * u64::try_from(days).unwrap_or(0);
        }
        self.town.town().pass(next.duration_since(now));
        Ok(())
    }

    /// Does what only the one who runs the bot can do; `true` when that made a new one.
    fn obeys(&mut self) -> Result<bool, Stuck> {
        let mut anew = false;
        while let Some(order) = self.orders.pop_front() {
            match order {
                Order::Stop { down } => {
                    self.bot.as_ref().ok_or_else(gone)?.stop();
                    self.town.town().tally.fault("stop");
                    self.starts(down)?;
                    anew = true;
                }
                Order::Hold => self.commits(hold(self.clock.now()))?,
                Order::Unhold => self.commits(unhold(self.clock.now()))?,
                Order::Respelled(people) => {
                    let spoiled = self.planted.respelled(&self.disk, &self.plan, &people);
                    spoiled.map_err(|error| Stuck("P12", error.to_string()))?;
                }
                Order::Crash { .. } | Order::Disk { .. } => {}
            }
        }
        Ok(anew)
    }

    /// What is stale or cannot be written is left.
    fn commits(&self, batch: Batch) -> Result<(), Stuck> {
        at_once(self.store.commit(batch)).map(|_| ())
    }

    /// The process is gone, and all that it knew.
    fn dies(&mut self) -> Result<(), Stuck> {
        let mut town = self.town.town();
        let place = self.doom.place.take().unwrap_or(When::Steps(0));
        let name = if self.recovers {
            "crash_in_recovery"
        } else {
            crash_name(place)
        };
        town.tally.fault(name);
        town.tally.crashes += 1;
        town.note(b"dies", &[]);
        drop(town);
        if let Some(backup) = self.backup.take() {
            self.disk
                .restore(&backup)
                .map_err(|error| Stuck("P12", error.to_string()))?;
        }
        Ok(())
    }

    /// A new process with nothing but what was committed.
    fn starts(&mut self, down: i64) -> Result<(), Stuck> {
        self.town.town().pass(SignedDuration::from_secs(down));
        self.planted
            .starts(&self.disk)
            .map_err(|error| Stuck("P12", error.to_string()))?;
        let house = self.bot.take().ok_or_else(gone)?.house;
        let outbox = self.planted.outbox(Relay(self.town.clone()));
        self.bot = Some(Bot::new(house, self.store.clone(), outbox, self.clock.clone()));
        let again = std::mem::take(&mut self.doom.again);
        self.doom = Doom {
            after: (again > 0).then_some(again),
            again: 0,
            down: 30,
            place: None,
        };
        self.recovers = true;
        for _ in 0..100 {
            let recovered = drive(
                &self.town,
                &self.disk,
                &mut self.doom,
                &mut self.orders,
                deliver::recover(self.bot.as_ref().ok_or_else(gone)?),
            )?;
            match recovered {
                Some(Ok(_)) => {
                    self.recovers = false;
                    return Ok(());
                }
                // It is started again and again, as a service manager does.
                Some(Err(error)) if error.is_transient() => self.town.town().pass(SignedDuration::from_secs(300)),
                Some(Err(error)) => return Err(Stuck("P26", format!("the recovery fails: {error}"))),
                None => self.dies()?,
            }
        }
        Err(Stuck("P26", "the recovery comes to no end".to_owned()))
    }

    fn verdict(&self, lost_stops: u64) -> Verdict {
        let doubts = "SELECT COUNT(*) FROM letter WHERE doubt_ms IS NOT NULL AND class = 'step'";
        let in_doubt = self.disk.count(doubts).unwrap_or(0);
        let mut town = self.town.town();
        let trace = town.trace();
        let oracle = &mut town.oracle;
        if in_doubt > 0 && self.plan.is_calm() {
            let what = format!("{in_doubt} touches are in doubt, and nothing went wrong");
            oracle.violated("P14", self.plan.mended(), what);
        }
        let violations = std::mem::take(&mut oracle.violations);
        let (duplicates, sent_after_stop, backscatter) = (oracle.duplicates, oracle.after_stop, oracle.backscatter);
        let (touches, notices) = (oracle.touches, oracle.notices);
        let tally = super::report::Tally {
            worlds: 1,
            duplicates,
            sent_after_stop,
            lost_stops,
            backscatter,
            in_doubt,
            touches,
            notices,
            violations: u64::from(!violations.is_empty()),
            ..std::mem::take(&mut town.tally)
        };
        Verdict {
            seed: self.plan.seed,
            tally,
            violations,
            trace,
        }
    }
}

/// Polls the bot until it is done, or dies (`None`). In between the world goes on.
fn drive<T>(
    town: &Shared,
    disk: &Rehearsal,
    doom: &mut Doom,
    orders: &mut VecDeque<Order>,
    work: impl Future<Output = T>,
) -> Result<Option<T>, Stuck> {
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(Arc::clone(&flag));
    let mut context = Context::from_waker(&waker);
    let mut work = pin!(work);
    for _ in 0..STEPS {
        {
            let mut town = town.town();
            town.tick();
            while let Some(order) = town.orders.pop_front() {
                match order {
                    Order::Crash { when, again, down } => {
                        (doom.again, doom.down) = (again, down);
                        match when {
                            When::Steps(after) => doom.after = Some(after),
                            place => town.doomed = Some(place),
                        }
                    }
                    Order::Disk { full } => {
                        disk.fill(full).map_err(|error| Stuck("P12", error.to_string()))?;
                    }
                    other => orders.push_back(other),
                }
            }
            if std::mem::take(&mut town.dies) {
                let place = town.doomed.take();
                doom.place = place;
                return Ok(None);
            }
        }
        match &mut doom.after {
            Some(0) => {
                doom.after = None;
                return Ok(None);
            }
            Some(left) => *left -= 1,
            None => {}
        }
        flag.0.store(false, Ordering::Relaxed);
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return Ok(Some(done));
        }
        if !flag.0.load(Ordering::Relaxed) {
            return Err(Stuck("Q1", "the bot waits for something that never comes".to_owned()));
        }
    }
    Err(Stuck("Q1", "the bot makes steps and never comes to an end".to_owned()))
}

/// Every round until nothing is left to do now, as the pulse does it.
async fn rounds(bot: &Bot, inbox: &mut Inbox) -> Result<Rest, Stuck> {
    let mut last = Progress::default();
    for _ in 0..ROUNDS {
        let mut away = false;
        let read = match intake::round(bot, inbox).await {
            Ok(read) => read,
            Err(IntakeError::Store(error)) if !error.is_transient() => {
                return Err(Stuck("P12", format!("what was read cannot be kept: {error}")));
            }
            Err(_) => {
                away = true;
                Progress::default()
            }
        };
        let worked = match pulse::once(bot).await {
            Ok(worked) => worked,
            Err(error) if error.is_transient() => {
                away = true;
                Progress {
                    done: 0,
                    wake: Some(bot.clock.now()),
                }
            }
            Err(error) => return Err(Stuck("P12", format!("a round fails: {error}"))),
        };
        let progress = read.and(worked);
        if progress.done == 0 {
            let wake = progress.wake.or_else(|| away.then(|| bot.clock.now()));
            let done = last != Progress::default();
            return Ok(Rest { wake, away, done });
        }
        last = progress;
    }
    Err(Stuck("Q1", format!("the rounds turn in circles: {last:?}")))
}
