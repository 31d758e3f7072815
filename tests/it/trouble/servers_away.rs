//! Servers that are away, refuse the login or fall silent.

use super::house::{ANA, BOT, House, imap, imap_at, smtp, until};
use super::wire::{Gate, Manner, Relay};
use crate::servers::{MailHost, ports};
use std::time::Duration;

/// What an administrator calls soon. It ends at once, and this machine is busy.
const SOON: Duration = Duration::from_secs(14);

const MAILDIR: &str = "kind = \"maildir\"\npath = \"in\"";

#[test]
fn a_relay_that_is_away_is_told_once_and_comes_back_by_itself() {
    let port = ports::free();
    let house = House::with(MAILDIR, &smtp(port));
    let bot = house.start();
    bot.says("ready");
    for nth in 0..5 {
        house.drop_mail(house.hand_over(&format!("jane{nth}@acme.test")));
    }
    bot.says("the relay cannot be used");
    // Its second try has failed too when there is a second letter with a reason to wait.
    until("a second try", &bot, || bot.has_said("outcome=\"unreached\"") >= 2);
    until("all letters", &bot, || house.count("letters", "ready") == 10);
    let waits = house.ask(&["status"]).out;
    assert!(waits.contains("letter waits: Connection refused"), "{waits}");

    let mut relay = Relay::start(port, Manner::Friendly);
    bot.says("the relay can be used again");
    until("all mails", &bot, || {
        relay.taken_for("jane") == 5 && relay.taken_for(ANA) == 5
    });

    // And the same while it runs.
    relay.shut();
    house.drop_mail(house.hand_over("li@acme.test"));
    until("the news", &bot, || bot.has_said("the relay cannot be used") == 2);
    drop(relay);
    let relay = Relay::start(port, Manner::Friendly);
    until("the mail", &bot, || {
        relay.taken_for("li@acme.test") == 1 && relay.taken_for(ANA) == 1
    });
    until("the news", &bot, || bot.has_said("the relay can be used again") == 2);
    assert_eq!(
        bot.has_said("the relay cannot be used"),
        2,
        "each trouble is told once\n{}",
        bot.log()
    );
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(house.count("letters", "sent"), 12);
}

