//! REPORT: facts → what people read about them. Pure.
//!
//! [`digest`] makes a rep's daily digest, [`in_words`] one line of any fact; both are used by `why` too. How the digest
//! looks as a mail is `template`'s matter.

mod digest;
mod holds;
mod words;

pub use digest::{DigestView, digest};
pub use holds::held;
pub use words::{in_words, in_words_at};
