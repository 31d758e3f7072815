//! Every `[[benchmark]]`: a company's own ranges in the place of the shipped ones.

use super::read::Section;
use super::sections::top_keys;
use crate::model::limits;
use crate::report::{Benchmark, benchmarks};

/// Every `[[benchmark]]`. What a row leaves out is as shipped for its kind.
pub(super) fn own(top: &Section<'_, '_>) -> Vec<Benchmark> {
    let sections = top.sections("benchmark");
    let shipped = benchmarks(&[]);
    let mut rows = Vec::new();
    for section in sections.into_iter().take(limits::LIST) {
        let kind = section.need("kind", "the kind of a cadence: \"cold\"");
        let known = |kind: &str| -> Result<Benchmark, String> {
            let found = shipped.iter().find(|row| row.kind == kind);
            found.cloned().ok_or_else(|| {
                let kinds: Vec<&str> = shipped.iter().map(|row| row.kind.as_str()).collect();
                format!("there is no such row; there are {}", kinds.join(", "))
            })
        };
        let row = section.parsed(kind, known).map(|found| found.value);
        let percent = |key| range(&section, key, 10);
        let whole = |key| range(&section, key, 1);
        let (reply, connect, meeting) = (percent("reply"), percent("connect"), percent("meeting"));
        let (open, touches, days) = (percent("open"), whole("touches"), whole("days"));
        section.finish(top_keys());
        rows.extend(row.map(|row| Benchmark {
            touches: touches.unwrap_or(row.touches),
            days: days.unwrap_or(row.days),
            open: open.unwrap_or(row.open),
            reply: reply.unwrap_or(row.reply),
            connect: connect.unwrap_or(row.connect),
            meeting: meeting.unwrap_or(row.meeting),
            kind: row.kind,
            source: "your own",
        }));
    }
    rows
}

/// `"3-8"`, in parts of `parts` to one.
fn range(section: &Section<'_, '_>, key: &'static str, parts: u32) -> Option<(u32, u32)> {
    let read = |text: &str| {
        let expected = || format!("expected a range such as \"3-8\", found `{text}`");
        let (low, high) = text.split_once(['-', '–']).ok_or_else(expected)?;
        let number = |text: &str| tenths(text.trim(), parts).ok_or_else(expected);
        let (low, high) = (number(low)?, number(high)?);
        if low <= high { Ok((low, high)) } else { Err(expected()) }
    };
    section.parsed(section.text(key), read).map(|found| found.value)
}

/// `8`, or `2.5` where tenths are told apart; at most 1000.
fn tenths(text: &str, parts: u32) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 1_000)?;
    let rest: u32 = match rest {
        "" => 0,
        rest if parts == 10 && rest.len() == 1 => rest.parse().ok()?,
        _ => return None,
    };
    Some(whole * parts + rest)
}
