//! Commands by mail, from the grammar's table to the answer: every verb, said as people say it.

mod asked;
mod told;
