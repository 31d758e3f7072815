//! `cadence explain`: what a mail is, and on what evidence; with a configuration, what the bot would do with it.
//!
//! With `--json` one object a mail and line, in their order; what does not apply is null. One mail at a time is in memory.

mod house;
mod sources;

use super::{Exit, Outcome, Shared, out};
use crate::mail::classify::{Failed, Kind, Reading};
use crate::mail::forward::{self, Forward};
use crate::mail::intent::Meant;
use crate::mail::read::Mail;
use crate::model::{Address, CalendarAnswer, Intent, Meeting, Signal};
use house::{Explained, House};
use serde_json::{Value, json};
use sources::{Found, Step};
use std::fmt::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cadence explain reply.eml
  cadence explain - < reply.eml
  cadence explain archive.mbox ~/Maildir
  cadence --config cadence.toml explain --json Maildir/cur/*

FILE is one mail (.eml), an mbox, a Maildir, or `-` for standard input. With --config, the mails are read as this house reads
them, its tokens, reps and aliases known, and `would` says what the bot would do with each if it came now. Nothing is sent,
stored or moved; the database is opened to look.";

/// Say what a mail is, and on what evidence
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Mails, mboxes, Maildirs; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

/// Explains every mail; what cannot be read is said so, and the rest is explained all the same.
pub fn explain(shared: &Shared, arguments: &Arguments) -> Outcome {
    let house = House::of(shared)?;
    let mut exit = Exit::Fine;
    for path in &arguments.files {
        sources::each(path, &mut |step| match step {
            Step::Mail(found) => tell(&house, found, arguments.json),
            Step::Fail(label, error) => {
                let why = format!("{label} cannot be read: {error}");
                if arguments.json {
                    out::say(&format!("{}\n", json!({"file": label, "error": &why})))?;
                }
                out::complain(&why);
                exit = Exit::Data;
                Ok(())
            }
        })?;
    }
    Ok(exit)
}

fn tell(house: &House, found: Found, as_json: bool) -> Result<(), super::Failure> {
    let Found { label, bytes, size } = found;
    let Explained {
        mail,
        reading,
        proof,
        would,
    } = house.explain(bytes, size)?;
    if as_json {
        let forward = forward::read(&mail, &reading.kind, &house.own());
        let mut object = object(&label, &mail, &reading, forward.as_ref());
        if let (Some(would), Some(fields)) = (&would, object.as_object_mut()) {
            fields.insert("level".to_owned(), json!(proof.level.code()));
            fields.insert("proof".to_owned(), json!(proof.why));
            fields.insert("would".to_owned(), house::object(would));
        }
        return out::say(&format!("{object}\n"));
    }
    let mut told = text(&label, &mail, &reading);
    if let Some(would) = &would {
        house::tell(&mut told, &proof, would);
    }
    out::say(&told)
}

/// The word for a kind in the JSON and in the text: the ledger's, but for the one that the corpus calls otherwise.
fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::OptOut => "unsubscribe",
        other => other.code(),
    }
}

fn object(file: &str, mail: &Mail, reading: &Reading, forward: Option<&Forward>) -> Value {
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
        "file": file,
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

fn text(file: &str, mail: &Mail, reading: &Reading) -> String {
    let mut text = format!("{file}: {}\n", word(&reading.kind).replace('_', " "));
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
