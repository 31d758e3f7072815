//! Reports by mail: to each rep the numbers of their week, to managers those of the team by week and month, and each
//! quarter the audit. They come on the first business day after the time they tell of, a rep's with the digest.
//!
//! Each exists once: its letter's id is derived from reader, subject and time, and what a database that was put back does
//! not know of is found by its copy. A bot that was down mails the newest it missed and no older one. A time without any
//! number is not told.

use super::{Bot, Progress, report};
use crate::config::Reports as Settings;
use crate::mail::write::{Automatic, Composition, Picture, compose_pictured};
use crate::model::{Address, Correspondent, Letter, LetterClass, LetterId, Promote, Rep, Report, limits};
use crate::report::{Asked, Benchmark, PICTURE_WIDTH, Period, Span, day_of_date, picture};
use crate::rules::window;
use crate::store::{Batch, CommitError, StoreError};
use crate::template::Shown;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use tracing::warn;

/// What a week is told of; a month and a quarter are told of whole.
const WEEKLY: [&str; 10] = [
    "summary",
    "advice",
    "funnel",
    "funnel-reps",
    "tests",
    "activity",
    "hours",
    "response",
    "intents",
    "health",
];

/// Who gets reports by mail, and which are settled.
#[derive(Debug, Default)]
pub struct Reports {
    settings: Option<Settings>,
    benchmarks: Vec<Benchmark>,
    /// Letters that there are, or that are not worth writing.
    settled: Mutex<BTreeSet<LetterId>>,
}

impl Reports {
    /// Reports to those whom the configuration names, beside a company's own benchmarks.
    #[must_use]
    pub fn new(settings: Settings, benchmarks: Vec<Benchmark>) -> Self {
        Self {
            settings: Some(settings),
            benchmarks,
            settled: Mutex::default(),
        }
    }

    /// How winners of tests are promoted, and the minimum of sends; `None`: nobody gets reports.
    pub(super) fn promotes(&self) -> Option<(Promote, i64)> {
        let settings = self.settings.as_ref()?;
        Some((settings.promote, settings.minimum))
    }

    /// What the dice of tests are thrown by.
    pub(super) fn seed(&self) -> i64 {
        self.settings.as_ref().map_or(0, |settings| settings.seed)
    }

    /// Who gets the numbers of the team.
    pub(super) fn managers(&self) -> &[Address] {
        self.settings.as_ref().map_or(&[], |settings| &settings.managers)
    }

    pub(super) fn is_settled(&self, id: LetterId) -> bool {
        let settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        settled.contains(&id)
    }

    pub(super) fn settle(&self, id: LetterId) {
        let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        if settled.len() >= limits::REPORTS_KNOWN {
            settled.clear();
        }
        settled.insert(id);
    }
}

impl Reports {
    /// The managers of a team, each as a rep whose clock counts, where the settings want it; `None` without a team.
    pub(super) fn readers_of_team(&self, bot: &Bot, wanted: impl Fn(&Settings) -> bool) -> Option<Vec<Rep>> {
        let settings = self.settings.as_ref().filter(|settings| wanted(settings))?;
        let first = bot.house.reps.first()?;
        let own = || (first.zone_name.clone(), first.zone.clone());
        let (zone_name, zone) = settings.zone.clone().unwrap_or_else(own);
        let one = |manager: &Address| Rep {
            address: manager.clone(),
            name: String::new(),
            zone: zone.clone(),
            zone_name: zone_name.clone(),
            digest_at: settings.at,
            ..first.clone()
        };
        Some(settings.managers.iter().map(one).collect())
    }
}

/// One reader of one kind of report.
struct Reader {
    /// Whose clock and days off count: the rep, or a manager as one.
    who: Rep,
    /// This rep's numbers alone; `None`: the team's.
    about: Option<Address>,
    period: Period,
}

/// Writes the reports that are due.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let Some(settings) = &bot.reports.settings else {
        return Ok(Progress::default());
    };
    let now = bot.clock.now();
    let mut progress = Progress::default();
    for reader in readers(bot, settings) {
        let told = bot.tell_numbers(&reader, settings, now).await?;
        progress = progress.and(told);
    }
    Ok(progress)
}

fn readers(bot: &Bot, settings: &Settings) -> Vec<Reader> {
    let mut readers = Vec::new();
    let reps = bot.house.reps.iter().filter_map(|rep| bot.house.rep(&rep.address));
    for rep in reps.filter(|_| settings.reps) {
        readers.push(Reader {
            who: rep.clone(),
            about: Some(rep.address.clone()),
            period: Period::Week,
        });
    }
    let periods = [
        (settings.weekly, Period::Week),
        (settings.monthly, Period::Month),
        (settings.quarterly, Period::Quarter),
    ];
    for who in bot.reports.readers_of_team(bot, |_| true).unwrap_or_default() {
        for (_, period) in periods.iter().filter(|(wanted, _)| *wanted) {
            readers.push(Reader {
                who: who.clone(),
                about: None,
                period: *period,
            });
        }
    }
    readers
}

