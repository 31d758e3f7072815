//! The three kinds of mailbox hold to the same word, and IMAP holds to it against servers that do not.

use crate::servers::{MailHost, SECRET};
use cadence::inbox::imap::{Security, Settings};
use cadence::inbox::{Fetched, Filing, Inbox, InboxError, Memory, Place, Watermark, Woken, maildir};
use cadence::model::limits;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const SOON: Duration = Duration::from_millis(20);
const LATER: Duration = Duration::from_secs(10);

fn mail(subject: &str) -> Vec<u8> {
    format!("From: jane@acme.test\r\nSubject: {subject}\r\n\r\nHello.\r\n").into_bytes()
}

/// The subjects of what came, in order.
fn subjects(fetched: &Fetched) -> Vec<String> {
    let subject = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("Subject: "))
            .map(str::to_owned);
        line.unwrap_or_default()
    };
    fetched.mails.iter().map(|mail| subject(&mail.bytes)).collect()
}

fn places(fetched: &Fetched) -> Vec<Place> {
    fetched.mails.iter().map(|mail| mail.place.clone()).collect()
}

// ── the same story over all kinds ───────────────────────────────────────────────────────────────────────────────────

/// What every mailbox does, whatever it is. `deliver` puts a mail into INBOX.
async fn holds_to_its_word(mut inbox: Inbox, deliver: impl Fn(&str)) -> Inbox {
    assert_eq!(inbox.folders().await.expect("folders")[0], "INBOX");
    let start = Watermark::default();
    let empty = inbox.fetch("INBOX", start).await.expect("an empty folder");
    assert!(empty.mails.is_empty() && !empty.more && !empty.renumbered);
    assert_ne!(empty.watermark.validity, 0, "a watermark comes even without mails");
    assert_eq!(inbox.wait(SOON).await.expect("a wait"), Woken::ByTime);

    for subject in ["one", "two", "three"] {
        deliver(subject);
    }
    assert_eq!(inbox.wait(LATER).await.expect("a wait"), Woken::ByMail);
    let first = inbox.fetch("INBOX", empty.watermark).await.expect("three mails");
    assert_eq!(subjects(&first), ["one", "two", "three"]);
    assert!(
        first
            .mails
            .iter()
            .all(|mail| mail.whole && mail.size == mail.bytes.len() as u64)
    );
    assert!(
        first
            .mails
            .windows(2)
            .all(|pair| pair[0].watermark.last < pair[1].watermark.last)
    );
    assert_eq!(first.mails[2].watermark, first.watermark);

    let none = inbox.fetch("INBOX", first.watermark).await.expect("no news");
    assert!(none.mails.is_empty());
    let tail = inbox
        .fetch("INBOX", first.mails[0].watermark)
        .await
        .expect("the tail again");
    assert_eq!(subjects(&tail), ["two", "three"], "what was not committed comes again");

    let places = places(&first);
    inbox.file("INBOX", &places[..1], Filing::Replies).await.expect("filed");
    inbox
        .file("INBOX", &places[..2], Filing::Processed)
        .await
        .expect("a mail that is gone is no error");
    let left = inbox.fetch("INBOX", start).await.expect("what is left");
    assert_eq!(subjects(&left), ["three"]);
    assert_eq!(
        inbox.wait(SOON).await.expect("a wait"),
        Woken::ByTime,
        "filing is no news"
    );
    inbox
}

#[tokio::test]
async fn a_memory_holds_to_its_word() {
    let memory = Memory::new();
    holds_to_its_word(Inbox::Memory(memory.clone()), |subject| {
        memory.deliver("INBOX", mail(subject), None)
    })
    .await;
    assert_eq!(memory.filed(Filing::Replies), [mail("one")]);
    assert_eq!(memory.filed(Filing::Processed), [mail("two")]);
    assert_eq!(memory.unfiled("INBOX"), [mail("three")]);
}

