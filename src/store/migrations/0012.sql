-- What was reported of people and waits to be taken in.
CREATE TABLE sighting (
    id     INTEGER PRIMARY KEY NOT NULL,
    person TEXT NOT NULL,
    name   TEXT NOT NULL,
    step   INTEGER,
    by     TEXT NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT;
