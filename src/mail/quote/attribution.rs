//! Attribution lines: `On Mon, 2 Mar 2026 at 09:00, Li <li@acme.test> wrote:` in the languages of mail programs, also broken
//! over several lines. Words: `phrases::quoted`. Limits: 6 lines, 400 bytes.

use super::fold::{fold, is_blank};
use crate::mail::phrases::quoted::{
    ATTRIBUTION_FILLERS, ATTRIBUTION_JOINTS, ATTRIBUTION_STARTS, ATTRIBUTION_VERBS, ATTRIBUTION_WEAK, WEEKDAYS,
};
use crate::mail::phrases::search::{Phrases, Place};

/// How many lines an attribution may take.
const REACH: usize = 6;
/// Bytes of one; longer lines are text.
const MOST: usize = 400;

/// Bytes of a line in which its start word stands, with room for characters that are folded away.
const START: usize = 64;

/// An attribution as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mail) struct Attribution {
    /// How many lines it takes.
    pub lines: usize,
    /// All of it on one line, as written.
    pub text: String,
}

/// The attribution that starts on the first of these lines.
pub(in crate::mail) fn read(lines: &[&str]) -> Option<Attribution> {
    let first = bare(lines.first()?);
    if first.is_empty() || first.len() > MOST {
        return None;
    }
    // Most lines of most mails: nothing in them is of a person or a date, and nothing says that more comes.
    let bland = !first.contains(|c: char| c == '@' || c.is_ascii_digit()) && !first.ends_with('<');
    if bland && !has_start(&fold(beginning(first))) {
        return None;
    }
    let head = fold(first);
    let reach = if may_go_on(&head) { REACH } else { 1 };
    let mut text = String::new();
    // What every attribution has, an address or a date, counted as it comes: every line of every mail is looked at.
    let (mut address, mut numbers) = (false, 0);
    let mut seen = 0;
    for (nth, line) in lines.iter().enumerate() {
        let line = bare(line);
        if line.is_empty() {
            // Some programs leave a line before the address.
            let address = lines.get(nth + 1).is_some_and(|next| bare(next).starts_with('<'));
            if address && seen < reach {
                continue;
            }
            return None;
        }
        seen += 1;
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
        address |= line.contains('@');
        numbers += digits(line);
        if seen > reach || text.len() > MOST {
            return None;
        }
        if ((address || numbers >= 3) && is_attribution(&fold(&text)))
            || (seen == 1 && is_old_gmail(&head, lines.get(1)))
        {
            return Some(Attribution { lines: nth + 1, text });
        }
    }
    None
}

/// The attribution at the end of a line that somebody wrote on before it, with what they wrote. Only for a line above
/// `>` lines.
pub(in crate::mail) fn at_end(line: &str) -> Option<(&str, &str)> {
    if line.len() > MOST || !line.trim_end().ends_with([':', '：']) {
        return None;
    }
    let whole = fold(bare(line));
    if has_start(&whole) || starts_with_date(&whole) {
        return None;
    }
    let starts = line.match_indices(' ').map(|(at, _)| at + 1);
    starts
        .filter_map(|at| line.split_at_checked(at))
        .find(|(before, after)| {
            let said = !before.contains('@') && !before.trim_matches(|c: char| is_blank(c) || c == '-').is_empty();
            said && after.starts_with(char::is_uppercase) && is_attribution(&fold(after)) && has_start(&fold(after))
        })
}

/// As much of a line as its start word may take.
fn beginning(line: &str) -> &str {
    line.get(..line.floor_char_boundary(START.min(line.len())))
        .unwrap_or(line)
}

/// Without what frames it: white space, bold, and the dashes of Zoho.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| is_blank(c) || matches!(c, '*' | '_' | '-' | '‐' | '—'))
}

/// Whether a folded line may be an attribution's first of several.
fn may_go_on(first: &str) -> bool {
    let dated = first.chars().any(|c| c.is_ascii_digit());
    // An address broken off says that the next line belongs to it.
    has_start(first)
        || first.ends_with(" <")
        || (dated || first.contains('@')) && (ATTRIBUTION_VERBS.is_in(first) || starts_with_date(first))
}

fn has_start(text: &str) -> bool {
    ATTRIBUTION_STARTS.begins(text)
}

