//! One finding of `check`.

use crate::cli::Exit;
use std::fmt;

/// How a finding is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// In place.
    Ok,
    /// It works, and could go wrong.
    Warn,
    /// The bot cannot run like this.
    Fail,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// What was looked at, what was seen, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is meant.
    pub level: Level,
    /// What was looked at: `config`, `key`, `mailbox` …
    pub what: &'static str,
    /// What was seen; no secrets.
    pub evidence: String,
    /// What to do; `None` when all is well.
    pub fix: Option<String>,
    /// The code with which `check` ends when this is the first failure.
    pub exit: Exit,
}

impl Finding {
    /// In place.
    pub fn ok(what: &'static str, evidence: impl Into<String>) -> Self {
        Self {
            level: Level::Ok,
            what,
            evidence: evidence.into(),
            fix: None,
            exit: Exit::Fine,
        }
    }

    /// It works, and could go wrong.
    pub fn warn(what: &'static str, evidence: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            level: Level::Warn,
            fix: Some(fix.into()),
            ..Self::ok(what, evidence)
        }
    }

    /// The bot cannot run like this.
    pub fn fail(what: &'static str, exit: Exit, evidence: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            level: Level::Fail,
            fix: Some(fix.into()),
            exit,
            ..Self::ok(what, evidence)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = format!("\n{:16}", "");
        let evidence = self.evidence.trim_end().replace('\n', &indent);
        writeln!(f, "{:<5} {:<9} {evidence}", self.level.word(), self.what)?;
        match &self.fix {
            Some(fix) => writeln!(f, "{:16}→ {}", "", fix.replace('\n', &indent)),
            None => Ok(()),
        }
    }
}
