//! Every bound of the program, in one place, each with its reason. A bound that is not here is a defect.

use std::time::Duration;

mod digests;
mod reports;
mod reps;
mod signals;
pub use digests::*;
pub use reports::*;
pub use reps::*;
pub use signals::*;

// ── mail that comes in ──────────────────────────────────────────────────────────────────────────────────────────────
/// A mail up to this size is fetched whole; of a larger one only the head is (Postfix' own default limit is 10,240,000).
pub const MAIL_WHOLE: u64 = 10 * 1024 * 1024;
/// What is fetched of a mail over [`MAIL_WHOLE`]: the header and the first text, enough for every decision to stop.
pub const MAIL_HEAD: u64 = 512 * 1024;
/// Header block examined, in bytes. Postfix stops at 102,400 for one header; nobody honest comes near.
pub const HEADER_BLOCK: usize = 256 * 1024;
/// Header fields examined.
pub const HEADER_FIELDS: usize = 1_000;
/// One header field, in bytes; the rest of a longer one is not read.
pub const HEADER_FIELD: usize = 64 * 1024;
/// Characters of a subject that are kept; no line on the wire is longer (RFC 5322 2.1.1).
pub const SUBJECT: usize = 998;
/// Encoded words (RFC 2047) of one field that are decoded; a field with more stays as it is written. A subject of 998
/// characters has 40 at most.
pub const ENCODED_WORDS: usize = 200;
/// MIME nesting followed. Postfix stops at 100; human mail stays under 10. Beyond it a part is opaque.
pub const MIME_DEPTH: usize = 32;
/// MIME parts looked at.
pub const MIME_PARTS: usize = 1_000;
/// Text examined of one mail, in bytes.
pub const TEXT_EXAMINED: usize = 1024 * 1024;
/// HTML made plain, in bytes; more is layout, not words.
pub const HTML_EXAMINED: usize = 512 * 1024;
/// Bytes looked at for MIME boundaries, all levels of nesting together.
pub const MIME_SCANNED: usize = 64 * 1024 * 1024;
/// Authentication-Results fields of the trusted zone that are read; with more of them none is believed.
pub const AUTH_RESULTS: usize = 20;
/// Bytes of one Authentication-Results field; a longer one is not believed.
pub const AUTH_RESULT: usize = 8 * 1024;
/// Signatures of one mail that are checked; a mail has one of its domain and one of its provider.
pub const DKIM_SIGNATURES: usize = 5;
/// Bytes of a key record; RSA keys of 4,096 bits have 800.
pub const DKIM_KEY: usize = 4 * 1024;
/// How long one question to a name server may take, all its tries together.
pub const DNS_WAIT: Duration = Duration::from_secs(5);
/// Answers of name servers that are remembered, each for as long as it says and [`DNS_KEPT`] at most.
pub const DNS_CACHE: u64 = 256;
/// See [`DNS_CACHE`]: a key that was taken back must not be good for days.
pub const DNS_KEPT: Duration = Duration::from_secs(3600);
/// For how long a mail whose signature's key cannot be looked up is tried again.
pub const DKIM_WAITS: Duration = Duration::from_secs(24 * 3600);
/// How often such a mail is looked at again where many others lie behind it that could not be filed: they are read with it.
pub const DKIM_AGAIN: Duration = Duration::from_secs(5 * 60);
/// Recipients read from one delivery report.
pub const REPORTED: usize = 50;
/// Bytes of a mail's text in which the words of a bounce or an absence are looked for.
pub const TEXT_SEARCHED: usize = 64 * 1024;
/// Bytes of a mail's text in which the new text is looked for: nobody writes more by hand.
pub const NEW_TEXT: usize = 256 * 1024;
/// Bytes of a forward in which the original and the mails inside it are looked for; long threads go on for more.
pub const FORWARD_TEXT: usize = 256 * 1024;
/// Mails inside one another that are looked through for somebody outside the house.
pub const FORWARD_LEVELS: usize = 20;
/// Mails attached to a mail attached to a mail: nobody hands over more than two deep.
pub const FORWARD_ATTACHED: usize = 3;
/// Characters of one value that a rep writes above a forward.
pub const FORWARD_VALUE: usize = 200;
/// Lines above a forward that are read for such values.
pub const FORWARD_LINES: usize = 40;
/// Characters of new text in which a sentence may be an opt-out; who writes more is in a conversation.
pub const OPT_OUT_TEXT: usize = 1_000;
/// Characters of new text in which what somebody means is looked for: who writes more says it at the beginning.
pub const INTENT_TEXT: usize = 2_000;
/// Bytes of a calendar part that are read; an invitation has a few thousand, a year of meetings is none.
pub const CALENDAR: usize = 128 * 1024;
/// Guests read of a meeting: each may be a prospect whose enrollment it stops, and an all-hands invitation shall not stop all.
pub const GUESTS: usize = 20;
/// Meetings with one prospect whose last words are remembered; older ones are over.
pub const MEETINGS: usize = 8;
/// Addresses read from To and Cc together.
pub const ADDRESSES: usize = 200;
/// Ids read from In-Reply-To and References: the first and the last, the rest is ignored.
pub const REFERENCES_READ: usize = 50;
/// Ids written into References, so that no line grows past 998 octets and no thread grows without end.
pub const REFERENCES_WRITTEN: usize = 20;
/// `Received` fields after which a mail is in a loop (Postfix: hopcount_limit 50).
pub const HOPS: usize = 50;
/// Prospects one hand-over may enroll at once; more looks like an accident with an all-hands list.
pub const ENROLL_AT_ONCE: usize = 5;
/// Mails taken from a folder in one go.
pub const FETCH_BATCH: usize = 200;
/// Bytes of mail held in memory of one fetch.
pub const FETCH_BYTES: u64 = 24 * 1024 * 1024;
/// Headers read in one window: as many as a server sends in one go without making the others wait.
pub const HEADS: u32 = 500;
/// Bytes of a header that are read at first: most have 4 KiB, and with all their signatures 16.
pub const HEAD_USUAL: usize = 32 * 1024;
/// Bytes of a header that are read at all, which is what is examined of one.
pub const HEAD_MOST: usize = HEADER_BLOCK;
/// Bytes of headers held in memory of one window.
pub const HEADS_BYTES: u64 = HEADS as u64 * HEAD_USUAL as u64;
/// Bytes of mail beside which the next ones are fetched already.
pub const FETCH_AHEAD: u64 = 4 * 1024 * 1024;
/// Mails behind, in one folder, from which on headers are looked at before bodies are read: reading fewer takes no longer
/// than looking.
pub const BACKLOG: u32 = 1_000;
/// After this long bodies of a backlog make room for another look at headers: well inside [`BARRIER`], so that it stays fresh.
pub const BODIES: Duration = Duration::from_secs(15);
/// How far back the mailbox of a rep is looked through for answers to those who were enrolled since the last look: the
/// longest shipped cadence takes this long.
pub const LOOK_BACK: Duration = Duration::from_secs(90 * 24 * 3600);
/// A mail touch keeps this distance from what the rep wrote by hand, as from mails of other cadences.
pub const BY_HAND_APART: Duration = Duration::from_secs(24 * 3600);
/// Characters of a diagnostic or an excerpt that are kept.
pub const EXCERPT: usize = 300;

