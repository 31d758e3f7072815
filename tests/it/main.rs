//! The one test binary. Stories are told in `stories.rs`; the other files hold one room each to its word.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod authenticity;
mod bot_texts;
mod calibrated;
mod cli;
mod command;
mod commands;
mod config;
mod corpus;
mod demo;
mod digests;
mod etiquette;
mod explain;
mod forgotten;
mod forwards;
mod holds;
mod inbox;
mod language;
mod layers;
mod leads;
mod learned;
mod limits;
mod look;
mod look_alikes;
mod matched;
mod meetings;
#[path = "../mutate/mod.rs"]
mod mutate;
mod mutated;
mod numbers;
mod one_bot;
mod outbox;
mod pace;
mod promises;
#[path = "../../fuzz/readers.rs"]
mod readers;
mod real_servers;
mod rep;
mod report;
mod reps;
mod rules;
mod safety;
#[path = "../servers/mod.rs"]
mod servers;
mod signals;
mod store;
mod stories;
#[allow(dead_code, reason = "the harness offers more than the stories of today need")]
mod story;
mod templates;
mod trouble;
mod watch;
