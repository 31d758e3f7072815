//! What the store can be asked. Each question is answered by one of the `read_*` files, from one committed picture.

use super::tx::Tx;
use super::watches::Named;
use super::{
    Claimed, Counts, Doubt, Held, MailRow, ReadTo, ReadyTouch, Seen, Store, StoreError, WatchRow, doubts,
    enrollment_row, holds, lease, ledger, quarantine, read_counts, read_enrollments, read_guard, read_mails, read_pace,
    read_tasks, said, suppressions, watches,
};
use crate::model::{
    Address, CadenceName, Cause, ContentKey, Enrollment, EnrollmentId, Hold, Letter, LetterId, LetterState,
    LooseAddress, MessageId, Pace, Recorded, Said, Scope, SuppressionReason, Task, Tenure, Trouble, Usage,
};
use jiff::Timestamp;
use jiff::civil::Date;

/// Mails and letters.
impl Store {
    /// At start-up: what a dead process left in `sending`; the caller settles these as in doubt.
    pub async fn left_sending(&self) -> Result<Vec<Claimed>, StoreError> {
        self.readers.read(|tx| ledger::left(tx, LetterState::Sending)).await
    }

    /// At start-up: what a dead process had claimed and not begun to send. No other process holds a claim, since one
    /// instance alone runs on a database.
    pub async fn left_claimed(&self) -> Result<Vec<Claimed>, StoreError> {
        self.readers.read(|tx| ledger::left(tx, LetterState::Claimed)).await
    }

    /// Whether a touch is ready to go out at `now`, or was claimed by a round that is gone.
    pub async fn touches_ready(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.readers.read(move |tx| ledger::touches_ready(tx, now)).await
    }

    /// Touches that a claim of so many letters would take, in its order.
    pub async fn ready_touches(&self, now: Timestamp, limit: usize) -> Result<Vec<ReadyTouch>, StoreError> {
        self.ready_touches_but(now, limit, Vec::new()).await
    }

    /// The same of a claim that leaves out the touches of these reps.
    pub async fn ready_touches_but(
        &self,
        now: Timestamp,
        limit: usize,
        shut: Vec<Address>,
    ) -> Result<Vec<ReadyTouch>, StoreError> {
        self.readers
            .read(move |tx| read_pace::ready(tx, now, limit, &shut))
            .await
    }

    /// What took room for the next touches of a rep to these people.
    pub async fn usage(
        &self,
        rep: &Address,
        people: Vec<LooseAddress>,
        pace: &Pace,
        now: Timestamp,
    ) -> Result<Usage, StoreError> {
        let (rep, after) = (rep.clone(), now.checked_sub(pace.reaches_back()).unwrap_or(now));
        self.readers
            .read(move |tx| read_pace::usage(tx, &rep, &people, after, now))
            .await
    }

    /// A letter and where it stands.
    pub async fn letter(&self, id: LetterId) -> Result<Option<(Letter, LetterState)>, StoreError> {
        self.readers.read(move |tx| ledger::letter(tx, id)).await
    }

    /// A mail that was committed; `None` also when reading it was only begun.
    pub async fn mail(&self, key: &ContentKey) -> Result<Option<MailRow>, StoreError> {
        let key = key.clone();
        self.readers.read(move |tx| read_mails::mail(tx, &key)).await
    }

    /// What is known of mails before they are read, in the order of `keys`.
    pub async fn seen(&self, keys: &[ContentKey]) -> Result<Vec<Seen>, StoreError> {
        let keys = keys.to_vec();
        self.readers.read(move |tx| read_mails::seen(tx, &keys)).await
    }

    /// The mails with these headers that were committed, of each the first found, in the order of `heads`.
    pub async fn heads(&self, heads: &[ContentKey]) -> Result<Vec<Option<MailRow>>, StoreError> {
        let heads = heads.to_vec();
        self.readers.read(move |tx| read_mails::heads(tx, &heads)).await
    }

