//! Whether the machine's clock can be trusted (reliability E-10, E-11, T-55).
//!
//! | found | then touches are held until |
//! |---|---|
//! | it went forward 5 minutes more than time has passed | the mail server's clock agrees within 2 minutes |
//! | it went back 2 minutes | the same |
//! | at the start it shows 2 minutes less than the last entry of the journal | the same |
//! | at the start it differs by 5 minutes from the mail server's | the same |
//!
//! Where there is no server to ask (a Maildir), until it went right for 10 minutes and is not behind the journal. A machine that
//! slept looks like one whose clock was set, and is believed as soon as the server agrees.

use crate::model::limits;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// One look at the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// What it showed.
    pub wall: Timestamp,
    /// How long it had run.
    pub ran: Duration,
}

/// The mail server's clock against ours, and when that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    /// How far the server's is ahead.
    pub ahead: SignedDuration,
    /// How long ours had run then.
    pub ran: Duration,
}

impl Outside {
    fn agrees(&self) -> bool {
        self.ahead.abs() <= signed(limits::CLOCK_BACK)
    }
}

/// What is wrong, between two looks. Lower case, no full stop.
#[must_use]
pub fn jump(before: Look, now: Look) -> Option<String> {
    let passed = signed(now.ran.saturating_sub(before.ran));
    let jumped = now.wall.duration_since(before.wall).saturating_sub(passed);
    if jumped >= signed(limits::CLOCK_FORWARD) {
        return Some(format!("the clock went forward by {} min", jumped.as_mins()));
    }
    let back = -jumped;
    (back >= signed(limits::CLOCK_BACK)).then(|| format!("the clock went back by {} min", back.as_mins()))
}

/// What is wrong at the start: the clock is behind the journal's last entry, or off the server's.
#[must_use]
pub fn wrong_at_start(now: Look, last: Option<Timestamp>, outside: Option<Outside>) -> Option<String> {
    if let Some(last) = last.filter(|last| is_behind(now.wall, *last)) {
        return Some(format!(
            "the clock shows {}, and the journal goes on to {last}",
            now.wall
        ));
    }
    let ahead = outside?.ahead;
    (ahead.abs() >= signed(limits::CLOCK_FORWARD)).then(|| {
        format!(
            "the clock differs by {} min from the mail server's",
            ahead.abs().as_mins()
        )
    })
}

/// Whether a clock that was suspected after having run for `since` is believed again.
#[must_use]
pub fn is_trusted_again(since: Duration, now: Look, last: Option<Timestamp>, outside: Option<Outside>) -> bool {
    match outside.filter(|outside| outside.ran >= since) {
        Some(outside) => outside.agrees(),
        // A server that was asked before will be asked again.
        None if outside.is_some() => false,
        None => {
            let steady = now.ran.saturating_sub(since) >= limits::CLOCK_STEADY;
            steady && last.is_none_or(|last| !is_behind(now.wall, last))
        }
    }
}

fn is_behind(wall: Timestamp, last: Timestamp) -> bool {
    last.duration_since(wall) >= signed(limits::CLOCK_BACK)
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}
