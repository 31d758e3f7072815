//! The files of a folder of cadences, read and bounded.

use super::{Exit, Failure};
use crate::model::limits;
use crate::template::Problem;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What lies in a folder of cadences.
#[derive(Default)]
pub struct Files {
    /// Every file: its path below the folder, with `/`, and its text.
    pub texts: Vec<(String, String)>,
    /// What could not be read. It concerns the cadence that it lies in and no other.
    pub unread: Vec<Problem>,
}

impl Files {
    /// The texts, for a command that wants all or nothing.
    ///
    /// # Errors
    /// With everything that could not be read.
    pub fn all(self) -> Result<Vec<(String, String)>, Failure> {
        if self.unread.is_empty() {
            return Ok(self.texts);
        }
        let lines: Vec<String> = self.unread.iter().map(Problem::to_string).collect();
        Err(Failure::new(Exit::Config, lines.join("\n")))
    }
}

/// Every file of a folder of cadences. What is no text, or too large to be one, stands there as far as it was read, so that
/// checking it says so.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn read(folder: &Path) -> Result<Files, Failure> {
    let mut files = Files::default();
    for (name, cadence) in entries(folder)? {
        if !cadence.is_dir() {
            continue;
        }
        match read_one(&name, &cadence) {
            Ok(found) => {
                files.texts.extend(found.texts);
                files.unread.extend(found.unread);
            }
            Err(failure) => files.unread.push(unread(name, failure.why)),
        }
    }
    Ok(files)
}

fn unread(file: String, what: String) -> Problem {
    Problem {
        file,
        line: 0,
        column: 0,
        what,
    }
}

/// The same of one cadence's own folder.
///
/// # Errors
/// As [`read`].
pub fn read_one(name: &str, cadence: &Path) -> Result<Files, Failure> {
    let mut files = Files::default();
    for (file, path) in entries(cadence)? {
        let known = path
            .extension()
            .is_some_and(|ending| ending == "toml" || ending == "md");
        if known && path.is_file() {
            match text(&path) {
                Ok(text) => files.texts.push((format!("{name}/{file}"), text)),
                Err(error) => files
                    .unread
                    .push(unread(format!("{name}/{file}"), format!("cannot be read: {error}"))),
            }
        }
    }
    Ok(files)
}

/// The files of a folder of the bot's own texts: name and text.
///
/// # Errors
/// When the folder or one of its texts cannot be read.
pub fn read_texts(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let known = |path: &Path| {
        let endings = ["html", "txt", "css"];
        path.is_file()
            && endings
                .iter()
                .any(|ending| path.extension().is_some_and(|found| found == *ending))
    };
    let files = entries(folder)?.into_iter().filter(|(_, path)| known(path));
    let read = files.map(|(name, path)| match text(&path) {
        Ok(text) => Ok((name, text)),
        Err(error) => Err(Failure::file(&path, "read", &error)),
    });
    read.collect()
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

/// The text of a file, no more of it than shows that it is too large. Bytes that are no text are shown as such.
fn text(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(limits::FILE + 1)
        .read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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
        let names: Vec<&str> = files.texts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["mine/cadence.toml", "mine/email-1.md"]);
    }
}
