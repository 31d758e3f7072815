//! Trouble that lasts: told once, tried again ever more slowly, and told again when it is over.

use crate::clock::Clock;
use crate::model::limits;
use crate::store::StoreError;
use std::fmt::Display;
use std::time::Duration;
use tracing::{info, warn};

/// One kind of trouble, at one place.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    told: Option<String>,
    times: u32,
}

impl Trouble {
    /// It happened, or goes on. `true`: it was not told yet in these words.
    pub(super) fn comes(&mut self, what: &impl Display) -> bool {
        self.times = self.times.saturating_add(1);
        let what = what.to_string();
        let new = self.told.as_ref() != Some(&what);
        self.told = Some(what);
        new
    }

    /// How long to leave it alone now: doubled each time, from [`limits::BACK_OFF_LEAST`] to [`limits::BACK_OFF_MOST`].
    pub(super) fn pause(&self) -> Duration {
        let doublings = self.times.saturating_sub(1).min(16);
        limits::BACK_OFF_LEAST
            .saturating_mul(1 << doublings)
            .min(limits::BACK_OFF_MOST)
    }

    /// It works. `true`: there was trouble before, and its end is worth a line.
    pub(super) fn is_over(&mut self) -> bool {
        std::mem::take(self).told.is_some()
    }
}

/// What it means when a letter's fate cannot be recorded.
pub(super) const UNRECORDED: &str = "what became of a letter cannot be recorded; no other is begun until it can";

/// Does `work` again and again for as long as the store cannot (disk full, locked by another process), and says `meaning`
/// once. For what has happened already and must be recorded before anything else happens (reliability S-23).
///
/// # Errors
/// When trying again is of no use.
pub(super) async fn until_recorded<T>(
    clock: &Clock,
    meaning: &'static str,
    work: impl AsyncFn() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut trouble = Trouble::default();
    loop {
        match work().await {
            Err(error) if error.is_transient() => {
                if trouble.comes(&error) {
                    warn!(%error, "{meaning}");
                }
                clock.sleep(trouble.pause()).await;
            }
            other => {
                if trouble.is_over() && other.is_ok() {
                    info!("the database can be written again");
                }
                return other;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_told_once_in_the_same_words_and_pauses_grow_to_a_bound() {
        let mut trouble = Trouble::default();
        assert!(trouble.comes(&"refused"));
        assert_eq!(trouble.pause(), limits::BACK_OFF_LEAST);
        assert!(!trouble.comes(&"refused"));
        assert_eq!(trouble.pause(), limits::BACK_OFF_LEAST * 2);
        assert!(trouble.comes(&"no answer"), "other words are news");
        for _ in 0..40 {
            trouble.comes(&"no answer");
        }
        assert_eq!(trouble.pause(), limits::BACK_OFF_MOST);
        assert!(trouble.is_over());
        assert!(!trouble.is_over(), "and that is told once too");
    }
}
