//! What a journal adds once it was walked through: who was reached, what came of each touch, who is credited.

use super::{Walk, response_class};
use crate::model::{Ending, StepNo};
use crate::report::attribution;
use crate::report::days::day_of;
use crate::report::measure::{Measure, intent_place};
use crate::report::subject::Counts;
use jiff::Timestamp;

impl Walk<'_> {
    pub(super) fn finish(mut self) -> Counts {
        // Whoever says something was delivered to, whatever else came back; so no part is ever larger than its whole.
        let spoke = self.replied.is_some() || self.opted_out || self.complained;
        let mailed = self.hard || spoke || self.touches.iter().any(|touch| touch.mail);
        let delivered = spoke || (mailed && !self.hard);
        let flags = [
            (Measure::Enrolled, true),
            (Measure::Mailed, mailed),
            (Measure::Delivered, delivered),
            (Measure::Reached, delivered || self.connected),
            (Measure::BouncedHard, self.hard),
            (Measure::BouncedSoft, self.soft),
            (Measure::Replied, self.replied.is_some()),
            (Measure::Interested, self.interested),
            (Measure::Connected, self.connected),
            (Measure::Met, self.met.is_some()),
            (Measure::Held, self.met.is_some() && self.held && !self.called_off),
            (Measure::NoShow, self.met.is_some() && self.called_off),
            (Measure::OptedOut, self.opted_out),
            (Measure::Opened, self.opened),
            (Measure::Clicked, self.clicked),
            (Measure::OpenedByMachine, self.opened_by_machine),
            (Measure::ClickedByMachine, self.clicked_by_machine),
            (Measure::Complained, self.complained),
            (
                Measure::Completed,
                self.ending == Some(Ending::Completed) && self.replied.is_none() && self.met.is_none(),
            ),
        ];
        for (measure, _) in flags.into_iter().filter(|(_, holds)| *holds) {
            self.add_person(measure);
        }
        if let Some(intent) = self.meant {
            self.add_person(Measure::Meant(intent_place(intent)));
        }
        if let Some(ending) = self.ending {
            self.add_person(Measure::Ended(ending));
            if let Some((step, at)) = self.touches.last().map(|touch| (touch.step, touch.at)) {
                self.add_touch(step, at, Measure::EndedHere, 1);
            }
        }
        self.signs();
        self.respond();
        self.later();
        self.deals();
        self.credit();
        self.out
    }

    /// What was seen before the meeting, and what the score of each task was worth.
    fn signs(&mut self) {
        let met = self.met;
        for sign in self.signs.seen() {
            self.add_person(Measure::HadSign(sign));
            if met.is_some() {
                self.add_person(Measure::HadSignMet(sign));
            }
        }
        for (at, class) in std::mem::take(&mut self.scored) {
            if met.is_some_and(|met| met < at) {
                continue;
            }
            self.add_hour(at, Measure::Scored(class));
            if met.is_some() {
                self.add_hour(at, Measure::ScoredMet(class));
            }
        }
    }

    /// How long a lead waited. Where the rep's own mail enrolled, and nobody had asked, there was no lead.
    fn respond(&mut self) {
        let first = self.touches.iter().map(|touch| touch.at).min();
        let since = self.asked.or_else(|| (!self.adopted).then_some(self.enrolled));
        let Some((first, since)) = first.zip(since) else {
            return;
        };
        let class = response_class(first.as_second().saturating_sub(since.as_second()));
        self.add_person(Measure::Response(class));
        if self.met.is_some() {
            self.add_person(Measure::ResponseMet(class));
        }
    }

    /// What a wording led to at any time after it.
    fn later(&mut self) {
        let mails: Vec<(StepNo, Timestamp)> = self
            .touches
            .iter()
            .filter(|touch| touch.mail)
            .map(|touch| (touch.step, touch.at))
            .collect();
        for (step, at) in mails {
            if self.replied.is_some_and(|replied| replied >= at) {
                self.add_touch(step, at, Measure::SentRepliedLater, 1);
                if self.interested {
                    self.add_touch(step, at, Measure::SentInterestedLater, 1);
                }
            }
            if self.met.is_some_and(|met| met >= at) {
                self.add_touch(step, at, Measure::SentMetLater, 1);
            }
        }
    }

    /// What came after a test dealt something, to everybody to whom it did: what they were given is what is tested.
    fn deals(&mut self) {
        for (step, at, variant) in std::mem::take(&mut self.dealt) {
            let after = |then: Option<Timestamp>| then.is_some_and(|then| then >= at);
            let replied = after(self.replied);
            let found = [
                (Measure::Dealt, true),
                (Measure::DealtReplied, replied),
                (
                    Measure::DealtInterested,
                    self.interested && (replied || after(self.met)),
                ),
                (Measure::DealtMet, after(self.met)),
                (Measure::DealtHarmed, after(self.harmed)),
            ];
            let subject = self.touch_subject(step, Some(&variant));
            for (measure, _) in found.into_iter().filter(|(_, holds)| *holds) {
                self.add(day_of(at), subject.clone(), measure, 1);
            }
        }
    }

    /// Shares a meeting among the touches before it; what no touch led to is nobody's.
    fn credit(&mut self) {
        let Some(met) = self.met else { return };
        let before: Vec<(StepNo, Timestamp)> = self
            .touches
            .iter()
            .filter(|touch| touch.at <= met)
            .map(|touch| (touch.step, touch.at))
            .collect();
        for (nth, (step, at)) in before.iter().enumerate() {
            let shares = attribution::shares(nth, before.len());
            for (measure, share) in shares {
                if share > 0 {
                    self.add_touch(*step, *at, measure, share);
                }
            }
        }
    }
}
