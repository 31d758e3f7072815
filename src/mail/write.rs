//! Values → bytes of a mail: the only way in which this program makes one.
//!
//! The same values give the same bytes, however often: the boundary is derived from the Message-ID and the date is an
//! argument, so that a letter may be rendered again and compared. Nothing gets into the header that is not listed in
//! [`Composition`]; what people typed is cleaned and encoded first (reliability T-08, P20, P21).
//!
//! Standards: RFC 5322 (form), 2045-2047 (MIME, encoded words), 2369 and 8058 (List-Unsubscribe), 3834 (automatic mail).
//! Lettre gives the two body encodings; its builder is not used, because it panics on a display name with a line break
//! (RUSTSEC-2026-0564) and draws its boundaries by lot.
//! Known gaps: a mail to or from an address with characters outside ASCII is refused (no SMTPUTF8).

mod enclose;
mod header;
mod part;

use crate::model::{Address, Correspondent, Fingerprint, MessageId, Wording, limits};
use header::Header;
use jiff::{Timestamp, tz::TimeZone};
use lettre::message::{Body, header::ContentTransferEncoding};
use part::Part;

/// Everything a mail of ours says. Nothing else gets into its header.
pub struct Composition<'a> {
    /// Who writes.
    pub from: &'a Correspondent,
    /// The one recipient.
    pub to: &'a Correspondent,
    /// Where answers go; left out when its address has characters outside ASCII.
    pub reply_to: Option<&'a Correspondent>,
    /// What stands in Date, in UTC.
    pub date: Timestamp,
    /// Its id.
    pub message_id: &'a MessageId,
    /// The mails before it in the thread, oldest first; the last becomes In-Reply-To, all become References: the first
    /// and the newest, at most [`limits::REFERENCES_WRITTEN`].
    pub thread: &'a [MessageId],
    /// Subject and text.
    pub wording: &'a Wording,
    /// For a touch: `Some` opt-out address, becomes List-Unsubscribe.
    pub unsubscribe: Option<&'a Address>,
    /// How it owns up to being automatic.
    pub automatic: Automatic,
    /// Our own mark, `X-Cadence-Ref`: the letter id, by which own copies are known.
    pub reference: &'a str,
    /// A prospect's mail passed on whole: its raw bytes, whose MIME entity becomes a part of ours, as it is.
    pub enclosed: Option<&'a [u8]>,
}

/// How a mail owns up to being automatic (tech §3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// A touch, as the rep: `X-Auto-Response-Suppress: DR, RN, NRN, AutoReply`, no Auto-Submitted.
    Touch,
    /// The digest: `Auto-Submitted: auto-generated`, `X-Auto-Response-Suppress: All`, `Precedence: bulk`.
    Generated,
    /// Receipts, relays, alerts, answers: `Auto-Submitted: auto-replied`, `X-Auto-Response-Suppress: All`.
    Replied,
}

/// The bytes of a mail: canonical CRLF, ASCII-safe header, lines of at most 998 octets, the same bytes for the same
/// input. They are 7-bit, unless what is enclosed is not; then a bare byte over 127 says so.
///
/// # Errors
/// When it would be larger than [`limits::LETTER`], or what it encloses than [`limits::ENCLOSED`]; when From or To has
/// characters outside ASCII.
pub fn compose(composition: &Composition<'_>) -> Result<Vec<u8>, String> {
    compose_with(composition, &[])
}

/// A picture that the HTML shows as `cid:` and its name; a reader who sees none has the text beside it.
pub struct Picture {
    /// Its Content-ID: letters, digits, `.`, `-` and one `@`.
    pub name: String,
    /// The file.
    pub png: Vec<u8>,
}

/// A file of ours that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its name, ASCII.
    pub name: String,
    /// Its type, `text/vcard; charset=utf-8`.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// [`compose`], with files.
///
/// # Errors
/// As [`compose`]; and when the files are larger than [`limits::LETTER`] together.
pub fn compose_with(composition: &Composition<'_>, files: &[Attached]) -> Result<Vec<u8>, String> {
    made(composition, &[], files)
}

/// [`compose`], with pictures inside of the HTML (RFC 2387). Without HTML there are none.
///
/// # Errors
/// As [`compose`].
pub fn compose_pictured(composition: &Composition<'_>, pictures: &[Picture]) -> Result<Vec<u8>, String> {
    made(composition, pictures, &[])
}

