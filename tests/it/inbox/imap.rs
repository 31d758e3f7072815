//! IMAP against servers that do not hold to the protocol, or hold to it in unusual ways.

use super::scripted::{ALL, LISTED, OK, SELECTED, SILENT, body, from_the_greeting, row, scripted, scripted_by_call};
use super::{LATER, SOON, places};
use cadence::inbox::imap::Security;
use cadence::inbox::{Filing, InboxError, Place, Watermark, Woken};
use cadence::model::limits;

async fn fetch_fails(answers: &[&str]) -> InboxError {
    let (mut inbox, _) = scripted(ALL, answers).await;
    inbox
        .fetch("INBOX", Watermark::default())
        .await
        .expect_err("no success")
}

#[tokio::test]
async fn only_the_own_tags_ok_is_success() {
    let cut_row = row(1, 5).replace("RFC822", "");
    for (answers, why) in [
        (
            vec![SELECTED, "{T} NO [UNAVAILABLE] backend down\r\n"],
            "refused UID FETCH ([UNAVAILABLE] backend down)",
        ),
        (vec![SELECTED, "{T} BAD what\r\n"], "refused UID FETCH (what)"),
        (vec![SELECTED, &row(1, 5)], "closed the connection during UID FETCH"),
        (vec![SELECTED, &cut_row[..30]], "closed the connection during UID FETCH"),
        (vec!["* 3 EXISTS\r\n"], "closed the connection during SELECT"),
        (vec!["* BYE over there\r\n"], "ended the session (over there)"),
        (vec!["Z1 OK done\r\n"], "closed the connection during SELECT"),
        (
            vec!["* 3 EXISTS\r\n* OK [UIDNEXT 4] n\r\n{T} OK done\r\n"],
            "no UIDVALIDITY",
        ),
        (
            vec![SELECTED, "* 1 FETCH (UID 1 BODY[] {500000000}\r\nabc"],
            "far more than was asked for",
        ),
        (vec![SELECTED, &"* OK still here\r\n".repeat(11_000)], "without end"),
        (vec![SELECTED, &format!("* OK {}\r\n", "x".repeat(100_000))], "line"),
    ] {
        let error = fetch_fails(&answers).await;
        assert!(error.to_string().contains(why), "{error} instead of: {why}");
        assert!(error.to_string().starts_with("127.0.0.1:"), "{error}");
        assert!(error.is_transient() && !error.is_refused_login() && error.retry_in().is_some());
    }
}

#[tokio::test]
async fn after_a_failure_the_server_is_left_alone_for_a_while() {
    let (mut inbox, heard) = scripted(ALL, &[SELECTED, "{T} NO [UNAVAILABLE] down\r\n"]).await;
    let first = inbox.fetch("INBOX", Watermark::default()).await.expect_err("refused");
    for _ in 0..3 {
        let again = inbox.folders().await.expect_err("too early");
        assert_eq!(again.to_string(), first.to_string());
        assert!(again.retry_in() <= first.retry_in());
        assert!(
            inbox.wait(LATER).await.is_err(),
            "at once, so that the caller can say what is wrong"
        );
    }
    assert_eq!(heard.calls(), 1);
}

#[tokio::test]
async fn a_refused_login_is_told_from_a_server_that_cannot_today() {
    let (mut inbox, heard) = from_the_greeting(
        Security::None,
        &["* OK ready\r\n", "{T} NO [AUTHENTICATIONFAILED] no ana@corp.test\r\n"],
    )
    .await;
    let error = inbox.folders().await.expect_err("refused");
    assert!(
        error.is_refused_login() && !error.to_string().contains("ana"),
        "{error}"
    );
    assert_eq!(
        heard.commands(),
        ["LOGIN \"cadence \\\"the bot\\\"\" \"se\\\\cret\""],
        "quoted, and tried once"
    );

    let (mut inbox, _) = from_the_greeting(Security::None, &["* OK ready\r\n", "{T} NO [UNAVAILABLE] later\r\n"]).await;
    let error = inbox.folders().await.expect_err("refused");
    assert!(!error.is_refused_login() && error.is_transient(), "{error}");
}

