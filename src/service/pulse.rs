//! The only loop: look at the mailbox, decide, send, sleep until something happens.
//!
//! Two halves run side by side, and one more for each watched mailbox of a rep, since looking at a mailbox means waiting in IDLE. They meet in the store, and wake each
//! other: intake nudges when it committed something, delivery asks for a look when a touch waits for the barrier.

use super::intake::IntakeError;
use super::trouble::Trouble;
use super::watch::{self as rep_watch, Watch};
use super::{
    Bot, Progress, advance, deliver, digest, gathering, intake, promoting, proposing, report, report_mail, sightings,
    team, upkeep, welcome,
};
use crate::inbox::{Inbox, InboxError};
use crate::model::{Address, Fingerprint, limits};
use crate::store::StoreError;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tokio::sync::watch;
use tracing::{error, info, warn};

/// Runs until `stop` says so or the store fails beyond hope. Then nothing is begun any more: what has not passed the gate is
/// put back at once, and what has is waited for, for [`limits::SHUTDOWN`] at most. Last the mailbox is given back.
///
/// # Errors
/// When the store cannot be used, now or later: going on would mean to act without remembering.
pub async fn pulse(bot: &Bot, inbox: &mut Inbox, stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    pulse_watching(bot, inbox, Vec::new(), stop).await
}

/// The same, with mailboxes of reps that are watched beside the bot's own.
///
/// # Errors
/// As [`pulse`].
pub async fn pulse_watching(
    bot: &Bot,
    inbox: &mut Inbox,
    watches: Vec<Watch>,
    stop: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    for watched in &watches {
        bot.barrier.watches(&watched.rep);
    }
    // A code that was given up must not enroll anybody, not even in the first moment.
    bot.recall().await?;
    let watching = watches.into_iter().map(|watched| watch_rep(bot, watched, stop.clone()));
    let watching = futures_util::future::try_join_all(watching);
    let serve = async {
        tokio::try_join!(
            watch_mailbox(bot, inbox, stop.clone()),
            work(bot, stop.clone()),
            watching
        )
        .map(|_| ())
    };
    let served = tokio::select! {
        served = serve => served,
        () = patience_ends(bot, stop.clone()) => {
            warn!("what was on its way took too long; a letter without an answer is in doubt at the next start");
            Ok(())
        }
    };
    bot.release(inbox).await;
    served
}

/// Some time after the bot was told to stop.
async fn patience_ends(bot: &Bot, stop: watch::Receiver<bool>) {
    told(stop).await;
    info!("told to stop; waiting for what is on its way");
    bot.stop();
    tokio::time::sleep(limits::SHUTDOWN).await;
}

/// Once the bot was told to stop.
async fn told(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        // Nobody is left to tell.
        std::future::pending::<()>().await;
    }
}

async fn watch_mailbox(bot: &Bot, inbox: &mut Inbox, stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    let mut trouble = Trouble::default();
    loop {
        // Cut off in the middle of it nothing is lost: what was committed is known, the rest is read again.
        let read = tokio::select! {
            biased;
            () = told(stop.clone()) => return Ok(()),
            read = intake::round(bot, inbox) => read,
        };
        let pause = match read {
            Ok(progress) => {
                if trouble.is_over() {
                    info!("the mailbox can be read again");
                }
                bot.mailbox_was_read().await;
                if progress.wake.is_some() && progress.done > 0 {
                    // A backlog: there is more to read at once.
                    bot.nudge.notify_one();
                    continue;
                }
                // The barrier moved: letters that waited for it may go.
                bot.nudge.notify_one();
                // Who only stands by does not wait for mail.
                bot.stands_by().then_some(limits::LEASE_WATCHED)
            }
            Err(error) => {
                if let IntakeError::Inbox(error) = &error {
                    bot.mailbox_failed(error).await;
                }
                Some(set_back(&mut trouble, error)?)
            }
        };
        tokio::select! {
            () = rest(inbox, pause) => {}
            () = bot.sync_wanted.notified(), if pause.is_none() => {}
            () = told(stop.clone()) => return Ok(()),
        }
    }
}

