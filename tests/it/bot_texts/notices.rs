//! Receipts, relays, alerts and answers.

use super::*;
use expect_test::{Expect, expect};

fn planned(number: u16, channel: Channel, when: &str) -> Planned {
    Planned {
        step: Step {
            number: StepNo(number),
            day: 1,
            at: At::Morning,
            channel,
            template: "x".to_owned(),
            thread: true,
            when: None,
            approve: false,
        },
        slot: Slot {
            at: at(when),
            why: "day 3".to_owned(),
        },
    }
}

pub fn enrolled(id: i64, prospect: Prospect) -> EnrolledLine {
    EnrolledLine {
        notes: Vec::new(),
        enrollment: EnrollmentId(id),
        prospect,
        cadence: cadence_name(),
        title: "Outbound".to_owned(),
        plan: vec![
            planned(2, Channel::Call, "2026-03-03T09:00:00Z"),
            planned(3, Channel::Email, "2026-03-05T08:30:00Z"),
            planned(4, Channel::Linkedin, "2026-03-09T23:15:00Z"),
        ],
        today: vec![],
        missing: Vec::new(),
        wordings: Vec::new(),
        others: Vec::new(),
    }
}

pub fn receipt(enrolled: Vec<EnrolledLine>, refused: Vec<RefusedLine>, sees_first_reply: bool) -> Notice {
    Notice::Receipt {
        subject: "Hello from Corp".to_owned(),
        forwarded: None,
        enrolled,
        refused,
        sees_first_reply,
        said: Vec::new(),
    }
}

fn check(notice: &Notice, expected: Expect) {
    let wording = texts().notice(notice, &ana(), &taps(&[7, 8]), None);
    expected.assert_eq(&plainly(&wording));
    assert!(wording.html.is_some_and(|html| html.contains("</div>")));
}

