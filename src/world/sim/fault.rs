//! The fault alphabet: everything that may go wrong in a simulated world.

use super::plan::pick;
use crate::model::Phase;
use fastrand::Rng;

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
    /// The clock is set by so many seconds, and set right after a while.
    Clock {
        /// By how many seconds.
        by: i64,
        /// How many seconds it stays so.
        lasts: i64,
    },
    /// The bot's host fails, and a backup is put in the place of the database.
    Restored {
        /// Seconds since the backup was made.
        age: i64,
        /// Seconds until it starts again.
        down: i64,
        /// Whether `cadence backup` made it, which marks it as old; else it is a picture of the disk.
        marked: bool,
    },
    /// Somebody starts a second bot on the same mailbox, on another host, with a copy of the database.
    SecondBot {
        /// Seconds since the copy was made.
        age: i64,
        /// Seconds until it is killed.
        lasts: i64,
        /// Seconds for which the first one is away meanwhile, beginning soon after; 0: it is there.
        alone: i64,
    },
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
            Self::Clock { by: ..0, .. } => "clock_back",
            Self::Clock { .. } => "clock_forward",
            Self::Restored { marked: true, .. } => "restored_backup",
            Self::Restored { marked: false, .. } => "restored_picture",
            Self::SecondBot { .. } => "second_bot",
            Self::Hold(_) => "hold",
        }
    }

    /// One of every kind.
    pub(super) fn draw(kind: usize, dice: &mut Rng) -> Self {
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
                // Longer than a lease lives now and then: a machine that stood still in the middle of a letter.
                seconds: if dice.u8(..6) == 0 {
                    dice.i64(300..900)
                } else {
                    dice.i64(1..90)
                },
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
            25 => Self::Clock {
                by: if dice.bool() { 1 } else { -1 } * dice.i64(2..1_000_000) / dice.i64(1..1_000),
                lasts: dice.i64(10..40_000),
            },
            26 => Self::Hold(dice.i64(600..20_000)),
            27 => Self::Restored {
                age: dice.i64(600..400_000) / dice.i64(1..6),
                down: dice.i64(1..2_000),
                marked: dice.u8(..3) > 0,
            },
            _ => Self::SecondBot {
                age: if dice.bool() { 0 } else { dice.i64(60..200_000) },
                lasts: dice.i64(600..20_000),
                alone: if dice.bool() { dice.i64(60..10_000) } else { 0 },
            },
        }
    }
}

/// Kinds of [`Fault::draw`], weighted by their number.
pub(super) const KINDS: usize = 29;
/// The one that makes local hours worthless where the bot has no other clock to ask.
pub(super) const CLOCK: usize = 25;
/// From this one on the bot needs a lease on its mailbox.
pub(super) const OTHERS: usize = 27;

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
