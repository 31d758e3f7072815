//! What one commit changes, as a whole or not at all.

use super::enrollment_row::First;
use super::forgetting::Forget;
use super::proposals::{Gathered, ProposalMove};
use super::watches::WatchRow;
use crate::model::{
    Address, Codes, ContentKey, Enrollment, EnrollmentId, Fact, Hold, Letter, LetterId, LetterState, LooseAddress,
    MessageId, Promotion, Proposal, Said, Sighting, Suppression, Task, TaskId, TaskOutcome, Tenure, Unhold,
};
use jiff::Timestamp;
use jiff::civil::Date;

/// Everything that one decision changes.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    /// When it was decided; required. Kept to the millisecond, as are the times in facts.
    pub at: Option<Timestamp>,
    /// New enrollments. One that exists makes the whole batch [`super::CommitError::Known`].
    pub begin: Vec<Begin>,
    /// Facts about known enrollments; one that moved on makes the whole batch [`super::CommitError::Stale`].
    pub changes: Vec<Change>,
    /// An enrollment as the store gave it, and what it began with ([`super::Claimed`]): it is not loaded again for its
    /// change, which is stale all the same when the row moved on.
    pub basis: Option<(Enrollment, First)>,
    /// Inserted as `ready`. One that exists is left as it is, but for a step's letter that was `withdrawn`, so never sent:
    /// it takes the new bytes and is `ready` again.
    pub letters: Vec<Letter>,
    /// Transitions of the send ledger.
    pub moves: Vec<LetterMove>,
    /// Step letters of these enrollments that are `ready` or `claimed` become `withdrawn`, after `moves` and before `letters`.
    pub withdraw: Vec<EnrollmentId>,
    /// Tasks that are opened. One that exists is left as it is.
    pub tasks: Vec<Task>,
    /// Tasks that are closed, how, and what the rep noted. One that is closed already is left as it is.
    pub closed: Vec<(TaskId, TaskOutcome, Option<String>)>,
    /// Tasks whose outcome is taken back, behind those that are closed.
    pub reopened: Vec<TaskId>,
    /// Tasks of these enrollments that were dropped at that time are open again: what ended it was taken back.
    pub undropped: Vec<(EnrollmentId, Timestamp)>,
    /// Open tasks that come back later.
    pub put_off: Vec<(TaskId, Timestamp)>,
    /// What reps said about themselves; takes the place of what they said before, but for their addresses.
    pub said: Vec<(Address, Said)>,
    /// What becomes of reps' enrol addresses.
    pub codes: Vec<(Address, Codes)>,
    /// People about whom reps are asked back; each names a letter that is there or among `letters`.
    pub proposals: Vec<Proposal>,
    /// What becomes of proposals. One that stands elsewhere makes the whole batch [`super::CommitError::Stale`].
    pub ruled: Vec<ProposalMove>,
    /// Alerts that wait to be told with others.
    pub gathered: Vec<Gathered>,
    /// Gathered alerts that are told.
    pub told: Vec<LetterId>,
    /// Open tasks of these enrollments are closed as dropped.
    pub drop_tasks: Vec<EnrollmentId>,
    /// Addresses that are suppressed. The first reason stays.
    pub suppress: Vec<Suppression>,
    /// Addresses and domains that are not suppressed any more. One that is not there makes the whole batch
    /// [`super::CommitError::Stale`].
    pub unsuppress: Vec<LooseAddress>,
    /// What was reported of people and waits to be taken in.
    pub sighted: Vec<Sighting>,
    /// Of these, what is taken in by this batch. One that is not there makes the whole batch [`super::CommitError::Stale`].
    pub taken_in: Vec<i64>,
    /// Message-IDs under which mails of an enrollment are known outside: a relay gave them in the place of ours.
    pub learned: Vec<(MessageId, EnrollmentId)>,
    /// Holds that are put. One of the same scope and cause that stands gets the new words and time.
    pub hold: Vec<Hold>,
    /// Holds that are cleared. None there makes the whole batch [`super::CommitError::Stale`].
    pub unhold: Vec<Unhold>,
    /// Rulings about quarantined mails. One that is not there makes the whole batch [`super::CommitError::Stale`].
    pub rulings: Vec<Ruling>,
    /// The mail that was read. One that was committed before makes the whole batch [`super::CommitError::Known`].
    pub mail: Option<MailRow>,
    /// What the header alone tells of that mail: by this it is known in another mailbox.
    pub head: Option<ContentKey>,
    /// What is known of a watched mailbox; takes the place of what was.
    pub watch: Option<WatchRow>,
    /// A folder, and how far it was read. Never goes back within one UIDVALIDITY.
    pub watermark: Option<(String, ReadTo)>,
    /// Mails that were committed since then and concerned nobody are forgotten, and all folders are read from their beginning.
    pub reread: Option<Timestamp>,
    /// What is wrong from now on and holds the bot up (what, why), or with no why: what is over.
    pub trouble: Option<(&'static str, Option<String>)>,
    /// What the database remembers of its leases from now on.
    pub tenure: Option<Tenure>,
    /// What is said about which alternatives of tests go to everybody.
    pub promotions: Vec<Promotion>,
    /// Who is forgotten, behind everything else. The whole batch is [`super::CommitError::Stale`] when somebody enrolled them
    /// meanwhile, or when something that names them is on its way.
    pub forget: Option<Forget>,
    /// A digest. One for the same rep and date makes the whole batch [`super::CommitError::Known`].
    pub digest: Option<DigestRow>,
}

