//! What is logged, set up in one place: to stderr, no addresses, no subjects, no bodies, no secrets.
//!
//! The IMAP crates log what goes over the wire, passwords included, so they are off whatever is asked for.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// What passes: of ourselves `own`, of foreign crates warnings, of those that see secrets nothing.
fn filter(own: LevelFilter) -> Targets {
    Targets::new()
        .with_default(own.min(LevelFilter::WARN))
        .with_target("cadence", own)
        .with_target("async_imap", LevelFilter::OFF)
        .with_target("imap_proto", LevelFilter::OFF)
        .with_target("lettre", LevelFilter::OFF)
}

/// Begins to log. The service says what it does; other commands only what goes wrong, until asked for more.
pub fn start(service: bool, verbose: bool, format: Format) {
    let own = match (service, verbose) {
        (true, true) => LevelFilter::DEBUG,
        (true, false) | (false, true) => LevelFilter::INFO,
        (false, false) => LevelFilter::WARN,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(filter(own));
    let begun = match format {
        Format::Text => registry.with(lines.with_ansi(false).with_target(false)).try_init(),
        Format::Json => registry.with(lines.json()).try_init(),
    };
    // Somebody else logs in this process already, which only a test can bring about.
    let _ = begun;
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn crates_that_see_passwords_are_never_logged() {
        let filter = filter(LevelFilter::TRACE);
        for target in ["async_imap", "async_imap::client", "imap_proto::parser", "lettre"] {
            assert!(!filter.would_enable(target, &Level::ERROR), "{target}");
        }
        assert!(filter.would_enable("cadence::service", &Level::TRACE));
        assert!(filter.would_enable("rustls", &Level::WARN));
        assert!(!filter.would_enable("rustls", &Level::INFO));
    }
}
