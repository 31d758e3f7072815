-- Pace: when touches went out, and which enrollments wait for their turn.
CREATE TABLE queue (
    enrollment INTEGER PRIMARY KEY NOT NULL REFERENCES enrollment (id),
    rep        TEXT NOT NULL,
    due_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX queue_rep ON queue (rep, due_ms);
ALTER TABLE letter ADD COLUMN sent_ms INTEGER;
-- When it went out was not kept so far; when it became ready is near to it.
UPDATE letter SET sent_ms = since_ms
    WHERE class = 'step' AND (state = 'sending' OR state = 'sent' OR state = 'in_doubt');
CREATE INDEX letter_sent ON letter (rep, sent_ms) WHERE sent_ms IS NOT NULL;
