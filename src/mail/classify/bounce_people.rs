//! Who did not get it, in what a mail system writes for people.
//!
//! Systems differ in their sentences and agree in the place: the recipient stands at the start of a line, alone or
//! before the server's words (Postfix, qmail, Exim, Yahoo, Sendmail), or right behind a word such as `recipient:` or
//! `message to` (IMail, Symantec, DragonFly). The words that follow, up to the next recipient, are about this one.
//!
//! Limits: 50 recipients, 20 lines of words for each. Words: `phrases::returned`.

use super::Evidence;
use super::returned::Returned;
use crate::mail::phrases::returned::{BEFORE_RECIPIENT, CONTACT};
use crate::mail::quote::fold;
use crate::model::{Address, limits};

/// How many lines of words belong to one recipient.
const LINES: usize = 20;
/// Bytes of one line that are looked at.
const LINE: usize = 2_000;

/// A recipient, and the server's words about it.
#[derive(Debug)]
pub(super) struct Told {
    pub address: Address,
    pub words: String,
}

/// How sure a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Somewhere in a sentence.
    Mentioned,
    /// Behind a reply code: `550 5.1.1 <jane@acme.test>… User unknown`.
    Replied,
    /// At the start of a line, or behind a word that announces it.
    Named,
}

/// The recipients that the text names, in order, no doubles.
pub(super) fn read(text: &str, returned: &Returned, evidence: &Evidence<'_>) -> Vec<Told> {
    let lines: Vec<&str> = text.lines().map(short).collect();
    let mut found: Vec<(usize, Place, Address)> = Vec::new();
    for (nth, line) in lines.iter().enumerate() {
        if !line.contains('@') || found.len() >= limits::REPORTED * 4 {
            continue;
        }
        let folded = fold(line);
        let asks = CONTACT.is_in(&folded);
        for (place, address) in of_line(line) {
            let place = if asks && place < Place::Replied || is_header(&folded) {
                Place::Mentioned
            } else {
                place
            };
            if !asks_for(&address, asks) && is_other(&address, evidence) {
                found.push((nth, place, address));
            }
        }
    }
    let best = found
        .iter()
        .map(|(_, place, _)| *place)
        .max()
        .unwrap_or(Place::Mentioned);
    if best == Place::Mentioned {
        return mentioned(found, returned, &lines);
    }
    let sure: Vec<&(usize, Place, Address)> = found.iter().filter(|(_, place, _)| *place == best).collect();
    let mut told: Vec<Told> = Vec::new();
    for (at, (nth, _, address)) in sure.iter().enumerate() {
        let end = sure
            .iter()
            .skip(at + 1)
            .map(|(next, _, _)| *next)
            .find(|next| next > nth);
        let end = end.unwrap_or(lines.len()).min(nth + LINES);
        let words = lines.get(*nth..end).unwrap_or_default().join("\n");
        if let Some(known) = told.iter_mut().find(|known| known.address.same_as(address)) {
            if known.words.len() < LINE {
                known.words.push('\n');
                known.words.push_str(&words);
            }
        } else if told.len() < limits::REPORTED {
            let address = address.clone();
            told.push(Told { address, words });
        }
    }
    told
}

/// Of addresses in mere sentences those that the returned mail was for, else the first.
fn mentioned(found: Vec<(usize, Place, Address)>, returned: &Returned, lines: &[&str]) -> Vec<Told> {
    let ours = |address: &Address| returned.to.iter().any(|to| to.same_as(address));
    let any = found.iter().any(|(_, _, address)| ours(address));
    let words = lines.join("\n");
    let mut told: Vec<Told> = Vec::new();
    for (_, _, address) in found {
        let fits = if any { ours(&address) } else { told.is_empty() };
        if fits && !told.iter().any(|known| known.address.same_as(&address)) {
            told.push(Told {
                address,
                words: words.clone(),
            });
        }
    }
    told.truncate(limits::ENROLL_AT_ONCE);
    told
}