/// A new enrollment.
#[derive(Debug, Clone)]
pub struct Begin {
    /// Its id.
    pub id: EnrollmentId,
    /// Its first facts; the first of all is [`Fact::Enrolled`].
    pub facts: Vec<Fact>,
    /// Who else was on the mail.
    pub colleagues: Vec<Address>,
}

/// What happened to a known enrollment.
#[derive(Debug, Clone)]
pub struct Change {
    /// Which.
    pub id: EnrollmentId,
    /// Its version when it was loaded.
    pub version: u32,
    /// What happened, in order.
    pub facts: Vec<Fact>,
}

/// A letter goes from one state to another. `claimed` and `sending` are reached by [`super::Store::claim`] and
/// [`super::Store::begin_sending`] alone, and what was `sending` is never `withdrawn`.
#[derive(Debug, Clone)]
pub struct LetterMove {
    /// Which.
    pub id: LetterId,
    /// Where it must stand; otherwise the whole batch is [`super::CommitError::Stale`].
    pub from: LetterState,
    /// Where it stands then.
    pub to: LetterState,
    /// For `ready`: not before; `None` leaves the time as it is.
    pub not_before: Option<Timestamp>,
    /// The server's words; `None` leaves the last ones.
    pub reply: Option<String>,
    /// The time in which it is tried begins anew at this moment; `None` leaves its beginning as it is.
    pub since: Option<Timestamp>,
    /// Its content left and was certainly not taken, so that this try is none of those that may have arrived.
    pub untaken: bool,
    /// A relay that let us in put it off.
    pub heard: bool,
    /// For `sent`: evidence shows that it had gone out by then; `None`: nothing but what the ledger knows.
    pub seen: Option<Timestamp>,
}

/// How far a folder was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadTo {
    /// UIDVALIDITY; 0 when it was never read, or is to be read again.
    pub validity: u32,
    /// The last UID that was committed.
    pub last: u32,
    /// Mails up to this UID lay there when it was begun to be read from its beginning, so that they may be old.
    pub again_to: u32,
    /// When it was last read to its end; `None`: never, and in a batch: this is not the end.
    pub ended: Option<Timestamp>,
}

/// A mail as the ingest ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its content.
    pub key: ContentKey,
    /// What it was read as.
    pub kind: String,
    /// On what evidence.
    pub because: String,
    /// Where it lay.
    pub folder: String,
    /// Where it goes: `Processed`, `Replies`, `Bounces`, `Quarantine` or `Unmatched`.
    pub filed: String,
    /// Its bytes on the server.
    pub size: u64,
    /// In whose name it was held, or not understood.
    pub rep: Option<Address>,
    /// The enrollments it concerned.
    pub enrollments: Vec<EnrollmentId>,
}

/// A rep's digest for one local date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRow {
    /// Whose.
    pub rep: Address,
    /// For which day.
    pub date: Date,
    /// Its letter; `None` when there was nothing to say.
    pub letter: Option<LetterId>,
    /// What its numbers mean.
    pub items: Vec<(u16, TaskId)>,
    /// The same of the mails that go out that day.
    pub mails: Vec<(u16, EnrollmentId)>,
    /// The journal number up to which facts were told.
    pub journal: i64,
}

/// What the administrator rules about a quarantined mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Which.
    pub mail: ContentKey,
    /// Whether it is taken in when it comes again, with the administrator's authority; else it is only listed no more.
    pub release: bool,
    /// Who says so.
    pub by: String,
    /// Why.
    pub why: String,
}