// ── mail that goes out ──────────────────────────────────────────────────────────────────────────────────────────────
/// A rendered mail, in bytes, what it encloses apart.
pub const LETTER: usize = 256 * 1024;
/// A rendered step or bot text before it is made a mail, in bytes.
pub const RENDERED: usize = 128 * 1024;
/// A prospect's mail inside a relay, in bytes: [`MAIL_WHOLE`], and base64's third more when the wire would not carry it.
pub const ENCLOSED: usize = 15 * 1024 * 1024;
/// `Content-…` fields of an enclosed mail, in bytes; over it the mail is attached as a file.
pub const CONTENT_FIELDS: usize = 16 * 1024;
/// Characters of the new text of a mail that is too large to be enclosed.
pub const RELAY_TEXT: usize = 16 * 1024;
/// Characters of a subject that are written: no client shows more, and a thread copies it on and on.
pub const HEADER_TEXT: usize = 500;
/// Characters of a display name that are written.
pub const DISPLAY_NAME: usize = 120;
/// Octets of a line on the wire (RFC 5322 2.1.1).
pub const LINE: usize = 998;
/// Octets of a local part (RFC 5321 4.5.3.1.1).
pub const LOCAL_PART: usize = 64;
/// Octets of a domain (RFC 5321 4.5.3.1.2).
pub const DOMAIN: usize = 255;
/// Letters claimed at once; the next are claimed when these have begun.
pub const CLAIM: usize = 100;
/// After this long a round of delivery claims nothing more: advancing and digests want their turn.
pub const DELIVER: Duration = Duration::from_secs(10);
/// How long a claimed letter belongs to its round before another may take it.
pub const LEASE: Duration = Duration::from_secs(600);
/// A folder sync older than this does not prove that nobody replied (design §1, promise 2).
pub const BARRIER: Duration = Duration::from_secs(60);
/// How long a letter is tried again before its step is given up.
pub const DEFER_FOR: Duration = Duration::from_secs(48 * 3600);
/// Connections held open to one relay.
pub const CONNECTIONS: usize = 20;
/// Mails over one connection; some relays count.
pub const MAILS_A_CONNECTION: usize = 100;
/// A connection unused for longer is closed rather than trusted.
pub const CONNECTION_IDLE: Duration = Duration::from_secs(60);

