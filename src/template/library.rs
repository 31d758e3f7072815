//! All cadences with their texts: the shipped ones, and those of a folder that overrides or adds to them.

use super::problem::{Complaints, Place, Problem};
use super::step_file::StepText;
use super::vocabulary::{Vocabulary, line, subject_proper};
use super::{cadence_toml, markup, step_file};
use crate::model::{Cadence, CadenceName, Channel, Prospect, Rep, Step, StepNo, Wording, limits};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/cadences");

const TOML: &str = "cadence.toml";

/// All cadences with their texts, checked and compiled.
#[derive(Debug)]
pub struct Library {
    shelves: BTreeMap<CadenceName, Shelf>,
}

/// One cadence with its texts.
#[derive(Debug)]
pub(super) struct Shelf {
    pub cadence: Cadence,
    /// The sentence under every email.
    pub opt_out: String,
    /// Words of its own.
    pub fields: Vec<String>,
    /// One for each step, in their order.
    pub texts: Vec<StepText>,
    /// Where each step's `day` stands in `cadence.toml`.
    pub places: Vec<Place>,
    /// Files of its folder that no step names.
    pub unused: Vec<String>,
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
    /// Today in the prospect's zone.
    pub today: jiff::civil::Date,
    /// Stands under every email when configured, as some countries demand.
    pub postal_address: Option<&'a str>,
}

/// A word that a text needs and nobody knows, with the step that needs it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// As it stands in the text, such as `company`.
    pub word: String,
    /// The step.
    pub step: StepNo,
}

/// The files of one cadence: name below its folder → text.
type Folder<'a> = BTreeMap<&'a str, &'a str>;

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
        let own: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let mut folders = folders(&shipped());
        folders.extend(self::folders(&own));
        let mut problems = Vec::new();
        let mut shelves = BTreeMap::new();
        for (name, folder) in folders {
            if let Some(shelf) = shelf(name, &folder, &mut problems) {
                shelves.insert(shelf.cadence.name.clone(), shelf);
            }
        }
        problems.sort();
        problems.dedup();
        if problems.is_empty() {
            Ok(Self { shelves })
        } else {
            Err(problems)
        }
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
            .and_then(|shelf| shelf.step(step).map(|found| (shelf, found)));
        let Some((shelf, (planned, text))) = found else {
            return Err(vec![Missing {
                word: format!("{}/{step}", cadence.name),
                step,
            }]);
        };
        let vocabulary = Vocabulary::of(words, &shelf.opt_out, &shelf.fields);
        let wording = wording(planned, text, &vocabulary);
        wording.map_err(|missing| missing.into_iter().map(|word| Missing { word, step }).collect())
    }

    /// All words of all steps from `from` on that are missing.
    #[must_use]
    pub fn missing(&self, cadence: &Cadence, from: StepNo, words: &Words<'_>) -> Vec<Missing> {
        let steps = self
            .shelves
            .get(&cadence.name)
            .map_or(&[][..], |shelf| &shelf.cadence.steps);
        let coming = steps.iter().map(|step| step.number).filter(|number| *number >= from);
        coming
            .filter_map(|number| self.render(cadence, number, words).err())
            .flatten()
            .collect()
    }

    /// What is not wrong, but not good either: `lint`'s findings beyond errors, in the order of files and lines.
    #[must_use]
    pub fn advice(&self, cadence: &Cadence) -> Vec<Problem> {
        self.shelves
            .get(&cadence.name)
            .map_or_else(Vec::new, super::advice::about)
    }
}

