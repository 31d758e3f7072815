//! The person a cadence speaks for.

use super::{Address, Correspondent};
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// A rep, as the configuration has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Rep {
    /// The one address their mail comes from and goes to.
    pub address: Address,
    /// Their name in mails to prospects.
    pub name: String,
    /// Their zone.
    pub zone: TimeZone,
    /// The IANA name of [`Rep::zone`], for people.
    pub zone_name: String,
    /// When the digest arrives, in their zone.
    pub digest_at: Time,
    /// Raised to make every enrol address of this rep worthless and give out new ones.
    pub code_turn: u32,
    /// Their cap of mails in 24 hours, where it is not the team's ([`super::Pace::daily_cap`]).
    pub daily_cap: Option<u32>,
    /// What stands under their mails, as typed.
    pub signature: Option<String>,
    /// Their job title, for templates.
    pub title: Option<String>,
    /// Their phone number, for templates.
    pub phone: Option<String>,
    /// Where prospects book a meeting, for templates.
    pub calendar_link: Option<String>,
}

impl Rep {
    /// The rep as sender or recipient.
    #[must_use]
    pub fn correspondent(&self) -> Correspondent {
        Correspondent::new(Some(&self.name), self.address.clone())
    }
}
