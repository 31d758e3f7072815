//! A share of the mutated mails and of the readers that the on-demand runner (`benches/mutate.rs`) has a million of.

use crate::mutate::Mails;
use crate::readers::READERS;
use std::panic::catch_unwind;
use std::path::Path;

#[test]
fn three_hundred_changed_mails_make_no_reader_panic() {
    let mails = Mails::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"));
    for number in 0..300 {
        let mail = mails.changed(number);
        for (name, read) in READERS {
            assert!(
                catch_unwind(|| read(&mail)).is_ok(),
                "{name} panics; `cargo bench --bench mutate -- --only {number}` shows where"
            );
        }
    }
}
