//! Where `explain` finds mails: files with one mail, mboxes, Maildirs, standard input. One mail at a time is in memory.
//!
//! Standards: RFC 4155 and its mboxrd kin (`>From ` is unquoted). A file called `.eml` holds one mail whatever stands in it.
//! Limits: of a mail over [`limits::MAIL_WHOLE`] the first [`limits::MAIL_HEAD`], as the inbox would fetch it.

use crate::model::limits;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A mail as the inbox would have fetched it.
pub struct Found {
    /// The path as given; with `#2` behind it for the second mail of an mbox; a Maildir's file.
    pub label: String,
    /// Its bytes, or the first of them.
    pub bytes: Vec<u8>,
    /// All its bytes, counted.
    pub size: u64,
}

/// What became of one path or mail.
pub enum Step {
    /// A mail.
    Mail(Found),
    /// A path, and why there is no mail in it.
    Fail(String, io::Error),
}

/// Calls `take` with every mail of a path, in order, until it says that it has enough.
///
/// # Errors
/// What `take` fails with.
pub fn each<E>(path: &Path, take: &mut dyn FnMut(Step) -> Result<(), E>) -> Result<(), E> {
    let label = path.display().to_string();
    if path == Path::new("-") {
        return stream(BufReader::new(io::stdin()), &label, false, take);
    }
    if path.is_dir() {
        return match maildir(path) {
            Ok(files) => files.iter().try_for_each(|file| one(file, true, take)),
            Err(error) => take(Step::Fail(label, error)),
        };
    }
    let single = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml"));
    one(path, single, take)
}

fn one<E>(path: &Path, single: bool, take: &mut dyn FnMut(Step) -> Result<(), E>) -> Result<(), E> {
    let label = path.display().to_string();
    match File::open(path) {
        Ok(file) => stream(BufReader::new(file), &label, single, take),
        Err(error) => take(Step::Fail(label, error)),
    }
}

/// The mails of a Maildir, new ones first, each part by name, which is by time.
fn maildir(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for part in ["new", "cur"] {
        let entries = match std::fs::read_dir(path.join(part)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let why = format!("it is a folder without `{part}`, so no Maildir; name its files instead");
                return Err(io::Error::new(io::ErrorKind::NotFound, why));
            }
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries.take(limits::MAILDIR_FILES) {
            let entry = entry?;
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if !hidden && entry.file_type()?.is_file() {
                found.push(entry.path());
            }
        }
        found.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
        files.extend(found);
    }
    Ok(files)
}

/// One mail, or those of an mbox.
fn stream<E>(
    mut input: impl BufRead,
    label: &str,
    single: bool,
    take: &mut dyn FnMut(Step) -> Result<(), E>,
) -> Result<(), E> {
    let mut mails = match Mails::begin(&mut input, single) {
        Ok(mails) => mails,
        Err(error) => return take(Step::Fail(label.to_owned(), error)),
    };
    let mut number = 0_usize;
    loop {
        match mails.next(&mut input) {
            Ok(Some((bytes, size))) => {
                number += 1;
                let label = if number == 1 {
                    label.to_owned()
                } else {
                    format!("{label}#{number}")
                };
                take(Step::Mail(Found { label, bytes, size }))?;
            }
            Ok(None) => return Ok(()),
            Err(error) => return take(Step::Fail(label.to_owned(), error)),
        }
    }
}

/// Cuts a stream into mails.
struct Mails {
    /// Whether `From ` lines part mails.
    is_mbox: bool,
    over: bool,
}

/// A line longer than this is taken in pieces.
const PIECE: u64 = 64 * 1024;

impl Mails {
    fn begin(input: &mut impl BufRead, single: bool) -> io::Result<Self> {
        let start = input.fill_buf()?;
        let is_mbox = !single && is_from_line(start.split(|byte| *byte == b'\n').next().unwrap_or_default());
        Ok(Self { is_mbox, over: false })
    }

