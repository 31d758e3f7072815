//! The set-up that commands share: configuration → key → bot address, cadences, store.

use super::{Exit, Failure, cadence_files, key};
use crate::config::Config;
use crate::model::{BotAddress, CadenceName, limits};
use crate::store::{self, Batch, CommitError, DatabaseLock, Store, StoreError};
use crate::template::{BotTexts, Library, Problem};
use std::path::Path;

/// Everything that the service is built from.
pub struct Opened {
    /// What the administrator decided.
    pub config: Config,
    /// The bot's address with its keys.
    pub bot: BotAddress,
    /// All cadences.
    pub library: Library,
    /// The memory.
    pub store: Store,
    /// What keeps a second instance out, for as long as it is held.
    pub lock: DatabaseLock,
}

/// Opens everything for a command that serves: secrets must be there, the key is made when it is missing.
///
/// # Errors
/// With everything that is wrong with the first of these that fails.
pub async fn house(config_file: &Path) -> Result<Opened, Failure> {
    let config = Config::load_ready(config_file)?;
    let bot = bot(&config)?;
    let library = library(&config)?;
    let misfits = misfits(&config, &bot, &library);
    if !misfits.is_empty() {
        return Err(Failure::new(Exit::Config, misfits.join("\n")));
    }
    let (lock, store) = store(&config).await?;
    Ok(Opened {
        config,
        bot,
        library,
        store,
        lock,
    })
}

/// The bot's address, with the key read, or made in a house that has none yet.
///
/// # Errors
/// When the key cannot be read or made, or when it is missing where a database shows that there was one.
pub fn bot(config: &Config) -> Result<BotAddress, Failure> {
    let path = &config.bot.key_file;
    let root = match key::read(path)? {
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
        None => key::make(path)?,
    };
    Ok(BotAddress::new(config.bot.address.clone(), &root))
}

/// The shipped cadences and those of the configured folder. One that does not load is held, and the others are there.
///
/// # Errors
/// When the folder cannot be read.
pub fn library(config: &Config) -> Result<Library, Failure> {
    let files = config.cadences.as_deref().map(cadence_files::read).transpose()?;
    let files = files.unwrap_or_default();
    Ok(Library::of(&files.texts, &files.unread))
}

/// The bot's own texts: the shipped ones, and in the place of some those of the configured folder.
///
/// # Errors
/// With every problem of every file, or when the folder cannot be read.
pub fn texts(config: &Config) -> Result<BotTexts, Failure> {
    let files = config.texts.as_deref().map(cadence_files::read_texts).transpose()?;
    BotTexts::with(&files.unwrap_or_default()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(problem_line).collect();
        Failure::new(Exit::Config, lines.join("\n"))
    })
}

/// The shipped cadences and those of a folder, all of them sound.
///
/// # Errors
/// With every problem of every file.
pub fn sound_library(folder: Option<&Path>) -> Result<Library, Failure> {
    let loaded = match folder {
        Some(folder) => Library::with(&cadence_files::read(folder)?.all()?),
        None => Library::embedded(),
    };
    loaded.map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(problem_line).collect();
        Failure::new(Exit::Data, lines.join("\n"))
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

/// What does not fit together: an alias for a cadence that does not exist, a name too long for an enrol address.
#[must_use]
pub fn misfits(config: &Config, bot: &BotAddress, library: &Library) -> Vec<String> {
    let names: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
    let unknown = config
        .aliases
        .iter()
        .filter(|(_, name)| library.cadence(name).is_none() && library.held(name).is_empty());
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
    let routed = config.routes.iter().map(|route| ("[[route]].cadence", &route.cadence));
    let leads = config.lead_sources.iter();
    let leads = leads.filter_map(|source| Some(("[[lead_source]].cadence", source.cadence.as_ref()?)));
    // One that does not load is held by itself, and stops nobody else.
    let is_lost = |name: &CadenceName| library.cadence(name).is_none() && library.held(name).is_empty();
    let lost = routed.chain(leads).filter(|(_, name)| is_lost(name));
    let lost = lost.map(|(key, name)| format!("{key}: there is no cadence \"{name}\"; there are {}", names.join(", ")));
    unknown.chain(long).chain(lost).collect()
}

/// The store, made in a house that has none yet, and the lock on it: a second instance would send everything twice.
///
/// # Errors
/// When another instance runs, or when it cannot be opened, with the code that says whether later may help.
pub async fn store(config: &Config) -> Result<(DatabaseLock, Store), Failure> {
    key::private_folder(&config.bot.data)?;
    let path = config.bot.database();
    let lock = store::lock(&path).map_err(|error| store_failure(&error))?;
    let store = Store::open(&path).await.map_err(|error| store_failure(&error))?;
    Ok((lock, store))
}

/// The store of a house that has one, for a command that only looks: it takes no lock, so a running bot is not disturbed.
///
/// # Errors
/// When there is none, or when it cannot be opened.
pub async fn existing_store(config: &Config) -> Result<Store, Failure> {
    let path = config.bot.database();
    if !path.exists() {
        let why = format!("{} does not exist; `cadence run` makes it", path.display());
        return Err(Failure::new(Exit::Config, why));
    }
    Store::open(&path).await.map_err(|error| store_failure(&error))
}

/// Writes one order of the administrator into the database of a bot that may be running. `moved` says what it means when
/// the rows had moved on.
///
/// # Errors
/// When it cannot be written; nothing is then.
pub async fn order(store: &Store, batch: Batch, moved: &str) -> Result<(), Failure> {
    store.commit(batch).await.map_err(|error| match error {
        CommitError::Store(error) => store_failure(&error),
        CommitError::Stale | CommitError::Known => {
            Failure::new(Exit::Later, format!("{moved}; nothing was changed, look again"))
        }
    })
}

/// What a failure of the store means for a command.
#[must_use]
pub fn store_failure(error: &StoreError) -> Failure {
    let exit = if error.is_locked() {
        Exit::Running
    } else if error.is_read_only() {
        Exit::Permission
    } else if error.is_too_new() || error.is_damaged() || error.is_misfit() {
        Exit::Config
    } else {
        Exit::Later
    };
    Failure::new(exit, error.to_string())
}