fn starts_with_date(text: &str) -> bool {
    let weekday = || WEEKDAYS.begins(text) && digits(text) >= 3;
    text.starts_with(|c: char| c.is_ascii_digit()) && digits(text) >= 5 || weekday()
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Whether a whole folded text names who wrote what follows, and when.
fn is_attribution(text: &str) -> bool {
    let address = text.contains('@');
    let digits = digits(text);
    let has = |words: &Phrases| words.places(text).any(|place| begins_word(&place));
    let shape = has_start(text) || starts_with_date(text);
    let Some(text) = text.strip_suffix([':', '：']).map(str::trim_end) else {
        // Zoho and some phones leave the colon out: the verb is the end.
        let ends = ATTRIBUTION_VERBS.iter().any(|verb| text.ends_with(verb));
        return ends && shape && digits >= 4;
    };
    if has(&ATTRIBUTION_VERBS) {
        // Without an address: a date of day and year, the verb last or beside a start word (`On …`, `Am …`).
        return address || digits >= 3 && (shape || ends_in_verb(text));
    }
    address
        && digits >= 4
        && (starts_with_date(text) || has_start(text) && has(&ATTRIBUTION_WEAK))
        && (has(&ATTRIBUTION_WEAK) || text.ends_with('>') || text.ends_with(')'))
}

/// Whether the verb stands last, or almost (`napisał(a)`, `följande`).
fn ends_in_verb(text: &str) -> bool {
    ATTRIBUTION_VERBS.iter().any(|verb| {
        let after = text.rfind(verb).and_then(|at| text.get(at + verb.len()..));
        after.is_some_and(|after| after.len() <= 12)
    })
}

/// Whether a phrase does not begin inside a word; languages without spaces apart.
fn begins_word(place: &Place<'_>) -> bool {
    let spaced = place.phrase.starts_with(|c: char| c < '\u{2e80}' && c.is_alphabetic());
    !spaced || !place.before.ends_with(char::is_alphabetic)
}

/// `2016-03-03 17:21 GMT+01:00 Li` and `2013/7/20 Li <li@acme.test>`, as Gmail wrote it in many languages for years:
/// without a verb, mostly without a colon, above a blank line or `>` lines.
fn is_old_gmail(text: &str, next: Option<&&str>) -> bool {
    let mut parts = text.splitn(2, ' ');
    let (Some(date), Some(rest)) = (parts.next(), parts.next()) else {
        return false;
    };
    let mut numbers = date.split(['-', '/']);
    let number = |text: Option<&str>, most: usize| {
        text.is_some_and(|text| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()))
    };
    let iso = date.len() >= 8 && number(numbers.next(), 4) && number(numbers.next(), 2) && number(numbers.next(), 2);
    let below = next.is_none_or(|next| next.trim().is_empty() || next.trim_start().starts_with(['>', '|']));
    iso && numbers.next().is_none() && below && (rest.contains(" gmt") || rest.ends_with('>') || rest.ends_with(">:"))
}

/// Who and when, as an attribution says it: what stands around the address, name and date apart. The name may be empty.
pub(in crate::mail) fn taken_apart(text: &str) -> (String, String) {
    let text = text.trim_end_matches([':', '：']).trim();
    let (before, after) = around_address(text);
    let quoted = before
        .trim_end_matches([' ', '('])
        .ends_with(['"', '”', '»', '\'', '“']);
    let (date, name) = if quoted {
        split_quoted(before)
    } else {
        split_plain(before)
    };
    let date = format!("{date} {after}");
    (name.trim_matches(is_frame).to_owned(), without_joints(&date))
}

/// What stands before and behind the address.
fn around_address(text: &str) -> (&str, &str) {
    let start = text.find('<').or_else(|| {
        text.find('@')
            .map(|at| text.get(..at).and_then(|t| t.rfind(' ')).unwrap_or(0))
    });
    let Some((before, rest)) = start.and_then(|start| text.split_at_checked(start)) else {
        return (text, "");
    };
    let end = rest
        .rfind('>')
        .map(|end| end + 1)
        .or_else(|| rest.trim_start().find(' '))
        .unwrap_or(rest.len());
    (before, rest.get(end..).unwrap_or_default())
}

fn split_quoted(before: &str) -> (&str, &str) {
    let inner = before.trim_end_matches([' ', '(']).trim_end_matches(is_frame);
    let open = inner.rfind(['"', '„', '«', '“', '”']).unwrap_or(0);
    inner.split_at_checked(open).unwrap_or((inner, ""))
}

/// From the end back to the first word that belongs to a date or to the sentence.
fn split_plain(before: &str) -> (&str, &str) {
    let mut name = before.trim_end().len();
    while let Some(head) = before.get(..name).map(str::trim_end).filter(|head| !head.is_empty()) {
        let at = head
            .rfind(char::is_whitespace)
            .map_or(0, |at| head.ceil_char_boundary(at + 1));
        let word = head.get(at..).unwrap_or_default();
        let folded = fold(word);
        let joint = ATTRIBUTION_JOINTS.contains(&folded.trim_end_matches([',', ':']));
        let dated = word.chars().any(|c| c.is_ascii_digit());
        if joint || dated || word.ends_with([',', ':']) {
            break;
        }
        name = at;
    }
    before.split_at_checked(name).unwrap_or((before, ""))
}

