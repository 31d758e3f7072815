//! The nearest known word to one that is not known: a typing mistake is answered with what was meant.

/// Longest word compared, in characters; nobody mistypes a longer one.
const LONGEST: usize = 64;

/// The known word that `word` most likely is a mistyping of, if any is near: at most a third of its characters differ.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(LONGEST).collect();
    let far = (word.len() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| {
            (
                distance(&word, &candidate.chars().take(LONGEST).collect::<Vec<_>>()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= far)
        .min()
        .map(|(_, candidate)| candidate)
}

/// ``: did you mean `word`?`` for the end of a sentence, or nothing.
pub(super) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!(": did you mean `{near}`?"))
}

/// `a`, `b` or `c`, each in backticks.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Edits between two words; two neighbours swapped count as one (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, y) in b.iter().enumerate() {
            let cell = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let change = cell(&above, column) + usize::from(x != y);
            let mut best = change.min(cell(&above, column + 1) + 1).min(cell(&current, column) + 1);
            let swapped = row > 0 && column > 0 && a.get(row - 1) == Some(y) && b.get(column - 1) == Some(x);
            if swapped {
                best = best.min(cell(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_finds_the_word_meant() {
        let known = ["first_name", "last_name", "company", "phone"];
        for (typed, meant) in [
            ("frist_name", Some("first_name")),
            ("firstname", Some("first_name")),
            ("compnay", Some("company")),
            ("telephone", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
    }
}
