//! A rep's commands → what they change, and one answer.
//!
//! Not here: whom a command is about and what it does to them (`orders`), what asks for no prospect (`asking`).

use super::incoming::{Decided, Incoming, NOT_UNDERSTOOD};
use super::{Bot, orders};
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::authenticity::{Verdict, verdict};
use crate::model::{
    Address, AnswerLine, Asked, Channel, Command, EnrolledLine, Enrollment, EnrollmentId, Notice, Offer, Proposed,
    RefusedLine, Task, Token, Whom, limits,
};
use crate::rules::{self, approve};
use crate::store::{Batch, StoreError};
use jiff::SignedDuration;

/// The kind, in the ledger, of a mail with commands that asked something and changed nothing.
pub(super) const ASKED: &str = "asked";
/// The same of one that changed something.
pub(super) const ORDERED: &str = "commands";

impl Incoming<'_> {
    /// Carries out the commands of one mail in their order and answers all of them in one letter.
    pub(super) async fn answer(&self, rep: &Address, commands: &[Command]) -> Result<Decided, StoreError> {
        // What a program sends is no wish of the rep's, and answering it may never end (RFC 3834 2).
        if let Some(why) = why_not(&self.mail) {
            return Ok(self.plain("automatic", why, Filing::Unmatched));
        }
        let token = self.reading.token;
        if !self.may_use(token, rep).await? {
            let why = "it came by a token of another rep and no trusted check vouches for it";
            return Ok(self.plain("impostor", why, Filing::Quarantine));
        }
        let own_text = self.own_text(token, commands).await?;
        let own_text = own_text.or_else(|| with_text(commands, self.cause().new_text));
        let commands = own_text.as_ref().map_or(commands, std::slice::from_ref);
        let mut desk = Desk::new(self, rep, token);
        let enrolls = |command: &&Command| matches!(command.asked, Asked::Enroll(_));
        desk.is_many = commands.iter().filter(enrolls).count() > limits::ENROLL_AT_ONCE;
        for command in commands {
            desk.carry_out(command).await?;
        }
        desk.ask_back().await?;
        let Desk {
            batch,
            lines,
            enrolled,
            refused,
            notices,
            ..
        } = desk;
        let mut decided = self.plain(ORDERED, &self.reading.because, Filing::Processed);
        let mut cap = limits::ORDERS;
        let is_answered =
            !notices.is_empty() || !enrolled.is_empty() || !batch.ruled.is_empty() || !batch.proposals.is_empty();
        if !is_answered && lines.iter().all(|line| !line.done) {
            (decided.kind, cap) = (NOT_UNDERSTOOD, limits::NOT_UNDERSTOOD);
        } else if is_idle(&batch) {
            (decided.kind, cap) = (ASKED, limits::ASKED);
        }
        decided.batch = batch;
        if self.told_today(rep, decided.kind).await? < cap {
            let receipt = Notice::Receipt {
                subject: self.mail.subject.clone(),
                forwarded: None,
                sees_first_reply: true,
                enrolled,
                refused,
            };
            let says_something = |notice: &Notice| match notice {
                Notice::Receipt { enrolled, refused, .. } => !(enrolled.is_empty() && refused.is_empty()),
                Notice::Answer { lines, .. } => !lines.is_empty(),
                Notice::Relay { .. } | Notice::Alert { .. } => true,
            };
            let told = [Notice::Answer { lines, token }, receipt]
                .into_iter()
                .filter(says_something);
            let told: Vec<_> = told.chain(notices).map(|notice| (rep.clone(), notice)).collect();
            let letters = self.bot.house.letters_about(self.cause(), &told, self.now);
            decided.batch.letters.extend(letters);
        } else {
            decided.because = format!("{}; not answered: too many of these in one day", decided.because);
        }
        Ok(decided)
    }

    /// A token is the capability of the rep it was given to, and of who stands in for them. By somebody else's, only who is
    /// vouched for is heard.
    async fn may_use(&self, token: Option<Token>, rep: &Address) -> Result<bool, StoreError> {
        let owner = match token {
            None => return Ok(true),
            Some(token) => self.bot.owner(token).await?,
        };
        if owner.is_some_and(|owner| self.bot.house.speaks_for(rep, &owner, self.now)) {
            return Ok(true);
        }
        Ok(verdict(&self.mail, &self.bot.house.own(), rep) == Verdict::Pass)
    }

    /// The answer to a draft that is the text itself, as the rep wants it.
    async fn own_text(&self, token: Option<Token>, commands: &[Command]) -> Result<Option<Command>, StoreError> {
        let understood = |command: &Command| !matches!(command.asked, Asked::Unclear { .. } | Asked::Send { .. });
        let Some(id) = token
            .and_then(|token| token.enrollment())
            .filter(|_| !commands.iter().any(understood))
        else {
            return Ok(None);
        };
        let Some(task) = self.bot.draft_task(id).await? else {
            return Ok(None);
        };
        let edited = approve::edited(&approve::shown(&task), self.cause().new_text);
        Ok(edited.map(|edited| Command {
            said: "your own text".to_owned(),
            asked: Asked::Send {
                number: None,
                edited: Some(edited),
            },
        }))
    }

    /// How many mails of this kind the rep was answered in a day: two programs that misunderstand each other must come to
    /// an end.
    async fn told_today(&self, rep: &Address, kind: &'static str) -> Result<usize, StoreError> {
        let day = self.now - SignedDuration::from_hours(24);
        self.bot.store.mails_of_kind(rep, kind, day).await
    }
}

