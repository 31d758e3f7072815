-- People who asked to be forgotten. Frozen: a change is a new file.
-- What hashes the addresses of people who asked to be forgotten. It is drawn at the first of them and stays with this
-- database for good: whoever loses it would mail them again. One row, or none before.
CREATE TABLE forgetting_key (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    key TEXT NOT NULL  -- 32 bytes, hexadecimal
) STRICT;

-- A row stands here only inside the transaction that forgets somebody: it lets the journal's words be changed.
CREATE TABLE forgetting (
    one INTEGER PRIMARY KEY NOT NULL CHECK (one = 1)
) STRICT;

DROP TRIGGER fact_is_not_changed;
CREATE TRIGGER fact_is_not_changed BEFORE UPDATE ON fact
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR OLD.seq <> NEW.seq OR OLD.at_ms <> NEW.at_ms
    OR OLD.enrollment <> NEW.enrollment OR OLD.code <> NEW.code
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
