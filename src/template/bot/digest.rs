//! The digest as a page: what a rep does today, what goes out, what happened, what waits for them.

use super::{Tap, Taps, moment, safe};
use crate::model::{
    Channel, DayFigures, Digest, DigestItem, Fact, GoingOut, Happened, NeedsYou, Prospect, Rep, TaskOutcome, limits,
};
use jiff::civil::Date;
use serde::Serialize;

/// What `digest.txt` and `digest.html` speak of.
#[derive(Serialize)]
pub(super) struct Page {
    rep: String,
    day: String,
    /// `3 calls and 2 others to do, 4 mails going out`.
    counts: String,
    /// The same in figures.
    tally: Vec<Figure>,
    /// Whom it begins with, for the line that mail programs show beside the subject.
    glance: String,
    todo: Vec<Todo>,
    more: Option<String>,
    going_out: Vec<Mail>,
    more_mails: Option<String>,
    /// `Since yesterday`.
    since: String,
    /// The same in capitals, for plain text.
    since_capitals: String,
    happened: Vec<Event>,
    /// Who was enrolled, on one line.
    enrolled: Option<String>,
    /// Mails that went out, on one line.
    sent: Option<String>,
    /// Whether anything stands under `since`.
    news: bool,
    unlisted: Option<String>,
    needs_you: Vec<Need>,
    resting: Vec<String>,
    /// What was done on the last days.
    week: Vec<Bar>,
    /// The same and more in sums, as the command `report` says them.
    numbers: Vec<String>,
    active: String,
    /// `I last read the mailbox at 07:58.`
    synced: Option<String>,
    /// Whether answers to this mail are read.
    answerable: bool,
    quiet: bool,
}

/// One day of the small chart.
#[derive(Serialize)]
struct Bar {
    /// `Mon`.
    day: String,
    sent: u32,
    replied: u32,
    logged: u32,
    booked: u32,
    /// Mails and touches by hand.
    total: u32,
    /// Pixels of the part by hand.
    hand_px: u32,
    /// Pixels of the mails' part.
    sent_px: u32,
}

/// A figure at the head: `3` `calls`.
#[derive(Serialize)]
struct Figure {
    count: usize,
    what: String,
}

#[derive(Serialize)]
struct Todo {
    number: u16,
    verb: &'static str,
    name: String,
    /// `VP Sales, Acme`.
    role: Option<String>,
    late: Option<String>,
    phone: Option<Link>,
    profile: Option<Link>,
    there: Option<String>,
    cadence: String,
    so_far: String,
    script: Vec<String>,
    outcomes: Vec<Outcome>,
}

