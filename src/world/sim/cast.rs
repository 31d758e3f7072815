//! The reps and prospects of a simulated world, and what they do about a mail of the bot.

use super::super::{mails, people};
use super::letters;
use super::plan::{Plan, pick};
use crate::mail::read::Mail;
use crate::model::{Address, CadenceName, Correspondent, Letter, Rep};
use fastrand::Rng;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A prospect.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name and address.
    pub who: Correspondent,
    /// What they do.
    pub temper: Temper,
    /// Whose prospect they are first.
    pub rep: usize,
}

/// What a prospect does. `nth` counts the bot's mails, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Reads and says nothing.
    Ignores,
    /// Answers the `nth` mail.
    Replies {
        /// Which mail.
        nth: usize,
        /// How their mail program does it.
        shape: Shape,
    },
    /// Asks in words for no more mail after the `nth`.
    AsksToStop {
        /// Which mail.
        nth: usize,
    },
    /// Presses the button at the `nth`.
    Unsubscribes {
        /// Which mail.
        nth: usize,
    },
    /// Is away for so many days from the first mail on, and says so.
    Away {
        /// How long.
        days: i64,
    },
    /// Has a machine that thanks for every mail.
    Responder,
    /// Has no mailbox: a report comes.
    Dead,
    /// Has a full mailbox: a report comes for the `nth`.
    Full {
        /// Which mail.
        nth: usize,
    },
    /// Reports the `nth` as spam.
    Complains {
        /// Which mail.
        nth: usize,
    },
}

/// How an answer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// To the reply address, with references and quotation.
    Thread,
    /// A new mail to the bare address, in another spelling of their own address.
    Bare,
    /// In the thread, from an address that nobody knows.
    Alias,
    /// In the thread, and larger than what is read.
    Huge,
    /// In the thread, and broken in many ways.
    Broken,
}

/// What a mail says to the bot, as those who wrote it know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// Nothing that must be heard.
    Nothing,
    /// A prospect wrote something that is no stop, or somebody wrote in their name.
    Noise(usize),
    /// A stop until the rep says otherwise.
    Stop(usize),
    /// A stop for everybody and for ever.
    Never(usize),
    /// Nobody is there before then.
    Away(usize, Timestamp),
    /// A rep hands over; the mail's id.
    Hands {
        /// Who.
        rep: usize,
        /// Whom.
        people: Vec<usize>,
        /// The mail's Message-ID, bracketed.
        id: String,
        /// When they wrote it.
        written: Timestamp,
    },
    /// A rep lets touches go on.
    Resumes {
        /// To whom.
        person: usize,
        /// The mail's Message-ID, bracketed.
        id: String,
    },
    /// A rep's command that ends things or does nothing.
    Commands {
        /// About whom, when it ends something.
        person: Option<usize>,
        /// The mail's Message-ID, bracketed.
        id: String,
        /// Whether nobody could understand it.
        nonsense: bool,
    },
}

/// A mail on its way to the bot.
#[derive(Debug, Clone)]
pub struct Mailing {
    /// Its bytes, as far as a server gives them.
    pub bytes: Vec<u8>,
    /// More bytes that the server has and does not give at once.
    pub beyond: u64,
    /// What it says.
    pub says: Says,
    /// Whether a server may take it for junk.
    pub may_be_junk: bool,
}

impl Mailing {
    pub(super) fn new(bytes: Vec<u8>, says: Says) -> Self {
        let may_be_junk = matches!(
            says,
            Says::Nothing | Says::Noise(_) | Says::Stop(_) | Says::Never(_) | Says::Away(..)
        );
        Self {
            bytes,
            beyond: 0,
            says,
            may_be_junk,
        }
    }
}

/// Cadences for simulated worlds, beside the shipped ones: their names, the days of their steps, and which of those is a call.
const OWN: [(&str, &[u16], usize); 2] = [
    ("steady", &[1, 3, 8, 12, 19, 29, 40], 4),
    ("patient", &[1, 8, 29, 57, 85, 113, 141, 169], 7),
];
/// The cadences that reps use.
pub const CADENCES: [&str; 4] = ["outbound", "inbound", "steady", "patient"];

