//! How well a mail is proven to be a rep's, and what that is enough for (reliability §2.1, §2.2).
//!
//! The one table of authority: whoever acts on a mail in a rep's name asks [`allowed`]. What only stops one enrollment needs
//! no proof and is not asked about; what suppresses an address needs proof for that very person and is the service's to weigh.

use crate::model::Address;

/// How well a mail is proven to be from the rep it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// L0: it names no rep, or it names one and something speaks against it.
    Unproven,
    /// L1: its one From is a rep's, and nothing is known about that.
    Claimed,
    /// L2: a check that we trust says that it is the rep's domain's mail.
    Vouched,
    /// L3: it came by a good token that only a rep is given, and nothing speaks against it. That the token is this rep's
    /// only the store can say.
    Token,
}

impl Level {
    /// As reliability §2.2 names it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unproven => "L0",
            Self::Claimed => "L1",
            Self::Vouched => "L2",
            Self::Token => "L3",
        }
    }
}

/// What speaks for a mail, and against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The rep that a From address names.
    pub rep: Option<Address>,
    /// How well it is proven.
    pub level: Level,
    /// Whether a trusted check vouches for it, whatever else it has.
    pub vouched: bool,
    /// Whether it came by this rep's own code.
    pub code: bool,
    /// What the level rests on, for people; no address.
    pub why: &'static str,
}

/// What may be done in a rep's name because of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Enroll by the rep's secret address.
    EnrollByCode,
    /// Enroll by an address that anybody may know: an alias, or an enrol address with another code or none.
    EnrollOpen,
    /// Carry out a command that came by a token: a reply to a digest, a tap on a link.
    CommandByToken,
    /// Carry out a command that came to the bot's bare address.
    CommandOpen,
    /// Enroll whom a web form of a configured source names.
    EnrollLead,
}

/// When a trusted check must vouch beside the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Vouch {
    Always,
    /// With `[trust].strict`.
    WhenStrict,
}

/// One line of the table.
struct Need {
    effect: Effect,
    level: Level,
    code: bool,
    vouched: Vouch,
}

/// The least that each effect needs. A token speaks for what it was made for: who holds one of a digest may not enroll by it.
const NEEDS: [Need; 5] = [
    Need {
        effect: Effect::EnrollByCode,
        level: Level::Claimed,
        code: true,
        vouched: Vouch::WhenStrict,
    },
    Need {
        effect: Effect::EnrollOpen,
        level: Level::Vouched,
        code: false,
        vouched: Vouch::Always,
    },
    Need {
        effect: Effect::CommandByToken,
        level: Level::Token,
        code: false,
        vouched: Vouch::WhenStrict,
    },
    Need {
        effect: Effect::EnrollLead,
        level: Level::Vouched,
        code: false,
        vouched: Vouch::Always,
    },
    Need {
        effect: Effect::CommandOpen,
        level: Level::Vouched,
        code: false,
        vouched: Vouch::Always,
    },
];

/// Whether a mail proven like this may do that; answers to it may be sent exactly when it may.
///
/// # Errors
/// Says what is missing, for people.
pub fn allowed(effect: Effect, proof: &Proof, strict: bool) -> Result<(), &'static str> {
    if proof.level == Level::Unproven {
        return Err(proof.why);
    }
    let fits = |need: &&Need| need.effect == effect;
    let Some(need) = NEEDS.iter().find(fits) else {
        return Err("nothing says who may do that");
    };
    let must_be_vouched = match need.vouched {
        Vouch::Always => true,
        Vouch::WhenStrict => strict,
    };
    if must_be_vouched && !proof.vouched {
        return Err(match need.vouched {
            Vouch::Always if effect == Effect::EnrollLead => "no trusted check says that it is from that domain",
            Vouch::Always => "it came without the rep's code and no trusted check vouches for it",
            Vouch::WhenStrict => "no trusted check says that it is from that domain",
        });
    }
    if proof.level < need.level || (need.code && !proof.code) {
        return Err("it came without the rep's code and no trusted check vouches for it");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reliability §2.2 step 7 against §2.1: every level, with and without code and pass, lenient and strict.
    #[test]
    fn each_level_allows_what_the_table_says() {
        let may = |level: Level, vouched: bool, code: bool, strict: bool| {
            let proof = Proof {
                rep: None,
                level,
                vouched,
                code,
                why: "something speaks against it",
            };
            [
                (Effect::EnrollByCode, 'e'),
                (Effect::EnrollOpen, 'o'),
                (Effect::CommandByToken, 't'),
                (Effect::CommandOpen, 'c'),
                (Effect::EnrollLead, 'f'),
            ]
            .iter()
            .filter(|(effect, _)| allowed(*effect, &proof, strict).is_ok())
            .map(|(_, letter)| *letter)
            .collect::<String>()
        };
        for (level, vouched, code, lenient, strict) in [
            (Level::Unproven, true, true, "", ""),
            (Level::Unproven, false, false, "", ""),
            (Level::Claimed, false, false, "", ""),
            (Level::Claimed, false, true, "e", ""),
            (Level::Vouched, true, false, "ocf", "ocf"),
            (Level::Vouched, true, true, "eocf", "eocf"),
            (Level::Token, false, false, "t", ""),
            (Level::Token, false, true, "et", ""),
            (Level::Token, true, false, "otcf", "otcf"),
            (Level::Token, true, true, "eotcf", "eotcf"),
        ] {
            let case = format!("{} vouched {vouched} code {code}", level.code());
            assert_eq!(may(level, vouched, code, false), lenient, "{case}, lenient");
            assert_eq!(may(level, vouched, code, true), strict, "{case}, strict");
        }
    }
}
