//! THE VERBS: (view, input, now) → decision.
//!
//! STUB of the contract.
use crate::model::*;
use jiff::Timestamp;
use jiff::civil::Date;

/// What a rule may look at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub enrollment: &'a Enrollment,
    pub cadence: &'a Cadence,
    pub rep: &'a Rep,
    pub hours: &'a Hours,
}

pub mod window {
    use super::*;
    /// When `step` falls due, given the touch before it (or the enrolling), never before `now`.
    pub fn slot(
        _cadence: &Cadence,
        _step: &Step,
        _previous: Option<(StepNo, Timestamp)>,
        _enrolled_at: Timestamp,
        _zone: &Zone,
        _hours: &Hours,
        _seed: i64,
        _now: Timestamp,
    ) -> Slot {
        todo!()
    }
    /// All touches from `next` on, should nothing come between.
    pub fn plan(_view: &View<'_>, _next: StepNo, _now: Timestamp) -> Vec<Planned> {
        todo!()
    }
    /// Whether a touch may go out at `now`; if not, the moment when it may.
    pub fn open(_cadence: &Cadence, _zone: &Zone, _hours: &Hours, _now: Timestamp) -> Result<(), Slot> {
        todo!()
    }
    /// The rep's next digest after `after`: its date and its moment, on business days only.
    pub fn digest(_rep: &Rep, _hours: &Hours, _after: Timestamp) -> (Date, Timestamp) {
        todo!()
    }
    /// The start of the first business day on or after `date`, at the window's opening, in the zone.
    pub fn opening(_date: Date, _cadence: &Cadence, _zone: &Zone, _hours: &Hours) -> Timestamp {
        todo!()
    }
}

pub mod enroll {
    use super::*;
    /// What the shell found out about one prospect before asking.
    pub struct Candidate<'a> {
        pub prospect: Prospect,
        /// An active enrollment of the same person (loose), if any, and its rep.
        pub active: Option<(&'a Enrollment, Option<&'a Rep>)>,
        pub suppressed: Option<SuppressionReason>,
        /// (word, step) that the cadence needs and nobody knows.
        pub missing: Vec<(String, StepNo)>,
        pub own_domain: bool,
    }
    /// The mail that hands over.
    pub struct Handed<'a> {
        pub rep: &'a Rep,
        pub mail: &'a ContentKey,
        pub thread: Thread,
        /// When the rep's own mail was sent.
        pub sent: Option<Timestamp>,
    }
    pub struct Enrolled {
        pub id: EnrollmentId,
        pub enrollment: Enrollment,
        pub facts: Vec<Fact>,
        pub plan: Vec<Planned>,
    }
    /// One prospect. The rep's own mail is touch 1.
    pub fn enroll(
        _handed: &Handed<'_>,
        _candidate: &Candidate<'_>,
        _cadence: &Cadence,
        _hours: &Hours,
        _now: Timestamp,
    ) -> Result<Enrolled, Refusal> {
        todo!()
    }
    /// Why nobody of this mail is enrolled, if so (too many, too old, nobody).
    pub fn refuse_all(_found: usize, _sent: Option<Timestamp>, _now: Timestamp) -> Option<Refusal> {
        todo!()
    }
    /// The prospect's zone: given field, Date offset of their own mail, country of the address, the rep's.
    pub fn zone(_given: Option<&str>, _address: &Address, _date_offset_minutes: Option<i16>, _rep: &Rep) -> Zone {
        todo!()
    }
}

pub mod react {
    use super::*;
    pub fn react(_view: &View<'_>, _signal: &Signal, _now: Timestamp) -> Decision {
        todo!()
    }
}

pub mod advance {
    use super::*;
    /// What a due enrollment does now.
    pub enum Next {
        /// Make the touch of this step.
        Touch(Step),
        /// Not now: facts that say until when and why.
        Wait(Decision),
        /// Over.
        End(Decision),
    }
    pub fn advance(_view: &View<'_>, _suppressed: Option<SuppressionReason>, _now: Timestamp) -> Next {
        todo!()
    }
    /// After an email step was rendered.
    pub fn rendered(_view: &View<'_>, _step: &Step, _letter: LetterId, _subject: &str) -> Decision {
        todo!()
    }
    /// After a human's touch was opened as a task: schedules the next step too.
    pub fn opened(_view: &View<'_>, _step: &Step, _task: TaskId, _now: Timestamp) -> Decision {
        todo!()
    }
    /// A word is missing that was there at enrolling.
    pub fn unrenderable(_view: &View<'_>, _words: &[String], _now: Timestamp) -> Decision {
        todo!()
    }
}

pub mod settle {
    use super::*;
    pub struct Settled {
        pub decision: Decision,
        pub state: LetterState,
        /** for `Ready`: not before */
        pub again: Option<Timestamp>,
    }
    /// What the server's answer to a step's letter means. `attempts` counts this one; `first` is when it became ready.
    pub fn settle(
        _view: &View<'_>,
        _step: StepNo,
        _message_id: &MessageId,
        _receipt: &Receipt,
        _attempts: u32,
        _first: Timestamp,
        _now: Timestamp,
    ) -> Settled {
        todo!()
    }
    /// The same for a letter to a rep (no enrollment): state and retry only; in doubt is sent again as the same bytes.
    pub fn settle_notice(
        _receipt: &Receipt,
        _attempts: u32,
        _first: Timestamp,
        _now: Timestamp,
    ) -> (LetterState, Option<Timestamp>) {
        todo!()
    }
}

pub mod command {
    use super::*;
    pub fn help() -> &'static str {
        todo!()
    }
    pub fn unclear(_: &[String]) -> String {
        todo!()
    }
    /// What a command about one enrollment decides, and the answer to it.
    pub fn command(
        _view: &View<'_>,
        _command: &Command,
        _task: Option<&Task>,
        _now: Timestamp,
    ) -> (Decision, AnswerLine) {
        todo!()
    }
}
