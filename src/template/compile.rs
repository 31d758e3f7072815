//! Handlebars → a checked text. Only words, a few helpers and snippets get through; all else is an error with its place.
//!
//! Handlebars' own parser reads the text, so what an author knows of `{{#if}}`, `{{else}}`, `{{! comments }}` and `~` holds.
//! Nothing is rendered by it: the checked text renders itself, so that no helper, partial or lookup exists at run time.

use super::nearest::{did_you_mean, nearest, one_of};
use super::problem::{Complaints, Place};
use super::snippets::Snippets;
use super::text::{Choice, Piece, Term, Text};
use super::vocabulary::{KNOWN, is_forbidden};
use crate::model::limits;
use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, Subexpression, TemplateElement};
use handlebars::{Template, TemplateError, TemplateErrorReason};
use std::collections::BTreeSet;

/// The words of Handlebars that a text may use.
const HELPERS: [&str; 7] = ["or", "if", "unless", "choose", "plural", "date", "weekday"];

/// How the words begin that speak of the touch before.
const LAST_TOUCH: &str = "last_touch.";

/// What a text may speak of.
#[derive(Clone, Copy)]
pub(super) struct Speech<'a> {
    /// The words that the cadence declares.
    pub fields: &'a [String],
    /// Whether it is a text of the first step, which no touch comes before.
    pub is_first: bool,
    /// What it may include.
    pub snippets: &'a Snippets<'a>,
}

/// Reads one text that begins at `origin` in its file.
pub(super) fn compile(
    source: &str,
    origin: Place,
    speech: Speech<'_>,
    complaints: &mut Complaints<'_>,
) -> Option<Text> {
    compile_within(source, origin, speech, &[], complaints)
}

/// The same within these snippets, the outermost first.
fn compile_within(
    source: &str,
    origin: Place,
    speech: Speech<'_>,
    within: &[&str],
    complaints: &mut Complaints<'_>,
) -> Option<Text> {
    if let Some((place, what)) = unreadable(source) {
        complaints.add(place.within(origin), what);
        return None;
    }
    match Template::compile(source) {
        Ok(template) => {
            let mut reader = Reader {
                source,
                origin,
                fields: speech.fields,
                speech,
                within,
                complaints,
                told: BTreeSet::new(),
                sound: true,
            };
            let text = reader.text(&template);
            reader.sound.then_some(text)
        }
        Err(error) => {
            let (line, column) = error.pos().unwrap_or((1, 1));
            complaints.add(Place { line, column }.within(origin), syntax(&error));
            None
        }
    }
}

/// What must be refused before the parser sees it: characters that no text has, nesting on which it would recurse, and
/// what is opened and not closed, since the parser would only name the end of the file.
fn unreadable(source: &str) -> Option<(Place, String)> {
    if let Some((at, c)) = source.char_indices().find(|(_, c)| is_forbidden(*c)) {
        let what = format!("the character U+{:04X} cannot stand in a mail: delete it", u32::from(c));
        return Some((Place::of(source, at), what));
    }
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut from = 0;
    while let Some(at) = source
        .get(from..)
        .and_then(|rest| rest.find("{{"))
        .map(|found| from + found)
    {
        let tag = match tag_at(source, at) {
            Ok(tag) => tag,
            Err(what) => return Some((Place::of(source, at), what)),
        };
        from = tag.end;
        if let Some(name) = tag.inner.strip_prefix('#') {
            open.push((at, name.split([' ', '}']).next().unwrap_or("")));
        } else if tag.inner.starts_with('/') {
            open.pop();
        }
        let brackets = tag.inner.matches(['(', '[', '{']).count();
        if open.len().max(brackets) > limits::TEXT_NESTING {
            let what = format!(
                "more than {} levels in one another: make two steps of it",
                limits::TEXT_NESTING
            );
            return Some((Place::of(source, at), what));
        }
    }
    let (at, name) = open.pop()?;
    Some((
        Place::of(source, at),
        format!("`{{{{#{name} …}}}}` is opened and not closed: expected `{{{{/{name}}}}}`"),
    ))
}

struct Tag<'a> {
    /// Between the braces; empty for a comment.
    inner: &'a str,
    /// The first byte behind it.
    end: usize,
}

