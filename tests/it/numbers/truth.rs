//! Simulated tests of wordings whose truth is known.

use cadence::report::{Arm, Finding, judge, needed, per_arm};

fn arm(name: &str, sent: i64, hits: i64) -> Arm {
    Arm {
        name: name.to_owned(),
        sent,
        hits,
        harm: 0,
    }
}

/// Runs a test to its end, with a look after every `every` mails an arm; sends an arm got, and what was found.
fn run(dice: &mut fastrand::Rng, rates: [f64; 2], every: i64) -> (i64, Finding) {
    let mut arms = [arm("a", 0, 0), arm("b", 0, 0)];
    loop {
        for (arm, rate) in arms.iter_mut().zip(rates) {
            arm.sent += every;
            arm.hits += i64::try_from((0..every).filter(|_| dice.f64() < rate).count()).unwrap();
        }
        match judge(&arms, 100).finding {
            Finding::NotYet(_) => {}
            finding => return (arms[0].sent, finding),
        }
    }
}

#[test]
fn two_equal_wordings_have_a_winner_in_less_than_one_of_twenty_tests() {
    let mut dice = fastrand::Rng::with_seed(1);
    let runs = 2_000;
    let winners = (0..runs).filter(|nth| {
        let rate = [0.03, 0.08, 0.2][nth % 3];
        matches!(run(&mut dice, [rate, rate], 100).1, Finding::Wins(_))
    });
    let winners = winners.count();
    assert!(winners * 20 < runs, "{winners} of {runs}");
}

#[test]
fn a_true_lift_is_found_in_about_the_sends_that_were_promised() {
    let mut dice = fastrand::Rng::with_seed(2);
    for rates in [[0.05, 0.10], [0.10, 0.16]] {
        let promised = per_arm(rates[0], rates[1]);
        let runs = 200;
        let mut sends = Vec::new();
        for _ in 0..runs {
            let (sent, finding) = run(&mut dice, rates, 50);
            assert!(!matches!(finding, Finding::Harms(_)));
            if finding == Finding::Wins("b".to_owned()) {
                sends.push(sent);
            }
        }
        sends.sort_unstable();
        assert!(
            sends.len() * 100 >= runs * 98,
            "{rates:?}: found in {} of {runs}",
            sends.len()
        );
        let in_time = sends.iter().filter(|sent| **sent <= promised + 50).count();
        assert!(
            in_time * 100 >= runs * 78,
            "{rates:?}: {in_time} of {runs} within {promised}"
        );
        assert!(sends[sends.len() / 2] * 3 > promised, "not promised far too much");
    }
}

#[test]
fn below_the_minimum_there_is_no_winner_however_clear_it_looks() {
    let found = judge(&[arm("a", 99, 0), arm("b", 99, 40)], 100).finding;
    assert_eq!(found, Finding::NotYet(2));
    assert_eq!(found.word(), "not enough yet: about 2 more sends");
    let found = judge(&[arm("a", 100, 0), arm("b", 100, 40)], 100);
    assert_eq!(found.finding, Finding::Wins("b".to_owned()));
    assert!(found.arms[1].best > needed(2) && found.arms[1].loss < 1e-6 && found.arms[0].loss > 0.3);
}

#[test]
fn who_does_harm_does_not_win() {
    let mut winner = arm("b", 400, 90);
    winner.harm = 30;
    let found = judge(&[arm("a", 400, 30), winner], 100).finding;
    assert_eq!(found, Finding::Harms("b".to_owned()));
}

#[test]
fn empty_arms_and_certain_ones_are_judged_without_a_stumble() {
    for arms in [vec![], vec![arm("a", 0, 0)], vec![arm("a", 0, 0), arm("b", 0, 0)]] {
        assert!(matches!(judge(&arms, 100).finding, Finding::NotYet(_)), "{arms:?}");
    }
    let sure = judge(&[arm("a", 5_000, 5_000), arm("b", 5_000, 0)], 100);
    assert_eq!(sure.finding, Finding::Wins("a".to_owned()));
    let same = judge(&[arm("a", 4_000, 400), arm("b", 4_000, 400), arm("c", 4_000, 401)], 100);
    assert_eq!(same.finding, Finding::NoDifference);
    let sum: f64 = same.arms.iter().map(|judged| judged.best).sum();
    assert!((sum - 1.0).abs() < 1e-9);
}
