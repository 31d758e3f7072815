//! REPORT: facts → what people read about them. Pure.
//!
//! [`digest`] makes a rep's daily digest, [`in_words`] one line of any fact; both are used by `why` too. How the digest
//! looks as a mail is `template`'s matter.
//!
//! The numbers: `measure` says what is counted and what it means, `count` makes counts of a journal, `attribution` shares
//! meetings among touches.

mod advice;
mod attribution;
mod benchmark;
mod build;
mod count;
mod days;
mod definitions;
mod digest;
mod holds;
mod measure;
mod news;
mod page_csv;
mod page_html;
mod page_text;
mod people;
mod period;
mod picture;
mod rate;
mod score;
mod short;
mod subject;
mod sums;
mod team;
mod touches;
mod verdict;
mod words;

pub use benchmark::{Benchmark, benchmarks};
pub use build::{Asked, Numbers, build};
pub use count::count;
pub use days::{date_of, day_of, day_of_date, month_of};
pub use definitions::definitions;
pub use digest::{DigestView, digest};
pub use holds::held;
pub use measure::Measure;
pub use page_csv::{csv, field as csv_field};
pub use page_html::html;
pub use page_text::text;
pub use period::{Period, Span};
pub use picture::{WIDTH as PICTURE_WIDTH, picture};
pub use rate::{cell as rate_cell, rate};
pub use score::{Heat, Part, Score, Weights, score};
pub use short::{in_short, in_short_of_all};
pub use subject::{Counts, Key, Subject, add_difference, is_monthly};
pub use sums::Tallied;
pub use team::{Member, TeamView, behind, team};
pub use touches::arm;
pub use verdict::{Arm, Finding, Judged, MINIMUM, ROUNDS, Verdict, harmful, judge, needed, per_arm, thompson};
pub use words::{in_words, in_words_at};

/// The number of the definitions: raised when a measure means something else or is new, so that everything is counted anew.
pub const DEFINITIONS: i64 = 4;