/// The tag that begins at `at`.
fn tag_at(source: &str, at: usize) -> Result<Tag<'_>, String> {
    let rest = source
        .get(at..)
        .unwrap_or("")
        .trim_start_matches('{')
        .trim_start_matches('~');
    let start = source.len() - rest.len();
    let (close, comment) = if rest.starts_with("!--") {
        ("--}}", true)
    } else {
        ("}}", rest.starts_with('!'))
    };
    let escaped = source.get(..at).is_some_and(|before| before.ends_with('\\'));
    let inner = rest.split(close).next().unwrap_or("");
    if escaped {
        return Ok(Tag { inner: "", end: start });
    }
    if inner.len() == rest.len() || (!comment && inner.contains("{{")) {
        return Err("this `{{` is not closed: expected `}}` behind the word".to_owned());
    }
    Ok(Tag {
        inner: if comment { "" } else { inner },
        end: start + inner.len() + close.len(),
    })
}

fn syntax(error: &TemplateError) -> String {
    match error.reason() {
        TemplateErrorReason::MismatchingClosedHelper(open, close) => {
            format!("`{{{{#{open}}}}}` is closed by `{{{{/{close}}}}}`: close what was opened last")
        }
        _ => "cannot read this: expected `{{word}}`, `{{or word \"fallback\"}}` or `{{#if word}}…{{else}}…{{/if}}`"
            .to_owned(),
    }
}

struct Reader<'a, 'b> {
    source: &'a str,
    origin: Place,
    fields: &'a [String],
    speech: Speech<'a>,
    /// The snippets that this text stands in.
    within: &'a [&'a str],
    complaints: &'a mut Complaints<'b>,
    /// Unknown words already complained about.
    told: BTreeSet<String>,
    sound: bool,
}

impl Reader<'_, '_> {
    fn text(&mut self, template: &Template) -> Text {
        let places = template.mapping.iter().map(|at| Place {
            line: at.0,
            column: at.1,
        });
        let places = places.chain(std::iter::repeat(Place::START));
        Text(
            template
                .elements
                .iter()
                .zip(places)
                .filter_map(|(element, at)| self.piece(element, at))
                .collect(),
        )
    }

    fn piece(&mut self, element: &TemplateElement, at: Place) -> Option<Piece> {
        match element {
            TemplateElement::RawString(text) => Some(Piece::Literal(text.clone())),
            TemplateElement::Expression(tag) => match tag.name.as_name() {
                Some("choose") if !tag.params.is_empty() => self.chosen(tag, at),
                Some("plural") if !tag.params.is_empty() => self.plural(tag, at),
                Some(name @ ("date" | "weekday")) if !tag.params.is_empty() => self.day(tag, name == "weekday", at),
                _ => self.spoken(tag, at).map(Piece::Say),
            },
            TemplateElement::HelperBlock(block) => self.block(block, at),
            TemplateElement::Comment(_) => None,
            TemplateElement::HtmlExpression(_) => {
                self.refuse(at, "values go in as they are: write `{{word}}` with two braces")
            }
            TemplateElement::PartialExpression(tag) => self.snippet(tag, at),
            TemplateElement::PartialBlock(_) => {
                self.refuse(at, "a snippet stands alone: `{{> name}}`, without a text inside")
            }
            _ => self.refuse(at, "expected a word, `or`, `if` or `unless`"),
        }
    }

    /// `{{> case-study}}`.
    fn snippet(&mut self, tag: &DecoratorTemplate, at: Place) -> Option<Piece> {
        let name = tag.name.as_name().unwrap_or_default().to_owned();
        if !tag.params.is_empty() || !tag.hash.is_empty() {
            return self.refuse(at, "a snippet takes nothing behind its name: `{{> name}}`");
        }
        if self.within.contains(&name.as_str()) {
            return self.refuse(
                at,
                &format!("`{name}` stands in itself and has no end: write it out, or take it out"),
            );
        }
        if self.within.len() >= limits::SNIPPETS {
            let what = format!("more than {} snippets in one another: write it out", limits::SNIPPETS);
            return self.refuse(at, &what);
        }
        let files = self.speech.snippets.of(&name);
        if files.is_empty() {
            let near = did_you_mean(&name, self.speech.snippets.names());
            let what = format!(
                "there is no snippet `{name}`{near}: write `{name}.md` into this cadence's folder, or into `snippets`"
            );
            return self.refuse(at, &what);
        }
        if !files.iter().any(|(pick, ..)| pick.is_plain()) {
            let what = format!("the snippet `{name}` has no `{name}.md` for those whom no other fits");
            return self.refuse(at, &what);
        }
        let mut within = self.within.to_vec();
        within.push(&name);
        let mut texts = Vec::new();
        for (pick, file, text) in files {
            let complaints = &mut self.complaints.of(file);
            match compile_within(text.trim_end(), Place::START, self.speech, &within, complaints) {
                Some(text) => texts.push((pick, text)),
                None => self.sound = false,
            }
        }
        Some(Piece::Snippet(texts))
    }

