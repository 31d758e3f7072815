//! New mails of one folder: first what there is, then the bodies, in bounded portions.
//!
//! Numbers are trusted as little as possible: UIDVALIDITY is compared, a missing UIDNEXT is asked for, one that went back counts as
//! renumbering, rows outside the asked range are ignored, and a mail that was listed and not delivered is asked about
//! again before it counts as gone.
//!
//! Standards: RFC 3501 2.3.1 (UIDs), 6.4.5 and 7.4.2 (FETCH). Limits: `limits::FETCH_*`, `MAIL_*`, `IMAP_*`.

use super::exec::{Connection, quoted};
use super::folders::wire_name;
use super::sets::sets;
use crate::inbox::{Fetched, InboxError, Place, RawMail, Watermark, portion};
use crate::model::limits;
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, ResponseCode, StatusAttribute};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What the server said when a folder was selected.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selected {
    pub(super) validity: u32,
    /// The UID that the next mail will get; `None` when the server did not say.
    pub(super) next: Option<u32>,
    pub(super) exists: u32,
}

/// Selects a folder, and so learns its state of now.
pub(super) async fn select(connection: &mut Connection, folder: &str) -> Result<Selected, InboxError> {
    let name = wire_name(connection, folder).await?;
    connection.selected = None;
    let mut state = Selected::default();
    let verb = if connection.read_only { "EXAMINE" } else { "SELECT" };
    let command = format!("{verb} {}", quoted(&name)?);
    let asked = connection.run(&command, |response| match response {
        Response::MailboxData(MailboxDatum::Exists(count)) => state.exists = *count,
        Response::Data { outcome, .. } => match outcome.code {
            Some(ResponseCode::UidValidity(validity)) => state.validity = validity,
            Some(ResponseCode::UidNext(next)) => state.next = Some(next),
            _ => {}
        },
        _ => {}
    });
    asked.await?;
    if state.next.is_none() {
        state.next = ask_next(connection, &name).await?;
    }
    if state.validity == 0 {
        // Without it no UID means anything, so there is no way to read every mail once.
        return Err(InboxError::protocol("the server gives the folder no UIDVALIDITY"));
    }
    connection.selected = Some((folder.to_owned(), state));
    connection.news = false;
    Ok(state)
}

/// Some servers (Winmail, 163.com) tell UIDNEXT in STATUS only.
async fn ask_next(connection: &mut Connection, name: &str) -> Result<Option<u32>, InboxError> {
    let mut next = None;
    let command = format!("STATUS {} (UIDNEXT)", quoted(name)?);
    let asked = connection.run(&command, |response| {
        if let Response::MailboxData(MailboxDatum::Status { status, .. }) = response {
            next = status.iter().find_map(|attribute| match attribute {
                StatusAttribute::UidNext(next) => Some(*next),
                _ => None,
            });
        }
    });
    match asked.await {
        Err(error) if !error.is_refusal() => Err(error),
        _ => Ok(next),
    }
}

/// What is known of a mail before its body is.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    /// 0 when the server did not say.
    size: u64,
    received: Option<Timestamp>,
}

impl Row {
    /// Too large to fetch whole, or of unknown size.
    fn is_large(&self) -> bool {
        self.size > limits::MAIL_WHOLE || self.size == 0
    }
}

/// Reads on after `after`. While more of what the last look found is left, the folder is not selected anew: many servers
/// look through all of a large folder for that. The last portion of a folder always comes of a fresh look. With `singly` every body is fetched by its own command, which finds its way past a batch that
/// the server refuses as a whole.
pub(super) async fn fetch(
    connection: &mut Connection,
    folder: &str,
    after: Watermark,
    singly: bool,
) -> Result<Fetched, InboxError> {
    let (state, is_fresh) = match left_of_last_look(connection, folder, after) {
        Some(state) => (state, false),
        None => (select(connection, folder).await?, true),
    };
    let highest = match state.next {
        Some(next) => next.saturating_sub(1),
        None if state.exists == 0 => 0,
        None => last_uid(connection).await?,
    };
    let went_back = state.next.is_some() && after.validity == state.validity && highest < after.last;
    let renumbered = (after.validity != 0 && after.validity != state.validity) || went_back;
    let start = if after.validity == state.validity && !went_back {
        after.last
    } else {
        0
    };
    let (rows, end) = look(connection, start, highest, state.exists).await?;
    let batch = first_batch(&rows);
    // With `singly`, reading may have stopped at a mail that the server refuses.
    let (mails, stopped) = bodies(connection, &batch, state.validity, singly).await?;
    let last = match stopped {
        Some(before) => before,
        None if batch.len() < rows.len() => batch.last().map_or(start, |(uid, _)| *uid),
        None => end.max(start),
    };
    Ok(Fetched {
        more: stopped.is_some() || batch.len() < rows.len() || end < highest || !is_fresh,
        mails,
        renumbered,
        watermark: Watermark {
            validity: state.validity,
            last,
        },
    })
}

