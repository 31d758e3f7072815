//! What the administrator orders by mail, and who else may not.

use super::desk::{house, reply_to, text_of};
use crate::story::{Story, address, header};
use cadence::model::{Address, Cause, Scope};
use cadence::template::Library;
use cadence::world::Habit;

const BROKEN: &str = "title = \"Broken\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n";
const SOUND: [(&str, &str); 3] = [
    (
        "outbound/cadence.toml",
        "title = \"Outbound\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\ntemplate = \"b\"\n",
    ),
    ("outbound/a.md", "Subject: One\n\nOne?\n"),
    ("outbound/b.md", "Two?\n"),
];

/// A house with an administrator, one sound cadence, and so many that do not load.
async fn troubled(broken: usize) -> Story {
    let mut story = house(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.administrator = Some(address("admin@corp.test"));
    let mut files: Vec<(String, String)> = SOUND.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    for nth in 0..broken {
        files.push((format!("broken{nth}/cadence.toml"), BROKEN.to_owned()));
    }
    story.world.bot.house.library = Library::of(&files, &[]);
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:30").await;
    story
}

const VOUCHED: &str = "Authentication-Results: mx.reps.test; dmarc=pass header.from=corp.test\n\
     Received: from out.corp.test by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0100\n";

/// Somebody writes to an address of the bot's; what the administrator got because of it, as text.
async fn writes(story: &mut Story, from: &str, to: &Address, more: &str, text: &str) -> Vec<String> {
    let before = story.mails_to("admin@corp.test").len();
    let id = cadence::model::Fingerprint::of("a mail", &[from, to.as_str(), more, text, &before.to_string()]);
    let mail = format!(
        "Delivered-To: {to}\n{more}From: {from}\nTo: {to}\nSubject: Re: a warning\nMessage-ID: <{}@there.test>\n\n{text}\n",
        id.hex()
    );
    story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    story.mails_to("admin@corp.test")[before..]
        .iter()
        .map(|mail| text_of(mail))
        .collect()
}

const ADMIN: &str = "Kim Admin <admin@corp.test>";

async fn held(story: &Story, scope: &Scope) -> bool {
    let holds = story.world.bot.store.holds(story.world.now()).await.expect("holds");
    holds
        .iter()
        .any(|hold| hold.scope == *scope && hold.cause == Cause::Administrator)
}

#[tokio::test]
async fn the_administrator_holds_and_lifts_by_answering_a_warning_and_is_answered_once() {
    let mut story = troubled(1).await;
    let warning = story.mails_to("admin@corp.test").pop().expect("a warning");
    assert!(
        warning.contains("I last read my mailbox on Mon 2 Mar"),
        "the dead man's line: {warning}"
    );
    let to = reply_to(&warning);
    let answer = writes(
        &mut story,
        ADMIN,
        &to,
        VOUCHED,
        "hold cadence outbound the price list changed\nstate",
    )
    .await;
    let [answer] = answer.as_slice() else {
        panic!("one answer: {answer:?}")
    };
    assert!(
        answer.contains("Held: cadence outbound") && answer.contains("To undo: `unhold cadence outbound`"),
        "{answer}"
    );
    assert!(
        answer.contains("My mailbox was read to its end at Mon 2 Mar"),
        "{answer}"
    );
    let scope = Scope::parse("cadence outbound").unwrap();
    assert!(held(&story, &scope).await);
    story.until("2026-03-04 18:00").await;
    assert_eq!(
        story.mails_to("li@acme.test"),
        Vec::<String>::new(),
        "nothing goes out while it is held"
    );
    let answer = writes(
        &mut story,
        ADMIN,
        &to,
        VOUCHED,
        "holds\nunhold cadence outbound\nunhold rep ana@corp.test",
    )
    .await;
    let text = answer.join("\n");
    assert!(
        text.contains("the price list changed") && text.contains("Lifted: cadence outbound"),
        "{text}"
    );
    assert!(text.contains("nothing holds rep ana@corp.test"), "{text}");
    assert!(!held(&story, &scope).await);
    story.until("2026-03-06 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1, "and then it goes on");
    story.holds().await;
}

#[tokio::test]
async fn without_the_own_token_or_a_trusted_check_nobody_administers_and_nobody_is_answered() {
    let mut story = troubled(1).await;
    let warning = story.mails_to("admin@corp.test").pop().expect("a warning");
    let own = reply_to(&warning);
    let bare = story.bot().address().clone();
    let anas = story.bot().for_command(story.enrollment().await.id);
    let line = "hold all I say so";
    let forged = "Authentication-Results: mx.reps.test; dmarc=fail header.from=corp.test\n\
         Received: from out.evil.test by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0100\n";
    let automatic = format!("{VOUCHED}Auto-Submitted: auto-replied\n");
    let tries: [(&str, &Address, &str, &str); 7] = [
        ("no check at all", &own, "", ADMIN),
        ("a check that failed", &own, forged, ADMIN),
        (
            "a rep by the administrator's token",
            &own,
            VOUCHED,
            "Ana Costa <ana@corp.test>",
        ),
        (
            "a stranger by the administrator's token",
            &own,
            VOUCHED,
            "Eve <eve@evil.test>",
        ),
        ("the administrator by no token", &bare, VOUCHED, ADMIN),
        ("the administrator by a token of a rep's", &anas, VOUCHED, ADMIN),
        ("a program of the administrator's", &own, &automatic, ADMIN),
    ];
    for (what, to, more, from) in tries {
        let answers = writes(&mut story, from, to, more, line).await;
        assert_eq!(answers, Vec::<String>::new(), "{what}");
        assert!(!held(&story, &Scope::All).await, "{what}");
    }
    assert_eq!(story.mails_to("eve@evil.test"), Vec::<String>::new());
    let kinds = story.kinds().await;
    assert!(
        kinds.get("impostor").copied().unwrap_or(0) >= 4,
        "they lie in quarantine: {kinds:?}"
    );
    // What lies there is seen and ruled about by mail too.
    let listed = writes(&mut story, ADMIN, &own, VOUCHED, "quarantine").await.join("\n");
    let id = listed
        .lines()
        .find_map(|line| line.split_once(": ").filter(|(_, rest)| rest.contains("impostor")));
    let (id, _) = id.unwrap_or_else(|| panic!("{listed}"));
    let answer = writes(&mut story, ADMIN, &own, VOUCHED, &format!("drop {id} forged"))
        .await
        .join("\n");
    assert!(answer.contains("is listed no more"), "{answer}");
    let answer = writes(
        &mut story,
        ADMIN,
        &own,
        VOUCHED,
        "in-doubt\nresend 4f2a it was dropped\nnonsense",
    )
    .await
    .join("\n");
    assert!(
        answer.contains("Nothing is in doubt") && answer.contains("no mail 4f2a is in doubt"),
        "{answer}"
    );
}

#[tokio::test]
async fn many_warnings_at_once_are_three_mails_and_one_with_the_others() {
    let mut story = troubled(9).await;
    story.until("2026-03-02 12:00").await;
    let subjects: Vec<String> = story
        .mails_to("admin@corp.test")
        .iter()
        .map(|mail| header(mail, "Subject"))
        .collect();
    assert_eq!(subjects.len(), 4, "{subjects:?}");
    assert_eq!(subjects.last().map(String::as_str), Some("6 more warnings"));
    let last = text_of(&story.mails_to("admin@corp.test").pop().unwrap());
    assert_eq!(last.matches("It does not load").count(), 6, "{last}");
    story.holds().await;
}
