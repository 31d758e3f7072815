//! Holds: what keeps touches from going out, on somebody's word or because a breaker tripped.
//!
//! A hold stops touches, never letters to reps and never a stop. What lies ready goes on lying ready.

use super::{Address, CadenceName, Fact};
use jiff::Timestamp;
use std::fmt;

/// What is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Every touch.
    All,
    /// The touches of one cadence.
    Cadence(CadenceName),
    /// The touches in one rep's name.
    Rep(Address),
}

impl Scope {
    /// The stored code: `all`, `cadence outbound`, `rep ana@example.com`. Queries for letters put it together as well.
    #[must_use]
    pub fn code(&self) -> String {
        self.to_string()
    }

    /// Reads a stored code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code.split_once(' ') {
            None if code == "all" => Some(Self::All),
            Some(("cadence", name)) => CadenceName::parse(name).ok().map(Self::Cadence),
            Some(("rep", address)) => Address::parse(address).ok().map(Self::Rep),
            None | Some(_) => None,
        }
    }

    /// Whether a touch of this rep in this cadence is held.
    #[must_use]
    pub fn holds(&self, rep: &Address, cadence: &CadenceName) -> bool {
        match self {
            Self::All => true,
            Self::Cadence(name) => name == cadence,
            Self::Rep(address) => address.same_as(rep),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Cadence(name) => write!(f, "cadence {name}"),
            Self::Rep(address) => write!(f, "rep {address}"),
        }
    }
}

/// Who or what put a hold, or raised an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The administrator's word.
    Administrator,
    /// Too many complaints for the mails of a cadence.
    Complaints,
    /// So many complaints that only an administrator may let the cadence go on.
    ManyComplaints,
    /// Too many of a rep's mails went to dead addresses.
    Bounces,
    /// The relay refuses by policy.
    Policy,
    /// Too many letters in doubt in a short time.
    InDoubt,
    /// The disk of the database is nearly full.
    Disk,
    /// Many stops on weak evidence in a short time. It only alarms: a stop is never taken back.
    WeakStops,
    /// Another bot holds the mailbox, or the mailbox takes no lease.
    Lease,
    /// The database is older than what happened, and what happened is being found out.
    Recovery,
    /// The machine's clock jumped.
    Clock,
    /// The rep is away.
    Vacation,
    /// The cadence's files cannot be used.
    DoesNotLoad,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Administrator,
        Self::Complaints,
        Self::ManyComplaints,
        Self::Bounces,
        Self::Policy,
        Self::InDoubt,
        Self::Disk,
        Self::WeakStops,
        Self::Lease,
        Self::Recovery,
        Self::Clock,
        Self::Vacation,
        Self::DoesNotLoad,
    ];

    /// When it ends without anybody's word, though no time is known: `until …`.
    #[must_use]
    pub fn ends_by_itself(self) -> Option<&'static str> {
        match self {
            Self::Lease => Some("this bot has the mailbox"),
            Self::Recovery => Some("the mailbox was read again"),
            Self::Clock => Some("the clock can be trusted again"),
            Self::Disk => Some("there is room again"),
            Self::DoesNotLoad => Some("its files are right and the bot was started again"),
            Self::Administrator
            | Self::Vacation
            | Self::Complaints
            | Self::ManyComplaints
            | Self::Bounces
            | Self::Policy
            | Self::InDoubt
            | Self::WeakStops => None,
        }
    }

    /// Whether somebody's word ends it too. What keeps a second bot or an old database from sending is no matter of opinion.
    #[must_use]
    pub fn is_lifted_by_word(self) -> bool {
        !matches!(self, Self::Lease | Self::Recovery | Self::DoesNotLoad)
    }

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Complaints => "complaints",
            Self::ManyComplaints => "many_complaints",
            Self::Bounces => "bounces",
            Self::Policy => "policy",
            Self::InDoubt => "in_doubt",
            Self::Disk => "disk",
            Self::WeakStops => "weak_stops",
            Self::Lease => "lease",
            Self::Recovery => "recovery",
            Self::Clock => "clock",
            Self::Vacation => "vacation",
            Self::DoesNotLoad => "does_not_load",
        }
    }

    /// Whether it is a breaker that looks at what reps' touches bring, so that reps are told of it too.
    #[must_use]
    pub fn is_about_touches(self) -> bool {
        matches!(
            self,
            Self::Complaints | Self::ManyComplaints | Self::Bounces | Self::Policy | Self::InDoubt
        )
    }
}

/// A hold that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What is held.
    pub scope: Scope,
    /// Who or what put it. One scope may be held for several causes, each once.
    pub cause: Cause,
    /// Why, one line for people; no address of a prospect.
    pub why: String,
    /// Who put it, as far as known.
    pub by: String,
    /// Since when.
    pub since: Timestamp,
    /// Clears by itself then; `None`: when somebody clears it.
    pub clears: Option<Timestamp>,
}

impl Hold {
    /// What kind of scope, for the log, where no address stands.
    #[must_use]
    pub fn scope_kind(&self) -> &'static str {
        match self.scope {
            Scope::All => "all",
            Scope::Cadence(_) => "cadence",
            Scope::Rep(_) => "rep",
        }
    }
}

/// A fact that a breaker may count, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// When.
    pub at: Timestamp,
    /// In whose name.
    pub rep: Address,
    /// In what.
    pub cadence: CadenceName,
    /// What.
    pub fact: Fact,
}

/// An order to clear holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unhold {
    /// Of what.
    pub scope: Scope,
    /// Only those of this cause; `None`: all.
    pub cause: Option<Cause>,
    /// Who says so.
    pub by: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_comes_back_from_its_code() {
        for scope in [
            Scope::All,
            Scope::Cadence(CadenceName::parse("outbound").expect("a name")),
            Scope::Rep(Address::parse("ana@corp.test").expect("an address")),
        ] {
            assert_eq!(Scope::parse(&scope.code()), Some(scope));
        }
        for code in ["", "everything", "cadence", "rep nobody", "cadence A b", "all x"] {
            assert_eq!(Scope::parse(code), None, "{code}");
        }
    }
}
