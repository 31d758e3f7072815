//! What is wrong with a file, and where: every problem names a place and what was expected there.

use std::fmt;

/// One thing wrong with a file: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// `outbound/cadence.toml`.
    pub file: String,
    /// From 1; 0 when the whole file is meant.
    pub line: usize,
    /// From 1, in characters; 0 when the whole line or file is meant.
    pub column: usize,
    /// What is wrong and what was expected. Lower case, no full stop.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}: {}", self.file, self.what),
            (line, 0) => write!(f, "{}:{line}: {}", self.file, self.what),
            (line, column) => write!(f, "{}:{line}:{column}: {}", self.file, self.what),
        }
    }
}

/// A line and a column, both from 1; column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    /// The file as a whole.
    pub const WHOLE: Self = Self { line: 0, column: 0 };
    /// Where a file begins.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place of a byte offset in a text.
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        }
    }

    /// This place, counted in a part of a file that itself begins at `origin`.
    pub fn within(self, origin: Self) -> Self {
        let column = if self.line == 1 {
            origin.column + self.column - 1
        } else {
            self.column
        };
        Self {
            line: origin.line + self.line.saturating_sub(1),
            column,
        }
    }
}

/// Collects the problems of one file.
pub(super) struct Complaints<'a> {
    file: String,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Complaints<'a> {
    /// About this file.
    pub fn about(file: String, problems: &'a mut Vec<Problem>) -> Self {
        Self { file, problems }
    }

    /// The same list for another file.
    pub fn of(&mut self, file: String) -> Complaints<'_> {
        Complaints::about(file, self.problems)
    }

    /// Adds one.
    pub fn add(&mut self, place: Place, what: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            what: what.into(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_and_not_bytes() {
        let text = "eins\nzwö drei";
        assert_eq!(Place::of(text, 0), Place::START);
        assert_eq!(
            Place::of(text, text.find("drei").unwrap()),
            Place { line: 2, column: 5 }
        );
    }
}
