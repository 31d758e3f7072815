//! The numbers, brought up to date and made a report: what `cadence report`, the reports by mail and the command `report` of a
//! rep all call.

use super::{Bot, Progress};
use crate::model::{Report, limits};
use crate::report::{Asked, Benchmark, MINIMUM, Numbers, benchmarks, build, day_of_date, month_of};
use crate::store::{Store, StoreError};
use crate::template::Library;
use jiff::civil::Date;

/// The report of a time. What the journal holds is counted first, as far as it is not counted yet.
///
/// # Errors
/// When the store fails.
pub async fn of(store: &Store, library: &Library, own: &[Benchmark], asked: &Asked) -> Result<Report, StoreError> {
    store.tally_up().await?;
    let (from, to) = (day_of_date(asked.from), day_of_date(asked.to));
    let before = asked.before();
    let now = store.tallied(from, to).await?;
    let before = store.tallied(before.0, before.1).await?;
    let last = month_of(to);
    let timing = store.tallied_months(month_of(from), last).await?;
    let mut months = Vec::new();
    for month in last.saturating_sub(limits::REPORT_MONTHS - 1)..=last {
        let sums = store.tallied_months(month, month).await?;
        if !sums.is_empty() {
            months.push((month, sums));
        }
    }
    let cadences: Vec<_> = library.cadences().collect();
    let trials = library.trials();
    let repeated: Vec<_> = cadences.iter().flat_map(|cadence| library.repeated(cadence)).collect();
    let promotions = store.promotions().await?;
    Ok(build(
        asked,
        &Numbers {
            now: &now,
            before: &before,
            timing: &timing,
            months: &months,
            cadences: &cadences,
            trials: &trials,
            promotions: &promotions,
            repeated: &repeated,
            benchmarks: &benchmarks(own),
        },
    ))
}

/// The report of one rep, as the command `report` asks for it.
///
/// # Errors
/// When the store fails.
pub async fn of_rep(bot: &Bot, rep: &crate::model::Address, from: Date, to: Date) -> Result<Report, StoreError> {
    let asked = Asked {
        from,
        to,
        cadence: None,
        rep: Some(rep.as_str().to_owned()),
        minimum: MINIMUM,
    };
    of(&bot.store, &bot.house.library, &[], &asked).await
}

/// Counts what was journaled since, a portion a round, so that a report that somebody waits for finds little left to do.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let went = bot.store.tally_on(limits::TALLY_ROUND).await?;
    Ok(Progress::of(usize::from(went > 0)))
}
