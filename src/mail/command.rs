//! Lines of a rep's mail → commands: one table is the grammar (`grammar.rs`).
//!
//! A line is `[number] words [note]`; case, spacing, bullets, `#1`, `1.`, `1)` and dots at the end do not matter. Only
//! the first lines of the new text count, up to the first that is plainly prose: what a rep writes to the bot out of
//! politeness is answered once and not twenty times.

mod grammar;
mod likeness;

use super::quote::fold;
use super::thread::is_prefixed;
use crate::model::{Asked, Command, limits};
use grammar::{GRAMMAR, Verb};
use likeness::{distance, likeness};

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
        .filter(|line| !line.is_empty())
        .peekable();
    if lines.peek().is_none() {
        let line = if is_prefixed(subject) { "" } else { subject };
        return vec![command(line, of_line(line).and_then(Line::asked))];
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
        commands.push(command(before, read.noting(note).asked()));
        (said, read) = (rest, next);
    }
    commands.push(command(said, read.asked()));
    commands
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || ",;|/&".contains(c)
}

/// The next numbered outcome within a note: at its beginning, or behind a comma or semicolon. What stands before it, the
/// rest of the line, and that read.
fn another(note: &str) -> Option<(&str, &str, Line<'_>)> {
    let breaks = note.match_indices([',', ';']).map(|(at, _)| at + 1);
    let breaks = breaks.take(limits::COMMAND_LINES);
    std::iter::once(0).chain(breaks).find_map(|at| {
        let (before, rest) = note.split_at_checked(at)?;
        let rest = rest.trim_start_matches(is_between);
        let rest = rest.strip_prefix("and ").unwrap_or(rest);
        let line = of_line(rest)?;
        let logs = line.number.is_some() && matches!(line.verb, Some((Verb::Log(_), _)));
        logs.then(|| (before.trim_end_matches(is_between), rest, line))
    })
}

fn command(said: &str, asked: Option<Asked>) -> Command {
    Command {
        said: said.chars().take(limits::EXCERPT).collect(),
        asked: asked.unwrap_or_else(|| Asked::Unclear { closest: closest(said) }),
    }
}

/// A line that is, or wants to be, a command.
struct Line<'a> {
    number: Option<u16>,
    verb: Option<(Verb, &'a str)>,
}

impl<'a> Line<'a> {
    /// What stands behind a numbered outcome.
    fn note(&self) -> Option<&'a str> {
        let (Verb::Log(_), note) = self.verb.filter(|_| self.number.is_some())? else {
            return None;
        };
        Some(note)
    }

    fn noting(self, note: &'a str) -> Self {
        Self {
            verb: self.verb.map(|(verb, _)| (verb, note)),
            ..self
        }
    }

    /// The number of a draft, before or behind its verb; `None` when something else stands there.
    #[allow(clippy::option_option, reason = "no number is fine, and another text is not")]
    fn of(&self, note: &str) -> Option<Option<u16>> {
        match (self.number, note) {
            (number, "") => Some(number),
            (None, note) => number_of(note).map(Some),
            (Some(_), _) => None,
        }
    }

    fn asked(self) -> Option<Asked> {
        let (verb, note) = self.verb?;
        match verb {
            Verb::Log(outcome) => Some(Asked::Log {
                number: self.number,
                outcome,
                note: Some(note.chars().take(limits::EXCERPT).collect()).filter(|note: &String| !note.is_empty()),
            }),
            Verb::Send => Some(Asked::Send {
                number: self.of(note)?,
                edited: None,
            }),
            Verb::Hold => Some(Asked::Hold { number: self.of(note)? }),
            // The others are about the enrollment of the token; a number or more words would be lost.
            _ if self.number.is_some() || !note.is_empty() => None,
            Verb::Stop => Some(Asked::Stop),
            Verb::Pause => Some(Asked::Pause),
            Verb::Resume => Some(Asked::Resume),
            Verb::NoShow => Some(Asked::NoShow),
            Verb::Why => Some(Asked::Why),
            Verb::Help => Some(Asked::Help),
        }
    }
}

/// `4`, `#4`: a number that stands behind its verb.
fn number_of(note: &str) -> Option<u16> {
    note.trim_start_matches(['#', ' '])
        .trim_end_matches(['.', ')'])
        .parse()
        .ok()
}

