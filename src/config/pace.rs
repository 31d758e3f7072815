//! `[pace]`: how fast mail touches go out.

use super::read::Section;
use super::sections::top_keys;
use crate::model::{Pace, limits};
use std::time::Duration;

/// A week; nobody means more.
const MOST: u64 = 7 * 24 * 3600;

/// `[pace]`. A cap over [`limits::TOUCHES_TAKEN`] is none.
pub(super) fn pace(top: &Section<'_, '_>) -> Pace {
    let section = top.section("pace");
    let usual = Pace::USUAL;
    let cap = cap(&section, "daily_cap").unwrap_or(usual.daily_cap);
    let ramp_from = number(&section, "ramp_from", 1).unwrap_or(usual.ramp_from);
    let ramp_by = number(&section, "ramp_by", 0).unwrap_or(usual.ramp_by);
    let gap = section.section("gap");
    let from = time(&gap, "from").unwrap_or(usual.gap_from);
    let to = time(&gap, "to").unwrap_or(usual.gap_to.max(from));
    if from > to {
        gap.wrong(&gap.head("to"), "expected a time of at least `from`");
    }
    gap.finish(top_keys());
    let pace = Pace {
        daily_cap: cap,
        ramp_from,
        ramp_by,
        gap_from: from,
        gap_to: to,
        domain_gap: time(&section, "domain_gap").unwrap_or(usual.domain_gap),
        person_spacing: time(&section, "person_spacing").unwrap_or(usual.person_spacing),
    };
    section.finish(top_keys());
    pace
}

/// A cap of mails in 24 hours.
pub(super) fn cap(section: &Section<'_, '_>, key: &'static str) -> Option<u32> {
    number(section, key, 1)
}

fn number(section: &Section<'_, '_>, key: &'static str, least: i64) -> Option<u32> {
    let found = section.number(key, least, limits::CAP)?;
    u32::try_from(found.value).ok()
}

/// Seconds as a number, or a text with its unit.
fn time(section: &Section<'_, '_>, key: &'static str) -> Option<Duration> {
    let found = section.text_or_number(key, "a time such as \"90s\", \"7m\" or \"24h\", or a number of seconds");
    section.parsed(found, span).map(|found| found.value)
}

/// `90`, `90s`, `7m`, `24h`.
fn span(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let (number, unit) = match text.chars().last() {
        Some('h') => (text.trim_end_matches('h'), 3600),
        Some('m') => (text.trim_end_matches('m'), 60),
        Some('s') => (text.trim_end_matches('s'), 1),
        _ => (text, 1),
    };
    let number: Option<u64> = number.trim().parse().ok();
    let seconds = number.and_then(|number| number.checked_mul(unit));
    seconds
        .filter(|seconds| *seconds <= MOST)
        .map(Duration::from_secs)
        .ok_or_else(|| "expected a time of at most a week such as \"90s\", \"7m\" or \"24h\"".to_owned())
}
