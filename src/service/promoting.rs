//! Tests that have a winner: it goes to everybody, at a manager's word or at once, and managers are told.
//!
//! What is said of a test is one line of a journal that is never changed, and the newest counts: it is taken back by one
//! more line. Of a test about which anybody said anything nothing is promoted by itself any more. Managers are told by a mail
//! with an address of that test alone; whoever has it and is a manager speaks by one tap.

use super::incoming::{Decided, Incoming};
use super::trials::Test;
use super::{Bot, Progress};
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{
    Address, AnswerLine, Correspondent, Letter, LetterClass, LetterId, Notice, Offer, Promote, Promotion, Rep, Trial,
    limits,
};
use crate::report::{Arm, Finding, judge, rate_cell};
use crate::store::{Batch, CommitError, StoreError};
use crate::template::Taps;
use jiff::Timestamp;
use tracing::{info, warn};

/// Who says what the program does by itself.
const BY_ITSELF: &str = "the bot";

/// What somebody wants of a test.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    Keep(String),
    TakeBack,
}

/// Tells managers of winners, and promotes them where the configuration says so.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let Some((promote, minimum)) = bot.reports.promotes() else {
        return Ok(Progress::default());
    };
    let now = bot.clock.now();
    bot.look_at_trials(now).await?;
    let mut progress = Progress::default();
    if promote == Promote::Off || !bot.are_trials_new() {
        return Ok(progress);
    }
    for test in bot.tests() {
        let told = bot.tell_winner(&test, promote, minimum, now).await?;
        progress = progress.and(told);
    }
    Ok(progress)
}

impl Bot {
    async fn tell_winner(
        &self,
        test: &Test,
        promote: Promote,
        minimum: i64,
        now: Timestamp,
    ) -> Result<Progress, StoreError> {
        let arms = self.standing_of(test);
        let judged = judge(&arms, test.trial.minimum.unwrap_or(minimum));
        let (Finding::Wins(letter), None) = (judged.finding, self.said_of(test)) else {
            return Ok(Progress::default());
        };
        let auto = promote == Promote::Auto;
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        let done = if auto {
            batch.promotions.push(promotion(test, Some(&letter), BY_ITSELF, now));
            format!("{letter} goes to everybody from now on.")
        } else {
            format!(
                "Until you say so, everybody goes on to get each as before. \"keep {letter}\" gives {letter} to everybody."
            )
        };
        let line = AnswerLine {
            said: named(test),
            answer: format!(
                "{letter} wins, by {}: {}.\n{done}",
                test.trial.metric.word(),
                evidence(&arms)
            ),
            done: true,
            offers: vec![offer(if auto {
                "take back".to_owned()
            } else {
                format!("keep {letter}")
            })],
        };
        for manager in self.managers() {
            let key = format!("{}/{}/{letter}", test.cadence, test.key);
            let id = LetterId::of_report(&manager, "test", &key);
            let subject = format!("A test has a winner: {}", named(test));
            if self.reports.is_settled(id) || self.copies.has(id) || self.store.letter(id).await?.is_some() {
                self.reports.settle(id);
                continue;
            }
            batch
                .letters
                .extend(self.about_test(id, &manager, test, (&subject, &line), now));
        }
        if batch.letters.is_empty() && batch.promotions.is_empty() {
            return Ok(Progress::default());
        }
        info!(cadence = %test.cadence, auto, "a test has a winner");
        let settled: Vec<LetterId> = batch.letters.iter().map(|letter| letter.id).collect();
        match self.store.commit(batch).await {
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => {}
            Err(CommitError::Store(error)) => return Err(error),
        }
        settled.into_iter().for_each(|id| self.reports.settle(id));
        Ok(Progress::of(1))
    }

    /// Who decides about tests: the managers, else the administrator.
    fn managers(&self) -> Vec<Address> {
        let managers = self.reports.managers();
        if managers.is_empty() {
            return self.house.administrator.iter().cloned().collect();
        }
        managers.to_vec()
    }

    /// A letter about a test, with the address that takes words about it.
    fn about_test(
        &self,
        id: LetterId,
        to: &Address,
        test: &Test,
        (subject, line): (&str, &AnswerLine),
        now: Timestamp,
    ) -> Option<Letter> {
        let house = &self.house;
        let reader = Rep {
            address: to.clone(),
            name: String::new(),
            ..house.reps.first()?.clone()
        };
        let message_id = house.bot.message_id_of(id)?;
        let number = Trial::number(&test.cadence, &test.key);
        let own = Correspondent::new(Some(&house.bot_name), house.bot.for_test(number));
        let taps = Taps {
            digest: Some(own.address.to_string()),
            ..Taps::default()
        };
        let notice = Notice::Answer {
            lines: vec![line.clone()],
            token: None,
        };
        let mut wording = house.texts.notice(&notice, &reader, &taps, None);
        subject.clone_into(&mut wording.subject);
        let composed = compose(&Composition {
            from: &Correspondent::new(Some(&house.bot_name), house.bot.address().clone()),
            to: &Correspondent::new(None, to.clone()),
            reply_to: Some(&own),
            date: now,
            message_id: &message_id,
            thread: &[],
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Generated,
            reference: &id.to_string(),
            enclosed: None,
        });
        let bytes = composed
            .map_err(|error| warn!(error, "a mail about a test could not be written; the report shows it"))
            .ok()?;
        Some(Letter {
            id,
            class: LetterClass::Report,
            touch: None,
            rep: to.clone(),
            envelope_from: None,
            to: to.clone(),
            message_id,
            bytes,
            not_before: now,
        })
    }
}

