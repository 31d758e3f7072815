//! The send ledger: letters from `ready` to what became of them (design §6).
//!
//! `ready` → `claimed` by a lease → `sending`, durably, before the first byte of content → `sent`, `refused`, `in_doubt`,
//! or `ready` again when the server put it off. Only `ready` and an expired `claimed` are ever claimed, never `sending`:
//! what may have gone out does not go out again by itself. `in_doubt` becomes `sent` by evidence, `presumed_sent` by
//! time, and `ready` again by an explicit order alone; from then on it is never `withdrawn`, since it may have gone out.

use super::batch::LetterMove;
use super::commit::belongs;
use super::enrollment_row::{self, First};
use super::error::{CommitError, StoreError};
use super::tx::{Row, Tx, Value};
use super::{holds, suppressions};
use crate::model::{
    Address, Enrollment, EnrollmentId, Letter, LetterClass, LetterId, LetterState, MessageId, StepNo, limits,
};
use jiff::{SignedDuration, Timestamp};

/// A letter claimed for sending.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The letter.
    pub letter: Letter,
    /// How often it was claimed, this time counted.
    pub attempts: u32,
    /// How often a relay that let us in put it off, since `since`.
    pub heard: u32,
    /// How often its content began to go out; of a letter that was claimed, the time that is to come counted.
    pub begun: u32,
    /// When it became ready first, or was not heard last.
    pub since: Timestamp,
    /// When a touch passed the gate last, if it did.
    pub passed: Option<Timestamp>,
    /// Whether it was in doubt before and goes out again on somebody's word.
    pub again: bool,
    /// What [`super::Store::begin_sending`] asks for: no older claim of the same letter opens the gate.
    pub claim: i64,
    /// For a touch: its enrollment as it stood then.
    pub enrollment: Option<Enrollment>,
    /// And what it began with: what a commit about this enrollment need not load again ([`super::Batch::basis`]).
    pub first: Option<First>,
}

/// The beginning of every query for letters; `WHERE` on `l` follows.
pub(super) const SELECT: &str = "SELECT l.id, l.class, l.enrollment, l.step, l.rep, l.envelope_from, l.recipient, \
     l.message_id, l.state, l.not_before_ms, l.attempts, l.since_ms, l.sent_ms, l.doubt_ms, l.begun, l.heard, l.reply, b.bytes \
     FROM letter l JOIN letter_body b ON b.letter = l.id";

/// What goes first: what reps wait for, then the conversations that have begun, then new ones.
fn rank(letter: &Letter) -> i64 {
    match letter.class {
        LetterClass::Digest
        | LetterClass::Receipt
        | LetterClass::Relay
        | LetterClass::Alert
        | LetterClass::Answer
        | LetterClass::Report => 0,
        LetterClass::Step if letter.touch.is_some_and(|(_, step)| step > StepNo::FIRST) => 1,
        LetterClass::Step => 2,
    }
}

