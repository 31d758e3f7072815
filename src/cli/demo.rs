//! `cadence demo`: weeks of a small team in seconds.

use super::{Exit, Failure, Outcome, out};
use crate::world::demo::{self, DAYS, Options};
use crate::world::{Line, Summary};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use std::io::IsTerminal;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cadence demo
  cadence demo --out /tmp/demo --seed 7

It leaves the mailboxes, every digest and every report by mail as .eml and .html, report.html, timeline.txt, summary.json and the database. It
ends with 65 when somebody got a mail twice or after a stop, which would be a defect.";

const OPENING: &str = "\
Ana in Lisbon, Ben in Berlin and Cho in New York write to 24 people, each with the bot in BCC. Their digests come at 08:00
by their own clocks; the times here are UTC. What a rep does, what the bot does, and to whom it writes:

";

/// Watch a small team's weeks in seconds, on the real engine, with no set-up
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The folder to leave everything in
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    pub out: PathBuf,
    /// Another seed is another story; the same seed is the same story
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// Plays the demo, telling the story as it happens.
pub async fn demo(arguments: &Arguments) -> Outcome {
    let options = Options {
        out: arguments.out.clone(),
        seed: arguments.seed,
    };
    demo::make_room(&options.out).map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    out::say(OPENING)?;
    let progress = progress();
    let begin = demo::begin();
    let mut unsaid = None;
    let mut tell = |line: &Line| {
        if let Some(begin) = begin {
            progress.set_position(days_since(begin, line.at));
        }
        let said = progress.suspend(|| out::say(&format!("{line}\n")));
        unsaid = unsaid.take().or(said.err());
    };
    let summary = demo::play(&options, &mut tell)
        .await
        .map_err(|error| Failure::new(Exit::Later, error.to_string()))?;
    progress.finish_and_clear();
    if let Some(failure) = unsaid {
        return Err(failure);
    }
    out::say(&ending(arguments, &summary))?;
    let sound = summary.duplicates == 0 && summary.sent_after_stop == 0;
    Ok(if sound { Exit::Fine } else { Exit::Data })
}

/// A bar of days on a terminal, nothing otherwise.
fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(DAYS).unwrap_or(0));
    // The template is ours and a test draws it; a bar that looks different is no reason to stop.
    let style = ProgressStyle::with_template("day {pos:>2} of {len} {wide_bar}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style)
}

fn days_since(begin: Timestamp, at: Timestamp) -> u64 {
    let passed: SignedDuration = at.duration_since(begin);
    u64::try_from(passed.as_hours() / 24).unwrap_or(0)
}

fn ending(arguments: &Arguments, summary: &Summary) -> String {
    let Summary {
        days,
        enrolled,
        sent,
        replies,
        bounces,
        opt_outs,
        auto_replies,
        tasks_logged,
        digests,
        duplicates,
        sent_after_stop,
    } = summary;
    let folder = arguments.out.display();
    format!(
        "
{days} days: {enrolled} enrolled, {sent} mails sent, {replies} replies, {bounces} bounces, {opt_outs} opt-outs, {auto_replies} out-of-office notices,
{tasks_logged} calls and social touches logged, {digests} digests. Sent twice: {duplicates}. Sent after a stop: {sent_after_stop}.

Open next:
  {folder}/digests/             each rep's mornings, as .html for a browser and .eml for a mail program
  {folder}/report.html          what was earned, with charts
  {folder}/mail/                every mailbox, as Maildir (mutt -f {folder}/mail/ana@corp.test)
  {folder}/timeline.txt         the story above
  {folder}/summary.json         the figures

Connect a real mailbox:
  cadence config-example > cadence.toml    and fill in mailbox, relay and reps
  cadence check                            says what works, and how to mend what does not
  cadence run
"
    )
}
