//! The texts of one step: one file for everybody, files for some (`selection`), and of each perhaps several wordings of
//! which each enrollment gets one.
//!
//! `name.md` alone is the step's text. Beside `name.a.md` and `name.b.md` it is what they share: what a variant leaves
//! out, its subject or its text, stands there. Which one an enrollment gets is derived from its id, so the choice sticks.

use super::cadence_toml::DraftStep;
use super::compile::Speech;
use super::language::Language;
use super::nearest::did_you_mean;
use super::problem::{Complaints, Place, Problem};
use super::selection::{self, Pick, Reader};
use super::step_file::{self, Source, StepText};
use crate::model::{Fingerprint, StepNo, Trial, Variant};
use std::collections::{BTreeMap, BTreeSet};

/// The wordings of a step; those for everybody are among them.
#[derive(Debug)]
pub(super) struct Wordings {
    /// What they differ in.
    test: Option<Trial>,
    /// For whom, and the wordings for them.
    groups: Vec<(Pick, Group)>,
}

/// The wordings for some, or for everybody; at least one.
#[derive(Debug)]
struct Group {
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

/// The text of a step for one enrollment.
pub(super) struct Found<'a> {
    pub text: &'a StepText,
    /// The language that it is in.
    pub language: &'static Language,
    /// Which of several wordings it is.
    pub variant: Option<Variant>,
    /// Which of several files it stands in, and why that one.
    pub because: Option<String>,
}

impl Group {
    fn all(&self) -> impl Iterator<Item = &StepText> {
        std::iter::once(&self.first).chain(&self.others).map(|one| &one.text)
    }

    fn of(&self, step: StepNo, seed: i64) -> &One {
        let dice = Fingerprint::of("variant", &[&seed.to_string(), &step.to_string()]).short();
        let many = i64::try_from(self.others.len()).unwrap_or(0) + 1;
        let place = usize::try_from(dice.rem_euclid(many)).unwrap_or(0);
        place
            .checked_sub(1)
            .and_then(|place| self.others.get(place))
            .unwrap_or(&self.first)
    }
}

impl Wordings {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &StepText> {
        self.groups.iter().flat_map(|(_, group)| group.all())
    }

    /// Those of which this reader gets one, the language that they are in, and why these. `usual` is the language of those
    /// whose names say none.
    pub fn for_reader(
        &self,
        reader: &Reader,
        usual: &'static Language,
    ) -> Option<(Vec<&StepText>, &'static Language, Option<String>)> {
        let (group, language, because) = self.group(reader, usual)?;
        Some((group.all().collect(), language, because))
    }

    fn group(&self, reader: &Reader, usual: &'static Language) -> Option<(&Group, &'static Language, Option<String>)> {
        let choices = self.groups.iter().map(|(pick, group)| (pick, (pick, group)));
        let ((pick, group), because) = reader.pick(choices, usual)?;
        let language = pick.language.as_deref().and_then(Language::of_code).unwrap_or(usual);
        Some((group, language, because))
    }

