//! More than a few people at once, a list, or nobody said in what: the bot asks back first, and one word enrolls all or none.
//!
//! What was said yes to is done by a round of its own, in one commit, so that a list of 500 keeps no mail from being read.

use super::enrolling::prospect_of;
use super::incoming::{Decided, Incoming};
use super::judging::{Judged, table};
use super::posting::thread_of;
use super::{Bot, Progress};
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::hand_over::HandOver;
use crate::mail::list::{List, Unreadable};
use crate::mail::write::{Attached, Automatic, Composition, compose_with};
use crate::model::{
    AnswerLine, CadenceName, Correspondent, Letter, LetterClass, LetterId, MessageId, Notice, Origin, Proposal,
    ProposalState, Proposed, RefusedLine, Rep, Thread, Wish, Wording, limits,
};
use crate::rules::enroll::{Hints, zone};
use crate::rules::route;
use crate::store::{Batch, CommitError, ProposalMove, StoreError};
use crate::template::{Counted, Question};
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

/// Proposals done in one round.
const AT_ONCE: usize = 5;
/// What routes call prospects of a list.
const LIST: &str = "list";

impl Incoming<'_> {
    /// A list of people: how it was read, and the question whether they are to be enrolled.
    pub(super) async fn list(
        &self,
        rep: &Rep,
        handed: &HandOver,
        list: &Result<List, Unreadable>,
    ) -> Result<Decided, StoreError> {
        let list = match list {
            Ok(list) => list,
            Err(why) => return Ok(self.unreadable(rep, why)),
        };
        let unread: Vec<(usize, String)> = list
            .rows
            .iter()
            .filter_map(|row| Some((row.line, row.found.as_ref().err()?.clone())))
            .collect();
        let today = self.now.to_zoned(rep.zone.clone()).date();
        let begin = handed.start.map(|start| start.on(today)).filter(|day| *day >= today);
        let named = list
            .rows
            .iter()
            .filter_map(|row| Some((row.line, row.found.as_ref().ok()?)));
        let people = named.map(|(line, wanted)| {
            let prospect = crate::model::Prospect {
                address: wanted.address.clone(),
                name: wanted.name.clone(),
                zone: zone(&Hints::of(&wanted.address, &wanted.fields, None), rep, self.now),
                fields: wanted.fields.clone(),
            };
            let own = wanted.cadence.as_ref().and_then(|name| CadenceName::parse(name).ok());
            let routed = || {
                let (route, _) = route::pick(&self.bot.house.routes, LIST, &prospect)?;
                Some(route.cadence.clone())
            };
            Proposed {
                line: Some(line),
                cadence: own.or_else(|| handed.cadence.clone()).or_else(routed),
                start: wanted.start.and_then(|said| said.on(today)).or(begin),
                prospect,
            }
        });
        let wish = Wish {
            mail: handed.key.clone(),
            subject: handed.subject.clone(),
            thread: Thread {
                subject: String::new(),
                ids: Vec::new(),
            },
            sent: None,
            origin: Origin::List,
            colleagues: Vec::new(),
            people: people.collect(),
        };
        let columns = list
            .columns
            .iter()
            .map(|column| (column.heading.clone(), column.means.clone()))
            .collect();
        self.propose(rep, wish, unread, columns).await
    }

    /// A hand-over of several people, or one that names no cadence.
    pub(super) async fn propose_handed(&self, rep: &Rep, handed: &HandOver) -> Result<Decided, StoreError> {
        let wish = self.wish_of(rep, handed);
        self.propose(rep, wish, Vec::new(), Vec::new()).await
    }

    /// What a hand-over wants, with all that was read from it.
    pub(super) fn wish_of(&self, rep: &Rep, handed: &HandOver) -> Wish {
        let theirs = handed.forward.as_ref().is_some_and(|forward| !forward.by_us);
        let people = handed.prospects.iter().map(|person| Proposed {
            line: None,
            prospect: prospect_of(person, rep, handed, self.now),
            cadence: handed.cadence.clone(),
            start: self.start(rep, handed).flatten(),
        });
        Wish {
            mail: handed.key.clone(),
            subject: handed.subject.clone(),
            thread: Thread {
                subject: handed.subject.clone(),
                ids: super::enrolling::thread_ids(handed),
            },
            sent: handed.date,
            origin: if theirs { Origin::Theirs } else { Origin::OwnMail },
            colleagues: handed.colleagues.iter().map(|other| other.address.clone()).collect(),
            people: people.collect(),
        }
    }

    async fn propose(
        &self,
        rep: &Rep,
        wish: Wish,
        unread: Vec<(usize, String)>,
        columns: Vec<(String, Option<String>)>,
    ) -> Result<Decided, StoreError> {
        let because = format!(
            "{}; {} people, asked back first",
            self.reading.because,
            wish.people.len()
        );
        let mut decided = self.plain("asked_back", &because, Filing::Processed);
        // What nobody can be asked about is not kept for a word that cannot come.
        if let Some(why) = why_not(&self.mail) {
            decided.because = format!("{because}; not asked: {why}");
            return Ok(decided);
        }
        decided.batch = self.asked_back(rep, wish, &unread, columns, (0, Vec::new())).await?;
        Ok(decided)
    }

    /// What a receipt asks for that enrolled nobody for want of words: it is kept until the rep says them.
    pub(super) fn asked_for_words(&self, rep: &Rep, letter: Option<&Letter>, wish: Wish) -> Option<Proposal> {
        let letter = letter.filter(|_| !wish.people.is_empty())?;
        let lives = SignedDuration::try_from(limits::PROPOSAL_LIVES).unwrap_or(SignedDuration::ZERO);
        Some(Proposal {
            letter: letter.id,
            rep: rep.address.clone(),
            asked_at: self.now,
            expires: self.now.saturating_add(lives).unwrap_or(self.now),
            state: ProposalState::Asked,
            wish,
            enrolled: Vec::new(),
        })
    }

    /// The question about these people, and what waits for its answer.
    pub(super) async fn asked_back(
        &self,
        rep: &Rep,
        wish: Wish,
        unread: &[(usize, String)],
        columns: Vec<(String, Option<String>)>,
        (nth, said): (usize, Vec<AnswerLine>),
    ) -> Result<Batch, StoreError> {
        let bot = self.bot;
        let id = LetterId::of_mail(&wish.mail, &rep.address, nth);
        let (judged, _) = bot.judge(rep, &wish, self.now).await?;
        let lives = SignedDuration::try_from(limits::PROPOSAL_LIVES).unwrap_or(SignedDuration::ZERO);
        let expires = self.now.saturating_add(lives).unwrap_or(self.now);
        let question = Question {
            subject: wish.subject.clone(),
            is_list: !columns.is_empty(),
            columns,
            many: judged.iter().filter(|one| one.is_fine()).count(),
            cadences: counted(&judged),
            lacks_cadence: wish.lacks_cadence(),
            offered: bot.offered_cadences(),
            first: judged.iter().filter_map(Judged::first_touch).min(),
            people: names(&judged),
            refused: refusals(&judged, unread),
            expires,
            done: false,
            daily_cap: Some(rep.daily_cap.unwrap_or(bot.house.pace.daily_cap)),
            said,
        };
        let wording = bot.house.texts.question(&question, rep, &bot.house.bot.for_digest(id));
        let files = [file(&judged, unread, rep, false)];
        let some = question.many > 0;
        drop(judged);
        let mut batch = Batch::default();
        match bot.question_letter(id, id, rep, &wording, &files, &thread_of(&self.mail), self.now) {
            Ok(letter) => {
                batch.letters.push(letter);
                if some {
                    batch.proposals.push(Proposal {
                        letter: id,
                        rep: rep.address.clone(),
                        asked_at: self.now,
                        expires,
                        state: ProposalState::Asked,
                        wish,
                        enrolled: Vec::new(),
                    });
                }
            }
            Err(error) => warn!(letter = %id, error, "a rep could not be asked back"),
        }
        Ok(batch)
    }

    /// The list cannot be read: why, and what to do.
    fn unreadable(&self, rep: &Rep, why: &Unreadable) -> Decided {
        let answer = match why {
            Unreadable::Workbook => {
                "nobody was enrolled: a workbook is not opened here. Save it as CSV UTF-8 (in Excel: File, Save As) and send that"
                    .to_owned()
            }
            Unreadable::NotText => {
                "nobody was enrolled: the list is not in UTF-8. Save it as CSV UTF-8 and send that".to_owned()
            }
            Unreadable::NoAddress(headings) => {
                let shown: Vec<String> = headings.iter().take(limits::LIST_SHOWN).map(|it| format!("\"{it}\"")).collect();
                format!(
                    "nobody was enrolled: no column holds mail addresses. There is: {}. Call the right one \"email\" and send it again",
                    shown.join(", ")
                )
            }
            Unreadable::TwoAddresses(one, other) => format!(
                "nobody was enrolled: {one} and {other} both hold mail addresses. Put a line of headings above them, call the right one \
                 \"email\", and send it again"
            ),
            Unreadable::TooLong => format!(
                "nobody was enrolled: a list has at most {} people. Send it in parts",
                limits::LIST_ROWS
            ),
            Unreadable::Nobody => "nobody was enrolled: the list is empty".to_owned(),
        };
        let notice = Notice::Answer {
            lines: vec![AnswerLine {
                said: self.mail.subject.clone(),
                answer,
                done: false,
                offers: Vec::new(),
            }],
            token: None,
        };
        let because = format!("{}; the list cannot be read", self.reading.because);
        let mut decided = self.plain("hand_over", &because, Filing::Processed);
        if why_not(&self.mail).is_none() {
            let told = [(rep.address.clone(), notice)];
            decided.batch.letters = self.bot.house.letters_about(self.cause(), &told, self.now);
        }
        decided
    }
}

