//! Text of strangers, made fit to stand in a mail to a rep (reliability T-29), and links that are ours.

use crate::model::limits;

/// One line without controls and invisible characters, cut, its links broken. For everything that somebody else wrote.
pub(super) fn untrusted(text: &str) -> String {
    defanged(&one_line(text))
}

/// One line without controls, bidirectional overrides and invisible characters, at most [`limits::EXCERPT`] characters.
pub(super) fn one_line(text: &str) -> String {
    let shown: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= limits::EXCERPT {
        return line;
    }
    line.chars().take(limits::EXCERPT).chain(['…']).collect()
}

/// The lines of a longer text, cleaned in the same way; spaces stay.
pub(super) fn lines(text: &str) -> Vec<String> {
    let text = text.trim_end().replace("\r\n", "\n");
    let text = text.trim_start_matches('\n');
    let shown = |c: &char| *c == '\t' || !is_hidden(*c);
    text.split('\n')
        .map(|line| line.chars().filter(shown).collect::<String>().trim_end().to_owned())
        .collect()
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The text with everything that a mail client would turn into a link broken: `hxxp` for the scheme, and a space of no
/// width at each dot, which people do not see and clients do not read over. Mail addresses stay.
pub(super) fn defanged(line: &str) -> String {
    line.split(' ').map(defanged_word).collect::<Vec<_>>().join(" ")
}

fn defanged_word(word: &str) -> String {
    let has_scheme = word.contains("://");
    let is_address = word.contains('@') && !word.contains('/');
    if !has_scheme && (is_address || !has_domain(word)) {
        return word.to_owned();
    }
    let lower = word.to_ascii_lowercase();
    let crossed: Vec<_> = lower
        .match_indices("http")
        .flat_map(|(at, _)| [at + 1, at + 2])
        .collect();
    let mut out = String::with_capacity(word.len() + 8);
    for (at, c) in word.char_indices() {
        match c {
            _ if crossed.contains(&at) => out.push('x'),
            '.' | ':' => out.extend([c, '\u{200b}']),
            other => out.push(other),
        }
    }
    out
}

/// Whether a dot stands in it as in `acme.com`: a letter or digit before it, two letters after.
fn has_domain(word: &str) -> bool {
    let before = word.split('.');
    let after = word.split('.').skip(1);
    before.zip(after).any(|(before, after)| {
        before.ends_with(|c: char| c.is_alphanumeric())
            && after.chars().take(2).filter(|c| c.is_alphabetic()).count() == 2
    })
}

/// A script with the links in the prospect's own words broken. What the cadence's author or the rep wrote stays ready to
/// copy.
pub(super) fn script<'a>(text: &str, words_of_others: impl Iterator<Item = &'a str>) -> Vec<String> {
    let shown = |text: &str| lines(text).join("\n");
    let others = words_of_others.map(shown).collect::<Vec<_>>().join("\n");
    let mut text = shown(text);
    for word in others.split_whitespace() {
        let safe = defanged_word(word);
        if safe != word {
            text = text.replace(word, &safe);
        }
    }
    text.split('\n').map(str::to_owned).collect()
}

/// A `mailto:` that says `said` in subject and body (RFC 6068). Only for addresses of our own making.
pub(super) fn mailto(address: &str, said: &str) -> String {
    let said = percent(said, b"-._~");
    format!("mailto:{}?subject={said}&body={said}", percent(address, b"-._~@"))
}

/// Everything but letters, digits and `kept` as `%XX`. A `+` is encoded too: old clients read it as a space.
fn percent(text: &str, kept: &[u8]) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

/// A phone number as `tel:` has it (RFC 3966), when it is one; what follows it (`ext. 12`) is left out.
pub(super) fn tel(phone: &str) -> Option<String> {
    let phone = phone.trim();
    let number: String = phone
        .chars()
        .take_while(|c| c.is_ascii_digit() || "+ -()./\u{a0}".contains(*c))
        .filter(char::is_ascii_digit)
        .collect();
    let plus = if phone.starts_with('+') { "+" } else { "" };
    (5..=20).contains(&number.len()).then(|| format!("tel:{plus}{number}"))
}

/// A profile as a link, when it is a LinkedIn address and nothing else; without query, which is for tracking.
pub(super) fn linkedin(profile: &str) -> Option<String> {
    let profile = profile.trim();
    let rest = profile
        .strip_prefix("https://")
        .or_else(|| profile.strip_prefix("http://"))
        .unwrap_or(profile);
    let (host, path) = rest.split_once('/')?;
    let host = host.to_ascii_lowercase();
    let ours = host == "linkedin.com" || host.strip_suffix(".linkedin.com").is_some_and(is_label);
    let path = path.split(['?', '#']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_/%~.".contains(c);
    (ours && !path.is_empty() && path.len() <= 200 && path.chars().all(plain)).then(|| format!("https://{host}/{path}"))
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_broken_and_plain_words_are_not() {
        for (text, safe) in [
            ("http://evil.test/x", "hxxp:\u{200b}//evil.\u{200b}test/x"),
            ("HTTPS://EVIL.test", "HxxPS:\u{200b}//EVIL.\u{200b}test"),
            ("(www.evil.test)", "(www.\u{200b}evil.\u{200b}test)"),
            ("evil.test/@x", "evil.\u{200b}test/@x"),
            ("Node.js", "Node.\u{200b}js"),
            ("jane@acme.com", "jane@acme.com"),
            ("<jane@acme.com>,", "<jane@acme.com>,"),
            ("Dr. Jane Doe, 5.1.1 at 09:30.", "Dr. Jane Doe, 5.1.1 at 09:30."),
        ] {
            assert_eq!(untrusted(text), safe);
        }
        assert_eq!(untrusted("a\r\nb\u{202e}c\0"), "a b c");
        assert_eq!(untrusted(&"x".repeat(5_000)).chars().count(), limits::EXCERPT + 1);
    }

    #[test]
    fn a_script_keeps_its_authors_links() {
        let script = script(
            "Hi http://evil.test, book at https://cal.example/ana\n\n  Bye",
            ["Jane http://evil.test"].into_iter(),
        );
        assert_eq!(
            script,
            [
                "Hi hxxp:\u{200b}//evil.\u{200b}test, book at https://cal.example/ana",
                "",
                "  Bye"
            ]
        );
    }

    #[test]
    fn links_of_ours_are_encoded() {
        assert_eq!(
            mailto("cadence+t.ab@reps.example", "1 no answer"),
            "mailto:cadence%2Bt.ab@reps.example?subject=1%20no%20answer&body=1%20no%20answer"
        );
        for (phone, link) in [
            ("+49 (30) 123-456", Some("tel:+4930123456")),
            ("030/123 456 ext. 12", Some("tel:030123456")),
            ("call me", None),
            ("+1;evil=2 555 1234", None),
        ] {
            assert_eq!(tel(phone).as_deref(), link, "{phone}");
        }
        for (profile, link) in [
            ("linkedin.com/in/jane", Some("https://linkedin.com/in/jane")),
            (
                "https://www.LinkedIn.com/in/jane?trk=x",
                Some("https://www.linkedin.com/in/jane"),
            ),
            ("https://linkedin.com.evil.test/in/jane", None),
            ("https://evil.test/linkedin.com/", None),
            ("https://x@linkedin.com/in/jane", None),
            ("javascript:alert(1)//linkedin.com/", None),
        ] {
            assert_eq!(linkedin(profile).as_deref(), link, "{profile}");
        }
    }
}