/// A letter in doubt counts as sent after this: reports of failed delivery come within two days or three (design §6).
pub const DOUBT_PRESUMED: Duration = Duration::from_secs(72 * 3600);
/// A bot says so often, by a note in the mailbox, that it is there.
pub const LEASE_RENEWED: Duration = Duration::from_secs(60);
/// Who did not say so for this long is gone, and another may take the mailbox. Looks are at most [`SAFETY_POLL`] apart, one may
/// fail, and the clocks of two hosts may differ by two minutes.
pub const LEASE_LIVES: Duration = Duration::from_secs(6 * 60);
/// Who stands by looks so often whether the mailbox is free.
pub const LEASE_WATCHED: Duration = Duration::from_secs(10);
/// Notes of bots that are looked at: one is usual, two when one takes over.
pub const LEASE_NOTES: u32 = 20;
/// Touches that such a note names: those of some days, or of the last hours of a large house. Two databases of one mailbox may
/// have planned the same touch for different days.
pub const LEASE_TOUCHES: usize = 1_000;
/// Bytes of such a note: [`LEASE_TOUCHES`] of 18 bytes, and its sentences.
pub const LEASE_NOTE: u32 = 32 * 1024;

/// A clock that goes forward by this much more than time has passed was set, or the machine slept (reliability E-10).
pub const CLOCK_FORWARD: Duration = Duration::from_secs(5 * 60);
/// A clock that goes back by this much was set (E-11). Two servers' clocks may differ by it.
pub const CLOCK_BACK: Duration = Duration::from_secs(2 * 60);
/// Where there is no other clock to ask, one that was set is believed after it went right for so long.
pub const CLOCK_STEADY: Duration = Duration::from_secs(10 * 60);

/// Mails filed so long before a gap are read again too: they may have lain a while before they were read.
pub const RECOVERY_MARGIN: Duration = Duration::from_secs(7 * 24 * 3600);
/// UIDs that one SEARCH may find, so that its answer stays under [`IMAP_LINE`].
pub const IMAP_FOUND: u32 = 5_000;
/// How often a backup asks for the database while others keep it locked.
pub const BACKUP_TRIES: u32 = 100;
/// And after which pause each time.
pub const BACKUP_AGAIN: Duration = Duration::from_millis(100);

/// Letters in doubt looked at in one round; more than a few are a breaker's matter.
pub const DOUBTS: usize = 200;
/// While something is held, what is held is asked for again after this, so that the end of a hold is noticed.
pub const HELD_AGAIN: Duration = Duration::from_secs(60);

