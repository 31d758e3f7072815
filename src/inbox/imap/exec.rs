//! One command, one answer: a command succeeded when its own tag says OK, and in no other case.
//!
//! async-imap's own commands report NO, BAD and a broken connection as success in places (its issue 95), so only its
//! `run_command` and `read_response` are used, and only here. An error leaves the connection in an unknown state: whoever gets
//! one drops it.
//!
//! Standards: RFC 3501 2.2 (tags), 7.1 (status), 9 (quoted strings).

use super::budget::Budget;
use crate::inbox::InboxError;
use crate::model::limits;
use async_imap::Session;
use async_imap::imap_proto::{MailboxDatum, Outcome, RequestId, Response, Status};
use std::io;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// A session that is logged in, and what it told us by the way.
pub struct Connection {
    pub(super) session: Session<Budget>,
    pub(super) can: Can,
    /// The folder that is selected, and what it was like then.
    pub(super) selected: Option<(String, super::fetch::Selected)>,
    /// Mail came into the selected folder since it was selected, or anything changed while idling.
    pub(super) news: bool,
    /// The IDLE that is under way: its tag and since when.
    pub(super) idling: Option<(RequestId, Instant)>,
    /// The folders of the account, once asked for.
    pub(super) folders: Option<super::folders::Folders>,
    /// Folders are opened by EXAMINE, which lets nothing be changed (RFC 3501 6.3.2).
    pub(super) read_only: bool,
}

/// What the server offers, of what we use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Can {
    /// IDLE (RFC 2177).
    pub idle: bool,
    /// MOVE (RFC 6851).
    pub r#move: bool,
    /// UIDPLUS (RFC 4315): UID EXPUNGE.
    pub uidplus: bool,
    /// ID (RFC 2971).
    pub id: bool,
    /// LIST … RETURN (SPECIAL-USE) (RFC 5258, RFC 6154).
    pub marks: bool,
}

impl Connection {
    /// A fresh session.
    pub(super) fn new(session: Session<Budget>) -> Self {
        Self {
            session,
            can: Can::default(),
            selected: None,
            news: false,
            idling: None,
            folders: None,
            read_only: false,
        }
    }

