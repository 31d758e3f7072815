//! What can go wrong with the memory, said so that the reader knows what to do.

use std::fmt;

/// Why the store did not do what was asked. Opaque: ask its predicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreError {
    kind: Kind,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No space left.
    Full,
    /// Another process holds the database.
    Busy,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// A newer program made it.
    TooNew,
    /// Another instance runs.
    Locked,
    /// The file or the disk is damaged.
    Damaged,
    /// What was to be written contradicts what is known: a defect of a rule or of the store.
    Misfit,
    /// Anything else.
    Other,
}

impl StoreError {
    pub(super) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
        }
    }

    pub(super) fn misfit(text: impl Into<String>) -> Self {
        Self::new(Kind::Misfit, text)
    }

    /// What was found contradicts what is known.
    #[must_use]
    pub fn contradiction(text: impl Into<String>) -> Self {
        Self::misfit(text)
    }

    pub(super) fn other(text: impl Into<String>) -> Self {
        Self::new(Kind::Other, text)
    }

    /// The same error with where it happened before it.
    #[must_use]
    pub(super) fn at(mut self, place: &str) -> Self {
        self.text = format!("{place}: {}", self.text);
        self
    }

    /// There is no space left. Nothing was lost; it works again once there is.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.kind == Kind::Full
    }

    /// Another process held the database for longer than [`crate::model::limits::BUSY`]. Try again.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.kind == Kind::Busy
    }

    /// The database or its folder cannot be written.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.kind == Kind::ReadOnly
    }

    /// The database was made by a newer program.
    #[must_use]
    pub fn is_too_new(&self) -> bool {
        self.kind == Kind::TooNew
    }

    /// Another instance runs on the same database.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.kind == Kind::Locked
    }

    /// Trying again later may help: no space, another process in the way.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.kind, Kind::Full | Kind::Busy)
    }

    /// The disk or the file is damaged. Stop and look: trying again may lose what is left.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.kind == Kind::Damaged
    }

    /// What was to be committed contradicts what is known, so trying again is of no use: a defect.
    #[must_use]
    pub fn is_misfit(&self) -> bool {
        self.kind == Kind::Misfit
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl std::error::Error for StoreError {}

/// Why a commit did not happen. Nothing of its batch was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitError {
    /// A row moved on: load again, decide again.
    Stale,
    /// This mail, hand-over or digest was committed before: there is nothing to do.
    Known,
    /// The store could not.
    Store(StoreError),
}

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for CommitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale => f.write_str("a row moved on since it was read"),
            Self::Known => f.write_str("it was committed before"),
            Self::Store(error) => error.fmt(f),
        }
    }
}
impl std::error::Error for CommitError {}
