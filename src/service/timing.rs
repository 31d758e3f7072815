//! Send-time learning: what each hour of the day earned the team, and to which hour a mail is put.

use super::Bot;
use super::trials::{Test, dice};
use crate::model::{
    Assign, Dealing, Decision, Fact, LEARNED, Metric, SEND_TIME, Step, Trial, Variant, WRITTEN, limits,
};
use crate::report::{Arm, Measure, Tallied, thompson};
use crate::rules::{View, timing};
use jiff::Timestamp;
use std::sync::{Mutex, PoisonError};

/// Mails of each hour of the day by the prospect's clock, and those that were answered.
#[derive(Debug, Default)]
pub(super) struct Hours(Mutex<[(i64, i64); 24]>);

impl Bot {
    /// Keeps what each hour earned, all days of the week together: by the day there are too few.
    pub(super) fn learn_hours(&self, numbers: &[Tallied]) {
        let mut hours = [(0, 0); 24];
        for one in numbers {
            let (hour, answered) = match one.measure {
                Measure::MailedAt(hour) => (hour, false),
                Measure::AnsweredAt(hour) => (hour, true),
                _ => continue,
            };
            if let Some((mails, answers)) = hours.get_mut(usize::from(hour % 24)) {
                *(if answered { answers } else { mails }) += one.many;
            }
        }
        *self.hours.0.lock().unwrap_or_else(PoisonError::into_inner) = hours;
    }

    /// What is decided about the hour of a mail that is due; `None`: it may go now. Below [`limits::HOURS_LEAST`] mails
    /// nothing is known, and mails go as written.
    pub(super) fn by_hour(&self, view: &View<'_>, step: &Step, now: Timestamp) -> Option<Decision> {
        if !timing::learns(view, step) {
            return None;
        }
        let known = *self.hours.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.iter().map(|(mails, _)| mails).sum::<i64>() < limits::HOURS_LEAST {
            return None;
        }
        let Some(half) = timing::half(view) else {
            return Some(Decision::of(vec![self.dealt_half(view, step)?]));
        };
        if half != LEARNED {
            return None;
        }
        let id = view.enrollment.id;
        let open = timing::hours(view, step, id.0, now);
        let arms: Vec<Arm> = open
            .iter()
            .filter_map(|(hour, _)| {
                let (sent, hits) = known.get(usize::from(*hour))?;
                Some(Arm {
                    name: hour.to_string(),
                    sent: *sent,
                    hits: *hits,
                    harm: 0,
                })
            })
            .collect();
        let chosen = thompson(&arms, |hour| dice(self.reports.seed(), id, step.number, hour))?;
        let (hour, at) = open.iter().find(|(hour, _)| hour.to_string() == chosen)?;
        (*at > now).then(|| Decision::of(vec![timing::put_to(step.number, *hour, *at)]))
    }

    /// In which half somebody is: as many of each rep in one as in the other.
    fn dealt_half(&self, view: &View<'_>, step: &Step) -> Option<Fact> {
        let test = Test {
            cadence: view.enrollment.cadence.to_string(),
            key: Trial::key(SEND_TIME, ""),
            trial: Trial {
                metric: Metric::Reply,
                assign: Assign::Even,
                ..Trial::about(SEND_TIME)
            },
            letters: vec![LEARNED.to_owned(), WRITTEN.to_owned()],
        };
        let name = self.deal(view, step.number, &test)?;
        Some(Fact::Dealt {
            step: step.number,
            of: Dealing::Hour,
            variant: Variant {
                name,
                test: Some(SEND_TIME.to_owned()),
            },
        })
    }
}