#[tokio::test]
async fn a_maildir_holds_to_its_word() {
    let folder = tempfile::tempdir().expect("a folder");
    maildir::create(folder.path()).expect("a Maildir");
    let count = Mutex::new(0);
    let deliver = |subject: &str| {
        let mut count = count.lock().expect("a count");
        *count += 1;
        maildir::deliver(folder.path(), &format!("{count}.{subject}"), &mail(subject)).expect("delivered");
    };
    holds_to_its_word(Inbox::maildir(folder.path()), deliver).await;
    let filed = folder.path().join(".Cadence.Replies").join("cur").join("1.one:2,S");
    assert_eq!(std::fs::read(filed).expect("the filed mail"), mail("one"));
}

#[tokio::test]
async fn a_real_server_holds_to_its_word() {
    let host = MailHost::shared();
    let user = "cadence@reps.test";
    let inbox = Inbox::imap(settings(&host, user, Security::Tls));
    let deliver = |subject: &str| host.deliver("cadence+r.tag@reps.test", "jane@acme.test", &mail(subject));
    let mut inbox = holds_to_its_word(inbox, deliver).await;
    assert_eq!(host.mails(user, "Cadence/Replies").len(), 1);
    assert_eq!(host.mails(user, "Cadence/Processed").len(), 1);
    assert_eq!(
        inbox.folders().await.expect("folders"),
        ["INBOX", "Junk"],
        "Spam does not exist"
    );

    // A mail that comes while the server idles ends the wait, and the time it came is known.
    let start = Watermark::default();
    let read = inbox.fetch("INBOX", start).await.expect("a mail").watermark;
    let (woken, ()) = tokio::join!(inbox.wait(LATER), async { deliver("four") });
    assert_eq!(woken.expect("a wait"), Woken::ByMail);
    let fetched = inbox.fetch("INBOX", read).await.expect("the fourth");
    assert_eq!(subjects(&fetched), ["four"]);
    assert!(fetched.mails[0].received.is_some());
}

// ── a real server ───────────────────────────────────────────────────────────────────────────────────────────────────

fn settings(host: &MailHost, user: &str, security: Security) -> Settings {
    let port = if security == Security::Tls {
        host.imaps_port()
    } else {
        host.imap_port()
    };
    Settings {
        host: "localhost".to_owned(),
        port,
        security,
        user: user.to_owned(),
        secret: SECRET.to_owned().into(),
        folders: vec!["INBOX".to_owned(), "Junk".to_owned(), "Spam".to_owned()],
        ca_file: Some(host.ca_file()),
    }
}

#[tokio::test]
async fn of_a_mail_over_ten_mebibytes_only_the_head_comes() {
    let host = MailHost::shared();
    let line = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n";
    let large = [mail("large"), line.repeat(170_000).into_bytes()].concat();
    assert!(large.len() as u64 > limits::MAIL_WHOLE);
    host.deliver("ana@corp.test", "jane@acme.test", &large);
    host.deliver("ana@corp.test", "jane@acme.test", &mail("small"));
    let mut inbox = Inbox::imap(settings(&host, "ana@corp.test", Security::Tls));
    let fetched = inbox.fetch("INBOX", Watermark::default()).await.expect("both");
    assert_eq!(subjects(&fetched), ["large", "small"]);
    let (head, small) = (&fetched.mails[0], &fetched.mails[1]);
    assert!(!head.whole && head.size > limits::MAIL_WHOLE && head.bytes.len() as u64 == limits::MAIL_HEAD);
    assert!(small.whole);
}

