//! The one place that asks the clock and throws dice. Everything else takes `now` or a seed as an argument.

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// What time it is: the machine's, or a story's.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is told to move; shared by all clones.
    Virtual(Arc<AtomicI64>),
}

impl Clock {
    /// A virtual clock that shows `now`.
    #[must_use]
    pub fn stopped_at(now: Timestamp) -> Self {
        Self::Virtual(Arc::new(AtomicI64::new(now.as_millisecond())))
    }

    /// The time, to the millisecond, as it is stored.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> Timestamp {
        let milliseconds = match self {
            Self::System => Timestamp::now().as_millisecond(),
            Self::Virtual(time) => time.load(Ordering::SeqCst),
        };
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a virtual clock forward to `then`; a clock never goes back, and the machine's is not ours to move.
    pub fn move_to(&self, then: Timestamp) {
        if let Self::Virtual(time) = self {
            time.fetch_max(then.as_millisecond(), Ordering::SeqCst);
        }
    }
}

/// Dice for jitter: never for secrets.
#[must_use]
#[allow(clippy::disallowed_methods, reason = "this is the one place")]
pub fn dice() -> fastrand::Rng {
    fastrand::Rng::new()
}

/// Thirty-two unguessable bytes.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn secret_bytes() -> std::io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| std::io::Error::other("the machine gave no random bytes"))?;
    Ok(bytes)
}
