//! Mails that wait for the rep's word, as the engine does it.

use super::*;

const ASKING: &str = "title = \"Asking\"\nkind = \"cold\"\n\
    [[step]]\nday = 1\ntemplate = \"a\"\n\
    [[step]]\nday = 3\ntemplate = \"b\"\napprove = true\n";

const TEXT: &str = "{{greeting}}\n\nplanning the shifts of three sites takes you two days a week, as you wrote.\n\n\
                    Shall we look at it together on one of the next mornings?\n";

/// Ana has handed Li over, and has the draft of touch 2.
async fn drafted() -> (Story, String) {
    let mut story = with(&[
        ("asking/cadence.toml", ASKING),
        ("asking/a.md", "Subject: One\n\nOne?\n"),
        ("asking/b.md", TEXT),
    ])
    .await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "asking");
    story.until("2026-03-03 12:00").await;
    let drafts: Vec<String> = drafts(&story);
    let [draft] = drafts.as_slice() else {
        panic!("one draft on the business day before: {drafts:#?}")
    };
    assert_eq!(header(draft, "Subject"), "Draft: Li Wei");
    assert!(draft.contains("Shall we look at it together"), "{draft}");
    let to = header(draft, "Reply-To");
    let to = to.split(['<', '>']).nth(1).unwrap_or(&to).to_owned();
    (story, to)
}

fn drafts(story: &Story) -> Vec<String> {
    let mut mails = story.mails_to("ana@corp.test");
    mails.retain(|mail| header(mail, "Subject").starts_with("Draft"));
    mails
}

async fn says(story: &mut Story, to: &str, text: &str) {
    let authentic = "Authentication-Results: mx.reps.test; dmarc=pass header.from=corp.test\n";
    story
        .reads(mail(
            &address(to),
            "ana@corp.test",
            "Re: Draft: Li Wei",
            authentic,
            text,
        ))
        .await;
}

#[tokio::test]
async fn without_a_word_the_mail_waits_and_the_digest_says_so_and_a_late_word_sends_it() {
    let (mut story, to) = drafted().await;
    story.until("2026-03-06 18:00").await;
    assert_eq!(
        story.mails_to("li@acme.test").len(),
        0,
        "nothing goes out without a word"
    );
    let standing = story.standing().await;
    assert!(matches!(standing, Standing::Paused { ref why, .. } if *why == cadence::model::PauseReason::Approval));
    let digests = story.mails_to("ana@corp.test");
    let told = digests
        .iter()
        .any(|mail| mail.contains("a mail was due and waits for your word"));
    assert!(told, "it needs her");
    assert!(
        digests.iter().any(|mail| mail.contains("send | hold")),
        "with its number"
    );
    says(&mut story, &to, "send").await;
    story.until("2026-03-09 18:00").await;
    let mails = story.mails_to("li@acme.test");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("Shall we look at it together"));
    assert_eq!(header(&mails[0], "Subject"), "Re: Hello");
    assert_eq!(drafts(&story).len(), 1, "asked once");
    story.holds().await;
}

#[tokio::test]
async fn an_answer_with_the_edited_text_goes_out_as_the_rep_wrote_it_and_in_the_thread() {
    let (mut story, to) = drafted().await;
    let text = "Hello Li,\n\nplanning the shifts of three sites takes you two days a week, as you wrote.\n\n\
                Shall we look at it together on Thursday at ten? {{company}} **need** not prepare.\n\nAna Costa\n";
    says(&mut story, &to, text).await;
    story.until("2026-03-06 18:00").await;
    let mails = story.mails_to("li@acme.test");
    let [sent] = mails.as_slice() else {
        panic!("one mail: {}", mails.len())
    };
    let sent = &sent.replace("=\r\n", "");
    assert!(
        sent.contains("on Thursday at ten? {{company}} **need** not prepare."),
        "{sent}"
    );
    assert!(sent.contains("<strong>need</strong>"), "{sent}");
    assert_eq!(header(sent, "Subject"), "Re: Hello");
    assert!(!header(sent, "In-Reply-To").is_empty());
    assert!(header(sent, "From").contains("ana@corp.test"));
    let (_, body) = sent.split_once("\r\n\r\n").expect("a body");
    assert_eq!(body.matches("Ana Costa").count(), 2, "once in each part: {sent}");
    assert!(sent.contains("reply \"stop\""), "{sent}");
    story.holds().await;
}

#[tokio::test]
async fn a_remark_about_a_draft_never_goes_to_the_prospect() {
    let (mut story, to) = drafted().await;
    says(
        &mut story,
        &to,
        "Looks good, but who is this and why do we write to them on a Wednesday at all?",
    )
    .await;
    story.until("2026-03-06 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    says(&mut story, &to, "hold").await;
    story.until("2026-03-10 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    story.holds().await;
}

#[tokio::test]
async fn the_number_of_the_digest_sends_it_too() {
    let (mut story, _) = drafted().await;
    story.until("2026-03-04 08:30").await;
    let digests = story.mails_to("ana@corp.test");
    let digest = digests
        .iter()
        .rfind(|mail| mail.contains("Mail that waits for your word, to Li Wei"))
        .expect("a digest with the draft");
    let to = header(digest, "Reply-To");
    let to = to.split(['<', '>']).nth(1).unwrap_or(&to).to_owned();
    says(&mut story, &to, "send 1").await;
    story.until("2026-03-06 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    story.holds().await;
}
