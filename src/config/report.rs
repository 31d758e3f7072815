//! `[report]`: who gets reports by mail, and when.

use super::hours::clock;
use super::people::zone;
use super::read::Section;
use super::sections::{address, top_keys};
use crate::model::{Address, Promote, limits};
use crate::report::MINIMUM;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// Who gets reports by mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Reports {
    /// Whether each rep gets the numbers of their week.
    pub reps: bool,
    /// Who gets the numbers of the team.
    pub managers: Vec<Address>,
    /// Whether managers get a look at the team each business day.
    pub daily: bool,
    /// Whether managers get those of each week, month and quarter.
    pub weekly: bool,
    /// As above.
    pub monthly: bool,
    /// As above.
    pub quarterly: bool,
    /// When managers get them; a rep gets them with the digest.
    pub at: Time,
    /// The managers' zone; `None`: that of the first rep.
    pub zone: Option<(String, TimeZone)>,
    /// Sends of a wording, and people of a comparison, below which nothing is judged.
    pub minimum: i64,
    /// What the dice of tests are thrown by; nothing that was dealt moves with it.
    pub seed: i64,
    /// Whether the winner of a test goes to everybody at somebody's word or at once.
    pub promote: Promote,
}

/// `[report]`.
pub(super) fn reports(top: &Section<'_, '_>) -> Reports {
    let section = top.section("report");
    let flag = |key| section.flag(key).is_none_or(|flag| flag.value);
    let managers = section.list("managers", "a list of addresses, [\"lead@example.com\"]");
    let managers = managers.map_or_else(Vec::new, |list| list.value);
    let managers = managers
        .into_iter()
        .filter_map(|entry| section.parsed(Some(entry), address));
    let mut known: Vec<Address> = Vec::new();
    for manager in managers {
        if known.iter().any(|other| other.same_as(&manager.value)) {
            section.wrong(&manager.at, "this address stands here twice");
        } else {
            known.push(manager.value);
        }
    }
    let reports = Reports {
        reps: flag("reps"),
        managers: known,
        daily: flag("daily"),
        weekly: flag("weekly"),
        monthly: flag("monthly"),
        quarterly: flag("quarterly"),
        at: clock(&section, "at", "08:00").unwrap_or(Time::constant(8, 0, 0, 0)),
        zone: section.parsed(section.text("zone"), zone).map(|found| found.value),
        minimum: section
            .number("minimum", 1, limits::MINIMUM_MOST)
            .map_or(MINIMUM, |found| found.value),
        seed: section.number("seed", 0, i64::MAX).map_or(0, |found| found.value),
        promote: section
            .parsed(section.text("promote"), promote)
            .map_or(Promote::Ask, |found| found.value),
    };
    section.finish(top_keys());
    reports
}

fn promote(word: &str) -> Result<Promote, String> {
    let known = Promote::ALL.into_iter().find(|promote| promote.word() == word);
    known.ok_or_else(|| format!("expected `ask`, `auto` or `off`, found `{word}`"))
}
