//! How many touches go out, how far apart, and what took their room already.

use super::{EnrollmentId, LooseAddress, StepNo};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

/// How a wait for pace begins, in every `why`: by this it is told from a wait for the step's own time. Never changed,
/// since journals hold it.
pub const WAITS_FOR_PACE: &str = "pace: ";

/// How fast mail touches go out (`[pace]`). Touches of humans have no pace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Mails of one rep in any 24 hours; a rep may have another number. Over [`super::limits::TOUCHES_TAKEN`] there is
    /// no cap and no ramp.
    pub daily_cap: u32,
    /// The cap on the day of a rep's first mail.
    pub ramp_from: u32,
    /// What the cap grows by each day after it, until it is `daily_cap`.
    pub ramp_by: u32,
    /// The least time between two mails of one rep.
    pub gap_from: Duration,
    /// The most that is put between two mails that wait for each other; between both the dice choose.
    pub gap_to: Duration,
    /// Between two mails of one rep to one domain.
    pub domain_gap: Duration,
    /// Between two mails to one person, in whatever cadences and of whatever reps.
    pub person_spacing: Duration,
}

impl Pace {
    /// What holds unless the configuration says otherwise.
    pub const USUAL: Self = Self {
        daily_cap: 50,
        ramp_from: 10,
        ramp_by: 5,
        gap_from: Duration::from_secs(90),
        gap_to: Duration::from_secs(420),
        domain_gap: Duration::from_secs(600),
        person_spacing: Duration::from_secs(24 * 3600),
    };

    /// No pace at all: everything goes when it falls due.
    pub const OFF: Self = Self {
        daily_cap: u32::MAX,
        ramp_from: u32::MAX,
        ramp_by: 0,
        gap_from: Duration::ZERO,
        gap_to: Duration::ZERO,
        domain_gap: Duration::ZERO,
        person_spacing: Duration::ZERO,
    };

    /// Whether there is nothing to wait for.
    #[must_use]
    pub fn is_off(&self) -> bool {
        let gaps = [self.gap_from, self.gap_to, self.domain_gap, self.person_spacing];
        let cap = usize::try_from(self.daily_cap).unwrap_or(usize::MAX);
        cap > super::limits::TOUCHES_TAKEN && gaps.iter().all(Duration::is_zero)
    }

    /// How far back a touch still takes room.
    #[must_use]
    pub fn reaches_back(&self) -> Duration {
        let day = Duration::from_secs(24 * 3600);
        [day, self.gap_to, self.domain_gap, self.person_spacing]
            .into_iter()
            .max()
            .unwrap_or(day)
    }
}

/// How sure it is that a touch takes its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Its content went out, or may have: what is in doubt counts as sent.
    Made,
    /// Its letter is ready or about to go.
    Ready,
    /// It waits for its turn.
    Planned,
}

/// Room that a touch takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// When.
    pub at: Timestamp,
    /// Whose.
    pub enrollment: EnrollmentId,
    /// Which touch of it.
    pub step: StepNo,
    /// To whom.
    pub person: LooseAddress,
    /// How sure that is.
    pub stage: Stage,
}

/// What took room already, for one rep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// When the rep's first mail went out; `None` before.
    pub since: Option<Timestamp>,
    /// The rep's touches, soonest first, as far back as they count.
    pub taken: BTreeSet<Taken>,
    /// Touches of other reps to people this is asked for.
    pub elsewhere: BTreeSet<Taken>,
}
