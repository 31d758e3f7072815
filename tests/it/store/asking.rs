//! What falls due, tasks, digests, figures.

use super::cast::*;
use cadence::model::*;
use cadence::store::{Batch, CommitError, DigestRow, Store};
use expect_test::expect;

#[tokio::test]
async fn what_is_due_comes_oldest_first_and_the_next_wake_is_known() {
    for (store, _folder) in stores().await {
        assert_eq!(store.next_wake().await.unwrap(), None);
        for (number, minute) in [(1, 30), (2, 10), (3, 20)] {
            let mut begin = hand_over(number);
            begin.begin[0].facts[1] = scheduled(2, minute);
            store.commit(begin).await.unwrap();
        }
        let due = |minute, limit| {
            let store = store.clone();
            async move {
                store
                    .due(at(minute), limit)
                    .await
                    .unwrap()
                    .iter()
                    .map(|e| e.id)
                    .collect::<Vec<_>>()
            }
        };
        assert_eq!(store.next_wake().await.unwrap(), Some(at(10)));
        assert!(due(9, 10).await.is_empty());
        assert_eq!(due(20, 10).await, [id(2), id(3)]);
        assert_eq!(due(99, 1).await, [id(2)]);

        let second = store.enrollment(id(2)).await.unwrap().unwrap();
        let pause = |until| Fact::Paused {
            why: PauseReason::BounceUnproven,
            until,
        };
        store
            .commit(facts(&second, 11, vec![pause(Some(at(40)))]))
            .await
            .unwrap();
        assert_eq!(
            due(50, 10).await,
            [id(3), id(1), id(2)],
            "a pause with a date falls due then"
        );
        assert!(store.paused_of(&ana(), 10).await.unwrap().is_empty());
        let third = store.enrollment(id(3)).await.unwrap().unwrap();
        store.commit(facts(&third, 12, vec![pause(None)])).await.unwrap();
        assert_eq!(due(99, 10).await, [id(1), id(2)], "one without waits for the rep");
        let paused = store.paused_of(&ana(), 10).await.unwrap();
        assert_eq!(
            (paused[0].0.id, paused[0].1),
            (id(3), at(12)),
            "with the moment since when"
        );
        let of_ana = store.due_of(&ana(), at(31), 10).await.unwrap();
        assert_eq!(of_ana.iter().map(|e| e.id).collect::<Vec<_>>(), [id(1)]);
        assert_eq!(store.active_of(&ana()).await.unwrap(), 3);
        assert_eq!(store.active_of(&address("bo@corp.test")).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_task_is_opened_numbered_closed_once_and_counted() {
    for (store, _folder) in stores().await {
        store.commit(hand_over(0)).await.unwrap();
        let task = Task {
            id: TaskId::derive(id(0), StepNo(3)),
            enrollment: id(0),
            step: StepNo(3),
            rep: ana(),
            channel: Channel::DirectMail,
            due: at(5),
            script: "Send the booklet.".to_owned(),
            closed: None,
        };
        let digest = Letter {
            id: LetterId::of_digest(&ana(), "2026-03-03"),
            class: LetterClass::Digest,
            ..notice("digest", 6)
        };
        let told = Batch {
            tasks: vec![task.clone(), task.clone()],
            letters: vec![digest.clone()],
            digest: Some(DigestRow {
                rep: ana(),
                date: "2026-03-03".parse().unwrap(),
                letter: Some(digest.id),
                items: vec![(1, task.id)],
                mails: Vec::new(),
                journal: 2,
            }),
            ..batch(6)
        };
        store.commit(told.clone()).await.unwrap();
        assert_eq!(store.commit(told).await, Err(CommitError::Known), "one digest a date");
        let open = store.open_tasks(&ana(), 10).await.unwrap();
        assert_eq!(open[0].0, task);
        assert_eq!(open[0].1.id, id(0));
        assert_eq!(store.digest_item(digest.id, 1).await.unwrap(), Some(task.clone()));
        assert_eq!(store.digest_item(digest.id, 2).await.unwrap(), None);
        let last = store.last_digest(&ana()).await.unwrap();
        assert_eq!(last, Some(("2026-03-03".parse().unwrap(), 2)));

        for outcome in [TaskOutcome::Done, TaskOutcome::Skipped] {
            let mut close = batch(7);
            close.closed.push((task.id, outcome, Some("by parcel".to_owned())));
            store.commit(close).await.unwrap();
        }
        let closed = store.tasks_of(id(0)).await.unwrap();
        assert_eq!(
            closed[0].closed,
            Some((at(7), TaskOutcome::Done)),
            "the first word counts"
        );
        assert_eq!(store.open_tasks_many(&ana()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_rep_reads_what_happened_since_the_last_digest_in_pieces() {
    for (store, _folder) in stores().await {
        store.commit(hand_over(0)).await.unwrap();
        store.commit(hand_over(1)).await.unwrap();
        let (first, read) = store.since(&ana(), 0, 3).await.unwrap();
        assert_eq!((first.len(), read), (3, 3));
        let (rest, read) = store.since(&ana(), read, 3).await.unwrap();
        assert_eq!(rest[0].0, id(1));
        assert_eq!((rest.len(), read), (1, 4));
        assert_eq!(store.since(&ana(), 4, 3).await.unwrap(), (Vec::new(), 4));
        assert!(store.since(&address("bo@corp.test"), 0, 9).await.unwrap().0.is_empty());
    }
}

#[tokio::test]
async fn the_first_reason_of_a_suppression_stays() {
    let store = Store::in_memory().await.unwrap();
    for reason in SuppressionReason::ALL {
        let mut stop = batch(0);
        stop.suppress.push(Suppression {
            address: li().address.loose(),
            reason,
            at: at(0),
            proof: "said so".to_owned(),
        });
        store.commit(stop).await.unwrap();
    }
    let found = store.suppressed(&address("LI@acme.test").loose()).await.unwrap();
    assert_eq!(found, Some(SuppressionReason::OptedOut));
}

#[tokio::test]
async fn status_has_its_figures() {
    let store = Store::in_memory().await.unwrap();
    let letter = with_ready(&store).await;
    store.commit(hand_over(1)).await.unwrap();
    store.try_mail(&key("begun"), at(1)).await.unwrap();
    let mut refused = moved(&letter, LetterState::Ready, LetterState::Refused);
    refused.moves[0].reply = Some("550 5.1.1 no such user".to_owned());
    refused.mail = Some(mail_row("reply"));
    store.commit(refused).await.unwrap();
    let counts = store.counts().await.unwrap();
    expect![[r#"
        Counts {
            enrollments: [
                (
                    "sending",
                    1,
                ),
                (
                    "waiting",
                    1,
                ),
            ],
            paced: 0,
            letters: [
                (
                    "refused",
                    1,
                ),
            ],
            mails: [
                (
                    "unread",
                    1,
                ),
                (
                    "reply",
                    1,
                ),
            ],
            open_tasks: 0,
            suppressed: 0,
            troubles: [
                (
                    2026-03-02T10:00:00Z,
                    "letter refused",
                    "550 5.1.1 no such user",
                ),
            ],
        }
    "#]]
    .assert_debug_eq(&counts);
}
