//! Alerts: something happened that the rep should know at once. What it was, what it means, what to do.

use super::{Tap, Taps, moment, safe};
use crate::model::{Alert, Approved, CadenceName, EnrollmentId, MeetingSaid, Prospect, Rep, said_by_server};
use jiff::Timestamp;
use serde::Serialize;

/// What `alert.txt` and `alert.html` speak of.
#[derive(Serialize)]
pub(super) struct Telling {
    /// What happened, in a few words; the subject too.
    headline: String,
    /// Whom it is about.
    name: String,
    /// The address, when the name is something else.
    address: Option<String>,
    cadence: String,
    /// What happened and what it means.
    happened: String,
    /// The server's own words, or what else is known.
    quoted: Option<String>,
    /// What to do.
    remedy: String,
    /// The mail that waits for a word: its subject, and its text line by line.
    draft: Option<Letter>,
    taps: Vec<Tap>,
}

/// A draft as it is shown.
#[derive(Serialize)]
struct Letter {
    subject: String,
    lines: Vec<String>,
}

impl Letter {
    /// The house's own text is shown as it is, so that it can be copied and changed; it is escaped, and of the prospect's
    /// words none makes a link.
    fn new(text: &Approved, prospect: &Prospect) -> Self {
        let words = prospect.fields.values().map(String::as_str);
        Self {
            subject: safe::one_line(&text.subject),
            lines: safe::script(&text.body, words.chain(prospect.name.as_deref())),
        }
    }
}

/// The parts that differ from alert to alert.
struct Words {
    headline: String,
    happened: String,
    quoted: Option<String>,
    remedy: String,
    taps: &'static [&'static str],
}

/// `, on Thu 12 Mar 14:00`, where it is known.
fn when(start: Option<Timestamp>, rep: &Rep) -> String {
    start.map_or_else(String::new, |start| format!(", {}", moment::full(start, &rep.zone)))
}

/// With its first letter large.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn meeting_headline(said: MeetingSaid) -> &'static str {
    match said {
        MeetingSaid::Booked => "Meeting booked",
        MeetingSaid::Proposed => "Another time proposed",
        MeetingSaid::Perhaps => "Meeting accepted tentatively",
        MeetingSaid::Delegated => "Somebody else comes",
        MeetingSaid::Declined => "Meeting declined",
        MeetingSaid::CalledOff => "Meeting called off",
        MeetingSaid::Held => "Meeting held",
        MeetingSaid::NoShow => "They did not come",
    }
}

/// What happened, on one line: the server's words where there are any.
pub(super) fn line(what: &Alert, prospect: &Prospect, rep: &Rep) -> String {
    let words = Words::of(what, &safe::untrusted(prospect.label()), rep);
    words.quoted.unwrap_or(words.happened)
}

const ENDED: &[&str] = &[];
const DRAFTED: &[&str] = &["send", "hold", "stop"];
const OFF: &[&str] = &["resume", "switch to no-show", "stop"];
const PAUSED: &[&str] = &["resume", "stop"];
const GOES_ON: &[&str] = &["pause", "stop"];

impl Telling {
    pub(super) fn new(
        enrollment: EnrollmentId,
        prospect: &Prospect,
        cadence: &CadenceName,
        what: &Alert,
        rep: &Rep,
        taps: &Taps,
    ) -> Self {
        let name = safe::untrusted(prospect.label());
        let words = Words::of(what, &name, rep);
        Self {
            headline: words.headline,
            address: prospect.name.as_ref().map(|_| prospect.address.to_string()),
            cadence: cadence.to_string(),
            happened: words.happened,
            quoted: words.quoted,
            remedy: words.remedy,
            draft: match what {
                Alert::Draft { text, .. } | Alert::Text { text, .. } => Some(Letter::new(text, prospect)),
                _ => None,
            },
            taps: taps.about(enrollment, words.taps),
            name,
        }
    }

    /// `Bounced: Jane Doe`.
    pub(super) fn subject_line(&self) -> String {
        format!("{}: {}", self.headline, self.name)
    }
}

