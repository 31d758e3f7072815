//! Bounds of digests: a rep with 400 prospects reads one in two minutes, and Gmail shows it whole.

use std::time::Duration;

/// Tasks shown in one digest; the rest is counted. At ten minutes each they are five hours: more is no plan for a day.
pub const DIGEST_TASKS: usize = 30;
/// Names on one line of a digest; the rest is counted.
pub const DIGEST_NAMES: usize = 6;
/// Mails that go out today, a line each; the rest is named on one line.
pub const DIGEST_MAILS: usize = 25;
/// Lines of what happened; plain sendings and enrollments are one line each however many they are.
pub const DIGEST_NEWS: usize = 15;
/// Lines of what waits for the rep; the rest is named on one line.
pub const DIGEST_NEEDS: usize = 15;
/// Bytes of a digest's HTML. Gmail shows 102,400 of a mail and hides the rest behind a link.
pub const DIGEST_HTML: usize = 100_000;
/// To how many lines a section, and how many bytes a script, a digest is cut when it is larger than [`DIGEST_HTML`] or a
/// letter, one after the other. The last of them fits whatever stands in it.
pub const DIGEST_SHORTER: [(usize, usize); 8] = [
    (30, SCRIPT_SHORTER),
    (30, 1_000),
    (30, 700),
    (20, 1_000),
    (15, 800),
    (10, 800),
    (5, 600),
    (3, 400),
];
/// Bytes of a script in a digest that was cut: a minute and a half of talk; a usual script is shorter.
const SCRIPT_SHORTER: usize = 1_800;
/// Open tasks, due mails and pauses looked at for one digest.
pub const DIGEST_OPEN: usize = 2_000;
/// Facts looked at for one digest.
pub const DIGEST_FACTS: usize = 5_000;
/// Business days that a digest's figures show: a week.
pub const DIGEST_WEEK: usize = 5;
/// How far back a digest's figures reach: [`DIGEST_WEEK`] business days and holidays between them.
pub const DIGEST_LATELY: Duration = Duration::from_secs(14 * 24 * 3600);
/// Problems told of one text of the bot's that an organisation replaced.
pub const PROBLEMS_SHOWN: usize = 20;
