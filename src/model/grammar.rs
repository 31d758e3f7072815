//! What a rep may say to the bot, as one table. `mail::command` reads by it, `help` prints it, and `docs/commands.md` is
//! made of it.

use super::{Duty, Order, TaskOutcome};
use std::fmt::Write;

/// What a line's words ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// How a task went.
    Log(TaskOutcome),
    /// Something about enrollments.
    Order(Order),
    /// A mail that waits for the rep's word may go.
    Send,
    /// It may not.
    Hold,
    /// Its text is another.
    Edit,
    /// Its text is the cadence's again.
    Unedit,
    /// What was logged of a task is taken back.
    Undo,
    /// What was not known of somebody.
    Fill,
    /// A note about somebody.
    Note,
    /// Into another cadence.
    Switch,
    /// Somebody new.
    Enroll,
    /// Those about whom the bot asked back are enrolled.
    Yes,
    /// They are not.
    No,
    /// Who is under way.
    List,
    /// Which cadences there are.
    Cadences,
    /// What a cadence does.
    Preview,
    /// The rep's numbers.
    Report,
    /// When the digest comes.
    SetDigest,
    /// The rep's zone.
    SetZone,
    /// The rep is away.
    Vacation,
    /// The rep is back.
    Back,
    /// New enrol addresses.
    NewCodes,
    /// What can be said.
    Help,
    /// A duty of the administrator's.
    Duty(Duty),
}

/// Who may say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A rep, about what is theirs.
    Rep,
    /// The administrator, in answer to a mail that only they got, and only where a trusted check vouches for the answer.
    Administrator,
}

impl Role {
    /// As the documentation says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rep => "rep",
            Self::Administrator => "administrator",
        }
    }
}

/// Where a command stands in `help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// In answer to a digest, or to a mail about one prospect.
    Tasks,
    /// About prospects.
    Prospects,
    /// About cadences.
    Cadences,
    /// About the rep.
    You,
    /// About the whole house.
    House,
}

impl Group {
    /// All, in the order of `help`.
    pub const ALL: [Self; 5] = [Self::Tasks, Self::Prospects, Self::Cadences, Self::You, Self::House];

    /// Its headline.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Tasks => {
                "How a task went (begin with its number in the digest; without one in answer to a mail about one prospect)"
            }
            Self::Prospects => {
                "About prospects (an address, a company, a number of the digest or `all`; without one in answer to a mail about one prospect)"
            }
            Self::Cadences => "About cadences",
            Self::You => "About you",
            Self::House => "About the whole house (the administrator, in answer to a warning)",
        }
    }
}

/// One command.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What it asks for.
    pub verb: Verb,
    /// Who may say it.
    pub role: Role,
    /// How it may be said; the first way is the one that is suggested.
    pub ways: &'static [&'static str],
    /// Where it stands in `help`.
    pub group: Group,
    /// What may stand behind it.
    pub takes: &'static str,
    /// A whole line, for `help` and for what was not understood.
    pub example: &'static str,
    /// What it does, a clause.
    pub does: &'static str,
}

const fn task(outcome: TaskOutcome, ways: &'static [&'static str], example: &'static str, does: &'static str) -> Entry {
    Entry {
        verb: Verb::Log(outcome),
        role: Role::Rep,
        ways,
        group: Group::Tasks,
        takes: "[note]",
        example,
        does,
    }
}

const fn order(
    order: Order,
    ways: &'static [&'static str],
    takes: &'static str,
    example: &'static str,
    does: &'static str,
) -> Entry {
    Entry {
        verb: Verb::Order(order),
        role: Role::Rep,
        ways,
        group: Group::Prospects,
        takes,
        example,
        does,
    }
}

const fn other(
    verb: Verb,
    ways: &'static [&'static str],
    group: Group,
    takes: &'static str,
    example: &'static str,
    does: &'static str,
) -> Entry {
    Entry {
        verb,
        role: Role::Rep,
        ways,
        group,
        takes,
        example,
        does,
    }
}

const fn duty(
    duty: Duty,
    ways: &'static [&'static str],
    takes: &'static str,
    example: &'static str,
    does: &'static str,
) -> Entry {
    Entry {
        verb: Verb::Duty(duty),
        role: Role::Administrator,
        ways,
        group: Group::House,
        takes,
        example,
        does,
    }
}

