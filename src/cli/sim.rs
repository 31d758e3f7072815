//! `cadence sim`: seeded worlds full of faults, and whether the promises hold in them.

use super::{Exit, Failure, Outcome, out};
use crate::world::sim::{self, Planted, Season, Size, Sizes, Stage, Tally, Verdict};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  cadence sim                        play a thousand worlds
  cadence sim --seeds 0..100000      play many more
  cadence sim --seeds 4711 --script  play one, and show the shortest script of its failure, if it fails
  cadence sim --seeds 0..500 --json  figures for a program

Each seed is a world: reps, prospects of every temper, attackers, a mailbox and a relay that fail in every phase, and a bot
that dies between any two of its steps, is restored from old backups, has its clock set and meets a second bot. The same
seed is the same world. Most worlds are small and restless (10 prospects, 21 days, up to 24 faults a day); one in 25 is
long (400 prospects, 200 days), since an enrollment that waits costs nothing and most cadence-days are waited. With --days
or --people all are of that one size, 45 days and 40 prospects unless said otherwise. It ends with 65 when somebody
got a mail twice or after a stop, when a stop was lost, or when any other promise did not hold, and names the seeds.";

/// Failures that are shown with their scripts.
const SHOWN: usize = 3;

/// Play worlds full of faults, and see whether the promises hold
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Which worlds: `A..B` without B, or one
    #[arg(long, value_name = "A..B", default_value = "0..1000", value_parser = seeds)]
    pub seeds: Range<u64>,
    /// Days of each world, before everything works again
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=400))]
    pub days: Option<u32>,
    /// The most prospects of a world
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=500))]
    pub people: Option<u16>,
    /// Threads [default: one for each core]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Figures as one JSON object, failures as one line each before it
    #[arg(long)]
    pub json: bool,
    /// Show the script of the first failures, as short as it can be made
    #[arg(long)]
    pub script: bool,
    /// Break something on purpose: M1, M2 …
    #[arg(long, value_name = "NUMBER", hide = true, value_parser = planted)]
    pub planted: Option<Planted>,
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let wrong = |_| format!("expected `A..B` or a number, got `{text}`");
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (from.parse().map_err(wrong)?, to.parse().map_err(wrong)?),
        None => {
            let one: u64 = text.parse().map_err(wrong)?;
            (one, one.saturating_add(1))
        }
    };
    if from >= to {
        return Err(format!("`{text}` names no world: A must be less than B"));
    }
    Ok(from..to)
}

fn planted(text: &str) -> Result<Planted, String> {
    let found = Planted::ALL.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    found.map(|(_, planted)| *planted).ok_or_else(|| {
        let names: Vec<&str> = Planted::ALL.iter().map(|(name, _)| *name).collect();
        format!("`{text}` cannot be planted; there are {}", names.join(", "))
    })
}

/// Plays the worlds.
pub fn sim(arguments: &Arguments) -> Outcome {
    let sizes = match (arguments.days, arguments.people) {
        (None, None) => Sizes::Mixed,
        (days, people) => Sizes::All(Size {
            days: days.unwrap_or(Size::USUAL.days),
            people: people.map_or(Size::USUAL.people, usize::from),
            ..Size::USUAL
        }),
    };
    let season = Season {
        seeds: arguments.seeds.clone(),
        sizes,
        planted: arguments.planted.unwrap_or_default(),
        until_failure: arguments.planted.is_some(),
        threads: arguments.threads,
    };
    let progress = progress(&season.seeds);
    #[allow(
        clippy::disallowed_methods,
        reason = "how long the machine takes is no part of any world"
    )]
    let began = Instant::now();
    let mut failed: Vec<Verdict> = Vec::new();
    let played = sim::play(&season, &mut |verdict| {
        progress.inc(1);
        if !verdict.violations.is_empty() {
            failed.push(verdict);
        }
    });
    let tally = played.map_err(|error| Failure::new(Exit::Later, error.to_string()))?;
    progress.finish_and_clear();
    let seconds = began.elapsed().as_secs_f64();
    failed.sort_by_key(|verdict| verdict.seed);
    let said = if arguments.json {
        as_json(&tally, &failed, seconds)
    } else {
        as_text(&tally, &failed, seconds)
    };
    out::say(&said)?;
    if arguments.script {
        for verdict in failed.iter().take(SHOWN) {
            show_script(verdict, sizes.of(verdict.seed), season.planted)?;
        }
    }
    Ok(if failed.is_empty() { Exit::Fine } else { Exit::Data })
}

fn show_script(verdict: &Verdict, size: Size, planted: Planted) -> Result<(), Failure> {
    let failure = |error: crate::world::WorldError| Failure::new(Exit::Later, error.to_string());
    let mut stage = Stage::new().map_err(failure)?;
    let Some((plan, short)) = stage.minimise(verdict.seed, size, planted).map_err(failure)? else {
        return Ok(());
    };
    let violations: String = short
        .violations
        .iter()
        .map(|violation| format!("  {violation}\n"))
        .collect();
    out::say(&format!("\n{plan}{violations}"))
}

/// A bar of worlds on a terminal, nothing otherwise.
fn progress(seeds: &Range<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(seeds.end - seeds.start);
    // The template is ours; a bar that looks different is no reason to stop.
    let style = ProgressStyle::with_template("world {pos} of {len} {wide_bar} {per_sec}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style)
}

fn as_json(tally: &Tally, failed: &[Verdict], seconds: f64) -> String {
    let lines = failed.iter().map(|verdict| {
        let violations = &verdict.violations;
        format!(
            "{}\n",
            json!({ "seed": verdict.seed, "trace": format!("{:016x}", verdict.trace), "violations": violations })
        )
    });
    let mut figures = json!(tally);
    if let Some(figures) = figures.as_object_mut() {
        figures.insert("seconds".to_owned(), json!((seconds * 10.0).round() / 10.0));
    }
    format!("{}{figures}\n", lines.collect::<String>())
}

fn as_text(tally: &Tally, failed: &[Verdict], seconds: f64) -> String {
    let mut text = String::new();
    for verdict in failed {
        text.push_str(&format!("seed {}:\n", verdict.seed));
        for violation in &verdict.violations {
            text.push_str(&format!("  {violation}\n"));
        }
    }
    if let Some(first) = failed.first() {
        let seed = first.seed;
        text.push_str(&format!(
            "\nSee one again, with its shortest script: cadence sim --seeds {seed} --script\n\n"
        ));
    }
    let Tally {
        worlds,
        cadence_days,
        faults,
        crashes,
        duplicates,
        sent_after_stop,
        lost_stops,
        backscatter,
        in_doubt,
        wakes,
        touches,
        notices,
        violations,
        by_kind,
    } = tally;
    text.push_str(&format!(
        "worlds           {worlds}\ncadence_days     {cadence_days}\nfaults           {faults}\ncrashes          {crashes}\n\
         duplicates       {duplicates}\nsent_after_stop  {sent_after_stop}\nlost_stops       {lost_stops}\nbackscatter      {backscatter}\n\
         in_doubt         {in_doubt}\nwakes            {wakes}\ntouches          {touches}\nnotices          {notices}\nviolations       {violations}\n\
         seconds          {seconds:.1}\n\nfaults by kind\n"
    ));
    for (kind, many) in by_kind {
        text.push_str(&format!("  {kind:<22} {many}\n"));
    }
    text
}
