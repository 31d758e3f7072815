//! A person as mail programs write them into a text: `Li Wei <li@acme.test>`, `"Wei, Li" [mailto:li@acme.test]`,
//! `Li<mailto:li@acme.test> <li@acme.test<mailto:li@acme.test>> on behalf of …`. No RFC 5322 grammar: programs do not keep it here.

use crate::mail::quote::{fold, is_blank, is_invisible};
use crate::model::{Address, limits};

/// Who somebody is, as far as it is said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Person {
    pub address: Option<Address>,
    pub name: Option<String>,
}

/// What stands between the one who sent and the one in whose name (Outlook), folded.
const ON_BEHALF_OF: &[&str] = &[
    " on behalf of ",
    " im auftrag von ",
    " de la part de ",
    " en nombre de ",
    " per conto di ",
    " namens ",
    " em nome de ",
    " w imieniu ",
    " jménem ",
    " от имени ",
    "; im auftrag von ",
    "; on behalf of ",
];

/// The person of a From field.
pub(super) fn read(value: &str) -> Person {
    let value = value
        .get(..value.floor_char_boundary(limits::LINE.min(value.len())))
        .unwrap_or_default();
    let value = before_behalf(value);
    let Some(at) = value.find(is_opening) else {
        return of_words(value);
    };
    let name = tidy(value.get(..at).unwrap_or_default());
    // A bare address may be followed by its own link, or by the name in brackets.
    if let Some(address) = address(name.unwrap_or_default()) {
        let behind = value.get(at..).unwrap_or_default();
        let behind = behind.strip_prefix('(').and_then(|rest| rest.split(')').next());
        let name = behind.and_then(tidy).filter(|name| !name.contains('@'));
        return person(Some(address), name);
    }
    let mut pieces = value
        .get(at..)
        .unwrap_or_default()
        .split(|c: char| is_opening(c) || matches!(c, '>' | ']' | ')'));
    let found = pieces.find_map(|piece| address(piece.trim_matches(is_blank).trim_start_matches("mailto:")));
    person(found, name)
}

/// The people of a To field.
pub(super) fn read_all(value: &str) -> Vec<Person> {
    let mut people = Vec::new();
    let mut quoted = false;
    let pieces = value.split(|c: char| {
        quoted ^= c == '"';
        c == ';' || c == ',' && !quoted
    });
    for piece in pieces.take(limits::ADDRESSES) {
        let person = read(piece);
        if person.address.is_some() {
            people.push(person);
        }
    }
    people
}

/// A value without brackets: an address, a name, or a name and an address.
fn of_words(value: &str) -> Person {
    let mut at = 0;
    for word in value.split_inclusive([' ', ',', ';', '"', '\'']) {
        if let Some(found) = address(word.trim_start_matches("mailto:")) {
            return person(Some(found), value.get(..at).and_then(tidy));
        }
        at += word.len();
    }
    person(None, tidy(value))
}

fn person(address: Option<Address>, name: Option<&str>) -> Person {
    // A name that is only the address again says nothing.
    let name = name.filter(|name| {
        !address
            .as_ref()
            .is_some_and(|address| address.as_str().eq_ignore_ascii_case(name))
    });
    let visible = |name: &str| {
        name.chars()
            .filter(|c| !is_invisible(*c) && !c.is_control())
            .take(limits::DISPLAY_NAME)
            .collect()
    };
    Person {
        address,
        name: name.map(visible),
    }
}

fn before_behalf(value: &str) -> &str {
    let folded = fold(value);
    let behalf = ON_BEHALF_OF.iter().filter_map(|words| folded.find(words)).min();
    let Some(at) = behalf else { return value };
    // Folding may change lengths; the letters before it are counted instead.
    let letters = folded
        .get(..at)
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace())
        .count();
    let mut seen = 0;
    let end = value.char_indices().find(|(_, c)| {
        seen += usize::from(!is_blank(*c));
        seen > letters
    });
    value.get(..end.map_or(value.len(), |(at, _)| at)).unwrap_or(value)
}

fn address(text: &str) -> Option<Address> {
    let text = text
        .trim_matches(|c: char| is_blank(c) || matches!(c, '"' | '\'' | ',' | ';' | '*' | '«' | '»' | '„' | '”' | '“'));
    if !text.contains('@') {
        return None;
    }
    Address::parse(text).ok()
}

fn tidy(name: &str) -> Option<&str> {
    let frame = |c: char| is_blank(c) || matches!(c, '"' | '\'' | '*' | '«' | '»' | '„' | '”' | '“' | ',' | ';' | '_');
    Some(name.trim_matches(frame)).filter(|name| !name.is_empty())
}

fn is_opening(c: char) -> bool {
    matches!(c, '<' | '[' | '(')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_read_as_programs_write_them() {
        for (text, address, name) in [
            ("Li Wei <li@acme.test>", "li@acme.test", "Li Wei"),
            ("\"Wei, Li\" <li@acme.test>", "li@acme.test", "Wei, Li"),
            ("Li Wei [mailto:li@acme.test]", "li@acme.test", "Li Wei"),
            ("Li Wei <li@acme.test<mailto:li@acme.test>>", "li@acme.test", "Li Wei"),
            (
                "Li Wei<mailto:li@acme.test> <li@acme.test> on behalf of x@acme.test",
                "li@acme.test",
                "Li Wei",
            ),
            ("li@acme.test<mailto:li@acme.test>", "li@acme.test", ""),
            ("<li@acme.test>", "li@acme.test", ""),
            ("li@acme.test (Li Wei)", "li@acme.test", "Li Wei"),
            ("'li@acme.test' <li@acme.test>", "li@acme.test", ""),
            ("Li Wei li@acme.test", "li@acme.test", "Li Wei"),
            ("Li Wei (Acme) <li@acme.test>", "li@acme.test", "Li Wei"),
            ("Li Wei", "", "Li Wei"),
            ("", "", ""),
        ] {
            let person = read(text);
            let found = (person.address.map(|it| it.as_str().to_owned()), person.name);
            let want = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            assert_eq!(found, (want(address), want(name)), "{text}");
        }
    }

    #[test]
    fn lists_are_split_at_commas_outside_quotes() {
        let people = read_all("\"Wei, Li\" <li@acme.test>, ana@corp.test; nobody");
        assert_eq!(people.len(), 2);
        assert_eq!(people[0].name.as_deref(), Some("Wei, Li"));
    }
}
