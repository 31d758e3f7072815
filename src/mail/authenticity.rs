//! Is this mail from the rep it says it is from? (design §5, reliability §2.2)
//!
//! A mail is a rep's when it has exactly one From field with one plain address, that address is a registered rep's, and it
//! came by the rep's code or by a command or digest token; without these, and always in strict mode, a trusted
//! Authentication-Results must say pass. One that says fail undoes a code and a token.
//!
//! *Trusted* is what stands above the border's Received field and carries a configured id (RFC 8601 5, 7.1): a sender
//! can write any field, but not above what our own server writes. Of several verdicts the worst counts.
//!
//! Not here: whether the mail is fresh and not known yet (the store knows). Known gaps: own DKIM checks, ARC.

use super::auth_results;
use super::classify::Own;
use super::read::{self, Mail};
use crate::model::{Address, CadenceName, Purpose, Rep, Tag, limits};

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

/// What the trusted results say about the domain in From.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the domain's mail.
    Pass,
    /// It is not.
    Fail,
    /// Nothing that could be believed.
    Nothing,
}

/// Judges whose mail it is.
#[must_use]
pub fn standing(mail: &Mail, own: &Own<'_>) -> Standing {
    let Some(rep) = claimed(mail, own) else {
        return Standing::Stranger;
    };
    let unproven = |why| Standing::Unproven {
        rep: rep.address.clone(),
        why,
    };
    let from = match sole_author(mail) {
        Ok(from) => from,
        Err(why) => return unproven(why),
    };
    if !from.same_as(&rep.address) {
        return unproven("the From field can be read in two ways");
    }
    if !sender_fits(mail, own) {
        return unproven("the Sender field names somebody else");
    }
    match (verdict(mail, own, &from), has_capability(mail, own, rep)) {
        (Verdict::Fail, _) => unproven("a trusted check says that it is not from that domain"),
        (Verdict::Pass, _) => Standing::Rep(rep.address.clone()),
        (Verdict::Nothing, true) if !own.trust.strict => Standing::Rep(rep.address.clone()),
        (Verdict::Nothing, true) => unproven("no trusted check says that it is from that domain"),
        (Verdict::Nothing, false) => unproven("it came without the rep's code and no trusted check vouches for it"),
    }
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
        return Address::parse(value).ok().filter(|it| it.as_str().len() == value.len());
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

/// Whether it came by the rep's code, or by a token that only a rep is given.
fn has_capability(mail: &Mail, own: &Own<'_>, rep: &Rep) -> bool {
    tags(mail, own).iter().any(|tag| match tag {
        Tag::Enroll { code: Some(code), .. } => own.bot.code_fits(code, &rep.address, rep.code_turn),
        Tag::Enroll { code: None, .. } | Tag::Bare | Tag::Unknown => false,
        Tag::Token(token) => match token.purpose {
            Purpose::Command | Purpose::Digest => true,
            Purpose::Reply | Purpose::Bounce | Purpose::OptOut => false,
        },
    })
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

/// What the trusted results say about the domain of `from`.
#[must_use]
pub fn verdict(mail: &Mail, own: &Own<'_>, from: &Address) -> Verdict {
    let fields = trusted(mail, own);
    if fields.len() > limits::AUTH_RESULTS {
        return Verdict::Nothing;
    }
    let mut dmarc = Vec::new();
    let mut dkim = Vec::new();
    for result in fields.iter().filter_map(|value| auth_results::parse(value)) {
        if !own
            .trust
            .authserv_ids
            .iter()
            .any(|id| id.eq_ignore_ascii_case(&result.authserv_id))
        {
            continue;
        }
        for said in result.results {
            let about = |name: &str| said.property(name).map(|domain| domain == from.domain());
            match said.method.as_str() {
                // A failure that names no domain is about this mail.
                "dmarc" if about("header.from").unwrap_or(said.result == "fail") => dmarc.push(said.result),
                "dkim" if about("header.d").unwrap_or(false) => dkim.push(said.result),
                _ => {}
            }
        }
    }
    let fails = |results: &[String]| results.iter().any(|result| result == "fail");
    let passes = |results: &[String]| !results.is_empty() && results.iter().all(|result| result == "pass");
    if fails(&dmarc) || fails(&dkim) {
        Verdict::Fail
    } else if passes(&dmarc) || passes(&dkim) {
        Verdict::Pass
    } else {
        Verdict::Nothing
    }
}

/// The Authentication-Results that only our own servers can have written.
fn trusted<'a>(mail: &'a Mail, own: &Own<'_>) -> Vec<&'a str> {
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    let border = &own.trust.border;
    let is_border =
        |value: &str| border.is_empty() || received_by(value).is_some_and(|by| border.iter().any(|it| is(it, by)));
    let end = mail
        .headers
        .iter()
        .position(|(name, value)| is(name, "Received") && is_border(value));
    // A mail that did not come over the border proves nothing.
    let above = mail.headers.get(..end.unwrap_or(0)).unwrap_or_default();
    let results = above
        .iter()
        .map(|(name, value)| is(name, "Authentication-Results").then_some(value.as_str()));
    if border.is_empty() {
        // Without a known border only the topmost block: what stands apart from it may have come with the mail.
        return results.skip_while(Option::is_none).map_while(|value| value).collect();
    }
    results.flatten().collect()
}

/// The host in `Received: … by HOST …`.
fn received_by(value: &str) -> Option<&str> {
    let mut words = value.split_whitespace();
    words.find(|word| word.eq_ignore_ascii_case("by"))?;
    words.next().map(|host| host.trim_end_matches([';', '.']))
}
