//! Who and what the stories are about.

use cadence::model::*;
use cadence::store::{Batch, Begin, Change, LetterMove, MailRow, Store};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

pub fn at(minute: i64) -> Timestamp {
    "2026-03-02T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

pub fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub fn ana() -> Address {
    address("ana@corp.test")
}

pub fn li() -> Prospect {
    Prospect {
        address: address("Li+work@acme.test"),
        name: Some("Li Doe".to_owned()),
        fields: BTreeMap::from([("company".to_owned(), "Acme".to_owned())]),
        zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::DateHeader),
    }
}

pub fn key(name: &str) -> ContentKey {
    ContentKey(Fingerprint::of("mail", &[name]).hex())
}

pub fn cadence() -> CadenceName {
    CadenceName::parse("outbound").unwrap()
}

pub fn id(number: usize) -> EnrollmentId {
    EnrollmentId::derive(&key(&format!("hand-over {number}")), &li().address, &cadence())
}

pub fn message_id(name: &str) -> MessageId {
    MessageId::parse(&format!("<{name}@corp.test>")).unwrap()
}

pub fn enrolled() -> Fact {
    Fact::Enrolled {
        rep: ana(),
        prospect: Box::new(li()),
        cadence: cadence(),
        edition: "e1".to_owned(),
        mail: key("hand-over"),
        thread: Thread {
            subject: "Hello".to_owned(),
            ids: vec![message_id("root")],
        },
        adopted: Some(StepNo(1)),
        stood_for: None,
    }
}

pub fn scheduled(step: u16, minute: i64) -> Fact {
    Fact::Scheduled {
        of: None,
        step: StepNo(step),
        due: at(minute),
        why: "day 3, morning, inside 09:00 to 17:00 in Europe/Berlin".to_owned(),
    }
}

pub fn rendered(enrollment: EnrollmentId, step: u16) -> Fact {
    Fact::Rendered {
        text: None,
        step: StepNo(step),
        letter: LetterId::of_step(enrollment, StepNo(step)),
        subject: "Re: Hello".to_owned(),
        variant: None,
        begins: false,
    }
}

pub fn touch(enrollment: EnrollmentId, step: u16, minute: i64) -> Letter {
    Letter {
        id: LetterId::of_step(enrollment, StepNo(step)),
        class: LetterClass::Step,
        touch: Some((enrollment, StepNo(step))),
        rep: ana(),
        envelope_from: Some(address("cadence+b.token@reps.test")),
        to: li().address,
        message_id: message_id(&format!("step{step}-{enrollment}")),
        bytes: b"Subject: Re: Hello\r\n\r\nStill there?\r\n".to_vec(),
        not_before: at(minute),
    }
}

pub fn notice(name: &str, minute: i64) -> Letter {
    Letter {
        id: LetterId::of_mail(&key(name), &ana(), 0),
        class: LetterClass::Receipt,
        touch: None,
        envelope_from: None,
        to: ana(),
        message_id: message_id(name),
        ..touch(id(0), 1, minute)
    }
}

pub fn batch(minute: i64) -> Batch {
    Batch {
        at: Some(at(minute)),
        ..Batch::default()
    }
}

pub fn hand_over(number: usize) -> Batch {
    Batch {
        begin: vec![Begin {
            id: id(number),
            facts: vec![enrolled(), scheduled(2, 60)],
            colleagues: vec![address("kim@acme.test")],
        }],
        ..batch(0)
    }
}

pub fn facts(enrollment: &Enrollment, minute: i64, facts: Vec<Fact>) -> Batch {
    Batch {
        changes: vec![Change {
            id: enrollment.id,
            version: enrollment.version,
            facts,
        }],
        ..batch(minute)
    }
}

pub fn mail_row(name: &str) -> MailRow {
    MailRow {
        key: key(name),
        kind: "reply".to_owned(),
        because: "answers our letter".to_owned(),
        folder: "INBOX".to_owned(),
        filed: "Replies".to_owned(),
        size: 4_096,
        rep: None,
        enrollments: vec![id(0), id(1)],
    }
}

