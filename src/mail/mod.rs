//! THE GRAMMAR OF MAIL: bytes ↔ values.
//!
//! STUB of the contract.
pub mod classify;
pub mod command;
pub mod hand_over;
pub mod read;
pub mod write;
