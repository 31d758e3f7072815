-- The memory of Cadence, as it is now: what each table and column is. This file is for people; a database is made by the
-- files in `migrations/`, and a test holds both to the same shape.
--
-- Units stand in names: `_ms` is milliseconds since 1970 UTC. Ids are 63 bits derived from what they stand for
-- (model/ids.rs). Codes are the `code()` of the types in `model/` and are never renamed. `detail` and `data` are JSON.
-- STRICT, so that a column holds what it says.

-- One prospect in one cadence: the fold of its facts. Only what moves stands here; who, in what and since when never
-- changes and is read from the first fact.
CREATE TABLE enrollment (
    id         INTEGER PRIMARY KEY NOT NULL,
    version    INTEGER NOT NULL,  -- how many facts were folded; a commit names the one it was decided on
    rep        TEXT NOT NULL,     -- the address of the rep whose prospect it is
    person     TEXT NOT NULL,     -- the prospect's address as suppressions compare it
    standing   TEXT NOT NULL,     -- deciding, waiting, sending, paused, ended
    step       INTEGER,           -- the step that comes next; NULL when it has ended
    due_ms     INTEGER,           -- waiting: when the step falls due; paused: until then; else NULL
    letter     INTEGER,           -- sending: the letter
    first_fact INTEGER NOT NULL,  -- the journal number of its `enrolled`
    detail     TEXT NOT NULL,     -- why it waits, pauses or ended, the last touch, the thread once it grew
    company    TEXT               -- the domain where the prospect works; NULL where everybody can have an address
) STRICT;
-- What falls due next. Nothing is done for an enrollment that is not due.
CREATE INDEX enrollment_due ON enrollment (due_ms) WHERE due_ms IS NOT NULL;
-- Stops and the check whether somebody is enrolled already.
CREATE INDEX enrollment_person ON enrollment (person);
-- Stops that reach colleagues.
CREATE INDEX enrollment_company ON enrollment (company) WHERE company IS NOT NULL;
-- Digests.
CREATE INDEX enrollment_rep ON enrollment (rep, standing, due_ms);

-- Those that could go out and wait for their turn only: written with the enrollment, so that few rows bear it.
CREATE TABLE queue (
    enrollment INTEGER PRIMARY KEY NOT NULL REFERENCES enrollment (id),
    rep        TEXT NOT NULL,    -- as the enrollment has it
    due_ms     INTEGER NOT NULL  -- as the enrollment has it
) STRICT;
CREATE INDEX queue_rep ON queue (rep, due_ms);

-- The journal: what happened, in order. Never removed, and changed by `cadence forget` alone.
CREATE TABLE fact (
    seq        INTEGER PRIMARY KEY NOT NULL,  -- the journal number, rising
    at_ms      INTEGER NOT NULL,              -- when it was decided
    enrollment INTEGER NOT NULL REFERENCES enrollment (id) DEFERRABLE INITIALLY DEFERRED,
    code       TEXT NOT NULL,                 -- which fact
    data       TEXT NOT NULL                  -- its fields
) STRICT;
CREATE INDEX fact_enrollment ON fact (enrollment);
-- What the breakers count.
CREATE INDEX fact_guarded ON fact (code, at_ms) WHERE code = 'complained' OR code = 'bounced' OR code = 'in_doubt'
    OR code = 'deferred' OR code = 'refused' OR code = 'replied' OR code = 'paused';
-- Meetings that are asked about.
CREATE INDEX fact_meeting ON fact (at_ms) WHERE code = 'meeting';
-- But for words that name a person who asked to be forgotten.
CREATE TRIGGER fact_is_not_changed BEFORE UPDATE ON fact
WHEN NOT EXISTS (SELECT 1 FROM forgetting) OR OLD.seq <> NEW.seq OR OLD.at_ms <> NEW.at_ms
    OR OLD.enrollment <> NEW.enrollment OR OLD.code <> NEW.code
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER fact_is_not_removed BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Copied on the mail that enrolled: people of the same company who may answer in the prospect's place.
CREATE TABLE colleague (
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    address    TEXT NOT NULL,
    PRIMARY KEY (enrollment, address)
) STRICT, WITHOUT ROWID;

-- Which conversations a Message-ID belongs to: adopted mails, and letters from the moment they lie ready.
CREATE TABLE mail_id (
    message_id TEXT NOT NULL,  -- without brackets
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    PRIMARY KEY (message_id, enrollment)
) STRICT, WITHOUT ROWID;