/// Lays a letter ready. A step's letter that was withdrawn (by a pause, an auto-reply) never went out, so the same step
/// may be rendered again under the same id.
pub(super) fn insert(tx: &Tx<'_>, letter: &Letter, at: Timestamp) -> Result<(), StoreError> {
    let cadence = match letter.touch {
        Some((enrollment, _)) => {
            enrollment_row::load(tx, enrollment)?.map(|(enrollment, _)| enrollment.cadence.to_string())
        }
        None => None,
    };
    let written = tx.execute(
        "INSERT INTO letter (id, class, enrollment, step, rep, envelope_from, recipient, message_id, size, rank, state, \
         not_before_ms, attempts, since_ms, cadence) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'ready', $11, 0, $12, $13) \
         ON CONFLICT (id) DO UPDATE SET rep = excluded.rep, envelope_from = excluded.envelope_from, \
         recipient = excluded.recipient, message_id = excluded.message_id, size = excluded.size, state = 'ready', \
         not_before_ms = excluded.not_before_ms, since_ms = excluded.since_ms, reply = NULL \
         WHERE letter.state = 'withdrawn' AND letter.class = 'step'",
        &[
            letter.id.0.into(),
            letter.class.code().into(),
            letter.touch.map(|(enrollment, _)| enrollment.0).into(),
            letter.touch.map(|(_, step)| i64::from(step.0)).into(),
            letter.rep.as_str().into(),
            letter.envelope_from.as_ref().map(|from| from.as_str()).into(),
            letter.to.as_str().into(),
            letter.message_id.as_str().into(),
            i64::try_from(letter.bytes.len()).unwrap_or(i64::MAX).into(),
            rank(letter).into(),
            letter.not_before.into(),
            at.into(),
            cadence.into(),
        ],
    )?;
    if written == 0 {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO letter_body (letter, bytes) VALUES ($1, $2) ON CONFLICT (letter) DO UPDATE SET bytes = excluded.bytes",
        &[letter.id.0.into(), letter.bytes.as_slice().into()],
    )?;
    match letter.touch {
        // Before it is sent: an answer may be read before the server's own answer is.
        Some((enrollment, _)) => belongs(tx, std::slice::from_ref(&letter.message_id), enrollment),
        None => Ok(()),
    }
}

/// Takes back what lies ready or is about to be sent.
pub(super) fn withdraw(tx: &Tx<'_>, enrollment: EnrollmentId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE letter SET state = CASE WHEN doubt_ms IS NULL THEN 'withdrawn' ELSE 'in_doubt' END, lease_until_ms = NULL \
         WHERE enrollment = $1 AND class = 'step' AND (state = 'ready' OR state = 'claimed')",
        &[enrollment.0.into()],
    )
    .map(drop)
}

/// Whether the ledger lets a letter go from one state to another by a batch.
fn is_allowed(from: LetterState, to: LetterState) -> bool {
    use LetterState::{Claimed, InDoubt, PresumedSent, Ready, Refused, Sending, Sent, Withdrawn};
    match (from, to) {
        (_, Claimed | Sending) | (Sent, _) => false,
        (InDoubt, Sent | PresumedSent | Ready) | (PresumedSent, Sent | Ready) => true,
        (InDoubt | PresumedSent, _) => false,
        // `withdrawn` promises that nothing went out, and a withdrawn letter may be rendered and sent again.
        (_, Withdrawn) => matches!(from, Ready | Claimed),
        (_, PresumedSent) => false,
        (_, Ready | Sent | Refused | InDoubt) => true,
    }
}

/// Moves a letter on.
pub(super) fn shift(tx: &Tx<'_>, step: &LetterMove, at: Timestamp) -> Result<(), CommitError> {
    if !is_allowed(step.from, step.to) {
        let text = format!(
            "letter {} cannot go from {} to {}",
            step.id,
            step.from.code(),
            step.to.code()
        );
        return Err(StoreError::misfit(text).into());
    }
    let ordered_again =
        matches!(step.from, LetterState::InDoubt | LetterState::PresumedSent) && step.to == LetterState::Ready;
    let written = tx.execute(
        "UPDATE letter SET state = CASE WHEN $3 = 'withdrawn' AND doubt_ms IS NOT NULL THEN 'in_doubt' ELSE $3 END, \
         lease_until_ms = NULL, not_before_ms = COALESCE($4, not_before_ms), reply = COALESCE($5, reply), \
         doubt_ms = CASE WHEN $3 = 'in_doubt' THEN COALESCE(doubt_ms, $6) ELSE doubt_ms END, \
         since_ms = COALESCE($7, since_ms), begun = begun - CASE WHEN begun > 0 THEN $8 ELSE 0 END, \
         heard = CASE WHEN $7 IS NULL THEN heard + $10 ELSE 0 END, \
         sent_ms = CASE WHEN $3 = 'ready' THEN NULL \
                        WHEN $3 = 'in_doubt' AND class = 'step' THEN COALESCE(sent_ms, $6) \
                        WHEN $3 = 'sent' AND $9 < sent_ms THEN $9 ELSE sent_ms END \
         WHERE id = $1 AND state = $2",
        &[
            step.id.0.into(),
            step.from.code().into(),
            step.to.code().into(),
            step.not_before.into(),
            step.reply.as_deref().into(),
            at.into(),
            ordered_again.then_some(at).or(step.since).into(),
            i64::from(step.untaken && step.to == LetterState::Ready).into(),
            step.seen.into(),
            i64::from(step.heard).into(),
        ],
    )?;
    if written == 0 { Err(CommitError::Stale) } else { Ok(()) }
}