// ── breakers (rules::guard) ─────────────────────────────────────────────────────────────────────────────────────────
/// Breakers are asked at most this often, and only when something was committed.
pub const GUARD_EVERY: Duration = Duration::from_secs(60);
/// Facts of one kind that breakers look at; more trip them anyway.
pub const GUARD_FACTS: usize = 1_000;
/// The time over which complaints and deliveries are counted: large providers judge a sender by a month.
pub const COMPLAINTS_WITHIN: Duration = Duration::from_secs(30 * 24 * 3600);
/// Complaints for 1,000 deliveries that hold a cadence: where Gmail and Yahoo ask senders to stay below.
pub const COMPLAINTS_OF_1000: u64 = 1;
/// One complaint is a person, two are a sign.
pub const COMPLAINTS_LEAST: usize = 2;
/// How long complaints hold a cadence: a week of silence is what a list needs to cool down.
pub const COMPLAINTS_HELD: Duration = Duration::from_secs(7 * 24 * 3600);
/// Complaints for 1,000 deliveries that block a cadence: where Gmail and Yahoo begin to reject.
pub const MANY_COMPLAINTS_OF_1000: u64 = 3;
/// And at least this many.
pub const MANY_COMPLAINTS_LEAST: usize = 3;
/// Mails of a rep of which dead addresses are counted.
pub const BOUNCES_OF: usize = 100;
/// Dead addresses in 100 that hold the rep's sending: a list as bad as this was bought or is years old.
pub const BOUNCES_OF_100: usize = 5;
/// Fewer mails than this say nothing about a list.
pub const BOUNCES_LEAST: usize = 20;
/// And at least this many dead addresses: one is somebody who left, and in twenty mails it would be the 5 % already.
pub const BOUNCES_DEAD: usize = 2;
/// The time over which refusals by policy are counted.
pub const POLICY_WITHIN: Duration = Duration::from_secs(3600);
/// Refusals by policy that hold everything: going on makes a bad reputation worse.
pub const POLICY_REFUSALS: usize = 3;
/// How long they hold; shorter blocks than this are rare, and three more refusals hold again.
pub const POLICY_HELD: Duration = Duration::from_secs(3600);
/// The time over which letters in doubt are counted.
pub const DOUBTS_WITHIN: Duration = Duration::from_secs(600);
/// Letters in doubt in that time that are borne; more come from a broken relay, and each may be a mail lost or doubled.
pub const DOUBTS_MOST: usize = 3;
/// The time over which weak stops are counted.
pub const WEAK_STOPS_WITHIN: Duration = Duration::from_secs(3600);
/// Weak stops in that time that are borne, however few are active.
pub const WEAK_STOPS_LEAST: u64 = 5;
/// Of 100 active enrollments, weak stops that are borne.
pub const WEAK_STOPS_OF_100: u64 = 20;
/// Free bytes on the database's disk below which nothing is sent: what was sent could not be recorded.
pub const DISK_LEAST: u64 = 64 * 1024 * 1024;
/// On a small disk, this part of it: a disk of 100 MiB is not full when half of it is free.
pub const DISK_PART: u64 = 16;

