//! What a cadence says about answers, meetings, reports and drafts.

use super::*;
use cadence::rules::{condition, succession};
use expect_test::expect;

fn switch(to: &str) -> Action {
    Action::Switch(Switch {
        to: CadenceName::parse(to).expect("a name"),
        after: 30,
    })
}

/// Waiting for touch 3 in a cadence with these events.
fn with(on: Events) -> Tale {
    let mut tale = Tale::begin_in(Cadence { on, ..outbound() });
    tale.now = tale.due();
    tale.advance();
    tale
}

fn on_reply(intent: &Intent, action: Action) -> Tale {
    with(Events {
        replies: vec![(intent.code().to_owned(), action)],
        ..Events::default()
    })
}

fn answer(intent: &Intent) -> Signal {
    Signal::Reply {
        from: Some(address("jane@acme.test")),
        maybe: false,
        intent: Some(intent.clone()),
    }
}

/// Where facts of the last decision would lead.
fn leads(tale: &Tale, signal: &Signal) -> Option<String> {
    let decision = react::react(&tale.view(), signal, tale.now);
    succession::leads_to(&tale.view(), &decision.facts).map(|switch| switch.to.to_string())
}

#[test]
fn an_answer_pauses_where_the_cadence_says_nothing_of_its_intent() {
    let mut tale = on_reply(&Intent::NotInterested, Action::Finish);
    tale.comes(&answer(&Intent::Interested));
    assert_eq!(tale.stands(), "paused before 3: Replied, until resumed");
}

