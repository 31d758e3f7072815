//! The digest as a mail.

use super::*;
use expect_test::expect;

pub fn item(number: u16, channel: Channel, prospect: Prospect, days_late: u32) -> DigestItem {
    DigestItem {
        number,
        task: TaskId(i64::from(number)),
        enrollment: EnrollmentId(7),
        prospect,
        cadence: cadence_name(),
        step: (StepNo(3), 9),
        channel,
        due: at("2026-03-09T08:00:00Z"),
        days_late,
        script: "Hi Jane, it is Ana from Corp.\n\nDid my mail about the audit reach you?\nhttps://cal.corp.test/ana"
            .to_owned(),
        so_far: "2 of 9 touches since 3 Mar; last: mail, 5 Mar".to_owned(),
    }
}

pub fn full() -> Digest {
    let happened = |fact: Fact, words: &str, prospect: Prospect| Happened {
        at: at("2026-03-06T14:11:00Z"),
        enrollment: EnrollmentId(8),
        prospect,
        cadence: cadence_name(),
        fact,
        words: words.to_owned(),
    };
    let li = prospect("Li Wei", "li@acme.test", &[]);
    let sent = || Fact::Sent {
        step: StepNo(2),
        message_id: MessageId::parse("<x@corp.test>").unwrap(),
    };
    let replied = Fact::Replied {
        answers: Some(StepNo(2)),
        maybe: false,
        intent: None,
    };
    let enrolled = || Fact::Enrolled {
        rep: ana().address,
        prospect: Box::new(jane()),
        cadence: cadence_name(),
        edition: "1".to_owned(),
        mail: ContentKey("k".to_owned()),
        thread: Thread {
            subject: String::new(),
            ids: vec![],
        },
        adopted: Some(StepNo(1)),
        stood_for: None,
    };
    Digest {
        id: LetterId(1),
        rep: ana().address,
        date: jiff::civil::date(2026, 3, 9),
        last: jiff::civil::date(2026, 3, 6),
        todo: vec![
            item(1, Channel::Call, jane(), 2),
            item(2, Channel::Linkedin, jane(), 0),
            item(
                3,
                Channel::Call,
                prospect("Bo Chen", "bo@acme.test", &[("phone", "ask Bo")]),
                0,
            ),
        ],
        more: 0,
        going_out: vec![GoingOut {
            number: 4,
            enrollment: EnrollmentId(7),
            prospect: li.clone(),
            cadence: cadence_name(),
            step: (StepNo(3), 9),
            at: at("2026-03-09T09:30:00Z"),
        }],
        happened: vec![
            happened(replied, "answered, after touch 2", li.clone()),
            happened(sent(), "touch 2 was sent", jane()),
            happened(enrolled(), "enrolled in outbound", jane()),
            happened(sent(), "touch 2 was sent", li),
        ],
        more_mails: 0,
        unlisted: 0,
        needs_you: vec![
            NeedsYou {
                asks: &["resume", "stop"],
                enrollment: Some(EnrollmentId(8)),
                words: "Li Wei (outbound) answered and waits for you.".to_owned(),
            },
            NeedsYou {
                asks: &["resume", "stop"],
                enrollment: None,
                words: "2 mails claimed to be from you; held.".to_owned(),
            },
        ],
        resting: vec!["Paused by you: Kim.".to_owned()],
        active: 42,
        week: week(),
        numbers: vec![
            "31 people enrolled (24 before)".to_owned(),
            "42 mails sent (40 before)".to_owned(),
        ],
        synced: Some(at("2026-03-09T07:58:00Z")),
    }
}

/// A week of work, with a day on which nothing was done.
fn week() -> Vec<DayFigures> {
    let day = |day: i8, sent, replied, logged, booked| DayFigures {
        day: jiff::civil::date(2026, 3, day),
        sent,
        replied,
        logged,
        booked,
    };
    vec![
        day(2, 12, 1, 6, 0),
        day(3, 9, 2, 8, 1),
        day(4, 0, 0, 0, 0),
        day(5, 14, 0, 3, 0),
        day(6, 7, 1, 11, 1),
    ]
}

pub fn quiet() -> Digest {
    Digest {
        todo: vec![],
        going_out: vec![],
        happened: vec![],
        needs_you: vec![],
        week: vec![],
        ..full()
    }
}

