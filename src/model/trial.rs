//! How a cadence tests the wordings of a step against each other.

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
