//! How alike two short texts are: for what was mistyped.

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
