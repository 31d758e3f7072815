//! What is counted. What each number means stands beside it, in `definitions`.
//!
//! Two kinds of subject are counted. *People*: one prospect in one cadence, counted once whatever is repeated, on the day
//! they were enrolled. *Touches*: one step of a cadence, counted on the day the touch was made; what came of it is
//! counted on that day too, so that a rate never divides one week's answers by another week's mails. Days are UTC.
//!
//! Codes are stored: they are never renamed and never reused.

use super::definitions::PLAIN;
use super::score::{CLASSES, SIGNS};
use crate::model::{Ending, Intent};

/// One thing that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// People enrolled.
    Enrolled,
    /// At least one mail went out, the rep's own first mail included.
    Mailed,
    /// Mailed without a hard bounce, or talked to.
    Reached,
    /// Mailed without a hard bounce.
    Delivered,
    /// A mail came back for good.
    BouncedHard,
    /// A mail came back for the time being.
    BouncedSoft,
    /// A person answered; an auto-reply is none.
    Replied,
    /// An answer that wants to go on, asks, or ends in a meeting.
    Interested,
    /// Talked to: a call or another touch by a human that reached the person.
    Connected,
    /// A meeting was agreed.
    Met,
    /// A meeting that was agreed took place, as the rep noted.
    Held,
    /// A meeting that was agreed did not take place: nobody came, or it was called off or declined.
    NoShow,
    /// Wants no more mail.
    OptedOut,
    /// Reported a mail as spam.
    Complained,
    /// Every touch was made and nothing came back.
    Completed,
    /// A mail was opened, as a listener reports.
    Opened,
    /// A link was clicked, as a listener reports.
    Clicked,
    /// A program opened a mail, as a listener reports.
    OpenedByMachine,
    /// A program clicked a link, as a listener reports.
    ClickedByMachine,
    /// How it ended.
    Ended(Ending),
    /// What the first answer that says something means, by the place in `INTENTS`.
    Meant(u8),
    /// Touches made before the first answer, capped.
    TouchesToReply(u8),
    /// Touches made before the meeting was agreed, capped.
    TouchesToMeeting(u8),
    /// How long until the first touch, by the place in `RESPONSES`.
    Response(u8),
    /// The same, of those who met.
    ResponseMet(u8),
    /// A sign was seen before any meeting, by its place.
    HadSign(u8),
    /// The same, of those who met.
    HadSignMet(u8),
    /// A touch by a human was opened at a score of this class.
    Scored(u8),
    /// The same, and the person met afterwards.
    ScoredMet(u8),
    /// A mail of this step went out.
    Sent,
    /// It was the last before a hard bounce.
    SentBounced,
    /// It was the last before the first answer.
    SentReplied,
    /// It was the last before the first answer, and that is an interested one.
    SentInterested,
    /// The person answered at any time after it.
    SentRepliedLater,
    /// The person met at any time after it.
    SentMetLater,
    /// The person was interested at any time after it.
    SentInterestedLater,
    /// It was the last touch before the opt-out.
    SentOptedOut,
    /// It was the last touch before the complaint.
    SentComplained,
    /// A touch by a human was done in time.
    DoneInTime,
    /// A touch by a human was done after the next working day.
    DoneLate,
    /// A touch by a human was left out by the rep.
    Missed,
    /// A touch by a human reached the person.
    TouchConnected,
    /// The step was left out because its condition did not hold.
    LeftOut,
    /// It was the last touch of an enrollment that ended.
    EndedHere,
    /// It was the last mail before the first open that was reported.
    SentOpened,
    /// It was the last mail before the first click that was reported.
    SentClicked,
    /// A test dealt this alternative: a script, an arm, an hour.
    Dealt,
    /// The person answered at any time after it was dealt.
    DealtReplied,
    /// The same, and that is an interested one.
    DealtInterested,
    /// The person met at any time after it was dealt.
    DealtMet,
    /// The person opted out, complained or bounced after it was dealt.
    DealtHarmed,
    /// Meetings, in millionths, that the first touch is credited with.
    CreditFirst,
    /// The same of the last touch.
    CreditLast,
    /// The same, shared evenly by all touches.
    CreditLinear,
    /// The same: 40 % the first, 40 % the last, 20 % those between.
    CreditPosition,
    /// A mail went out in this hour of the prospect's week (Monday 00:00 is 0).
    MailedAt(u8),
    /// A mail of this hour was the last before the first answer.
    AnsweredAt(u8),
    /// The first answer came in this hour of the prospect's week.
    AnswerCameAt(u8),
}

/// Intents, by place.
pub const INTENTS: [&str; 7] = [
    "interested",
    "question",
    "not_now",
    "not_interested",
    "referral",
    "opt_out",
    "other",
];

/// The highest number of touches that is told apart.
pub const TOUCHES: u8 = 40;