/// The files of the cadences that are not shipped.
pub(super) fn cadence_files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (name, days, call) in OWN {
        let mut toml = format!(
            "title = \"A {name} one\"\nkind = \"cold\"\ndays = \"calendar\"\nabout = \"For simulated worlds.\"\n"
        );
        for (number, day) in (1..).zip(days) {
            let is_call = number == call;
            let channel = if is_call { "channel = \"call\"\n" } else { "" };
            toml.push_str(&format!(
                "\n[[step]]\nday = {day}\n{channel}template = \"{number}-text\"\n"
            ));
            let head = if is_call {
                format!("Headline: Call number {number}")
            } else {
                format!("Subject: A {name} number {number}")
            };
            let text = format!("{head}\n\n{{{{greeting}}}}\n\nThis is thought number {number} about your warehouse.\n");
            files.push((format!("{name}/{number}-text.md"), text));
        }
        files.push((format!("{name}/cadence.toml"), toml));
    }
    files
}

/// One of [`CADENCES`]; in long worlds mostly a long one.
pub(super) fn draw_cadence(dice: &mut Rng, days: u32) -> usize {
    let (steady, patient) = match days {
        100.. => (1, 8),
        31.. => (6, 0),
        _ => (2, 0),
    };
    match dice.u8(..10) {
        drawn if drawn < steady => 2,
        drawn if drawn < steady + patient => 3,
        drawn => usize::from(drawn) % 2,
    }
}

pub(super) fn cadence(index: usize) -> Option<CadenceName> {
    CADENCES.get(index).and_then(|name| CadenceName::parse(name).ok())
}

const ZONES: [&str; 8] = [
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Europe/Lisbon",
    "America/Los_Angeles",
];

pub(super) fn reps(dice: &mut Rng, people: usize) -> Vec<Rep> {
    let many = dice.usize(1..=(people / 7).clamp(1, 6));
    let made = (0..many).filter_map(|index| {
        let name = pick(dice, &ZONES)?;
        Some(Rep {
            address: Address::parse(&format!("rep{index}@corp.test")).ok()?,
            name: format!("Rep Number {index}"),
            zone: TimeZone::get(name).ok()?,
            zone_name: name.to_owned(),
            digest_at: Time::constant(8, 0, 0, 0),
            code_turn: 1,
            daily_cap: None,
            signature: None,
            title: None,
            phone: None,
            calendar_link: Some("https://meet.corp.test/rep".to_owned()),
        })
    });
    made.collect()
}

pub(super) fn people(dice: &mut Rng, many: usize, reps: usize) -> Vec<Person> {
    let made = (0..many).filter_map(|index| {
        let address = Address::parse(&format!("p{index}@firm{}.test", dice.usize(..many.max(1)))).ok()?;
        let name = format!("Person {index}");
        Some(Person {
            who: Correspondent::new(Some(&name), address),
            temper: temper(dice),
            rep: dice.usize(..reps.max(1)),
        })
    });
    made.collect()
}

fn temper(dice: &mut Rng) -> Temper {
    let nth = dice.usize(1..4);
    let shapes = [
        Shape::Thread,
        Shape::Thread,
        Shape::Bare,
        Shape::Alias,
        Shape::Huge,
        Shape::Broken,
    ];
    match dice.u8(..24) {
        0..=10 => Temper::Ignores,
        11..=14 => Temper::Replies {
            nth,
            shape: pick(dice, &shapes).unwrap_or(Shape::Thread),
        },
        15 | 16 => Temper::AsksToStop { nth },
        17 | 18 => Temper::Unsubscribes { nth },
        19 => Temper::Away { days: dice.i64(1..15) },
        20 => Temper::Responder,
        21 => Temper::Dead,
        22 => Temper::Full { nth },
        _ => Temper::Complains { nth },
    }
}

