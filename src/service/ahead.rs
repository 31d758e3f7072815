//! Looks ahead: when a folder holds a backlog, headers come first, newest first, and bodies after them (reliability I-23).
//!
//! A header is enough to know whom a mail may stop. Those enrollments are held back, in memory, until the bodies are read,
//! and everybody else's touches may go once all headers were seen. What a mail means is decided by its body alone, so that
//! looking ahead changes nothing but who waits. A report or a calendar's mail whose header names nobody proves nothing:
//! then the barrier waits for the bodies.
//!
//! A folder that was renumbered is skimmed in the same way: what is known by its header and size is not fetched again.

use super::intake::{IntakeError, watermark};
use super::portion::filing_of;
use super::watch::Known;
use super::{Bot, safely};
use crate::inbox::{Extent, Filing, Head, Inbox, Place, Watermark};
use crate::mail::classify::Kind;
use crate::mail::read::Mail;
use crate::model::limits;

/// What looking at one folder gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    /// It is read to its end as quickly as it is looked at.
    Near,
    /// All its headers were seen, and whom they may stop is held back.
    Seen,
    /// All its headers were seen, and some do not tell whom they are about.
    Blind,
}

/// Looks at the headers of a folder that is far behind.
pub(super) async fn look(bot: &Bot, inbox: &mut Inbox, folder: &str) -> Result<Ahead, IntakeError> {
    let stored = watermark(&bot.store.watermark(folder).await?);
    let extent = inbox.extent(folder, stored).await?;
    let Watermark { validity, last } = bot.beyond.read_to(folder, stored);
    let is_same = validity == extent.validity && extent.highest >= last;
    let start = if is_same { last } else { 0 };
    if extent.exists.min(extent.highest.saturating_sub(start)) <= limits::BACKLOG {
        return Ok(Ahead::Near);
    }
    let (seen, mut blind) = bot.barrier.seen_ahead(folder, extent.validity);
    let above = seen.max(start);
    let mut below = extent.highest.saturating_add(1);
    while below > above.saturating_add(1) {
        let window = inbox.heads(folder, &extent, above, below).await?;
        blind |= suspect(bot, window.heads).await?;
        below = window.down_to;
    }
    bot.barrier.saw_ahead(folder, extent.validity, extent.highest, blind);
    Ok(if blind { Ahead::Blind } else { Ahead::Seen })
}

/// Holds back whom these may stop; whether one of them does not tell.
async fn suspect(bot: &Bot, heads: Vec<Head>) -> Result<bool, IntakeError> {
    let mut blind = false;
    let mails: Vec<(Head, Mail)> = heads
        .into_iter()
        .filter_map(|head| {
            blind |= head.cut;
            let mail = safely::header(&head.bytes);
            blind |= mail.is_none();
            Some((head, mail?))
        })
        .collect();
    let known = Known::of(bot, &mails, false).await?;
    let own = bot.house.own();
    for (_, mail) in &mails {
        let Some(reading) = safely::classify(mail, &own) else {
            blind = true;
            continue;
        };
        let is_ours = matches!(
            reading.kind,
            Kind::OwnCopy
                | Kind::HandOver(_)
                | Kind::Commands { .. }
                | Kind::Impostor { .. }
                | Kind::Lead(_)
                | Kind::LeadRefused { .. }
                | Kind::AboutTest
                | Kind::Bulk
        );
        if is_ours {
            continue;
        }
        let mut found = false;
        if reading.token.is_some() || known.may_be(mail, false) {
            let concerned = bot.concerned(&reading).await?;
            found = !concerned.is_empty();
            bot.barrier.suspect(concerned);
        }
        // Whom a report is about stands in its body, and who is invited too.
        blind |= !found && (reading.kind.is_report() || matches!(reading.kind, Kind::Calendar(_)));
    }
    Ok(blind)
}

/// A stretch of a renumbered folder that was skimmed.
pub(super) struct Skimmed {
    /// Mails that are known, and where they belong.
    pub known: Vec<(Place, Filing)>,
    /// Up to here everything is known.
    pub last: u32,
    /// The next mail is not known, or there is none.
    pub ends: bool,
}

/// Skims the mails after `last` until one is not known by its header and size.
pub(super) async fn skim(
    bot: &Bot,
    inbox: &mut Inbox,
    folder: &str,
    extent: &Extent,
    last: u32,
) -> Result<Skimmed, IntakeError> {
    let below = extent.highest.min(last.saturating_add(limits::HEADS)).saturating_add(1);
    let mut skimmed = Skimmed {
        known: Vec::new(),
        last: below.saturating_sub(1),
        ends: below > extent.highest,
    };
    let window = inbox.heads(folder, extent, last, below).await?;
    if window.down_to > last.saturating_add(1) {
        // Headers too large for one window: bodies are read as ever.
        return Ok(Skimmed {
            last,
            ends: true,
            ..skimmed
        });
    }
    let heads: Vec<(Head, Mail)> = window
        .heads
        .into_iter()
        .rev()
        .filter_map(|head| Some((safely::header(&head.bytes)?, head)).map(|(mail, head)| (head, mail)))
        .collect();
    let keys: Vec<_> = heads.iter().map(|(_, mail)| mail.head.clone()).collect();
    let rows = bot.store.heads(&keys).await?;
    for ((head, mail), row) in heads.iter().zip(rows) {
        let fits = row.filter(|row| row.key != mail.head && row.size == head.size && mail.message_id.is_some());
        let Some(row) = fits.filter(|_| !head.cut && head.size <= limits::MAIL_WHOLE) else {
            skimmed.last = head.uid.saturating_sub(1);
            skimmed.ends = true;
            break;
        };
        skimmed.known.push((head.place.clone(), filing_of(&row.filed)));
    }
    Ok(skimmed)
}
