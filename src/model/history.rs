//! What an enrollment remembers of what happened so far: what conditions of later steps look at, and what tests dealt.

use super::{Approved, Dealing, Dealt, StepMark, StepNo, TaskOutcome, Variant, limits};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What happened so far, as far as a step's condition may ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// What was logged for each touch by a human, the last word of each.
    pub outcomes: Vec<(StepNo, TaskOutcome)>,
    /// When the prospect answered last.
    pub replied: Option<Timestamp>,
    /// What that answer was read as: the code of its intent.
    pub meant: Option<String>,
    /// What was reported, each name once, and when last.
    pub signals: Vec<(String, Timestamp)>,
    /// What each step was when it was planned last, by number.
    pub marks: Vec<(StepNo, StepMark)>,
    /// Which of several wordings each mail had, by letter: the same when it is written again.
    pub wordings: Vec<(StepNo, String)>,
    /// What tests dealt that no letter carries.
    pub dealt: Vec<Dealt>,
    /// The mail that waits for the rep's word, or has it.
    pub draft: Option<Draft>,
    /// Mails to come in the rep's own words, by the name of the step file.
    pub edits: Vec<(String, Approved)>,
    /// Until when the prospect is away, as their auto-replies have it.
    pub away: Option<Absence>,
}

/// Nothing is planned before the prospect is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// When touches may go on.
    pub until: Timestamp,
    /// Whether the mail named the day; otherwise it is our guess.
    pub named: bool,
}

/// A mail of which the rep has the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its step.
    pub step: StepNo,
    /// What the rep lets go out; `None`: nothing was said yet.
    pub approved: Option<Approved>,
}

impl History {
    /// What a step was when it was planned.
    #[must_use]
    pub fn mark(&self, step: StepNo) -> Option<&StepMark> {
        self.marks
            .iter()
            .find(|(known, _)| *known == step)
            .map(|(_, mark)| mark)
    }

    /// The draft of this step, once the rep has it.
    #[must_use]
    pub fn draft_of(&self, step: StepNo) -> Option<&Draft> {
        self.draft.as_ref().filter(|draft| draft.step == step)
    }

    /// What the rep wrote in the place of this step's mail.
    #[must_use]
    pub fn edit_of(&self, template: &str) -> Option<&Approved> {
        let found = self.edits.iter().find(|(known, _)| known == template);
        found.map(|(_, text)| text)
    }

    pub(super) fn edit(&mut self, template: &str, text: Option<&Approved>) {
        self.edits.retain(|(known, _)| known != template);
        if self.edits.len() < limits::EDITS {
            self.edits.extend(text.map(|text| (template.to_owned(), text.clone())));
        }
    }

    /// The mail of this step went out: what was written for it is done.
    pub(super) fn went_out(&mut self, step: StepNo) {
        if let Some(template) = self.mark(step).map(|mark| mark.template.clone()) {
            self.edit(&template, None);
        }
    }

    /// What this test dealt: a text by its step, anything else by what is tested.
    #[must_use]
    pub fn dealt(&self, step: StepNo, of: Dealing, test: Option<&str>) -> Option<&str> {
        let same = |known: &&Dealt| {
            known.of == of
                && match of {
                    Dealing::Text => known.step == step,
                    Dealing::Step | Dealing::Hour => known.variant.test.as_deref() == test,
                }
        };
        self.dealt.iter().find(same).map(|known| known.variant.name.as_str())
    }

    /// The arm that a test of whole steps dealt.
    #[must_use]
    pub fn arm(&self, test: &str) -> Option<&str> {
        self.dealt(StepNo::FIRST, Dealing::Step, Some(test))
    }

    pub(super) fn deal(&mut self, step: StepNo, of: Dealing, variant: &Variant) {
        let (test, variant) = (variant.test.as_deref(), variant.clone());
        if self.dealt(step, of, test).is_none() && self.dealt.len() < limits::DEALT {
            self.dealt.push(Dealt { step, of, variant });
        }
    }

    pub(super) fn planned(&mut self, step: StepNo, of: Option<&StepMark>) {
        if let Some(mark) = of {
            // The draft of a step that another one took the place of is nobody's.
            let other = self.mark(step).is_some_and(|known| known.template != mark.template);
            if other {
                self.draft = None;
            }
            self.marks.retain(|(known, _)| *known != step);
            self.marks.push((step, mark.clone()));
        }
        if self.draft.as_ref().is_some_and(|draft| draft.step != step) {
            self.draft = None;
        }
    }

    pub(super) fn worded(&mut self, step: StepNo, variant: Option<&Variant>) {
        self.wordings.retain(|(known, _)| *known != step);
        self.wordings
            .extend(variant.map(|variant| (step, variant.name.clone())));
    }

    pub(super) fn signal(&mut self, name: &str, at: Timestamp) {
        self.signals.retain(|(known, _)| known != name);
        self.signals.push((name.to_owned(), at));
        if self.signals.len() > limits::SIGNALS {
            self.signals.remove(0);
        }
    }

    /// The later day counts: auto-replies may come out of order.
    pub(super) fn leaves(&mut self, away: Absence) {
        if self.away.is_none_or(|known| known.until < away.until) {
            self.away = Some(away);
        }
    }

    pub(super) fn log(&mut self, step: StepNo, outcome: TaskOutcome) {
        self.outcomes.retain(|(known, _)| *known != step);
        self.outcomes.push((step, outcome));
    }
}
