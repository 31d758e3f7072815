//! The own check of a mail's signature, between reading and judging it, where it would make a difference.

use crate::dkim::{Checked, Keys, check};
use crate::inbox::RawMail;
use crate::mail::classify::Own;
use crate::mail::dkim::{OwnCheck, wanted};
use crate::mail::read::Mail;
use crate::model::limits;
use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use std::panic::AssertUnwindSafe;

/// What the check of one mail came to, and whether it is worth trying again. A name server that is silent for a day, or a defect
/// of the verifier, is no proof.
pub async fn look(keys: Option<&Keys>, own: &Own<'_>, raw: &RawMail, mail: &Mail, now: Timestamp) -> Checked {
    let Some((keys, from)) = keys.zip(wanted(mail, own)) else {
        return Checked::Done(OwnCheck::NotDone);
    };
    if !raw.whole {
        return Checked::Done(OwnCheck::Nothing(
            "it was not read whole, so its signature cannot be checked",
        ));
    }
    let checked = AssertUnwindSafe(check(keys, &raw.bytes, mail, &from, now))
        .catch_unwind()
        .await;
    match checked.unwrap_or(Checked::Done(OwnCheck::Nothing("its signature cannot be checked"))) {
        Checked::Later if !may_wait(raw, mail, now) => {
            Checked::Done(OwnCheck::Nothing("the key of its signature could not be looked up"))
        }
        checked => checked,
    }
}

fn may_wait(raw: &RawMail, mail: &Mail, now: Timestamp) -> bool {
    let most = SignedDuration::try_from(limits::DKIM_WAITS).unwrap_or(SignedDuration::ZERO);
    let came = raw.received.into_iter().chain(mail.date).min();
    came.is_some_and(|came| now.duration_since(came) <= most)
}
