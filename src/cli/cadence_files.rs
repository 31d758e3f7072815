//! The files of a folder of cadences, read and bounded.

use super::{Exit, Failure};
use crate::model::limits;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Every file of a folder of cadences: its path below the folder, with `/`, and its text.
///
/// # Errors
/// When something cannot be read, is too large or no text.
pub fn read(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    for (name, cadence) in entries(folder)? {
        if cadence.is_dir() {
            files.extend(read_one(&name, &cadence)?);
        }
    }
    Ok(files)
}

/// The same of one cadence's own folder.
///
/// # Errors
/// As [`read`].
pub fn read_one(name: &str, cadence: &Path) -> Result<Vec<(String, String)>, Failure> {
    let mut files = Vec::new();
    for (file, path) in entries(cadence)? {
        let known = path
            .extension()
            .is_some_and(|ending| ending == "toml" || ending == "md");
        if known && path.is_file() {
            files.push((format!("{name}/{file}"), text(&path)?));
        }
    }
    Ok(files)
}

/// What lies in a folder, by name, hidden files left out.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let files = read(folder.path()).expect("readable");
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["mine/cadence.toml", "mine/email-1.md"]);
    }
}
