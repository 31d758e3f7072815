//! `cadence report`: the numbers of a time, as text, page, sheet or JSON, and lists for a CRM.

mod export;
mod json;

use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::report::{self, Asked};
use crate::service;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const EXAMPLES: &str = "\
Examples:
  cadence report                                     the last 30 days, as text
  cadence report --since 2026-03-01 --until 2026-03-31 --cadence outbound
  cadence report --rep ana@example.com --format html --out ana.html
  cadence report --format html --open                in a browser
  cadence report --format csv > march.csv            for a spreadsheet; no field is a formula
  cadence report --export touches > touches.csv      every touch that was made, for a CRM
  cadence report --export outcomes > outcomes.csv    how every enrollment ended, for a CRM

Days are UTC. The page needs nothing but itself: send it on, print it, keep it.";

/// Show what was sent, what came back, and what to change
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// This cadence alone
    #[arg(long, value_name = "NAME")]
    pub cadence: Option<String>,
    /// This rep alone
    #[arg(long, value_name = "ADDRESS")]
    pub rep: Option<String>,
    /// The first day [default: 30 days before the last]
    #[arg(long, value_name = "DATE")]
    pub since: Option<Date>,
    /// The last day [default: today]
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// How it looks
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write it here and not to stdout
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Show it in a browser; implies --format html
    #[arg(long)]
    pub open: bool,
    /// A list for a CRM, as CSV, in the place of the report
    #[arg(long, value_enum, value_name = "WHAT")]
    pub export: Option<Export>,
    /// Sends of a wording, or people of a comparison, below which nothing is judged [default: as configured]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    pub minimum: Option<i64>,
}

/// How a report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Tables for a terminal
    Text,
    /// One page with charts
    Html,
    /// One line a number
    Csv,
    /// One object
    Json,
}

/// What is listed for a CRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Export {
    /// Every touch that was made
    Touches,
    /// How every enrollment stands or ended
    Outcomes,
}

/// Prints or writes it.
pub async fn report(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let library = open::library(&config)?;
    let store = open::existing_store(&config).await?;
    let asked = asked(
        arguments,
        config.reports.minimum,
        Clock::System.now().to_zoned(TimeZone::UTC).date(),
    )?;
    if let Some(what) = arguments.export {
        return export::export(&store, &asked, what, arguments.out.as_deref()).await;
    }
    let made = service::report::of(&store, &library, &config.benchmarks, &asked).await;
    let made = made.map_err(|error| open::store_failure(&error))?;
    let format = if arguments.open { Format::Html } else { arguments.format };
    let text = match format {
        Format::Text => report::text(&made),
        Format::Html => report::html(&made),
        Format::Csv => report::csv(&made),
        Format::Json => json::text(&made),
    };
    let page = PathBuf::from("report.html");
    let to = arguments.out.clone().or_else(|| arguments.open.then_some(page));
    match to {
        Some(path) => {
            std::fs::write(&path, text).map_err(|error| Failure::file(&path, "written", &error))?;
            if arguments.open {
                show(&path)?;
            }
            out::say(&format!("{}\n", path.display()))?;
        }
        None if format == Format::Text => out::say(&text)?,
        None => out::put(text.as_bytes())?,
    }
    Ok(Exit::Fine)
}

fn asked(arguments: &Arguments, usual: i64, today: Date) -> Result<Asked, Failure> {
    let to = arguments.until.unwrap_or(today);
    let from = arguments.since.unwrap_or_else(|| to.saturating_sub(29.days()));
    if from > to {
        return Err(Failure::new(
            Exit::Usage,
            format!("--since {from} lies behind --until {to}: exchange them"),
        ));
    }
    Ok(Asked {
        from,
        to,
        cadence: arguments.cadence.clone(),
        rep: arguments.rep.as_ref().map(|rep| rep.trim().to_lowercase()),
        minimum: arguments.minimum.unwrap_or(usual),
    })
}

/// Hands the page to whatever the desk opens pages with.
fn show(path: &std::path::Path) -> Result<(), Failure> {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(opener)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    started.map(drop).map_err(|error| {
        let why = format!(
            "{} is written, and `{opener}` could not show it: {error}; open it yourself",
            path.display()
        );
        Failure::new(Exit::Later, why)
    })
}
