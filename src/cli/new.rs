//! `cadence new`: begins a cadence of one's own from one that is there.

use super::{Exit, Failure, Outcome, Shared, cadence_files, out};
use crate::config::Config;
use crate::model::CadenceName;
use crate::template::shipped_files;
use std::fs;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  cadence new fair --from event                 into the configured folder of cadences, or ./cadences
  cadence new fair --from event --in drafts     into drafts/fair

Then edit the files, and look at them with `cadence lint drafts/fair` and `cadence preview fair --in drafts`.";

/// Begin a cadence of your own from a shipped one or from one of yours
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Its name: 2 to 41 of a-z, 0-9 and -
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The cadence to begin from
    #[arg(long, value_name = "CADENCE", default_value = "outbound")]
    pub from: String,
    /// The folder of cadences [default: the configured one, or ./cadences]
    #[arg(long = "in", value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// Copies the files, under a new title. Nothing that is there is touched.
pub fn new(shared: &Shared, arguments: &Arguments) -> Outcome {
    let usage = |what: String| Failure::new(Exit::Usage, what);
    let name = CadenceName::parse(&arguments.name).map_err(usage)?;
    let from = CadenceName::parse(&arguments.from).map_err(usage)?;
    let folder = folder(shared, arguments)?;
    let files = files(&folder, &from)?;
    let target = folder.join(name.as_str());
    fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, "made", &error))?;
    fs::create_dir(&target).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            let what = format!(
                "{} is there already: choose another name, or delete it first",
                target.display()
            );
            Failure::new(Exit::Usage, what)
        }
        _ => Failure::file(&target, "made", &error),
    })?;
    for (file, text) in &files {
        let path = target.join(file);
        let text = if file == "cadence.toml" {
            titled(text, &name)
        } else {
            text.clone()
        };
        fs::write(&path, text).map_err(|error| Failure::file(&path, "written", &error))?;
    }
    out::say(&format!(
        "{} has {} files, from \"{from}\".\nEdit them, then: cadence lint {}\n",
        target.display(),
        files.len(),
        target.display()
    ))?;
    Ok(Exit::Fine)
}

fn folder(shared: &Shared, arguments: &Arguments) -> Result<PathBuf, Failure> {
    if let Some(folder) = &arguments.folder {
        return Ok(folder.clone());
    }
    let configured = if shared.config.is_some() || shared.config_file().exists() {
        Config::load(shared.config_file())?.cadences
    } else {
        None
    };
    Ok(configured.unwrap_or_else(|| PathBuf::from("cadences")))
}

/// The files of a cadence: one's own first, since it takes the place of a shipped one.
fn files(folder: &Path, from: &CadenceName) -> Result<Vec<(String, String)>, Failure> {
    let own = folder.join(from.as_str());
    if own.join("cadence.toml").is_file() {
        let files = cadence_files::read_one(from.as_str(), &own)?.all()?;
        let prefix = format!("{from}/");
        let named = files.into_iter();
        return Ok(named
            .map(|(path, text)| (path.strip_prefix(&prefix).unwrap_or(&path).to_owned(), text))
            .collect());
    }
    let shipped = shipped_files(from);
    if shipped.is_empty() {
        let what = format!("there is no cadence \"{from}\"; `cadence lint` lists those that are there");
        return Err(Failure::new(Exit::Usage, what));
    }
    Ok(shipped
        .into_iter()
        .map(|(file, text)| (file.to_owned(), text.to_owned()))
        .collect())
}

/// The first title becomes one made of the name: `spring-fair` is `Spring fair`.
fn titled(toml: &str, name: &CadenceName) -> String {
    let words = name.as_str().replace('-', " ");
    let mut letters = words.chars();
    let title: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    let mut done = false;
    let lines = toml.lines().map(|line| {
        let is_title = !done && line.split('=').next().is_some_and(|key| key.trim() == "title") && line.contains('=');
        done |= is_title;
        if is_title {
            format!("title = \"{title}\"\n")
        } else {
            format!("{line}\n")
        }
    });
    lines.collect()
}
