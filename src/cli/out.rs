//! How a command speaks. A reader that has gone away (`| head`) is no failure.

use super::{Exit, Failure};
use std::io::{ErrorKind, Write};

/// Writes text for people and terminals to stdout. Mails are quoted in it, so control characters, which could command
/// the terminal, are replaced.
///
/// # Errors
/// When stdout takes no more, a closed pipe apart.
pub fn say(text: &str) -> Result<(), Failure> {
    put(clean(text).as_bytes())
}

/// Writes bytes as they are to stdout.
///
/// # Errors
/// As [`say`].
pub fn put(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(
            Exit::Later,
            format!("stdout cannot be written to: {error}"),
        )),
    }
}

/// Writes what went wrong to stderr, each line with our name.
pub fn complain(text: &str) {
    let mut stderr = std::io::stderr().lock();
    for line in clean(text).lines() {
        // There is nobody left to tell when stderr is gone.
        let _ = writeln!(stderr, "cadence: {line}");
    }
}

/// The text without anything that a terminal would obey.
#[must_use]
pub fn clean(text: &str) -> String {
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t';
    let direction = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if obeyed(c) || direction(c) { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_mail_cannot_command_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\r\nc\td\u{202e}"), "a\u{fffd}[2Jb\nc\td\u{fffd}");
    }
}
