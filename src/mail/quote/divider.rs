//! Lines that divide what somebody wrote from an older mail: `-----Original Message-----`, `Begin forwarded message:`,
//! a row of underscores. Words: `phrases::forwarded`.

use super::fold::{fold, is_blank};
use crate::mail::phrases::forwarded::{FORWARD_STEMS, ORIGINAL_MESSAGE, REPLY_ABOVE};

/// Bytes of the words on a divider; what is longer is text.
const WORDS: usize = 160;

/// What a dividing line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Says {
    /// A forwarded mail follows.
    Forwarded,
    /// An older mail follows, answered or forwarded.
    Original,
    /// Words between dashes that nobody knows.
    Unknown,
    /// Nothing: a row of dashes or underscores.
    Row,
    /// What is below shall not be answered in.
    ReplyAbove,
}

/// A dividing line, and what stands behind it on the same line (Yahoo).
pub(in crate::mail) fn read(line: &str) -> Option<(Says, &str)> {
    let line = line.trim_matches(is_blank);
    let body = line.trim_start_matches(is_mark);
    let (dashes, _) = line.split_at(line.len() - body.len());
    let dashes = dashes.chars().filter(|c| is_dash(*c)).count();
    if body.is_empty() {
        return (dashes >= 3).then_some((Says::Row, ""));
    }
    if dashes >= 2 {
        let end = ["--", "__", "==", "—"].iter().filter_map(|end| body.find(end)).min();
        let (words, rest) = body.split_at(end.unwrap_or(body.len()));
        let rest = rest.trim_start_matches(is_mark);
        return (words.len() <= WORDS)
            .then(|| (said(words, end.is_some()), rest))
            .filter(|(says, _)| *says != Says::Row);
    }
    if body.len() > WORDS {
        return None;
    }
    let words = fold(body.trim_end_matches(is_mark));
    if REPLY_ABOVE.is_in(&words) {
        return Some((Says::ReplyAbove, ""));
    }
    let words = words.strip_suffix([':', '：'])?.trim_end();
    match words_say(words) {
        Says::Unknown => None,
        says => Some((says, "")),
    }
}

/// What words behind dashes say; without dashes behind them too, they must be known.
fn said(words: &str, closed: bool) -> Says {
    let words = fold(words);
    if REPLY_ABOVE.is_in(&words) {
        return Says::ReplyAbove;
    }
    match words_say(words.trim_end_matches([':', '：'])) {
        Says::Unknown if !closed => Says::Row,
        says => says,
    }
}

fn words_say(words: &str) -> Says {
    // A sentence that speaks of forwarding is longer than what programs write.
    let few = words.split(' ').count() <= 6 || words.starts_with("forwarded by ");
    if few && ORIGINAL_MESSAGE.is_in(words) {
        Says::Original
    } else if few && FORWARD_STEMS.is_in(words) {
        Says::Forwarded
    } else {
        Says::Unknown
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '—' | '–' | '‐' | '―' | '─' | '━')
}

fn is_mark(c: char) -> bool {
    is_dash(c) || is_blank(c) || matches!(c, '*' | '#' | '|')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dividers_are_told_from_text() {
        for (line, says) in [
            ("---------- Forwarded message ---------", Some(Says::Forwarded)),
            ("Begin forwarded message:", Some(Says::Forwarded)),
            ("Anfang der weitergeleiteten Nachricht:", Some(Says::Forwarded)),
            ("İleti başlangıcı:", Some(Says::Forwarded)),
            ("-------- Başka bir şey --------", Some(Says::Unknown)),
            ("-----Original Message-----", Some(Says::Original)),
            ("*---- Ursprüngliche Nachricht ----*", Some(Says::Original)),
            ("________________________________", Some(Says::Row)),
            ("##- Please type your reply above this line -##", Some(Says::ReplyAbove)),
            ("-- ", None),
            ("--- a list", None),
            ("-- Ana", None),
            ("I forwarded it to you:", Some(Says::Forwarded)),
            ("I have forwarded it to all of you this morning:", None),
            ("Forwarded", None),
        ] {
            assert_eq!(read(line).map(|(says, _)| says), says, "{line}");
        }
    }

    #[test]
    fn what_stands_behind_a_divider_is_kept() {
        let (says, rest) = read("  ----- Message transmis ----- De : Li <li@acme.test>").unwrap();
        assert_eq!((says, rest), (Says::Forwarded, "De : Li <li@acme.test>"));
    }
}
