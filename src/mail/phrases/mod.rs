//! The words of mail programs and people in many languages, as data. No code here.
//!
//! All are lower case, as `quote::fold` gives them: white space collapsed, typographic apostrophes made plain. The tables
//! are set by hand, because a word a line is harder to read.

#[rustfmt::skip]
pub(super) mod away;
pub(super) mod forwarded;
pub(super) mod labels;
pub(super) mod quoted;
#[rustfmt::skip]
pub(super) mod stop;
