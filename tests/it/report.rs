//! What a digest says, told as days of one rep.

use cadence::model::*;
use cadence::report::{DigestView, Heat, digest, in_words};
use expect_test::{Expect, expect};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn cadence_name() -> CadenceName {
    CadenceName::parse("outbound").unwrap()
}

/// mail, call, mail, call.
fn outbound() -> Cadence {
    let channels = [Channel::Email, Channel::Call, Channel::Email, Channel::Call];
    let step = |(channel, number)| Step {
        number: StepNo(number),
        day: u32::from(number),
        at: At::Morning,
        channel,
        template: "x".to_owned(),
        thread: true,
        when: None,
        approve: false,
    };
    Cadence {
        name: cadence_name(),
        title: "Outbound".to_owned(),
        about: String::new(),
        kind: "cold".to_owned(),
        days: Days::Business,
        window: None,
        prefer: Vec::new(),
        learns: false,
        on: cadence::model::Events::default(),
        steps: channels.into_iter().zip(1..).map(step).collect(),
        edition: "1".to_owned(),
    }
}

/// Ana in Honolulu: her day is not the day of UTC.
fn ana() -> Rep {
    Rep {
        address: address("ana@corp.test"),
        name: "Ana Reis".to_owned(),
        zone: TimeZone::get("Pacific/Honolulu").unwrap(),
        zone_name: "Pacific/Honolulu".to_owned(),
        digest_at: jiff::civil::time(8, 0, 0, 0),
        code_turn: 0,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: None,
    }
}

fn enrollment(id: i64, name: &str, standing: Standing, touched: Option<(u16, &str)>) -> Enrollment {
    Enrollment {
        id: EnrollmentId(id),
        rep: ana().address,
        prospect: Prospect {
            address: address(&format!("p{id}@acme.test")),
            name: Some(name.to_owned()),
            fields: BTreeMap::new(),
            zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::Given),
        },
        cadence: cadence_name(),
        enrolled_at: at("2026-03-02T20:00:00Z"),
        thread: Thread {
            subject: "Hello".to_owned(),
            ids: vec![],
        },
        standing,
        touched: touched.map(|(step, when)| (StepNo(step), at(when))),
        soft_bounces: vec![],
        meetings: vec![],
        history: cadence::model::History::default(),
        version: 1,
    }
}

fn waiting(step: u16, due: &str) -> Standing {
    Standing::Waiting {
        step: StepNo(step),
        due: at(due),
        why: String::new(),
    }
}

fn paused(why: PauseReason) -> Standing {
    Standing::Paused {
        next: StepNo(2),
        why,
        until: None,
    }
}

fn task(enrollment: &Enrollment, step: u16, due: &str) -> (Task, Enrollment) {
    let task = Task {
        id: TaskId::derive(enrollment.id, StepNo(step)),
        enrollment: enrollment.id,
        step: StepNo(step),
        rep: ana().address,
        channel: Channel::Call,
        due: at(due),
        script: "Hello".to_owned(),
        closed: None,
    };
    (task, enrollment.clone())
}

fn sent(step: u16) -> Fact {
    Fact::Sent {
        step: StepNo(step),
        message_id: MessageId::parse("<x@corp.test>").unwrap(),
    }
}

