//! A mail that was taken in and could not be filed: it stays where it is, and is filed when it is met again.

use super::house::{ANA, BOT, House, imap, smtp, until};
use super::wire::{Manner, Relay};
use crate::servers::{MailHost, ports};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn what_the_server_would_not_move_is_moved_at_the_next_start_and_done_once() {
    let host = MailHost::mailbox();
    let port = ports::free();
    let relay = Relay::start(port, Manner::Friendly);
    let house = House::with(&imap(&host), &smtp(port));
    let bot = house.start();
    bot.says("the mailbox is this bot's");
    let hand_over = |who: &str| host.deliver(&house.enrol_address(), ANA, house.hand_over(who).as_bytes());
    hand_over("jane@acme.test");
    until("the filing", &bot, || host.mails(BOT, "Cadence/Processed").len() == 1);

    let processed = host.folder().join("mail").join(BOT).join(".Cadence.Processed");
    let writable = |mode| {
        for part in ["new", "cur", "tmp", ""] {
            fs::set_permissions(processed.join(part), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    writable(0o500);
    hand_over("li@acme.test");
    bot.says("mails that were taken in cannot be filed and stay where they are");
    until("her touch", &bot, || relay.taken_for("li@acme.test") == 1);
    assert_eq!(host.mails(BOT, "INBOX").len(), 1);
    assert_eq!(bot.stop().0, Some(0));

    writable(0o700);
    let bot = house.start();
    until("the filing", &bot, || host.mails(BOT, "Cadence/Processed").len() == 2);
    assert!(host.mails(BOT, "INBOX").is_empty());
    hand_over("kim@acme.test");
    until("the next one", &bot, || relay.taken_for("kim@acme.test") == 1);
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(relay.taken_for("li@acme.test"), 1, "and it was done once");
}
