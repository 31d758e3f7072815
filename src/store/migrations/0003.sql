-- Holds, letters in doubt, rulings about quarantined mail. Frozen: a change is a new file.
ALTER TABLE letter ADD COLUMN cadence TEXT;
ALTER TABLE letter ADD COLUMN doubt_ms INTEGER;
UPDATE letter SET cadence = (
    SELECT json_extract(f.data, '$.cadence') FROM enrollment e JOIN fact f ON f.seq = e.first_fact
    WHERE e.id = letter.enrollment
) WHERE class = 'step';
UPDATE letter SET doubt_ms = since_ms WHERE state = 'in_doubt';
CREATE INDEX letter_touch ON letter (since_ms) WHERE class = 'step';
CREATE INDEX letter_doubt ON letter (message_id) WHERE state = 'in_doubt' OR state = 'presumed_sent';
CREATE INDEX fact_guarded ON fact (code, at_ms) WHERE code = 'complained' OR code = 'bounced' OR code = 'in_doubt'
    OR code = 'deferred' OR code = 'refused' OR code = 'replied' OR code = 'paused';
CREATE TABLE hold (
    id         INTEGER PRIMARY KEY NOT NULL,
    scope      TEXT NOT NULL,
    cause      TEXT NOT NULL,
    why        TEXT NOT NULL,
    by         TEXT NOT NULL,
    since_ms   INTEGER NOT NULL,
    clears_ms  INTEGER,
    cleared_ms INTEGER,
    cleared_by TEXT
) STRICT;
CREATE UNIQUE INDEX hold_stands ON hold (scope, cause) WHERE cleared_ms IS NULL;
CREATE TABLE ruling (
    mail    TEXT PRIMARY KEY NOT NULL,
    ruling  TEXT NOT NULL,
    by      TEXT NOT NULL,
    why     TEXT NOT NULL,
    at_ms   INTEGER NOT NULL,
    used_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_quarantine ON mail (at_ms) WHERE filed = 'quarantine';
