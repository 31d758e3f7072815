//! Headers of one folder, in windows from its top down.
//!
//! As in `fetch`, numbers are trusted as little as possible: rows outside the asked range are ignored, and a folder that was
//! renumbered since it was opened is an error, because its numbers name other mails now.
//!
//! Standards: RFC 3501 6.4.5 (FETCH, BODY.PEEK), 6.3.2 (EXAMINE). Limits: `limits::HEADS`, `HEAD_MOST`.

use super::Imap;
use super::exec::Connection;
use super::fetch::{self, last_uid, read_date, select, uid_of};
use crate::inbox::{Extent, Head, Heads, InboxError, Place, Watermark};
use crate::model::limits;
use async_imap::imap_proto::{AttributeValue, Response};
use std::collections::BTreeMap;

impl Imap {
    pub(in crate::inbox) async fn extent(&mut self, folder: &str) -> Result<Extent, InboxError> {
        let mut connection = self.take().await?;
        let opened = open(&mut connection, folder).await;
        let extent = self.settle(connection, opened)?;
        if self.read_only {
            // What wakes the wait: anything above this. The bot's own mailbox is waited for by what was fetched of it.
            let (validity, last) = (extent.validity, extent.highest);
            self.read.insert(folder.to_owned(), Watermark { validity, last });
        } else {
            // Filing compares with it: what was skimmed belongs to this UIDVALIDITY, and nothing of it was fetched yet.
            let read = self.read.entry(folder.to_owned()).or_default();
            if read.validity != extent.validity {
                *read = Watermark {
                    validity: extent.validity,
                    last: 0,
                };
            }
        }
        Ok(extent)
    }

    pub(in crate::inbox) async fn heads(
        &mut self,
        folder: &str,
        extent: &Extent,
        above: u32,
        below: u32,
    ) -> Result<Heads, InboxError> {
        let mut connection = self.take().await?;
        let window = window(&mut connection, folder, extent, above, below).await;
        self.settle(connection, window)
    }
}

async fn open(connection: &mut Connection, folder: &str) -> Result<Extent, InboxError> {
    let state = select(connection, folder).await?;
    let highest = match state.next {
        Some(next) => next.saturating_sub(1),
        None if state.exists == 0 => 0,
        None => last_uid(connection).await?,
    };
    Ok(Extent {
        validity: state.validity,
        highest,
        exists: state.exists,
    })
}

async fn window(
    connection: &mut Connection,
    folder: &str,
    extent: &Extent,
    above: u32,
    below: u32,
) -> Result<Heads, InboxError> {
    let state: fetch::Selected = match &connection.selected {
        Some((selected, state)) if selected == folder => *state,
        _ => select(connection, folder).await?,
    };
    if state.validity != extent.validity {
        return Err(InboxError::protocol("a folder was renumbered while it was looked at"));
    }
    let floor = above.saturating_add(1);
    // A folder of few mails is listed at once, however far apart their UIDs are.
    let few = extent.exists <= limits::HEADS && state.exists <= limits::HEADS;
    let mut rows = BTreeMap::new();
    let mut down_to = below;
    while down_to > floor && rows.is_empty() {
        let top = down_to;
        down_to = if few {
            floor
        } else {
            floor.max(top.saturating_sub(limits::HEADS))
        };
        read(connection, down_to, top.saturating_sub(1), &mut rows).await?;
        if rows.is_empty() && down_to > floor {
            down_to = next_below(connection, floor, down_to).await?;
        }
    }
    let (heads, down_to) = bounded(connection, rows, down_to.max(floor)).await?;
    Ok(Heads { heads, down_to })
}

/// One above the highest UID from `floor` on and below `below`; `floor` when there is none.
async fn next_below(connection: &mut Connection, floor: u32, below: u32) -> Result<u32, InboxError> {
    let mut below = below;
    while below > floor {
        let from = floor.max(below.saturating_sub(limits::IMAP_LINES / 2));
        let mut highest = None;
        let command = format!("UID FETCH {from}:{} (UID)", below.saturating_sub(1));
        let asked = connection.run(&command, |response| {
            highest = highest.max(uid_of(response).filter(|uid| (from..below).contains(uid)));
        });
        asked.await?;
        if let Some(highest) = highest {
            return Ok(highest.saturating_add(1));
        }
        below = from;
    }
    Ok(floor)
}

/// The headers newest first, long ones in full, as far as memory allows; and how far down that is.
async fn bounded(
    connection: &mut Connection,
    rows: BTreeMap<u32, Head>,
    down_to: u32,
) -> Result<(Vec<Head>, u32), InboxError> {
    let mut heads = Vec::with_capacity(rows.len());
    let mut held = 0;
    for mut head in rows.into_values().rev() {
        if head.cut {
            whole_header(connection, &mut head).await?;
        }
        held += head.bytes.len() as u64;
        let uid = head.uid;
        heads.push(head);
        if held > limits::HEADS_BYTES {
            return Ok((heads, uid));
        }
    }
    Ok((heads, down_to))
}

async fn read(
    connection: &mut Connection,
    from: u32,
    to: u32,
    rows: &mut BTreeMap<u32, Head>,
) -> Result<(), InboxError> {
    let command = format!(
        "UID FETCH {from}:{to} (UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0.{}>)",
        limits::HEAD_USUAL
    );
    let most = u64::from(to.saturating_sub(from).saturating_add(1)) * limits::HEAD_USUAL as u64;
    let asked = connection.run_for(&command, most.min(limits::HEADS_BYTES), |response| {
        if let Some(head) = head_of(response)
            && (from..=to).contains(&head.uid)
        {
            rows.insert(head.uid, head);
        }
    });
    asked.await
}

/// A row with a header; one without is a change of flags, told by the way.
fn head_of(response: &Response<'_>) -> Option<Head> {
    let (uid, Response::Fetch(_, attributes)) = (uid_of(response)?, response) else {
        return None;
    };
    let mut head = Head {
        uid,
        place: Place::Uid(uid),
        bytes: Vec::new(),
        size: 0,
        received: None,
        cut: false,
    };
    let mut found = false;
    for attribute in attributes {
        match attribute {
            AttributeValue::Rfc822Size(size) => head.size = u64::from(*size),
            AttributeValue::InternalDate(date) => head.received = read_date(date),
            AttributeValue::BodySection { data, .. } => {
                found = true;
                head.bytes = data.as_deref().unwrap_or_default().to_vec();
                head.cut = head.bytes.len() >= limits::HEAD_USUAL;
            }
            _ => {}
        }
    }
    found.then_some(head)
}

/// A long header again, as far as headers are read.
async fn whole_header(connection: &mut Connection, head: &mut Head) -> Result<(), InboxError> {
    let uid = head.uid;
    let command = format!("UID FETCH {uid} (UID BODY.PEEK[HEADER]<0.{}>)", limits::HEAD_MOST);
    let mut again = None;
    let asked = connection.run_for(&command, limits::HEAD_MOST as u64, |response| {
        again = head_of(response).filter(|head| head.uid == uid).or(again.take());
    });
    asked.await?;
    if let Some(again) = again {
        head.cut = again.bytes.len() >= limits::HEAD_MOST;
        head.bytes = again.bytes;
    }
    Ok(())
}
