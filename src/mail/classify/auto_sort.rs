//! What an automatic answer is about: an absence, a person who left, a proof that is asked for, a mere acknowledgement;
//! and who stands in.
//!
//! Limits: the first 64 KiB of the new text. Words: `phrases::away`.

use super::{AutoReply, AutoSort, Evidence, return_date};
use crate::mail::phrases::away::{ACKNOWLEDGEMENTS, AUTOMATIC_SENTENCES, AWAY_WORDS, CHALLENGES, LEFT, STAND_IN};
use crate::mail::phrases::search::Phrases;
use crate::mail::quote::fold;
use crate::model::{Address, limits};

/// Longer texts are conversations, whatever sentence they hold.
const BRIEF: usize = 1_500;

/// What the answer says.
pub(super) fn read(evidence: &Evidence<'_>) -> AutoReply {
    let text = head(&evidence.said().new_text);
    let folded = fold(text);
    let back = return_date::read(&format!("{}\n{text}", evidence.mail.subject), evidence.mail.date);
    let says = |words: &Phrases| words.is_in(&folded);
    let away = back.is_some() || says(&AWAY_WORDS) || AWAY_WORDS.is_in(&fold(&evidence.mail.subject));
    let sort = if says(&LEFT) && back.is_none() {
        AutoSort::Left
    } else if says(&CHALLENGES) && !away {
        AutoSort::Challenge
    } else if says(&ACKNOWLEDGEMENTS) && !away {
        AutoSort::Acknowledgement
    } else {
        AutoSort::Away
    };
    AutoReply {
        sort,
        back: back.filter(|_| sort == AutoSort::Away),
        stand_in: stand_in(text, evidence),
    }
}

/// Whether a program says of itself that it wrote this, and of what kind: a notification says so too.
pub(super) fn says_so(evidence: &Evidence<'_>, answers: bool) -> bool {
    let text = evidence.said().new_text.as_str();
    if text.len() > BRIEF || evidence.has("List-Id") || evidence.has("List-Unsubscribe") {
        return false;
    }
    let folded = fold(text);
    let says = |words: &Phrases| words.is_in(&folded);
    says(&AUTOMATIC_SENTENCES) && (answers || says(&LEFT) || says(&ACKNOWLEDGEMENTS) || says(&AWAY_WORDS))
}

/// The address of who stands in: the first in a line that sends the reader to somebody, or in the line under it.
fn stand_in(text: &str, evidence: &Evidence<'_>) -> Option<Address> {
    let mut near = false;
    for line in text.lines().take(200) {
        let folded = fold(line);
        let sends = STAND_IN.is_in(&folded);
        if near || sends {
            let is_edge = |c: char| c.is_whitespace() || "<>()[],;:\"'|".contains(c);
            let words = line.split(is_edge).filter(|word| word.contains('@'));
            let mut found = words.filter_map(|word| Address::parse(word.trim_matches(['.', '!', '?', '*'])).ok());
            let is_other = |address: &Address| {
                evidence.own.bot.read(address).is_none()
                    && !evidence.mail.from.iter().any(|from| from.address.same_as(address))
                    && !evidence.own.reps.iter().any(|rep| rep.address.same_as(address))
            };
            if let Some(address) = found.find(is_other) {
                return Some(address);
            }
        }
        near = sends || near && line.trim().is_empty();
    }
    None
}

fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(limits::TEXT_SEARCHED.min(text.len())))
        .unwrap_or(text)
}