#[tokio::test]
async fn nothing_secret_is_said_before_starttls_and_nothing_unencrypted_is_heard_after() {
    let ok = "* CAPABILITY IMAP4rev1 STARTTLS\r\n{T} OK done\r\n";
    for (script, why) in [
        (
            vec!["* OK hi\r\n", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{T} OK done\r\n"],
            "does not offer STARTTLS",
        ),
        (vec!["* PREAUTH welcome\r\n"], "greeting"),
        (vec!["* OK hi\r\n", ok, "{T} NO not today\r\n"], "refused STARTTLS"),
        (
            vec!["* OK hi\r\n", ok, "{T} OK go\r\n* CAPABILITY IMAP4rev1\r\n"],
            "unencrypted bytes",
        ),
        (vec!["* OK hi\r\n", ok, "Z9 OK go\r\n"], "closed the connection"),
    ] {
        let (mut inbox, heard) = from_the_greeting(Security::Starttls, &script).await;
        let error = inbox.folders().await.expect_err("refused");
        assert!(error.to_string().contains(why), "{error} instead of: {why}");
        assert!(
            heard
                .commands()
                .iter()
                .all(|command| command == "CAPABILITY" || command == "STARTTLS")
        );
    }
}

#[tokio::test]
async fn a_renumbered_folder_is_read_again_from_its_start() {
    let rows = format!("{}{}{{T}} OK done\r\n", row(1, 5), row(3, 5));
    let bodies = format!("{}{}{{T}} OK done\r\n", body(1, "A: 1\n"), body(3, "A: 3\n"));
    for (after, renumbered, asked) in [
        (
            Watermark { validity: 6, last: 900 },
            true,
            "UID FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)",
        ),
        // The same number as before, and yet UIDNEXT went back: an old copy was restored.
        (
            Watermark { validity: 7, last: 900 },
            true,
            "UID FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)",
        ),
        (
            Watermark::default(),
            false,
            "UID FETCH 1:3 (UID RFC822.SIZE INTERNALDATE)",
        ),
    ] {
        let (mut inbox, heard) = scripted(ALL, &[SELECTED, &rows, &bodies]).await;
        let fetched = inbox.fetch("INBOX", after).await.expect("both");
        assert_eq!(fetched.renumbered, renumbered);
        assert_eq!(places(&fetched), [Place::Uid(1), Place::Uid(3)]);
        assert_eq!(heard.tail(), [asked, "UID FETCH 1,3 (UID BODY.PEEK[])"]);
        assert_eq!(
            (fetched.watermark, fetched.more),
            (Watermark { validity: 7, last: 3 }, false)
        );
    }
}

#[tokio::test]
async fn a_large_folder_is_selected_once_for_all_its_portions_and_once_more_at_its_end() {
    let selected = |next: u32| {
        format!("* 501 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT {next}] next\r\n{{T}} OK done\r\n")
    };
    let rows = |uid: u32| format!("{}{{T}} OK done\r\n", row(uid, 5));
    let bodies = |uid: u32| format!("{}{{T}} OK done\r\n", body(uid, "A: 1\n"));
    // While the last portion was read one more mail came.
    let script = [
        selected(1201),
        rows(1),
        bodies(1),
        rows(501),
        bodies(501),
        rows(1100),
        bodies(1100),
        selected(1202),
        rows(1201),
        bodies(1201),
    ];
    let script: Vec<&str> = script.iter().map(String::as_str).collect();
    let (mut inbox, heard) = scripted(ALL, &script).await;
    let mut after = Watermark::default();
    let mut read = Vec::new();
    for more in [true, true, true, false] {
        let fetched = inbox.fetch("INBOX", after).await.expect("a portion");
        assert_eq!(
            fetched.more, more,
            "what was known of an older look is not the end of the folder"
        );
        read.extend(places(&fetched));
        after = fetched.watermark;
    }
    assert_eq!(read, [1, 501, 1100, 1201].map(Place::Uid));
    let selects = heard.commands().iter().filter(|it| it.starts_with("SELECT")).count();
    assert_eq!(selects, 2);
}

#[tokio::test]
async fn odd_rows_are_neither_mail_nor_error() {
    // The last mail although it is old (`n:*`), a change of flags, a mail that goes away, one of no stated size, a foreign word.
    let selected = SELECTED.replace("UIDNEXT 4", "UIDNEXT 12");
    let rows = format!(
        "* 1 FETCH (FLAGS (\\Seen))\r\n* VANISHED 4\r\n{}{}{}* 4 FETCH (UID 11 INTERNALDATE \"17-Jul-2026 02:44:25 +0200\")\r\n{{T}} OK ok\r\n",
        row(2, 5),
        row(9, 5),
        row(10, 5)
    );
    let bodies = format!("* 2 EXPUNGE\r\n{}{{T}} OK done\r\n", body(10, "A: 1\n"));
    let unknown = format!("{}{{T}} OK done\r\n", body(11, "A: 2\n").replace("BODY[]", "BODY[]<0>"));
    let (mut inbox, heard) = scripted(ALL, &[&selected, &rows, &bodies, &unknown, OK]).await;
    let after = Watermark { validity: 7, last: 8 };
    let fetched = inbox.fetch("INBOX", after).await.expect("two mails");
    assert_eq!(places(&fetched), [Place::Uid(10), Place::Uid(11)]);
    assert!(fetched.mails.iter().all(|mail| mail.whole));
    assert_eq!(fetched.watermark.last, 11);
    assert_eq!(
        heard.tail()[3],
        "UID FETCH 9 (UID)",
        "what was listed and did not come is asked about"
    );
}

#[tokio::test]
async fn a_mail_that_is_listed_and_never_given_is_not_passed_over() {
    let rows = format!("{}{{T}} OK done\r\n", row(1, 5));
    let error = fetch_fails(&[SELECTED, &rows, OK, "* 1 FETCH (UID 1)\r\n{T} OK done\r\n"]).await;
    assert!(
        error.to_string().contains("lists a mail and does not give it"),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_uidnext_is_asked_for() {
    let selected = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n{T} OK done\r\n";
    let status = "* STATUS INBOX (UIDNEXT 41) \r\n{T} OK done\r\n";
    let (mut inbox, heard) = scripted(ALL, &[selected, status]).await;
    let fetched = inbox
        .fetch("INBOX", Watermark::default())
        .await
        .expect("an empty folder");
    assert_eq!(fetched.watermark, Watermark { validity: 7, last: 40 });
    assert_eq!(heard.tail(), ["STATUS \"INBOX\" (UIDNEXT)"]);
}

/// Fetches two mails, files them as replies, and returns what was said after the last SELECT.
async fn filed_with(capabilities: &str, answers: &[&str]) -> Vec<String> {
    let rows = format!("{}{}{{T}} OK done\r\n", row(1, 5), row(2, 5));
    let bodies = format!("{}{}{{T}} OK done\r\n", body(1, "A: 1\n"), body(2, "A: 2\n"));
    let script = [&[SELECTED, &rows, &bodies], answers].concat();
    let (mut inbox, heard) = scripted(capabilities, &script).await;
    let fetched = inbox.fetch("INBOX", Watermark::default()).await.expect("two mails");
    inbox
        .file("INBOX", &places(&fetched), Filing::Replies)
        .await
        .expect("filed");
    heard.tail()
}

#[tokio::test]
async fn mails_are_filed_as_well_as_the_server_can() {
    let moved = filed_with(ALL, &[LISTED, SELECTED, OK]).await;
    assert_eq!(moved, ["UID MOVE 1:2 \"Cadence/Replies\""]);
    let copied = filed_with("IMAP4rev1 UIDPLUS", &[LISTED, SELECTED, OK, OK, OK]).await;
    assert_eq!(
        copied,
        [
            "UID COPY 1:2 \"Cadence/Replies\"",
            "UID STORE 1:2 +FLAGS.SILENT (\\Seen \\Deleted)",
            "UID EXPUNGE 1:2"
        ]
    );
    let flagged = filed_with("IMAP4rev1", &[SELECTED, OK]).await;
    assert_eq!(flagged, ["UID STORE 1:2 +FLAGS.SILENT (\\Seen $CadenceFiled)"]);
    let renumbered = SELECTED.replace("VALIDITY 7", "VALIDITY 8");
    let left = filed_with(ALL, &[LISTED, &renumbered]).await;
    assert!(left.is_empty(), "these UIDs may be other mails now: {left:?}");
}

#[tokio::test]
async fn a_missing_folder_is_made_where_the_server_lets_us() {
    let bare = "* LIST () \".\" INBOX\r\n{T} OK done\r\n";
    let made = "* LIST () \".\" INBOX\r\n* LIST () \".\" INBOX.Cadence.Replies\r\n{T} OK done\r\n";
    let rows = format!("{}{{T}} OK done\r\n", row(1, 5));
    let bodies = format!("{}{{T}} OK done\r\n", body(1, "A: 1\n"));
    let script = [
        SELECTED,
        &rows,
        &bodies,
        bare,
        "{T} NO below INBOX only\r\n",
        OK,
        made,
        OK,
        SELECTED,
        OK,
    ];
    let (mut inbox, heard) = scripted(ALL, &script).await;
    inbox.fetch("INBOX", Watermark::default()).await.expect("a mail");
    inbox
        .file("INBOX", &[Place::Uid(1)], Filing::Replies)
        .await
        .expect("filed");
    assert_eq!(heard.tail(), ["UID MOVE 1 \"INBOX.Cadence.Replies\""]);
    let made = [
        "CREATE \"Cadence.Replies\"",
        "CREATE \"INBOX.Cadence.Replies\"",
        "SUBSCRIBE \"INBOX.Cadence.Replies\"",
    ];
    assert!(
        made.iter()
            .all(|command| heard.commands().iter().any(|heard| heard == command))
    );
}

#[tokio::test]
async fn a_refused_filing_does_not_keep_mails_from_being_read() {
    let rows = format!("{}{{T}} OK done\r\n", row(1, 5));
    let bodies = format!("{}{{T}} OK done\r\n", body(1, "A: 1\n"));
    let refused = "{T} NO [OVERQUOTA] full\r\n";
    let (mut inbox, heard) = scripted(
        ALL,
        &[SELECTED, &rows, &bodies, LISTED, SELECTED, refused, LISTED, refused],
    )
    .await;
    let fetched = inbox.fetch("INBOX", Watermark::default()).await.expect("a mail");
    let error = inbox
        .file("INBOX", &places(&fetched), Filing::Replies)
        .await
        .expect_err("refused");
    assert!(error.is_refusal() && error.retry_in().is_none(), "{error}");
    inbox
        .fetch("INBOX", Watermark::default())
        .await
        .expect("the mail again");
    assert_eq!(heard.calls(), 2, "on a connection of its own");
}

#[tokio::test]
async fn an_idle_that_is_refused_becomes_patience() {
    let selected = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] next\r\n{T} OK done\r\n";
    let (mut inbox, heard) = scripted(ALL, &[selected, "{T} NO idle is off\r\n", SILENT]).await;
    inbox.fetch("INBOX", Watermark::default()).await.expect("nothing");
    assert_eq!(inbox.wait(SOON).await.expect("a wait"), Woken::ByTime);
    assert_eq!(inbox.wait(SOON).await.expect("a wait"), Woken::ByTime);
    assert_eq!(heard.tail(), ["IDLE"], "it is asked once");
}

#[tokio::test]
async fn a_cancelled_wait_leaves_a_connection_that_goes_on() {
    let selected = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] next\r\n{T} OK done\r\n";
    let done = "* 1 EXISTS\r\n{T} OK idle done\r\n";
    let (mut inbox, heard) = scripted(ALL, &[selected, "+ idling\r\n", done, selected]).await;
    inbox.fetch("INBOX", Watermark::default()).await.expect("nothing");
    assert_eq!(inbox.wait(SOON).await.expect("a wait"), Woken::ByTime);
    // The server idles still, and does so after this is dropped.
    assert!(tokio::time::timeout(SOON, inbox.wait(LATER)).await.is_err());
    assert_eq!(inbox.wait(SOON).await.expect("a wait"), Woken::ByTime);
    inbox.fetch("INBOX", Watermark::default()).await.expect("nothing");
    let commands = heard.commands();
    assert_eq!(commands[3..], ["IDLE", "DONE", "SELECT \"INBOX\""]);
    assert_eq!(heard.calls(), 1);
}

#[tokio::test]
async fn a_cancelled_command_takes_its_connection_with_it() {
    let (mut inbox, heard) = scripted(ALL, &[SILENT]).await;
    for calls in 1..=2 {
        tokio::select! {
            fetched = inbox.fetch("INBOX", Watermark::default()) => panic!("an answer: {:?}", fetched.err()),
            () = heard.hears("SELECT", calls) => {}
        }
        assert_eq!(heard.calls(), calls);
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let (mut inbox, _) = scripted(ALL, &[LISTED, SILENT]).await;
    inbox.folders().await.expect("folders");
    tokio::time::pause();
    let error = inbox.fetch("INBOX", Watermark::default()).await.expect_err("silence");
    assert!(error.to_string().contains("took too long for SELECT"), "{error}");
}

#[tokio::test]
async fn mails_before_one_that_the_server_cannot_give_are_read_all_the_same() {
    let rows = format!("{}{}{}{{T}} OK done\r\n", row(1, 5), row(2, 5), row(3, 5));
    let (broken, first) = (
        "{T} NO [SERVERBUG] no\r\n",
        format!("{}{{T}} OK done\r\n", body(1, "A: 1\n")),
    );
    let calls: [&[&str]; 2] = [&[SELECTED, &rows, broken], &[SELECTED, &rows, &first, broken]];
    let (mut inbox, _) = scripted_by_call(ALL, &calls).await;
    inbox
        .fetch("INBOX", Watermark::default())
        .await
        .expect_err("the batch is refused");
    tokio::time::pause();
    tokio::time::advance(limits::BACK_OFF_LEAST).await;
    tokio::time::resume();
    let fetched = inbox.fetch("INBOX", Watermark::default()).await.expect("one mail");
    assert_eq!(places(&fetched), [Place::Uid(1)]);
    assert_eq!(
        (fetched.watermark.last, fetched.more),
        (1, true),
        "the rest is still to come"
    );
}

#[tokio::test]
async fn a_connection_that_ends_while_idling_is_an_error_and_not_news() {
    let selected = "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] next\r\n{T} OK done\r\n";
    for (end, why) in [
        ("+ idling\r\n", "closed"),
        ("+ idling\r\n* BYE shutting down\r\n", "shutting down"),
    ] {
        let (mut inbox, _) = scripted(ALL, &[selected, end]).await;
        inbox.fetch("INBOX", Watermark::default()).await.expect("nothing");
        let error = inbox.wait(LATER).await.expect_err("no news");
        assert!(error.to_string().contains(why), "{error}");
    }
}
