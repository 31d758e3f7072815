-- What is wrong right now and holds the bot up. Frozen: a change is a new file.
CREATE TABLE trouble (
    what     TEXT PRIMARY KEY NOT NULL,
    since_ms INTEGER NOT NULL,
    why      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
