//! Snippets: pieces of text that several steps share, such as a case study for each industry.
//!
//! `{{> case-study}}` takes `case-study.md` of the cadence's own folder, else of the folder `snippets` beside the cadences;
//! of `case-study@retail.md` and `case-study@cfo.md` the one that fits the prospect. One for everybody is the fallback.

use super::selection::{self, Pick};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The folder of what all cadences share.
pub(super) const FOLDER: &str = "snippets";

/// The files that snippets may stand in.
pub(super) struct Snippets<'a> {
    /// The cadence's folder, and its files.
    pub folder: &'a str,
    pub own: &'a BTreeMap<&'a str, String>,
    /// The files that all cadences share.
    pub shared: &'a BTreeMap<&'a str, String>,
    /// Files of the cadence's own that were used.
    pub used: RefCell<BTreeSet<String>>,
}

impl<'a> Snippets<'a> {
    /// The files of one snippet with their paths: the cadence's own, else the shared ones; empty when there is none.
    pub fn of(&self, name: &str) -> Vec<(Pick, String, &'a str)> {
        let own = files(self.own, self.folder, name);
        if own.is_empty() {
            return files(self.shared, FOLDER, name);
        }
        let mut used = self.used.borrow_mut();
        used.extend(own.iter().map(|(_, path, _)| path.clone()));
        own
    }

    /// Names of all snippets of the shared folder.
    pub fn names(&self) -> BTreeSet<&str> {
        let name = |file: &&'a str| file.split(['.', '@']).next().unwrap_or_default();
        self.shared.keys().chain(self.own.keys()).map(name).collect()
    }
}

fn files<'a>(from: &'a BTreeMap<&'a str, String>, folder: &str, name: &str) -> Vec<(Pick, String, &'a str)> {
    let found = from.iter().filter_map(|(file, text)| {
        let (pick, letter) = selection::parse(file, name)?;
        letter
            .is_none()
            .then(|| (pick, format!("{folder}/{file}"), text.as_str()))
    });
    found.collect()
}
