//! The banner over a prospect's reply that is passed on.

use super::{Tap, Taps, safe};
use crate::model::{CadenceName, EnrollmentId, Prospect};
use serde::Serialize;

/// What `relay.txt` and `relay.html` speak of.
#[derive(Serialize)]
pub(super) struct Relay {
    name: String,
    cadence: String,
    banner: String,
    taps: Vec<Tap>,
}

impl Relay {
    pub(super) fn new(
        enrollment: EnrollmentId,
        prospect: &Prospect,
        cadence: &CadenceName,
        banner: &str,
        taps: &Taps,
    ) -> Self {
        Self {
            name: safe::untrusted(prospect.label()),
            cadence: cadence.to_string(),
            banner: safe::untrusted(banner),
            taps: taps.about(enrollment, &["resume", "stop"]),
        }
    }

    /// The original's own subject, so that it stands in its conversation.
    pub(super) fn subject_line(&self, relayed: Option<&str>) -> String {
        match relayed.map(safe::one_line).filter(|subject| !subject.is_empty()) {
            Some(subject) => subject,
            None => format!("Reply from {}", self.name),
        }
    }
}
