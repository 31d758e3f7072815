//! Mails that nobody should have sent.

use super::house::{ANA, BOT, House, date, until};
use std::fs::OpenOptions;

const FIFTY: u64 = 50 * 1000 * 1000;

/// Lays a mail of 50 MB into the bot's Maildir; most of it is a hole, of which nothing may be read anyway.
fn drop_huge(house: &House, head: &str) {
    let mut text = head.to_owned();
    while text.len() < 600_000 {
        text.push_str("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg==\r\n");
    }
    let path = house.path("huge");
    std::fs::write(&path, text).unwrap();
    OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(FIFTY)
        .unwrap();
    std::fs::rename(&path, house.path("in/new/1700000001.huge.test")).unwrap();
}

fn with_attachment(head: &str, text: &str) -> String {
    format!(
        "{head}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--b\r\n\
         Content-Type: video/mp4; name=film.mp4\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
}

fn nested(depth: usize) -> String {
    let mut mail = format!(
        "From: nest@acme.test\r\nTo: {BOT}\r\nSubject: Nested\r\nMessage-ID: <nested@acme.test>\r\nDate: {}\r\nMIME-Version: 1.0\r\n",
        date()
    );
    for level in 0..depth {
        mail.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        ));
    }
    mail.push_str("\r\nat last\r\n");
    mail
}

fn message_id(mail: &str) -> String {
    let line = mail.lines().find_map(|line| line.strip_prefix("Message-ID: "));
    line.unwrap_or_else(|| panic!("no id in {mail}")).trim().to_owned()
}

