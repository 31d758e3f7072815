//! A rep hands prospects over: by BCC (here), later by forward.

use crate::model::{Address, CadenceName, ContentKey, Correspondent, MessageId};
use jiff::Timestamp;

/// What a rep handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    pub rep: Address,
    pub cadence: CadenceName,
    /// Everybody in To outside the own domains, in order, no doubles.
    pub prospects: Vec<Correspondent>,
    /// Everybody in Cc outside the bot: remembered, not enrolled.
    pub colleagues: Vec<Correspondent>,
    /// Without `Re:`.
    pub subject: String,
    pub message_id: Option<MessageId>,
    pub references: Vec<MessageId>,
    pub date: Option<Timestamp>,
    pub key: ContentKey,
}
