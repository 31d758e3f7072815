//! The numbers of reports, kept fact by fact: the journal behind the cursor is counted in portions, and what a portion adds
//! is written with the cursor in one transaction. Two who count at once do not count twice: the cursor has moved then.
//!
//! Memory is bounded by a portion: of each enrollment in it the journal is read, counted and let go.

use super::enrollment_row::read_recorded;
use super::error::StoreError;
use super::tx::{Row, Tx};
use super::{Store, bound};
use crate::model::{EnrollmentId, Recorded, limits};
use crate::report::{Counts, DEFINITIONS, Key, Measure, Subject, Tallied, add_difference, count, is_monthly, month_of};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the next facts add.
struct Portion {
    from: i64,
    to: i64,
    counts: Counts,
}

impl Store {
    /// Counts at most `limit` facts more; returns how many journal numbers it went on, 0 when all are counted.
    pub async fn tally_on(&self, limit: usize) -> Result<i64, StoreError> {
        let Some(portion) = self.readers.read(move |tx| next(tx, limit)).await? else {
            return Ok(0);
        };
        let went = portion.to - portion.from;
        self.write(move |tx| put(tx, &portion)).await?;
        Ok(went.max(1))
    }

    /// Counts what is not counted yet.
    pub async fn tally_up(&self) -> Result<(), StoreError> {
        while self.tally_on(limits::TALLY_PORTION).await? > 0 {}
        Ok(())
    }

    /// Sums from day to day, the last included (days since 1970 UTC).
    pub async fn tallied(&self, from: i64, to: i64) -> Result<Vec<Tallied>, StoreError> {
        let sql = "SELECT subject, measure, SUM(many) AS many FROM tally WHERE day >= $1 AND day <= $2 \
                   GROUP BY subject, measure";
        self.readers.read(move |tx| sums(tx, sql, from, to)).await
    }

    /// Sums from month to month, the last included.
    pub async fn tallied_months(&self, from: i64, to: i64) -> Result<Vec<Tallied>, StoreError> {
        let sql = "SELECT subject, measure, SUM(many) AS many FROM tally_month WHERE month >= $1 AND month <= $2 \
                   GROUP BY subject, measure";
        self.readers.read(move |tx| sums(tx, sql, from, to)).await
    }

    /// The first and the last day of which anything is counted.
    pub async fn tallied_span(&self) -> Result<Option<(i64, i64)>, StoreError> {
        let ask = |tx: &Tx<'_>| {
            let row = tx.first("SELECT MIN(day) AS first, MAX(day) AS last FROM tally", &[])?;
            let Some(row) = row else { return Ok(None) };
            Ok(row.int_if_any("first")?.zip(row.int_if_any("last")?))
        };
        self.readers.read(ask).await
    }

    /// Ids of enrollments above this one, in their order.
    pub async fn enrollment_ids(&self, after: i64, limit: usize) -> Result<Vec<EnrollmentId>, StoreError> {
        let ask = move |tx: &Tx<'_>| {
            let sql = "SELECT id FROM enrollment WHERE id > $1 ORDER BY id LIMIT $2";
            let rows = tx.query(sql, &[after.into(), bound(limit)])?;
            rows.iter().map(|row| row.int("id").map(EnrollmentId)).collect()
        };
        self.readers.read(ask).await
    }
}

fn cursor(tx: &Tx<'_>) -> Result<(i64, i64), StoreError> {
    let row = tx.first("SELECT journal, definitions FROM tally_cursor WHERE one = 1", &[])?;
    row.map_or(Ok((0, DEFINITIONS)), |row| {
        Ok((row.int("journal")?, row.int("definitions")?))
    })
}

fn next(tx: &Tx<'_>, limit: usize) -> Result<Option<Portion>, StoreError> {
    let (journal, definitions) = cursor(tx)?;
    // Numbers by other definitions are counted anew, from the first fact.
    let from = if definitions == DEFINITIONS { journal } else { 0 };
    let sql = "SELECT seq, enrollment, code FROM fact WHERE seq > $1 ORDER BY seq LIMIT $2";
    let (mut to, mut touched) = (from, BTreeSet::new());
    for row in tx.query(sql, &[from.into(), bound(limit)])? {
        to = row.int("seq")?;
        // Plans are no events: half of a journal says when something falls due, and counts nothing by itself.
        if row.text("code")? != "scheduled" {
            touched.insert(row.int("enrollment")?);
        }
    }
    if to == from {
        return Ok(None);
    }
    let mut counts = Counts::new();
    for enrollment in touched {
        let sql = "SELECT seq, at_ms, code, data FROM fact \
                   WHERE enrollment = $1 AND seq <= $2 ORDER BY seq";
        let rows = tx.query(sql, &[enrollment.into(), to.into()])?;
        let known = rows
            .iter()
            .take_while(|row| row.int("seq").is_ok_and(|seq| seq <= from));
        let known = known.count();
        let journal: Vec<Recorded> = rows.iter().map(read_recorded).collect::<Result<_, _>>()?;
        let before = journal.get(..known).map(count).unwrap_or_default();
        add_difference(&mut counts, before, count(&journal));
    }
    counts.retain(|_, many| *many != 0);
    Ok(Some(Portion { from, to, counts }))
}

