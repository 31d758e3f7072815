//! An enrollment ends and its cadence switches the prospect: the one that follows begins in the same commit.

use super::Bot;
use super::stand_in::Gone;
use crate::model::{Decision, Ending, Enrollment, EnrollmentId, Fact};
use crate::rules::View;
use crate::rules::succession::{Successor, leads_to, successor, waiting};
use crate::store::{Batch, Begin, StoreError};
use jiff::Timestamp;
use tracing::warn;

impl Bot {
    /// Adds the enrollment that follows the view's, when these facts lead to one.
    pub(super) fn succeed(&self, batch: &mut Batch, view: &View<'_>, facts: &[Fact], now: Timestamp) {
        let Some(switch) = leads_to(view, facts) else { return };
        let Some(to) = self.house.library.cadence(&switch.to) else {
            if self.house.library.held(&switch.to).is_empty() {
                // Loading refuses this; the cadence of the view is then one that stands in.
                warn!(enrollment = %view.enrollment.id, "the cadence to switch to is not there");
            } else {
                batch.begin.push(begin(waiting(view, switch, now)));
            }
            return;
        };
        batch.begin.push(begin(successor(view, switch, to, now)));
    }

    /// What the rep learns about an enrollment that is over, from a call logged late, holds for the one that follows it:
    /// a meeting or a no ends that too.
    pub(super) async fn end_successors(
        &self,
        batch: &mut Batch,
        view: &View<'_>,
        facts: &[Fact],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let ended = facts.iter().find_map(|fact| match fact {
            Fact::Ended {
                outcome: outcome @ (Ending::Met | Ending::NotInterested),
            } => Some(*outcome),
            _ => None,
        });
        let Some(outcome) = ended.filter(|_| !view.enrollment.is_active()) else {
            return Ok(());
        };
        let mut before: (EnrollmentId, Vec<_>) = (view.enrollment.id, targets(view));
        // Each cadence leads on at most once, so this ends with the longest way through the library.
        while let (id, [_, ..]) = (before.0, before.1.as_slice()) {
            let ids: Vec<EnrollmentId> = before.1.iter().map(|to| EnrollmentId::after(id, to)).collect();
            let found: Vec<Enrollment> = self.store.enrollments(&ids).await?;
            let Some(next) = found.first() else { break };
            let gone = Gone::default();
            let of_next = self.view_of(next, &gone);
            if next.is_active() {
                batch.add(next, Decision::of(vec![Fact::Ended { outcome }]), now);
                break;
            }
            before = (next.id, targets(&of_next));
        }
        Ok(())
    }
}

fn begin(follows: Successor) -> Begin {
    Begin {
        id: follows.id,
        facts: follows.facts,
        colleagues: Vec::new(),
    }
}

/// Where the cadence of a view may lead.
fn targets(view: &View<'_>) -> Vec<crate::model::CadenceName> {
    view.cadence.on.switches().map(|switch| switch.to.clone()).collect()
}
