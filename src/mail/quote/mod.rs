//! The new text of a mail: what this person wrote, without what they quote and without their signature.
//!
//! Knows the marks of mail programs in many languages: `>` lines, `attribution` lines (`On … wrote:`), `divider`s
//! (`-----Original Message-----`), header `block`s as Outlook writes them, and the marks of a `signature`. Text between
//! and under `>` quotations is kept. Linear in the text: every look ahead is bounded.
//!
//! Known gaps: signatures without a mark stay in the text; text under a quotation without `>` belongs to the quotation.

pub(super) mod attribution;
pub(super) mod block;
pub(super) mod divider;
mod fold;
mod signature;

pub(super) use fold::{fold, is_blank, is_invisible, unquoted};
pub(super) use signature::is_app;

use crate::model::limits;
use divider::Says;

/// What somebody wrote, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// The new text, trimmed.
    pub new_text: String,
    /// What was cut off as the signature, trimmed.
    pub signature: String,
}

/// A quoted line so long or longer may have been wrapped by a server, its end left without `>`.
const WRAPPED: usize = 60;

/// Takes a text apart.
#[must_use]
pub fn split(text: &str) -> Said {
    let text = text
        .get(..text.floor_char_boundary(limits::NEW_TEXT.min(text.len())))
        .unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut said = Pieces::default();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        if is_quoted(line) {
            at += 1 + wrapped_end(rest);
            said.close();
        } else if let Some(before) = said_before_attribution(rest) {
            said.push(before);
            at += 1;
        } else if let Some(found) = attribution::read(rest) {
            // Above `>` lines it goes with them; otherwise all that follows is the quoted mail.
            if !is_quote_next(rest.get(found.lines..).unwrap_or_default()) {
                break;
            }
            at += found.lines;
            said.close();
        } else if ends_it(rest, !said.any) {
            break;
        } else {
            said.push(line);
            at += 1;
        }
    }
    said.close();
    said.said()
}

/// What somebody wrote on the same line before an attribution that stands above `>` lines.
fn said_before_attribution<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let (before, _) = attribution::at_end(lines.first()?)?;
    let quoted = is_quote_next(lines.get(1..)?);
    quoted.then(|| before.trim_end_matches(|c: char| is_blank(c) || c == '-'))
}

/// What was said, piece by piece between the quotations.
#[derive(Default)]
struct Pieces<'a> {
    /// Whether anything was said yet.
    any: bool,
    open: Vec<&'a str>,
    text: String,
    signature: String,
}

impl<'a> Pieces<'a> {
    fn push(&mut self, line: &'a str) {
        self.any |= !line.trim_matches(is_blank).is_empty();
        self.open.push(line);
    }

    /// Ends a piece. A signature belongs to the end of a piece: what is written under the quotation is text again.
    fn close(&mut self) {
        let lines = std::mem::take(&mut self.open);
        if lines.is_empty() {
            return;
        }
        let cut = signature::starts_at(&lines, self.text.is_empty());
        let (text, signature) = lines.split_at(cut);
        join(&mut self.text, text);
        join(&mut self.signature, signature);
    }

    fn said(self) -> Said {
        Said {
            new_text: self.text,
            signature: self.signature,
        }
    }
}

/// Puts lines under a text, one blank line between.
fn join(text: &mut String, lines: &[&str]) {
    // The mark that some trackers of opened mails leave on a line of its own.
    let lines: Vec<&str> = lines.iter().filter(|line| line.trim() != "ᐧ").copied().collect();
    let lines = lines.join("\n");
    let lines = lines.trim_matches(is_blank);
    if !text.is_empty() && !lines.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(lines);
}

/// Whether a line is quoted; `>:(`, `>100` and `>>> look <<<` are text.
fn is_quoted(line: &str) -> bool {
    let text = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == ':') || rest.ends_with("<<");
    line.trim_start().strip_prefix('>').is_some_and(|rest| !text(rest))
}

fn is_quote_next(lines: &[&str]) -> bool {
    lines
        .iter()
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.trim_start().starts_with('>'))
}

/// How many lines under a quoted one are its wrapped end: at most two, between quoted lines, and no new sentence.
fn wrapped_end(lines: &[&str]) -> usize {
    let long = lines
        .first()
        .is_some_and(|line| line.len() >= WRAPPED || line.contains("://"));
    let tail = lines
        .iter()
        .skip(1)
        .take(3)
        .position(|line| is_quoted(line))
        .unwrap_or(0);
    let goes_on = lines
        .get(1)
        .is_some_and(|line| line.starts_with(|c: char| !c.is_uppercase() && !c.is_whitespace()));
    let blank = lines.iter().skip(1).take(tail).any(|line| line.trim().is_empty());
    if long && goes_on && !blank { tail } else { 0 }
}

/// Whether all that follows is an older mail, or what programs wrote.
fn ends_it(lines: &[&str], nothing_yet: bool) -> bool {
    let Some(line) = lines.first() else { return false };
    let Some((says, rest)) = divider::read(line) else {
        return block::read(lines, false).is_some();
    };
    let below = || {
        let skip = lines
            .iter()
            .skip(1)
            .take(3)
            .position(|line| !line.trim_matches(is_blank).is_empty());
        lines
            .get(skip.map_or(lines.len(), |skip| skip + 1)..)
            .unwrap_or_default()
    };
    match says {
        Says::Original => line.trim().len() > 8,
        Says::ReplyAbove => !nothing_yet,
        Says::Forwarded => {
            let below: Vec<&str> = below().iter().take(12).map(|line| unquoted(line).1).collect();
            block::read_one_line(rest).is_some() || block::read(&below, true).is_some()
        }
        Says::Row => block::read(below(), false).is_some() || attribution_below(below()),
        Says::Unknown => block::read(below(), false).is_some(),
    }
}

/// Whether an attribution follows that no `>` lines follow.
fn attribution_below(lines: &[&str]) -> bool {
    attribution::read(lines).is_some_and(|found| !is_quote_next(lines.get(found.lines..).unwrap_or_default()))
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
