//! The one memory: SQLite behind one SQL text. `commit` is the one write path.
//!
//! STUB of the contract.
use crate::model::*;
use jiff::Timestamp;
use jiff::civil::Date;
use std::path::Path;

/// What one commit changes, as a whole or not at all.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    pub at: Option<Timestamp>,         // when it was decided; required
    pub begin: Vec<Begin>,             // new enrollments
    pub changes: Vec<Change>,          // facts about known ones, version-checked
    pub letters: Vec<Letter>,          // inserted as `ready`; one that exists is left as it is (ON CONFLICT DO NOTHING)
    pub moves: Vec<LetterMove>,        // ledger transitions
    pub withdraw: Vec<EnrollmentId>,   // ready and claimed step letters of these become `withdrawn`
    pub tasks: Vec<Task>,              // opened
    pub drop_tasks: Vec<EnrollmentId>, // open tasks of these are closed as dropped
    pub closed: Vec<(TaskId, TaskOutcome, Option<String>)>,
    pub suppress: Vec<Suppression>,
    pub mail: Option<MailRow>,                 // the ingest ledger
    pub watermark: Option<(String, u32, u32)>, // folder, validity, last
    pub digest: Option<DigestRow>,
}
#[derive(Debug, Clone)]
pub struct Begin {
    pub id: EnrollmentId,
    pub facts: Vec<Fact>,
    pub colleagues: Vec<Address>,
}
#[derive(Debug, Clone)]
pub struct Change {
    pub id: EnrollmentId,
    /** as loaded */
    pub version: u32,
    pub facts: Vec<Fact>,
}
#[derive(Debug, Clone)]
pub struct LetterMove {
    pub id: LetterId,
    pub from: LetterState,
    pub to: LetterState,
    pub not_before: Option<Timestamp>,
    pub reply: Option<String>,
}
#[derive(Debug, Clone)]
pub struct MailRow {
    pub key: ContentKey,
    pub kind: String,
    pub because: String,
    pub folder: String,
    pub filed: String,
    pub size: u64,
    /** in whose name, for quarantine */
    pub rep: Option<Address>,
    pub enrollments: Vec<EnrollmentId>,
}
#[derive(Debug, Clone)]
pub struct DigestRow {
    pub rep: Address,
    pub date: Date,
    pub letter: Option<LetterId>,
    pub items: Vec<(u16, TaskId)>,
    /** journal read up to */
    pub journal: i64,
}

/// Why a commit did not happen.
#[derive(Debug)]
pub enum CommitError {
    /** A row moved on: load again, decide again. */
    Stale,
    /** This mail was committed before. */
    Known,
    Store(StoreError),
}
/// opaque, with predicates is_full(), is_busy(), is_read_only()
#[derive(Debug)]
pub struct StoreError {
    _why: String,
}

#[derive(Clone)]
pub struct Store {/* private, cheap to clone */}

/// A letter claimed for sending.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub letter: Letter,
    pub attempts: u32,
    /** when it was committed */
    pub since: Timestamp,
    pub claim: i64,
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}
impl StoreError {
    pub fn is_transient(&self) -> bool {
        todo!()
    }
}
impl Store {
    pub async fn open(_path: &Path) -> Result<Self, StoreError> {
        todo!()
    }
    /// A database in memory, for tests and rehearsals.
    pub async fn in_memory() -> Result<Self, StoreError> {
        todo!()
    }
    pub async fn commit(&self, _batch: Batch) -> Result<(), CommitError> {
        todo!()
    }
    /// Claims up to `limit` ready letters (or whose lease ran out while `claimed`), follow-ups before first touches, oldest first.
    pub async fn claim(&self, _now: Timestamp, _limit: usize, _which: Claims) -> Result<Vec<Claimed>, StoreError> {
        todo!()
    }
    /// After the 354: `claimed` → `sending`, durably, if the claim still holds and for a step letter its enrollment still
    /// stands at `Sending` this letter and the address is not suppressed. `false`: the gate is shut (the letter is `withdrawn` then, or was).
    pub async fn begin_sending(&self, _id: LetterId, _claim: i64, _now: Timestamp) -> Result<bool, StoreError> {
        todo!()
    }
    /// At start-up: what a dead process left in `sending`; the caller settles these as in doubt.
    pub async fn left_sending(&self) -> Result<Vec<Claimed>, StoreError> {
        todo!()
    }

