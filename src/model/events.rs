//! What a cadence does when something happens: its `[on]` table, and what becomes of touches that nobody logs.
//!
//! An opt-out, a bounce and a complaint are not here: what those do is the same for all cadences and safe. A reply always
//! goes to the rep and always stops the clock first.

use super::{CadenceName, TaskOutcome};

/// What happens, and then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Events {
    /// What an outcome that a rep logs does; the rest does what it always does.
    pub outcomes: Vec<(TaskOutcome, Action)>,
    /// Where a prospect goes on after the last touch; `None`: nowhere.
    pub completed: Option<Switch>,
    /// Whether the rep is told at once that the last touch was made.
    pub tells_completed: bool,
    /// What an answer does, by the code of its intent; the rest pauses.
    pub replies: Vec<(String, Action)>,
    /// What a meeting does; `None`: it finishes.
    pub meeting: Option<Action>,
    /// What it does that the prospect did not come; `None`: it waits for the rep.
    pub no_show: Option<Action>,
    /// What a report does (`opened`, `clicked`, a name of the house's own); the rest is only remembered.
    pub signals: Vec<(String, Action)>,
    /// What follows a touch by a human that is not logged yet.
    pub unlogged: Unlogged,
}

/// What an outcome does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The next touch comes as planned.
    GoOn,
    /// The enrollment is over.
    Finish,
    /// It waits until the rep resumes it.
    Pause,
    /// The next touch comes as planned, and the rep is told at once.
    Alert,
    /// The next touch comes no earlier than so many days from now.
    Postpone(u32),
    /// It is over, and the prospect goes on in another cadence.
    Switch(Switch),
}

/// The way into another cadence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// Which.
    pub to: CadenceName,
    /// Days from now to its first day.
    pub after: u32,
}

/// What follows a touch by a human that is not logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unlogged {
    /// The next touch comes as planned.
    #[default]
    GoOn,
    /// The next touch waits for it, so many days at most.
    Wait(u32),
}

impl Events {
    /// What this outcome does: as the cadence says, else a meeting and a no finish, and all else goes on.
    #[must_use]
    pub fn action(&self, outcome: TaskOutcome) -> Action {
        let said = self.outcomes.iter().find(|(known, _)| *known == outcome);
        let meeting = self.meeting.as_ref().filter(|_| outcome == TaskOutcome::Meeting);
        said.map(|(_, action)| action)
            .or(meeting)
            .map_or_else(|| usual(outcome), Clone::clone)
    }

    /// What an answer of this intent does.
    #[must_use]
    pub fn reply(&self, intent: &str) -> &Action {
        let said = self.replies.iter().find(|(known, _)| known == intent);
        said.map_or(&Action::Pause, |(_, action)| action)
    }

    /// What a report of this name does.
    #[must_use]
    pub fn signal(&self, name: &str) -> &Action {
        let said = self.signals.iter().find(|(known, _)| known == name);
        said.map_or(&Action::GoOn, |(_, action)| action)
    }

    /// Every cadence that a prospect may be switched to.
    pub fn switches(&self) -> impl Iterator<Item = &Switch> {
        let outcomes = self.outcomes.iter().map(|(_, action)| action);
        let replies = self.replies.iter().chain(&self.signals).map(|(_, action)| action);
        let all = outcomes.chain(replies).chain(&self.meeting).chain(&self.no_show);
        let switches = all.filter_map(|action| match action {
            Action::Switch(switch) => Some(switch),
            Action::GoOn | Action::Finish | Action::Pause | Action::Alert | Action::Postpone(_) => None,
        });
        switches.chain(&self.completed)
    }
}

fn usual(outcome: TaskOutcome) -> Action {
    match outcome {
        TaskOutcome::Meeting | TaskOutcome::NotInterested => Action::Finish,
        TaskOutcome::Done
        | TaskOutcome::Connected
        | TaskOutcome::Voicemail
        | TaskOutcome::NoAnswer
        | TaskOutcome::WrongNumber
        | TaskOutcome::Skipped
        | TaskOutcome::Dropped => Action::GoOn,
    }
}
