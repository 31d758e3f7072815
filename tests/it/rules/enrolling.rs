//! Handing over.

use super::*;
use cadence::rules::enroll;
use expect_test::expect;

#[test]
fn the_reps_own_mail_is_touch_1_and_the_receipt_has_every_other() {
    let now = at("2026-03-09T10:02");
    let enrolled = hand_over(&ana(), &candidate("jane@acme.test"), &outbound(), now).expect("enrolled");
    let facts: Vec<String> = enrolled.facts.iter().map(fact_line).collect();
    let plan: Vec<String> = enrolled
        .plan
        .iter()
        .map(|touch| {
            format!(
                "{} {}: {}",
                touch.step.number,
                shown(touch.slot.at),
                brief(&touch.slot.why)
            )
        })
        .collect();
    expect![[r#"
        enrolled, adopted Some(StepNo(1))
        scheduled 2 for Mon 09 Mar 16:20: day 1, in the afternoon …
        plan
        2 Mon 09 Mar 16:20: day 1, in the afternoon …
        3 Wed 11 Mar 10:19: day 3, in the morning …
        4 Mon 16 Mar 10:00: day 6, at 10:00 …
        5 Thu 26 Mar 09:00: day 14, held until the window opens at 09:00 …"#]]
    .assert_eq(&format!("{}\nplan\n{}", facts.join("\n"), plan.join("\n")));
    let journal: Vec<Recorded> = enrolled
        .facts
        .iter()
        .map(|fact| Recorded {
            at: now,
            fact: fact.clone(),
        })
        .collect();
    assert_eq!(Enrollment::fold(enrolled.id, &journal), Ok(enrolled.enrollment.clone()));
    assert_eq!(enrolled.id, enrolled.enrollment.id);
}

#[test]
fn a_cadence_of_one_step_is_complete_at_once() {
    let one = cadence(Days::Business, &[(1, At::Immediately, Channel::Email)]);
    let now = at("2026-03-09T10:02");
    let enrolled = hand_over(&ana(), &candidate("jane@acme.test"), &one, now).expect("enrolled");
    let facts: Vec<String> = enrolled.facts.iter().map(fact_line).collect();
    expect![[r#"
        enrolled, adopted Some(StepNo(1))
        ended: completed"#]]
    .assert_eq(&facts.join("\n"));
    let journal: Vec<Recorded> = enrolled
        .facts
        .iter()
        .map(|fact| Recorded {
            at: now,
            fact: fact.clone(),
        })
        .collect();
    assert_eq!(Enrollment::fold(enrolled.id, &journal), Ok(enrolled.enrollment));
    assert!(enrolled.plan.is_empty());
}

#[test]
fn refusals_come_in_the_order_a_rep_expects() {
    let tale = Tale::begin();
    let ben = rep("ben@corp.test", "Ben Corp");
    let refused = |change: &dyn Fn(&mut Candidate<'_>), by: &Rep| {
        let mut candidate = Candidate {
            active: Some((&tale.enrollment, Some(&tale.rep))),
            suppressed: Some(SuppressionReason::OptedOut),
            missing: vec![("company".to_owned(), StepNo(3))],
            own_domain: true,
            ..candidate("jane@acme.test")
        };
        change(&mut candidate);
        match hand_over(by, &candidate, &outbound(), at("2026-03-10T10:00")).map_err(|refusal| *refusal) {
            Err(Refusal::AlreadyActive { cadence, by }) => {
                format!("active in {cadence}, {}", by.map_or("own".to_owned(), |rep| rep.name))
            }
            Err(other) => format!("{other:?}"),
            Ok(_) => "enrolled".to_owned(),
        }
    };
    let shown = [
        refused(&|_| {}, &ana()),
        refused(&|c| c.own_domain = false, &ana()),
        refused(&|c| (c.own_domain, c.suppressed) = (false, None), &ana()),
        refused(&|c| (c.own_domain, c.suppressed) = (false, None), &ben),
        refused(
            &|c| {
                (c.own_domain, c.suppressed) = (false, None);
                c.active = c.active.map(|(active, _)| (active, None));
            },
            &ben,
        ),
        refused(
            &|c| (c.own_domain, c.suppressed, c.active) = (false, None, None),
            &ana(),
        ),
    ];
    expect![[r#"
        OwnDomain
        Suppressed(OptedOut)
        active in outbound, own
        active in outbound, Ana Corp
        active in outbound, ana@corp.test
        MissingWords([("company", StepNo(3))])"#]]
    .assert_eq(&shown.join("\n"));
}

#[test]
fn a_mail_enrolls_nobody_when_it_is_too_much_nothing_or_old() {
    let now = at("2026-03-09T10:00");
    let table: Vec<String> = [
        (6, Some(now)),
        (5, Some(now)),
        (0, Some(now)),
        (1, None),
        (1, Some(at("2026-03-07T10:00"))),
        (1, Some(at("2026-03-07T09:59"))),
        (1, Some(at("2026-03-09T11:00"))),
        (1, Some(at("2026-03-09T11:01"))),
    ]
    .into_iter()
    .map(|(found, sent)| {
        let sent_at = sent.map_or("never".to_owned(), shown);
        format!("{found} sent {sent_at}: {:?}", enroll::refuse_all(found, sent, now))
    })
    .collect();
    expect![[r#"
        6 sent Mon 09 Mar 10:00: Some(TooMany { found: 6 })
        5 sent Mon 09 Mar 10:00: None
        0 sent Mon 09 Mar 10:00: Some(NobodyToEnroll)
        1 sent never: None
        1 sent Sat 07 Mar 10:00: None
        1 sent Sat 07 Mar 09:59: Some(TooOld)
        1 sent Mon 09 Mar 11:00: None
        1 sent Mon 09 Mar 11:01: Some(TooOld)"#]]
    .assert_eq(&table.join("\n"));
}

#[test]
fn the_zone_is_found_on_the_best_evidence() {
    let table: Vec<String> = [
        (Some("america/new_york"), "jane@acme.de", Some(60)),
        (Some(" +02:00 "), "jane@acme.de", None),
        (Some("Mars/Olympus"), "jane@acme.de", Some(-300)),
        (Some("+99999999999:00"), "jane@acme.de", None),
        (None, "jane@acme.de", Some(345)),
        (None, "jane@acme.de", Some(0)),
        (None, "jane@acme.de", Some(i16::MIN)),
        (None, "jane@acme.co.uk", None),
        (None, "jane@acme.jp", None),
        (None, "jane@acme.us", None),
        (None, "jane@acme.io", None),
        (None, "jane@acme.com", Some(0)),
    ]
    .into_iter()
    .map(|(given, who, offset)| {
        format!(
            "{given:?} {who} {offset:?}: {:?}",
            enroll::zone(
                &enroll::Hints {
                    given,
                    address: &address(who),
                    phone: None,
                    country: None,
                    offset,
                },
                &ana(),
                at("2026-03-09T10:00")
            )
        )
    })
    .collect();
    expect![[r#"
        Some("america/new_york") jane@acme.de Some(60): Zone(America/New_York, given)
        Some(" +02:00 ") jane@acme.de None: Zone(+02:00, given)
        Some("Mars/Olympus") jane@acme.de Some(-300): Zone(-05:00, from the Date header)
        Some("+99999999999:00") jane@acme.de None: Zone(Europe/Berlin, from the address's country)
        None jane@acme.de Some(345): Zone(+05:45, from the Date header)
        None jane@acme.de Some(0): Zone(Europe/Berlin, from the address's country)
        None jane@acme.de Some(-32768): Zone(Europe/Berlin, from the address's country)
        None jane@acme.co.uk None: Zone(Europe/London, from the address's country)
        None jane@acme.jp None: Zone(Asia/Tokyo, from the address's country)
        None jane@acme.us None: Zone(America/New_York & America/Chicago & America/Los_Angeles & America/Denver, from the address's country)
        None jane@acme.io None: Zone(Europe/Berlin, yours, nothing else is known)
        None jane@acme.com Some(0): Zone(Europe/Berlin, yours, nothing else is known)"#]]
    .assert_eq(&table.join("\n"));
}
