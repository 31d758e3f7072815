//! What only shows from inside: how commits share an fsync, what a misbehaving disk does, which index a question uses.

use super::*;
use crate::model::{
    CadenceName, EnrollmentId, Fact, Letter, LetterClass, LetterId, MessageId, Prospect, StepNo, Thread, Zone,
    ZoneReason, limits,
};
use futures_util::FutureExt;
use std::collections::BTreeMap;
use std::time::Duration;

fn at() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("a time")
}

fn address(text: &str) -> crate::model::Address {
    crate::model::Address::parse(text).expect("an address")
}

fn hand_over(number: i64) -> Batch {
    let enrolled = Fact::Enrolled {
        rep: address("ana@corp.test"),
        prospect: Box::new(Prospect {
            address: address(&format!("li{number}@acme.test")),
            name: Some("Li Doe".to_owned()),
            fields: BTreeMap::new(),
            zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::DateHeader),
        }),
        cadence: CadenceName::parse("outbound").expect("a name"),
        edition: "e1".to_owned(),
        mail: ContentKey(format!("{number:064x}")),
        thread: Thread {
            subject: "Hello".to_owned(),
            ids: MessageId::parse("root@corp.test").into_iter().collect(),
        },
        adopted: Some(StepNo::FIRST),
        stood_for: None,
    };
    let scheduled = Fact::Scheduled {
        of: None,
        step: StepNo(2),
        due: at(),
        why: "day 3, morning, inside 09:00 to 17:00 in Europe/Berlin".to_owned(),
    };
    Batch {
        at: Some(at()),
        begin: vec![Begin {
            id: EnrollmentId(number),
            facts: vec![enrolled, scheduled],
            colleagues: Vec::new(),
        }],
        ..Batch::default()
    }
}

/// A letter of a mebibyte.
fn large(number: i64) -> Batch {
    let letter = Letter {
        id: LetterId(number),
        class: LetterClass::Relay,
        touch: None,
        rep: address("ana@corp.test"),
        envelope_from: None,
        to: address("ana@corp.test"),
        message_id: MessageId::parse("large@reps.test").expect("an id"),
        bytes: vec![b'x'; 1024 * 1024],
        not_before: at(),
    };
    Batch {
        at: Some(at()),
        letters: vec![letter],
        ..Batch::default()
    }
}

async fn on_disk() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("cadence.db")).await.expect("a store");
    (store, folder)
}

fn failure<T: std::fmt::Debug>(answer: Result<T, CommitError>) -> StoreError {
    match answer {
        Err(CommitError::Store(error)) => error,
        other => panic!("expected the store to fail, found {other:?}"),
    }
}

// ── group commit ────────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
#[allow(clippy::await_holding_lock, reason = "the disk is slow: that is the story")]
async fn what_waits_together_is_committed_together() {
    let (store, _folder) = on_disk().await;
    let many = i64::try_from(limits::GROUP).expect("a small number") + 1;
    let slow_disk = store.writer.connection();
    let mut commits = Box::pin(tokio::task::unconstrained(
        store.commit_many((0..many).map(hand_over).collect()),
    ));
    assert!(
        (&mut commits).now_or_never().is_none(),
        "all are queued, none is answered"
    );
    drop(slow_disk);
    assert!(commits.await.iter().all(Result::is_ok));
    assert_eq!(store.groups(), 2, "a full group and the one that did not fit");
}

#[tokio::test]
#[allow(clippy::await_holding_lock, reason = "the disk is slow: that is the story")]
async fn who_is_patient_lets_one_group_go_first_and_no_more() {
    let (store, _folder) = on_disk().await;
    let facts_of = async |who| store.journal(EnrollmentId(who)).await.expect("an answer").len();
    let mut patient = Box::pin(tokio::task::unconstrained(store.commit_patiently(hand_over(1))));
    let mut gate = Box::pin(tokio::task::unconstrained(store.commit(hand_over(2))));
    let slow_disk = store.writer.connection();
    assert!((&mut patient).now_or_never().is_none() && (&mut gate).now_or_never().is_none());
    drop(slow_disk);
    gate.await.expect("a commit");
    let after_gate = store.groups();
    patient.await.expect("a commit");
    assert_eq!(
        (after_gate.min(1), store.groups()),
        (1, 2),
        "the gate's group, then its own"
    );
    assert!(facts_of(1).await > 0 && facts_of(2).await > 0);

    // With nobody else there it need not wait at all.
    store.commit_patiently(hand_over(3)).await.expect("a commit");
    assert_eq!(store.groups(), 3);

    // And what waits with others behind a group that went before is in the very next one.
    let mut first = Box::pin(tokio::task::unconstrained(store.commit_patiently(hand_over(4))));
    let many = i64::try_from(limits::GROUP).expect("a small number") + 1;
    let batches = (10..10 + many).map(hand_over).collect();
    let mut others = Box::pin(tokio::task::unconstrained(store.commit_many(batches)));
    let slow_disk = store.writer.connection();
    assert!((&mut first).now_or_never().is_none() && (&mut others).now_or_never().is_none());
    drop(slow_disk);
    assert!(others.await.iter().all(Result::is_ok));
    first.await.expect("a commit");
    assert_eq!(store.groups(), 5, "a full group before it, the rest with it");
}