/// What reps may say.
#[rustfmt::skip]
pub const GRAMMAR: &[Entry] = &[
    task(TaskOutcome::Connected, &["connected", "connect", "talked", "spoke", "reached", "conversation"],
        "1 connected wants pricing next week", "you talked to them; what follows is noted"),
    task(TaskOutcome::Voicemail, &["voicemail", "voice mail", "left voicemail", "left a voicemail", "left message", "left a message", "vm", "lvm"],
        "2 vm", "you left a message"),
    task(TaskOutcome::NoAnswer, &["no answer", "noanswer", "no-answer", "no response", "no pickup", "not reached", "na", "n/a", "busy"],
        "3 no answer", "nobody answered"),
    task(TaskOutcome::Done, &["done", "ok", "sent", "finished", "did it", "completed"],
        "4 done", "it is done, nothing more to say"),
    task(TaskOutcome::Skipped, &["skip", "skipped", "skip it"],
        "5 skip", "it is left out"),
    task(TaskOutcome::Meeting, &["meeting", "meeting booked", "booked", "booked a meeting", "booked meeting", "met", "appointment"],
        "7 meeting tue 15:00", "a meeting was agreed: the cadence ends as met, and the business day after you are asked how it went"),
    task(TaskOutcome::NotInterested, &["not interested", "notinterested", "no interest", "uninterested", "declined", "ni"],
        "8 not interested", "they said no: the cadence ends"),
    task(TaskOutcome::WrongNumber, &["wrong number", "wrongnumber", "wrong person", "bad number", "wn"],
        "9 wrong number", "the number is marked as wrong"),
    other(Verb::Undo, &["reopen", "undo log"], Group::Tasks, "",
        "1 reopen", "what you logged is taken back, and it is to be done again; `undo 1` says the same"),
    order(Order::Snooze, &["snooze", "postpone", "remind me"], "[WHOM] [until] DAY [reason]",
        "6 snooze fri", "a numbered task comes back on that day; otherwise all touches wait until then"),
    order(Order::Stop, &["stop", "end", "cancel", "undo"], "[WHOM] [reason]",
        "stop jane@acme.com", "no more touches, for good"),
    order(Order::Finish, &["finish"], "[WHOM] [reason]",
        "finish jane@acme.com", "you go on by hand: no more touches, and no cadence follows"),
    order(Order::Pause, &["pause"], "[WHOM] [until DAY] [reason]",
        "pause jane@acme.com until 5 May", "all touches wait until you resume, or until that day"),
    order(Order::Resume, &["resume", "continue", "go on", "unpause"], "[WHOM]",
        "resume jane@acme.com", "the next touch gets its time anew, and nothing comes in a burst"),
    order(Order::Why, &["why", "explain"], "[WHOM]",
        "why jane@acme.com", "where it stands, why, and what happened so far"),
    order(Order::Status, &["status"], "[WHOM]",
        "status Acme", "where it stands"),
    order(Order::Held, &["held", "it was held", "it took place", "took place"], "[WHOM] [note]",
        "held jane@acme.com", "the meeting took place"),
    order(Order::NoShow, &["no-show", "no show", "noshow", "did not show", "didn't show"], "[WHOM] [note]",
        "no-show jane@acme.com", "they did not come: the no-show cadence begins"),
    other(Verb::Send, &["send", "send it", "approve", "approved"], Group::Prospects, "[NUMBER]",
        "send 4", "the mail whose draft you have goes out; or answer the draft with your own text"),
    other(Verb::Hold, &["hold", "hold it"], Group::Prospects, "[NUMBER]",
        "hold 4", "it does not go; of one without a draft, touches wait"),
    other(Verb::Edit, &["edit", "rewrite"], Group::Prospects, "[WHOM] [touch NUMBER], and your text in the lines below",
        "edit jane@acme.com touch 5", "the text of a mail to come, to read; with a text of your own below the line, that goes out instead; without a touch their next mail"),
    other(Verb::Unedit, &["undo edit", "unedit"], Group::Prospects, "[WHOM] [touch NUMBER]",
        "undo edit jane@acme.com touch 5", "the mail goes out as the cadence has it"),
    other(Verb::Fill, &["fill", "fill in"], Group::Prospects, "[WHOM] FIELD=VALUE …",
        "fill jane@acme.com title=\"VP Sales\"", "what a touch lacked is known from now on, and who waited for it goes on; in answer to a mail about one prospect `title=\"VP Sales\"` is enough"),
    other(Verb::Note, &["note"], Group::Prospects, "[WHOM] TEXT",
        "note jane@acme.com likes short mails", "noted, and shown with the next task"),
    other(Verb::Enroll, &["enroll", "enrol"], Group::Prospects, "ADDRESS [\"NAME\"] [field=value …] [in CADENCE] [start DAY]",
        "enroll jane@acme.com \"Jane Doe\" company=Acme in outbound", "enrolled, and a receipt says what comes when; or attach a CSV file"),
    other(Verb::Switch, &["switch"], Group::Prospects, "[WHOM] to CADENCE",
        "switch jane@acme.com to inbound-nurture", "this cadence ends and the other one begins"),
    other(Verb::Yes, &["yes", "confirm", "enroll all", "enroll them"], Group::Prospects, "[in CADENCE]",
        "yes", "in answer to a question of mine about several people: all of them are enrolled"),
    other(Verb::No, &["no", "nobody", "drop them"], Group::Prospects, "",
        "no", "in answer to such a question: none of them is"),
    other(Verb::List, &["list"], Group::Prospects, "",
        "list", "everybody of yours who is under way"),
    other(Verb::Cadences, &["cadences", "sequences"], Group::Cadences, "",
        "cadences", "all cadences, with your address for each"),
    other(Verb::Preview, &["preview"], Group::Cadences, "CADENCE",
        "preview outbound", "the touches of a cadence"),
    other(Verb::Report, &["report", "numbers"], Group::You, "[week|month]",
        "report month", "your numbers"),
    other(Verb::SetDigest, &["set digest", "digest"], Group::You, "TIME",
        "set digest 07:00", "your digest comes at that time"),
    other(Verb::SetZone, &["set zone", "set timezone", "set time zone"], Group::You, "ZONE",
        "set zone Europe/Berlin", "your clock"),
    other(Verb::Vacation, &["vacation", "away", "out of office"], Group::You, "DAY to DAY [cover ADDRESS]",
        "vacation 24 Dec to 2 Jan", "no digest and no touch in your name until you are back; with `cover ben@corp.com` all goes on, and Ben gets your mails from me"),
    other(Verb::Back, &["back", "vacation off", "i am back", "i'm back"], Group::You, "",
        "back", "your vacation is over"),
    other(Verb::NewCodes, &["new codes", "new addresses", "rotate codes"], Group::You, "",
        "new codes", "new enrol addresses by mail; the ones so far are worthless at once"),
    other(Verb::Help, &["help", "?", "commands"], Group::You, "",
        "help", "this"),
];

