//! The one place that asks the clock and throws dice. Everything else takes `now` or a seed as an argument.

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// What time it is: the machine's, or a story's.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is told to move; shared by all clones.
    Virtual(Arc<AtomicI64>),
    /// The clock of a machine that only plays: it shows what it was set to, be it earlier than before, and a wait moves it.
    Rehearsed(Arc<AtomicI64>),
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
            Self::Virtual(time) | Self::Rehearsed(time) => time.load(Ordering::SeqCst),
        };
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a virtual clock forward to `then`; only a rehearsed one goes back, and the machine's is not ours to move.
    pub fn move_to(&self, then: Timestamp) {
        match self {
            Self::System => {}
            Self::Virtual(time) => {
                time.fetch_max(then.as_millisecond(), Ordering::SeqCst);
            }
            Self::Rehearsed(time) => time.store(then.as_millisecond(), Ordering::SeqCst),
        }
    }

    /// Waits in the middle of something. On a rehearsed clock nobody else lets time pass meanwhile, so the wait does.
    pub async fn sleep(&self, pause: Duration) {
        match self {
            Self::System | Self::Virtual(_) => tokio::time::sleep(pause).await,
            Self::Rehearsed(time) => {
                let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
                time.fetch_add(pause, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
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
