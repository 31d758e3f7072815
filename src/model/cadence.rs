//! A cadence: the tested sequence of touches, as its folder says it.

use super::{Address, Condition, Events, limits, seal::Fingerprint};
use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The name of a cadence: `[a-z0-9][a-z0-9-]{1,40}`. It stands in addresses and in paths, so nothing else is let in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CadenceName(String);

impl CadenceName {
    /// Reads a name.
    ///
    /// # Errors
    /// With what a name looks like, when this is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fine = (2..=41).contains(&text.len()) && text.chars().all(inner) && !text.starts_with('-');
        if fine {
            Ok(Self(text.to_owned()))
        } else {
            Err("a cadence's name has 2 to 41 of `a-z`, `0-9` and `-`, and does not begin with `-`".to_owned())
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for CadenceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for CadenceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CadenceName({})", self.0)
    }
}
impl TryFrom<String> for CadenceName {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}
impl From<CadenceName> for String {
    fn from(name: CadenceName) -> Self {
        name.0
    }
}

/// The number of a step in its cadence, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepNo(pub u16);

impl StepNo {
    /// The first step.
    pub const FIRST: Self = Self(1);

    /// The one after this.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
impl fmt::Display for StepNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Through what a touch reaches the prospect. Email is automatic; a human does the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A mail, sent by the bot as the rep.
    Email,
    /// A call.
    Call,
    /// A connection request, a message or a comment on LinkedIn.
    Linkedin,
    /// A recorded video.
    Video,
    /// A letter or a parcel.
    DirectMail,
    /// Anything else that a human does.
    Task,
}

impl Channel {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Email,
        Self::Call,
        Self::Linkedin,
        Self::Video,
        Self::DirectMail,
        Self::Task,
    ];

    /// The word for it in files and mails.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Call => "call",
            Self::Linkedin => "linkedin",
            Self::Video => "video",
            Self::DirectMail => "direct-mail",
            Self::Task => "task",
        }
    }
}

/// What the `day` of a step counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Days {
    /// Monday to Friday without holidays.
    Business,
    /// Every day; a touch that falls on a day off still moves to the next business day.
    Calendar,
}

/// When on its day a step falls due, in the prospect's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum At {
    /// At this clock time, or at the next moment the window is open.
    Clock(Time),
    /// Somewhere in the window before noon.
    Morning,
    /// Somewhere in the window from noon on.
    Afternoon,
    /// At once, inside the window.
    Immediately,
    /// This many minutes after the touch before it, inside the window.
    Within(u32),
}

/// The hours in which touches go out, on business days, in the prospect's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First moment.
    pub from: Time,
    /// First moment that is too late; after `from`.
    pub to: Time,
}

/// When the team works, for everything a cadence does not say itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// The window of a cadence that names none.
    pub window: Window,
    /// The days of the week on which the team works; never empty.
    pub weekdays: Vec<Weekday>,
    /// Days on which nothing goes out even so: the team's holidays, and days on which the company keeps still.
    pub holidays: BTreeSet<Date>,
    /// When nobody is to be reached on a day of work; inside the window.
    pub lunch: Option<Window>,
    /// Days of the week that touches wait for, when one comes soon; empty: each is as good. A cadence may name its own.
    pub prefer: Vec<Weekday>,
    /// Whether nothing goes out on the public holidays of the prospect's country either.
    pub public: bool,
    /// When reps are away.
    pub away: Vec<Away>,
}

/// A rep is away: nothing goes out in their name, for nobody would answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// Who.
    pub rep: Address,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Why a day is none for touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOff {
    /// A day of the week on which the team does not work.
    Weekday(Weekday),
    /// A holiday of the team.
    Holiday,
    /// A public holiday where the prospect is.
    Public {
        /// What it is called.
        name: &'static str,
        /// The country or region, `DE-BY`.
        of: &'static str,
    },
    /// The rep is away.
    Away,
}

