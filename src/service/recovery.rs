//! A database that is older than what happened → one that may go on (reliability E-25, P26, P27).
//!
//! It was restored, rolled back, or another bot had the mailbox meanwhile. What it does not know is a gap in time. Nothing is
//! sent until the gap is closed, in four steps, each of which may be done again after a death:
//!
//! 1. What lies ready, and what fell due in the gap, may have gone out: it is in doubt, and never sent again by itself. Steps are
//!    gone through at the times at which they fell due, so that all of them are found.
//! 2. What was filed in the gap is brought back to INBOX.
//! 3. The mailbox is read as ever: stops count, own copies and answers settle doubts, and hand-overs that the database
//!    never saw enroll as of their own time.
//!    What concerned nobody is read once more then, since a stop may have been read before the hand-over that it is about.
//! 4. Once more 1., for those; then the Sent folder is searched, whether or not it is read otherwise: what lies there went out, so
//!    that it is no doubt any more, and is not sent to reps again. Then it goes on, and the administrator is told.
//!
//! Known gap: what reps were told in the gap goes out again, as the same bytes, where nothing keeps copies of it.

use super::advance::orphaned;
use super::intake::IntakeError;
use super::stand_in::Gone;
use super::{Bot, lease};
use crate::inbox::Inbox;
use crate::model::{Cause, Gap, Hold, LetterId, LetterState, Receipt, Scope, Standing, Tenure, Unhold, limits};
use crate::rules::advance::{Next, advance};
use crate::rules::doubt;
use crate::rules::settle::{Tries, settle};
use crate::store::{Batch, Claimed, CommitError, LetterMove, StoreError};
use crate::template::Warned;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::Ordering;
use tracing::{info, warn};

impl Bot {
    /// Before the mailbox is read: steps 1 and 2. Nothing when there is no gap.
    pub(super) async fn begin_recovery(&self, inbox: &mut Inbox) -> Result<(), IntakeError> {
        if !self.is_recovering() {
            return Ok(());
        }
        let tenure = self.store.tenure().await?;
        let Some(gap) = tenure.gap.clone() else {
            self.recovering(None);
            return Ok(());
        };
        let to = match gap.to {
            Some(to) => to,
            None => self.open_gap(tenure, gap.clone()).await?,
        };
        self.doubt_all(to).await?;
        let margin = SignedDuration::try_from(limits::RECOVERY_MARGIN).unwrap_or(SignedDuration::ZERO);
        let since = gap.from.checked_sub(margin).unwrap_or(gap.from);
        let mails = inbox.bring_back(since).await?;
        info!(mails, "mails that were filed since are read again");
        Ok(())
    }

    /// After the mailbox was read: step 4.
    pub(super) async fn end_recovery(&self, inbox: &mut Inbox) -> Result<(), IntakeError> {
        let tenure = self.store.tenure().await?;
        let Some(Gap {
            to: Some(to),
            why,
            from,
        }) = tenure.gap.clone()
        else {
            return Ok(());
        };
        if self.read_again(from).await? {
            return Ok(());
        }
        self.doubt_all(to).await?;
        self.search_since(inbox, from).await?;
        let now = self.clock.now();
        let doubts = self.store.doubts(limits::DOUBTS).await?.len();
        let id = LetterId::of_hold("gap", Cause::Recovery.code(), to.as_millisecond());
        let mut batch = Batch {
            at: Some(now),
            tenure: Some(Tenure { gap: None, ..tenure }),
            ..Batch::default()
        };
        self.warn(&mut batch, id, &Warned::Recovered(&why, doubts), now);
        let standing = self.store.holds(now).await?;
        if standing.iter().any(|hold| hold.cause == Cause::Recovery) {
            batch.unhold.push(Unhold {
                scope: Scope::All,
                cause: Some(Cause::Recovery),
                by: "the recovery".to_owned(),
            });
        }
        lease::committed(self.store.commit(batch).await)?;
        self.recovering(None);
        warn!(doubts, "the database knows again what happened; touches go out");
        self.nudge.notify_one();
        Ok(())
    }

