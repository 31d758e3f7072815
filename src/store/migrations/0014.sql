-- Warnings to the administrator are gathered as alerts of reps are, and are about no enrollment.
CREATE TABLE gathered_before AS SELECT letter, rep, kind, enrollment, who, what, at_ms FROM gathered;
DROP TABLE gathered;
CREATE TABLE gathered (
    letter     INTEGER PRIMARY KEY NOT NULL,
    rep        TEXT NOT NULL,
    kind       TEXT NOT NULL,
    enrollment INTEGER REFERENCES enrollment (id) DEFERRABLE INITIALLY DEFERRED,
    who        TEXT NOT NULL,
    what       TEXT NOT NULL,
    at_ms      INTEGER NOT NULL
) STRICT;
INSERT INTO gathered SELECT letter, rep, kind, enrollment, who, what, at_ms FROM gathered_before;
DROP TABLE gathered_before;
CREATE INDEX gathered_rep ON gathered (rep, kind, at_ms);

-- What the numbers of mails in a digest mean.
CREATE TABLE digest_mail (
    digest     INTEGER NOT NULL REFERENCES letter (id),
    number     INTEGER NOT NULL,
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;
