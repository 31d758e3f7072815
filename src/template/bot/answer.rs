//! The answer to a mail with commands.

use super::safe;
use crate::model::AnswerLine;
use serde::Serialize;

/// What `answer.txt` and `answer.html` speak of.
#[derive(Serialize)]
pub(super) struct Answer {
    lines: Vec<Line>,
    /// Whether something was not done.
    trouble: bool,
}

#[derive(Serialize)]
struct Line {
    said: String,
    /// What was done, a line each.
    answer: Vec<String>,
    done: bool,
}

impl Answer {
    pub(super) fn new(lines: &[AnswerLine]) -> Self {
        let line = |line: &AnswerLine| Line {
            said: safe::untrusted(&line.said),
            answer: safe::lines(&line.answer)
                .iter()
                .map(|text| safe::defanged(text))
                .collect(),
            done: line.done,
        };
        Self {
            lines: lines.iter().map(line).collect(),
            trouble: lines.iter().any(|line| !line.done),
        }
    }

    /// `Done: 1 connected`.
    pub(super) fn subject_line(&self) -> String {
        let undone = self.lines.iter().filter(|line| !line.done).count();
        match (self.lines.as_slice(), undone) {
            ([], _) => "Nothing to do was found in your mail".to_owned(),
            ([one], 0) => format!("Done: {}", one.said),
            ([one], _) => format!("Not done: {}", one.said),
            (all, 0) => format!("Done: all {} lines", all.len()),
            (all, undone) => format!("Done: {} of {} lines", all.len() - undone, all.len()),
        }
    }
}
