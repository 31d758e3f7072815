//! Lines of a rep's mail → commands: one table is the grammar ([`crate::model::grammar`]).
//!
//! A line is `[number] words [note]`; case, spacing, bullets, `#1`, `1.`, `1)` and dots at the end do not matter. Only
//! the first lines of the new text count, up to the first that is plainly prose: what a rep writes to the bot out of
//! politeness is answered once and not twenty times.

mod day;
mod likeness;
mod office;
mod words;

pub(super) use day::said_day;

use super::quote::{fold, is_app};
use super::thread::is_prefixed;
use crate::model::grammar::{Entry, GRAMMAR, Verb};
use crate::model::{Asked, Command, limits};
pub use likeness::alike;
use likeness::{distance_to_grammar, likeness};
pub use office::instructions;

/// Words of courtesy that may stand around a command.
const COURTESY: &[&str] = &["please", "pls", "thanks", "thank you", "thx", "bitte", "danke"];
/// Without a number, a command with its note is not longer than this many words; more is prose.
const NOTE_WORDS: usize = 8;
/// How many letters may be wrong for a line to be a mistyped command.
const TYPOS: usize = 2;
/// How many letters may be wrong for a reading to be suggested. What begins with a number means a task in any case.
const ALIKE: usize = 3;
/// How many readings are suggested.
const CLOSEST: usize = 3;

/// Reads the first lines of the new text; of an empty text, the subject. Never empty: what holds no command is one
/// unclear line.
#[must_use]
pub fn read(new_text: &str, subject: &str) -> Vec<Command> {
    let mut lines = new_text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !is_app(line))
        .peekable();
    if lines.peek().is_none() {
        let line = if is_prefixed(subject) { "" } else { subject };
        return vec![command(line, of_line(line).map(Line::asked))];
    }
    let mut commands = Vec::new();
    let mut unread = "";
    for line in lines.take(limits::COMMAND_LINES) {
        match of_line(line) {
            Some(read) => commands.extend(each(line, read)),
            None if commands.is_empty() && is_greeting(line) => unread = line,
            None => {
                unread = line;
                break;
            }
        }
    }
    // A program that drops the body of a link, or a signature in its place, leaves the subject to say it.
    if commands.is_empty()
        && !is_prefixed(subject)
        && let Some(read) = of_line(subject).filter(|read| read.asked().is_ok())
    {
        return each(subject, read);
    }
    if commands.is_empty() {
        commands.push(command(unread, None));
    }
    commands.truncate(limits::COMMAND_LINES);
    commands
}

/// The commands of one line: `1 vm, 2 no answer` is two, and the second is not lost in the note of the first.
fn each<'a>(line: &'a str, read: Line<'a>) -> Vec<Command> {
    let mut commands = Vec::new();
    let (mut said, mut read) = (line, read);
    while let Some((note, rest, next)) = read.note().and_then(another) {
        if commands.len() >= limits::COMMAND_LINES {
            return commands;
        }
        let begin = said.len().saturating_sub(rest.len());
        let before = said.get(..begin).unwrap_or(said).trim_end_matches(is_between);
        commands.push(command(before, Some(read.noting(note).asked())));
        (said, read) = (rest, next);
    }
    commands.push(command(said, Some(read.asked())));
    commands
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || ",;|/&".contains(c)
}

/// The next numbered command within a note: at its beginning, or behind a comma or semicolon. What stands before it, the
/// rest of the line, and that read.
fn another(note: &str) -> Option<(&str, &str, Line<'_>)> {
    let breaks = note.match_indices([',', ';']).map(|(at, _)| at + 1);
    let breaks = breaks.take(limits::COMMAND_LINES);
    std::iter::once(0).chain(breaks).find_map(|at| {
        let (before, rest) = note.split_at_checked(at)?;
        let rest = rest.trim_start_matches(is_between);
        let rest = rest.strip_prefix("and ").unwrap_or(rest);
        let line = of_line(rest)?;
        let is_one = line.number.is_some() && line.verb.is_some() && Line { ..line }.asked().is_ok();
        is_one.then(|| (before.trim_end_matches(is_between), rest, line))
    })
}

fn command(said: &str, asked: Option<Result<Asked, Vec<String>>>) -> Command {
    let asked = asked.unwrap_or(Err(Vec::new())).unwrap_or_else(|meant| {
        let closest = if meant.is_empty() { closest(said) } else { meant };
        Asked::Unclear { closest }
    });
    Command {
        said: said.chars().take(limits::EXCERPT).collect(),
        asked,
    }
}

/// A line that is, or wants to be, a command.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: Option<u16>,
    verb: Option<(Verb, &'a str)>,
}