/// Does what reps said yes to, and forgets what nobody said anything to.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let now = bot.clock.now();
    let mut done = 0;
    for proposal in bot.store.confirmed(AT_ONCE).await? {
        done += usize::from(bot.enroll_proposed(&proposal, now).await?);
    }
    for proposal in bot.store.overdue(now, AT_ONCE).await? {
        let moved = ProposalMove {
            letter: proposal.letter,
            from: ProposalState::Asked,
            to: ProposalState::Expired,
            wish: proposal.wish.without_people(),
            enrolled: Vec::new(),
        };
        done += usize::from(bot.rule(moved, now).await?);
    }
    Ok(Progress::of(done))
}

impl Bot {
    async fn rule(&self, moved: ProposalMove, now: Timestamp) -> Result<bool, StoreError> {
        let batch = Batch {
            at: Some(now),
            ruled: vec![moved],
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            Ok(()) => Ok(true),
            Err(CommitError::Stale | CommitError::Known) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// All of them, in one commit with the answer.
    async fn enroll_proposed(&self, proposal: &Proposal, now: Timestamp) -> Result<bool, StoreError> {
        let wish = &proposal.wish;
        let Some(rep) = self.house.rep(&proposal.rep) else {
            let gone = ProposalMove {
                letter: proposal.letter,
                from: ProposalState::Confirmed,
                to: ProposalState::Dropped,
                wish: wish.without_people(),
                enrolled: Vec::new(),
            };
            return self.rule(gone, now).await;
        };
        let (judged, begin) = self.judge(rep, wish, now).await?;
        let letter = self.told_of(proposal, rep, &judged, now);
        let moved = ProposalMove {
            letter: proposal.letter,
            from: ProposalState::Confirmed,
            to: ProposalState::Done,
            wish: wish.without_people(),
            enrolled: begin.iter().map(|new| new.id).collect(),
        };
        let many = begin.len();
        let batch = Batch {
            at: Some(now),
            begin,
            letters: letter.into_iter().collect(),
            ruled: vec![moved],
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            Ok(()) => {
                info!(letter = %proposal.letter, many, "people whom a rep confirmed are enrolled");
                Ok(true)
            }
            // Somebody of them was enrolled meanwhile: the next look sees them.
            Err(CommitError::Stale | CommitError::Known) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// What became of them: of a few a receipt each, of many one mail with a table.
    fn told_of(&self, proposal: &Proposal, rep: &Rep, judged: &[Judged<'_>], now: Timestamp) -> Option<Letter> {
        let wish = &proposal.wish;
        let id = LetterId::of_mail(&wish.mail, &rep.address, ANSWER);
        let made = if judged.len() <= limits::ENROLL_AT_ONCE && wish.origin != Origin::List {
            let mut enrolled = Vec::new();
            let mut refused = Vec::new();
            for one in judged {
                match &one.verdict {
                    Some(Ok(line)) => enrolled.push(line.clone()),
                    Some(Err(why)) => refused.push(RefusedLine {
                        who: Some(one.proposed.prospect.address.clone()),
                        why: why.clone(),
                    }),
                    None => {}
                }
            }
            let notice = Notice::Receipt {
                subject: wish.subject.clone(),
                forwarded: None,
                sees_first_reply: wish.origin != Origin::OwnMail,
                enrolled,
                refused,
                said: Vec::new(),
            };
            self.house
                .notice(id, rep, &notice, None, now)
                .map_err(|error| error.to_string())
        } else {
            let question = Question {
                subject: wish.subject.clone(),
                is_list: wish.origin == Origin::List,
                columns: Vec::new(),
                many: judged.iter().filter(|one| matches!(one.verdict, Some(Ok(_)))).count(),
                cadences: counted(judged),
                lacks_cadence: false,
                offered: Vec::new(),
                first: judged.iter().filter_map(Judged::first_touch).min(),
                people: names(judged),
                refused: refusals(judged, &[]),
                expires: proposal.expires,
                done: true,
                daily_cap: Some(rep.daily_cap.unwrap_or(self.house.pace.daily_cap)),
                said: Vec::new(),
            };
            let reply_to = self.house.bot.for_digest(proposal.letter);
            let wording = self.house.texts.question(&question, rep, &reply_to);
            let thread: Vec<MessageId> = self.house.bot.message_id_of(proposal.letter).into_iter().collect();
            let files = [file(judged, &[], rep, true)];
            self.question_letter(id, proposal.letter, rep, &wording, &files, &thread, now)
        };
        made.map_err(|error| warn!(letter = %id, error, "a rep is not told at once who was enrolled"))
            .ok()
    }

    /// A letter about people whom a rep was, or is, asked back about; answers to it are about them.
    #[allow(
        clippy::too_many_arguments,
        reason = "a letter has so many parts, and this is where they meet"
    )]
    fn question_letter(
        &self,
        id: LetterId,
        about: LetterId,
        rep: &Rep,
        wording: &Wording,
        files: &[Attached],
        thread: &[MessageId],
        now: Timestamp,
    ) -> Result<Letter, String> {
        let house = &self.house;
        let message_id = house.bot.message_id_of(id).ok_or("it has no Message-ID")?;
        let from = Correspondent::new(Some(&house.bot_name), house.bot.address().clone());
        let reply_to = Correspondent::new(Some(&house.bot_name), house.bot.for_digest(about));
        let composition = Composition {
            from: &from,
            to: &rep.correspondent(),
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread,
            wording,
            unsubscribe: None,
            automatic: Automatic::Replied,
            reference: &id.to_string(),
            enclosed: None,
        };
        Ok(Letter {
            id,
            class: LetterClass::Receipt,
            touch: None,
            rep: rep.address.clone(),
            envelope_from: None,
            to: rep.address.clone(),
            bytes: compose_with(&composition, files)?,
            message_id,
            not_before: now,
        })
    }

    /// The cadences that are offered where none was named: those whose first touch is a mail, as many as fit on a phone.
    fn offered_cadences(&self) -> Vec<String> {
        let names = self.cadence_names();
        let usual = ["outbound", "warm-outbound", "event"];
        let known = usual.iter().filter(|name| names.iter().any(|known| known == *name));
        let known: Vec<String> = known.map(|name| (*name).to_owned()).collect();
        let others = names.into_iter().filter(|name| !usual.contains(&name.as_str()));
        known.into_iter().chain(others).take(limits::OFFERS).collect()
    }
}

/// Which of the letters that a mail causes the answer is, behind the question.
const ANSWER: usize = 900;

/// How many go into which cadence.
fn counted(judged: &[Judged<'_>]) -> Vec<Counted> {
    let mut all: Vec<Counted> = Vec::new();
    for line in judged.iter().filter_map(|one| one.verdict.as_ref()?.as_ref().ok()) {
        match all.iter_mut().find(|known| known.cadence == line.cadence.as_str()) {
            Some(known) => known.many += 1,
            None => all.push(Counted {
                cadence: line.cadence.to_string(),
                title: line.title.clone(),
                touches: line.plan.len(),
                many: 1,
            }),
        }
    }
    all
}

/// Who would be enrolled, the first of them.
fn names(judged: &[Judged<'_>]) -> Vec<String> {
    let fine = judged.iter().filter(|one| one.is_fine());
    let name = |one: &Judged<'_>| {
        let prospect = &one.proposed.prospect;
        match &prospect.name {
            Some(name) => format!("{name} <{}>", prospect.address),
            None => prospect.address.to_string(),
        }
    };
    fine.take(limits::LIST_SHOWN).map(name).collect()
}

/// Who is not enrolled, and why.
fn refusals(judged: &[Judged<'_>], unread: &[(usize, String)]) -> Vec<(String, String)> {
    let refused = judged.iter().filter_map(|one| {
        let why = one.verdict.as_ref()?.as_ref().err()?;
        Some((one.proposed.prospect.address.to_string(), why.word().to_owned()))
    });
    let unread = unread.iter().map(|(line, why)| (format!("line {line}"), why.clone()));
    refused.chain(unread).collect()
}

fn file(judged: &[Judged<'_>], unread: &[(usize, String)], rep: &Rep, done: bool) -> Attached {
    // Spreadsheets take a file for UTF-8 only by its byte order mark.
    let text = format!("\u{FEFF}{}", table(judged, unread, rep, done));
    Attached {
        name: if done { "enrolled.csv" } else { "would-be-enrolled.csv" }.to_owned(),
        content_type: "text/csv; charset=utf-8",
        bytes: text.into_bytes(),
    }
}
