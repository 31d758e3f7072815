//! How a cadence tests the wordings of a step against each other.

use super::Fingerprint;
use jiff::Timestamp;

/// One test, as `cadence.toml` says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What the wordings differ in.
    pub about: String,
    /// What counts as success.
    pub metric: Metric,
    /// Sends a wording needs before anything is decided; `None`: as the configuration says.
    pub minimum: Option<i64>,
    /// Who gets which.
    pub assign: Assign,
}

impl Trial {
    /// By what a test is known in its cadence: what it is about, else the file of its step.
    #[must_use]
    pub fn key(about: &str, template: &str) -> String {
        if about.is_empty() {
            format!("/{template}")
        } else {
            about.to_owned()
        }
    }

    /// The number of a test, in tokens: the same in every process.
    #[must_use]
    pub fn number(cadence: &str, key: &str) -> i64 {
        Fingerprint::of("test", &[cadence, key]).short()
    }

    /// A test that says only what it is about.
    #[must_use]
    pub fn about(about: &str) -> Self {
        Self {
            about: about.to_owned(),
            metric: Metric::Reply,
            minimum: None,
            assign: Assign::Even,
        }
    }
}

/// What counts as success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// The first answer came after it.
    Reply,
    /// The first answer came after it, and wants to go on, asks or names somebody.
    Interested,
    /// A meeting was agreed at any time after it.
    Met,
    /// A click was reported after it.
    Click,
    /// An open was reported after it.
    Open,
}

impl Metric {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Reply, Self::Interested, Self::Met, Self::Click, Self::Open];

    /// As `cadence.toml` and reports name it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Interested => "interested",
            Self::Met => "met",
            Self::Click => "click",
            Self::Open => "open",
        }
    }

    /// What to know before one trusts it.
    #[must_use]
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Self::Reply | Self::Interested | Self::Met => None,
            Self::Click => Some("scanners click too"),
            Self::Open => Some("programs open mails too, and many people are never seen to"),
        }
    }
}

/// Somebody's word about which alternative of a test goes to everybody; the newest of a test counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// The cadence.
    pub cadence: String,
    /// Which of its tests, by [`Trial::key`].
    pub test: String,
    /// The alternative; `None`: taken back, and everybody is dealt one again.
    pub letter: Option<String>,
    /// Who said so: an address, or `the bot`.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Who gets which wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assign {
    /// Each as often, for each rep.
    Even,
    /// What does better so far more often (Thompson).
    Bandit,
}

impl Assign {
    /// As `cadence.toml` names it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Even => "even",
            Self::Bandit => "bandit",
        }
    }
}

/// Whether somebody's word is needed before the winner of a test goes to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promote {
    /// Managers are told, and one tap of theirs does it.
    Ask,
    /// It goes to everybody at once; managers are told, and one tap of theirs takes it back.
    Auto,
    /// The report shows the winner, nothing more.
    Off,
}

impl Promote {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ask, Self::Auto, Self::Off];

    /// As the configuration names it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Auto => "auto",
            Self::Off => "off",
        }
    }
}

/// The test by which learned hours are measured against the written ones.
pub const SEND_TIME: &str = "send time";
/// Its arm whose mails go out at the hour that earns answers.
pub const LEARNED: &str = "learned";
/// Its arm whose mails go out as the cadence says.
pub const WRITTEN: &str = "written";
