//! Many people at once: the question whether they are to be enrolled, and what became of them.

use super::answer::{self, Line};
use super::{Tap, Taps, moment, safe};
use crate::model::{Address, AnswerLine, Rep, limits};
use jiff::Timestamp;
use serde::Serialize;

/// What is asked, or told.
#[derive(Debug, Clone)]
pub struct Question {
    /// The subject of the mail that brought them.
    pub subject: String,
    /// Whether they stand in a list.
    pub is_list: bool,
    /// The list's headings, and what each was taken for.
    pub columns: Vec<(String, Option<String>)>,
    /// How many are, or would be, enrolled.
    pub many: usize,
    /// How many in which cadence.
    pub cadences: Vec<Counted>,
    /// Whether somebody's cadence has yet to be said.
    pub lacks_cadence: bool,
    /// Cadences that are offered then.
    pub offered: Vec<String>,
    /// When the first touch of all is.
    pub first: Option<Timestamp>,
    /// Who, the first of them.
    pub people: Vec<String>,
    /// Who is not, and why.
    pub refused: Vec<(String, String)>,
    /// Until when a word counts.
    pub expires: Timestamp,
    /// It is done, and told; else it is asked.
    pub done: bool,
    /// How many mails of the rep go out a day; `None`: however many.
    pub daily_cap: Option<u32>,
    /// What else was asked for in the same mail.
    pub said: Vec<AnswerLine>,
}

/// How many go into a cadence.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// Its name.
    pub cadence: String,
    /// Its title.
    pub title: String,
    /// How many touches are to come for each.
    pub touches: usize,
    /// How many people.
    pub many: usize,
}

/// What `question.txt` and `question.html` speak of.
#[derive(Serialize)]
pub(super) struct Asked {
    headline: String,
    subject: String,
    done: bool,
    /// Nobody can be enrolled, so that there is nothing to ask.
    nobody: bool,
    cadences: Vec<Counted>,
    lacks_cadence: bool,
    columns: Vec<Column>,
    first: Option<String>,
    cap: Option<u32>,
    people: Vec<String>,
    more_people: usize,
    refused: Vec<Refused>,
    more_refused: usize,
    many_refused: usize,
    expires: String,
    taps: Vec<Tap>,
    said: Vec<Line>,
}

#[derive(Serialize)]
struct Column {
    heading: String,
    means: String,
}

#[derive(Serialize)]
struct Refused {
    who: String,
    why: String,
}

impl Asked {
    pub(super) fn new(question: &Question, rep: &Rep, reply_to: &Address) -> Self {
        let tap = |label: &str, line: &str| Tap {
            href: safe::mailto(reply_to.as_str(), line),
            label: label.to_owned(),
        };
        let nobody = question.many == 0;
        let mut taps = Vec::new();
        if question.done {
            if !nobody {
                taps.extend([
                    tap("undo: stop all of them", "stop yes"),
                    tap("pause all of them", "pause"),
                ]);
            }
        } else if question.lacks_cadence && !nobody {
            let offered = question.offered.iter();
            taps.extend(offered.map(|name| tap(&format!("yes, in {name}"), &format!("yes in {name}"))));
            taps.push(tap("no, nobody", "no"));
        } else if !nobody {
            taps.extend([
                tap(&format!("yes, all {}", question.many), "yes"),
                tap("no, nobody", "no"),
            ]);
        }
        let shown = limits::LIST_SHOWN;
        let refused: Vec<Refused> = question
            .refused
            .iter()
            .take(shown)
            .map(|(who, why)| Refused {
                who: safe::one_line(who),
                why: safe::untrusted(why),
            })
            .collect();
        Self {
            headline: headline(question),
            subject: safe::untrusted(&question.subject),
            done: question.done,
            nobody,
            lacks_cadence: question.lacks_cadence,
            columns: question.columns.iter().map(Column::new).collect(),
            first: question.first.map(|at| moment::full(at, &rep.zone)),
            cap: question.daily_cap.filter(|cap| question.many > *cap as usize),
            more_people: question.many.saturating_sub(question.people.len()),
            people: question.people.iter().map(|who| safe::untrusted(who)).collect(),
            more_refused: question.refused.len().saturating_sub(refused.len()),
            many_refused: question.refused.len(),
            refused,
            cadences: question.cadences.clone(),
            expires: moment::full(question.expires, &rep.zone),
            taps,
            // Answers to this mail are about the people it asks about.
            said: answer::lines(&question.said, &Taps::default()),
        }
    }

    /// `Enroll 12 people in Outbound?`
    pub(super) fn subject_line(&self) -> String {
        self.headline.clone()
    }
}

impl Column {
    fn new((heading, means): &(String, Option<String>)) -> Self {
        let means = match means.as_deref() {
            None => "not read".to_owned(),
            Some("email") => "the address".to_owned(),
            Some("name") => "the name".to_owned(),
            Some(part @ ("first_name" | "last_name")) => format!("the {}", part.replace('_', " ")),
            Some(word) => format!("{word} ({{{{{word}}}}} in texts)"),
        };
        Self {
            heading: safe::untrusted(heading),
            means: safe::one_line(&means),
        }
    }
}

fn headline(question: &Question) -> String {
    let people = match question.many {
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    };
    let cadence = match question.cadences.as_slice() {
        [one] => format!(" in {}", safe::one_line(&one.title)),
        _ => String::new(),
    };
    match (question.done, question.many, question.lacks_cadence) {
        (true, 0, _) => "Nobody was enrolled".to_owned(),
        (true, ..) => format!("Enrolled: {people}{cadence}"),
        (false, 0, _) => "Nobody of these can be enrolled".to_owned(),
        (false, _, true) => format!("In which cadence? {people}"),
        (false, ..) => format!("Enroll {people}{cadence}?"),
    }
}
