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
    RefusedLine, Task, Token, Whom, grammar, limits,
};
use crate::rules::{self, approve};
use crate::store::{Batch, StoreError};
use jiff::SignedDuration;

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
        desk.is_alone = commands.len() == 1;
        for command in commands {
            // What a command may lead to is much; on the heap it weighs on no reading of other mails.
            Box::pin(desk.carry_out(command)).await?;
        }
        desk.ask_back().await?;
        let Desk {
            batch,
            mut lines,
            enrolled,
            refused,
            notices,
            lacking,
            ..
        } = desk;
        let asks = enrolled.is_empty() && !lacking.is_empty();
        let is_receipt = !enrolled.is_empty() || !batch.proposals.is_empty() || !batch.ruled.is_empty();
        let is_done = is_receipt || !refused.is_empty() || !notices.is_empty() || lines.iter().any(|line| line.done);
        let verb = commands.iter().find_map(|command| command.asked.verb());
        let kind = verb.filter(|_| is_done).map_or(NOT_UNDERSTOOD, grammar::kind);
        let cap = if is_receipt { limits::RECEIPTS } else { limits::ANSWERS };
        let mut decided = self.plain(kind, &self.reading.because, Filing::Processed);
        decided.batch = batch;
        let told = self.told_today(rep, kind).await?;
        if told >= cap {
            decided.because = format!("{}; not answered: too many of these in one day", decided.because);
            return Ok(decided);
        }
        if told + 1 == cap
            && kind != NOT_UNDERSTOOD
            && let Some(last) = lines.last_mut()
        {
            last.answer.push_str(LAST_TODAY);
        }
        // One mail is answered by one: where somebody was enrolled, what else was asked for stands in the receipt.
        let answer = if enrolled.is_empty() && refused.is_empty() {
            Notice::Answer { lines, token }
        } else {
            Notice::Receipt {
                subject: self.mail.subject.clone(),
                forwarded: None,
                sees_first_reply: true,
                enrolled,
                refused,
                said: lines,
            }
        };
        let is_empty = matches!(&answer, Notice::Answer { lines, .. } if lines.is_empty());
        let told = (!is_empty).then_some(answer).into_iter().chain(notices);
        let told: Vec<_> = told.map(|notice| (rep.clone(), notice)).collect();
        let letters = self.bot.house.letters_about(self.cause(), &told, self.now);
        if asks && let Some(rep) = self.bot.house.rep(rep) {
            let wish = self.wish_of_lines(lacking);
            let asked = self.asked_for_words(rep, letters.first(), wish);
            decided.batch.proposals.extend(asked);
        }
        decided.batch.letters.extend(letters);
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
    pub(super) async fn told_today(&self, rep: &Address, kind: &'static str) -> Result<usize, StoreError> {
        let day = self.now - SignedDuration::from_hours(24);
        self.bot.store.mails_of_kind(rep, kind, day).await
    }
}

/// `edit` with what stands below it, which is the text and no further commands.
fn with_text(commands: &[Command], new_text: &str) -> Option<Command> {
    let first = commands.first()?;
    let Asked::Edit {
        whom,
        touch,
        text: None,
    } = &first.asked
    else {
        return None;
    };
    let (_, below) = new_text.split_once(first.said.as_str())?;
    let below = below.trim();
    Some(Command {
        said: first.said.clone(),
        asked: Asked::Edit {
            whom: whom.clone(),
            touch: *touch,
            text: Some(below.to_owned()).filter(|below| !below.is_empty()),
        },
    })
}

/// Stands behind the last answer of its kind in a day.
const LAST_TODAY: &str = "\nThis is the last answer of this kind in 24 hours: what else you say so is done all the same, and `list` and the digest \
                          show it. Several lines in one mail get one answer.";

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
    /// The mail holds one command alone.
    pub is_alone: bool,
    /// Whom it is asked back about then.
    pub proposed: Vec<Proposed>,
    /// Who was not enrolled by a line for want of words alone.
    pub lacking: Vec<Proposed>,
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
            is_alone: true,
            proposed: Vec::new(),
            lacking: Vec::new(),
            notices: Vec::new(),
        }
    }

    async fn carry_out(&mut self, command: &Command) -> Result<(), StoreError> {
        match &command.asked {
            Asked::Log { number, .. }
            | Asked::Undo { number }
            | Asked::Send { number, .. }
            | Asked::Hold { number } => {
                let whom = number.map_or(Whom::This, Whom::Number);
                self.about(command, &whom).await
            }
            Asked::Edit { whom, .. }
            | Asked::Unedit { whom, .. }
            | Asked::Order { whom, .. }
            | Asked::Note { whom, .. }
            | Asked::Switch { whom, .. } => self.about(command, whom).await,
            Asked::Fill { whom, fields } => {
                if Box::pin(self.fill_proposed(command, whom, fields)).await? {
                    return Ok(());
                }
                self.about(command, whom).await
            }
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
