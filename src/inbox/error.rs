//! What can go wrong with a mailbox: where, what, and whether to try again.

use std::fmt;
use std::time::Duration;

/// What went wrong with a mailbox. It holds no address, subject, body or secret, so it may be logged.
#[derive(Debug, Clone)]
pub struct InboxError {
    kind: Kind,
    place: String,
    what: String,
    retry_in: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The connection could not be made, broke, or fell silent.
    Lost,
    /// The server wants no more of this session (BYE).
    Bye,
    /// The server refused a command (NO or BAD).
    Refused,
    /// The server refused the login.
    Login,
    /// The server does not keep to the protocol or to our bounds.
    Protocol,
    /// The set-up is wrong: only a person can mend it.
    Setup,
    /// A file could not be read, written or moved.
    File,
}

impl InboxError {
    fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            place: String::new(),
            what: without_addresses(&what.into()),
            retry_in: None,
        }
    }

    /// The mailbox cannot be reached, or the connection broke.
    #[must_use]
    pub fn lost(what: impl Into<String>) -> Self {
        Self::new(Kind::Lost, what)
    }

    /// The server refused user or secret.
    #[must_use]
    pub fn refused_login(what: impl Into<String>) -> Self {
        Self::new(Kind::Login, what)
    }

    pub(super) fn bye(what: impl Into<String>) -> Self {
        Self::new(Kind::Bye, what)
    }

    /// The server was reached and refused this one wish.
    #[must_use]
    pub fn refused(what: impl Into<String>) -> Self {
        Self::new(Kind::Refused, what)
    }

    pub(super) fn protocol(what: impl Into<String>) -> Self {
        Self::new(Kind::Protocol, what)
    }

    pub(super) fn setup(what: impl Into<String>) -> Self {
        Self::new(Kind::Setup, what)
    }

    pub(super) fn file(what: &str, error: &std::io::Error) -> Self {
        Self::new(Kind::File, format!("{what}: {error}"))
    }

    /// Says where it happened, unless that is known already: a server or a folder.
    #[must_use]
    pub(super) fn at(mut self, place: &str) -> Self {
        if self.place.is_empty() {
            place.clone_into(&mut self.place);
        }
        self
    }

    #[must_use]
    pub(super) fn retried_in(mut self, pause: Option<Duration>) -> Self {
        self.retry_in = pause;
        self
    }

    /// The login was refused: trying again at once locks accounts.
    #[must_use]
    pub fn is_refused_login(&self) -> bool {
        self.kind == Kind::Login
    }

    /// Trying again later may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.kind {
            Kind::Lost | Kind::Bye | Kind::Refused | Kind::Protocol | Kind::File => true,
            Kind::Login | Kind::Setup => false,
        }
    }

    /// The server answered the command with NO or BAD: the mailbox was reached, and this one wish was refused.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.kind == Kind::Refused
    }

    /// How long the mailbox will not be tried again: until then every call returns this error at once.
    #[must_use]
    pub fn retry_in(&self) -> Option<Duration> {
        self.retry_in
    }
}

impl fmt::Display for InboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.what)?;
        match self.kind {
            Kind::Login => f.write_str("; check user and secret of the mailbox"),
            Kind::Lost | Kind::Bye | Kind::Refused | Kind::Protocol | Kind::Setup | Kind::File => Ok(()),
        }
    }
}

impl std::error::Error for InboxError {}

/// Servers like to quote the login name in a refusal; an error line is read by more people than that.
fn without_addresses(text: &str) -> String {
    let words: Vec<&str> = text
        .split(' ')
        .map(|word| if word.contains('@') { "…" } else { word })
        .collect();
    words.join(" ").chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_and_what_but_never_who() {
        let error =
            InboxError::refused("the server refused SELECT (no such user ana@corp.test here)").at("localhost:993");
        assert_eq!(
            error.to_string(),
            "localhost:993: the server refused SELECT (no such user … here)"
        );
        assert!(error.is_transient() && error.is_refusal() && !error.is_refused_login());
    }

    #[test]
    fn a_refused_login_is_not_worth_trying_again() {
        let error = InboxError::refused_login("the login was refused");
        assert!(error.is_refused_login() && !error.is_transient());
        assert_eq!(
            error.to_string(),
            "the login was refused; check user and secret of the mailbox"
        );
    }
}
