//! One cadence with its texts, read from the files of its folder and checked as a whole.

use super::Words;
use super::cadence_toml::{self, Draft};
use super::compile::Speech;
use super::language::Language;
use super::problem::{Complaints, Place, Problem};
use super::selection::Reader;
use super::snippets::Snippets;
use super::variants::{self, Found, Wordings};
use super::vocabulary::Vocabulary;
use crate::model::{Cadence, CadenceName, Prospect, Step, StepNo, Variant, limits};
use std::cell::RefCell;
use std::collections::BTreeMap;

const TOML: &str = "cadence.toml";

/// The files of one cadence: name below its folder → text.
pub(super) type Folder<'a> = BTreeMap<&'a str, &'a str>;

/// One cadence with its texts.
#[derive(Debug)]
pub(super) struct Shelf {
    pub cadence: Cadence,
    /// The sentence under every email; `None`: what is usual in the language of the text.
    opt_out: Option<String>,
    /// The language of texts whose names say none.
    pub language: &'static Language,
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
    /// The text of a step for one prospect. The step may have another number in the cadence as this prospect goes through
    /// it, so it is known by its template.
    pub fn text(&self, step: &Step, prospect: &Prospect, seed: i64) -> Option<Found<'_>> {
        let number = self.number_of(step)?;
        self.wordings(number)?
            .of(number, &Reader::of(prospect), self.language, seed)
    }

    fn number_of(&self, step: &Step) -> Option<StepNo> {
        let same = |known: &&Step| known.template == step.template;
        let here = self.cadence.step(step.number).filter(same);
        Some(here.or_else(|| self.cadence.steps.iter().find(same))?.number)
    }

    /// The wordings of a step as some prospect goes through it.
    pub fn wordings_of(&self, step: &Step) -> Option<&Wordings> {
        self.wordings(self.number_of(step)?)
    }

    /// Which wording this seed gets of those for everybody.
    pub fn usual(&self, number: StepNo, seed: i64) -> Option<Variant> {
        let found = self
            .wordings(number)?
            .of(number, &Reader::default(), self.language, seed)?;
        found.variant
    }

    /// The sentence under an email in this language.
    pub fn opt_out(&self, language: &'static Language) -> &str {
        self.opt_out.as_deref().unwrap_or(language.opt_out)
    }

    /// The words for a text in this language.
    pub fn vocabulary(&self, words: &Words<'_>, language: &'static Language) -> Vocabulary {
        Vocabulary::of(words, language, self.opt_out(language), &self.fields, &self.words)
    }

    /// All wordings of a step.
    pub fn wordings(&self, number: StepNo) -> Option<&Wordings> {
        self.texts.get(usize::from(number.0).checked_sub(1)?)
    }
}

/// Reads one cadence; `None` when it has problems.
pub(super) fn shelf(
    folder: &str,
    files: &Folder<'_>,
    shared: &Folder<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Shelf> {
    let name = CadenceName::parse(folder).map_err(|what| {
        Complaints::about(folder.to_owned(), problems)
            .add(Place::WHOLE, format!("this folder's name cannot be used: {what}"));
    });
    let files: BTreeMap<&str, String> = files.iter().map(|(file, text)| (*file, unix(text))).collect();
    let shared: BTreeMap<&str, String> = shared.iter().map(|(file, text)| (*file, unix(text))).collect();
    let too_large = complain_about_size(folder, &files, problems);
    let toml = format!("{folder}/{TOML}");
    let Some(text) = files.get(TOML).filter(|_| !too_large) else {
        if !too_large {
            Complaints::about(toml, problems).add(Place::WHOLE, "there is no such file: a cadence's folder needs one");
        }
        return None;
    };
    let draft = cadence_toml::read(text, &mut Complaints::about(toml, problems))?;
    let snippets = Snippets {
        folder,
        own: &files,
        shared: &shared,
        used: RefCell::default(),
    };
    let texts: Vec<Option<Wordings>> = draft
        .steps
        .iter()
        .map(|step| {
            let speech = Speech {
                is_first: step.step.number == StepNo::FIRST,
                fields: &draft.fields,
                snippets: &snippets,
            };
            variants::read(folder, &files, step, speech, problems)
        })
        .collect();
    let texts: Option<Vec<Wordings>> = texts.into_iter().collect();
    match (name, texts) {
        (Ok(name), Some(texts)) if draft.sound => Some(assemble(name, draft, texts, &snippets)),
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
    for (file, _) in large {
        let what = format!(
            "more than {} bytes: a step's text is a page, not a book; shorten it",
            limits::FILE
        );
        Complaints::about(format!("{folder}/{file}"), problems).add(Place::WHOLE, what);
    }
    for (file, text) in files {
        if let Some(at) = text.find(char::REPLACEMENT_CHARACTER) {
            let what = "this is no text in UTF-8: save the file as UTF-8";
            Complaints::about(format!("{folder}/{file}"), problems).add(Place::of(text, at), what);
        }
    }
    problems.len() > before
}

fn assemble(name: CadenceName, draft: Draft, texts: Vec<Wordings>, snippets: &Snippets<'_>) -> Shelf {
    let files = snippets.own;
    let taken = snippets.used.borrow();
    let used = |file: &str| {
        file == TOML
            || taken.contains(&format!("{name}/{file}"))
            || draft
                .steps
                .iter()
                .any(|step| variants::is_of(file, &step.step.template))
    };
    let its: Vec<&str> = files
        .iter()
        .filter(|(file, _)| used(file))
        .chain(snippets.shared)
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
        language: draft.language,
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
            learns: draft.learns,
            on: draft.on,
            steps: draft.steps.into_iter().map(|step| step.step).collect(),
            edition,
        },
    }
}
