//! The compiled texts of `templates/bot/`: one registry for plain text, one for HTML, which escapes.

use super::super::Problem;
use crate::model::Wording;
use handlebars::{Handlebars, no_escape};
use serde::Serialize;

/// Name, plain text, HTML. `page` is what all HTML stands in.
const TEXTS: &[(&str, &str, &str)] = &[
    (
        "receipt",
        include_str!("../../../templates/bot/receipt.txt"),
        include_str!("../../../templates/bot/receipt.html"),
    ),
    (
        "gathered",
        include_str!("../../../templates/bot/gathered.txt"),
        include_str!("../../../templates/bot/gathered.html"),
    ),
    (
        "question",
        include_str!("../../../templates/bot/question.txt"),
        include_str!("../../../templates/bot/question.html"),
    ),
    (
        "welcome",
        include_str!("../../../templates/bot/welcome.txt"),
        include_str!("../../../templates/bot/welcome.html"),
    ),
    (
        "relay",
        include_str!("../../../templates/bot/relay.txt"),
        include_str!("../../../templates/bot/relay.html"),
    ),
    (
        "alert",
        include_str!("../../../templates/bot/alert.txt"),
        include_str!("../../../templates/bot/alert.html"),
    ),
    (
        "answer",
        include_str!("../../../templates/bot/answer.txt"),
        include_str!("../../../templates/bot/answer.html"),
    ),
    (
        "warning",
        include_str!("../../../templates/bot/warning.txt"),
        include_str!("../../../templates/bot/warning.html"),
    ),
    (
        "digest",
        include_str!("../../../templates/bot/digest.txt"),
        include_str!("../../../templates/bot/digest.html"),
    ),
    (
        "report",
        include_str!("../../../templates/bot/report.txt"),
        include_str!("../../../templates/bot/report.html"),
    ),
];
const PARTIALS: [(&str, &str); 2] = [
    ("page", include_str!("../../../templates/bot/page.html")),
    ("taps", include_str!("../../../templates/bot/taps.html")),
];

/// All texts, compiled, strict: a word without a value is an error, not a hole.
pub(super) struct Pages {
    plain: Handlebars<'static>,
    html: Handlebars<'static>,
}

impl Pages {
    /// The shipped texts.
    pub(super) fn embedded() -> Result<Self, Vec<Problem>> {
        let mut plain = registry(no_escape);
        let mut html = registry(escaped);
        let mut problems = vec![];
        for (name, text) in PARTIALS {
            problems.extend(add(&mut html, name, "html", text));
        }
        for (name, text, page) in TEXTS {
            problems.extend(add(&mut plain, name, "txt", text));
            problems.extend(add(&mut html, name, "html", page));
        }
        if problems.is_empty() {
            Ok(Self { plain, html })
        } else {
            Err(problems)
        }
    }

    /// One text filled in. Were a text broken, the rep would at least read of what: silence is never success.
    pub(super) fn wording(&self, name: &str, subject: String, words: &impl Serialize) -> Wording {
        let plain = self
            .plain
            .render(name, words)
            .unwrap_or_else(|error| format!("{subject}\n\n(The text of this mail is broken: {error}.)\n"));
        Wording {
            // No client makes links of a subject, so the breaks in them are not needed there.
            subject: subject.replace('\u{200b}', ""),
            plain: tidy(&plain),
            html: self.html.render(name, words).ok(),
        }
    }
}

fn registry(escape: fn(&str) -> String) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    registry.register_escape_fn(escape);
    registry
}

fn add(registry: &mut Handlebars<'static>, name: &str, ending: &str, text: &str) -> Option<Problem> {
    let error = registry.register_template_string(name, text).err()?;
    let (line, column) = error.pos().unwrap_or((0, 0));
    Some(Problem {
        file: format!("bot/{name}.{ending}"),
        line,
        column,
        what: format!("it is no template: {}", error.reason()),
    })
}

/// Text for between tags and for double-quoted attributes.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        out
    })
}

/// Lines without spaces at their end, never two empty ones in a row, none at either end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && out.ends_with("\n\n")) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