/// What the administrator may say.
#[rustfmt::skip]
pub const ADMINISTRATOR: &[Entry] = &[
    duty(Duty::State, &["state", "status"], "",
        "state", "what is held, in doubt and in quarantine, and when I last read my mailbox"),
    duty(Duty::Holds, &["holds", "list holds"], "",
        "holds", "what keeps touches from going out, and since when"),
    duty(Duty::Hold, &["hold"], "all|cadence NAME|rep ADDRESS WHY",
        "hold cadence outbound the price list changed", "no touch of it goes out until you say `unhold`"),
    duty(Duty::Unhold, &["unhold", "lift"], "all|cadence NAME|rep ADDRESS",
        "unhold cadence outbound", "what was held goes on, inside the daily caps"),
    duty(Duty::Quarantine, &["quarantine", "list quarantine"], "",
        "quarantine", "mails that did not prove to be from whom they say"),
    duty(Duty::Release, &["release"], "ID WHY",
        "release 3fa9c1d2 Ana confirmed it on the phone", "you vouch for it: it is taken in once it is moved back to the inbox"),
    duty(Duty::Drop, &["drop"], "ID [WHY]",
        "drop 3fa9c1d2 forged", "it is listed no more"),
    duty(Duty::InDoubt, &["in-doubt", "in doubt", "doubts"], "",
        "in-doubt", "mails of which nobody knows whether they went out"),
    duty(Duty::WentOut, &["went out"], "ID WHY",
        "went out 4f2a it lies in the Sent folder", "it counts as sent"),
    duty(Duty::Resend, &["resend", "send again"], "ID WHY",
        "resend 4f2a the relay dropped it", "the same bytes go out once more, while no stop came and no later touch was made"),
    duty(Duty::Help, &["help", "?"], "",
        "help", "this"),
];

