//! A forward → who wrote the original, when, about what, and what the rep wrote above it.
//!
//! Inline as mail programs write it: under a line that says so (`phrases::forwarded`), or, when the subject says `Fwd:`, under
//! a bare header block or an attribution (Outlook); possibly `> `-quoted. Attached as message/rfc822 or as an .eml file.
//! Of mails inside mails it is the outermost that nobody of the house wrote.
//!
//! What is no forward: a mail whose subject starts with `Re:` (who answers and passes something on answers), a quotation,
//! what a machine sends. Strict, because who is named here may be enrolled. Limits: `limits::FORWARD_…`.
//!
//! Known gaps: winmail.dat (TNEF) is opaque; an original of which only the name is told has no address.

mod attached;
mod inline;
mod person;
mod subject;
pub mod wishes;

pub use wishes::{Start, Wishes};

use super::classify::{Kind, Own};
use super::hand_over::{is_bot, is_house};
use super::quote;
use super::read::Mail;
use super::thread;
use crate::model::{Address, Correspondent, MessageId, limits};
use inline::{Level, Mark};
use person::Person;
use subject::Prefix;

/// A mail that was forwarded, as far as the forward tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Original {
    /// Who wrote it; `None` when only the name is told.
    pub address: Option<Address>,
    /// Their name.
    pub name: Option<String>,
    /// When, as written: in any language and format.
    pub date: Option<String>,
    /// Its subject, as written.
    pub subject: Option<String>,
    /// Its id: always of an attached mail, of an inline one when the program that forwarded it tells.
    pub message_id: Option<MessageId>,
    /// The thread it stands in, newest first.
    pub references: Vec<MessageId>,
    /// Offset of the writer's clock from UTC in minutes, where its own header tells.
    pub offset: Option<i16>,
}

/// What a rep forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The outermost mail inside it that nobody of the house wrote; else the outermost.
    pub original: Original,
    /// The party outside the house: who wrote the original, or to whom the house wrote it.
    pub prospect: Option<Correspondent>,
    /// Everybody outside the house who may be meant, the prospect first; more than one: it is not clear who.
    pub parties: Vec<Correspondent>,
    /// Whether the newest mail of it went from the house to somebody outside.
    pub by_us: bool,
    /// What the rep wrote above it.
    pub wishes: Wishes,
}

impl Forward {
    /// Whom the rep means: whom they name, else the only party that there is.
    ///
    /// # Errors
    /// With why nobody can be told.
    pub fn meant(&self) -> Result<Correspondent, Unclear> {
        if let Some(named) = &self.wishes.person {
            let known = self.parties.iter().find(|it| it.address.same_as(&named.address));
            let name = known.and_then(|known| known.name.clone()).or(named.name.clone());
            return Ok(Correspondent {
                name,
                address: named.address.clone(),
            });
        }
        let Some(prospect) = &self.prospect else {
            return Err(Unclear::NoAddress);
        };
        let other = |party: &Correspondent| party.address.loose() != prospect.address.loose();
        if self.parties.iter().any(other) {
            return Err(Unclear::Several(
                self.parties.iter().map(|party| party.address.clone()).collect(),
            ));
        }
        if is_program(&prospect.address) {
            return Err(Unclear::Program(prospect.address.clone()));
        }
        Ok(prospect.clone())
    }
}

/// Why it cannot be told whom a rep means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// The mail tells no address, or there is nobody outside the house in it.
    NoAddress,
    /// Any of these.
    Several(Vec<Address>),
    /// A program wrote it.
    Program(Address),
}

/// What addresses of programs begin with: nobody reads what is written to them.
const PROGRAMS: &[&str] = &[
    "noreply",
    "no-reply",
    "no_reply",
    "no.reply",
    "donotreply",
    "do-not-reply",
    "do_not_reply",
    "mailer-daemon",
    "postmaster",
    "bounce",
    "notification",
    "notify",
    "automailer",
    "nepasrepondre",
    "ne-pas-repondre",
    "nicht-antworten",
    "keine-antwort",
    "noresponder",
];

fn is_program(address: &Address) -> bool {
    let local = address.local().to_lowercase();
    PROGRAMS.iter().any(|program| local.starts_with(program))
}

/// Reads a forward in a mail of some kind; `None` when the mail is none.
#[must_use]
pub fn read(mail: &Mail, kind: &Kind, own: &Own<'_>) -> Option<Forward> {
    if kind.is_report() || is_machine(mail) {
        return None;
    }
    let mut forward = take_apart(mail, own, 0)?;
    let above = inline::above(&mail.text);
    forward.wishes = wishes::read(&quote::split(above).new_text);
    Some(forward)
}