-- The send ledger: one row a letter, small, because it is written three times a mail.
CREATE TABLE letter (
    id             INTEGER PRIMARY KEY NOT NULL,
    class          TEXT NOT NULL,     -- step, digest, receipt, relay, alert, answer
    enrollment     INTEGER REFERENCES enrollment (id),  -- of a touch; NULL for what goes to reps
    step           INTEGER,           -- of a touch
    rep            TEXT NOT NULL,     -- in whose name or to whom
    envelope_from  TEXT,              -- NULL is the null sender `<>`
    recipient      TEXT NOT NULL,     -- the one recipient
    message_id     TEXT NOT NULL,     -- without brackets
    size           INTEGER NOT NULL,  -- bytes of the mail
    rank           INTEGER NOT NULL,  -- what goes first: 0 mail to reps, 1 follow-ups, 2 first touches
    state          TEXT NOT NULL,     -- ready, claimed, sending, sent, refused, in_doubt, withdrawn, presumed_sent
    not_before_ms  INTEGER NOT NULL,  -- not sent before
    attempts       INTEGER NOT NULL,  -- how often it was claimed; the number of a claim, so an old claim opens nothing
    lease_until_ms INTEGER,           -- claimed: from then on another round may claim it
    since_ms       INTEGER NOT NULL,  -- when it became ready first
    reply          TEXT,              -- the server's last words, or what became of a doubt
    sent_ms        INTEGER,           -- of a touch: when its content began to go out, unless the server put it off then; in doubt, when it had at the latest
    cadence        TEXT,              -- of a touch: the cadence's name
    doubt_ms       INTEGER,           -- when it was in doubt first; it never counts as one that did not go out again
    begun          INTEGER NOT NULL DEFAULT 0,  -- how often its content began to go out and may have arrived
    heard          INTEGER NOT NULL DEFAULT 0  -- how often a relay that let us in put it off, since `since_ms`
) STRICT;
-- A step is one letter.
CREATE UNIQUE INDEX letter_step ON letter (enrollment, step) WHERE class = 'step';
CREATE INDEX letter_ready ON letter (rank, not_before_ms) WHERE state = 'ready';
-- Caps and gaps of a rep.
CREATE INDEX letter_sent ON letter (rep, sent_ms) WHERE sent_ms IS NOT NULL;
CREATE INDEX letter_on_its_way ON letter (state, lease_until_ms) WHERE state = 'claimed' OR state = 'sending';
-- What the breakers divide by.
CREATE INDEX letter_touch ON letter (since_ms) WHERE class = 'step';
-- What a copy, a report or an answer may be evidence for.
CREATE INDEX letter_doubt ON letter (message_id) WHERE state = 'in_doubt' OR state = 'presumed_sent';

-- A letter's mail, apart from its ledger row: written once.
CREATE TABLE letter_body (
    letter INTEGER PRIMARY KEY NOT NULL REFERENCES letter (id),
    bytes  BLOB NOT NULL  -- exactly what is sent
) STRICT;

