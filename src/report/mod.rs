//! Facts → digest (here), numbers (later).
//!
//! STUB of the contract.
use crate::model::{Cadence, Digest, Enrollment, EnrollmentId, Hours, LetterId, Recorded, Rep, Task};
use jiff::Timestamp;
use jiff::civil::Date;

/// What a digest is made from.
pub struct DigestView<'a> {
    pub rep: &'a Rep,
    pub id: LetterId,
    pub date: Date,
    pub now: Timestamp,
    pub hours: &'a Hours,
    /// Open tasks with their enrollment.
    pub tasks: &'a [(Task, Enrollment)],
    /// The rep's enrollments whose next touch is an email due before the end of `date`.
    pub due: &'a [Enrollment],
    /// The journal of the rep's enrollments since the last digest.
    pub since: &'a [(EnrollmentId, Recorded)],
    /// Enrollments named in `since`.
    pub named: &'a [Enrollment],
    /// Enrollments paused until the rep says otherwise.
    pub paused: &'a [Enrollment],
    /// Mails that claimed to be from this rep and were held.
    pub held: usize,
    pub active: usize,
    pub cadences: &'a dyn Fn(&crate::model::CadenceName) -> Option<&'a Cadence>,
}

pub fn digest(_view: &DigestView<'_>) -> Digest {
    todo!()
}
