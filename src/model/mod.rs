//! THE NOUNS: what every other room talks about. Values here cannot be wrong once built: text from outside is checked
//! where it comes in (`Address::parse`, `CadenceName::parse`, …) and trusted from then on.
//!
//! Imports nothing of this crate. No clock, no dice, no I/O: `now` is an argument wherever it matters.

mod address;
mod cadence;
mod command;
mod condition;
mod day;
mod decision;
mod digest;
mod enrollment;
mod events;
mod fact;
mod forgotten;
mod freemail;
pub mod grammar;
mod history;
mod hold;
mod ids;
mod intent;
mod lease;
mod letter;
pub mod limits;
mod meeting;
mod notice;
mod office;
mod pace;
mod proposal;
mod prospect;
mod rep;
mod report;
mod said;
mod seal;
mod signal;
mod source;
mod suppression;
mod task;
mod team;
mod token;
mod trial;
mod wording;

pub use address::{Address, AddressError, Correspondent, LooseAddress, domain_name};
pub use cadence::{At, Away, Cadence, CadenceName, Channel, DayOff, Days, Hours, Step, StepMark, StepNo, Window};
pub use command::{Asked, Command, Offer, Order, Wanted, Whom};
pub use condition::Condition;
pub use day::{SaidDay, SaidMoment};
pub use decision::{Decision, Planned, Refusal, Slot};
pub use digest::{DayFigures, Digest, DigestItem, GoingOut, Happened, NeedsYou};
pub use enrollment::{Enrollment, Misfit, Standing, Thread};
pub use events::{Action, Events, Switch, Unlogged};
pub use fact::{Ending, Fact, PauseReason, Recorded, Resolution};
pub use forgotten::{FORGOTTEN, replaced};
pub use freemail::is_freemail;
pub use history::{Absence, Draft, History};
pub use hold::{Cause, Hold, Scope, Trouble, Unhold};
pub use ids::{ContentKey, EnrollmentId, LetterId, MessageId, TaskId};
pub use intent::Intent;
pub use lease::{Gap, Lease, Left, Tenure};
pub use letter::{Letter, LetterClass, LetterState, Phase, Receipt, Reply};
pub use meeting::{CalendarAnswer, CalendarMethod, Meeting, MeetingSaid, MeetingSeen};
pub use notice::{Alert, AnswerLine, EnrolledLine, Forwarded, Notice, RefusedLine, TodayLine, said_by_server};
pub use office::{Duty, Instructed, Instruction};
pub use pace::{Pace, Stage, Taken, Usage, WAITS_FOR_PACE};
pub use proposal::{Origin, Proposal, ProposalState, Proposed, Wish};
pub use prospect::{Prospect, Zone, ZoneReason};
pub use rep::Rep;
pub use report::{Cell, Chart, Rate, Report, Section};
pub use said::{Codes, Said, Told, Vacation};
pub use seal::{Fingerprint, Key};
pub use signal::{
    CLICKED_BY_MACHINE, OPENED_BY_MACHINE, OptOutBy, Sighting, Signal, is_by_machine, is_policy, is_signal_name,
};
pub use source::{Etiquette, Lead, LeadFormat, LeadSource, Route, Territory, is_list, is_role};
pub use suppression::{Suppression, SuppressionReason};
pub use task::{Task, TaskOutcome};
pub use team::{AtRisk, Behind, TeamDigest};
pub use token::{BotAddress, Purpose, Tag, Token, TokenError};
pub use trial::{Assign, LEARNED, Metric, Promote, Promotion, SEND_TIME, Trial, WRITTEN};
pub use wording::{Approved, Dealing, Dealt, Repeated, Variant, Wording};