/// Which letters may be claimed, best first, one query for each way to be: the index of each gives them in order. Those
/// of touches are followed by [`holds::FREE`].
pub(super) const CLAIMABLE: [&str; 5] = [
    "SELECT id, size, rep FROM letter WHERE state = 'claimed' AND rank = 0 AND lease_until_ms <= $1 ORDER BY lease_until_ms LIMIT $2",
    "SELECT id, size, rep FROM letter WHERE state = 'ready' AND rank = 0 AND not_before_ms <= $1 ORDER BY not_before_ms LIMIT $2",
    "SELECT id, size, rep FROM letter WHERE state = 'claimed' AND rank > 0 AND lease_until_ms <= $1 AND {free} ORDER BY lease_until_ms LIMIT $2",
    "SELECT id, size, rep FROM letter WHERE state = 'ready' AND rank = 1 AND not_before_ms <= $1 AND {free} ORDER BY not_before_ms LIMIT $2",
    "SELECT id, size, rep FROM letter WHERE state = 'ready' AND rank = 2 AND not_before_ms <= $1 AND {free} ORDER BY not_before_ms LIMIT $2",
];

/// A query with its `{free}` filled in.
pub(super) fn of_free(sql: &str) -> String {
    sql.replace("{free}", holds::FREE)
}

/// Which letters may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claims {
    /// Every class.
    All,
    /// What goes to reps: no touches, because nothing proves that nobody said stop.
    Notices,
}

impl Claims {
    fn queries(self) -> impl Iterator<Item = &'static str> {
        let many = match self {
            Self::All => CLAIMABLE.len(),
            Self::Notices => 2,
        };
        CLAIMABLE.into_iter().take(many)
    }
}