#[test]
fn a_mailbox_that_is_away_holds_every_touch_and_comes_back_by_itself() {
    let host = MailHost::mailbox();
    let (mailbox_port, relay_port) = (ports::free(), ports::free());
    let house = House::with(&imap_at(mailbox_port, &host), &smtp(relay_port));
    let gate = Gate::open(mailbox_port, host.imaps_port());
    let bot = house.start();
    bot.says("ready");
    host.deliver(
        &house.enrol_address(),
        ANA,
        house.hand_over("jane@acme.test").as_bytes(),
    );
    until("the enrolling", &bot, || house.count("letters", "ready") == 2);
    // Gone while it runs, and noticed.
    drop(gate);
    bot.says("the mailbox cannot be read");
    assert_eq!(bot.stop().0, Some(0), "it ends well in the middle of a pause");

    // Gone when it starts. The receipt may go out, the touch may not: who knows what lies in the mailbox.
    let relay = Relay::start(relay_port, Manner::Friendly);
    let mut nobody = Relay::start(mailbox_port, Manner::HangsUp);
    let bot = house.start();
    bot.says("the mailbox cannot be read");
    until("the receipt", &bot, || relay.taken_for(ANA) == 1);
    until("more tries", &bot, || nobody.calls() >= 2);
    assert_eq!(relay.taken_for("jane@acme.test"), 0);
    assert_eq!(house.count("letters", "ready"), 1, "it waits");
    let told = house.ask(&["status"]).out;
    assert!(told.contains("mailbox away: "), "{told}");
    nobody.shut();
    let _gate = Gate::open(mailbox_port, host.imaps_port());
    bot.says("the mailbox can be read again");
    until("the end of it in `status`", &bot, || {
        !house.ask(&["status"]).out.contains("mailbox away")
    });
    until("the touch", &bot, || relay.taken_for("jane@acme.test") == 1);
    assert_eq!(bot.has_said("the mailbox cannot be read"), 1, "{}", bot.log());
    let (code, took) = bot.stop();
    assert_eq!(code, Some(0));
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_wrong_password_is_said_with_its_fix_and_never_hammered() {
    let host = MailHost::mailbox();
    let port = ports::free();
    let login = format!("\nuser = \"{BOT}\"\npassword_file = \"password\"");
    let house = House::with(&imap(&host), &(smtp(port) + &login));
    let relay = Relay::start(port, Manner::RefusesLogin);
    house.password("password", "not the password");

    let checked = house.ask(&["check"]);
    assert_eq!(checked.code, 77, "{}{}", checked.out, checked.err);
    for part in [
        "fail  mailbox",
        "fail  relay",
        "correct `user` and the password of [mailbox]",
        "of [relay]",
        "535 5.7.8",
    ] {
        assert!(checked.out.contains(part), "{part} is missing in {}", checked.out);
    }
    assert_eq!(relay.logins(), 1);

    let bot = house.start();
    bot.says("the mailbox refuses the login, so nothing is sent to prospects; put it right and start the bot again");
    assert!(
        !bot.log().contains("not the password") && !bot.log().contains(BOT),
        "{}",
        bot.log()
    );
    let (code, took) = bot.stop();
    assert_eq!(code, Some(0), "SIGTERM ends it in the middle of a long pause");
    assert!(took < SOON, "{took:?}");
    let refused = host.log().matches("auth failed").count() + host.log().matches("Login aborted").count();
    assert!(refused <= 2, "one try by `check`, one by `run`:\n{}", host.log());
}

#[test]
fn the_administrator_is_mailed_when_the_mailbox_refuses_the_login() {
    let host = MailHost::mailbox();
    let house = House::with(&imap(&host), "kind = \"maildir\"\npath = \"out\"");
    let config = std::fs::read_to_string(house.path("cadence.toml")).unwrap();
    let config = config.replace("[bot]\n", "[bot]\nadministrator = \"admin@corp.test\"\n");
    std::fs::write(house.path("cadence.toml"), config).unwrap();
    house.password("password", "not the password");
    let bot = house.start();
    bot.says("the mailbox refuses the login");
    let told = || house.mails_to("admin@corp.test");
    until("the administrator is told", &bot, || !told().is_empty());
    let mail = told().pop().expect("a mail");
    assert!(mail.contains("Subject: The mailbox refuses my login"), "{mail}");
    assert!(
        mail.contains("I have not read my mailbox since I was started."),
        "{mail}"
    );
    assert!(!mail.contains("not the password"));
    bot.stop();
    assert_eq!(house.mails_to("admin@corp.test").len(), 1, "it is told once");
}

#[test]
fn a_refused_relay_login_is_one_login_and_not_one_a_letter() {
    let port = ports::free();
    let login = format!("\nuser = \"{BOT}\"\npassword_file = \"password\"");
    let house = House::with(MAILDIR, &(smtp(port) + &login));
    let relay = Relay::start(port, Manner::RefusesLogin);
    let mut bot = house.start();
    bot.says("ready");
    for nth in 0..20 {
        house.drop_mail(house.hand_over(&format!("jane{nth}@acme.test")));
    }
    bot.says("the relay refuses the login");
    until("all letters", &bot, || {
        house.count("letters", "ready") == 40 && house.filed("Processed") == 20
    });
    let waits = house.ask(&["status"]).out;
    assert!(
        waits.contains("letter waits: 535 no such user or password (logging in)"),
        "{waits}"
    );
    assert!(bot.is_alive());
    assert_eq!(relay.logins(), 1, "{}", bot.log());
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(house.count("letters", "ready"), 40, "nothing was lost");

    // Put right, and started again.
    drop(relay);
    let relay = Relay::start(port, Manner::Friendly);
    let bot = house.start();
    until("all mails", &bot, || {
        relay.taken_for("jane") == 20 && relay.taken_for(ANA) == 20
    });
    assert_eq!(bot.stop().0, Some(0));
}

/// A Maildir for a mailbox, this relay, and a mail to somebody on its way.
fn with_a_mail_under_way(port: u16, relay: &Relay, to: &str) -> (House, super::house::Running) {
    let house = House::with(MAILDIR, &smtp(port));
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("a mail", &bot, || relay.taken_for(to) == 1);
    (house, bot)
}

#[test]
fn q5_sigterm_ends_it_at_once_while_nothing_has_passed_the_gate() {
    // A mailbox that takes the connection and never greets.
    let host = MailHost::mailbox();
    let (mailbox, relay_port) = (ports::free(), ports::free());
    let silent = Relay::start(mailbox, Manner::Silent);
    let house = House::with(&imap_at(mailbox, &host), &smtp(relay_port));
    let bot = house.start();
    until("the call", &bot, || silent.calls() > 0);
    let (code, took) = bot.stop();
    assert_eq!(code, Some(0));
    assert!(took < SOON, "{took:?}");

    // A relay that takes the connection and never greets: the letter was only claimed, and is ready again.
    let house = House::with(MAILDIR, &smtp(relay_port));
    let silent = Relay::start(relay_port, Manner::Silent);
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("the call", &bot, || silent.calls() > 0);
    let (code, took) = bot.stop();
    assert_eq!(code, Some(0));
    assert!(took < SOON, "{took:?}");
    assert_eq!(house.count("letters", "ready"), 2, "nothing was lost");
    assert_eq!(house.count("letters", "claimed"), 0);
}

#[test]
fn after_the_final_dot_sigterm_waits_for_the_answer() {
    let port = ports::free();
    let relay = Relay::start(port, Manner::WaitsAfterDot);
    // A relay that nobody knows yet is asked by one letter, the receipt.
    let (house, bot) = with_a_mail_under_way(port, &relay, ANA);
    bot.told_to_stop();
    bot.says("waiting for what is on its way");
    relay.answer();
    assert_eq!(bot.ends().0, Some(0));
    assert_eq!(house.count("letters", "sending"), 0);
    assert_eq!(house.count("letters", "sent"), 1, "its answer was heard");
}

#[test]
fn a_second_sigterm_ends_it_at_once_and_what_was_on_its_way_is_in_doubt() {
    let port = ports::free();
    let relay = Relay::start(port, Manner::SilentToProspects);
    let (house, bot) = with_a_mail_under_way(port, &relay, "jane@acme.test");
    bot.told_to_stop();
    bot.says("waiting for what is on its way");
    let (code, took) = bot.stop();
    assert_eq!(code, Some(75));
    assert!(took < SOON, "{took:?}");
    assert_eq!(house.count("letters", "sending"), 1);
    let bot = house.start();
    bot.says("they are in doubt and never sent again by themselves");
    until("the doubt", &bot, || house.count("letters", "in_doubt") == 1);
    assert_eq!(bot.stop().0, Some(0));
}