impl Words {
    fn of(what: &Alert, name: &str, rep: &Rep) -> Self {
        match what {
            Alert::Bounced { status, why } => Self::new(
                "Bounced",
                "Mail came back: the address does not exist. The enrollment has ended, and this address is never mailed again.",
                "If you have an address that works, write to that with the cadence in BCC.",
                ENDED,
            )
            .quoting("The server said", &said_by_server(status.as_deref(), why)),
            Alert::BounceUnproven { until } => Self::new(
                "Perhaps bounced",
                &format!(
                    "Something came that looks like a bounce, without proof that it is about a mail of ours. Touches wait until {}.",
                    moment::full(*until, &rep.zone)
                ),
                "Check the address. Resume if it is right, stop if it is not.",
                PAUSED,
            ),
            Alert::SoftBounces => Self::new(
                "Bounced more than once",
                "Mail came back more than once for the time being, from a full mailbox or a server in trouble. Touches wait for you.",
                "Call, or resume when you think that the mailbox works again.",
                PAUSED,
            ),
            Alert::OptedOut { how } => Self::new(
                "Opted out",
                &format!(
                    "{name} wants no more mail, and said so {}. Every enrollment has ended, and nobody here mails this address again. No answer was sent.",
                    safe::untrusted(how)
                ),
                "There is nothing to do. Please do not write by hand either.",
                ENDED,
            ),
            Alert::Complained => Self::new(
                "Reported as spam",
                &format!(
                    "{name} reported a mail as spam. Every enrollment has ended, and nobody here mails this address again."
                ),
                "There is nothing to do. Please do not write by hand either.",
                ENDED,
            ),
            Alert::Away { until, named } => Self::away(&moment::full(*until, &rep.zone), *named),
            Alert::Refused { why } => Self::new(
                "Refused",
                "Your mail server refused to send a mail to this address.",
                "Check the address. If others are refused too, tell the administrator of your mail server.",
                GOES_ON,
            )
            .quoting("The server said", why),
            Alert::MissingWords { words } => Self::new(
                "Words are missing",
                &format!(
                    "The next touch cannot be written: nobody knows {}. Touches wait.",
                    safe::untrusted(&words.join(", "))
                ),
                "Answer with what is missing, such as title=\"VP Sales\", and the touch goes on. Or ask whoever keeps the cadence to give \
                 these words a fallback, then resume.",
                PAUSED,
            ),
            Alert::Met { start } => Self::new(
                "Meeting booked",
                &format!(
                    "{name} and you have a meeting{}. The enrollment is over: met. No more touches go out.",
                    when(*start, rep)
                ),
                "There is nothing to do. If it is called off, you are told.",
                ENDED,
            ),
            Alert::MeetingOff { said, start, reopened } => Self::new(
                meeting_headline(*said),
                &format!(
                    "{}: {name}{}. {}",
                    capital(said.word()),
                    when(*start, rep),
                    if *reopened {
                        "The enrollment had ended with it and is open again; its touches wait for you."
                    } else {
                        "Touches wait for you."
                    }
                ),
                "Agree on another time. Resume goes on where the cadence stood; switch to no-show begins the cadence for missed meetings; stop ends it.",
                OFF,
            ),
            Alert::Draft { touch, due, .. } => Self::new(
                "Draft",
                &format!(
                    "{} goes out {} if you say so, and not without your word.",
                    capital(touch),
                    moment::full(*due, &rep.zone)
                ),
                "Say send or hold. To change the text, answer with a first line \"send\" and your text below it.",
                DRAFTED,
            ),
            Alert::Text {
                step: Some(step),
                touch,
                due,
                ..
            } => Self {
                remedy: format!(
                    "To change it, answer with a first line \"edit touch {step}\" and your text below it. It goes out then; to have it \
                     back as it is, answer \"undo edit touch {step}\"."
                ),
                ..Self::new(
                    "Text of a mail to come",
                    &format!(
                        "{} goes out about {} with this text, if nothing stops it before.",
                        capital(touch),
                        moment::full(*due, &rep.zone)
                    ),
                    "",
                    &["why"],
                )
            },
            Alert::EditDropped { template } => Self::new(
                "Your text was dropped",
                &format!(
                    "You had written a mail of this cadence in your own words. The cadence was edited since, and has no mail \"{}\" any more, so \
                     your text does not go out. Everything else goes on.",
                    safe::untrusted(template)
                ),
                "To see what comes instead, say why, or edit to read the next mail.",
                &["why", "edit", "pause"],
            ),
            Alert::Text { step: None, touch, due, .. } => Self::new(
                "Text of the next mail",
                &format!("{} goes out {} with this text.", capital(touch), moment::full(*due, &rep.zone)),
                "To change it, answer with a first line \"edit\" and your text below it. To keep it back, say hold.",
                &["hold", "stop"],
            ),
            Alert::Completed => Self::new(
                "Completed",
                &format!("Every touch to {name} was made, and there was no answer. The enrollment is over."),
                "There is nothing to do. To begin anew, hand them over again.",
                ENDED,
            ),
            Alert::Signalled { name: what, paused } => Self::new(
                "Reported",
                &format!(
                    "{}: {name}. {}",
                    capital(&safe::untrusted(what)),
                    if *paused { "Touches wait for you." } else { "Touches go on as planned." }
                ),
                "A program reports this, and programs open mails and click links too: call, rather than conclude.",
                if *paused { PAUSED } else { GOES_ON },
            ),
            Alert::ColleagueAnswered { who } => Self::new(
                "A colleague answered",
                &format!(
                    "{} answered, who is at the same company as {name}. Touches wait, so that two people there are not talked to at cross purposes.",
                    safe::untrusted(who)
                ),
                "Resume if both are to hear from you, stop if one is enough.",
                PAUSED,
            ),
            Alert::InDoubt { why } => Self::new(
                "Perhaps not sent",
                "The connection broke while a mail was handed over, so it is not known whether it went out. It is never sent again by itself.",
                "Look in your Sent folder, or wait: an answer or a bounce will tell.",
                GOES_ON,
            )
            .quoting("What is known", why),
        }
    }

    fn away(until: &str, named: bool) -> Self {
        let guess = if named {
            ""
        } else {
            " The answer named no day, so this is a guess."
        };
        Self::new(
            "Away",
            &format!(
                "The mailbox answered by itself. Touches wait until {until} and then go on in their order.{guess}"
            ),
            "There is nothing to do.",
            GOES_ON,
        )
    }

    fn new(headline: &str, happened: &str, remedy: &'static str, taps: &'static [&'static str]) -> Self {
        Self {
            headline: headline.to_owned(),
            happened: happened.to_owned(),
            quoted: None,
            remedy: remedy.to_owned(),
            taps,
        }
    }

    fn quoting(mut self, who: &str, words: &str) -> Self {
        let words = safe::untrusted(words);
        self.quoted = (!words.is_empty()).then(|| format!("{who}: {words}"));
        self
    }
}