#[test]
fn an_answer_does_what_the_cadence_says_of_its_intent_and_is_relayed_always() {
    let not_now = Intent::NotNow { until: None };
    let mut tale = on_reply(&Intent::NotInterested, Action::Finish);
    tale.comes(&answer(&Intent::NotInterested));
    assert_eq!(tale.stands(), "ended: not interested");
    assert!(matches!(tale.notices.last(), Some(Notice::Relay { over: true, .. })));

    let tale = on_reply(&not_now, switch("inbound-nurture"));
    assert_eq!(leads(&tale, &answer(&not_now)), Some("inbound-nurture".to_owned()));

    let mut tale = on_reply(&not_now, Action::Postpone(30));
    expect![[r#"
        replied to 1
        resumed by the clock
        scheduled 3 for Wed 08 Apr 10:19: they answered, and the cadence puts it off; day 3 moves to Wed 8 Apr, in the morning …
        relay: Jane Doe answered; "outbound" puts off what follows: touch 3 of 5 (email) is due Wed 8 Apr 10:19 your time. Pause or stop it if you answer yourself."#]].assert_eq(&tale.comes(&answer(&not_now)));
    assert!(matches!(tale.notices.last(), Some(Notice::Relay { over: false, .. })));
}

#[test]
fn the_day_that_an_answer_names_is_the_day() {
    let named = Intent::NotNow {
        until: Some(jiff::civil::date(2026, 5, 4)),
    };
    let mut tale = on_reply(&named, Action::Postpone(30));
    tale.comes(&answer(&named));
    assert!(
        tale.stands().starts_with("waiting for 3 until Mon 04 May"),
        "{}",
        tale.stands()
    );
}

#[test]
fn who_is_not_the_prospect_and_what_is_in_doubt_only_stop() {
    for (from, maybe) in [("boss@acme.test", false), ("jane@acme.test", true)] {
        let mut tale = on_reply(&Intent::NotInterested, switch("inbound-nurture"));
        let signal = Signal::Reply {
            from: Some(address(from)),
            maybe,
            intent: Some(Intent::NotInterested),
        };
        assert_eq!(leads(&tale, &signal), None);
        tale.comes(&signal);
        assert_eq!(tale.stands(), "paused before 3: Replied, until resumed", "{from}");
    }
}

#[test]
fn what_the_rep_paused_is_not_resumed_by_an_answer() {
    let not_now = Intent::NotNow { until: None };
    let mut tale = on_reply(&not_now, Action::Postpone(30));
    tale.says(Asked::order(Order::Pause), None);
    tale.comes(&answer(&not_now));
    assert!(tale.stands().starts_with("paused before 3"), "{}", tale.stands());
}

#[test]
fn a_report_is_remembered_and_does_what_the_cadence_says() {
    let clicked = Signal::Reported {
        name: "clicked".to_owned(),
        step: Some(StepNo(1)),
        by: "website".to_owned(),
    };
    let mut tale = with(Events::default());
    let asked = Condition::Signalled("clicked".to_owned());
    assert!(!condition::holds(&asked, &tale.enrollment, tale.now));
    expect![[r#"reported clicked of Some(StepNo(1))"#]].assert_eq(&tale.comes(&clicked));
    assert!(condition::holds(&asked, &tale.enrollment, tale.now));
    assert!(tale.notices.is_empty());

    let says = |action: Action| {
        with(Events {
            signals: vec![("clicked".to_owned(), action)],
            ..Events::default()
        })
    };
    let mut tale = says(Action::Alert);
    tale.comes(&clicked);
    assert!(matches!(
        tale.notices.as_slice(),
        [Notice::Alert {
            what: Alert::Signalled { paused: false, .. },
            ..
        }]
    ));
    let mut tale = says(Action::Pause);
    tale.comes(&clicked);
    assert_eq!(tale.stands(), "paused before 3: Signal(\"clicked\"), until resumed");
    let tale = says(switch("opportunity"));
    assert_eq!(leads(&tale, &clicked), Some("opportunity".to_owned()));
}

#[test]
fn who_did_not_come_waits_for_the_rep_or_goes_where_the_cadence_says() {
    let met = |on: Events| {
        let mut tale = with(on);
        let task = Task {
            id: TaskId::derive(tale.enrollment.id, StepNo(2)),
            enrollment: tale.enrollment.id,
            step: StepNo(2),
            rep: tale.rep.address.clone(),
            channel: Channel::Call,
            due: tale.now,
            script: String::new(),
            closed: None,
        };
        let outcome = TaskOutcome::Meeting;
        let (number, note) = (Some(1), None);
        tale.says(
            Asked::Log {
                number,
                outcome,
                note,
                at: None,
            },
            Some(&task),
        );
        tale
    };
    let mut tale = met(Events::default());
    tale.says(Asked::order(Order::NoShow), None);
    assert_eq!(tale.stands(), "paused before 3: Meeting(NoShow), until resumed");

    let mut tale = met(Events {
        no_show: Some(switch("no-show")),
        ..Events::default()
    });
    let wish = Command {
        said: "no show".to_owned(),
        asked: Asked::order(Order::NoShow),
    };
    let (decision, line) = command::command(&tale.view(), &wish, None, tale.now);
    assert!(
        line.answer.ends_with("it goes on in \"no-show\" after 30 days."),
        "{}",
        line.answer
    );
    let to = succession::leads_to(&tale.view(), &decision.facts).map(|switch| switch.to.to_string());
    assert_eq!(to, Some("no-show".to_owned()));
    tale.says(Asked::order(Order::NoShow), None);
    assert_eq!(tale.stands(), "ended: over, as the cadence says");
}

#[test]
fn a_condition_knows_what_the_last_answer_meant() {
    let mut tale = with(Events::default());
    let meant = |intent: &str| Condition::Meant(Some(intent.to_owned()));
    assert!(condition::holds(&Condition::Meant(None), &tale.enrollment, tale.now));
    assert!(!condition::holds(&meant("question"), &tale.enrollment, tale.now));
    tale.comes(&answer(&Intent::Question));
    assert!(condition::holds(&meant("question"), &tale.enrollment, tale.now));
    assert!(!condition::holds(&meant("interested"), &tale.enrollment, tale.now));
    assert_eq!(
        condition::why_not(&meant("interested"), &tale.enrollment, tale.now),
        "`reply is interested` does not hold: their last answer reads as question"
    );
}

// ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/// Touch 3 needs the rep's word, and touch 2 was made.
fn with_draft() -> Tale {
    let mut cadence = outbound();
    cadence.steps[2].approve = true;
    let mut tale = Tale::begin_in(cadence);
    tale.now = tale.due();
    tale.advance();
    tale
}

fn draft_task(tale: &Tale) -> Task {
    Task {
        id: TaskId::derive(tale.enrollment.id, StepNo(3)),
        enrollment: tale.enrollment.id,
        step: StepNo(3),
        rep: tale.rep.address.clone(),
        channel: Channel::Email,
        due: tale.now,
        script: "Re: Hello\n\nHi Li,\n\nthe draft.".to_owned(),
        closed: None,
    }
}

fn send() -> Asked {
    Asked::Send {
        number: Some(4),
        edited: None,
    }
}

#[test]
fn a_draft_goes_to_the_rep_in_the_morning_of_the_business_day_before_and_the_mail_waits_for_a_word() {
    let mut tale = with_draft();
    expect!["waiting for 3 until Tue 10 Mar 08:00"].assert_eq(&tale.stands());
    tale.now = tale.due();
    expect![[r#"
        drafted 3
        scheduled 3 for Wed 11 Mar 10:19: day 3, in the morning …
        alert: Draft { touch: "touch 3 of 5 (email)", due: 2026-03-11T09:19:36Z, text: Approved(76 characters) }"#]]
    .assert_eq(&tale.advance());
    assert!(matches!(
        tale.notices.last(),
        Some(Notice::Alert {
            what: Alert::Draft { .. },
            ..
        })
    ));
    tale.now = tale.due();
    expect!["paused: Approval, until resumed"].assert_eq(&tale.advance());
    let task = draft_task(&tale);
    let resumed = tale.says(Asked::order(Order::Resume), None);
    assert!(
        resumed.contains("not done: Jane Doe in \"outbound\": nothing changed; its draft waits"),
        "{resumed}"
    );
    expect![[r#"
        approved 3: Some("Hi Li,")
        task closed 3: done None
        resumed by ana@corp.test
        scheduled 3 for Wed 11 Mar 11:09: day 3, in the morning …
        done: Jane Doe in "outbound": touch 3 of 5 (email) goes out, Wed 11 Mar 11:09 your time. To undo: `hold`."#]]
    .assert_eq(&tale.says(send(), Some(&task)));
    tale.now = tale.due();
    expect![["rendered 3"]].assert_eq(&tale.advance());
}

#[test]
fn a_word_in_time_sends_the_mail_in_its_own_time_and_hold_takes_it_back() {
    let mut tale = with_draft();
    tale.now = tale.due();
    tale.advance();
    let task = draft_task(&tale);
    let due = tale.due();
    tale.says(send(), Some(&task));
    assert_eq!(tale.due(), due);
    expect![[r#"
        paused: Approval, until resumed
        done: Jane Doe in "outbound": touch 3 of 5 (email) is held, and nothing goes out until you say `send`."#]]
    .assert_eq(&tale.says(Asked::Hold { number: Some(4) }, Some(&task)));
    let draft = tale.enrollment.history.draft.clone().expect("a draft");
    assert_eq!(draft.approved, None, "what was let go is held again");
    tale.says(send(), Some(&task));
    tale.now = tale.due();
    expect![["rendered 3"]].assert_eq(&tale.advance());
}

#[test]
fn a_word_about_no_draft_changes_nothing() {
    let mut tale = with_draft();
    let said = tale.says(send(), None);
    assert!(said.contains("no draft waits for your word"), "{said}");
    let mut other = draft_task(&tale);
    other.step = StepNo(5);
    let said = tale.says(send(), Some(&other));
    assert!(said.contains("no draft waits for your word"), "{said}");
    tale.says(Asked::Hold { number: None }, None);
    assert_eq!(
        tale.stands(),
        "paused before 3: Rep, until resumed",
        "without a draft it is a pause"
    );
}

#[test]
fn an_answer_of_the_prospect_stops_what_was_let_go() {
    let mut tale = with_draft();
    tale.now = tale.due();
    tale.advance();
    let task = draft_task(&tale);
    tale.says(send(), Some(&task));
    tale.comes(&answer(&Intent::Question));
    assert_eq!(tale.stands(), "paused before 3: Replied, until resumed");
    let said = tale.says(send(), Some(&task));
    assert!(said.contains("may go out, but it is paused"), "{said}");
    assert_eq!(tale.stands(), "paused before 3: Replied, until resumed");
}