#[tokio::test]
async fn a_caller_that_goes_away_is_served_all_the_same() {
    let store = Store::in_memory().await.expect("a store");
    assert!(
        store
            .commit(hand_over(1))
            .now_or_never()
            .is_none_or(|answer| answer.is_ok())
    );
    store.commit(hand_over(2)).await.expect("comes after it");
    assert!(store.enrollment(EnrollmentId(1)).await.expect("an answer").is_some());
}

#[tokio::test]
#[allow(clippy::await_holding_lock, reason = "so that both are in one group")]
async fn when_a_group_fails_nobody_in_it_is_told_that_all_is_well() {
    let store = Store::in_memory().await.expect("a store");
    store.commit(hand_over(1)).await.expect("a commit");
    let together = store.writer.connection();
    // A fact of no enrollment is found at the COMMIT only.
    let stray = store.writer.write(|tx| {
        let sql = "INSERT INTO fact (at_ms, enrollment, code, data) VALUES (0, 99, 'complained', '{}')";
        Ok(tx.execute(sql, &[])?)
    });
    let (mut stray, mut known) = (Box::pin(stray), Box::pin(store.commit(hand_over(1))));
    assert!((&mut stray).now_or_never().is_none());
    assert!((&mut known).now_or_never().is_none());
    drop(together);
    failure(stray.await);
    // `Known` would make the caller file a mail, for what was perhaps undone with the group.
    failure(known.await);
    store.commit(hand_over(2)).await.expect("the next group is well");
    assert_eq!(store.journal(EnrollmentId(99)).await.expect("an answer"), []);
}

#[tokio::test]
async fn a_panic_in_the_writer_is_an_error_and_not_the_end() {
    let store = Store::in_memory().await.expect("a store");
    let error = failure(store.writer.write::<(), _>(|_| panic!("planted")).await);
    assert!(error.to_string().contains("the writer stopped"), "{error}");
    store
        .commit(hand_over(1))
        .await
        .expect("the next one finds the desk free");
}

// ── a disk, a file, a neighbour that misbehaves ─────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_full_disk_loses_nothing_and_is_got_over() {
    let (store, _folder) = on_disk().await;
    let limit = |pages: i64| {
        let set = format!("PRAGMA max_page_count = {pages}");
        store
            .writer
            .connection()
            .query_row(&set, [], |row| row.get::<_, i64>(0))
            .expect("a limit");
    };
    store.commit(hand_over(1)).await.expect("there is space yet");
    limit(600);
    let mut kept = 0;
    let error = loop {
        match store.commit(large(kept)).await {
            Ok(()) => kept += 1,
            Err(error) => break failure::<()>(Err(error)),
        }
        assert!(kept < 5, "600 pages of 4 KiB are not 5 MiB");
    };
    assert!(error.is_full());
    assert_eq!(
        error.to_string(),
        "no space left for the database: free some, nothing was lost"
    );
    let answers = store.commit_many(vec![large(90), hand_over(2)]).await;
    assert!(failure(answers[0].clone()).is_full());
    // SQLite gives the whole transaction up, so its neighbour failed too, and knows it.
    assert!(failure(answers[1].clone()).is_full());
    store.commit(hand_over(2)).await.expect("what is small still fits");
    limit(1_000_000);
    store.commit(large(kept)).await.expect("there is space again");
    store.check().await.expect("it is sound");
    for number in 0..=kept {
        assert!(store.letter(LetterId(number)).await.expect("an answer").is_some());
    }
}

#[tokio::test]
async fn a_database_locked_by_another_process_is_busy_and_works_afterwards() {
    let (store, folder) = on_disk().await;
    store
        .writer
        .connection()
        .busy_timeout(Duration::ZERO)
        .expect("a timeout");
    let other = rusqlite::Connection::open(folder.path().join("cadence.db")).expect("a connection");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let error = failure(store.commit(hand_over(1)).await);
    assert!(error.is_busy());
    assert!(
        error
            .to_string()
            .starts_with("the database is locked by another process"),
        "{error}"
    );
    assert!(store.claim(at(), 1, Claims::All).await.expect_err("locked").is_busy());
    assert_eq!(store.enrollment(EnrollmentId(1)).await, Ok(None), "reading goes on");
    other.execute_batch("ROLLBACK").expect("no lock");
    store.commit(hand_over(1)).await.expect("works again");
}