    /// `{{choose industry "retail" "your shops" "your teams"}}`.
    fn chosen(&mut self, tag: &HelperTemplate, at: Place) -> Option<Piece> {
        const EXPECTED: &str = "`choose` takes a word, what it may contain and what is said then, and last what is said \
                                otherwise: `{{choose industry \"retail\" \"your shops\" \"your teams\"}}`";
        let (Some((first, rest)), true) = (tag.params.split_first(), tag.hash.is_empty()) else {
            return self.refuse(at, EXPECTED);
        };
        let texts: Option<Vec<String>> = rest.iter().map(literal).collect();
        let (Some(name), Some(mut texts)) = (first.as_name(), texts) else {
            return self.refuse(at, EXPECTED);
        };
        let Some(Term::Word(word)) = self.word(name, at) else {
            return None;
        };
        let Some(otherwise) = texts
            .pop()
            .filter(|_| !texts.is_empty() && texts.len().is_multiple_of(2))
        else {
            return self.refuse(at, EXPECTED);
        };
        let cases = texts.chunks_exact(2).filter_map(|pair| match pair {
            [case, said] => Some((case.to_lowercase(), said.clone())),
            _ => None,
        });
        Some(Piece::Choose {
            word,
            cases: cases.collect(),
            otherwise,
        })
    }

    /// `{{plural sites "site" "sites"}}`.
    fn plural(&mut self, tag: &HelperTemplate, at: Place) -> Option<Piece> {
        let said = match tag.params.as_slice() {
            [count, one, many] if tag.hash.is_empty() => (count.as_name(), literal(one), literal(many)),
            _ => (None, None, None),
        };
        let (Some(count), Some(one), Some(many)) = said else {
            return self.refuse(
                at,
                "`plural` takes a word that is a number, and what is said of one and of many: `{{plural sites \"site\" \"sites\"}}`",
            );
        };
        let Some(Term::Word(count)) = self.word(count, at) else {
            return None;
        };
        Some(Piece::Plural { count, one, many })
    }

    /// `{{date 3}}` and `{{weekday 3}}`.
    fn day(&mut self, tag: &HelperTemplate, weekday: bool, at: Place) -> Option<Piece> {
        let after = match tag.params.as_slice() {
            [Parameter::Literal(days)] if tag.hash.is_empty() => days.as_u64().filter(|days| *days <= 60),
            _ => None,
        };
        let Some(after) = after.and_then(|days| u16::try_from(days).ok()) else {
            return self.refuse(
                at,
                "`date` and `weekday` take a number of days up to 60: `{{weekday 2}}`",
            );
        };
        Some(Piece::Day { after, weekday })
    }

    /// `{{word}}` or `{{or word …}}`.
    fn spoken(&mut self, tag: &HelperTemplate, at: Place) -> Option<Choice> {
        if let Parameter::Subexpression(inner) = &tag.name {
            return self.subexpression(inner, at);
        }
        let name = tag.name.as_name().unwrap_or_default();
        if tag.params.is_empty() && tag.hash.is_empty() {
            return self.word(name, at).map(|word| Choice(vec![word]));
        }
        match name {
            "or" if tag.hash.is_empty() => self.choice(&tag.params, at),
            "if" | "unless" => {
                let what = format!("`{name}` stands around a text: `{{{{#{name} word}}}}…{{{{/{name}}}}}`");
                self.refuse(at, &what)
            }
            _ => self.refuse(at, &unknown_helper(name, &self.known())),
        }
    }

    /// `{{#if word}}…{{else}}…{{/if}}` and its opposite.
    fn block(&mut self, block: &HelperTemplate, at: Place) -> Option<Piece> {
        let name = block.name.as_name().unwrap_or_default();
        if !matches!(name, "if" | "unless") {
            return self.refuse(at, &unknown_helper(name, &self.known()));
        }
        let known = match block.params.as_slice() {
            [Parameter::Path(_) | Parameter::Name(_)] if plain(block) => self.choice(&block.params, at),
            [Parameter::Subexpression(inner)] if plain(block) => self.subexpression(inner, at),
            _ => {
                let what = format!("`{name}` takes one word: `{{{{#{name} word}}}}`, or `{{{{#{name} (or a b)}}}}`");
                self.refuse(at, &what)
            }
        };
        let first = block
            .template
            .as_ref()
            .map(|inner| self.text(inner))
            .unwrap_or_default();
        let second = block.inverse.as_ref().map(|inner| self.text(inner)).unwrap_or_default();
        let (then, otherwise) = if name == "if" { (first, second) } else { (second, first) };
        known.map(|known| Piece::When { known, then, otherwise })
    }

