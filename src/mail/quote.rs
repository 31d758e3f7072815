//! The new text of a mail: what this person wrote, without what they quote and without their signature.
//!
//! Knows the marks of mail programs in many languages: `>` lines, attribution lines (`On … wrote:`, also broken over
//! several lines), `-----Original Message-----`, header blocks as Outlook writes them, the delimiter `-- ` (RFC 3676
//! 4.3) and what phones put under a mail. Text between and under quotations is kept.
//!
//! Known gaps: signatures without a mark stay in the text. Words: `phrases`.

use super::phrases::quoted::{APP_SIGNATURES, ATTRIBUTIONS, FROM_LABELS, ORIGINAL_MESSAGE, SENT_LABELS, TO_LABELS};

/// What somebody wrote, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The new text, trimmed.
    pub new_text: String,
    /// What was cut off as the signature, trimmed.
    pub signature: String,
}

/// How many lines an attribution or a header block may take.
const REACH: usize = 6;
/// Longer lines are text, not attributions.
const ATTRIBUTION: usize = 400;

/// Takes a text apart.
#[must_use]
pub fn split(text: &str) -> Said {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        if line.trim_start().starts_with('>') && !kept_arrow(line) {
            at += 1;
        } else if let Some(length) = attribution(rest) {
            // Above `>` lines it goes with them; otherwise all that follows is the quoted mail.
            let quoted = rest.iter().skip(length).find(|line| !line.is_empty());
            if !quoted.is_some_and(|line| line.trim_start().starts_with('>')) {
                break;
            }
            at += length;
        } else if is_divider(rest) || is_header_block(rest) {
            break;
        } else {
            kept.push(*line);
            at += 1;
        }
    }
    without_signature(&kept)
}

/// `>:(` and `>100` are text.
fn kept_arrow(line: &str) -> bool {
    line.trim_start()
        .strip_prefix('>')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == ':'))
}

/// How many lines of an attribution stand here.
fn attribution(lines: &[&str]) -> Option<usize> {
    let first = fold(lines.first()?);
    let first = first.trim_start_matches(['*', '_']);
    if first.is_empty() || first.len() > ATTRIBUTION {
        return None;
    }
    // Only a line that starts as an attribution may go on over the next ones.
    let starts = |(start, _): &(&str, &str)| !start.is_empty() && first.starts_with(start);
    let reach = if ATTRIBUTIONS.iter().any(starts) { REACH } else { 1 };
    let mut joined = String::new();
    for (nth, line) in lines.iter().take(reach).enumerate() {
        if line.is_empty() && nth > 0 && !joined.ends_with('>') {
            return None;
        }
        joined.push_str(&fold(line));
        joined.push(' ');
        if joined.len() > ATTRIBUTION {
            return None;
        }
        let whole = joined.trim_end().trim_end_matches(['*', '_']);
        if whole.ends_with([':', '：']) && is_attribution(whole.trim_start_matches(['*', '_']), nth == 0) {
            return Some(nth + 1);
        }
    }
    None
}

/// Whether a folded text that ends in a colon names who wrote what follows.
fn is_attribution(text: &str, one_line: bool) -> bool {
    let told = text.contains('@') || text.chars().any(|c| c.is_ascii_digit());
    told && ATTRIBUTIONS.iter().any(|(start, word)| {
        // Without a start word, only one line is looked at, so that a text before it is not taken along.
        (!start.is_empty() || one_line) && text.starts_with(start) && text.contains(word)
    })
}

/// `-----Original Message-----`, or a line of underscores above a header block.
fn is_divider(lines: &[&str]) -> bool {
    let Some(line) = lines.first().map(|line| line.trim()) else {
        return false;
    };
    let marks = |c: char| matches!(c, '-' | '_' | '=' | '—' | '–' | ' ' | '*');
    let words = line.trim_matches(marks);
    if words.is_empty() {
        let below = lines.iter().skip(1).position(|line| !line.trim().is_empty());
        return line.len() >= 5
            && below.is_some_and(|below| is_header_block(lines.get(below + 1..).unwrap_or_default()));
    }
    let folded = fold(words.trim_end_matches(':'));
    let marked = line.len() >= words.len() + 4 || folded.starts_with("begin forwarded");
    marked && ORIGINAL_MESSAGE.contains(&folded.as_str())
}

