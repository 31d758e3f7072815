//! Bounds of reports.

/// Characters of a source or persona in the numbers; longer ones are texts and no labels.
pub const LABEL: usize = 40;
/// Facts counted in one portion when somebody waits for the numbers: a month of a large team, 100 MB of memory at most.
pub const TALLY_PORTION: usize = 50_000;
/// Facts counted in one round of a running bot: a write transaction of some ten milliseconds.
pub const TALLY_ROUND: usize = 1_000;
/// Recommendations in one report: more are a list that nobody works off.
pub const ADVICE: usize = 12;
/// Months that a report compares: a year and the month a year ago.
pub const REPORT_MONTHS: i64 = 13;
/// Enrollments read at once for a list: some hundred kilobytes.
pub const EXPORT_PORTION: usize = 500;
