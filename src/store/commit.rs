//! A batch becomes rows, all of them or none: the one place where domain state is written.

use super::batch::{Batch, Begin, Change, DigestRow, MailRow, ReadTo};
use super::enrollment_row::First;
use super::error::{CommitError, StoreError};
use super::tx::{Tx, Value, moment};
use super::{
    enrollment_row, forgetting, holds, lease, ledger, promotions, proposals, quarantine, read_mails, said, sightings,
    suppressions, watches,
};
use crate::model::{
    ContentKey, Enrollment, EnrollmentId, Fact, MessageId, Misfit, Standing, Task, TaskId, TaskOutcome,
};
use jiff::Timestamp;

/// Writes a batch. What is known already is looked for first: a mail that comes twice is `Known`, however stale.
pub(super) fn commit(tx: &Tx<'_>, batch: &Batch) -> Result<(), CommitError> {
    let at = batch
        .at
        .map(whole)
        .ok_or_else(|| StoreError::misfit("a batch has no time"))?;
    if let Some(mail) = &batch.mail {
        write_mail(tx, mail, batch.head.as_ref(), at)?;
    }
    each(&batch.begin, |begin| write_begin(tx, begin, at))?;
    each(&batch.changes, |change| {
        write_change(tx, change, batch.basis.as_ref(), at)
    })?;
    each(&batch.moves, |step| ledger::shift(tx, step, at))?;
    each(&batch.withdraw, |id| Ok(ledger::withdraw(tx, *id)?))?;
    each(&batch.letters, |letter| Ok(ledger::insert(tx, letter, at)?))?;
    each(&batch.tasks, |task| Ok(open_task(tx, task)?))?;
    each(&batch.closed, |(id, outcome, note)| {
        Ok(close_task(tx, *id, *outcome, note.as_deref(), at)?)
    })?;
    each(&batch.reopened, |id| Ok(reopen_task(tx, *id)?))?;
    each(&batch.undropped, |(id, at)| Ok(undrop_tasks(tx, *id, *at)?))?;
    each(&batch.put_off, |(id, until)| Ok(put_off(tx, *id, *until)?))?;
    each(&batch.said, |(rep, said)| Ok(said::put(tx, rep, said, at)?))?;
    each(&batch.codes, |(rep, codes)| Ok(said::codes(tx, rep, *codes, at)?))?;
    each(&batch.proposals, |new| Ok(proposals::insert(tx, new)?))?;
    each(&batch.ruled, |step| proposals::shift(tx, step))?;
    each(&batch.gathered, |new| Ok(proposals::gather(tx, new)?))?;
    each(&batch.told, |letter| Ok(proposals::told(tx, *letter)?))?;
    each(&batch.drop_tasks, |id| Ok(drop_tasks(tx, *id, at)?))?;
    each(&batch.learned, |(mail, id)| {
        Ok(belongs(tx, std::slice::from_ref(mail), *id)?)
    })?;
    each(&batch.suppress, |suppression| Ok(suppressions::put(tx, suppression)?))?;
    each(&batch.unsuppress, |address| suppressions::remove(tx, address))?;
    each(&batch.sighted, |sighting| Ok(sightings::put(tx, sighting)?))?;
    each(&batch.taken_in, |id| sightings::take_in(tx, *id))?;
    each(&batch.hold, |hold| Ok(holds::put(tx, hold)?))?;
    each(&batch.unhold, |order| holds::clear(tx, order, at))?;
    each(&batch.rulings, |ruling| quarantine::rule(tx, ruling, at))?;
    if let Some(watch) = &batch.watch {
        watches::put(tx, watch)?;
    }
    if let Some((folder, read)) = &batch.watermark {
        write_watermark(tx, folder, *read)?;
    }
    if let Some(since) = batch.reread {
        forget_unmatched(tx, since)?;
    }
    if let Some((what, why)) = &batch.trouble {
        write_trouble(tx, what, why.as_deref(), at)?;
    }
    if let Some(tenure) = &batch.tenure {
        lease::put(tx, tenure, batch.at)?;
    }
    each(&batch.promotions, |said| Ok(promotions::put(tx, said)?))?;
    if let Some(digest) = &batch.digest {
        write_digest(tx, digest)?;
    }
    let forget = batch.forget.as_ref();
    forget.map_or(Ok(()), |forget| forgetting::forget(tx, forget, at))
}

