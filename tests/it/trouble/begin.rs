//! What keeps the bot from beginning: a message that says what to do, and the exit code that says whose turn it is.

use super::house::{ANA, House, Running};
use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt, chown};
use std::process::Command;

/// Runs the bot, which cannot begin.
#[track_caller]
fn fails(house: &House, code: i32, words: &[&str]) {
    ends(house.start(), code, words);
}

#[track_caller]
fn ends(bot: Running, code: i32, words: &[&str]) {
    let (ended, said) = bot.ends();
    assert_eq!(ended, Some(code), "{said}");
    for words in words {
        assert!(said.contains(words), "{words:?} is missing in {said}");
    }
    assert!(!said.contains("defect of the program"), "{said}");
}

/// A house that has been lived in.
fn used() -> House {
    let house = House::of_folders();
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    super::house::until("a receipt", &bot, || !house.mails_to(ANA).is_empty());
    assert_eq!(bot.stop().0, Some(0));
    house
}

#[test]
fn a_second_instance_ends_with_73_and_the_first_is_not_disturbed() {
    let house = House::of_folders();
    let mut first = house.start();
    first.says("ready");
    let id = format!("(process {})", first.id());
    fails(
        &house,
        73,
        &["another cadence runs on the database", &id, "stop it first"],
    );
    assert!(first.is_alive());
    house.drop_mail(house.hand_over("jane@acme.test"));
    super::house::until("a receipt", &first, || !house.mails_to(ANA).is_empty());
    assert_eq!(first.stop().0, Some(0));
    let again = house.start();
    again.says("ready");
    assert_eq!(again.stop().0, Some(0), "the lock went with the process");
}

#[test]
fn a_database_of_a_newer_program_ends_with_78() {
    let house = used();
    house.database().pragma_update(None, "user_version", 99).unwrap();
    fails(&house, 78, &["the database has shape 99", "run the newer program"]);
}

#[test]
fn a_damaged_database_ends_with_78_and_is_left_as_it_is() {
    let house = used();
    let path = house.path("data/cadence.db");
    let size = fs::metadata(&path).unwrap().len();
    let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    // The first page stays, so that it is still recognised; everything behind it is noise.
    file.write_all_at(&vec![0xa5; usize::try_from(size - 4096).unwrap()], 4096)
        .unwrap();
    let before = fs::read(&path).unwrap();
    fails(
        &house,
        78,
        &["the database cannot be read or written", "restore a backup"],
    );
    assert_eq!(fs::read(&path).unwrap(), before);

    fs::write(&path, "no database ".repeat(1000)).unwrap();
    fails(&house, 78, &["file is not a database"]);
}

#[test]
fn a_key_that_others_may_read_ends_with_77_and_one_that_is_none_with_78() {
    let house = used();
    let key = house.path("cadence.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    fails(&house, 77, &["cadence.key", "chmod 600"]);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&key, "rubbish").unwrap();
    fails(&house, 78, &["holds no key: expected 32 bytes"]);
    fs::remove_file(&key).unwrap();
    fails(&house, 78, &["cadence.key is missing", "put it back from its copy"]);
}

#[test]
fn a_configuration_that_is_not_there_or_wrong_ends_with_78() {
    let house = House::of_folders();
    let config = house.path("cadence.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("kind = \"maildir\"", "kind = \"pigeon\"")).unwrap();
    fails(&house, 78, &["[mailbox].kind", "[relay].kind", "found \"pigeon\""]);
    fs::remove_file(&config).unwrap();
    fails(&house, 78, &["`cadence config-example > cadence.toml`"]);
}

#[test]
fn data_that_may_not_be_written_end_with_77() {
    let house = used();
    let data = house.path("data");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadence"));
    if fs::metadata(&data).unwrap().permissions().mode() & 0o777 == 0o700 {
        fs::set_permissions(&data, fs::Permissions::from_mode(0o555)).unwrap();
    }
    for file in fs::read_dir(&data).unwrap() {
        fs::set_permissions(file.unwrap().path(), fs::Permissions::from_mode(0o444)).unwrap();
    }
    if is_root() {
        // Root may write everywhere, so somebody else runs a copy of the bot.
        let copy = house.path("bot");
        fs::copy(env!("CARGO_BIN_EXE_cadence"), &copy).unwrap();
        fs::set_permissions(house.path("."), fs::Permissions::from_mode(0o755)).unwrap();
        chown(house.path("cadence.key"), Some(65534), Some(65534)).unwrap();
        command = Command::new("setpriv");
        command
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(copy);
    }
    ends(
        house.start_as(command.args(["run", "-v"])),
        77,
        &["look at the rights of its file and folder"],
    );
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid() == 0
}

#[test]
fn a_disk_that_is_full_at_the_start_ends_with_75() {
    let house = House::of_folders();
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" run -v";
    let bot = house.start_as(Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_cadence")]));
    ends(bot, 75, &["the disk takes no more for the database"]);
}

#[test]
fn a_database_that_is_locked_at_the_start_ends_with_75() {
    let house = used();
    let holder = house.database();
    // A database browser that lets nobody else in, not even to read.
    holder.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    fails(&house, 75, &["the database is locked by another process"]);
}