    /// Runs a command whose answer is small.
    pub(super) async fn run(&mut self, command: &str, on: impl FnMut(&Response<'_>)) -> Result<(), InboxError> {
        self.run_for(command, 0, on).await
    }

    /// Runs a command that may bring `mails` bytes of mail, and shows every untagged response to `on`.
    pub(super) async fn run_for(
        &mut self,
        command: &str,
        mails: u64,
        mut on: impl FnMut(&Response<'_>),
    ) -> Result<(), InboxError> {
        let verb = verb(command);
        let budget = self.session.as_mut();
        budget.allow(mails);
        budget.silence(Some(limits::IMAP_COMMAND));
        let until = Instant::now() + limits::IMAP_COMMAND + Duration::from_secs(mails / limits::IMAP_PACE);
        let answer = async {
            let tag = self
                .session
                .run_command(command)
                .await
                .map_err(|error| broken(verb, &io(error)))?;
            loop {
                let response = self
                    .session
                    .read_response()
                    .await
                    .map_err(|error| broken(verb, &error))?;
                let response = response.ok_or_else(|| closed(verb))?;
                match response.parsed() {
                    Response::Done {
                        tag: own,
                        status,
                        outcome,
                    } if *own == tag => {
                        return ended(verb, status, outcome);
                    }
                    Response::Data {
                        status: Status::Bye,
                        outcome,
                    } => return Err(bye(outcome)),
                    other => {
                        self.news |= is_arrival(other);
                        on(other);
                    }
                }
            }
        };
        timeout_at(until, answer).await.unwrap_or_else(|_| Err(slow(verb)))
    }

    /// The next response while the server idles.
    pub(super) async fn next(&mut self, at_most: Duration) -> Result<Option<Heard>, InboxError> {
        let Ok(read) = timeout(at_most, self.session.read_response()).await else {
            return Ok(None);
        };
        let response = read
            .map_err(|error| broken("IDLE", &error))?
            .ok_or_else(|| closed("IDLE"))?;
        let parsed = response.parsed();
        self.news |= is_change(parsed);
        Ok(Some(match parsed {
            Response::Continue(_) => Heard::Continue,
            Response::Done { tag, status, outcome } if self.idling.as_ref().is_some_and(|(own, _)| own == tag) => {
                Heard::Done(ended("IDLE", status, outcome))
            }
            Response::Data {
                status: Status::Bye,
                outcome,
            } => return Err(bye(outcome)),
            _ => Heard::Other,
        }))
    }
}

/// What a server says while it idles.
pub enum Heard {
    /// It idles now.
    Continue,
    /// It ended the IDLE, well or not.
    Done(Result<(), InboxError>),
    /// Anything else; whether it was news is noted.
    Other,
}

/// What the status that ends a command means.
pub(super) fn ended(verb: &str, status: &Status, outcome: &Outcome<'_>) -> Result<(), InboxError> {
    let text = outcome.information.as_deref().unwrap_or_default();
    match status {
        Status::Ok => Ok(()),
        Status::No | Status::Bad | Status::PreAuth | Status::Bye => {
            Err(InboxError::refused(format!("the server refused {verb} ({text})")))
        }
    }
}

fn is_arrival(response: &Response<'_>) -> bool {
    matches!(response, Response::MailboxData(MailboxDatum::Exists(_)))
}

/// Mail came or went, or a flag changed: reason to look again when we did none of it ourselves.
fn is_change(response: &Response<'_>) -> bool {
    is_arrival(response) || matches!(response, Response::Expunge(_) | Response::Fetch(..))
}

/// The command without its arguments, for error lines.
fn verb(command: &str) -> &str {
    let words = if command.starts_with("UID ") { 2 } else { 1 };
    let end = command.match_indices(' ').nth(words - 1).map(|(at, _)| at);
    end.and_then(|end| command.get(..end)).unwrap_or(command)
}

pub(super) fn bye(outcome: &Outcome<'_>) -> InboxError {
    let text = outcome.information.as_deref().unwrap_or_default();
    InboxError::bye(format!("the server ended the session ({text})"))
}

pub(super) fn closed(verb: &str) -> InboxError {
    InboxError::lost(format!("the server closed the connection during {verb}"))
}

pub(super) fn slow(verb: &str) -> InboxError {
    InboxError::lost(format!("the server took too long for {verb}"))
}

pub(super) fn broken(verb: &str, error: &io::Error) -> InboxError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => closed(verb),
        io::ErrorKind::TimedOut => slow(verb),
        // Ours says what was too much; the parser's quotes what it could not read, which is somebody's mail.
        io::ErrorKind::InvalidData => InboxError::protocol(format!("during {verb}: {error}")),
        io::ErrorKind::Other => InboxError::protocol(format!("during {verb}: the server's answer cannot be read")),
        _ => InboxError::lost(format!("the connection broke during {verb} ({})", error.kind())),
    }
}

pub(super) fn io(error: async_imap::error::Error) -> io::Error {
    match error {
        async_imap::error::Error::Io(error) => error,
        async_imap::error::Error::ConnectionLost => io::ErrorKind::UnexpectedEof.into(),
        _ => io::Error::other("the library failed"),
    }
}

/// A quoted string. Text that cannot stand in one (line breaks, NUL) is refused.
pub(super) fn quoted(text: &str) -> Result<String, InboxError> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(InboxError::setup(
            "a name or secret for the mailbox has a line break in it",
        ));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_stays_one_argument() {
        assert_eq!(quoted(r#"a"b\c d"#).expect("it can be quoted"), r#""a\"b\\c d""#);
        for text in ["a\r\nb", "a\nb", "a\0b"] {
            assert!(quoted(text).is_err());
        }
    }

    #[test]
    fn an_error_line_names_the_command_without_arguments() {
        assert_eq!(verb("UID FETCH 1:5 (UID)"), "UID FETCH");
        assert_eq!(verb("SELECT \"INBOX\""), "SELECT");
        assert_eq!(verb("CAPABILITY"), "CAPABILITY");
    }
}
