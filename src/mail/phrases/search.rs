//! Which phrases of a table stand in a text: all of a table are looked for in one pass (Aho and Corasick), because the
//! tables have hundreds, and every line of every mail is looked at.
//!
//! A table is put together at its first use and kept.

use aho_corasick::{AhoCorasick, Anchored, Input, StartKind};
use std::borrow::Cow;
use std::sync::OnceLock;

/// A table of phrases, to be looked for in folded text.
pub(in crate::mail) struct Phrases {
    list: Cow<'static, [&'static str]>,
    search: OnceLock<Option<AhoCorasick>>,
}

/// A phrase in a text.
#[derive(Debug, Clone, Copy)]
pub(in crate::mail) struct Place<'t> {
    /// Which of the table, from 0.
    pub nth: usize,
    /// It.
    pub phrase: &'static str,
    /// The text before it.
    pub before: &'t str,
    /// The text behind it.
    pub behind: &'t str,
}

impl Place<'_> {
    /// Whether it begins and ends at the ends of words.
    pub fn is_whole(&self) -> bool {
        !self.before.ends_with(char::is_alphanumeric) && !self.behind.starts_with(char::is_alphanumeric)
    }
}

impl Phrases {
    /// A table that is written down.
    pub const fn new(list: &'static [&'static str]) -> Self {
        Self {
            list: Cow::Borrowed(list),
            search: OnceLock::new(),
        }
    }

    /// A table that is put together from others.
    pub fn of(list: Vec<&'static str>) -> Self {
        Self {
            list: Cow::Owned(list),
            search: OnceLock::new(),
        }
    }

    /// The phrases, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.list.iter().copied()
    }

    /// Whether any of them stands in a text, inside a longer word too.
    pub fn is_in(&self, text: &str) -> bool {
        self.search().is_some_and(|search| search.is_match(text))
    }

    /// Whether a text begins with any of them.
    pub fn begins(&self, text: &str) -> bool {
        let input = || Input::new(text).anchored(Anchored::Yes);
        self.search().is_some_and(|search| search.is_match(input()))
    }

    /// Whether any of them stands in a text at the ends of words.
    pub fn is_said(&self, text: &str) -> bool {
        self.places(text).any(|place| place.is_whole())
    }

    /// The first of the table that stands in a text at the ends of words.
    pub fn first_said(&self, text: &str) -> Option<&'static str> {
        let whole = self.places(text).filter(Place::is_whole);
        whole.min_by_key(|place| place.nth).map(|place| place.phrase)
    }

    /// Every place of every phrase, in the order in which they end.
    pub fn places<'t>(&self, text: &'t str) -> impl Iterator<Item = Place<'t>> {
        let found = self.search().into_iter();
        let found = found.flat_map(move |search| search.find_overlapping_iter(text));
        found.filter_map(|found| {
            Some(Place {
                nth: found.pattern().as_usize(),
                phrase: self.list.get(found.pattern().as_usize())?,
                before: text.get(..found.start())?,
                behind: text.get(found.end()..)?,
            })
        })
    }

    /// Fails only for tables of millions; a test builds every one.
    fn search(&self) -> Option<&AhoCorasick> {
        self.search
            .get_or_init(|| {
                let mut search = AhoCorasick::builder();
                search.start_kind(StartKind::Both).build(self.list.iter()).ok()
            })
            .as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_whole_and_inside_words() {
        static WORDS: Phrases = Phrases::new(&["call me", "all", "me"]);
        assert!(WORDS.is_in("recall"));
        assert!(!WORDS.is_said("recall"));
        assert_eq!(WORDS.first_said("please call me, all"), Some("call me"));
        assert_eq!(WORDS.first_said("ask me, all"), Some("all"));
        assert_eq!(WORDS.first_said("nothing"), None);
        assert!(WORDS.begins("alley"));
        assert!(!WORDS.begins("recall"));
        let places: Vec<_> = WORDS
            .places("Tell me!")
            .map(|it| (it.nth, it.before, it.behind))
            .collect();
        assert_eq!(places, [(2, "Tell ", "!")]);
    }

    #[test]
    fn letters_of_any_alphabet_end_words() {
        static WORDS: Phrases = Phrases::new(&["urlop", "自動"]);
        assert!(!WORDS.is_said("urlopę"));
        assert!(WORDS.is_said("(urlop)"));
        assert!(WORDS.is_in("これは自動です"));
    }
}