#[test]
fn a_receipt_says_who_when_and_how_to_undo() {
    check(
        &receipt(vec![enrolled(7, jane())], vec![], false),
        expect![[r#"
            Subject: Enrolled: Jane Doe in Outbound

            Jane Doe <jane@acme.test> is enrolled in Outbound.

            Your mail "Hello from Corp" is touch 1 of 4 and is not sent again.
            These follow, unless somebody answers:

              2. Tue 3 Mar 10:00 (09:00 yours)  call
              3. Thu 5 Mar 09:30 (08:30 yours)  mail
              4. Tue 10 Mar 00:15 (Mon 9 Mar 23:15 yours)  LinkedIn

            Times are the prospect's: Europe/Berlin, from the Date header. Yours is Europe/Lisbon.
            Mails go out by themselves; everything else comes in your digest.

            Not what you wanted? One tap, then send:
              undo: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop
              pause: mailto:cadence%2Bc.k7@reps.test?subject=pause&body=pause
              start a week later: mailto:cadence%2Bc.k7@reps.test?subject=snooze%20in%201%20week&body=snooze%20in%201%20week

            Answers to your own first mail go to you alone and are not seen here. If one comes, stop the enrollment.
        "#]],
    );
}

#[test]
fn a_receipt_says_what_the_rep_does_today() {
    let mut line = enrolled(7, jane());
    line.today = vec![
        TodayLine {
            channel: Channel::Call,
            from: at("2026-03-03T09:00:00Z"),
            by: None,
            script: "Call Jane Doe\n\nAsk, then listen.".to_owned(),
        },
        TodayLine {
            channel: Channel::Linkedin,
            from: at("2026-03-03T09:00:00Z"),
            by: Some(at("2026-03-03T11:00:00Z")),
            script: "Invite Jane Doe".to_owned(),
        },
    ];
    check(
        &receipt(vec![line], vec![], true),
        expect![[r#"
            Subject: Enrolled: Jane Doe in Outbound

            Jane Doe <jane@acme.test> is enrolled in Outbound.

            Your mail "Hello from Corp" is touch 1 of 4 and is not sent again.
            Yours today: call at 09:00 (10:00 there), LinkedIn by 11:00 (12:00 there).
            These follow, unless somebody answers:

              2. Tue 3 Mar 10:00 (09:00 yours)  call
              3. Thu 5 Mar 09:30 (08:30 yours)  mail
              4. Tue 10 Mar 00:15 (Mon 9 Mar 23:15 yours)  LinkedIn

            Times are the prospect's: Europe/Berlin, from the Date header. Yours is Europe/Lisbon.
            Mails go out by themselves; what is yours today stands below, the rest comes in your digest.

            Not what you wanted? One tap, then send:
              undo: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop
              pause: mailto:cadence%2Bc.k7@reps.test?subject=pause&body=pause
              start a week later: mailto:cadence%2Bc.k7@reps.test?subject=snooze%20in%201%20week&body=snooze%20in%201%20week

            TODAY: call at 09:00 (10:00 there)

              Call Jane Doe

              Ask, then listen.

            How it went, one tap, then send:
              connected: mailto:cadence%2Bc.k7@reps.test?subject=connected&body=connected
              voicemail: mailto:cadence%2Bc.k7@reps.test?subject=voicemail&body=voicemail
              no answer: mailto:cadence%2Bc.k7@reps.test?subject=no%20answer&body=no%20answer

            TODAY: LinkedIn by 11:00 (12:00 there)

              Invite Jane Doe

            How it went, one tap, then send:
              done: mailto:cadence%2Bc.k7@reps.test?subject=done&body=done
              meeting: mailto:cadence%2Bc.k7@reps.test?subject=meeting&body=meeting
              skip: mailto:cadence%2Bc.k7@reps.test?subject=skip&body=skip
        "#]],
    );
}

#[test]
fn a_receipt_for_somebody_next_door_names_each_time_once() {
    let mut near = jane();
    near.zone = Zone::one("Europe/Lisbon".to_owned(), ZoneReason::Rep);
    near.name = None;
    check(
        &receipt(vec![enrolled(7, near)], vec![], true),
        expect![[r#"
            Subject: Enrolled: jane@acme.test in Outbound

            jane@acme.test is enrolled in Outbound.

            Your mail "Hello from Corp" is touch 1 of 4 and is not sent again.
            These follow, unless somebody answers:

              2. Tue 3 Mar 09:00  call
              3. Thu 5 Mar 08:30  mail
              4. Mon 9 Mar 23:15  LinkedIn

            Times are yours (Europe/Lisbon), since nothing tells where the prospect is.
            Mails go out by themselves; everything else comes in your digest.

            Not what you wanted? One tap, then send:
              undo: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop
              pause: mailto:cadence%2Bc.k7@reps.test?subject=pause&body=pause
              start a week later: mailto:cadence%2Bc.k7@reps.test?subject=snooze%20in%201%20week&body=snooze%20in%201%20week
        "#]],
    );
}

#[test]
fn a_refusal_says_why_and_what_to_do() {
    let refused = |who: Option<&str>, why| RefusedLine {
        who: who.map(address),
        why,
    };
    let ben = Rep {
        address: address("ben@corp.test"),
        name: "Ben Ode".to_owned(),
        ..ana()
    };
    let unknown = Refusal::UnknownCadence {
        asked: "outbund".to_owned(),
        known: vec!["inbound".to_owned(), "outbound".to_owned()],
    };
    let active = |by| Refusal::AlreadyActive {
        cadence: "outbound".to_owned(),
        by,
    };
    let missing = Refusal::MissingWords(vec![
        ("company".to_owned(), StepNo(3)),
        ("industry".to_owned(), StepNo(5)),
    ]);
    let all = vec![
        refused(None, unknown),
        refused(Some("a@acme.test"), active(None)),
        refused(Some("b@acme.test"), active(Some(ben))),
        refused(Some("c@acme.test"), Refusal::Suppressed(SuppressionReason::OptedOut)),
        refused(Some("d@corp.test"), Refusal::OwnDomain),
        refused(Some("e@acme.test"), missing),
        refused(None, Refusal::TooMany { found: 12 }),
        refused(None, Refusal::NobodyToEnroll),
        refused(None, Refusal::TooOld),
    ];
    check(
        &receipt(vec![], all, true),
        expect![[r#"
            Subject: Not enrolled: "Hello from Corp" and 8 more

            Your mail "Hello from Corp" enrolled nobody. There is no cadence called "outbund".
            There is: inbound, outbound. Hand it over once more with one of these; your own mail to them is delivered and need not be sent again.

            a@acme.test is not enrolled. You have this prospect in outbound already.
            That goes on as it was. To begin anew, stop it first.

            b@acme.test is not enrolled. Ben Ode (ben@corp.test) has this prospect in outbound already.
            Agree with each other who goes on before you write again.

            c@acme.test is not enrolled. This address is never mailed: its owner asked for no more mail.
            Please do not write to this person by hand either.

            d@corp.test is not enrolled. This is a colleague, not a prospect.
            There is nothing to do.

            e@acme.test is not enrolled. The cadence's texts need words that nobody knows: company (touch 3), industry (touch 5).
            Answer this mail with what is missing, as in company="…" industry="…", and they are enrolled with it; nothing need be sent again.

            Your mail "Hello from Corp" enrolled nobody. The mail went to 12 people, and one mail enrolls at most 5.
            Write to them one by one, so that each reads a mail of their own.

            Your mail "Hello from Corp" enrolled nobody. There is nobody outside your own company in To.
            Put the prospect in To and the cadence's address in BCC, or forward a mail of theirs.

            Your mail "Hello from Corp" enrolled nobody. The mail is too old to begin with.
            Write a new one to the prospect, with the cadence's address in BCC.
        "#]],
    );
}

#[test]
fn a_receipt_with_both_says_both_in_its_subject() {
    let li = prospect("Li Wei", "li@acme.test", &[]);
    let refused = RefusedLine {
        who: Some(address("bo@corp.test")),
        why: Refusal::OwnDomain,
    };
    let notice = receipt(vec![enrolled(7, jane()), enrolled(8, li)], vec![refused], true);
    let wording = texts().notice(&notice, &ana(), &taps(&[7, 8]), None);
    assert_eq!(
        wording.subject,
        "Enrolled: Jane Doe and 1 more in Outbound; not enrolled: bo@corp.test"
    );
}

#[test]
fn a_relay_has_one_line_on_top_and_the_replys_own_subject() {
    let relay = Notice::Relay {
        enrollment: EnrollmentId(7),
        prospect: Box::new(jane()),
        cadence: cadence_name(),
        banner: "Jane Doe answered; outbound is paused.".to_owned(),
        until: None,
        over: false,
    };
    let wording = texts().notice(&relay, &ana(), &taps(&[7]), Some(&about("Re: Hello from Corp")));
    expect![[r#"
        Subject: Re: Hello from Corp

        Jane Doe answered; outbound is paused.
        resume: mailto:cadence%2Bc.k7@reps.test?subject=resume&body=resume
        finish: mailto:cadence%2Bc.k7@reps.test?subject=finish&body=finish
        snooze 2 weeks: mailto:cadence%2Bc.k7@reps.test?subject=snooze%20in%202%20weeks&body=snooze%20in%202%20weeks
        not interested: mailto:cadence%2Bc.k7@reps.test?subject=not%20interested&body=not%20interested
        meeting: mailto:cadence%2Bc.k7@reps.test?subject=meeting&body=meeting
        ------------------------------------------------------------
    "#]]
    .assert_eq(&plainly(&wording));
    assert_eq!(
        texts().notice(&relay, &ana(), &Taps::default(), None).subject,
        "Reply from Jane Doe"
    );
}

#[test]
fn a_relay_without_the_mail_says_where_it_lies_and_what_was_read() {
    let relay = Notice::Relay {
        enrollment: EnrollmentId(7),
        prospect: Box::new(jane()),
        cadence: cadence_name(),
        banner: "Jane Doe answered; outbound is paused.".to_owned(),
        until: None,
        over: false,
    };
    let left_out = LeftOut {
        size: "52.4 MB".to_owned(),
        folder: "Cadence/Replies".to_owned(),
        mailbox: "cadence@reps.test".to_owned(),
        new_text: "Here is the film.\r\n\r\nSee <b>www.evil.test</b>",
    };
    let relayed = Relayed {
        subject: "Re: Hello",
        left_out: Some(left_out),
    };
    let wording = texts().notice(&relay, &ana(), &Taps::default(), Some(&relayed));
    expect![[r#"
        Subject: Re: Hello

        Jane Doe answered; outbound is paused.
        The mail itself (52.4 MB) could not be read whole, so it is not enclosed. It lies in the folder Cadence/Replies of cadence@reps.test.
        ------------------------------------------------------------
        Here is the film.

        See <b>www.|evil.|test</b>
    "#]]
    .assert_eq(&plainly(&wording).replace('\u{200b}', "|"));
    let html = wording.html.expect("a page");
    assert!(
        html.contains("It lies in the folder Cadence/Replies of cadence@reps.test."),
        "{html}"
    );
    assert!(!html.contains("<b>"), "what a stranger wrote is escaped: {html}");
}

pub fn alert(what: Alert) -> Notice {
    Notice::Alert {
        enrollment: EnrollmentId(7),
        prospect: Box::new(jane()),
        cadence: cadence_name(),
        what,
    }
}

#[test]
fn a_bounce_is_told_with_the_servers_words() {
    let bounced = Alert::Bounced {
        status: Some("5.1.1".to_owned()),
        why: "no such user here".to_owned(),
    };
    check(
        &alert(bounced),
        expect![[r#"
        Subject: Bounced: Jane Doe

        Bounced: Jane Doe <jane@acme.test>, in outbound.

        Mail came back: the address does not exist. The enrollment has ended, and this address is never mailed again.

          The server said: 5.1.1 no such user here

        If you have an address that works, write to that with the cadence in BCC.
    "#]],
    );
}

#[test]
fn every_alert_says_what_it_means_and_what_to_do() {
    let until = at("2026-03-16T09:00:00Z");
    let why = "450 4.2.0 try later".to_owned();
    let alerts = [
        Alert::BounceUnproven { until },
        Alert::SoftBounces,
        Alert::OptedOut {
            how: OptOutBy::Sentence.word().to_owned(),
        },
        Alert::Complained,
        Alert::Away { until, named: true },
        Alert::Away { until, named: false },
        Alert::Refused { why: why.clone() },
        Alert::MissingWords {
            words: vec!["company".to_owned()],
        },
        Alert::InDoubt { why },
    ];
    let told = alerts.map(|what| plainly(&texts().notice(&alert(what), &ana(), &taps(&[7]), None)));
    expect![[r#"
        Subject: Perhaps bounced: Jane Doe

        Perhaps bounced: Jane Doe <jane@acme.test>, in outbound.

        Something came that looks like a bounce, without proof that it is about a mail of ours. Touches wait until Mon 16 Mar 09:00.

        Check the address. Resume if it is right, stop if it is not.

        One tap, then send:
          resume: mailto:cadence%2Bc.k7@reps.test?subject=resume&body=resume
          stop: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop

        =====
        Subject: Bounced more than once: Jane Doe

        Bounced more than once: Jane Doe <jane@acme.test>, in outbound.

        Mail came back more than once for the time being, from a full mailbox or a server in trouble. Touches wait for you.

        Call, or resume when you think that the mailbox works again.

        One tap, then send:
          resume: mailto:cadence%2Bc.k7@reps.test?subject=resume&body=resume
          stop: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop

        =====
        Subject: Opted out: Jane Doe

        Opted out: Jane Doe <jane@acme.test>, in outbound.

        Jane Doe wants no more mail, and said so in a reply. Every enrollment has ended, and nobody here mails this address again. No answer was sent.

        There is nothing to do. Please do not write by hand either.

        =====
        Subject: Reported as spam: Jane Doe

        Reported as spam: Jane Doe <jane@acme.test>, in outbound.

        Jane Doe reported a mail as spam. Every enrollment has ended, and nobody here mails this address again.

        There is nothing to do. Please do not write by hand either.

        =====
        Subject: Away: Jane Doe

        Away: Jane Doe <jane@acme.test>, in outbound.

        The mailbox answered by itself. Touches wait until Mon 16 Mar 09:00 and then go on in their order.

        There is nothing to do.

        One tap, then send:
          pause: mailto:cadence%2Bc.k7@reps.test?subject=pause&body=pause
          stop: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop

        =====
        Subject: Away: Jane Doe

        Away: Jane Doe <jane@acme.test>, in outbound.

        The mailbox answered by itself. Touches wait until Mon 16 Mar 09:00 and then go on in their order. The answer named no day, so this is a guess.

        There is nothing to do.

        One tap, then send:
          pause: mailto:cadence%2Bc.k7@reps.test?subject=pause&body=pause
          stop: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop

        =====
        Subject: Refused: Jane Doe

        Refused: Jane Doe <jane@acme.test>, in outbound.

        Your mail server refused to send a mail to this address.

          The server said: 450 4.2.0 try later

        Check the address. If others are refused too, tell the administrator of your mail server.

        One tap, then send:
          pause: mailto:cadence%2Bc.k7@reps.test?subject=pause&body=pause
          stop: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop

        =====
        Subject: Words are missing: Jane Doe

        Words are missing: Jane Doe <jane@acme.test>, in outbound.

        The next touch cannot be written: nobody knows company. Touches wait.

        Answer with what is missing, such as title="VP Sales", and the touch goes on. Or ask whoever keeps the cadence to give these words a fallback, then resume.

        One tap, then send:
          resume: mailto:cadence%2Bc.k7@reps.test?subject=resume&body=resume
          stop: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop

        =====
        Subject: Perhaps not sent: Jane Doe

        Perhaps not sent: Jane Doe <jane@acme.test>, in outbound.

        The connection broke while a mail was handed over, so it is not known whether it went out. It is never sent again by itself.

          What is known: 450 4.2.0 try later

        Look in your Sent folder, or wait: an answer or a bounce will tell.

        One tap, then send:
          pause: mailto:cadence%2Bc.k7@reps.test?subject=pause&body=pause
          stop: mailto:cadence%2Bc.k7@reps.test?subject=stop&body=stop
    "#]].assert_eq(&told.join("\n=====\n"));
}

#[test]
fn an_answer_quotes_each_line_and_what_was_done() {
    let line = |said: &str, answer: &str, done| AnswerLine {
        said: said.to_owned(),
        answer: answer.to_owned(),
        done,
        offers: vec![],
    };
    let answer = Notice::Answer {
        token: None,
        lines: vec![
            line(
                "1 connected wants pricing",
                "Logged: connected, for Jane Doe. To undo: \"undo 1\".",
                true,
            ),
            line(
                "2 voicmail",
                "This was not understood. Did you mean:\n  2 voicemail\n  2 no answer",
                false,
            ),
        ],
    };
    check(
        &answer,
        expect![[r#"
        Subject: Done: 1 of 2 lines

        > 1 connected wants pricing
        Logged: connected, for Jane Doe. To undo: "undo 1".

        > 2 voicmail
        This was not understood. Did you mean:
          2 voicemail
          2 no answer

        Write "help" to read what can be said.
    "#]],
    );
    check(
        &Notice::Answer {
            lines: vec![],
            token: None,
        },
        expect![[r#"
        Subject: Nothing to do was found in your mail

        Nothing to do was found in your mail.

        Write "help" to read what can be said.
    "#]],
    );
}

#[test]
fn without_an_address_for_taps_none_are_promised() {
    let notice = receipt(vec![enrolled(7, jane())], vec![], true);
    let wording = texts().notice(&notice, &ana(), &Taps::default(), None);
    assert!(!wording.plain.contains("One tap"));
    assert!(!wording.html.unwrap().contains("Not what you wanted"));
}