-- The ingest ledger: one row a mail, by content. Written before a mail is read, so that one that kills its reader is
-- known when it comes again.
CREATE TABLE mail (
    key         TEXT PRIMARY KEY NOT NULL,  -- the content key, hexadecimal
    tries       INTEGER NOT NULL,  -- how often reading it was begun
    at_ms       INTEGER NOT NULL,  -- when it was committed, before that when it was seen first
    kind        TEXT,              -- what it was read as; NULL until it was committed, as are the columns below
    because     TEXT,              -- on what evidence
    folder      TEXT,              -- where it lay
    filed       TEXT,              -- where it went
    size        INTEGER,           -- its bytes on the server
    rep         TEXT,              -- in whose name it was held, or not understood
    enrollments TEXT,              -- the ids it concerned, a JSON list
    head        TEXT               -- what its header alone tells of it, hashed; of a watched mail its key as well
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_rep ON mail (rep, at_ms) WHERE rep IS NOT NULL;
CREATE INDEX mail_quarantine ON mail (at_ms) WHERE filed = 'quarantine';
-- The same mail in another mailbox, or under another number.
CREATE INDEX mail_head ON mail (head) WHERE head IS NOT NULL;

-- What the administrator ruled about a quarantined mail, the last word of each.
CREATE TABLE ruling (
    mail    TEXT PRIMARY KEY NOT NULL,  -- its content key
    ruling  TEXT NOT NULL,              -- release, drop
    by      TEXT NOT NULL,              -- who said so
    why     TEXT NOT NULL,
    at_ms   INTEGER NOT NULL,
    used_ms INTEGER                     -- release: when the mail was taken in; NULL: it waits for it
) STRICT, WITHOUT ROWID;

-- How far each folder was read.
CREATE TABLE watermark (
    folder   TEXT PRIMARY KEY NOT NULL,
    validity INTEGER NOT NULL,  -- UIDVALIDITY
    last     INTEGER NOT NULL,  -- the last UID that was committed
    again_to INTEGER NOT NULL DEFAULT 0, -- mails up to this UID lay there when it was begun to be read from its beginning
    ended_ms INTEGER            -- when it was last read to its end; NULL: never
) STRICT, WITHOUT ROWID;

-- Touches that a human does.
CREATE TABLE task (
    id         INTEGER PRIMARY KEY NOT NULL,
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    step       INTEGER NOT NULL,
    rep        TEXT NOT NULL,
    channel    TEXT NOT NULL,     -- call, linkedin, video, direct-mail, task
    due_ms     INTEGER NOT NULL,  -- since when it is due
    script     TEXT NOT NULL,     -- what to say or write
    closed_ms  INTEGER,           -- NULL: open
    outcome    TEXT,              -- how it went
    note       TEXT               -- what the rep noted
) STRICT;
CREATE INDEX task_open ON task (rep, due_ms) WHERE closed_ms IS NULL;
CREATE INDEX task_enrollment ON task (enrollment);

-- What was reported of people (a link clicked, a page read) and waits to be taken in; then it stands in their journals.
CREATE TABLE sighting (
    id     INTEGER PRIMARY KEY NOT NULL,
    person TEXT NOT NULL,     -- the address as suppressions compare it
    name   TEXT NOT NULL,     -- opened, clicked, or a name of the house's own
    step   INTEGER,           -- of which touch; NULL when that is not known
    by     TEXT NOT NULL,     -- the source, or who said so
    at_ms  INTEGER NOT NULL   -- when it was reported
) STRICT;

-- Addresses and domains that are never mailed. The first reason stays.
CREATE TABLE suppression (
    address TEXT PRIMARY KEY NOT NULL,  -- as suppressions compare it; a domain with all below it as @acme.test; of who is forgotten a keyed hash
    reason  TEXT NOT NULL,              -- opted_out, complained, bounced, administrator, forgotten
    at_ms   INTEGER NOT NULL,
    proof   TEXT NOT NULL               -- for people; no text of a mail
) STRICT, WITHOUT ROWID;

-- One digest a rep and local date.
CREATE TABLE digest (
    rep     TEXT NOT NULL,
    date    TEXT NOT NULL,                   -- local, 2026-03-09
    letter  INTEGER REFERENCES letter (id),  -- NULL: there was nothing to say
    journal INTEGER NOT NULL,                -- facts up to this journal number were told
    PRIMARY KEY (rep, date)
) STRICT, WITHOUT ROWID;

-- What the numbers in a digest mean.
CREATE TABLE digest_item (
    digest INTEGER NOT NULL REFERENCES letter (id),
    number INTEGER NOT NULL,
    task   INTEGER NOT NULL REFERENCES task (id),
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;

-- The same of the mails that go out that day, whose numbers go on behind those of the tasks.
CREATE TABLE digest_mail (
    digest     INTEGER NOT NULL REFERENCES letter (id),
    number     INTEGER NOT NULL,
    enrollment INTEGER NOT NULL REFERENCES enrollment (id),
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;

-- What keeps touches from going out. Cleared ones stay, for people and because a breaker counts from there.
CREATE TABLE hold (
    id         INTEGER PRIMARY KEY NOT NULL,
    scope      TEXT NOT NULL,     -- all, `cadence NAME`, `rep ADDRESS`
    cause      TEXT NOT NULL,     -- administrator, or the breaker that tripped
    why        TEXT NOT NULL,     -- for people
    by         TEXT NOT NULL,     -- who put it
    since_ms   INTEGER NOT NULL,
    clears_ms  INTEGER,           -- clears by itself then; NULL: when somebody clears it
    cleared_ms INTEGER,           -- NULL: it stands
    cleared_by TEXT
) STRICT;
CREATE UNIQUE INDEX hold_stands ON hold (scope, cause) WHERE cleared_ms IS NULL;

-- What this database remembers of its leases on the mailbox. One row, or none before the first.
CREATE TABLE tenure (
    one         INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    epoch       INTEGER NOT NULL,  -- the last one it held; rises with every start
    run         TEXT NOT NULL,     -- the process that held it
    host        TEXT NOT NULL,     -- where that was
    gap_from_ms INTEGER,           -- recovery mode: from then on it does not know what happened; NULL: it knows
    gap_to_ms   INTEGER,           -- up to then, since it holds the mailbox again; NULL: it does not yet
    gap_why     TEXT,              -- how that is known
    at_ms       INTEGER            -- when this was written last; NULL: not known
) STRICT;

-- What is wrong right now and holds the bot up, so that `status` can say so beside it. A row goes when it is over.
CREATE TABLE trouble (
    what     TEXT PRIMARY KEY NOT NULL, -- mailbox away
    since_ms INTEGER NOT NULL,
    why      TEXT NOT NULL              -- for people
) STRICT, WITHOUT ROWID;

-- Mailboxes of reps that are watched.
CREATE TABLE watch (
    rep     TEXT PRIMARY KEY NOT NULL,
    journal INTEGER NOT NULL,  -- up to this journal number enrollments were looked after in its folders
    away_ms INTEGER,           -- since when it cannot be read; NULL: it can
    why     TEXT               -- for people
) STRICT, WITHOUT ROWID;

-- What reps said about themselves by mail: it counts over the configuration.
CREATE TABLE rep_said (
    rep   TEXT PRIMARY KEY NOT NULL,
    said  TEXT NOT NULL,    -- when the digest comes, zone, vacation, turns of the code; JSON
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- People whom a rep wants enrolled and about whom the bot asked back: all of them by one word, or none.
CREATE TABLE proposal (
    letter     INTEGER PRIMARY KEY NOT NULL REFERENCES letter (id),  -- the letter that asks
    rep        TEXT NOT NULL,     -- who is asked
    asked_ms   INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,  -- until then a word counts
    state      TEXT NOT NULL,     -- asked, confirmed, done, dropped, expired
    wish       TEXT NOT NULL,     -- who, in what, by which mail, JSON; without people once it is decided
    enrolled   TEXT NOT NULL      -- the ids of who was enrolled by it, a JSON list
) STRICT;
CREATE INDEX proposal_open ON proposal (expires_ms) WHERE state = 'asked' OR state = 'confirmed';

-- Alerts of a burst that wait to be told in one mail. A row goes when it was told.
CREATE TABLE gathered (
    letter     INTEGER PRIMARY KEY NOT NULL,  -- the letter that it would have been
    rep        TEXT NOT NULL,
    kind       TEXT NOT NULL,                 -- which kind of alert
    enrollment INTEGER REFERENCES enrollment (id) DEFERRABLE INITIALLY DEFERRED,  -- NULL: a warning to the administrator
    who        TEXT NOT NULL,                 -- whose, as reps know them
    what       TEXT NOT NULL,                 -- what happened, one line
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX gathered_rep ON gathered (rep, kind, at_ms);

-- Whom or what a number of a report is about: people (step 0) by cadence, rep, source and persona; touches by cadence, rep,
-- step and wording.
CREATE TABLE tally_subject (
    id      INTEGER PRIMARY KEY NOT NULL,
    cadence TEXT NOT NULL,
    rep     TEXT NOT NULL,     -- the rep's address
    source  TEXT NOT NULL,     -- of people: where they came from; empty when unknown
    persona TEXT NOT NULL,     -- of people; empty when unknown
    step    INTEGER NOT NULL,  -- 0: people
    template TEXT NOT NULL,    -- of touches: the name of the step's file; empty when unknown
    variant TEXT NOT NULL,     -- of touches: the wording; empty when there is one
    test    TEXT NOT NULL,     -- of touches: what the wordings differ in
    UNIQUE (cadence, rep, source, persona, step, template, variant, test)
) STRICT;

-- The numbers of reports, by day (UTC, days since 1970). Codes are those of report/measure.rs. No name of a prospect.
CREATE TABLE tally (
    day     INTEGER NOT NULL,
    subject INTEGER NOT NULL REFERENCES tally_subject (id),
    measure INTEGER NOT NULL,
    many    INTEGER NOT NULL,
    PRIMARY KEY (day, subject, measure)
) STRICT, WITHOUT ROWID;

-- The same by month (12 a year, from year 0), and with it what is kept by month alone.
CREATE TABLE tally_month (
    month   INTEGER NOT NULL,
    subject INTEGER NOT NULL REFERENCES tally_subject (id),
    measure INTEGER NOT NULL,
    many    INTEGER NOT NULL,
    PRIMARY KEY (month, subject, measure)
) STRICT, WITHOUT ROWID;

-- How far the journal is counted. One row, or none before the first.
CREATE TABLE tally_cursor (
    one         INTEGER PRIMARY KEY NOT NULL CHECK (one = 1),
    journal     INTEGER NOT NULL,  -- facts up to this journal number are in the numbers
    definitions INTEGER NOT NULL   -- by which definitions; others are counted anew
) STRICT;

-- Which alternative of a test goes to everybody, said by whom: the newest line of a test counts.
CREATE TABLE promotion (
    id      INTEGER PRIMARY KEY NOT NULL,
    cadence TEXT NOT NULL,
    test    TEXT NOT NULL,     -- what is tested; of a test without a name `/` and the step's file
    letter  TEXT NOT NULL,     -- empty: taken back, everybody is dealt one again
    by      TEXT NOT NULL,     -- an address, or `the bot`
    at_ms   INTEGER NOT NULL
) STRICT;

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
