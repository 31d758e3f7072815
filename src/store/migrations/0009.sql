-- What reps say about themselves by mail. Frozen: a change is a new file.
CREATE TABLE rep_said (
    rep   TEXT PRIMARY KEY NOT NULL,
    said  TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Meetings that are asked about.
CREATE INDEX fact_meeting ON fact (at_ms) WHERE code = 'meeting';
