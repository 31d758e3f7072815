//! The one place that asks the clock and throws dice. Everything else takes `now` or a seed as an argument.

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// What time it is: the machine's, or a story's.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is told to move; shared by all clones.
    Virtual(Arc<Hands>),
    /// The clock of a machine that only plays: whoever plays moves its hands, and a wait moves them too.
    Rehearsed(Arc<Hands>),
}

/// The hands of a clock in a story or a play, in milliseconds.
#[derive(Debug, Default)]
pub struct Hands {
    /// What it shows, since 1970.
    wall: AtomicI64,
    /// How long it ran, whatever it was set to meanwhile.
    ran: AtomicI64,
}

impl Hands {
    /// Hands that show `now` and have not run yet.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            wall: AtomicI64::new(now.as_millisecond()),
            ran: AtomicI64::new(0),
        }
    }

    /// What they show, in milliseconds since 1970.
    #[must_use]
    pub fn wall(&self) -> i64 {
        self.wall.load(Ordering::SeqCst)
    }

    /// Time passes.
    pub fn pass(&self, milliseconds: i64) {
        self.wall.fetch_add(milliseconds, Ordering::SeqCst);
        self.ran.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Somebody sets them on or back, and no time passes.
    pub fn set_on(&self, milliseconds: i64) {
        self.wall.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock {
    /// A virtual clock that shows `now`.
    #[must_use]
    pub fn stopped_at(now: Timestamp) -> Self {
        Self::Virtual(Arc::new(Hands::at(now)))
    }

    /// The time, to the millisecond, as it is stored.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> Timestamp {
        let milliseconds = match self {
            Self::System => Timestamp::now().as_millisecond(),
            Self::Virtual(hands) | Self::Rehearsed(hands) => hands.wall(),
        };
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a virtual clock forward to `then`; a rehearsed one is moved by its hands, and the machine's is not ours to move.
    pub fn move_to(&self, then: Timestamp) {
        match self {
            Self::System | Self::Rehearsed(_) => {}
            Self::Virtual(hands) => {
                let then = then.as_millisecond();
                let before = hands.wall.fetch_max(then, Ordering::SeqCst);
                hands
                    .ran
                    .fetch_add(then.saturating_sub(before).max(0), Ordering::SeqCst);
            }
        }
    }

    /// Somebody sets a virtual clock, as happens to machines: it shows another time and no time has passed.
    pub fn set_to(&self, then: Timestamp) {
        if let Self::Virtual(hands) = self {
            hands.wall.store(then.as_millisecond(), Ordering::SeqCst);
        }
    }

    /// How long it has run, whatever it was set to meanwhile; `None` where nobody knows. The machine's stands still while the
    /// machine sleeps.
    #[must_use]
    pub fn ran(&self) -> Option<Duration> {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        match self {
            Self::System => Some(BEGAN.get_or_init(Instant::now).elapsed()),
            Self::Virtual(hands) | Self::Rehearsed(hands) => {
                let ran = u64::try_from(hands.ran.load(Ordering::SeqCst)).unwrap_or(0);
                Some(Duration::from_millis(ran))
            }
        }
    }

    /// Waits in the middle of something. On a rehearsed clock nobody else lets time pass meanwhile, so the wait does.
    pub async fn sleep(&self, pause: Duration) {
        match self {
            Self::System | Self::Virtual(_) => tokio::time::sleep(pause).await,
            Self::Rehearsed(hands) => {
                hands.pass(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
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
