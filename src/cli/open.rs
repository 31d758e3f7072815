//! The set-up that commands share: configuration → key → bot address, cadences, store.

use super::{Exit, Failure};
use crate::clock;
use crate::config::{Config, only_owner_reads};
use crate::model::{BotAddress, Key, limits};
use crate::store::{Store, StoreError};
use crate::template::{Library, Problem};
use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

/// Everything that the service is built from.
pub struct House {
    /// What the administrator decided.
    pub config: Config,
    /// The bot's address with its keys.
    pub bot: BotAddress,
    /// All cadences.
    pub library: Library,
    /// The memory.
    pub store: Store,
}

/// Opens everything for a command that serves: secrets must be there, the key is made when it is missing.
///
/// # Errors
/// With everything that is wrong with the first of these that fails.
pub async fn house(config_file: &Path) -> Result<House, Failure> {
    let config = Config::load_ready(config_file)?;
    let bot = bot(&config)?;
    let library = library(&config)?;
    let misfits = misfits(&config, &bot, &library);
    if !misfits.is_empty() {
        return Err(Failure::new(Exit::Config, misfits.join("\n")));
    }
    let store = store(&config).await?;
    Ok(House {
        config,
        bot,
        library,
        store,
    })
}

/// The bot's address, with the key read, or made in a house that has none yet.
///
/// # Errors
/// When the key cannot be read or made, or when it is missing where a database shows that there was one.
pub fn bot(config: &Config) -> Result<BotAddress, Failure> {
    let path = &config.bot.key_file;
    let key = match read_key(path)? {
        Some(key) => key,
        None if config.bot.database().exists() => {
            let why = format!(
                "{} is missing, and every address and token handed out so far depends on it; put it back from its copy \
                 (a new one would be made only without {})",
                path.display(),
                config.bot.database().display()
            );
            return Err(Failure::new(Exit::Config, why));
        }
        None => make_key(path)?,
    };
    Ok(BotAddress::new(config.bot.address.clone(), &key))
}

/// The key in a file; `None` when there is no file.
///
/// # Errors
/// When others may read the file, or when it does not hold 32 bytes, raw or in hexadecimal.
pub fn read_key(path: &Path) -> Result<Option<Key>, Failure> {
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

/// Makes a key for a new house, readable by its owner alone and safely on the disk before it is used.
fn make_key(path: &Path) -> Result<Key, Failure> {
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
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(fail)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // Half a key would be refused for ever after.
        let _ = std::fs::remove_file(path);
        return Err(fail(error));
    }
    Ok(Key::root(&bytes))
}

/// Makes a folder that only its owner may look into; one that exists is left as it is.
fn private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Failure::file(folder, "made", &error))
}

/// The shipped cadences and those of the configured folder.
///
/// # Errors
/// With every problem of every file.
pub fn library(config: &Config) -> Result<Library, Failure> {
    let loaded = match &config.cadences {
        Some(folder) => Library::with(&cadence_files(folder)?),
        None => Library::embedded(),
    };
    loaded.map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(problem_line).collect();
        Failure::new(Exit::Config, lines.join("\n"))
    })
}

/// A problem as compilers print theirs.
#[must_use]
pub fn problem_line(problem: &Problem) -> String {
    match problem.line {
        0 => format!("{}: {}", problem.file, problem.what),
        line => format!("{}:{line}:{}: {}", problem.file, problem.column, problem.what),
    }
}

/// Every file of a folder of cadences: its path below the folder, with `/`, and its text.
///
/// # Errors
/// When something cannot be read, is too large or no text.
pub fn cadence_files(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    for (name, cadence) in entries(folder)? {
        if !cadence.is_dir() {
            continue;
        }
        for (file, path) in entries(&cadence)? {
            let known = path
                .extension()
                .is_some_and(|ending| ending == "toml" || ending == "md");
            if known && path.is_file() {
                files.push((format!("{name}/{file}"), text(&path)?));
            }
        }
    }
    Ok(files)
}

/// What lies in a folder, by name, hidden files left out.
fn entries(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>, Failure> {
    let fail = |error: std::io::Error| Failure::file(folder, "read", &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            found.push((name, entry.path()));
        }
        if found.len() > limits::CADENCE_FILES {
            let why = format!("{} holds more than {} files", folder.display(), limits::CADENCE_FILES);
            return Err(Failure::new(Exit::Config, why));
        }
    }
    found.sort();
    Ok(found)
}

