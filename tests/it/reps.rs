//! What a rep gets and what a rep can say: welcome, hand-overs, lists, receipts, relays, alerts, taps.

mod administrator;
mod alerts;
mod coming_mails;
mod command_line;
mod coverage;
pub mod desk;
mod links;
mod lists;
mod missing_words;
mod receipts;
mod taken_back;
mod welcome;
