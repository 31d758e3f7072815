//! What a rep wishes, and what they read back.

use super::*;
use expect_test::expect;

fn call(tale: &Tale) -> Task {
    Task {
        id: TaskId::derive(tale.enrollment.id, StepNo(2)),
        enrollment: tale.enrollment.id,
        step: StepNo(2),
        rep: tale.rep.address.clone(),
        channel: Channel::Call,
        due: tale.now,
        script: String::new(),
        closed: None,
    }
}

fn log(outcome: TaskOutcome) -> Asked {
    Asked::Log {
        number: Some(1),
        outcome,
        note: Some("wants pricing".to_owned()),
        at: None,
    }
}

#[test]
fn stop_ends_it_once() {
    let mut tale = Tale::waiting_at_3();
    expect![[r#"
        ended: stopped by the rep
        done: Jane Doe in "outbound": stopped, no more touches. A stop is final; to begin anew, hand the prospect over again."#]].assert_eq(&tale.says(Asked::order(Order::Stop), None));
    expect![[r#"
        nothing
        done: Jane Doe in "outbound": nothing changed; it is over since Mon 9 Mar: stopped by the rep."#]]
    .assert_eq(&tale.says(Asked::order(Order::Stop), None));
    expect![[r#"
        nothing
        not done: Jane Doe in "outbound": nothing changed; it is over since Mon 9 Mar: stopped by the rep. What is over does not resume; hand the prospect over again."#]].assert_eq(&tale.says(Asked::order(Order::Resume), None));
    expect![[r#"
        nothing
        done: Jane Doe in "outbound": nothing changed; it is over since Mon 9 Mar: stopped by the rep."#]]
    .assert_eq(&tale.says(Asked::order(Order::Pause), None));
}

#[test]
fn pause_and_resume_are_each_others_undo() {
    let mut tale = Tale::waiting_at_3();
    expect![[r#"
        nothing
        done: Jane Doe in "outbound": nothing changed; it is not paused, and touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time: day 3, in the morning …."#]].assert_eq(&tale.says(Asked::order(Order::Resume), None));
    expect![[r#"
        paused: Rep, until resumed
        done: Jane Doe in "outbound": paused, touch 3 of 5 (email) waits until you say `resume`."#]]
    .assert_eq(&tale.says(Asked::order(Order::Pause), None));
    expect![[r#"
        nothing
        done: Jane Doe in "outbound": nothing changed; it is paused because you said so; touch 3 of 5 (email) waits until you resume."#]].assert_eq(&tale.says(Asked::order(Order::Pause), None));
    tale.now = at("2026-03-19T18:00");
    expect![[r#"
        resumed by ana@corp.test
        scheduled 3 for Fri 20 Mar 10:19: day 3 moves to Fri 20 Mar, in the morning …
        done: Jane Doe in "outbound": resumed, touch 3 of 5 (email) is due Fri 20 Mar 10:19 your time: day 3 moves to Fri 20 Mar, in the morning …. To undo: `pause`."#]].assert_eq(&tale.says(Asked::order(Order::Resume), None));
}

/// After a restore mails are read again, in any order.
#[test]
fn a_resume_that_was_written_before_the_answer_does_not_go_on() {
    let mut tale = Tale::waiting_at_3();
    let written = tale.now;
    tale.now = at("2026-03-10T15:00");
    tale.comes(&Signal::Reply {
        from: None,
        maybe: false,
        intent: None,
    });
    tale.now = written;
    expect![[r#"
        nothing
        not done: Jane Doe in "outbound": nothing changed; they have answered since you wrote that."#]]
    .assert_eq(&tale.says(Asked::order(Order::Resume), None));
    tale.now = at("2026-03-10T15:01");
    assert!(tale.says(Asked::order(Order::Resume), None).starts_with("resumed by"));
}

#[test]
fn a_pause_by_the_rep_outlasts_one_with_a_date() {
    let mut tale = Tale::waiting_at_3();
    tale.comes(&Signal::Bounce {
        permanent: true,
        status: None,
        why: String::new(),
        proven: false,
    });
    tale.says(Asked::order(Order::Pause), None);
    assert_eq!(tale.stands(), "paused before 3: Rep, until resumed");
}

#[test]
fn an_outcome_is_logged_and_says_what_it_changes() {
    let table = [
        TaskOutcome::Connected,
        TaskOutcome::Meeting,
        TaskOutcome::NotInterested,
        TaskOutcome::WrongNumber,
    ]
    .map(|outcome| {
        let mut tale = Tale::waiting_at_3();
        let task = call(&tale);
        tale.says(log(outcome), Some(&task))
    });
    expect![[r#"
        task closed 2: connected Some("wants pricing")
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "connected" with your note; touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time.
        task closed 2: meeting Some("wants pricing")
        ended: met
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "meeting" with your note; the enrollment is over (met), no more touches. To begin anew, hand the prospect over again. Say when it is, such as `meeting tue 15:00`, and you are asked how it went.
        task closed 2: not interested Some("wants pricing")
        ended: not interested
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "not interested" with your note; the enrollment is over (not interested), no more touches. To begin anew, hand the prospect over again.
        task closed 2: wrong number Some("wants pricing")
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "wrong number" with your note; the number is marked as wrong; touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time."#]].assert_eq(&table.join("\n"));
}

#[test]
fn an_outcome_logged_twice_changes_nothing() {
    let mut tale = Tale::waiting_at_3();
    let mut task = call(&tale);
    task.closed = Some((tale.now, TaskOutcome::Connected));
    expect![[r#"
        nothing
        done: Jane Doe in "outbound", touch 2 of 5 (call): nothing changed, it was closed as "connected" on Mon 9 Mar already."#]].assert_eq(&tale.says(log(TaskOutcome::Connected), Some(&task)));
    expect![[r#"
        nothing
        not done: Jane Doe in "outbound", touch 2 of 5 (call): nothing changed, it was closed as "connected" on Mon 9 Mar already."#]].assert_eq(&tale.says(log(TaskOutcome::Meeting), Some(&task)));
}

#[test]
fn an_outcome_after_the_end_is_kept() {
    let mut tale = Tale::waiting_at_3();
    let task = call(&tale);
    tale.says(Asked::order(Order::Stop), None);
    expect![[r#"
        task closed 2: meeting Some("wants pricing")
        done: Jane Doe in "outbound", touch 2 of 5 (call): logged "meeting" with your note; over since Mon 9 Mar: stopped by the rep. Say when it is, such as `meeting tue 15:00`, and you are asked how it went."#]].assert_eq(&tale.says(log(TaskOutcome::Meeting), Some(&task)));
}

#[test]
fn a_meeting_out_of_the_last_call_counts_although_every_touch_was_made() {
    let mut tale = Tale::begin();
    tale.cadence.steps.truncate(2);
    tale.now = tale.due();
    tale.advance();
    assert_eq!(tale.stands(), "ended: completed");
    let task = call(&tale);
    expect![[r#"
        task closed 2: meeting Some("wants pricing")
        ended: met
        done: Jane Doe in "outbound", touch 2 of 2 (call): logged "meeting" with your note; the enrollment is over (met), no more touches. To begin anew, hand the prospect over again. Say when it is, such as `meeting tue 15:00`, and you are asked how it went."#]].assert_eq(&tale.says(log(TaskOutcome::Meeting), Some(&task)));
    assert_eq!(tale.stands(), "ended: met");
}

#[test]
fn a_number_that_is_no_task_is_answered() {
    let mut tale = Tale::waiting_at_3();
    expect![[r#"
        nothing
        not done: nothing changed: there is no number 1 in that digest."#]]
    .assert_eq(&tale.says(log(TaskOutcome::Done), None));
    let mut foreign = call(&tale);
    foreign.enrollment = EnrollmentId(1);
    expect![[r#"
        nothing
        not done: nothing changed: there is no number 1 in that digest."#]]
    .assert_eq(&tale.says(log(TaskOutcome::Done), Some(&foreign)));
}

#[test]
fn why_says_where_it_stands_on_both_clocks() {
    let mut tale = Tale::waiting_at_3();
    tale.enrollment.prospect.zone = zone("America/New_York");
    expect![[r#"
        nothing
        done: Jane Doe in "outbound": touch 3 of 5 (email) is due Wed 11 Mar 10:19 your time (05:19 in America/New_York): day 3, in the morning …."#]].assert_eq(&tale.says(Asked::order(Order::Why), None));
    let mut paused = Tale::waiting_at_3();
    paused.comes(&Signal::Reply {
        from: None,
        maybe: false,
        intent: None,
    });
    expect![[r#"
        nothing
        done: Jane Doe in "outbound": paused because they answered; touch 3 of 5 (email) waits until you resume."#]]
    .assert_eq(&paused.says(Asked::order(Order::Why), None));
    expect![[r#"
        nothing
        done: Jane Doe in "outbound": touch 3 of 5 (email) is written and goes out as soon as the mailbox was read and nothing in it says stop."#]].assert_eq(&Tale::sending_3().says(Asked::order(Order::Why), None));
}

#[test]
fn help_and_what_is_unclear_are_answered() {
    let mut tale = Tale::waiting_at_3();
    expect![[r#"
        nothing
        done: How a task went (begin with its number in the digest; without one in answer to a mail about one prospect):
        `1 connected wants pricing next week`: you talked to them; what follows is noted.
        `2 vm`: you left a message.
        `3 no answer`: nobody answered.
        `4 done`: it is done, nothing more to say.
        `5 skip`: it is left out.
        `7 meeting tue 15:00`: a meeting was agreed: the cadence ends as met, and the business day after you are asked how it went.
        `8 not interested`: they said no: the cadence ends.
        `9 wrong number`: the number is marked as wrong.
        `1 reopen`: what you logged is taken back, and it is to be done again; `undo 1` says the same.

        About prospects (an address, a company, a number of the digest or `all`; without one in answer to a mail about one prospect):
        `6 snooze fri`: a numbered task comes back on that day; otherwise all touches wait until then.
        `stop jane@acme.com`: no more touches, for good.
        `finish jane@acme.com`: you go on by hand: no more touches, and no cadence follows.
        `pause jane@acme.com until 5 May`: all touches wait until you resume, or until that day.
        `resume jane@acme.com`: the next touch gets its time anew, and nothing comes in a burst.
        `why jane@acme.com`: where it stands, why, and what happened so far.
        `status Acme`: where it stands.
        `held jane@acme.com`: the meeting took place.
        `no-show jane@acme.com`: they did not come: the no-show cadence begins.
        `send 4`: the mail whose draft you have goes out; or answer the draft with your own text.
        `hold 4`: it does not go; of one without a draft, touches wait.
        `edit jane@acme.com touch 5`: the text of a mail to come, to read; with a text of your own below the line, that goes out instead; without a touch their next mail.
        `undo edit jane@acme.com touch 5`: the mail goes out as the cadence has it.
        `fill jane@acme.com title="VP Sales"`: what a touch lacked is known from now on, and who waited for it goes on; in answer to a mail about one prospect `title="VP Sales"` is enough.
        `note jane@acme.com likes short mails`: noted, and shown with the next task.
        `enroll jane@acme.com "Jane Doe" company=Acme in outbound`: enrolled, and a receipt says what comes when; or attach a CSV file.
        `switch jane@acme.com to inbound-nurture`: this cadence ends and the other one begins.
        `yes`: in answer to a question of mine about several people: all of them are enrolled.
        `no`: in answer to such a question: none of them is.
        `list`: everybody of yours who is under way.

        About cadences:
        `cadences`: all cadences, with your address for each.
        `preview outbound`: the touches of a cadence.

        About you:
        `report month`: your numbers.
        `set digest 07:00`: your digest comes at that time.
        `set zone Europe/Berlin`: your clock.
        `vacation 24 Dec to 2 Jan`: no digest and no touch in your name until you are back; with `cover ben@corp.com` all goes on, and Ben gets your mails from me.
        `back`: your vacation is over.
        `new codes`: new enrol addresses by mail; the ones so far are worthless at once.
        `help`: this.

        Days as you write them: `fri`, `tomorrow`, `in 2 weeks`, `24 Dec`, `2026-12-24`. Several lines are several commands. To enroll somebody, write to them with your address of a cadence in BCC."#]].assert_eq(&tale.says(Asked::Help, None));
    let closest = vec!["1 connected".to_owned(), "stop".to_owned()];
    expect![[r#"
        nothing
        not done: not understood, nothing changed; did you mean `1 connected` or `stop`?"#]]
    .assert_eq(&tale.says(Asked::Unclear { closest }, None));
    expect![[r#"
        nothing
        not done: not understood, nothing changed."#]]
    .assert_eq(&tale.says(Asked::Unclear { closest: Vec::new() }, None));
}
