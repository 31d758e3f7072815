//! What one rep's digest says on one day.

use super::holds::{claimed, look_alikes};
use super::news::{ends_for_cause, matters};
use super::score::Heat;
use super::words;
use crate::model::{
    Cadence, CadenceName, Channel, DayFigures, Digest, DigestItem, Enrollment, EnrollmentId, Fact, GoingOut, Happened,
    Hours, LetterId, MeetingSaid, MeetingSeen, NeedsYou, PauseReason, Prospect, Recorded, Rep, Standing, StepNo, Task,
    limits,
};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use std::cmp::Reverse;

/// What a digest is made from.
pub struct DigestView<'a> {
    /// Whose.
    pub rep: &'a Rep,
    /// Its letter.
    pub id: LetterId,
    /// For which day, in the rep's zone.
    pub date: Date,
    /// The day of the digest before it.
    pub last: Date,
    /// When it is made.
    pub now: Timestamp,
    /// Which days are worked.
    pub hours: &'a Hours,
    /// Open tasks with their enrollment.
    pub tasks: &'a [(Task, Enrollment)],
    /// The rep's enrollments whose next touch is an email due before the end of `date`.
    pub due: &'a [Enrollment],
    /// The journal of the rep's enrollments since the last digest.
    pub since: &'a [(EnrollmentId, Recorded)],
    /// Enrollments named in `since`.
    pub named: &'a [Enrollment],
    /// Enrollments paused until the rep says otherwise, each with the moment since when.
    pub paused: &'a [(Enrollment, Timestamp)],
    /// Mails that claimed to be from this rep and were held.
    pub held: usize,
    /// Of those, how many came from another address that looks like the rep's.
    pub look_alikes: usize,
    /// How many enrollments are active.
    pub active: usize,
    /// Enrollments of which somebody said something about a meeting lately.
    pub met: &'a [Enrollment],
    /// When every folder of the mailbox was last looked at.
    pub synced: Option<Timestamp>,
    /// Facts of the last days, for the figures.
    pub lately: &'a [(Timestamp, String)],
    /// The rep's numbers of the last seven days, a line each.
    pub numbers: &'a [String],
    /// What makes somebody worth a call.
    pub heat: &'a Heat,
    /// The cadence of a name.
    pub cadences: &'a dyn Fn(&CadenceName) -> Option<&'a Cadence>,
}

/// The digest. Numbers, order and bounds are as [`Digest`] says.
#[must_use]
pub fn digest(view: &DigestView<'_>) -> Digest {
    let (todo, more) = todo(view);
    let (going_out, more_mails) = going_out(view, todo.len());
    let (happened, unlisted) = happened(view);
    let (needs_you, resting) = needs_you(view);
    Digest {
        id: view.id,
        rep: view.rep.address.clone(),
        date: view.date,
        last: view.last,
        todo,
        more,
        going_out,
        more_mails,
        happened,
        unlisted,
        needs_you,
        resting,
        active: view.active,
        week: week(view),
        numbers: view.numbers.iter().take(limits::DIGEST_NUMBERS).cloned().collect(),
        synced: view.synced,
    }
}

/// What was done on the business days before this one.
fn week(view: &DigestView<'_>) -> Vec<DayFigures> {
    let days = view.date.series(-1.day()).skip(1).take(limits::DIGEST_WEEK * 3);
    let worked = days
        .filter(|day| view.hours.day_off(*day).is_none())
        .take(limits::DIGEST_WEEK);
    let mut week: Vec<DayFigures> = worked
        .map(|day| {
            let on = |code: &str| {
                let same = view
                    .lately
                    .iter()
                    .filter(|(at, known)| known == code && view.day(*at) == day);
                u32::try_from(same.count()).unwrap_or(u32::MAX)
            };
            DayFigures {
                day,
                sent: on("sent"),
                replied: on("replied"),
                logged: on("task_closed"),
                booked: on("meeting"),
            }
        })
        .collect();
    week.reverse();
    let is_empty = |day: &DayFigures| day.sent + day.replied + day.logged + day.booked == 0;
    if week.iter().all(is_empty) { Vec::new() } else { week }
}

/// How soon somebody is worth a call.
fn heat(view: &DigestView<'_>, enrollment: &Enrollment) -> Reverse<i32> {
    let cadence = (view.cadences)(&enrollment.cadence);
    Reverse(view.heat.score(enrollment, cadence, view.now).points)
}

