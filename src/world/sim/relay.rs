//! The relay, phase by phase, with everything that may go wrong in each. Each step is a place where the bot may die.

use super::fault::{Fault, How, When};
use super::town::Shared;
use crate::model::{Letter, Phase, Receipt, Reply};
use crate::outbox::{Gate, Play, Sending};
use jiff::SignedDuration;
use std::collections::VecDeque;

const PHASES: [Phase; 5] = [Phase::Connect, Phase::Auth, Phase::Mail, Phase::Rcpt, Phase::Data];

/// What the next letters meet.
#[derive(Default)]
pub(super) struct Troubles {
    waiting: VecDeque<Fault>,
    pub away_until: i64,
}

impl Troubles {
    /// Some letters more meet this.
    pub(super) fn comes(&mut self, fault: Fault) {
        let times = match &fault {
            Fault::Relay { times, .. } | Fault::Lost { times, .. } | Fault::Slow { times, .. } => *times,
            _ => 1,
        };
        self.waiting.extend((0..times).map(|_| fault.clone()));
    }
}

/// Plays the relay for one bot.
pub(super) struct Relay {
    pub town: Shared,
    /// Which bot asks: 0 is the house's own.
    pub seat: usize,
}

impl Relay {
    /// What this letter meets.
    fn trouble(&self, letter: &Letter) -> Option<Fault> {
        let mut town = self.town.town();
        let is_touch = letter.touch.is_some();
        let meets = |fault: &Fault| is_touch || !matches!(fault, Fault::Lost { touch: true, .. } | Fault::Overtaken);
        let next = town.troubles.waiting.iter().position(meets)?;
        let fault = town.troubles.waiting.remove(next)?;
        town.tally.fault(fault.name());
        Some(fault)
    }

    fn is_away(&self) -> bool {
        let town = self.town.town();
        town.now().as_millisecond() < town.troubles.away_until
    }

    async fn step_at(&self, letter: &Letter, place: When) {
        if letter.touch.is_some() && self.seat == 0 {
            self.town.step_at(place).await;
        } else {
            self.town.step().await;
        }
    }

    fn wait(&self, trouble: Option<&Fault>) {
        if let Some(Fault::Slow { seconds, .. }) = trouble {
            self.town.town().pass(SignedDuration::from_secs(*seconds));
        }
    }

    async fn play(&self, letter: &Letter, gate: Gate<'_>) -> Receipt {
        let trouble = self.trouble(letter);
        self.town.step().await;
        if self.is_away() {
            return unreached(Phase::Connect);
        }
        for phase in PHASES {
            self.wait(trouble.as_ref());
            if let Some(Fault::Relay { phase: fails, how, .. }) = &trouble
                && *fails == phase
            {
                self.told(letter, phase, *how);
                return answer(phase, *how);
            }
        }
        self.step_at(letter, When::Asked).await;
        if matches!(trouble, Some(Fault::Overtaken)) {
            let mut town = self.town.town();
            if let Some(who) = town.oracle.person(&letter.to) {
                town.says_no(who);
            }
            town.pass(SignedDuration::from_secs(75));
        }
        if !gate.await {
            return Receipt::Withheld;
        }
        let began = self.town.town().now();
        self.town.town().oracle.begun(letter);
        // A death here and the content never left.
        self.step_at(letter, When::Gate).await;
        self.town.town().oracle.offered(letter, began);
        self.wait(trouble.as_ref());
        match &trouble {
            Some(Fault::Relay {
                phase: Phase::Content,
                how,
                ..
            }) => {
                self.told(letter, Phase::Content, *how);
                self.town.town().oracle.refused(letter);
                return answer(Phase::Content, *how);
            }
            Some(Fault::Lost { taken: false, .. }) => return in_doubt(),
            _ => {}
        }
        self.takes(letter);
        // A death here and the bot does not know that it was taken.
        self.step_at(letter, When::Taken).await;
        self.wait(trouble.as_ref());
        match trouble {
            Some(Fault::Lost { .. }) => in_doubt(),
            _ => Receipt::Sent(reply(250, "2.0.0")),
        }
    }

    /// The letter is the relay's, and with it the recipient's.
    fn takes(&self, letter: &Letter) {
        let mut town = self.town.town();
        let now = town.now();
        town.oracle.accepted(letter, now);
        let hash = super::oracle::hash(&letter.bytes);
        town.note(letter.to.as_str().as_bytes(), &[hash]);
        if letter.touch.is_some() && town.plan.copies {
            town.mailbox.lay("Sent", letter.bytes.clone(), 0, now);
        }
        town.delivered(letter);
    }

    /// A definite no about the recipient's address is news about the recipient, and so is a no for now again and again.
    fn told(&self, letter: &Letter, phase: Phase, how: How) {
        let mut town = self.town.town();
        let now = town.now();
        match how {
            How::Never => town.oracle.refused_by_relay(letter, phase),
            How::NotNow | How::Cut => town.oracle.put_off(letter, phase, now),
        }
    }
}

impl Play for Relay {
    fn send<'a>(&'a self, letter: &'a Letter, gate: Gate<'a>) -> Sending<'a> {
        Box::pin(self.play(letter, gate))
    }
}

fn reply(code: u16, status: &str) -> Reply {
    Reply {
        code,
        status: Some(status.to_owned()),
        text: "the simulation says so".to_owned(),
    }
}

fn unreached(phase: Phase) -> Receipt {
    Receipt::Unreached {
        phase,
        why: "the connection broke".to_owned(),
    }
}

fn in_doubt() -> Receipt {
    Receipt::InDoubt {
        why: "the connection broke after the final dot".to_owned(),
    }
}

fn answer(phase: Phase, how: How) -> Receipt {
    match (how, phase) {
        (How::Cut, phase) => unreached(phase),
        (How::NotNow, phase) => Receipt::Deferred {
            phase,
            reply: reply(451, "4.3.0"),
        },
        (How::Never, Phase::Auth) => Receipt::Refused {
            phase,
            reply: reply(535, "5.7.8"),
        },
        (How::Never, Phase::Rcpt) => Receipt::Refused {
            phase,
            reply: reply(550, "5.1.1"),
        },
        (How::Never, phase) => Receipt::Refused {
            phase,
            reply: reply(554, "5.7.1"),
        },
    }
}
