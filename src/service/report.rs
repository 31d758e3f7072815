//! The numbers, brought up to date and made a report: what `cadence report`, the reports by mail and the command `report` of a
//! rep all call.

use super::{Bot, Progress};
use crate::model::{Report, limits};
use crate::report::{
    Asked, Benchmark, MINIMUM, Numbers, benchmarks, build, day_of_date, in_short, in_short_of_all, month_of,
};
use crate::store::{Store, StoreError};
use crate::template::Library;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

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

/// The last `days` days of a rep in a few lines, `today` included: what the command `report` answers.
///
/// # Errors
/// When the store fails.
pub async fn in_short_of(
    bot: &Bot,
    rep: &crate::model::Address,
    today: Date,
    days: i64,
) -> Result<Vec<String>, StoreError> {
    let report = of_rep(bot, rep, today.saturating_sub((days - 1).days()), today).await?;
    let summary = report.sections.iter().find(|section| section.id == "summary");
    Ok(summary.map(in_short).unwrap_or_default())
}

/// The lines of all reps, by the last day of the week that they tell of, and when they were counted.
#[derive(Debug, Default)]
pub(super) struct Weeks(Mutex<BTreeMap<Date, Week>>);

/// When it was counted, and the lines of each rep.
type Week = (Timestamp, BTreeMap<String, Vec<String>>);

impl Bot {
    /// The same of a week for a digest. A thousand digests of one morning count once.
    pub(super) async fn week_of(
        &self,
        rep: &crate::model::Address,
        today: Date,
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let fresh = SignedDuration::try_from(limits::NUMBERS_AGAIN).unwrap_or(SignedDuration::ZERO);
        let lines = |week: &Week| week.1.get(rep.as_str()).cloned().unwrap_or_default();
        {
            let known = self.weeks.0.lock().unwrap_or_else(PoisonError::into_inner);
            let age = |week: &Week| (SignedDuration::ZERO..fresh).contains(&now.duration_since(week.0));
            if let Some(week) = known.get(&today).filter(|week| age(week)) {
                return Ok(lines(week));
            }
        }
        let asked = Asked {
            from: today.saturating_sub(6.days()),
            to: today,
            cadence: None,
            rep: None,
            minimum: MINIMUM,
        };
        // The rounds count what is journaled; a digest waits for one portion of it and not for a whole import.
        self.store.tally_on(limits::TALLY_PORTION).await?;
        let counted = self
            .store
            .tallied(day_of_date(asked.from), day_of_date(asked.to))
            .await?;
        let before = asked.before();
        let before = self.store.tallied(before.0, before.1).await?;
        let week = (now, in_short_of_all(&asked, &counted, &before));
        let told = lines(&week);
        let mut known = self.weeks.0.lock().unwrap_or_else(PoisonError::into_inner);
        // It is one day all over the world, or two, or three at the date line.
        known.retain(|_, week| (SignedDuration::ZERO..fresh).contains(&now.duration_since(week.0)));
        known.insert(today, week);
        Ok(told)
    }
}

/// Counts what was journaled since, a portion a round, so that a report that somebody waits for finds little left to do.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let went = bot.store.tally_on(limits::TALLY_ROUND).await?;
    Ok(Progress::of(usize::from(went > 0)))
}
