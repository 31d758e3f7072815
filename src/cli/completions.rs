//! `cadence completions`: what a shell needs to complete our words.

use super::{Exit, Outcome, out};
use clap::CommandFactory;
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  cadence completions bash > ~/.local/share/bash-completion/completions/cadence
  cadence completions zsh > ~/.zfunc/_cadence";

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Which shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// Prints them.
pub fn completions(arguments: &Arguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut super::Arguments::command(),
        "cadence",
        &mut script,
    );
    out::put(&script)?;
    Ok(Exit::Fine)
}