/// Whether a touch is ready.
pub(super) fn touches_ready(tx: &Tx<'_>, now: Timestamp) -> Result<bool, StoreError> {
    for sql in CLAIMABLE.into_iter().skip(2) {
        if tx.first(&of_free(sql), &[now.into(), Value::Int(1)])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Claims letters until `limit` or [`limits::CLAIM_BYTES`] is reached; one at least, if there is one. Which, best first: what
/// they say is read when that is committed ([`claimed`]), not while everybody waits for the writer.
pub(super) fn claim(
    tx: &Tx<'_>,
    now: Timestamp,
    limit: usize,
    which: Claims,
    shut: &[Address],
) -> Result<Vec<LetterId>, StoreError> {
    let lease = SignedDuration::try_from(limits::LEASE).unwrap_or(SignedDuration::ZERO);
    let lease_until = now.checked_add(lease).unwrap_or(now);
    holds::expire(tx, now)?;
    let mut claimed = Vec::new();
    let mut room = limits::CLAIM_BYTES;
    for (nth, sql) in which.queries().enumerate() {
        // The first two are no touches.
        let shut = if nth < 2 { &[] } else { shut };
        let wanted = limit.saturating_sub(claimed.len());
        let rows = tx.query(&of_free(sql), &[now.into(), looked_at(wanted, shut).into()])?;
        for row in rows.iter().filter(|row| !is_shut(row, shut)).take(wanted) {
            room = room.saturating_sub(row.int("size")?);
            if room < 0 && !claimed.is_empty() {
                return Ok(claimed);
            }
            let id = LetterId(row.int("id")?);
            tx.execute(
                "UPDATE letter SET state = 'claimed', attempts = attempts + 1, lease_until_ms = $2 WHERE id = $1",
                &[id.0.into(), lease_until.into()],
            )?;
            claimed.push(id);
        }
    }
    Ok(claimed)
}

/// What was claimed, in the order of `ids`, but for what a stop took back meanwhile.
pub(super) fn claimed(tx: &Tx<'_>, ids: &[LetterId]) -> Result<Vec<Claimed>, StoreError> {
    let sql = format!("{SELECT} WHERE l.id = $1 AND l.state = 'claimed'");
    let mut claimed = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = tx.first(&sql, &[id.0.into()])? {
            claimed.push(read_claimed(tx, &row)?);
        }
    }
    Ok(claimed)
}

/// How many rows have to be looked at to find `wanted` that are not shut.
pub(super) fn looked_at(wanted: usize, shut: &[Address]) -> i64 {
    let many = if shut.is_empty() {
        wanted
    } else {
        wanted.max(limits::TOUCHES_TAKEN)
    };
    i64::try_from(many).unwrap_or(i64::MAX)
}

/// Whether a row is of one of these reps.
pub(super) fn is_shut(row: &Row, shut: &[Address]) -> bool {
    !shut.is_empty()
        && row
            .text("rep")
            .is_ok_and(|rep| shut.iter().any(|other| other.as_str() == rep))
}

/// What the gate asks of a letter: whether it is still this claim's, whether its enrollment stands at it, and whether it
/// is held. One that is sent again on somebody's word has an enrollment that went on, and must not have been stopped.
const AT_THE_GATE: &str = "SELECT l.class, l.recipient, l.doubt_ms, e.person, s.address AS suppressed, \
     CASE WHEN e.standing = 'sending' AND e.letter = l.id THEN 1 \
     WHEN l.doubt_ms IS NOT NULL AND (e.standing = 'waiting' OR e.letter = l.id) THEN 1 ELSE 0 END AS stands, \
     CASE WHEN {free} THEN 1 ELSE 0 END AS free \
     FROM letter l LEFT JOIN enrollment e ON e.id = l.enrollment LEFT JOIN suppression s ON s.address = e.person \
     WHERE l.id = $1 AND l.state = 'claimed' AND l.attempts = $2 AND l.lease_until_ms > $3";

/// The gate after the 354. `Ok(false)` is written too: a step's letter that may not go any more is withdrawn, or, when it
/// was in doubt before, in doubt again. One that is held stays claimed, so that it can be laid ready again.
pub(super) fn begin_sending(tx: &Tx<'_>, id: LetterId, claim: i64, now: Timestamp) -> Result<bool, StoreError> {
    let sql = AT_THE_GATE.replace("{free}", holds::FREE_NOW);
    let Some(row) = tx.first(&sql, &[id.0.into(), claim.into(), now.into()])? else {
        return Ok(false);
    };
    let touch = row.text("class")? == LetterClass::Step.code();
    let open = !touch || row.int("stands")? == 1 && !is_suppressed(tx, &row)?;
    if open && touch && row.int("free")? == 0 {
        return Ok(false);
    }
    let state = match (open, row.int_if_any("doubt_ms")?) {
        (true, _) => LetterState::Sending,
        (false, None) => LetterState::Withdrawn,
        (false, Some(_)) => LetterState::InDoubt,
    };
    tx.execute(
        "UPDATE letter SET state = $2, lease_until_ms = NULL, sent_ms = $3, begun = begun + $4 WHERE id = $1",
        &[
            id.0.into(),
            state.code().into(),
            (open && touch).then_some(now).into(),
            i64::from(open).into(),
        ],
    )?;
    Ok(open)
}

/// Whether the recipient is suppressed, by itself or by its domain. The enrollment's person was asked about with the rest.
fn is_suppressed(tx: &Tx<'_>, letter: &Row) -> Result<bool, StoreError> {
    if letter.text_if_any("suppressed")?.is_some() {
        return Ok(true);
    }
    let recipient = letter.read("recipient", |text| Address::parse(text).ok())?.loose();
    Ok(suppressions::find(tx, &recipient)?.is_some())
}

/// What stands at `state`, which is `claimed` or `sending`: few, for a round claims few.
pub(super) fn left(tx: &Tx<'_>, state: LetterState) -> Result<Vec<Claimed>, StoreError> {
    // Written out, not a parameter, so that the partial index serves.
    let sql = format!("{SELECT} WHERE l.state = '{}' ORDER BY l.id", state.code());
    let rows = tx.query(&sql, &[])?;
    rows.iter().map(|row| read_claimed(tx, row)).collect()
}

pub(super) fn read_claimed(tx: &Tx<'_>, row: &Row) -> Result<Claimed, StoreError> {
    let letter = read(row)?;
    let (enrollment, first) = match letter.touch {
        Some((id, _)) => enrollment_row::load(tx, id)?.unzip(),
        None => (None, None),
    };
    let to_come = u32::from(read_state(row)? == LetterState::Claimed);
    Ok(Claimed {
        begun: row.small::<u32>("begun")?.saturating_add(to_come),
        letter,
        enrollment,
        first,
        attempts: row.small("attempts")?,
        heard: row.small("heard")?,
        since: row.time("since_ms")?,
        passed: row.int_if_any("sent_ms")?.and_then(super::tx::moment),
        again: row.int_if_any("doubt_ms")?.is_some(),
        claim: row.int("attempts")?,
    })
}

/// Reads a row of [`SELECT`].
pub(super) fn read(row: &Row) -> Result<Letter, StoreError> {
    let address = |column| row.read(column, |text| Address::parse(text).ok());
    let touch = match row.int_if_any("enrollment")? {
        Some(enrollment) => Some((EnrollmentId(enrollment), StepNo(row.small("step")?))),
        None => None,
    };
    let envelope_from = match row.text_if_any("envelope_from")? {
        Some(_) => Some(address("envelope_from")?),
        None => None,
    };
    Ok(Letter {
        id: LetterId(row.int("id")?),
        class: row.read("class", |code| {
            LetterClass::ALL.into_iter().find(|class| class.code() == code)
        })?,
        touch,
        rep: address("rep")?,
        envelope_from,
        to: address("recipient")?,
        message_id: row.read("message_id", MessageId::parse)?,
        bytes: row.blob("bytes")?,
        not_before: row.time("not_before_ms")?,
    })
}

/// A letter and where it stands.
pub(super) fn letter(tx: &Tx<'_>, id: LetterId) -> Result<Option<(Letter, LetterState)>, StoreError> {
    tx.first(&format!("{SELECT} WHERE l.id = $1"), &[id.0.into()])?
        .map(|row| Ok((read(&row)?, read_state(&row)?)))
        .transpose()
}

pub(super) fn read_state(row: &Row) -> Result<LetterState, StoreError> {
    row.read("state", |code| {
        LetterState::ALL.into_iter().find(|state| state.code() == code)
    })
}

/// The soonest moment at which a letter may be claimed.
pub(super) fn next_letter(tx: &Tx<'_>) -> Result<Option<i64>, StoreError> {
    let mut soonest = None;
    for sql in SOONEST {
        if let Some(row) = tx.first(&of_free(sql), &[] as &[Value<'_>])? {
            let at = row.int("at_ms")?;
            soonest = Some(soonest.map_or(at, |before: i64| before.min(at)));
        }
    }
    Ok(soonest)
}

/// One look at the head of an index each. What is held waits for no time.
pub(super) const SOONEST: [&str; 4] = [
    "SELECT lease_until_ms AS at_ms FROM letter WHERE state = 'claimed' ORDER BY lease_until_ms LIMIT 1",
    "SELECT not_before_ms AS at_ms FROM letter WHERE state = 'ready' AND rank = 0 ORDER BY not_before_ms LIMIT 1",
    "SELECT not_before_ms AS at_ms FROM letter WHERE state = 'ready' AND rank = 1 AND {free} ORDER BY not_before_ms LIMIT 1",
    "SELECT not_before_ms AS at_ms FROM letter WHERE state = 'ready' AND rank = 2 AND {free} ORDER BY not_before_ms LIMIT 1",
];