/// Looks at a rep's own mailbox, and waits for mail there. What goes wrong there holds the touches of this rep alone.
async fn watch_rep(bot: &Bot, mut watched: Watch, stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    let mut trouble = Trouble::default();
    let rep = mark(&watched.rep);
    loop {
        let wanted = bot.barrier.watch_wanted.notified();
        let read = tokio::select! {
            biased;
            () = told(stop.clone()) => return Ok(()),
            read = rep_watch::round(bot, &mut watched) => read,
        };
        let pause = match read {
            Ok(_) => {
                if trouble.is_over() {
                    info!(rep, "the watched mailbox can be read again");
                }
                None
            }
            Err(IntakeError::Store(error)) if !(error.is_transient() || error.is_misfit()) => return Err(error),
            Err(error) => Some(watch_failed(bot, &watched, &mut trouble, &error).await),
        };
        tokio::select! {
            () = rest(&mut watched.inbox, pause) => {}
            () = wanted, if pause.is_none() => {}
            () = told(stop.clone()) => return Ok(()),
        }
    }
}

/// How long to leave a watched mailbox alone. That it is away is told once, and stands in `status` and `why`.
async fn watch_failed(bot: &Bot, watched: &Watch, trouble: &mut Trouble, error: &IntakeError) -> Duration {
    let new = trouble.comes(error);
    let pause = match error {
        IntakeError::Inbox(error) => error.retry_in().unwrap_or_else(|| trouble.pause()),
        IntakeError::Store(_) | IntakeError::Stale => trouble.pause(),
    };
    if new {
        let (rep, again_in_s) = (mark(&watched.rep), pause.as_secs());
        warn!(rep, %error, again_in_s, "a watched mailbox cannot be read; no touch of this rep goes out until it can");
        if let Err(error) = rep_watch::is_away(bot, &watched.rep, &error.to_string()).await {
            warn!(rep, %error, "that cannot be recorded, so `cadence status` does not show it");
        }
    }
    pause.max(limits::BACK_OFF_LEAST)
}

/// A rep as a log may name them: the beginning of a hash.
fn mark(rep: &Address) -> String {
    let hash = Fingerprint::of("rep in the log", &[rep.as_str()]).hex();
    hash.get(..8).unwrap_or(&hash).to_owned()
}

/// How long to leave the mailbox alone after what went wrong, which is told once.
fn set_back(trouble: &mut Trouble, error: IntakeError) -> Result<Duration, StoreError> {
    match error {
        IntakeError::Inbox(error) => {
            let new = trouble.comes(&error);
            let pause = error.retry_in().unwrap_or_else(|| trouble.pause());
            if new {
                mailbox_failed(&error, pause);
            }
            Ok(pause.max(limits::BACK_OFF_LEAST))
        }
        IntakeError::Stale => {
            trouble.comes(&error);
            Ok(trouble.pause())
        }
        // A defect met in one mail must not keep the others from being read: it goes to quarantine after some tries.
        IntakeError::Store(error) if error.is_transient() || error.is_misfit() => {
            if trouble.comes(&error) {
                warn!(%error, "what was read cannot be kept yet; it is read again, and nothing is sent to prospects until then");
            }
            Ok(trouble.pause())
        }
        IntakeError::Store(error) => Err(error),
    }
}

fn mailbox_failed(error: &InboxError, pause: Duration) {
    let again_in_s = pause.as_secs();
    if error.is_refused_login() {
        warn!(
            %error,
            again_in_s,
            "the mailbox refuses the login, so nothing is sent to prospects; put it right and start the bot again"
        );
    } else {
        warn!(%error, again_in_s, "the mailbox cannot be read; nothing is sent to prospects until it can");
    }
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

async fn work(bot: &Bot, stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    let recovered = deliver::recover(bot).await?;
    if recovered > 0 {
        warn!(
            letters = recovered,
            "it is not known whether these went out; they are in doubt and never sent again by themselves"
        );
    }
    let mut trouble = Trouble::default();
    // Not cut off: a letter on its way is better waited for. It is told by `Bot::stop` to begin nothing.
    while !*stop.borrow() {
        let now = bot.clock.now();
        let pause = match once(bot).await {
            Ok(progress) => {
                if trouble.is_over() {
                    info!("the database can be written again");
                }
                pause(progress, now, bot.clock.now())
            }
            Err(error) if error.is_transient() => {
                if trouble.comes(&error) {
                    warn!(%error, "nothing can be recorded, so nothing is sent");
                }
                Some(trouble.pause())
            }
            Err(error) => {
                error!(%error, "the database cannot be used");
                return Err(error);
            }
        };
        let Some(pause) = pause else { continue };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = bot.nudge.notified() => {}
            () = told(stop.clone()) => {}
        }
    }
    Ok(())
}