fn put(tx: &Tx<'_>, portion: &Portion) -> Result<(), StoreError> {
    let (journal, definitions) = cursor(tx)?;
    let anew = definitions != DEFINITIONS;
    if (!anew && journal != portion.from) || (anew && portion.from != 0) {
        // Somebody else was faster.
        return Ok(());
    }
    if anew {
        tx.execute("DELETE FROM tally", &[])?;
        tx.execute("DELETE FROM tally_month", &[])?;
    }
    let mut subjects: BTreeMap<&Subject, i64> = BTreeMap::new();
    let mut months: BTreeMap<(i64, i64, i64), i64> = BTreeMap::new();
    for (Key { day, subject, measure }, many) in &portion.counts {
        let id = match subjects.get(subject) {
            Some(id) => *id,
            None => {
                let id = subject_id(tx, subject)?;
                subjects.insert(subject, id);
                id
            }
        };
        let code = measure.code();
        *months.entry((month_of(*day), id, code)).or_insert(0) += many;
        if !is_monthly(*measure) {
            let sql = "INSERT INTO tally (day, subject, measure, many) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (day, subject, measure) DO UPDATE SET many = tally.many + excluded.many";
            tx.execute(sql, &[(*day).into(), id.into(), code.into(), (*many).into()])?;
        }
    }
    for ((month, id, code), many) in months {
        let sql = "INSERT INTO tally_month (month, subject, measure, many) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (month, subject, measure) DO UPDATE SET many = tally_month.many + excluded.many";
        tx.execute(sql, &[month.into(), id.into(), code.into(), many.into()])?;
    }
    let sql = "INSERT INTO tally_cursor (one, journal, definitions) VALUES (1, $1, $2) \
               ON CONFLICT (one) DO UPDATE SET journal = excluded.journal, definitions = excluded.definitions";
    tx.execute(sql, &[portion.to.into(), DEFINITIONS.into()]).map(drop)
}

fn subject_id(tx: &Tx<'_>, subject: &Subject) -> Result<i64, StoreError> {
    let values = [
        subject.cadence.as_str().into(),
        subject.rep.as_str().into(),
        subject.source.as_str().into(),
        subject.persona.as_str().into(),
        i64::from(subject.step).into(),
        subject.template.as_str().into(),
        subject.variant.as_str().into(),
        subject.test.as_str().into(),
    ];
    tx.execute(
        "INSERT INTO tally_subject (cadence, rep, source, persona, step, template, variant, test) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &values,
    )?;
    let sql = "SELECT id FROM tally_subject WHERE cadence = $1 AND rep = $2 AND source = $3 AND persona = $4 \
               AND step = $5 AND template = $6 AND variant = $7 AND test = $8";
    tx.first(sql, &values)?
        .ok_or_else(|| StoreError::misfit("a subject of the numbers is not there"))?
        .int("id")
}

fn sums(tx: &Tx<'_>, sql: &str, from: i64, to: i64) -> Result<Vec<Tallied>, StoreError> {
    let mut subjects = BTreeMap::new();
    let all = "SELECT id, cadence, rep, source, persona, step, template, variant, test FROM tally_subject";
    for row in tx.query(all, &[])? {
        subjects.insert(row.int("id")?, Arc::new(subject(&row)?));
    }
    let mut found = Vec::new();
    for row in tx.query(sql, &[from.into(), to.into()])? {
        // A code of a newer program is passed over: its definitions are counted anew before anything is read.
        let (Some(subject), Some(measure)) = (subjects.get(&row.int("subject")?), Measure::of(row.int("measure")?))
        else {
            continue;
        };
        let many = row.int("many")?;
        if many != 0 {
            let subject = Arc::clone(subject);
            found.push(Tallied { subject, measure, many });
        }
    }
    Ok(found)
}

fn subject(row: &Row) -> Result<Subject, StoreError> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(Subject {
        cadence: text("cadence")?,
        rep: text("rep")?,
        source: text("source")?,
        persona: text("persona")?,
        step: row.small("step")?,
        template: text("template")?,
        variant: text("variant")?,
        test: text("test")?,
    })
}
