//! Which touch earned a meeting: four ways to share one, each of which gives away exactly one meeting.

use super::measure::Measure;

/// What one meeting is, so that shares are whole numbers and add up to it.
pub const WHOLE: i64 = 1_000_000;

/// The shares of the `nth` of `many` touches, from 0.
#[must_use]
pub fn shares(nth: usize, many: usize) -> [(Measure, i64); 4] {
    let whole = |holds: bool| if holds { WHOLE } else { 0 };
    let (first, last) = (nth == 0, nth + 1 == many);
    [
        (Measure::CreditFirst, whole(first)),
        (Measure::CreditLast, whole(last)),
        (Measure::CreditLinear, part(WHOLE, nth, many)),
        (Measure::CreditPosition, position(nth, many)),
    ]
}

/// An even part of `whole`; what is left over goes to the earlier ones, one each.
fn part(whole: i64, nth: usize, many: usize) -> i64 {
    let (Ok(nth), Ok(many)) = (i64::try_from(nth), i64::try_from(many.max(1))) else {
        return 0;
    };
    whole / many + i64::from(nth < whole % many)
}

/// 40 % to either end, the rest between; of two touches half each, of one everything.
fn position(nth: usize, many: usize) -> i64 {
    let end = WHOLE * 2 / 5;
    match many {
        0 | 1 => WHOLE,
        2 => WHOLE / 2,
        _ if nth == 0 || nth + 1 == many => end,
        _ => part(WHOLE - 2 * end, nth - 1, many - 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_is_given_away_once_by_each_model() {
        for many in 1..=41 {
            let mut sums = [0; 4];
            for nth in 0..many {
                for (sum, (_, share)) in sums.iter_mut().zip(shares(nth, many)) {
                    *sum += share;
                }
            }
            assert_eq!(sums, [WHOLE; 4], "{many} touches");
        }
        assert_eq!(shares(1, 5)[3].1, 66_667);
    }
}