    /// The next mail, bounded, and its true size. An empty stream is one empty mail.
    fn next(&mut self, input: &mut impl BufRead) -> io::Result<Option<(Vec<u8>, u64)>> {
        if self.over {
            return Ok(None);
        }
        let mut mail = Bounded::default();
        // At the start of a line; the line before was blank.
        let (mut fresh, mut blank) = (true, false);
        let mut piece = Vec::new();
        loop {
            piece.clear();
            let got = input.by_ref().take(PIECE).read_until(b'\n', &mut piece)?;
            if got == 0 {
                self.over = true;
                return Ok(Some(mail.finish()));
            }
            if self.is_mbox && fresh && blank && is_from_line(&piece) {
                return Ok(Some(mail.finish()));
            }
            let quoted = self.is_mbox && fresh && is_quoted_from(&piece);
            mail.add(piece.get(usize::from(quoted)..).unwrap_or_default());
            blank = fresh && matches!(piece.as_slice(), b"\n" | b"\r\n");
            fresh = piece.ends_with(b"\n");
        }
    }
}

/// `From jane@acme.test Mon Mar  2 09:00:00 2026`: a sender, and a time that ends with a year or a zone.
fn is_from_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else {
        return false;
    };
    let words: Vec<&[u8]> = rest
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .collect();
    let is_clock = |word: &&[u8]| word.contains(&b':') && word.first().is_some_and(u8::is_ascii_digit);
    let is_year = |word: &&[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    (4..=12).contains(&words.len()) && words.iter().any(is_clock) && words.iter().any(is_year)
}

/// `>From `, `>>From `: a line of a mail that would have parted it.
fn is_quoted_from(line: &[u8]) -> bool {
    let bare = line.iter().position(|byte| *byte != b'>').unwrap_or_default();
    bare > 0 && line.get(bare..).is_some_and(|rest| rest.starts_with(b"From "))
}

/// As much of a mail as the inbox would fetch.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
    size: u64,
}

impl Bounded {
    fn add(&mut self, piece: &[u8]) {
        self.size += piece.len() as u64;
        let most = if self.size > limits::MAIL_WHOLE {
            limits::MAIL_HEAD
        } else {
            limits::MAIL_WHOLE
        };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let room = most.saturating_sub(self.bytes.len());
        self.bytes
            .extend_from_slice(piece.get(..room.min(piece.len())).unwrap_or(piece));
        self.bytes.truncate(most);
    }

    fn finish(self) -> (Vec<u8>, u64) {
        (self.bytes, self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &[u8], single: bool) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        let mut take = |step| {
            match step {
                Step::Mail(mail) => found.push((String::from_utf8_lossy(&mail.bytes).into_owned(), mail.size)),
                Step::Fail(_, error) => panic!("{error}"),
            }
            Ok::<(), ()>(())
        };
        stream(text, "x", single, &mut take).expect("it goes on");
        found
    }

    const FROM: &str = "From jane@acme.test Mon Mar  2 09:00:00 2026\n";

    #[test]
    fn an_mbox_is_parted_at_its_from_lines_and_nowhere_else() {
        let mbox = format!(
            "{FROM}Subject: one\n\nFrom here on it is text\n>From there too\n>>From\n\n{FROM}Subject: two\n\nx\n{FROM}y\n"
        );
        let mails = parted(mbox.as_bytes(), false);
        assert_eq!(mails.len(), 2, "the last stands after no blank line: {mails:?}");
        assert!(mails[0].0.contains("\nFrom there too\n>>From\n"), "{}", mails[0].0);
        assert!(mails[1].0.starts_with("Subject: two"));
        assert_eq!(parted(mbox.as_bytes(), true).len(), 1, "an .eml is one mail");
        assert_eq!(parted(b"", false).len(), 1, "nothing is an empty mail");
        assert_eq!(parted(b"From: a@b.test\n\nFrom x\n", false).len(), 1);
    }

    #[test]
    fn of_a_mail_that_is_too_large_the_head_is_kept() {
        let whole = usize::try_from(limits::MAIL_WHOLE).expect("a size");
        for (size, kept) in [(whole - 1, whole - 1), (whole, whole), (whole + 1, 512 * 1024)] {
            let text = vec![b'x'; size];
            let mut mails = Mails::begin(&mut text.as_slice(), false).expect("a start");
            let (bytes, counted) = mails.next(&mut text.as_slice()).expect("a read").expect("a mail");
            assert_eq!((bytes.len(), counted), (kept, size as u64));
        }
    }
}