/// A text with somewhere to go, when that is safe.
#[derive(Serialize)]
struct Link {
    text: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Outcome {
    /// `no answer`.
    word: &'static str,
    href: Option<String>,
}

#[derive(Serialize)]
struct Mail {
    number: u16,
    at: String,
    name: String,
    cadence: String,
    step: u16,
    steps: usize,
    taps: Vec<Tap>,
}

#[derive(Serialize)]
struct Event {
    at: String,
    name: String,
    cadence: String,
    words: String,
}

#[derive(Serialize)]
struct Need {
    words: String,
    taps: Vec<Tap>,
}

impl Page {
    pub(super) fn new(digest: &Digest, rep: &Rep, taps: &Taps) -> Self {
        let is_sent = |line: &&Happened| matches!(line.fact, Fact::Sent { .. });
        // The receipt told the rep of each enrollment at once.
        let is_enrolled = |line: &&Happened| matches!(line.fact, Fact::Enrolled { .. });
        let (sent, happened): (Vec<_>, Vec<_>) = digest.happened.iter().partition(is_sent);
        let (enrolled, happened): (Vec<_>, Vec<_>) = happened.into_iter().partition(is_enrolled);
        let nothing = |what: &str| format!("and {what}");
        Self {
            rep: safe::one_line(rep.name.split_whitespace().next().unwrap_or("there")),
            day: moment::day(digest.date),
            counts: counts(digest),
            tally: tally(digest),
            glance: glance(digest),
            todo: digest
                .todo
                .iter()
                .map(|item| Todo::new(item, digest, rep, taps))
                .collect(),
            more: (digest.more > 0).then(|| nothing(&format!("{} more, which come up as these are done", digest.more))),
            going_out: digest.going_out.iter().map(|mail| Mail::new(mail, rep, taps)).collect(),
            more_mails: (digest.more_mails > 0).then(|| nothing(&format!("{} more", digest.more_mails))),
            since: since(digest.last, digest.date),
            since_capitals: since(digest.last, digest.date).to_uppercase(),
            news: !digest.happened.is_empty() || digest.unlisted > 0,
            happened: happened.into_iter().map(|line| Event::new(line, rep)).collect(),
            enrolled: names(&enrolled).map(|names| format!("Enrolled: {names}.")),
            sent: names(&sent).map(|names| format!("{} went out, to {names}.", many(sent.len(), "mail"))),
            unlisted: (digest.unlisted > 0).then(|| {
                nothing(&format!(
                    "{} for which there is no room here",
                    many(digest.unlisted, "line")
                ))
            }),
            needs_you: digest.needs_you.iter().map(|need| Need::new(need, taps)).collect(),
            resting: digest.resting.iter().map(|line| safe::untrusted(line)).collect(),
            week: bars(&digest.week),
            numbers: digest.numbers.iter().map(|line| safe::untrusted(line)).collect(),
            active: match digest.active {
                0 => "Nobody is in your cadences".to_owned(),
                active => format!("{} in your cadences", many(active, "prospect")),
            },
            synced: digest
                .synced
                .map(|at| format!("I last read my mailbox {}.", moment::on_day(at, digest.date, &rep.zone))),
            answerable: taps.digest.is_some(),
            quiet: digest.is_empty(),
        }
    }

