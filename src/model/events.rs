//! What a cadence does when something happens: its `[on]` table, and what becomes of touches that nobody logs.
//!
//! A reply, an opt-out, a bounce and a complaint are not here: what those do is the same for all cadences and safe.

use super::{CadenceName, TaskOutcome};

/// What happens, and then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Events {
    /// What an outcome that a rep logs does; the rest does what it always does.
    pub outcomes: Vec<(TaskOutcome, Action)>,
    /// Where a prospect goes on after the last touch; `None`: nowhere.
    pub completed: Option<Switch>,
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
        said.map_or_else(|| usual(outcome), |(_, action)| action.clone())
    }

    /// Every cadence that a prospect may be switched to.
    pub fn switches(&self) -> impl Iterator<Item = &Switch> {
        let by_outcome = self.outcomes.iter().filter_map(|(_, action)| match action {
            Action::Switch(switch) => Some(switch),
            Action::GoOn | Action::Finish | Action::Pause | Action::Postpone(_) => None,
        });
        by_outcome.chain(&self.completed)
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
