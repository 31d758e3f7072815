//! A world drawn from a seed: who lives in it, what they do of themselves, and what goes wrong when.
//!
//! Everything that is drawn stands in the plan, item by item, and what an item leads to depends on the seed and on the
//! item alone. So items can be left out one by one until the shortest plan is found that still fails.

use super::cast::{self, Person};
use super::fault::{CLOCK, Fault, KINDS, OTHERS};
use crate::model::{Pace, Rep};
use fastrand::Rng;
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use std::fmt;
use std::time::Duration;

/// How large a world is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Days of a world.
    pub days: u32,
    /// The most prospects of a world.
    pub people: usize,
    /// The most things that go wrong in a day, of a world in which things go wrong often.
    pub faults: u32,
}

impl Size {
    /// What is played when a size is asked for: 40 prospects, 45 days.
    pub const USUAL: Self = Self {
        days: 45,
        people: 40,
        faults: 7,
    };
    /// What fits into a test suite many times.
    pub const SMALL: Self = Self {
        days: 10,
        people: 8,
        faults: 7,
    };
    /// A few people and one trouble after the other.
    pub const RESTLESS: Self = Self {
        days: 21,
        people: 10,
        faults: 24,
    };
    /// Many people in cadences of half a year. An enrollment that waits costs nothing, so that here the days come from.
    pub const LONG: Self = Self {
        days: 200,
        people: 400,
        faults: 4,
    };
}

/// How large the worlds of a season are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizes {
    /// [`Size::RESTLESS`] ones, for the faults, and one [`Size::LONG`] in so many, for the days.
    Mixed,
    /// All of one size.
    All(Size),
}

/// Of so many mixed worlds one is long: both kinds cost about the same in all.
const LONG_ONE_IN: u64 = 25;

impl Sizes {
    /// The size of the world of a seed.
    #[must_use]
    pub fn of(self, seed: u64) -> Size {
        match self {
            Self::All(size) => size,
            Self::Mixed if seed % LONG_ONE_IN == LONG_ONE_IN - 1 => Size::LONG,
            Self::Mixed => Size::RESTLESS,
        }
    }
}

/// The plan of one world.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it was drawn from.
    pub seed: u64,
    /// When it begins.
    pub start: Timestamp,
    /// How many days things happen and go wrong. Then everything works again for some days.
    pub days: u32,
    /// The reps.
    pub reps: Vec<Rep>,
    /// The prospects.
    pub people: Vec<Person>,
    /// How fast touches go out.
    pub pace: Pace,
    /// The relay lays a copy of every touch into the folder `Sent` of the bot.
    pub copies: bool,
    /// The mail server marks what is filed and leaves it where it is.
    pub only_flags: bool,
    /// The bot keeps a lease on its mailbox, as it does wherever another bot could be.
    pub leases: bool,
    /// How many mails a fetch brings at most.
    pub batch: usize,
    /// What happens, in order of time.
    pub items: Vec<(Timestamp, Item)>,
}

/// Something that happens of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A rep hands prospects over by BCC.
    HandsOver {
        /// Which rep.
        rep: usize,
        /// Which prospects.
        people: Vec<usize>,
        /// In which cadence of `cast::CADENCES`.
        cadence: usize,
        /// Whether the addresses are spelled in another way than usual.
        respelled: bool,
    },
    /// A rep writes so many commands that nobody understands.
    Chatters {
        /// Which rep.
        rep: usize,
        /// How many.
        mails: usize,
    },
    /// Somebody means harm.
    Attack(Attack),
    /// Something goes wrong.
    Fault(Fault),
}

/// What somebody does who means harm, or writes without sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attack {
    /// A hand-over of a stranger in a rep's name, without the code; with results of a check that nobody made.
    Spoof {
        /// In whose name.
        rep: usize,
        /// With forged Authentication-Results.
        results: bool,
    },
    /// A report, without proof, that a prospect's address is dead.
    Bounce {
        /// About whom.
        person: usize,
    },
    /// A complaint, without proof, in a prospect's name.
    Complaint {
        /// In whose name.
        person: usize,
    },
    /// A newsletter under the Message-ID that a prospect's answer will have.
    Squat {
        /// Whose answer.
        person: usize,
        /// To which mail of the bot.
        nth: usize,
    },
    /// A stranger sends `resume` to the address that a rep was given.
    Command,
    /// A rep's mailbox answers the bot's mails by itself.
    Echo {
        /// Which rep's.
        rep: usize,
    },
}

