//! One prospect in one cadence, and how facts change it.

use super::{
    Absence, Address, CadenceName, Draft, Ending, EnrollmentId, Fact, History, LetterId, MeetingSaid, MeetingSeen,
    MessageId, PauseReason, Prospect, Recorded, Step, StepNo, WAITS_FOR_PACE, is_by_machine, is_policy, limits,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An enrollment: the fold of its journal, nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrollment {
    /// Its id.
    pub id: EnrollmentId,
    /// Whose prospect it is.
    pub rep: Address,
    /// Who.
    pub prospect: Prospect,
    /// In what.
    pub cadence: CadenceName,
    /// Since when.
    pub enrolled_at: Timestamp,
    /// The conversation.
    pub thread: Thread,
    /// Where it stands.
    pub standing: Standing,
    /// The last step whose touch was made (sent, in doubt, or handed to a human), and when; or when the rep wrote by hand
    /// after it.
    pub touched: Option<(StepNo, Timestamp)>,
    /// Soft bounces so far, the times of the last three.
    pub soft_bounces: Vec<Timestamp>,
    /// The last words about meetings with the prospect.
    pub meetings: Vec<MeetingSeen>,
    /// What conditions of later steps look at.
    pub history: History,
    /// How many facts were folded; what a commit checks.
    pub version: u32,
}

/// Where an enrollment stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Enrolled or touched this moment; the same decision says what is next.
    Deciding {
        /// The step to be scheduled.
        next: StepNo,
    },
    /// The next touch has a time.
    Waiting {
        /// The step.
        step: StepNo,
        /// When it falls due.
        due: Timestamp,
        /// Why then.
        why: String,
    },
    /// A letter of this step is ready or on its way.
    Sending {
        /// The step.
        step: StepNo,
        /// Its letter.
        letter: LetterId,
    },
    /// The clock is stopped.
    Paused {
        /// The step to go on with.
        next: StepNo,
        /// Why.
        why: PauseReason,
        /// Until then; `None`: until the rep resumes.
        until: Option<Timestamp>,
    },
    /// Over.
    Ended {
        /// How.
        outcome: Ending,
        /// When.
        at: Timestamp,
    },
}

impl Standing {
    /// Whether the next touch could go and waits for its turn only.
    #[must_use]
    pub fn waits_for_pace(&self) -> bool {
        matches!(self, Self::Waiting { why, .. } if why.starts_with(WAITS_FOR_PACE))
    }
}

/// The conversation that follow-ups stand in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The subject of the first mail, without `Re:`.
    pub subject: String,
    /// Ids of the mails so far, oldest first, bounded; empty when the conversation has not begun.
    pub ids: Vec<MessageId>,
}

impl Thread {
    fn grow(&mut self, id: &MessageId) {
        if self.ids.contains(id) {
            return;
        }
        self.ids.push(id.clone());
        if self.ids.len() > limits::REFERENCES_WRITTEN {
            // The root stays: clients thread by it.
            self.ids.remove(1);
        }
    }
}

/// A fact that does not fit the standing it meets: the journal or a rule is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// What was wrong.
    pub why: &'static str,
}
impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a fact does not fit its enrollment: {}", self.why)
    }
}
impl std::error::Error for Misfit {}

impl Enrollment {
    /// The enrollment that a first fact makes.
    ///
    /// # Errors
    /// When it is not [`Fact::Enrolled`].
    pub fn begin(id: EnrollmentId, at: Timestamp, fact: &Fact) -> Result<Self, Misfit> {
        let Fact::Enrolled {
            rep,
            prospect,
            cadence,
            thread,
            adopted,
            stood_for,
            ..
        } = fact
        else {
            return Err(Misfit {
                why: "the first fact is not `enrolled`",
            });
        };
        Ok(Self {
            id,
            rep: rep.clone(),
            prospect: (**prospect).clone(),
            cadence: cadence.clone(),
            enrolled_at: at,
            thread: thread.clone(),
            standing: Standing::Deciding {
                next: adopted.map_or(StepNo::FIRST, StepNo::next),
            },
            touched: adopted.map(|step| (step, at)),
            soft_bounces: Vec::new(),
            meetings: Vec::new(),
            history: History {
                marks: adopted.iter().copied().zip(stood_for.clone()).collect(),
                ..History::default()
            },
            version: 1,
        })
    }

    /// The enrollment that a whole journal makes, oldest first.
    ///
    /// # Errors
    /// When the journal is empty or contradicts itself.
    pub fn fold(id: EnrollmentId, journal: &[Recorded]) -> Result<Self, Misfit> {
        let (first, rest) = journal.split_first().ok_or(Misfit {
            why: "the journal is empty",
        })?;
        let mut enrollment = Self::begin(id, first.at, &first.fact)?;
        rest.iter()
            .try_for_each(|recorded| enrollment.apply(recorded.at, &recorded.fact))?;
        Ok(enrollment)
    }