    /// A stop may have been read before the hand-over that it is about, since what was brought back lies behind what was
    /// never filed: what concerned nobody is read once more. `true`: not yet.
    async fn read_again(&self, from: Timestamp) -> Result<bool, StoreError> {
        if self.reread.swap(true, Ordering::Relaxed) || !self.store.any_unmatched(from).await? {
            return Ok(false);
        }
        let batch = Batch {
            at: Some(self.clock.now()),
            reread: Some(from),
            ..Batch::default()
        };
        lease::committed(self.store.commit(batch).await)?;
        info!("what concerned nobody is read once more, now that all hand-overs are known");
        self.nudge.notify_one();
        Ok(true)
    }

    /// From now on the mailbox is this bot's, so that nothing more is unknown.
    async fn open_gap(&self, tenure: Tenure, gap: Gap) -> Result<Timestamp, StoreError> {
        let now = self.clock.now();
        warn!(why = %gap.why, since = %gap.from, "the database is older than what happened; nothing is sent until that is found out");
        let batch = Batch {
            at: Some(now),
            hold: vec![Hold {
                scope: Scope::All,
                cause: Cause::Recovery,
                why: gap.why.clone(),
                by: "the recovery".to_owned(),
                since: now,
                clears: None,
            }],
            tenure: Some(Tenure {
                gap: Some(Gap { to: Some(now), ..gap }),
                ..tenure
            }),
            ..Batch::default()
        };
        lease::committed(self.store.commit(batch).await)?;
        Ok(now)
    }

    /// Everything that may have gone out before `to` is in doubt.
    async fn doubt_all(&self, to: Timestamp) -> Result<(), StoreError> {
        loop {
            let letters = self.store.may_have_gone(to, limits::ADVANCE).await?;
            for (claimed, state) in &letters {
                self.doubt(claimed, *state).await?;
            }
            let due = self.store.due(to, limits::ADVANCE).await?;
            if due.is_empty() && letters.is_empty() {
                return Ok(());
            }
            let people: Vec<_> = due.iter().map(|due| due.prospect.address.loose()).collect();
            let suppressed = self.store.suppressions(&people).await?;
            for (enrollment, suppressed) in due.iter().zip(suppressed) {
                let now = self.clock.now();
                let then = fell_due(&enrollment.standing).unwrap_or(to);
                let mut batch = Batch {
                    at: Some(now),
                    ..Batch::default()
                };
                let gone = Gone::default();
                match self.view(enrollment, &gone) {
                    None => batch = orphaned(enrollment, now),
                    Some(view) => match advance(&view, suppressed, then) {
                        Next::Touch(step) => drop(self.touch(&mut batch, &view, &step, then)),
                        Next::Draft(step) => drop(self.draft(&mut batch, &view, &step, then)),
                        Next::Wait(decision) | Next::End(decision) => {
                            self.decided(&mut batch, enrollment, decision, then);
                        }
                    },
                }
                if batch.changes.is_empty() {
                    let why = format!(
                        "enrollment {} is due and nothing can be decided about it",
                        enrollment.id
                    );
                    return Err(StoreError::contradiction(why));
                }
                lease::committed(self.store.commit(batch).await)?;
            }
        }
    }

    /// A touch that may have gone out when it was to.
    async fn doubt(&self, claimed: &Claimed, state: LetterState) -> Result<(), StoreError> {
        let letter = &claimed.letter;
        let why = doubt::RESTORED.to_owned();
        let mut batch = Batch {
            at: Some(self.clock.now()),
            moves: vec![LetterMove {
                id: letter.id,
                from: state,
                to: LetterState::InDoubt,
                not_before: None,
                reply: Some(why.clone()),
                since: None,
                untaken: false,
                heard: false,
                seen: None,
            }],
            ..Batch::default()
        };
        if let (Some((_, step)), Some(enrollment)) = (letter.touch, &claimed.enrollment)
            && !claimed.again
        {
            let gone = Gone::default();
            let view = self.view_of(enrollment, &gone);
            let (receipt, then) = (Receipt::InDoubt { why }, letter.not_before);
            let settled = settle(
                &view,
                step,
                &letter.message_id,
                &receipt,
                Tries::first(claimed.since),
                then,
            );
            let mut decision = settled.decision;
            // Each stands in the rep's digest; a mail about every one of them would be a flood.
            decision.notices.clear();
            self.decided(&mut batch, enrollment, decision, then);
        }
        match self.store.commit(batch).await {
            // It moved on under us: it is looked at again.
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

fn fell_due(standing: &Standing) -> Option<Timestamp> {
    match standing {
        Standing::Waiting { due, .. } => Some(*due),
        Standing::Paused { until, .. } => *until,
        Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Ended { .. } => None,
    }
}
