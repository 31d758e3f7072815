//! Opening a database, after a death too, and who may.

use super::cast::*;
use cadence::model::Enrollment;
use cadence::store::{self, Claims, Store};

#[tokio::test]
async fn what_was_committed_survives_a_death() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("cadence.db")).await.unwrap();
    let letter = with_ready(&store).await;
    let claimed = store.claim(at(60), 1, Claims::All).await.unwrap().remove(0);
    store.begin_sending(letter.id, claimed.claim, at(60)).await.unwrap();
    // The files as a killed process leaves them: nothing was closed, the log was not folded in.
    let dead = tempfile::tempdir().unwrap();
    for name in ["cadence.db", "cadence.db-wal"] {
        std::fs::copy(folder.path().join(name), dead.path().join(name)).unwrap();
    }
    let again = Store::open(&dead.path().join("cadence.db")).await.unwrap();
    again.check().await.unwrap();
    assert_eq!(again.left_sending().await.unwrap().len(), 1);
    let enrollment = again.enrollment(id(0)).await.unwrap().unwrap();
    assert_eq!(
        Enrollment::fold(id(0), &again.journal(id(0)).await.unwrap()).unwrap(),
        enrollment
    );
    drop(store);
    let reopened = Store::open(&folder.path().join("cadence.db")).await.unwrap();
    assert_eq!(reopened.left_sending().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_database_may_be_opened_by_several_at_once() {
    for _ in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cadence.db");
        let mut opening = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let path = path.clone();
            opening.spawn(async move { Store::open(&path).await.map(drop) });
        }
        for opened in opening.join_all().await {
            opened.unwrap();
        }
    }
}

#[tokio::test]
async fn a_database_is_private_and_its_folder_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cadence.db");
    let _store = Store::open(&path).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let error = Store::open(&folder.path().join("missing/cadence.db"))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("its folder does not exist; create it first"),
        "{error}"
    );
}

#[tokio::test]
async fn a_newer_database_a_strange_one_and_a_text_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.db");
    drop(Store::open(&path).await.unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    let error = Store::open(&path).await.unwrap_err();
    assert!(error.is_too_new());
    assert!(error.to_string().contains("run the newer program"), "{error}");

    let path = folder.path().join("strange.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE song (title TEXT)").unwrap();
    drop(connection);
    let error = Store::open(&path).await.unwrap_err();
    assert!(error.to_string().contains("another program"), "{error}");

    let path = folder.path().join("text.db");
    std::fs::write(
        &path,
        "This is no database, but it is long enough to be looked at as one. ".repeat(20),
    )
    .unwrap();
    assert!(Store::open(&path).await.unwrap_err().is_damaged());
}

#[test]
fn a_second_instance_is_told_who_has_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cadence.db");
    let first = store::lock(&path).unwrap();
    let error = store::lock(&path).unwrap_err();
    assert!(error.is_locked());
    assert!(
        error.to_string().contains(&format!("(process {})", std::process::id())),
        "{error}"
    );
    drop(first);
    assert!(store::lock(&path).is_ok());
    let nowhere = store::lock(&folder.path().join("missing/cadence.db")).unwrap_err();
    assert!(!nowhere.is_locked());
}

#[tokio::test]
async fn what_went_out_before_there_was_a_pace_takes_room_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cadence.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../../../src/store/migrations/0001.sql"))
        .unwrap();
    for (id, class, state) in [
        (1, "step", "sent"),
        (2, "step", "ready"),
        (3, "digest", "sent"),
        (4, "step", "in_doubt"),
    ] {
        let sql = "INSERT INTO letter (id, class, enrollment, step, rep, recipient, message_id, size, rank, state, \
                   not_before_ms, attempts, since_ms) \
                   VALUES (?1, ?2, NULL, NULL, 'ana@corp.test', 'li@acme.test', 'm', 1, 1, ?3, 0, 1, 1000)";
        old.execute(sql, (id, class, state)).unwrap();
    }
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    drop(Store::open(&path).await.unwrap());
    let new = rusqlite::Connection::open(&path).unwrap();
    let mut statement = new
        .prepare("SELECT id FROM letter WHERE sent_ms = since_ms ORDER BY id")
        .unwrap();
    let counted: Vec<i64> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(counted, [1, 4]);
}