fn made(composition: &Composition<'_>, pictures: &[Picture], files: &[Attached]) -> Result<Vec<u8>, String> {
    let mut header = head(composition)?;
    let boundaries = ["alternative", "related"].map(|purpose| boundary(composition.message_id, purpose));
    let ours = part::wording(composition.wording, &boundaries, pictures);
    if header.len() + ours.len() > limits::LETTER {
        return Err(format!("the mail is larger than {} bytes", limits::LETTER));
    }
    let body = if composition.enclosed.is_none() && files.is_empty() {
        ours
    } else {
        let mut parts = vec![ours];
        parts.extend(enclosed(composition)?);
        if files.iter().map(|file| file.bytes.len()).sum::<usize>() > limits::LETTER {
            return Err(format!("its files are larger than {} bytes", limits::LETTER));
        }
        parts.extend(files.iter().map(Part::file));
        Part::multipart("mixed", &boundary(composition.message_id, "mixed"), &parts)
    };
    header.raw("MIME-Version", "1.0");
    let mut bytes = header.into_bytes();
    bytes.extend_from_slice(&body.into_bytes());
    Ok(bytes)
}

/// The mail that is passed on, as a part of ours.
fn enclosed(composition: &Composition<'_>) -> Result<Option<Part>, String> {
    let Some(raw) = composition.enclosed else {
        return Ok(None);
    };
    let theirs = enclose::entity(raw);
    if theirs.len() > limits::ENCLOSED {
        return Err(format!("the enclosed mail is larger than {} bytes", limits::ENCLOSED));
    }
    Ok(Some(theirs))
}

fn head(composition: &Composition<'_>) -> Result<Header, String> {
    let ascii = |who: &Correspondent, field: &str| {
        if who.address.as_str().is_ascii() {
            Ok(())
        } else {
            Err(format!("the address in {field} has characters outside ASCII"))
        }
    };
    ascii(composition.from, "From")?;
    ascii(composition.to, "To")?;
    let mut header = Header::default();
    header.raw("Date", &date(composition.date));
    header.correspondent("From", composition.from);
    header.correspondent("To", composition.to);
    if let Some(reply_to) = composition.reply_to.filter(|who| ascii(who, "Reply-To").is_ok()) {
        header.correspondent("Reply-To", reply_to);
    }
    header.text("Subject", &composition.wording.subject);
    header.raw("Message-ID", &composition.message_id.bracketed());
    thread(&mut header, composition.thread);
    if let Some(address) = composition.unsubscribe {
        // One line: relays that folded it broke the DKIM signature over it.
        let address = header::percent_encoded(address);
        header.raw("List-Unsubscribe", &format!("<mailto:{address}?subject=unsubscribe>"));
    }
    automatic(&mut header, composition.automatic);
    header.text("X-Cadence-Ref", composition.reference);
    Ok(header)
}

/// Always UTC: the same text whatever the machine's or the rep's zone.
pub(super) fn date(date: Timestamp) -> String {
    let date = date.to_zoned(TimeZone::UTC);
    date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

fn thread(header: &mut Header, ids: &[MessageId]) {
    let Some(((first, rest), last)) = ids.split_first().zip(ids.last()) else {
        return;
    };
    header.raw("In-Reply-To", &last.bracketed());
    // The root stays, since clients thread by it.
    let newest = rest.len().saturating_sub(limits::REFERENCES_WRITTEN - 1);
    let references: Vec<_> = std::iter::once(first)
        .chain(rest.iter().skip(newest))
        .map(MessageId::bracketed)
        .collect();
    header.raw("References", &references.join("\r\n "));
}

fn automatic(header: &mut Header, automatic: Automatic) {
    let suppress = "X-Auto-Response-Suppress";
    match automatic {
        // Never `All`: it would silence the bounces and absences that we want to read.
        Automatic::Touch => header.raw(suppress, "DR, RN, NRN, AutoReply"),
        Automatic::Generated => {
            header.raw("Auto-Submitted", "auto-generated");
            header.raw(suppress, "All");
            header.raw("Precedence", "bulk");
        }
        Automatic::Replied => {
            header.raw("Auto-Submitted", "auto-replied");
            header.raw(suppress, "All");
        }
    }
}

/// A boundary nobody else can have written: the Message-ID is keyed, and unknown to all until the mail is out. `=_`
/// occurs in neither of the body encodings (RFC 2045 6.7).
fn boundary(id: &MessageId, purpose: &str) -> String {
    let hash = Fingerprint::of("boundary", &[id.as_str(), purpose]).hex();
    format!("=_{}", hash.chars().take(32).collect::<String>())
}

/// Text, its line ends already CRLF, as quoted-printable.
fn quoted_printable(text: String) -> Vec<u8> {
    encoded(Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable))
}

/// Bytes as base64 in lines of 76 characters, without a line end after the last.
fn base64(bytes: Vec<u8>) -> Vec<u8> {
    let mut encoded = encoded(Body::new_with_encoding(bytes, ContentTransferEncoding::Base64));
    encoded.truncate(encoded.trim_ascii_end().len());
    encoded
}

/// Neither of the two encodings can be refused; if it were, what was given comes back.
fn encoded(body: Result<Body, Vec<u8>>) -> Vec<u8> {
    body.map_or_else(|bytes| bytes, Body::into_vec)
}
