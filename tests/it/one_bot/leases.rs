//! Who may work in a mailbox, as the rule says it.

use cadence::model::{Lease, limits};
use cadence::rules::lease::{Mine, Ruling, rule, standing};
use jiff::{SignedDuration, Timestamp};

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("a time")
}

fn ago(seconds: u64) -> Timestamp {
    now() - SignedDuration::from_secs(i64::try_from(seconds).expect("a number"))
}

/// Written by another process on another host, ten seconds ago.
fn other(epoch: i64) -> Lease {
    Lease {
        epoch,
        run: "theirs".to_owned(),
        host: "mail-2 /srv/cadence.db".to_owned(),
        since: ago(3600),
        renewed: ago(10),
        journal: 5,
        left: Vec::new(),
        released: false,
        sealed: true,
    }
}

/// On a database that held epoch 3 last and has five facts.
fn mine() -> Mine {
    Mine {
        run: "ours".to_owned(),
        host: "mail-1 /srv/cadence.db".to_owned(),
        before: "ours before".to_owned(),
        epoch: 3,
        journal: 5,
    }
}

fn takes(notes: &[Lease]) -> (i64, Option<String>) {
    match rule(notes, &mine(), now()) {
        Ruling::Take { epoch, behind } => (epoch, behind),
        other => panic!("{other:?} instead of taking"),
    }
}

#[test]
fn a_mailbox_without_a_note_is_taken_with_the_next_epoch() {
    assert_eq!(takes(&[]), (4, None));
}

#[test]
fn e21_another_bot_that_was_heard_of_lately_has_it() {
    assert_eq!(rule(&[other(3)], &mine(), now()), Ruling::Yield(other(3)));
    let almost_gone = Lease {
        renewed: ago(limits::LEASE_LIVES.as_secs() - 1),
        ..other(1)
    };
    assert_eq!(
        rule(std::slice::from_ref(&almost_gone), &mine(), now()),
        Ruling::Yield(almost_gone),
        "however old its epoch"
    );
    let other_house = Lease {
        sealed: false,
        ..other(9)
    };
    assert_eq!(
        rule(std::slice::from_ref(&other_house), &mine(), now()),
        Ruling::Yield(other_house),
        "another key is another bot all the same"
    );
}

#[test]
fn one_that_fell_silent_or_gave_it_back_is_followed() {
    let silent = Lease {
        renewed: ago(limits::LEASE_LIVES.as_secs()),
        ..other(3)
    };
    // What it sent after its last note nobody knows, and this database may be a copy of its own.
    let (epoch, behind) = takes(std::slice::from_ref(&silent));
    assert_eq!(epoch, 4);
    let why = behind.expect("a gap");
    assert!(why.contains("mail-2") && why.contains("fell silent"), "{why}");
    let same_host = Lease {
        host: mine().host,
        ..silent.clone()
    };
    assert_eq!(takes(&[same_host]), (4, None), "this database is its own");
    let long_ago = Lease { epoch: 2, ..silent };
    assert_eq!(takes(&[long_ago]), (4, None), "this one held the mailbox since");
    let released = Lease {
        released: true,
        ..other(3)
    };
    assert_eq!(takes(&[released]), (4, None));
}

#[test]
fn the_own_dead_process_is_followed_at_once_but_not_its_copy_on_another_host() {
    let own = Lease {
        run: mine().before,
        host: mine().host,
        ..other(3)
    };
    assert_eq!(takes(std::slice::from_ref(&own)), (4, None));
    let of_a_copy = Lease {
        host: "mail-3 /srv/cadence.db".to_owned(),
        ..own
    };
    assert_eq!(
        rule(std::slice::from_ref(&of_a_copy), &mine(), now()),
        Ruling::Yield(of_a_copy)
    );
}

