//! Backups taken from a running bot, and what a restored house does.

use super::house::{ANA, BOT, House, imap, smtp, until};
use super::wire::{Manner, Relay};
use crate::servers::{MailHost, ports};
use std::fs;

/// A house in which Jane has got her touch, and a backup from before that; the bot runs on.
fn with_an_old_backup() -> (House, super::house::Running) {
    let house = House::of_folders();
    let bot = house.start();
    bot.says("the mailbox is this bot's");
    house.drop_mail(house.hand_over("li@acme.test"));
    until("Li's touch", &bot, || house.mails_to("li@acme.test").len() == 1);
    until("its record", &bot, || {
        house.count("letters", "ready") == 0 && house.waiting() == 0
    });
    let made = house.ask(&["backup", "old.db"]);
    assert_eq!(made.code, 0, "{}", made.err);
    for words in ["1 enrollments", "looked through and sound", "cadence.key is not in it"] {
        assert!(made.out.contains(words), "{words:?} is missing in {}", made.out);
    }
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("Jane's touch", &bot, || house.mails_to("jane@acme.test").len() == 1);
    until("its record", &bot, || {
        house.count("letters", "sent") == 4 && house.waiting() == 0
    });
    (house, bot)
}

#[test]
fn e25_a_restored_house_finds_out_what_happened_and_sends_nothing_twice() {
    let (house, bot) = with_an_old_backup();
    let refused = house.ask(&["restore", "old.db"]);
    assert_eq!(refused.code, 73, "{}", refused.err);
    assert!(refused.err.contains("stop it first"), "{}", refused.err);
    assert_eq!(bot.stop().0, Some(0));
    assert!(
        !fs::metadata(house.path("data/cadence.db-wal")).is_ok_and(|log| log.len() > 0),
        "at its end the log is in the database"
    );

    let restored = house.ask(&["restore", "old.db"]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    for words in ["is the database now", "1 enrollments", "is kept as", "recovery mode"] {
        assert!(restored.out.contains(words), "{words:?} is missing in {}", restored.out);
    }
    let kept = fs::read_dir(house.path("data"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let kept: Vec<String> = kept.map(|name| name.to_string_lossy().into_owned()).collect();
    assert_eq!(
        kept.iter().filter(|name| name.starts_with("cadence.db.until-")).count(),
        1,
        "{kept:?}"
    );
    assert_eq!(house.count("enrollments", "waiting"), 1, "Jane is not known yet");

    let bot = house.start();
    bot.says("the database is older than what happened; nothing is sent until that is found out");
    bot.says("the database knows again what happened; touches go out");
    assert_eq!(
        house.count("enrollments", "waiting"),
        2,
        "she was enrolled by the mail that lay filed"
    );
    until("her doubt", &bot, || house.count("letters", "in_doubt") == 1);
    assert!(house.ask(&["holds"]).out.contains("nothing is held"));
    house.drop_mail(house.hand_over("kim@acme.test"));
    until("a new touch", &bot, || house.mails_to("kim@acme.test").len() == 1);
    assert_eq!(bot.stop().0, Some(0));
    for who in ["li@acme.test", "jane@acme.test", "kim@acme.test"] {
        assert_eq!(house.mails_to(who).len(), 1, "{who}");
    }
}

#[test]
fn a_drill_changes_nothing_and_says_what_there_is() {
    let (house, mut bot) = with_an_old_backup();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(house.path("data"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let (before, backup) = (names(), fs::read(house.path("old.db")).unwrap());
    let drill = house.ask(&["restore", "--drill", "old.db"]);
    assert_eq!(drill.code, 0, "{}", drill.err);
    for words in ["is sound and could be restored; nothing was changed", "1 enrollments"] {
        assert!(drill.out.contains(words), "{words:?} is missing in {}", drill.out);
    }
    assert!(bot.is_alive(), "beside a running bot");
    assert_eq!(names(), before);
    assert_eq!(fs::read(house.path("old.db")).unwrap(), backup);
    assert_eq!(bot.stop().0, Some(0));
}

#[test]
fn what_is_no_sound_backup_is_refused_and_the_database_stays() {
    let (house, bot) = with_an_old_backup();
    assert_eq!(bot.stop().0, Some(0));
    fs::write(house.path("text.db"), "this is no database").unwrap();
    // The pages are sound, and a row is not the fold of its journal any more.
    fs::copy(house.path("old.db"), house.path("broken.db")).unwrap();
    let broken = rusqlite::Connection::open(house.path("broken.db")).unwrap();
    assert_eq!(
        broken.execute("UPDATE enrollment SET due_ms = due_ms + 1", []).unwrap(),
        1
    );
    drop(broken);
    for (name, words) in [
        ("text.db", "cannot be restored"),
        ("broken.db", "is not what its journal says"),
        ("none.db", "none.db"),
    ] {
        for arguments in [vec!["restore", "--drill", name], vec!["restore", name]] {
            let seen = house.ask(&arguments);
            assert_eq!(seen.code, 65, "{name}: {}{}", seen.out, seen.err);
            assert!(seen.err.contains(words), "{name}: {}", seen.err);
        }
    }
    assert_eq!(house.count("enrollments", "waiting"), 2, "nothing was changed");
    let again = house.ask(&["backup", "old.db"]);
    assert_eq!(again.code, 75, "{}", again.err);
    assert!(again.err.contains("name another"), "{}", again.err);
}

#[test]
fn p27_over_imap_a_stop_that_was_filed_since_the_backup_is_brought_back_and_counts() {
    let host = MailHost::mailbox();
    let port = ports::free();
    let relay = Relay::start(port, Manner::Friendly);
    let house = House::with(&imap(&host), &smtp(port));
    let bot = house.start();
    bot.says("the mailbox is this bot's");
    host.deliver(
        &house.enrol_address(),
        ANA,
        house.hand_over("jane@acme.test").as_bytes(),
    );
    until("her touch", &bot, || relay.taken_for("jane@acme.test") == 1);
    until("its record", &bot, || house.count("letters", "sent") == 2);
    let made = house.ask(&["backup", "old.db"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let reply = format!(
        "From: Jane Doe <jane@acme.test>\r\nTo: Ana Costa <{ANA}>, {BOT}\r\nSubject: Re: Hello\r\nDate: {}\r\n\
         Message-ID: <answer@acme.test>\r\nIn-Reply-To: <jane.acme.test@corp.test>\r\n\r\nPlease call me.\r\n",
        super::house::date()
    );
    host.deliver(BOT, "jane@acme.test", reply.as_bytes());
    until("the filing", &bot, || host.mails(BOT, "Cadence/Replies").len() == 1);
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(house.ask(&["restore", "old.db"]).code, 0);
    assert_eq!(house.count("enrollments", "paused"), 0, "the backup does not know");

    let bot = house.start();
    bot.says("the database knows again what happened; touches go out");
    assert_eq!(house.count("enrollments", "paused"), 1);
    until("the filing", &bot, || host.mails(BOT, "Cadence/Replies").len() == 1);
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(relay.taken_for("jane@acme.test"), 1);
}
