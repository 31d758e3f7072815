-- The numbers of reports, kept fact by fact.
CREATE TABLE tally_subject (
    id      INTEGER PRIMARY KEY NOT NULL,
    cadence TEXT NOT NULL,
    rep     TEXT NOT NULL,
    source  TEXT NOT NULL,
    persona TEXT NOT NULL,
    step    INTEGER NOT NULL,
    variant TEXT NOT NULL,
    test    TEXT NOT NULL,
    UNIQUE (cadence, rep, source, persona, step, variant, test)
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
CREATE TABLE tally_cursor (
    one         INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    journal     INTEGER NOT NULL,
    definitions INTEGER NOT NULL
) STRICT;