/// Open tasks: what is overdue first, longest first; of today's the hottest first.
fn todo(view: &DigestView<'_>) -> (Vec<DigestItem>, usize) {
    let is_open = |(task, enrollment): &&(Task, Enrollment)| task.closed.is_none() && !rests(enrollment);
    let mut open: Vec<_> = view.tasks.iter().filter(is_open).collect();
    open.sort_by_cached_key(|(task, enrollment)| {
        let is_late = view.day(task.due) < view.date;
        let cold = if is_late { Reverse(0) } else { heat(view, enrollment) };
        (!is_late, cold, task.due, task.id)
    });
    let shown = open.iter().take(limits::DIGEST_TASKS);
    let items = shown.zip(1..).map(|((task, enrollment), number)| DigestItem {
        number,
        task: task.id,
        enrollment: enrollment.id,
        prospect: enrollment.prospect.clone(),
        cadence: enrollment.cadence.clone(),
        step: (task.step, view.touches(&enrollment.cadence, task.step)),
        channel: task.channel,
        due: task.due,
        days_late: days_late(view.day(task.due), view.date, view.hours),
        script: task.script.clone(),
        so_far: so_far(view, task, enrollment),
    });
    (items.collect(), open.len().saturating_sub(limits::DIGEST_TASKS))
}

/// A person who answered is not called with the script of somebody who did not, and what the rep paused is paused. The
/// tasks come back when the rep resumes. After a bounce a call is just the thing.
fn rests(enrollment: &Enrollment) -> bool {
    match &enrollment.standing {
        Standing::Paused { why, .. } => {
            matches!(
                why,
                PauseReason::Replied | PauseReason::Rep | PauseReason::Meeting(_) | PauseReason::Colleague(_)
            )
        }
        Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } | Standing::Ended { .. } => {
            false
        }
    }
}

/// Business days after `due` up to and with `today`.
pub(super) fn days_late(due: Date, today: Date, hours: &Hours) -> u32 {
    let worked = |day: &Date| hours.day_off(*day).is_none();
    let days = due.series(1.day()).skip(1).take_while(|day| *day <= today);
    let most = usize::try_from(limits::DAYS).unwrap_or(usize::MAX);
    u32::try_from(days.take(most).filter(worked).count()).unwrap_or(u32::MAX)
}

/// `2 of 9 touches since 3 Mar; last: mail, 5 Mar`.
fn so_far(view: &DigestView<'_>, task: &Task, enrollment: &Enrollment) -> String {
    let of = view.touches(&enrollment.cadence, task.step);
    let since = short(view.day(enrollment.enrolled_at));
    // An open task counts as a touch for the rules, and not for the rep who has yet to do it.
    let reached = enrollment.touched.map_or(task.step, |(step, _)| step.max(task.step));
    let is_open = |step: &StepNo| {
        let same = |other: &Task| other.enrollment == enrollment.id && other.step == *step && other.closed.is_none();
        view.tasks.iter().any(|(other, _)| same(other))
    };
    let made: Vec<StepNo> = (1..=reached.0).map(StepNo).filter(|step| !is_open(step)).collect();
    let Some(last) = made.last().copied() else {
        return format!("enrolled on {since}; this is the first of {of} touches");
    };
    let on = enrollment.touched.filter(|(step, _)| *step == last);
    let day = on
        .map(|(_, at)| format!(", {}", short(view.day(at))))
        .unwrap_or_default();
    let last = view.channel(&enrollment.cadence, last);
    let last = last
        .map(|channel| format!("; last: {}{day}", spoken(channel)))
        .unwrap_or_default();
    format!("{} of {of} touches since {since}{last}", made.len())
}

/// Mails of this day, soonest first.
fn going_out(view: &DigestView<'_>, tasks: usize) -> (Vec<GoingOut>, usize) {
    let mut mails: Vec<_> = view
        .due
        .iter()
        .filter_map(|enrollment| {
            let (step, at) = match enrollment.standing {
                Standing::Waiting { step, due, .. } => (step, due.max(view.now)),
                Standing::Sending { step, .. } => (step, view.now),
                Standing::Deciding { .. } | Standing::Paused { .. } | Standing::Ended { .. } => return None,
            };
            let mail =
                view.channel(&enrollment.cadence, step) == Some(Channel::Email) && !awaits_word(view, enrollment, step);
            (mail && view.day(at) == view.date).then(|| GoingOut {
                number: 0,
                enrollment: enrollment.id,
                prospect: enrollment.prospect.clone(),
                cadence: enrollment.cadence.clone(),
                step: (step, view.touches(&enrollment.cadence, step)),
                at,
            })
        })
        .collect();
    mails.sort_by_key(|mail| (mail.at, mail.enrollment));
    let more = mails.len().saturating_sub(limits::DIGEST_MAILS);
    mails.truncate(limits::DIGEST_MAILS);
    for (mail, number) in mails.iter_mut().zip(tasks + 1..) {
        mail.number = u16::try_from(number).unwrap_or(u16::MAX);
    }
    (mails, more)
}

