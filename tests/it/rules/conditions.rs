//! Steps for some prospects only, and what a cadence says about outcomes.

use super::*;
use cadence::rules::{condition, succession};
use expect_test::expect;

fn condition(step: u16, is: Option<TaskOutcome>) -> Condition {
    Condition::Outcome {
        step: StepNo(step),
        template: format!("step-{step}"),
        is,
    }
}

/// The third touch only under this condition; touch 2, the call, is the rep's to do.
fn only_when(when: Condition) -> Tale {
    let mut cadence = outbound();
    cadence.steps[2].when = Some(when);
    let mut tale = Tale::begin_in(cadence);
    tale.now = tale.due();
    tale.advance();
    tale
}

fn logged(tale: &mut Tale, outcome: TaskOutcome) -> String {
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
    let (number, note) = (Some(1), None);
    tale.says(
        Asked::Log {
            number,
            outcome,
            note,
            at: None,
        },
        Some(&task),
    )
}

fn when_due(tale: &mut Tale) -> String {
    tale.now = tale.due();
    tale.advance()
}

#[test]
fn a_touch_whose_condition_does_not_hold_is_left_out_and_the_next_follows() {
    let mut tale = only_when(condition(2, Some(TaskOutcome::Voicemail)));
    logged(&mut tale, TaskOutcome::Connected);
    expect![[r#"
        left out 3: `outcome("step-2") is voicemail` does not hold: touch 2 was logged as "connected"
        scheduled 4 for Mon 16 Mar 10:00: day 6, at 10:00 …"#]]
    .assert_eq(&when_due(&mut tale));
}

#[test]
fn what_is_logged_until_the_touch_falls_due_counts() {
    let mut tale = only_when(condition(2, Some(TaskOutcome::Voicemail)));
    let before = condition::holds(&condition(2, Some(TaskOutcome::Voicemail)), &tale.enrollment, tale.now);
    logged(&mut tale, TaskOutcome::Voicemail);
    assert!(!before);
    assert_eq!(when_due(&mut tale), "rendered 3");
}

#[test]
fn why_a_conditional_touch_waits_names_its_condition() {
    let tale = only_when(Condition::Known("phone".to_owned()));
    let Standing::Waiting { why, .. } = &tale.enrollment.standing else {
        panic!("it waits");
    };
    assert!(why.ends_with(", only when phone is known"), "{why}");
}

#[test]
fn a_last_touch_that_is_left_out_ends_the_cadence() {
    let mut cadence = cadence(
        Days::Business,
        &[(1, At::Immediately, Channel::Email), (2, At::Morning, Channel::Email)],
    );
    cadence.steps[1].when = Some(Condition::Known("company".to_owned()));
    let mut tale = Tale::begin_in(cadence);
    expect![[r#"
        left out 2: `company is known` does not hold: no company is known
        ended: completed (over)"#]]
    .assert_eq(&when_due(&mut tale));
}

#[test]
fn conditions_ask_words_outcomes_and_replies() {
    let mut tale = Tale::waiting_at_3();
    let prospect = &mut tale.enrollment.prospect;
    prospect.fields.insert("title".to_owned(), "Chief Buyer".to_owned());
    prospect.fields.insert("company".to_owned(), "  ".to_owned());
    let text = |field: &str, value: &str| (field.to_owned(), value.to_owned());
    let (field, value) = text("title", "chief");
    let contains = Condition::Contains { field, value };
    let (field, value) = text("title", "CHIEF BUYER ");
    let is = Condition::Is { field, value };
    let (none, blank) = (condition(2, None), Condition::Known("company".to_owned()));
    let never = [Condition::RepliedDaysAgo(0), Condition::RepliedWithin(400)];
    let holds = |tale: &Tale, condition: &Condition| condition::holds(condition, &tale.enrollment, tale.now);
    assert!(holds(&tale, &contains) && holds(&tale, &is) && holds(&tale, &none));
    assert!(!holds(&tale, &blank), "a blank word is not known");
    assert!(!never.iter().any(|never| holds(&tale, never)), "nobody answered");
    assert!(holds(&tale, &Condition::Not(Box::new(blank.clone()))));
    assert!(holds(&tale, &Condition::Any(vec![blank.clone(), is.clone()])));
    assert!(!holds(&tale, &Condition::All(vec![blank, is])));
    logged(&mut tale, TaskOutcome::Connected);
    assert!(holds(&tale, &Condition::Ever(TaskOutcome::Connected)) && !holds(&tale, &none));
    tale.comes(&Signal::Reply {
        from: None,
        maybe: false,
        intent: None,
    });
    tale.now += jiff::SignedDuration::from_hours(49);
    assert!(holds(&tale, &Condition::RepliedDaysAgo(2)) && !holds(&tale, &Condition::RepliedWithin(2)));
}

/// A cadence that does this when the call of touch 2 is logged so.
fn doing(outcome: TaskOutcome, action: Action) -> Tale {
    let mut cadence = outbound();
    cadence.on.outcomes.push((outcome, action));
    let mut tale = Tale::begin_in(cadence);
    tale.now = tale.due();
    tale.advance();
    tale
}

#[test]
fn an_outcome_does_what_the_cadence_says() {
    let table = [
        (TaskOutcome::Connected, Action::Pause),
        (TaskOutcome::WrongNumber, Action::Finish),
        (TaskOutcome::Voicemail, Action::Postpone(7)),
        (TaskOutcome::Voicemail, Action::Postpone(1)),
        (TaskOutcome::Meeting, Action::GoOn),
    ];
    let told = table.map(|(outcome, action)| {
        let mut tale = doing(outcome, action);
        logged(&mut tale, outcome)
    });
    expect![[r#"
        task closed 2: connected None
        paused: Rep, until resumed
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "connected"; paused, as the cadence says: touch 3 of 5 (email) waits until you say `resume`.
        task closed 2: wrong number None
        ended: stopped by the rep
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "wrong number"; the number is marked as wrong; the enrollment is over (stopped by the rep), no more touches. To begin anew, hand the prospect over again.
        task closed 2: voicemail None
        scheduled 3 for Mon 16 Mar 10:19: put off by 7 days, as the cadence says; day 3 moves to Mon 16 Mar, in the morning …
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "voicemail"; touch 3 of 5 (email) is put off until Mon 16 Mar 10:19 your time.
        task closed 2: voicemail None
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "voicemail"; touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time.
        task closed 2: meeting None
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "meeting"; touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time. Say when it is, such as `meeting tue 15:00`, and you are asked how it went."#]].assert_eq(&told.join("\n"));
}

#[test]
fn a_touch_waits_for_the_one_before_it_to_be_logged_and_not_for_ever() {
    let mut cadence = outbound();
    cadence.on.unlogged = Unlogged::Wait(4);
    let mut tale = Tale::begin_in(cadence);
    tale.now = tale.due();
    expect![[r#"
        task opened 2
        scheduled 3 for Fri 13 Mar 10:19: waits for you to log touch 2, until then at most; day 3 moves to Fri 13 Mar, in the morning …"#]].assert_eq(&tale.advance());
    let mut forgotten = tale.clone();
    expect![[r#"
        task closed 2: no answer None
        scheduled 3 for Wed 11 Mar 10:19: day 3, in the morning …
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "no answer"; touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time."#]].assert_eq(&logged(&mut tale, TaskOutcome::NoAnswer));
    assert_eq!(when_due(&mut forgotten), "rendered 3", "the wait has an end");
}

#[test]
fn who_completes_a_cadence_goes_on_where_it_says_in_a_conversation_of_its_own() {
    let mut tale = Tale::waiting_at_3();
    let to = CadenceName::parse("inbound-nurture").expect("a name");
    let switch = Switch {
        to: to.clone(),
        after: 30,
    };
    tale.cadence.on.completed = Some(switch.clone());
    let completed = Fact::Ended {
        outcome: Ending::Completed,
    };
    let leads = |tale: &Tale, fact: &Fact| succession::leads_to(&tale.view(), std::slice::from_ref(fact)).cloned();
    assert_eq!(leads(&tale, &completed), Some(switch.clone()));
    let stopped = Fact::Ended {
        outcome: Ending::OptedOut,
    };
    assert_eq!(leads(&tale, &stopped), None, "who was stopped goes nowhere");
    let next = Cadence { name: to, ..outbound() };
    let follows = succession::successor(&tale.view(), &switch, &next, tale.now);
    let again = succession::successor(&tale.view(), &switch, &next, tale.now);
    assert_eq!(follows, again, "the same end makes the same enrollment");
    let lines: Vec<String> = follows.facts.iter().map(fact_line).collect();
    expect![[r#"
        enrolled, adopted None
        scheduled 1 for Wed 08 Apr 09:00: goes on from "outbound" after 30 days; day 1, at once …"#]]
    .assert_eq(&lines.join("\n"));
}
