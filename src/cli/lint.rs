//! `cadence lint`: what is wrong with cadences, and what could be better.

use super::{Exit, Outcome, Shared, cadence_files, open, out};
use crate::config::Config;
use crate::model::{Cadence, CadenceName, Enrollment, EnrollmentId, limits};
use crate::rules::edited;
use crate::template::{Library, Problem};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  cadence lint cadences          a folder of cadences, beside the shipped ones
  cadence lint cadences/fair     one of them
  cadence lint                   the configured folder, or the shipped ones
  cadence lint cadences --strict advice counts as a problem, for CI

Problems are printed as file:line:column and end with 65; advice does so with --strict only. In a configured house it also
shows what an edit changes for those who are in a cadence.";

/// Check cadences and their texts
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A folder of cadences, one folder each, or one cadence's own
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// End with 65 for advice too
    #[arg(long)]
    pub strict: bool,
}

/// Prints every problem, or the advice when there is none.
pub async fn lint(shared: &Shared, arguments: &Arguments) -> Outcome {
    if let Some(problems) = wrong_texts(shared, arguments)? {
        out::say(&problems)?;
        return Ok(Exit::Data);
    }
    let Some(folder) = folder(shared, arguments)? else {
        return report(
            Library::embedded(),
            arguments.strict,
            |_| true,
            &under_way(shared).await?,
        );
    };
    let files = files(&folder)?;
    if files.is_empty() {
        out::complain(&format!(
            "{} holds no cadence; a cadence is a folder in it, with a cadence.toml and a file a step",
            folder.display()
        ));
        return Ok(Exit::Data);
    }
    let own: BTreeSet<&str> = files.iter().filter_map(|(name, _)| name.split('/').next()).collect();
    let meant = |name: &CadenceName| own.contains(name.as_str());
    report(
        Library::with(&files),
        arguments.strict,
        meant,
        &under_way(shared).await?,
    )
}

/// What is wrong with the house's own texts of the bot's mails, a line each, when the house as a whole is meant.
fn wrong_texts(shared: &Shared, arguments: &Arguments) -> Result<Option<String>, super::Failure> {
    if arguments.folder.is_some() || (shared.config.is_none() && !shared.config_file().exists()) {
        return Ok(None);
    }
    let checked = open::texts(&Config::load(shared.config_file())?);
    Ok(checked.err().map(|failure| failure.why + "\n"))
}

/// Everybody who is in a cadence of the configured house; nobody where there is no house yet.
async fn under_way(shared: &Shared) -> Result<Vec<Enrollment>, super::Failure> {
    if shared.config.is_none() && !shared.config_file().exists() {
        return Ok(Vec::new());
    }
    let config = Config::load(shared.config_file())?;
    if !config.bot.database().exists() {
        return Ok(Vec::new());
    }
    let store = open::existing_store(&config).await?;
    let mut people: Vec<Enrollment> = Vec::new();
    loop {
        let after = people.last().map_or(EnrollmentId(i64::MIN), |last| last.id);
        let more = store.active_from(after, limits::DIGEST_OPEN).await;
        let more = more.map_err(|error| open::store_failure(&error))?;
        if more.is_empty() {
            return Ok(people);
        }
        people.extend(more);
    }
}

/// What the files as they are now change for those who are in a cadence; nothing when nobody is.
fn effects(cadence: &Cadence, people: &[Enrollment]) -> String {
    let inside: Vec<&Enrollment> = people.iter().filter(|person| person.cadence == cadence.name).collect();
    let mut effects: BTreeMap<String, usize> = BTreeMap::new();
    for effect in inside.iter().filter_map(|person| edited::effect(person, cadence)) {
        *effects.entry(effect).or_default() += 1;
    }
    if effects.is_empty() {
        return String::new();
    }
    let mut lines = format!(
        "  {} in it; an edit changes what comes for some:\n",
        counted(inside.len(), "prospect")
    );
    for (effect, many) in effects {
        lines += &format!("    for {many}: {effect}\n");
    }
    lines
}

/// The files of a folder of cadences, or of one cadence, which is named as its folder is.
fn files(folder: &Path) -> Result<Vec<(String, String)>, super::Failure> {
    if !folder.join("cadence.toml").is_file() {
        return cadence_files::read(folder)?.all();
    }
    let whole = folder.canonicalize();
    let whole = whole.map_err(|error| super::Failure::file(folder, "read", &error))?;
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned());
    // What all cadences share lies beside it.
    let shared = whole
        .parent()
        .map(|beside| beside.join("snippets"))
        .filter(|beside| beside.is_dir());
    let shared = shared
        .map(|beside| cadence_files::read_one("snippets", &beside))
        .transpose()?;
    let shared = shared.map_or_else(|| Ok(Vec::new()), cadence_files::Files::all)?;
    let own = cadence_files::read_one(&name.unwrap_or_default(), folder)?.all()?;
    Ok([own, shared].concat())
}

/// The folder that is meant: named, else configured, else none.
fn folder(shared: &Shared, arguments: &Arguments) -> Result<Option<PathBuf>, super::Failure> {
    if arguments.folder.is_some() {
        return Ok(arguments.folder.clone());
    }
    if shared.config.is_none() && !shared.config_file().exists() {
        return Ok(None);
    }
    Ok(Config::load(shared.config_file())?.cadences)
}

/// Prints what there is to say about the cadences that are `meant`.
fn report(
    loaded: Result<Library, Vec<Problem>>,
    strict: bool,
    meant: impl Fn(&CadenceName) -> bool,
    people: &[Enrollment],
) -> Outcome {
    let library = match loaded {
        Ok(library) => library,
        Err(problems) => {
            let lines: String = problems
                .iter()
                .map(|problem| open::problem_line(problem) + "\n")
                .collect();
            out::say(&lines)?;
            out::complain(&counted(problems.len(), "problem"));
            return Ok(Exit::Data);
        }
    };
    let mut lines = String::new();
    let (mut advice, mut cadences, mut touches, mut words) = (0, 0, 0, 0);
    for cadence in library.cadences().filter(|cadence| meant(&cadence.name)) {
        let found = library.advice(cadence);
        advice += found.len();
        for problem in &found {
            lines += &format!("{} (advice)\n", open::problem_line(problem));
        }
        cadences += 1;
        touches += cadence.touches();
        words += library.words(cadence);
        lines += &format!(
            "{}: {}, {} in {}\n",
            cadence.name,
            if found.is_empty() { "fine" } else { "loads" },
            counted(cadence.touches(), "touch"),
            counted(cadence.steps.last().map_or(0, |step| step.day as usize), "day")
        );
        lines += &effects(cadence, people);
    }
    lines += &format!(
        "{}, {}, {}\n",
        counted(cadences, "cadence"),
        counted(touches, "touch"),
        counted(words, "word")
    );
    out::say(&lines)?;
    if advice > 0 {
        out::complain(&format!("no problems, {}", counted(advice, "piece of advice")));
    }
    Ok(if strict && advice > 0 { Exit::Data } else { Exit::Fine })
}

/// `1 problem`, `2 problems`.
fn counted(count: usize, what: &str) -> String {
    match (count, what) {
        (1, _) => format!("1 {what}"),
        (_, "touch") => format!("{count} touches"),
        (_, "piece of advice") => format!("{count} pieces of advice"),
        _ => format!("{count} {what}s"),
    }
}
