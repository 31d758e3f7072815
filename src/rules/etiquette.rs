//! Who is left in peace for now: whoever did not answer a cadence that ended lately, and a company that has enough of us.

use super::days::later;
use crate::model::{Ending, Enrollment, Etiquette, Prospect, Refusal, Standing};
use jiff::Timestamp;
use std::time::Duration;

/// Why a prospect is not enrolled now. `prior` are all earlier enrollments of the same person, `others` how many other people
/// of the same company are in cadences.
///
/// Only silence cools down: who answered, met or was stopped by the rep may be written to when the rep sees a reason.
#[must_use]
pub fn refusal(
    etiquette: &Etiquette,
    prospect: &Prospect,
    prior: &[Enrollment],
    others: usize,
    now: Timestamp,
) -> Option<Refusal> {
    let cooldown = Duration::from_secs(u64::from(etiquette.cooldown) * 24 * 3600);
    let silent = |enrollment: &&Enrollment| {
        matches!(
            enrollment.standing,
            Standing::Ended {
                outcome: Ending::Completed,
                ..
            }
        ) && enrollment.history.replied.is_none()
    };
    let last = prior
        .iter()
        .filter(silent)
        .filter_map(|enrollment| Some((later(enrollment.touched?.1, cooldown), enrollment)))
        .max_by_key(|(until, _)| *until)
        .filter(|(until, _)| now < *until);
    if let Some((until, enrollment)) = last {
        return Some(Refusal::CoolingDown {
            cadence: enrollment.cadence.to_string(),
            until: prospect.zone.rules().to_datetime(until).date(),
        });
    }
    let most = etiquette.per_company?;
    let full = usize::try_from(most).is_ok_and(|most| others >= most);
    full.then(|| Refusal::CompanyFull {
        company: prospect.address.domain().to_owned(),
        many: others,
    })
}