    /// The one that this seed gets at this step.
    pub fn of(&self, step: StepNo, reader: &Reader, usual: &'static Language, seed: i64) -> Option<Found<'_>> {
        let (group, language, because) = self.group(reader, usual)?;
        let one = group.of(step, seed);
        let file = one.text.file.rsplit('/').next().unwrap_or_default();
        Some(Found {
            text: &one.text,
            language,
            variant: one.letter.as_ref().map(|letter| Variant {
                name: letter.clone(),
                test: self.test.as_ref().map(|trial| trial.about.clone()),
            }),
            because: (self.groups.len() > 1).then(|| match because {
                Some(because) => format!("{file}, as {because}"),
                None => format!("{file}, as none of the others is for them"),
            }),
        })
    }

    /// How they are tested, where they are.
    pub fn trial(&self) -> Option<&Trial> {
        self.test.as_ref()
    }

    /// The letters of which this reader gets one; none when there is nothing to choose.
    pub fn letters(&self, reader: &Reader, usual: &'static Language) -> Vec<&str> {
        let group = self.group(reader, usual).map(|(group, ..)| group);
        let ones = group
            .into_iter()
            .flat_map(|group| std::iter::once(&group.first).chain(&group.others));
        ones.filter_map(|one| one.letter.as_deref()).collect()
    }

    /// Whether each enrollment gets one of several, and nothing says what they differ in.
    pub fn unnamed_test(&self) -> bool {
        self.test.is_none() && self.groups.iter().any(|(_, group)| !group.others.is_empty())
    }
}

/// Whether a file is one of a step's, by the name of its template.
pub(super) fn is_of(file: &str, template: &str) -> bool {
    selection::parse(file, template).is_some()
}

/// Reads the files of a step; `None` when something is wrong with them.
pub(super) fn read(
    folder: &str,
    files: &BTreeMap<&str, String>,
    step: &DraftStep,
    speech: Speech<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Wordings> {
    let template = step.step.template.as_str();
    // An empty name has been complained about where it was read.
    if template.is_empty() {
        return None;
    }
    let of_step = || files.keys().filter_map(|file| selection::parse(file, template));
    let picks: BTreeSet<Pick> = of_step().map(|(pick, _)| pick).collect();
    if !picks.iter().any(Pick::is_plain) {
        complain_of_none(folder, files, step, !picks.is_empty(), problems);
        return None;
    }
    let plain_letters = of_step()
        .filter(|(pick, letter)| pick.is_plain() && letter.is_some())
        .count();
    let mut groups = Vec::new();
    let mut sound = complain_of_test(folder, step, plain_letters, problems);
    for pick in picks {
        match group(folder, files, step, &pick, speech, problems) {
            Some(group) => groups.push((pick, group)),
            None => sound = false,
        }
    }
    let test = step.test.as_ref().map(|(test, _)| test.clone());
    sound.then_some(Wordings { test, groups })
}

/// The wordings for some of the readers.
fn group(
    folder: &str,
    files: &BTreeMap<&str, String>,
    step: &DraftStep,
    pick: &Pick,
    speech: Speech<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Group> {
    let template = step.step.template.as_str();
    let path = |file: &str| format!("{folder}/{file}");
    // What a file leaves out stands in that for everybody of its language.
    let borrowed = Pick {
        who: None,
        ..pick.clone()
    };
    let whole = |pick: &Pick| {
        let file = format!("{template}{}.md", pick.suffix());
        let text = files.get(file.as_str());
        text.map(|text| (path(&file), text.as_str()))
    };
    let (own, general) = (whole(pick), whole(&borrowed));
    let base = own.as_ref().or(general.as_ref());
    let base = base.map(|(file, text)| Source { file, text });
    let letters: Vec<(&str, &str, &String)> = files
        .iter()
        .filter_map(|(file, text)| {
            let (found, letter) = selection::parse(file, template)?;
            (found == *pick).then_some((*file, letter?, text))
        })
        .collect();
    let mut ones = Vec::new();
    if letters.is_empty() {
        let (file, text) = own.as_ref()?;
        let base = general.as_ref().filter(|(other, _)| other != file);
        let base = base.map(|(file, text)| Source { file, text });
        let text = step_file::read(Source { file, text }, base, &step.step, speech, problems);
        ones.push(text.map(|text| One { letter: None, text }));
    }
    for (file, letter, text) in &letters {
        let file = path(file);
        let text = step_file::read(Source { file: &file, text }, base, &step.step, speech, problems);
        ones.push(text.map(|text| One {
            letter: Some((*letter).to_owned()),
            text,
        }));
    }
    let alone = match letters.as_slice() {
        [(file, ..)] => {
            let what = format!(
                "`{file}` is the only wording of its kind: a test needs two; or name it `{template}{}.md`",
                pick.suffix()
            );
            Complaints::about(format!("{folder}/cadence.toml"), problems).add(step.template_at, what);
            true
        }
        _ => false,
    };
    let mut ones = ones.into_iter().collect::<Option<Vec<One>>>()?.into_iter();
    let (first, others) = (ones.next()?, ones.collect::<Vec<One>>());
    let twins = twins(&first, &others);
    if let Some(file) = twins {
        let what = "this wording says the same as another: let them differ in what is tested";
        Complaints::about(file.to_owned(), problems).add(Place::WHOLE, what);
    }
    (!alone && twins.is_none()).then_some(Group { first, others })
}

fn complain_of_none(
    folder: &str,
    files: &BTreeMap<&str, String>,
    step: &DraftStep,
    others: bool,
    problems: &mut Vec<Problem>,
) {
    let template = &step.step.template;
    let known = files.keys().filter_map(|file| file.strip_suffix(".md"));
    let what = if others {
        format!("there is no `{template}.md`, for those whom none of the others fits")
    } else {
        let hint = did_you_mean(template, known);
        format!("there is no file `{template}.md` in this folder{hint}")
    };
    Complaints::about(format!("{folder}/cadence.toml"), problems).add(step.template_at, what);
}

/// A test has two wordings at least, or arms that are steps of their own; what is wrong otherwise.
fn complain_of_test(folder: &str, step: &DraftStep, letters: usize, problems: &mut Vec<Problem>) -> bool {
    let template = &step.step.template;
    let (at, what) = match (letters, &step.test) {
        (0, Some((_, at))) if step.arm.is_none() => (
            *at,
            format!("a test needs two wordings: `{template}.a.md` and `{template}.b.md`"),
        ),
        (2.., _) if step.arm.is_some() => (
            step.template_at,
            "a step of an arm has one wording: test one thing at a time".to_owned(),
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
