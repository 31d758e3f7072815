//! Every bound of the program, in one place, each with its reason. A bound that is not here is a defect.

use std::time::Duration;

// ── mail that comes in ──────────────────────────────────────────────────────────────────────────────────────────────
/// A mail up to this size is fetched whole; of a larger one only the head is (Postfix' own default limit is 10,240,000).
pub const MAIL_WHOLE: u64 = 10 * 1024 * 1024;
/// What is fetched of a mail over [`MAIL_WHOLE`]: the header and the first text, enough for every decision to stop.
pub const MAIL_HEAD: u64 = 512 * 1024;
/// Header block examined, in bytes. Postfix stops at 102,400 for one header; nobody honest comes near.
pub const HEADER_BLOCK: usize = 256 * 1024;
/// Header fields examined.
pub const HEADER_FIELDS: usize = 1_000;
/// MIME nesting followed. Postfix stops at 100; human mail stays under 10. Beyond it a part is opaque.
pub const MIME_DEPTH: usize = 32;
/// MIME parts looked at.
pub const MIME_PARTS: usize = 1_000;
/// Text examined of one mail, in bytes.
pub const TEXT_EXAMINED: usize = 1024 * 1024;
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
/// Characters of a diagnostic or an excerpt that are kept.
pub const EXCERPT: usize = 300;

// ── mail that goes out ──────────────────────────────────────────────────────────────────────────────────────────────
/// A rendered mail, in bytes, what it encloses apart.
pub const LETTER: usize = 256 * 1024;
/// A rendered step or bot text before it is made a mail, in bytes.
pub const RENDERED: usize = 128 * 1024;
/// Octets of a line on the wire (RFC 5322 2.1.1).
pub const LINE: usize = 998;
/// Octets of a local part (RFC 5321 4.5.3.1.1).
pub const LOCAL_PART: usize = 64;
/// Octets of a domain (RFC 5321 4.5.3.1.2).
pub const DOMAIN: usize = 255;
/// Letters claimed in one round.
pub const CLAIM: usize = 100;
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
/// First pause before connecting again; doubled with jitter up to [`BACK_OFF_MOST`].
pub const BACK_OFF_LEAST: Duration = Duration::from_secs(2);
/// Longest pause before connecting again.
pub const BACK_OFF_MOST: Duration = Duration::from_secs(300);
/// An IMAP line, outside a literal.
pub const IMAP_LINE: usize = 64 * 1024;
/// Lines of an SMTP answer.
pub const SMTP_LINES: usize = 64;

// ── cadences, configuration, store ──────────────────────────────────────────────────────────────────────────────────
/// Steps of a cadence.
pub const STEPS: usize = 60;
/// Days a cadence may span.
pub const DAYS: u32 = 400;
/// Bytes of one file of a cadence or of the configuration.
pub const FILE: u64 = 256 * 1024;
/// Enrollments advanced in one round.
pub const ADVANCE: usize = 200;
/// Batches that share one fsync.
pub const GROUP: usize = 200;
/// Batches that may wait for the writer before callers wait too.
pub const QUEUE: usize = 1_000;
/// Connections that only read: enough for the rounds and a question or two beside them; each has its own page cache.
pub const READERS: usize = 4;
/// Statements a connection keeps prepared: more than the store has, so that none is prepared twice.
pub const STATEMENTS: usize = 128;
/// What the write-ahead log is cut back to after a burst, in bytes.
pub const WAL: u64 = 16 * 1024 * 1024;
/// Bytes of letters claimed in one round: a relay encloses a mail of up to [`MAIL_WHOLE`], and all claimed are in memory.
pub const CLAIM_BYTES: i64 = 24 * 1024 * 1024;
/// Troubles that `status` lists.
pub const TROUBLES: usize = 20;
/// How long a statement waits for another process' lock.
pub const BUSY: Duration = Duration::from_secs(5);
/// How often a decision is made again because the row had moved on meanwhile.
pub const STALE_RETRIES: usize = 5;
/// How often a mail that could not be taken in is tried before it goes to quarantine.
pub const INTAKE_TRIES: u32 = 3;
/// Tasks shown in one digest; the rest is counted.
pub const DIGEST_TASKS: usize = 40;
/// Lines of a rep's mail that are read as commands.
pub const COMMAND_LINES: usize = 20;
/// An auto-reply without a date postpones by this many days (design §5).
pub const AWAY_DAYS: i64 = 7;
