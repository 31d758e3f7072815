//! The note that a lease is written as: a mail that explains itself to whoever finds it, with the facts as lines and a seal
//! over them.
//!
//! The seal is an HMAC with a key of this house, so that nobody who can lay a mail into a mailbox makes a bot believe that
//! its database is old. ASCII only, CRLF.

use super::classify::letter_of;
use super::write::date;
use crate::model::{BotAddress, Lease, Left, limits};
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
        "{BEGINS}\nepoch: {}\nrun: {}\nhost: {}\nsince: {}\nrenewed: {}\njournal: {}\nstate: {}\n{}",
        lease.epoch,
        word(&lease.run),
        word(&lease.host),
        lease.since,
        lease.renewed,
        lease.journal,
        if lease.released { "released" } else { "held" },
        left(&lease.left),
    )
}

/// The touches that left, some on a line; a question mark behind those of which nobody knows.
fn left(left: &[Left]) -> String {
    let last = left.get(left.len().saturating_sub(limits::LEASE_TOUCHES)..);
    let line = |some: &[Left]| {
        let each = some
            .iter()
            .map(|one| format!(" {}{}", one.letter, if one.taken { "" } else { "?" }));
        format!("{LEFT}{}\n", each.collect::<String>())
    };
    last.unwrap_or_default().chunks(ON_A_LINE).map(line).collect()
}

/// Those of one line; what is no letter is left out.
fn read_left(line: &str) -> impl Iterator<Item = Left> + '_ {
    line.split_ascii_whitespace().filter_map(|word| {
        let letter = word.trim_end_matches('?');
        Some(Left {
            letter: letter_of(letter)?,
            taken: letter == word,
        })
    })
}

/// One line of ASCII.
fn word(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    text.trim().chars().map(plain).take(MOST).collect()
}

/// Characters of a value: a host's name and a path.
const MOST: usize = 300;
/// Lines looked at.
const LINES: usize = 200;
/// The name of a line with touches.
const LEFT: &str = "left:";
/// Touches on one line: it stays a line of mail (RFC 5322 2.1.1).
const ON_A_LINE: usize = 10;

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
    let mut lines = lines.peekable();
    let mut value = |name: &str| -> Option<String> {
        let (found, value) = lines.next()?.split_once(": ")?;
        (found == name).then(|| value.chars().take(MOST).collect())
    };
    let mut lease = Lease {
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
        left: Vec::new(),
        sealed: false,
    };
    while let Some(line) = lines.next_if(|line| line.starts_with(LEFT)) {
        lease.left.extend(read_left(line.trim_start_matches(LEFT)));
    }
    let seal = lines.next().and_then(|line| line.strip_prefix("seal: "));
    lease.sealed = seal.is_some_and(|seal| bot.is_seal_of_lease(&facts(&lease), seal));
    Some(lease)
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, EnrollmentId, Key, LetterId, StepNo};

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
            left: Vec::new(),
            released: false,
            sealed: true,
        }
    }

    #[test]
    fn a_note_names_the_last_touches_that_left() {
        let most = u32::try_from(limits::LEASE_TOUCHES).expect("a number");
        let left = |from: u32, to: u32| -> Vec<Left> {
            let one = |step: u32| Left {
                letter: LetterId::of_step(EnrollmentId(i64::from(step)), StepNo(1)),
                taken: !step.is_multiple_of(3),
            };
            (from..to).map(one).collect()
        };
        let busy = Lease {
            left: left(0, most + 7),
            ..lease()
        };
        let text = write(&busy, &bot(1));
        assert!(text.len() < usize::try_from(limits::LEASE_NOTE).expect("a number"));
        assert!(text.lines().all(|line| line.len() < 200));
        let known = read(text.as_bytes(), &bot(1)).expect("a note");
        assert!(known.sealed && known.left == left(7, most + 7));
        let changed = text.replacen("? ", " ", 1);
        assert!(changed != text && !read(changed.as_bytes(), &bot(1)).expect("a note").sealed);
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