fn text(path: &Path) -> Result<String, Failure> {
    let fail = |error: std::io::Error| Failure::file(path, "read", &error);
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(fail)?;
    file.take(limits::FILE + 1).read_to_string(&mut text).map_err(fail)?;
    if text.len() as u64 > limits::FILE {
        let why = format!("{} is larger than {} bytes", path.display(), limits::FILE);
        return Err(Failure::new(Exit::Config, why));
    }
    Ok(text)
}

/// What does not fit together: an alias for a cadence that does not exist, a name too long for an enrol address.
#[must_use]
pub fn misfits(config: &Config, bot: &BotAddress, library: &Library) -> Vec<String> {
    let names: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
    let unknown = config
        .aliases
        .iter()
        .filter(|(_, name)| library.cadence(name).is_none());
    let unknown = unknown.map(|(_, name)| {
        let known = names.join(", ");
        format!("[mailbox].aliases: there is no cadence \"{name}\"; there are {known}")
    });
    let code = config
        .reps
        .first()
        .map_or(0, |rep| bot.code(&rep.address, rep.code_turn).len());
    let around = bot.address().local().len() + "+.".len() + code;
    let long = library
        .cadences()
        .filter(move |cadence| around + cadence.name.as_str().len() > limits::LOCAL_PART);
    let long = long.map(move |cadence| {
        let most = limits::LOCAL_PART.saturating_sub(around);
        format!(
            "the cadence \"{}\" has no enrol address: with this bot's address a name may have {most} characters; rename \
             its folder or shorten [bot].address",
            cadence.name
        )
    });
    unknown.chain(long).collect()
}

/// The store, made in a house that has none yet.
///
/// # Errors
/// When it cannot be opened, with the code that says whether later may help.
pub async fn store(config: &Config) -> Result<Store, Failure> {
    private_folder(&config.bot.data)?;
    Store::open(&config.bot.database())
        .await
        .map_err(|error| store_failure(&error))
}

/// The store of a house that has one, for a command that only looks. Nothing is made, and a running bot is not disturbed.
///
/// # Errors
/// As [`store`], and when there is none.
pub async fn existing_store(config: &Config) -> Result<Store, Failure> {
    let path = config.bot.database();
    if !path.exists() {
        let why = format!("{} does not exist; `cadence run` makes it", path.display());
        return Err(Failure::new(Exit::Config, why));
    }
    // WIRE(store): its read-only door, when it has one.
    Store::open(&path).await.map_err(|error| store_failure(&error))
}

/// What a failure of the store means for a command.
#[must_use]
pub fn store_failure(error: &StoreError) -> Failure {
    // WIRE(store): Display, and its predicates for the code.
    Failure::new(Exit::Later, format!("the database cannot be used: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_raw_or_hexadecimal_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        assert!(read_key(&path).expect("no file is no failure").is_none());
        let made = make_key(&path).expect("a key");
        let read = read_key(&path).expect("readable").expect("there");
        assert_eq!(made.seal::<32>(b"x"), read.seal::<32>(b"x"));
        std::fs::write(&path, [7; 32]).expect("written");
        assert!(read_key(&path).expect("readable").is_some(), "raw");
        std::fs::write(&path, "too short").expect("written");
        assert_eq!(read_key(&path).expect_err("no key").exit, Exit::Config);
    }

    #[test]
    fn a_key_is_never_made_over_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        make_key(&path).expect("a key");
        assert!(make_key(&path).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused_and_a_new_one_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("data").join("key");
        make_key(&path).expect("a key");
        let mode = |path: &Path| std::fs::metadata(path).expect("data").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
        assert_eq!(read_key(&path).expect_err("refused").exit, Exit::Permission);
    }

    #[test]
    fn only_step_files_of_cadence_folders_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        };
        file("mine/cadence.toml", "t");
        file("mine/email-1.md", "m");
        file("mine/.email-1.md.swp", "hidden");
        file("mine/notes.txt", "other");
        file("README.md", "not in a cadence");
        let files = cadence_files(folder.path()).expect("readable");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["mine/cadence.toml", "mine/email-1.md"]);
    }
}
