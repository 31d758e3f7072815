//! THE ROUNDS: where mailbox, rules, store and relay meet. Each round is idempotent, may be killed anywhere, and says what
//! it did and when it wants to be woken; `pulse` is the only loop.
//!
//! | round | reads | writes |
//! |---|---|---|
//! | [`intake`] | new mails | what they mean, and letters about it |
//! | [`watch`] | headers in the reps' own mailboxes | what they mean |
//! | [`sightings`] | what was reported of people | what it does |
//! | [`advance`] | enrollments that are due | letters and tasks |
//! | [`digest`] | reps whose morning it is | digests |
//! | [`report_mail`] | the numbers of a week, month or quarter that is over | reports by mail |
//! | [`team`] | how the team stands on a business day | digests for managers |
//! | [`promoting`] | tests that have a winner | what goes to everybody, and who is told |
//! | [`deliver`] | letters that are ready | what the relay said |
//! | [`welcome`] | reps without their addresses | mails with them |
//! | [`proposing`] | people whom reps said yes to | enrollments, and who they are |
//! | [`gathering`] | alerts that came many at once | one mail of them |
//! | [`upkeep`] | what went wrong lately, letters in doubt | holds, and what became of doubts |
//!
//! No mail is sent in the round that reads a mail.

mod administering;
pub mod advance;
mod ahead;
mod answer;
mod asking;
mod away;
mod beyond;
mod clockwork;
mod concern;
pub mod deliver;
pub mod digest;
pub mod doors;
mod doubts;
mod editing;
mod enrolling;
mod enrolling_line;
mod finding;
pub mod gathering;
pub mod heat;
mod house;
mod incoming;
pub mod intake;
mod judging;
mod leads;
mod lease;
mod meant;
mod orders;
mod pacing;
mod portion;
mod posting;
pub mod promoting;
mod proposed;
pub mod proposing;
pub mod pulse;
mod reacting;
mod recovery;
pub mod relay;
pub mod report;
pub mod report_mail;
pub mod ruling;
mod safely;
mod sent;
mod settling;
pub mod sightings;
pub mod signature;
mod spoken;
mod stand_in;
mod succeeding;
mod switching;
mod taking_back;
pub mod team;
mod timing;
mod trials;
mod trouble;
pub mod upkeep;
pub mod watch;
pub mod welcome;
mod would;

pub use house::{Barrier, Bot, House};
pub use lease::Keeper;
pub use spoken::Spoken;
pub use welcome::cards;
pub use would::{Would, would};

use jiff::Timestamp;

/// What a round did, and when there is more to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many things were done; while it is not 0 the round is worth calling again.
    pub done: usize,
    /// When to call again at the latest; `None`: when something happens.
    pub wake: Option<Timestamp>,
}

impl Progress {
    /// This much was done, nothing is known of later.
    #[must_use]
    pub fn of(done: usize) -> Self {
        Self { done, wake: None }
    }

    /// Both together: sums, and the earlier wake.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let wake = match (self.wake, other.wake) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self {
            done: self.done + other.done,
            wake,
        }
    }
}
