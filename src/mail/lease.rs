//! The note that a lease is written as: a mail that explains itself to whoever finds it, with the facts as lines and a seal
//! over them.
//!
//! The seal is an HMAC with a key of this house, so that nobody who can lay a mail into a mailbox makes a bot believe that
//! its database is old. ASCII only, CRLF.

use super::write::date;
use crate::model::{BotAddress, Lease};
use jiff::Timestamp;

const BEGINS: &str = "cadence-lease: 1";

/// The note as it lies in the mailbox.
#[must_use]
pub fn write(lease: &Lease, bot: &BotAddress) -> String {
    let (address, facts) = (bot.address(), facts(lease));
    let text = format!(
        "From: Cadence <{address}>\nTo: <{address}>\nSubject: A bot works in this mailbox\nDate: {}\n\
         Message-ID: <lease-{}-{}@{}>\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=us-ascii\n\n\
         By this note the bot that works in this mailbox keeps others off: two of them would send\n\
         everything twice. Leave it here. If that bot is gone for good, another takes over by itself\n\
         some minutes after the time below.\n\n{facts}seal: {}\n",
        date(lease.renewed),
        lease.epoch,
        lease.renewed.as_millisecond(),
        address.domain(),
        bot.seal_of_lease(&facts),
    );
    text.replace('\n', "\r\n")
}

fn facts(lease: &Lease) -> String {
    format!(
        "{BEGINS}\nepoch: {}\nrun: {}\nhost: {}\nsince: {}\nrenewed: {}\njournal: {}\nstate: {}\n",
        lease.epoch,
        word(&lease.run),
        word(&lease.host),
        lease.since,
        lease.renewed,
        lease.journal,
        if lease.released { "released" } else { "held" },
    )
}

/// One line of ASCII.
fn word(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    text.trim().chars().map(plain).take(MOST).collect()
}

/// Characters of a value: a host's name and a path.
const MOST: usize = 300;
/// Lines looked at.
const LINES: usize = 100;

/// Reads a note; `None` when it is none.
#[must_use]
pub fn read(note: &[u8], bot: &BotAddress) -> Option<Lease> {
    let text = String::from_utf8_lossy(note);
    let mut lines = text
        .lines()
        .map(str::trim_end)
        .take(LINES)
        .skip_while(|line| *line != BEGINS);
    lines.next()?;
    let mut value = |name: &str| -> Option<String> {
        let (found, value) = lines.next()?.split_once(": ")?;
        (found == name).then(|| value.chars().take(MOST).collect())
    };
    let lease = Lease {
        epoch: value("epoch")?
            .parse()
            .ok()
            .filter(|epoch| (1..=Lease::EPOCH_MOST).contains(epoch))?,
        run: value("run")?,
        host: value("host")?,
        since: time(&value("since")?)?,
        renewed: time(&value("renewed")?)?,
        journal: value("journal")?.parse().ok()?,
        released: match value("state")?.as_str() {
            "released" => true,
            "held" => false,
            _ => return None,
        },
        sealed: false,
    };
    let sealed = bot.is_seal_of_lease(&facts(&lease), &value("seal").unwrap_or_default());
    Some(Lease { sealed, ..lease })
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, Key};

    fn bot(key: u8) -> BotAddress {
        BotAddress::new(
            Address::parse("cadence@reps.test").expect("an address"),
            &Key::root(&[key; 32]),
        )
    }

    fn lease() -> Lease {
        Lease {
            epoch: 7,
            run: "0f3a".to_owned(),
            host: "mail-1 /var/lib/cadence/cadence.db".to_owned(),
            since: "2026-03-02T09:00:00Z".parse().expect("a time"),
            renewed: "2026-03-02T09:12:00.5Z".parse().expect("a time"),
            journal: 42,
            released: false,
            sealed: true,
        }
    }

    #[test]
    fn a_note_comes_back_as_it_was_written() {
        let text = write(&lease(), &bot(1));
        assert!(text.is_ascii() && text.lines().all(|line| line.len() < 200));
        assert_eq!(read(text.as_bytes(), &bot(1)), Some(lease()));
        let stored = text.replace("\r\n", "\n");
        assert_eq!(read(stored.as_bytes(), &bot(1)), Some(lease()), "as a Maildir keeps it");
        let given_back = Lease {
            released: true,
            ..lease()
        };
        assert_eq!(read(write(&given_back, &bot(1)).as_bytes(), &bot(1)), Some(given_back));
    }

    #[test]
    fn another_key_seals_nothing_and_a_changed_note_has_no_seal() {
        let text = write(&lease(), &bot(1));
        let other = read(text.as_bytes(), &bot(2)).expect("it is a note all the same");
        assert!(!other.sealed);
        let changed = text.replace("epoch: 7", "epoch: 8");
        assert!(!read(changed.as_bytes(), &bot(1)).expect("a note").sealed);
    }

    #[test]
    fn a_hosts_name_cannot_write_lines_and_nonsense_is_no_note() {
        let forged = Lease {
            host: "x\nstate: released".to_owned(),
            ..lease()
        };
        let read_back = read(write(&forged, &bot(1)).as_bytes(), &bot(1)).expect("a note");
        assert!(!read_back.released);
        for text in [
            "",
            "cadence-lease: 1",
            "cadence-lease: 1\nepoch: -4\n",
            "Subject: hello\n\nhello",
        ] {
            assert_eq!(read(text.as_bytes(), &bot(1)), None, "{text}");
        }
    }
}