/// Every round once, the mailbox apart.
///
/// # Errors
/// When the store fails.
pub async fn once(bot: &Bot) -> Result<Progress, StoreError> {
    if bot.is_fenced() {
        let again = SignedDuration::try_from(limits::HELD_AGAIN).unwrap_or(SignedDuration::ZERO);
        return Ok(Progress {
            done: 0,
            wake: Some(bot.clock.now() + again),
        });
    }
    bot.recall().await?;
    let sound = bot.clock_is_sound().await?;
    let (advanced, written) = if sound {
        let advanced = if bot.is_unproven() {
            Progress::default()
        } else {
            // What was reported may stop what is due.
            let taken_in = sightings::round(bot).await?;
            taken_in.and(advance::round(bot).await?)
        };
        (advanced, digest::round(bot).await?)
    } else {
        Default::default()
    };
    let kept = upkeep::round(bot)
        .await?
        .and(welcome::round(bot).await?)
        .and(proposing::round(bot).await?)
        .and(gathering::round(bot).await?);
    let sent = deliver::round(bot).await?;
    let done = advanced.and(written).and(kept).and(sent);
    // Numbers wait until nothing else does.
    if done.done > 0 {
        return Ok(done);
    }
    let counted = report::round(bot).await?;
    if counted.done > 0 || !sound {
        return Ok(done.and(counted));
    }
    let told = promoting::round(bot)
        .await?
        .and(report_mail::round(bot).await?)
        .and(team::round(bot).await?);
    Ok(done.and(counted).and(told))
}

/// How long to sleep at `now`, after rounds that began at `began`: not at all when they did something, else until the next
/// wake-up, at most [`limits::SAFETY_POLL`], so that a clock that was set is noticed. What was due when they began and is
/// due still could not be done, so it is asked for again in [`limits::ASK_AGAIN`] and not at once for ever.
fn pause(progress: Progress, began: Timestamp, now: Timestamp) -> Option<Duration> {
    match progress.wake {
        _ if progress.done > 0 => None,
        Some(wake) if wake <= began => Some(limits::ASK_AGAIN),
        // It may have come about meanwhile.
        Some(wake) => {
            let left = Duration::try_from(wake.duration_since(now)).unwrap_or(Duration::ZERO);
            Some(left.clamp(Duration::from_millis(1), limits::SAFETY_POLL))
        }
        None => Some(limits::SAFETY_POLL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rounds_sleep_until_something_is_due_and_do_not_turn_in_circles() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let idle = |wake: Option<i64>, began, now| {
            let progress = Progress {
                done: 0,
                wake: wake.map(at),
            };
            pause(progress, at(began), at(now))
        };
        assert_eq!(idle(None, 10, 10), Some(limits::SAFETY_POLL));
        assert_eq!(idle(Some(13), 10, 11), Some(Duration::from_secs(2)));
        assert_eq!(idle(Some(9_999), 10, 11), Some(limits::SAFETY_POLL));
        assert_eq!(
            idle(Some(11), 10, 12),
            Some(Duration::from_millis(1)),
            "it fell due during the rounds"
        );
        assert_eq!(
            idle(Some(10), 10, 12),
            Some(limits::ASK_AGAIN),
            "it was due and could not be done"
        );
        assert_eq!(pause(Progress::of(1), at(10), at(12)), None, "there may be more");
    }
}
