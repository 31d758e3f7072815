//! The numbers: what is counted, that every format says the same, and that a test of wordings finds the truth.

mod advice;
mod by_mail;
mod cast;
mod counting;
mod dealing;
mod formats;
mod hours;
mod promoted;
mod score;
mod seeds;
mod team;
mod trials;
mod truth;