fn each<T>(items: &[T], write: impl FnMut(&T) -> Result<(), CommitError>) -> Result<(), CommitError> {
    items.iter().try_for_each(write)
}

fn write_mail(tx: &Tx<'_>, mail: &MailRow, head: Option<&ContentKey>, at: Timestamp) -> Result<(), CommitError> {
    let enrollments: Vec<i64> = mail.enrollments.iter().map(|id| id.0).collect();
    let enrollments = serde_json::to_string(&enrollments).map_err(|_| StoreError::misfit("ids make no JSON"))?;
    let written = tx.execute(
        "INSERT INTO mail (key, tries, at_ms, kind, because, folder, filed, size, rep, enrollments, head) \
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (key) DO UPDATE SET at_ms = excluded.at_ms, kind = excluded.kind, because = excluded.because, folder = excluded.folder, \
         filed = excluded.filed, size = excluded.size, rep = excluded.rep, enrollments = excluded.enrollments, \
         head = excluded.head WHERE mail.kind IS NULL OR EXISTS \
         (SELECT 1 FROM ruling r WHERE r.mail = mail.key AND r.ruling = 'release' AND r.used_ms IS NULL)",
        &[
            mail.key.as_str().into(),
            at.into(),
            mail.kind.as_str().into(),
            mail.because.as_str().into(),
            mail.folder.as_str().into(),
            mail.filed.as_str().into(),
            i64::try_from(mail.size).unwrap_or(i64::MAX).into(),
            mail.rep.as_ref().map(|rep| rep.as_str()).into(),
            enrollments.into(),
            head.map(ContentKey::as_str).into(),
        ],
    )?;
    known_unless(written)?;
    Ok(quarantine::used(tx, &mail.key, at)?)
}

fn known_unless(written: usize) -> Result<(), CommitError> {
    if written == 0 { Err(CommitError::Known) } else { Ok(()) }
}

fn misfit(id: EnrollmentId) -> impl FnOnce(Misfit) -> StoreError {
    move |misfit| StoreError::misfit(format!("enrollment {id}: {misfit}"))
}

fn write_begin(tx: &Tx<'_>, begin: &Begin, at: Timestamp) -> Result<(), CommitError> {
    let id = begin.id;
    let facts: Vec<Fact> = begin.facts.iter().map(to_the_millisecond).collect();
    let Some((first, rest)) = facts.split_first() else {
        return Err(StoreError::misfit(format!("enrollment {id} begins without a fact")).into());
    };
    let mut enrollment = Enrollment::begin(id, at, first).map_err(misfit(id))?;
    let had = First::of(&enrollment);
    rest.iter()
        .try_for_each(|fact| enrollment.apply(at, fact))
        .map_err(misfit(id))?;
    let first_fact = enrollment_row::record_first(tx, id, at, first)?;
    for fact in rest {
        enrollment_row::record(tx, id, at, fact)?;
    }
    known_unless(insert(tx, &enrollment, &had, first_fact)?)?;
    for address in &begin.colleagues {
        tx.execute(
            "INSERT INTO colleague (enrollment, address) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[id.0.into(), address.as_str().into()],
        )?;
    }
    belongs(tx, &enrollment.thread.ids, id)?;
    Ok(())
}