/// Ends of the classes of response times, in seconds; what is slower is in a class of its own. Fine where minutes matter.
pub const RESPONSES: [i64; 22] = [
    60,
    120,
    180,
    300,
    420,
    600,
    900,
    1_200,
    1_800,
    2_700,
    3_600,
    5_400,
    7_200,
    10_800,
    14_400,
    21_600,
    43_200,
    86_400,
    2 * 86_400,
    3 * 86_400,
    7 * 86_400,
    14 * 86_400,
];

/// Hours of a week.
pub const WEEK: u8 = 168;

/// The place of an intent in [`INTENTS`].
#[must_use]
pub fn intent_place(intent: &Intent) -> u8 {
    let place = INTENTS.iter().position(|code| *code == intent.code());
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(6)
}

const ENDINGS: [Ending; 10] = [
    Ending::Completed,
    Ending::Bounced,
    Ending::OptedOut,
    Ending::Complained,
    Ending::Suppressed,
    Ending::Stopped,
    Ending::Met,
    Ending::NotInterested,
    Ending::Undeliverable,
    Ending::ByCadence,
];

impl Measure {
    /// The stored code.
    #[must_use]
    pub fn code(self) -> i64 {
        match self {
            Self::Ended(ending) => 20 + place(ENDINGS.iter().position(|known| *known == ending)),
            Self::Meant(place) => 40 + i64::from(place),
            Self::TouchesToReply(n) => 100 + i64::from(n),
            Self::TouchesToMeeting(n) => 200 + i64::from(n),
            Self::Response(n) => 300 + i64::from(n),
            Self::ResponseMet(n) => 340 + i64::from(n),
            Self::HadSign(n) => 500 + i64::from(n),
            Self::HadSignMet(n) => 520 + i64::from(n),
            Self::Scored(n) => 540 + i64::from(n),
            Self::ScoredMet(n) => 560 + i64::from(n),
            Self::MailedAt(hour) => 1_000 + i64::from(hour),
            Self::AnsweredAt(hour) => 1_200 + i64::from(hour),
            Self::AnswerCameAt(hour) => 1_400 + i64::from(hour),
            plain => PLAIN.iter().find(|row| row.1 == plain).map_or(0, |row| row.0),
        }
    }

    /// The measure of a stored code; `None` when this program does not know it.
    #[must_use]
    pub fn of(code: i64) -> Option<Self> {
        let within = |from: i64, many: u8| {
            let n = code.checked_sub(from).and_then(|n| u8::try_from(n).ok());
            n.filter(|n| *n < many)
        };
        let classes = u8::try_from(RESPONSES.len()).unwrap_or(0) + 1;
        if let Some(ending) = within(20, 10).and_then(|n| ENDINGS.get(usize::from(n))) {
            return Some(Self::Ended(*ending));
        }
        let numbered = within(40, 7)
            .map(Self::Meant)
            .or_else(|| within(100, TOUCHES + 1).map(Self::TouchesToReply))
            .or_else(|| within(200, TOUCHES + 1).map(Self::TouchesToMeeting))
            .or_else(|| within(300, classes).map(Self::Response))
            .or_else(|| within(340, classes).map(Self::ResponseMet))
            .or_else(|| within(500, SIGNS).map(Self::HadSign))
            .or_else(|| within(520, SIGNS).map(Self::HadSignMet))
            .or_else(|| within(540, CLASSES).map(Self::Scored))
            .or_else(|| within(560, CLASSES).map(Self::ScoredMet))
            .or_else(|| within(1_000, WEEK).map(Self::MailedAt))
            .or_else(|| within(1_200, WEEK).map(Self::AnsweredAt))
            .or_else(|| within(1_400, WEEK).map(Self::AnswerCameAt));
        numbered.or_else(|| {
            let known = PLAIN.iter().find(|row| row.0 == code);
            known.map(|row| row.1)
        })
    }

    /// How it is called in a report.
    #[must_use]
    pub fn word(self) -> &'static str {
        PLAIN.iter().find(|row| row.1 == self).map_or("", |row| row.2)
    }
}

fn place(found: Option<usize>) -> i64 {
    found.and_then(|place| i64::try_from(place).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_one_measure_and_comes_back() {
        let mut seen = BTreeSet::new();
        for code in 0..2_000 {
            if let Some(measure) = Measure::of(code) {
                assert_eq!(measure.code(), code, "{measure:?}");
                assert!(seen.insert(measure), "{measure:?} twice");
            }
        }
        assert!(seen.contains(&Measure::AnswerCameAt(167)) && seen.contains(&Measure::Ended(Ending::Undeliverable)));
    }

    #[test]
    fn intents_have_their_codes() {
        for intent in [Intent::Interested, Intent::Question, Intent::OptOut, Intent::Other] {
            assert_eq!(INTENTS[usize::from(intent_place(&intent))], intent.code());
        }
    }
}
