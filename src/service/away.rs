//! The bot's own mailbox is away: noted for `status`, and told to the administrator while it lasts.
//!
//! Who looks at the mailbox says here how that went. The warning goes out by the relay while the mailbox is away: the barrier
//! holds touches alone.
//!
//! Not here: how long a mailbox is left alone (`pulse`), what the warning says (`template::bot::warning`).

use super::Bot;
use crate::inbox::InboxError;
use crate::model::limits;
use crate::store::Batch;
use crate::template::Warned;
use jiff::{SignedDuration, Timestamp};
use std::sync::Mutex;

/// What is known of the looks at the mailbox.
#[derive(Debug, Default)]
pub(super) struct Sight(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Since when every look failed.
    since: Option<Timestamp>,
    /// In which words that was noted last.
    noted: Option<String>,
    /// Nothing is noted; what the process before this one had noted may still be there.
    is_clear: bool,
}

impl Bot {
    /// The mailbox was read. What was noted of it is over.
    pub async fn mailbox_was_read(&self) {
        let was_clear = self.sight.0.lock().is_ok_and(|mut seen| {
            let was_clear = seen.is_clear;
            *seen = Seen {
                is_clear: true,
                ..Seen::default()
            };
            was_clear
        });
        if !was_clear {
            self.note_mailbox(None).await;
        }
    }

    /// The mailbox could not be read: noted once in the same words, and told once a day when it lasts.
    pub async fn mailbox_failed(&self, error: &InboxError) {
        let (now, words) = (self.clock.now(), error.to_string());
        let Ok((is_news, since)) = self.sight.0.lock().map(|mut seen| {
            let is_news = seen.noted.as_ref() != Some(&words);
            seen.noted = Some(words.clone());
            seen.is_clear = false;
            (is_news, *seen.since.get_or_insert(now))
        }) else {
            return;
        };
        if is_news {
            self.note_mailbox(Some(words.clone())).await;
        }
        if error.is_refused_login() {
            if is_news {
                self.tell_of_mailbox("login", &Warned::LoginRefused(&words)).await;
            }
            return;
        }
        let patience = SignedDuration::try_from(limits::BLIND).unwrap_or(SignedDuration::ZERO);
        if now.duration_since(since) > patience {
            self.tell_of_mailbox("away", &Warned::MailboxAway(&words)).await;
        }
    }

    /// Notes that the mailbox is away, or that it is not, for `status`. Where even that cannot be written, the log has it.
    async fn note_mailbox(&self, why: Option<String>) {
        let batch = Batch {
            at: Some(self.clock.now()),
            trouble: Some(("mailbox away", why)),
            ..Batch::default()
        };
        if let Err(error) = self.store.commit(batch).await {
            tracing::debug!(%error, "what is known of the mailbox was not written down");
        }
    }
}