    /// Mails held in a rep's name ([`MailRow::rep`], quarantine) and committed after the one moment and up to the other,
    /// oldest first.
    pub async fn mails_in_name_of(
        &self,
        rep: &Address,
        between: (Timestamp, Timestamp),
        limit: usize,
    ) -> Result<Vec<(Timestamp, MailRow)>, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_mails::in_name_of(tx, &rep, between, limit))
            .await
    }

    /// How many mails of one kind ([`MailRow::kind`]) came in a rep's name after `after`.
    pub async fn mails_of_kind(
        &self,
        rep: &Address,
        kind: &'static str,
        after: Timestamp,
    ) -> Result<usize, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_mails::of_kind(tx, &rep, kind, after))
            .await
    }

    /// Whether mails were committed since then that concerned nobody.
    pub async fn any_unmatched(&self, since: Timestamp) -> Result<bool, StoreError> {
        self.readers.read(move |tx| read_mails::any_unmatched(tx, since)).await
    }

    /// How far a folder was read; all 0 when it never was.
    pub async fn watermark(&self, folder: &str) -> Result<ReadTo, StoreError> {
        let folder = folder.to_owned();
        self.readers.read(move |tx| read_mails::watermark(tx, &folder)).await
    }
}

/// Watched mailboxes.
impl Store {
    /// All that were ever watched.
    pub async fn watches(&self) -> Result<Vec<WatchRow>, StoreError> {
        self.readers.read(watches::all).await
    }

    /// That of one rep; `None` when it was never looked at.
    pub async fn watch(&self, rep: &Address) -> Result<Option<WatchRow>, StoreError> {
        let rep = rep.clone();
        self.readers.read(move |tx| watches::of_rep(tx, &rep)).await
    }

    /// When the first of a rep's enrollments began that came behind this journal number and are not over, and the last
    /// journal number.
    pub async fn begun_after(&self, rep: &Address, journal: i64) -> Result<(Option<Timestamp>, i64), StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| watches::begun_after(tx, &rep, journal))
            .await
    }

    /// Which of these ids belong to a known conversation, in their order.
    pub async fn known_ids(&self, ids: Vec<MessageId>) -> Result<Vec<bool>, StoreError> {
        self.readers.read(move |tx| watches::known_ids(tx, &ids)).await
    }

    /// Of what each of these mails names, whether nothing leads to anybody who is or was enrolled.
    pub async fn strangers(&self, named: Vec<Named>) -> Result<Vec<bool>, StoreError> {
        self.readers.read(move |tx| watches::strangers(tx, &named)).await
    }

    /// Which of these people have an enrollment that is not over, in their order.
    pub async fn known_people(&self, people: Vec<LooseAddress>) -> Result<Vec<bool>, StoreError> {
        self.readers.read(move |tx| watches::known_people(tx, &people)).await
    }
}

/// Holds, doubts, quarantine.
impl Store {
    /// What is held at `now`, longest first.
    pub async fn holds(&self, now: Timestamp) -> Result<Vec<Hold>, StoreError> {
        self.readers.read(move |tx| holds::standing(tx, now)).await
    }

    /// What this database remembers of its leases on the mailbox.
    pub async fn tenure(&self) -> Result<Tenure, StoreError> {
        self.readers.read(lease::tenure).await
    }

    /// Touches that lay ready or were claimed and were to go before `to`, and where they stand.
    pub async fn may_have_gone(&self, to: Timestamp, limit: usize) -> Result<Vec<(Claimed, LetterState)>, StoreError> {
        self.readers.read(move |tx| lease::may_have_gone(tx, to, limit)).await
    }

    /// When the last fact was decided; before the first, when the mailbox was taken; `None` before that.
    pub async fn last_decided(&self) -> Result<Option<Timestamp>, StoreError> {
        self.readers.read(lease::last_decided).await
    }