// ── what rules wait for ─────────────────────────────────────────────────────────────────────────────────────────────
/// A hand-over sent longer ago does not enroll: it is a replay, or somebody moved an archive into the mailbox.
pub const HANDED_WITHIN: Duration = Duration::from_secs(48 * 3600);
/// A rep may put the start of a cadence off by so many days; a later day is a slip of the pen.
pub const START_DAYS: i64 = 365;
/// A hand-over may come from a clock that goes ahead by this much.
pub const CLOCK_AHEAD: Duration = Duration::from_secs(3600);
/// Days walked through to find one that is open; only a configuration without any business day gets this far.
pub const DAYS_WALKED: usize = 1_000;
/// A touch of the afternoon keeps this distance from the window's end, so that a retry still fits in.
pub const AFTERNOON_MARGIN: Duration = Duration::from_secs(15 * 60);
/// A mail that a call follows on the same day keeps this distance from the window's end, so that both stay on one day.
pub const PAIR_ROOM: Duration = Duration::from_secs(3600);
/// Days that a touch waits for a preferred day of the week: over a weekend, and no longer, or the cadence loses its pace.
pub const PREFER_WITHIN: i64 = 4;
/// An auto-reply that names a later day than this is taken for one without a date: it is more often misread than true.
pub const AWAY_DAYS_MOST: i64 = 60;
/// How long touches wait after a bounce that may be anybody's invention.
pub const BOUNCE_UNPROVEN: Duration = Duration::from_secs(72 * 3600);
/// Two soft bounces within this time pause an enrollment.
pub const SOFT_BOUNCES_WITHIN: Duration = Duration::from_secs(14 * 24 * 3600);
/// A step's letter is not given up before it was tried this often, however long a weekend lay between.
pub const DEFER_TRIES: u32 = 6;
/// Touches of one rep in a day that are counted, and those that wait for their turn: providers allow 2,000 a mailbox and
/// day, 10,000 over their own relays. A cap over it is none.
pub const TOUCHES_TAKEN: usize = 10_000;
/// Moments looked at to find a touch its turn: each look goes past one touch at least. Beyond, it asks again then.
pub const PACE_LOOKS: usize = 4 * TOUCHES_TAKEN;
/// How late a touch still has its place in the queue; one that missed it by more is laid out anew.
pub const PLACE_KEPT: Duration = Duration::from_secs(10 * 60);
/// A letter that waits for its turn longer than this and was never tried is written again, with that day's words and date.
pub const FRESH: Duration = Duration::from_secs(3600);
/// What a touch may go out late by without pushing the one behind it: mostly the look at the mailbox before it.
pub const PACE_RESERVE: Duration = Duration::from_secs(10);
/// Pauses between attempts to send, then the last again and again. Greylisting servers accept after about 5 minutes.
pub const RETRY: [Duration; 4] = [
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(60 * 60),
];
/// The same after a refusal that is about us: somebody must put something right, which takes longer.
pub const RETRY_OURS: [Duration; 2] = [Duration::from_secs(30 * 60), Duration::from_secs(60 * 60)];
/// The same when the relay was not reached or let nobody in: that is no fault of the letter, which is ready again when the
/// relay is. How often the relay is tried is another matter (`service::hold`).
pub const RETRY_RELAY: [Duration; 1] = [BACK_OFF_LEAST];
/// For how long after a letter came into doubt its copy is looked for in Sent: providers file it with the mail or minutes later.
pub const COPY_WITHIN: Duration = Duration::from_secs(15 * 60);
/// How often it is looked for then.
pub const COPY_AGAIN: Duration = Duration::from_secs(60);
/// Copies looked at in one search: what a large team sends in a week.
pub const COPIES: usize = 20_000;
/// Enrollments that are due and looked at to find out whether the database was set back.
pub const DUE_LOOKED_AT: usize = 1_000;
/// How often a letter to a rep is sent when it is not known whether it arrived: twice is better than never.
pub const DOUBT_TRIES: u32 = 3;
/// The pause before such a letter is sent again, as the same bytes.
pub const DOUBT_AGAIN: Duration = Duration::from_secs(10 * 60);

