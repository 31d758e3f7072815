//! What prospects and reps do when a mail reaches them.

use super::{Event, mails};
use crate::mail::read::Mail;
use crate::model::{Address, Correspondent};
use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

/// A prospect.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name and address.
    pub who: Correspondent,
    /// What they do.
    pub habit: Habit,
    /// How many mails of the bot reached them.
    pub read: usize,
}

/// What a prospect does with follow-ups. `nth` counts the bot's mails, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Habit {
    /// Reads and says nothing.
    Ignores,
    /// Answers the `nth` mail.
    Replies {
        /// Which mail.
        nth: usize,
        /// With what.
        text: String,
    },
    /// Has an out-of-office notice on, back after so many days, and answers nothing else.
    Away {
        /// Days until they are back, from the first mail.
        days: i64,
    },
    /// Asks for no more mail after the `nth`, in words.
    AsksToStop {
        /// Which mail.
        nth: usize,
    },
    /// Presses the mail client's unsubscribe button at the `nth` mail.
    Unsubscribes {
        /// Which mail.
        nth: usize,
    },
    /// Has no mailbox: the server sends a report.
    DoesNotExist,
}

impl Person {
    /// A person with a habit.
    #[must_use]
    pub fn new(who: Correspondent, habit: Habit) -> Self {
        Self { who, habit, read: 0 }
    }

    /// What follows from one mail of the bot.
    pub(super) fn reads(
        &mut self,
        mail: &Mail,
        envelope_from: Option<&Address>,
        raw: &[u8],
        now: Timestamp,
        dice: &mut Rng,
    ) -> Vec<(Timestamp, Event)> {
        self.read += 1;
        let who = mails::short(&self.who.address).to_owned();
        let later = now + SignedDuration::from_mins(minutes(dice, 5, 300));
        let soon = now + SignedDuration::from_secs(minutes(dice, 2, 40));
        let arrives = |what: &str, bytes: Vec<u8>, stops| Event::Arrives {
            who: who.clone(),
            what: what.to_owned(),
            bytes,
            stops,
        };
        let stops = Some(self.who.address.clone());
        let from = &self.who.address;
        match &self.habit {
            Habit::Replies { nth, text } if *nth == self.read => {
                vec![(
                    later,
                    arrives(
                        "replies",
                        mails::answer_to(mail, from, self.who.name.as_deref(), text, later),
                        stops,
                    ),
                )]
            }
            Habit::Away { days } if self.read == 1 => {
                let back = now + SignedDuration::from_hours(24 * days);
                vec![(
                    soon,
                    arrives("is out of office", mails::away(mail, from, back, soon), None),
                )]
            }
            Habit::AsksToStop { nth } if *nth == self.read => {
                let text = "Please stop emailing me.";
                vec![(
                    later,
                    arrives(
                        "asks for no more mail",
                        mails::answer_to(mail, from, self.who.name.as_deref(), text, later),
                        stops,
                    ),
                )]
            }
            Habit::Unsubscribes { nth } if *nth == self.read => mails::unsubscribe_address(mail)
                .map(|to| {
                    (
                        later,
                        arrives("presses unsubscribe", mails::unsubscribe(&to, from, later), stops),
                    )
                })
                .into_iter()
                .collect(),
            Habit::DoesNotExist => envelope_from
                .map(|to| {
                    (
                        soon,
                        arrives(
                            "does not exist: the mail bounces",
                            mails::bounce(to, from, raw, soon),
                            stops,
                        ),
                    )
                })
                .into_iter()
                .collect(),
            Habit::Ignores
            | Habit::Replies { .. }
            | Habit::Away { .. }
            | Habit::AsksToStop { .. }
            | Habit::Unsubscribes { .. } => Vec::new(),
        }
    }
}

/// Between `least` and `most`.
pub(super) fn minutes(dice: &mut Rng, least: i64, most: i64) -> i64 {
    dice.i64(least..=most)
}

/// The numbers of the tasks in a digest, each with its line: what can be answered to it.
pub(super) fn tasks_of_digest(mail: &Mail) -> Vec<(u16, String)> {
    if !is_digest(mail) {
        return Vec::new();
    }
    // Mails that go out have numbers behind those of the tasks, and go by themselves.
    let todo = mail.text.lines().take_while(|line| line.trim() != "GOING OUT TODAY");
    let numbered = todo.filter_map(|line| line.trim_start().split_once(". "));
    let mut tasks: Vec<(u16, String)> = numbered
        .filter_map(|(number, what)| Some((number.parse().ok()?, what.to_owned())))
        .collect();
    tasks.dedup_by_key(|(number, _)| *number);
    tasks
}

/// Whether a mail of the bot's is a digest.
pub(super) fn is_digest(mail: &Mail) -> bool {
    let mut precedence = mail.header("Precedence");
    precedence.any(|value| value.eq_ignore_ascii_case("bulk")) && !is_report(mail)
}

/// Whether a mail of the bot's is a report.
pub(super) fn is_report(mail: &Mail) -> bool {
    let begins = ["Your numbers:", "Team numbers:", "Team today:", "Audit:"];
    begins.iter().any(|begins| mail.subject.starts_with(begins))
}

/// Whose reply the bot passes on with this mail.
pub(super) fn relayed(mail: &Mail) -> Option<Address> {
    let via = |who: &Correspondent| who.name.as_ref().is_some_and(|name| name.contains(" via "));
    mail.from.first().filter(|who| via(who))?;
    Some(mail.reply_to.first()?.address.clone())
}

/// The address that a mail's link to end an enrollment writes to.
pub(super) fn stop_link(mail: &Mail) -> Option<Address> {
    let link = mail.text.lines().find_map(|line| {
        let line = line.trim();
        ["stop: mailto:", "finish: mailto:"]
            .iter()
            .find_map(|label| line.strip_prefix(label))
    })?;
    let (address, _) = link.split_once('?')?;
    Address::parse(&address.replace("%2B", "+")).ok()
}

/// What a busy rep logs.
pub(super) fn outcomes(numbers: &[u16], dice: &mut Rng) -> Vec<String> {
    let said = ["connected", "voicemail", "no answer", "done"];
    numbers
        .iter()
        .map(|number| format!("{number} {}", said.get(dice.usize(..said.len())).unwrap_or(&"done")))
        .collect()
}
