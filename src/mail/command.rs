//! Lines of a rep's mail → commands: one table is the grammar.
//!
//! A line is `[number] words [note]`; case, spacing, bullets, `#1`, `1.`, `1)` and dots at the end do not matter. Only
//! the first lines of the new text count, up to the first that is plainly prose: what a rep writes to the bot out of
//! politeness is answered once and not twenty times.

use super::quote::fold;
use super::thread::is_prefixed;
use crate::model::{Asked, Command, TaskOutcome, limits};

/// What a line's words ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Log(TaskOutcome),
    Stop,
    Pause,
    Resume,
    Why,
    Help,
}

/// The grammar: what is asked for, and how it may be said. The first way is the one that is suggested.
const GRAMMAR: &[(Verb, &[&str])] = &[
    (
        Verb::Log(TaskOutcome::Connected),
        &["connected", "connect", "talked", "spoke", "reached", "conversation"],
    ),
    (
        Verb::Log(TaskOutcome::Voicemail),
        &[
            "voicemail",
            "voice mail",
            "left voicemail",
            "left a voicemail",
            "left message",
            "left a message",
            "vm",
            "lvm",
        ],
    ),
    (
        Verb::Log(TaskOutcome::NoAnswer),
        &[
            "no answer",
            "noanswer",
            "no-answer",
            "no response",
            "no pickup",
            "not reached",
            "na",
            "n/a",
            "busy",
        ],
    ),
    (
        Verb::Log(TaskOutcome::NotInterested),
        &[
            "not interested",
            "notinterested",
            "no interest",
            "uninterested",
            "declined",
            "ni",
        ],
    ),
    (
        Verb::Log(TaskOutcome::WrongNumber),
        &["wrong number", "wrongnumber", "wrong person", "bad number", "wn"],
    ),
    (
        Verb::Log(TaskOutcome::Meeting),
        &[
            "meeting",
            "meeting booked",
            "booked",
            "booked a meeting",
            "booked meeting",
            "met",
            "appointment",
        ],
    ),
    (
        Verb::Log(TaskOutcome::Done),
        &["done", "ok", "sent", "finished", "did it", "completed"],
    ),
    (Verb::Log(TaskOutcome::Skipped), &["skip", "skipped", "skip it"]),
    (Verb::Stop, &["stop", "end", "cancel", "undo"]),
    (Verb::Pause, &["pause", "hold"]),
    (Verb::Resume, &["resume", "continue", "go on", "unpause"]),
    (Verb::Why, &["why", "status"]),
    (Verb::Help, &["help", "?", "commands"]),
];

/// Words of courtesy that may stand around a command.
const COURTESY: &[&str] = &["please", "pls", "thanks", "thank you", "thx", "bitte", "danke"];
/// Without a number, a command with its note is not longer than this many words; more is prose.
const NOTE_WORDS: usize = 8;
/// How many letters may be wrong for a line to be a mistyped command.
const TYPOS: usize = 2;
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
            Some(read) => commands.push(command(line, read.asked())),
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
    commands
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

impl Line<'_> {
    fn asked(self) -> Option<Asked> {
        let (verb, note) = self.verb?;
        match verb {
            Verb::Log(outcome) => Some(Asked::Log {
                number: self.number,
                outcome,
                note: Some(note.chars().take(limits::EXCERPT).collect()).filter(|note: &String| !note.is_empty()),
            }),
            // The others are about the enrollment of the token; a number or more words would be lost.
            _ if self.number.is_some() || !note.is_empty() => None,
            Verb::Stop => Some(Asked::Stop),
            Verb::Pause => Some(Asked::Pause),
            Verb::Resume => Some(Asked::Resume),
            Verb::Why => Some(Asked::Why),
            Verb::Help => Some(Asked::Help),
        }
    }
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
            (alone || short || is_about_one(note)).then_some(Line {
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

/// The three things that can be said which are most like the line.
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

/// How far what was heard is from `way`, as many words of it as `way` has.
fn likeness(heard: &str, way: &str) -> usize {
    let words = way.split(' ').count();
    let head = heard.split(' ').take(words).collect::<Vec<_>>().join(" ");
    distance(&head, way)
}

/// Edit distance (Levenshtein) between short texts.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (above, c) in one.chars().take(40).enumerate() {
        let mut corner = above;
        let mut left = above + 1;
        let mut next = vec![left];
        for (d, up) in two.iter().zip(row.iter().skip(1)) {
            left = (corner + usize::from(c != *d)).min(left + 1).min(up + 1);
            corner = *up;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(matches!(read[0].asked, Asked::Unclear { .. }), "{prose}");
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