#[test]
fn the_digest_says_what_to_do_today() {
    let wording = texts().digest(&full(), &ana(), &taps(&[7, 8]));
    expect![[r#"
        Subject: Today: 2 calls, 1 other · 1 mail going out · 2 need you

        Monday 9 March: 2 calls, 1 other · 1 mail going out · 2 need you

        DO TODAY
        Reply with the number and how it went, a line each: "1 connected wants prices", "2 voicemail".

        1. Call Jane Doe - 2 days late
           VP Sales, Acme
           +49 30 123 456
           09:00 there at 08:00 yours
           outbound: 2 of 9 touches since 3 Mar; last: mail, 5 Mar

             Hi Jane, it is Ana from Corp.

             Did my mail about the audit reach you?
             https://cal.corp.test/ana

           1 connected | voicemail | no answer | meeting | not interested | wrong number | skip

        2. LinkedIn: Jane Doe
           VP Sales, Acme
           https://linkedin.com/in/jane
           09:00 there at 08:00 yours
           outbound: 2 of 9 touches since 3 Mar; last: mail, 5 Mar

             Hi Jane, it is Ana from Corp.

             Did my mail about the audit reach you?
             https://cal.corp.test/ana

           2 done | meeting | skip

        3. Call Bo Chen
           ask Bo
           09:00 there at 08:00 yours
           outbound: 2 of 9 touches since 3 Mar; last: mail, 5 Mar

             Hi Jane, it is Ana from Corp.

             Did my mail about the audit reach you?
             https://cal.corp.test/ana

           3 connected | voicemail | no answer | meeting | not interested | wrong number | skip

        GOING OUT TODAY
        4. 09:30  Li Wei, touch 3 of 9 of outbound
               hold: mailto:cadence%2Bc.k7@reps.test?subject=hold&body=hold
               edit: mailto:cadence%2Bc.k7@reps.test?subject=edit&body=edit

        SINCE FRIDAY 6 MARCH
        Fri 6 Mar 14:11  Li Wei (outbound): answered, after touch 2
        Enrolled: Jane Doe.
        2 mails went out, to Jane Doe and Li Wei.

        NEEDS YOU
        - Li Wei (outbound) answered and waits for you.
          resume: mailto:cadence%2Bc.k8@reps.test?subject=resume&body=resume
          stop: mailto:cadence%2Bc.k8@reps.test?subject=stop&body=stop
        - 2 mails claimed to be from you; held.

        YOUR NUMBERS
        Mon  12 sent, 6 logged, 1 replied, 0 booked
        Tue  9 sent, 8 logged, 2 replied, 1 booked
        Wed  0 sent, 0 logged, 0 replied, 0 booked
        Thu  14 sent, 3 logged, 0 replied, 0 booked
        Fri  7 sent, 11 logged, 1 replied, 1 booked
        The last 7 days:
        31 people enrolled (24 before)
        42 mails sent (40 before)

        --
        Paused by you: Kim.
        42 prospects in your cadences. I last read my mailbox at 07:58. Write "help" to read what can be said.
    "#]]
    .assert_eq(&plainly(&wording));
}

#[test]
fn a_quiet_day_says_so() {
    expect![[r#"
        Subject: Today: nothing to do

        Monday 9 March: nothing to do

        Good morning, Ana. Nothing falls due today.

        --
        Paused by you: Kim.
        42 prospects in your cadences. I last read my mailbox at 07:58. Write "help" to read what can be said.
    "#]]
    .assert_eq(&plainly(&texts().digest(&quiet(), &ana(), &taps(&[]))));
}

#[test]
fn the_subject_counts_what_there_is() {
    let subject = |digest: &Digest| texts().digest(digest, &ana(), &taps(&[])).subject;
    assert_eq!(
        subject(&full()),
        "Today: 2 calls, 1 other · 1 mail going out · 2 need you"
    );
    let mut one = quiet();
    one.todo = vec![item(1, Channel::Linkedin, jane(), 0)];
    assert_eq!(subject(&one), "Today: 1 touch");
    one.more = 3;
    assert_eq!(subject(&one), "Today: 1 touch · 3 more");
    assert_eq!(subject(&quiet()), "Today: nothing to do");
}

#[test]
fn every_outcome_is_one_tap() {
    let html = texts().digest(&full(), &ana(), &taps(&[7, 8])).html.unwrap();
    let links = links(&html);
    for link in [
        "tel:+4930123456",
        "https://linkedin.com/in/jane",
        "mailto:cadence%2Bt.abc@reps.test?subject=1%20connected&amp;body=1%20connected",
        "mailto:cadence%2Bt.abc@reps.test?subject=3%20no%20answer&amp;body=3%20no%20answer",
        "mailto:cadence%2Bt.abc@reps.test?subject=2%20done&amp;body=2%20done",
        "mailto:cadence%2Bc.k7@reps.test?subject=edit&amp;body=edit",
        "mailto:cadence%2Bc.k8@reps.test?subject=resume&amp;body=resume",
    ] {
        assert!(links.contains(&link), "{link} is missing in {links:?}");
    }
}

#[test]
fn a_full_day_is_one_mail_that_gmail_shows_whole() {
    let mut digest = full();
    let numbers = 1..=limits::DIGEST_TASKS as u16;
    digest.todo = numbers.map(|number| item(number, Channel::Call, jane(), 0)).collect();
    digest.more = 7;
    let mut taps = taps(&[7]);
    taps.digest = Some(format!("cadence+t.{}@reps.corp.test", "a".repeat(40)));
    let wording = texts().digest(&digest, &ana(), &taps);
    assert!(wording.plain.contains("\n30. Call Jane Doe\n"));
    assert!(wording.plain.contains("and 7 more, which come up as these are done"));
    let size = wording.html.unwrap().len();
    assert!(size < limits::DIGEST_HTML, "{size}");
}
