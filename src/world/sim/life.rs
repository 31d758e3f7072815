//! The life of the bots in one world: their rounds, their deaths, their starts, and what is done to them from outside.
//!
//! The first bot is the house's own. A second one may be started on the same mailbox, on another host with a copy of the
//! database, and both take turns step by step.

use super::administrator::{hold, unhold};
use super::drive::{Around, Came, Doom, Rest, Stuck, at_once, rounds};
use super::ends::Ends;
use super::plan::Plan;
use super::planted::Planted;
use super::report::{Tally, Verdict, Violation};
use super::seat::{Seat, settled};
use super::town::{Order, Shared, Town};
use crate::clock::{Clock, Hands};
use crate::service::{House, deliver};
use crate::store::Snapshot;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Days in which everything works, at the end.
const REST: i64 = 6;
/// Starts in a row that come to nothing.
const STARTS: u32 = 100;

/// The bots in one world.
pub(super) struct Life {
    plan: Arc<Plan>,
    town: Shared,
    clock: Clock,
    planted: Planted,
    first: Seat,
    second: Option<Seat>,
    /// What a second bot is given.
    spare: Option<House>,
    doom: Doom,
    orders: VecDeque<Order>,
    kept: BTreeMap<i64, Snapshot>,
    /// The last commits, for a machine that loses them.
    lost: Option<Snapshot>,
}

/// Plays a plan to its end. The houses are given back, since making one is expensive.
pub(super) fn live(plan: &Plan, houses: Vec<House>, empty: &Snapshot, planted: Planted) -> (Verdict, Vec<House>) {
    let plan = Arc::new(plan.clone());
    let mut life = match Life::begin(Arc::clone(&plan), houses, empty, planted) {
        Ok(life) => life,
        Err(stuck) => return (unborn(&plan, &stuck), Vec::new()),
    };
    let lost = life.goes_on().unwrap_or_else(|Stuck(property, what)| {
        let now = life.town.town().now();
        life.town.town().oracle.violated(property, now, what);
        0
    });
    let verdict = life.verdict(lost);
    let second = life.second.and_then(Seat::leaves);
    let houses = life.first.leaves().into_iter().chain(life.spare).chain(second);
    (verdict, houses.collect())
}

fn unborn(plan: &Plan, Stuck(property, what): &Stuck) -> Verdict {
    let violation = Violation {
        property,
        at: plan.start.to_string(),
        what: what.clone(),
    };
    Verdict {
        seed: plan.seed,
        tally: Tally {
            worlds: 1,
            violations: 1,
            ..Default::default()
        },
        violations: vec![violation],
        trace: 0,
    }
}

impl Life {
    fn begin(plan: Arc<Plan>, houses: Vec<House>, empty: &Snapshot, planted: Planted) -> Result<Self, Stuck> {
        let hands = Arc::new(Hands::at(plan.start));
        let clock = Clock::Rehearsed(Arc::clone(&hands));
        let mut houses = houses.into_iter().map(|house| settled(house, &plan, planted));
        let house = houses
            .next()
            .ok_or_else(|| Stuck("Q1", "there is no house".to_owned()))?;
        let spare = houses.next();
        let town = Shared::new(Town::new(Arc::clone(&plan), house.bot.clone(), hands));
        let mut first = Seat::new(0, &plan, house, empty, (town.clone(), clock.clone()), planted)?;
        planted.tampers(&first.disk)?;
        first.begins();
        Ok(Self {
            plan,
            town,
            clock,
            planted,
            first,
            second: None,
            spare,
            doom: Doom::default(),
            orders: VecDeque::new(),
            kept: BTreeMap::new(),
            lost: None,
        })
    }

    /// Lives to the end of the plan, and on until everything has come to rest.
    fn goes_on(&mut self) -> Result<u64, Stuck> {
        let mended = self.plan.mended();
        self.lives_until(mended)?;
        self.town.town().mend();
        self.orders.clear();
        self.doom = Doom::default();
        if self.first.bot.is_none() {
            self.first.back = Some(mended);
        }
        self.lives_until(mended + SignedDuration::from_hours(24 * REST + 22))?;
        let ends = Ends {
            bot: self
                .first
                .bot
                .as_ref()
                .ok_or_else(|| Stuck("Q1", "there is no bot".to_owned()))?,
            town: &self.town,
            plan: &self.plan,
        };
        Ok(at_once(ends.judge())??)
    }

    fn lives_until(&mut self, end: Timestamp) -> Result<(), Stuck> {
        loop {
            let now = self.town.town().now();
            if now >= end {
                return Ok(());
            }
            if self.first.back.is_some_and(|back| back <= now) {
                self.first.begins();
                self.planted.starts(&self.first.disk)?;
            }
            if self.planted.loses_commits() {
                self.lost = self.first.disk.snapshot().ok();
            }
            self.town.town().tally.wakes += 1;
            let (first, second) = self.turn()?;
            if first.died() {
                self.dies()?;
            }
            if self.obeys()? {
                continue;
            }
            let both = self.second.is_some();
            let mut next = vec![end];
            if let Came::Done(rest) = first
                && let Some(rest) = rest?
            {
                next.extend(self.first.wakes(&rest, both));
            }
            if let Came::Done(rest) = second
                && let (Some(rest), Some(seat)) = (rest?, &mut self.second)
            {
                next.extend(seat.wakes(&rest, true));
            }
            next.extend(self.first.back);
            next.extend(self.town.town().next());
            let next = next.into_iter().min().unwrap_or(end);
            self.passes_to(next)?;
        }
    }