#[tokio::test]
async fn a_database_that_cannot_be_written_says_so() {
    let store = Store::in_memory().await.expect("a store");
    store
        .writer
        .connection()
        .pragma_update(None, "query_only", true)
        .expect("a pragma");
    assert!(failure(store.commit(hand_over(1)).await).is_read_only());
}

#[tokio::test]
async fn readers_cannot_write() {
    let (store, _folder) = on_disk().await;
    let written = store
        .readers
        .read(|tx| tx.execute("DELETE FROM suppression", &[]))
        .await;
    assert!(written.expect_err("a reader").is_read_only());
}

#[test]
fn stored_standings_do_not_change() {
    use crate::model::{Ending, PauseReason, Standing};
    let (step, letter) = (StepNo::FIRST, LetterId(1));
    let standings = [
        Standing::Deciding { next: step },
        Standing::Waiting {
            step,
            due: at(),
            why: String::new(),
        },
        Standing::Sending { step, letter },
        Standing::Paused {
            next: step,
            why: PauseReason::Rep,
            until: None,
        },
        Standing::Ended {
            outcome: Ending::Met,
            at: at(),
        },
    ];
    let codes = standings.each_ref().map(enrollment_row::code);
    assert_eq!(codes, ["deciding", "waiting", "sending", "paused", "ended"]);
}

// ── a hundred thousand enrollments ──────────────────────────────────────────────────────────────────────────────────

/// Copies of one real row, under ids as spread as real ones, due over a year.
async fn with_copies(many: usize) -> Store {
    let store = Store::in_memory().await.expect("a store");
    store.commit(hand_over(1)).await.expect("a commit");
    store
        .writer
        .connection()
        .execute_batch(&format!(
            "INSERT INTO enrollment SELECT random() & 9223372036854775807, version, \
             'rep' || (value % 50) || '@corp.test', \
             'li' || value || '@acme.test', standing, step, due_ms + value * 300000, letter, first_fact, detail, \
             'acme' || value || '.test' FROM enrollment, (WITH RECURSIVE n (value) AS \
             (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {many}) \
             SELECT value FROM n)"
        ))
        .expect("many rows");
    store
}

async fn plan(store: &Store, sql: &str) -> String {
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    let rows = store.readers.read(move |tx| {
        // The parameters' values do not matter to the plan.
        let many = (1..10).filter(|nth| sql.contains(&format!("${nth}"))).count();
        let rows = tx.query(&sql, &vec![Value::Int(1); many])?;
        rows.iter()
            .map(|row| Ok(row.text("detail")?.to_owned()))
            .collect::<Result<Vec<_>, StoreError>>()
    });
    rows.await.expect("a plan").join("; ")
}

#[tokio::test]
async fn at_a_hundred_thousand_enrollments_every_round_reads_from_an_index_in_order() {
    let store = with_copies(100_000).await;
    let first = store.due(at(), 100).await.expect("an answer");
    assert_eq!(first.len(), 1);
    let of_enrollments = |rest: &str| format!("{} {rest}", enrollment_row::SELECT);
    let mut questions = vec![
        of_enrollments(read_enrollments::DUE),
        of_enrollments(read_enrollments::DUE_OF),
        of_enrollments("WHERE e.person = $1"),
        of_enrollments("WHERE e.id = $1"),
        read_enrollments::NEXT_DUE.to_owned(),
        read_enrollments::ACTIVE_OF.to_owned(),
        read_pace::SINCE.to_owned(),
        read_pace::MADE.to_owned(),
        read_pace::ON_THE_WAY.to_owned(),
        read_pace::WAITING.to_owned(),
        read_pace::TO_PERSON.to_owned(),
        read_tasks::OPEN_MANY.to_owned(),
    ];
    questions.extend(ledger::SOONEST.map(ledger::of_free));
    questions.extend(ledger::CLAIMABLE.map(ledger::of_free));
    questions.extend(read_pace::READY.map(|sql| sql.replace("{free}", holds::FREE_SOON)));
    for sql in questions {
        let plan = plan(&store, &sql).await;
        assert!(plan.contains("USING"), "{sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "sorted by hand: {sql}\n{plan}");
        let scans = plan.split("; ").filter(|step| step.starts_with("SCAN"));
        assert!(
            scans
                .into_iter()
                .all(|step| sql == read_enrollments::NEXT_DUE && step.contains("enrollment_due")),
            "{sql}\n{plan}"
        );
    }
}

#[tokio::test]
async fn an_enrollment_is_a_small_row() {
    let store = with_copies(20_000).await;
    let sql = "SELECT sum(pgsize) / 20000 FROM dbstat WHERE name LIKE 'enrollment%'";
    let bytes: i64 = store
        .writer
        .connection()
        .query_row(sql, [], |row| row.get(0))
        .expect("a figure");
    // 300, and 55 for where they work: the domain stands in the row and in the index by which colleagues are found.
    assert!(bytes <= 355, "{bytes} bytes a row with its indexes");
}
