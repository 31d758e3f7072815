//! `cadence explain`: what a mail is, and on what evidence.
//!
//! With `--json` one object a line, in the order of the files; what does not apply is null.

use super::{Exit, Failure, Outcome, Shared, key, out};
use crate::config::Config;
use crate::mail::classify::{Failed, Kind, Own, Reading, Trust, classify};
use crate::mail::forward::{self, Forward};
use crate::mail::intent::Meant;
use crate::mail::read::{Mail, read};
use crate::model::{Address, BotAddress, CalendarAnswer, Intent, Key, Meeting, Signal, limits};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  cadence explain reply.eml
  cadence explain - < reply.eml
  cadence --config cadence.toml explain --json Maildir/cur/*

With --config, the mails are read as this house reads them: its tokens, reps and aliases are known. Nothing is sent,
stored or moved.";

/// Say what a mail is, and on what evidence
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Mails as files; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Explains every file; one that cannot be read is said so, and the rest is explained all the same.
pub fn explain(shared: &Shared, arguments: &Arguments) -> Outcome {
    let house = Reader::of(shared)?;
    let mut exit = Exit::Fine;
    for file in &arguments.files {
        let bytes = match mail_bytes(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                let why = format!("{} cannot be read: {error}", file.display());
                if arguments.json {
                    out::say(&format!(
                        "{}\n",
                        json!({"file": file.display().to_string(), "error": &why})
                    ))?;
                }
                out::complain(&why);
                exit = Exit::Data;
                continue;
            }
        };
        let mail = read(&bytes);
        let reading = classify(&mail, &house.own());
        if arguments.json {
            let forward = forward::read(&mail, &reading.kind, &house.own());
            out::say(&format!("{}\n", object(file, &mail, &reading, forward.as_ref())))?;
        } else {
            out::say(&text(file, &mail, &reading))?;
        }
    }
    Ok(exit)
}

/// Whose eyes the mails are read with.
struct Reader {
    bot: BotAddress,
    config: Option<Config>,
    domains: Vec<String>,
    trust: Trust,
}

impl Reader {
    /// The configured house if one is named and there, else somebody who knows nobody.
    fn of(shared: &Shared) -> Result<Self, Failure> {
        match &shared.config {
            Some(file) if file.exists() => Self::configured(Config::load(file)?),
            Some(file) => {
                out::complain(&format!("{} does not exist; reading without it", file.display()));
                Self::neutral()
            }
            None => Self::neutral(),
        }
    }

    fn configured(config: Config) -> Result<Self, Failure> {
        // Without its key no token can be good, and everything else still can.
        let root = key::read(&config.bot.key_file)?.unwrap_or_else(|| Key::root(&[0; 32]));
        Ok(Self {
            bot: BotAddress::new(config.bot.address.clone(), &root),
            domains: config.own_domains(),
            trust: Trust::from(&config.trust),
            config: Some(config),
        })
    }

    fn neutral() -> Result<Self, Failure> {
        // RFC 2606 2: nobody's mail can be addressed there.
        let nobody = Address::parse("cadence@nobody.invalid");
        let nobody = nobody.map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
        Ok(Self {
            bot: BotAddress::new(nobody, &Key::root(&[0; 32])),
            config: None,
            domains: Vec::new(),
            trust: Trust::default(),
        })
    }

    fn own(&self) -> Own<'_> {
        let config = self.config.as_ref();
        Own {
            bot: &self.bot,
            aliases: config.map_or(&[], |config| &config.aliases),
            domains: &self.domains,
            reps: config.map_or(&[], |config| &config.reps),
            trust: &self.trust,
        }
    }
}

/// A mail as the inbox would fetch it: of a very large one only the head.
fn mail_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().take(limits::MAIL_WHOLE).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    let file = std::fs::File::open(path)?;
    let whole = file.metadata()?.len() <= limits::MAIL_WHOLE;
    let mut bytes = Vec::new();
    file.take(if whole { limits::MAIL_WHOLE } else { limits::MAIL_HEAD })
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The word for a kind in the JSON and in the text: the ledger's, but for the one that the corpus calls otherwise.
fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::OptOut => "unsubscribe",
        other => other.code(),
    }
}

fn object(file: &Path, mail: &Mail, reading: &Reading, forward: Option<&Forward>) -> Value {
    let people: Vec<&str> = reading.people.iter().map(Address::as_str).collect();
    let about = reading.kind.is_report();
    let auto_reply = reading.auto_reply.as_ref().map(|told| {
        json!({
            "sort": told.sort.code(),
            "until": told.back.map(|date| date.to_string()),
            "stand_in": told.stand_in.as_ref().map(Address::as_str),
        })
    });
    let failed = |failed: &Failed| {
        json!({
            "address": failed.address.as_str(),
            "original": failed.original.as_ref().map(Address::as_str),
            "status": failed.status,
            "reason": failed.reason,
            "permanent": failed.permanent,
        })
    };
    let failed: Vec<Value> = reading.failed.iter().map(failed).collect();
    let calendar = match &reading.kind {
        Kind::Calendar(meeting) => meeting_object(meeting),
        _ => Value::Null,
    };
    json!({
        "file": file.display().to_string(),
        "kind": word(&reading.kind),
        "recipients": if about { json!(people) } else { Value::Null },
        "people": people,
        "permanent": reading.permanent,
        "status": reading.status,
        "reason": reading.reason,
        "failed": failed,
        "feedback_type": reading.feedback_type,
        "calendar": calendar,
        "auto_reply": auto_reply,
        "intent": reading.intent.as_ref().map(intent_object),
        "forwarded": forward.map(|forward| json!({
            "address": forward.original.address.as_ref().map(Address::as_str),
            "name": forward.original.name,
            "date": forward.original.date,
            "subject": forward.original.subject,
        })),
        "new_text": reading.new_text,
        "signature": reading.signature,
        "because": reading.because,
        "damage": mail.damage,
    })
}

fn intent_object(meant: &Meant) -> Value {
    let (until, to) = match &meant.intent {
        Intent::NotNow { until } => (until.map(|day| day.to_string()), None),
        Intent::Referral { to } => (None, to.as_ref().map(Address::as_str)),
        Intent::Interested | Intent::Question | Intent::NotInterested | Intent::OptOut | Intent::Other => (None, None),
    };
    json!({
        "is": meant.intent.code(),
        "until": until,
        "to": to,
        "because": meant.because,
    })
}

fn meeting_object(meeting: &Meeting) -> Value {
    let guests: Vec<&str> = meeting.guests.iter().map(Address::as_str).collect();
    json!({
        "method": meeting.method.code(),
        "partstat": meeting.answer.map(CalendarAnswer::code),
        "organizer": meeting.organizer.as_ref().map(Address::as_str),
        "guests": guests,
        "uid": meeting.uid,
        "sequence": meeting.sequence,
        "start": meeting.start.map(|start| start.to_string()),
    })
}

fn text(file: &Path, mail: &Mail, reading: &Reading) -> String {
    let mut text = format!("{}: {}\n", file.display(), word(&reading.kind).replace('_', " "));
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {label:<10}{value}");
        }
    };
    line("because", &reading.because);
    let who: Vec<&str> = reading.people.iter().map(Address::as_str).collect();
    line("who", &who.join(", "));
    line("status", reading.status.as_deref().unwrap_or(""));
    let lasting = |permanent| if permanent { "yes" } else { "no" };
    line("permanent", reading.permanent.map_or("", lasting));
    if let Some(Signal::AutoReply { back: Some(date) }) = &reading.signal {
        line("back on", &date.to_string());
    }
    if let Kind::Calendar(meeting) = &reading.kind {
        line("meeting", meeting.word());
        line(
            "start",
            &meeting.start.map(|start| start.to_string()).unwrap_or_default(),
        );
    }
    if let Some(meant) = &reading.intent {
        let more = match &meant.intent {
            Intent::NotNow { until: Some(day) } => format!(" until {day}"),
            Intent::Referral { to: Some(to) } => format!(" to {to}"),
            _ => String::new(),
        };
        let code = meant.intent.code().replace('_', " ");
        line("intent", &format!("{code}{more}: {}", meant.because));
    }
    let answered: Vec<String> = reading.about.iter().map(crate::model::MessageId::bracketed).collect();
    line("about", &answered.join(" "));
    line("damage", &mail.damage.join("; "));
    for written in reading.new_text.lines() {
        let _ = writeln!(text, "  | {written}");
    }
    text
}
