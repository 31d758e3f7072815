//! A disk that is full, a database that somebody else has locked.

use super::house::{ANA, House, Running, until};
use super::wire::{Manner, Relay};
use crate::servers::ports;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// How the disk of the bot is made full, both for real.
enum Disk {
    /// A file system of its own, of a megabyte and a half, seen by the bot alone; filled by a file.
    Small,
    /// A bound on the size of its files, which is moved: for whoever may not mount.
    Bounded,
}

impl Disk {
    /// The best there is here.
    fn of_this_machine() -> Self {
        let tried = Command::new("unshare")
            .args(["--mount", "mount", "-t", "tmpfs", "none", "/mnt"])
            .output();
        if tried.is_ok_and(|tried| tried.status.success()) {
            Self::Small
        } else {
            Self::Bounded
        }
    }

    fn start(&self, house: &House) -> Running {
        let binary = env!("CARGO_BIN_EXE_cadence");
        fs::create_dir_all(house.path("data")).unwrap();
        match self {
            Self::Small => {
                let script = "mount -t tmpfs -o size=1500k,mode=0700 none data && exec \"$0\" run -v";
                house.start_as(Command::new("unshare").args(["--mount", "sh", "-c", script, binary]))
            }
            // Who ignores the signal gets an error from the write instead.
            Self::Bounded => {
                house.start_as(Command::new("sh").args(["-c", "trap '' XFSZ; exec \"$0\" run -v", binary]))
            }
        }
    }

    /// The bot's data as the bot sees them.
    fn data(house: &House, bot: &Running) -> PathBuf {
        let absolute = house.path("data");
        PathBuf::from(format!("/proc/{}/root{}", bot.id(), absolute.display()))
    }

    fn fill(&self, house: &House, bot: &Running) {
        match self {
            Self::Small => {
                let path = Self::data(house, bot).join("filler");
                let mut filler = OpenOptions::new().create(true).append(true).open(path).unwrap();
                while filler.write_all(&[0; 4096]).is_ok() {}
            }
            Self::Bounded => {
                let log = fs::metadata(house.path("data/cadence.db-wal")).unwrap().len();
                bound_files(bot, &log.to_string());
            }
        }
    }

    fn free(&self, house: &House, bot: &Running) {
        match self {
            Self::Small => fs::remove_file(Self::data(house, bot).join("filler")).unwrap(),
            Self::Bounded => bound_files(bot, "unlimited"),
        }
    }
}

fn bound_files(bot: &Running, size: &str) {
    let arguments = ["--pid", &bot.id().to_string(), &format!("--fsize={size}:")];
    assert!(Command::new("prlimit").args(arguments).status().unwrap().success());
}

#[test]
fn on_a_full_disk_nothing_is_sent_and_nothing_is_lost_and_with_space_it_goes_on() {
    let disk = Disk::of_this_machine();
    let house = House::of_folders();
    let bcc = house.hand_over("jane@acme.test");
    let mut bot = disk.start(&house);
    bot.says("ready");
    house.drop_mail(&bcc);
    until("the follow-up", &bot, || {
        house.mails_to("jane@acme.test").len() == 1 && house.mails_to(ANA).len() == 1
    });
    until("an end of all work", &bot, || bot.has_said("outcome=\"sent\"") == 2);

    disk.fill(&house, &bot);
    house.drop_mail(house.hand_over("li@acme.test"));
    bot.says("nothing was lost");
    assert!(bot.is_alive(), "{}", bot.log());
    assert_eq!(house.waiting(), 1, "the mail stays where it is");
    assert_eq!(
        (house.mails_to("li@acme.test").len(), house.mails_to(ANA).len()),
        (0, 1),
        "{}",
        bot.log()
    );

    disk.free(&house, &bot);
    until("the follow-up", &bot, || {
        house.mails_to("li@acme.test").len() == 1 && house.mails_to(ANA).len() == 2
    });
    until("the filing", &bot, || house.waiting() == 0);
    assert!(
        bot.has_said("nothing was lost") <= 3,
        "it is told once at each place\n{}",
        bot.log()
    );
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(house.mails_to("jane@acme.test").len(), 1, "nothing went out twice");
}

#[test]
fn an_answer_that_cannot_be_recorded_is_recorded_when_there_is_space_again() {
    let disk = Disk::Bounded;
    let port = ports::free();
    let relay_section = format!("kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"");
    let house = House::with("kind = \"maildir\"\npath = \"in\"", &relay_section);
    let relay = Relay::start(port, Manner::WaitsAfterDot);
    let bot = disk.start(&house);
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("a mail on its way", &bot, || relay.taken_for(ANA) == 1);
    disk.fill(&house, &bot);
    relay.answer();
    bot.says("what became of a letter cannot be recorded; no other is begun until it can");
    assert_eq!(relay.taken_for("jane@acme.test"), 0, "no other is begun");
    disk.free(&house, &bot);
    until("the touch", &bot, || relay.taken_for("jane@acme.test") == 1);
    until("both answers", &bot, || house.count("letters", "sent") == 2);
    assert_eq!(relay.taken_for(ANA), 1, "it was not sent again");
    assert_eq!(bot.stop().0, Some(0));
}

#[test]
fn a_database_that_somebody_else_has_locked_is_waited_for() {
    let house = House::of_folders();
    let mut bot = house.start();
    bot.says("ready");
    // The first look at the mailbox and the first digest are behind it.
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("two mails", &bot, || bot.has_said("outcome=\"sent\"") == 2);
    until("their rows", &bot, || house.count("letters", "sent") == 2);

    let holder = house.database();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    house.drop_mail(house.hand_over("li@acme.test"));
    bot.says("the database is locked by another process: close what has it open");
    assert!(bot.is_alive());
    assert_eq!(
        (house.mails_to("li@acme.test").len(), house.waiting()),
        (0, 1),
        "{}",
        bot.log()
    );
    holder.execute_batch("ROLLBACK").unwrap();
    until("the follow-up", &bot, || {
        house.mails_to("li@acme.test").len() == 1 && house.mails_to(ANA).len() == 2
    });
    until("the filing", &bot, || house.waiting() == 0);
    assert_eq!(bot.stop().0, Some(0));
}
