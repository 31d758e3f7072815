//! A report as one HTML page that needs nothing else: styles within, charts as inline SVG, light and dark, phone and desk.

use crate::model::{Cell, Chart, Report, Section};

const STYLE: &str = "\
:root{--bg:#fbfbf9;--card:#fff;--ink:#1c2024;--soft:#5c6670;--line:#e3e5e2;--bar:#2f6f8f;--bar2:#dbe8ee;color-scheme:light dark}\
@media(prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1c2024;--ink:#e8eaec;--soft:#9aa5af;--line:#30363c;--bar:#6fb1d0;--bar2:#2a3d48}}\
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}\
main{max-width:1280px;margin:0 auto;padding:24px 16px 64px}h1{font-size:24px;line-height:1.25;margin:0 0 8px}\
h2{font-size:17px;margin:0 0 4px}p{margin:0 0 8px;color:var(--soft);max-width:75ch}\
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin:16px 0}\
.wide{overflow-x:auto;margin:8px -16px 0;padding:0 16px}table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}\
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top;min-width:64px}\
th{color:var(--soft);font-weight:600;white-space:nowrap}tr:last-child td{border-bottom:0}td:first-child{min-width:130px}\
.n small{display:block;color:var(--soft);white-space:normal;max-width:84px;font-size:11px;line-height:1.3}.n b{font-weight:400;white-space:nowrap}.n{white-space:nowrap}td.t{min-width:150px}\
nav{margin:12px 0 0;font-size:13px}nav a{color:var(--bar);margin-right:14px;display:inline-block;padding:4px 0}\
svg{display:block;max-width:100%;height:auto;margin:12px 0}svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .s{fill:var(--soft)}\
.b{fill:var(--bar)}.g{fill:var(--bar2)}";

/// The report.
#[must_use]
pub fn html(report: &Report) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>\n",
        title = escaped(&report.title)
    );
    for line in &report.about {
        out.push_str(&format!("<p>{}</p>\n", escaped(line)));
    }
    out.push_str("<nav>");
    for section in &report.sections {
        out.push_str(&format!("<a href=\"#{}\">{}</a>", section.id, escaped(&section.title)));
    }
    out.push_str("</nav>\n");
    for section in &report.sections {
        one(section, &mut out);
    }
    out.push_str("</main></body></html>\n");
    out
}

fn one(section: &Section, out: &mut String) {
    out.push_str(&format!(
        "<section id=\"{}\"><h2>{}</h2>\n",
        section.id,
        escaped(&section.title)
    ));
    if !section.note.is_empty() {
        out.push_str(&format!("<p>{}</p>\n", escaped(&section.note)));
    }
    if let Some(chart) = &section.chart {
        out.push_str(&picture(chart, &section.title));
    }
    if !section.rows.is_empty() {
        out.push_str("<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
        for column in &section.columns {
            out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(column)));
        }
        out.push_str("</tr></thead><tbody>\n");
        for row in &section.rows {
            out.push_str("<tr>");
            row.iter().for_each(|cell| out.push_str(&place(cell)));
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
    }
    out.push_str("</section>\n");
}

/// A rate's counts stand in a line of their own, the text stays that of every format.
fn place(cell: &Cell) -> String {
    let text = escaped(&cell.text());
    match cell {
        Cell::Rate(_) => match text.split_once(" (") {
            Some((rate, counts)) => {
                // So many of so many stand on one line, and the interval on one.
                let (many, interval) = counts.split_once("; ").unwrap_or((counts, ""));
                let counts = format!("<b>({many};</b> <b>{interval}</b>");
                format!("<td class=\"n\">{rate} <small>{counts}</small></td>")
            }
            None => format!("<td class=\"n\">{text}</td>"),
        },
        number if number.is_number() => format!("<td class=\"n\">{text}</td>"),
        _ if text.chars().count() > 40 => format!("<td class=\"t\">{text}</td>"),
        _ => format!("<td>{text}</td>"),
    }
}

fn picture(chart: &Chart, title: &str) -> String {
    match chart {
        Chart::Bars(bars) => bars_svg(bars, title),
        Chart::Week(hours) => week_svg(hours, title),
    }
}

/// Horizontal bars with their labels.
fn bars_svg(bars: &[(String, String, f64)], title: &str) -> String {
    let most = bars.iter().map(|bar| bar.2).fold(0.0, f64::max).max(1e-9);
    let mut rows = String::new();
    let mut y = 0;
    for (label, value, length) in bars {
        let width = if *length > 0.0 {
            (length / most * 240.0).max(1.0)
        } else {
            0.0
        };
        rows.push_str(&format!(
            "<text x=\"0\" y=\"{}\">{}</text><rect class=\"g\" x=\"100\" y=\"{}\" width=\"240\" height=\"16\" rx=\"3\"/>\
             <rect class=\"b\" x=\"100\" y=\"{}\" width=\"{width:.1}\" height=\"16\" rx=\"3\"/>\
             <text x=\"348\" y=\"{}\" class=\"s\">{}</text>",
            y + 13,
            escaped(label),
            y + 1,
            y + 1,
            y + 13,
            escaped(value)
        ));
        y += 24;
    }
    format!(
        "<svg role=\"img\" aria-label=\"{}\" width=\"400\" viewBox=\"0 0 400 {y}\">{rows}</svg>\n",
        escaped(title)
    )
}

/// Seven days of hours, darker where more is earned.
fn week_svg(hours: &[f64], title: &str) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut rows = String::new();
    for (nth, value) in hours.iter().enumerate() {
        let (day, hour) = (nth / 24, nth % 24);
        rows.push_str(&format!(
            "<rect class=\"b\" x=\"{}\" y=\"{}\" width=\"19\" height=\"19\" rx=\"3\" fill-opacity=\"{:.2}\"/>",
            40 + hour * 21,
            18 + day * 21,
            0.08 + 0.92 * value.clamp(0.0, 1.0)
        ));
    }
    for (nth, day) in DAYS.iter().enumerate() {
        rows.push_str(&format!("<text x=\"0\" y=\"{}\">{day}</text>", 32 + nth * 21));
    }
    for hour in [0, 6, 9, 12, 15, 18, 21] {
        rows.push_str(&format!(
            "<text class=\"s\" x=\"{}\" y=\"11\">{hour:02}</text>",
            42 + hour * 21
        ));
    }
    format!(
        "<svg role=\"img\" aria-label=\"{}\" width=\"546\" viewBox=\"0 0 546 168\">{rows}</svg>\n",
        escaped(title)
    )
}

/// Text for between tags and for double-quoted attributes.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}
