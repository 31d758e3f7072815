//! The three kinds of mailbox hold to the same word, and IMAP holds to it against servers that do not.

mod imap;
mod scripted;

use crate::servers::{MailHost, SECRET};
use cadence::inbox::imap::{Security, Settings};
use cadence::inbox::{Fetched, Filing, Inbox, InboxError, Memory, Place, Watermark, Woken, maildir};
use cadence::model::limits;
use std::sync::Mutex;
use std::time::Duration;

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
        sent: None,
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

#[test]
fn a_mail_host_takes_plus_tags_and_aliases_and_bounces_what_it_cannot_deliver() {
    let host = MailHost::start();
    let has = |words: &'static str| move |mail: &[u8]| String::from_utf8_lossy(mail).contains(words);
    host.submit("cadence+b.abc@reps.test", "sales+x@corp.test", &mail("to an alias"));
    host.wait_for_mail("ana@corp.test", "INBOX", has("Delivered-To: ana+x@corp.test"));
    host.submit("cadence+b.abc@reps.test", "nobody@acme.test", &mail("to nobody"));
    let bounce = host.wait_for_mail("cadence@reps.test", "INBOX", has("Subject: to nobody"));
    for words in [
        "Delivered-To: cadence+b.abc@reps.test",
        "Return-Path: <>",
        "Status: 5.1.1",
    ] {
        assert!(has(words)(&bounce), "{words}");
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
