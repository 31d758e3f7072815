//! A mailbox on disk, as the bot reads it and as anybody delivers into it.
//!
//! The format is Maildir as Dovecot, Postfix and mutt know it: `tmp/`, `new/`, `cur/`, flags behind `:2,`; sub-folders are
//! Maildir++ (`.Junk`, `.Cadence.Replies`). A mail stays in `new/` until it is filed. Watermarks number the mails of `new/`
//! for one process only, so after a restart what was not filed comes again and is recognised by its content.
//!
//! Standards: <https://cr.yp.to/proto/maildir.html>, Maildir++ without quotas. Known gaps: a mail that a person's mail
//! program moved from `new/` to `cur/` counts as read by that person and is left alone.

mod again;
mod lease;

use super::lease::FOLDER;
use super::{Fetched, Filing, InboxError, Note, Place, RawMail, Watermark, Woken, portion};
use crate::model::limits;
use jiff::Timestamp;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The watermark's first number: Maildirs are never renumbered.
const VALIDITY: u32 = 1;

/// A mailbox on disk.
pub struct Maildir {
    root: PathBuf,
    numbers: HashMap<String, Numbers>,
}

/// The mails of one folder's `new/` in the order they were first seen.
#[derive(Clone, Default)]
struct Numbers {
    last: u32,
    of: HashMap<String, u32>,
}

impl Maildir {
    /// The mailbox at `root`.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            numbers: HashMap::new(),
        }
    }

    pub(super) async fn folders(&self) -> Result<Vec<String>, InboxError> {
        let (inbox, junk) = (self.root.join("new"), self.root.join(".Junk").join("new"));
        blocking(move || {
            if !inbox.is_dir() {
                let what = format!("no Maildir here: {} is missing", inbox.display());
                return Err(InboxError::setup(what));
            }
            let junk = junk.is_dir().then(|| "Junk".to_owned());
            Ok(std::iter::once("INBOX".to_owned()).chain(junk).collect())
        })
        .await
    }

    pub(super) async fn fetch(&mut self, folder: &str, after: Watermark) -> Result<Fetched, InboxError> {
        let path = self.path(folder)?;
        let mut numbers = self.numbers.get(folder).cloned().unwrap_or_default();
        let (fetched, numbers) = blocking(move || {
            let renumbered = after.validity != 0 && after.validity != VALIDITY;
            let start = if after.validity == VALIDITY { after.last } else { 0 };
            numbers.learn(waiting(&path)?, start);
            let mut fetched = read(&path, &numbers, start)?;
            fetched.renumbered = renumbered;
            Ok((fetched, numbers))
        })
        .await?;
        self.numbers.insert(folder.to_owned(), numbers);
        Ok(fetched)
    }

    pub(super) async fn extent(&mut self, folder: &str, after: Watermark) -> Result<super::Extent, InboxError> {
        let path = self.path(folder)?;
        let mut numbers = self.numbers.get(folder).cloned().unwrap_or_default();
        let numbers = blocking(move || {
            numbers.learn(waiting(&path)?, after.last);
            Ok(numbers)
        })
        .await?;
        let extent = super::Extent {
            validity: VALIDITY,
            highest: numbers.last,
            exists: u32::try_from(numbers.of.len()).unwrap_or(u32::MAX),
        };
        self.numbers.insert(folder.to_owned(), numbers);
        Ok(extent)
    }

    pub(super) async fn heads(&mut self, folder: &str, above: u32, below: u32) -> Result<super::Heads, InboxError> {
        let path = self.path(folder)?;
        let numbers = self.numbers.get(folder).cloned().unwrap_or_default();
        blocking(move || {
            let most = usize::try_from(limits::HEADS).unwrap_or(usize::MAX);
            let mut window = numbers.after(above);
            window.retain(|(number, _)| *number < below);
            let lowest = window
                .len()
                .checked_sub(most)
                .and_then(|at| window.get(at))
                .map(|(uid, _)| *uid);
            let mut heads = Vec::new();
            for (uid, name) in window.into_iter().rev().take(most) {
                heads.extend(head(&path.join("new").join(name), name, uid)?);
            }
            Ok(super::Heads {
                heads,
                down_to: lowest.unwrap_or(above.saturating_add(1)),
            })
        })
        .await
    }

    pub(super) async fn file(&self, folder: &str, places: &[Place], into: Filing) -> Result<(), InboxError> {
        let from = self.path(folder)?;
        let to = self.path(&format!("Cadence/{}", into.folder()))?;
        let places = places.to_vec();
        blocking(move || {
            create(&to).map_err(|error| InboxError::file("cannot make a folder to file into", &error))?;
            for place in &places {
                if let Place::File(name) = place {
                    move_away(&from, name, &to)?;
                }
            }
            Ok(())
        })
        .await
    }

    pub(super) async fn bring_back(&self, since: Timestamp) -> Result<usize, InboxError> {
        let root = self.root.clone();
        blocking(move || again::bring_back(&root, since)).await
    }

    pub(super) async fn leases(&self) -> Result<Vec<Note>, InboxError> {
        let folder = self.path(FOLDER)?;
        blocking(move || lease::read(&folder)).await
    }

    pub(super) async fn write_lease(&self, epoch: i64, text: &str, instead_of: &[Place]) -> Result<(), InboxError> {
        let folder = self.path(FOLDER)?;
        let (text, instead_of) = (text.to_owned(), instead_of.to_vec());
        blocking(move || lease::write(&folder, epoch, &text, &instead_of)).await
    }

    pub(super) async fn wait(&self, at_most: Duration) -> Result<Woken, InboxError> {
        let until = Instant::now() + at_most;
        let known = self.numbers.get("INBOX").cloned().unwrap_or_default();
        loop {
            let (path, numbers) = (self.root.clone(), known.clone());
            let news = blocking(move || Ok(waiting(&path)?.iter().any(|name| !numbers.of.contains_key(name)))).await?;
            if news {
                return Ok(Woken::ByMail);
            }
            let now = Instant::now();
            if now >= until {
                return Ok(Woken::ByTime);
            }
            sleep_until(until.min(now + limits::MAILDIR_POLL)).await;
        }
    }

    fn path(&self, folder: &str) -> Result<PathBuf, InboxError> {
        if folder == "INBOX" {
            return Ok(self.root.clone());
        }
        if folder.is_empty() || folder.contains('\0') {
            return Err(InboxError::setup("a folder of a Maildir has an impossible name"));
        }
        Ok(self.root.join(format!(".{}", folder.replace('/', "."))))
    }
}