impl<'a> Line<'a> {
    /// What stands behind a numbered command.
    fn note(&self) -> Option<&'a str> {
        let (_, note) = self.verb.filter(|_| self.number.is_some())?;
        Some(note)
    }

    fn noting(self, note: &'a str) -> Self {
        Self {
            verb: self.verb.map(|(verb, _)| (verb, note)),
            ..self
        }
    }

    /// What it asks for; or what it may mean.
    fn asked(self) -> Result<Asked, Vec<String>> {
        let (verb, note) = self.verb.ok_or_else(Vec::new)?;
        words::asked(verb, self.number, note)
    }
}

/// Reads one line; `None` when it is prose.
fn of_line(line: &str) -> Option<Line<'_>> {
    let (number, rest) = numbered(line);
    let rest = without_courtesy(rest);
    let (number, verb) = match undone(number, rest) {
        Some(number) => (Some(number), Some((Verb::Undo, ""))),
        None if words::is_filling(rest) => (number, Some((Verb::Fill, rest))),
        None => (number, verb(rest)),
    };
    let words = rest.split_whitespace().count();
    let mistyped = words <= 3 && distance_to_grammar(rest) <= TYPOS;
    match (number, &verb) {
        // `10 minutes would be fine for me` is prose, `1 conected` is not.
        (Some(_), None) if words > NOTE_WORDS => None,
        (Some(_), _) => Some(Line { number, verb }),
        (None, Some((verb, note))) => {
            let alone = note.is_empty();
            let short = words <= NOTE_WORDS && !rest.ends_with('?');
            let line = Line {
                number,
                verb: Some((*verb, note)),
            };
            let meant = || match verb {
                Verb::Log(_) => short,
                // What names somebody, and what only makes sense as a command, may be longer.
                Verb::Note | Verb::Fill | Verb::Enroll | Verb::Vacation => line.asked().is_ok(),
                _ => (short || is_about_one(note)) && line.asked().map_or_else(|meant| !meant.is_empty(), |_| true),
            };
            (alone || meant()).then_some(line)
        }
        (None, None) => (mistyped && !is_greeting(line)).then_some(Line { number, verb }),
    }
}

/// The number of `undo 1` and `1 undo`: it is about the task, and never the end of an enrollment.
fn undone(number: Option<u16>, rest: &str) -> Option<u16> {
    let said = fold(rest.trim_end_matches(['.', '!']));
    match number {
        Some(number) => (said == "undo").then_some(number),
        None => said.strip_prefix("undo ")?.trim_start_matches('#').trim().parse().ok(),
    }
}

/// `stop jane@acme.com …` is meant as a command, whatever follows.
fn is_about_one(note: &str) -> bool {
    let first = note.split_whitespace().next();
    first.is_some_and(|word| word.contains('@'))
}

/// `#1`, `1.`, `1)`, `- 1:` and what follows.
fn numbered(line: &str) -> (Option<u16>, &str) {
    let bare = line.trim_start_matches(['-', '*', '•', '–', ' ', '\t', '#']);
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = bare.split_at_checked(digits).unwrap_or(("", bare));
    let Ok(number) = number.parse::<u16>() else {
        return (None, bare);
    };
    let separated = rest.is_empty() || rest.starts_with(['.', ')', ':', ' ', '\t', ',', '-', '–', '=']);
    let clock = rest
        .strip_prefix([':', '.'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if !separated || clock {
        return (None, bare);
    }
    (
        Some(number),
        rest.trim_start_matches(['.', ')', ':', ' ', '\t', ',', '-', '–', '=']),
    )
}

fn without_courtesy(words: &str) -> &str {
    let mut rest = words.trim();
    loop {
        let folded = fold(rest);
        let cut = COURTESY.iter().find_map(|word| {
            let start = folded
                .strip_prefix(word)
                .is_some_and(|after| after.starts_with([' ', ',']));
            // Courtesies are ASCII: what is folded is as long as what is written.
            start.then(|| rest.get(word.len()..)).flatten()
        });
        match cut {
            Some(shorter) => rest = shorter.trim_start_matches([' ', ',']),
            None => return rest,
        }
    }
}

/// The longest way of saying something that the words start with, and the note behind it.
fn verb(words: &str) -> Option<(Verb, &str)> {
    let mut best: Option<(Verb, &str, usize)> = None;
    for entry in GRAMMAR {
        for way in entry.ways {
            if let Some(note) = after(words, way)
                && best.is_none_or(|(_, _, length)| way.len() > length)
            {
                best = Some((entry.verb, note, way.len()));
            }
        }
    }
    best.map(|(verb, note, _)| (verb, note))
}

/// What follows `way` in `words`, spaces and case ignored, when it ends at a word.
fn after<'a>(words: &'a str, way: &str) -> Option<&'a str> {
    let mut rest = words;
    for wanted in way.split(' ') {
        rest = rest.trim_start();
        let head = rest.get(..wanted.len())?;
        if !head.eq_ignore_ascii_case(wanted) {
            return None;
        }
        rest = rest.get(wanted.len()..)?;
    }
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '@') {
        return None;
    }
    let note = rest
        .trim_start_matches(|c: char| c.is_whitespace() || ".,;:!?-–—".contains(c))
        .trim_end();
    let courtesy = fold(note.trim_end_matches(['.', '!']));
    Some(if COURTESY.contains(&courtesy.as_str()) {
        ""
    } else {
        note
    })
}

