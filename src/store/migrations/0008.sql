-- Where a prospect works, for stops that reach colleagues. Frozen: a change is a new file.
ALTER TABLE enrollment ADD COLUMN company TEXT;
UPDATE enrollment SET company = substr(person, instr(person, '@') + 1);
CREATE INDEX enrollment_company ON enrollment (company) WHERE company IS NOT NULL;