    /// `(or a b)`.
    fn subexpression(&mut self, inner: &Subexpression, at: Place) -> Option<Choice> {
        match inner.as_element() {
            TemplateElement::Expression(tag) if tag.name.as_name() == Some("or") && tag.hash.is_empty() => {
                self.choice(&tag.params, at)
            }
            _ => self.refuse(at, "only `or` stands in brackets: `(or a b)`"),
        }
    }

    fn choice(&mut self, params: &[Parameter], at: Place) -> Option<Choice> {
        let mut terms = Vec::new();
        for (place, param) in params.iter().enumerate() {
            match (param, param.as_name()) {
                (_, Some(name)) => terms.extend(self.word(name, at)),
                (Parameter::Literal(value), None) => {
                    let text = value
                        .as_str()
                        .filter(|text| !text.trim().is_empty() && !text.contains(is_forbidden));
                    let Some(text) = text.filter(|_| place > 0 && place + 1 == params.len()) else {
                        return self.refuse(at, "a fallback is a text in quotes, not blank, and stands last");
                    };
                    terms.push(Term::Fallback(text.to_owned()));
                }
                _ => return self.refuse(at, "expected words, and a fallback in quotes at the end"),
            }
        }
        if params.is_empty() {
            return self.refuse(at, "expected a word");
        }
        // An unknown word has been complained about, and the text is not used then.
        Some(Choice(terms)).filter(|choice| !choice.0.is_empty())
    }

    fn word(&mut self, name: &str, at: Place) -> Option<Term> {
        if name.starts_with(LAST_TOUCH) && self.speech.is_first {
            return self.refuse(
                at,
                "no touch comes before the first: `last_touch` is for the steps behind it",
            );
        }
        if KNOWN.contains(&name) || self.fields.iter().any(|field| field == name) {
            return Some(Term::Word(name.to_owned()));
        }
        self.sound = false;
        if self.told.insert(name.to_owned()) {
            let what = unknown_word(name, &self.known());
            let place = place_of_word(self.source, name).unwrap_or(at);
            self.complaints.add(place.within(self.origin), what);
        }
        None
    }

    fn known(&self) -> Vec<String> {
        KNOWN
            .iter()
            .map(|word| (*word).to_owned())
            .chain(self.fields.iter().cloned())
            .collect()
    }

    fn refuse<T>(&mut self, at: Place, what: &str) -> Option<T> {
        self.sound = false;
        self.complaints.add(at.within(self.origin), what);
        None
    }
}

/// A text in quotes that may stand in a mail; it may be empty.
fn literal(param: &Parameter) -> Option<String> {
    match param {
        Parameter::Literal(value) => value
            .as_str()
            .filter(|text| !text.contains(is_forbidden))
            .map(str::to_owned),
        _ => None,
    }
}

fn plain(block: &HelperTemplate) -> bool {
    block.hash.is_empty() && block.block_param.is_none()
}

fn unknown_word(name: &str, known: &[String]) -> String {
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("unknown word `{name}`: did you mean `{near}`?"),
        None => format!("unknown word `{name}`: declare it in `fields` of cadence.toml if prospects have it"),
    }
}

fn unknown_helper(name: &str, known: &[String]) -> String {
    if known.iter().any(|word| word == name) {
        return format!("`{name}` is a word and takes nothing after it; a fallback is `{{{{or {name} \"…\"}}}}`");
    }
    format!(
        "unknown `{name}`{}; expected {}",
        did_you_mean(name, HELPERS),
        one_of(&HELPERS)
    )
}

/// Where a word stands first inside braces.
fn place_of_word(source: &str, word: &str) -> Option<Place> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '$' | ':');
    source.match_indices(word).map(|(at, _)| at).find_map(|at| {
        let (before, after) = (source.get(..at)?, source.get(at + word.len()..)?);
        let inside = before.rfind("{{") > before.rfind("}}");
        let whole = !before.ends_with(part) && !after.starts_with(part);
        (inside && whole).then(|| Place::of(source, at))
    })
}