pub(super) fn pick<T: Clone>(dice: &mut Rng, from: &[T]) -> Option<T> {
    if from.is_empty() {
        return None;
    }
    from.get(dice.usize(..from.len())).cloned()
}

impl Plan {
    /// The world of a seed.
    #[must_use]
    pub fn draw(seed: u64, size: Size) -> Self {
        let mut dice = Rng::with_seed(seed ^ 0x05ee_d0fa_u64.rotate_left(32));
        let start = monday(&mut dice);
        let reps = cast::reps(&mut dice, size.people);
        let many = dice.usize(1..=size.people.max(1)).max(size.people / 2);
        let people = cast::people(&mut dice, many, reps.len());
        let mut plan = Self {
            seed,
            start,
            days: size.days,
            pace: pace(&mut dice),
            copies: dice.u8(..4) == 0,
            only_flags: dice.u8(..4) == 0,
            leases: dice.bool(),
            batch: if dice.u8(..3) == 0 { dice.usize(1..5) } else { 200 },
            reps,
            people,
            items: Vec::new(),
        };
        plan.hand_over(&mut dice);
        plan.attack(&mut dice);
        plan.go_wrong(&mut dice, size.faults);
        plan.items.sort_by_key(|(at, _)| *at);
        plan
    }

    /// When the last item has happened and everything is mended.
    #[must_use]
    pub fn mended(&self) -> Timestamp {
        self.after_days(i64::from(self.days))
    }

    fn after_days(&self, days: i64) -> Timestamp {
        self.start + SignedDuration::from_hours(24 * days)
    }

    /// Whether its clock can be trusted.
    #[must_use]
    pub fn is_on_time(&self) -> bool {
        let set = |item: &Item| matches!(item, Item::Fault(Fault::Clock { .. }));
        !self.items.iter().any(|(_, item)| set(item))
    }

