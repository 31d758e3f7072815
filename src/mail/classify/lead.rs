//! The mail of a web form: from a configured source, proven to be from its domain.
//!
//! It stands before the readers of opt-outs and automatic answers, because a form's program marks its mails as automatic, and
//! what a visitor writes into a form is about the visitor and not about the form. One that came by a token is somebody's answer
//! and no form. Nobody answers a form's program, whatever becomes of it.

use super::{Evidence, Kind, Reading};
use crate::mail::authenticity::sole_author;
use crate::mail::level::{Effect, Level, Proof, allowed};
use crate::mail::vouched::{Verdict, heard};
use crate::mail::{lead, read::Mail};
use crate::model::LeadSource;

/// The source whose mail it says it is.
#[must_use]
pub fn source<'s>(mail: &Mail, sources: &'s [LeadSource]) -> Option<&'s LeadSource> {
    let named = |source: &&LeadSource| mail.from.iter().any(|from| source.is_from(&from.address));
    sources.iter().find(named)
}

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    let source = source(evidence.mail, evidence.own.lead_sources)?;
    if evidence.claims_rep() || evidence.is_from_system() || evidence.tokens().next().is_some() {
        return None;
    }
    let proven = sole_author(evidence.mail).and_then(|from| {
        let (verdict, why) = heard(evidence.mail, evidence.own, &from);
        let proof = Proof {
            rep: None,
            level: match verdict {
                Verdict::Pass => Level::Vouched,
                Verdict::Nothing => Level::Claimed,
                Verdict::Fail => Level::Unproven,
            },
            vouched: verdict == Verdict::Pass,
            code: false,
            why,
        };
        allowed(Effect::EnrollLead, &proof, evidence.own.trust.strict)
    });
    let kind = match proven.and_then(|()| lead::read(evidence.mail, source, evidence.own)) {
        Ok(lead) => Kind::Lead(Box::new(lead)),
        Err(why) => Kind::LeadRefused {
            source: source.name.clone(),
            why,
        },
    };
    let because = match &kind {
        Kind::LeadRefused { why, .. } => *why,
        _ => "a form of a configured source, proven to be from its domain",
    };
    let mut reading = evidence.reading(kind, because);
    // Whoever sent it is a program, so that it concerns nobody's enrollment.
    reading.people.clear();
    Some(reading)
}
