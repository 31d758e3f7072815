//! Welcome: a rep's addresses, once, as cards, and what becomes of those that were given up.

use super::desk::{VOUCHED, bare, house, last, own, reply_to, says, sends, text_of};
use crate::story::{Story, address, header};
use cadence::mail::read::read;
use cadence::model::Codes;
use cadence::service::Spoken;
use cadence::store::Batch;
use cadence::world::Habit;

/// Ana is new.
async fn greeted() -> Story {
    let mut story = house(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.spoken = Spoken::new(true);
    story.settles().await;
    story
}

#[tokio::test]
async fn a_new_rep_is_mailed_a_guide_and_cards_once_and_not_again_after_a_restart() {
    let story = greeted().await;
    let mails = story.mails_to("ana@corp.test");
    assert_eq!(mails.len(), 1);
    let text = text_of(&mails[0]);
    assert!(text.starts_with("Welcome to Cadence, Ana: your addresses"), "{text}");
    assert!(text.contains(own(&story, "outbound").as_str()), "{text}");
    assert!(text.lines().count() <= 60, "one screen: {} lines", text.lines().count());
    let cadences: Vec<String> = story
        .world
        .bot
        .house
        .library
        .cadences()
        .map(|it| it.name.to_string())
        .collect();
    for name in &cadences {
        assert!(
            mails[0].contains(&format!("filename=\"{name}.vcf\"")),
            "{name} has a card"
        );
    }
    assert!(mails[0].contains("filename=\"all.vcf\""));
    let parts = read(mails[0].as_bytes()).parts;
    let cards: Vec<&str> = parts
        .iter()
        .filter(|part| part.content_type == "text/vcard")
        .map(|part| part.text.as_str())
        .collect();
    assert_eq!(cards.len(), cadences.len() + 1);
    assert_eq!(
        cards[0].matches("BEGIN:VCARD").count(),
        cadences.len(),
        "all of them in one"
    );
    for card in &cards[1..] {
        assert_eq!(card.matches("BEGIN:VCARD").count(), 1, "Outlook takes one of a file");
        let unfolded = card.replace("\r\n ", "");
        assert!(
            unfolded.contains("VERSION:3.0") && unfolded.contains("EMAIL;TYPE=INTERNET:cadence+"),
            "{card}"
        );
    }
    let mut story = story.started_again().await;
    story.settles().await;
    assert_eq!(story.mails_to("ana@corp.test").len(), 1, "once");
}

#[tokio::test]
async fn a_rep_may_answer_the_welcome_with_a_command_though_nothing_vouches_for_the_mail() {
    let mut story = greeted().await;
    let to = reply_to(&story.mails_to("ana@corp.test")[0]);
    let answer = sends(&mut story, &to, "Re: Welcome", "", "\nhelp\n").await;
    assert!(answer.contains("`6 snooze fri`"), "{answer}");
}

#[tokio::test]
async fn new_codes_come_by_mail_and_the_old_ones_are_answered_kindly() {
    let mut story = greeted().await;
    let old = own(&story, "outbound");
    let to = bare(&story);
    says(&mut story, &to, "new codes").await;
    let mails: Vec<String> = story
        .mails_to("ana@corp.test")
        .iter()
        .map(|mail| text_of(mail))
        .collect();
    assert!(
        mails
            .iter()
            .any(|text| text.contains("worthless from now on, and the new ones come")),
        "{mails:#?}"
    );
    let new = own(&story, "outbound");
    assert_ne!(new, old);
    let told = mails
        .iter()
        .find(|text| text.starts_with("Your new Cadence addresses"))
        .expect("the new ones");
    assert!(told.contains(new.as_str()) && !told.contains(old.as_str()), "{told}");

    // By the old address, and nothing vouches: nobody is enrolled, and Ana is told how to mend it.
    let mail = |id: &str, vouched: &str, who: &str| {
        format!(
            "Delivered-To: {old}\n{vouched}From: Ana Costa <ana@corp.test>\nTo: {who}\nSubject: Shifts at Acme\n\
             Message-ID: <{id}@corp.test>\n\nHello\n"
        )
        .replace('\n', "\r\n")
        .into_bytes()
    };
    story.reads(mail("o1", "", "li@acme.test")).await;
    let answer = last(&story);
    assert!(answer.contains("came by an address that you gave up"), "{answer}");
    assert!(
        answer.contains("is delivered and need not be sent again") && answer.contains(new.as_str()),
        "{answer}"
    );
    assert!(story.enrollments().await.is_empty());
    let count = story.mails_to("ana@corp.test").len();
    story.reads(mail("o2", "", "li@acme.test")).await;
    assert_eq!(story.mails_to("ana@corp.test").len(), count, "she is told once a day");

    // What a trusted check vouches for is hers whatever the code; the receipt says to throw the old card away.
    story.reads(mail("o3", VOUCHED, "li@acme.test")).await;
    let receipt = last(&story);
    assert!(
        receipt.contains("Li Wei") || receipt.contains("li@acme.test"),
        "{receipt}"
    );
    assert!(receipt.contains("an address that you gave up"), "{receipt}");
    assert_eq!(story.enrollments().await.len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn an_administrator_has_the_addresses_mailed_again_or_turned() {
    let mut story = greeted().await;
    let ana = address("ana@corp.test");
    let told = |codes: Codes| Batch {
        at: Some(story.world.now()),
        codes: vec![(ana.clone(), codes)],
        ..Batch::default()
    };
    story.world.bot.store.commit(told(Codes::Again)).await.expect("written");
    let turned = told(Codes::Turned);
    story.settles().await;
    let mails = story.mails_to("ana@corp.test");
    assert_eq!(mails.len(), 2);
    assert!(
        header(&mails[1], "Subject").starts_with("Welcome"),
        "{}",
        header(&mails[1], "Subject")
    );
    let before = own(&story, "outbound");
    story.world.bot.store.commit(turned).await.expect("written");
    story.settles().await;
    assert!(
        last(&story).starts_with("Your new Cadence addresses"),
        "{}",
        last(&story)
    );
    assert_ne!(own(&story, "outbound"), before);
}
