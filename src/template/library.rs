//! All cadences with their texts: the shipped ones, and those of a folder that overrides or adds to them.

use super::advice;
use super::language::Language;
use super::problem::Problem;
use super::selection::Reader;
use super::shelf::{Folder, Shelf, shelf};
use super::snippets;
use super::switches;
use super::wording::{typed, wording};
use crate::model::{
    Approved, Cadence, CadenceName, Prospect, Rep, Repeated, Step, StepNo, Trial, Variant, Wording, limits,
};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/cadences");

/// All cadences with their texts, checked and compiled.
#[derive(Debug)]
pub struct Library {
    shelves: BTreeMap<CadenceName, Shelf>,
    /// Folders whose cadence does not load, with what is wrong with it.
    held: BTreeMap<String, Vec<Problem>>,
}

/// What a step's text may speak of.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The person it is for.
    pub prospect: &'a Prospect,
    /// The person it speaks for.
    pub rep: &'a Rep,
    /// The cadence of the step.
    pub cadence: &'a Cadence,
    /// The subject of the thread, without `Re:`.
    pub thread_subject: &'a str,
    /// The day of the touch before it, in the prospect's zone; `None` before the first.
    pub last_touch: Option<jiff::civil::Date>,
    /// Today in the prospect's zone.
    pub today: jiff::civil::Date,
    /// Stands under every email when configured, as some countries demand.
    pub postal_address: Option<&'a str>,
    /// Decides which wording a step with several has: the enrollment's id, so that the choice sticks.
    pub seed: i64,
}

/// Which of several texts of a step a prospect gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The wording that is tested, where several are.
    pub variant: Option<Variant>,
    /// The file, and why that one: `next@cfo.md, as their title is "CFO"`. `None` where there is one for everybody.
    pub text: Option<String>,
}

/// A word that a text needs and nobody knows, with the step that needs it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// As it stands in the text, such as `company`.
    pub word: String,
    /// The step.
    pub step: StepNo,
}

