//! What a rep sends: hand-overs and commands. What claims to be a rep and does not prove it is an impostor's.
//!
//! A rep's own mail in a prospect's thread is neither: it is noted and does nothing. Corpus: tests/corpus/hand_over,
//! tests/corpus/command, tests/corpus/impostor.

use super::{Evidence, Kind, Own, Reading};
use crate::mail::authenticity::sole_author;
use crate::mail::forward::{self, Forward};
use crate::mail::level::{Effect, Level, allowed};
use crate::mail::{command, hand_over, list};
use crate::model::{Asked, CadenceName, Purpose, Rep, Tag, Token};

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    let Some(rep) = evidence.proof.rep.as_ref() else {
        return look_alike(evidence);
    };
    let rep = evidence.own.reps.iter().find(|known| known.address.same_as(rep))?;
    let forward = (!hand_over::is_copy(evidence.mail, evidence.own))
        .then(|| forward::read(evidence.mail, &Kind::Reply, evidence.own))
        .flatten();
    let (kind, because) = match wish(evidence, rep, forward.as_ref()) {
        Wish::Nothing if sole_author(evidence.mail).is_ok() => (Kind::OwnCopy, "the rep's own mail in the thread"),
        // Who can be read as a rep or as a prospect may be a prospect, and stops.
        Wish::Nothing => return None,
        wish => match allowed(wish.effect(), &evidence.proof, evidence.own.trust.strict) {
            Err(why) => {
                let why = if is_given_up(evidence, rep) { GIVEN_UP } else { why };
                let rep = rep.address.clone();
                (Kind::Impostor { rep, why }, why)
            }
            Ok(()) => wish.kind(evidence, rep, forward)?,
        },
    };
    let mut reading = evidence.reading(kind, because);
    reading.token = for_rep(evidence).or(reading.token);
    Some(reading)
}

/// Why a mail by an address that looks like a rep's does nothing.
pub const IMITATES: &str = "its address looks like the rep's and is another";

/// What asks the bot for something from an address that a person would take for a rep's (reliability T-06). An answer in
/// a conversation is left alone: it stops, whatever its address looks like.
fn look_alike(evidence: &Evidence<'_>) -> Option<Reading> {
    let asks = evidence.tags.iter().any(|tag| match tag {
        Tag::Enroll { .. } | Tag::Bare => true,
        Tag::Token(token) => matches!(token.purpose, Purpose::Command | Purpose::Digest),
        Tag::Unknown => false,
    });
    if !asks || !evidence.mail.references.is_empty() || evidence.token(Purpose::Reply).is_some() {
        return None;
    }
    let imitates = |rep: &&Rep| {
        evidence.mail.from.iter().any(|from| {
            let named = || from.name.as_ref().is_some_and(|name| name.trim() == rep.name);
            from.address.resembles(&rep.address) || (from.address.resembles_domain_of(&rep.address) && named())
        })
    };
    let rep = evidence.own.reps.iter().find(imitates)?.address.clone();
    Some(evidence.reading(Kind::Impostor { rep, why: IMITATES }, IMITATES))
}

/// What a mail from a rep to these addresses wants.
enum Wish {
    Enroll {
        /// As the address says.
        cadence: Option<CadenceName>,
        /// Whether the code is the rep's.
        is_own: bool,
    },
    Command {
        /// Whether it came by a token.
        by_token: bool,
    },
    Nothing,
}

impl Wish {
    fn effect(&self) -> Effect {
        match self {
            Self::Enroll { is_own: true, .. } => Effect::EnrollByCode,
            Self::Enroll { is_own: false, .. } => Effect::EnrollOpen,
            Self::Command { by_token: true } => Effect::CommandByToken,
            Self::Command { by_token: false } | Self::Nothing => Effect::CommandOpen,
        }
    }

