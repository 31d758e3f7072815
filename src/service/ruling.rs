//! The administrator's word about mails in doubt, as the command line and a mail give it.

use crate::model::{Enrollment, Fact, LetterState};
use crate::rules::doubt;
use crate::store::{Batch, Change, Doubt, LetterMove};
use jiff::Timestamp;

/// What became of a mail in doubt, as somebody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// It went out.
    Sent,
    /// The same bytes are sent once more.
    Resend,
}

/// What is committed when `by` says so of a letter in doubt; `enrollment` is the one whose touch it is, if it is one.
///
/// # Errors
/// Why it must not be sent again. Lower case, no full stop.
pub fn resolved(
    found: &Doubt,
    enrollment: Option<&Enrollment>,
    word: Word,
    (by, why): (&str, &str),
    now: Timestamp,
) -> Result<Batch, String> {
    let (to, reply) = match word {
        Word::Sent => (LetterState::Sent, "said to have gone out"),
        Word::Resend => (LetterState::Ready, "ordered to be sent once more"),
    };
    let mut batch = Batch {
        at: Some(now),
        moves: vec![LetterMove {
            id: found.letter.id,
            from: found.state,
            to,
            not_before: (word == Word::Resend).then_some(now),
            reply: Some(format!("{reply} by {by}: {why}")),
            since: None,
            untaken: false,
            heard: false,
            seen: None,
        }],
        ..Batch::default()
    };
    if let Some((_, step)) = found.letter.touch
        && let Some(enrollment) = enrollment
    {
        let fact: Fact = match word {
            Word::Sent => doubt::said(step, &found.letter.message_id, by, why),
            Word::Resend => doubt::again(enrollment, step, by, why, now)?,
        };
        batch.changes.push(Change {
            id: enrollment.id,
            version: enrollment.version,
            facts: vec![fact],
        });
    }
    Ok(batch)
}
