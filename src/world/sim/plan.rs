//! A world drawn from a seed: who lives in it, what they do of themselves, and what goes wrong when.
//!
//! Everything that is drawn stands in the plan, item by item, and what an item leads to depends on the seed and on the
//! item alone. So items can be left out one by one until the shortest plan is found that still fails.

use super::cast::{self, Person};
use crate::model::{Pace, Phase, Rep};
use fastrand::Rng;
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use std::fmt;
use std::time::Duration;

/// How large worlds are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Days of a world.
    pub days: u32,
    /// The most prospects of a world.
    pub people: usize,
}

impl Size {
    /// What `cadence sim` plays: 40 prospects, 45 days.
    pub const USUAL: Self = Self { days: 45, people: 40 };
    /// What fits into a test suite many times.
    pub const SMALL: Self = Self { days: 10, people: 8 };
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
        /// In which cadence of [`cast::CADENCES`].
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

/// Something that goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The process dies after so many of its steps, perhaps again after so many of its recovery, and starts later.
    Crash {
        /// Where it dies.
        when: When,
        /// Steps of the recovery until it dies again; 0: it lives.
        again: u32,
        /// Seconds until it starts again.
        down: i64,
    },
    /// It is told to stop, and started later.
    Stop {
        /// Seconds until it starts again.
        down: i64,
    },
    /// The next letters do not get past this phase.
    Relay {
        /// Which phase.
        phase: Phase,
        /// How.
        how: How,
        /// How many letters.
        times: u8,
    },
    /// After the final dot of a letter no answer comes.
    Lost {
        /// Whether the letters were taken.
        taken: bool,
        /// Whether it waits for a touch; else it is the next letter's, whatever that is.
        touch: bool,
        /// How many letters.
        times: u8,
    },
    /// The relay takes its time at each phase of the next letters.
    Slow {
        /// Seconds a phase.
        seconds: i64,
        /// How many letters.
        times: u8,
    },
    /// While the relay takes its time with the next touch, before it asks for content, the prospect says stop.
    Overtaken,
    /// The relay cannot be reached for so many seconds.
    RelayAway(i64),
    /// The mailbox cannot be reached for so many seconds.
    MailboxAway(i64),
    /// The connection to the mailbox breaks at the fetch after so many.
    Cut(u32),
    /// The mailbox refuses to file for so many seconds.
    Unfiled(i64),
    /// UIDVALIDITY changes.
    Renumber,
    /// The mailbox is restored: what was filed lies in INBOX again, renumbered.
    Returned,
    /// Something happens to the next mails on their way to the bot.
    Post {
        /// What.
        how: Way,
        /// How many mails.
        times: u8,
    },
    /// The disk is full for so many seconds.
    DiskFull(i64),
    /// The clock is set by so many seconds.
    Clock(i64),
    /// The administrator holds everything for so many seconds.
    Hold(i64),
}

/// Where a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// After so many of its steps.
    Steps(u32),
    /// When the relay has asked for the next touch, before the gate.
    Asked,
    /// When the gate has said yes to the next touch, before its content leaves.
    Gate,
    /// When the relay has taken the next touch, before its answer is heard.
    Taken,
    /// When mails were given to it, before anything of them is committed.
    Given,
    /// When a mail is about to be filed.
    Filing,
}

/// How a relay fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// 4xx.
    NotNow,
    /// 5xx.
    Never,
    /// The connection breaks.
    Cut,
}

/// What happens to a mail on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It arrives twice.
    Twice,
    /// It arrives so many minutes later.
    Late(i64),
    /// It is sorted into Junk.
    Junk,
}

impl Fault {
    /// Its name in figures.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Crash { when, .. } => crash_name(*when),
            Self::Stop { .. } => "stop",
            Self::Relay { phase, how, .. } => relay_name(*phase, *how),
            Self::Lost { taken: true, .. } => "answer_lost_taken",
            Self::Lost { taken: false, .. } => "answer_lost_dropped",
            Self::Slow { .. } => "relay_slow",
            Self::Overtaken => "stop_overtakes",
            Self::RelayAway(_) => "relay_away",
            Self::MailboxAway(_) => "mailbox_away",
            Self::Cut(_) => "fetch_cut",
            Self::Unfiled(_) => "filing_refused",
            Self::Renumber => "uidvalidity",
            Self::Returned => "mailbox_restored",
            Self::Post { how: Way::Twice, .. } => "mail_twice",
            Self::Post { how: Way::Late(_), .. } => "mail_late",
            Self::Post { how: Way::Junk, .. } => "mail_in_junk",
            Self::DiskFull(_) => "disk_full",
            Self::Clock(..0) => "clock_back",
            Self::Clock(_) => "clock_forward",
            Self::Hold(_) => "hold",
        }
    }

    /// One of every kind.
    fn draw(kind: usize, dice: &mut Rng) -> Self {
        let phases = [
            Phase::Connect,
            Phase::Auth,
            Phase::Mail,
            Phase::Rcpt,
            Phase::Data,
            Phase::Content,
        ];
        let times = dice.u8(1..4);
        let down = if dice.u8(..8) == 0 {
            dice.i64(600..90_000)
        } else {
            dice.i64(1..300)
        };
        match kind {
            0..=3 => Self::Crash {
                when: match dice.u8(..9) {
                    0..=2 => When::Steps(dice.u32(1..24)),
                    3 => When::Steps(dice.u32(1..120)),
                    4 => When::Asked,
                    5 => When::Gate,
                    6 => When::Taken,
                    7 => When::Given,
                    _ => When::Filing,
                },
                again: if dice.u8(..5) == 0 { dice.u32(1..12) } else { 0 },
                down,
            },
            4 => Self::Stop { down },
            5..=8 => Self::Relay {
                phase: pick(dice, &phases).unwrap_or(Phase::Data),
                how: pick(dice, &[How::NotNow, How::NotNow, How::Never, How::Cut]).unwrap_or(How::Cut),
                times,
            },
            9 | 10 => Self::Lost {
                taken: true,
                touch: dice.u8(..3) > 0,
                times: 1,
            },
            11 | 12 => Self::Lost {
                taken: false,
                touch: dice.u8(..3) > 0,
                times: 1,
            },
            13 => Self::Slow {
                seconds: dice.i64(1..90),
                times,
            },
            14 => Self::RelayAway(dice.i64(60..30_000)),
            15 => Self::MailboxAway(dice.i64(60..30_000)),
            16 => Self::Cut(dice.u32(0..6)),
            17 => Self::Unfiled(dice.i64(600..90_000)),
            18 => Self::Renumber,
            19 => Self::Returned,
            20 => Self::Post { how: Way::Twice, times },
            21 => Self::Post {
                how: Way::Late(dice.i64(1..2_000)),
                times,
            },
            22 => Self::Post { how: Way::Junk, times },
            23 => Self::DiskFull(dice.i64(10..10_000)),
            24 => Self::Overtaken,
            25 => Self::Clock(if dice.bool() { 1 } else { -1 } * dice.i64(2..1_000_000) / dice.i64(1..1_000)),
            _ => Self::Hold(dice.i64(600..20_000)),
        }
    }
}

