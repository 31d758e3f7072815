//! What reps of the demo do about the bot's mails: they work off digests, take over who answers, and ask now and then.

use super::{Event, Habit, Person, World, mails, people};
use crate::mail::read::Mail;
use crate::model::Address;
use jiff::SignedDuration;

/// How a call goes, in the proportions of a good week.
const CALLS: [(&str, usize); 7] = [
    ("voicemail", 7),
    ("no answer", 7),
    ("connected", 4),
    ("connected call again next week", 2),
    ("voicemail left my number", 2),
    ("meeting Thursday at ten", 1),
    ("not interested has a supplier", 1),
];

/// The same with somebody who answers mails: whoever does meets more readily.
const WARM_CALLS: [(&str, usize); 5] = [
    ("voicemail", 4),
    ("no answer", 3),
    ("connected", 5),
    ("connected call again next week", 2),
    ("meeting Thursday at ten", 5),
];

/// How one call went.
fn how(calls: &[(&'static str, usize)], dice: &mut fastrand::Rng) -> &'static str {
    let all: usize = calls.iter().map(|(_, often)| often).sum();
    let mut drawn = dice.usize(..all);
    let went = calls.iter().find(|(_, often)| {
        let hit = drawn < *often;
        drawn = drawn.saturating_sub(*often);
        hit
    });
    went.map_or("done", |(how, _)| how)
}

/// Whether the person whom a call is to answers mails.
fn answers(people: &[Person], whom: &str) -> bool {
    let is_whom = |person: &&Person| {
        let name = person.who.name.as_deref().unwrap_or_default();
        let rest = whom.strip_prefix(name).filter(|_| !name.is_empty());
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    let person = people.iter().find(is_whom);
    person.is_some_and(|person| matches!(person.habit, Habit::Replies { .. }))
}

impl World {
    /// From now on reps decide about replies and log what fits, as people do. Without it they log whatever the dice say and
    /// leave replies alone.
    pub fn reps_decide(&mut self) {
        self.reps_decide = true;
    }

    pub(super) fn rep_reads(&mut self, rep: &Address, mail: &Mail) {
        let tasks = people::tasks_of_digest(mail);
        if !tasks.is_empty() {
            self.works_off(rep, mail, &tasks);
        } else if self.reps_decide {
            self.decides(rep, mail);
        }
    }

    /// A rep works off a digest by replying to it.
    fn works_off(&mut self, rep: &Address, mail: &Mail, tasks: &[(u16, String)]) {
        let lines: Vec<String> = if self.reps_decide {
            let (dice, people) = (&mut self.dice, &self.people);
            let each = tasks.iter().map(|(number, what)| {
                let how = match what.strip_prefix("Call ") {
                    Some(whom) if answers(people, whom) => how(&WARM_CALLS, dice),
                    Some(_) => how(&CALLS, dice),
                    None => "done",
                };
                format!("{number} {how}")
            });
            each.collect()
        } else {
            let numbers: Vec<u16> = tasks.iter().map(|(number, _)| *number).collect();
            people::outcomes(&numbers, &mut self.dice)
        };
        let at = self.now() + SignedDuration::from_mins(people::minutes(&mut self.dice, 20, 90));
        let what = format!("answers the digest: {}", lines.join(", "));
        let bytes = mails::answer_to(mail, rep, None, &lines.join("\n"), at);
        self.plan_mail(rep, at, what, bytes);
    }

    /// Who answered is taken over by hand, or was polite and may hear more; who is away makes the rep ask.
    fn decides(&mut self, rep: &Address, mail: &Mail) {
        let at = self.now() + SignedDuration::from_mins(people::minutes(&mut self.dice, 15, 180));
        if mail.subject.starts_with("Away: ") {
            let bytes = mails::answer_to(mail, rep, None, "why", at);
            self.plan_mail(rep, at, "asks why".to_owned(), bytes);
            return;
        }
        let (Some(commands), Some(prospect)) = (people::stop_link(mail), people::relayed(mail)) else {
            return;
        };
        if self.dice.u8(..3) == 0 {
            let bytes = mails::tapped(&commands, rep, "resume", at);
            let what = format!("lets the rest go out to {}: taps resume", mails::short(&prospect));
            let who = mails::short(rep).to_owned();
            self.plan(
                at,
                Event::Resumes {
                    who,
                    what,
                    bytes,
                    prospect,
                },
            );
        } else {
            let bytes = mails::tapped(&commands, rep, "stop", at);
            let what = format!("talks to {} from here on: taps stop", mails::short(&prospect));
            self.plan_mail(rep, at, what, bytes);
        }
    }

    fn plan_mail(&mut self, rep: &Address, at: jiff::Timestamp, what: String, bytes: Vec<u8>) {
        let who = mails::short(rep).to_owned();
        let stops = None;
        self.plan(
            at,
            Event::Arrives {
                who,
                what,
                bytes,
                stops,
            },
        );
    }
}
