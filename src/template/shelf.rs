//! One cadence with its texts, read from the files of its folder and checked as a whole.

use super::cadence_toml::{self, Draft};
use super::problem::{Complaints, Place, Problem};
use super::step_file::StepText;
use super::variants::{self, Wordings};
use crate::model::{Cadence, CadenceName, Step, StepNo, Variant, limits};
use std::collections::BTreeMap;

const TOML: &str = "cadence.toml";

/// The files of one cadence: name below its folder → text.
pub(super) type Folder<'a> = BTreeMap<&'a str, &'a str>;

/// One cadence with its texts.
#[derive(Debug)]
pub(super) struct Shelf {
    pub cadence: Cadence,
    /// The sentence under every email.
    pub opt_out: String,
    /// Words of its own.
    pub fields: Vec<String>,
    /// What they say of prospects who bring none.
    pub words: BTreeMap<String, String>,
    /// One for each step, in their order.
    pub texts: Vec<Wordings>,
    /// Cadences that it switches to, and where it says so.
    pub switches: Vec<(CadenceName, Place)>,
    /// Where each step's `day` stands in `cadence.toml`.
    pub places: Vec<Place>,
    /// Files of its folder that no step names.
    pub unused: Vec<String>,
}

impl Shelf {
    /// A step with the text that this seed gets, and which one that is where there are several.
    pub fn step(&self, number: StepNo, seed: i64) -> Option<(&Step, &StepText, Option<Variant>)> {
        let (text, variant) = self.wordings(number)?.of(number, seed);
        Some((self.cadence.step(number)?, text, variant))
    }

    /// All wordings of a step.
    pub fn wordings(&self, number: StepNo) -> Option<&Wordings> {
        self.texts.get(usize::from(number.0).checked_sub(1)?)
    }
}

/// Reads one cadence; `None` when it has problems.
pub(super) fn shelf(folder: &str, files: &Folder<'_>, problems: &mut Vec<Problem>) -> Option<Shelf> {
    let name = CadenceName::parse(folder).map_err(|what| {
        Complaints::about(folder.to_owned(), problems)
            .add(Place::WHOLE, format!("this folder's name cannot be used: {what}"));
    });
    let files: BTreeMap<&str, String> = files.iter().map(|(file, text)| (*file, unix(text))).collect();
    let too_large = complain_about_size(folder, &files, problems);
    let toml = format!("{folder}/{TOML}");
    let Some(text) = files.get(TOML).filter(|_| !too_large) else {
        if !too_large {
            Complaints::about(toml, problems).add(Place::WHOLE, "there is no such file: a cadence's folder needs one");
        }
        return None;
    };
    let draft = cadence_toml::read(text, &mut Complaints::about(toml, problems))?;
    let texts: Vec<Option<Wordings>> = draft
        .steps
        .iter()
        .map(|step| variants::read(folder, &files, step, &draft.fields, problems))
        .collect();
    let texts: Option<Vec<Wordings>> = texts.into_iter().collect();
    match (name, texts) {
        (Ok(name), Some(texts)) if draft.sound => Some(assemble(name, draft, texts, &files)),
        _ => None,
    }
}

/// Windows' line ends and byte order marks are no part of a text.
fn unix(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n")
}

fn complain_about_size(folder: &str, files: &BTreeMap<&str, String>, problems: &mut Vec<Problem>) -> bool {
    let large = files.iter().filter(|(_, text)| text.len() as u64 > limits::FILE);
    let before = problems.len();
    for (file, text) in large {
        let what = format!("{} bytes are too many: a file has at most {}", text.len(), limits::FILE);
        Complaints::about(format!("{folder}/{file}"), problems).add(Place::WHOLE, what);
    }
    problems.len() > before
}

fn assemble(name: CadenceName, draft: Draft, texts: Vec<Wordings>, files: &BTreeMap<&str, String>) -> Shelf {
    let used = |file: &str| {
        file == TOML
            || draft
                .steps
                .iter()
                .any(|step| variants::is_of(file, &step.step.template))
    };
    let its: Vec<&str> = files
        .iter()
        .filter(|(file, _)| used(file))
        .flat_map(|(file, text)| [*file, text.as_str()])
        .collect();
    let unused = files
        .keys()
        .filter(|file| !used(file))
        .map(|file| format!("{name}/{file}"))
        .collect();
    let edition = Cadence::edition_of(&its);
    Shelf {
        opt_out: draft.opt_out,
        fields: draft.fields,
        words: draft.words,
        switches: draft.switches,
        texts,
        places: draft.steps.iter().map(|step| step.day_at).collect(),
        unused,
        cadence: Cadence {
            name,
            title: draft.title,
            about: draft.about,
            kind: draft.kind,
            days: draft.days,
            window: draft.window,
            prefer: draft.prefer,
            on: draft.on,
            steps: draft.steps.into_iter().map(|step| step.step).collect(),
            edition,
        },
    }
}
