//! Alerts: one each, and a burst of them in one mail.

use super::desk::{house, text_of};
use crate::story::{Story, address, at};
use cadence::model::Address;
use cadence::world::Habit;

/// Somebody's mailbox answers by itself.
fn away(story: &Story, to: &Address, who: &str) -> Vec<u8> {
    let nth = story.relay.sent().len();
    format!(
        "Delivered-To: {to}\nFrom: {who}\nTo: {to}\nSubject: Out of office: Hello\nAuto-Submitted: auto-replied\n\
         Message-ID: <away{nth}-{who}>\n\nI am out of the office until 9 March 2026.\n"
    )
    .replace('\n', "\r\n")
    .into_bytes()
}

#[tokio::test]
async fn a_burst_of_alerts_becomes_three_mails_and_one_with_all_the_others() {
    let mut story = house(&[("li@acme.test", Habit::Ignores)]).await;
    story.until("2026-03-02 10:00").await;
    let mut ids = Vec::new();
    for nth in 0..20 {
        ids.push(
            story
                .given("ana@corp.test", &format!("p{nth}@fir{nth}.test"), "outbound")
                .await,
        );
    }
    for (nth, id) in ids.iter().enumerate() {
        let to = story.bot().for_reply(*id);
        let mail = away(&story, &to, &format!("p{nth}@fir{nth}.test"));
        story.mailbox.deliver("INBOX", mail, Some(story.world.now()));
    }
    story.settles().await;
    let told = |story: &Story| -> Vec<String> {
        story
            .mails_to("ana@corp.test")
            .iter()
            .map(|mail| text_of(mail))
            .collect()
    };
    let single = told(&story);
    assert_eq!(
        single.iter().filter(|text| text.starts_with("Away: ")).count(),
        3,
        "{single:#?}"
    );
    assert_eq!(single.len(), 3);
    // A process that dies meanwhile loses none of them.
    let mut story = story.started_again().await;
    story.until("2026-03-02 10:15").await;
    let all = told(&story);
    assert_eq!(all.len(), 4, "{all:#?}");
    let gathered = all.last().expect("a mail");
    assert!(gathered.starts_with("17 more away"), "{gathered}");
    assert!(gathered.contains("p19@fir19.test in \"outbound\""), "{gathered}");
    assert!(gathered.contains("Touches wait until"), "{gathered}");
    assert_eq!(story.world.now(), at("2026-03-02 10:15"));
    let _ = address("ana@corp.test");
}
