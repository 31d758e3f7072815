//! The compiled texts of `templates/bot/`: one registry for plain text, one for HTML, which escapes. An organisation may
//! replace any of the files; each is checked as a whole before it is used.

use super::super::Problem;
use super::inline::inlined;
use crate::model::{Wording, limits};
use handlebars::{Handlebars, no_escape};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
        "team",
        include_str!("../../../templates/bot/team.txt"),
        include_str!("../../../templates/bot/team.html"),
    ),
    (
        "report",
        include_str!("../../../templates/bot/report.txt"),
        include_str!("../../../templates/bot/report.html"),
    ),
];
/// What all HTML stands in, and the links of one tap.
const PARTIALS: [(&str, &str); 2] = [
    ("page", include_str!("../../../templates/bot/page.html")),
    ("taps", include_str!("../../../templates/bot/taps.html")),
];
/// The rules that are laid into the tags of all HTML.
const STYLE: (&str, &str) = ("style.css", include_str!("../../../templates/bot/style.css"));

/// All texts, compiled, strict: a word without a value is an error, not a hole.
pub(super) struct Pages {
    plain: Handlebars<'static>,
    html: Handlebars<'static>,
    /// What stands in for an organisation's own text that breaks while it is filled in.
    shipped: Option<Box<Pages>>,
}

impl Pages {
    /// The shipped texts.
    pub(super) fn embedded() -> Result<Self, Vec<Problem>> {
        Self::compiled(&BTreeMap::new())
    }

    /// The shipped texts, some of them replaced by an organisation's own: file name → text.
    pub(super) fn with(own: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let own: BTreeMap<&str, &str> = own.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
        let known: BTreeMap<String, &'static str> = shipped().collect();
        let mut problems: Vec<Problem> = Vec::new();
        for (file, text) in &own {
            match known.get(*file) {
                None => {
                    let names = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                    problems.push(problem(
                        file,
                        (0, 0),
                        format!("no text of the bot is called that; there are {names}"),
                    ));
                }
                Some(_) if text.len() as u64 > limits::FILE => {
                    problems.push(problem(
                        file,
                        (0, 0),
                        format!("it is larger than {} bytes", limits::FILE),
                    ));
                }
                Some(_) => problems.extend(unknown_words(file, text)),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut pages = Self::compiled(&own)?;
        if !own.is_empty() {
            pages.shipped = Some(Box::new(Self::embedded()?));
        }
        Ok(pages)
    }

    fn compiled(own: &BTreeMap<&str, &str>) -> Result<Self, Vec<Problem>> {
        let text = |file: &str, shipped: &'static str| own.get(file).copied().unwrap_or(shipped).replace("\r\n", "\n");
        let css = text(STYLE.0, STYLE.1);
        let mut plain = registry(no_escape);
        let mut html = registry(escaped);
        let mut problems = vec![];
        let pages = PARTIALS
            .into_iter()
            .chain(TEXTS.iter().map(|(name, _, page)| (*name, *page)));
        for (name, page) in pages {
            let file = format!("{name}.html");
            match inlined(&text(&file, page), &css) {
                Ok(page) => problems.extend(add(&mut html, name, &file, &page)),
                Err(what) => problems.push(problem(&file, (0, 0), what)),
            }
        }
        for (name, words, _) in TEXTS {
            let file = format!("{name}.txt");
            problems.extend(add(&mut plain, name, &file, &text(&file, words)));
        }
        if problems.is_empty() {
            Ok(Self {
                plain,
                html,
                shipped: None,
            })
        } else {
            Err(problems)
        }
    }

    /// One text filled in. An organisation's own text that breaks gives way to the shipped one. Were that broken too, the
    /// rep would at least read of what: silence is never success.
    pub(super) fn wording(&self, name: &str, subject: String, words: &impl Serialize) -> Wording {
        let shipped = self.shipped.as_deref();
        let plain = self.plain.render(name, words).or_else(|error| match shipped {
            Some(shipped) => shipped.plain.render(name, words),
            None => Err(error),
        });
        let plain = plain.unwrap_or_else(|error| format!("{subject}\n\n(The text of this mail is broken: {error}.)\n"));
        let html = self.html.render(name, words).ok();
        Wording {
            // No client makes links of a subject, so the breaks in them are not needed there.
            subject: subject.replace('\u{200b}', ""),
            plain: tidy(&plain),
            html: html.or_else(|| shipped.and_then(|shipped| shipped.html.render(name, words).ok())),
        }
    }
}

/// Every shipped file: its name, its text.
fn shipped() -> impl Iterator<Item = (String, &'static str)> {
    let texts = TEXTS
        .iter()
        .flat_map(|(name, plain, html)| [(format!("{name}.txt"), *plain), (format!("{name}.html"), *html)]);
    let partials = PARTIALS.into_iter().map(|(name, html)| (format!("{name}.html"), html));
    texts.chain(partials).chain([(STYLE.0.to_owned(), STYLE.1)])
}

/// The words of a text that the shipped one of that name does not know: they would be holes in a mail.
fn unknown_words(file: &str, text: &str) -> Vec<Problem> {
    let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
    let same = shipped().filter(|(other, _)| other.rsplit_once('.').is_some_and(|(other, _)| other == name));
    let known: BTreeSet<&str> = same.flat_map(|(_, text)| words(text)).map(|(_, word)| word).collect();
    let unknown = words(text).filter(|(_, word)| !known.contains(word));
    let unknown = unknown.map(|(at, word)| {
        let known = known.iter().copied().collect::<Vec<_>>().join(", ");
        problem(file, at, format!("nothing is known of \"{word}\"; there is {known}"))
    });
    unknown.take(limits::PROBLEMS_SHOWN).collect()
}

/// The words that a text speaks of, each with its line and column from 1.
fn words(text: &str) -> impl Iterator<Item = ((usize, usize), &str)> {
    let expressions = text.match_indices("{{").filter_map(|(at, _)| {
        let inside = text.get(at..)?.trim_start_matches(['{', '~']);
        let before = text.get(..at)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Some(((line, column), inside.split("}}").next()?))
    });
    let spoken = expressions.filter(|(_, inside)| !inside.starts_with(['/', '>', '!', '#']) || block(inside).is_some());
    spoken.flat_map(|(at, inside)| {
        let inside = block(inside).unwrap_or(inside);
        let names = inside.split(|c: char| !(c.is_alphanumeric() || "_@".contains(c)));
        names
            .filter(|name| !name.is_empty() && !name.starts_with('@') && !["else", "this", "if"].contains(name))
            .map(move |name| (at, name))
    })
}

/// What a block is about.
fn block(inside: &str) -> Option<&str> {
    ["#if ", "#unless ", "#each ", "#with "]
        .into_iter()
        .find_map(|helper| inside.strip_prefix(helper))
}

fn problem(file: &str, (line, column): (usize, usize), what: String) -> Problem {
    Problem {
        file: format!("bot/{file}"),
        line,
        column,
        what,
    }
}

fn registry(escape: fn(&str) -> String) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.set_prevent_indent(true);
    registry.register_escape_fn(escape);
    registry
}

fn add(registry: &mut Handlebars<'static>, name: &str, file: &str, text: &str) -> Option<Problem> {
    let error = registry.register_template_string(name, text).err()?;
    let at = error.pos().unwrap_or((0, 0));
    // What the parser would have liked instead is a list that helps nobody.
    let reason = error.reason().to_string();
    let reason = reason.split(": expected").next().unwrap_or_default();
    Some(problem(file, at, format!("it is no template: {reason}")))
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
