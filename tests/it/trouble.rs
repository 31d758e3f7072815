//! Bad input and trouble, met by the real binary: nothing is lost, nothing is sent twice, the reason can be read, and the
//! bot lives, or ends with a code that says what to do.
//!
//! Nothing sleeps: each test waits for something that can be seen from outside, for at most [`house::PATIENCE`].

pub mod house;

mod backups;
mod bad_mail;
mod begin;
mod disk;
mod edits;
mod killed;
mod kills;
mod mailbox_away;
mod refiled;
mod servers_away;
mod two_hosts;
mod wire;
