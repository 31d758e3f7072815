//! Somebody asked to be forgotten: what the journal of each of their enrollments says of it.

use crate::model::{Ending, Enrollment, Fact};

/// The facts that follow for one enrollment. `by` said so, and `why` (a request's number; no name). One that runs ends; with
/// `names` the person is forgotten in this commit, else later, once nothing of theirs is on its way.
#[must_use]
pub fn forget(enrollment: &Enrollment, by: &str, why: &str, names: bool) -> Vec<Fact> {
    let ended = enrollment.is_active().then_some(Fact::Ended {
        outcome: Ending::Suppressed,
    });
    let forgotten = names.then(|| Fact::Forgotten {
        by: by.to_owned(),
        why: why.to_owned(),
    });
    ended.into_iter().chain(forgotten).collect()
}
