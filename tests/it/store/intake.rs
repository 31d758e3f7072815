//! The ingest ledger: tries, watermarks, quarantine.

use super::cast::*;
use cadence::store::{CommitError, MailRow, Store};

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
            let mut read = batch(0);
            read.watermark = Some(("INBOX".to_owned(), validity, last));
            store.commit(read).await.unwrap();
            assert_eq!(store.watermark("INBOX").await.unwrap(), then);
        }
        assert_eq!(store.watermark("Junk").await.unwrap(), (0, 0));
    }
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
