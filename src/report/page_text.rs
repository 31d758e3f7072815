//! A report as plain text: tables with aligned columns.

use crate::model::{Cell, Report, Section};

/// The report.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = format!("{}\n", report.title);
    for line in &report.about {
        out.push_str(&format!("{line}\n"));
    }
    for section in &report.sections {
        out.push_str(&format!(
            "\n{}\n{}\n",
            section.title,
            "=".repeat(section.title.chars().count())
        ));
        if !section.note.is_empty() {
            out.push_str(&format!("{}\n", section.note));
        }
        if !section.rows.is_empty() {
            table(section, &mut out);
        }
    }
    out
}

fn table(section: &Section, out: &mut String) {
    let heads: Vec<String> = section.columns.iter().map(|column| (*column).to_owned()).collect();
    let rows: Vec<Vec<String>> = section
        .rows
        .iter()
        .map(|row| row.iter().map(Cell::text).collect())
        .collect();
    let wide = |column: usize| {
        let cells = rows
            .iter()
            .chain(std::iter::once(&heads))
            .filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(wide).collect();
    let mut line = |cells: &[String]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        out.push_str(padded.join("  ").trim_end());
        out.push('\n');
    };
    line(&heads);
    rows.iter().for_each(|row| line(row));
}
