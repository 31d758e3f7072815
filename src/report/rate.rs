//! Rates with their intervals: the Beta posterior of Jeffreys' prior, equal tails, 95 %.
//!
//! Reference: Brown, Cai, DasGupta, *Interval estimation for a binomial proportion* (2001), which recommends it for small
//! samples. The special functions are those of the crate `special`.

use crate::model::{Cell, Rate};
use special::Beta as _;

/// The prior's two parameters.
pub const PRIOR: f64 = 0.5;

/// A rate with its interval.
#[must_use]
pub fn rate(hits: i64, of: i64) -> Rate {
    // Shares of a whole that was counted on another day may be larger than it; then nothing is known.
    if of <= 0 || hits < 0 || hits > of {
        return Rate {
            hits,
            of,
            low: 0.0,
            high: 1.0,
        };
    }
    let (a, b) = posterior(hits, of);
    let ln_beta = a.ln_beta(b);
    Rate {
        hits,
        of,
        low: if hits == 0 {
            0.0
        } else {
            0.025.inv_inc_beta(a, b, ln_beta)
        },
        high: if hits == of {
            1.0
        } else {
            0.975.inv_inc_beta(a, b, ln_beta)
        },
    }
}

/// The same as a cell.
#[must_use]
pub fn cell(hits: i64, of: i64) -> Cell {
    Cell::Rate(rate(hits, of))
}

/// The parameters of the posterior.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub fn posterior(hits: i64, of: i64) -> (f64, f64) {
    let hits = hits.clamp(0, of.max(0));
    (hits as f64 + PRIOR, (of.max(0) - hits) as f64 + PRIOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_paper() {
        // Brown, Cai, DasGupta (2001), table of Jeffreys limits for n = 10 and n = 30.
        for (hits, of, low, high) in [(0, 10, 0.0, 0.217), (1, 10, 0.011, 0.381), (5, 30, 0.067, 0.327)] {
            let rate = rate(hits, of);
            assert!(
                (rate.low - low).abs() < 0.002 && (rate.high - high).abs() < 0.002,
                "{rate:?}"
            );
        }
    }

    #[test]
    fn a_rate_lies_in_its_interval_whatever_the_counts() {
        for of in [1, 2, 7, 100, 5_000, 1_000_000] {
            for hits in [0, 1, of / 3, of / 2, of - 1, of] {
                let rate = rate(hits, of);
                assert!(rate.low <= rate.value() && rate.value() <= rate.high, "{rate:?}");
            }
        }
        assert_eq!(cell(0, 0).text(), "–");
        assert_eq!(cell(4, 75).text(), "5.3 % (4 of 75; 1.8–12.2)");
    }
}