/// What a digest is made from, with nothing in it.
#[derive(Default)]
struct Day {
    tasks: Vec<(Task, Enrollment)>,
    due: Vec<Enrollment>,
    since: Vec<(i64, &'static str, Fact)>,
    named: Vec<Enrollment>,
    paused: Vec<(Enrollment, Timestamp)>,
    held: usize,

    holidays: Vec<Date>,
}

impl Day {
    /// The digest of Monday 9 March 2026, 08:00 in Honolulu.
    fn digest(&self) -> Digest {
        let hours = Hours {
            window: Window {
                from: jiff::civil::time(9, 0, 0, 0),
                to: jiff::civil::time(17, 0, 0, 0),
            },
            weekdays: Hours::USUAL_WEEKDAYS.into(),
            holidays: self.holidays.iter().copied().collect::<BTreeSet<_>>(),
            ..Hours::usual()
        };
        let recorded = |(id, when, fact): &(i64, &str, Fact)| {
            let recorded = Recorded {
                at: at(when),
                fact: fact.clone(),
            };
            (EnrollmentId(*id), recorded)
        };
        let since: Vec<_> = self.since.iter().map(recorded).collect();
        let cadence = outbound();
        digest(&DigestView {
            rep: &ana(),
            id: LetterId(1),
            date: date(2026, 3, 9),
            last: date(2026, 3, 6),
            now: at("2026-03-09T18:00:00Z"),
            hours: &hours,
            tasks: &self.tasks,
            due: &self.due,
            since: &since,
            named: &self.named,
            paused: &self.paused,
            held: self.held,
            look_alikes: 0,
            synced: None,
            active: 3,
            met: &[],
            lately: &[],
            numbers: &[],
            heat: &Heat::default(),
            cadences: &|name| (*name == cadence.name).then_some(&cadence),
        })
    }