// ── time on the wire (RFC 5321 4.5.3.2) ─────────────────────────────────────────────────────────────────────────────
/// TCP and TLS together.
pub const CONNECT: Duration = Duration::from_secs(30);
/// Greeting, EHLO, AUTH, MAIL, RCPT: one answer.
pub const COMMAND: Duration = Duration::from_secs(120);
/// DATA to 354.
pub const DATA: Duration = Duration::from_secs(120);
/// Writing one piece of content.
pub const CONTENT: Duration = Duration::from_secs(180);
/// After the final dot. Shorter limits made others send twice (FreeScout 5457, chatmail 1383).
pub const FINAL_DOT: Duration = Duration::from_secs(600);
/// One IMAP command outside IDLE.
pub const IMAP_COMMAND: Duration = Duration::from_secs(60);
/// IDLE is issued again after this (RFC 2177 says 29 minutes at most; NATs forget much sooner).
pub const IDLE: Duration = Duration::from_secs(9 * 60);
/// A look at every folder at least this often, whatever IDLE says.
pub const SAFETY_POLL: Duration = Duration::from_secs(120);
/// A round that could do nothing about what is due asks again after this.
pub const ASK_AGAIN: Duration = Duration::from_secs(5);
/// How long the answer to a letter that has passed the gate is waited for once the bot was told to stop: each one given up is
/// in doubt. What has not passed it is put back at once, so that an idle bot ends at once (reliability §6.4). A second signal ends it in any case.
pub const SHUTDOWN: Duration = Duration::from_secs(120);
/// Mails of one enrollment that a rep wrote in their own words; a cadence has fewer.
pub const EDITS: usize = 50;
/// How long what a rep logged by mistake may be taken back when it ended an enrollment: two working weeks. Later the
/// conversation is cold, and handing over anew is right.
pub const TAKEN_BACK_WITHIN: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long the mailbox may be away before the administrator is told: a provider's maintenance is over by then.
pub const BLIND: Duration = Duration::from_secs(15 * 60);
/// First pause before connecting again; doubled with jitter up to [`BACK_OFF_MOST`].
pub const BACK_OFF_LEAST: Duration = Duration::from_secs(2);
/// Longest pause before connecting again.
pub const BACK_OFF_MOST: Duration = Duration::from_secs(300);
/// Refused logins after which a server is asked only once in [`LOGIN_PAUSE`]: it is not by mistake, and servers lock
/// accounts.
pub const LOGIN_TRIES: u32 = 3;
/// See [`LOGIN_TRIES`]. Before that the pause is [`BACK_OFF_MOST`].
pub const LOGIN_PAUSE: Duration = Duration::from_secs(3600);
/// How long threads that cannot be interrupted (a name server that does not answer) keep the process from ending.
pub const STOP_THREADS: Duration = Duration::from_secs(1);
/// An IMAP line, outside a literal.
pub const IMAP_LINE: usize = 64 * 1024;
/// Lines a server may send for one IMAP command; a listing of folders is the longest honest answer.
pub const IMAP_LINES: u32 = 10_000;
/// Bytes a server may send for one IMAP command beside the mails asked for: a long list of folders.
pub const IMAP_ANSWER: u64 = 2 * 1024 * 1024;
/// Brackets within brackets in an IMAP line; the parser recurses, and nothing we ask for nests deeper than 3.
pub const IMAP_NESTING: usize = 32;
/// Literals in one IMAP response; a row of FETCH has one, the parser starts over at each.
pub const IMAP_LITERALS: u32 = 8;
/// UIDs listed by one look: enough for two batches, so that a sparse folder still fills one.
pub const IMAP_WINDOW: u32 = 500;
/// Characters of a UID set; servers may refuse command lines over 1,000 octets (RFC 2683 3.2.1.5).
pub const IMAP_SET: usize = 800;
/// Bytes a second below which a mail does not come through: slower is as good as gone.
pub const IMAP_PACE: u64 = 16 * 1024;
/// Answer to DONE after IDLE: a server that needs longer is gone (chatmail uses the same).
pub const IMAP_DONE: Duration = Duration::from_secs(15);
/// How often a Maildir is looked at while waiting.
pub const MAILDIR_POLL: Duration = Duration::from_secs(1);
/// Files numbered in one Maildir folder at once; the rest waits its turn.
pub const MAILDIR_FILES: usize = 100_000;
/// Lines of an SMTP answer.
pub const SMTP_LINES: usize = 64;
/// Octets of a line of an SMTP answer: RFC 5321 4.5.3.1.5 says 512, Postfix reads 2,048.
pub const SMTP_LINE: usize = 2_048;
/// How long QUIT is waited for: politeness has an end.
pub const GOODBYE: Duration = Duration::from_secs(5);