    /// When a hold of each scope and cause was cleared last.
    pub async fn cleared(&self) -> Result<Vec<(Scope, Cause, Timestamp)>, StoreError> {
        self.readers.read(holds::cleared).await
    }

    /// What went wrong lately, for the breakers.
    pub async fn troubles(&self, now: Timestamp) -> Result<Vec<Trouble>, StoreError> {
        self.readers.read(move |tx| read_guard::troubles(tx, now)).await
    }

    /// Deliveries of a cadence in 30 days.
    pub async fn delivered(&self, cadence: &CadenceName, now: Timestamp) -> Result<u64, StoreError> {
        let cadence = cadence.clone();
        self.readers
            .read(move |tx| read_guard::delivered(tx, &cadence, now))
            .await
    }

    /// When the last [`crate::model::limits::BOUNCES_OF`] mails in a rep's name lay ready that went out or were refused,
    /// newest first.
    pub async fn last_sent(&self, rep: &Address, now: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
        let rep = rep.clone();
        self.readers.read(move |tx| read_guard::sent(tx, &rep, now)).await
    }

    /// How many enrollments have not ended. Reads a whole table.
    pub async fn active(&self) -> Result<u64, StoreError> {
        self.readers.read(read_guard::active).await
    }

    /// The last journal number: whether anything happened since.
    pub async fn last_fact(&self) -> Result<i64, StoreError> {
        self.readers.read(read_guard::last_fact).await
    }

    /// Letters in doubt, or presumed sent, that one of these ids names; each once.
    pub async fn doubts_named(&self, letters: &[LetterId], mails: &[MessageId]) -> Result<Vec<Doubt>, StoreError> {
        let (letters, mails) = (letters.to_vec(), mails.to_vec());
        self.readers.read(move |tx| doubts::named(tx, &letters, &mails)).await
    }

    /// Since when the letters in doubt began to go out or came into doubt, the first and the last; `None`: there is none.
    pub async fn doubted(&self) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
        self.readers.read(doubts::times).await
    }

    /// Whether one of these is a touch whose content, by this database, never began to go out.
    pub async fn any_unbegun(&self, letters: &[LetterId]) -> Result<bool, StoreError> {
        let letters = letters.to_vec();
        self.readers.read(move |tx| doubts::any_unbegun(tx, &letters)).await
    }

    /// Letters in doubt, longest first.
    pub async fn doubts(&self, limit: usize) -> Result<Vec<Doubt>, StoreError> {
        self.readers.read(move |tx| doubts::open(tx, limit)).await
    }

    /// Mails in quarantine that nothing was ruled about, or that wait to be taken in; newest first.
    pub async fn quarantined(&self, limit: usize) -> Result<Vec<Held>, StoreError> {
        self.readers.read(move |tx| quarantine::list(tx, limit)).await
    }

    /// Mails in quarantine, of whatever ruling, whose content key begins so; at most two.
    pub async fn quarantined_as(&self, beginning: &str) -> Result<Vec<Held>, StoreError> {
        let beginning = beginning.to_owned();
        self.readers.read(move |tx| quarantine::named(tx, &beginning)).await
    }

    /// Whether the administrator released this mail and it was not taken in since.
    pub async fn released(&self, key: &ContentKey) -> Result<bool, StoreError> {
        let key = key.clone();
        self.readers.read(move |tx| quarantine::is_released(tx, &key)).await
    }
}

/// Enrollments.
impl Store {
    /// One enrollment.
    pub async fn enrollment(&self, id: EnrollmentId) -> Result<Option<Enrollment>, StoreError> {
        let load = move |tx: &Tx<'_>| Ok(enrollment_row::load(tx, id)?.map(|(enrollment, _)| enrollment));
        self.readers.read(load).await
    }

