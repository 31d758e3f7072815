//! Rules that were written wrongly, as a hand at the database ([`super::planted`]).

/// M2: a lease that also runs out for what is being sent.
pub(super) const SENDING_RECLAIMED: &str =
    "UPDATE letter SET state = 'ready', lease_until_ms = NULL, sent_ms = NULL WHERE state = 'sending'";

/// M11: the digest's row bears the date in UTC of the moment at which it was written.
pub(super) const DIGEST_BY_UTC: &str = "CREATE TRIGGER planted_digest AFTER INSERT ON digest BEGIN \
     UPDATE OR IGNORE digest SET date = date((SELECT COALESCE(MAX(at_ms), 0) FROM fact) / 1000, 'unixepoch') \
     WHERE rep = NEW.rep AND date = NEW.date; END";

/// M17: nobody counts what was not understood.
pub(super) const ENDLESS_ANSWERS: &str = "CREATE TRIGGER planted_answers AFTER UPDATE ON mail WHEN NEW.kind = 'not_understood' AND NEW.rep IS NOT NULL \
     BEGIN UPDATE mail SET rep = NULL WHERE key = NEW.key; END";

/// M13: what a database does not know is forgotten at once.
pub(super) const RESTORED_AS_IS: &str = "CREATE TRIGGER planted_gap AFTER UPDATE ON tenure WHEN NEW.gap_from_ms IS NOT NULL \
     BEGIN UPDATE tenure SET gap_from_ms = NULL, gap_to_ms = NULL, gap_why = NULL; END";
