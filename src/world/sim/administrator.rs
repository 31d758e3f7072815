//! What the administrator of a simulated world orders now and then.

use crate::model::{Cause, Hold, Scope, Unhold};
use crate::store::Batch;
use jiff::Timestamp;

/// An order to hold everything.
pub(super) fn hold(now: Timestamp) -> Batch {
    let hold = Hold {
        scope: Scope::All,
        cause: Cause::Administrator,
        why: "the simulation says so".to_owned(),
        by: "administrator".to_owned(),
        since: now,
        clears: None,
    };
    Batch {
        at: Some(now),
        hold: vec![hold],
        ..Batch::default()
    }
}

/// An order to let everything go on.
pub(super) fn unhold(now: Timestamp) -> Batch {
    let order = Unhold {
        scope: Scope::All,
        cause: None,
        by: "administrator".to_owned(),
    };
    Batch {
        at: Some(now),
        unhold: vec![order],
        ..Batch::default()
    }
}
