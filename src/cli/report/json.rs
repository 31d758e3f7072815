//! A report as one JSON object: every cell with its text as everywhere, and of numbers what they are made of.

use crate::model::{Cell, Report, Section};
use serde_json::{Map, Value, json};

/// The report, with a line break at its end.
pub fn text(report: &Report) -> String {
    let object = json!({
        "title": report.title,
        "about": report.about,
        "sections": report.sections.iter().map(section).collect::<Vec<_>>(),
    });
    format!("{object:#}\n")
}

fn section(section: &Section) -> Value {
    let rows = section.rows.iter().map(|row| {
        let cells = section.columns.iter().zip(row).map(|(column, cell)| {
            let name = if column.is_empty() { "row" } else { column };
            (name.to_owned(), self::cell(cell))
        });
        Value::Object(cells.collect::<Map<String, Value>>())
    });
    json!({
        "id": section.id,
        "title": section.title,
        "note": section.note,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn cell(cell: &Cell) -> Value {
    let text = cell.text();
    match cell {
        Cell::Rate(rate) => json!({
            "text": text,
            "count": rate.hits,
            "of": rate.of,
            "rate": if rate.of > 0 { json!(rate.value()) } else { Value::Null },
            "low": rate.low,
            "high": rate.high,
        }),
        Cell::Count(many) => json!({"text": text, "count": many}),
        Cell::Share(millionths) => json!({"text": text, "millionths": millionths}),
        Cell::Text(_) | Cell::Nothing => json!({"text": text}),
    }
}
