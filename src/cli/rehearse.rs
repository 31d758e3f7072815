//! `cadence rehearse`: what a cadence asks of a team, before anybody is enrolled.

use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::config::Config;
use crate::model::{CadenceName, Cell, Hours, Pace};
use crate::report;
use crate::world::rehearse::{self, Options, Rehearsal, day_number};
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cadence rehearse outbound
  cadence rehearse fair --in drafts --prospects 500 --reps 3 --over 10 --reply-rate 0.15

It plays the engine on a clock of its own, in memory: nothing is sent and nobody is enrolled. Hours and pace are those of the
configuration, if there is one. It ends with 65 when somebody got a mail twice or after a stop, which would be a defect.";

/// Play a cadence against scripted prospects: mails and tasks a day, and how it ends
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The cadence
    #[arg(value_name = "NAME")]
    pub name: String,
    /// How many prospects are enrolled
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub prospects: u32,
    /// How many reps enroll them
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub reps: u32,
    /// Over how many business days they are enrolled
    #[arg(long, value_name = "DAYS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=60))]
    pub over: u32,
    /// Which share of them answers, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub reply_rate: f64,
    /// Another seed is another rehearsal
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Leave the report of it there, as a page: the funnel, the load, and what the scores of calls were worth
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// The folder of cadences [default: the configured one]
    #[arg(long = "in", value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// Plays, and prints what came of it.
pub async fn rehearse(shared: &Shared, arguments: &Arguments) -> Outcome {
    let usage = |what: String| Failure::new(Exit::Usage, what);
    let name = CadenceName::parse(&arguments.name).map_err(usage)?;
    if !(0.0..=1.0).contains(&arguments.reply_rate) {
        return Err(usage(
            "--reply-rate is a share from 0 to 1: 0.1 is one in ten".to_owned(),
        ));
    }
    let configured = shared.config.is_some() || shared.config_file().exists();
    let config = configured.then(|| Config::load(shared.config_file())).transpose()?;
    let folder = arguments.folder.clone();
    let folder = folder.or_else(|| config.as_ref().and_then(|config| config.cadences.clone()));
    let library = open::sound_library(folder.as_deref())?;
    let known: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
    if library.cadence(&name).is_none() {
        let what = format!("there is no cadence \"{name}\"; there are {}", known.join(", "));
        return Err(usage(what));
    }
    let (hours, pace) = config.map_or_else(|| (Hours::usual(), Pace::USUAL), |config| (config.hours, config.pace));
    let options = Options {
        library,
        cadence: name.clone(),
        prospects: arguments.prospects as usize,
        reps: arguments.reps as usize,
        over: arguments.over as usize,
        reply_rate: arguments.reply_rate,
        hours,
        pace,
        seed: arguments.seed,
    };
    let bar = progress();
    let passed = |day: u64, of: u64| {
        bar.set_length(of);
        bar.set_position(day);
    };
    let rehearsal = rehearse::play(options, passed)
        .await
        .map_err(|error| Failure::new(Exit::Later, error.to_string()))?;
    bar.finish_and_clear();
    if let (Some(file), Some(report)) = (&arguments.report, &rehearsal.report) {
        std::fs::write(file, report::html(report)).map_err(|error| {
            let what = format!("{} cannot be written: {error}; name another file", file.display());
            Failure::new(Exit::Later, what)
        })?;
    }
    out::say(&told(&name, arguments, &rehearsal))?;
    Ok(if rehearsal.wrong == 0 { Exit::Fine } else { Exit::Data })
}

/// A bar of the days, where somebody looks on.
fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} day {pos} of {len} ({elapsed})");
    ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn told(name: &CadenceName, arguments: &Arguments, rehearsal: &Rehearsal) -> String {
    let mut text = format!(
        "{name}: {} prospects, {} rep(s), enrolled over {} business days; {:.0} in 100 answer\n\n day  date        mails  tasks  most for one rep\n",
        arguments.prospects,
        arguments.reps,
        arguments.over,
        arguments.reply_rate * 100.0
    );
    for (date, load) in &rehearsal.days {
        let day = date.strftime("%a %-d %b").to_string();
        let _ = writeln!(
            text,
            "{:>4}  {day:<10}  {:>5}  {:>5}  {:>5}",
            day_number(*date),
            load.mails,
            load.tasks,
            load.busiest
        );
    }
    let sum = |count: fn(&rehearse::Load) -> usize| rehearsal.days.values().map(count).sum::<usize>();
    let _ = writeln!(
        text,
        "\n{} mails and {} tasks; {} touches left out",
        sum(|load| load.mails),
        sum(|load| load.tasks),
        rehearsal.left_out
    );
    for (rep, tasks) in &rehearsal.tasks {
        let _ = writeln!(text, "{rep}: {tasks} tasks");
    }
    text.push_str("\nends:\n");
    for (how, many) in &rehearsal.ends {
        let _ = writeln!(text, "{many:>5}  {how}");
    }
    if !rehearsal.wordings.is_empty() {
        text.push_str("\nwordings sent:\n");
    }
    for ((step, letter), many) in &rehearsal.wordings {
        let _ = writeln!(text, "{many:>5}  touch {step}, {letter}");
    }
    let report = rehearsal.report.as_ref();
    let scores = report.and_then(|report| report.sections.iter().find(|section| section.id == "score"));
    if let Some(section) = scores.filter(|section| !section.rows.is_empty()) {
        text.push_str("\nwhat the scores of touches by hand were worth (met afterwards):\n");
        for row in &section.rows {
            let cells: Vec<String> = row.iter().map(Cell::text).collect();
            let _ = writeln!(text, "  {}", cells.join("  "));
        }
    }
    let _ = writeln!(text, "\nSent twice or after a stop: {}.", rehearsal.wrong);
    text
}
