//! Values → bytes of a mail.

use crate::model::{Address, Correspondent, MessageId, Wording};
use jiff::Timestamp;

/// Everything a mail of ours says. Nothing else gets into its header.
pub struct Composition<'a> {
    pub from: &'a Correspondent,
    pub to: &'a Correspondent,
    pub reply_to: Option<&'a Correspondent>,
    pub date: Timestamp,
    pub message_id: &'a MessageId,
    /// The mails before it in the thread, oldest first; the last becomes In-Reply-To, all become References.
    pub thread: &'a [MessageId],
    pub wording: &'a Wording,
    /// For a touch: `Some` opt-out address, becomes List-Unsubscribe.
    pub unsubscribe: Option<&'a Address>,
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

/// The bytes of a mail: canonical CRLF, ASCII-safe header, lines ≤ 998, the same bytes for the same input.
///
/// # Errors
/// When it would be larger than allowed.
pub fn compose(_composition: &Composition<'_>) -> Result<Vec<u8>, String> {
    todo!()
}
