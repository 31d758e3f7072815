//! What lies in the file: its shape, its codes, a journal that cannot be rewritten.

use super::cast::*;
use cadence::model::*;
use cadence::store::Store;
use expect_test::expect;

#[tokio::test]
async fn the_commented_schema_is_the_one_that_migrations_make() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cadence.db");
    drop(Store::open(&path).await.unwrap());
    let migrated = rusqlite::Connection::open(&path).unwrap();
    let told = rusqlite::Connection::open_in_memory().unwrap();
    let schema = include_str!("../../../src/store/schema.sql");
    told.execute_batch(schema).unwrap();
    assert_eq!(shape(&migrated), shape(&told));
    let comments = schema.lines().filter(|line| line.contains("--")).count();
    assert!(comments > 60, "every table and column says what it is");
}

/// All statements that made a database, without comments and layout.
fn shape(connection: &rusqlite::Connection) -> Vec<String> {
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
        .unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|sql| {
        let sql = sql.unwrap();
        let words = sql.lines().map(|line| line.split("--").next().unwrap_or(""));
        let text = words.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
        // An added column stands behind a comma of its own.
        text.replace(" ,", ",").replace(" )", ")")
    })
    .collect()
}

#[tokio::test]
async fn the_journal_cannot_be_rewritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cadence.db");
    let store = Store::open(&path).await.unwrap();
    store.commit(hand_over(0)).await.unwrap();
    drop(store);
    let connection = rusqlite::Connection::open(&path).unwrap();
    for sql in ["UPDATE fact SET at_ms = 0", "DELETE FROM fact"] {
        let error = connection.execute(sql, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
}

/// Stored codes are for ever: when this test fails because a name changed, change the name back.
#[test]
fn stored_codes_do_not_change() {
    let mut codes: Vec<String> = every_fact().iter().map(fields).collect();
    let mut list = |what: &str, all: Vec<String>| codes.push(format!("{what}: {}", all.join(" ")));
    list(
        "letter",
        LetterState::ALL.iter().map(|it| it.code().to_owned()).collect(),
    );
    list(
        "class",
        LetterClass::ALL.iter().map(|it| it.code().to_owned()).collect(),
    );
    list(
        "outcome",
        TaskOutcome::ALL.iter().map(|it| it.code().to_owned()).collect(),
    );
    list("channel", Channel::ALL.iter().map(|it| it.word().to_owned()).collect());
    list(
        "suppression",
        SuppressionReason::ALL.iter().map(|it| it.code().to_owned()).collect(),
    );
    list(
        "ending",
        endings().iter().map(|it| serde_json::to_string(it).unwrap()).collect(),
    );
    list(
        "pause",
        pauses().iter().map(|it| serde_json::to_string(it).unwrap()).collect(),
    );
    list("cause", Cause::ALL.iter().map(|it| it.code().to_owned()).collect());
    expect![[r#"
        fact: enrolled(adopted,cadence,edition,mail,prospect,rep,thread)
        fact: scheduled(due,step,why)
        fact: rendered(letter,step,subject)
        fact: sent(message_id,step)
        fact: deferred(step,until,why)
        fact: refused(status,step,why)
        fact: in_doubt(step,why)
        fact: resolved(by,evidence,how,message_id,step)
        fact: task_opened(step,task)
        fact: task_closed(note,outcome,step,task)
        fact: replied(answers,maybe)
        fact: auto_replied(named,until)
        fact: bounced(permanent,status,why)
        fact: opted_out(how)
        fact: lead(asked,source,why)
        fact: rep_wrote(at,message_id)
        fact: complained()
        fact: paused(until,why)
        fact: resumed(by)
        fact: located(zone)
        fact: ended(outcome)
        letter: ready claimed sending sent refused in_doubt withdrawn presumed_sent
        class: step digest receipt relay alert answer report
        outcome: done connected voicemail no_answer meeting not_interested wrong_number skipped dropped
        channel: email call linkedin video direct-mail task
        suppression: opted_out complained bounced administrator forgotten
        ending: "completed" "bounced" "opted_out" "complained" "suppressed" "stopped" "met" "not_interested" "undeliverable"
        pause: "replied" "bounce_unproven" "soft_bounces" "rep" {"missing_words":"title"} {"colleague":"Bo Chen"}
        cause: administrator complaints many_complaints bounces policy in_doubt disk weak_stops lease recovery clock vacation does_not_load"#]].assert_eq(&codes.join("\n"));
}

fn fields(fact: &Fact) -> String {
    let json = serde_json::to_value(fact).unwrap();
    let mut names: Vec<_> = json
        .as_object()
        .unwrap()
        .keys()
        .filter(|name| *name != "code")
        .cloned()
        .collect();
    names.sort();
    format!("fact: {}({})", json["code"].as_str().unwrap(), names.join(","))
}
