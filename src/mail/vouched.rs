//! What trusted checks say about the domain in From.
//!
//! *Trusted* is what stands above the border's Received field and carries a configured id (RFC 8601 5, 7.1): a sender
//! can write any field, but not above what our own server writes. Of several verdicts the worst counts. Exchange Online
//! leaves the id out and marks mail between its own mailboxes in a field of its own; both count only where the
//! configuration says that it is our provider. Where no such field says anything, an own check of the mail's signature may
//! (`dkim`). SPF alone vouches for nobody: it says which server sent, not who wrote.
//!
//! Known gaps: ARC.

use super::auth_results;
use super::classify::Own;
use super::dkim::OwnCheck;
use super::read::Mail;
use crate::model::{Address, domain_name, limits};

/// What trusted checks say about the domain in From.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the domain's mail.
    Pass,
    /// It is not.
    Fail,
    /// Nothing that could be believed.
    Nothing,
}

/// What trusted checks say about the domain of `from`.
#[must_use]
pub fn verdict(mail: &Mail, own: &Own<'_>, from: &Address) -> Verdict {
    heard(mail, own, from).0
}

/// The same, with what it rests on, for people.
pub(super) fn heard(mail: &Mail, own: &Own<'_>, from: &Address) -> (Verdict, &'static str) {
    match by_results(mail, own, from) {
        Verdict::Fail => (Verdict::Fail, "a trusted check says that it is not from that domain"),
        Verdict::Pass => (Verdict::Pass, "our own server's check says that it is from that domain"),
        Verdict::Nothing if is_internal(mail, own, from) => {
            (Verdict::Pass, "our own Exchange says that it never left the house")
        }
        Verdict::Nothing => match mail.checked {
            OwnCheck::Pass => (Verdict::Pass, "its signature is good, as the bot checked itself"),
            OwnCheck::NotDone => (Verdict::Nothing, "no trusted check says anything about it"),
            OwnCheck::Nothing(why) => (Verdict::Nothing, why),
        },
    }
}

