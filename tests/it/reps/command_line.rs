//! `cadence welcome` and `cadence addresses`, beside a database.

use crate::command::cadence;
use cadence::store::Store;
use std::path::Path;

fn house(folder: &Path) {
    let config = r#"
        [bot]
        address = "cadence@reps.corp.test"
        data = "data"
        key_file = "data/cadence.key"
        [mailbox]
        kind = "maildir"
        path = "in"
        [relay]
        kind = "maildir"
        path = "out"
        [[rep]]
        address = "ana@corp.test"
        name = "Ana Ruiz"
        zone = "Europe/Madrid"
    "#;
    std::fs::write(folder.join("cadence.toml"), config).unwrap();
}

#[tokio::test]
async fn addresses_know_of_codes_that_were_given_up() {
    let folder = tempfile::tempdir().unwrap();
    house(folder.path());
    let before = cadence(folder.path(), &["addresses", "ana@corp.test"]);
    assert_eq!(before.code, 0, "{}", before.err);
    drop(Store::open(&folder.path().join("data/cadence.db")).await.unwrap());
    let again = cadence(folder.path(), &["welcome", "ana@corp.test"]);
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, "Ana Ruiz <ana@corp.test>: the bot mails the addresses once more\n")
    );
    assert_eq!(cadence(folder.path(), &["addresses", "ana@corp.test"]).out, before.out);
    let turned = cadence(folder.path(), &["welcome", "ana@corp.test", "--new-codes"]);
    assert!(
        turned.out.contains("those so far are worthless"),
        "{}{}",
        turned.out,
        turned.err
    );
    let after = cadence(folder.path(), &["addresses", "ana@corp.test"]);
    assert_ne!(after.out, before.out);
    let nobody = cadence(folder.path(), &["welcome", "eve@corp.test"]);
    assert_eq!(nobody.code, 65, "{}", nobody.err);
}
