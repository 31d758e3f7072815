//! The clock, looked at before every round that decides: one that jumped holds every touch, and nothing is decided by it.
//!
//! Mails are read meanwhile and every stop counts, and reps get their mail. The other clock is the mail server's, by the time it
//! wrote on our own lease.
//!
//! Not here: what a jump is, and when a clock is believed again (`rules::clock`).

use super::{Bot, lease};
use crate::model::{Cause, Hold, Scope, Unhold};
use crate::rules::clock::{Look, Outside, is_trusted_again, jump, wrong_at_start};
use crate::store::{Batch, StoreError};
use jiff::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tracing::{error, info};

/// What is known of the clock.
#[derive(Debug, Default)]
pub(super) struct Clockwork(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Look>,
    outside: Option<Outside>,
    /// The server was asked when this process began, and the answer was judged.
    judged: bool,
    /// Suspected since it had run so long.
    suspected: Option<Duration>,
}

impl Clockwork {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the server's clock is wanted now.
    pub(super) fn is_suspected(&self) -> bool {
        self.state().suspected.is_some()
    }
}

impl Bot {
    /// The server wrote `theirs` on what we gave it at `ours`.
    pub(super) fn heard_time(&self, theirs: Timestamp, ours: Timestamp) {
        if let Some(ran) = self.clock.ran() {
            let ahead = theirs.duration_since(ours);
            self.clockwork.state().outside = Some(Outside { ahead, ran });
        }
    }

    /// Looks at the clock; `false`: nothing may be decided by it.
    pub(super) async fn clock_is_sound(&self) -> Result<bool, StoreError> {
        let Some(ran) = self.clock.ran() else { return Ok(true) };
        let now = Look {
            wall: self.clock.now(),
            ran,
        };
        let (before, outside, judged, suspected) = {
            let mut state = self.clockwork.state();
            let judged = state.judged;
            state.judged |= state.outside.is_some();
            (state.last.replace(now), state.outside, judged, state.suspected)
        };
        let wrong = match before {
            None => wrong_at_start(now, self.store.last_decided().await?, outside),
            Some(before) => jump(before, now).or_else(|| {
                let first_heard = outside.filter(|_| !judged);
                first_heard.and_then(|outside| wrong_at_start(now, None, Some(outside)))
            }),
        };
        if let Some(why) = wrong {
            error!(why, "the clock cannot be trusted; touches are held");
            self.clockwork.state().suspected = Some(ran);
            self.hold_for_clock(why, now.wall).await?;
            return Ok(false);
        }
        let standing = before.is_none() || suspected.is_some();
        if !standing {
            return Ok(true);
        }
        let holds = self.store.holds(now.wall).await?;
        if !holds.iter().any(|hold| hold.cause == Cause::Clock) {
            // Somebody said that it is right.
            self.clockwork.state().suspected = None;
            return Ok(true);
        }
        // A hold of the process before is this one's suspicion.
        let since = *self.clockwork.state().suspected.get_or_insert(ran);
        if !is_trusted_again(since, now, self.store.last_decided().await?, outside) {
            return Ok(false);
        }
        info!("the clock can be trusted again");
        let batch = Batch {
            at: Some(now.wall),
            unhold: vec![Unhold {
                scope: Scope::All,
                cause: Some(Cause::Clock),
                by: "the clock".to_owned(),
            }],
            ..Batch::default()
        };
        lease::committed(self.store.commit(batch).await)?;
        self.clockwork.state().suspected = None;
        Ok(true)
    }

    /// Told once, however often it jumps while it is held.
    async fn hold_for_clock(&self, why: String, now: Timestamp) -> Result<(), StoreError> {
        let standing = self.store.holds(now).await?;
        if standing.iter().any(|hold| hold.cause == Cause::Clock) {
            return Ok(());
        }
        let hold = Hold {
            scope: Scope::All,
            cause: Cause::Clock,
            why,
            by: "the clock".to_owned(),
            since: now,
            clears: None,
        };
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        self.warn_of_hold(&mut batch, &hold, now);
        batch.hold.push(hold);
        lease::committed(self.store.commit(batch).await)
    }
}
