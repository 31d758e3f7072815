//! The command line: one file a command.
//!
//! `open`, `key`, `scope` and `cadence_files` are the set-up that commands share, `logging` the one place that says what is
//! logged, `transcript` how a journal is told, `out` how a command speaks. Results go to stdout, everything about them
//! to stderr.

mod addresses;
mod backup;
mod cadence_files;
mod check;
mod completions;
mod config_example;
mod demo;
mod explain;
mod forget;
mod hold;
mod holds;
mod in_doubt;
mod key;
mod lint;
mod logging;
mod new;
pub mod open;
mod out;
mod preview;
mod quarantine;
mod rehearse;
mod report;
mod restore;
mod run;
mod scope;
mod signal;
mod sim;
mod status;
mod suppress;
mod transcript;
mod unhold;
mod watched;
mod welcome;
mod why;

use crate::config::ConfigError;
use crate::model::limits;
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};

/// How a command ends, as scripts and service managers read it (sysexits.h where it has a code).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It did what was asked.
    Fine = 0,
    /// The command line is wrong.
    Usage = 64,
    /// What it was given to read is wrong: a cadence with problems, a mail that cannot be opened.
    Data = 65,
    /// Another instance runs on the same database.
    Running = 73,
    /// Not now, and perhaps later: a server is away, the disk is full, the database is locked.
    Later = 75,
    /// A file may not be read or written, or a login was refused.
    Permission = 77,
    /// The configuration is wrong.
    Config = 78,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do what was asked: the text for stderr, and the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How the command ends.
    pub exit: Exit,
    /// What went wrong and what to do; one or more lines, no addresses, no secrets.
    pub why: String,
}

impl Failure {
    /// A failure.
    pub fn new(exit: Exit, why: impl Into<String>) -> Self {
        Self { exit, why: why.into() }
    }

    /// A failure of the file system at `path`.
    #[must_use]
    pub fn file(path: &Path, doing: &str, error: &std::io::Error) -> Self {
        let exit = match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Exit::Permission,
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Exit::Later,
            _ => Exit::Config,
        };
        Self::new(exit, format!("{} cannot be {doing}: {error}", path.display()))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::Config, error.to_string())
    }
}

/// What a command comes to.
pub type Outcome = Result<Exit, Failure>;

const EXAMPLES: &str = "\
Examples:
  cadence demo                                 watch a small team's weeks in seconds, no set-up needed
  cadence config-example > cadence.toml        begin a configuration, every key explained
  cadence check                                is everything in place? each finding comes with its fix
  cadence run                                  the bot
  cadence addresses ana@example.com --vcard    the addresses that Ana puts in BCC, for her address book
  cadence preview outbound                     what a prospect would read, and when
  cadence report --open                        what was earned, what to change, with charts
  cadence why jane@acme.example                what happened to Jane, and what she waits for

Exit codes: 0 fine, 64 usage, 65 data, 73 already running, 75 try later, 77 permission, 78 configuration";

/// Cadence: a sales-cadence bot that lives in the inbox.
///
/// A rep puts the bot in BCC of a first mail; the bot sends the follow-ups as the rep, in the same thread, reads what
/// comes back, and stops when somebody answers.
#[derive(Debug, Parser)]
#[command(name = "cadence", version, after_help = EXAMPLES, arg_required_else_help = true, max_term_width = 110)]
struct Arguments {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands.
#[derive(Debug, clap::Args)]
struct Shared {
    /// The configuration [default: cadence.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Log what the bot does, not only what goes wrong
    #[arg(short, long, global = true)]
    verbose: bool,
    /// How log lines look; they go to stderr
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = logging::Format::Text)]
    log_format: logging::Format,
}