/// The dice of one occasion: the same whatever else happens in the world.
pub(super) fn dice_of(plan: &Plan, what: u64, who: usize, nth: usize) -> Rng {
    let mut mixed = plan.seed ^ 0x9e37_79b9_7f4a_7c15;
    for part in [what, who as u64, nth as u64] {
        mixed = (mixed ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^= mixed >> 29;
    }
    Rng::with_seed(mixed)
}

/// What follows from the `nth` mail of the bot to a prospect.
pub(super) fn reacts(
    plan: &Plan,
    who: usize,
    nth: usize,
    letter: &Letter,
    now: Timestamp,
) -> Vec<(Timestamp, Mailing)> {
    let Some(person) = plan.people.get(who) else {
        return Vec::new();
    };
    let mut dice = dice_of(plan, 1, who, nth);
    let later = now + SignedDuration::from_secs(dice.i64(5..40_000));
    let soon = now + SignedDuration::from_secs(dice.i64(1..2_000));
    let from = &person.who.address;
    let read = || crate::mail::read::read(&letter.bytes);
    let one = |at, bytes, says| vec![(at, Mailing::new(bytes, says))];
    match person.temper {
        Temper::Replies { nth: wanted, shape } if wanted == nth => {
            let mailing = letters::reply(plan, who, nth, shape, &read(), later);
            vec![(later, mailing)]
        }
        Temper::AsksToStop { nth: wanted } if wanted == nth => {
            let text = "Please stop emailing me.";
            let bytes = mails::answer_to(&read(), from, person.who.name.as_deref(), text, later);
            one(later, bytes, Says::Never(who))
        }
        Temper::Unsubscribes { nth: wanted } if wanted == nth => {
            let to = mails::unsubscribe_address(&read());
            to.map_or_else(Vec::new, |to| {
                one(later, mails::unsubscribe(&to, from, later), Says::Never(who))
            })
        }
        Temper::Away { days } if nth == 1 => {
            let back = now + SignedDuration::from_hours(24 * days);
            let day = back.to_zoned(TimeZone::UTC).date();
            let zone = plan.reps.get(person.rep).map_or(TimeZone::UTC, |rep| rep.zone.clone());
            let until = day.to_zoned(zone).map_or(back, |day| day.timestamp());
            one(soon, mails::away(&read(), from, back, soon), Says::Away(who, until))
        }
        Temper::Responder => one(soon, letters::thanks(&read(), from, nth, soon), Says::Noise(who)),
        Temper::Dead => {
            let to = letter.envelope_from.as_ref();
            to.map_or_else(Vec::new, |to| {
                one(soon, mails::bounce(to, from, &letter.bytes, soon), Says::Never(who))
            })
        }
        Temper::Full { nth: wanted } if wanted == nth => {
            let to = letter.envelope_from.as_ref();
            to.map_or_else(Vec::new, |to| {
                one(
                    soon,
                    letters::mailbox_full(to, from, &letter.bytes, soon),
                    Says::Noise(who),
                )
            })
        }
        Temper::Complains { nth: wanted } if wanted == nth => {
            let to = letter.envelope_from.as_ref();
            to.map_or_else(Vec::new, |to| {
                one(
                    later,
                    letters::complaint(to, from, &letter.bytes, later),
                    Says::Never(who),
                )
            })
        }
        Temper::Ignores
        | Temper::Replies { .. }
        | Temper::AsksToStop { .. }
        | Temper::Unsubscribes { .. }
        | Temper::Away { .. }
        | Temper::Full { .. }
        | Temper::Complains { .. } => Vec::new(),
    }
}

/// What a rep does about the `nth` mail of the bot to them.
pub(super) fn rep_reacts(
    plan: &Plan,
    who: usize,
    nth: usize,
    mail: &Mail,
    now: Timestamp,
) -> Option<(Timestamp, Mailing)> {
    let rep = plan.reps.get(who)?;
    let mut dice = dice_of(plan, 2, who, nth);
    let at = now + SignedDuration::from_secs(dice.i64(30..9_000));
    let numbers: Vec<u16> = people::tasks_of_digest(mail)
        .into_iter()
        .map(|(number, _)| number)
        .collect();
    if !numbers.is_empty() {
        let said = people::outcomes(&numbers, &mut dice).join("\n");
        let bytes = mails::answer_to(mail, &rep.address, None, &said, at);
        return (dice.u8(..5) > 0).then(|| command(bytes, at, None, (who, nth)));
    }
    let commands = people::stop_link(mail)?;
    if let Some(prospect) = people::relayed(mail) {
        let person = plan.people.iter().position(|person| person.who.address == prospect)?;
        return match dice.u8(..3) {
            0 => {
                let bytes = letters::with_id(mails::tapped(&commands, &rep.address, "resume", at), who, nth);
                let id = letters::id_of(&bytes);
                Some((at, Mailing::new(bytes, Says::Resumes { person, id })))
            }
            1 => Some(command(
                mails::tapped(&commands, &rep.address, "stop", at),
                at,
                Some(person),
                (who, nth),
            )),
            _ => None,
        };
    }
    None
}

fn command(bytes: Vec<u8>, at: Timestamp, person: Option<usize>, (who, nth): (usize, usize)) -> (Timestamp, Mailing) {
    let bytes = letters::with_id(bytes, who, nth);
    let id = letters::id_of(&bytes);
    let nonsense = false;
    (at, Mailing::new(bytes, Says::Commands { person, id, nonsense }))
}
