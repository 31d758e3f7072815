//! The words of mail programs and people in many languages, as data. The only code here is the search for them.
//!
//! All are lower case, as `quote::fold` gives them: white space collapsed, typographic apostrophes made plain. The tables
//! are set by hand, because a word a line is harder to read.

#[rustfmt::skip]
pub(super) mod away;
#[rustfmt::skip]
pub(super) mod forwarded;
#[rustfmt::skip]
pub(super) mod intent;
#[rustfmt::skip]
pub(super) mod labels;
#[rustfmt::skip]
pub(super) mod meeting;
#[rustfmt::skip]
pub(super) mod quoted;
#[rustfmt::skip]
pub(super) mod refusal;
#[rustfmt::skip]
pub(super) mod returned;
pub(super) mod search;
#[rustfmt::skip]
pub(super) mod stop;