fn insert(tx: &Tx<'_>, enrollment: &Enrollment, first: &First, first_fact: i64) -> Result<usize, StoreError> {
    let columns = enrollment_row::columns(enrollment, first)?;
    tx.execute(
        "INSERT INTO enrollment (id, version, rep, person, standing, step, due_ms, letter, first_fact, detail, company) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING",
        &[
            enrollment.id.0.into(),
            i64::from(enrollment.version).into(),
            enrollment.rep.as_str().into(),
            enrollment.prospect.address.loose().as_str().into(),
            columns.standing.into(),
            columns.step.into(),
            columns.due_ms.into(),
            columns.letter.into(),
            first_fact.into(),
            columns.detail.into(),
            enrollment.prospect.address.company().map(str::to_owned).into(),
        ],
    )
}

fn write_change(
    tx: &Tx<'_>,
    change: &Change,
    basis: Option<&(Enrollment, First)>,
    at: Timestamp,
) -> Result<(), CommitError> {
    let id = change.id;
    let known = basis.filter(|(enrollment, _)| enrollment.id == id && enrollment.version == change.version);
    let loaded = match known {
        // Whether the row still is at this version is seen when it is written.
        Some(known) => Some(known.clone()),
        None => enrollment_row::load(tx, id)?,
    };
    let Some((mut enrollment, first)) = loaded else {
        return Err(CommitError::Stale);
    };
    if enrollment.version != change.version {
        return Err(CommitError::Stale);
    }
    let queued = enrollment.standing.waits_for_pace();
    for fact in &change.facts {
        let mut fact = to_the_millisecond(fact);
        if enrollment.prospect.address.is_forgotten() {
            // Whatever comes in late names them no more either.
            fact = fact.without_names(&enrollment.prospect.address);
        }
        enrollment.apply(at, &fact).map_err(misfit(id))?;
        enrollment_row::record(tx, id, at, &fact)?;
        // A relay may have given it another id than the letter had; what a rep writes by hand has one of its own.
        if let Fact::Sent { message_id, .. }
        | Fact::RepWrote {
            message_id: Some(message_id),
            ..
        } = &fact
        {
            belongs(tx, std::slice::from_ref(message_id), id)?;
        }
    }
    let columns = enrollment_row::columns(&enrollment, &first)?;
    let written = tx.execute(
        "UPDATE enrollment SET version = $3, standing = $4, step = $5, due_ms = $6, letter = $7, detail = $8 \
         WHERE id = $1 AND version = $2",
        &[
            id.0.into(),
            i64::from(change.version).into(),
            i64::from(enrollment.version).into(),
            columns.standing.into(),
            columns.step.into(),
            columns.due_ms.into(),
            columns.letter.into(),
            columns.detail.into(),
        ],
    )?;
    if written == 0 {
        return Err(CommitError::Stale);
    }
    queue(tx, &enrollment, queued)?;
    if cfg!(debug_assertions) {
        must_read_back(tx, &enrollment)?;
    }
    Ok(())
}

/// Writes down who waits for their turn.
fn queue(tx: &Tx<'_>, enrollment: &Enrollment, queued: bool) -> Result<(), StoreError> {
    let id = enrollment.id.0;
    if let Standing::Waiting { due, .. } = &enrollment.standing
        && enrollment.standing.waits_for_pace()
    {
        let sql = "INSERT INTO queue (enrollment, rep, due_ms) VALUES ($1, $2, $3) \
                   ON CONFLICT (enrollment) DO UPDATE SET due_ms = excluded.due_ms";
        tx.execute(sql, &[id.into(), enrollment.rep.as_str().into(), (*due).into()])?;
    } else if queued {
        tx.execute("DELETE FROM queue WHERE enrollment = $1", &[id.into()])?;
    }
    Ok(())
}

/// The row says what the fold says.
pub(super) fn must_read_back(tx: &Tx<'_>, enrollment: &Enrollment) -> Result<(), StoreError> {
    match enrollment_row::load(tx, enrollment.id)? {
        Some((row, _)) if row == *enrollment => Ok(()),
        _ => Err(StoreError::misfit(format!(
            "enrollment {}: the row is not the fold of its journal",
            enrollment.id
        ))),
    }
}

