//! Bounds of reports.

/// Characters of a source or persona in the numbers; longer ones are texts and no labels.
pub const LABEL: usize = 40;
/// Facts counted in one portion when somebody waits for the numbers: a month of a large team, 100 MB of memory at most.
pub const TALLY_PORTION: usize = 50_000;
/// Facts counted in one round of a running bot: a write transaction of some ten milliseconds.
pub const TALLY_ROUND: usize = 1_000;
/// Recommendations in one report: more are a list that nobody works off.
pub const ADVICE: usize = 12;
/// Rows a section of a report by mail may have, tried in this order until the mail is small enough: few read more, and
/// `cadence report` has all.
pub const REPORT_ROWS: [usize; 4] = [40, 20, 8, 3];
/// Bytes of HTML that a report by mail may have: Gmail cuts a mail off at 102 KB.
pub const REPORT_HTML: usize = 95_000;
/// The highest minimum of sends that anybody means.
pub const MINIMUM_MOST: i64 = 1_000_000;
/// Reports that a process remembers as settled; when there are more it asks the database again.
pub const REPORTS_KNOWN: usize = 20_000;
/// Months that a report compares: a year and the month a year ago.
pub const REPORT_MONTHS: i64 = 13;
/// Enrollments read at once for a list: some hundred kilobytes.
pub const EXPORT_PORTION: usize = 500;
