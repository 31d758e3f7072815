//! The counting: what the world has against what the ledger says.

use super::super::house::{ANA, House, Running};
use super::life::{Life, TOUCHES, is_touch, wait, words_of};
use super::site::{Arrived, header};
use cadence::model::{Address, Enrollment};
use cadence::store::Store;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What a life came to.
pub struct Account {
    pub touches: usize,
    pub stops: usize,
    pub in_doubt: usize,
}

fn id(mail: &str) -> String {
    header(mail, "Message-ID")
}

/// How often each touch reached each prospect.
fn touches(life: &Life, arrived: &[Arrived]) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for one in arrived.iter().filter(|one| one.to != ANA && is_touch(&one.mail)) {
        assert!(
            life.people.iter().any(|person| person.address == one.to),
            "a stranger: {}",
            life.what
        );
        *found.entry((one.to.clone(), id(&one.mail))).or_default() += 1;
    }
    found
}

pub fn nobody_is_mailed_twice(life: &Life, arrived: &[Arrived]) {
    let twice: Vec<_> = touches(life, arrived)
        .into_iter()
        .filter(|(_, many)| *many > 1)
        .collect();
    assert!(
        twice.is_empty(),
        "{twice:?} after {}\n{}",
        life.what,
        ledger(&life.house)
    );
}

pub fn nobody_is_mailed_after_a_stop(life: &Life, arrived: &[Arrived]) {
    for person in &life.people {
        let Some(gone) = &person.stopped else { continue };
        let late = arrived
            .iter()
            .filter(|one| one.to == person.address && is_touch(&one.mail));
        let late: Vec<String> = late.map(|one| id(&one.mail)).filter(|id| !gone.contains(id)).collect();
        assert!(
            late.is_empty(),
            "{}: {late:?} after {}\n{}",
            person.address,
            life.what,
            ledger(&life.house)
        );
    }
}

