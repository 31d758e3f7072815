//! Cadence: a sales-cadence bot that lives in the inbox.
//!
//! Reading order: [`model`] (the nouns), [`service`] (the rounds), then the room your change is in. `ARCHITECTURE.md` has the
//! map, the way of one mail, the way of one due step, and the invariants.
//!
//! The pure half decides, `(view, input, now) → decision`, without async, clock, log, dice or I/O: [`model`], [`rules`], [`mail`],
//! [`template`], [`report`]. The shell does: [`store`], [`inbox`], [`outbox`], [`config`], joined by [`service`]; [`world`] and [`cli`] sit
//! on top. [`clock`] is the one place that asks for time and chance.
#![forbid(unsafe_code)]

pub mod cli;
pub mod clock;
pub mod config;
pub mod dkim;
pub mod inbox;
pub mod mail;
pub mod model;
pub mod outbox;
pub mod report;
pub mod rules;
pub mod service;
pub mod store;
pub mod template;
pub mod world;
