//! What becomes of a mail in doubt: evidence says that it went out, time makes it count as sent, or somebody orders it
//! to be sent once more.
//!
//! Only the order sends anything, and only where no stop came and no later touch was made. The rest of the enrollment
//! went on when the doubt began, so nothing here moves it.

use super::words;
use crate::model::{Enrollment, Fact, MessageId, Resolution, Standing, StepNo, limits};
use jiff::{SignedDuration, Timestamp};

/// Why what a dead process left on its way is in doubt. Stored: breakers know it by this text.
pub const STOPPED: &str = "the bot stopped before the server had answered";

/// Why what an old database would have sent is in doubt. Stored: breakers know it by this text.
pub const RESTORED: &str = "the database is older than what happened, so it may have gone out";

/// The mail went out, as `evidence` shows.
#[must_use]
pub fn shown(step: StepNo, message_id: &MessageId, evidence: &str) -> Fact {
    Fact::Resolved {
        step,
        how: Resolution::Sent,
        evidence: words::excerpt(evidence),
        message_id: Some(message_id.clone()),
        by: None,
    }
}

/// When a doubt that began at `since` counts as sent.
#[must_use]
pub fn presumed_at(since: Timestamp) -> Timestamp {
    let wait = SignedDuration::try_from(limits::DOUBT_PRESUMED).unwrap_or(SignedDuration::ZERO);
    since.checked_add(wait).unwrap_or(since)
}

/// The evidence when nothing else said anything.
pub const PRESUMED: &str = "nothing said otherwise for 72 hours";

/// Nothing said otherwise for so long.
#[must_use]
pub fn presumed(step: StepNo, message_id: &MessageId) -> Fact {
    Fact::Resolved {
        step,
        how: Resolution::PresumedSent,
        evidence: PRESUMED.to_owned(),
        message_id: Some(message_id.clone()),
        by: None,
    }
}

/// Somebody says that it went out.
#[must_use]
pub fn said(step: StepNo, message_id: &MessageId, by: &str, why: &str) -> Fact {
    Fact::Resolved {
        step,
        how: Resolution::Sent,
        evidence: words::excerpt(why),
        message_id: Some(message_id.clone()),
        by: Some(by.to_owned()),
    }
}

/// Somebody orders the same bytes to be sent once more.
///
/// # Errors
/// Why that must not be: a stop came, or the conversation went on. Lower case, no full stop.
pub fn again(enrollment: &Enrollment, step: StepNo, by: &str, why: &str, now: Timestamp) -> Result<Fact, String> {
    match &enrollment.standing {
        Standing::Ended { outcome, .. } => return Err(format!("its enrollment has ended: {}", outcome.word())),
        Standing::Paused { .. } => return Err("its enrollment is paused; it must be resumed first".to_owned()),
        Standing::Deciding { .. } | Standing::Sending { .. } => {
            return Err("a later touch is on its way".to_owned());
        }
        Standing::Waiting { due, .. } if *due <= now => return Err("a later touch is due now".to_owned()),
        Standing::Waiting { .. } => {}
    }
    if let Some((last, _)) = enrollment.touched.filter(|(last, _)| *last > step) {
        return Err(format!("touch {last} was made since, and this one would come after it"));
    }
    Ok(Fact::Resolved {
        step,
        how: Resolution::SentAgain,
        evidence: words::excerpt(why),
        message_id: None,
        by: Some(by.to_owned()),
    })
}
