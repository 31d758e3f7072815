//! A report as CSV (RFC 4180): one line a cell, so that every section fits into one sheet. Safe to open: what a spreadsheet
//! would take for a formula is a text.

use crate::model::{Cell, Report};

/// The report: section, row, column, value, and of rates the counts.
#[must_use]
pub fn csv(report: &Report) -> String {
    let mut out = String::from("section,row,column,value,count,of\r\n");
    for section in &report.sections {
        for row in &section.rows {
            let name = row.first().map(Cell::text).unwrap_or_default();
            for (column, cell) in section.columns.iter().zip(row).skip(1) {
                let (count, of) = match cell {
                    Cell::Rate(rate) => (rate.hits.to_string(), rate.of.to_string()),
                    Cell::Count(many) => (many.to_string(), String::new()),
                    Cell::Text(_) | Cell::Share(_) | Cell::Nothing => (String::new(), String::new()),
                };
                let cells = [section.id, &name, column, &cell.text(), &count, &of];
                out.push_str(&cells.map(field).join(","));
                out.push_str("\r\n");
            }
        }
    }
    out
}

/// One field, quoted where needed. What begins like a formula gets an apostrophe, which spreadsheets do not show (OWASP,
/// *CSV injection*).
#[must_use]
pub fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let number = text.parse::<f64>().is_ok();
    let safe = if formula && !number {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if safe.contains([',', '"', '\n', '\r', ';', '\t']) || safe != text {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn no_field_is_a_formula() {
        for (text, safe) in [
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("+49 30 1", "\"'+49 30 1\""),
            ("-5", "-5"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("plain", "plain"),
        ] {
            assert_eq!(field(text), safe, "{text}");
        }
    }
}