impl Library {
    /// The shipped cadences.
    ///
    /// # Errors
    /// With every problem of every file; a test holds that there are none.
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        Self::with(&[])
    }

    /// The shipped cadences, overridden or added to by `files`: (path below the folder, such as `outbound/cadence.toml`;
    /// text). A cadence there replaces the shipped one of its name as a whole. Hidden files, and files that lie beside
    /// the cadences or deeper than in their folders, are left alone.
    ///
    /// # Errors
    /// With every problem of every file, in the order of files and lines.
    pub fn with(files: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        let library = Self::of(files, &[]);
        if library.held.is_empty() {
            return Ok(library);
        }
        let mut problems: Vec<Problem> = library.held.into_values().flatten().collect();
        problems.sort();
        problems.dedup();
        Err(problems)
    }

    /// The same, but what does not load is held and the rest is there: a mistake in one cadence stops that one alone. It
    /// never gives way to a shipped one of its name, which would say something else. `unread` are problems met while the
    /// files were read.
    #[must_use]
    pub fn of(files: &[(String, String)], unread: &[Problem]) -> Self {
        let own: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let mut folders = folders(&shipped());
        folders.extend(self::folders(&own));
        let mut held: BTreeMap<String, Vec<Problem>> = BTreeMap::new();
        for problem in unread {
            held.entry(folder_of(problem)).or_default().push(problem.clone());
        }
        let shared = folders.remove(snippets::FOLDER).unwrap_or_default();
        let mut shelves = BTreeMap::new();
        for (name, folder) in folders {
            let mut problems = Vec::new();
            let shelf = shelf(name, &folder, &shared, &mut problems);
            // A mistake in a shared snippet is one of each cadence that takes it.
            if !problems.is_empty() {
                held.entry(name.to_owned()).or_default().append(&mut problems.clone());
            }
            if let Some(shelf) = shelf.filter(|_| problems.is_empty()) {
                shelves.insert(shelf.cadence.name.clone(), shelf);
            }
        }
        shelves.retain(|name, _| !held.contains_key(name.as_str()));
        let mut problems = Vec::new();
        switches::check(&shelves, |name| held.contains_key(name.as_str()), &mut problems);
        for problem in problems {
            held.entry(folder_of(&problem)).or_default().push(problem);
        }
        shelves.retain(|name, _| !held.contains_key(name.as_str()));
        Self { shelves, held }
    }

    /// Why the cadence of this name does not load, in the order of files and lines; nothing when it does, or is not there.
    #[must_use]
    pub fn held(&self, name: &CadenceName) -> &[Problem] {
        self.held.get(name.as_str()).map_or(&[], Vec::as_slice)
    }

    /// Every folder whose cadence does not load, with why.
    pub fn all_held(&self) -> impl Iterator<Item = (&str, &[Problem])> {
        self.held
            .iter()
            .map(|(name, problems)| (name.as_str(), problems.as_slice()))
    }

    /// The cadence of this name.
    #[must_use]
    pub fn cadence(&self, name: &CadenceName) -> Option<&Cadence> {
        self.shelves.get(name).map(|shelf| &shelf.cadence)
    }

    /// All cadences, by name.
    pub fn cadences(&self) -> impl Iterator<Item = &Cadence> {
        self.shelves.values().map(|shelf| &shelf.cadence)
    }

    /// A step's wording. For an email: subject, plain and HTML, with the signature, the opt-out sentence and the postal
    /// address under it. For a touch by a human: `subject` is its headline, `plain` the script.
    ///
    /// # Errors
    /// With all words of this step that have no value. A step that the library does not have is one such word,
    /// `outbound/12`; so is the longest word of a text that would grow over [`limits::RENDERED`], and `a subject and a text`
    /// when all choices of one said nothing.
    pub fn render(&self, cadence: &Cadence, step: StepNo, words: &Words<'_>) -> Result<Wording, Vec<Missing>> {
        let found = self
            .shelves
            .get(&cadence.name)
            .and_then(|shelf| Some((shelf, cadence.step(step)?)))
            .and_then(|(shelf, planned)| Some((shelf, planned, shelf.text(planned, words.prospect, words.seed)?)));
        let Some((shelf, planned, found)) = found else {
            return Err(vec![Missing {
                word: format!("{}/{step}", cadence.name),
                step,
            }]);
        };
        let wording = wording(planned, found.text, &shelf.vocabulary(words, found.language));
        wording.map_err(|missing| missing.into_iter().map(|word| Missing { word, step }).collect())
    }

    /// What a rep let go out, as a mail: the text as typed, its Markdown read, no word of it a template. What stands under
    /// every email stands under it, unless it does already.
    ///
    /// # Errors
    /// When it says nothing, or is longer than [`limits::RENDERED`].
    pub fn typed(
        &self,
        cadence: &Cadence,
        step: &Step,
        approved: &Approved,
        words: &Words<'_>,
    ) -> Result<Wording, Missing> {
        let language = self.shelves.get(&cadence.name).map_or(Language::ENGLISH, |shelf| {
            let found = shelf.text(step, words.prospect, words.seed);
            found.map_or(shelf.language, |found| found.language)
        });
        let lacks = |word: &str| Missing {
            word: word.to_owned(),
            step: step.number,
        };
        let shelf = self.shelves.get(&cadence.name).ok_or_else(|| lacks("the cadence"))?;
        typed(approved, &shelf.vocabulary(words, language)).map_err(lacks)
    }

    /// Which text of a step a prospect gets, where there is a choice.
    #[must_use]
    pub fn chosen(&self, cadence: &Cadence, step: StepNo, prospect: &Prospect, seed: i64) -> Chosen {
        let shelf = self.shelves.get(&cadence.name);
        let found = shelf.and_then(|shelf| shelf.text(cadence.step(step)?, prospect, seed));
        found.map_or_else(Chosen::default, |found| Chosen {
            variant: found.variant,
            text: found.because,
        })
    }

    /// Every test that the cadences say, each with the name of its cadence.
    #[must_use]
    pub fn trials(&self) -> Vec<(String, Trial)> {
        let of = |shelf: &Shelf| {
            let name = shelf.cadence.name.to_string();
            let trials = shelf.texts.iter().filter_map(|wordings| wordings.trial().cloned());
            trials.map(|trial| (name.clone(), trial)).collect::<Vec<_>>()
        };
        self.shelves.values().flat_map(of).collect()
    }

    /// How the wordings of a step are tested, and the letters of which this prospect gets one; `None` where there is
    /// nothing to choose.
    #[must_use]
    pub fn trial(&self, cadence: &Cadence, step: &Step, prospect: &Prospect) -> Option<(Trial, Vec<String>)> {
        let shelf = self.shelves.get(&cadence.name)?;
        let wordings = shelf.wordings_of(step)?;
        let letters = wordings.letters(&Reader::of(prospect), shelf.language);
        let letters: Vec<String> = letters.into_iter().map(str::to_owned).collect();
        let trial = wordings.trial().cloned().unwrap_or_else(|| Trial::about(""));
        (letters.len() > 1).then_some((trial, letters))
    }

    /// Whether any cadence learns the hours of its mails.
    #[must_use]
    pub fn learns(&self) -> bool {
        self.shelves.values().any(|shelf| shelf.cadence.learns)
    }

    /// Every test that runs: the cadence, the number of its step, by what it is known, how it is tested, its alternatives.
    #[must_use]
    pub fn tests(&self) -> Vec<(String, StepNo, String, Trial, Vec<String>)> {
        let mut tests = Vec::new();
        for shelf in self.shelves.values() {
            let name = shelf.cadence.name.to_string();
            for step in &shelf.cadence.steps {
                let arm = step.when.as_ref().and_then(|when| when.arm());
                let found = match (arm, shelf.wordings(step.number)) {
                    (Some((about, _)), _) => self
                        .arms(&shelf.cadence, about)
                        .map(|(trial, letters)| (Trial::key(about, ""), trial, letters)),
                    (None, Some(wordings)) => {
                        let letters = wordings.letters(&Reader::default(), shelf.language);
                        let letters: Vec<String> = letters.into_iter().map(str::to_owned).collect();
                        let trial = wordings.trial().cloned().unwrap_or_else(|| Trial::about(""));
                        (letters.len() > 1).then(|| (Trial::key(&trial.about, &step.template), trial, letters))
                    }
                    (None, None) => None,
                };
                let Some((key, trial, letters)) = found else { continue };
                let same = |known: &(String, StepNo, String, Trial, Vec<String>)| known.0 == name && known.2 == key;
                if !tests.iter().any(same) {
                    tests.push((name.clone(), step.number, key, trial, letters));
                }
            }
        }
        tests
    }

    /// A test of whole steps of a cadence, and its arms; `None` where none is about that.
    #[must_use]
    pub fn arms(&self, cadence: &Cadence, about: &str) -> Option<(Trial, Vec<String>)> {
        let mut letters: Vec<String> = Vec::new();
        for (test, letter) in cadence.steps.iter().filter_map(|step| step.when.as_ref()?.arm()) {
            if test == about && !letters.iter().any(|known| known == letter) {
                letters.push(letter.to_owned());
            }
        }
        letters.sort();
        let shelf = self.shelves.get(&cadence.name)?;
        let mut trials = shelf.texts.iter().filter_map(|wordings| wordings.trial());
        let said = trials.find(|trial| trial.about == about)?;
        (letters.len() > 1).then(|| (said.clone(), letters))
    }

    /// A seed that gets this wording, and always the same one: `seed` itself where it does. `seed` too where none of the
    /// first [`limits::SEEDS`] does, which no number of wordings makes likely.
    #[must_use]
    pub fn seed_for(&self, cadence: &Cadence, step: StepNo, prospect: &Prospect, seed: i64, letter: &str) -> i64 {
        let gets = |seed: &i64| {
            let variant = self.chosen(cadence, step, prospect, *seed).variant;
            variant.is_some_and(|variant| variant.name == letter)
        };
        let seeds = (0..limits::SEEDS).map(|nth| seed.wrapping_add(nth));
        seeds.into_iter().find(gets).unwrap_or(seed)
    }

    /// Which wording this seed gets, where a step has several.
    #[must_use]
    pub fn variant(&self, cadence: &Cadence, step: StepNo, seed: i64) -> Option<Variant> {
        self.shelves.get(&cadence.name)?.usual(step, seed)
    }

    /// All words of all steps from `from` on that are missing in any of their wordings.
    #[must_use]
    pub fn missing(&self, cadence: &Cadence, from: StepNo, words: &Words<'_>) -> Vec<Missing> {
        let Some(shelf) = self.shelves.get(&cadence.name) else {
            return Vec::new();
        };
        let reader = Reader::of(words.prospect);
        let mut missing = Vec::new();
        for step in shelf.cadence.steps.iter().filter(|step| step.number >= from) {
            let Some((texts, language, _)) = shelf
                .wordings(step.number)
                .and_then(|it| it.for_reader(&reader, shelf.language))
            else {
                continue;
            };
            let vocabulary = shelf.vocabulary(words, language);
            for word in texts
                .into_iter()
                .filter_map(|text| wording(step, text, &vocabulary).err())
                .flatten()
            {
                let step = step.number;
                let lacks = Missing { word, step };
                if !missing.contains(&lacks) {
                    missing.push(lacks);
                }
            }
        }
        missing
    }

    /// What is not wrong, but not good either: `lint`'s findings beyond errors, in the order of files and lines.
    #[must_use]
    pub fn advice(&self, cadence: &Cadence) -> Vec<Problem> {
        self.shelves.get(&cadence.name).map_or_else(Vec::new, advice::about)
    }

    /// What the mails of a cadence say twice to the same person.
    #[must_use]
    pub fn repeated(&self, cadence: &Cadence) -> Vec<Repeated> {
        self.shelves.get(&cadence.name).map_or_else(Vec::new, advice::repeated)
    }

    /// How many words the texts of a cadence have together.
    #[must_use]
    pub fn words(&self, cadence: &Cadence) -> usize {
        self.shelves.get(&cadence.name).map_or(0, advice::words)
    }
}