fn take_apart(mail: &Mail, own: &Own<'_>, depth: usize) -> Option<Forward> {
    let (prefix, subject) = subject::read(&mail.subject);
    if prefix == Prefix::Reply {
        return None;
    }
    let levels = inline::levels(&mail.text);
    let first = levels.first().map(|level| level.mark);
    let inline = match first {
        Some(Mark::Forwarded) => true,
        Some(Mark::Block | Mark::Attribution) => prefix == Prefix::Forward,
        Some(Mark::Quotation) | None => false,
    };
    // Inside a mail that says `forwarded` an attached mail is that mail's; a weaker mark gives way to it.
    if first != Some(Mark::Forwarded)
        && let Some(forward) = attached::read(mail, own, depth)
    {
        return Some(forward);
    }
    inline.then(|| of_levels(mail, subject, &levels, own)).flatten()
}

/// The outermost level that nobody of the house wrote; else the outermost, with the first outside the house it went to.
fn of_levels(mail: &Mail, subject: &str, levels: &[Level], own: &Own<'_>) -> Option<Forward> {
    let outside = levels.iter().position(|level| !is_ours(&level.from, own));
    let chosen = outside.unwrap_or(0);
    let level = levels.get(chosen)?;
    // An attribution names no subject: it is that of the mail around it.
    let around = levels.iter().take(chosen + 1).rev().map(|level| level.subject.as_str());
    let subject = around.chain([subject]).find(|subject| !subject.is_empty());
    let message_id = || {
        let told = mail.header("X-Forwarded-Message-Id").chain(mail.header("In-Reply-To"));
        told.flat_map(thread::ids).next()
    };
    let parties = match outside {
        Some(_) => {
            let authors = levels.iter().skip(chosen).map(|level| &level.from);
            outsiders(authors.cloned(), own)
        }
        None => outsiders(levels.iter().flat_map(|level| person::read_all(&level.to)), own),
    };
    let prospect = match outside {
        Some(_) => correspondent(&level.from),
        None => parties.first().cloned(),
    };
    // Who passed it on inside the house did not write to them; where no recipient is told it may be so.
    let wrote = |level: &Level| {
        level.to.trim().is_empty() || !outsiders(person::read_all(&level.to).into_iter(), own).is_empty()
    };
    let by_us = levels.iter().take(outside.unwrap_or(levels.len())).any(wrote);
    Some(Forward {
        original: Original {
            address: level.from.address.clone(),
            name: level.from.name.clone(),
            date: cut(&level.date),
            subject: subject.and_then(cut),
            message_id: (chosen == 0).then(message_id).flatten(),
            references: mail.references.clone(),
            offset: None,
        },
        prospect,
        parties,
        by_us,
        wishes: Wishes::default(),
    })
}

/// Those of some people who are not of the house and have an address, no doubles.
fn outsiders(people: impl Iterator<Item = Person>, own: &Own<'_>) -> Vec<Correspondent> {
    let mut found: Vec<Correspondent> = Vec::new();
    for person in people.take(limits::ADDRESSES) {
        if let Some(other) = correspondent(&person).filter(|_| !is_ours(&person, own))
            && !found.iter().any(|known| known.address.loose() == other.address.loose())
        {
            found.push(other);
        }
    }
    found
}

fn correspondent(person: &Person) -> Option<Correspondent> {
    Some(Correspondent::new(person.name.as_deref(), person.address.clone()?))
}

/// Whether somebody is of the house: by address, or by a rep's name where the address is not told.
fn is_ours(person: &Person, own: &Own<'_>) -> bool {
    match (&person.address, &person.name) {
        (Some(address), _) => is_house(address, own) || is_bot(address, own),
        (None, Some(name)) => own.reps.iter().any(|rep| quote::fold(&rep.name) == quote::fold(name)),
        (None, None) => false,
    }
}

/// Bounded, and nothing when empty.
fn cut(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(limits::SUBJECT).collect();
    (!text.is_empty()).then_some(text)
}

/// Whether a machine sent it: what it encloses was not handed over by anybody.
fn is_machine(mail: &Mail) -> bool {
    let kind = mail
        .header("Content-Type")
        .next()
        .unwrap_or_default()
        .trim_start()
        .to_ascii_lowercase();
    let automatic = mail
        .header("Auto-Submitted")
        .any(|value| !value.trim().to_ascii_lowercase().starts_with("no"));
    mail.return_path == Some(None)
        || automatic
        || ["multipart/report", "multipart/digest"]
            .iter()
            .any(|machine| kind.starts_with(machine))
}
