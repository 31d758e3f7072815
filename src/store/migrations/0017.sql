-- Mails that came while the bot was down are not old ones. Frozen: a change is a new file.
ALTER TABLE watermark ADD COLUMN again_to INTEGER NOT NULL DEFAULT 0; -- mails up to this UID lay there when it was begun to be read from its beginning
ALTER TABLE watermark ADD COLUMN ended_ms INTEGER; -- when it was last read to its end; NULL: never

-- What a database knows is at least as old as its lease.
ALTER TABLE tenure ADD COLUMN at_ms INTEGER; -- when this was written last; NULL: not known