impl Bot {
    async fn tell_numbers(&self, reader: &Reader, settings: &Settings, now: Timestamp) -> Result<Progress, StoreError> {
        let today = now.to_zoned(reader.who.zone.clone()).date();
        let span = reader.period.before(today);
        let (day, due) = self.morning_after(reader, span.to);
        if due > now {
            return Ok(Progress {
                done: 0,
                wake: Some(due),
            });
        }
        let (_, next) = self.morning_after(reader, reader.period.around(today).to);
        let later = Progress {
            done: 0,
            wake: Some(next),
        };
        let about = reader.about.as_ref().map_or("team", |rep| rep.as_str());
        let id = LetterId::of_report(&reader.who.address, about, &span.key);
        if self.reports.is_settled(id) {
            return Ok(later);
        }
        if self.copies.has(id) || self.store.letter(id).await?.is_some() || self.is_quiet(reader, &span).await? {
            self.reports.settle(id);
            return Ok(later);
        }
        let asked = Asked {
            from: span.from,
            to: span.to,
            cadence: None,
            rep: reader.about.as_ref().map(|rep| rep.as_str().to_owned()),
            minimum: settings.minimum,
        };
        let made = report::of(&self.store, &self.house.library, &self.reports.benchmarks, &asked).await?;
        let made = match reader.period {
            Period::Week => made.of_sections(&WEEKLY),
            Period::Month | Period::Quarter => made,
        };
        tracing::debug!(%day, "a report is due");
        match self.report_letter(id, reader, &span, &made, now) {
            Ok(letter) => self.keep_report(letter, now).await?,
            Err(error) => warn!(error, "a report could not be written; `cadence report` shows it"),
        }
        self.reports.settle(id);
        Ok(later.and(Progress::of(1)))
    }

    /// The first business day after this one on which the reader is there, and the moment on it.
    fn morning_after(&self, reader: &Reader, last: Date) -> (Date, Timestamp) {
        let hours = &self.house.hours;
        let (mut date, mut due) = window::digest(&reader.who, hours, window::digest_on(last, &reader.who));
        let Some(rep) = &reader.about else { return (date, due) };
        let away = self.house.said(rep).vacation;
        let is_away = |date: Date| {
            let told = away.as_ref().is_some_and(|away| away.covers(date));
            let planned = |away: &&crate::model::Away| away.rep.same_as(rep) && (away.from..=away.to).contains(&date);
            told || hours.away.iter().any(|away| planned(&away))
        };
        for _ in 0..limits::DAYS {
            if !is_away(date) {
                break;
            }
            (date, due) = window::digest(&reader.who, hours, due);
        }
        (date, due)
    }

    /// Whether nothing at all is counted of a time.
    async fn is_quiet(&self, reader: &Reader, span: &Span) -> Result<bool, StoreError> {
        self.store.tally_up().await?;
        let numbers = self.store.tallied(day_of_date(span.from), day_of_date(span.to)).await?;
        let is_theirs = |rep: &str| reader.about.as_ref().is_none_or(|about| about.as_str() == rep);
        Ok(!numbers.iter().any(|one| is_theirs(&one.subject.rep)))
    }

    fn report_letter(
        &self,
        id: LetterId,
        reader: &Reader,
        span: &Span,
        report: &Report,
        now: Timestamp,
    ) -> Result<Letter, String> {
        let bot = &self.house.bot;
        let message_id = bot.message_id_of(id).ok_or("it has no Message-ID")?;
        let whose = if reader.about.is_some() {
            "Your numbers"
        } else {
            "Team numbers"
        };
        let subject = match reader.period {
            Period::Week | Period::Month => format!("{whose}: {}", span.name),
            Period::Quarter => format!("Audit: {}", span.name),
        };
        let (shown, pictures) = pictures(id, bot.address().domain(), report);
        let from = Correspondent::new(Some(&self.house.bot_name), bot.address().clone());
        let name = Some(reader.who.name.as_str()).filter(|name| !name.is_empty());
        let to = Correspondent::new(name, reader.who.address.clone());
        let mut why = String::new();
        for rows in limits::REPORT_ROWS {
            let wording = self
                .house
                .texts
                .report(&subject, &report.clone().shortened(rows), &shown);
            if wording
                .html
                .as_ref()
                .is_some_and(|html| html.len() > limits::REPORT_HTML)
            {
                "it is too large".clone_into(&mut why);
                continue;
            }
            let composed = compose_pictured(
                &Composition {
                    from: &from,
                    to: &to,
                    reply_to: None,
                    date: now,
                    message_id: &message_id,
                    thread: &[],
                    wording: &wording,
                    unsubscribe: None,
                    automatic: Automatic::Generated,
                    reference: &id.to_string(),
                    enclosed: None,
                },
                &pictures,
            );
            match composed {
                Ok(bytes) => {
                    return Ok(Letter {
                        id,
                        class: LetterClass::Report,
                        touch: None,
                        rep: reader.who.address.clone(),
                        envelope_from: None,
                        to: reader.who.address.clone(),
                        message_id,
                        bytes,
                        not_before: now,
                    });
                }
                Err(error) => why = error,
            }
        }
        Err(why)
    }

    async fn keep_report(&self, letter: Letter, now: Timestamp) -> Result<(), StoreError> {
        let batch = Batch {
            at: Some(now),
            letters: vec![letter],
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            // Another round was faster: there is never a second one.
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

/// The charts of a report as pictures, and where each is shown.
fn pictures(id: LetterId, domain: &str, report: &Report) -> (Vec<Shown>, Vec<Picture>) {
    let drawn = report.sections.iter().filter_map(|section| {
        let (height, png) = picture(section.chart.as_ref()?)?;
        let name = format!("{}.{id}@{domain}", section.id);
        let shown = Shown {
            section: section.id,
            name: name.clone(),
            width: PICTURE_WIDTH,
            height,
        };
        Some((shown, Picture { name, png }))
    });
    drawn.unzip()
}
