//! The only loop: look at the mailbox, decide, send, sleep until something happens.
//!
//! Two halves run side by side, since looking at a mailbox means waiting in IDLE. They meet in the store, and wake each
//! other: intake nudges when it committed something, delivery asks for a look when a touch waits for the barrier.

use super::intake::IntakeError;
use super::{Bot, Progress, advance, deliver, digest, intake, upkeep};
use crate::inbox::{Inbox, InboxError};
use crate::model::limits;
use crate::store::StoreError;
use jiff::Timestamp;
use std::future::Future;
use std::time::Duration;
use tokio::sync::watch;
use tracing::{error, info, warn};

/// Runs until `stop` says so or the store fails beyond hope. Then no further letter passes the gate; the answer to one
/// that did is waited for, at most [`limits::SHUTDOWN`]. What has no answer by then is in doubt at the next start.
///
/// # Errors
/// When the store cannot be written: going on would mean to act without remembering.
pub async fn pulse(bot: &Bot, inbox: &mut Inbox, stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    let recovered = deliver::recover(bot).await?;
    if recovered > 0 {
        warn!(
            letters = recovered,
            "it is not known whether these went out; they are in doubt and never sent again by themselves"
        );
    }
    let (halt, halted) = watch::channel(false);
    // A half that fails takes the other with it: a bot that reads and does not send, or the reverse, looks alive.
    let watched = until_over(watch_mailbox(bot, inbox, halted.clone()), &halt);
    let worked = until_over(work(bot, halted.clone()), &halt);
    let mut halves = std::pin::pin!(async { tokio::join!(watched, worked) });
    let (watched, worked) = tokio::select! {
        over = &mut halves => over,
        () = told(stop) => at_last(bot, &halt, halves).await,
        () = told(halted) => at_last(bot, &halt, halves).await,
    };
    watched.and(worked)
}

type Over = Result<(), StoreError>;

async fn until_over(half: impl Future<Output = Over>, halt: &watch::Sender<bool>) -> Over {
    let over = half.await;
    halt.send_replace(true);
    over
}

/// Waits until it is told to stop; for ever when nobody is left to tell it.
async fn told(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn at_last(bot: &Bot, halt: &watch::Sender<bool>, halves: impl Future<Output = (Over, Over)>) -> (Over, Over) {
    bot.stop();
    halt.send_replace(true);
    tokio::time::timeout(limits::SHUTDOWN, halves)
        .await
        .unwrap_or_else(|_| {
            warn!("the relay has not answered in time; what it was given is in doubt from the next start on");
            (Ok(()), Ok(()))
        })
}

async fn watch_mailbox(bot: &Bot, inbox: &mut Inbox, halted: watch::Receiver<bool>) -> Over {
    let mut troubled = false;
    while !*halted.borrow() {
        // A look may be cut off anywhere: what was not committed is read again.
        let look = tokio::select! {
            look = intake::round(bot, inbox) => look,
            () = told(halted.clone()) => return Ok(()),
        };
        let pause = match look {
            Ok(_) => {
                if std::mem::take(&mut troubled) {
                    info!("the mailbox can be read again");
                }
                // The barrier moved: letters that waited for it may go.
                bot.nudge.notify_one();
                None
            }
            Err(IntakeError::Inbox(error)) => {
                if !std::mem::replace(&mut troubled, true) {
                    warn!(%error, "the mailbox cannot be read; nothing is sent to prospects until it can");
                }
                Some(again_in(&error))
            }
            Err(IntakeError::Store(error)) if error.is_transient() => {
                warn!(%error, "what was read cannot be kept yet; it is read again");
                Some(limits::BACK_OFF_LEAST)
            }
            Err(IntakeError::Store(error)) => return Err(error),
        };
        tokio::select! {
            () = rest(inbox, pause) => {}
            () = bot.sync_wanted.notified(), if pause.is_none() => {}
            () = told(halted.clone()) => {}
        }
    }
    Ok(())
}

/// Waits for mail, or out the pause after a trouble.
async fn rest(inbox: &mut Inbox, pause: Option<Duration>) {
    match pause {
        Some(pause) => tokio::time::sleep(pause).await,
        None => {
            // What went wrong while waiting goes wrong again when reading, and is told there.
            if let Err(error) = inbox.wait(limits::SAFETY_POLL).await {
                tracing::debug!(%error, "waiting for mail ended early");
                tokio::time::sleep(limits::BACK_OFF_LEAST).await;
            }
        }
    }
}

fn again_in(error: &InboxError) -> Duration {
    error
        .retry_in()
        .unwrap_or(limits::BACK_OFF_LEAST)
        .max(limits::BACK_OFF_LEAST)
}

async fn work(bot: &Bot, halted: watch::Receiver<bool>) -> Over {
    while !*halted.borrow() {
        let asked = bot.clock.now();
        let progress = match once(bot).await {
            Ok(progress) => progress,
            Err(error) if error.is_transient() => {
                warn!(%error, "nothing can be recorded, so nothing is sent; trying again");
                Progress { done: 0, wake: None }.and(in_a_while(bot))
            }
            Err(error) => {
                error!(%error, "the database cannot be used");
                return Err(error);
            }
        };
        if progress.done > 0 {
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(sleep(progress.wake, asked, bot.clock.now())) => {}
            () = bot.nudge.notified() => {}
            () = told(halted.clone()) => {}
        }
    }
    Ok(())
}

/// Every round once, the mailbox apart.
///
/// # Errors
/// When the store fails.
pub async fn once(bot: &Bot) -> Result<Progress, StoreError> {
    let advanced = advance::round(bot).await?;
    let written = digest::round(bot).await?;
    let kept = upkeep::round(bot).await?;
    let sent = deliver::round(bot).await?;
    Ok(advanced.and(written).and(kept).and(sent))
}

fn in_a_while(bot: &Bot) -> Progress {
    Progress {
        done: 0,
        wake: bot.clock.now().checked_add(limits::BACK_OFF_LEAST).ok(),
    }
}

/// How long to sleep at `now`: until the moment, and at most [`limits::SAFETY_POLL`], so that a clock that was set is
/// noticed. What was due when the rounds were `asked` and is due still could not be done, so it is asked for again in
/// [`limits::ASK_AGAIN`] and not at once for ever.
fn sleep(wake: Option<Timestamp>, asked: Timestamp, now: Timestamp) -> Duration {
    let Some(wake) = wake else { return limits::SAFETY_POLL };
    if wake <= asked {
        return limits::ASK_AGAIN;
    }
    let until = Duration::try_from(wake.duration_since(now)).unwrap_or(Duration::ZERO);
    until.clamp(Duration::from_millis(1), limits::SAFETY_POLL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rounds_sleep_until_something_is_due_and_do_not_turn_in_circles() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        assert_eq!(sleep(None, at(10), at(10)), limits::SAFETY_POLL);
        assert_eq!(sleep(Some(at(13)), at(10), at(11)), Duration::from_secs(2));
        assert_eq!(sleep(Some(at(9_999)), at(10), at(11)), limits::SAFETY_POLL);
        assert_eq!(
            sleep(Some(at(11)), at(10), at(12)),
            Duration::from_millis(1),
            "it fell due during the rounds"
        );
        assert_eq!(
            sleep(Some(at(10)), at(10), at(12)),
            limits::ASK_AGAIN,
            "it was due and could not be done"
        );
    }
}
