//! What a subject says about its mail: forwarded, answered, or nothing. Words: `phrases::forwarded`, `thread`.

use crate::mail::phrases::forwarded::FORWARD_PREFIXES;
use crate::mail::quote::fold;
use crate::mail::thread::is_prefixed;

/// What the outermost prefix says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    /// `Fwd:` and its kin: forwarded.
    Forward,
    /// `Re:` and its kin: an answer.
    Reply,
    /// No prefix.
    None,
}

/// The outermost prefix, and the subject without it.
pub(super) fn read(subject: &str) -> (Prefix, &str) {
    let subject = subject.trim();
    // `[Fwd: Hello]`, as Thunderbird wrote it for years.
    if let Some(inner) = subject.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && let (Prefix::Forward, rest) = read_plain(inner)
    {
        return (Prefix::Forward, rest);
    }
    read_plain(subject)
}

fn read_plain(subject: &str) -> (Prefix, &str) {
    let Some((word, rest)) = subject.split_once([':', '：']) else {
        return (Prefix::None, subject);
    };
    let bare = word
        .trim_end_matches([']', ')', '.'])
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let bare = bare.trim_end_matches(['[', '(', '^', '*']).trim();
    let folded = fold(bare);
    // One letter is a prefix only when written large (Italian programs).
    let known = FORWARD_PREFIXES.contains(&folded.as_str()) && (bare.chars().count() > 1 || bare == "I");
    if known {
        (Prefix::Forward, rest.trim())
    } else if is_prefixed(subject) {
        (Prefix::Reply, rest.trim())
    } else {
        (Prefix::None, subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_prefix_counts() {
        for (subject, prefix, rest) in [
            ("Fwd: Re: Hello", Prefix::Forward, "Re: Hello"),
            ("RE: FW: Hello", Prefix::Reply, "FW: Hello"),
            ("WG: Hello", Prefix::Forward, "Hello"),
            ("İLT: Hello", Prefix::Forward, "Hello"),
            ("I: Hello", Prefix::Forward, "Hello"),
            ("i: Hello", Prefix::None, "i: Hello"),
            ("[Fwd: Hello]", Prefix::Forward, "Hello"),
            ("转发：Hello", Prefix::Forward, "Hello"),
            ("TR : Hello", Prefix::Forward, "Hello"),
            ("Meeting: Hello", Prefix::None, "Meeting: Hello"),
            ("", Prefix::None, ""),
        ] {
            assert_eq!(read(subject), (prefix, rest), "{subject}");
        }
    }
}
