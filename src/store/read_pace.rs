//! Questions about pace: which touches went out, are ready, or wait for their turn. Every query reads from an index.

use super::error::StoreError;
use super::tx::{Row, Tx, Value};
use super::{bound, holds, ledger};
use crate::model::{Address, EnrollmentId, LetterId, LooseAddress, Stage, StepNo, Taken, Usage, limits};
use jiff::Timestamp;

/// A touch that a claim would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyTouch {
    /// Its letter.
    pub letter: LetterId,
    /// Whose.
    pub enrollment: EnrollmentId,
    /// When it was to go.
    pub not_before: Timestamp,
    /// How often the letter was claimed so far.
    pub attempts: u32,
}

/// Which touches are ready and not held, best first: follow-ups, then first touches.
pub(super) const READY: [&str; 2] = [
    "SELECT id, enrollment, not_before_ms, attempts, rep FROM letter WHERE state = 'ready' AND rank = 1 AND not_before_ms <= $1 AND {free} \
     ORDER BY not_before_ms LIMIT $2",
    "SELECT id, enrollment, not_before_ms, attempts, rep FROM letter WHERE state = 'ready' AND rank = 2 AND not_before_ms <= $1 AND {free} \
     ORDER BY not_before_ms LIMIT $2",
];

pub(super) fn ready(
    tx: &Tx<'_>,
    now: Timestamp,
    limit: usize,
    shut: &[Address],
) -> Result<Vec<ReadyTouch>, StoreError> {
    let mut found = Vec::new();
    for sql in READY {
        let wanted = limit.saturating_sub(found.len());
        let rows = tx.query(
            &sql.replace("{free}", holds::FREE_SOON),
            &[now.into(), ledger::looked_at(wanted, shut).into()],
        )?;
        for row in rows.iter().filter(|row| !ledger::is_shut(row, shut)).take(wanted) {
            found.push(ReadyTouch {
                letter: LetterId(row.int("id")?),
                enrollment: EnrollmentId(row.int("enrollment")?),
                not_before: row.time("not_before_ms")?,
                attempts: row.small("attempts")?,
            });
        }
    }
    Ok(found)
}

pub(super) const SINCE: &str =
    "SELECT sent_ms AS at_ms FROM letter WHERE rep = $1 AND sent_ms IS NOT NULL ORDER BY sent_ms LIMIT 1";

/// Touches of a rep that went out, or may have: the newest.
pub(super) const MADE: &str = "SELECT enrollment, step, recipient AS person, sent_ms AS at_ms FROM letter \
     WHERE rep = $1 AND sent_ms > $2 ORDER BY sent_ms DESC LIMIT $3";

/// Touches of a rep whose letter is ready, at the time at which they were to go, and those about to go now.
pub(super) const ON_THE_WAY: &str = "SELECT l.enrollment, l.step, l.recipient AS person, \
     CASE WHEN l.state = 'claimed' THEN $3 ELSE l.not_before_ms END AS at_ms \
     FROM enrollment e JOIN letter l ON l.id = e.letter \
     WHERE e.rep = $1 AND e.standing = 'sending' AND l.sent_ms IS NULL LIMIT $2";

/// Touches of a rep that wait for their turn, the soonest.
pub(super) const WAITING: &str = "SELECT q.enrollment, e.step, e.person, q.due_ms AS at_ms FROM queue q JOIN enrollment e ON e.id = q.enrollment \
     WHERE q.rep = $1 ORDER BY q.due_ms LIMIT $2";

/// Touches of other reps to one person: those that went out, and those on the way at the time at which they were to go.
pub(super) const TO_PERSON: &str = "SELECT l.enrollment, l.step, l.recipient AS person, \
     COALESCE(l.sent_ms, l.not_before_ms) AS at_ms FROM enrollment e JOIN letter l ON l.enrollment = e.id \
     WHERE e.person = $1 AND e.rep <> $2 AND l.class = 'step' \
     AND (l.sent_ms > $3 OR l.state = 'ready' OR l.state = 'claimed')";

pub(super) fn usage(
    tx: &Tx<'_>,
    rep: &Address,
    people: &[LooseAddress],
    after: Timestamp,
    now: Timestamp,
) -> Result<Usage, StoreError> {
    let by = || Value::from(rep.as_str());
    let most = || bound(limits::TOUCHES_TAKEN);
    let mut usage = Usage {
        since: tx.first(SINCE, &[by()])?.map(|row| row.time("at_ms")).transpose()?,
        ..Usage::default()
    };
    for (rows, stage) in [
        (tx.query(MADE, &[by(), after.into(), most()])?, Stage::Made),
        (tx.query(ON_THE_WAY, &[by(), most(), now.into()])?, Stage::Ready),
        (tx.query(WAITING, &[by(), most()])?, Stage::Planned),
    ] {
        for row in &rows {
            usage.taken.insert(taken(row, stage)?);
        }
    }
    for person in people {
        for row in tx.query(TO_PERSON, &[person.as_str().into(), by(), after.into()])? {
            usage.elsewhere.insert(taken(&row, Stage::Made)?);
        }
    }
    Ok(usage)
}

fn taken(row: &Row, stage: Stage) -> Result<Taken, StoreError> {
    Ok(Taken {
        at: row.time("at_ms")?,
        enrollment: EnrollmentId(row.int("enrollment")?),
        step: StepNo(row.small("step")?),
        person: row.read("person", |text| Address::parse(text).ok())?.loose(),
        stage,
    })
}
