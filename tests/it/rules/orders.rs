//! Due touches and what the server says.

use super::*;
use cadence::rules::advance::unrenderable;
use cadence::rules::settle::settle_notice;
use expect_test::expect;

fn answer(code: u16, status: Option<&str>, text: &str) -> Reply {
    Reply {
        code,
        status: status.map(str::to_owned),
        text: text.to_owned(),
    }
}

fn sent() -> Receipt {
    Receipt::Sent(answer(250, Some("2.0.0"), "queued"))
}

fn refused(phase: Phase, code: u16, status: Option<&str>, text: &str) -> Receipt {
    Receipt::Refused {
        phase,
        reply: answer(code, status, text),
    }
}

fn unreached() -> Receipt {
    Receipt::Unreached {
        phase: Phase::Mail,
        why: "the connection broke".to_owned(),
    }
}

fn doubt() -> Receipt {
    Receipt::InDoubt {
        why: "the connection broke after the final dot".to_owned(),
    }
}

#[test]
fn from_the_first_touch_to_the_last() {
    let mut tale = Tale::begin();
    let mut story = Vec::new();
    while tale.enrollment.is_active() {
        if let Standing::Sending { step, .. } = tale.enrollment.standing {
            let first = tale.now;
            story.push(tale.settles(step.0, &sent(), 1, first));
        } else {
            tale.now = tale.due();
            story.push(format!("{}\n{}", shown(tale.now), tale.advance()));
        }
    }
    expect![[r#"
        Mon 09 Mar 16:20
        task opened 2
        scheduled 3 for Wed 11 Mar 10:19: day 3, in the morning …
        Wed 11 Mar 10:19
        rendered 3
        sent 3
        scheduled 4 for Mon 16 Mar 10:00: day 6, at 10:00 …
        letter: sent
        Mon 16 Mar 10:00
        task opened 4
        scheduled 5 for Thu 26 Mar 09:00: day 14, held until the window opens at 09:00 …
        Thu 26 Mar 09:00
        rendered 5
        sent 5
        ended: completed
        letter: sent"#]]
    .assert_eq(&story.join("\n"));
}

#[test]
fn what_is_not_due_waits() {
    let mut tale = Tale::begin();
    assert_eq!(tale.advance(), "nothing");
    let mut sending = Tale::sending_3();
    assert_eq!(sending.advance(), "nothing");
}

#[test]
fn after_an_outage_a_touch_waits_for_the_window_and_the_next_keeps_its_distance() {
    let mut tale = Tale::waiting_at_3();
    tale.now = at("2026-03-28T03:00");
    expect!["scheduled 3 for Mon 30 Mar 09:00: held until the window opens at 09:00 on Mon 30 Mar …"]
        .assert_eq(&tale.advance());
    tale.now = tale.due();
    expect!["rendered 3"].assert_eq(&tale.advance());
    let first = tale.now;
    expect![[r#"
        sent 3
        scheduled 4 for Thu 02 Apr 10:00: day 6, at 10:00 …
        letter: sent"#]]
    .assert_eq(&tale.settles(3, &sent(), 1, first));
}

#[test]
fn a_suppressed_address_ends_it_even_when_paused_or_not_due() {
    let mut tale = Tale::begin();
    tale.comes(&Signal::Reply {
        from: None,
        maybe: false,
        intent: None,
    });
    expect!["ended: suppressed (over)"].assert_eq(&tale.advance_if(Some(SuppressionReason::Administrator)));
    assert_eq!(tale.advance_if(Some(SuppressionReason::Administrator)), "nothing");
}

#[test]
fn a_cadence_cut_shorter_is_complete() {
    let mut tale = Tale::waiting_at_3();
    tale.cadence.steps.truncate(2);
    tale.now = tale.due();
    expect!["ended: completed (over)"].assert_eq(&tale.advance());
}

#[test]
fn a_missing_word_waits_for_the_rep() {
    let mut tale = Tale::waiting_at_3();
    let decision = unrenderable(&tale.view(), &["company".to_owned(), "title".to_owned()], tale.now);
    expect![[r#"
        paused: MissingWords("company, title"), until resumed
        alert: MissingWords { words: ["company", "title"] }"#]]
    .assert_eq(&tale.take(decision));
    expect![[r#"
        resumed by ana@corp.test
        scheduled 3 for Wed 11 Mar 10:19: day 3, in the morning …
        done: Jane Doe in "outbound": resumed, touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time: day 3, in the morning …. To undo: `pause`."#]].assert_eq(&tale.says(Asked::order(Order::Resume), None));
}

#[test]
fn a_stop_that_came_while_the_letter_was_on_its_way_stays() {
    let mut paused = Tale::sending_3();
    let first = paused.now;
    paused.comes(&Signal::Reply {
        from: None,
        maybe: false,
        intent: None,
    });
    expect![[r#"
        sent 3
        letter: sent"#]]
    .assert_eq(&paused.settles(3, &sent(), 1, first));
    assert_eq!(paused.stands(), "paused before 4: Replied, until resumed");
    let mut over = Tale::sending_3();
    over.comes(&Signal::OptOut { by: OptOutBy::Token });
    expect![[r#"
        in doubt 3: the connection broke after the final dot
        alert: InDoubt { why: "the connection broke after the final dot" }
        letter: in_doubt"#]]
    .assert_eq(&over.settles(3, &doubt(), 1, first));
    assert_eq!(over.stands(), "ended: opted out");
    assert_eq!(over.settles(3, &unreached(), 1, first), "nothing\nletter: withdrawn");
}

#[test]
fn an_auto_reply_that_came_meanwhile_postpones_the_next_touch() {
    let mut tale = Tale::sending_3();
    let first = tale.now;
    tale.comes(&Signal::AutoReply {
        back: "2026-03-27".parse().ok(),
    });
    expect![[r#"
        sent 3
        scheduled 4 for Mon 30 Mar 10:19: day 6 moves to Mon 30 Mar, as soon as possible …
        letter: sent"#]]
    .assert_eq(&tale.settles(3, &sent(), 1, first));
}

#[test]
fn the_same_answer_twice_changes_nothing_and_late_evidence_does_not_go_back() {
    let mut tale = Tale::sending_3();
    let first = tale.now;
    tale.settles(3, &sent(), 1, first);
    let stood = tale.stands();
    tale.settles(3, &sent(), 1, first);
    assert_eq!(tale.stands(), stood);
    tale.settles(1, &sent(), 1, first);
    assert_eq!(tale.stands(), stood);
}

#[test]
fn a_letter_put_off_is_tried_again_and_the_journal_says_so_once() {
    let mut tale = Tale::sending_3();
    let first = tale.now;
    let later = Receipt::Deferred {
        phase: Phase::Rcpt,
        reply: answer(451, Some("4.7.1"), "greylisted"),
    };
    let mut story = Vec::new();
    for attempts in 1..=5 {
        story.push(format!(
            "{} {}",
            shown(tale.now),
            tale.settles(3, &later, attempts, first)
        ));
        tale.now += jiff::SignedDuration::from_mins(5);
    }
    expect![[r#"
        Wed 11 Mar 10:19 deferred 3 until Wed 11 Mar 10:24: 451 4.7.1 greylisted
        letter: ready, not before Wed 11 Mar 10:24
        Wed 11 Mar 10:24 nothing
        letter: ready, not before Wed 11 Mar 10:39
        Wed 11 Mar 10:29 nothing
        letter: ready, not before Wed 11 Mar 10:59
        Wed 11 Mar 10:34 nothing
        letter: ready, not before Wed 11 Mar 11:34
        Wed 11 Mar 10:39 nothing
        letter: ready, not before Wed 11 Mar 11:39"#]]
    .assert_eq(&story.join("\n"));
}

#[test]
fn a_letter_is_given_up_after_two_days_of_trying_and_not_over_a_weekend() {
    let mut tale = Tale::sending_3();
    tale.now = at("2026-03-13T16:58");
    let first = tale.now;
    expect![[r#"
        deferred 3 until Mon 16 Mar 09:00: not reached while naming the sender: the connection broke
        letter: ready, not before Mon 16 Mar 09:00"#]]
    .assert_eq(&tale.settles(3, &unreached(), 1, first));
    tale.now = at("2026-03-16T09:00");
    expect![[r#"
        nothing
        letter: ready, not before Mon 16 Mar 09:15"#]]
    .assert_eq(&tale.settles(3, &unreached(), 2, first));
    expect![[r#"
        refused 3: given up after 6 attempts: not reached while naming the sender: the connection broke
        ended: undeliverable
        alert: Refused { why: "not reached while naming the sender: the connection broke" }
        letter: refused"#]]
    .assert_eq(&tale.settles(3, &unreached(), 6, first));
}

#[test]
fn s03_s04_what_fails_before_mail_ends_nothing_however_long_it_lasts() {
    for receipt in [
        Receipt::Unreached {
            phase: Phase::Connect,
            why: "the connection was refused".to_owned(),
        },
        refused(Phase::Auth, 535, Some("5.7.8"), "wrong password"),
        refused(Phase::Connect, 554, None, "no service"),
        Receipt::Deferred {
            phase: Phase::Auth,
            reply: answer(454, Some("4.7.0"), "later"),
        },
    ] {
        let mut tale = Tale::sending_3();
        let first = tale.now;
        tale.now = at("2026-03-25T10:00");
        let said = tale.settles(3, &receipt, 400, first);
        assert!(
            said.contains("letter: ready, not before") && !said.contains("ended"),
            "{said}"
        );
        let (state, again) = settle_notice(&receipt, (400, 0), first, tale.now);
        assert_eq!(state, LetterState::Ready, "what a rep is owed waits too: {receipt:?}");
        assert!(again > Some(tale.now));
    }
}

#[test]
fn a_refusal_is_blamed_on_the_address_on_us_or_on_the_mail() {
    use Phase::{Auth, Connect, Content, Data, Mail, Rcpt};
    let table: Vec<String> = [
        (Rcpt, 550, Some("5.1.1"), "no"),
        (Rcpt, 550, Some("5.1.8"), "your sender does not exist"),
        (Rcpt, 550, Some("5.7.1"), "blocked"),
        (Rcpt, 550, None, "No such user here"),
        (Rcpt, 550, None, "listed at a block list"),
        (Rcpt, 552, Some("5.2.2"), "mailbox full"),
        (Connect, 554, None, "no service"),
        (Auth, 535, Some("5.7.8"), "wrong password"),
        (Mail, 553, Some("5.1.7"), "not your address"),
        (Data, 554, Some("5.5.1"), "no valid recipients"),
        (Content, 554, Some("5.7.1"), "spam"),
        (Content, 554, Some("5.6.0"), "not this"),
    ]
    .into_iter()
    .map(|(phase, code, status, text)| {
        let mut tale = Tale::sending_3();
        let first = tale.now;
        let said = tale.settles(3, &refused(phase, code, status, text), 1, first);
        format!("{phase:?} {code} {status:?} {text}\n  {}", said.replace('\n', "\n  "))
    })
    .collect();
    expect![[r#"
        Rcpt 550 Some("5.1.1") no
          bounced, permanent: true, status Some("5.1.1")
          ended: bounced
          alert: Bounced { status: Some("5.1.1"), why: "550 5.1.1 no" }
          never mailed again: the address does not exist, a bounce of our mail, status 5.1.1
          letter: refused
        Rcpt 550 Some("5.1.8") your sender does not exist
          deferred 3 until Wed 11 Mar 10:49: 550 5.1.8 your sender does not exist
          letter: ready, not before Wed 11 Mar 10:49
        Rcpt 550 Some("5.7.1") blocked
          deferred 3 until Wed 11 Mar 10:49: 550 5.7.1 blocked
          letter: ready, not before Wed 11 Mar 10:49
        Rcpt 550 None No such user here
          bounced, permanent: true, status None
          ended: bounced
          alert: Bounced { status: None, why: "550 No such user here" }
          never mailed again: the address does not exist, a bounce of our mail, status unknown
          letter: refused
        Rcpt 550 None listed at a block list
          refused 3: 550 listed at a block list
          ended: undeliverable
          alert: Refused { why: "550 listed at a block list" }
          letter: refused
        Rcpt 552 Some("5.2.2") mailbox full
          refused 3: 552 5.2.2 mailbox full
          ended: undeliverable
          alert: Refused { why: "552 5.2.2 mailbox full" }
          letter: refused
        Connect 554 None no service
          deferred 3 until Wed 11 Mar 10:19: 554 no service
          letter: ready, not before Wed 11 Mar 10:19
        Auth 535 Some("5.7.8") wrong password
          deferred 3 until Wed 11 Mar 10:19: 535 5.7.8 wrong password
          letter: ready, not before Wed 11 Mar 10:19
        Mail 553 Some("5.1.7") not your address
          deferred 3 until Wed 11 Mar 10:49: 553 5.1.7 not your address
          letter: ready, not before Wed 11 Mar 10:49
        Data 554 Some("5.5.1") no valid recipients
          deferred 3 until Wed 11 Mar 10:49: 554 5.5.1 no valid recipients
          letter: ready, not before Wed 11 Mar 10:49
        Content 554 Some("5.7.1") spam
          deferred 3 until Wed 11 Mar 10:49: 554 5.7.1 spam
          letter: ready, not before Wed 11 Mar 10:49
        Content 554 Some("5.6.0") not this
          refused 3: 554 5.6.0 not this
          ended: undeliverable
          alert: Refused { why: "554 5.6.0 not this" }
          letter: refused"#]]
    .assert_eq(&table.join("\n"));
}

#[test]
fn what_is_in_doubt_is_never_sent_again_and_the_rest_goes_on() {
    let mut tale = Tale::sending_3();
    let first = tale.now;
    expect![[r#"
        in doubt 3: the connection broke after the final dot
        scheduled 4 for Mon 16 Mar 10:00: day 6, at 10:00 …
        alert: InDoubt { why: "the connection broke after the final dot" }
        letter: in_doubt"#]]
    .assert_eq(&tale.settles(3, &doubt(), 1, first));
}

#[test]
fn a_gate_that_shut_without_a_stop_makes_the_step_wait() {
    let mut tale = Tale::sending_3();
    let first = tale.now;
    expect![[r#"
        scheduled 3 for Wed 11 Mar 11:09: day 3, in the morning …
        letter: withdrawn"#]]
    .assert_eq(&tale.settles(3, &Receipt::Withheld, 1, first));
    let mut stopped = Tale::sending_3();
    stopped.comes(&Signal::Reply {
        from: None,
        maybe: false,
        intent: None,
    });
    assert_eq!(
        stopped.settles(3, &Receipt::Withheld, 1, first),
        "nothing\nletter: withdrawn"
    );
}

#[test]
fn a_letter_to_a_rep_is_tried_until_it_arrives() {
    let first = at("2026-03-09T10:00");
    let deferred = Receipt::Deferred {
        phase: Phase::Data,
        reply: answer(451, None, "later"),
    };
    let table: Vec<String> = [
        ("sent", sent(), 1, first),
        ("deferred", deferred.clone(), 1, first),
        ("deferred", deferred.clone(), 9, first),
        ("deferred two days", deferred, 9, at("2026-03-11T10:00")),
        ("unreached", unreached(), 2, first),
        (
            "no relay",
            Receipt::Unreached {
                phase: Phase::Connect,
                why: "connection refused".to_owned(),
            },
            9,
            first,
        ),
        (
            "wrong password",
            refused(Phase::Auth, 535, Some("5.7.8"), "no"),
            1,
            first,
        ),
        ("unknown", refused(Phase::Rcpt, 550, Some("5.1.1"), "no"), 1, first),
        ("doubt", doubt(), 1, first),
        ("doubt", doubt(), 2, first),
        ("doubt", doubt(), 3, first),
        ("withheld", Receipt::Withheld, 1, first),
    ]
    .into_iter()
    .map(|(what, receipt, begun, now)| {
        // Tries that did not come so far are another matter than content of which nobody knows.
        let attempts = if what == "doubt" { begun + 7 } else { begun };
        let (state, again) = settle_notice(&receipt, (attempts, begun), first, now);
        format!(
            "{what} {begun}: {} {}",
            state.code(),
            again.map_or(String::new(), shown)
        )
    })
    .collect();
    expect![[r#"
        sent 1: sent 
        deferred 1: ready Mon 09 Mar 10:05
        deferred 9: ready Mon 09 Mar 11:00
        deferred two days 9: refused 
        unreached 2: ready Mon 09 Mar 10:15
        no relay 9: ready Mon 09 Mar 10:00
        wrong password 1: ready Mon 09 Mar 10:00
        unknown 1: refused 
        doubt 1: ready Mon 09 Mar 10:10
        doubt 2: ready Mon 09 Mar 10:10
        doubt 3: in_doubt 
        withheld 1: ready Mon 09 Mar 10:00"#]]
    .assert_eq(&table.join("\n"));
}
