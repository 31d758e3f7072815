//! Text as phrases are compared with it.

/// Lower case, white space collapsed, apostrophes plain, invisible characters gone: what phrases are compared with.
pub(in crate::mail) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Most of most mails, and every line of each is folded more than once.
            '!'..='~' if c != '`' => out.push(c.to_ascii_lowercase()),
            '’' | '‘' | '´' | '`' => out.push('\''),
            c if is_invisible(c) => {}
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            // The Turkish capital dotted I becomes an i and a dot of its own.
            c => out.extend(c.to_lowercase().filter(|c| *c != '\u{307}')),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Characters that mail programs strew in and nobody sees: marks of direction, joiners, the byte order mark.
pub(in crate::mail) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// White space, or nothing that can be seen.
pub(in crate::mail) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// A line without the `>` before it, and how many there were.
pub(in crate::mail) fn unquoted(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    while let Some(inner) = rest.trim_start().strip_prefix('>') {
        depth += 1;
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    (depth, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_folded_to_what_phrases_look_like() {
        assert_eq!(fold(" Message\u{a0} d’Origine \u{200e}"), "message d'origine");
        assert_eq!(fold("İLETİLMİŞ"), "iletilmiş");
    }

    #[test]
    fn arrows_are_counted_and_taken_off() {
        for (line, depth, rest) in [
            ("> From", 1, "From"),
            (">> x", 2, "x"),
            (" > >  x", 2, " x"),
            ("x > y", 0, "x > y"),
        ] {
            assert_eq!(unquoted(line), (depth, rest));
        }
    }
}
