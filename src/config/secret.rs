//! Where a password comes from: a file, an environment variable or a command's output. Never the command line, never a
//! log, never the configuration itself.
//!
//! Limits: the first line, [`limits::SECRET`] bytes of it, a command for [`limits::SECRET_COMMAND`].

use crate::model::limits;
use secrecy::SecretString;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Where a secret comes from; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// The first line of a file that only its owner may read.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// The first line that a program prints; the program and its arguments.
    Command(Vec<String>),
}

/// How often a running command is looked at.
const LOOK: Duration = Duration::from_millis(20);

impl Secret {
    /// Fetches the secret now. Blocks, a command for at most [`limits::SECRET_COMMAND`].
    ///
    /// # Errors
    /// With what is wrong with the source and what to do; never with what the source said.
    pub fn reveal(&self) -> Result<SecretString, String> {
        let secret = match self {
            Self::File(path) => of_file(path)?,
            Self::Environment(name) => of_environment(name)?,
            Self::Command(words) => of_command(words)?,
        };
        if secret.is_empty() {
            return Err(format!("{} gave an empty first line", self.label()));
        }
        Ok(SecretString::from(secret))
    }

    /// Whether the source is there. A command is not run for that.
    ///
    /// # Errors
    /// As [`Secret::reveal`].
    pub fn ready(&self) -> Result<(), String> {
        match self {
            Self::File(_) | Self::Environment(_) => self.reveal().map(|_| ()),
            Self::Command(_) => Ok(()),
        }
    }

    /// The source as a message names it.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Environment(name) => format!("the environment variable {name}"),
            // Only the program: arguments may say more than a log should know.
            Self::Command(words) => format!("the command `{}`", words.first().map_or("", String::as_str)),
        }
    }
}

fn of_file(path: &Path) -> Result<String, String> {
    let label = path.display();
    let file = std::fs::File::open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            format!("{label} does not exist; write the password into it, for its owner alone (`chmod 600 {label}`)")
        }
        _ => format!("{label} cannot be opened: {error}"),
    })?;
    only_owner_reads(path, &file)?;
    first_line(file).map_err(|error| format!("{label} cannot be read: {error}"))
}

/// Refuses a file that others may read.
///
/// # Errors
/// With the command that mends it.
#[cfg(unix)]
pub fn only_owner_reads(path: &Path, file: &std::fs::File) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let label = path.display();
    let data = file
        .metadata()
        .map_err(|error| format!("{label} cannot be looked at: {error}"))?;
    let mode = data.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        Ok(())
    } else {
        Err(format!(
            "{label} may be read by others (mode {mode:o}); `chmod 600 {label}` mends it"
        ))
    }
}
#[cfg(not(unix))]
pub fn only_owner_reads(_: &Path, _: &std::fs::File) -> Result<(), String> {
    Ok(())
}

fn of_environment(name: &str) -> Result<String, String> {
    match std::env::var(name) {
        Ok(value) => Ok(value.lines().next().unwrap_or("").to_owned()),
        Err(std::env::VarError::NotPresent) => Err(format!("the environment variable {name} is not set")),
        Err(std::env::VarError::NotUnicode(_)) => Err(format!("the environment variable {name} is not UTF-8")),
    }
}

/// The first line, bounded, without its end.
fn first_line(source: impl Read) -> std::io::Result<String> {
    let mut line = String::new();
    BufReader::new(source)
        .take(limits::SECRET as u64)
        .read_line(&mut line)?;
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}

fn of_command(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let fail = |why: String| format!("the command `{program}` {why}");
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fail(format!("cannot be started: {error}")))?;
    let line = reading(&mut child);
    if !ended_well(&mut child).map_err(fail)? {
        return Err(fail("failed; run it by hand to see why".to_owned()));
    }
    // What the program printed is read by now, unless a child of it still holds the pipe open.
    line.recv_timeout(limits::SECRET_COMMAND)
        .ok()
        .and_then(Result::ok)
        .ok_or_else(|| fail("printed no readable line".to_owned()))
}

/// Reads the output beside us, so that a command that prints nothing cannot hold us up.
fn reading(child: &mut Child) -> mpsc::Receiver<std::io::Result<String>> {
    let (send, receive) = mpsc::channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || send.send(first_line(output)));
    }
    receive
}

/// Waits for the end, bounded; whether it was a good one.
fn ended_well(child: &mut Child) -> Result<bool, String> {
    let looks = limits::SECRET_COMMAND.as_millis() / LOOK.as_millis();
    for _ in 0..looks {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) => std::thread::sleep(LOOK),
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
    // It is over for us either way; a failure to kill what has just ended is no news.
    let _ = child.kill();
    let _ = child.wait();
    Err(format!("took longer than {} s", limits::SECRET_COMMAND.as_secs()))
}
