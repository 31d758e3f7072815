-- How often a letter's content began to go out: tries that never came so far say nothing about a doubt. Frozen: a change is a new file.
ALTER TABLE letter ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
UPDATE letter SET begun = attempts WHERE state = 'sending' OR state = 'sent' OR state = 'in_doubt' OR state = 'presumed_sent';