    fn check(&self, expected: Expect) {
        expected.assert_eq(&transcript(&self.digest()));
    }
}

fn transcript(digest: &Digest) -> String {
    let mut out = String::new();
    for item in &digest.todo {
        let (number, who, late) = (item.number, item.prospect.label(), item.days_late);
        writeln!(
            out,
            "{number}. {who}, {late} late, step {:?}: {}",
            item.step, item.so_far
        )
        .unwrap();
    }
    if digest.more > 0 {
        writeln!(out, "and {} more", digest.more).unwrap();
    }
    for mail in &digest.going_out {
        writeln!(
            out,
            "goes out {}: {}, step {:?}",
            mail.at,
            mail.prospect.label(),
            mail.step
        )
        .unwrap();
    }
    for line in &digest.happened {
        writeln!(out, "happened {}: {} {}", line.at, line.prospect.label(), line.words).unwrap();
    }
    if digest.unlisted > 0 {
        writeln!(out, "{} unlisted", digest.unlisted).unwrap();
    }
    for need in &digest.needs_you {
        let tap = need.enrollment.map_or("", |_| " [resume, stop]");
        writeln!(out, "needs you: {}{tap}", need.words).unwrap();
    }
    for line in &digest.resting {
        writeln!(out, "rests: {line}").unwrap();
    }
    out
}

#[test]
fn what_is_oldest_stands_first_and_days_off_are_not_late() {
    let moved_on = enrollment(
        1,
        "Moved On",
        waiting(4, "2026-03-12T19:00:00Z"),
        Some((3, "2026-03-06T20:00:00Z")),
    );
    let fresh = enrollment(
        2,
        "Fresh",
        waiting(3, "2026-03-12T19:00:00Z"),
        Some((2, "2026-03-09T17:00:00Z")),
    );
    let first = enrollment(
        3,
        "First Call",
        waiting(2, "2026-03-12T19:00:00Z"),
        Some((1, "2026-03-09T17:00:00Z")),
    );
    let mut done = task(&fresh, 4, "2026-03-03T19:00:00Z");
    done.0.closed = Some((at("2026-03-04T19:00:00Z"), TaskOutcome::Done));
    let day = Day {
        tasks: vec![
            task(&fresh, 2, "2026-03-09T17:00:00Z"),
            done,
            task(&first, 1, "2026-03-09T16:00:00Z"),
            // Thursday in Honolulu, though it is Friday in UTC.
            task(&moved_on, 2, "2026-03-06T02:00:00Z"),
        ],
        holidays: vec![date(2026, 3, 6)],
        ..Day::default()
    };
    day.check(expect![[r#"
        1. Moved On, 1 late, step (StepNo(2), 4): 2 of 4 touches since 2 Mar; last: mail, 6 Mar
        2. First Call, 0 late, step (StepNo(1), 4): enrolled on 2 Mar; this is the first of 4 touches
        3. Fresh, 0 late, step (StepNo(2), 4): 1 of 4 touches since 2 Mar; last: mail
    "#]]);
}

#[test]
fn a_digest_has_room_for_so_many_and_counts_the_rest() {
    let one = enrollment(1, "Jane Doe", waiting(3, "2026-03-12T19:00:00Z"), None);
    let day = Day {
        tasks: vec![task(&one, 2, "2026-03-09T17:00:00Z"); limits::DIGEST_TASKS + 3],
        due: vec![enrollment(1, "Jane Doe", waiting(3, "2026-03-09T19:00:00Z"), None); limits::DIGEST_MAILS + 1],
        since: [
            vec![(1, "2026-03-08T19:00:00Z", sent(1)); 70],
            vec![(1, "2026-03-08T20:00:00Z", Fact::Complained); limits::DIGEST_NEWS + 2],
        ]
        .concat(),
        named: vec![one],
        ..Day::default()
    };
    let digest = day.digest();
    assert_eq!((digest.todo.len(), digest.more), (limits::DIGEST_TASKS, 3));
    assert_eq!(digest.going_out.len(), limits::DIGEST_MAILS);
    assert_eq!(digest.more_mails, 1);
    let told = |counted: bool| {
        digest
            .happened
            .iter()
            .filter(|line| line.is_counted() == counted)
            .count()
    };
    assert_eq!(told(false), limits::DIGEST_NEWS);
    assert_eq!(digest.unlisted, 2);
    assert_eq!(told(true), 70, "routine is one line, with its count");
}

#[test]
fn only_mails_of_today_go_out_today() {
    let day = Day {
        due: vec![
            enrollment(1, "Tonight", waiting(3, "2026-03-10T09:59:00Z"), None),
            enrollment(2, "Tomorrow", waiting(3, "2026-03-10T10:00:00Z"), None),
            enrollment(3, "Overdue", waiting(3, "2026-03-06T19:00:00Z"), None),
            enrollment(4, "A Call", waiting(2, "2026-03-09T20:00:00Z"), None),
            enrollment(
                5,
                "On Its Way",
                Standing::Sending {
                    step: StepNo(3),
                    letter: LetterId(9),
                },
                None,
            ),
            enrollment(6, "Paused", paused(PauseReason::Replied), None),
        ],
        ..Day::default()
    };
    day.check(expect![[r#"
        goes out 2026-03-09T18:00:00Z: Overdue, step (StepNo(3), 4)
        goes out 2026-03-09T18:00:00Z: On Its Way, step (StepNo(3), 4)
        goes out 2026-03-10T09:59:00Z: Tonight, step (StepNo(3), 4)
    "#]]);
}

#[test]
fn what_happened_is_told_once_and_without_machinery() {
    let over = |name, id| {
        let ended = Standing::Ended {
            outcome: Ending::OptedOut,
            at: at("2026-03-08T20:00:00Z"),
        };
        enrollment(id, name, ended, None)
    };
    let scheduled = Fact::Scheduled {
        of: None,
        step: StepNo(3),
        due: at("2026-03-12T19:00:00Z"),
        why: String::new(),
    };
    let opted_out = Fact::OptedOut {
        how: "in a reply".to_owned(),
    };
    let ended = |outcome| Fact::Ended { outcome };
    let in_doubt = Fact::InDoubt {
        step: StepNo(3),
        why: "the connection broke".to_owned(),
    };
    let replied = Fact::Replied {
        answers: Some(StepNo(1)),
        maybe: true,
        intent: None,
    };
    let day = Day {
        since: vec![
            (1, "2026-03-08T20:00:00Z", opted_out),
            (1, "2026-03-08T20:00:00Z", ended(Ending::OptedOut)),
            (2, "2026-03-08T20:00:00Z", ended(Ending::OptedOut)),
            (3, "2026-03-08T18:00:00Z", sent(2)),
            (3, "2026-03-08T18:00:01Z", scheduled),
            (3, "2026-03-08T19:00:00Z", in_doubt),
            (3, "2026-03-08T21:00:00Z", replied),
            (9, "2026-03-08T21:00:00Z", Fact::Complained),
        ],
        named: vec![
            over("Jane Doe", 1),
            over("Jane Doe Elsewhere", 2),
            enrollment(3, "Li Wei", paused(PauseReason::Replied), None),
        ],
        ..Day::default()
    };
    day.check(expect![[r#"
        happened 2026-03-08T18:00:00Z: Li Wei touch 2 was sent
        happened 2026-03-08T19:00:00Z: Li Wei it is not known whether touch 3 went out: the connection broke
        happened 2026-03-08T20:00:00Z: Jane Doe wants no more mail, and said so in a reply
        happened 2026-03-08T20:00:00Z: Jane Doe Elsewhere ended: opted out
        happened 2026-03-08T21:00:00Z: Li Wei perhaps answered, after touch 1
        needs you: It is not known whether touch 3 reached Li Wei (outbound). It is never sent again by itself; look in your Sent folder.
    "#]]);
}

#[test]
fn what_waits_for_the_rep_is_told_once_and_counted_after_that() {
    let missing = PauseReason::MissingWords("company".to_owned());
    let since = |when: &str, id, name, why| (enrollment(id, name, paused(why), None), at(when));
    let stopped = || Fact::Paused {
        why: PauseReason::Replied,
        until: None,
    };
    let friday = |id, name, why| since("2026-03-06T20:00:00Z", id, name, why);
    let day = Day {
        paused: vec![
            friday(1, "Jane Doe", PauseReason::Replied),
            friday(2, "Li Wei", missing),
            friday(3, "Bo Chen", PauseReason::SoftBounces),
            friday(4, "Sam", PauseReason::Rep),
            friday(5, "Kim", PauseReason::Rep),
            since("2026-03-02T20:00:00Z", 6, "Fay Old", PauseReason::Replied),
            since("2026-02-27T20:00:00Z", 7, "Ada Older", PauseReason::Replied),
            since("2026-01-02T20:00:00Z", 8, "Eli Oldest", PauseReason::SoftBounces),
        ],
        since: [1, 2, 3, 4, 5]
            .map(|id| (id, "2026-03-06T20:00:00Z", stopped()))
            .to_vec(),
        held: 2,
        ..Day::default()
    };
    day.check(expect![[r#"
        needs you: Jane Doe (outbound) answered and waits for you. [resume, stop]
        needs you: Li Wei (outbound) waits for words that are missing: company. [resume, stop]
        needs you: Mail to Bo Chen (outbound) came back more than once. Is the address right? [resume, stop]
        needs you: 2 mails claimed to be from you; held.
        rests: 3 wait for you since 2 Jan: Fay Old, Ada Older, Eli Oldest.
        rests: Paused by you: Sam, Kim.
    "#]]);
    let seen = Day {
        paused: vec![since("2026-01-02T20:00:00Z", 8, "Eli", PauseReason::Replied)],
        ..Day::default()
    };
    assert!(seen.digest().is_empty(), "what rests is no reason for a mail");
}

#[test]
fn who_answered_or_was_paused_is_not_called() {
    let call = |id, name, why| {
        task(
            &enrollment(id, name, paused(why), Some((2, "2026-03-06T18:00:00Z"))),
            2,
            "2026-03-06T19:00:00Z",
        )
    };
    let day = Day {
        tasks: vec![
            call(1, "Jane Doe", PauseReason::Replied),
            call(2, "Li Wei", PauseReason::Rep),
            call(3, "Bo Chen", PauseReason::SoftBounces),
        ],
        ..Day::default()
    };
    day.check(expect![[r#"
        1. Bo Chen, 1 late, step (StepNo(2), 4): 1 of 4 touches since 2 Mar; last: mail
    "#]]);
}

#[test]
fn what_is_still_to_do_is_not_told_as_done() {
    let two = enrollment(
        1,
        "Jane Doe",
        waiting(5, "2026-03-12T18:00:00Z"),
        Some((4, "2026-03-09T18:00:00Z")),
    );
    let day = Day {
        tasks: vec![
            task(&two, 2, "2026-03-06T19:00:00Z"),
            task(&two, 4, "2026-03-09T19:00:00Z"),
        ],
        ..Day::default()
    };
    day.check(expect![[r#"
        1. Jane Doe, 1 late, step (StepNo(2), 4): 2 of 4 touches since 2 Mar; last: mail
        2. Jane Doe, 0 late, step (StepNo(4), 4): 2 of 4 touches since 2 Mar; last: mail
    "#]]);
}

#[test]
fn an_empty_day_is_empty() {
    assert!(Day::default().digest().is_empty());
}

#[test]
fn every_fact_has_words() {
    let until = at("2026-03-16T08:30:00Z");
    let step = StepNo(2);
    let why = "try later".to_owned();
    let enrolled = |adopted| Fact::Enrolled {
        rep: ana().address,
        prospect: Box::new(enrollment(1, "Jane Doe", waiting(1, "2026-03-09T19:00:00Z"), None).prospect),
        cadence: cadence_name(),
        edition: "1".to_owned(),
        mail: ContentKey("k".to_owned()),
        thread: Thread {
            subject: String::new(),
            ids: vec![],
        },
        adopted,
        stood_for: None,
    };
    let facts = [
        enrolled(Some(StepNo(1))),
        enrolled(None),
        Fact::Scheduled {
            of: None,
            step,
            due: until,
            why: "day 3, morning".to_owned(),
        },
        Fact::Rendered {
            text: None,
            step,
            letter: LetterId(1),
            subject: "Hello".to_owned(),
            variant: None,
            begins: false,
        },
        sent(2),
        Fact::Deferred {
            step,
            until,
            why: why.clone(),
        },
        Fact::InDoubt { step, why },
        Fact::TaskOpened {
            text: None,
            step,
            task: TaskId(1),
        },
        Fact::TaskClosed {
            step,
            task: TaskId(1),
            outcome: TaskOutcome::NoAnswer,
            note: Some("try at noon".to_owned()),
        },
        Fact::Replied {
            answers: None,
            maybe: false,
            intent: None,
        },
        Fact::AutoReplied { until, named: false },
        Fact::Bounced {
            permanent: true,
            status: Some("5.1.1".to_owned()),
            why: "no such user".to_owned(),
        },
        Fact::Bounced {
            permanent: false,
            status: None,
            why: String::new(),
        },
        Fact::Complained,
        Fact::Paused {
            why: PauseReason::BounceUnproven,
            until: Some(until),
        },
        Fact::Paused {
            why: PauseReason::Rep,
            until: None,
        },
        Fact::Resumed {
            by: Some(ana().address),
        },
        Fact::Resumed { by: None },
        Fact::Ended {
            outcome: Ending::Completed,
        },
        Fact::Ended {
            outcome: Ending::Stopped,
        },
    ];
    let words: Vec<_> = facts.iter().map(in_words).collect();
    expect![[r#"
        enrolled in outbound; the rep's own mail is touch 1
        enrolled in outbound
        touch 2 is due Mon 16 Mar 08:30: day 3, morning
        touch 2 lies ready
        touch 2 was sent
        touch 2 was put off until Mon 16 Mar 08:30: try later
        it is not known whether touch 2 went out: try later
        touch 2 is the rep's to do
        touch 2 was closed: no answer (try at noon)
        answered
        is away; touches wait until Mon 16 Mar 08:30, a guess: no day was named
        the address is dead: 5.1.1 no such user
        mail came back for the time being
        reported a mail as spam
        paused until Mon 16 Mar 08:30: perhaps a bounce, not proven
        paused: the rep said so
        resumed by ana@corp.test
        resumed: the pause ran out
        ended: every touch was made
        ended: stopped by the rep"#]]
    .assert_eq(&words.join("\n"));
}
