-- The first shape. Frozen: a change is a new file. What the columns mean stands in ../schema.sql.
CREATE TABLE enrollment (
    id         INTEGER PRIMARY KEY NOT NULL,
    version    INTEGER NOT NULL,
    rep        TEXT NOT NULL,
    person     TEXT NOT NULL,
    standing   TEXT NOT NULL,
    step       INTEGER,
    due_ms     INTEGER,
    letter     INTEGER,
    first_fact INTEGER NOT NULL,
    detail     TEXT NOT NULL
) STRICT;
CREATE INDEX enrollment_due ON enrollment (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX enrollment_person ON enrollment (person);
CREATE INDEX enrollment_rep ON enrollment (rep, standing, due_ms);
CREATE TABLE fact (
    seq        INTEGER PRIMARY KEY NOT NULL,
    at_ms      INTEGER NOT NULL,
    enrollment INTEGER NOT NULL REFERENCES enrollment (id) DEFERRABLE INITIALLY DEFERRED,
    code       TEXT NOT NULL,
    data       TEXT NOT NULL
) STRICT;
CREATE INDEX fact_enrollment ON fact (enrollment);
CREATE TRIGGER fact_is_not_changed BEFORE UPDATE ON fact
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER fact_is_not_removed BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE colleague (
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    address    TEXT NOT NULL,
    PRIMARY KEY (enrollment, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE mail_id (
    message_id TEXT NOT NULL,
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    PRIMARY KEY (message_id, enrollment)
) STRICT, WITHOUT ROWID;
CREATE TABLE letter (
    id             INTEGER PRIMARY KEY NOT NULL,
    class          TEXT NOT NULL,
    enrollment     INTEGER REFERENCES enrollment (id),
    step           INTEGER,
    rep            TEXT NOT NULL,
    envelope_from  TEXT,
    recipient      TEXT NOT NULL,
    message_id     TEXT NOT NULL,
    size           INTEGER NOT NULL,
    rank           INTEGER NOT NULL,
    state          TEXT NOT NULL,
    not_before_ms  INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    lease_until_ms INTEGER,
    since_ms       INTEGER NOT NULL,
    reply          TEXT
) STRICT;
CREATE UNIQUE INDEX letter_step ON letter (enrollment, step) WHERE class = 'step';
CREATE INDEX letter_ready ON letter (rank, not_before_ms) WHERE state = 'ready';
CREATE INDEX letter_on_its_way ON letter (state, lease_until_ms) WHERE state = 'claimed' OR state = 'sending';
CREATE TABLE letter_body (
    letter INTEGER PRIMARY KEY NOT NULL REFERENCES letter (id),
    bytes  BLOB NOT NULL
) STRICT;
CREATE TABLE mail (
    key         TEXT PRIMARY KEY NOT NULL,
    tries       INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    kind        TEXT,
    because     TEXT,
    folder      TEXT,
    filed       TEXT,
    size        INTEGER,
    rep         TEXT,
    enrollments TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_rep ON mail (rep, at_ms) WHERE rep IS NOT NULL;
CREATE TABLE watermark (
    folder   TEXT PRIMARY KEY NOT NULL,
    validity INTEGER NOT NULL,
    last     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE task (
    id         INTEGER PRIMARY KEY NOT NULL,
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    step       INTEGER NOT NULL,
    rep        TEXT NOT NULL,
    channel    TEXT NOT NULL,
    due_ms     INTEGER NOT NULL,
    script     TEXT NOT NULL,
    closed_ms  INTEGER,
    outcome    TEXT,
    note       TEXT
) STRICT;
CREATE INDEX task_open ON task (rep, due_ms) WHERE closed_ms IS NULL;
CREATE INDEX task_enrollment ON task (enrollment);
CREATE TABLE suppression (
    address TEXT PRIMARY KEY NOT NULL,
    reason  TEXT NOT NULL,
    at_ms   INTEGER NOT NULL,
    proof   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE digest (
    rep     TEXT NOT NULL,
    date    TEXT NOT NULL,
    letter  INTEGER REFERENCES letter (id),
    journal INTEGER NOT NULL,
    PRIMARY KEY (rep, date)
) STRICT, WITHOUT ROWID;
CREATE TABLE digest_item (
    digest INTEGER NOT NULL REFERENCES letter (id),
    number INTEGER NOT NULL,
    task   INTEGER NOT NULL REFERENCES task (id),
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;
