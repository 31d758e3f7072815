//! What the bot writes to reps: the words of a notice and of a digest, as plain text and as HTML that say the same.
//!
//! The texts lie under `templates/bot/`, one `.txt` and one `.html` each. What strangers wrote (names, subjects, server
//! words) is cleaned, its links are broken, and it is escaped in HTML; it is never a template. There is no remote content.

mod alert;
mod answer;
mod digest;
mod gathered;
mod inline;
mod moment;
mod pages;
mod question;
mod receipt;
mod refusal;
mod relay;
mod report;
mod safe;
mod team;
mod warning;
mod welcome;

pub use gathered::{GatheredLine, WARNINGS};
pub use question::{Counted, Question};
pub use relay::{LeftOut, Relayed};
pub use report::Shown;
pub use warning::Warned;
pub use welcome::{Greeting, OwnAddress};

use super::Problem;
use crate::model::{Address, Alert, Digest, EnrollmentId, Hold, Notice, Prospect, Rep, Wording};
use jiff::Timestamp;
use pages::Pages;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the bot writes to reps.
pub struct BotTexts {
    pages: Pages,
}

/// Mailto addresses that a bot mail offers for one enrollment.
#[derive(Debug, Clone, Default)]
pub struct Taps {
    /// enrollment id → address that takes commands about it.
    pub command: BTreeMap<i64, String>,
    /// The address that takes answers to this digest; of an answer, the address that takes the next commands.
    pub digest: Option<String>,
}

/// A link that says something to the bot: one tap, then send.
#[derive(Serialize)]
struct Tap {
    /// What it is called.
    label: String,
    /// Where it goes.
    href: String,
}

impl Taps {
    /// The links for commands about one enrollment, each with a name of its own; none when it has no address.
    fn named(&self, enrollment: EnrollmentId, commands: &[(String, String)]) -> Vec<Tap> {
        let address = self.command.get(&enrollment.0);
        let taps = address.into_iter().flat_map(|address| {
            commands.iter().map(move |(label, line)| Tap {
                label: label.clone(),
                href: safe::mailto(address, line),
            })
        });
        taps.collect()
    }

    /// The links for commands about one enrollment; none when it has no address.
    fn about(&self, enrollment: EnrollmentId, commands: &[&'static str]) -> Vec<Tap> {
        let address = self.command.get(&enrollment.0);
        let taps = address.into_iter().flat_map(|address| {
            commands.iter().map(move |command| Tap {
                label: (*command).to_owned(),
                href: safe::mailto(address, command),
            })
        });
        taps.collect()
    }
}

impl BotTexts {
    /// The shipped texts.
    ///
    /// # Errors
    /// With the files that are no templates.
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        Ok(Self {
            pages: Pages::embedded()?,
        })
    }

    /// The shipped texts, some of them replaced by an organisation's own: file names of `templates/bot/` and texts.
    ///
    /// # Errors
    /// With everything that is wrong with them: file, line, what to do.
    pub fn with(own: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        Ok(Self {
            pages: Pages::with(own)?,
        })
    }

    /// The words of a notice, in the rep's zone. A relay's wording is its banner, its subject that of the mail it passes on,
    /// `relayed`, when there is one.
    #[must_use]
    pub fn notice(&self, notice: &Notice, rep: &Rep, taps: &Taps, relayed: Option<&Relayed<'_>>) -> Wording {
        match notice {
            Notice::Receipt {
                subject,
                forwarded,
                enrolled,
                refused,
                sees_first_reply,
                said,
            } => {
                let mut receipt = receipt::Receipt::new(subject, enrolled, refused, *sees_first_reply, rep, taps);
                receipt.said = answer::lines(said, taps);
                receipt.taken = forwarded.as_ref().map(receipt::Taken::new);
                self.pages.wording("receipt", receipt.subject_line(), &receipt)
            }
            Notice::Relay {
                enrollment,
                prospect,
                cadence,
                banner,
                until,
                over,
            } => {
                let none = Taps::default();
                let taps = if *over { &none } else { taps };
                let left_out = relayed.and_then(|relayed| relayed.left_out.as_ref());
                let relay = relay::Relay::new(*enrollment, prospect, cadence, (banner, *until), taps, left_out);
                let subject = relay.subject_line(relayed.map(|relayed| relayed.subject));
                self.pages.wording("relay", subject, &relay)
            }
            Notice::Alert {
                enrollment,
                prospect,
                cadence,
                what,
            } => {
                let alert = alert::Telling::new(*enrollment, prospect, cadence, what, rep, taps);
                self.pages.wording("alert", alert.subject_line(), &alert)
            }
            Notice::Answer { lines, .. } => {
                let answer = answer::Answer::new(lines, taps);
                self.pages.wording("answer", answer.subject_line(), &answer)
            }
        }
    }