#[test]
fn bad_mails_are_filed_and_status_says_what_is_wrong_with_each() {
    let house = House::of_folders();
    let bcc = house.enrol_address();
    let mut bot = house.start();
    bot.says("ready");
    let now = date();
    let noise: Vec<u8> = (0..4096_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    house.drop_mail(&noise);
    house.drop_mail("");
    house.drop_mail(nested(10_000));
    house.drop_mail(format!(
        "From: odd@acme.test\r\nTo: {BOT}\r\nSubject: No id\r\nDate: {now}\r\n\r\nHello\r\n"
    ));
    house.drop_mail(format!(
        "Delivered-To: {bcc}\r\nFrom: Ana Costa <{ANA}>\r\nFrom: Eve <eve@evil.test>\r\nTo: victim@acme.test\r\nSubject: Two\r\n\
         Date: {now}\r\nMessage-ID: <two@evil.test>\r\n\r\nHello\r\n"
    ));
    house.drop_mail(format!(
        "Delivered-To: {bcc}\r\nFrom: Ana Costa <{ANA}>\r\nTo: undisclosed-recipients:;\r\nSubject: Nobody\r\nDate: {now}\r\n\
         Message-ID: <nobody@corp.test>\r\n\r\nHello\r\n"
    ));
    house.drop_mail(format!(
        "From: odd@acme.test\r\nX: {}\r\nSubject: Long\r\nDate: {now}\r\n\r\nHi\r\n",
        "y".repeat(400_000)
    ));
    drop_huge(
        &house,
        &with_attachment(
            "From: film@acme.test\r\nMessage-ID: <film@acme.test>\r\nSubject: Film\r\n",
            "Look",
        ),
    );
    // A good one behind them all: who gets its receipt knows that the others were survived.
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("the receipt", &bot, || {
        house
            .mails_to(ANA)
            .iter()
            .any(|mail| mail.contains("Enrolled: Jane Doe"))
    });
    until("an empty mailbox", &bot, || house.waiting() == 0);
    assert!(bot.is_alive());
    assert!(bot.most_memory() < 100 * 1000 * 1000, "{} bytes", bot.most_memory());
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(
        [
            house.filed("Quarantine"),
            house.filed("Unmatched"),
            house.filed("Processed")
        ],
        [1, 6, 2],
        "each mail is filed"
    );

    let text = house.ask(&["status"]).out;
    let told = &house.status()["troubles"];
    for (kind, reason) in [
        ("mail in unmatched", "it has no header; it has no From field"),
        ("mail in unmatched", "its parts are nested deeper than is read"),
        (
            "mail in unmatched",
            "no automatic headers; it is about nobody who is enrolled; it has no Message-ID",
        ),
        ("mail in quarantine", "it has more than one From field"),
        (
            "hand-over of nobody",
            "nobody was enrolled: nobody in To whom it could be",
        ),
        ("mail in unmatched", "its header is longer than is read"),
        ("mail in unmatched", "only the first 525 kB of its 50.0 MB were read"),
    ] {
        let line = |line: &str| line.contains(&format!("{kind}: ")) && line.contains(reason);
        assert!(text.lines().any(line), "{kind}: {reason} is not in {text}");
        let object = |trouble: &serde_json::Value| {
            trouble["kind"] == kind && trouble["because"].as_str().unwrap().contains(reason)
        };
        assert!(
            told.as_array().unwrap().iter().any(object),
            "{kind}: {reason} is not in {told}"
        );
    }
    let receipts = house.mails_to(ANA);
    assert!(
        receipts.iter().any(|mail| mail.contains("Subject: Not enrolled")),
        "the rep is told that nobody was enrolled"
    );
    assert!(
        house.mails_to("victim@acme.test").is_empty(),
        "an impostor enrolls nobody"
    );
    assert!(house.mails_to("eve@evil.test").is_empty(), "and is answered by nobody");
}

#[test]
fn a_reply_of_50_megabytes_stops_and_the_rep_is_told_where_it_lies() {
    let house = House::of_folders();
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("the follow-up", &bot, || !house.mails_to("jane@acme.test").is_empty());
    let answered = message_id(&house.mails_to("jane@acme.test")[0]);
    drop_huge(
        &house,
        &with_attachment(
            &format!(
                "Delivered-To: {}\r\nFrom: Jane Doe <jane@acme.test>\r\nSubject: Re: Hello\r\nDate: {}\r\n\
                 Message-ID: <film@acme.test>\r\nIn-Reply-To: {}\r\n",
                BOT,
                date(),
                answered
            ),
            "Here is the film of our yard.",
        ),
    );
    until("the news of the reply", &bot, || house.mails_to(ANA).len() > 1);
    let relay = house
        .mails_to(ANA)
        .into_iter()
        .find(|mail| mail.contains("Subject: Re: Hello"))
        .unwrap();
    let words = relay.replace("=\r\n", "");
    assert!(
        words.contains("The mail itself (50.0 MB) could not be read whole, so it is not enclosed. It lies in the folder Cadence/Replies of cadence@reps.test."),
        "{relay}"
    );
    assert!(words.contains("Here is the film of our yard."), "{relay}");
    assert!(
        !words.contains("QUJDREVG") && !words.contains("multipart/mixed"),
        "nothing cut is enclosed: {relay}"
    );
    assert!(words.contains("Reply-To: Jane Doe <jane@acme.test>"), "{relay}");
    assert_eq!(house.count("enrollments", "paused"), 1);
    until("the mail in its folder", &bot, || house.filed("Replies") == 1);
    let whole = std::fs::read_dir(house.path("in/.Cadence.Replies/cur"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(whole.metadata().unwrap().len(), FIFTY, "the whole mail lies there");
    assert!(bot.most_memory() < 100 * 1000 * 1000, "{} bytes", bot.most_memory());
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!(
        house.mails_to("jane@acme.test").len(),
        1,
        "the prospect is not answered"
    );
}

#[test]
fn a_mail_that_killed_its_reader_before_still_stops_and_ends_in_quarantine_at_last() {
    let house = House::of_folders();
    let bot = house.start();
    bot.says("ready");
    house.drop_mail(house.hand_over("jane@acme.test"));
    until("the follow-up", &bot, || !house.mails_to("jane@acme.test").is_empty());
    let answered = message_id(&house.mails_to("jane@acme.test")[0]);
    let reply = |id: &str| {
        let now = date();
        format!(
            "Delivered-To: {BOT}\r\nFrom: Jane Doe <jane@acme.test>\r\nSubject: Re: Hello\r\nDate: {now}\r\n\
             Message-ID: <{id}@acme.test>\r\nIn-Reply-To: {answered}\r\n\r\nYes, on Monday.\r\n"
        )
    };
    // As if the process had died over it so often.
    let died_over = |mail: &str, times: u32| {
        let key = cadence::mail::read::read(mail.as_bytes()).key;
        let sql = "INSERT INTO mail (key, tries, at_ms) VALUES (?1, ?2, 0)";
        house.database().execute(sql, (key.as_str(), times)).unwrap();
    };
    let (thrice, always) = (reply("thrice"), reply("always"));
    died_over(&thrice, 3);
    died_over(&always, 6);

    house.drop_mail(&thrice);
    until("the stop", &bot, || house.count("enrollments", "paused") == 1);
    until("the news of it", &bot, || {
        house
            .mails_to(ANA)
            .iter()
            .any(|mail| mail.contains("Subject: Re: Hello"))
    });
    let relay = house
        .mails_to(ANA)
        .into_iter()
        .find(|mail| mail.contains("Subject: Re: Hello"));
    assert!(!relay.unwrap().contains("Monday"), "its body was not touched");
    house.drop_mail(&always);
    until("the quarantine", &bot, || house.filed("Quarantine") == 1);
    let told = house.ask(&["status"]).out;
    assert!(told.contains("mail in quarantine: it could not be taken in"), "{told}");
    assert_eq!(bot.stop().0, Some(0));
    assert_eq!((house.filed("Replies"), house.waiting()), (1, 0));
}
