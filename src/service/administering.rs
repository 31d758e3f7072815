//! What the administrator orders by mail: in answer to a warning that only they got (its token is in its Reply-To), from their
//! own address, and only where a trusted check vouches for the answer. Anything less goes to quarantine and is not answered.
//!
//! Standing before all that a mail may be otherwise: an administrator may be a rep as well.

use super::incoming::{Decided, Incoming, NOT_UNDERSTOOD};
use super::ruling::{self, Word};
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::authenticity::{Verdict, sole_author, tags, verdict};
use crate::mail::command::instructions;
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{
    Address, AnswerLine, Cause, Correspondent, Hold, Instructed, Instruction, Letter, LetterClass, LetterId, Notice,
    Purpose, Rep, Scope, Tag, Token, Unhold, grammar, limits,
};
use crate::rules::doubt;
use crate::store::{Batch, Held, Ruling, StoreError};
use crate::template::Taps;
use std::fmt::Write as _;
use tracing::warn;

/// What became of one line: the answer, or why nothing was done.
type Done = Result<String, String>;

impl Incoming<'_> {
    /// What the administrator orders in this mail; `None` when it is no such mail.
    pub(super) async fn administration(&self) -> Result<Option<Decided>, StoreError> {
        let house = &self.bot.house;
        let own = house.own();
        let token = tags(&self.mail, &own).into_iter().find_map(|tag| match tag {
            Tag::Token(token) if token.purpose == Purpose::Administration => Some(token),
            Tag::Token(_) | Tag::Bare | Tag::Enroll { .. } | Tag::Unknown => None,
        });
        let Some(token) = token else { return Ok(None) };
        let Some(administrator) = house.administrator.clone() else {
            return Ok(None);
        };
        let is_theirs = sole_author(&self.mail).is_ok_and(|from| from.same_as(&administrator));
        let owner = self.bot.owner(token).await?;
        if !is_theirs || !owner.is_some_and(|owner| owner.same_as(&administrator)) {
            let why = "the administrator's token in other hands";
            return Ok(Some(self.plain("impostor", why, Filing::Quarantine)));
        }
        if let Some(why) = why_not(&self.mail) {
            return Ok(Some(self.plain("automatic", why, Filing::Unmatched)));
        }
        if verdict(&self.mail, &own, &administrator) != Verdict::Pass {
            let why = "the administrator's token, and no trusted check vouches for the mail";
            return Ok(Some(self.plain("impostor", why, Filing::Quarantine)));
        }
        if self.old {
            let because = "it lay in a folder that is read from its beginning, and is older than two days";
            return Ok(Some(self.plain("old", because, Filing::Processed)));
        }
        let said = instructions(&self.reading.new_text);
        Ok(Some(self.instructed(&administrator, token, &said).await?))
    }

    async fn instructed(
        &self,
        administrator: &Address,
        token: Token,
        said: &[Instruction],
    ) -> Result<Decided, StoreError> {
        let mut batch = Batch::default();
        let mut lines = Vec::new();
        for one in said {
            let done = match &one.asked {
                Some(asked) => self.carry_out(&mut batch, administrator, asked).await?,
                None => Err(format!(
                    "not understood, nothing changed. What can be said:\n{}",
                    grammar::help_for_administrators()
                )),
            };
            lines.push(AnswerLine {
                said: one.said.clone(),
                done: done.is_ok(),
                answer: done.unwrap_or_else(|why| why),
                offers: Vec::new(),
            });
        }
        let duty = said.iter().find_map(|one| one.asked.as_ref()).map(Instructed::duty);
        let kind = duty.map_or(NOT_UNDERSTOOD, |duty| grammar::kind(grammar::Verb::Duty(duty)));
        let mut decided = self.plain(
            kind,
            "the administrator's token, and a trusted check",
            Filing::Processed,
        );
        decided.batch = batch;
        if self.told_today(administrator, kind).await? >= limits::ANSWERS {
            decided.because = format!("{}; not answered: too many of these in one day", decided.because);
            return Ok(decided);
        }
        match self.to_instructor(administrator, token, lines) {
            Ok(letter) => decided.batch.letters.push(letter),
            Err(error) => warn!(error, "an answer to the administrator could not be written"),
        }
        Ok(decided)
    }

    fn to_instructor(&self, to: &Address, token: Token, lines: Vec<AnswerLine>) -> Result<Letter, String> {
        let house = &self.bot.house;
        let first = house.reps.first().ok_or("there is no rep")?;
        let reader = Rep {
            address: to.clone(),
            name: String::new(),
            ..first.clone()
        };
        let id = LetterId::of_mail(&self.mail.key, to, 0);
        let next = house.bot.for_administration(LetterId(token.object));
        let taps = Taps {
            digest: Some(next.to_string()),
            ..Taps::default()
        };
        let notice = Notice::Answer { lines, token: None };
        let wording = house.texts.notice(&notice, &reader, &taps, None);
        let message_id = house.bot.message_id_of(id).ok_or("it has no Message-ID")?;
        let from = Correspondent::new(Some(&house.bot_name), house.bot.address().clone());
        let bytes = compose(&Composition {
            from: &from,
            to: &Correspondent::new(None, to.clone()),
            reply_to: Some(&Correspondent::new(Some(&house.bot_name), next)),
            date: self.now,
            message_id: &message_id,
            thread: &super::posting::thread_of(&self.mail),
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Replied,
            reference: &id.to_string(),
            enclosed: None,
        })?;
        Ok(Letter {
            id,
            class: LetterClass::Answer,
            touch: None,
            rep: to.clone(),
            envelope_from: None,
            to: to.clone(),
            message_id,
            bytes,
            not_before: self.now,
        })
    }

    async fn carry_out(
        &self,
        batch: &mut Batch,
        administrator: &Address,
        asked: &Instructed,
    ) -> Result<Done, StoreError> {
        let by = format!("{administrator}, by mail");
        Ok(match asked {
            Instructed::State => Ok(self.state().await?),
            Instructed::Holds => Ok(listed(
                &self.bot.store.holds(self.now).await?,
                hold_line,
                "nothing is held",
            )),
            Instructed::Hold { scope, why } => self.hold(batch, scope, why, by),
            Instructed::Unhold(scope) => self.unhold(batch, scope, &by).await?,
            Instructed::Quarantine => {
                let held = self.bot.store.quarantined(limits::LISTED).await?;
                let open: Vec<Held> = held.into_iter().filter(|held| held.ruling.is_none()).collect();
                Ok(listed(&open, quarantine_line, "nothing is in quarantine"))
            }
            Instructed::Release { id, why } => self.rule(batch, (id, true), (&by, why)).await?,
            Instructed::Drop { id, why } => {
                let why = if why.is_empty() { "of no use" } else { why };
                self.rule(batch, (id, false), (&by, why)).await?
            }
            Instructed::InDoubt => {
                let doubts = self.bot.store.doubts(limits::LISTED).await?;
                let line = |found: &crate::store::Doubt| {
                    let presumed = doubt::presumed_at(found.since);
                    format!(
                        "{}: by {}, since {}, counts as sent from {}: {}",
                        found.letter.id,
                        found.letter.rep,
                        moment(found.since),
                        moment(presumed),
                        found.known
                    )
                };
                Ok(listed(&doubts, line, "nothing is in doubt"))
            }
            Instructed::WentOut { id, why } => self.settle_doubt(batch, id, Word::Sent, (&by, why)).await?,
            Instructed::Resend { id, why } => self.settle_doubt(batch, id, Word::Resend, (&by, why)).await?,
            Instructed::Help => Ok(grammar::help_for_administrators()),
        })
    }

    async fn state(&self) -> Result<String, StoreError> {
        let store = &self.bot.store;
        let synced = match self.bot.barrier.looked() {
            Some(at) => format!("my mailbox was read to its end at {}", moment(at)),
            None => "my mailbox was not read to its end since I was started".to_owned(),
        };
        let quarantined = store.quarantined(limits::QUARANTINE_LISTED).await?;
        let open = quarantined.iter().filter(|held| held.ruling.is_none()).count();
        let mut text = synced;
        // Writing to a String never fails.
        let _ = write!(
            text,
            "\n{} enrollments are under way\n{} holds, {} mails in doubt, {open} in quarantine",
            store.active().await?,
            store.holds(self.now).await?.len(),
            store.doubts(limits::DOUBTS).await?.len(),
        );
        Ok(text)
    }

    fn hold(&self, batch: &mut Batch, scope: &Scope, why: &str, by: String) -> Done {
        let house = &self.bot.house;
        let scope = match scope {
            Scope::All => Scope::All,
            Scope::Rep(address) => match house.rep(address) {
                Some(rep) => Scope::Rep(rep.address.clone()),
                None => return Err(format!("nothing changed: {address} is no rep here")),
            },
            Scope::Cadence(name) => {
                let library = &house.library;
                if library.cadence(name).is_none() && library.held(name).is_empty() {
                    return Err(format!("nothing changed: there is no cadence \"{name}\""));
                }
                Scope::Cadence(name.clone())
            }
        };
        let answer = format!("held: {scope}. No touch of it goes out from now on. To undo: `unhold {scope}`");
        batch.hold.push(Hold {
            scope,
            cause: Cause::Administrator,
            why: why.to_owned(),
            by,
            since: self.now,
            clears: None,
        });
        Ok(answer)
    }

    async fn unhold(&self, batch: &mut Batch, scope: &Scope, by: &str) -> Result<Done, StoreError> {
        let same = |other: &Scope| match (scope, other) {
            (Scope::Rep(one), Scope::Rep(other)) => one.same_as(other),
            (one, other) => one == other,
        };
        let standing = self.bot.store.holds(self.now).await?;
        let standing: Vec<&Hold> = standing.iter().filter(|hold| same(&hold.scope)).collect();
        let is_ordered = |hold: &&&Hold| {
            let twice = |order: &Unhold| order.scope == hold.scope && order.cause == Some(hold.cause);
            hold.cause.is_lifted_by_word() && !batch.unhold.iter().any(twice)
        };
        let lifted: Vec<Unhold> = standing
            .iter()
            .filter(is_ordered)
            .map(|hold| Unhold {
                scope: hold.scope.clone(),
                cause: Some(hold.cause),
                by: by.to_owned(),
            })
            .collect();
        let stays = standing.iter().filter(|hold| !hold.cause.is_lifted_by_word());
        let stays: Vec<String> = stays
            .map(|hold| format!("it stays held: {}", hold_line(hold)))
            .collect();
        if lifted.is_empty() {
            return Ok(Err(if stays.is_empty() {
                format!("nothing changed: nothing holds {scope}; `holds` lists what is held")
            } else {
                stays.join("\n")
            }));
        }
        batch.unhold.extend(lifted);
        let mut answer = format!("lifted: {scope}. Touches go on within two minutes, inside the daily caps");
        for line in stays {
            answer.push('\n');
            answer.push_str(&line);
        }
        Ok(Ok(answer))
    }

    async fn rule(
        &self,
        batch: &mut Batch,
        (id, release): (&str, bool),
        (by, why): (&str, &str),
    ) -> Result<Done, StoreError> {
        if id.len() < limits::ID_LEAST {
            return Ok(Err("nothing changed: write the id as `quarantine` shows it".to_owned()));
        }
        let mut found = self.bot.store.quarantined_as(id).await?;
        let held = match (found.pop(), found.is_empty()) {
            (Some(held), true) => held,
            (Some(_), false) => {
                return Ok(Err(format!(
                    "nothing changed: several mails begin with {id}; write more of it"
                )));
            }
            (None, _) => return Ok(Err(format!("nothing changed: no mail {id} is in quarantine"))),
        };
        batch.rulings.push(Ruling {
            mail: held.mail.key.clone(),
            release,
            by: by.to_owned(),
            why: why.to_owned(),
        });
        Ok(Ok(if release {
            format!("{id} is released: move it from Cadence/Quarantine back to the inbox, unread, and it is taken in")
        } else {
            format!("{id} is listed no more; it stays in Cadence/Quarantine")
        }))
    }

    async fn settle_doubt(
        &self,
        batch: &mut Batch,
        id: &str,
        word: Word,
        (by, why): (&str, &str),
    ) -> Result<Done, StoreError> {
        let store = &self.bot.store;
        let found = match i64::from_str_radix(id, 16).map(LetterId) {
            Ok(letter) => store.doubts_named(&[letter], &[]).await?.pop(),
            Err(_) => None,
        };
        let Some(found) = found else {
            return Ok(Err(format!(
                "nothing changed: no mail {id} is in doubt; `in-doubt` lists them"
            )));
        };
        if batch.moves.iter().any(|moved| moved.id == found.letter.id) {
            return Ok(Err(
                "nothing changed: a line above said something else about it".to_owned()
            ));
        }
        let enrollment = match found.letter.touch {
            Some((enrollment, _)) => store.enrollment(enrollment).await?,
            None => None,
        };
        let ruled = match ruling::resolved(&found, enrollment.as_ref(), word, (by, why), self.now) {
            Ok(ruled) => ruled,
            Err(why) => return Ok(Err(format!("nothing changed: it is not sent again: {why}"))),
        };
        batch.moves.extend(ruled.moves);
        batch.changes.extend(ruled.changes);
        Ok(Ok(match word {
            Word::Sent => format!("{id} counts as sent"),
            Word::Resend => format!("{id} is sent once more"),
        }))
    }
}

fn listed<T>(all: &[T], line: impl Fn(&T) -> String, none: &str) -> String {
    if all.is_empty() {
        return none.to_owned();
    }
    let shown = all.iter().take(limits::LISTED).map(line);
    shown.collect::<Vec<_>>().join("\n")
}

fn hold_line(hold: &Hold) -> String {
    format!(
        "{} since {} by {}: {}",
        hold.scope,
        moment(hold.since),
        hold.by,
        hold.why
    )
}

fn quarantine_line(held: &Held) -> String {
    let id = held.mail.key.as_str().get(..12).unwrap_or("");
    let rep = held.mail.rep.as_ref();
    let rep = rep.map(|rep| format!(", in the name of {rep}")).unwrap_or_default();
    format!(
        "{id}: {}, {}{rep}: {}",
        moment(held.at),
        held.mail.kind,
        held.mail.because
    )
}

fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%a %-d %b %H:%M UTC").to_string()
}
