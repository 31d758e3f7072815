//! What a rep's daily digest says, before it has words.

use super::{Address, CadenceName, Channel, EnrollmentId, Fact, LetterId, Prospect, StepNo, TaskId};
use jiff::Timestamp;
use jiff::civil::Date;

/// One rep's digest for one local date.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// Its letter.
    pub id: LetterId,
    /// Whose.
    pub rep: Address,
    /// For which day.
    pub date: Date,
    /// The day of the digest before it.
    pub last: Date,
    /// What a human does today, numbered from 1 in this order: overdue first, then by due time.
    pub todo: Vec<DigestItem>,
    /// How many more are open than are shown.
    pub more: usize,
    /// Mails that go out today.
    pub going_out: Vec<GoingOut>,
    /// How many more go out than are listed.
    pub more_mails: usize,
    /// What happened since the last digest, oldest first.
    pub happened: Vec<Happened>,
    /// How many lines of [`Digest::happened`] were left out.
    pub unlisted: usize,
    /// What waits for the rep: paused after replies, missing words, in doubt, mails held in quarantine in their name.
    pub needs_you: Vec<NeedsYou>,
    /// What has been paused for longer: a sentence for each kind. Known, not to be forgotten, and no news.
    pub resting: Vec<String>,
    /// Enrollments that are active.
    pub active: usize,
    /// What was done lately, a business day each, oldest first.
    pub week: Vec<DayFigures>,
    /// The rep's numbers of the last seven days, a line each, as the command `report` says them.
    pub numbers: Vec<String>,
    /// When the bot last looked at every folder of its mailbox; `None`: not since it was started.
    pub synced: Option<Timestamp>,
}

/// What one rep's enrollments saw on one day of the rep's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFigures {
    /// Which day.
    pub day: Date,
    /// Mails that went out.
    pub sent: u32,
    /// Answers.
    pub replied: u32,
    /// Touches by hand that were logged.
    pub logged: u32,
    /// Words about meetings that are booked.
    pub booked: u32,
}

impl Digest {
    /// Whether there is anything to say. What rests is said along with the rest, and is no reason for a mail.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.todo.is_empty() && self.going_out.is_empty() && self.happened.is_empty() && self.needs_you.is_empty()
    }

    /// The same day in at most `lines` lines a section, and with scripts of at most `script` bytes. What is left out is
    /// counted; a task that is not listed stays open and comes up as others are done.
    #[must_use]
    pub fn shortened(mut self, lines: usize, script: usize) -> Self {
        self.more += self.todo.len().saturating_sub(lines);
        self.more_mails += self.going_out.len().saturating_sub(lines);
        self.todo.truncate(lines);
        self.going_out.truncate(lines);
        // Who was enrolled and what was sent is a line each, however many they are.
        let mut told = 0;
        let listed = |line: &Happened| {
            told += usize::from(!line.is_counted());
            line.is_counted() || told <= lines
        };
        let all = self.happened.len();
        self.happened.retain(listed);
        self.unlisted += all - self.happened.len();
        for item in &mut self.todo {
            if item.script.len() > script {
                item.script.truncate(item.script.floor_char_boundary(script));
                item.script.push_str(" … (the rest stands in the cadence's script)");
            }
        }
        self
    }
}

/// One task in a digest.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestItem {
    /// Its number in this digest, from 1: what `1 connected` means.
    pub number: u16,
    /// The task.
    pub task: TaskId,
    /// The enrollment.
    pub enrollment: EnrollmentId,
    /// Whom it is about.
    pub prospect: Prospect,
    /// In what.
    pub cadence: CadenceName,
    /// Which step of how many.
    pub step: (StepNo, usize),
    /// Through what.
    pub channel: Channel,
    /// Since when it is due.
    pub due: Timestamp,
    /// How many business days it is late.
    pub days_late: u32,
    /// What to say or write, as plain text.
    pub script: String,
    /// What happened so far, one line.
    pub so_far: String,
}

/// A mail that goes out today.
#[derive(Debug, Clone, PartialEq)]
pub struct GoingOut {
    /// Its number in this digest, behind those of the tasks: what `hold 4` means.
    pub number: u16,
    /// The enrollment.
    pub enrollment: EnrollmentId,
    /// To whom.
    pub prospect: Prospect,
    /// In what.
    pub cadence: CadenceName,
    /// Which step of how many.
    pub step: (StepNo, usize),
    /// When.
    pub at: Timestamp,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// To which enrollment.
    pub enrollment: EnrollmentId,
    /// Whose.
    pub prospect: Prospect,
    /// In what.
    pub cadence: CadenceName,
    /// What.
    pub fact: Fact,
    /// The fact in words, without the prospect: `touch 2 was answered`.
    pub words: String,
}

impl Happened {
    /// Whether it is told in one line with all of its kind, and not in a line of its own.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        matches!(self.fact, Fact::Sent { .. } | Fact::Enrolled { .. })
    }
}

/// Something that waits for the rep.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedsYou {
    /// The enrollment that the commands are about, when it is about one.
    pub enrollment: Option<EnrollmentId>,
    /// What can be said about it with one tap.
    pub asks: &'static [&'static str],
    /// What, as a sentence.
    pub words: String,
}
