//! The wordings of one step: one file, or several of which each enrollment gets one.
//!
//! `name.md` alone is the step's text. Beside `name.a.md` and `name.b.md` it is what they share: what a variant leaves
//! out, its subject or its text, stands there. Which one an enrollment gets is derived from its id, so the choice sticks.

use super::cadence_toml::DraftStep;
use super::nearest::did_you_mean;
use super::problem::{Complaints, Place, Problem};
use super::step_file::{self, Source, StepText};
use crate::model::{Channel, Fingerprint, StepNo, Variant};
use std::collections::BTreeMap;

/// The wordings of a step; at least one.
#[derive(Debug)]
pub(super) struct Wordings {
    /// What they differ in.
    test: Option<String>,
    /// The only one, or the first.
    first: One,
    /// The others.
    others: Vec<One>,
}

#[derive(Debug)]
struct One {
    /// `a`; `None` when there is only one.
    letter: Option<String>,
    text: StepText,
}

impl Wordings {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &StepText> {
        std::iter::once(&self.first).chain(&self.others).map(|one| &one.text)
    }

    /// The one that this seed gets at this step, and its name where there are several.
    pub fn of(&self, step: StepNo, seed: i64) -> (&StepText, Option<Variant>) {
        let dice = Fingerprint::of("variant", &[&seed.to_string(), &step.to_string()]).short();
        let many = i64::try_from(self.others.len()).unwrap_or(0) + 1;
        let place = usize::try_from(dice.rem_euclid(many)).unwrap_or(0);
        let one = place
            .checked_sub(1)
            .and_then(|place| self.others.get(place))
            .unwrap_or(&self.first);
        let variant = one.letter.as_ref().map(|letter| Variant {
            name: letter.clone(),
            test: self.test.clone(),
        });
        (&one.text, variant)
    }

    /// Whether each enrollment gets one of several, and nothing says what they differ in.
    pub fn unnamed_test(&self) -> bool {
        !self.others.is_empty() && self.test.is_none()
    }
}

/// Whether a file is one of a step's, by the name of its template.
pub(super) fn is_of(file: &str, template: &str) -> bool {
    file == format!("{template}.md") || letter(file, template).is_some()
}

/// `a` in `name.a.md`.
fn letter<'a>(file: &'a str, template: &str) -> Option<&'a str> {
    let letter = file.strip_prefix(template)?.strip_prefix('.')?.strip_suffix(".md")?;
    let single = letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase());
    single.then_some(letter)
}

/// Reads the files of a step; `None` when something is wrong with them.
pub(super) fn read(
    folder: &str,
    files: &BTreeMap<&str, String>,
    step: &DraftStep,
    fields: &[String],
    problems: &mut Vec<Problem>,
) -> Option<Wordings> {
    let template = step.step.template.as_str();
    // An empty name has been complained about where it was read.
    if template.is_empty() {
        return None;
    }
    let shared = format!("{template}.md");
    let shared = files.get_key_value(shared.as_str());
    let path = |file: &str| format!("{folder}/{file}");
    let shared_path = shared.map(|(file, _)| path(file)).unwrap_or_default();
    let base = shared.map(|(_, text)| Source {
        file: &shared_path,
        text,
    });
    let variants: Vec<(&str, &str, &String)> = files
        .iter()
        .filter_map(|(file, text)| Some((*file, letter(file, template)?, text)))
        .collect();
    let mut ones = Vec::new();
    if variants.is_empty() {
        let text = match base {
            Some(base) => step_file::read(base, None, &step.step, fields, problems),
            None => {
                complain_of_none(folder, files, step, problems);
                None
            }
        };
        ones.push(text.map(|text| One { letter: None, text }));
    }
    for (file, letter, text) in &variants {
        let file = path(file);
        let text = step_file::read(Source { file: &file, text }, base, &step.step, fields, problems);
        ones.push(text.map(|text| One {
            letter: Some((*letter).to_owned()),
            text,
        }));
    }
    let sound = complain_of_test(folder, step, &variants, problems);
    let mut ones = ones.into_iter().collect::<Option<Vec<One>>>()?.into_iter();
    let (first, others) = (ones.next()?, ones.collect::<Vec<One>>());
    let twins = twins(&first, &others);
    if let Some(file) = twins {
        let what = "this wording says the same as another: let them differ in what is tested";
        Complaints::about(file.to_owned(), problems).add(Place::WHOLE, what);
    }
    let test = step.test.as_ref().map(|(test, _)| test.clone());
    (sound && twins.is_none()).then_some(Wordings { test, first, others })
}

fn complain_of_none(folder: &str, files: &BTreeMap<&str, String>, step: &DraftStep, problems: &mut Vec<Problem>) {
    let template = &step.step.template;
    let known = files.keys().filter_map(|file| file.strip_suffix(".md"));
    let hint = did_you_mean(template, known);
    let what = format!("there is no file `{template}.md` in this folder{hint}");
    Complaints::about(format!("{folder}/cadence.toml"), problems).add(step.template_at, what);
}

/// A test has two wordings at least, and they are of a mail; what is wrong otherwise.
fn complain_of_test(
    folder: &str,
    step: &DraftStep,
    variants: &[(&str, &str, &String)],
    problems: &mut Vec<Problem>,
) -> bool {
    let template = &step.step.template;
    let (at, what) = match (variants, &step.test) {
        ([], None) => return true,
        ([], Some((_, at))) => (
            *at,
            format!("a test needs two wordings: `{template}.a.md` and `{template}.b.md`"),
        ),
        ([(file, ..)], _) => (
            step.template_at,
            format!("`{file}` is the only wording of its kind: a test needs two; or name it `{template}.md`"),
        ),
        (_, _) if step.step.channel != Channel::Email => (
            step.template_at,
            "only an email has several wordings: keep one file for this step".to_owned(),
        ),
        _ => return true,
    };
    Complaints::about(format!("{folder}/cadence.toml"), problems).add(at, what);
    false
}

/// The file of a wording that says what another one says.
fn twins<'a>(first: &'a One, others: &'a [One]) -> Option<&'a str> {
    let mut seen = vec![(&first.text.heading, &first.text.body)];
    for One { text, .. } in others {
        let says = (&text.heading, &text.body);
        if seen.contains(&says) {
            return Some(&text.file);
        }
        seen.push(says);
    }
    None
}
