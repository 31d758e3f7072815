//! The bot's own DKIM check: a mail and the keys of its domain → whether its signature proves who wrote it.
//!
//! Asked only where no server of ours has said anything (`mail::dkim::wanted`). The signature's arithmetic is mail-auth's, what
//! a good signature must cover is `mail::dkim`'s, where keys come from is `keys`'s. A name server that does not answer is
//! never taken for a yes: the mail waits ([`Checked::Later`]).
//!
//! Standards: RFC 6376, RFC 8301, RFC 8463. Limits: [`limits::DKIM_SIGNATURES`], [`limits::DNS_WAIT`] a question.
//! Known gaps: a key is not looked for under a domain that is no A-label.

mod keys;

pub use keys::{Keys, KeysError};

use crate::mail::dkim::{OwnCheck, Signed, is_enough};
use crate::mail::read::Mail;
use crate::model::{Address, limits};
use jiff::Timestamp;
use keys::{Answer, Known};
use mail_auth::common::crypto::Algorithm;
use mail_auth::common::headers::Header;
use mail_auth::common::verify::VerifySignature as _;
use mail_auth::dkim::Signature;
use mail_auth::{AuthenticatedMessage, DkimResult};

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// This is known of it.
    Done(OwnCheck),
    /// A key could not be looked up; trying again may help.
    Later,
}

/// Checks the signatures of a whole mail. `mail` is what was read of `bytes`, `from` its one author.
pub async fn check(keys: &Keys, bytes: &[u8], mail: &Mail, from: &Address, now: Timestamp) -> Checked {
    let bytes = with_crlf(bytes);
    let Some(mut message) = AuthenticatedMessage::parse(&bytes) else {
        return nothing("it has no header");
    };
    let mut why = if message.dkim_headers.is_empty() {
        "it has no signature that can be read"
    } else {
        "none of its signatures is good"
    };
    let mut hopeful = Vec::new();
    for header in std::mem::take(&mut message.dkim_headers) {
        match is_enough(mail, from, &signed(&header), now) {
            Ok(()) if hopeful.len() < limits::DKIM_SIGNATURES => hopeful.push(header),
            Ok(()) => why = "it has more signatures than are checked",
            Err(missing) => why = missing,
        }
    }
    let mut known = Known::default();
    let mut later = false;
    for header in &hopeful {
        match keys.key(&header.header.domain_key()).await {
            Answer::Key(key) => known.add(header.header.domain_key(), *key),
            Answer::None(missing) => why = missing,
            Answer::Later => later = true,
        }
    }
    message.dkim_headers = hopeful;
    if passes(keys, &message, &known).await {
        Checked::Done(OwnCheck::Pass)
    } else if later {
        Checked::Later
    } else {
        nothing(why)
    }
}

fn nothing(why: &'static str) -> Checked {
    Checked::Done(OwnCheck::Nothing(why))
}

/// Whether any signature is good by a key that is known. No question leaves the house here: what is not known has no key.
async fn passes(keys: &Keys, message: &AuthenticatedMessage<'_>, known: &Known) -> bool {
    let parameters = mail_auth::Parameters::new(message).with_txt_cache(known);
    let outputs = keys.verifier().verify_dkim(parameters).await;
    outputs.iter().any(|output| *output.result() == DkimResult::Pass)
}

/// What a signature says of itself.
fn signed(header: &Header<'_, Signature>) -> Signed {
    let signature = &header.header;
    Signed {
        raw: String::from_utf8_lossy(header.value).into_owned(),
        domain: signature.d.clone(),
        fields: signature.h.clone(),
        algorithm: match signature.a {
            Algorithm::RsaSha256 | Algorithm::Ed25519Sha256 => true,
            Algorithm::RsaSha1 => false,
        },
        signed_at: signature.t,
        expires: signature.x,
    }
}

/// A mail as it was signed: a Maildir stores lines by LF alone.
fn with_crlf(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let bare = |(at, byte): (usize, &u8)| *byte == b'\n' && (at == 0 || bytes.get(at - 1) != Some(&b'\r'));
    if !bytes.iter().enumerate().any(bare) {
        return bytes.into();
    }
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 32);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) => {
                out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                out.extend_from_slice(b"\r\n");
            }
            None => out.extend_from_slice(line),
        }
    }
    out.into()
}
