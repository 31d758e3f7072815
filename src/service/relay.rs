//! Leaves the relay alone for a while when it is away or refuses the login.
//!
//! What fails before MAIL says nothing about a letter, so it must not be tried with every letter that lies ready: a
//! hundred refused logins lock an account. After such a failure nothing is claimed until a pause is over, and then one
//! letter alone finds out whether the relay is back (reliability S-03, S-04). A bot that has just started does not know its
//! relay yet and begins the same way.

use super::trouble::Trouble;
use crate::model::{Phase, Receipt, Reply, limits};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tracing::{info, warn};

/// What is known of the relay.
#[derive(Debug, Default)]
pub struct Relay(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    works: bool,
    until: Option<Timestamp>,
    refused_logins: u32,
    trouble: Trouble,
}

impl Relay {
    /// How many letters may be tried at `now`: none, one to find out, or as many as are claimed at once.
    #[must_use]
    pub fn room(&self, now: Timestamp) -> usize {
        let state = self.state();
        if state.is_held(now) {
            0
        } else if state.works {
            limits::CLAIM
        } else {
            1
        }
    }

    /// Notes what became of a letter.
    pub fn heard(&self, receipt: &Receipt, now: Timestamp) {
        let mut state = self.state();
        match before_mail(receipt) {
            Some(setback) => state.failed(&setback, now),
            None => state.worked(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_held(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    fn failed(&mut self, setback: &Setback, now: Timestamp) {
        // Letters that were under way together met one trouble, not many.
        if self.is_held(now) {
            return;
        }
        self.works = false;
        let new = self.trouble.comes(&setback.words);
        let pause = if setback.is_refused_login {
            self.refused_logins = self.refused_logins.saturating_add(1);
            login_pause(self.refused_logins)
        } else {
            self.trouble.pause()
        };
        self.until = SignedDuration::try_from(pause)
            .ok()
            .and_then(|pause| now.checked_add(pause).ok());
        if new && setback.is_refused_login {
            warn!(
                why = setback.words,
                again_in_s = pause.as_secs(),
                "the relay refuses the login, so no mail goes out; correct `user` or the password of [relay] and start the bot again"
            );
        } else if new {
            warn!(
                why = setback.words,
                again_in_s = pause.as_secs(),
                "the relay cannot be used, so no mail goes out; letters wait"
            );
        }
    }

    fn worked(&mut self) {
        if self.trouble.is_over() {
            info!("the relay can be used again");
        }
        *self = Self {
            works: true,
            ..Self::default()
        };
    }
}

/// After the first refusals minutes, because it may be the server's mistake; then an hour, because servers lock accounts.
fn login_pause(refused: u32) -> Duration {
    if refused < limits::LOGIN_TRIES {
        limits::BACK_OFF_MOST
    } else {
        limits::LOGIN_PAUSE
    }
}

/// Why it did not even come to MAIL.
struct Setback {
    /// Without the server's own words, which may quote the login.
    words: String,
    is_refused_login: bool,
}

fn before_mail(receipt: &Receipt) -> Option<Setback> {
    let (phase, words, refused) = match receipt {
        Receipt::Unreached { phase, why } => (phase, why.clone(), false),
        Receipt::Deferred { phase, reply } => (phase, numbers(reply), false),
        Receipt::Refused { phase, reply } => (phase, numbers(reply), true),
        Receipt::Sent(_) | Receipt::Withheld | Receipt::InDoubt { .. } => return None,
    };
    match phase {
        Phase::Connect | Phase::Auth => Some(Setback {
            words: format!("{words} ({})", phase.word()),
            is_refused_login: refused && *phase == Phase::Auth,
        }),
        Phase::Mail | Phase::Rcpt | Phase::Data | Phase::Content => None,
    }
}

/// `535 5.7.8`.
fn numbers(reply: &Reply) -> String {
    match &reply.status {
        Some(status) => format!("it answered {} {status}", reply.code),
        None => format!("it answered {}", reply.code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(phase: Phase) -> Receipt {
        Receipt::Refused {
            phase,
            reply: sent_reply(535),
        }
    }

    fn sent_reply(code: u16) -> Reply {
        Reply {
            code,
            status: None,
            text: "x".to_owned(),
        }
    }

    fn after(now: Timestamp, pause: Duration) -> Timestamp {
        now + SignedDuration::try_from(pause).expect("a pause")
    }

    #[test]
    fn one_letter_finds_out_and_the_others_follow() {
        let (relay, now) = (Relay::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(relay.room(now), 1);
        relay.heard(&Receipt::Sent(sent_reply(250)), now);
        assert_eq!(relay.room(now), limits::CLAIM);
    }

    #[test]
    fn a_relay_that_is_away_is_asked_by_one_letter_at_a_time() {
        let (relay, now) = (Relay::default(), Timestamp::UNIX_EPOCH);
        relay.heard(&Receipt::Sent(sent_reply(250)), now);
        let away = Receipt::Unreached {
            phase: Phase::Connect,
            why: "connection refused".to_owned(),
        };
        for _ in 0..5 {
            relay.heard(&away, now);
        }
        assert_eq!(relay.room(now), 0);
        let later = after(now, limits::BACK_OFF_LEAST);
        assert_eq!(
            relay.room(later),
            1,
            "five letters that failed together are one failure"
        );
        relay.heard(&away, later);
        assert_eq!(relay.room(after(later, limits::BACK_OFF_LEAST)), 0);
    }

    #[test]
    fn a_refused_login_is_tried_three_times_and_then_once_an_hour() {
        let (relay, mut now) = (Relay::default(), Timestamp::UNIX_EPOCH);
        let mut pauses = Vec::new();
        for _ in 0..4 {
            relay.heard(&refused(Phase::Auth), now);
            let begun = now;
            while relay.room(now) == 0 {
                now = after(now, Duration::from_secs(60));
            }
            pauses.push(now.duration_since(begun).as_secs() / 60);
        }
        assert_eq!(pauses, [5, 5, 60, 60]);
    }

    #[test]
    fn what_is_said_to_a_letter_does_not_hold_the_others() {
        let (relay, now) = (Relay::default(), Timestamp::UNIX_EPOCH);
        for phase in [Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Content] {
            relay.heard(&refused(phase), now);
            assert_eq!(relay.room(now), limits::CLAIM);
        }
    }
}