    /// What an alert says, on one line.
    #[must_use]
    pub fn alert_line(&self, what: &Alert, prospect: &Prospect, rep: &Rep) -> String {
        alert::line(what, prospect, rep)
    }

    /// The words of many alerts of one kind.
    #[must_use]
    pub fn gathered(&self, kind: &str, lines: &[GatheredLine]) -> Wording {
        let gathered = gathered::Gathered::new(kind, lines);
        self.pages.wording("gathered", gathered.subject_line(), &gathered)
    }

    /// The words that ask, or tell, about many people; answers to them go to `reply_to`.
    #[must_use]
    pub fn question(&self, question: &Question, rep: &Rep, reply_to: &Address) -> Wording {
        let asked = question::Asked::new(question, rep, reply_to);
        self.pages.wording("question", asked.subject_line(), &asked)
    }

    /// The words with which a rep gets their addresses; answers to them go to `reply_to`.
    #[must_use]
    pub fn greeting(
        &self,
        greeting: &Greeting<'_>,
        rep: &Rep,
        bot_name: &str,
        addresses: &[OwnAddress],
        reply_to: &Address,
    ) -> Wording {
        let welcome = welcome::Welcome::new(greeting, rep, bot_name, addresses, reply_to);
        self.pages.wording("welcome", welcome.subject_line(), &welcome)
    }

    /// The words of a warning to the administrator, with the moment of the last look at the mailbox; answers go to `reply_to`.
    #[must_use]
    pub fn warning(&self, warned: &Warned<'_>, synced: Option<Timestamp>, reply_to: Option<&Address>) -> Wording {
        let mut warning = warning::Warning::of(warned).synced(synced);
        if let Some(address) = reply_to {
            warning = warning.answered_at(address.as_str(), warned);
        }
        self.pages.wording("warning", warning.subject_line(), &warning)
    }

    /// A warning on one line: a headline and a sentence.
    #[must_use]
    pub fn warning_line(&self, warned: &Warned<'_>) -> (String, String) {
        warning::Warning::of(warned).line()
    }

    /// The words by which a rep learns that a breaker holds their touches.
    #[must_use]
    pub fn held(&self, hold: &Hold) -> Wording {
        let told = warning::Warning::for_rep(hold);
        self.pages.wording("warning", told.subject_line(), &told)
    }

    /// The words of a report by mail; `pictures` are the charts of its sections.
    #[must_use]
    pub fn report(&self, subject: &str, report: &crate::model::Report, pictures: &[Shown]) -> Wording {
        let page = report::Page::new(subject, report, pictures);
        self.pages.wording("report", safe::one_line(subject), &page)
    }

    /// The words of a team's digest, in the manager's zone.
    #[must_use]
    pub fn team(&self, team: &crate::model::TeamDigest, manager: &Rep) -> Wording {
        let page = team::Page::new(team, &manager.zone);
        self.pages.wording("team", page.subject_line(), &page)
    }

    /// The words of a digest, in the rep's zone.
    #[must_use]
    pub fn digest(&self, digest: &Digest, rep: &Rep, taps: &Taps) -> Wording {
        let page = digest::Page::new(digest, rep, taps);
        self.pages.wording("digest", page.subject_line(), &page)
    }
}