    /// Whether the mail of a step begins a conversation: not when it answers one that somebody forwarded.
    #[must_use]
    pub fn begins(&self, step: &Step) -> bool {
        let answers = step.number == StepNo::FIRST && step.thread && !self.thread.subject.is_empty();
        step.begins() && !answers
    }

    /// Whether touches may still follow.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !matches!(self.standing, Standing::Ended { .. })
    }

    /// The step that comes next, if one does.
    #[must_use]
    pub fn next_step(&self) -> Option<StepNo> {
        match self.standing {
            Standing::Deciding { next } | Standing::Paused { next, .. } => Some(next),
            Standing::Waiting { step, .. } | Standing::Sending { step, .. } => Some(step),
            Standing::Ended { .. } => None,
        }
    }

    /// Adds one fact.
    ///
    /// # Errors
    /// When the fact does not fit where the enrollment stands.
    pub fn apply(&mut self, at: Timestamp, fact: &Fact) -> Result<(), Misfit> {
        match fact {
            Fact::Enrolled { .. } => return Err(Misfit { why: "enrolled twice" }),
            Fact::Scheduled { step, due, why, of } => {
                self.must_run()?;
                self.history.planned(*step, of.as_ref());
                self.standing = Standing::Waiting {
                    step: *step,
                    due: *due,
                    why: why.clone(),
                };
            }
            Fact::LeftOut { step, of, .. } => {
                self.must_run()?;
                self.history.planned(*step, of.as_ref());
                self.standing = Standing::Deciding { next: step.next() };
            }
            Fact::Rendered {
                step,
                letter,
                subject,
                begins,
                variant,
                ..
            } => {
                self.must_run()?;
                self.history.worded(*step, variant.as_ref());
                if *begins {
                    self.thread = Thread {
                        subject: subject.clone(),
                        ids: Vec::new(),
                    };
                }
                self.standing = Standing::Sending {
                    step: *step,
                    letter: *letter,
                };
            }
            Fact::Dealt { step, of, variant } => self.history.deal(*step, *of, variant),
            Fact::Sent { step, message_id } => {
                self.history.went_out(*step);
                self.thread.grow(message_id);
                self.touch(*step, at);
            }
            Fact::InDoubt { step, .. } | Fact::TaskOpened { step, .. } => self.touch(*step, at),
            Fact::Resolved { step, message_id, .. } => {
                // Later mails of the thread stand behind it already.
                if self.touched.is_none_or(|(last, _)| last <= *step)
                    && let Some(id) = message_id
                {
                    self.thread.grow(id);
                }
            }
            Fact::Replied { intent, .. } => {
                self.history.replied = Some(at);
                self.history.meant = intent.as_ref().map(|intent| intent.code().to_owned());
                // Who answers is there.
                self.history.away = None;
                self.pause(PauseReason::Replied, None);
            }
            Fact::TaskClosed { step, outcome, .. } => self.history.log(*step, *outcome),
            Fact::TaskReopened { step, .. } => self.history.outcomes.retain(|(known, _)| known != step),
            Fact::Learned { fields } => self.prospect.learn(fields),
            Fact::Paused { why, until } => {
                if *why == PauseReason::Approval
                    && let Some(draft) = &mut self.history.draft
                {
                    draft.approved = None;
                }
                self.pause(why.clone(), *until);
            }
            Fact::Drafted { step, .. } => {
                self.must_run()?;
                self.history.draft = Some(Draft {
                    step: *step,
                    approved: None,
                });
            }
            Fact::Approved { step, text, .. } => {
                let draft = self.history.draft.as_mut().filter(|draft| draft.step == *step);
                let draft = draft.ok_or(Misfit {
                    why: "approved without a draft",
                })?;
                draft.approved = Some(text.clone());
            }
            // Nothing is decided by what a program did.
            Fact::Signalled { name, .. } if is_by_machine(name) => {}
            Fact::Edited { template, text, .. } => self.history.edit(template, text.as_ref()),
            Fact::EndTakenBack { before, .. } => self.take_back(before)?,
            Fact::Signalled { name, .. } => self.history.signal(name, at),
            Fact::Resumed { .. } => {
                let Standing::Paused { next, .. } = self.standing else {
                    return Err(Misfit {
                        why: "resumed without a pause",
                    });
                };
                self.standing = Standing::Deciding { next };
            }
            Fact::Bounced { status, .. } if is_policy(status.as_deref()) => {
                // It speaks about us, so it does not count against the prospect's address.
            }
            Fact::Bounced { permanent: false, .. } => {
                self.soft_bounces.push(at);
                if self.soft_bounces.len() > 3 {
                    self.soft_bounces.remove(0);
                }
            }
            Fact::Ended { outcome } => self.end(*outcome, at)?,
            Fact::Located { zone } => self.prospect.zone = zone.clone(),
            Fact::Meeting { seen } => seen.remember(&mut self.meetings),
            Fact::Reopened { why } => self.reopen(*why)?,
            Fact::AutoReplied { until, named } => {
                self.history.leaves(Absence {
                    until: *until,
                    named: *named,
                });
                // A letter that lies ready is taken back; the `scheduled` that follows names the later time.
                if let Standing::Sending { step, .. } = self.standing {
                    self.standing = Standing::Deciding { next: step };
                }
            }
            // It tells where they came from.
            Fact::Lead { .. } => {}
            Fact::RepWrote { at: wrote, message_id } => self.was_written_to(*wrote, message_id.as_ref()),
            Fact::Deferred { .. }
            | Fact::TaskPutOff { .. }
            | Fact::Noted { .. }
            | Fact::Forgotten { .. }
            | Fact::Refused { .. }
            | Fact::Bounced { permanent: true, .. }
            | Fact::OptedOut { .. }
            | Fact::Complained => {}
        }
        self.version = self.version.saturating_add(1);
        Ok(())
    }

    /// The clock must run: nothing is planned or rendered past a stop.
    fn must_run(&self) -> Result<(), Misfit> {
        match self.standing {
            Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } => Ok(()),
            Standing::Paused { .. } => Err(Misfit { why: "it is paused" }),
            Standing::Ended { .. } => Err(Misfit { why: "it has ended" }),
        }
    }

    /// It is over. Stops may arrive in any order, so a stronger ending takes the place of a weaker one (P31); when it
    /// ended stays.
    fn end(&mut self, outcome: Ending, at: Timestamp) -> Result<(), Misfit> {
        let at = match self.standing {
            Standing::Ended { outcome: before, at } if outcome.outranks(before) => at,
            Standing::Ended { .. } => return Err(Misfit { why: "it has ended" }),
            Standing::Deciding { .. }
            | Standing::Waiting { .. }
            | Standing::Sending { .. }
            | Standing::Paused { .. } => at,
        };
        self.standing = Standing::Ended { outcome, at };
        Ok(())
    }

    /// A meeting that ended it is off: it waits for the rep.
    fn reopen(&mut self, why: MeetingSaid) -> Result<(), Misfit> {
        if !matches!(
            self.standing,
            Standing::Ended {
                outcome: Ending::Met,
                ..
            }
        ) {
            return Err(Misfit {
                why: "it did not end with a meeting",
            });
        }
        self.standing = Standing::Paused {
            next: self.touched.map_or(StepNo::FIRST, |(step, _)| step.next()),
            why: PauseReason::Meeting(why),
            until: None,
        };
        Ok(())
    }

    /// What ended it was said by mistake: it stands where it stood, behind the touches made since. A letter that lay ready
    /// was taken back, so that its step gets a time anew.
    fn take_back(&mut self, before: &Standing) -> Result<(), Misfit> {
        if self.is_active() {
            return Err(Misfit {
                why: "it has not ended",
            });
        }
        let own = MeetingSeen::uid_of_rep(self.id);
        self.meetings.retain(|seen| seen.uid != own);
        let least = self.touched.map_or(StepNo::FIRST, |(step, _)| step.next());
        self.standing = match before {
            Standing::Deciding { next: step } | Standing::Waiting { step, .. } | Standing::Sending { step, .. } => {
                Standing::Deciding { next: least.max(*step) }
            }
            Standing::Paused { next, why, until } => Standing::Paused {
                next: least.max(*next),
                why: why.clone(),
                until: *until,
            },
            Standing::Ended { .. } => before.clone(),
        };
        Ok(())
    }

    /// A touch was made. A stop that came meanwhile stays: only the step to go on with moves. Late evidence about an
    /// earlier touch changes nothing.
    fn touch(&mut self, step: StepNo, at: Timestamp) {
        if self.touched.is_some_and(|(last, _)| last > step) {
            return;
        }
        self.touched = Some((step, at));
        match &mut self.standing {
            Standing::Paused { next, .. } => *next = step.next().max(*next),
            Standing::Ended { .. } => {}
            Standing::Deciding { next } if *next > step => {}
            Standing::Waiting { step: next, .. } | Standing::Sending { step: next, .. } if *next > step => {}
            Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } => {
                self.standing = Standing::Deciding { next: step.next() };
            }
        }
    }

    /// The rep wrote by hand: what follows is counted from there, and a letter that lies ready is taken back.
    fn was_written_to(&mut self, at: Timestamp, id: Option<&MessageId>) {
        if let Some(id) = id {
            self.thread.grow(id);
        }
        if let Some((_, last)) = &mut self.touched {
            *last = at.max(*last);
        }
        if let Standing::Sending { step, .. } = self.standing {
            self.standing = Standing::Deciding { next: step };
        }
    }

    /// The clock stops; an end stays an end, and an open-ended pause is not shortened by one with a date.
    fn pause(&mut self, why: PauseReason, until: Option<Timestamp>) {
        let Some(next) = self.next_step() else { return };
        if matches!(self.standing, Standing::Paused { until: None, .. }) && until.is_some() {
            return;
        }
        self.standing = Standing::Paused { next, why, until };
    }
}
