//! The store held to its word, through its public face: nothing by half, nothing twice, nothing lost.

mod asking;
mod cast;
mod committing;
mod fold;
mod intake;
mod ledger;
mod opening;
mod stored;
