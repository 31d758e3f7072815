//! What a rep's digest says about holds.

use crate::model::{Hold, NeedsYou, Rep, Scope};

/// A line for each hold that keeps back touches of this rep; never one about another rep.
#[must_use]
pub fn held(holds: &[Hold], rep: &Rep) -> Vec<NeedsYou> {
    let concerns = |hold: &&Hold| match &hold.scope {
        Scope::All | Scope::Cadence(_) => true,
        Scope::Rep(address) => address.same_as(&rep.address),
    };
    let words = |hold: &Hold| {
        let what = match &hold.scope {
            Scope::All => "No touch goes out".to_owned(),
            Scope::Cadence(name) => format!("No touch of \"{name}\" goes out"),
            Scope::Rep(_) => "No touch goes out in your name".to_owned(),
        };
        let since = hold.since.to_zoned(rep.zone.clone()).strftime("%a %-d %b %H:%M");
        let ends = hold.clears.map_or_else(
            || {
                let by_itself = hold.cause.ends_by_itself();
                format!("until {}", by_itself.unwrap_or("the administrator says so"))
            },
            |at| format!("until {}", at.to_zoned(rep.zone.clone()).strftime("%a %-d %b %H:%M")),
        );
        NeedsYou {
            asks: &[],
            enrollment: None,
            words: format!("{what} since {since}, {ends}: {}.", hold.why.trim_end_matches('.')),
        }
    };
    holds.iter().filter(concerns).map(words).collect()
}

/// Mails that claimed to be from a rep and were held.
pub(super) fn claimed(count: usize) -> Option<String> {
    mails(count, "claimed to be from you; held")
}

/// Mails from addresses that only look like a rep's.
pub(super) fn look_alikes(count: usize) -> Option<String> {
    mails(
        count,
        "came from an address that looks like yours and is another; nothing was done here, but others may get such mail too",
    )
}

/// How many, and why.
fn mails(count: usize, why: &str) -> Option<String> {
    let mails = if count == 1 { "mail" } else { "mails" };
    (count > 0).then(|| format!("{count} {mails} {why}."))
}
