//! A report as it is shown: sections with one table each. Text, HTML, CSV and JSON all show [`Cell::text`], so that they
//! cannot disagree.

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What it is: `Report of 1 Mar to 31 Mar 2026`.
    pub title: String,
    /// What it covers and what it leaves out, one sentence each.
    pub about: Vec<String>,
    /// Its sections, most wanted first.
    pub sections: Vec<Section>,
}

impl Report {
    /// The same with the sections of these names alone, in its own order.
    #[must_use]
    pub fn of_sections(mut self, names: &[&str]) -> Self {
        self.sections.retain(|section| names.contains(&section.id));
        self
    }

    /// The same with at most so many rows a section; how many are left out is said.
    #[must_use]
    pub fn shortened(mut self, rows: usize) -> Self {
        for section in &mut self.sections {
            let more = section.rows.len().saturating_sub(rows);
            if more > 0 {
                section.rows.truncate(rows);
                let note = format!("{} {more} more rows are in `cadence report`.", section.note);
                section.note = note.trim().to_owned();
            }
        }
        self
    }
}

/// One table, with what it says in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// A short name for programs, never changed: `funnel`.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// How to read it.
    pub note: String,
    /// What the columns are; the first names the row.
    pub columns: Vec<&'static str>,
    /// Each as long as `columns`. None: there is nothing to show, and `note` says so.
    pub rows: Vec<Vec<Cell>>,
    /// A picture of it.
    pub chart: Option<Chart>,
}

/// A picture that says no more than its table.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// One bar a row: label, what is written at it, length.
    Bars(Vec<(String, String, f64)>),
    /// Seven days of 24 hours, from 0 to 1; Monday first.
    Week(Vec<f64>),
}

/// One place in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// How many.
    Count(i64),
    /// A part of a whole, with its counts.
    Rate(Rate),
    /// Millionths: shares of meetings.
    Share(i64),
    /// Nothing to say.
    Nothing,
}

/// So many of so many, with the 95 % interval of the true rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// How many did.
    pub hits: i64,
    /// Of how many.
    pub of: i64,
    /// Lower end of the interval, from 0 to 1.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Rate {
    /// From 0 to 1; 0 of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn value(&self) -> f64 {
        if self.of > 0 {
            self.hits as f64 / self.of as f64
        } else {
            0.0
        }
    }
}

impl Cell {
    /// What stands there, in every format.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(many) => many.to_string(),
            Self::Rate(rate) if rate.of <= 0 => "–".to_owned(),
            Self::Rate(rate) => format!(
                "{:.1} % ({} of {}; {:.1}–{:.1})",
                rate.value() * 100.0,
                rate.hits,
                rate.of,
                rate.low * 100.0,
                rate.high * 100.0
            ),
            Self::Share(millionths) => format!("{:.2}", *millionths as f64 / 1e6),
            Self::Nothing => String::new(),
        }
    }

    /// Whether it is a number, which stands at the right.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Rate(_) | Self::Share(_))
    }
}