/// Reads one line; `None` when it is prose.
fn of_line(line: &str) -> Option<Line<'_>> {
    let (number, rest) = numbered(line);
    let rest = without_courtesy(rest);
    let verb = verb(rest);
    let words = rest.split_whitespace().count();
    let mistyped = words <= 3 && distance_to_grammar(rest) <= TYPOS;
    match (number, &verb) {
        // `10 minutes would be fine for me` is prose, `1 conected` is not.
        (Some(_), None) if words > NOTE_WORDS => None,
        (Some(_), _) => Some(Line { number, verb }),
        (None, Some((verb, note))) => {
            let alone = note.is_empty();
            let short = matches!(verb, Verb::Log(_)) && words <= NOTE_WORDS && !rest.ends_with('?');
            let numbered = matches!(verb, Verb::Send | Verb::Hold) && number_of(note).is_some();
            (alone || short || numbered || is_about_one(note)).then_some(Line {
                number,
                verb: Some((*verb, note)),
            })
        }
        (None, None) => (mistyped && !is_greeting(line)).then_some(Line { number, verb }),
    }
}

/// `stop jane@acme.com` is meant as a command, though not one that is understood yet.
fn is_about_one(note: &str) -> bool {
    let mut words = note.split_whitespace();
    words.next().is_some_and(|word| word.contains('@')) && words.next().is_none()
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
    for (verb, ways) in GRAMMAR {
        for way in *ways {
            if let Some(note) = after(words, way)
                && best.is_none_or(|(_, _, length)| way.len() > length)
            {
                best = Some((*verb, note, way.len()));
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
    let heard = fold(rest);
    let heard = heard.trim_end_matches(['.', '!', '?']);
    let mut ranked: Vec<(usize, &str, bool)> = GRAMMAR
        .iter()
        .filter_map(|(verb, ways)| {
            let best = ways.iter().map(|way| likeness(heard, way)).min()?;
            Some((best, *ways.first()?, matches!(verb, Verb::Log(_))))
        })
        .filter(|(_, _, logs)| number.is_none() || *logs)
        .collect();
    ranked.sort_by_key(|(distance, _, _)| *distance);
    let alike = ranked.first().is_some_and(|(distance, _, _)| *distance <= ALIKE);
    let prose = heard.split(' ').count() > NOTE_WORDS;
    if prose || (number.is_none() && !alike) {
        return Vec::new();
    }
    let ways = ranked.into_iter().take(CLOSEST);
    ways.map(|(_, way, logs)| match number {
        Some(number) => format!("{number} {way}"),
        None if logs => format!("1 {way}"),
        None => way.to_owned(),
    })
    .collect()
}

fn distance_to_grammar(words: &str) -> usize {
    let heard = fold(words);
    let heard = heard.trim_end_matches(['.', '!', '?']);
    // Of a short word two wrong letters leave nothing.
    let ways = GRAMMAR.iter().flat_map(|(_, ways)| *ways).filter(|way| way.len() >= 4);
    ways.map(|way| distance(heard, way)).min().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TaskOutcome;

    fn log(number: impl Into<Option<u16>>, outcome: TaskOutcome, note: &str) -> Asked {
        Asked::Log {
            number: number.into(),
            outcome,
            note: Some(note.to_owned()).filter(|note| !note.is_empty()),
        }
    }

    fn asked(text: &str) -> Vec<Asked> {
        read(text, "").into_iter().map(|command| command.asked).collect()
    }

    #[test]
    fn lines_are_read_however_they_are_typed() {
        use TaskOutcome::{Connected, Done, Meeting, NoAnswer, NotInterested, Skipped, Voicemail, WrongNumber};
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
            ("6 meeting Tuesday 10:00", log(6, Meeting, "Tuesday 10:00")),
            ("7 not interested", log(7, NotInterested, "")),
            ("8 wrong number", log(8, WrongNumber, "")),
            ("done", log(None, Done, "")),
            (
                "Connected: call again in May",
                log(None, Connected, "call again in May"),
            ),
            ("Stop.", Asked::Stop),
            ("please stop", Asked::Stop),
            ("Please pause, thanks", Asked::Pause),
            ("PAUSE", Asked::Pause),
            ("resume!", Asked::Resume),
            ("Why?", Asked::Why),
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
        assert_eq!(read(" \n", "stop")[0].asked, Asked::Stop);
        assert!(matches!(read("", "Re: 3 due today")[0].asked, Asked::Unclear { .. }));
    }

    #[test]
    fn an_endless_text_gives_few_commands() {
        assert_eq!(read(&"1 done\n".repeat(100_000), "").len(), limits::COMMAND_LINES);
    }
}
