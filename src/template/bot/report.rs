//! A report by mail: the same cells as everywhere, in rows that a phone can show.

use super::safe;
use crate::model::{Cell, Report, Section};
use serde::Serialize;

/// Columns that a table of a mail may have; what has more is told row by row.
const NARROW: usize = 4;

/// A chart as a picture of the mail.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// The section that it belongs to.
    pub section: &'static str,
    /// Its Content-ID.
    pub name: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// What `report.txt` and `report.html` speak of.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    headline: String,
    title: String,
    about: Vec<String>,
    sections: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    title: String,
    note: String,
    picture: Option<&'a Shown>,
    columns: Vec<&'static str>,
    /// As a table.
    narrow: bool,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    /// Every cell behind the first.
    cells: Vec<String>,
    /// The same where there is something, each with its column.
    told: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    column: &'static str,
    cell: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(subject: &str, report: &Report, pictures: &'a [Shown]) -> Self {
        Self {
            headline: safe::one_line(subject),
            title: safe::untrusted(&report.title),
            about: report.about.clone(),
            sections: report.sections.iter().map(|section| part(section, pictures)).collect(),
        }
    }
}

fn part<'a>(section: &Section, pictures: &'a [Shown]) -> Part<'a> {
    Part {
        title: section.title.clone(),
        note: section.note.clone(),
        picture: pictures.iter().find(|picture| picture.section == section.id),
        columns: section.columns.clone(),
        narrow: section.columns.len() <= NARROW,
        rows: section.rows.iter().map(|cells| row(section, cells)).collect(),
    }
}

fn row(section: &Section, cells: &[Cell]) -> Row {
    // Sources and personas are words of strangers.
    let said = |cell: &Cell| match cell {
        Cell::Text(text) => safe::untrusted(text),
        number => number.text(),
    };
    let behind = || section.columns.iter().zip(cells).skip(1);
    Row {
        name: cells.first().map(said).unwrap_or_default(),
        cells: behind().map(|(_, cell)| said(cell)).collect(),
        told: behind()
            .map(|(column, cell)| Told {
                column,
                cell: said(cell),
            })
            .filter(|told| !told.cell.is_empty())
            .collect(),
    }
}
