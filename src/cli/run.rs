//! `cadence run`: the bot.

use super::{Exit, Failure, Outcome, Shared, open};
use crate::clock::{self, Clock};
use crate::service::report_mail::Reports;
use crate::service::{Bot, Keeper, doors, pulse};
use crate::store::host_name;
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{info, warn};

const EXAMPLES: &str = "\
Examples:
  cadence run
  cadence --config /etc/cadence/cadence.toml --log-format json run

It runs until SIGTERM or Ctrl-C and ends with 0: at once when nothing is on its way, else when the relay has answered, which it
waits for up to 120 s (systemd: TimeoutStopSec=150). A second SIGTERM or Ctrl-C ends it at once, with 75.

One bot works in a mailbox. By a note in its folder Cadence/Lease a second one, on another host or with a copied database,
notices the first: it stands by, sends nothing, says who has the mailbox (`status`), and takes over when that one is gone.

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
    let watches = doors::watches(&config).map_err(|why| Failure::new(Exit::Config, why))?;
    let keys = doors::keys(&config.trust).map_err(|why| Failure::new(Exit::Config, why))?;
    let database = config.bot.database();
    let reports = Reports::new(config.reports.clone(), config.benchmarks.clone());
    let texts = open::texts(&config)?;
    let house = doors::house(config, bot, library, texts);
    let keeper = keeper(&database)?;
    let mut bot = Bot::new(house, store, outbox, Clock::System).with_lease(keeper);
    bot.keys = keys;
    bot.reports = reports;
    info!(reps = bot.house.reps.len(), "ready");
    tokio::select! {
        served = pulse::pulse_watching(&bot, &mut inbox, watches, stop.once) => served.map_err(|error| open::store_failure(&error))?,
        () = told_again(stop.twice) => {
            warn!("told to stop again; what was on its way is in doubt at the next start");
            return Ok(Exit::Later);
        }
    }
    bot.outbox.close().await;
    if let Err(error) = bot.store.checkpoint().await {
        // Nothing is lost: the next start reads it from the log.
        info!(%error, "the write-ahead log stays");
    }
    info!("stopped");
    Ok(Exit::Fine)
}

/// Who this process is to other bots on the same mailbox.
fn keeper(database: &Path) -> Result<Keeper, Failure> {
    let bytes = clock::secret_bytes();
    let bytes = bytes.map_err(|error| Failure::new(Exit::Later, format!("no name could be drawn: {error}")))?;
    let run = bytes
        .iter()
        .take(8)
        .fold(String::new(), |name, byte| format!("{name}{byte:02x}"));
    let database = database.canonicalize().unwrap_or_else(|_| database.to_owned());
    Ok(Keeper::new(format!("{} {}", host_name(), database.display()), run))
}

/// The word to stop, and the word to stop at once.
struct Stop {
    once: watch::Receiver<bool>,
    twice: watch::Receiver<bool>,
}

async fn told_again(mut twice: watch::Receiver<bool>) {
    if twice.wait_for(|twice| *twice).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Each turns `true` at SIGTERM or Ctrl-C: the first at the first, the second at the second.
fn told_to_stop() -> Result<Stop, Failure> {
    let wrong = |error| Failure::new(Exit::Later, format!("signals cannot be heard: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(wrong)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(wrong)?;
    let (tell, once) = watch::channel(false);
    let (tell_again, twice) = watch::channel(false);
    tokio::spawn(async move {
        for tell in [tell, tell_again] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            // Nobody listens any more when the bot has stopped by itself.
            tell.send_replace(true);
        }
    });
    Ok(Stop { once, twice })
}