    /// Whether nothing goes wrong.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        !self.items.iter().any(|(_, item)| matches!(item, Item::Fault(_)))
    }

    fn some_time(&self, dice: &mut Rng, until_day: i64) -> Timestamp {
        let most = 86_400 * until_day.max(1);
        self.start + SignedDuration::from_secs(dice.i64(600..most.max(601)))
    }

    fn hand_over(&mut self, dice: &mut Rng) {
        let days = i64::from(self.days);
        for (index, person) in self.people.iter().enumerate() {
            // Most come early, so that their cadence is seen to its end.
            let until = if dice.u8(..4) == 0 { days * 3 / 4 } else { days / 3 };
            let rounds = 1 + usize::from(dice.u8(..5) == 0) + usize::from(dice.u8(..12) == 0);
            for round in 0..rounds {
                let rep = if round == 0 {
                    person.rep
                } else {
                    dice.usize(..self.reps.len())
                };
                let mut people = vec![index];
                if dice.u8(..10) == 0 && index > 0 {
                    people.push(dice.usize(..index));
                }
                let item = Item::HandsOver {
                    rep,
                    people,
                    cadence: cast::draw_cadence(dice, self.days),
                    respelled: round > 0 && dice.bool(),
                };
                let at = self.some_time(dice, if round == 0 { until } else { days });
                self.items.push((at, item));
            }
        }
    }

    fn attack(&mut self, dice: &mut Rng) {
        let people = self.people.len();
        let days = i64::from(self.days);
        for _ in 0..dice.usize(..=people.min(8)) {
            let rep = dice.usize(..self.reps.len());
            let person = dice.usize(..people);
            let attack = match dice.u8(..7) {
                0 | 1 => Attack::Spoof {
                    rep,
                    results: dice.bool(),
                },
                2 => Attack::Bounce { person },
                3 => Attack::Complaint { person },
                4 => Attack::Squat {
                    person,
                    nth: dice.usize(1..4),
                },
                5 => Attack::Command,
                _ => Attack::Echo { rep },
            };
            let at = self.some_time(dice, days);
            self.items.push((at, Item::Attack(attack)));
        }
        if dice.u8(..4) == 0 {
            let rep = dice.usize(..self.reps.len());
            let mails = dice.usize(1..24);
            let at = self.some_time(dice, days);
            self.items.push((at, Item::Chatters { rep, mails }));
        }
    }

    /// Some worlds are calm, some have one kind of fault again and again, most have all kinds; few have clocks that jump.
    fn go_wrong(&mut self, dice: &mut Rng, most: u32) {
        let temper = dice.u8(..20);
        if temper == 0 {
            return;
        }
        let kinds = if self.leases { KINDS } else { OTHERS };
        let only = (temper < 5).then(|| dice.usize(..kinds));
        let jumps = dice.u8(..5) == 0;
        let many = i64::from(self.days) * i64::from(dice.u32(1..=2 * most.max(1))) / 2 + 1;
        for _ in 0..many {
            let kind = only.unwrap_or_else(|| dice.usize(..kinds));
            if kind == CLOCK && !jumps && only.is_none() {
                continue;
            }
            let fault = Fault::draw(kind, dice);
            let at = self.busy_time(dice);
            self.items.push((at, Item::Fault(fault)));
        }
    }

    /// When something is going on, mostly: in the hours in which letters go out somewhere.
    fn busy_time(&self, dice: &mut Rng) -> Timestamp {
        let at = self.some_time(dice, i64::from(self.days));
        let Some(rep) = pick(dice, &self.reps) else { return at };
        if dice.u8(..3) == 0 {
            return at;
        }
        let local = at.to_zoned(rep.zone.clone());
        let seconds = dice.i32(7 * 3_600 + 1_800..17 * 3_600);
        let at = local.date().to_zoned(rep.zone).map(|day| day.timestamp());
        at.map_or(local.timestamp(), |day| {
            day + SignedDuration::from_secs(i64::from(seconds))
        })
        .max(self.start)
    }
}

/// Weeks from the first on in which clocks change somewhere: America, Europe, New Zealand and Lord Howe.
const CHANGES: [i64; 7] = [8, 11, 12, 37, 38, 41, 42];

/// Midnight of a Monday, so drawn that changes of clocks are met often.
fn monday(dice: &mut Rng) -> Timestamp {
    let first = date(2026, 1, 5);
    let changes = pick(dice, &CHANGES).filter(|_| dice.bool());
    let week = Span::new().weeks(changes.unwrap_or_else(|| dice.i64(0..150)));
    let day = first.saturating_add(week).to_zoned(TimeZone::UTC);
    day.map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp())
}

fn pace(dice: &mut Rng) -> Pace {
    if dice.bool() {
        return Pace::USUAL;
    }
    Pace {
        daily_cap: dice.u32(3..20),
        ramp_from: dice.u32(1..4),
        ramp_by: dice.u32(1..4),
        gap_from: Duration::from_secs(dice.u64(0..120)),
        gap_to: Duration::from_secs(dice.u64(120..600)),
        domain_gap: Duration::from_secs(dice.u64(0..1_200)),
        person_spacing: Duration::from_secs(3_600 * dice.u64(0..30)),
    }
}

impl fmt::Display for Plan {
    /// The script, one line for each item.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}, {} days from {}, {} reps, {} prospects{}{}{}",
            self.seed,
            self.days,
            self.start,
            self.reps.len(),
            self.people.len(),
            if self.copies { ", copies in Sent" } else { "" },
            if self.only_flags { ", filed mail stays" } else { "" },
            if self.leases { ", a lease" } else { "" },
        )?;
        for (index, person) in self.people.iter().enumerate() {
            writeln!(f, "  prospect {index} of rep {}: {:?}", person.rep, person.temper)?;
        }
        self.items
            .iter()
            .try_for_each(|(at, item)| writeln!(f, "  {at}  {item:?}"))
    }
}
