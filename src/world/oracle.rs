//! What really happened, told by the mailboxes and not by the bot's own tables.

use crate::mail::read::Mail;
use crate::model::Address;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Watches every mailbox.
#[derive(Debug, Default)]
pub struct Oracle {
    seen: BTreeSet<(Address, String)>,
    stopped: BTreeMap<Address, Timestamp>,
    /// Mails of the bot to prospects.
    pub sent: usize,
    /// Mails that a prospect got twice.
    pub duplicates: usize,
    /// Mails that a rep got twice: allowed when it was not known whether the first arrived.
    pub repeats: usize,
    /// Mails that reached a prospect after a stop of theirs lay in the bot's mailbox.
    pub sent_after_stop: usize,
    /// Digests that reached reps.
    pub digests: usize,
    /// Replies that were passed on to reps.
    pub replies: usize,
}

/// What `summary.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Days that passed.
    pub days: i64,
    /// Prospects enrolled.
    pub enrolled: usize,
    /// Mails sent to prospects.
    pub sent: usize,
    /// Replies that were passed on.
    pub replies: usize,
    /// Mails that came back.
    pub bounces: usize,
    /// People who asked for no more mail.
    pub opt_outs: usize,
    /// Out-of-office notices.
    pub auto_replies: usize,
    /// Touches that reps logged.
    pub tasks_logged: usize,
    /// Digests.
    pub digests: usize,
    /// Mails that somebody got twice.
    pub duplicates: usize,
    /// Mails sent after a stop.
    pub sent_after_stop: usize,
}

impl Oracle {
    /// A mail that says stop reached the bot's mailbox.
    pub fn stopped(&mut self, prospect: &Address, at: Timestamp) {
        self.stopped.entry(prospect.clone()).or_insert(at);
    }

    /// A rep lets touches go on.
    pub fn resumed(&mut self, prospect: &Address) {
        self.stopped.remove(prospect);
    }

    /// A mail of the bot reached somebody.
    pub fn delivered(&mut self, to: &Address, mail: &Mail, to_rep: bool, at: Timestamp) {
        let reference = mail.header("X-Cadence-Ref").next().unwrap_or("").to_owned();
        if !self.seen.insert((to.clone(), reference)) {
            if to_rep {
                self.repeats += 1;
            } else {
                self.duplicates += 1;
            }
        }
        if to_rep {
            self.replies += usize::from(super::people::relayed(mail).is_some());
            self.digests += usize::from(super::people::is_digest(mail));
            return;
        }
        self.sent += 1;
        if self.stopped.get(to).is_some_and(|stopped| *stopped < at) {
            self.sent_after_stop += 1;
        }
    }
}