/// The folder of a problem's file.
fn folder_of(problem: &Problem) -> String {
    problem.file.split('/').next().unwrap_or_default().to_owned()
}

/// A cadence as it is shipped: its files, name below its folder and text. Empty when none of that name is.
#[must_use]
pub fn shipped_files(name: &CadenceName) -> Vec<(&'static str, &'static str)> {
    let files = shipped().into_iter().filter_map(|(path, text)| {
        let (folder, file) = path.split_once('/')?;
        (folder == name.as_str()).then_some((file, text))
    });
    files.collect()
}

/// The files in the binary.
fn shipped() -> Vec<(&'static str, &'static str)> {
    let files = SHIPPED.dirs().flat_map(Dir::files);
    files
        .filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
        .collect()
}

/// Files by the folder that they lie in.
fn folders<'a>(files: &[(&'a str, &'a str)]) -> BTreeMap<&'a str, Folder<'a>> {
    let mut folders: BTreeMap<&str, Folder<'_>> = BTreeMap::new();
    for (path, text) in files {
        let Some((folder, file)) = path.split_once('/') else {
            continue;
        };
        if folder.starts_with('.') || file.starts_with('.') || file.contains('/') {
            continue;
        }
        folders.entry(folder).or_default().insert(file, text);
    }
    folders
}