/// What the folder was like when it was selected, while mails of then are unread.
fn left_of_last_look(connection: &Connection, folder: &str, after: Watermark) -> Option<Selected> {
    let (selected, state) = connection.selected.as_ref()?;
    let unread = state.next.is_some_and(|next| after.last.saturating_add(1) < next);
    (selected == folder && state.validity == after.validity && after.last > 0 && unread).then_some(*state)
}

/// The UID of the last mail.
pub(super) async fn last_uid(connection: &mut Connection) -> Result<u32, InboxError> {
    let mut last = 0;
    let asked = connection.run("UID FETCH * (UID)", |response| {
        last = last.max(uid_of(response).unwrap_or(0));
    });
    asked.await?;
    Ok(last)
}

/// Lists the mails after `start` up to the end of the first range that has any; that end comes with them.
async fn look(
    connection: &mut Connection,
    start: u32,
    highest: u32,
    exists: u32,
) -> Result<(BTreeMap<u32, Row>, u32), InboxError> {
    let mut rows = BTreeMap::new();
    if exists == 0 {
        return Ok((rows, highest.max(start)));
    }
    let mut end = start;
    let mut width = limits::IMAP_WINDOW;
    while end < highest && rows.is_empty() {
        let from = end + 1;
        // A folder of few mails is listed at once, however far apart their UIDs are.
        let all = exists <= limits::IMAP_WINDOW;
        end = if all {
            highest
        } else {
            highest.min(end.saturating_add(width))
        };
        let command = format!("UID FETCH {from}:{end} (UID RFC822.SIZE INTERNALDATE)");
        let asked = connection.run(&command, |response| note(response, &mut rows));
        asked.await?;
        rows.retain(|uid, _| (from..=end).contains(uid));
        width = width.saturating_mul(2).min(limits::IMAP_LINES / 2);
    }
    Ok((rows, end))
}