fn short(line: &str) -> &str {
    line.get(..line.floor_char_boundary(LINE.min(line.len())))
        .unwrap_or(line)
}

/// Somebody to ask is a role.
fn asks_for(address: &Address, asks: bool) -> bool {
    asks && ["postmaster", "abuse", "support", "helpdesk", "admin"]
        .iter()
        .any(|role| address.local().eq_ignore_ascii_case(role))
}

/// Neither the bot nor a rep nor who wrote the report.
fn is_other(address: &Address, evidence: &Evidence<'_>) -> bool {
    !evidence.own.bot.address().same_as(address)
        && !evidence.mail.from.iter().any(|from| from.address.same_as(address))
        && !evidence.own.reps.iter().any(|rep| rep.address.same_as(address))
}

/// Fields of the mail that came back, as Exchange and IMail repeat them: `To: …` is whom it was for, not who failed.
fn is_header(folded: &str) -> bool {
    ["to:", "cc:", "from:", "subject:", "date:", "sent:", "mail from:", "x-"]
        .iter()
        .any(|name| folded.starts_with(name))
}

/// The addresses of a line and how each is placed.
fn of_line(line: &str) -> Vec<(Place, Address)> {
    let mut found = Vec::new();
    let mut at = 0;
    let is_edge = |c: char| c.is_whitespace() || "<>()[],;:：\"'“”「」`|".contains(c);
    for word in line.split(is_edge) {
        let start = at;
        // The edges may be longer than a byte.
        at += word.len();
        at += line
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
        if !word.contains('@') {
            continue;
        }
        // X.400 (Exchange 5.5): `dda:SMTP=jane@acme.test`.
        let word = word.strip_prefix("SMTP=").unwrap_or(word);
        let Ok(address) = Address::parse(word.trim_matches(['.', '*', '=', '-', '!'])) else {
            continue;
        };
        found.push((place(line.get(..start).unwrap_or_default()), address));
        if found.len() >= 10 {
            break;
        }
    }
    found
}

fn place(before: &str) -> Place {
    let before = before.trim_matches(|c: char| c.is_whitespace() || "<>([{\"'“「*-•·=:：,#".contains(c));
    if before.is_empty() {
        return Place::Named;
    }
    let folded = fold(before);
    let announced = |mark: &&str| {
        folded
            .strip_suffix(*mark)
            .is_some_and(|head| !head.ends_with(char::is_alphanumeric) || !mark.is_ascii())
    };
    if BEFORE_RECIPIENT.iter().any(announced) {
        return Place::Named;
    }
    // `c=US;a= ;p=…;dda:` and the like.
    if folded.starts_with("c=") || folded.ends_with("dda") {
        return Place::Named;
    }
    let digits = folded.split([' ', '-']).next().unwrap_or_default();
    if digits.len() == 3 && digits.starts_with(['4', '5']) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Place::Replied
    } else {
        Place::Mentioned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(line: &str) -> Vec<(Place, String)> {
        of_line(line)
            .into_iter()
            .map(|(place, address)| (place, address.as_str().to_owned()))
            .collect()
    }

    #[test]
    fn a_recipient_is_known_by_its_place() {
        for (line, place) in [
            ("<li@acme.test>: host mx.acme.test said: 550 no", Place::Named),
            ("  * li@acme.test", Place::Named),
            ("\"li@acme.test\":", Place::Named),
            ("Failed Recipient: li@acme.test", Place::Named),
            (
                "There was an error delivering your mail to <li@acme.test>.",
                Place::Named,
            ),
            ("收件人：li@acme.test", Place::Named),
            ("收件人: li@acme.test", Place::Named),
            ("c=US;a= ;p=ACME;dda:SMTP=li@acme.test; on Fri", Place::Named),
            ("550 5.1.1 <li@acme.test>... User unknown", Place::Replied),
            ("from li@acme.test", Place::Mentioned),
        ] {
            assert_eq!(places(line).first().map(|(place, _)| *place), Some(place), "{line}");
        }
    }
}