#[tokio::test]
async fn starttls_is_spoken_and_a_wrong_password_is_told_apart() {
    let host = MailHost::shared();
    host.deliver("ben@corp.test", "jane@acme.test", &mail("by STARTTLS"));
    let mut settings = settings(&host, "ben@corp.test", Security::Starttls);
    let mut inbox = Inbox::imap(settings.clone());
    let fetched = inbox.fetch("INBOX", Watermark::default()).await.expect("a mail");
    assert_eq!(subjects(&fetched), ["by STARTTLS"]);

    settings.secret = "wrong".to_owned().into();
    let error = Inbox::imap(settings).folders().await.expect_err("refused");
    assert!(error.is_refused_login() && !error.is_transient(), "{error}");
    assert_eq!(error.retry_in(), Some(limits::BACK_OFF_MOST));
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused_before_the_login() {
    let host = MailHost::shared();
    for security in [Security::Tls, Security::Starttls] {
        let mut settings = settings(&host, "jane@acme.test", security);
        settings.ca_file = None;
        let error = Inbox::imap(settings).folders().await.expect_err("refused");
        assert!(error.to_string().contains("certificate"), "{error}");
        assert!(!error.is_refused_login() && !error.is_transient());
    }
}

// ── a server that follows a script ──────────────────────────────────────────────────────────────────────────────────

/// What a scripted server heard, tags apart, and how often it was called.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<(Vec<String>, usize)>>);

impl Heard {
    fn commands(&self) -> Vec<String> {
        self.0.lock().expect("what was heard").0.clone()
    }
    fn calls(&self) -> usize {
        self.0.lock().expect("what was heard").1
    }
    /// The commands since the last SELECT.
    fn tail(&self) -> Vec<String> {
        let commands = self.commands();
        let at = commands
            .iter()
            .rposition(|command| command.starts_with("SELECT"))
            .map_or(0, |at| at + 1);
        commands[at..].to_vec()
    }
}

const ALL: &str = "IMAP4rev1 IDLE MOVE UIDPLUS";
const SELECTED: &str = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] next\r\n{T} OK done\r\n";
const LISTED: &str = "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Cadence/Replies\r\n{T} OK done\r\n";
const OK: &str = "{T} OK done\r\n";
/// The server says nothing more and keeps the connection.
const SILENT: &str = "";

fn row(uid: u32, size: usize) -> String {
    format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE \"17-Jul-2026 02:44:25 +0200\")\r\n")
}

fn body(uid: u32, text: &str) -> String {
    format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{text})\r\n", text.len())
}

/// A mailbox on a server that lets us log in and then gives these answers, one a command, and hangs up. Every connection hears
/// the same script.
async fn scripted(capabilities: &str, answers: &[&str]) -> (Inbox, Heard) {
    let capable = format!("* CAPABILITY {capabilities}\r\n{{T}} OK done\r\n");
    let mut script = vec!["* OK ready\r\n".to_owned(), OK.to_owned(), capable];
    script.extend(answers.iter().map(|&answer| answer.to_owned()));
    from_the_greeting(Security::None, script).await
}

/// Like [`scripted`], with the greeting as the first answer.
async fn from_the_greeting(security: Security, script: Vec<String>) -> (Inbox, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("a port").port();
    let heard = Heard::default();
    let told = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            told.0.lock().expect("what was heard").1 += 1;
            tokio::spawn(follow(stream, script.clone(), told.clone()));
        }
    });
    let settings = Settings {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        user: "cadence \"the bot\"".to_owned(),
        secret: "se\\cret".to_owned().into(),
        folders: vec!["Junk".to_owned()],
        ca_file: None,
    };
    (Inbox::imap(settings), heard)
}

async fn follow(stream: TcpStream, script: Vec<String>, heard: Heard) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut tag = String::new();
    for (n, answer) in script.iter().enumerate() {
        if n > 0 {
            let Ok(Some(line)) = lines.next_line().await else {
                return;
            };
            if let Some((own, command)) = line.split_once(' ') {
                own.clone_into(&mut tag);
                heard.0.lock().expect("what was heard").0.push(command.to_owned());
            } else {
                heard.0.lock().expect("what was heard").0.push(line);
            }
        }
        if writer.write_all(answer.replace("{T}", &tag).as_bytes()).await.is_err() {
            return;
        }
        if answer.as_str() == SILENT {
            // Until the client hangs up.
            while let Ok(Some(_)) = lines.next_line().await {}
        }
    }
}

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
    let script = |answer: &str| vec!["* OK ready\r\n".to_owned(), answer.to_owned()];
    let (mut inbox, heard) = from_the_greeting(
        Security::None,
        script("{T} NO [AUTHENTICATIONFAILED] no ana@corp.test\r\n"),
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

    let (mut inbox, _) = from_the_greeting(Security::None, script("{T} NO [UNAVAILABLE] later\r\n")).await;
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
        let script = script.into_iter().map(str::to_owned).collect();
        let (mut inbox, heard) = from_the_greeting(Security::Starttls, script).await;
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
    // The first wait gets as far as listening, and is dropped there; the second finds the server idling still.
    let dropped = tokio::time::timeout(Duration::from_millis(100), inbox.wait(LATER)).await;
    assert!(dropped.is_err());
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
        let fetch = inbox.fetch("INBOX", Watermark::default());
        assert!(tokio::time::timeout(Duration::from_millis(200), fetch).await.is_err());
        assert_eq!(heard.calls(), calls);
    }
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