impl Numbers {
    /// Forgets mails that are gone and numbers new ones behind everything up to `start`.
    fn learn(&mut self, names: Vec<String>, start: u32) {
        let mut known = std::mem::take(&mut self.of);
        self.last = self.last.max(start);
        for name in names {
            let number = known.remove(&name).unwrap_or_else(|| {
                self.last = self.last.saturating_add(1);
                self.last
            });
            self.of.insert(name, number);
        }
    }

    /// The mails numbered above `start`, oldest first.
    fn after(&self, start: u32) -> Vec<(u32, &str)> {
        let mut mails: Vec<(u32, &str)> = self.of.iter().map(|(name, number)| (*number, name.as_str())).collect();
        mails.retain(|(number, _)| *number > start);
        mails.sort_unstable();
        mails
    }
}

/// The names in `new/`, sorted: they begin with the time of delivery.
fn waiting(folder: &Path) -> Result<Vec<String>, InboxError> {
    let failed = |error: &io::Error| InboxError::file("cannot list a Maildir folder", error);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.join("new")).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| InboxError::setup("a file in a Maildir has a name that is no UTF-8: rename or remove it"))?;
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort_unstable();
    names.truncate(limits::MAILDIR_FILES);
    Ok(names)
}

fn read(folder: &Path, numbers: &Numbers, start: u32) -> Result<Fetched, InboxError> {
    let mut fetched = Fetched {
        watermark: Watermark {
            validity: VALIDITY,
            last: start,
        },
        ..Fetched::default()
    };
    let mut held = 0_u64;
    for (number, name) in numbers.after(start) {
        if fetched.mails.len() >= limits::FETCH_BATCH || held >= limits::FETCH_BYTES {
            fetched.more = true;
            break;
        }
        fetched.watermark.last = number;
        if let Some(mail) = read_one(&folder.join("new").join(name), name, fetched.watermark)? {
            held += mail.bytes.len() as u64;
            fetched.mails.push(mail);
        }
    }
    Ok(fetched)
}