    pub async fn mail(&self, _key: &ContentKey) -> Result<Option<MailRow>, StoreError> {
        todo!()
    }
    /// Counts one more try to take in this mail (committed before it is read); returns how many there were before.
    pub async fn try_mail(&self, _key: &ContentKey, _now: Timestamp) -> Result<u32, StoreError> {
        todo!()
    }
    pub async fn watermark(&self, _folder: &str) -> Result<(u32, u32), StoreError> {
        todo!()
    }
    pub async fn enrollment(&self, _id: EnrollmentId) -> Result<Option<Enrollment>, StoreError> {
        todo!()
    }
    pub async fn journal(&self, _id: EnrollmentId) -> Result<Vec<Recorded>, StoreError> {
        todo!()
    }
    /// Enrollments of one person (loose compare), newest first, ended ones included.
    pub async fn of_person(&self, _address: &LooseAddress) -> Result<Vec<Enrollment>, StoreError> {
        todo!()
    }
    /// Enrollments that one of these Message-IDs belongs to (adopted mails and our own letters).
    pub async fn of_mails(&self, _ids: &[MessageId]) -> Result<Vec<EnrollmentId>, StoreError> {
        todo!()
    }
    pub async fn letter(&self, _id: LetterId) -> Result<Option<(Letter, LetterState)>, StoreError> {
        todo!()
    }
    /// Due at `now`, oldest first.
    pub async fn due(&self, _now: Timestamp, _limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        todo!()
    }
    /// The next moment at which an enrollment falls due or a letter may be sent.
    pub async fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        todo!()
    }
    pub async fn suppressed(&self, _address: &LooseAddress) -> Result<Option<SuppressionReason>, StoreError> {
        todo!()
    }
    pub async fn open_tasks(&self, _rep: &Address, _limit: usize) -> Result<Vec<(Task, Enrollment)>, StoreError> {
        todo!()
    }
    pub async fn tasks_of(&self, _enrollment: EnrollmentId) -> Result<Vec<Task>, StoreError> {
        todo!()
    }
    pub async fn digest_item(&self, _digest: LetterId, _number: u16) -> Result<Option<Task>, StoreError> {
        todo!()
    }
    pub async fn last_digest(&self, _rep: &Address) -> Result<Option<(Date, i64)>, StoreError> {
        todo!()
    }
    /// Facts of the rep's enrollments with a journal number above `after`, oldest first, and the last number read.
    pub async fn since(
        &self,
        _rep: &Address,
        _after: i64,
        _limit: usize,
    ) -> Result<(Vec<(EnrollmentId, Recorded)>, i64), StoreError> {
        todo!()
    }
    /// Active enrollments of a rep whose next touch is due before `before`.
    pub async fn due_of(
        &self,
        _rep: &Address,
        _before: Timestamp,
        _limit: usize,
    ) -> Result<Vec<Enrollment>, StoreError> {
        todo!()
    }
    /// Enrollments of a rep paused until they say otherwise.
    pub async fn paused_of(&self, _rep: &Address, _limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        todo!()
    }
    /// Whether a touch is ready to go out at `now`.
    pub async fn touches_ready(&self, _now: Timestamp) -> Result<bool, StoreError> {
        todo!()
    }
    /// Mails that claimed to be from this rep and went to quarantine since then.
    pub async fn held_since(&self, _rep: &Address, _since: Timestamp) -> Result<usize, StoreError> {
        todo!()
    }
    /// How many enrollments of a rep are active.
    pub async fn active_of(&self, _rep: &Address) -> Result<usize, StoreError> {
        todo!()
    }
    /// Counts for `status`.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        todo!()
    }
}
/// Which letters may be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claims {
    All,
    /** no touches */
    Notices,
}
/// Figures for `status`: name → count, from SQL GROUP BYs.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub enrollments: Vec<(String, i64)>,
    pub letters: Vec<(String, i64)>,
    pub mails: Vec<(String, i64)>,
    pub open_tasks: i64,
    pub suppressed: i64,
    /** newest first: kind, because, count */
    pub troubles: Vec<(Timestamp, String, String)>,
}