/// A date without the words of the sentence around it.
fn without_joints(text: &str) -> String {
    let trimmed = text.trim_matches(is_frame);
    let folded = fold(trimmed);
    let start = ATTRIBUTION_STARTS
        .iter()
        .filter(|start| folded.starts_with(*start))
        .map(|start| start.chars().count())
        .max();
    let rest: String = trimmed.chars().skip(start.unwrap_or(0)).collect();
    let sentence = |word: &&str| {
        let word = fold(word);
        let word = word.split('(').next().unwrap_or_default();
        ATTRIBUTION_VERBS
            .iter()
            .any(|verb| verb.split(' ').any(|part| part == word))
            || ATTRIBUTION_FILLERS.contains(&word)
    };
    let kept: Vec<&str> = rest.split_whitespace().filter(|word| !sentence(word)).collect();
    kept.join(" ").trim_matches(is_frame).to_owned()
}

fn is_frame(c: char) -> bool {
    is_blank(c) || matches!(c, ',' | ':' | '"' | '„' | '“' | '”' | '«' | '»' | '(' | ')' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<usize> {
        read(&text.lines().collect::<Vec<_>>()).map(|it| it.lines)
    }

    #[test]
    fn attributions_of_many_programs_are_known() {
        for (text, lines) in [
            ("On 2 Mar 2026, at 09:00, Li <li@acme.test> wrote:", 1),
            (
                "On Mon, Mar 2, 2026 at 9:00 AM Li Wei via Sales\n<li@acme.test> wrote:\n> x",
                2,
            ),
            ("Li <li@acme.test> schrieb am Mo., 2.\nMärz 2026 um 11:53 Uhr:\n> x", 2),
            ("Op 2 maart 2026 09:00 schreef Li <\nli@acme.test>:", 2),
            (
                "Op 2 mrt 2026, om 09:00 heeft Li <li@acme.test> het volgende geschreven:",
                1,
            ),
            ("02.03.2026, 09:00, \"Li\" <li@acme.test>:", 1),
            ("2026-03-02 9:00 GMT+01:00 Li Wei\n\n> x", 1),
            ("2026-03-02 9:00 GMT+01:00 Li Wei <\nli@acme.test>:\n\n> x", 2),
            ("tir. 3. mar. 2026 kl. 09:00 skrev Li <li@acme.test\n>:", 2),
            ("2 бер. 2026 р. 09:00 \"Li\" <li@acme.test> пише:", 1),
            ("Mon, 2 Mar 2026 09:00 +0400 от Li <li@acme.test>:", 1),
            ("Vào 09:00 2 tháng 3, 2026, Li <li@acme.test> đã viết:", 1),
            ("---- On Mon, 2 Mar 2026 09:00:00 +0530 li@acme.test wrote ----", 1),
            ("On Mon, 2 Mar 2026 09:00 Li <li@acme.test> wrote", 1),
            ("On 2 Mar 2026 at 09:00 Li\n\n<\nmailto:li@acme.test\n> wrote:", 5),
            ("2026년 3월 2일 (월) 오전 9:00, Li <li@acme.test>님이 작성:", 1),
            ("在 2026年3月2日，09:00，Li <li@acme.test> 写道：", 1),
            ("\"Li\" <li@acme.test>, 2 Mar 2026 tarihinde şunu yazdı:", 1),
        ] {
            assert_eq!(found(text), Some(lines), "{text}");
        }
    }

    #[test]
    fn text_is_no_attribution() {
        for text in [
            "On Monday we go:",
            "On the way home I wrote a poem",
            "I wrote on the whiteboard what we need, in short the following:",
            "Am I late?",
            "Here are the 3 points:",
            "2026-03-02 is fine for us",
            "On 2 March we met.\nLi wrote: nothing.",
            "Write to li@acme.test:",
            "A colleague wrote 3 things:",
            "As I wrote in 2025 about the seats:",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_written_before_it_on_the_line_is_kept() {
        let (before, _) = at_end("Fine with me On 2 Mar 2026 at 09:00, li@acme.test wrote:").unwrap();
        assert_eq!(before.trim(), "Fine with me");
        assert_eq!(at_end("What I wrote On Monday:"), None);
    }

    #[test]
    fn name_and_date_are_told_apart() {
        for text in [
            "On 02/03/2026 09:00, \"Li Wei\" <li@acme.test> wrote:",
            "Dne 02/03/2026 09:00, Li Wei <li@acme.test> napsal(a):",
            "Li Wei <li@acme.test> kirjoitti 02/03/2026 09:00:",
            "Le 02/03/2026 09:00, « Li Wei » <li@acme.test> a écrit :",
            "02/03/2026 09:00 пользователь \"Li Wei\" <li@acme.test> написал:",
            "Den 02/03/2026 09:00 skrev \"Li Wei\" <li@acme.test> följande:",
            "Am 02/03/2026 09:00 schrieb Li Wei <li@acme.test>:",
            "Il 02/03/2026 09:00 Li Wei <li@acme.test> ha scritto:",
            "El 02/03/2026 09:00, Li Wei (<li@acme.test>) escribió:",
            "\"Li Wei\" <li@acme.test>, 02/03/2026 09:00 tarihinde şunu yazdı:",
        ] {
            assert_eq!(
                taken_apart(text),
                ("Li Wei".to_owned(), "02/03/2026 09:00".to_owned()),
                "{text}"
            );
        }
    }
}
