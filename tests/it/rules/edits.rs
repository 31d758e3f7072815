//! A cadence is edited while somebody is in it: what is to come changes, nothing is made twice, nothing is forgotten silently.

use super::*;
use cadence::rules::condition;
use expect_test::{Expect, expect};

/// A step of the five, by the name of its file.
fn step(name: &str, day: u32) -> Step {
    Step {
        number: StepNo::FIRST,
        day,
        at: At::Morning,
        channel: Channel::Call,
        template: name.to_owned(),
        thread: true,
        when: None,
        approve: false,
    }
}

/// The cadence that these steps make; the first is an email.
fn of(steps: &[Step]) -> Cadence {
    let mut cadence = outbound();
    cadence.steps = steps.to_vec();
    for (step, number) in cadence.steps.iter_mut().zip(1..) {
        step.number = StepNo(number);
    }
    cadence.steps[0].channel = Channel::Email;
    cadence.edition = "e2".to_owned();
    cadence
}

fn five() -> Cadence {
    of(&["a", "b", "c", "d", "e"].map(|name| step(name, u32::from(name.as_bytes()[0] - b'a') * 2 + 1)))
}

/// In `five`, with `b` made and `c` waiting; then the cadence is edited.
fn edited(steps: &[Step]) -> Tale {
    let mut tale = Tale::begin_in(five());
    tale.now = tale.due();
    tale.advance();
    let now = of(steps);
    tale.cadence = edited::as_met(&tale.enrollment, &now).unwrap_or(now);
    tale
}

