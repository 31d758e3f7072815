//! Numbers → a report: which sections, in which order, over which time.

use super::benchmark::{Benchmark, range};
use super::days::day_of_date;
use super::measure::Measure;
use super::sums::{Sums, Tallied, by, text};
use super::{advice, people, rate, score, touches};
use crate::model::{Cadence, Cell, Promotion, Rate, Repeated, Report, Section, Trial};
use jiff::civil::Date;

/// What a report is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// This cadence alone.
    pub cadence: Option<String>,
    /// This rep alone, by address.
    pub rep: Option<String>,
    /// Below so many nothing is judged: sends of an arm, people of a comparison.
    pub minimum: i64,
}

impl Asked {
    /// How many days it covers.
    #[must_use]
    pub fn days(&self) -> i64 {
        day_of_date(self.to) - day_of_date(self.from) + 1
    }

    /// The first and the last day of the time before, as long.
    #[must_use]
    pub fn before(&self) -> (i64, i64) {
        let from = day_of_date(self.from);
        (from - self.days(), from - 1)
    }
}

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    /// Sums of the time asked about.
    pub now: &'a [Tallied],
    /// Sums of the time before, as long.
    pub before: &'a [Tallied],
    /// Sums of the whole months that the time touches, for the hours of the week.
    pub timing: &'a [Tallied],
    /// The last months, oldest first: months since year 0, sums.
    pub months: &'a [(i64, Vec<Tallied>)],
    /// The cadences that there are.
    pub cadences: &'a [&'a Cadence],
    /// The tests that the cadences say, each with its cadence.
    pub trials: &'a [(String, Trial)],
    /// What was said about which alternatives go to everybody, oldest first.
    pub promotions: &'a [Promotion],
    /// What mails say twice.
    pub repeated: &'a [Repeated],
    /// What teams reach elsewhere.
    pub benchmarks: &'a [Benchmark],
}

/// The report.
#[must_use]
pub fn build(asked: &Asked, numbers: &Numbers<'_>) -> Report {
    let (now, before) = (
        people::wanted(numbers.now, asked, numbers.cadences),
        people::wanted(numbers.before, asked, numbers.cadences),
    );
    let timing = people::wanted(numbers.timing, asked, numbers.cadences);
    let months: Vec<(i64, Vec<Tallied>)> = numbers
        .months
        .iter()
        .map(|(month, sums)| (*month, people::wanted(sums, asked, numbers.cadences)))
        .collect();
    let numbers = &Numbers {
        now: &now,
        before: &before,
        timing: &timing,
        months: &months,
        ..*numbers
    };
    let mut sections = vec![people::summary(asked, numbers), advice::section(asked, numbers)];
    sections.extend(people::funnels(numbers));
    sections.push(benchmarks(asked, numbers));
    sections.push(touches::steps(numbers));
    sections.push(touches::verdicts(asked, numbers));
    sections.push(touches::attribution(numbers));
    sections.push(people::effort(numbers));
    sections.push(touches::hours(asked, numbers));
    sections.push(people::response(numbers));
    sections.extend(people::ends(numbers));
    sections.push(touches::activity(numbers));
    sections.push(score::calibration(numbers.now));
    sections.push(touches::health(asked, numbers));
    sections.push(people::months(numbers));
    Report {
        title: title(asked),
        about: about(asked, numbers),
        sections,
    }
}

fn title(asked: &Asked) -> String {
    let day = |date: Date| date.strftime("%-d %b %Y").to_string();
    let whom = match (&asked.cadence, &asked.rep) {
        (None, None) => String::new(),
        (Some(cadence), None) => format!(", {cadence}"),
        (None, Some(rep)) => format!(", {rep}"),
        (Some(cadence), Some(rep)) => format!(", {cadence}, {rep}"),
    };
    format!("{} to {}{whom}", day(asked.from), day(asked.to))
}