    /// Those of these that there are, in their order.
    pub async fn enrollments(&self, ids: &[EnrollmentId]) -> Result<Vec<Enrollment>, StoreError> {
        let ids = ids.to_vec();
        let load = move |tx: &Tx<'_>| {
            let found = ids.iter().filter_map(|id| enrollment_row::load(tx, *id).transpose());
            found.map(|found| Ok(found?.0)).collect()
        };
        self.readers.read(load).await
    }

    /// All facts of an enrollment, oldest first.
    pub async fn journal(&self, id: EnrollmentId) -> Result<Vec<Recorded>, StoreError> {
        self.readers.read(move |tx| read_enrollments::journal(tx, id)).await
    }

    /// Enrollments of one person (loose compare), newest first, ended ones included.
    pub async fn of_person(&self, address: &LooseAddress) -> Result<Vec<Enrollment>, StoreError> {
        let address = address.clone();
        self.readers
            .read(move |tx| read_enrollments::of_person(tx, &address))
            .await
    }

    /// Enrollments that are not over of people at this domain, newest first. Providers for everybody are nobody's company.
    pub async fn of_company(&self, domain: &str, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        let domain = domain.to_owned();
        self.readers
            .read(move |tx| read_enrollments::of_company(tx, &domain, limit))
            .await
    }

    /// Whose the last lead of a source was, as far as [`crate::model::limits::LEADS_LOOKED`] leads tell.
    pub async fn last_lead(&self, source: &str) -> Result<Option<Address>, StoreError> {
        let source = source.to_owned();
        self.readers
            .read(move |tx| read_enrollments::last_lead(tx, &source))
            .await
    }

    /// Enrollments that one of these Message-IDs belongs to (adopted mails and our own letters), each once.
    pub async fn of_mails(&self, ids: &[MessageId]) -> Result<Vec<EnrollmentId>, StoreError> {
        let ids = ids.to_vec();
        self.readers.read(move |tx| read_enrollments::of_mails(tx, &ids)).await
    }

    /// Who else was on the mail that enrolled.
    pub async fn colleagues(&self, id: EnrollmentId) -> Result<Vec<Address>, StoreError> {
        self.readers.read(move |tx| read_enrollments::colleagues(tx, id)).await
    }

    /// Due at `now`, oldest first: waiting ones, and paused ones whose pause ran out.
    pub async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        self.readers.read(move |tx| read_enrollments::due(tx, now, limit)).await
    }

    /// At start-up: enrollments that wait for nothing that will ever come, because a process died between two commits:
    /// undecided, or at a letter that was withdrawn. Reads whole tables.
    pub async fn stranded(&self) -> Result<Vec<Enrollment>, StoreError> {
        self.readers.read(read_enrollments::stranded).await
    }

    /// The next moment at which an enrollment falls due or a letter may be claimed; in the past when one is already.
    pub async fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        self.readers.read(read_enrollments::next_wake).await
    }

    /// Waiting enrollments of a rep whose next touch is due before `before`, soonest first.
    pub async fn due_of(&self, rep: &Address, before: Timestamp, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_enrollments::due_of(tx, &rep, before, limit))
            .await
    }

    /// Enrollments of a rep paused until they say otherwise, oldest first, each with the moment since when it is.
    pub async fn paused_of(&self, rep: &Address, limit: usize) -> Result<Vec<(Enrollment, Timestamp)>, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_enrollments::paused_of(tx, &rep, limit))
            .await
    }

    /// Enrollments that have not ended, by id, those after this one.
    pub async fn active_from(&self, after: EnrollmentId, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        self.readers
            .read(move |tx| read_enrollments::active_from(tx, after, limit))
            .await
    }

    /// Enrollments of a rep that have not ended, newest first.
    pub async fn active_list_of(&self, rep: &Address, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_enrollments::active_list_of(tx, &rep, limit))
            .await
    }

    /// Enrollments of a rep about which something was said of a meeting after `after`.
    pub async fn met_of(&self, rep: &Address, after: Timestamp, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_enrollments::met_of(tx, &rep, after, limit))
            .await
    }

    /// Mails sent, answers, touches logged and words about meetings of a rep's enrollments after `after`: when, and the code.
    pub async fn lately(
        &self,
        rep: &Address,
        after: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, String)>, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_enrollments::lately(tx, &rep, after, limit))
            .await
    }

    /// What reps said about themselves.
    pub async fn said(&self) -> Result<Vec<(Address, Said)>, StoreError> {
        self.readers.read(said::all).await
    }

    /// How many enrollments of a rep have not ended.
    pub async fn active_of(&self, rep: &Address) -> Result<usize, StoreError> {
        let rep = rep.clone();
        self.readers.read(move |tx| read_enrollments::active_of(tx, &rep)).await
    }

    /// Facts of the rep's enrollments with a journal number above `after`, oldest first, and the last number read
    /// (`after` when there is none).
    pub async fn since(
        &self,
        rep: &Address,
        after: i64,
        limit: usize,
    ) -> Result<(Vec<(EnrollmentId, Recorded)>, i64), StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_enrollments::since(tx, &rep, after, limit))
            .await
    }
}

