//! What is wrong with a configuration: every problem with its place, all of them at once.

use std::fmt;

/// One thing wrong: where, what was expected and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1; 0 when the whole file is meant.
    pub line: usize,
    /// From 1, in characters; 0 when the whole file is meant.
    pub column: usize,
    /// `[mailbox].port`; empty when the file is no TOML.
    pub key: String,
    /// What was expected, and what was found. Never a secret: secrets are not in the file.
    pub what: String,
}

/// All problems of one configuration, in the order of the file. Its text has a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file as the administrator named it.
    pub file: String,
    /// Never empty.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// A problem with the file as a whole.
    #[must_use]
    pub(super) fn whole(file: &str, what: String) -> Self {
        let problem = Problem {
            line: 0,
            column: 0,
            key: String::new(),
            what,
        };
        Self {
            file: file.to_owned(),
            problems: vec![problem],
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&self.file)?;
            if problem.line > 0 {
                write!(f, " line {}, column {}", problem.line, problem.column)?;
            }
            if !problem.key.is_empty() {
                write!(f, ": {}", problem.key)?;
            }
            write!(f, ": {}", problem.what)?;
        }
        Ok(())
    }
}
impl std::error::Error for ConfigError {}