// ── cadences, configuration, store ──────────────────────────────────────────────────────────────────────────────────
/// Steps of a cadence.
pub const STEPS: usize = 60;
/// Days a cadence may span.
pub const DAYS: u32 = 400;
/// Bytes of one file of a cadence or of the configuration.
pub const FILE: u64 = 256 * 1024;
/// Blocks or brackets of a step's text inside one another; the parser of templates recurses on them.
pub const TEXT_NESTING: usize = 16;
/// Characters of a word's value in a text; a longer one is no word and counts as missing.
pub const VALUE: usize = 1_000;
/// Words of its own that a cadence may declare.
pub const CADENCE_FIELDS: usize = 100;
/// Names of reports that an enrollment remembers: conditions ask for few.
pub const SIGNALS: usize = 16;
/// Snippets within snippets of a text: more is a maze, and one that names itself has no end.
pub const SNIPPETS: usize = 4;
/// Words and signs of a step's condition: more than a person takes in at a glance.
pub const CONDITION: usize = 100;
/// Minutes that `within` may name: longer is another day's step.
pub const WITHIN: u32 = 24 * 60;
/// Enrollments advanced in one round.
pub const ADVANCE: usize = 200;
/// Batches that share one fsync.
pub const GROUP: usize = 200;
/// How long the writer waits for callers that came together last time: about the time in which a server answers, and well below
/// that of an fsync on most disks.
pub const GATHER: Duration = Duration::from_micros(300);
/// How long what a server has answered waits for company in its group: long enough for a letter on the next connection to reach
/// its gate, too short for anybody to notice.
pub const PATIENCE: Duration = Duration::from_millis(2);
/// Batches that may wait for the writer before callers wait too.
pub const QUEUE: usize = 1_000;
/// Connections that only read: enough for the rounds and a question or two beside them; each has its own page cache.
pub const READERS: usize = 4;
/// Statements a connection keeps prepared: more than the store has, so that none is prepared twice.
pub const STATEMENTS: usize = 128;
/// KiB of the database that the writer keeps in memory: the rows of a team's mails of a day, so that they are not read from the
/// file anew between two commits.
pub const CACHE_KIB: u32 = 8 * 1024;
/// What the write-ahead log is cut back to after a burst, in bytes.
pub const WAL: u64 = 16 * 1024 * 1024;
/// Pages of the write-ahead log that are carried into the database at once: those of a log of [`WAL`] bytes. A page that was
/// written again and again meanwhile is carried once, and the writer stands still for it a quarter as often as with
/// SQLite's own 1,000.
pub const WAL_PAGES: u64 = WAL / 4096;
/// Bytes of letters claimed at once: a relay encloses a mail of up to [`MAIL_WHOLE`], all claimed are in memory, and the
/// next are claimed while the last of these are on their way.
pub const CLAIM_BYTES: i64 = 12 * 1024 * 1024;
/// Troubles that `status` lists.
pub const TROUBLES: usize = 20;
/// Mails that `quarantine list` shows: more is a flood, and a person reads the newest.
pub const QUARANTINE_LISTED: usize = 200;
/// How long a statement waits for another process' lock.
pub const BUSY: Duration = Duration::from_secs(5);
/// Processes that may bring a new database up at the same moment: each may be in the way of the others once.
pub const OPENED_AT_ONCE: usize = 20;
/// How often a decision is made again because the row had moved on meanwhile. Each time somebody else got on, so this
/// many in a row is a defect and no bad luck.
pub const STALE_RETRIES: usize = 20;
/// How often a mail that could not be taken in is tried before it goes to quarantine.
pub const INTAKE_TRIES: u32 = 3;
/// How often the header alone is tried after that: a stop needs no more.
pub const INTAKE_HEAD_TRIES: u32 = 3;
/// People that one mail may stop by nothing but their address in it: a report names a mailbox and where it was
/// forwarded to, an invented one would name the whole list.
pub const WEAK_PEOPLE: usize = 3;
/// Enrollments at one company that wait when a colleague answers; an alert tells of each.
pub const COMPANY_PAUSED: usize = 20;
/// Domains above a sender's at which colleagues are looked for (`a.b.acme.co.uk`).
pub const COMPANY_DOMAINS: usize = 5;
/// An auto-reply without a date postpones by this many days (design §5).
pub const AWAY_DAYS: i64 = 7;

// ── configuration and the command line ──────────────────────────────────────────────────────────────────────────────
/// Octets of the bot's local part: `+`, a purpose, a dot and a token of 40 characters must fit behind it in 64 octets.
pub const BOT_LOCAL: usize = 20;
/// Reps in one configuration; a bigger house runs a bot for each team.
pub const REPS: usize = 1_000;
/// The highest cap that may be written down; it means none (see [`TOUCHES_TAKEN`]).
pub const CAP: i64 = 1_000_000;
/// People of one company who may be in cadences at a time, at most: nobody means more, and as many are looked at.
pub const COMPANY: usize = 100;
/// Facts that are looked through at a start for the reps who had the last leads.
pub const LEADS_LOOKED: usize = 1_000;
/// Days of one vacation or holiday; nobody is away for longer and comes back to the same prospects.
pub const DAYS_OFF: i64 = 366;
/// Days off in one calendar file.
pub const CALENDAR_DAYS: usize = 10_000;
/// Entries of any list in the configuration.
pub const LIST: usize = 1_000;
/// Bytes of a secret's first line. OAuth tokens reach 4 KiB.
pub const SECRET: usize = 16 * 1024;
/// How long a command that prints a secret may take; a password manager may ask a server.
pub const SECRET_COMMAND: Duration = Duration::from_secs(30);
/// Files read from the folder of cadences.
pub const CADENCE_FILES: usize = 2_000;
/// Enrollments of one person that `why` prints, and facts of each.
pub const TRANSCRIPTS: usize = 50;
/// How long before today a meeting may have been booked that is asked about.
pub const MEETING_ASKED: Duration = Duration::from_secs(60 * 24 * 3600);
