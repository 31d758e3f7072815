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
use std::time::Duration;
use tokio::sync::watch;
use tracing::{error, info, warn};

/// Runs until `stop` says so or the store fails beyond hope.
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
    let (watched, worked) = tokio::join!(watch_mailbox(bot, inbox, stop.clone()), work(bot, stop));
    watched.and(worked)
}

async fn watch_mailbox(bot: &Bot, inbox: &mut Inbox, mut stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    let mut troubled = false;
    while !*stop.borrow() {
        let pause = match intake::round(bot, inbox).await {
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
            _ = stop.changed() => {}
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

async fn work(bot: &Bot, mut stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    while !*stop.borrow() {
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
            () = sleep_until(bot, progress.wake) => {}
            () = bot.nudge.notified() => {}
            _ = stop.changed() => {}
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
    let sent = deliver::round(bot).await?;
    let kept = upkeep::round(bot).await?;
    Ok(advanced.and(written).and(sent).and(kept))
}

fn in_a_while(bot: &Bot) -> Progress {
    Progress {
        done: 0,
        wake: bot.clock.now().checked_add(limits::BACK_OFF_LEAST).ok(),
    }
}

/// Sleeps until the moment, and at most [`limits::SAFETY_POLL`], so that a clock that was set is noticed.
async fn sleep_until(bot: &Bot, wake: Option<Timestamp>) {
    let until = wake.and_then(|wake| Duration::try_from(wake.duration_since(bot.clock.now())).ok());
    let nothing = if wake.is_some() {
        Duration::ZERO
    } else {
        limits::SAFETY_POLL
    };
    tokio::time::sleep(
        until
            .unwrap_or(nothing)
            .clamp(Duration::from_millis(1), limits::SAFETY_POLL),
    )
    .await;
}