/// Tasks, digests, suppressions, figures.
impl Store {
    /// Why an address is suppressed, if it is.
    pub async fn suppressed(&self, address: &LooseAddress) -> Result<Option<SuppressionReason>, StoreError> {
        let address = address.clone();
        self.readers.read(move |tx| suppressions::find(tx, &address)).await
    }

    /// The same of many, in the order of `addresses`.
    pub async fn suppressions(&self, addresses: &[LooseAddress]) -> Result<Vec<Option<SuppressionReason>>, StoreError> {
        let addresses = addresses.to_vec();
        let ask = move |tx: &Tx<'_>| {
            let each = addresses.iter().map(|address| suppressions::find(tx, address));
            each.collect()
        };
        self.readers.read(ask).await
    }

    /// A rep's open tasks with their enrollments, longest due first.
    pub async fn open_tasks(&self, rep: &Address, limit: usize) -> Result<Vec<(Task, Enrollment)>, StoreError> {
        let rep = rep.clone();
        self.readers
            .read(move |tx| read_tasks::open_tasks(tx, &rep, limit))
            .await
    }

    /// How many tasks of a rep are open.
    pub async fn open_tasks_many(&self, rep: &Address) -> Result<usize, StoreError> {
        let rep = rep.clone();
        self.readers.read(move |tx| read_tasks::open_many(tx, &rep)).await
    }

    /// All tasks of an enrollment, by step.
    pub async fn tasks_of(&self, enrollment: EnrollmentId) -> Result<Vec<Task>, StoreError> {
        self.readers.read(move |tx| read_tasks::tasks_of(tx, enrollment)).await
    }

    /// The task behind a number of a digest.
    pub async fn digest_item(&self, digest: LetterId, number: u16) -> Result<Option<Task>, StoreError> {
        self.readers
            .read(move |tx| read_tasks::digest_item(tx, digest, number))
            .await
    }

    /// The enrollment whose mail a number in a digest means.
    pub async fn digest_mail(&self, digest: LetterId, number: u16) -> Result<Option<EnrollmentId>, StoreError> {
        self.readers
            .read(move |tx| read_tasks::digest_mail(tx, digest, number))
            .await
    }

    /// The date of a rep's last digest and the journal number it told facts up to.
    pub async fn last_digest(&self, rep: &Address) -> Result<Option<(Date, i64)>, StoreError> {
        let rep = rep.clone();
        self.readers.read(move |tx| read_tasks::last_digest(tx, &rep)).await
    }

    /// Counts for `status`. Reads whole tables: not for a round.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        self.readers.read(read_counts::counts).await
    }

    /// Looks whether the database is sound, as far as SQLite can tell; reads all of it.
    ///
    /// # Errors
    /// [`StoreError::is_damaged`] when it is not.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.readers.read(|tx| tx.check()).await
    }
}
