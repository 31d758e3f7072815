//! Whether a signature that was found good says enough: the conditions of the bot's own DKIM check (reliability §2.2 step 6).
//!
//! The check itself asks a name server and is the shell's (`crate::dkim`); here stands what a good signature must cover,
//! because DKIM alone lets much through: a body that goes on behind what was signed (`l=`), a second field above the signed
//! one, a mail of last year sent once more.
//!
//! Standards: RFC 6376, RFC 8301 (no SHA-1, 1,024 bits at least), RFC 8463.

use super::classify::{self, Own};
use super::level::Level;
use super::read::Mail;
use super::{authenticity, vouched};
use crate::model::{Address, domain_name, limits};
use jiff::{SignedDuration, Timestamp};

/// What an own check of a mail's signatures came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OwnCheck {
    /// Nobody checked.
    #[default]
    NotDone,
    /// The domain in From signed all that counts.
    Pass,
    /// It proves nothing; says why, for people.
    Nothing(&'static str),
}

/// What one signature says that it covers, as the verifier read it.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The raw value of its field.
    pub raw: String,
    /// Who signed, `d=`.
    pub domain: String,
    /// The names in `h=`.
    pub fields: Vec<String>,
    /// Whether its algorithm is one of those that are still good.
    pub algorithm: bool,
    /// `t=`, in seconds since 1970; 0 when it is left out.
    pub signed_at: u64,
    /// `x=`, in the same way.
    pub expires: u64,
}

/// Fields that decide what a hand-over or a command does. Each of them that a mail has must be signed, every time it is there.
const COVERED: [&str; 9] = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Reply-To",
];

/// The author whose domain's signature would make a difference: of a rep's mail that no server of ours vouches for and that
/// has no capability that is enough; and of a web form. `None`: there is nothing to check.
#[must_use]
pub fn wanted(mail: &Mail, own: &Own<'_>) -> Option<Address> {
    if own.trust.dkim && classify::lead::source(mail, own.lead_sources).is_some() {
        let from = authenticity::sole_author(mail).ok()?;
        return (vouched::by_results(mail, own, &from) == vouched::Verdict::Nothing).then_some(from);
    }
    let proof = authenticity::prove(mail, own);
    if !own.trust.dkim || proof.vouched || proof.level == Level::Unproven {
        return None;
    }
    let enough = !own.trust.strict && (proof.code || proof.level == Level::Token);
    let from = authenticity::sole_author(mail).ok().filter(|_| !enough)?;
    // What our own server said is not overruled.
    (vouched::by_results(mail, own, &from) == vouched::Verdict::Nothing).then_some(from)
}

/// Whether a good signature like this would prove that `mail` is from `from`.
///
/// # Errors
/// Says what is missing, for people.
pub fn is_enough(mail: &Mail, from: &Address, signed: &Signed, now: Timestamp) -> Result<(), &'static str> {
    if domain_name(signed.domain.trim_end_matches('.')).is_none_or(|domain| domain != from.domain()) {
        return Err("its signature is of another domain");
    }
    if !signed.algorithm {
        return Err("its signature uses an algorithm that is broken");
    }
    if has_length(&signed.raw) {
        return Err("its signature leaves room for more text (l=)");
    }
    let covers = COVERED.iter().all(|name| {
        let there = mail.header(name).count();
        let listed = signed
            .fields
            .iter()
            .filter(|field| field.trim().eq_ignore_ascii_case(name));
        listed.count() >= there
    });
    if !covers {
        return Err("its signature does not cover every field that counts");
    }
    let Some(date) = mail.date else {
        return Err("it has no date, so that it may be sent again");
    };
    let moments = [Some(date), moment(signed.signed_at)];
    if !moments.into_iter().flatten().all(|at| is_fresh(at, now)) {
        return Err("it was signed too long ago, or in the future");
    }
    if moment(signed.expires).is_some_and(|until| until < now) {
        return Err("its signature has run out");
    }
    Ok(())
}

fn moment(seconds: u64) -> Option<Timestamp> {
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds != 0)?;
    // A time beyond the calendar is neither fresh nor past.
    Some(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}

fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    let span = |limit| SignedDuration::try_from(limit).unwrap_or(SignedDuration::ZERO);
    let age = now.duration_since(at);
    age <= span(limits::HANDED_WITHIN) && age >= -span(limits::CLOCK_AHEAD)
}

/// Whether there is an `l=` tag at all: `l=0` signs nothing of the body.
fn has_length(raw: &str) -> bool {
    raw.split(';').any(|tag| {
        let name = tag.split('=').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("l")
    })
}