/// Kinds of [`Fault::draw`], weighted by their number.
const KINDS: usize = 27;
/// The one that makes local hours worthless.
const CLOCK: usize = 25;

pub(super) fn crash_name(when: When) -> &'static str {
    match when {
        When::Steps(_) => "crash",
        When::Asked => "crash_before_gate",
        When::Gate => "crash_after_gate",
        When::Taken => "crash_after_dot",
        When::Given => "crash_after_fetch",
        When::Filing => "crash_before_filing",
    }
}

fn relay_name(phase: Phase, how: How) -> &'static str {
    match (phase, how) {
        (Phase::Connect, How::NotNow) => "relay_4xx_connect",
        (Phase::Connect, How::Never) => "relay_5xx_connect",
        (Phase::Connect, How::Cut) => "relay_cut_connect",
        (Phase::Auth, How::NotNow) => "relay_4xx_auth",
        (Phase::Auth, How::Never) => "relay_5xx_auth",
        (Phase::Auth, How::Cut) => "relay_cut_auth",
        (Phase::Mail, How::NotNow) => "relay_4xx_mail",
        (Phase::Mail, How::Never) => "relay_5xx_mail",
        (Phase::Mail, How::Cut) => "relay_cut_mail",
        (Phase::Rcpt, How::NotNow) => "relay_4xx_rcpt",
        (Phase::Rcpt, How::Never) => "relay_5xx_rcpt",
        (Phase::Rcpt, How::Cut) => "relay_cut_rcpt",
        (Phase::Data, How::NotNow) => "relay_4xx_data",
        (Phase::Data, How::Never) => "relay_5xx_data",
        (Phase::Data, How::Cut) => "relay_cut_data",
        (Phase::Content, How::NotNow) => "relay_4xx_dot",
        (Phase::Content, How::Never) => "relay_5xx_dot",
        (Phase::Content, How::Cut) => "relay_cut_content",
    }
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
            batch: if dice.u8(..3) == 0 { dice.usize(1..5) } else { 200 },
            reps,
            people,
            items: Vec::new(),
        };
        plan.hand_over(&mut dice);
        plan.attack(&mut dice);
        plan.go_wrong(&mut dice);
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
        let set = |item: &Item| matches!(item, Item::Fault(Fault::Clock(_)));
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
    fn go_wrong(&mut self, dice: &mut Rng) {
        let temper = dice.u8(..20);
        if temper == 0 {
            return;
        }
        let only = (temper < 5).then(|| dice.usize(..KINDS));
        let jumps = dice.u8(..5) == 0;
        let a_day = dice.i64(1..14);
        let many = i64::from(self.days) * a_day / 2 + 1;
        for _ in 0..many {
            let kind = only.unwrap_or_else(|| dice.usize(..KINDS));
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

/// Midnight of a Monday, so drawn that every change of clocks is met.
fn monday(dice: &mut Rng) -> Timestamp {
    let first = date(2026, 1, 5);
    let week = Span::new().weeks(dice.i64(0..150));
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
            "seed {}, {} days from {}, {} reps, {} prospects{}{}",
            self.seed,
            self.days,
            self.start,
            self.reps.len(),
            self.people.len(),
            if self.copies { ", copies in Sent" } else { "" },
            if self.only_flags { ", filed mail stays" } else { "" },
        )?;
        for (index, person) in self.people.iter().enumerate() {
            writeln!(f, "  prospect {index} of rep {}: {:?}", person.rep, person.temper)?;
        }
        self.items
            .iter()
            .try_for_each(|(at, item)| writeln!(f, "  {at}  {item:?}"))
    }
}