    /// Both bots work until nothing is left to do now. `None`: it could not even begin.
    #[allow(clippy::type_complexity, reason = "two of the same, once")]
    fn turn(&mut self) -> Result<(Came<Result<Option<Rest>, Stuck>>, Came<Result<Option<Rest>, Stuck>>), Stuck> {
        let mut around = Around {
            town: &self.town,
            disk: &self.first.disk,
            doom: &mut self.doom,
            orders: &mut self.orders,
            kept: &mut self.kept,
        };
        let first = at_work(&self.first.bot, &mut self.first.inbox, &mut self.first.recovers);
        let second = self
            .second
            .as_mut()
            .and_then(|seat| at_work(&seat.bot, &mut seat.inbox, &mut seat.recovers));
        let (first, second) = around.drive(first, second)?;
        if self.first.recovers > STARTS {
            return Err(Stuck("P26", "the recovery comes to no end".to_owned()));
        }
        // It is started again and again, as a service manager does.
        if self.first.recovers > 1 && self.first.bot.is_some() && !first.died() {
            self.first.ends(300);
        }
        Ok((first, second))
    }

    /// The process is gone; perhaps its last commits too.
    fn dies(&mut self) -> Result<(), Stuck> {
        self.first.died(&mut self.doom);
        if let Some(lost) = self.lost.take() {
            self.first.disk.restore(&lost)?;
        }
        Ok(())
    }

    /// Time passes, and each day that begins counts what is active.
    fn passes_to(&mut self, next: Timestamp) -> Result<(), Stuck> {
        let day = |at: Timestamp| at.as_second().div_euclid(86_400);
        let now = self.town.town().now();
        let days = day(next) - day(now);
        if days > 0 {
            let active = at_once(self.first.store.active())?.unwrap_or(0);
            self.town.town().tally.cadence_days += active * u64::try_from(days).unwrap_or(0);
        }
        self.town.town().pass(next.duration_since(now));
        Ok(())
    }

    /// Does what only the one who runs the bots can do; `true` when they are to work again at once.
    fn obeys(&mut self) -> Result<bool, Stuck> {
        let mut again = false;
        while let Some(order) = self.orders.pop_front() {
            match order {
                Order::Stop { down } => {
                    if let Some(bot) = &self.first.bot {
                        bot.stop();
                        self.town.town().tally.fault("stop");
                        self.first.ends(down);
                    }
                    again = true;
                }
                Order::Hold => self.first.commits(hold(self.clock.now()))?,
                Order::Unhold => self.first.commits(unhold(self.clock.now()))?,
                Order::Respelled(people) => self.planted.respelled(&self.first.disk, &self.plan, &people)?,
                Order::Restore {
                    of,
                    down,
                    marked,
                    settled: false,
                } => {
                    // What happened last stands in the note before the host fails: a note says what its bot knew a minute ago.
                    self.town.town().pass(SignedDuration::from_secs(61));
                    self.orders.push_back(Order::Restore {
                        of,
                        down,
                        marked,
                        settled: true,
                    });
                    return Ok(true);
                }
                Order::Restore { of, down, marked, .. } => self.is_restored(of, down, marked)?,
                Order::SecondStarts { of } => self.second_starts(of)?,
                Order::SecondEnds => {
                    if let Some(seat) = self.second.take() {
                        self.spare = seat.leaves();
                    }
                }
                Order::Crash { .. } | Order::Disk { .. } | Order::Keep(_) => {}
            }
        }
        Ok(again)
    }

    fn is_restored(&mut self, of: i64, down: i64, marked: bool) -> Result<(), Stuck> {
        let Some(then) = self.kept.remove(&of) else {
            return Ok(());
        };
        self.first.ends(down);
        self.first.is_set_back(&then, marked)?;
        let mut town = self.town.town();
        town.oracle.forgets();
        town.note(b"restored", &[]);
        town.tally
            .fault(if marked { "restored_backup" } else { "restored_picture" });
        Ok(())
    }

    fn second_starts(&mut self, of: i64) -> Result<(), Stuck> {
        let (Some(then), None) = (self.kept.remove(&of), &self.second) else {
            return Ok(());
        };
        let Some(house) = self.spare.take() else { return Ok(()) };
        let around = (self.town.clone(), self.clock.clone());
        let mut seat = Seat::new(1, &self.plan, house, &then, around, self.planted)?;
        seat.begins();
        self.second = Some(seat);
        let mut town = self.town.town();
        // While the mailbox is away both write to reps, since neither can know of the other; never to prospects.
        town.oracle.forgets();
        town.note(b"second", &[]);
        town.tally.fault("second_bot");
        Ok(())
    }

    fn verdict(&self, lost_stops: u64) -> Verdict {
        let doubts = "SELECT COUNT(*) FROM letter WHERE doubt_ms IS NOT NULL AND class = 'step'";
        let in_doubt = self.first.disk.count(doubts).unwrap_or(0);
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
        let tally = Tally {
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

/// A bot's work at this moment, if there is one: first it recovers, once.
fn at_work<'a>(
    bot: &'a Option<crate::service::Bot>,
    inbox: &'a mut crate::inbox::Inbox,
    recovers: &'a mut u32,
) -> Option<impl Future<Output = Result<Option<Rest>, Stuck>> + 'a> {
    let bot = bot.as_ref()?;
    Some(async move {
        if *recovers > 0 {
            match deliver::recover(bot).await {
                Ok(_) => *recovers = 0,
                Err(error) if error.is_transient() => {
                    *recovers += 1;
                    return Ok(None);
                }
                Err(error) => return Err(Stuck("P26", format!("the recovery fails: {error}"))),
            }
        }
        rounds(bot, inbox).await.map(Some)
    })
}
