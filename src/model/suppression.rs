//! An address or a domain that is never mailed.

use super::LooseAddress;
use jiff::Timestamp;

/// Why an address is suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionReason {
    /// The person wants no more mail.
    OptedOut,
    /// The person reported spam.
    Complained,
    /// The address is dead.
    Bounced,
    /// Somebody in charge said so.
    Administrator,
    /// The person asked to be forgotten; the row holds a keyed hash in the place of the address.
    Forgotten,
}

impl SuppressionReason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::OptedOut,
        Self::Complained,
        Self::Bounced,
        Self::Administrator,
        Self::Forgotten,
    ];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OptedOut => "opted_out",
            Self::Complained => "complained",
            Self::Bounced => "bounced",
            Self::Administrator => "administrator",
            Self::Forgotten => "forgotten",
        }
    }

    /// The reason as people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OptedOut => "its owner asked for no more mail",
            Self::Complained => "its owner reported a mail as spam",
            Self::Bounced => "the address does not exist",
            Self::Administrator => "an administrator said so",
            Self::Forgotten => "its owner asked to be forgotten",
        }
    }
}

/// One suppressed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The address, as suppressions compare it.
    pub address: LooseAddress,
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub at: Timestamp,
    /// The evidence, for people: no text of the mail.
    pub proof: String,
}
