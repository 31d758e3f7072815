//! THE GRAMMAR OF MAIL: bytes ↔ values. Pure: no clock, no dice, no I/O.
//!
//! A mail that comes in is [`read`] once, into a bounded value; [`classify`] says what it is and on what evidence. What a
//! person means by an answer is told by [`intent`], what a rep hands over by [`hand_over`], what a rep asks for by [`command`], whether it is the rep by [`authenticity`], whether
//! it may be answered by [`answerable`]. What a web form's program mails is read by [`mod@lead`]. What a rep forwards is taken apart by [`forward`], a list of people by [`list`]. A mail that goes out is made by
//! [`mod@write`]. The days of a company's own calendar file are read by [`days_off`]. By a [`lease`] one bot keeps others off its mailbox.

pub mod answerable;
mod auth_results;
pub mod authenticity;
pub mod classify;
pub mod command;
pub mod days_off;
pub mod dkim;
pub mod forward;
pub mod hand_over;
mod header;
pub mod intent;
mod key;
pub mod lead;
pub mod lease;
pub mod level;
pub mod list;
mod mime;
mod phrases;
pub mod quote;
pub mod read;
mod recipients;
mod text;
pub mod thread;
pub mod vcard;
pub mod vouched;
pub mod write;