// ── the other two ───────────────────────────────────────────────────────────────────────────────────────────────────

#[tokio::test]
async fn a_maildir_is_read_in_batches_and_again_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    for n in 0..=limits::FETCH_BATCH {
        maildir::deliver(folder.path(), &format!("{n:05}.a"), &mail(&n.to_string())).expect("delivered");
    }
    let mut inbox = Inbox::maildir(folder.path());
    let first = inbox.fetch("INBOX", Watermark::default()).await.expect("a batch");
    assert_eq!((first.mails.len(), first.more), (limits::FETCH_BATCH, true));
    let rest = inbox.fetch("INBOX", first.watermark).await.expect("the rest");
    assert_eq!(
        (subjects(&rest), rest.more),
        (vec![limits::FETCH_BATCH.to_string()], false)
    );
    let mut restarted = Inbox::maildir(folder.path());
    let again = restarted.fetch("INBOX", rest.watermark).await.expect("a batch");
    assert_eq!(again.mails.len(), limits::FETCH_BATCH, "what was not filed comes again");
    assert!(again.mails[0].watermark.last > rest.watermark.last);
}

#[tokio::test]
async fn a_maildir_gives_the_head_of_a_large_mail_and_its_junk() {
    let folder = tempfile::tempdir().expect("a folder");
    let size = usize::try_from(limits::MAIL_WHOLE).expect("a size") + 1;
    maildir::deliver(folder.path(), "1.a", &vec![b'x'; size]).expect("delivered");
    maildir::deliver(&folder.path().join(".Junk"), "1.b", &mail("junk")).expect("delivered");
    let mut inbox = Inbox::maildir(folder.path());
    assert_eq!(inbox.folders().await.expect("folders"), ["INBOX", "Junk"]);
    let large = inbox.fetch("INBOX", Watermark::default()).await.expect("a mail");
    assert_eq!(large.mails[0].bytes.len() as u64, limits::MAIL_HEAD);
    assert!(!large.mails[0].whole && large.mails[0].size == size as u64 && large.mails[0].received.is_none());
    let junk = inbox.fetch("Junk", Watermark::default()).await.expect("a mail");
    assert_eq!(subjects(&junk), ["junk"]);
}

#[test]
fn a_maildir_takes_no_name_twice_and_no_name_that_leads_elsewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    maildir::deliver(folder.path(), "1.a", b"first").expect("delivered");
    for name in ["1.a", "", ".hidden", "../1.b", "1:2,S"] {
        assert!(maildir::deliver(folder.path(), name, b"second").is_err(), "{name}");
    }
    assert_eq!(
        std::fs::read(folder.path().join("new/1.a")).expect("the mail"),
        b"first"
    );
    assert_eq!(
        std::fs::read_dir(folder.path().join("tmp")).expect("a folder").count(),
        0
    );
}

#[tokio::test]
async fn a_place_that_is_no_maildir_is_said_to_be_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Inbox::maildir(folder.path()).folders().await.expect_err("none");
    assert!(
        error.to_string().contains("no Maildir") && !error.is_transient(),
        "{error}"
    );
}

#[tokio::test]
async fn a_memory_can_fail_and_be_renumbered() {
    let memory = Memory::new();
    let mut inbox = Inbox::Memory(memory.clone());
    memory.deliver("INBOX", mail("one"), None);
    memory.deliver("Junk", mail("two"), None);
    let before = inbox
        .fetch("INBOX", Watermark::default())
        .await
        .expect("a mail")
        .watermark;
    memory.fail_with(Some(InboxError::lost("the server is gone")));
    assert!(inbox.folders().await.is_err() && inbox.fetch("INBOX", before).await.is_err());
    assert!(inbox.wait(LATER).await.is_err());
    memory.fail_with(None);
    memory.renumber();
    let after = inbox.fetch("INBOX", before).await.expect("the mail again");
    assert!(after.renumbered && after.mails.len() == 1);
    assert_eq!(inbox.folders().await.expect("folders"), ["INBOX", "Junk"]);
}
