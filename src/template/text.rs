//! A step's text as checked: literal text, words and choices, and nothing else. What cannot stand here cannot be said.

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
