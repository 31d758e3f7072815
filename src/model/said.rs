//! What a rep said about themselves by mail. It counts over what the configuration says, until they say otherwise.

use super::{Address, Rep};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A rep's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// When their digest comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<Time>,
    /// The IANA name of their zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// When they are away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacation: Option<Vacation>,
    /// How often they asked for new codes, added to [`Rep::code_turn`].
    #[serde(skip_serializing_if = "is_zero")]
    pub turns: u32,
    /// How often the administrator had their addresses mailed again.
    #[serde(skip_serializing_if = "is_zero")]
    pub again: u32,
    /// Which of their addresses they were mailed last; `None`: none yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

/// Which enrol addresses a rep was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The turn of the code, the configuration's and the rep's together.
    pub turn: u32,
    /// [`Said::again`] at that time.
    #[serde(default)]
    pub again: u32,
}

/// What becomes of a rep's enrol addresses. Each changes its part of [`Said`] alone, whoever changes another at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// These were mailed.
    Told(Told),
    /// They are to be mailed again.
    Again,
    /// New ones take the place of those so far.
    Turned,
}

impl Said {
    /// The same with what became of the addresses.
    #[must_use]
    pub fn after(mut self, codes: Codes) -> Self {
        match codes {
            Codes::Told(told) => self.told = Some(told),
            Codes::Again => self.again = self.again.saturating_add(1),
            Codes::Turned => self.turns = self.turns.saturating_add(1),
        }
        self
    }

    /// The same settings with what `other` knows of the addresses.
    #[must_use]
    pub fn with_codes_of(self, other: &Self) -> Self {
        Self {
            turns: other.turns,
            again: other.again,
            told: other.told,
            ..self
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(turns: &u32) -> bool {
    *turns == 0
}

/// Days on which a rep is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vacation {
    /// The first day, by the rep's calendar.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who reads the rep's mails from the bot meanwhile; `None`: nobody, and all touches wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Address>,
}

impl Vacation {
    /// Whether the rep is away on this day of their calendar.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

impl Rep {
    /// The rep as they want it. The turns of their code are no part of this: [`super::BotAddress::turn`].
    #[must_use]
    pub fn with(&self, said: &Said) -> Self {
        let mut rep = self.clone();
        rep.digest_at = said.digest_at.unwrap_or(rep.digest_at);
        if let Some((name, zone)) = said
            .zone
            .as_ref()
            .and_then(|name| Some((name, TimeZone::get(name).ok()?)))
        {
            rep.zone_name.clone_from(name);
            rep.zone = zone;
        }
        rep
    }
}
