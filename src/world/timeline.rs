//! The story as it happens: one line for each thing a rep would tell.

use crate::model::{Fact, Recorded};
use crate::report::in_words;
use crate::service::Bot;
use crate::store::StoreError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt;

/// Facts read at once.
const FACTS: usize = 10_000;

/// One line of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub who: String,
    /// To whom a mail went; empty when it is no mail.
    pub to: String,
    /// What.
    pub what: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.to_zoned(TimeZone::UTC).strftime("%a %d %b %H:%M").to_string();
        if self.to.is_empty() {
            write!(f, "{at}  {:<7}       {}", self.who, self.what)
        } else {
            write!(f, "{at}  {:<7} →  {:<7} {}", self.who, self.to, self.what)
        }
    }
}

/// Where the story stands.
#[derive(Default)]
pub(super) struct Timeline {
    read: BTreeMap<String, i64>,
    /// The journal number up to which everybody's facts were told.
    last: i64,
    counts: Counts,
}

/// How often a fact happened.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub enrolled: usize,
    pub bounces: usize,
    pub opt_outs: usize,
    pub auto_replies: usize,
    pub tasks_logged: usize,
}

impl Timeline {
    /// Somebody did something.
    pub(super) fn say(&mut self, at: Timestamp, who: &str, what: String, tell: &mut (dyn FnMut(&Line) + Send)) {
        tell(&Line {
            at,
            who: who.to_owned(),
            to: String::new(),
            what,
        });
    }

    /// A mail of the bot reached somebody.
    pub(super) fn mail(&mut self, at: Timestamp, to: &str, what: String, tell: &mut (dyn FnMut(&Line) + Send)) {
        tell(&Line {
            at,
            who: "bot".to_owned(),
            to: to.to_owned(),
            what,
        });
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// What the bot decided since the last time, out of its journal.
    pub(super) async fn facts(&mut self, bot: &Bot, tell: &mut (dyn FnMut(&Line) + Send)) -> Result<(), StoreError> {
        let last = bot.store.last_fact().await?;
        if last == self.last {
            return Ok(());
        }
        self.last = last;
        for rep in &bot.house.reps {
            let read = self.read.entry(rep.address.to_string()).or_default();
            let (facts, last) = bot.store.since(&rep.address, *read, FACTS).await?;
            *read = last;
            for (id, Recorded { at, fact }) in facts {
                self.counts.count(&fact);
                if !is_told(&fact) {
                    continue;
                }
                let name = bot
                    .store
                    .enrollment(id)
                    .await?
                    .map(|enrollment| enrollment.prospect.address);
                let name = name.as_ref().map_or("", super::mails::short);
                tell(&Line {
                    at,
                    who: "bot".to_owned(),
                    to: String::new(),
                    what: format!("{name}: {}", in_words(&fact)),
                });
            }
        }
        Ok(())
    }
}

impl Counts {
    fn count(&mut self, fact: &Fact) {
        match fact {
            Fact::Enrolled { .. } => self.enrolled += 1,
            Fact::Bounced { .. } => self.bounces += 1,
            Fact::OptedOut { .. } => self.opt_outs += 1,
            Fact::AutoReplied { .. } => self.auto_replies += 1,
            Fact::TaskClosed { .. } => self.tasks_logged += 1,
            Fact::Scheduled { .. }
            | Fact::Rendered { .. }
            | Fact::LeftOut { .. }
            | Fact::Dealt { .. }
            | Fact::Sent { .. }
            | Fact::Deferred { .. }
            | Fact::Refused { .. }
            | Fact::InDoubt { .. }
            | Fact::Resolved { .. }
            | Fact::TaskOpened { .. }
            | Fact::TaskPutOff { .. }
            | Fact::TaskReopened { .. }
            | Fact::Learned { .. }
            | Fact::Noted { .. }
            | Fact::Forgotten { .. }
            | Fact::Drafted { .. }
            | Fact::Approved { .. }
            | Fact::Edited { .. }
            | Fact::EndTakenBack { .. }
            | Fact::Signalled { .. }
            | Fact::Replied { .. }
            | Fact::RepWrote { .. }
            | Fact::Lead { .. }
            | Fact::Located { .. }
            | Fact::Complained
            | Fact::Paused { .. }
            | Fact::Resumed { .. }
            | Fact::Meeting { .. }
            | Fact::Reopened { .. }
            | Fact::Ended { .. } => {}
        }
    }
}

/// Facts that a mail or a person did not tell already.
fn is_told(fact: &Fact) -> bool {
    match fact {
        Fact::Enrolled { .. }
        | Fact::Lead { .. }
        | Fact::Scheduled { .. }
        | Fact::Rendered { .. }
        | Fact::Sent { .. } => false,
        Fact::LeftOut { .. }
        | Fact::Dealt { .. }
        | Fact::Deferred { .. }
        | Fact::Refused { .. }
        | Fact::InDoubt { .. }
        | Fact::Resolved { .. }
        | Fact::TaskOpened { .. }
        | Fact::Drafted { .. }
        | Fact::Approved { .. }
        | Fact::Edited { .. }
        | Fact::EndTakenBack { .. }
        | Fact::Signalled { .. }
        | Fact::TaskClosed { .. }
        | Fact::TaskPutOff { .. }
        | Fact::TaskReopened { .. }
        | Fact::Learned { .. }
        | Fact::Noted { .. }
        | Fact::Forgotten { .. }
        | Fact::Replied { .. }
        | Fact::AutoReplied { .. }
        | Fact::RepWrote { .. }
        | Fact::Located { .. }
        | Fact::Bounced { .. }
        | Fact::OptedOut { .. }
        | Fact::Complained
        | Fact::Paused { .. }
        | Fact::Resumed { .. }
        | Fact::Meeting { .. }
        | Fact::Reopened { .. }
        | Fact::Ended { .. } => true,
    }
}
