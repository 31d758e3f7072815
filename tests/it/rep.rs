//! What a rep writes to the bot, and what that does.

use crate::story::{Story, at, header};
use cadence::model::Address;
use cadence::world::Habit;
use expect_test::expect;

/// Ana writes to the bot at this address.
fn writes(story: &mut Story, when: &str, to: &Address, text: &str) {
    let moment = at(when).as_second();
    story.arrives(
        when,
        "a mail of Ana",
        &format!(
            "Delivered-To: {to}\nFrom: Ana Costa <ana@corp.test>\nTo: {to}\nSubject: Re: yours\nMessage-ID: <{moment}@corp.test>\n\n{text}\n"
        ),
    );
}

/// The last mail that Ana got, without its HTML.
fn last(story: &Story) -> String {
    let mail = story.mails_to("ana@corp.test").pop().expect("a mail");
    let text = cadence::mail::read::read(mail.as_bytes()).text.replace('\r', "");
    format!("{}\n{}", header(&mail, "Subject"), text.trim())
}

#[tokio::test]
async fn a_call_made_before_it_fell_due_is_logged_by_answering_the_receipt() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    let commands = story.bot().for_command(story.enrollment().await.id);
    writes(&mut story, "2026-03-02 11:00", &commands, "voicemail, no name on it");
    story.until("2026-03-02 12:00").await;
    expect![[r#"
        Done: voicemail, no name on it
        > voicemail, no name on it
        Li Wei in "outbound", touch 2 of 9 (call): logged "voicemail" with your note; touch 3 of 9 (linkedin) is due Wed 4 Mar 09:16 your time.
        reopen: mailto:cadence%2Bc.aftv56agtsfrvfma2rf6taxx7ajhuzjf2drck6fx@reps.test?subject=reopen&body=reopen"#]].assert_eq(&last(&story));
    story.until("2026-03-03 12:00").await;
    story
        .ends(expect![[r#"
        Mon 02 Mar 08:02  ana           enrolls li@acme.test in "outbound" by BCC
        Mon 02 Mar 08:02  bot     →  ana     "Enrolled: Li Wei in Outbound"
        Mon 02 Mar 10:00  post          a mail of Ana
        Mon 02 Mar 10:00  bot           li: touch 2 is the rep's to do
        Mon 02 Mar 10:00  bot           li: touch 2 was closed: voicemail (no name on it)
        Mon 02 Mar 10:00  bot     →  ana     "Done: voicemail, no name on it"
        Tue 03 Mar 07:00  bot     →  ana     "Today: nothing to do"
    "#]])
        .await;
}
