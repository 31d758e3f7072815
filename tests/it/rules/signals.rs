//! What comes back.

use super::*;
use expect_test::{Expect, expect};

fn check(mut tale: Tale, signal: &Signal, expected: &Expect) {
    let said = tale.comes(signal);
    expected.assert_eq(&format!("{said}\n= {}", tale.stands()));
}

fn reply() -> Signal {
    Signal::Reply {
        from: Some(address("Jane@acme.test")),
        maybe: false,
        intent: None,
    }
}

fn bounce(permanent: bool, proven: bool, status: &str) -> Signal {
    Signal::Bounce {
        permanent,
        proven,
        status: Some(status.to_owned()),
        why: "the other server's words".to_owned(),
    }
}

fn away(back: Option<&str>) -> Signal {
    Signal::AutoReply {
        back: back.map(|day| day.parse().expect("a date")),
    }
}

fn ended(outcome: Ending) -> Tale {
    let mut tale = Tale::waiting_at_3();
    tale.take(outcome.into());
    tale
}

#[test]
fn a_reply_pauses_and_is_relayed() {
    check(
        Tale::begin(),
        &reply(),
        &expect![[r#"
        replied to 1
        relay: Jane Doe answered after touch 1 of 5 (email); "outbound" is paused and touch 2 of 5 (call) waits until you resume.
        = paused before 2: Replied, until resumed"#]],
    );
    check(
        Tale::waiting_at_3(),
        &reply(),
        &expect![[r#"
            replied to 1
            relay: Jane Doe answered after touch 1 of 5 (email); "outbound" is paused and touch 3 of 5 (email) waits until you resume.
            = paused before 3: Replied, until resumed"#]],
    );
    check(
        Tale::sending_3(),
        &reply(),
        &expect![[r#"
            replied to 1
            relay: Jane Doe answered after touch 1 of 5 (email); "outbound" is paused and touch 3 of 5 (email) waits until you resume.
            = paused before 3: Replied, until resumed"#]],
    );
}

#[test]
fn a_doubtful_reply_or_one_by_somebody_else_says_so() {
    check(
        Tale::waiting_at_3(),
        &Signal::Reply {
            from: None,
            maybe: true,
            intent: None,
        },
        &expect![[r#"
            replied to 1 (maybe)
            relay: Jane Doe answered after touch 1 of 5 (email) (or a machine did: not sure); "outbound" is paused and touch 3 of 5 (email) waits until you resume.
            = paused before 3: Replied, until resumed"#]],
    );
    let other = Signal::Reply {
        from: Some(address("boss@acme.test")),
        maybe: false,
        intent: None,
    };
    check(
        Tale::waiting_at_3(),
        &other,
        &expect![[r#"
            replied to 1
            relay: boss@acme.test answered for Jane Doe after touch 1 of 5 (email); "outbound" is paused and touch 3 of 5 (email) waits until you resume.
            = paused before 3: Replied, until resumed"#]],
    );
}

#[test]
fn a_second_reply_is_relayed_again_and_one_after_the_end_changes_nothing() {
    let mut tale = Tale::waiting_at_3();
    tale.comes(&reply());
    check(
        tale,
        &reply(),
        &expect![[r#"
            replied to 1
            relay: Jane Doe answered after touch 1 of 5 (email); "outbound" is paused and touch 3 of 5 (email) waits until you resume.
            = paused before 3: Replied, until resumed"#]],
    );
    check(
        ended(Ending::Completed),
        &reply(),
        &expect![[r#"
            replied to 1
            relay: Jane Doe answered after touch 1 of 5 (email); "outbound" was over already: completed.
            = ended: completed"#]],
    );
}

#[test]
fn an_auto_reply_postpones_to_the_business_day_after_the_return() {
    // Named: Friday the 20th, so Monday the 23rd.
    check(
        Tale::waiting_at_3(),
        &away(Some("2026-03-20")),
        &expect![[r#"
        auto-replied until Mon 23 Mar 09:00 (named: true)
        scheduled 3 for Mon 23 Mar 10:19: away, not before Mon 23 Mar (named in the auto-reply); day 3 moves to Mon 23 Mar, in the morning …
        alert: away until Mon 23 Mar 09:00 (named: true)
        = waiting for 3 until Mon 23 Mar 10:19"#]],
    );
    // A ready letter is taken back.
    check(
        Tale::sending_3(),
        &away(Some("2026-03-20")),
        &expect![[r#"
        auto-replied until Mon 23 Mar 09:00 (named: true)
        scheduled 3 for Mon 23 Mar 10:19: away, not before Mon 23 Mar (named in the auto-reply); day 3 moves to Mon 23 Mar, in the morning …
        alert: away until Mon 23 Mar 09:00 (named: true)
        = waiting for 3 until Mon 23 Mar 10:19"#]],
    );
    // Back today: the next business day, before which nothing was planned, so the plan stays.
    check(
        Tale::waiting_at_3(),
        &away(Some("2026-03-09")),
        &expect![[r#"
        auto-replied until Tue 10 Mar 09:00 (named: true)
        scheduled 3 for Wed 11 Mar 10:19: day 3, in the morning …
        alert: away until Tue 10 Mar 09:00 (named: true)
        = waiting for 3 until Wed 11 Mar 10:19"#]],
    );
}

#[test]
fn an_auto_reply_without_a_day_that_can_be_believed_postpones_by_a_week() {
    check(
        Tale::waiting_at_3(),
        &away(None),
        &expect![[r#"
        auto-replied until Mon 16 Mar 09:00 (named: false)
        scheduled 3 for Mon 16 Mar 10:19: away, not before Mon 16 Mar (our guess, the auto-reply names no day); day 3 moves to Mon 16 Mar, in the morning …
        alert: away until Mon 16 Mar 09:00 (named: false)
        = waiting for 3 until Mon 16 Mar 10:19"#]],
    );
    check(
        Tale::waiting_at_3(),
        &away(Some("2026-09-01")),
        &expect![[r#"
        auto-replied until Mon 16 Mar 09:00 (named: false)
        scheduled 3 for Mon 16 Mar 10:19: away, not before Mon 16 Mar (our guess, the auto-reply names no day); day 3 moves to Mon 16 Mar, in the morning …
        alert: away until Mon 16 Mar 09:00 (named: false)
        = waiting for 3 until Mon 16 Mar 10:19"#]],
    );
    check(
        Tale::sending_3(),
        &away(Some("2026-03-02")),
        &expect![[r#"
        auto-replied until Thu 12 Mar 09:00 (named: false)
        scheduled 3 for Thu 12 Mar 10:19: away, not before Thu 12 Mar (our guess, the auto-reply names no day); day 3 moves to Thu 12 Mar, in the morning …
        alert: away until Thu 12 Mar 09:00 (named: false)
        = waiting for 3 until Thu 12 Mar 10:19"#]],
    );
}

#[test]
fn an_auto_reply_changes_nothing_for_what_is_paused_or_over() {
    let mut paused = Tale::waiting_at_3();
    paused.comes(&reply());
    check(
        paused,
        &away(None),
        &expect![[r#"
        nothing
        = paused before 3: Replied, until resumed"#]],
    );
    check(
        ended(Ending::Stopped),
        &away(None),
        &expect![[r#"
        nothing
        = ended: stopped by the rep"#]],
    );
}

#[test]
fn a_dead_address_ends_it_for_everybody_when_proven() {
    check(
        Tale::waiting_at_3(),
        &bounce(true, true, "5.1.1"),
        &expect![[r#"
        bounced, permanent: true, status Some("5.1.1")
        ended: bounced
        alert: Bounced { status: Some("5.1.1"), why: "the other server's words" }
        never mailed again: the address does not exist, a bounce of our mail, status 5.1.1
        = ended: bounced"#]],
    );
    // The last touch bounced.
    check(
        ended(Ending::Completed),
        &bounce(true, true, "5.1.1"),
        &expect![[r#"
        bounced, permanent: true, status Some("5.1.1")
        ended: bounced
        alert: Bounced { status: Some("5.1.1"), why: "the other server's words" }
        never mailed again: the address does not exist, a bounce of our mail, status 5.1.1
        = ended: bounced"#]],
    );
    check(
        ended(Ending::OptedOut),
        &bounce(true, true, "5.1.1"),
        &expect![[r#"
        bounced, permanent: true, status Some("5.1.1")
        alert: Bounced { status: Some("5.1.1"), why: "the other server's words" }
        never mailed again: the address does not exist, a bounce of our mail, status 5.1.1
        = ended: opted out"#]],
    );
}

#[test]
fn an_unproven_bounce_waits_three_days_and_goes_on_by_itself() {
    let mut tale = Tale::waiting_at_3();
    expect![[r#"
        paused: BounceUnproven, until Thu 12 Mar 16:20
        alert: bounce unproven, until Thu 12 Mar 16:20"#]]
    .assert_eq(&tale.comes(&bounce(true, false, "5.1.1")));
    expect!["nothing"].assert_eq(&tale.advance());
    tale.now = tale.due();
    expect![[r#"
        resumed by the clock
        scheduled 3 for Thu 12 Mar 16:20: day 3 moves to Thu 12 Mar, as soon as possible …"#]]
    .assert_eq(&tale.advance());
}

#[test]
fn p03_who_is_away_is_not_mailed_earlier_because_of_an_unproven_bounce() {
    let mut tale = Tale::waiting_at_3();
    expect![[r#"
        auto-replied until Mon 30 Mar 09:00 (named: true)
        scheduled 3 for Mon 30 Mar 10:19: away, not before Mon 30 Mar (named in the auto-reply); day 3 moves to Mon 30 Mar, in the morning …
        alert: away until Mon 30 Mar 09:00 (named: true)"#]].assert_eq(&tale.comes(&away(Some("2026-03-27"))));
    expect![[r#"
        paused: BounceUnproven, until Mon 30 Mar 10:19
        alert: bounce unproven, until Mon 30 Mar 10:19"#]]
    .assert_eq(&tale.comes(&bounce(true, false, "5.1.1")));
    tale.now = tale.due();
    expect![[r#"
        resumed by the clock
        scheduled 3 for Mon 30 Mar 11:09: day 3 moves to Mon 30 Mar, in the morning …"#]]
    .assert_eq(&tale.advance());
}

#[test]
fn p03_an_auto_reply_during_a_pause_counts_when_the_pause_is_over() {
    let mut tale = Tale::waiting_at_3();
    expect![[r#"
        paused: BounceUnproven, until Thu 12 Mar 16:20
        alert: bounce unproven, until Thu 12 Mar 16:20"#]]
    .assert_eq(&tale.comes(&bounce(true, false, "5.1.1")));
    expect![[r#"
        auto-replied until Mon 30 Mar 09:00 (named: true)
        paused: BounceUnproven, until Mon 30 Mar 10:19
        alert: away until Mon 30 Mar 09:00 (named: true)"#]]
    .assert_eq(&tale.comes(&away(Some("2026-03-27"))));
    expect!["nothing"].assert_eq(&tale.comes(&away(Some("2026-03-10"))));
    tale.now = tale.due();
    expect![[r#"
        resumed by the clock
        scheduled 3 for Mon 30 Mar 11:09: day 3 moves to Mon 30 Mar, in the morning …"#]]
    .assert_eq(&tale.advance());
    // Who answers is there.
    expect![[r#"
        replied to 1
        relay: Jane Doe answered after touch 1 of 5 (email); "outbound" is paused and touch 3 of 5 (email) waits until you resume."#]].assert_eq(&tale.comes(&reply()));
    assert_eq!(tale.enrollment.history.away, None);
}

#[test]
fn two_soft_bounces_in_a_fortnight_pause_and_two_in_a_month_do_not() {
    let soft = bounce(false, true, "4.2.2");
    let mut near = Tale::waiting_at_3();
    expect![[r#"bounced, permanent: false, status Some("4.2.2")"#]].assert_eq(&near.comes(&soft));
    near.now = at("2026-03-20T10:00");
    expect![[r#"
        bounced, permanent: false, status Some("4.2.2")
        paused: SoftBounces, until resumed
        alert: SoftBounces"#]]
    .assert_eq(&near.comes(&soft));
    let mut far = Tale::waiting_at_3();
    far.comes(&soft);
    far.now = at("2026-04-08T10:00");
    expect![[r#"bounced, permanent: false, status Some("4.2.2")"#]].assert_eq(&far.comes(&soft));
}

#[test]
fn a_refusal_by_policy_speaks_about_us_and_ends_nobody() {
    let mut tale = Tale::waiting_at_3();
    let policy = bounce(true, true, "5.7.1");
    expect![[r#"
        bounced, permanent: false, status Some("5.7.1")
        alert: Refused { why: "the other server's words" }"#]]
    .assert_eq(&tale.comes(&policy));
    tale.comes(&policy);
    // It was not counted as a soft bounce either.
    expect![[r#"bounced, permanent: false, status Some("4.2.2")"#]]
        .assert_eq(&tale.comes(&bounce(false, true, "4.2.2")));
}

#[test]
fn a_late_or_delivered_mail_changes_nothing() {
    check(
        Tale::waiting_at_3(),
        &Signal::Delay,
        &expect![[r#"
        nothing
        = waiting for 3 until Wed 11 Mar 10:19"#]],
    );
    check(
        Tale::waiting_at_3(),
        &Signal::Delivered,
        &expect![[r#"
        nothing
        = waiting for 3 until Wed 11 Mar 10:19"#]],
    );
}

#[test]
fn a_complaint_ends_it_and_for_everybody_when_proven() {
    check(
        Tale::waiting_at_3(),
        &Signal::Complaint { proven: true },
        &expect![[r#"
            complained
            ended: complained
            alert: Complained
            never mailed again: its owner reported a mail as spam, a complaint about a mail of ours
            = ended: complained"#]],
    );
    check(
        Tale::waiting_at_3(),
        &Signal::Complaint { proven: false },
        &expect![[r#"
            complained
            ended: complained
            alert: Complained
            = ended: complained"#]],
    );
    check(
        ended(Ending::Met),
        &Signal::Complaint { proven: true },
        &expect![[r#"
            complained
            ended: complained
            alert: Complained
            never mailed again: its owner reported a mail as spam, a complaint about a mail of ours
            = ended: complained"#]],
    );
}

#[test]
fn an_opt_out_ends_it_for_everybody_even_after_the_end() {
    let by = |by| Signal::OptOut { by };
    check(
        Tale::waiting_at_3(),
        &by(OptOutBy::Token),
        &expect![[r#"
            opted out by the unsubscribe link of a mail
            ended: opted out
            alert: OptedOut { how: "by the unsubscribe link of a mail" }
            never mailed again: its owner asked for no more mail, opted out by the unsubscribe link of a mail
            = ended: opted out"#]],
    );
    check(
        Tale::sending_3(),
        &by(OptOutBy::Sentence),
        &expect![[r#"
            opted out in a reply
            ended: opted out
            alert: OptedOut { how: "in a reply" }
            never mailed again: its owner asked for no more mail, opted out in a reply
            = ended: opted out"#]],
    );
    check(
        ended(Ending::Completed),
        &by(OptOutBy::Client),
        &expect![[r#"
            opted out with the unsubscribe button of a mail program
            ended: opted out
            alert: OptedOut { how: "with the unsubscribe button of a mail program" }
            never mailed again: its owner asked for no more mail, opted out with the unsubscribe button of a mail program
            = ended: opted out"#]],
    );
    // The second time the rep knows.
    check(
        ended(Ending::OptedOut),
        &by(OptOutBy::Token),
        &expect![[r#"
            never mailed again: its owner asked for no more mail, opted out by the unsubscribe link of a mail
            = ended: opted out"#]],
    );
}
