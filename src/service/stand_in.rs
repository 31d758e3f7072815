//! The cadence as it goes on for one enrollment, where it was edited under way; and what stands for a rep or a cadence that
//! is not configured any more, so that stops, answers of the relay and a rep's own commands still do what they do. Nothing
//! is planned or sent by a stand-in: `advance` and `deliver` ask for the real ones.

use super::Bot;
use crate::model::{At, Cadence, Channel, Days, Enrollment, Events, Rep, Step, StepNo};
use crate::rules::{View, edited, enroll};
use std::cell::OnceCell;

/// Who stands in for what an enrollment looks at, once somebody has to. One enrollment's only.
#[derive(Default)]
pub(super) struct Gone {
    rep: OnceCell<Rep>,
    cadence: OnceCell<Cadence>,
}

impl Gone {
    /// The cadence as it goes on for this enrollment.
    fn as_met<'a>(&'a self, enrollment: &Enrollment, cadence: &'a Cadence) -> &'a Cadence {
        match edited::as_met(enrollment, cadence) {
            None => cadence,
            Some(met) => self.cadence.get_or_init(|| met),
        }
    }
}

impl Bot {
    /// Everything a rule may look at; `None` when the rep or the cadence is gone from the configuration.
    pub(super) fn view<'a>(&'a self, enrollment: &'a Enrollment, gone: &'a Gone) -> Option<View<'a>> {
        let cadence = self.house.library.cadence(&enrollment.cadence)?;
        let rep = self.house.rep(&enrollment.rep)?;
        Some(View {
            enrollment,
            cadence: gone.as_met(enrollment, cadence),
            rep,
            hours: &self.house.hours,
        })
    }

    /// Everything a rule may look at, whatever is gone.
    pub(super) fn view_of<'a>(&'a self, enrollment: &'a Enrollment, gone: &'a Gone) -> View<'a> {
        let rep = self.house.rep(&enrollment.rep);
        let cadence = self.house.library.cadence(&enrollment.cadence);
        View {
            enrollment,
            cadence: match cadence {
                Some(cadence) => gone.as_met(enrollment, cadence),
                None => gone.cadence.get_or_init(|| cadence_of(enrollment)),
            },
            rep: rep.unwrap_or_else(|| gone.rep.get_or_init(|| enroll::gone(&enrollment.rep))),
            hours: &self.house.hours,
        }
    }
}

/// As many steps as the enrollment has reached and one more, so that it does not end for want of them.
fn cadence_of(enrollment: &Enrollment) -> Cadence {
    let last = enrollment.next_step().unwrap_or(StepNo::FIRST).next();
    let step = |number: u16| Step {
        number: StepNo(number),
        day: u32::from(number),
        at: At::Immediately,
        channel: Channel::Task,
        template: String::new(),
        thread: true,
        when: None,
        approve: false,
    };
    Cadence {
        name: enrollment.cadence.clone(),
        title: enrollment.cadence.to_string(),
        about: String::new(),
        kind: String::new(),
        days: Days::Business,
        window: None,
        prefer: Vec::new(),
        learns: false,
        on: Events::default(),
        steps: (1..=last.0).map(step).collect(),
        edition: String::new(),
    }
}