    /// `Today: 3 calls, 2 others · 4 mails going out`.
    pub(super) fn subject_line(&self) -> String {
        format!("Today: {}", self.counts)
    }
}

/// `3 calls, 2 others · 4 mails going out · 1 needs you`.
fn counts(digest: &Digest) -> String {
    let calls = digest.todo.iter().filter(|item| item.channel == Channel::Call).count();
    let others = digest.todo.len() - calls;
    let todo = match (calls, others) {
        (0, 0) => None,
        (calls, 0) => Some(many(calls, "call")),
        (0, others) => Some(many(others, "touch")),
        (calls, others) => Some(format!("{}, {}", many(calls, "call"), many(others, "other"))),
    };
    let more = (digest.more > 0).then(|| format!("{} more", digest.more));
    let mails = digest.going_out.len() + digest.more_mails;
    let mails = (mails > 0).then(|| format!("{} going out", many(mails, "mail")));
    let needs = match digest.needs_you.len() {
        0 => None,
        1 => Some("1 needs you".to_owned()),
        several => Some(format!("{several} need you")),
    };
    let counts: Vec<_> = [todo, more, mails, needs].into_iter().flatten().collect();
    if counts.is_empty() {
        "nothing to do".to_owned()
    } else {
        counts.join(" · ")
    }
}

/// What there is today, in figures.
fn tally(digest: &Digest) -> Vec<Figure> {
    let calls = digest.todo.iter().filter(|item| item.channel == Channel::Call).count();
    let others = digest.todo.len() - calls;
    let others = (others, if others == 1 { "other touch" } else { "other touches" });
    let figures = [
        (calls, if calls == 1 { "call" } else { "calls" }),
        others,
        (digest.going_out.len() + digest.more_mails, "going out"),
        (
            digest.needs_you.len(),
            if digest.needs_you.len() == 1 {
                "needs you"
            } else {
                "need you"
            },
        ),
    ];
    let figure = |(count, what): (usize, &str)| Figure {
        count,
        what: what.to_owned(),
    };
    figures
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(figure)
        .collect()
}

/// `Call Jane Doe, LinkedIn: Bo Chen and 4 more`.
fn glance(digest: &Digest) -> String {
    const SHOWN: usize = 3;
    let first = digest.todo.iter().take(SHOWN);
    let first: Vec<_> = first
        .map(|item| format!("{} {}", verb(item.channel), safe::untrusted(item.prospect.label())))
        .collect();
    let more = match digest.todo.len().saturating_sub(SHOWN) + digest.more {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", first.join(", "))
}

/// The tallest bar of the chart, in pixels.
const TALLEST: u32 = 56;

fn bars(week: &[DayFigures]) -> Vec<Bar> {
    let touches = |day: &DayFigures| day.sent.saturating_add(day.logged);
    let most = week.iter().map(touches).max().unwrap_or(0).max(1);
    // What there was is seen, however little.
    let high = |count: u32| (count.saturating_mul(TALLEST) / most).max(u32::from(count > 0) * 2);
    let bar = |day: &DayFigures| Bar {
        day: day.day.strftime("%a").to_string(),
        sent: day.sent,
        replied: day.replied,
        logged: day.logged,
        booked: day.booked,
        total: touches(day),
        hand_px: high(day.logged),
        sent_px: high(day.sent),
    };
    week.iter().map(bar).collect()
}

fn many(count: usize, what: &str) -> String {
    match (count, what.ends_with("ch")) {
        (1, _) => format!("1 {what}"),
        (count, true) => format!("{count} {what}es"),
        (count, false) => format!("{count} {what}s"),
    }
}

/// `Jane Doe, Li Wei and 3 more`.
fn names(lines: &[&Happened]) -> Option<String> {
    let named = lines.iter().take(limits::DIGEST_NAMES);
    let named: Vec<_> = named.map(|line| safe::untrusted(line.prospect.label())).collect();
    match (named.split_last(), lines.len().saturating_sub(named.len())) {
        (None, _) => None,
        (Some((last, [])), 0) => Some(last.clone()),
        (Some((last, rest)), 0) => Some(format!("{} and {last}", rest.join(", "))),
        (Some(_), more) => Some(format!("{} and {more} more", named.join(", "))),
    }
}

/// `Since yesterday`, or since the day of the last digest: on a Monday that is another one.
fn since(last: Date, today: Date) -> String {
    if last.tomorrow().is_ok_and(|after| after == today) {
        "Since yesterday".to_owned()
    } else {
        format!("Since {}", moment::day(last))
    }
}

impl Todo {
    fn new(item: &DigestItem, digest: &Digest, rep: &Rep, taps: &Taps) -> Self {
        let prospect = &item.prospect;
        let field = |name: &str| prospect.fields.get(name).map(|value| safe::untrusted(value));
        let field = |name: &str| field(name).filter(|value| !value.is_empty());
        let role: Vec<_> = [field("title"), field("company")].into_iter().flatten().collect();
        Self {
            number: item.number,
            verb: verb(item.channel),
            name: safe::untrusted(prospect.label()),
            role: (!role.is_empty()).then(|| role.join(", ")),
            late: (item.days_late > 0).then(|| {
                let days = usize::try_from(item.days_late).unwrap_or(usize::MAX);
                format!("{} late", many(days, "day"))
            }),
            phone: link(prospect, "phone", item.channel == Channel::Call, safe::tel),
            profile: link(prospect, "linkedin", item.channel == Channel::Linkedin, safe::linkedin),
            there: moment::there(&prospect.zone, rep, digest.date),
            cadence: item.cadence.to_string(),
            so_far: safe::untrusted(&item.so_far),
            script: script(item),
            outcomes: outcomes(item, taps),
        }
    }
}

fn verb(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "Call",
        Channel::Linkedin => "LinkedIn:",
        Channel::Video => "Video for",
        Channel::DirectMail => "Letter to",
        Channel::Email => "Mail that waits for your word, to",
        Channel::Task => "Task for",
    }
}

/// A field of the prospect, shown where its channel needs it.
fn link(prospect: &Prospect, field: &str, needed: bool, href: fn(&str) -> Option<String>) -> Option<Link> {
    let value = prospect.fields.get(field).filter(|_| needed)?;
    let href = href(value);
    // A profile that is a good link is shown as one; anything else that a stranger gave is shown with its links broken.
    let text = match &href {
        Some(href) if href.starts_with("https://") => href.clone(),
        Some(_) | None => safe::untrusted(value),
    };
    (!text.is_empty()).then_some(Link { text, href })
}

/// The script, in which only what the prospect's own words bring is distrusted.
fn script(item: &DigestItem) -> Vec<String> {
    let profile = |field: &str, value: &str| field == "linkedin" && safe::linkedin(value).is_some();
    let fields = item.prospect.fields.iter();
    let words = fields
        .filter(|(field, value)| !profile(field, value))
        .map(|(_, value)| value.as_str());
    let lines = safe::script(&item.script, words.chain(item.prospect.name.as_deref()));
    if lines.iter().all(String::is_empty) {
        vec![]
    } else {
        lines
    }
}

/// How a touch by hand may have gone, most likely first.
pub(super) fn likely(channel: Channel) -> &'static [TaskOutcome] {
    match channel {
        Channel::Call => &[
            TaskOutcome::Connected,
            TaskOutcome::Voicemail,
            TaskOutcome::NoAnswer,
            TaskOutcome::Meeting,
            TaskOutcome::NotInterested,
            TaskOutcome::WrongNumber,
            TaskOutcome::Skipped,
        ],
        Channel::Email | Channel::Linkedin | Channel::Video | Channel::DirectMail | Channel::Task => {
            &[TaskOutcome::Done, TaskOutcome::Meeting, TaskOutcome::Skipped]
        }
    }
}

