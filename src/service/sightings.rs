//! What was reported of people → what their cadences do about it.
//!
//! Reports come by mail from a `[[lead_source]]` with `signals`, and by `cadence signal`. Both put them into one row each, and
//! this round alone decides, so that a report meets the enrollment as it stands and no command waits for the bot. A report about
//! nobody who is in a cadence does nothing, which whoever reported it was told.

use super::incoming::{Decided, Incoming};
use super::{Bot, Progress};
use crate::inbox::Filing;
use crate::model::{Address, LeadSource, Sighting, Signal, limits};
use crate::rules;
use crate::store::{Batch, CommitError, StoreError};

/// Takes in what waits.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let mut progress = Progress::default();
    for (id, sighting) in bot.store.sightings(limits::SIGHTINGS).await? {
        let now = bot.clock.now();
        match bot.store.commit(bot.taken_in(id, &sighting).await?).await {
            Ok(()) => progress.done += 1,
            // Somebody moved on meanwhile: it is decided anew.
            Err(CommitError::Stale | CommitError::Known) => progress.wake = Some(now),
            Err(CommitError::Store(error)) => return Err(error),
        }
    }
    Ok(progress)
}

impl Bot {
    async fn taken_in(&self, id: i64, sighting: &Sighting) -> Result<Batch, StoreError> {
        let now = self.clock.now();
        let mut batch = Batch {
            at: Some(now),
            taken_in: vec![id],
            ..Batch::default()
        };
        let signal = Signal::Reported {
            name: sighting.name.clone(),
            step: sighting.step,
            by: sighting.by.clone(),
        };
        let theirs = self.store.of_person(&sighting.person).await?;
        for enrollment in theirs.iter().filter(|enrollment| enrollment.is_active()) {
            let gone = super::stand_in::Gone::default();
            let decision = rules::react::react(&self.view_of(enrollment, &gone), &signal, now);
            self.decided(&mut batch, enrollment, decision, now);
        }
        Ok(batch)
    }
}

impl Incoming<'_> {
    /// A source reports what somebody did: it waits for the round that decides, which comes next.
    pub(super) async fn sighted_by(
        &self,
        source: &LeadSource,
        who: &Address,
        name: &str,
    ) -> Result<Decided, StoreError> {
        let person = who.loose();
        let theirs = self.bot.store.of_person(&person).await?;
        if !theirs.iter().any(|enrollment| enrollment.is_active()) {
            let because = format!("{} reports {name}, about nobody who is in a cadence", source.name);
            return Ok(self.plain("signal", &because, Filing::Processed));
        }
        let sighting = Sighting {
            person,
            name: name.to_owned(),
            step: None,
            by: source.name.clone(),
            at: self.now,
        };
        Ok(Decided {
            batch: Batch {
                sighted: vec![sighting],
                ..Batch::default()
            },
            ..self.plain("signal", &format!("{} reports {name}", source.name), Filing::Processed)
        })
    }
}