/// Remembers that mails with these ids belong to an enrollment.
pub(super) fn belongs(tx: &Tx<'_>, ids: &[MessageId], enrollment: EnrollmentId) -> Result<(), StoreError> {
    for id in ids {
        tx.execute(
            "INSERT INTO mail_id (message_id, enrollment) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[id.as_str().into(), enrollment.0.into()],
        )?;
    }
    Ok(())
}

/// A draft that waits for the rep's word gives way to what its cadence, edited meanwhile, puts in its place.
fn open_task(tx: &Tx<'_>, task: &Task) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO task (id, enrollment, step, rep, channel, due_ms, script, closed_ms, outcome) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, \
         due_ms = excluded.due_ms, script = excluded.script, closed_ms = NULL, outcome = NULL \
         WHERE task.channel = 'email'",
        &[
            task.id.0.into(),
            task.enrollment.0.into(),
            i64::from(task.step.0).into(),
            task.rep.as_str().into(),
            task.channel.word().into(),
            task.due.into(),
            task.script.as_str().into(),
            task.closed.map(|(at, _)| at).into(),
            task.closed.map(|(_, outcome)| outcome.code()).into(),
        ],
    )
    .map(drop)
}

fn close_task(
    tx: &Tx<'_>,
    id: TaskId,
    outcome: TaskOutcome,
    note: Option<&str>,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE task SET closed_ms = $2, outcome = $3, note = $4 WHERE id = $1 AND closed_ms IS NULL",
        &[id.0.into(), at.into(), outcome.code().into(), note.into()],
    )
    .map(drop)
}

fn reopen_task(tx: &Tx<'_>, id: TaskId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE task SET closed_ms = NULL, outcome = NULL, note = NULL WHERE id = $1 AND closed_ms IS NOT NULL \
         AND outcome <> 'dropped'",
        &[id.0.into()],
    )
    .map(drop)
}

fn put_off(tx: &Tx<'_>, id: TaskId, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE task SET due_ms = $2 WHERE id = $1 AND closed_ms IS NULL",
        &[id.0.into(), whole(until).into()],
    )
    .map(drop)
}

fn drop_tasks(tx: &Tx<'_>, enrollment: EnrollmentId, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE task SET closed_ms = $2, outcome = $3 WHERE enrollment = $1 AND closed_ms IS NULL",
        &[enrollment.0.into(), at.into(), TaskOutcome::Dropped.code().into()],
    )
    .map(drop)
}

fn undrop_tasks(tx: &Tx<'_>, enrollment: EnrollmentId, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE task SET closed_ms = NULL, outcome = NULL WHERE enrollment = $1 AND closed_ms = $2 AND outcome = $3",
        &[enrollment.0.into(), at.into(), TaskOutcome::Dropped.code().into()],
    )
    .map(drop)
}

/// Since when it is wrong stays, whatever the words.
fn write_trouble(tx: &Tx<'_>, what: &str, why: Option<&str>, at: Timestamp) -> Result<(), StoreError> {
    let written = match why {
        Some(why) => tx.execute(
            "INSERT INTO trouble (what, since_ms, why) VALUES ($1, $2, $3) \
             ON CONFLICT (what) DO UPDATE SET why = excluded.why",
            &[what.into(), at.into(), why.into()],
        ),
        None => tx.execute("DELETE FROM trouble WHERE what = $1", &[what.into()]),
    };
    written.map(drop)
}

fn forget_unmatched(tx: &Tx<'_>, since: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        &format!("DELETE FROM mail {}", read_mails::UNMATCHED_SINCE),
        &[since.into()],
    )?;
    tx.execute("UPDATE watermark SET validity = 0, last = 0", &[]).map(drop)
}