impl Shared {
    /// The configuration's file.
    fn config_file(&self) -> &Path {
        self.config.as_deref().unwrap_or(Path::new("cadence.toml"))
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Run(run::Arguments),
    Check(check::Arguments),
    Status(status::Arguments),
    Why(why::Arguments),
    Hold(hold::Arguments),
    Unhold(unhold::Arguments),
    Holds(holds::Arguments),
    Suppress(suppress::Arguments),
    Forget(forget::Arguments),
    Signal(signal::Arguments),
    InDoubt(in_doubt::Arguments),
    Quarantine(quarantine::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Explain(explain::Arguments),
    Lint(lint::Arguments),
    Preview(preview::Arguments),
    New(new::Arguments),
    Rehearse(rehearse::Arguments),
    Addresses(addresses::Arguments),
    Welcome(welcome::Arguments),
    Report(report::Arguments),
    Sim(sim::Arguments),
    Completions(completions::Arguments),
    ConfigExample(config_example::Arguments),
}

/// Reads the command line, does what it says, and tells how that ended.
#[must_use]
pub fn main() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let Arguments { shared, command } = arguments;
    // In simulated worlds everything goes wrong, and nobody wants to be told.
    if shared.verbose || !matches!(command, Command::Sim(_)) {
        logging::start(matches!(command, Command::Run(_)), shared.verbose, shared.log_format);
    }
    match dispatch(&shared, &command) {
        Ok(exit) => exit,
        Err(failure) => {
            out::complain(&failure.why);
            failure.exit
        }
    }
}

/// Help and version are answers; everything else that clap says is a complaint.
fn usage(error: &clap::Error) -> Exit {
    // A terminal that is gone is nobody to complain to.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Fine }
}

fn dispatch(shared: &Shared, command: &Command) -> Outcome {
    match command {
        Command::Demo(arguments) => wait_for(demo::demo(arguments)),
        Command::Run(_) => wait_for(run::run(shared)),
        Command::Check(arguments) => wait_for(check::check(shared, arguments)),
        Command::Status(arguments) => wait_for(status::status(shared, arguments)),
        Command::Why(arguments) => wait_for(why::why(shared, arguments)),
        Command::Hold(arguments) => wait_for(hold::hold(shared, arguments)),
        Command::Unhold(arguments) => wait_for(unhold::unhold(shared, arguments)),
        Command::Holds(arguments) => wait_for(holds::holds(shared, arguments)),
        Command::Suppress(arguments) => wait_for(suppress::suppress(shared, arguments)),
        Command::Forget(arguments) => wait_for(forget::forget(shared, arguments)),
        Command::Signal(arguments) => wait_for(signal::signal(shared, arguments)),
        Command::InDoubt(arguments) => wait_for(in_doubt::in_doubt(shared, arguments)),
        Command::Quarantine(arguments) => wait_for(quarantine::quarantine(shared, arguments)),
        Command::Backup(arguments) => wait_for(backup::backup(shared, arguments)),
        Command::Restore(arguments) => wait_for(restore::restore(shared, arguments)),
        Command::Explain(arguments) => explain::explain(shared, arguments),
        Command::Lint(arguments) => wait_for(lint::lint(shared, arguments)),
        Command::Preview(arguments) => preview::preview(shared, arguments),
        Command::New(arguments) => new::new(shared, arguments),
        Command::Rehearse(arguments) => wait_for(rehearse::rehearse(shared, arguments)),
        Command::Addresses(arguments) => wait_for(addresses::addresses(shared, arguments)),
        Command::Welcome(arguments) => wait_for(welcome::welcome(shared, arguments)),
        Command::Report(arguments) => wait_for(report::report(shared, arguments)),
        Command::Sim(arguments) => sim::sim(arguments),
        Command::Completions(arguments) => completions::completions(arguments),
        Command::ConfigExample(_) => config_example::config_example(),
    }
}

/// Runs an asynchronous command to its end.
fn wait_for(work: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new(Exit::Later, format!("cannot start threads: {error}")))?;
    let outcome = runtime.block_on(work);
    // A question to a name server or a disk that does not answer cannot be taken back; the process need not wait for it.
    runtime.shutdown_timeout(limits::STOP_THREADS);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_does_not_contradict_itself() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_teaches() {
        for command in Arguments::command().get_subcommands() {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name} says what it does");
            assert!(command.get_after_help().is_some(), "{name} shows examples");
        }
    }
}
