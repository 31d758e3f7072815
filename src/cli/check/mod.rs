//! `cadence check`: is everything in place? Each finding comes with its evidence and its fix. Nothing is changed, but that
//! `check auth` sends two mails to the bot itself.

mod auth;
mod finding;
mod house;
mod servers;

use super::{Exit, Outcome, Shared, out};
use crate::config::Config;
use clap::Subcommand;
use finding::{Finding, Level};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  cadence check
  cadence --config /etc/cadence/cadence.toml check --json
  cadence check auth

It ends with 0 when nothing failed; a warning is no failure. It reads, connects and logs in, and changes nothing.
`check auth` sends two mails in a rep's name through the relay to the bot itself, waits for them, and says what your servers
write about them and what belongs into [trust].";

/// Check configuration, key, database, cadences, mailboxes and relay
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// One JSON object a finding and line
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub what: Option<What>,
}

/// What else may be checked.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Send probe mails, and say whose word about a sender can be trusted
    #[command(after_help = auth::EXAMPLES)]
    Auth(auth::Arguments),
}

/// Checks everything that can be checked, also after something has failed, and prints each finding at once.
pub async fn check(shared: &Shared, arguments: &Arguments) -> Outcome {
    let mut report = Report {
        json: arguments.json,
        worst: Exit::Fine,
    };
    let config = match Config::load_ready(shared.config_file()) {
        Ok(config) => config,
        Err(error) => {
            for problem in error.to_string().lines() {
                report.add(&[Finding::fail("config", Exit::Config, problem, "correct this line")])?;
            }
            return Ok(report.worst);
        }
    };
    report.add(&[house::config(&config, shared.config_file())])?;
    if let Some(What::Auth(arguments)) = &arguments.what {
        report.add(&auth::auth(&config, arguments).await?)?;
        return Ok(report.worst);
    }
    let (bot, findings) = house::key(&config);
    report.add(&findings)?;
    report.add(&[house::data(&config)])?;
    report.add(&[house::database(&config).await])?;
    report.add(&house::cadences(&config, bot.as_ref()))?;
    report.add(&servers::mailbox(&config).await)?;
    for watch in &config.watches {
        report.add(&servers::watched(watch).await)?;
    }
    report.add(&servers::relay(&config).await)?;
    Ok(report.worst)
}

struct Report {
    json: bool,
    worst: Exit,
}

impl Report {
    fn add(&mut self, findings: &[Finding]) -> Result<(), super::Failure> {
        for finding in findings {
            if finding.level == Level::Fail && self.worst == Exit::Fine {
                self.worst = finding.exit;
            }
            out::say(&if self.json { line(finding) } else { finding.to_string() })?;
        }
        Ok(())
    }
}

fn line(finding: &Finding) -> String {
    let object = json!({
        "level": finding.level.word(),
        "what": finding.what,
        "evidence": finding.evidence,
        "fix": finding.fix,
    });
    format!("{object}\n")
}
