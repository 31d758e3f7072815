//! The outboxes that need no server: Maildir and memory.

use super::*;
use cadence::outbox::{Maildir, Memory};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_letter_lands_in_new_with_its_trace_on_top() {
    let root = tempfile::tempdir().unwrap();
    let outbox = Outbox::maildir(root.path());
    let (receipt, asked) = counted(&outbox, &letter_to("Li+Work@Acme.test", b"Subject: x\n\n.\n")).await;
    assert_eq!((words(&receipt).as_str(), asked), ("sent: 250 delivered", 1));
    let mailbox = root.path().join("li@acme.test");
    assert_eq!(files(&mailbox), ["cur", "new", "tmp"]);
    assert_eq!(files(&mailbox.join("new")), ["0000000000000bee.1.cadence"]);
    assert!(files(&mailbox.join("tmp")).is_empty() && files(&mailbox.join("cur")).is_empty());
    let text = fs::read_to_string(mailbox.join("new/0000000000000bee.1.cadence")).unwrap();
    expect![[r#"
        Return-Path: <bot+b.x7@corp.test>
        Delivered-To: Li+Work@acme.test
        Subject: x

        .
    "#]]
    .assert_eq(&text.replace("\r\n", "\n"));
}

#[tokio::test]
async fn the_same_letter_delivered_twice_is_two_files_even_when_the_first_was_read() {
    let root = tempfile::tempdir().unwrap();
    let outbox = Outbox::maildir(root.path());
    let mailbox = root.path().join("li@acme.test");
    send(&outbox, &letter()).await;
    let (new, cur) = (mailbox.join("new"), mailbox.join("cur"));
    fs::rename(
        new.join("0000000000000bee.1.cadence"),
        cur.join("0000000000000bee.1.cadence:2,S"),
    )
    .unwrap();
    let letter = letter();
    let receipts = futures_util::future::join_all((0..3).map(|_| send(&outbox, &letter))).await;
    assert!(receipts.iter().all(|receipt| matches!(receipt, Receipt::Sent(_))));
    let wanted: Vec<String> = (2..=4).map(|nth| format!("0000000000000bee.{nth}.cadence")).collect();
    assert_eq!(files(&new), wanted);
}

#[tokio::test]
async fn an_unknown_recipient_is_refused_like_a_server_does() {
    let root = tempfile::tempdir().unwrap();
    let unknown = BTreeSet::from([address("Gone@acme.test")]);
    let outbox = Outbox::Maildir(Maildir::new(root.path()).without(&unknown));
    let (receipt, asked) = counted(&outbox, &letter_to("gone+x@acme.test", b"Subject: x\r\n\r\n")).await;
    assert_eq!(
        (words(&receipt).as_str(), asked),
        ("refused at rcpt: 550 there is no such mailbox here", 0)
    );
    assert!(files(root.path()).is_empty());
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_unreached() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let outbox = Outbox::maildir(&file);
    let (receipt, asked) = counted(&outbox, &letter()).await;
    assert!(matches!(
        receipt,
        Receipt::Unreached {
            phase: Phase::Connect,
            ..
        }
    ));
    assert_eq!(asked, 0);
    assert!(outbox.check().await.is_err());
    assert!(Outbox::maildir(root.path().join("new")).check().await.is_ok());
}

#[tokio::test]
async fn shelves_ask_the_gate_and_look_at_the_bytes_like_the_wire_does() {
    let root = tempfile::tempdir().unwrap();
    for outbox in [Outbox::maildir(root.path()), Outbox::memory()] {
        assert_eq!(outbox.send(&letter(), || async { false }).await, Receipt::Withheld);
        let (receipt, asked) = counted(&outbox, &letter_to("li@acme.test", b"a\0b")).await;
        assert!(matches!(
            receipt,
            Receipt::Refused {
                phase: Phase::Content,
                ..
            }
        ));
        assert_eq!(asked, 0);
    }
    assert!(files(&root.path().join("li@acme.test/new")).is_empty());
}

#[tokio::test]
async fn memory_answers_as_it_is_told_and_then_as_usual() {
    let memory = Memory::default();
    let outbox = Outbox::Memory(memory.clone());
    let deferred = Receipt::Unreached {
        phase: Phase::Rcpt,
        why: "scripted".to_owned(),
    };
    let doubtful = Receipt::InDoubt {
        why: "scripted".to_owned(),
    };
    memory.answer_next(deferred.clone());
    memory.answer_next(doubtful.clone());
    assert_eq!(counted(&outbox, &letter()).await, (deferred, 0));
    assert_eq!(counted(&outbox, &letter()).await, (doubtful, 1));
    assert!(memory.sent().is_empty());
    assert_eq!(words(&send(&outbox, &letter()).await), "sent: 250 kept in memory");
    assert_eq!(memory.sent().len(), 1);
    assert!(memory.sent()[0] == letter());
}
