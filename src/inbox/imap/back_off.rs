//! Remembers not to try again yet.

use crate::inbox::InboxError;
use crate::model::limits;
use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row, and until when the mailbox is left alone.
#[derive(Debug, Default)]
pub struct BackOff {
    failures: u32,
    refused_logins: u32,
    rest: Option<(Instant, InboxError)>,
}

impl BackOff {
    /// The error of the last try, while it is too early for another.
    pub fn check(&self) -> Result<(), InboxError> {
        match &self.rest {
            Some((until, error)) if *until > Instant::now() => {
                let left = until.saturating_duration_since(Instant::now());
                Err(error.clone().retried_in(Some(left)))
            }
            _ => Ok(()),
        }
    }

    /// Notes a failure: the pause doubles each time, with jitter so that many bots do not come back at once. After a refused
    /// login it is the longest at once, and an hour after some of them, because every try counts towards a lock.
    pub fn failed(&mut self, error: InboxError) -> InboxError {
        let pause = if error.is_refused_login() {
            self.refused_logins = self.refused_logins.saturating_add(1);
            if self.refused_logins < limits::LOGIN_TRIES {
                limits::BACK_OFF_MOST
            } else {
                limits::LOGIN_PAUSE
            }
        } else {
            let doubled = limits::BACK_OFF_LEAST.saturating_mul(1 << self.failures.min(16));
            jittered(doubled.min(limits::BACK_OFF_MOST), &mut crate::clock::dice())
        };
        self.failures = self.failures.saturating_add(1);
        self.rest = Some((Instant::now() + pause, error.clone()));
        error.retried_in(Some(pause))
    }

    /// Notes that the mailbox works.
    pub fn worked(&mut self) {
        *self = Self::default();
    }
}

/// Between three quarters and all of it.
fn jittered(pause: Duration, dice: &mut fastrand::Rng) -> Duration {
    pause.mul_f64(0.75 + 0.25 * dice.f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_to_a_bound_and_are_forgotten_on_success() {
        let mut back_off = BackOff::default();
        let mut before = Duration::ZERO;
        for _ in 0..12 {
            assert!(back_off.check().is_ok());
            let pause = back_off.failed(InboxError::lost("gone")).retry_in().expect("a pause");
            assert!(pause <= limits::BACK_OFF_MOST && pause >= before.min(limits::BACK_OFF_MOST * 3 / 4));
            let error = back_off.check().expect_err("too early");
            assert_eq!((error.to_string().as_str(), error.retry_in()), ("gone", Some(pause)));
            tokio::time::advance(pause).await;
            before = pause;
        }
        back_off.worked();
        let first = back_off.failed(InboxError::lost("gone")).retry_in().expect("a pause");
        assert!(first <= limits::BACK_OFF_LEAST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_login_waits_longest_at_once() {
        let mut back_off = BackOff::default();
        let pauses = [(); 4].map(|()| {
            let error = back_off.failed(InboxError::refused_login("refused"));
            error.retry_in().expect("a pause").as_secs() / 60
        });
        assert_eq!(pauses, [5, 5, 60, 60], "three tries do not lock an account");
    }
}
