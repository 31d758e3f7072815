//! The binary: arguments in, exit code out. Everything else is in the library.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|defect| {
        // Only where: what a panic carries may quote a mail.
        let at = defect.location().map(|at| format!(" at {}:{}", at.file(), at.line()));
        eprintln!(
            "cadence: met a defect of the program{}; please report this line",
            at.unwrap_or_default()
        );
    }));
    cadence::cli::main().into()
}
