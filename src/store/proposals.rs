//! People about whom a rep was asked back, and alerts that are gathered into one mail, as rows.

use super::error::{CommitError, StoreError};
use super::tx::{Row, Tx};
use super::{Store, bound};
use crate::model::{Address, EnrollmentId, LetterId, Proposal, ProposalState, Wish};
use jiff::Timestamp;

const SELECT: &str = "SELECT letter, rep, asked_ms, expires_ms, state, wish, enrolled FROM proposal";

/// What becomes of a proposal.
#[derive(Debug, Clone)]
pub struct ProposalMove {
    /// Which.
    pub letter: LetterId,
    /// Where it must stand; otherwise the whole batch is [`CommitError::Stale`].
    pub from: ProposalState,
    /// Where it stands then.
    pub to: ProposalState,
    /// What it is about from then on.
    pub wish: Wish,
    /// Who was enrolled by it.
    pub enrolled: Vec<EnrollmentId>,
}

/// An alert that is told with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// The letter that it would have been.
    pub letter: LetterId,
    /// Who is told.
    pub rep: Address,
    /// Which kind of alert.
    pub kind: String,
    /// About which enrollment; `None`: a warning to the administrator.
    pub enrollment: Option<EnrollmentId>,
    /// Whose.
    pub who: String,
    /// What happened, one line.
    pub what: String,
    /// When.
    pub at: Timestamp,
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::misfit("a proposal makes no JSON"))
}

pub(super) fn insert(tx: &Tx<'_>, new: &Proposal) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO proposal (letter, rep, asked_ms, expires_ms, state, wish, enrolled) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        &[
            new.letter.0.into(),
            new.rep.as_str().into(),
            new.asked_at.into(),
            new.expires.into(),
            new.state.code().into(),
            json(&new.wish)?.into(),
            json(&new.enrolled)?.into(),
        ],
    )
    .map(drop)
}

pub(super) fn shift(tx: &Tx<'_>, step: &ProposalMove) -> Result<(), CommitError> {
    let moved = tx.execute(
        "UPDATE proposal SET state = $3, wish = $4, enrolled = $5 WHERE letter = $1 AND state = $2",
        &[
            step.letter.0.into(),
            step.from.code().into(),
            step.to.code().into(),
            json(&step.wish)?.into(),
            json(&step.enrolled)?.into(),
        ],
    )?;
    if moved == 0 { Err(CommitError::Stale) } else { Ok(()) }
}

fn read(row: &Row) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        letter: LetterId(row.int("letter")?),
        rep: row.read("rep", |text| Address::parse(text).ok())?,
        asked_at: row.time("asked_ms")?,
        expires: row.time("expires_ms")?,
        state: row.read("state", ProposalState::of_code)?,
        wish: row.json("wish")?,
        enrolled: row.json("enrolled")?,
    })
}

pub(super) fn of_letter(tx: &Tx<'_>, letter: LetterId) -> Result<Option<Proposal>, StoreError> {
    let row = tx.first(&format!("{SELECT} WHERE letter = $1"), &[letter.0.into()])?;
    row.map(|row| read(&row)).transpose()
}

pub(super) const CONFIRMED: &str = "WHERE state = 'confirmed' ORDER BY expires_ms LIMIT $1";
pub(super) const OVERDUE: &str = "WHERE (state = 'asked' OR state = 'confirmed') AND expires_ms <= $1 \
     ORDER BY expires_ms LIMIT $2";

/// Those that the rep said yes to.
pub(super) fn confirmed(tx: &Tx<'_>, limit: usize) -> Result<Vec<Proposal>, StoreError> {
    let rows = tx.query(&format!("{SELECT} {CONFIRMED}"), &[bound(limit)])?;
    rows.iter().map(read).collect()
}

/// Those that nobody said anything to in time.
pub(super) fn overdue(tx: &Tx<'_>, now: Timestamp, limit: usize) -> Result<Vec<Proposal>, StoreError> {
    let rows = tx.query(&format!("{SELECT} {OVERDUE}"), &[now.into(), bound(limit)])?;
    let all = rows.iter().map(read);
    all.filter(|found| found.as_ref().map_or(true, |found| found.state == ProposalState::Asked))
        .collect()
}

pub(super) fn gather(tx: &Tx<'_>, new: &Gathered) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO gathered (letter, rep, kind, enrollment, who, what, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT DO NOTHING",
        &[
            new.letter.0.into(),
            new.rep.as_str().into(),
            new.kind.as_str().into(),
            new.enrollment.map(|id| id.0).into(),
            new.who.as_str().into(),
            new.what.as_str().into(),
            new.at.into(),
        ],
    )
    .map(drop)
}

pub(super) const GATHERED: &str = "SELECT letter, rep, kind, enrollment, who, what, at_ms FROM gathered \
     ORDER BY rep, kind, at_ms LIMIT $1";

/// All that is gathered and not told yet, by rep and kind, oldest first.
pub(super) fn gathered(tx: &Tx<'_>, limit: usize) -> Result<Vec<Gathered>, StoreError> {
    let rows = tx.query(GATHERED, &[bound(limit)])?;
    let each = rows.iter().map(|row| {
        Ok(Gathered {
            letter: LetterId(row.int("letter")?),
            rep: row.read("rep", |text| Address::parse(text).ok())?,
            kind: row.text("kind")?.to_owned(),
            enrollment: row.int_if_any("enrollment")?.map(EnrollmentId),
            who: row.text("who")?.to_owned(),
            what: row.text("what")?.to_owned(),
            at: row.time("at_ms")?,
        })
    });
    each.collect()
}

/// It is told.
pub(super) fn told(tx: &Tx<'_>, letter: LetterId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM gathered WHERE letter = $1", &[letter.0.into()])
        .map(drop)
}

/// Proposals, gathered alerts.
impl Store {
    /// The people about whom a letter asks.
    pub async fn proposal(&self, letter: LetterId) -> Result<Option<Proposal>, StoreError> {
        self.readers.read(move |tx| of_letter(tx, letter)).await
    }

    /// Proposals that a rep said yes to and that are not done.
    pub async fn confirmed(&self, limit: usize) -> Result<Vec<Proposal>, StoreError> {
        self.readers.read(move |tx| confirmed(tx, limit)).await
    }

    /// Proposals that nobody said anything to in time.
    pub async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<Proposal>, StoreError> {
        self.readers.read(move |tx| overdue(tx, now, limit)).await
    }

    /// Alerts that wait to be told together, by rep and kind, oldest first.
    pub async fn gathered(&self, limit: usize) -> Result<Vec<Gathered>, StoreError> {
        self.readers.read(move |tx| gathered(tx, limit)).await
    }
}
