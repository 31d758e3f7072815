//! The breakers: each at its threshold and one below it.

use super::*;
use cadence::model::{Address, CadenceName, Fact, Pace, PauseReason, Receipt, StepNo, Trouble};
use cadence::rules::guard::{Counts, Verdict};
use jiff::SignedDuration;
use std::time::Duration;

fn now() -> Timestamp {
    at("2026-03-20 12:00")
}

fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

fn name() -> CadenceName {
    CadenceName::parse("outbound").expect("a name")
}

fn rep() -> Address {
    ana().address
}

fn troubles(many: usize, minutes: i64, fact: &Fact) -> Vec<Trouble> {
    let trouble = Trouble {
        at: ago(minutes),
        rep: rep(),
        cadence: name(),
        fact: fact.clone(),
    };
    vec![trouble; many]
}

/// What trips, and for how long.
fn tripped(counts: &Counts) -> Vec<String> {
    let told = |verdict: Verdict| match verdict {
        Verdict::Hold(hold) => {
            let clears = hold
                .clears
                .map(|at| format!(" for {}", at.duration_since(now()).as_hours()));
            format!("{} held{}: {}", hold.scope, clears.unwrap_or_default(), hold.why)
        }
        Verdict::Clear(order) => format!("{} cleared", order.scope),
        Verdict::Alarm(hold) => format!("alarm: {}", hold.why),
    };
    counts.judge(now()).into_iter().map(told).collect()
}

fn complaints(many: usize, delivered: u64) -> Counts {
    Counts {
        troubles: troubles(many, 60, &Fact::Complained),
        delivered: vec![(name(), delivered)],
        ..Counts::default()
    }
}

#[test]
fn complaints_hold_a_cadence_and_many_block_it() {
    assert_eq!(tripped(&complaints(1, 10)), [""; 0], "one complaint is a person");
    assert_eq!(tripped(&complaints(2, 2_001)), [""; 0]);
    assert_eq!(
        tripped(&complaints(2, 2_000)),
        ["cadence outbound held for 168: 2 complaints for 2000 mails of \"outbound\" in 30 days"]
    );
    assert_eq!(
        tripped(&complaints(3, 1_001)),
        ["cadence outbound held for 168: 3 complaints for 1001 mails of \"outbound\" in 30 days"]
    );
    assert_eq!(
        tripped(&complaints(3, 1_000)),
        ["cadence outbound held: 3 complaints for 1000 mails of \"outbound\" in 30 days"]
    );
    assert_eq!(complaints(2, 0).suspects().0, [name()]);
    assert!(complaints(1, 0).suspects().0.is_empty());
}

#[test]
fn what_stands_is_not_put_again_and_what_was_cleared_is_not_counted_again() {
    let mut counts = complaints(2, 100);
    let Some(Verdict::Hold(standing)) = counts.judge(now()).pop() else {
        panic!("it trips")
    };
    counts.standing.push(standing);
    assert_eq!(tripped(&counts), [""; 0]);
    counts.standing.clear();
    counts
        .cleared
        .push((Scope::Cadence(name()), Cause::Complaints, ago(30)));
    assert_eq!(tripped(&counts), [""; 0]);
    // The block counts by itself, whatever became of the milder hold.
    counts.troubles.extend(troubles(1, 10, &Fact::Complained));
    assert_eq!(tripped(&counts).len(), 1);
}

fn bounce(status: Option<&str>) -> Fact {
    Fact::Bounced {
        permanent: true,
        status: status.map(str::to_owned),
        why: "no such user".to_owned(),
    }
}

#[test]
fn dead_addresses_hold_the_reps_sending() {
    let counts = |dead: usize, sent: usize| Counts {
        troubles: troubles(dead, 10, &bounce(Some("5.1.1"))),
        sent: vec![(rep(), vec![ago(100); sent])],
        ..Counts::default()
    };
    assert_eq!(tripped(&counts(2, 19)), [""; 0], "too few to say anything");
    assert_eq!(
        tripped(&counts(1, 20)),
        [""; 0],
        "one dead address is somebody who left"
    );
    assert_eq!(
        tripped(&counts(2, 20)),
        ["rep ana@corp.test held: 2 of the last 20 mails went to dead addresses"]
    );
    assert_eq!(tripped(&counts(4, 100)), [""; 0]);
    assert_eq!(tripped(&counts(5, 100)).len(), 1);
    let policy = Counts {
        troubles: troubles(2, 10, &bounce(Some("5.7.1"))),
        sent: vec![(rep(), vec![ago(100); 20])],
        ..Counts::default()
    };
    assert_eq!(
        tripped(&policy),
        [""; 0],
        "a refusal by policy says nothing about an address"
    );
}

#[test]
fn refusals_by_policy_hold_all_for_an_hour() {
    let deferred = |why: &str| Fact::Deferred {
        step: StepNo(2),
        until: now(),
        why: why.to_owned(),
    };
    let counts = |many: usize, fact: &Fact| Counts {
        troubles: troubles(many, 59, fact),
        ..Counts::default()
    };
    let refused = deferred("550 5.7.1 blocked");
    assert_eq!(tripped(&counts(2, &refused)), [""; 0]);
    assert_eq!(
        tripped(&counts(3, &refused)),
        ["all held for 1: mail servers refused 3 mails by policy (5.7.x) in an hour"]
    );
    assert_eq!(
        tripped(&counts(9, &deferred("451 4.7.1 greylisted"))),
        [""; 0],
        "that is greylisting"
    );
    assert_eq!(tripped(&counts(9, &deferred("550 5.1.1 unknown"))), [""; 0]);
    let old = Counts {
        troubles: troubles(3, 61, &refused),
        ..Counts::default()
    };
    assert_eq!(tripped(&old), [""; 0]);
}