/// Whether the mail of a step goes nowhere without the rep's word, which was not given.
fn awaits_word(view: &DigestView<'_>, enrollment: &Enrollment, step: StepNo) -> bool {
    let cadence = (view.cadences)(&enrollment.cadence);
    let asks = cadence
        .and_then(|cadence| cadence.step(step))
        .is_some_and(|step| step.approve);
    let given = enrollment
        .history
        .draft_of(step)
        .is_some_and(|draft| draft.approved.is_some());
    asks && !given
}

/// What happened that a rep wants to know, oldest first.
fn happened(view: &DigestView<'_>) -> (Vec<Happened>, usize) {
    let told = view.since.iter().filter(|(id, recorded)| {
        let is_cause = |fact: &Fact| {
            matches!(
                fact,
                Fact::OptedOut { .. } | Fact::Complained | Fact::Bounced { permanent: true, .. }
            )
        };
        let caused = || view.since.iter().any(|(other, why)| other == id && is_cause(&why.fact));
        matters(&recorded.fact) && !(ends_for_cause(&recorded.fact) && caused())
    });
    let told: Vec<_> = told
        .filter_map(|(id, recorded)| {
            let enrollment = view.named.iter().find(|enrollment| enrollment.id == *id)?;
            Some(Happened {
                at: recorded.at,
                enrollment: *id,
                prospect: enrollment.prospect.clone(),
                cadence: enrollment.cadence.clone(),
                words: words::in_words_at(&recorded.fact, &view.rep.zone),
                fact: recorded.fact.clone(),
            })
        })
        .collect();
    // Who was enrolled and what was sent is a line each, however many they are.
    let (lines, mut told): (Vec<_>, Vec<_>) = told.into_iter().partition(|line| !Happened::is_counted(line));
    let unlisted = lines.len().saturating_sub(limits::DIGEST_NEWS);
    told.extend(lines.into_iter().take(limits::DIGEST_NEWS));
    told.sort_by_key(|line| line.at);
    (told, unlisted)
}

/// What waits for the rep: doubts first, then pauses, then what was held; and apart from it what has been paused for longer.
fn needs_you(view: &DigestView<'_>) -> (Vec<NeedsYou>, Vec<String>) {
    let mut lines: Vec<NeedsYou> = view.since.iter().filter_map(|entry| doubt(view, entry)).collect();
    lines.extend(view.met.iter().filter_map(|enrollment| was_it_held(view, enrollment)));
    let by_rep = |enrollment: &Enrollment| {
        let why = PauseReason::Rep;
        matches!(&enrollment.standing, Standing::Paused { why: reason, .. } if *reason == why)
    };
    // Told once: as long as the journal that this digest tells has what paused it.
    let pauses = |fact: &Fact| matches!(fact, Fact::Replied { .. } | Fact::Paused { .. } | Fact::Reopened { .. });
    let is_new = |id: EnrollmentId| {
        view.since
            .iter()
            .any(|(about, recorded)| *about == id && pauses(&recorded.fact))
    };
    let (mut by_you, mut told, mut oldest) = (Vec::new(), Vec::new(), None);
    for (enrollment, since) in view.paused {
        match waits(enrollment) {
            _ if by_rep(enrollment) => by_you.push(enrollment),
            Some(line) if is_new(enrollment.id) => lines.push(line),
            Some(_) => {
                told.push(enrollment);
                oldest = Some(oldest.map_or(*since, |oldest: Timestamp| oldest.min(*since)));
            }
            None => {}
        }
    }
    let left = lines.len().saturating_sub(limits::DIGEST_NEEDS);
    lines.truncate(limits::DIGEST_NEEDS);
    let about_nobody = [
        (left > 0).then(|| format!("{left} more are paused and wait for you; `list` names them.")),
        claimed(view.held.saturating_sub(view.look_alikes)),
        look_alikes(view.look_alikes),
    ];
    lines.extend(about_nobody.into_iter().flatten().map(|words| NeedsYou {
        enrollment: None,
        asks: &[],
        words,
    }));
    let resting = [
        oldest.and_then(|oldest| named(&known(told.len(), view.day(oldest)), &told)),
        named("Paused by you", &by_you),
    ];
    (lines, resting.into_iter().flatten().collect())
}

fn doubt(view: &DigestView<'_>, (id, recorded): &(EnrollmentId, Recorded)) -> Option<NeedsYou> {
    let Fact::InDoubt { step, .. } = recorded.fact else {
        return None;
    };
    let is_about = |fact: &Fact| matches!(fact, Fact::Resolved { step: resolved, .. } if *resolved == step);
    if view
        .since
        .iter()
        .any(|(other, later)| other == id && is_about(&later.fact))
    {
        return None;
    }
    let enrollment = view.named.iter().find(|enrollment| enrollment.id == *id)?;
    let who = who(&enrollment.prospect, &enrollment.cadence);
    Some(NeedsYou {
        enrollment: None,
        asks: &[],
        words: format!(
            "It is not known whether touch {step} reached {who}. It is never sent again by itself; look in your Sent folder."
        ),
    })
}

