//! What of a journal is news for a rep.

use crate::model::{Ending, Fact};

/// Whether a fact is news for a rep, and not machinery or their own doing.
pub(super) fn matters(fact: &Fact) -> bool {
    match fact {
        Fact::Enrolled { .. }
        | Fact::Sent { .. }
        | Fact::Refused { .. }
        | Fact::InDoubt { .. }
        | Fact::Resolved { .. }
        | Fact::Replied { .. }
        | Fact::AutoReplied { .. }
        | Fact::Bounced { .. }
        | Fact::OptedOut { .. }
        | Fact::Complained
        | Fact::Meeting { .. }
        | Fact::Reopened { .. }
        | Fact::Ended { .. } => true,
        Fact::Scheduled { .. }
        | Fact::Rendered { .. }
        | Fact::LeftOut { .. }
        | Fact::Dealt { .. }
        | Fact::Deferred { .. }
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
        | Fact::RepWrote { .. }
        | Fact::Lead { .. }
        | Fact::Located { .. }
        | Fact::Paused { .. }
        | Fact::Resumed { .. } => false,
    }
}

/// An end that another line has told already, when its cause is in the same journal.
pub(super) fn ends_for_cause(fact: &Fact) -> bool {
    let Fact::Ended { outcome } = fact else { return false };
    matches!(outcome, Ending::Bounced | Ending::OptedOut | Ending::Complained)
}
