//! Handlebars → a checked text. Only words, `or`, `if` and `unless` get through; all else is an error with its place.
//!
//! Handlebars' own parser reads the text, so what an author knows of `{{#if}}`, `{{else}}`, `{{! comments }}` and `~` holds.
//! Nothing is rendered by it: the checked text renders itself, so that no helper, partial or lookup exists at run time.

use super::nearest::{did_you_mean, nearest, one_of};
use super::problem::{Complaints, Place};
use super::text::{Choice, Piece, Term, Text};
use super::vocabulary::{KNOWN, is_forbidden};
use crate::model::limits;
use handlebars::template::{HelperTemplate, Parameter, Subexpression, TemplateElement};
use handlebars::{Template, TemplateError, TemplateErrorReason};
use std::collections::BTreeSet;

/// The words of Handlebars that a text may use.
const HELPERS: [&str; 3] = ["or", "if", "unless"];

/// Reads one text that begins at `origin` in its file. `fields` are the words that the cadence declares.
pub(super) fn compile(source: &str, origin: Place, fields: &[String], complaints: &mut Complaints<'_>) -> Option<Text> {
    if let Some((place, what)) = unreadable(source) {
        complaints.add(place.within(origin), what);
        return None;
    }
    match Template::compile(source) {
        Ok(template) => {
            let mut reader = Reader {
                source,
                origin,
                fields,
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

/// What must be refused before the parser sees it: characters that no text has, and nesting on which it would recurse.
fn unreadable(source: &str) -> Option<(Place, String)> {
    if let Some((at, c)) = source.char_indices().find(|(_, c)| is_forbidden(*c)) {
        let what = format!("the character U+{:04X} cannot stand in a mail: delete it", u32::from(c));
        return Some((Place::of(source, at), what));
    }
    let mut blocks = 0_usize;
    for (at, _) in source.match_indices("{{") {
        let rest = source.get(at + 2..).unwrap_or("");
        let tag = rest.split("}}").next().unwrap_or("");
        let start = tag.trim_start_matches(['{', '~']);
        if start.starts_with('#') {
            blocks += 1;
        } else if start.starts_with('/') {
            blocks = blocks.saturating_sub(1);
        }
        let brackets = tag.matches(['(', '[', '{']).count();
        if blocks > limits::TEXT_NESTING || (!start.starts_with('!') && brackets > limits::TEXT_NESTING) {
            let what = format!(
                "more than {} levels in one another: make two steps of it",
                limits::TEXT_NESTING
            );
            return Some((Place::of(source, at), what));
        }
    }
    None
}

fn syntax(error: &TemplateError) -> String {
    match error.reason() {
        TemplateErrorReason::MismatchingClosedHelper(open, close) => {
            format!("`{{{{#{open}}}}}` is closed by `{{{{/{close}}}}}`: close what was opened last")
        }
        _ => "cannot read on from here: expected `{{word}}`, `{{or word \"fallback\"}}` or \
              `{{#if word}}…{{else}}…{{/if}}`, each closed"
            .to_owned(),
    }
}

struct Reader<'a, 'b> {
    source: &'a str,
    origin: Place,
    fields: &'a [String],
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
            TemplateElement::Expression(tag) => self.spoken(tag, at).map(Piece::Say),
            TemplateElement::HelperBlock(block) => self.block(block, at),
            TemplateElement::Comment(_) => None,
            TemplateElement::HtmlExpression(_) => {
                self.refuse(at, "values go in as they are: write `{{word}}` with two braces")
            }
            TemplateElement::PartialExpression(_) | TemplateElement::PartialBlock(_) => {
                self.refuse(at, "a text cannot include another: write it out")
            }
            _ => self.refuse(at, "expected a word, `or`, `if` or `unless`"),
        }
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
        if terms.is_empty() {
            return self.refuse(at, "expected a word");
        }
        Some(Choice(terms))
    }

    fn word(&mut self, name: &str, at: Place) -> Option<Term> {
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
