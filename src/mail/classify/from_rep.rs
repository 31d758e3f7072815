//! What a rep sends: hand-overs and commands. What claims to be a rep and does not prove it is an impostor's.
//!
//! A rep's own mail in a prospect's thread is neither: it is noted and does nothing. Corpus: tests/corpus/hand_over,
//! tests/corpus/command, tests/corpus/impostor.

use super::{Evidence, Kind, Reading};
use crate::mail::authenticity::{Standing, Verdict, sole_author, verdict};
use crate::mail::{command, hand_over};
use crate::model::{CadenceName, Purpose, Rep, Tag, Token};

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    let (rep, doubt) = match &evidence.standing {
        Standing::Stranger => return None,
        Standing::Rep(rep) => (rep, None),
        Standing::Unproven { rep, why } => (rep, Some(*why)),
    };
    let rep = evidence.own.reps.iter().find(|known| known.address.same_as(rep))?;
    let wish = wish(evidence, rep);
    let (kind, because) = match (wish, doubt) {
        (Wish::Nothing, _) if sole_author(evidence.mail).is_ok() => (Kind::OwnCopy, "the rep's own mail in the thread"),
        // Who can be read as a rep or as a prospect may be a prospect, and stops.
        (Wish::Nothing, _) => return None,
        (_, Some(why)) => {
            let rep = rep.address.clone();
            (Kind::Impostor { rep, why }, why)
        }
        // A token speaks for what it was made for: who holds one of a digest may not enroll by it.
        (Wish::Enroll { is_own: false, .. }, None) if !is_vouched_for(evidence, rep) => {
            let (rep, why) = (
                rep.address.clone(),
                "it came without the rep's code and no trusted check vouches for it",
            );
            (Kind::Impostor { rep, why }, why)
        }
        (Wish::Enroll { cadence, .. }, None) => {
            let handed = hand_over::read(evidence.mail, evidence.own, &rep.address, cadence);
            (
                Kind::HandOver(Box::new(handed)),
                "an enrol address, and proven to be from the rep",
            )
        }
        (Wish::Command, None) => {
            let commands = command::read(&evidence.said.new_text, &evidence.mail.subject);
            let rep = rep.address.clone();
            (
                Kind::Commands { rep, commands },
                "to the bot, and proven to be from the rep",
            )
        }
    };
    let mut reading = evidence.reading(kind, because);
    reading.token = for_rep(evidence).or(reading.token);
    Some(reading)
}

/// What a mail from a rep to these addresses wants.
enum Wish {
    Enroll {
        cadence: CadenceName,
        /// Whether the code is the rep's.
        is_own: bool,
    },
    Command,
    Nothing,
}

fn wish(evidence: &Evidence<'_>, rep: &Rep) -> Wish {
    let fits = |code: &Option<String>| {
        let code = code.as_deref().unwrap_or_default();
        evidence.own.bot.code_fits(code, &rep.address, rep.code_turn)
    };
    let enrolls: Vec<(&CadenceName, bool)> = evidence
        .tags
        .iter()
        .filter_map(|tag| match tag {
            Tag::Enroll { cadence, code } => Some((cadence, fits(code))),
            Tag::Bare | Tag::Token(_) | Tag::Unknown => None,
        })
        .collect();
    // An address with the right code was meant; one without may be left over from another mail.
    if let Some((cadence, is_own)) = enrolls.iter().find(|(_, fits)| *fits).or(enrolls.first()) {
        return Wish::Enroll {
            cadence: (*cadence).clone(),
            is_own: *is_own,
        };
    }
    let bare = evidence.tags.iter().any(|tag| matches!(tag, Tag::Bare));
    if for_rep(evidence).is_some() || (bare && evidence.token(Purpose::Reply).is_none()) {
        return Wish::Command;
    }
    Wish::Nothing
}

fn is_vouched_for(evidence: &Evidence<'_>, rep: &Rep) -> bool {
    verdict(evidence.mail, evidence.own, &rep.address) == Verdict::Pass
}

fn for_rep(evidence: &Evidence<'_>) -> Option<Token> {
    evidence
        .token(Purpose::Command)
        .or_else(|| evidence.token(Purpose::Digest))
}