#[test]
fn doubts_hold_all_a_full_disk_too_and_weak_stops_only_alarm() {
    let doubt = Fact::InDoubt {
        step: StepNo(2),
        why: "gone".to_owned(),
    };
    let counts = |troubles: Vec<Trouble>, active: u64| Counts {
        troubles,
        active,
        ..Counts::default()
    };
    assert_eq!(tripped(&counts(troubles(3, 9, &doubt), 9)), [""; 0]);
    assert_eq!(
        tripped(&counts(troubles(4, 9, &doubt), 9)),
        ["all held: of 4 mails in 10 minutes it is not known whether they went out"]
    );
    assert_eq!(tripped(&counts(troubles(4, 11, &doubt), 9)), [""; 0]);
    let killed = Fact::InDoubt {
        step: StepNo(2),
        why: cadence::rules::doubt::STOPPED.to_owned(),
    };
    assert_eq!(
        tripped(&counts(troubles(20, 1, &killed), 9)),
        [""; 0],
        "being killed is a way to stop"
    );

    let weak = Fact::Paused {
        why: PauseReason::BounceUnproven,
        until: None,
    };
    assert_eq!(tripped(&counts(troubles(5, 9, &weak), 9)), [""; 0]);
    assert!(tripped(&counts(troubles(6, 9, &weak), 9))[0].starts_with("alarm: 6 enrollments"));
    assert_eq!(tripped(&counts(troubles(20, 9, &weak), 100)), [""; 0]);
    assert_eq!(tripped(&counts(troubles(21, 9, &weak), 100)).len(), 1);

    let disk = |mebibytes: u64, standing: Vec<Hold>| Counts {
        disk: Some((mebibytes << 20, 1 << 40)),
        standing,
        ..Counts::default()
    };
    assert_eq!(tripped(&disk(64, Vec::new())), [""; 0]);
    assert_eq!(
        tripped(&disk(63, Vec::new())),
        ["all held: only 64512 KiB are free on the disk of the database"]
    );
    let standing = vec![Hold {
        cause: Cause::Disk,
        ..hold(Scope::All, ago(60))
    }];
    assert_eq!(tripped(&disk(127, standing.clone())), [""; 0], "it does not flicker");
    assert_eq!(tripped(&disk(128, standing)), ["all cleared"]);
    let small = Counts {
        disk: Some((2 << 20, 16 << 20)),
        ..Counts::default()
    };
    assert_eq!(tripped(&small), [""; 0], "a small disk is small, not full");
}

#[tokio::test]
async fn p33_a_relay_that_loses_connections_is_held_and_the_administrator_is_told_once() {
    let people: Vec<String> = (0..8).map(|number| format!("jane{number}@acme.test")).collect();
    let who: Vec<(&str, Habit)> = people.iter().map(|person| (person.as_str(), Habit::Ignores)).collect();
    let mut story = Story::new(&who).await;
    story.world.bot.house.administrator = Some(address("admin@corp.test"));
    story.world.bot.house.pace = Pace {
        daily_cap: u32::MAX,
        gap_from: Duration::ZERO,
        gap_to: Duration::ZERO,
        domain_gap: Duration::ZERO,
        person_spacing: Duration::ZERO,
        ..Pace::USUAL
    };
    for (number, person) in people.iter().enumerate() {
        story.enroll(&format!("2026-03-02 10:0{number}"), &[person.as_str()], "outbound");
    }
    story.until("2026-03-05 08:30").await;
    // No look at the mailbox until all of them lie ready; then the relay loses every connection.
    story.world.bot.clock.move_to(at("2026-03-05 16:00"));
    for _ in 0..20 {
        cadence::service::pulse::once(&story.world.bot).await.expect("a round");
    }
    for _ in 0..8 {
        let why = "the connection was lost".to_owned();
        story.relay.answer_next(Receipt::InDoubt { why });
    }
    story.until("2026-03-05 16:30").await;
    let store = &story.world.bot.store;
    let holds = store.holds(story.world.now()).await.expect("holds");
    assert_eq!(
        holds.iter().map(|hold| hold.cause).collect::<Vec<_>>(),
        [Cause::InDoubt]
    );
    let told = story.mails_to("admin@corp.test");
    assert_eq!(told.len(), 1);
    assert_eq!(header(&told[0], "Subject"), "No touch goes out");
    assert!(told[0].contains("cadence unhold all"));
    // The rep whose touches it holds learns of it too, once, with what they may say and nothing of the machine's.
    let anas = story.mails_to("ana@corp.test");
    let anas: Vec<&String> = anas
        .iter()
        .filter(|mail| header(mail, "Subject") == "Your touches are held")
        .collect();
    assert_eq!(anas.len(), 1, "the rep is told once");
    let text = cadence::mail::read::read(anas[0].as_bytes()).text;
    assert!(
        text.contains("status all") && !text.contains("cadence unhold"),
        "{text}"
    );
    let journaled = store.counts().await.expect("figures").troubles;
    assert!(
        journaled.iter().any(|(_, what, _)| what == "breaker in_doubt"),
        "and `status` says so"
    );
    lift(store, Scope::All, story.world.now()).await;
    story.until("2026-03-05 16:55").await;
    let store = &story.world.bot.store;
    assert_eq!(
        store.holds(story.world.now()).await.expect("holds"),
        [],
        "the same doubts do not trip it twice"
    );
    story.holds().await;
}
