//! Reports about people, and whom nobody mails.

/// Suppressions that are read at a time.
pub const NEVER_LISTED: usize = 1_000;
/// Reports about people that are taken in before the other rounds have their turn.
pub const SIGHTINGS: usize = 200;
/// Answers of a web form that are read.
pub const LEAD_FIELDS: usize = 60;
/// Characters of one answer of a web form.
pub const LEAD_VALUE: usize = 1_000;
/// Refused forms that the administrator is told about in a day: a flood of forged ones would be a flood of our own.
pub const LEADS_TOLD: usize = 50;
