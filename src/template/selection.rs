//! Which of several files is for this prospect: by language, persona, stage and industry, by the names of the files.
//!
//! `name@cfo.de.md` is for a CFO who reads German; `name.md` is for everybody else. The language counts first, for nobody
//! reads a mail for the sake of its argument; then the persona, the title, the stage of the deal and the industry, as known.

use super::language::Language;
use crate::model::Prospect;

/// The words of a title that are looked at.
const TITLE_WORDS: usize = 10;
/// How many of them may be one name: `head-of-sales`.
const NAME_WORDS: usize = 4;

/// Whom a file is for, by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Pick {
    /// `cfo` in `name@cfo.md`.
    pub who: Option<String>,
    /// `de` in `name.de.md`.
    pub language: Option<String>,
}

impl Pick {
    /// Whether it is for everybody.
    pub fn is_plain(&self) -> bool {
        self.who.is_none() && self.language.is_none()
    }

    /// What stands between the name and the ending.
    pub fn suffix(&self) -> String {
        let who = self.who.as_ref().map(|who| format!("@{who}")).unwrap_or_default();
        let language = self
            .language
            .as_ref()
            .map(|code| format!(".{code}"))
            .unwrap_or_default();
        format!("{who}{language}")
    }
}

/// Whom a file of this name is for, and the letter of its wording (`a` in `name.a.md`); `None` for another name's file.
pub(super) fn parse<'a>(file: &'a str, name: &str) -> Option<(Pick, Option<&'a str>)> {
    let mut rest = file.strip_prefix(name)?.strip_suffix(".md")?;
    let mut pick = Pick::default();
    if let Some(behind) = rest.strip_prefix('@') {
        let end = behind.find('.').unwrap_or(behind.len());
        let (who, after) = behind.split_at_checked(end)?;
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if who.is_empty() || !who.chars().all(fine) {
            return None;
        }
        pick.who = Some(who.to_owned());
        rest = after;
    }
    let mut parts = rest
        .strip_prefix('.')
        .map_or_else(Vec::new, |rest| rest.split('.').collect());
    if rest.is_empty() {
        return Some((pick, None));
    }
    if let Some(language) = parts.first().and_then(|code| Language::of_code(code)) {
        pick.language = Some(language.code.to_owned());
        parts.remove(0);
    }
    let letter = parts.first().copied();
    let single = letter.is_none_or(|letter| letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase()));
    (single && parts.len() <= 1 && !(letter.is_none() && pick.language.is_none())).then_some((pick, letter))
}

/// Who reads: what files may be chosen by.
#[derive(Debug, Clone, Default)]
pub(super) struct Reader {
    language: Option<&'static Language>,
    /// What a file may be for, the nearest first, and why it is: `their title is "CFO"`.
    names: Vec<(String, String)>,
}

impl Reader {
    /// A prospect as a reader.
    pub fn of(prospect: &Prospect) -> Self {
        let field = |name: &str| {
            prospect
                .fields
                .get(name)
                .map(|value| value.trim())
                .filter(|value| !value.is_empty())
        };
        let shown = |value: &str| value.chars().take(60).collect::<String>();
        let mut names = Vec::new();
        if let Some(persona) = field("persona") {
            names.push((slug(persona), format!("their persona is \"{}\"", shown(persona))));
        }
        if let Some(title) = field("title") {
            let why = format!("their title is \"{}\"", shown(title));
            names.extend(of_title(title).into_iter().map(|name| (name, why.clone())));
        }
        for word in ["stage", "industry"] {
            if let Some(value) = field(word) {
                names.push((slug(value), format!("their {word} is \"{}\"", shown(value))));
            }
        }
        Self {
            language: field("language").and_then(Language::named),
            names,
        }
    }

    /// The one of these that is for this reader, and why, where another is not. `usual` is the language of files whose names
    /// say none. There is always one for everybody, which loading checks.
    pub fn pick<'a, T>(
        &self,
        choices: impl Iterator<Item = (&'a Pick, T)> + Clone,
        usual: &Language,
    ) -> Option<(T, Option<String>)> {
        let wanted = self.language.filter(|language| language.code != usual.code);
        let languages = [wanted.map(|language| language.code), None];
        for (turn, language) in languages.into_iter().enumerate() {
            if turn == 0 && language.is_none() {
                continue;
            }
            let speaks = |pick: &Pick| match (&pick.language, language) {
                (None, None) => true,
                (Some(code), Some(language)) => code == language,
                (Some(code), None) => code == usual.code,
                (None, Some(_)) => false,
            };
            let because = |more: Option<&str>| {
                let read = language.map(|code| format!("they read {code}"));
                let all: Vec<&str> = read.as_deref().into_iter().chain(more).collect();
                (!all.is_empty()).then(|| all.join(" and "))
            };
            for (name, why) in &self.names {
                let fits = |(pick, _): &(&Pick, T)| speaks(pick) && pick.who.as_deref() == Some(name);
                if let Some((_, found)) = choices.clone().find(fits) {
                    return Some((found, because(Some(why))));
                }
            }
            let anybody = |(pick, _): &(&Pick, T)| speaks(pick) && pick.who.is_none();
            if let Some((_, found)) = choices.clone().find(anybody) {
                return Some((found, because(None)));
            }
        }
        None
    }
}

/// `Head of Sales` → `head-of-sales`.
fn slug(text: &str) -> String {
    words(text).join("-")
}

fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// What a title may be called, the longest first: `Chief Financial Officer, Acme` is `chief-financial-officer`, `cfo`, …
fn of_title(title: &str) -> Vec<String> {
    let words: Vec<String> = words(title).into_iter().take(TITLE_WORDS).collect();
    let mut names = Vec::new();
    for length in (1..=NAME_WORDS).rev() {
        for run in words.windows(length) {
            names.push(run.join("-"));
            if let [chief, .., officer] = run
                && chief == "chief"
                && officer == "officer"
            {
                names.push(run.iter().filter_map(|word| word.chars().next()).collect());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_says_whom_it_is_for() {
        let pick = |who: Option<&str>, language: Option<&str>| Pick {
            who: who.map(str::to_owned),
            language: language.map(str::to_owned),
        };
        for (file, read) in [
            ("next.md", Some((pick(None, None), None))),
            ("next.a.md", Some((pick(None, None), Some("a")))),
            ("next.de.md", Some((pick(None, Some("de")), None))),
            ("next.de.b.md", Some((pick(None, Some("de")), Some("b")))),
            ("next@cfo.md", Some((pick(Some("cfo"), None), None))),
            (
                "next@head-of-sales.fr.a.md",
                Some((pick(Some("head-of-sales"), Some("fr")), Some("a"))),
            ),
            ("next.draft.md", None),
            ("next@.md", None),
            ("next@CFO.md", None),
            ("next.a.de.md", None),
            ("next..md", None),
            ("nextb.md", None),
            ("other.md", None),
        ] {
            assert_eq!(parse(file, "next"), read, "{file}");
        }
    }

    #[test]
    fn a_title_is_known_by_its_parts_and_its_initials() {
        let names = of_title("Chief Financial Officer, EMEA");
        for name in ["chief-financial-officer", "cfo", "emea", "financial-officer"] {
            assert!(names.iter().any(|known| known == name), "{name}");
        }
        assert_eq!(names.iter().position(|name| name == "cfo"), Some(3), "{names:?}");
    }
}
