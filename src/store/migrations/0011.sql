CREATE TABLE proposal (
    letter     INTEGER PRIMARY KEY NOT NULL REFERENCES letter (id),
    rep        TEXT NOT NULL,
    asked_ms   INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    state      TEXT NOT NULL,
    wish       TEXT NOT NULL,
    enrolled   TEXT NOT NULL
) STRICT;
CREATE INDEX proposal_open ON proposal (expires_ms) WHERE state = 'asked' OR state = 'confirmed';

CREATE TABLE gathered (
    letter     INTEGER PRIMARY KEY NOT NULL,
    rep        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    enrollment INTEGER NOT NULL REFERENCES enrollment (id) DEFERRABLE INITIALLY DEFERRED,
    who        TEXT NOT NULL,
    what       TEXT NOT NULL,
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX gathered_rep ON gathered (rep, kind, at_ms);
