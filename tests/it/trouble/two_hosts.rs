//! Two bots with a database each, in one mailbox: a copied house, a second host, a test beside production.

use super::house::{ANA, BOT, House, imap, smtp, until};
use super::wire::{Manner, Relay};
use crate::servers::{MailHost, ports};

/// A house beside another: its own data, and the same key.
fn beside(first: &House, mailbox: &str, relay: &str) -> House {
    let house = House::with(mailbox, relay);
    std::fs::copy(first.path("cadence.key"), house.path("cadence.key")).unwrap();
    house
}

#[test]
fn e21_on_one_maildir_the_second_stands_by_says_who_has_it_and_follows() {
    let first = House::of_folders();
    let one = first.start();
    one.says("the mailbox is this bot's");
    let mailbox = format!("kind = \"maildir\"\npath = \"{}\"", first.path("in").display());
    let second = beside(&first, &mailbox, "kind = \"maildir\"\npath = \"out\"");
    let mut two = second.start();
    two.says("another bot holds the mailbox");
    let held = second.ask(&["status"]).out;
    let database = first.path("data/cadence.db").canonicalize().unwrap();
    for words in [
        "the mailbox is held by the bot on ",
        "(epoch 1)",
        database.to_str().unwrap(),
    ] {
        assert!(held.contains(words), "{words:?} is missing in {held}");
    }
    assert_eq!(
        second
            .ask(&["holds", "--json"])
            .out
            .matches("\"cause\":\"lease\"")
            .count(),
        1
    );

    first.drop_mail(first.hand_over("jane@acme.test"));
    until("the touch", &one, || first.mails_to("jane@acme.test").len() == 1);
    assert!(two.is_alive());
    assert!(second.mails_to("jane@acme.test").is_empty() && second.mails_to(ANA).is_empty());

    assert_eq!(one.stop().0, Some(0));
    two.says("the mailbox is this bot's");
    until("the end of the hold", &two, || {
        !second.ask(&["holds", "--json"]).out.contains("\"cause\":\"lease\"")
    });
    let one = first.start();
    one.says("another bot holds the mailbox");
    assert_eq!(one.stop().0, Some(0), "who stands by ends as soon as it is told");
    assert_eq!(two.stop().0, Some(0));
}

#[test]
fn e21_on_a_real_server_one_note_says_who_has_the_mailbox() {
    let host = MailHost::mailbox();
    let port = ports::free();
    let relay = Relay::start(port, Manner::Friendly);
    let first = House::with(&imap(&host), &smtp(port));
    let one = first.start();
    one.says("the mailbox is this bot's");
    let note = || {
        let notes = host.mails(BOT, "Cadence/Lease");
        assert_eq!(notes.len(), 1, "one note and no heap of them");
        String::from_utf8(notes[0].clone()).unwrap()
    };
    assert!(
        first.ask(&["holds"]).out.contains("nothing is held"),
        "the two clocks agree"
    );
    assert!(
        note().contains("epoch: 1\n") && note().contains("state: held\n"),
        "{}",
        note()
    );

    // Killed, it goes on at once: the note was its own.
    one.kill();
    let one = first.start();
    one.says("the mailbox is this bot's");
    until("its note", &one, || host.mails(BOT, "Cadence/Lease").len() == 1);
    assert!(note().contains("epoch: 2\n"), "{}", note());

    let second = beside(&first, &imap(&host), &smtp(port));
    let two = second.start();
    two.says("another bot holds the mailbox");
    host.deliver(
        &first.enrol_address(),
        ANA,
        first.hand_over("jane@acme.test").as_bytes(),
    );
    until("the touch", &one, || relay.taken_for("jane@acme.test") == 1);
    assert_eq!(one.stop().0, Some(0));
    two.says("the mailbox is this bot's");
    until("its note", &two, || host.mails(BOT, "Cadence/Lease").len() == 1);
    assert!(note().contains("epoch: 3\n"), "{}", note());
    assert_eq!(two.stop().0, Some(0));
    assert!(note().contains("state: released\n"), "{}", note());
    assert_eq!(relay.taken_for("jane@acme.test"), 1, "once");
}
