//! Bounds of reports.

/// Characters of a source or persona in the numbers; longer ones are texts and no labels.
pub const LABEL: usize = 40;
/// Facts counted in one portion when somebody waits for the numbers: some ten megabytes of memory, however many there are.
pub const TALLY_PORTION: usize = 10_000;
/// Facts counted in one round of a running bot: a write transaction of some ten milliseconds.
pub const TALLY_ROUND: usize = 1_000;
/// Companies looked at for answers of colleagues, for one digest.
pub const HEAT_COMPANIES: usize = 200;
/// People looked at in one of them.
pub const HEAT_PEOPLE: usize = 50;
/// Months of outcomes that scores learn from.
pub const HEAT_MONTHS: i64 = 12;
/// Recommendations in one report: more are a list that nobody works off.
pub const ADVICE: usize = 12;
/// Rows a section of a report by mail may have, tried in this order until the mail is small enough: few read more, and
/// `cadence report` has all.
pub const REPORT_ROWS: [usize; 4] = [40, 20, 8, 3];
/// Bytes of HTML that a report by mail may have: Gmail cuts a mail off at 102 KB.
pub const REPORT_HTML: usize = 95_000;
/// Seeds tried for one that gets a certain wording; of ten wordings, one in 10^11 draws finds none.
pub const SEEDS: i64 = 256;
/// What tests may have dealt to one enrollment: each step may have one test, and a cadence few of whole steps.
pub const DEALT: usize = 200;
/// Words about tests that are read: years of a large team's.
pub const PROMOTIONS: usize = 10_000;
/// Mails of the last year below which no hour is learned: some ten an hour.
pub const HOURS_LEAST: i64 = 200;
/// How old the figures may be by which wordings are assigned.
pub const TRIALS_AGAIN: std::time::Duration = std::time::Duration::from_secs(3600);
/// The highest minimum of sends that anybody means.
pub const MINIMUM_MOST: i64 = 1_000_000;
/// Reports that a process remembers as settled; when there are more it asks the database again.
pub const REPORTS_KNOWN: usize = 20_000;
/// Reps and cadences that a team's digest lists; the rest is counted.
pub const TEAM_LISTED: usize = 40;
/// Days of numbers that say whether a cadence is at risk, today besides.
pub const TEAM_DAYS: i64 = 29;
/// People below whom no share says that a cadence is at risk.
pub const TEAM_LEAST: i64 = 20;
/// Dead addresses in a hundred from which on a cadence is at risk: three fifths of what trips the breaker.
pub const TEAM_BOUNCED_OF_100: i64 = 3;
/// Opt-outs in a hundred from which on a cadence is at risk.
pub const TEAM_OPTED_OUT_OF_100: i64 = 2;
/// How old the numbers of a digest may be: a thousand digests of one morning are counted for once.
pub const NUMBERS_AGAIN: std::time::Duration = std::time::Duration::from_secs(5 * 60);
/// Lines of numbers in a digest: people, mails, answers, interest, meetings.
pub const DIGEST_NUMBERS: usize = 5;
/// Months that a report compares: a year and the month a year ago.
pub const REPORT_MONTHS: i64 = 13;
/// Enrollments read at once for a list: some hundred kilobytes.
pub const EXPORT_PORTION: usize = 500;
