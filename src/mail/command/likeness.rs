//! How alike two short texts are: for what was mistyped.

use super::CLOSEST;
use crate::mail::quote::fold;
use crate::model::grammar::GRAMMAR;

/// How far what was heard is from `way`, as many words of it as `way` has.
pub(super) fn likeness(heard: &str, way: &str) -> usize {
    let words = way.split(' ').count();
    let head = heard.split(' ').take(words).collect::<Vec<_>>().join(" ");
    distance(&head, way)
}

/// Edit distance (Levenshtein) between short texts.
pub(super) fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (above, c) in one.chars().take(40).enumerate() {
        let mut corner = above;
        let mut left = above + 1;
        let mut next = vec![left];
        for (d, up) in two.iter().zip(row.iter().skip(1)) {
            left = (corner + usize::from(c != *d)).min(left + 1).min(up + 1);
            corner = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Up to three of these names that are most like what was heard; none when nothing is like it at all.
#[must_use]
pub fn alike(heard: &str, names: &[&str]) -> Vec<String> {
    let heard = fold(heard);
    let most = heard.chars().count() / 3 + 1;
    let mut ranked: Vec<(usize, &str)> = names
        .iter()
        .map(|name| {
            let folded = fold(name);
            let part = heard.len() >= 3 && folded.contains(heard.as_str());
            (if part { 0 } else { distance(&heard, &folded) }, *name)
        })
        .filter(|(distance, _)| *distance <= most)
        .collect();
    ranked.sort();
    ranked.dedup();
    ranked
        .into_iter()
        .take(CLOSEST)
        .map(|(_, name)| name.to_owned())
        .collect()
}

pub(super) fn distance_to_grammar(words: &str) -> usize {
    let heard = fold(words);
    let heard = heard.trim_end_matches(['.', '!', '?']);
    // Of a short word two wrong letters leave nothing.
    let ways = GRAMMAR.iter().flat_map(|entry| entry.ways).filter(|way| way.len() >= 4);
    ways.map(|way| distance(heard, way)).min().unwrap_or(usize::MAX)
}