fn is_greeting(line: &str) -> bool {
    let folded = fold(line);
    let first = folded.split([' ', ',', '!']).next().unwrap_or_default();
    let hello = [
        "hi", "hello", "hey", "dear", "hallo", "bonjour", "hola", "ciao", "moin", "good",
    ]
    .contains(&first);
    hello && folded.split(' ').count() <= 4
}

/// The three things that can be said which are most like the line; none when nothing is like it at all.
fn closest(line: &str) -> Vec<String> {
    let (number, rest) = numbered(line);
    let rest = without_courtesy(rest);
    let heard = fold(rest);
    let heard = heard.trim_end_matches(['.', '!', '?']);
    let mut ranked: Vec<(usize, &Entry)> = GRAMMAR
        .iter()
        .filter_map(|entry| Some((entry.ways.iter().map(|way| likeness(heard, way)).min()?, entry)))
        .filter(|(_, entry)| {
            number.is_none()
                || matches!(
                    entry.verb,
                    Verb::Log(_) | Verb::Undo | Verb::Order(_) | Verb::Send | Verb::Hold | Verb::Edit | Verb::Unedit
                )
        })
        .collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    // Of a short word a few wrong letters leave nothing.
    let is_alike = |way: &&str| way.len() >= 4 && likeness(heard, way) <= ALIKE.min(way.len() / 2);
    let alike = GRAMMAR.iter().any(|entry| entry.ways.iter().any(is_alike));
    let prose = heard.split(' ').count() > NOTE_WORDS;
    if prose || (number.is_none() && !alike) {
        return Vec::new();
    }
    let mut lines: Vec<String> = Vec::new();
    for (_, entry) in ranked {
        let line = said_right(entry, number, rest);
        if lines.len() < CLOSEST && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The line with the words of this entry, and with what stood behind the verb as far as that fits.
fn said_right(entry: &Entry, number: Option<u16>, heard: &str) -> String {
    let way = entry.ways.first().copied().unwrap_or_default();
    let before = number.map(|number| format!("{number} ")).unwrap_or_default();
    let tail = heard.split_once(' ').map(|(_, tail)| tail.trim()).unwrap_or_default();
    let whole = format!("{before}{way} {tail}");
    let bare = format!("{before}{way}");
    let named = tail.contains('@') || tail.eq_ignore_ascii_case("all") || matches!(entry.verb, Verb::Order(_));
    let fits = |line: &String| of_line(line).is_some_and(|line| line.asked().is_ok());
    [whole]
        .into_iter()
        .filter(|_| named && !tail.is_empty())
        .chain([bare])
        .find(fits)
        .unwrap_or_else(|| match number {
            // An example has a number of its own.
            Some(number) => format!(
                "{number} {}",
                entry
                    .example
                    .trim_start_matches(|c: char| c.is_ascii_digit() || c == ' ')
            ),
            None => entry.example.to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Order, SaidDay, SaidMoment, TaskOutcome};
    use jiff::civil::{Time, Weekday, time};

    fn meeting(number: u16, note: &str, day: Weekday, time: Time) -> Asked {
        Asked::Log {
            number: Some(number),
            outcome: TaskOutcome::Meeting,
            note: Some(note.to_owned()),
            at: Some(SaidMoment {
                day: SaidDay::Weekday(day),
                time: Some(time),
            }),
        }
    }

    fn log(number: impl Into<Option<u16>>, outcome: TaskOutcome, note: &str) -> Asked {
        Asked::Log {
            number: number.into(),
            outcome,
            note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            at: None,
        }
    }

    fn asked(text: &str) -> Vec<Asked> {
        read(text, "").into_iter().map(|command| command.asked).collect()
    }

    #[test]
    fn lines_are_read_however_they_are_typed() {
        use TaskOutcome::{Connected, Done, NoAnswer, NotInterested, Skipped, Voicemail, WrongNumber};
        for (line, wanted) in [
            ("1 connected wants pricing", log(1, Connected, "wants pricing")),
            ("#1 Connected - wants Pricing", log(1, Connected, "wants Pricing")),
            ("2 vm", log(2, Voicemail, "")),
            ("2) VOICEMAIL.", log(2, Voicemail, "")),
            ("2. left a message with Tom", log(2, Voicemail, "with Tom")),
            ("3 no  answer", log(3, NoAnswer, "")),
            ("3: No Answer!", log(3, NoAnswer, "")),
            ("- 4 done", log(4, Done, "")),
            ("4 done, thanks", log(4, Done, "")),
            ("5 skip", log(5, Skipped, "")),
            (
                "6 meeting Tuesday 10:00",
                meeting(6, "Tuesday 10:00", Weekday::Tuesday, time(10, 0, 0, 0)),
            ),
            ("7 not interested", log(7, NotInterested, "")),
            ("8 wrong number", log(8, WrongNumber, "")),
            ("done", log(None, Done, "")),
            (
                "Connected: call again in May",
                log(None, Connected, "call again in May"),
            ),
            ("Stop.", Asked::order(Order::Stop)),
            ("please stop", Asked::order(Order::Stop)),
            ("Please pause, thanks", Asked::order(Order::Pause)),
            ("PAUSE", Asked::order(Order::Pause)),
            ("resume!", Asked::order(Order::Resume)),
            ("Why?", Asked::order(Order::Why)),
            ("help", Asked::Help),
        ] {
            assert_eq!(asked(line), [wanted], "{line}");
        }
    }

    #[test]
    fn a_line_may_hold_several() {
        use TaskOutcome::{Connected, NoAnswer, Voicemail};
        let two = [log(1, Voicemail, ""), log(2, NoAnswer, "")];
        for line in [
            "1 vm 2 na",
            "1 vm, 2 na",
            "1. vm; 2. na",
            "1 voicemail / #2 no answer",
            "1 vm and 2 na",
        ] {
            assert_eq!(asked(line), two, "{line}");
        }
        assert_eq!(
            asked("1 connected wants 3 offers, 2 vm left my number; 4 na"),
            [
                log(1, Connected, "wants 3 offers"),
                log(2, Voicemail, "left my number"),
                log(4, NoAnswer, "")
            ]
        );
        for (line, note) in [
            ("1 connected, 2 meetings planned", "2 meetings planned"),
            ("1 connected wants 2 done by May", "wants 2 done by May"),
            ("1 connected 10 minutes", "10 minutes"),
        ] {
            assert_eq!(asked(line), [log(1, Connected, note)], "{line}");
        }
        let said: Vec<_> = read("1 vm, 2 na", "").into_iter().map(|command| command.said).collect();
        assert_eq!(said, ["1 vm", "2 na"]);
    }

    #[test]
    fn a_digest_is_answered_line_by_line() {
        let text = "Hi Cadence,\n\n1 connected\n\n2 vm\n3 blub\n4 done\n\nThanks\nAna";
        let read = asked(text);
        assert_eq!(read.len(), 4);
        assert!(matches!(read[2], Asked::Unclear { .. }));
        assert_eq!(read[3], log(4, TaskOutcome::Done, ""));
    }

    #[test]
    fn what_is_not_understood_gets_the_three_closest() {
        let Some(Asked::Unclear { closest }) = asked("2 conected").pop() else {
            panic!("unclear")
        };
        assert_eq!(closest.len(), 3);
        assert_eq!(closest[0], "2 connected");
        let Some(Asked::Unclear { closest }) = asked("puase").pop() else {
            panic!("unclear")
        };
        assert_eq!(closest[0], "pause");
    }

    #[test]
    fn prose_is_answered_once() {
        for prose in [
            "Thanks a lot, this is great!\nI will call them tomorrow.\nBest\nAna",
            "Why did you write to her on Sunday? That was not planned.",
            "Stop by my desk when you can, please, we have to talk about it",
            "10 minutes would be fine for me and for all the others in the team",
        ] {
            let read = read(prose, "Re: Your day");
            assert_eq!(read.len(), 1, "{prose}");
            assert_eq!(read[0].asked, Asked::Unclear { closest: vec![] }, "{prose}");
        }
    }

    #[test]
    fn of_an_empty_text_the_subject_counts() {
        assert_eq!(read("", "1 connected")[0].asked, log(1, TaskOutcome::Connected, ""));
        assert_eq!(read(" \n", "stop")[0].asked, Asked::order(Order::Stop));
        assert!(matches!(read("", "Re: 3 due today")[0].asked, Asked::Unclear { .. }));
    }

    #[test]
    fn an_endless_text_gives_few_commands() {
        assert_eq!(read(&"1 done\n".repeat(100_000), "").len(), limits::COMMAND_LINES);
    }
}