impl Hours {
    /// Monday to Friday from nine to five.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            window: Window {
                from: Time::constant(9, 0, 0, 0),
                to: Time::constant(17, 0, 0, 0),
            },
            weekdays: Self::USUAL_WEEKDAYS.into(),
            holidays: BTreeSet::new(),
            lunch: None,
            prefer: Vec::new(),
            public: true,
            away: Vec::new(),
        }
    }

    /// Monday to Friday.
    pub const USUAL_WEEKDAYS: [Weekday; 5] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
    ];

    /// Why the team does not work on `date`; `None` on a business day. What is off for one prospect beside that is for
    /// `rules::diary`.
    #[must_use]
    pub fn day_off(&self, date: Date) -> Option<DayOff> {
        if !self.weekdays.contains(&date.weekday()) {
            return Some(DayOff::Weekday(date.weekday()));
        }
        self.holidays.contains(&date).then_some(DayOff::Holiday)
    }
}

/// One planned touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place, from 1.
    pub number: StepNo,
    /// The day, from 1: the day of enrolling.
    pub day: u32,
    /// When on that day.
    pub at: At,
    /// Through what.
    pub channel: Channel,
    /// The name of its step file, without language, variant and ending.
    pub template: String,
    /// Whether a mail stands in the thread of the one before it; `false` begins a conversation of its own.
    pub thread: bool,
    /// What must hold when it falls due for the touch to be made; otherwise it is left out.
    pub when: Option<Condition>,
    /// Whether its mail waits for the rep's word; they get the draft a business day before.
    pub approve: bool,
}

/// What a step was when its touch was planned: by this an edited cadence is laid on touches that were made before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepMark {
    /// The name of its step file.
    pub template: String,
    /// Its day.
    pub day: u32,
    /// Through what.
    pub channel: Channel,
}

impl Step {
    /// What is remembered of it.
    #[must_use]
    pub fn mark(&self) -> StepMark {
        StepMark {
            template: self.template.clone(),
            day: self.day,
            channel: self.channel,
        }
    }

    /// Whether its mail begins a conversation, with a subject of its own.
    #[must_use]
    pub fn begins(&self) -> bool {
        self.number == StepNo::FIRST || !self.thread
    }
}

/// A cadence as loaded and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    /// Its name, the folder's.
    pub name: CadenceName,
    /// What a rep reads.
    pub title: String,
    /// One paragraph about when to use it.
    pub about: String,
    /// The row of the benchmark table and the rules of `lint`: `cold`, `warm`, `inbound`, `nurture`,
    /// `event`, `no-show`, `opportunity`, `re-engagement`.
    pub kind: String,
    /// What `day` counts.
    pub days: Days,
    /// When touches may go out; `None`: as the configuration says.
    pub window: Option<Window>,
    /// Days of the week that touches wait for, when one comes soon; empty: as the configuration says.
    pub prefer: Vec<Weekday>,
    /// Whether its mails go out at the hour that earns answers, for half of the people, so that the other half shows by how much.
    pub learns: bool,
    /// What it does when something happens.
    pub on: Events,
    /// The steps, numbered from 1 without gaps, days never falling. Never empty; the first is an email.
    pub steps: Vec<Step>,
    /// Hash of all its files: which wording an enrollment got.
    pub edition: String,
}

impl Cadence {
    /// The step with this number.
    #[must_use]
    pub fn step(&self, number: StepNo) -> Option<&Step> {
        self.steps.get(usize::from(number.0).checked_sub(1)?)
    }

    /// How many steps there are, as people count them.
    #[must_use]
    pub fn touches(&self) -> usize {
        self.steps.len()
    }

    /// The day of the last step.
    #[must_use]
    pub fn span(&self) -> u32 {
        self.steps.last().map_or(0, |step| step.day.min(limits::DAYS))
    }

    /// The edition of a cadence made of these files, names and texts in order.
    #[must_use]
    pub fn edition_of(files: &[&str]) -> String {
        Fingerprint::of("edition", files).hex().chars().take(16).collect()
    }
}
