-- How often a relay that let us in put a letter off, for only that gives it up. Frozen: a change is a new file.
ALTER TABLE letter ADD COLUMN heard INTEGER NOT NULL DEFAULT 0;
UPDATE letter SET heard = attempts;
