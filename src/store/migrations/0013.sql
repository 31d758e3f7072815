-- Touches are counted by the file of their step, so that a step whose number moves keeps its numbers; all is counted anew.
DROP TABLE tally;
DROP TABLE tally_month;
DROP TABLE tally_subject;
DELETE FROM tally_cursor;

CREATE TABLE tally_subject (
    id       INTEGER PRIMARY KEY NOT NULL,
    cadence  TEXT NOT NULL,
    rep      TEXT NOT NULL,
    source   TEXT NOT NULL,
    persona  TEXT NOT NULL,
    step     INTEGER NOT NULL,
    template TEXT NOT NULL,
    variant  TEXT NOT NULL,
    test     TEXT NOT NULL,
    UNIQUE (cadence, rep, source, persona, step, template, variant, test)
) STRICT;
CREATE TABLE tally (
    day     INTEGER NOT NULL,
    subject INTEGER NOT NULL REFERENCES tally_subject (id),
    measure INTEGER NOT NULL,
    many    INTEGER NOT NULL,
    PRIMARY KEY (day, subject, measure)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_month (
    month   INTEGER NOT NULL,
    subject INTEGER NOT NULL REFERENCES tally_subject (id),
    measure INTEGER NOT NULL,
    many    INTEGER NOT NULL,
    PRIMARY KEY (month, subject, measure)
) STRICT, WITHOUT ROWID;

-- Which alternative of a test goes to everybody, said by whom: the newest line of a test counts.
CREATE TABLE promotion (
    id      INTEGER PRIMARY KEY NOT NULL,
    cadence TEXT NOT NULL,
    test    TEXT NOT NULL,
    letter  TEXT NOT NULL,
    by      TEXT NOT NULL,
    at_ms   INTEGER NOT NULL
) STRICT;