impl Shelf {
    fn step(&self, number: StepNo) -> Option<(&Step, &StepText)> {
        let text = self.texts.get(usize::from(number.0).checked_sub(1)?)?;
        Some((self.cadence.step(number)?, text))
    }
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

/// Reads one cadence; `None` when it has problems.
fn shelf(folder: &str, files: &Folder<'_>, problems: &mut Vec<Problem>) -> Option<Shelf> {
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
    let texts: Vec<Option<StepText>> = draft
        .steps
        .iter()
        .map(|step| step_text(folder, &files, step, &draft.fields, problems))
        .collect();
    let texts: Option<Vec<StepText>> = texts.into_iter().collect();
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

fn step_text(
    folder: &str,
    files: &BTreeMap<&str, String>,
    step: &cadence_toml::DraftStep,
    fields: &[String],
    problems: &mut Vec<Problem>,
) -> Option<StepText> {
    let template = &step.step.template;
    let file = format!("{template}.md");
    if let Some(text) = files.get(file.as_str()) {
        let path = format!("{folder}/{file}");
        return step_file::read(
            &path,
            text,
            &step.step,
            fields,
            &mut Complaints::about(path.clone(), problems),
        );
    }
    // An empty name has been complained about where it was read.
    if !template.is_empty() {
        let known = files.keys().filter_map(|file| file.strip_suffix(".md"));
        let hint = super::nearest::did_you_mean(template, known);
        let what = format!("there is no file `{file}` in this folder{hint}");
        Complaints::about(format!("{folder}/{TOML}"), problems).add(step.template_at, what);
    }
    None
}

fn assemble(
    name: CadenceName,
    draft: cadence_toml::Draft,
    texts: Vec<StepText>,
    files: &BTreeMap<&str, String>,
) -> Shelf {
    let used = |file: &str| {
        file == TOML
            || draft
                .steps
                .iter()
                .any(|step| file == format!("{}.md", step.step.template))
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
            steps: draft.steps.into_iter().map(|step| step.step).collect(),
            edition,
        },
    }
}

/// The wording of a step, or all words that are missing in it.
fn wording(step: &Step, text: &StepText, vocabulary: &Vocabulary) -> Result<Wording, Vec<String>> {
    let mut missing = Vec::new();
    let heading = text
        .heading
        .as_ref()
        .map(|heading| heading.marked(vocabulary, &mut missing));
    let mut body = tidy(&text.body.marked(vocabulary, &mut missing));
    if !missing.is_empty() {
        let mut told = std::collections::BTreeSet::new();
        missing.retain(|word| told.insert(word.clone()));
        return Err(missing);
    }
    if step.channel == Channel::Email {
        close(&mut body, vocabulary);
    }
    let subject = match heading {
        Some(heading) => line(&vocabulary.fill(&heading)).unwrap_or_default(),
        None => in_thread(vocabulary),
    };
    if subject.is_empty() || body.trim().is_empty() {
        return Err(vec!["a subject and a text".to_owned()]);
    }
    let plain = markup::plain(&body, vocabulary);
    let html = (step.channel == Channel::Email).then(|| markup::html(&body, vocabulary));
    let size = plain.len().max(html.as_ref().map_or(0, String::len));
    if size > limits::RENDERED {
        let longest = vocabulary.said(&body).max_by_key(|(_, value)| value.len());
        return Err(vec![longest.map_or("a shorter text", |(word, _)| word).to_owned()]);
    }
    Ok(Wording { subject, plain, html })
}

/// `Re:` and the subject of the thread; `Re:` alone when that has none.
fn in_thread(vocabulary: &Vocabulary) -> String {
    let subject = vocabulary
        .mark("thread.subject")
        .map(|mark| vocabulary.fill(&mark.to_string()))
        .unwrap_or_default();
    format!("Re: {}", subject_proper(&subject)).trim_end().to_owned()
}

/// What stands under every email: signature, opt-out sentence, postal address; not what the text says itself.
fn close(body: &mut String, vocabulary: &Vocabulary) {
    for (word, gap) in [("rep.signature", "\n\n"), ("opt_out", "\n\n"), ("postal_address", "\n")] {
        if let Some(mark) = vocabulary.mark(word).filter(|mark| !body.contains(*mark)) {
            body.truncate(body.trim_end().len());
            body.push_str(gap);
            body.push(mark);
        }
    }
    body.push('\n');
}

/// Choices that said nothing leave no traces: no blanks at the ends of lines, no two blank lines.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}