/// Both kinds of store must behave alike. The folder lives as long as the pair.
pub async fn stores() -> Vec<(Store, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let file = Store::open(&folder.path().join("cadence.db")).await.unwrap();
    vec![(Store::in_memory().await.unwrap(), None), (file, Some(folder))]
}

/// A store with one enrollment whose step 2 lies ready as a letter.
pub async fn with_ready(store: &Store) -> Letter {
    store.commit(hand_over(0)).await.unwrap();
    ready_again(store, 60).await
}

pub async fn ready_again(store: &Store, minute: i64) -> Letter {
    let enrollment = store.enrollment(id(0)).await.unwrap().unwrap();
    let letter = touch(id(0), 2, minute);
    let mut ready = facts(&enrollment, minute, vec![rendered(id(0), 2)]);
    ready.letters.push(letter.clone());
    store.commit(ready).await.unwrap();
    letter
}

pub async fn state(store: &Store, letter: &Letter) -> LetterState {
    store.letter(letter.id).await.unwrap().unwrap().1
}

pub fn moved(letter: &Letter, from: LetterState, to: LetterState) -> Batch {
    Batch {
        moves: vec![LetterMove {
            id: letter.id,
            from,
            to,
            not_before: None,
            reply: None,
            since: None,
            untaken: false,
            heard: false,
            seen: None,
        }],
        ..batch(90)
    }
}

pub fn endings() -> [Ending; 9] {
    use Ending::*;
    [
        Completed,
        Bounced,
        OptedOut,
        Complained,
        Suppressed,
        Stopped,
        Met,
        NotInterested,
        Undeliverable,
    ]
}

pub fn pauses() -> [PauseReason; 6] {
    use PauseReason::*;
    [
        Replied,
        BounceUnproven,
        SoftBounces,
        Rep,
        MissingWords("title".to_owned()),
        Colleague("Bo Chen".to_owned()),
    ]
}

/// One of each kind of fact, in the order of the model.
pub fn every_fact() -> Vec<Fact> {
    let step = StepNo(2);
    let why = || "451 4.7.1 later".to_owned();
    let task = TaskId::derive(id(0), step);
    vec![
        enrolled(),
        scheduled(2, 60),
        rendered(id(0), 2),
        Fact::Sent {
            step,
            message_id: message_id("two"),
        },
        Fact::Deferred {
            step,
            until: at(90),
            why: why(),
        },
        Fact::Refused {
            step,
            status: Some("5.7.1".to_owned()),
            why: why(),
        },
        Fact::InDoubt { step, why: why() },
        Fact::Resolved {
            step,
            how: Resolution::Sent,
            evidence: "a copy".to_owned(),
            message_id: Some(message_id("two")),
            by: None,
        },
        Fact::TaskOpened { text: None, step, task },
        Fact::TaskClosed {
            step,
            task,
            outcome: TaskOutcome::Voicemail,
            note: Some("call again".to_owned()),
        },
        Fact::Replied {
            answers: Some(step),
            maybe: true,
            intent: None,
        },
        Fact::AutoReplied {
            until: at(900),
            named: false,
        },
        Fact::Bounced {
            permanent: false,
            status: None,
            why: why(),
        },
        Fact::OptedOut {
            how: "by a sentence in a reply".to_owned(),
        },
        Fact::Lead {
            source: "website".to_owned(),
            asked: Some(Timestamp::UNIX_EPOCH),
            why: why(),
        },
        Fact::RepWrote {
            at: Timestamp::UNIX_EPOCH,
            message_id: None,
        },
        Fact::Complained,
        Fact::Paused {
            why: PauseReason::MissingWords("title".to_owned()),
            until: Some(at(99)),
        },
        Fact::Resumed { by: Some(ana()) },
        Fact::Located {
            zone: Zone::one("+09:00".to_owned(), ZoneReason::DateHeader),
        },
        Fact::Ended {
            outcome: Ending::Completed,
        },
    ]
}