#[test]
fn a_process_that_died_before_it_said_its_epoch_leaves_the_note_of_the_one_before_it_which_is_followed_at_once() {
    // The kill matrix found it: the database knows of epoch 3 and its process, and the mailbox still of epoch 2 and the one before.
    let left = Lease {
        host: mine().host,
        ..other(2)
    };
    assert_eq!(takes(std::slice::from_ref(&left)), (4, None));
    for not_ours in [
        Lease {
            epoch: 3,
            ..left.clone()
        },
        Lease {
            epoch: 4,
            ..left.clone()
        },
        Lease {
            sealed: false,
            ..left.clone()
        },
        other(2),
    ] {
        let ruling = rule(std::slice::from_ref(&not_ours), &mine(), now());
        assert_eq!(ruling, Ruling::Yield(not_ours));
    }
}

#[test]
fn the_own_lease_is_kept_and_said_again_once_in_a_minute() {
    let own = |age| Lease {
        host: mine().host,
        run: mine().run,
        renewed: ago(age),
        ..other(3)
    };
    assert_eq!(rule(&[own(59)], &mine(), now()), Ruling::Keep { renew: false });
    assert_eq!(rule(&[own(60)], &mine(), now()), Ruling::Keep { renew: true });
    assert_eq!(
        rule(&[own(99_999)], &mine(), now()),
        Ruling::Keep { renew: true },
        "nobody took it while this machine slept (E-13)"
    );
}

#[test]
fn e22_a_higher_epoch_takes_it_away_whatever_the_clocks_say() {
    let own = Lease {
        run: mine().run,
        ..other(3)
    };
    assert_eq!(rule(&[own, other(4)], &mine(), now()), Ruling::Yield(other(4)));
}

#[test]
fn p24_of_two_that_take_at_once_both_see_who_was_first() {
    let first = other(4);
    let second = Lease {
        run: mine().run,
        ..other(4)
    };
    let notes = [first.clone(), second];
    assert_eq!(standing(&notes), Some(&first));
    assert_eq!(rule(&notes, &mine(), now()), Ruling::Yield(first.clone()));
    let said_again = Lease {
        renewed: now(),
        ..first
    };
    let notes = [notes[0].clone(), notes[1].clone(), said_again.clone()];
    assert_eq!(standing(&notes), Some(&said_again), "what it said last counts");
}

#[test]
fn e25_a_database_that_knows_less_than_the_mailbox_is_behind() {
    let gone = |lease: Lease| Lease {
        released: true,
        ..lease
    };
    let (epoch, behind) = takes(&[gone(other(7))]);
    assert_eq!(epoch, 8);
    assert!(
        behind
            .expect("behind")
            .contains("epoch 7, and this database knows of 3")
    );
    let knew_more = Lease { journal: 6, ..other(3) };
    let behind = takes(&[gone(knew_more)]).1.expect("behind");
    assert!(
        behind.contains("6 entries") && behind.contains("this database has 5"),
        "{behind}"
    );
    let invented = Lease {
        sealed: false,
        ..other(7)
    };
    assert_eq!(
        takes(&[gone(invented)]),
        (8, None),
        "what another key sealed shows nothing"
    );
}

#[test]
fn the_own_dead_process_shows_a_rollback_too() {
    let own = Lease {
        run: mine().before,
        host: mine().host,
        journal: 6,
        ..other(3)
    };
    assert!(takes(&[own]).1.is_some(), "the write-ahead log was lost (E-05)");
}

#[test]
fn e05_a_machine_that_was_set_back_with_its_process_finds_its_own_note_ahead_of_it() {
    let own = Lease {
        run: mine().run,
        host: mine().host,
        journal: mine().journal,
        ..other(3)
    };
    assert_eq!(
        rule(std::slice::from_ref(&own), &mine(), now()),
        Ruling::Keep { renew: false },
        "as long as it knows what the note knows"
    );
    let ahead = Lease {
        journal: mine().journal + 1,
        ..own
    };
    let (epoch, behind) = takes(std::slice::from_ref(&ahead));
    assert_eq!(epoch, 4);
    assert!(behind.expect("a gap").contains("knew more"));
    let forged = Lease { sealed: false, ..ahead };
    assert_eq!(
        rule(std::slice::from_ref(&forged), &mine(), now()),
        Ruling::Keep { renew: false },
        "what nobody sealed says nothing"
    );
}
