//! The folder that the demo leaves everything in. A demo may be played again into its own folder; what anybody else put
//! there is never removed.

use super::super::WorldError;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Written first, so that a demo that was broken off is known by it too. No other part of this program writes it: a
/// folder with a database alone may be the real one.
pub(super) const MARK: &str = "timeline.txt";

/// All that a demo makes.
const OURS: [&str; 9] = [
    MARK,
    "mail",
    "digests",
    "reports",
    "summary.json",
    "report.html",
    "cadence.db",
    "cadence.db-wal",
    "cadence.db-shm",
];

/// Makes the folder, or clears what an earlier demo left in it.
///
/// # Errors
/// When anything in it is not of an earlier demo (nothing is removed then), or it cannot be made.
pub fn make_room(out: &Path) -> Result<(), WorldError> {
    let wrong = |error: std::io::Error| WorldError::of(&format!("the folder {} cannot be used", out.display()), error);
    let found = match fs::read_dir(out) {
        Ok(entries) => {
            let names: Result<Vec<OsString>, _> = entries.map(|entry| Ok(entry?.file_name())).collect();
            names.map_err(wrong)?
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(wrong(error)),
    };
    if let Some(foreign) = foreign(&found) {
        return Err(WorldError(format!(
            "the folder {} holds other things ({}): name a new or an empty one with --out",
            out.display(),
            foreign.display(),
        )));
    }
    for name in &found {
        let path = out.join(name);
        if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(&path).map_err(wrong)?;
        } else {
            fs::remove_file(&path).map_err(wrong)?;
        }
    }
    fs::create_dir_all(out.join("mail")).map_err(wrong)?;
    fs::write(out.join(MARK), "").map_err(wrong)
}

/// The first thing of which it is not certain that a demo made it.
fn foreign(found: &[OsString]) -> Option<&OsString> {
    if found.iter().any(|name| name == MARK) {
        found.iter().find(|name| !OURS.iter().any(|ours| *name == ours))
    } else {
        found.first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_demo_made_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("new/demo");
        make_room(&out).expect("a new folder is made");
        fs::write(out.join("cadence.db"), "old").expect("writable");
        make_room(&out).expect("a demo may be played again");
        assert!(!out.join("cadence.db").exists());

        fs::write(out.join("thesis.txt"), "precious").expect("writable");
        let error = make_room(&out).expect_err("somebody's file lies there");
        assert!(error.to_string().contains("thesis.txt"), "{error}");
        assert!(out.join("thesis.txt").exists() && out.join(MARK).exists());
    }

    #[test]
    fn a_folder_with_a_database_may_be_the_real_one() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("cadence.db"), "real").expect("writable");
        make_room(folder.path()).expect_err("no demo left its mark there");
        assert!(folder.path().join("cadence.db").exists());
    }

    #[test]
    fn a_file_is_no_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a");
        fs::write(&file, "").expect("writable");
        make_room(&file).expect_err("it is a file");
        assert!(file.exists());
    }
}
