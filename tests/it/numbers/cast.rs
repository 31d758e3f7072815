//! Enrollments with lives drawn from a seed.

use cadence::model::*;
use cadence::store::{Batch, Begin, Change, Store};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

pub fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub fn begin() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

pub fn enrolled(cadence: &str, nth: usize, source: &str) -> Fact {
    let rep = ["ana@corp.test", "ben@corp.test"][nth % 2];
    let prospect = Prospect {
        address: address(&format!("p{nth}@acme.test")),
        name: Some("Li Doe".to_owned()),
        fields: BTreeMap::from([("source".to_owned(), source.to_owned())]),
        zone: Zone {
            name: "Europe/Berlin".to_owned(),
            reason: ZoneReason::Given,
            others: Vec::new(),
        },
    };
    Fact::Enrolled {
        rep: address(rep),
        prospect: Box::new(prospect),
        cadence: CadenceName::parse(cadence).unwrap(),
        edition: "e1".to_owned(),
        mail: ContentKey(Fingerprint::of("mail", &[&nth.to_string()]).hex()),
        thread: Thread {
            subject: "Hello".to_owned(),
            ids: Vec::new(),
        },
        adopted: nth.is_multiple_of(3).then_some(StepNo(1)),
        stood_for: None,
    }
}

pub fn sent(step: u16, nth: usize) -> Fact {
    Fact::Sent {
        step: StepNo(step),
        message_id: MessageId::parse(&format!("<s{step}.{nth}@corp.test>")).unwrap(),
    }
}

pub fn rendered(step: u16, nth: usize, variant: &str) -> Fact {
    Fact::Rendered {
        step: StepNo(step),
        letter: LetterId(i64::from(step) * 1_000_000 + i64::try_from(nth).unwrap()),
        subject: "Hello".to_owned(),
        variant: Some(Variant {
            name: variant.to_owned(),
            test: Some("question or statement".to_owned()),
        }),
        begins: false,
        text: None,
    }
}

pub fn replied(step: u16, intent: Option<Intent>) -> Fact {
    Fact::Replied {
        answers: Some(StepNo(step)),
        maybe: false,
        intent,
    }
}

/// One life: when, what.
pub fn life(dice: &mut fastrand::Rng, nth: usize) -> Vec<Recorded> {
    let mut at = begin() + SignedDuration::from_hours(dice.i64(0..24 * 40));
    let name = ["outbound", "inbound", "gone-long-ago"][dice.usize(0..3)];
    let source = ["", "web", "=fair"][dice.usize(0..3)];
    let mut facts = vec![Recorded {
        at,
        fact: enrolled(name, nth, source),
    }];
    let mut push = |hours: i64, fact: Fact| {
        at += SignedDuration::from_hours(hours);
        facts.push(Recorded { at, fact });
    };
    for step in 2..=dice.u16(2..8) {
        let task = TaskId(i64::from(step) * 1_000_000 + i64::try_from(nth).unwrap());
        if step % 2 == 0 {
            push(dice.i64(1..60), rendered(step, nth, ["a", "b"][nth % 2]));
            push(0, sent(step, nth));
        } else {
            let step = StepNo(step);
            push(20, Fact::TaskOpened { step, task, text: None });
            let outcome = TaskOutcome::ALL[dice.usize(0..TaskOutcome::ALL.len())];
            let note = None;
            push(
                dice.i64(0..90),
                Fact::TaskClosed {
                    step,
                    task,
                    outcome,
                    note,
                },
            );
        }
    }
    let end = |outcome| Fact::Ended { outcome };
    match dice.u8(0..8) {
        0 => push(5, replied(2, Some(Intent::Interested))),
        1 => push(9, replied(2, None)),
        2 => push(1, end(Ending::Met)),
        3 => {
            let (status, why) = (None, String::new());
            push(
                1,
                Fact::Bounced {
                    permanent: true,
                    status,
                    why,
                },
            );
            push(0, end(Ending::Bounced));
        }
        4 => {
            push(
                3,
                Fact::OptedOut {
                    how: "in a reply".to_owned(),
                },
            );
            push(0, end(Ending::OptedOut));
        }
        5 => push(80, end(Ending::Completed)),
        _ => {}
    }
    facts
}

/// Writes lives into a store, fact by fact as time went by.
pub async fn write(store: &Store, lives: &[Vec<Recorded>], upto: Timestamp, versions: &mut [u32]) {
    let mut all: Vec<(Timestamp, usize, usize)> = Vec::new();
    for (nth, life) in lives.iter().enumerate() {
        all.extend(life.iter().enumerate().map(|(place, one)| (one.at, nth, place)));
    }
    all.sort();
    for (at, nth, place) in all {
        if at > upto || u32::try_from(place).unwrap() < versions[nth] {
            continue;
        }
        let id = EnrollmentId(i64::try_from(nth).unwrap() + 1);
        let fact = lives[nth][place].fact.clone();
        let mut batch = Batch {
            at: Some(at),
            ..Batch::default()
        };
        if place == 0 {
            batch.begin.push(Begin {
                id,
                facts: vec![fact],
                colleagues: Vec::new(),
            });
        } else {
            batch.changes.push(Change {
                id,
                version: versions[nth],
                facts: vec![fact],
            });
        }
        store.commit(batch).await.unwrap();
        versions[nth] += 1;
    }
}
