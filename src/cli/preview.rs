//! `cadence preview`: every touch of a cadence with its date and its text, as a prospect and a rep would see it.

mod pages;
mod people;

use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{
    Address, Cadence, CadenceName, ContentKey, EnrollmentId, Fact, Hours, Planned, Prospect, Rep, StepNo, Thread,
    Wording,
};
use crate::rules::{View, window};
use crate::template::{Chosen, Library, Words};
use jiff::Timestamp;
use jiff::civil::time;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cadence preview outbound                                   for somebody of whom only the address is known
  cadence preview event --for jane@acme.example --name 'Jane Doe' --with company=Acme --with event='the fair'
  cadence preview fair --in drafts --out /tmp/fair           a page a touch, and each mail as .eml, .txt and .html
  cadence preview event --csv people.csv --open              for each of a list: columns email, name, company …

It enrolls nobody and sends nothing. What the rep's own first mail replaces is shown as well.";

/// Show every touch of a cadence, with its date and its text
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The cadence
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The prospect's address
    #[arg(long = "for", value_name = "ADDRESS", default_value = "jane.doe@acme.example")]
    pub prospect: String,
    /// The prospect's name
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
    /// A list of prospects, its first line naming the columns: email, name, and words such as company
    #[arg(long, value_name = "FILE", conflicts_with_all = ["prospect", "person", "fields"])]
    pub csv: Option<PathBuf>,
    /// A word about the prospect, such as company=Acme; may come again
    #[arg(long = "with", value_name = "WORD=TEXT")]
    pub fields: Vec<String>,
    /// The folder of cadences [default: the configured one]
    #[arg(long = "in", value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Also leave files here: index.html, and each touch as text, an email as page and mail too
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,
}

/// One touch, ready to be shown.
pub(super) struct Shown {
    pub planned: Planned,
    pub chosen: Chosen,
    pub wording: Wording,
    pub replaces: bool,
}

/// Everything that is shown.
pub(super) struct Preview {
    pub cadence: Cadence,
    pub prospect: Prospect,
    pub rep: Rep,
    pub touches: Vec<Shown>,
}

/// Renders every touch and prints it.
pub fn preview(shared: &Shared, arguments: &Arguments) -> Outcome {
    let usage = |what: String| Failure::new(Exit::Usage, what);
    let name = CadenceName::parse(&arguments.name).map_err(usage)?;
    let configured = shared.config.is_some() || shared.config_file().exists();
    let config = configured.then(|| Config::load(shared.config_file())).transpose()?;
    let library = library(arguments, config.as_ref())?;
    let Some(cadence) = library.cadence(&name) else {
        let known: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
        let what = format!("there is no cadence \"{name}\"; there are {}", known.join(", "));
        return Err(Failure::new(Exit::Usage, what));
    };
    let people = match &arguments.csv {
        Some(file) => people::of_file(file)?,
        None => vec![prospect(arguments)?],
    };
    let rep = config
        .as_ref()
        .and_then(|config| config.reps.first())
        .map_or_else(somebody, |rep| Ok(rep.clone()))?;
    let hours = config.as_ref().map_or_else(Hours::usual, |config| config.hours.clone());
    let postal = config.as_ref().and_then(|config| config.postal_address.clone());
    let now = Clock::System.now();
    let mut previews = Vec::new();
    for prospect in people {
        let shown = touches(&library, cadence, &prospect, &rep, &hours, postal.as_deref(), now);
        let touches = shown.map_err(|failure| match arguments.csv {
            Some(_) => Failure::new(failure.exit, format!("{}: {}", prospect.address, failure.why)),
            None => failure,
        })?;
        let preview = Preview {
            cadence: cadence.clone(),
            prospect,
            rep: rep.clone(),
            touches,
        };
        out::say(&pages::text(&preview))?;
        previews.push(preview);
    }
    let folder = match (&arguments.out, arguments.open) {
        (Some(folder), _) => Some(folder.clone()),
        (None, true) => Some(std::env::temp_dir().join(format!("cadence-preview-{name}"))),
        (None, false) => None,
    };
    if let Some(folder) = folder {
        let index = pages::write_all(&previews, &folder)?;
        out::say(&format!("\nOpen {}\n", index.display()))?;
        if arguments.open {
            browse(&index)?;
        }
    }
    Ok(Exit::Fine)
}