fn about(asked: &Asked, numbers: &Numbers<'_>) -> Vec<String> {
    let mut about = vec![
        "Days are UTC. Every rate stands with its counts and the 95 % interval of what it truly is; what is judged at all \
         has the minimum behind it."
            .replace("the minimum", &format!("at least {}", asked.minimum)),
    ];
    if numbers.now.is_empty() {
        about.push("Nobody was enrolled and nothing was sent in this time.".to_owned());
    }
    let gone = numbers.now.iter().any(|one| {
        let mut known = numbers.cadences.iter();
        !known.any(|cadence| cadence.name.as_str() == one.subject.cadence)
    });
    if gone {
        about.push("Cadences called deleted have no files any more; their numbers stay.".to_owned());
    }
    if numbers.now.iter().any(|one| touches::is_gone(numbers, one)) {
        about.push("Steps called gone are in the files of their cadence no more; their numbers stay.".to_owned());
    }
    about.push("Opens and clicks decide nothing.".to_owned());
    about
}

/// Own numbers beside those of others.
fn benchmarks(asked: &Asked, numbers: &Numbers<'_>) -> Section {
    let kinds = by(numbers.now, |subject| {
        let mut known = numbers.cadences.iter();
        let cadence = known.find(|cadence| cadence.name.as_str() == subject.cadence)?;
        (subject.step == 0).then(|| cadence.kind.clone())
    });
    let mut rows = Vec::new();
    for (kind, sums) in &kinds {
        let Some(row) = numbers.benchmarks.iter().find(|row| row.kind == *kind) else {
            continue;
        };
        let rates = [
            ("replied", Measure::Replied, Measure::Delivered, row.reply),
            ("connected", Measure::Connected, Measure::Enrolled, row.connect),
            ("met", Measure::Met, Measure::Enrolled, row.meeting),
        ];
        for (name, hits, of, usual) in rates {
            rows.push(beside(
                asked,
                format!("{kind}: {name}"),
                sums,
                (hits, of),
                (usual, row.source),
            ));
        }
        // Shown where a listener reports any, without a sign: nothing is judged by them.
        if sums.of(Measure::Opened) > 0 {
            rows.push(vec![
                text(format!("{kind}: opened (people), as reported")),
                Cell::Rate(rate::rate(sums.of(Measure::Opened), sums.of(Measure::Delivered))),
                text(range(row.open)),
                Cell::Nothing,
                text(row.source),
            ]);
        }
        let plans = numbers.cadences.iter().filter(|cadence| cadence.kind == *kind);
        for cadence in plans.filter(|plan| numbers.now.iter().any(|one| one.subject.cadence == plan.name.as_str())) {
            rows.push(vec![
                text(format!("{kind}: touches and days of {}", cadence.name)),
                text(format!("{} touches, {} days", cadence.touches(), cadence.span())),
                text(format!(
                    "{}–{} touches, {}–{} days",
                    row.touches.0, row.touches.1, row.days.0, row.days.1
                )),
                Cell::Nothing,
                text(row.source),
            ]);
        }
    }
    Section {
        id: "benchmarks",
        title: "Beside other teams".to_owned(),
        note: "Usual ranges by the kind of cadence. No neutral study stands behind them: they are rounded from what vendors \
               report of their own customers, or are rules of thumb; a company may put in its own. A sign stands only where \
               the interval lies outside of the range."
            .to_owned(),
        columns: vec!["kind", "own", "usual", "sign", "source"],
        rows,
        chart: None,
    }
}

fn beside(
    asked: &Asked,
    name: String,
    sums: &Sums,
    (hits, of): (Measure, Measure),
    (usual, source): ((u32, u32), &str),
) -> Vec<Cell> {
    let own = rate::rate(sums.of(hits), sums.of(of));
    vec![
        text(name),
        Cell::Rate(own),
        text(range(usual)),
        text(sign(asked, &own, usual)),
        text(source),
    ]
}

/// Where an own rate lies beside a range in tenths of a percent.
pub(super) fn sign(asked: &Asked, own: &Rate, (low, high): (u32, u32)) -> &'static str {
    if own.of < asked.minimum {
        "too few to tell"
    } else if own.high < f64::from(low) / 1_000.0 {
        "▼ below"
    } else if own.low > f64::from(high) / 1_000.0 {
        "▲ above"
    } else {
        "● within"
    }
}