/// What can be said of a task.
fn outcomes(item: &DigestItem, taps: &Taps) -> Vec<Outcome> {
    if item.channel == Channel::Email {
        let word = |word: &'static str| Outcome {
            word,
            href: taps
                .digest
                .as_deref()
                .map(|address| safe::mailto(address, &format!("{word} {}", item.number))),
        };
        return ["send", "hold"].map(word).into();
    }
    let words = likely(item.channel);
    let said = |word: &str| format!("{} {word}", item.number);
    let outcome = |outcome: &TaskOutcome| Outcome {
        word: outcome.word(),
        href: taps
            .digest
            .as_deref()
            .map(|address| safe::mailto(address, &said(outcome.word()))),
    };
    words.iter().map(outcome).collect()
}

impl Mail {
    fn new(mail: &GoingOut, rep: &Rep, taps: &Taps) -> Self {
        Self {
            number: mail.number,
            at: moment::time(mail.at, &rep.zone),
            name: safe::untrusted(mail.prospect.label()),
            cadence: mail.cadence.to_string(),
            step: mail.step.0.0,
            steps: mail.step.1,
            taps: taps.about(mail.enrollment, &["hold", "edit"]),
        }
    }
}

impl Event {
    fn new(line: &Happened, rep: &Rep) -> Self {
        Self {
            at: moment::full(line.at, &rep.zone),
            name: safe::untrusted(line.prospect.label()),
            cadence: line.cadence.to_string(),
            words: safe::untrusted(&line.words),
        }
    }
}

impl Need {
    fn new(need: &NeedsYou, taps: &Taps) -> Self {
        Self {
            words: safe::untrusted(&need.words),
            taps: need
                .enrollment
                .map(|enrollment| taps.about(enrollment, need.asks))
                .unwrap_or_default(),
        }
    }
}
