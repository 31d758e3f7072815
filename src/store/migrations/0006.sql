-- Mailboxes of reps that are watched, and mails known by their headers. Frozen: a change is a new file.
ALTER TABLE mail ADD COLUMN head TEXT;
CREATE INDEX mail_head ON mail (head) WHERE head IS NOT NULL;
CREATE TABLE watch (
    rep     TEXT PRIMARY KEY NOT NULL,
    journal INTEGER NOT NULL,
    away_ms INTEGER,
    why     TEXT
) STRICT, WITHOUT ROWID;