/// Everything that follows until it is over, a line each.
fn to_the_end(mut tale: Tale, expected: Expect) {
    let now = tale.cadence.clone();
    let mut lines = Vec::new();
    for _ in 0..10 {
        if !tale.enrollment.is_active() {
            break;
        }
        tale.now = tale.due();
        lines.push(tale.advance());
        let met = edited::as_met(&tale.enrollment, &now);
        assert!(met.is_none(), "laid on what was met, it stays as it is");
    }
    let names: Vec<String> = now
        .steps
        .iter()
        .map(|step| format!("{} {}", step.number, step.template))
        .collect();
    lines.insert(0, names.join(", "));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn a_cadence_that_was_not_edited_stays_as_it_is() {
    let mut tale = Tale::begin_in(five());
    tale.now = tale.due();
    tale.advance();
    assert_eq!(edited::as_met(&tale.enrollment, &five()), None);
    let mut sooner = five();
    sooner.steps[3].day = 6;
    assert_eq!(
        edited::as_met(&tale.enrollment, &sooner),
        None,
        "only days and texts changed"
    );
}

#[test]
fn a_step_that_was_made_and_is_gone_shifts_nothing_and_skips_nothing() {
    let tale = edited(&[step("a", 1), step("c", 5), step("d", 7), step("e", 9)]);
    to_the_end(
        tale,
        expect![[r#"
        1 a, 2 b, 3 c, 4 d, 5 e
        task opened 3
        scheduled 4 for Tue 17 Mar 11:11: day 7, in the morning …
        task opened 4
        scheduled 5 for Thu 19 Mar 11:33: day 9, in the morning …
        task opened 5
        ended: completed"#]],
    );
}

#[test]
fn a_step_that_was_to_come_next_and_is_gone_gives_way_to_the_one_behind_it_in_its_own_time() {
    let tale = edited(&[step("a", 1), step("b", 3), step("d", 7), step("e", 9)]);
    to_the_end(
        tale,
        expect![[r#"
        1 a, 2 b, 3 d, 4 e
        scheduled 3 for Tue 17 Mar 10:19: the cadence was edited, and `c` does not come now; day 7, in the morning …
        task opened 3
        scheduled 4 for Thu 19 Mar 11:11: day 9, in the morning …
        task opened 4
        ended: completed"#]],
    );
}

#[test]
fn a_step_put_before_touches_that_were_made_is_left_out_and_told() {
    let tale = edited(&[
        step("a", 1),
        step("new", 2),
        step("b", 3),
        step("c", 5),
        step("d", 7),
        step("e", 9),
    ]);
    to_the_end(
        tale,
        expect![[r#"
        1 a, 2 b, 3 new, 4 c, 5 d, 6 e
        left out 3: the cadence was edited, and it stands before touches that were made
        scheduled 4 for Fri 13 Mar 10:50: day 5, in the morning …
        task opened 4
        scheduled 5 for Tue 17 Mar 11:33: day 7, in the morning …
        task opened 5
        scheduled 6 for Thu 19 Mar 10:49: day 9, in the morning …
        task opened 6
        ended: completed"#]],
    );
}

#[test]
fn the_first_mail_that_a_rep_wrote_stands_for_its_step_wherever_that_goes() {
    // Before the first touch of the bot, and with a new first step: what the rep wrote is not written once more.
    let tale = Tale::begin_in(five());
    let now = of(&[step("new", 1), step("a", 1), step("b", 3), step("c", 5)]);
    let met = edited::as_met(&tale.enrollment, &now).expect("another plan");
    let names: Vec<String> = met
        .steps
        .iter()
        .map(|step| {
            let left_out = step.when == Some(Condition::Passed);
            format!("{}{}", step.template, if left_out { " left out" } else { "" })
        })
        .collect();
    expect![["a, new left out, b, c"]].assert_eq(&names.join(", "));
    expect![["`new` is left out, since it stands before touches that were made; `b` comes next as planned"]]
        .assert_eq(&edited::effect(&tale.enrollment, &now).expect("an effect"));
}

#[test]
fn a_step_put_before_the_coming_one_comes_first() {
    let tale = edited(&[
        step("a", 1),
        step("b", 3),
        step("new", 4),
        step("c", 5),
        step("d", 7),
        step("e", 9),
    ]);
    to_the_end(
        tale,
        expect![[r#"
        1 a, 2 b, 3 new, 4 c, 5 d, 6 e
        scheduled 3 for Fri 13 Mar 11:09: the cadence was edited, and `c` does not come now; day 4 moves to Fri 13 Mar, in the morning …
        task opened 3
        scheduled 4 for Mon 16 Mar 11:11: day 5, in the morning …
        task opened 4
        scheduled 5 for Wed 18 Mar 11:33: day 7, in the morning …
        task opened 5
        scheduled 6 for Fri 20 Mar 10:49: day 9, in the morning …
        task opened 6
        ended: completed"#]],
    );
}

#[test]
fn steps_moved_before_touches_that_were_made_are_left_out_and_each_is_told() {
    let tale = edited(&[step("a", 1), step("d", 2), step("c", 3), step("b", 5), step("e", 9)]);
    to_the_end(
        tale,
        expect![[r#"
        1 a, 2 b, 3 d, 4 c, 5 e
        left out 3: the cadence was edited, and it stands before touches that were made
        scheduled 4 for Fri 13 Mar 10:50: day 3 moves to Fri 13 Mar, in the morning …
        left out 4: the cadence was edited, and it stands before touches that were made
        scheduled 5 for Tue 17 Mar 11:33: day 9, in the morning …
        task opened 5
        ended: completed"#]],
    );
}

#[test]
fn a_cadence_cut_to_what_was_made_is_over_at_the_time_of_the_next() {
    let tale = edited(&[step("a", 1), step("b", 3)]);
    to_the_end(
        tale,
        expect![[r#"
        1 a, 2 b
        ended: completed (over)"#]],
    );
}

#[test]
fn what_was_logged_for_a_touch_is_known_wherever_its_step_stands_now() {
    let mut asks = step("e", 9);
    asks.when = Some(Condition::Outcome {
        step: StepNo(3),
        template: "b".to_owned(),
        is: Some(TaskOutcome::Voicemail),
    });
    let mut tale = Tale::begin_in(five());
    tale.now = tale.due();
    tale.advance();
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
    let outcome = TaskOutcome::Voicemail;
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
    let now = of(&[step("a", 1), step("new", 2), step("b", 3), asks]);
    let met = edited::as_met(&tale.enrollment, &now).expect("another plan");
    let last = met
        .steps
        .last()
        .and_then(|step| step.when.clone())
        .expect("a condition");
    assert!(condition::holds(&last, &tale.enrollment, tale.now), "{last:?}");
}

#[test]
fn what_an_edit_changes_is_told_before_it_happens() {
    let mut tale = Tale::begin_in(five());
    tale.now = tale.due();
    tale.advance();
    for (steps, told) in [
        (&[step("a", 1), step("b", 3), step("c", 6)][..], None),
        (&[step("a", 1), step("c", 5)], Some("`c` comes next as planned")),
        (
            &[step("a", 1), step("b", 3), step("d", 7)],
            Some("`d` comes next, and not `c`"),
        ),
        (&[step("a", 1), step("b", 3)], Some("no touch is left")),
        (
            &[step("a", 1), step("new", 2), step("b", 3), step("c", 5)],
            Some("`new` is left out, since it stands before touches that were made; `c` comes next as planned"),
        ),
    ] {
        assert_eq!(edited::effect(&tale.enrollment, &of(steps)).as_deref(), told);
    }
}