fn write_watermark(tx: &Tx<'_>, folder: &str, read: ReadTo) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO watermark (folder, validity, last, again_to, ended_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (folder) DO UPDATE SET validity = excluded.validity, last = excluded.last, \
         again_to = excluded.again_to, ended_ms = coalesce(excluded.ended_ms, watermark.ended_ms) \
         WHERE watermark.validity <> excluded.validity OR watermark.last < excluded.last \
         OR watermark.last = excluded.last AND excluded.ended_ms > coalesce(watermark.ended_ms, 0)",
        &[
            folder.into(),
            i64::from(read.validity).into(),
            i64::from(read.last).into(),
            i64::from(read.again_to).into(),
            read.ended.into(),
        ],
    )
    .map(drop)
}

fn write_digest(tx: &Tx<'_>, digest: &DigestRow) -> Result<(), CommitError> {
    let letter = digest.letter.map(|letter| letter.0);
    let written = tx.execute(
        "INSERT INTO digest (rep, date, letter, journal) VALUES ($1, $2, $3, $4) ON CONFLICT (rep, date) DO NOTHING",
        &[
            digest.rep.as_str().into(),
            digest.date.to_string().into(),
            letter.into(),
            digest.journal.into(),
        ],
    )?;
    known_unless(written)?;
    let Some(letter) = letter else { return Ok(()) };
    for (number, task) in &digest.items {
        tx.execute(
            "INSERT INTO digest_item (digest, number, task) VALUES ($1, $2, $3)",
            &[letter.into(), i64::from(*number).into(), Value::Int(task.0)],
        )?;
    }
    for (number, enrollment) in &digest.mails {
        tx.execute(
            "INSERT INTO digest_mail (digest, number, enrollment) VALUES ($1, $2, $3)",
            &[letter.into(), i64::from(*number).into(), Value::Int(enrollment.0)],
        )?;
    }
    Ok(())
}

/// A time as the columns hold it. Facts and rows must tell the same times, or the row is not the fold.
fn whole(at: Timestamp) -> Timestamp {
    moment(at.as_millisecond()).unwrap_or(at)
}

fn to_the_millisecond(fact: &Fact) -> Fact {
    let mut fact = fact.clone();
    match &mut fact {
        Fact::Scheduled { due: time, .. }
        | Fact::Deferred { until: time, .. }
        | Fact::AutoReplied { until: time, .. }
        | Fact::RepWrote { at: time, .. }
        | Fact::TaskPutOff { until: time, .. }
        | Fact::Paused { until: Some(time), .. } => *time = whole(*time),
        Fact::Lead { asked, .. } => *asked = asked.map(whole),
        Fact::Meeting { seen } => {
            seen.stamped = seen.stamped.map(whole);
            seen.start = seen.start.map(whole);
        }
        Fact::Enrolled { .. }
        | Fact::Located { .. }
        | Fact::Reopened { .. }
        | Fact::Rendered { .. }
        | Fact::LeftOut { .. }
        | Fact::Dealt { .. }
        | Fact::Sent { .. }
        | Fact::Refused { .. }
        | Fact::InDoubt { .. }
        | Fact::Resolved { .. }
        | Fact::TaskOpened { .. }
        | Fact::Drafted { .. }
        | Fact::Approved { .. }
        | Fact::Edited { .. }
        | Fact::EndTakenBack { .. }
        | Fact::Signalled { .. }
        | Fact::TaskClosed { .. }
        | Fact::TaskReopened { .. }
        | Fact::Learned { .. }
        | Fact::Noted { .. }
        | Fact::Forgotten { .. }
        | Fact::Replied { .. }
        | Fact::Bounced { .. }
        | Fact::OptedOut { .. }
        | Fact::Complained
        | Fact::Paused { until: None, .. }
        | Fact::Resumed { .. }
        | Fact::Ended { .. } => {}
    }
    fact
}
