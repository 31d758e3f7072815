//! The simulator: thousands of small worlds in which everything goes wrong, and the truth about each.
//!
//! The real rounds, rules, store (SQLite in memory), readers and writers of mail live in a world drawn from a seed: reps
//! and prospects of every temper, attackers, a mailbox and a relay that fail in every phase, a process that dies between
//! any two of its steps. What the prospects' mailboxes got, and when they had said stop, is known to the world and held
//! against properties P1–P40 of the reliability reference. The same seed is the same world, step by step.
//!
//! `plan` draws a world, `fault` what goes wrong in it, `cast` says what its people do, `town` lets it happen, `mailbox` and `relay` are the servers,
//! `life` runs the bots, each in its `seat`, `drive` lets them take turns step by step, `oracle` watches, `ends` asks what must hold at rest, `planted` breaks things on purpose, and
//! `minimise` finds the shortest script of a failure.

mod administrator;
mod cast;
mod drive;
mod ends;
mod fault;
mod letters;
mod life;
mod mailbox;
mod many;
mod minimise;
mod oracle;
mod plan;
mod planted;
mod relay;
mod report;
mod seat;
mod tampered;
mod town;

pub use fault::{Fault, How, Way, When};
pub use many::{Season, play};
pub use plan::{Attack, Item, Plan, Size, Sizes};
pub use planted::Planted;
pub use report::{Tally, Verdict, Violation};

use super::WorldError;
use crate::mail::classify::Trust;
use crate::model::{Address, BotAddress, Etiquette, Hours, Pace, Window};
use crate::service::House;
use crate::store::Snapshot;
use crate::template::{BotTexts, Library};
use jiff::civil::time;
use std::collections::BTreeSet;

/// Plays worlds, one after the other. Each thread has one of its own.
pub struct Stage {
    /// One for each bot that there may be in a world.
    houses: Vec<House>,
    empty: Snapshot,
}

impl Stage {
    /// A stage.
    ///
    /// # Errors
    /// When the shipped texts do not load or there is no memory.
    pub fn new() -> Result<Self, WorldError> {
        let empty = Snapshot::empty().map_err(|error| WorldError::of("the database", error))?;
        Ok(Self {
            houses: Vec::new(),
            empty,
        })
    }

    /// Plays the world of a seed.
    ///
    /// # Errors
    /// When the shipped texts do not load.
    pub fn play(&mut self, seed: u64, size: Size, planted: Planted) -> Result<Verdict, WorldError> {
        self.play_plan(&Plan::draw(seed, size), planted)
    }

    /// Plays a plan.
    ///
    /// # Errors
    /// When the shipped texts do not load.
    pub fn play_plan(&mut self, plan: &Plan, planted: Planted) -> Result<Verdict, WorldError> {
        let bots = if plan.leases { 2 } else { 1 };
        while self.houses.len() < bots {
            self.houses.push(house()?);
        }
        let houses = std::mem::take(&mut self.houses);
        let (verdict, houses) = life::live(plan, houses, &self.empty, planted);
        self.houses = houses;
        Ok(verdict)
    }

    /// The shortest script with which the world of a seed fails in the same way, and how; `None`: it does not fail.
    ///
    /// # Errors
    /// When the shipped texts do not load.
    pub fn minimise(&mut self, seed: u64, size: Size, planted: Planted) -> Result<Option<(Plan, Verdict)>, WorldError> {
        let plan = Plan::draw(seed, size);
        let failed = self.play_plan(&plan, planted)?;
        if failed.violations.is_empty() {
            return Ok(None);
        }
        let fallback = failed.clone();
        let play = |plan: &Plan| {
            let played = self.play_plan(plan, planted);
            played.unwrap_or_else(|_| Verdict {
                violations: Vec::new(),
                ..fallback.clone()
            })
        };
        Ok(Some(minimise::shortest(&plan, failed, play)))
    }
}

/// A house with everything that does not depend on the seed.
fn house() -> Result<House, WorldError> {
    let address = Address::parse("cadence@reps.test").map_err(|error| WorldError::of("the address", error))?;
    let problems = |what: &'static str| move |problems| WorldError::of(what, format!("{problems:?}"));
    Ok(House {
        bot: BotAddress::new(address, &seat::key(0)),
        bot_name: "Cadence".to_owned(),
        administrator: None,
        company_pause: true,
        reps: Vec::new(),
        domains: vec!["corp.test".to_owned(), "reps.test".to_owned()],
        aliases: Vec::new(),
        trust: Trust {
            authserv_ids: vec!["mx.reps.test".to_owned()],
            border: vec!["mx.reps.test".to_owned()],
            strict: false,
            ..Trust::default()
        },
        routes: Vec::new(),
        lead_sources: Vec::new(),
        etiquette: Etiquette::default(),
        hours: Hours {
            window: Window {
                from: time(9, 0, 0, 0),
                to: time(17, 0, 0, 0),
            },
            weekdays: Hours::USUAL_WEEKDAYS.into(),
            holidays: BTreeSet::new(),
            ..Hours::usual()
        },
        pace: Pace::USUAL,
        library: Library::with(&cast::cadence_files()).map_err(problems("the cadences do not load"))?,
        texts: BotTexts::embedded().map_err(problems("the bot's texts do not load"))?,
        postal_address: None,
        spoken: crate::service::Spoken::default(),
    })
}
