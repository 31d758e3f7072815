//! The key behind all tokens and enrol addresses: a file of 32 bytes, raw or in hexadecimal, that only its owner may read.

use super::{Exit, Failure};
use crate::clock;
use crate::config::only_owner_reads;
use crate::model::Key;
use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// The key in a file; `None` when there is no file.
///
/// # Errors
/// When others may read the file, or when it does not hold 32 bytes, raw or in hexadecimal.
pub fn read(path: &Path) -> Result<Option<Key>, Failure> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::file(path, "opened", &error)),
    };
    only_owner_reads(path, &file).map_err(|why| Failure::new(Exit::Permission, why))?;
    let mut bytes = Vec::new();
    let read = file.take(100).read_to_end(&mut bytes);
    read.map_err(|error| Failure::file(path, "read", &error))?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).ok().or_else(|| of_hex(&bytes));
    let why = || {
        format!(
            "{} holds no key: expected 32 bytes, or 64 hexadecimal digits",
            path.display()
        )
    };
    key.map(|key| Some(Key::root(&key)))
        .ok_or_else(|| Failure::new(Exit::Config, why()))
}

fn of_hex(text: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let mut key = [0; 32];
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(key)
}

/// Makes a key for a new house, readable by its owner alone and safely on the disk before it is used. It appears under its
/// name whole or not at all, and never over another: when two commands make one at once, both go on with the first.
///
/// # Errors
/// When the machine gives no randomness, the file cannot be written, or another appeared that holds no key.
pub fn make(path: &Path) -> Result<Key, Failure> {
    let fail = |error: std::io::Error| Failure::file(path, "made", &error);
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    let bytes = clock::secret_bytes().map_err(fail)?;
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('\n');
    let unnamed = path.with_added_extension(format!("{}.new", std::process::id()));
    let made = write_private(&unnamed, text.as_bytes()).and_then(|()| std::fs::hard_link(&unnamed, path));
    // What is left of a failure is no key of anybody.
    let _ = std::fs::remove_file(&unnamed);
    match made {
        Ok(()) => Ok(Key::root(&bytes)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path)?.ok_or_else(|| fail(error)),
        Err(error) => Err(fail(error)),
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a folder that only its owner may look into; one that exists is left as it is.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Failure::file(folder, "made", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_raw_or_hexadecimal_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        assert!(read(&path).expect("no file is no failure").is_none());
        let made = make(&path).expect("a key");
        let found = read(&path).expect("readable").expect("there");
        assert_eq!(made.seal::<32>(b"x"), found.seal::<32>(b"x"));
        std::fs::write(&path, [7; 32]).expect("written");
        assert!(read(&path).expect("readable").is_some(), "raw");
        std::fs::write(&path, "too short").expect("written");
        assert_eq!(read(&path).expect_err("no key").exit, Exit::Config);
    }

    #[test]
    fn a_key_is_never_made_over_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let first = make(&path).expect("a key");
        let second = make(&path).expect("the same key");
        assert_eq!(first.seal::<32>(b"x"), second.seal::<32>(b"x"));
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 1, "nothing but the key is left");
        std::fs::write(&path, "no key").expect("written");
        assert!(make(&path).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused_and_a_new_one_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data").join("key");
        make(&path).expect("a key");
        let mode = |path: &Path| std::fs::metadata(path).expect("data").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
        assert_eq!(read(&path).expect_err("refused").exit, Exit::Permission);
    }
}
