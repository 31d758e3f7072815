//! A rep's own mailbox on a real Dovecot: everything is seen, and nothing is changed.

use super::*;
use crate::servers::{MailHost, SECRET};
use cadence::inbox::imap::{Security, Settings};
use cadence::inbox::{Filing, Place, Watermark};
use cadence::service::watch as rep_watch;
use std::path::Path;

const ANA: &str = "ana@corp.test";

fn settings(host: &MailHost) -> Settings {
    Settings {
        host: "localhost".to_owned(),
        port: host.imaps_port(),
        security: Security::Tls,
        user: ANA.to_owned(),
        secret: SECRET.to_owned().into(),
        folders: ["INBOX", "Junk", "Sent"].map(str::to_owned).to_vec(),
        sent: None,
        ca_file: Some(host.ca_file()),
    }
}

/// Files of a folder that a mail program has touched: Dovecot moves a mail out of `new` when somebody opens the folder to
/// work in it, and writes flags behind `:2,`.
fn touched(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("cur")).map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_on_a_real_server_is_watched_and_nothing_in_it_changes() {
    let host = MailHost::mailbox();
    // What lay there before: more than one window of headers.
    for n in 0..3 {
        host.deliver(ANA, "x@else.test", &to_ana("x@else.test", &format!("before{n}"), ""));
    }
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story
        .world
        .watch(Watch::new(address(ANA), Inbox::watched(settings(&host)), "Sent"));
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-03 12:00").await;
    assert_eq!(count(&story, is_answer).await, 0);

    host.deliver(ANA, "li@acme.test", &answer(&story).await);
    story.settles().await;
    assert!(is_paused_by_answer(&story).await);
    let home = host.folder().join("mail").join(ANA);
    assert_eq!(host.mails(ANA, "INBOX").len(), 4);
    assert_eq!(touched(&home), 0, "EXAMINE leaves what is new as new");

    let mut own = Inbox::watched(settings(&host));
    assert_eq!(own.folders().await.expect("folders"), ["INBOX", "Junk", "Sent"]);
    let extent = own.extent("INBOX", Watermark::default()).await.expect("a folder");
    let window = own
        .heads("INBOX", &extent, 0, extent.highest + 1)
        .await
        .expect("headers");
    assert_eq!(window.heads.len(), 4);
    assert!(
        window.heads.windows(2).all(|two| two[0].uid > two[1].uid),
        "newest first"
    );
    assert!(
        window
            .heads
            .iter()
            .all(|head| !String::from_utf8_lossy(&head.bytes).contains("A text."))
    );
    let filed = own.file("INBOX", &[Place::Uid(extent.highest)], Filing::Replies).await;
    assert!(filed.is_err(), "nothing is moved");

    // The server numbers all mails anew: all is looked at again, and nothing counts twice.
    let before = journal(&story).await;
    for entry in std::fs::read_dir(&home).expect("a folder").flatten() {
        if entry.file_name().to_string_lossy().starts_with("dovecot") {
            std::fs::remove_file(entry.path()).expect("a file of the index");
        }
    }
    let mut again = Watch::new(address(ANA), Inbox::watched(settings(&host)), "Sent");
    rep_watch::round(&story.world.bot, &mut again).await.expect("a look");
    assert_eq!(journal(&story).await, before);
    story.holds().await;
}
