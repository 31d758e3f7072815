//! What went wrong lately → holds; letters in doubt → what became of them.

use super::{Bot, Progress};
use crate::model::limits;
use crate::store::StoreError;
use jiff::SignedDuration;

/// Looks after what nobody else wakes up for.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let now = bot.clock.now();
    let (done, presumed) = bot.presume(now).await?;
    // A hold may be lifted from outside, which wakes nobody.
    let again = now + SignedDuration::try_from(limits::HELD_AGAIN).unwrap_or(SignedDuration::ZERO);
    let held = (!bot.store.holds(now).await?.is_empty()).then_some(again);
    Ok(Progress {
        done,
        wake: presumed.into_iter().chain(held).min(),
    })
}