/// `From: … Sent: … To: …` as Outlook writes it above a quoted mail.
fn is_header_block(lines: &[&str]) -> bool {
    let mut labels = lines.iter().take(REACH).map(|line| label(line));
    let starts = labels
        .next()
        .flatten()
        .is_some_and(|first| FROM_LABELS.contains(&first.as_str()));
    if !starts {
        return false;
    }
    let rest: Vec<String> = labels.flatten().collect();
    let has = |known: &[&str]| rest.iter().any(|label| known.contains(&label.as_str()));
    has(SENT_LABELS) && has(TO_LABELS)
}

fn label(line: &str) -> Option<String> {
    let (label, value) = line.split_once([':', '：'])?;
    let label = fold(label.trim_matches(|c: char| c == '*' || c == '_' || c.is_whitespace()));
    (label.len() <= 30 && !value.trim().is_empty()).then_some(label)
}

fn without_signature(lines: &[&str]) -> Said {
    let cut = lines
        .iter()
        .enumerate()
        .position(|(nth, line)| nth > 0 && is_signature(line) || line.trim() == "--");
    let (text, signature) = lines.split_at(cut.unwrap_or(lines.len()));
    let join = |lines: &[&str]| lines.join("\n").trim().to_owned();
    Said {
        new_text: join(text),
        signature: join(signature),
    }
}

fn is_signature(line: &str) -> bool {
    let folded = fold(line);
    folded.len() <= 80 && APP_SIGNATURES.iter().any(|start| folded.starts_with(start))
}

/// Lower case, white space collapsed, apostrophes plain, invisible characters gone: what phrases are compared with.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '’' | '‘' | '´' | '`' => out.push('\''),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' => {}
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_not_what_is_said() {
        for quotation in [
            "On Mon, 2 Mar 2026 at 09:00, Ana <ana@corp.test> wrote:\n> Hello\n> there",
            "On Mon, 2 Mar 2026 at 09:00, Ana Silva\n<ana@corp.test> wrote:\n\n> Hello",
            "Am 02.03.26 um 09:00 schrieb Ana Silva:\n> Hello",
            "Am Mo., 2. März 2026 um 09:00 Uhr schrieb Ana <ana@corp.test>:\n\nHello",
            "Le lun. 2 mars 2026 à 09:00, Ana <ana@corp.test> a écrit :\n> Hello",
            "El lun, 2 mar 2026 a las 9:00, Ana (<ana@corp.test>) escribió:\n> Hello",
            "Il giorno lun 2 mar 2026 alle ore 09:00 Ana <ana@corp.test> ha scritto:\n> Hello",
            "Ana Silva <ana@corp.test> schrieb am Mo., 2. März 2026, 09:00:\n> Hello",
            "Op ma 2 mrt 2026 om 09:00 schreef Ana <ana@corp.test>:\n> Hello",
            "-----Original Message-----\nFrom: Ana\nHello",
            "----- Ursprüngliche Nachricht -----\nHello",
            "________________________________\nFrom: Ana <ana@corp.test>\nSent: Monday\nTo: Jane\nSubject: Hi\n\nHello",
            "Von: Ana Silva\nGesendet: Montag, 2. März 2026\nAn: Jane\nBetreff: Hi\n\nHello",
            "*From:* Ana\n*Sent:* Monday\n*To:* Jane\n\nHello",
            "De : Ana\nEnvoyé : lundi 2 mars 2026\nÀ : Jane\nObjet : Hi\n\nHello",
            "> Hello",
        ] {
            let said = split(&format!("Yes, call me.\n\n{quotation}\n"));
            assert_eq!(said.new_text, "Yes, call me.", "{quotation}");
        }
    }

    #[test]
    fn answers_between_and_under_quotations_are_kept() {
        let said = split("On Mon, 2 Mar 2026, Ana wrote:\n> Price?\n\n100 euros.\n\n> When?\nTuesday.");
        assert_eq!(said.new_text, "100 euros.\n\nTuesday.");
    }

    #[test]
    fn what_only_looks_like_a_quotation_is_kept() {
        for text in [
            "On Monday I wrote: nothing new.",
            "From: my point of view it is fine.\nRegards",
            "We sold\n>100 pieces.",
            "Subject: budget\nLet us talk.",
            "---\nA list\n---",
        ] {
            assert_eq!(split(text).new_text, text);
        }
    }

    #[test]
    fn the_signature_is_set_apart() {
        let said = split("Yes.\n-- \nJane Doe\nAcme");
        assert_eq!(
            (said.new_text.as_str(), said.signature.as_str()),
            ("Yes.", "--\nJane Doe\nAcme")
        );
        let said = split("Yes.\n\nSent from my iPhone");
        assert_eq!(
            (said.new_text.as_str(), said.signature.as_str()),
            ("Yes.", "Sent from my iPhone")
        );
    }
}
