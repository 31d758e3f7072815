//! The ingest ledger: tries, watermarks, quarantine.

use super::cast::*;
use cadence::store::{CommitError, MailRow, ReadTo, Store};

#[tokio::test]
async fn tries_are_counted_before_a_mail_is_read() {
    for (store, _folder) in stores().await {
        assert_eq!(store.try_mail(&key("poison"), at(0)).await.unwrap(), 0);
        assert_eq!(store.try_mail(&key("poison"), at(1)).await.unwrap(), 1);
        assert_eq!(
            store.try_mails(&[key("poison"), key("fine")], at(2)).await.unwrap(),
            [2, 0]
        );
        assert_eq!(
            store.mail(&key("poison")).await.unwrap(),
            None,
            "begun is not committed"
        );
        let mut read = batch(3);
        read.mail = Some(mail_row("poison"));
        store.commit(read.clone()).await.unwrap();
        assert_eq!(store.mail(&key("poison")).await.unwrap(), Some(mail_row("poison")));
        assert_eq!(store.commit(read).await, Err(CommitError::Known));
    }
}

#[tokio::test]
async fn a_watermark_goes_forward_or_to_another_validity() {
    for (store, _folder) in stores().await {
        for (validity, last, then) in [(7, 10, (7, 10)), (7, 9, (7, 10)), (7, 11, (7, 11)), (8, 3, (8, 3))] {
            let read = ReadTo {
                validity,
                last,
                ..ReadTo::default()
            };
            assert_eq!(read_to(&store, read).await, then);
        }
        assert_eq!(store.watermark("Junk").await.unwrap(), ReadTo::default());
    }
}

#[tokio::test]
async fn when_a_folder_was_last_read_to_its_end_is_known_while_it_is_read_from_its_beginning() {
    for (store, _folder) in stores().await {
        let ended = Some(at(5));
        let read = |validity, last, ended| ReadTo {
            validity,
            last,
            again_to: 4,
            ended,
        };
        assert_eq!(read_to(&store, read(7, 10, None)).await, (7, 10));
        assert_eq!(store.watermark("INBOX").await.unwrap().ended, None);
        for step in [read(7, 10, ended), read(8, 0, None), read(8, 2, None)] {
            read_to(&store, step).await;
            assert_eq!(store.watermark("INBOX").await.unwrap(), ReadTo { ended, ..step });
        }
    }
}

async fn read_to(store: &Store, read: ReadTo) -> (u32, u32) {
    let mut read_so_far = batch(0);
    read_so_far.watermark = Some(("INBOX".to_owned(), read));
    store.commit(read_so_far).await.unwrap();
    let now = store.watermark("INBOX").await.unwrap();
    (now.validity, now.last)
}

#[tokio::test]
async fn quarantine_is_found_by_the_rep_in_whose_name_it_came() {
    let store = Store::in_memory().await.unwrap();
    let mut forged = batch(5);
    forged.mail = Some(MailRow {
        kind: "unproven rep".to_owned(),
        because: "no code and no trusted result".to_owned(),
        filed: "Quarantine".to_owned(),
        rep: Some(ana()),
        ..mail_row("forged")
    });
    store.commit(forged.clone()).await.unwrap();
    let held = store.mails_in_name_of(&ana(), (at(0), at(9)), 10).await.unwrap();
    assert_eq!(held, [(at(5), forged.mail.unwrap())]);
    assert!(
        store
            .mails_in_name_of(&ana(), (at(5), at(9)), 10)
            .await
            .unwrap()
            .is_empty()
    );
    let troubles = store.counts().await.unwrap().troubles;
    assert_eq!(
        troubles,
        [(
            at(5),
            "mail in Quarantine".to_owned(),
            "no code and no trusted result".to_owned()
        )]
    );
}
