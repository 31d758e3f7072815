//! What scores look at beside an enrollment: what own outcomes say each sign is worth, and whether a colleague answered.

use super::Bot;
use crate::model::{Enrollment, limits};
use crate::report::{Heat, MINIMUM, Weights, day_of, month_of};
use crate::store::{Store, StoreError};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What was learned, and on which day (days since 1970 UTC).
#[derive(Debug, Default)]
pub(super) struct Warmth(Mutex<Option<(i64, Weights)>>);

/// What own outcomes of the last [`limits::HEAT_MONTHS`] months say, as far as they are counted.
///
/// # Errors
/// When the store fails.
pub async fn weights(store: &Store, minimum: i64, now: Timestamp) -> Result<Weights, StoreError> {
    let month = month_of(day_of(now));
    let numbers = store.tallied_months(month - limits::HEAT_MONTHS, month).await?;
    Ok(Weights::learned(&numbers, minimum))
}

/// What the scores of these enrollments look at.
///
/// # Errors
/// When the store fails.
pub async fn of(store: &Store, enrollments: &[&Enrollment], minimum: i64, now: Timestamp) -> Result<Heat, StoreError> {
    with(store, enrollments, weights(store, minimum, now).await?).await
}

async fn with(store: &Store, enrollments: &[&Enrollment], weights: Weights) -> Result<Heat, StoreError> {
    let mut heat = Heat {
        weights,
        ..Heat::default()
    };
    let mut companies: BTreeMap<&str, Vec<&Enrollment>> = BTreeMap::new();
    for enrollment in enrollments {
        if let Some(company) = enrollment.prospect.address.company() {
            companies.entry(company).or_default().push(enrollment);
        }
    }
    for (company, ours) in companies.into_iter().take(limits::HEAT_COMPANIES) {
        let people = store.of_company(company, limits::HEAT_PEOPLE).await?;
        for enrollment in ours {
            let others = people
                .iter()
                .filter(|other| other.prospect.address.loose() != enrollment.prospect.address.loose());
            if let Some(at) = others.filter_map(|other| other.history.replied).max() {
                heat.colleagues.insert(enrollment.id, at);
            }
        }
    }
    Ok(heat)
}

impl Bot {
    /// The same; what is learned is learned once a day.
    pub(super) async fn heat_of(&self, enrollments: &[&Enrollment], now: Timestamp) -> Result<Heat, StoreError> {
        let today = day_of(now);
        let known = self.warmth.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let weights = match known {
            Some((day, weights)) if day == today => weights,
            _ => {
                let learned = weights(&self.store, MINIMUM, now).await?;
                *self.warmth.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((today, learned.clone()));
                learned
            }
        };
        with(&self.store, enrollments, weights).await
    }
}