fn library(arguments: &Arguments, config: Option<&Config>) -> Result<Library, Failure> {
    let folder = arguments
        .folder
        .clone()
        .or_else(|| config.and_then(|config| config.cadences.clone()));
    open::sound_library(folder.as_deref())
}

fn prospect(arguments: &Arguments) -> Result<Prospect, Failure> {
    let usage = |what: String| Failure::new(Exit::Usage, what);
    let address = Address::parse(&arguments.prospect);
    let address = address.map_err(|error| usage(format!("--for is no address: {error}")))?;
    let mut fields = BTreeMap::new();
    for said in &arguments.fields {
        let (word, text) = said
            .split_once('=')
            .ok_or_else(|| usage("--with takes a word and its text: --with company=Acme".to_owned()))?;
        fields.insert(word.trim().to_lowercase(), text.trim().to_owned());
    }
    Ok(people::prospect(address, arguments.person.clone(), fields))
}

/// A rep for a house that has no configuration yet.
fn somebody() -> Result<Rep, Failure> {
    let address = Address::parse("ana@example.com");
    let address = address.map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
    Ok(Rep {
        address,
        name: "Ana Costa".to_owned(),
        zone: TimeZone::UTC,
        zone_name: "UTC".to_owned(),
        digest_at: time(8, 0, 0, 0),
        code_turn: 0,
        daily_cap: None,
        signature: None,
        title: None,
        phone: Some("+1 555 0100".to_owned()),
        calendar_link: Some("https://example.com/ana".to_owned()),
    })
}

/// Every touch from the first on, at the time it would have if the prospect were enrolled now and nothing came between.
fn touches(
    library: &Library,
    cadence: &Cadence,
    prospect: &Prospect,
    rep: &Rep,
    hours: &Hours,
    postal_address: Option<&str>,
    now: Timestamp,
) -> Result<Vec<Shown>, Failure> {
    let id = EnrollmentId::derive(&ContentKey("preview".to_owned()), &prospect.address, &cadence.name);
    let enrolled = Fact::Enrolled {
        rep: rep.address.clone(),
        prospect: Box::new(prospect.clone()),
        cadence: cadence.name.clone(),
        edition: cadence.edition.clone(),
        mail: ContentKey("preview".to_owned()),
        thread: Thread {
            subject: String::new(),
            ids: Vec::new(),
        },
        adopted: None,
        stood_for: None,
    };
    let enrollment = crate::model::Enrollment::begin(id, now, &enrolled);
    let enrollment = enrollment.map_err(|misfit| Failure::new(Exit::Data, misfit.to_string()))?;
    let view = View {
        enrollment: &enrollment,
        cadence,
        rep,
        hours,
    };
    let (mut shown, mut missing, mut subject) = (Vec::new(), Vec::new(), String::new());
    let mut last_touch = None;
    for planned in window::plan(&view, StepNo::FIRST, now) {
        let words = Words {
            prospect,
            rep,
            cadence,
            thread_subject: &subject,
            last_touch,
            today: planned.slot.at.to_zoned(prospect.zone.rules()).date(),
            postal_address,
            seed: id.0,
        };
        last_touch = Some(words.today);
        match library.render(cadence, planned.step.number, &words) {
            Ok(wording) => {
                if planned.step.channel == crate::model::Channel::Email && planned.step.begins() {
                    subject.clone_from(&wording.subject);
                }
                shown.push(Shown {
                    chosen: library.chosen(cadence, planned.step.number, prospect, id.0),
                    replaces: planned.step.number == StepNo::FIRST,
                    planned,
                    wording,
                });
            }
            Err(words) => missing.extend(words.into_iter().map(|missing| (missing.word, missing.step))),
        }
    }
    if missing.is_empty() {
        return Ok(shown);
    }
    let lines = missing
        .iter()
        .map(|(word, step)| format!("touch {step} needs `{word}`: --with {word}=…"));
    Err(Failure::new(Exit::Data, lines.collect::<Vec<_>>().join("\n")))
}

/// Shows a page with what the desktop opens pages with.
fn browse(page: &std::path::Path) -> Result<(), Failure> {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let opened = std::process::Command::new(opener).arg(page).status();
    match opened {
        Ok(status) if status.success() => Ok(()),
        Ok(_) | Err(_) => Err(Failure::new(
            Exit::Later,
            format!("`{opener}` could not open {}; open it yourself", page.display()),
        )),
    }
}
