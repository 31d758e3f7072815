//! A step's text as checked: literal text, words and choices, and nothing else. What cannot stand here cannot be said.

use super::selection::Pick;
use super::vocabulary::Vocabulary;

/// A text whose words are all known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text(pub Vec<Piece>);

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// As typed.
    Literal(String),
    /// The value of a word.
    Say(Choice),
    /// One of two texts.
    When {
        /// Decides: whether any of these has a value.
        known: Choice,
        /// Said when it has.
        then: Text,
        /// Said when it has not.
        otherwise: Text,
    },
    /// The snippet that is for this reader.
    Snippet(Vec<(Pick, Text)>),
    /// One or many of something.
    Plural {
        /// How many.
        count: String,
        /// Said of one.
        one: String,
        /// Said of all else.
        many: String,
    },
    /// By what a word says.
    Choose {
        /// The word.
        word: String,
        /// What it may contain, lower case, and what is said then.
        cases: Vec<(String, String)>,
        /// Said otherwise, and when the word is not known.
        otherwise: String,
    },
    /// A business day so many days from today.
    Day {
        /// How many.
        after: u16,
        /// Its weekday alone; else the date.
        weekday: bool,
    },
}

/// The first of these that has a value. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice(pub Vec<Term>);

/// One candidate of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// A word of the vocabulary.
    Word(String),
    /// The fallback; never blank.
    Fallback(String),
}

impl Text {
    /// The text with a mark for each value (`Vocabulary::mark`). Words without value are added to `missing`, all of them.
    pub fn marked(&self, vocabulary: &Vocabulary, missing: &mut Vec<String>) -> String {
        let mut out = String::new();
        self.mark_into(vocabulary, missing, &mut out);
        out
    }

    fn mark_into(&self, vocabulary: &Vocabulary, missing: &mut Vec<String>, out: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Say(choice) => match choice.resolve(vocabulary) {
                    Some(said) => out.push_str(&said),
                    None => missing.extend(choice.first_word().map(str::to_owned)),
                },
                Piece::When { known, then, otherwise } => {
                    let side = if known.resolve(vocabulary).is_some() {
                        then
                    } else {
                        otherwise
                    };
                    side.mark_into(vocabulary, missing, out);
                }
                Piece::Snippet(texts) => {
                    let choices = texts.iter().map(|(pick, text)| (pick, text));
                    if let Some((text, _)) = vocabulary.reader().pick(choices, vocabulary.language()) {
                        text.mark_into(vocabulary, missing, out);
                    }
                }
                Piece::Plural { count, one, many } => match vocabulary.value(count) {
                    Some(value) => out.push_str(if value == "1" { one } else { many }),
                    None => missing.push(count.clone()),
                },
                Piece::Choose { word, cases, otherwise } => {
                    let value = vocabulary.value(word).map(str::to_lowercase);
                    let fits = |(case, _): &&(String, String)| value.as_ref().is_some_and(|value| value.contains(case));
                    out.push_str(cases.iter().find(fits).map_or(otherwise, |(_, said)| said));
                }
                Piece::Day { after, weekday } => out.push_str(&vocabulary.day(*after, *weekday)),
            }
        }
    }
}

impl Choice {
    fn resolve(&self, vocabulary: &Vocabulary) -> Option<String> {
        self.0.iter().find_map(|term| match term {
            Term::Word(word) => vocabulary.mark(word).map(String::from),
            Term::Fallback(text) => Some(text.clone()),
        })
    }

    fn first_word(&self) -> Option<&str> {
        self.0.iter().find_map(|term| match term {
            Term::Word(word) => Some(word.as_str()),
            Term::Fallback(_) => None,
        })
    }
}