/// One header; `None` when its mail went away meanwhile.
fn head(path: &Path, name: &str, uid: u32) -> Result<Option<super::Head>, InboxError> {
    let read = || -> io::Result<(u64, Vec<u8>)> {
        let file = fs::File::open(path)?;
        let size = file.metadata()?.len();
        let mut bytes = Vec::new();
        // A byte more than is kept, so that it shows whether there is more.
        file.take(limits::HEAD_MOST as u64 + 1).read_to_end(&mut bytes)?;
        Ok((size, bytes))
    };
    match read() {
        Ok((size, bytes)) => {
            let (bytes, cut) = super::heads::header_of(&bytes);
            Ok(Some(super::Head {
                uid,
                place: Place::File(name.to_owned()),
                bytes,
                size,
                received: None,
                cut,
            }))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(InboxError::file("cannot read a mail of a Maildir", &error)),
    }
}

/// One mail; `None` when it went away meanwhile.
fn read_one(path: &Path, name: &str, watermark: Watermark) -> Result<Option<RawMail>, InboxError> {
    let read = || -> io::Result<(u64, Vec<u8>)> {
        let file = fs::File::open(path)?;
        let size = file.metadata()?.len();
        let mut bytes = Vec::new();
        file.take(portion(size)).read_to_end(&mut bytes)?;
        Ok((size, bytes))
    };
    match read() {
        Ok((size, bytes)) => Ok(Some(RawMail {
            place: Place::File(name.to_owned()),
            whole: bytes.len() as u64 == size,
            bytes,
            size,
            // The time of a file is when it was copied, restored or unpacked; it proves nothing.
            received: None,
            watermark,
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(InboxError::file("cannot read a mail of a Maildir", &error)),
    }
}

fn move_away(from: &Path, name: &str, to: &Path) -> Result<(), InboxError> {
    let base = name.split(":2,").next().unwrap_or(name);
    match fs::rename(from.join("new").join(name), to.join("cur").join(format!("{base}:2,S"))) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(InboxError::file("cannot file a mail of a Maildir", &error)),
    }
}

/// The first mail filed there that `is_it` makes something of, whatever its flags.
///
/// # Errors
/// When the folder cannot be read. One that is not there holds nothing.
pub fn find_filed<T>(root: &Path, into: Filing, is_it: &dyn Fn(&[u8]) -> Option<T>) -> Result<Option<T>, InboxError> {
    let folder = root.join(format!(".Cadence.{}", into.folder()));
    for part in ["new", "cur"] {
        let entries = match fs::read_dir(folder.join(part)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(|error| InboxError::file("cannot list a Maildir folder", &error))?,
        };
        for entry in entries.flatten().take(limits::MAILDIR_FILES) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(mail) = read_one(&entry.path(), &name, Watermark::default())?
                && let Some(found) = is_it(&mail.bytes)
            {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// Makes `tmp/`, `new/` and `cur/` in `folder` where they are missing.
///
/// # Errors
/// When the file system refuses.
pub fn create(folder: &Path) -> io::Result<()> {
    for part in ["tmp", "new", "cur"] {
        fs::create_dir_all(folder.join(part))?;
    }
    Ok(())
}

/// Delivers a mail into the Maildir `folder`, which is made when missing: whole and on disk, or not at all. `name` must be new
/// there and sort by time; it is returned.
///
/// # Errors
/// When the name is taken or impossible, or the file system refuses.
pub fn deliver(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<String> {
    if name.is_empty() || name.starts_with('.') || name.contains(['/', ':', '\0']) {
        let what = "a file name in a Maildir is not empty, does not start with `.` and has no `/` or `:`";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    create(folder)?;
    let (draft, place) = (folder.join("tmp").join(name), folder.join("new").join(name));
    let written = fs::File::create(&draft).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        // A link, unlike a rename, does not replace a mail that has this name already.
        fs::hard_link(&draft, &place)
    });
    let removed = fs::remove_file(&draft);
    written?;
    removed?;
    fs::File::open(folder.join("new"))?.sync_all()?;
    Ok(name.to_owned())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, InboxError> + Send + 'static,
) -> Result<T, InboxError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(InboxError::lost("reading the Maildir was broken off")))
}
