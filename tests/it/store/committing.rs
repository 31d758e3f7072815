//! A batch is written as a whole or not at all, once.

use super::cast::*;
use cadence::model::*;
use cadence::store::{Batch, CommitError, ReadTo, Store};
use jiff::SignedDuration;

#[tokio::test]
async fn what_is_committed_is_read_again_as_it_was() {
    for (store, _folder) in stores().await {
        store.commit(hand_over(0)).await.unwrap();
        let enrollment = store.enrollment(id(0)).await.unwrap().unwrap();
        assert_eq!(enrollment.prospect, li());
        assert_eq!(enrollment.enrolled_at, at(0));
        assert_eq!(enrollment.touched, Some((StepNo(1), at(0))));
        assert_eq!(enrollment.next_step(), Some(StepNo(2)));
        let journal = store.journal(id(0)).await.unwrap();
        assert_eq!(journal.len(), 2);
        assert_eq!(Enrollment::fold(id(0), &journal).unwrap(), enrollment);
        assert_eq!(
            store.of_person(&address("LI@acme.test").loose()).await.unwrap(),
            [enrollment]
        );
        assert_eq!(
            store
                .of_mails(&[message_id("other"), message_id("root")])
                .await
                .unwrap(),
            [id(0)]
        );
        assert_eq!(store.colleagues(id(0)).await.unwrap(), [address("kim@acme.test")]);
        store.check().await.unwrap();
    }
}

#[tokio::test]
async fn a_commit_is_all_or_nothing() {
    for (store, _folder) in stores().await {
        store.commit(hand_over(0)).await.unwrap();
        let enrollment = store.enrollment(id(0)).await.unwrap().unwrap();
        let mut half = facts(&enrollment, 1, vec![scheduled(2, 90)]);
        half.letters.push(notice("receipt", 1));
        half.suppress.push(Suppression {
            address: li().address.loose(),
            reason: SuppressionReason::OptedOut,
            at: at(1),
            proof: "a sentence in a reply".to_owned(),
        });
        half.mail = Some(mail_row("reply"));
        let read = ReadTo {
            validity: 7,
            last: 12,
            ..ReadTo::default()
        };
        half.watermark = Some(("INBOX".to_owned(), read));
        // The last thing in it cannot be: so none of it is.
        half.moves = moved(&notice("unknown", 1), LetterState::Sending, LetterState::Sent).moves;
        assert_eq!(store.commit(half).await, Err(CommitError::Stale));

        assert_eq!(store.enrollment(id(0)).await.unwrap().unwrap(), enrollment);
        assert_eq!(store.journal(id(0)).await.unwrap().len(), 2);
        assert_eq!(store.letter(notice("receipt", 1).id).await.unwrap(), None);
        assert_eq!(store.suppressed(&li().address.loose()).await.unwrap(), None);
        assert_eq!(store.mail(&key("reply")).await.unwrap(), None);
        assert_eq!(store.watermark("INBOX").await.unwrap(), ReadTo::default());
    }
}

#[tokio::test]
async fn a_decision_on_an_old_row_is_stale() {
    for (store, _folder) in stores().await {
        store.commit(hand_over(0)).await.unwrap();
        let seen = store.enrollment(id(0)).await.unwrap().unwrap();
        let pause = Fact::Paused {
            why: PauseReason::Rep,
            until: None,
        };
        store.commit(facts(&seen, 1, vec![pause])).await.unwrap();
        assert_eq!(
            store.commit(facts(&seen, 2, vec![rendered(id(0), 2)])).await,
            Err(CommitError::Stale)
        );
        let unknown = Enrollment { id: id(9), ..seen };
        assert_eq!(
            store.commit(facts(&unknown, 2, vec![scheduled(2, 3)])).await,
            Err(CommitError::Stale)
        );
    }
}

#[tokio::test]
async fn the_same_mail_and_the_same_hand_over_are_known() {
    for (store, _folder) in stores().await {
        let mut first = hand_over(0);
        first.mail = Some(mail_row("hand-over"));
        store.commit(first.clone()).await.unwrap();
        assert_eq!(store.commit(first).await, Err(CommitError::Known));
        assert_eq!(
            store.commit(hand_over(0)).await,
            Err(CommitError::Known),
            "without the mail too"
        );
        assert_eq!(store.journal(id(0)).await.unwrap().len(), 2, "and left no fact behind");
        assert_eq!(
            store.mail(&key("hand-over")).await.unwrap(),
            Some(mail_row("hand-over"))
        );
    }
}

#[tokio::test]
async fn facts_that_contradict_are_refused_and_name_their_enrollment() {
    let store = Store::in_memory().await.unwrap();
    store.commit(hand_over(0)).await.unwrap();
    let seen = store.enrollment(id(0)).await.unwrap().unwrap();
    let Err(CommitError::Store(error)) = store.commit(facts(&seen, 1, vec![enrolled()])).await else {
        panic!("enrolled twice")
    };
    assert!(error.is_misfit());
    assert_eq!(
        error.to_string(),
        format!(
            "enrollment {}: a fact does not fit its enrollment: enrolled twice",
            id(0)
        )
    );
    let Err(CommitError::Store(error)) = store.commit(Batch::default()).await else {
        panic!("no time")
    };
    assert_eq!(error.to_string(), "a batch has no time");
}

#[tokio::test]
async fn times_are_kept_to_the_millisecond_in_rows_and_facts_alike() {
    let store = Store::in_memory().await.unwrap();
    let odd = at(60) + SignedDuration::from_nanos(123_456_789);
    let mut begin = hand_over(0);
    begin.at = Some(odd);
    begin.begin[0].facts[1] = Fact::Scheduled {
        of: None,
        step: StepNo(2),
        due: odd,
        why: "at once".to_owned(),
    };
    store.commit(begin).await.unwrap();
    let row = store.enrollment(id(0)).await.unwrap().unwrap();
    assert_eq!(row.enrolled_at, at(60) + SignedDuration::from_millis(123));
    assert_eq!(
        Enrollment::fold(id(0), &store.journal(id(0)).await.unwrap()).unwrap(),
        row
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_commits_at_once_are_all_there() {
    for (store, _folder) in stores().await {
        let tasks: Vec<_> = (0..200)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move { store.commit(hand_over(number)).await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Ok(()));
        }
        assert_eq!(store.of_person(&li().address.loose()).await.unwrap().len(), 200);
        assert!(store.groups() <= 200);
    }
}

#[tokio::test]
async fn a_stale_batch_falls_alone_among_many() {
    for (store, _folder) in stores().await {
        store.commit(hand_over(0)).await.unwrap();
        let seen = store.enrollment(id(0)).await.unwrap().unwrap();
        let again = facts(&seen, 1, vec![scheduled(2, 90)]);
        let answers = store
            .commit_many(vec![hand_over(1), again.clone(), again, hand_over(0), hand_over(2)])
            .await;
        assert_eq!(
            answers,
            [Ok(()), Ok(()), Err(CommitError::Stale), Err(CommitError::Known), Ok(())]
        );
        assert_eq!(store.journal(id(0)).await.unwrap().len(), 3);
        assert!(store.enrollment(id(2)).await.unwrap().is_some());
    }
}