/// The business day after a meeting, and until somebody says so: did it take place?
fn was_it_held(view: &DigestView<'_>, enrollment: &Enrollment) -> Option<NeedsYou> {
    let start = asked_about(&enrollment.meetings, view.now)?;
    let day = view.day(start);
    (day < view.date).then(|| NeedsYou {
        enrollment: Some(enrollment.id),
        asks: &["held", "no-show"],
        words: format!(
            "Your meeting with {} on {}: was it held, or a no-show?",
            who(&enrollment.prospect, &enrollment.cadence),
            short(day)
        ),
    })
}

/// When the last meeting began that nobody has said anything about since.
fn asked_about(meetings: &[MeetingSeen], now: Timestamp) -> Option<Timestamp> {
    let is_settled = |uid: &str| {
        let said = |seen: &MeetingSeen| {
            seen.uid == uid && seen.said != MeetingSaid::Booked && seen.said != MeetingSaid::Perhaps
        };
        meetings.iter().any(said)
    };
    let open = meetings
        .iter()
        .filter(|seen| seen.said == MeetingSaid::Booked && !is_settled(&seen.uid));
    open.filter_map(|seen| seen.start).filter(|start| *start < now).max()
}

fn waits(enrollment: &Enrollment) -> Option<NeedsYou> {
    let Standing::Paused { why, .. } = &enrollment.standing else {
        return None;
    };
    let who = who(&enrollment.prospect, &enrollment.cadence);
    let reopened = matches!(
        why,
        PauseReason::Meeting(MeetingSaid::CalledOff | MeetingSaid::Declined)
    );
    let words = match why {
        PauseReason::Replied => format!("{who} answered and waits for you."),
        PauseReason::SoftBounces => format!("Mail to {who} came back more than once. Is the address right?"),
        PauseReason::BounceUnproven => format!("Mail to {who} perhaps came back. Is the address right?"),
        PauseReason::MissingWords(words) => format!("{who} waits for words that are missing: {words}."),
        PauseReason::Meeting(said) => format!("{who} waits for you: {}.", said.word()),
        PauseReason::Approval => {
            format!("{who}: a mail was due and waits for your word. Say `send` or `hold` with its number.")
        }
        PauseReason::Signal(name) => format!("{who} waits for you: {name} was reported."),
        PauseReason::Colleague(other) => format!("{who} waits for you: {} answered, at the same company.", other),
        PauseReason::Rep => return None,
    };
    Some(NeedsYou {
        enrollment: Some(enrollment.id),
        asks: if reopened {
            &["no-show", "resume", "stop"]
        } else {
            &["resume", "stop"]
        },
        words,
    })
}

/// `2 wait for you since 6 Mar`: what an earlier digest told.
fn known(many: usize, since: Date) -> String {
    let waits = if many == 1 { "waits" } else { "wait" };
    format!("{many} {waits} for you since {}", short(since))
}

/// `Paused by you: Jane Doe, Li Wei and 3 more.`
fn named(what: &str, enrollments: &[&Enrollment]) -> Option<String> {
    let names = enrollments.iter().take(limits::DIGEST_NAMES);
    let names: Vec<_> = names.map(|one| one.prospect.label()).collect();
    let more = match enrollments.len().saturating_sub(limits::DIGEST_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!names.is_empty()).then(|| format!("{what}: {}{more}.", names.join(", ")))
}

fn who(prospect: &Prospect, cadence: &CadenceName) -> String {
    format!("{} ({cadence})", prospect.label())
}

/// The channel as a rep says it.
fn spoken(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Linkedin => "LinkedIn",
        Channel::DirectMail => "letter",
        Channel::Call | Channel::Video | Channel::Task => channel.word(),
    }
}

fn short(day: Date) -> String {
    day.strftime("%-d %b").to_string()
}

impl DigestView<'_> {
    /// The day of a moment, by the rep's calendar.
    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.rep.zone.clone()).date()
    }

    /// How many touches a cadence has; of one that is gone, as many as were reached.
    fn touches(&self, cadence: &CadenceName, reached: StepNo) -> usize {
        (self.cadences)(cadence).map_or(usize::from(reached.0), Cadence::touches)
    }

    fn channel(&self, cadence: &CadenceName, step: StepNo) -> Option<Channel> {
        Some((self.cadences)(cadence)?.step(step)?.channel)
    }
}
