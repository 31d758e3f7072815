//! One host: its database, and the bot that runs there, if one does.

use super::drive::{Doom, Rest, Stuck};
use super::fault::{When, crash_name};
use super::mailbox::Server;
use super::plan::Plan;
use super::planted::Planted;
use super::relay::Relay;
use super::town::Shared;
use crate::clock::Clock;
use crate::inbox::Inbox;
use crate::model::{BotAddress, Gap, Key, Tenure, limits};
use crate::service::{Bot, House, Keeper};
use crate::store::{Batch, CommitError, Rehearsal, Snapshot, Store};
use jiff::{SignedDuration, Timestamp};

/// The bot's root key in a world.
pub(super) fn key(seed: u64) -> Key {
    let mut key = [0; 32];
    let bytes = seed.to_le_bytes();
    key.iter_mut()
        .zip(bytes.iter().cycle())
        .for_each(|(byte, seed)| *byte = *seed);
    Key::root(&key)
}

/// The name of a bot's host.
pub(super) fn host(seat: usize) -> String {
    format!("mail-{seat}")
}

/// A house as it is in this world.
pub(super) fn settled(house: House, plan: &Plan, planted: Planted) -> House {
    let address = house.bot.address().clone();
    House {
        bot: BotAddress::new(address, &key(plan.seed)),
        reps: planted.reps(plan),
        pace: plan.pace.clone(),
        ..house
    }
}

/// A host.
pub(super) struct Seat {
    index: usize,
    pub store: Store,
    pub disk: Rehearsal,
    clock: Clock,
    town: Shared,
    planted: Planted,
    leases: bool,
    pub bot: Option<Bot>,
    pub inbox: Inbox,
    /// What its next process is given, while there is none.
    house: Option<House>,
    /// When its next process starts.
    pub back: Option<Timestamp>,
    processes: u32,
    /// A process has begun and not recovered yet; how often it tried.
    pub recovers: u32,
    /// Wakes in a row at which nothing could be done about what is due.
    idle: u32,
    /// Wakes in a row that only asked whether a hold still stands.
    quiet: i32,
}

impl Seat {
    /// A host with a database as it was then, and nothing that runs.
    pub(super) fn new(
        index: usize,
        plan: &Plan,
        house: House,
        then: &Snapshot,
        (town, clock): (Shared, Clock),
        planted: Planted,
    ) -> Result<Self, Stuck> {
        let (store, disk) = Store::rehearsed(then)?;
        Ok(Self {
            index,
            store,
            disk,
            clock,
            inbox: Inbox::Played(planted.inbox(Server {
                town: town.clone(),
                seat: index,
            })),
            town,
            planted,
            leases: plan.leases,
            bot: None,
            house: Some(house),
            back: None,
            processes: 0,
            recovers: 0,
            idle: 0,
            quiet: 0,
        })
    }

    /// A new process with nothing but what was committed.
    pub(super) fn begins(&mut self) {
        let Some(house) = self.house.take() else { return };
        (self.back, self.idle, self.quiet) = (None, 0, 0);
        self.recovers = self.recovers.max(1);
        self.processes += 1;
        let (town, seat) = (self.town.clone(), self.index);
        self.inbox = Inbox::Played(self.planted.inbox(Server {
            town: town.clone(),
            seat,
        }));
        let outbox = self.planted.outbox(Relay { town, seat });
        let bot = Bot::new(house, self.store.clone(), outbox, self.clock.clone());
        self.bot = Some(if self.leases {
            let host = host(seat);
            let run = format!("{host} {}", self.processes);
            bot.with_lease(Keeper::new(host, run))
        } else {
            bot
        });
    }

    /// The process is gone, and all that it knew; another starts so many seconds later.
    pub(super) fn ends(&mut self, down: i64) {
        if let Some(bot) = self.bot.take() {
            self.house = Some(bot.house);
        }
        self.back = Some(self.town.town().now() + SignedDuration::from_secs(down));
    }

    /// It is over with this host; what another one can be given.
    pub(super) fn leaves(self) -> Option<House> {
        self.bot.map(|bot| bot.house).or(self.house)
    }

    /// Counts a death.
    pub(super) fn died(&mut self, doom: &mut Doom) {
        let mut town = self.town.town();
        let place = doom.place.take().unwrap_or(When::Steps(0));
        let name = if self.recovers > 0 {
            "crash_in_recovery"
        } else {
            crash_name(place)
        };
        town.tally.fault(name);
        town.tally.crashes += 1;
        town.note(b"dies", &[]);
        drop(town);
        self.ends(doom.down);
        *doom = Doom {
            after: (doom.again > 0).then_some(doom.again),
            again: 0,
            down: 30,
            place: None,
        };
    }

    /// The database is now as it was then. A copy that `cadence backup` made says so of itself.
    pub(super) fn is_set_back(&mut self, then: &Snapshot, marked: bool) -> Result<(), Stuck> {
        // Who puts a backup in place makes room for it first.
        self.disk.fill(false)?;
        self.disk.restore(then)?;
        if !marked {
            return Ok(());
        }
        let tenure = super::drive::at_once(self.store.tenure())??;
        let from = super::drive::at_once(self.store.last_decided())??.unwrap_or(Timestamp::UNIX_EPOCH);
        let gap = Gap {
            from,
            to: None,
            why: "a backup was put in its place".to_owned(),
        };
        let batch = Batch {
            at: Some(from),
            tenure: Some(Tenure {
                gap: Some(gap),
                ..tenure
            }),
            ..Batch::default()
        };
        self.commits(batch)
    }

    /// What is stale or cannot be written is left.
    pub(super) fn commits(&self, batch: Batch) -> Result<(), Stuck> {
        let committed: Result<(), CommitError> = super::drive::at_once(self.store.commit(batch))?;
        committed.ok();
        Ok(())
    }

    /// When its rounds are called again, in the world's time. `watched`: another bot is in the mailbox, so that looks must not
    /// be far apart, as they never are in life.
    pub(super) fn wakes(&mut self, rest: &Rest, watched: bool) -> Option<Timestamp> {
        let (now, on_clock) = (self.town.town().now(), self.clock.now());
        let wake = rest.wake.map(|wake| {
            if wake > on_clock && !rest.away {
                self.idle = 0;
                let ahead = wake.duration_since(on_clock);
                // A bot that only asks whether a hold still stands is asked ever more rarely, for speed.
                let asks = !rest.done && ahead <= SignedDuration::from_mins(1);
                self.quiet = if asks { (self.quiet + 1).min(10) } else { 0 };
                return now + ahead * self.quiet.max(1);
            }
            // What is due and cannot be done is asked for again, ever more slowly.
            self.idle = (self.idle + 1).min(6);
            let least = if rest.away {
                SignedDuration::from_secs(150)
            } else {
                SignedDuration::from_secs(5)
            };
            let times = i32::try_from(1_u32 << self.idle.saturating_sub(1)).unwrap_or(1);
            let again = now + least * times.min(60);
            if wake > on_clock {
                again.min(now + wake.duration_since(on_clock))
            } else {
                again
            }
        });
        if !watched {
            return wake;
        }
        let look = now + SignedDuration::try_from(limits::SAFETY_POLL).unwrap_or(SignedDuration::ZERO);
        Some(wake.map_or(look, |wake| wake.min(look)))
    }
}