/// `edit` with what stands below it, which is the text and no further commands.
fn with_text(commands: &[Command], new_text: &str) -> Option<Command> {
    let first = commands.first()?;
    let Asked::Edit { whom, text: None } = &first.asked else {
        return None;
    };
    let (_, below) = new_text.split_once(first.said.as_str())?;
    let below = below.trim();
    Some(Command {
        said: first.said.clone(),
        asked: Asked::Edit {
            whom: whom.clone(),
            text: Some(below.to_owned()).filter(|below| !below.is_empty()),
        },
    })
}

/// Whether commands changed nothing.
fn is_idle(batch: &Batch) -> bool {
    let settings = batch.said.is_empty() && batch.codes.is_empty();
    let people = batch.begin.is_empty() && batch.proposals.is_empty() && batch.ruled.is_empty();
    batch.changes.is_empty() && settings && people
}

impl Bot {
    /// The last mail of an enrollment of which the rep has the draft.
    pub(super) async fn draft_task(&self, id: EnrollmentId) -> Result<Option<Task>, StoreError> {
        let tasks = self.store.tasks_of(id).await?;
        Ok(tasks.into_iter().rev().find(|task| task.channel == Channel::Email))
    }

    /// The rep to whom a token was given.
    pub(super) async fn owner(&self, token: Token) -> Result<Option<Address>, StoreError> {
        if let Some(id) = token.enrollment() {
            return Ok(self.store.enrollment(id).await?.map(|enrollment| enrollment.rep));
        }
        let Some(id) = token.letter() else { return Ok(None) };
        Ok(self.store.letter(id).await?.map(|(letter, _)| letter.rep))
    }
}

/// Where the commands of one mail are carried out: each sees what the ones before it did.
pub(super) struct Desk<'a> {
    pub incoming: &'a Incoming<'a>,
    /// Who speaks.
    pub rep: &'a Address,
    pub token: Option<Token>,
    pub batch: Batch,
    pub lines: Vec<AnswerLine>,
    /// Enrollments as the commands so far left them.
    pub changed: Vec<Enrollment>,
    /// Tasks that the commands so far closed.
    pub closed: Vec<Task>,
    /// Who was enrolled by a line.
    pub enrolled: Vec<EnrolledLine>,
    /// Who was not.
    pub refused: Vec<RefusedLine>,
    /// The mail enrolls so many that it is asked back about.
    pub is_many: bool,
    /// Whom it is asked back about then.
    pub proposed: Vec<Proposed>,
    /// Answers that are mails of their own.
    pub notices: Vec<Notice>,
}

impl<'a> Desk<'a> {
    fn new(incoming: &'a Incoming<'a>, rep: &'a Address, token: Option<Token>) -> Self {
        Self {
            incoming,
            rep,
            token,
            batch: Batch::default(),
            lines: Vec::new(),
            changed: Vec::new(),
            closed: Vec::new(),
            enrolled: Vec::new(),
            refused: Vec::new(),
            is_many: false,
            proposed: Vec::new(),
            notices: Vec::new(),
        }
    }

    async fn carry_out(&mut self, command: &Command) -> Result<(), StoreError> {
        match &command.asked {
            Asked::Log { number, .. } | Asked::Send { number, .. } | Asked::Hold { number } => {
                let whom = number.map_or(Whom::This, Whom::Number);
                self.about(command, &whom).await
            }
            Asked::Edit { whom, .. }
            | Asked::Order { whom, .. }
            | Asked::Note { whom, .. }
            | Asked::Switch { whom, .. } => self.about(command, whom).await,
            Asked::Unclear { closest } => {
                let offers = closest.iter().map(|line| orders::offer(line, None)).collect();
                self.refuse(command, &rules::command::unclear(closest), offers);
                Ok(())
            }
            Asked::Yes { cadence } => self.yes(command, cadence.as_deref()).await,
            Asked::No => self.no(command).await,
            Asked::Enroll(_)
            | Asked::List
            | Asked::Cadences
            | Asked::Preview { .. }
            | Asked::Report { .. }
            | Asked::SetDigest(_)
            | Asked::SetZone(_)
            | Asked::Vacation { .. }
            | Asked::Back
            | Asked::NewCodes
            | Asked::Help => self.ask(command).await,
        }
    }

    /// It was done, and this is the answer.
    pub(super) fn tell(&mut self, command: &Command, answer: String, offers: Vec<Offer>) {
        self.lines.push(AnswerLine {
            said: command.said.clone(),
            answer,
            done: true,
            offers,
        });
    }

    /// Nothing was done.
    pub(super) fn refuse(&mut self, command: &Command, why: &str, offers: Vec<Offer>) {
        self.lines.push(AnswerLine {
            said: command.said.clone(),
            answer: why.to_owned(),
            done: false,
            offers,
        });
    }
}
