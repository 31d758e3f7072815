//! A manager's word about a test of wordings, by the address that its announcement gave them.
//!
//! The address is a capability of that test alone. Who may use it is for the service to say; what a program sends is none.

use super::{Evidence, Kind, Reading};
use crate::mail::answerable::why_not;
use crate::model::Purpose;

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    let token = evidence.token(Purpose::Test)?;
    if evidence.is_from_bot() || why_not(evidence.mail).is_some() {
        return None;
    }
    let mut reading = evidence.reading(Kind::AboutTest, "it came by the address of a test");
    reading.token = Some(token);
    Some(reading)
}