/// What the trusted Authentication-Results say.
pub(super) fn by_results(mail: &Mail, own: &Own<'_>, from: &Address) -> Verdict {
    let fields = trusted(mail, own, "Authentication-Results");
    if fields.len() > limits::AUTH_RESULTS {
        return Verdict::Nothing;
    }
    let mut dmarc = Vec::new();
    let mut dkim = Vec::new();
    for result in fields.iter().filter_map(|value| auth_results::parse(value)) {
        if !is_ours(&result.authserv_id, own) {
            continue;
        }
        for said in result.results {
            let about = |name: &str| {
                said.property(name)
                    .map(|domain| domain_name(domain).is_some_and(|domain| domain == from.domain()))
            };
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

fn is_ours(id: &str, own: &Own<'_>) -> bool {
    if id.is_empty() {
        return own.trust.microsoft;
    }
    let mut ids = own.trust.authserv_ids.iter();
    ids.any(|known| known.eq_ignore_ascii_case(id))
}

/// Mail between mailboxes of one Exchange Online tenant has no results but says `AuthAs: Internal`; its border takes that
/// field off everything that comes in from outside.
fn is_internal(mail: &Mail, own: &Own<'_>, from: &Address) -> bool {
    let said = trusted(mail, own, "X-MS-Exchange-Organization-AuthAs");
    own.trust.microsoft
        && own.domains.iter().any(|domain| domain == from.domain())
        && !said.is_empty()
        && said.iter().all(|value| value.trim().eq_ignore_ascii_case("internal"))
}

/// The fields of this name that only our own servers can have written.
fn trusted<'a>(mail: &'a Mail, own: &Own<'_>, name: &str) -> Vec<&'a str> {
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    let border = &own.trust.border;
    let is_border = |value: &str| border.is_empty() || Hop::read(value).is_border(border);
    let end = mail
        .headers
        .iter()
        .position(|(name, value)| is(name, "Received") && is_border(value));
    // A mail that did not come over the border proves nothing.
    let above = mail.headers.get(..end.unwrap_or(0)).unwrap_or_default();
    let found = above
        .iter()
        .map(|(found, value)| is(found, name).then_some(value.as_str()));
    if border.is_empty() {
        // Without a known border only the topmost block: what stands apart from it may have come with the mail.
        return found.skip_while(Option::is_none).map_while(|value| value).collect();
    }
    found.flatten().collect()
}

/// Whether a host is meant by an entry of `[trust].border`: the same name, or, of one that begins with a dot, a name below.
fn fits_host(host: &str, known: &str) -> bool {
    if !known.starts_with('.') {
        return host.eq_ignore_ascii_case(known);
    }
    let tail = host.len().checked_sub(known.len()).and_then(|at| host.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(known))
}

/// What one Received field says about the server that wrote it.
struct Hop {
    /// The host behind `by`.
    by: Option<String>,
    /// Whether the mail came by LMTP: inside the house, from the server that had taken it in.
    is_handed_on: bool,
    /// A bracket in it never closes, so that what the client called itself may hide the rest.
    is_unreadable: bool,
}

impl Hop {
    /// Reads `from CLIENT (…) by HOST (…) with PROTOCOL …` (RFC 5321 4.4). A client may call itself `by`, so its name is skipped.
    fn read(value: &str) -> Self {
        let mut depth = 0_usize;
        let mut bare = String::new();
        for c in value.chars() {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                c if depth == 0 => bare.push(c),
                _ => {}
            }
            // What stood in brackets parts words.
            if c == ')' {
                bare.push(' ');
            }
        }
        let mut words = bare.split_whitespace().peekable();
        if words.next_if(|word| word.eq_ignore_ascii_case("from")).is_some() {
            words.next();
        }
        let by = words
            .find(|word| word.eq_ignore_ascii_case("by"))
            .and_then(|_| words.next());
        let with = words
            .find(|word| word.eq_ignore_ascii_case("with"))
            .and_then(|_| words.next());
        Self {
            by: by.map(|host| host.trim_end_matches([';', '.']).to_owned()),
            is_handed_on: with.is_some_and(|with| with.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("lmtp"))),
            is_unreadable: depth > 0,
        }
    }

    /// Whether nothing below can be trusted: here the mail came in from outside, or nobody can tell.
    fn is_border(&self, border: &[String]) -> bool {
        let by = self.by.as_deref();
        let is_ours = by.is_some_and(|by| border.iter().any(|known| fits_host(by, known)));
        self.is_unreadable || (is_ours && !self.is_handed_on)
    }
}

/// One Authentication-Results field, looked at without believing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The id that it claims; empty when it has none.
    pub id: String,
    /// The `by` name of the next Received below it, which is the border's when the field is ours; `None`: none is below.
    pub border: Option<String>,
    /// Whether it says that a mail of this domain is genuine.
    pub passes: bool,
    /// What it says, in short: `dkim=pass header.d=corp.test`.
    pub told: String,
}

/// The fields of a mail from the top, and what they say about `domain`: `check auth` shows it, and what to write into `[trust]`.
#[must_use]
pub fn seen(mail: &Mail, domain: &str) -> Vec<Seen> {
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    let fields = mail.headers.iter().enumerate();
    let fields = fields.filter(|(_, (name, _))| is(name, "Authentication-Results"));
    let fields = fields.take(limits::AUTH_RESULTS).filter_map(|(at, (_, value))| {
        let field = auth_results::parse(value)?;
        let below = mail.headers.iter().skip(at).filter(|(name, _)| is(name, "Received"));
        let mut below = below.map(|(_, value)| Hop::read(value)).filter(|hop| !hop.is_handed_on);
        let passes = |said: &auth_results::Verdict| {
            let about = |name: &str| said.property(name) == Some(domain);
            said.result == "pass"
                && (said.method == "dmarc" && about("header.from") || said.method == "dkim" && about("header.d"))
        };
        Some(Seen {
            border: below.next().and_then(|hop| hop.by),
            passes: field.results.iter().any(passes),
            told: field
                .results
                .iter()
                .map(auth_results::Verdict::told)
                .collect::<Vec<_>>()
                .join("; "),
            id: field.authserv_id,
        })
    });
    fields.collect()
}
