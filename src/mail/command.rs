//! Lines of a rep's mail → commands: one table is the grammar.

use crate::model::Command;

/// Reads the first lines of the new text; of an empty text, the subject.
pub fn read(_new_text: &str, _subject: &str) -> Vec<Command> {
    todo!()
}
