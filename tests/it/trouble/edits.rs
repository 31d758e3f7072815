//! Cadences are edited while the bot has people in them: what does not load holds itself and nothing else, and what was changed
//! neither repeats nor skips a touch.

use super::house::{ANA, House, until};
use std::fs;

const ADMIN: &str = "admin@corp.test";

/// The house of these tests with an administrator, and a second cadence that a route leads to.
fn house() -> House {
    let house = House::of_folders();
    let path = house.path("cadence.toml");
    let config = fs::read_to_string(&path).unwrap();
    let config = config.replacen("[bot]\n", &format!("[bot]\nadministrator = \"{ADMIN}\"\n"), 1);
    fs::write(&path, config + "[[route]]\ncadence = \"other\"\ntitle = [\"cfo\"]\n").unwrap();
    let other = house.path("cadences/other");
    fs::create_dir_all(&other).unwrap();
    fs::write(
        other.join("cadence.toml"),
        "title = \"Other\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n",
    )
    .unwrap();
    fs::write(other.join("a.md"), "Subject: Other\n\nOther?\n").unwrap();
    house
}

#[test]
fn a_cadence_that_does_not_load_is_told_to_the_administrator_once_and_the_others_go_on() {
    let house = house();
    let broken = house.path("cadences/other/a.md");
    fs::write(&broken, "Subject: Other\n\nOther, {{compnay}}?\n").unwrap();
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("the second mail of the sound cadence", &bot, || {
        !house.mails_to("jane@acme.test").is_empty()
    });
    until("word to the administrator", &bot, || !house.mails_to(ADMIN).is_empty());
    let place = "other/a.md:3:10: unknown word `compnay`: did you mean `company`?";
    let status = house.status();
    assert_eq!(status["does_not_load"], serde_json::json!([place]), "{status}");
    assert_eq!(status["holds"][0]["scope"], "cadence other", "{status}");
    let seen = house.ask(&["status"]);
    assert!(seen.out.contains(&format!("not loaded   {place}")), "{}", seen.out);
    assert_eq!(bot.stop().0, Some(0));
    // Started again it is not told again; and once it loads, nothing is held.
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jo@acme.test"));
    until("the cadence goes on", &bot, || {
        !house.mails_to("jo@acme.test").is_empty()
    });
    assert_eq!(bot.stop().0, Some(0));
    let told = house.mails_to(ADMIN);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("other"), "{}", told[0]);
    fs::write(&broken, "Subject: Other\n\nOther?\n").unwrap();
    let bot = house.start();
    bot.says("a cadence loads again");
    until("no hold", &bot, || house.status()["holds"] == serde_json::json!([]));
    assert_eq!(bot.stop().0, Some(0));
}

#[test]
fn a_running_cadence_that_was_edited_makes_no_touch_twice_and_says_what_it_leaves_out() {
    let house = house();
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("the second mail", &bot, || house.mails_to("jane@acme.test").len() == 1);
    assert_eq!(bot.stop().0, Some(0));
    // A new first step, the last one now comes before what was made, and one that is new comes at once.
    let plan = house.path("cadences/quick");
    let step =
        |day: u32, at: &str, name: &str| format!("[[step]]\nday = {day}\nat = \"{at}\"\ntemplate = \"{name}\"\n");
    let toml = [
        "title = \"Quick\"\nkind = \"cold\"\ndays = \"calendar\"\n".to_owned(),
        step(1, "immediately", "new"),
        step(1, "immediately", "first"),
        step(1, "immediately", "third"),
        step(1, "immediately", "second"),
        step(1, "immediately", "fourth"),
    ];
    fs::write(plan.join("new.md"), "Subject: New\n\nNew.").unwrap();
    fs::write(plan.join("fourth.md"), "A fourth.").unwrap();
    fs::write(plan.join("cadence.toml"), toml.concat()).unwrap();
    let seen = house.ask(&["lint"]);
    assert_eq!(seen.code, 0, "{}{}", seen.out, seen.err);
    for told in ["`new` is left out", "`third` is left out"] {
        assert!(seen.out.contains(told), "{}", seen.out);
    }
    // What was planned keeps its time, a month from now, so the day comes for it in the database.
    house
        .database()
        .execute("UPDATE enrollment SET due_ms = 1000 WHERE standing = 'waiting'", [])
        .unwrap();
    let bot = house.start();
    until("the fourth mail", &bot, || house.mails_to("jane@acme.test").len() == 2);
    assert_eq!(bot.stop().0, Some(0));
    let mails = house.mails_to("jane@acme.test");
    let with = |words: &str| mails.iter().filter(|mail| mail.contains(words)).count();
    assert_eq!(
        (with("One more."), with("A fourth."), with("New."), with("Last.")),
        (1, 1, 0, 0),
        "{mails:?}"
    );
    let why = house.ask(&["why", "jane@acme.test"]).out;
    assert!(why.contains("left out: the cadence was edited"), "{why}");
    assert!(!house.mails_to(ANA).is_empty());
}