impl Incoming<'_> {
    /// A word about a test: a manager's counts, and is answered at their own address.
    pub(super) async fn about_test(&self) -> Result<Decided, StoreError> {
        const KIND: &str = "about_test";
        let bot = self.bot;
        let managers = bot.managers();
        let manager = match self.mail.from.as_slice() {
            [from] => managers.into_iter().find(|known| known.same_as(&from.address)),
            _ => None,
        };
        let number = self.reading.token.map(|token| token.object);
        let test = bot
            .tests()
            .into_iter()
            .find(|test| number == Some(Trial::number(&test.cadence, &test.key)));
        let Some(manager) = manager else {
            let because = "it came by the address of a test, and not from a manager";
            return Ok(self.plain(KIND, because, Filing::Quarantine));
        };
        let Some(test) = test.filter(|_| why_not(&self.mail).is_none()) else {
            let because = "it came by the address of a test that the cadences have no more";
            return Ok(self.plain(KIND, because, Filing::Processed));
        };
        let wish = wish(&self.reading.new_text, &test.letters).or_else(|| wish(&self.mail.subject, &test.letters));
        let mut decided = self.plain(KIND, "a manager's word about a test", Filing::Processed);
        let by = manager.to_string();
        let (answer, done, offers) = match wish {
            Some(Wish::Keep(letter)) => {
                let said = promotion(&test, Some(&letter), &by, self.now);
                decided.batch.promotions.push(said);
                let answer = format!(
                    "{letter} goes to everybody who is not in the test yet. Who got another keeps it. To end the test, put the \
                     text into the cadence's file."
                );
                (answer, true, vec![offer("take back".to_owned())])
            }
            Some(Wish::TakeBack) => {
                decided.batch.promotions.push(promotion(&test, None, &by, self.now));
                let offers = test.letters.iter().map(|letter| offer(format!("keep {letter}")));
                (
                    "taken back: the test goes on, and everybody is dealt one again".to_owned(),
                    true,
                    offers.collect(),
                )
            }
            None => {
                let offers = test.letters.iter().map(|letter| offer(format!("keep {letter}")));
                let offers = offers.chain([offer("take back".to_owned())]).collect();
                (
                    "I do not understand; nothing changed. Say one of these".to_owned(),
                    false,
                    offers,
                )
            }
        };
        let first = self
            .reading
            .new_text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty());
        let said = first.unwrap_or(&self.mail.subject);
        let line = AnswerLine {
            said: said.chars().take(limits::EXCERPT).collect(),
            answer,
            done,
            offers,
        };
        let id = LetterId::of_mail(&self.mail.key, &manager, 0);
        let subject = format!("{}: {}", if done { "Done" } else { "Not done" }, named(&test));
        let letter = bot.about_test(id, &manager, &test, (&subject, &line), self.now);
        decided.batch.letters.extend(letter);
        Ok(decided)
    }
}

fn promotion(test: &Test, letter: Option<&str>, by: &str, now: Timestamp) -> Promotion {
    Promotion {
        cadence: test.cadence.clone(),
        test: test.key.clone(),
        letter: letter.map(str::to_owned),
        by: by.to_owned(),
        at: now,
    }
}

/// `question or statement, outbound`.
fn named(test: &Test) -> String {
    format!("{}, {}", test.key.trim_start_matches('/'), test.cadence)
}

/// `a 3.1 % (9 of 290; …), b …`.
fn evidence(arms: &[Arm]) -> String {
    let arms = arms
        .iter()
        .map(|arm| format!("{} {}", arm.name, rate_cell(arm.hits, arm.sent).text()));
    arms.collect::<Vec<_>>().join(", ")
}

fn offer(line: String) -> Offer {
    Offer { line, about: None }
}

/// The first line that says something: `keep b`, `keep wording b`, `take back`.
fn wish(text: &str, letters: &[String]) -> Option<Wish> {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())?
        .to_lowercase();
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        ["take", "back", ..] | ["undo", ..] => Some(Wish::TakeBack),
        ["keep", letter] | ["keep", "wording" | "arm" | "script", letter] => {
            let known = letters.iter().find(|known| known.as_str() == *letter)?;
            Some(Wish::Keep(known.clone()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_about_a_test_is_read_as_people_write_it() {
        let letters = ["a".to_owned(), "b".to_owned()];
        let keep = |letter: &str| Some(Wish::Keep(letter.to_owned()));
        for (text, meant) in [
            ("keep b", keep("b")),
            ("\n Keep wording B.\n\nBest, Lee", keep("b")),
            ("take back", Some(Wish::TakeBack)),
            ("Undo", Some(Wish::TakeBack)),
            ("keep c", None),
            ("keep both a b", None),
            ("thanks", None),
            ("", None),
        ] {
            assert_eq!(wish(text, &letters), meant, "{text}");
        }
    }
}
