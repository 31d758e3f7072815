//! Alerts of one kind that came many at once, in one mail.

use super::safe;
use crate::model::limits;
use serde::Serialize;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatheredLine {
    /// Whose, and in which cadence.
    pub who: String,
    /// What happened.
    pub what: String,
}

/// What `gathered.txt` and `gathered.html` speak of.
#[derive(Serialize)]
pub(super) struct Gathered {
    headline: String,
    lines: Vec<Line>,
    more: usize,
    remedy: &'static str,
    /// Where those stand that are not listed.
    rest: &'static str,
    /// What may be said in answer.
    hint: &'static str,
}

#[derive(Serialize)]
struct Line {
    who: String,
    what: String,
}

impl Gathered {
    pub(super) fn new(kind: &str, lines: &[GatheredLine]) -> Self {
        let (headline, remedy) = words(kind);
        let (rest, hint) = if kind == WARNINGS {
            (
                "in the log and in `cadence status`",
                "Answer with a line such as \u{201c}holds\u{201d}, \u{201c}unhold all\u{201d} or \u{201c}help\u{201d}.",
            )
        } else {
            (
                "in your next digest",
                "Answer with a line such as \u{201c}why jane@acme.com\u{201d} or \u{201c}status Acme\u{201d}.",
            )
        };
        Self {
            rest,
            hint,
            headline: format!("{} more {headline}", lines.len()),
            more: lines.len().saturating_sub(limits::ALERTS_LISTED),
            lines: lines
                .iter()
                .take(limits::ALERTS_LISTED)
                .map(|line| Line {
                    who: safe::untrusted(&line.who),
                    what: safe::untrusted(&line.what),
                })
                .collect(),
            remedy,
        }
    }

    pub(super) fn subject_line(&self) -> String {
        self.headline.clone()
    }
}

/// The kind of warnings to the administrator.
pub const WARNINGS: &str = "warnings";

/// How a kind is called, and what to do about many of it.
fn words(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "bounced" => (
            "bounced",
            "Their enrollments have ended, and these addresses are never mailed again. Many at once mostly come of an old list: look \
             at it before you enroll more of it.",
        ),
        "perhaps_bounced" => (
            "perhaps bounced",
            "Their touches wait. Many at once mostly mean that a mail server is in trouble: look at one, and say resume or stop.",
        ),
        "opted_out" => (
            "opted out",
            "Nobody here mails them again. Please do not write by hand either.",
        ),
        "complained" => (
            "reported as spam",
            "Nobody here mails them again. Many at once mean that the list or the text is wrong: pause the cadence.",
        ),
        "away" => ("away", "Their touches wait as it says. There is nothing to do."),
        "refused" => (
            "refused",
            "Many at once mostly speak about your own mail server: tell its administrator.",
        ),
        WARNINGS => (
            "warnings",
            "Many at once mostly have one cause: look at the first of them.",
        ),
        _ => (
            "reports",
            "Answer with \"why\" and an address to read what happened to somebody.",
        ),
    }
}
