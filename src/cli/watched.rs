//! What the commands say about watched mailboxes of reps that cannot be read.

use crate::config::Config;
use crate::store::{Store, StoreError, WatchRow};
use serde_json::{Value, json};

/// The mailboxes that are configured to be watched and were away when they were looked at last.
///
/// # Errors
/// When the store cannot be asked.
pub async fn away(config: &Config, store: &Store) -> Result<Vec<WatchRow>, StoreError> {
    let is_watched = |row: &WatchRow| config.watches.iter().any(|watch| watch.rep.same_as(&row.rep));
    let mut rows = store.watches().await?;
    rows.retain(|row| row.away.is_some() && is_watched(row));
    Ok(rows)
}

/// One of them, for people.
#[must_use]
pub fn line(row: &WatchRow) -> String {
    let (since, why) = row.away.as_ref().map_or_else(
        || (String::new(), ""),
        |(since, why)| (since.strftime("%F %T UTC").to_string(), why.as_str()),
    );
    format!(
        "the watched mailbox of {} since {since}, and no touch of theirs goes out until it can be read: {why}",
        row.rep
    )
}

/// One of them, for programs.
#[must_use]
pub fn object(row: &WatchRow) -> Value {
    json!({
        "rep": row.rep.to_string(),
        "away_since": row.away.as_ref().map(|(since, _)| since.to_string()),
        "why": row.away.as_ref().map(|(_, why)| why),
    })
}