pub(super) fn uid_of(response: &Response<'_>) -> Option<u32> {
    let Response::Fetch(_, attributes) = response else {
        return None;
    };
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

/// Notes a row; a change of flags told by the way has no size and no date, and changes nothing.
fn note(response: &Response<'_>, rows: &mut BTreeMap<u32, Row>) {
    let (Some(uid), Response::Fetch(_, attributes)) = (uid_of(response), response) else {
        return;
    };
    let row: &mut Row = rows.entry(uid).or_default();
    for attribute in attributes {
        match attribute {
            AttributeValue::Rfc822Size(size) => row.size = u64::from(*size),
            AttributeValue::InternalDate(date) => row.received = read_date(date),
            _ => {}
        }
    }
}

/// `17-Jul-2026 02:44:25 +0200`, the day with a leading space or zero.
pub(super) fn read_date(text: &str) -> Option<Timestamp> {
    Timestamp::strptime("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()
}

/// As many of the rows as fit a batch, at least one.
fn first_batch(rows: &BTreeMap<u32, Row>) -> Vec<(u32, Row)> {
    let mut held = 0;
    let fits = |(_, row): &(&u32, &Row)| {
        let before = held;
        held += expected(**row);
        before == 0 || held <= limits::FETCH_BYTES
    };
    let rows = rows.iter().take(limits::FETCH_BATCH).take_while(fits);
    rows.map(|(uid, row)| (*uid, *row)).collect()
}

fn expected(row: Row) -> u64 {
    if row.is_large() {
        limits::MAIL_HEAD
    } else {
        portion(row.size)
    }
}

/// What the server may send for these: sizes are off by a little on some servers (Exchange estimates them).
fn allowance(batch: &[(u32, Row)]) -> u64 {
    let sizes: u64 = batch.iter().map(|(_, row)| expected(*row)).sum();
    sizes + sizes / 4 + batch.len() as u64 * 1024
}

type Bodies = BTreeMap<u32, Vec<u8>>;

/// The mails of a batch, and the UID before the one that was refused, if one was.
async fn bodies(
    connection: &mut Connection,
    batch: &[(u32, Row)],
    validity: u32,
    singly: bool,
) -> Result<(Vec<RawMail>, Option<u32>), InboxError> {
    let mut found = Bodies::new();
    let mut refused = None;
    if singly {
        let mut before = batch.first().map_or(0, |(uid, _)| uid.saturating_sub(1));
        for mail in batch {
            match portionwise(connection, std::slice::from_ref(mail), &mut found).await {
                Err(error) if error.is_refusal() && !found.is_empty() => {
                    refused = Some(before);
                    break;
                }
                other => other?,
            }
            before = mail.0;
        }
    } else {
        portionwise(connection, batch, &mut found).await?;
    }
    let asked = batch
        .iter()
        .filter(|(uid, _)| refused.is_none_or(|before| *uid <= before));
    let missing: Vec<u32> = asked
        .map(|(uid, _)| *uid)
        .filter(|uid| !found.contains_key(uid))
        .collect();
    really_gone(connection, &missing).await?;
    let mail = |(uid, row): &(u32, Row)| Some(mail(*uid, *row, found.remove(uid)?, validity));
    Ok((batch.iter().filter_map(mail).collect(), refused))
}

/// Fetches small mails whole and large ones in part, each kind by as few commands as lines allow.
async fn portionwise(connection: &mut Connection, batch: &[(u32, Row)], found: &mut Bodies) -> Result<(), InboxError> {
    let (large, small): (Vec<_>, Vec<_>) = batch.iter().partition(|(_, row)| row.is_large());
    let head = format!("BODY.PEEK[]<0.{}>", limits::MAIL_HEAD);
    for (part, what) in [(small, "BODY.PEEK[]"), (large, head.as_str())] {
        let uids: Vec<u32> = part.iter().map(|(uid, _)| *uid).collect();
        for set in sets(&uids) {
            let command = format!("UID FETCH {set} (UID {what})");
            let asked = connection.run_for(&command, allowance(&part), |response| keep(response, found));
            asked.await?;
        }
    }
    Ok(())
}

fn keep(response: &Response<'_>, found: &mut Bodies) {
    let (Some(uid), Response::Fetch(_, attributes)) = (uid_of(response), response) else {
        return;
    };
    for attribute in attributes {
        if let AttributeValue::BodySection {
            section: None,
            data: Some(data),
            ..
        } = attribute
        {
            found.insert(uid, data.to_vec());
        }
    }
}

/// A listed mail without a body was expunged meanwhile. If it is still listed, the server lies, and going on would lose it.
async fn really_gone(connection: &mut Connection, missing: &[u32]) -> Result<(), InboxError> {
    let mut still = false;
    for set in sets(missing) {
        let command = format!("UID FETCH {set} (UID)");
        let asked = connection.run(&command, |response| {
            still |= uid_of(response).is_some_and(|uid| missing.contains(&uid));
        });
        asked.await?;
    }
    if still {
        return Err(InboxError::protocol("the server lists a mail and does not give it"));
    }
    Ok(())
}

fn mail(uid: u32, row: Row, bytes: Vec<u8>, validity: u32) -> RawMail {
    let got = bytes.len() as u64;
    let whole = !row.is_large() || (row.size == 0 && got < limits::MAIL_HEAD);
    RawMail {
        place: Place::Uid(uid),
        size: if whole { got } else { row.size.max(got) },
        whole,
        bytes,
        received: row.received,
        watermark: Watermark { validity, last: uid },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_arrival_is_read_in_both_spellings_of_the_day() {
        let seventh: Timestamp = "2026-07-07T00:44:25Z".parse().expect("a time");
        assert_eq!(read_date(" 7-Jul-2026 02:44:25 +0200"), Some(seventh));
        assert_eq!(read_date("07-Jul-2026 00:44:25 +0000"), Some(seventh));
        assert_eq!(read_date("yesterday"), None);
    }

    #[test]
    fn a_batch_is_bounded_in_number_and_bytes_and_never_empty() {
        let rows = |count: u32, size: u64| -> BTreeMap<u32, Row> {
            (1..=count).map(|uid| (uid, Row { size, received: None })).collect()
        };
        assert_eq!(first_batch(&rows(1000, 4096)).len(), limits::FETCH_BATCH);
        assert_eq!(first_batch(&rows(10, limits::MAIL_WHOLE)).len(), 2);
        assert_eq!(first_batch(&rows(1000, limits::MAIL_WHOLE + 1)).len(), 48);
        assert_eq!(first_batch(&rows(0, 0)).len(), 0);
    }
}