    /// What it comes to, once it is known to be the rep's.
    fn kind(self, evidence: &Evidence<'_>, rep: &Rep, forward: Option<Forward>) -> Option<(Kind, &'static str)> {
        match self {
            Self::Enroll { cadence, .. } => {
                let (mail, own) = (evidence.mail, evidence.own);
                let list = list::attached(mail).filter(|_| !hand_over::is_copy(mail, own));
                let (handed, because) = match (list, forward) {
                    (Some(list), _) => (
                        hand_over::listed(mail, own, &rep.address, cadence, list, &evidence.said().new_text),
                        "a list of people, and proven to be from the rep",
                    ),
                    (None, Some(forward)) => (
                        hand_over::forwarded(mail, own, &rep.address, cadence, forward),
                        "a forward to the bot, and proven to be from the rep",
                    ),
                    (None, None) => (
                        hand_over::read(mail, own, &rep.address, cadence),
                        "an enrol address, and proven to be from the rep",
                    ),
                };
                Some((Kind::HandOver(Box::new(handed)), because))
            }
            Self::Command { .. } => {
                let commands = command::read(&evidence.said().new_text, &evidence.mail.subject);
                let rep = rep.address.clone();
                Some((
                    Kind::Commands { rep, commands },
                    "to the bot, and proven to be from the rep",
                ))
            }
            Self::Nothing => None,
        }
    }
}

fn wish(evidence: &Evidence<'_>, rep: &Rep, forward: Option<&Forward>) -> Wish {
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
            cadence: Some((*cadence).clone()),
            is_own: *is_own,
        };
    }
    let bare = evidence.tags.iter().any(|tag| matches!(tag, Tag::Bare));
    if for_rep(evidence).is_some() {
        return Wish::Command { by_token: true };
    }
    if !bare || evidence.token(Purpose::Reply).is_some() {
        return Wish::Nothing;
    }
    let brings_list = evidence
        .mail
        .parts
        .iter()
        .any(|part| part.is_table() || part.is_workbook());
    match forward {
        _ if brings_list && !hand_over::is_copy(evidence.mail, evidence.own) => Wish::Enroll {
            cadence: None,
            is_own: false,
        },
        Some(forward) if !commands(forward) => Wish::Enroll {
            cadence: None,
            is_own: false,
        },
        Some(_) | None => Wish::Command { by_token: false },
    }
}

/// Whether the rep asks for something else above what they forward to the bare address.
fn commands(forward: &Forward) -> bool {
    let wishes = &forward.wishes;
    if wishes.cadence.is_some() || wishes.unread.contains(&"cadence") || wishes.note.trim().is_empty() {
        return false;
    }
    let asked = command::read(&wishes.note, "");
    asked
        .iter()
        .any(|command| !matches!(command.asked, Asked::Unclear { .. }))
}

/// Why a mail by a rep's own code of before enrolls nobody, where nothing else vouches for it.
pub const GIVEN_UP: &str = "it came by a code that the rep gave up, and no trusted check vouches for it";

/// Whether it came by a code that this rep had before.
fn is_given_up(evidence: &Evidence<'_>, rep: &Rep) -> bool {
    evidence.proof.level > Level::Unproven && given_up(&evidence.tags, evidence.own, rep)
}

/// Whether one of these addresses has a code that this rep had before and none has the one of now.
#[must_use]
pub fn given_up(tags: &[Tag], own: &Own<'_>, rep: &Rep) -> bool {
    let codes = tags.iter().filter_map(|tag| match tag {
        Tag::Enroll { code, .. } => code.as_deref(),
        Tag::Bare | Tag::Token(_) | Tag::Unknown => None,
    });
    let mut codes = codes.peekable();
    codes.peek().is_some()
        && codes.all(|code| {
            !own.bot.code_fits(code, &rep.address, rep.code_turn)
                && own.bot.is_given_up(code, &rep.address, rep.code_turn)
        })
}

fn for_rep(evidence: &Evidence<'_>) -> Option<Token> {
    evidence
        .token(Purpose::Command)
        .or_else(|| evidence.token(Purpose::Digest))
}