/// What a mail whose first command is this is called in the ledger: the first way of saying it.
#[must_use]
pub fn kind(verb: Verb) -> &'static str {
    entry(verb)
        .and_then(|entry| entry.ways.first())
        .copied()
        .unwrap_or("help")
}

/// Whether [`kind`] says so of some command.
#[must_use]
pub fn is_kind(kind: &str) -> bool {
    all().any(|entry| entry.ways.first() == Some(&kind))
}

/// Every row, of reps and of the administrator.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    GRAMMAR.iter().chain(ADMINISTRATOR)
}

/// The entry of a verb.
#[must_use]
pub fn entry(verb: Verb) -> Option<&'static Entry> {
    all().find(|entry| entry.verb == verb)
}

/// What can be said, for `help`: a line each.
#[must_use]
pub fn help() -> String {
    let mut text = String::new();
    for group in Group::ALL.into_iter().filter(|group| *group != Group::House) {
        if !text.is_empty() {
            text.push('\n');
        }
        // Writing to a String never fails.
        let _ = writeln!(text, "{}:", group.title());
        for entry in GRAMMAR.iter().filter(|entry| entry.group == group) {
            let _ = writeln!(text, "`{}`: {}.", entry.example, entry.does);
        }
    }
    text.push_str(
        "\nDays as you write them: `fri`, `tomorrow`, `in 2 weeks`, `24 Dec`, `2026-12-24`. Several lines are several \
         commands. To enroll somebody, write to them with your address of a cadence in BCC.",
    );
    text
}

/// What the administrator can say: a line each.
#[must_use]
pub fn help_for_administrators() -> String {
    let mut text = String::new();
    for entry in ADMINISTRATOR {
        // Writing to a String never fails.
        let _ = writeln!(text, "`{}`: {}.", entry.example, entry.does);
    }
    text.push_str("Everything else, and all of this, stands in `cadence --help` on the machine.");
    text
}

/// The documentation page, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut text = String::from(
        "# Commands by mail\n\n\
         Made from the table in `src/model/grammar.rs`; a test holds both together.\n\n\
         Write to the bot's address, or reply to anything it sent. The first lines of what you write count, one command a \
         line. Case, spacing, `#1`, `1.` and `1)` do not matter. Every command is answered once: what was done, what that \
         changes, and how to undo it; what was not understood comes back with the closest readings, one tap each.\n\n\
         `WHOM` is an address, a company (as you wrote it, or the name in its domain), a number of the digest, or `all`; \
         in answer to a mail about one prospect it may be left out. `DAY` is `fri`, `next monday`, `tomorrow`, `in 2 weeks`, \
         `24 Dec`, `Dec 24`, `24.12.` or `2026-12-24`, by your clock; `3/4` is asked about.\n\n\
         What only the administrator may say counts in answer to a mail of the bot's to the administrator, and only where a \
         trusted check (`[trust]`) vouches for the answer; else it goes to quarantine and is not answered.\n",
    );
    for group in Group::ALL {
        let _ = write!(
            text,
            "\n## {}\n\n| say | also | for example | what it does | who |\n|---|---|---|---|---|\n",
            group.title()
        );
        for entry in all().filter(|entry| entry.group == group) {
            let (first, also) = entry
                .ways
                .split_first()
                .map_or(("", &[][..]), |(first, also)| (*first, also));
            let _ = writeln!(
                text,
                "| `{}` | {} | `{}` | {} | {} |",
                format!("{first} {}", entry.takes).trim().replace('|', "\\|"),
                also.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(", "),
                entry.example,
                entry.does,
                entry.role.word(),
            );
        }
    }
    text
}
