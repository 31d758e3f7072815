//! The five promises, held against crashes, faults and strangers. A test is named by the property it holds
//! (`p03` is P3) where there is one.

mod morning;
mod pulse;
mod sending;
