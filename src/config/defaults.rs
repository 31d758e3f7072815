//! What a key means that is not there. The one place: the reader, the example and the tests all look here.

use super::Security;
use jiff::civil::Weekday;

/// `[bot].name`.
pub const NAME: &str = "Cadence";
/// `[bot].data`.
pub const DATA: &str = "cadence-data";
/// `[bot].key_file`, inside `[bot].data`.
pub const KEY_FILE: &str = "cadence.key";
/// The database, inside `[bot].data`.
pub const DATABASE: &str = "cadence.db";
/// `[mailbox].folders`. Sent shows what went out, which ends doubts; where it is missing it is left out.
pub const FOLDERS: [&str; 3] = ["INBOX", "Junk", "Sent"];
/// `[[rep]].watch.folders`.
pub const WATCHED_FOLDERS: [&str; 2] = ["INBOX", "Junk"];
/// `[[rep]].watch.sent`.
pub const WATCHED_SENT: &str = "Sent";
/// `[mailbox].security` and `[relay].security`.
pub const SECURITY: Security = Security::Tls;
/// `[relay].connections`. Exchange Online allows three a mailbox, and no provider fewer.
pub const CONNECTIONS: usize = 3;
/// `[hours].window`.
pub const WINDOW: (&str, &str) = ("09:00", "17:00");
/// `[[rep]].digest`.
pub const DIGEST: &str = "08:00";
/// `[[rep]].code_turn`.
pub const CODE_TURN: u32 = 1;

/// `[mailbox].port` (RFC 8314, RFC 9051 2.1).
#[must_use]
pub fn imap_port(security: Security) -> u16 {
    match security {
        Security::Tls => 993,
        Security::Starttls | Security::None => 143,
    }
}

/// `[relay].port` (RFC 8314, RFC 6409).
#[must_use]
pub fn smtp_port(security: Security) -> u16 {
    match security {
        Security::Tls => 465,
        Security::Starttls => 587,
        Security::None => 25,
    }
}

/// Providers where everybody has an address. A rep who writes from one does not make everybody there a colleague.
pub const PUBLIC_PROVIDERS: [&str; 14] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "proton.me",
    "protonmail.com",
];

/// The days of the week as `[hours].weekdays` names them.
pub const WEEK: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

/// Days after an unanswered cadence before the next.
pub const COOLDOWN_DAYS: u32 = 30;

/// People of one company who are in cadences at a time.
pub const PER_COMPANY: u32 = 5;
