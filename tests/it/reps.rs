//! What a rep gets and what a rep can say: welcome, hand-overs, lists, receipts, relays, alerts, taps.

mod desk;
mod lists;
mod welcome;
