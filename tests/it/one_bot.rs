//! One bot at a time, and old databases: the lease in the mailbox, recovery, backups, clocks that jump, and the end of a
//! process. Numbers in names are those of the reliability reference.

mod clocks;
mod copies;
mod leases;
mod recovery;
mod standing_by;
