//! Is this mail from the rep it says it is from? (design §5, reliability §2.2)
//!
//! A mail is a rep's when it has exactly one From field with one plain address, that address is a registered rep's, and it
//! came by the rep's code or by a command or digest token; without these, and always in strict mode, a trusted check
//! must say pass (`vouched`). One that says fail undoes a code and a token. How well a mail is proven is its [`Level`]; what a
//! level is enough for stands in one table ([`level::allowed`]).
//!
//! Not here: whether the mail is fresh and not known yet, and whose token it is (the store knows).

use super::classify::Own;
use super::level::{self, Effect, Level, Proof};
use super::read::{self, Mail};
use super::vouched;
use crate::model::{Address, CadenceName, Purpose, Rep, Tag};

pub use super::vouched::{Verdict, verdict};

/// Whose mail it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Not from a rep, and not saying so.
    Stranger,
    /// From this rep, proven.
    Rep(Address),
    /// Says that it is from this rep and does not prove it.
    Unproven {
        /// Who it says it is from.
        rep: Address,
        /// What is missing, for people.
        why: &'static str,
    },
}

/// What speaks for a mail and against it (reliability §2.2 step 7).
#[must_use]
pub fn prove(mail: &Mail, own: &Own<'_>) -> Proof {
    let mut proof = Proof {
        rep: None,
        level: Level::Unproven,
        vouched: false,
        code: false,
        why: "its From names no rep",
    };
    let Some(rep) = claimed(mail, own) else {
        return proof;
    };
    proof.rep = Some(rep.address.clone());
    let from = match author(mail, own, rep) {
        Ok(from) => from,
        Err(why) => return Proof { why, ..proof },
    };
    let (verdict, why) = vouched::heard(mail, own, &from);
    if verdict == Verdict::Fail {
        return Proof { why, ..proof };
    }
    proof.vouched = verdict == Verdict::Pass;
    let tags = tags(mail, own);
    proof.code = tags.iter().any(|tag| is_code_of(tag, own, rep));
    let token = tags.iter().any(is_for_reps);
    (proof.level, proof.why) = match (token, proof.vouched) {
        (true, true) => (Level::Token, "a good token, and a trusted check vouches for it"),
        (true, false) => (Level::Token, "a good token, and nothing speaks against it"),
        (false, true) => (Level::Vouched, why),
        (false, false) => (Level::Claimed, why),
    };
    proof
}

/// Judges whose mail it is, by whatever capability it has.
#[must_use]
pub fn standing(mail: &Mail, own: &Own<'_>) -> Standing {
    let proof = prove(mail, own);
    let Some(rep) = proof.rep.clone() else {
        return Standing::Stranger;
    };
    let effect = if proof.level == Level::Token {
        Effect::CommandByToken
    } else if proof.code {
        Effect::EnrollByCode
    } else {
        Effect::CommandOpen
    };
    match level::allowed(effect, &proof, own.trust.strict) {
        Ok(()) => Standing::Rep(rep),
        Err(why) => Standing::Unproven { rep, why },
    }
}

/// The author, when it is without doubt this rep.
fn author(mail: &Mail, own: &Own<'_>, rep: &Rep) -> Result<Address, &'static str> {
    let from = sole_author(mail)?;
    if !from.same_as(&rep.address) {
        return Err("the From field can be read in two ways");
    }
    if !sender_fits(mail, own) {
        return Err("the Sender field names somebody else");
    }
    Ok(from)
}

/// The rep that any From address names.
fn claimed<'a>(mail: &Mail, own: &Own<'a>) -> Option<&'a Rep> {
    let named = |rep: &&Rep| mail.from.iter().any(|from| from.address.same_as(&rep.address));
    own.reps.iter().find(named)
}

/// The one author, when there is exactly one From field with exactly one plain address.
///
/// # Errors
/// Says what is wrong with the field.
pub fn sole_author(mail: &Mail) -> Result<Address, &'static str> {
    if mail.from_fields != 1 {
        return Err("there is not exactly one From field");
    }
    if mail.damage.contains(&read::HEADER_CUT) {
        return Err("its header is longer than is read");
    }
    let value = mail.header("From").next().unwrap_or_default();
    let strict = addr_spec(value).ok_or("the From field is not one plain address")?;
    // Two readers must agree, because others may read it as either does (reliability T-05).
    match mail.from.as_slice() {
        [only] if only.address == strict => Ok(strict),
        _ => Err("the From field can be read in two ways"),
    }
}

/// `name <local@domain>` or `local@domain`, and nothing else: no comments, groups, routes or lists.
fn addr_spec(value: &str) -> Option<Address> {
    let value = value.trim();
    let Some(inside) = value.strip_suffix('>') else {
        return Address::parse(value).ok();
    };
    let open = inside.rfind('<')?;
    let (name, address) = (inside.get(..open)?, inside.get(open + 1..)?);
    if address.contains(char::is_whitespace) || address.starts_with("=?") || !is_phrase(name.trim()) {
        return None;
    }
    Address::parse(address).ok()
}

/// A display name: words and quoted strings without the signs that make an address.
fn is_phrase(name: &str) -> bool {
    let mut quoted = false;
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => {
                chars.next();
            }
            '"' => quoted = !quoted,
            c if c.is_control() || is_hidden(c) => return false,
            '<' | '>' | '@' | '(' | ')' | ',' | ';' | ':' if !quoted => return false,
            _ => {}
        }
    }
    !quoted
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A Sender field must name the author or another rep (an assistant who sends for them).
fn sender_fits(mail: &Mail, own: &Own<'_>) -> bool {
    mail.header("Sender").all(|value| {
        let named = read::addresses(value);
        named.len() == 1
            && named
                .iter()
                .all(|sender| own.reps.iter().any(|rep| rep.address.same_as(&sender.address)))
    })
}

/// Whether it is an enrol address with this rep's code.
fn is_code_of(tag: &Tag, own: &Own<'_>, rep: &Rep) -> bool {
    match tag {
        Tag::Enroll { code: Some(code), .. } => own.bot.code_fits(code, &rep.address, rep.code_turn),
        Tag::Enroll { code: None, .. } | Tag::Bare | Tag::Unknown | Tag::Token(_) => false,
    }
}

/// Whether it is a token that only a rep is given.
fn is_for_reps(tag: &Tag) -> bool {
    match tag {
        Tag::Token(token) => match token.purpose {
            Purpose::Command | Purpose::Digest => true,
            Purpose::Reply | Purpose::Bounce | Purpose::OptOut | Purpose::Administration | Purpose::Test => false,
        },
        Tag::Enroll { .. } | Tag::Bare | Tag::Unknown => false,
    }
}

/// What stands behind the bot's own addresses among the recipients, most trustworthy first.
#[must_use]
pub fn tags(mail: &Mail, own: &Own<'_>) -> Vec<Tag> {
    let read = |recipient: &Address| own.bot.read(recipient).or_else(|| alias(own, recipient));
    mail.recipients.iter().filter_map(read).collect()
}

fn alias(own: &Own<'_>, recipient: &Address) -> Option<Tag> {
    let named = |(alias, _): &&(Address, CadenceName)| alias.same_as(recipient);
    own.aliases.iter().find(named).map(|(_, cadence)| Tag::Enroll {
        cadence: cadence.clone(),
        code: None,
    })
}