/// What may have left for somebody, by Message-ID, as the dead bot's ledger says.
pub fn may_be_gone(house: &House, address: &str) -> BTreeSet<String> {
    let database = house.database();
    let sql = "SELECT message_id FROM letter WHERE recipient = ?1 AND state IN ('sending', 'sent', 'in_doubt')";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement
        .query_map([address], |row| Ok(format!("<{}>", row.get::<_, String>(0)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// The database as the dead bot left it, in a copy, so that only the bot itself mends what it left.
pub fn rows_are_folds(life: &Life, nth: usize) {
    let copy = tempfile::tempdir().unwrap();
    for name in ["cadence.db", "cadence.db-wal"] {
        let from = life.house.path("data").join(name);
        if from.exists() {
            fs::copy(from, copy.path().join(name)).unwrap();
        }
    }
    let path = copy.path().join("cadence.db");
    let people: Vec<Address> = life
        .people
        .iter()
        .map(|person| Address::parse(&person.address).unwrap())
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::open(&path).await.unwrap();
        store
            .check()
            .await
            .unwrap_or_else(|error| panic!("{error} after {} ({nth})", life.what));
        for person in &people {
            let rows = store.of_person(&person.loose()).await.unwrap();
            assert!(rows.len() <= 1, "enrolled twice after {}", life.what);
            for row in rows {
                let journal = store.journal(row.id).await.unwrap();
                let folded = Enrollment::fold(row.id, &journal).unwrap();
                assert_eq!(folded, row, "the row is the fold of its journal: {}", life.what);
            }
        }
    });
}

fn count(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Whether nothing is left that could be done now.
pub fn is_at_rest(house: &House) -> bool {
    let database = house.database();
    database.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
    let now = "CAST(strftime('%s', 'now') AS INTEGER) * 1000 + 2000";
    let letters = format!(
        "SELECT COUNT(*) FROM letter WHERE state IN ('claimed', 'sending') OR state = 'ready' AND not_before_ms <= {now}"
    );
    let enrollments = format!(
        "SELECT COUNT(*) FROM enrollment WHERE standing IN ('deciding', 'sending') OR standing = 'waiting' AND due_ms <= {now}"
    );
    // One picture, since work goes from one table to the other.
    count(&database, &format!("SELECT ({letters}) + ({enrollments})")) == 0
}

/// The ledger as text, for a violation.
pub fn ledger(house: &House) -> String {
    let database = house.database();
    let sql = "SELECT recipient || ' ' || class || ' ' || COALESCE(step, '-') || ' ' || state || ' ' || COALESCE(reply, '') \
               FROM letter ORDER BY recipient, step";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect::<Vec<_>>().join("\n")
}

/// A letter's line in the ledger.
struct Letter {
    class: String,
    recipient: String,
    message_id: String,
    state: String,
    bytes: Vec<u8>,
}

fn letters(house: &House) -> Vec<Letter> {
    let database = house.database();
    let sql = "SELECT l.class, l.recipient, '<' || l.message_id || '>', l.state, b.bytes \
               FROM letter l JOIN letter_body b ON b.letter = l.id";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        Ok(Letter {
            class: row.get(0)?,
            recipient: row.get(1)?,
            message_id: row.get(2)?,
            state: row.get(3)?,
            bytes: row.get(4)?,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn missing(life: &Life) -> Vec<String> {
    let there: BTreeSet<(String, String)> = life
        .site
        .arrived()
        .iter()
        .map(|one| (one.to.clone(), id(&one.mail)))
        .collect();
    letters(&life.house)
        .into_iter()
        .filter(|letter| {
            letter.state == "sent" && !there.contains(&(letter.recipient.clone(), letter.message_id.clone()))
        })
        .map(|letter| format!("{} to {}", letter.class, letter.recipient))
        .collect()
}

/// A real server needs its time to deliver.
pub fn wait_for_the_post(life: &Life, bot: &Running) {
    wait("what was sent arrives", bot, || missing(life).is_empty());
}

pub fn everything_is_accounted_for(life: &Life) -> Account {
    let (database, arrived, letters) = (life.house.database(), life.site.arrived(), letters(&life.house));
    let told = || format!("{}\n{}", life.what, ledger(&life.house));
    // Every mail that came was read and filed.
    assert!(life.site.is_read(&life.house), "{}", told());
    let filed = count(&database, "SELECT COUNT(*) FROM mail WHERE filed IS NOT NULL");
    assert_eq!(usize::try_from(filed).unwrap(), life.delivered, "{}", told());
    // One that was killed over and over may be quarantined, which is told to people.
    let held = count(&database, "SELECT COUNT(*) FROM mail WHERE filed = 'quarantine'");
    let enrolled = count(&database, "SELECT COUNT(*) FROM enrollment");
    assert!(
        enrolled + held >= i64::try_from(life.people.len()).unwrap(),
        "{}",
        told()
    );
    // What the ledger calls sent has arrived, and what arrived is in the ledger.
    assert_eq!(missing(life), Vec::<String>::new(), "{}", told());
    let mut account = Account {
        touches: 0,
        stops: 0,
        in_doubt: 0,
    };
    let known: BTreeMap<&str, &Letter> = letters
        .iter()
        .map(|letter| (letter.message_id.as_str(), letter))
        .collect();
    for ((who, touch), _) in touches(life, &arrived) {
        let state = known
            .get(touch.as_str())
            .map_or("unknown", |letter| letter.state.as_str());
        assert!(
            matches!(state, "sent" | "in_doubt"),
            "{who} got what is {state}: {}",
            told()
        );
        account.touches += 1;
    }
    for person in &life.people {
        let mine = |class: &str| {
            letters
                .iter()
                .filter(|letter| letter.class == class && letter.recipient == person.address)
                .collect::<Vec<_>>()
        };
        let steps = mine("step");
        account.in_doubt += steps.iter().filter(|letter| letter.state == "in_doubt").count();
        let sql = format!(
            "SELECT COALESCE(MAX(standing), 'none') FROM enrollment WHERE person = '{}'",
            person.address
        );
        let standing: String = database.query_row(&sql, [], |row| row.get(0)).unwrap();
        if person.stopped.is_some() {
            account.stops += 1;
            // Its answer may be the mail that was quarantined.
            assert!(
                standing == "paused" || held > 0,
                "{} is {standing}: {}",
                person.address,
                told()
            );
            let words = words_of(&person.address);
            // Of a mail that saw its reader die over and over, only the header is read and passed on.
            let tired = count(&database, "SELECT COUNT(*) FROM mail WHERE tries >= 3") > 0;
            let tells = |letter: &Letter| {
                let text = String::from_utf8_lossy(&letter.bytes);
                text.contains(&words) || tired && text.contains(&person.address)
            };
            let passed_on = letters.iter().any(|letter| letter.class == "relay" && tells(letter));
            assert!(passed_on || held > 0, "{}: {}", person.address, told());
            continue;
        }
        if standing == "none" {
            continue;
        }
        // All its touches went out, or are in doubt and were told.
        assert_eq!(standing, "waiting", "{}: {}", person.address, told());
        assert_eq!(steps.len(), TOUCHES, "{}: {}", person.address, told());
        let done = |letter: &&&Letter| matches!(letter.state.as_str(), "sent" | "in_doubt");
        assert_eq!(
            steps.iter().filter(done).count(),
            TOUCHES,
            "{}: {}",
            person.address,
            told()
        );
    }
    let receipts = letters.iter().filter(|letter| letter.class == "receipt").count();
    assert!(
        receipts >= usize::try_from(enrolled).unwrap(),
        "every hand-over has its receipt: {}",
        told()
    );
    account
}
