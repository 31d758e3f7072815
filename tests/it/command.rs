//! The binary, run as a person runs it.

use assert_cmd::Command;
use std::path::Path;

/// What a command came to, as a person sees it.
pub struct Seen {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The command with these arguments in `folder`, typed by Kim.
pub fn cadence(folder: &Path, arguments: &[&str]) -> Seen {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadence"));
    let command = command.current_dir(folder).env("USER", "kim").args(arguments);
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Seen {
        code: output.status.code().unwrap(),
        out: text(&output.stdout),
        err: text(&output.stderr),
    }
}
