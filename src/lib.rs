//! Cadence: a sales-cadence bot that lives in the inbox.
#![forbid(unsafe_code)]
pub mod cli;
pub mod clock;
pub mod config;
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
