//! `kill -9` in the middle of work, and begun again.

use super::house::{ANA, House, until};
use super::wire::{Manner, Relay};
use crate::servers::ports;
use std::collections::BTreeMap;

const PROSPECTS: usize = 24;

/// Where each prospect's touch stands in the ledger.
fn touches(house: &House) -> BTreeMap<String, String> {
    let database = house.database();
    let mut statement = database
        .prepare("SELECT recipient, state FROM letter WHERE class = 'step'")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn killed_again_and_again_it_sends_nothing_twice_and_loses_nothing() {
    let house = House::of_folders();
    let people: Vec<String> = (0..PROSPECTS).map(|nth| format!("jane{nth}@acme.test")).collect();
    let mut bot = house.start();
    bot.says("ready");
    for person in &people {
        house.drop_mail(house.hand_over(person));
    }
    let sent = || people.iter().map(|person| house.mails_to(person).len()).sum::<usize>();
    let read = || house.filed("Processed");
    // While mails are read, and while touches go out.
    for (mails_read, mails_sent) in [
        (1, 0),
        (PROSPECTS / 2, 0),
        (0, 1),
        (0, PROSPECTS / 3),
        (0, PROSPECTS / 2),
    ] {
        // What a kill has put in doubt is never sent, so there may be less to send than that.
        until("a moment to kill it", &bot, || {
            read() >= mails_read && (sent() >= mails_sent || settled(&house))
        });
        bot.kill();
        bot = house.start();
    }
    until("the rest", &bot, || settled(&house));
    until("the filing", &bot, || house.waiting() == 0);
    assert_eq!(bot.stop().0, Some(0));

    let ledger = touches(&house);
    for person in &people {
        let delivered = house.mails_to(person).len();
        match ledger[person].as_str() {
            "sent" => assert_eq!(delivered, 1, "{person}"),
            // Killed between the first byte and the answer: nobody knows, the rep is told, and nothing is sent again.
            "in_doubt" => assert!(delivered <= 1, "{person} got {delivered}"),
            state => panic!("{person} stands at {state}"),
        }
    }
    assert_eq!(house.count("enrollments", "waiting"), i64::try_from(PROSPECTS).unwrap());
    assert_eq!(house.filed("Processed"), PROSPECTS);
}

#[test]
fn a_touch_that_was_on_its_way_is_in_doubt_and_never_sent_again() {
    let port = ports::free();
    let relay_section = format!("kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"");
    let house = House::with("kind = \"maildir\"\npath = \"in\"", &relay_section);
    let relay = Relay::start(port, Manner::SilentToProspects);
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("a mail on its way", &bot, || relay.taken_for("jane@acme.test") == 1);
    bot.kill();
    drop(relay);

    let relay = Relay::start(port, Manner::Friendly);
    let bot = house.start();
    bot.says("they are in doubt and never sent again by themselves");
    // The rep is told; and who is enrolled after that shows that everything else goes on.
    until("the alert", &bot, || relay.taken_for(ANA) == 1);
    house.drop_mail(house.hand_over("li@acme.test"));
    until("another touch", &bot, || {
        relay.taken_for("li@acme.test") == 1 && relay.taken_for(ANA) == 2
    });
    assert_eq!(relay.taken_for("jane@acme.test"), 0);
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(house.count("letters", "in_doubt"), 1);
    let told = house.ask(&["status"]).out;
    assert!(
        told.contains("letter in_doubt: the bot stopped before the server had answered"),
        "{told}"
    );
}

/// Whether every touch has met its fate.
fn settled(house: &House) -> bool {
    let open = ["ready", "claimed", "sending"];
    let touches = touches(house);
    touches.len() == PROSPECTS && !touches.values().any(|state| open.contains(&state.as_str()))
}
