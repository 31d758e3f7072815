-- What a database remembers of its leases. Frozen: a change is a new file.
CREATE TABLE tenure (
    one         INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    epoch       INTEGER NOT NULL,
    run         TEXT NOT NULL,
    host        TEXT NOT NULL,
    gap_from_ms INTEGER,
    gap_to_ms   INTEGER,
    gap_why     TEXT
) STRICT;
