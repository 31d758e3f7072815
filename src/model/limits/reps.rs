//! Bounds of what reps send and get.

use std::time::Duration;

/// Mails of one rep in 24 hours that are told that nothing of them was understood (reliability P16): people write fewer, and
/// two programs that answer each other come to an end.
pub const NOT_UNDERSTOOD: usize = 10;
/// Lines of a rep's mail that are read as commands.
pub const COMMAND_LINES: usize = 20;
/// Changes of reps by their own mails in one process: each keeps a few hundred bytes until it ends.
pub const REPS_CHANGED: usize = 10_000;
/// Answers to one rep in 24 hours to mails that begin with the same command: a person says the same thing no more often by a
/// mail each. What such mails order is done all the same, and the last answer says so.
pub const ANSWERS: usize = 10;
/// The same of mails that enroll somebody, whose receipts are more than answers: a rep may well name thirty people in a day.
pub const RECEIPTS: usize = 200;
/// Enrollments that one line may change: a commit of that size takes a second.
pub const ORDER_MANY: usize = 1_000;
/// Characters of a mail's id that the administrator writes at least, so that no slip means another mail.
pub const ID_LEAST: usize = 4;
/// Lines that `list` and `why Acme` show.
pub const LISTED: usize = 40;
/// Facts that `why` tells.
pub const WHY_FACTS: usize = 12;
/// People of one list: a fair's visitors, or what a rep calls in a quarter; more is a mailing, which this is not.
pub const LIST_ROWS: usize = 500;
/// Columns of a list that are read; exports of CRMs have up to 50.
pub const LIST_COLUMNS: usize = 60;
/// Characters of a heading that may be a word of its own.
pub const LIST_HEADING: usize = 40;
/// Lines looked at to find out what a column holds.
pub const LIST_LOOKED: usize = 50;
/// For how long what was asked back may be confirmed: over a holiday, and not when nobody remembers what it was.
pub const PROPOSAL_LIVES: Duration = Duration::from_secs(7 * 24 * 3600);
/// People of a confirmed list from which on the rep is told at once that it is being worked on.
pub const LIST_LONG: usize = 100;
/// People whom one question names; the rest is counted, and all stand in the enclosed file.
pub const LIST_SHOWN: usize = 20;
/// Choices that an answer offers with a tap each.
pub const OFFERS: usize = 3;
/// Codes given up that are still known as somebody's, so that who uses one is told kindly.
pub const CODES_REMEMBERED: u32 = 50;
/// Mails by a code that was given up, of one rep in 24 hours, that are answered.
pub const OLD_CODES_TOLD: usize = 1;
/// Alerts of one kind that a rep gets one by one within [`ALERTS_WITHIN`]; what comes on top is gathered into one mail.
pub const ALERTS_SINGLE: usize = 3;
/// See [`ALERTS_SINGLE`]; and the longest that what is gathered waits.
pub const ALERTS_WITHIN: Duration = Duration::from_secs(10 * 60);
/// What is gathered is told once no more of it came for so long.
pub const ALERTS_QUIET: Duration = Duration::from_secs(2 * 60);
/// Lines of a mail with gathered alerts; the rest is counted.
pub const ALERTS_LISTED: usize = 100;
