-- Pace: when touches went out, and which enrollments wait for their turn.
ALTER TABLE enrollment ADD COLUMN paced INTEGER NOT NULL DEFAULT 0;
CREATE INDEX enrollment_paced ON enrollment (rep, due_ms) WHERE paced = 1;
ALTER TABLE letter ADD COLUMN sent_ms INTEGER;
-- When it went out was not kept so far; when it became ready is near to it.
UPDATE letter SET sent_ms = since_ms
    WHERE class = 'step' AND (state = 'sending' OR state = 'sent' OR state = 'in_doubt');
CREATE INDEX letter_sent ON letter (rep, sent_ms) WHERE sent_ms IS NOT NULL;
