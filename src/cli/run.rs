//! `cadence run`: the bot.

use super::{Exit, Failure, Outcome, Shared, open};
use crate::clock::Clock;
use crate::service::{Bot, doors, pulse};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::info;

const EXAMPLES: &str = "\
Examples:
  cadence run
  cadence --config /etc/cadence/cadence.toml --log-format json run

It runs until SIGTERM or Ctrl-C, finishes what it has begun, and ends with 0.

A server that is away, a login that is refused, a full disk or a locked database do not end it: it says so once on stderr,
sends nothing that it could not take back, tries again ever more slowly, and says when all is well. A refused login is tried
three times, then once an hour, so that no account is locked: put it right and start the bot again.
It ends with 73 when another instance runs on the same database, with 75, 77 or 78 when it cannot begin.";

/// Run the bot
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {}

/// Opens everything and serves until told to stop.
pub async fn run(shared: &Shared) -> Outcome {
    let stop = told_to_stop()?;
    // The lock is held until the process ends, so that there is never a second bot on this database.
    let open::Opened {
        config,
        bot,
        library,
        store,
        lock: _lock,
    } = open::house(shared.config_file()).await?;
    let mut inbox = doors::inbox(&config.mailbox).map_err(|why| Failure::new(Exit::Config, why))?;
    let outbox = doors::outbox(&config.relay).map_err(|why| Failure::new(Exit::Config, why))?;
    let keys = doors::keys(&config.trust).map_err(|why| Failure::new(Exit::Config, why))?;
    let house = doors::house(config, bot, library).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(open::problem_line).collect();
        Failure::new(Exit::Config, lines.join("\n"))
    })?;
    let mut bot = Bot::new(house, store, outbox, Clock::System);
    bot.keys = keys;
    info!(reps = bot.house.reps.len(), "ready");
    pulse::pulse(&bot, &mut inbox, stop)
        .await
        .map_err(|error| open::store_failure(&error))?;
    bot.outbox.close().await;
    info!("stopped");
    Ok(Exit::Fine)
}

/// Turns `true` at SIGTERM or Ctrl-C.
fn told_to_stop() -> Result<watch::Receiver<bool>, Failure> {
    let wrong = |error| Failure::new(Exit::Later, format!("signals cannot be heard: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(wrong)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(wrong)?;
    let (tell, stop) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        info!("told to stop; finishing what was begun");
        // Nobody listens any more when the bot has stopped by itself.
        let _ = tell.send(true);
    });
    Ok(stop)
}
