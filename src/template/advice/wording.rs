//! The words of a cadence: length, subjects, phrases that cost answers, and sentences said twice.

use super::{emails, filled, vocabulary};
use crate::model::{Repeated, Step};
use crate::template::problem::{Complaints, Place, Problem};
use crate::template::shelf::Shelf;
use crate::template::step_file::StepText;
use crate::template::vocabulary::Vocabulary;
use std::collections::{BTreeMap, BTreeSet};

/// A longer subject is cut off on a phone.
const SUBJECT: usize = 60;
/// A longer mail is not read to its end.
const BODY_WORDS: usize = 150;
/// More links look like an advertisement, to people and to filters.
const LINKS: usize = 2;
/// A shorter sentence may well come again ("All the best").
const SENTENCE_WORDS: usize = 5;
/// Words that fit into 25 seconds of speech, unhurried.
const VOICEMAIL_WORDS: usize = 65;

/// What advertisements say, so filters know it and people do too.
const ADVERTISEMENT: [&str; 20] = [
    "act now",
    "limited time",
    "limited-time",
    "limited offer",
    "special offer",
    "exclusive offer",
    "once in a lifetime",
    "risk-free",
    "risk free",
    "100%",
    "guaranteed",
    "no obligation",
    "click here",
    "click below",
    "buy now",
    "order now",
    "don't miss",
    "double your",
    "free trial",
    "$$",
];

/// What says nothing new, and tells that nothing new is said.
const EMPTY: [&str; 14] = [
    "just following up",
    "just checking in",
    "checking in",
    "following up on",
    "touching base",
    "touch base",
    "circling back",
    "circle back",
    "bumping this",
    "top of your inbox",
    "hope this email finds you",
    "hope this finds you",
    "hope you are well",
    "per my last email",
];

/// One wording of an email.
pub(super) fn email(shelf: &Shelf, step: &Step, text: &StepText, problems: &mut Vec<Problem>) {
    let vocabulary = vocabulary(shelf);
    if let Some(heading) = &text.heading {
        let subject = filled(heading, &vocabulary);
        self::subject(&subject, &mut Complaints::about(text.file.clone(), problems));
    }
    if let Some(place) = text.idle_subject {
        let what = format!(
            "step {} is in the thread and keeps its subject: delete this line, or say `thread = false`",
            step.number
        );
        Complaints::about(text.file.clone(), problems).add(place, what);
    }
    let complaints = &mut Complaints::about(text.body_file.clone(), problems);
    body(&filled(&text.body, &vocabulary), complaints);
    if let Some(word) = needed(shelf, text) {
        let what = format!(
            "`{word}` must be known, and after a BCC only the address is: nobody without it is enrolled; give it a \
             fallback, `{{{{or {word} \"…\"}}}}`"
        );
        complaints.add(Place::WHOLE, what);
    }
}

fn subject(subject: &str, complaints: &mut Complaints<'_>) {
    let length = subject.chars().count();
    let mut say = |what: String| complaints.add(Place::START, what);
    if length > SUBJECT {
        say(format!(
            "a subject of about {length} characters: phones show {SUBJECT}; put what matters first, and stop"
        ));
    }
    if subject.contains('!') {
        say("an exclamation mark in a subject: it reads as an advertisement; delete it".to_owned());
    }
    let loud = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() >= 4 && word == word.to_uppercase();
    if let Some(word) = subject.split_whitespace().find(|word| loud(word)) {
        say(format!(
            "`{word}` in capitals: filters count it as shouting; write it as in a sentence"
        ));
    }
    let lower = subject.to_lowercase();
    if lower.starts_with("re:") || lower.starts_with("fw:") || lower.starts_with("fwd:") {
        say(
            "a subject that pretends to be an answer: people feel cheated when they look; leave `Re:` to the thread"
                .to_owned(),
        );
    }
    phrases(&lower, Place::START, complaints);
}

fn body(typed: &str, complaints: &mut Complaints<'_>) {
    let lower = typed.to_lowercase();
    let words = typed.split_whitespace().count();
    let mut say = |what: String| complaints.add(Place::WHOLE, what);
    if words > BODY_WORDS {
        say(format!(
            "{words} words: over {BODY_WORDS} are not read to the end; keep one thought, and give the next mail the other"
        ));
    }
    if !typed.contains('?') {
        say("no question: there is nothing to answer; end with one that takes a word or a date".to_owned());
    }
    if typed.matches('!').count() > 1 {
        say("several exclamation marks: it reads as an advertisement; one full stop does more".to_owned());
    }
    let links = lower.matches("http://").count() + lower.matches("https://").count();
    if links > LINKS {
        say(format!(
            "{links} links: more than {LINKS} look like an advertisement; keep the one that matters"
        ));
    }
    phrases(&lower, Place::WHOLE, complaints);
}

fn phrases(lower: &str, place: Place, complaints: &mut Complaints<'_>) {
    for phrase in ADVERTISEMENT.iter().filter(|phrase| lower.contains(*phrase)) {
        let what = format!(
            "\"{phrase}\" is what advertisements say: filters count it and people stop reading; say what is the case"
        );
        complaints.add(place, what);
    }
    // The longest that fits speaks for the shorter ones in it.
    let found: Vec<&&str> = EMPTY.iter().filter(|phrase| lower.contains(*phrase)).collect();
    let whole = |phrase: &&&&str| {
        !found
            .iter()
            .any(|other| other.len() > phrase.len() && other.contains(***phrase))
    };
    for phrase in found.iter().filter(whole) {
        let what = format!(
            "\"{phrase}\" says that there is nothing new: bring one new thought, a fact or a question, or leave the touch out"
        );
        complaints.add(place, what);
    }
}

/// The first word that a mail needs of the prospect and that a hand-over by BCC does not bring.
fn needed(shelf: &Shelf, text: &StepText) -> Option<String> {
    let bare = Vocabulary::sample(super::KNOWN.into_iter().filter(|word| {
        let rep = word.starts_with("rep.") && !matches!(*word, "rep.phone" | "rep.title" | "rep.calendar_link");
        rep || matches!(
            *word,
            "email"
                | "greeting"
                | "cadence.title"
                | "thread.subject"
                | "last_touch.weekday"
                | "last_touch.date"
                | "today.weekday"
                | "today.date"
                | "opt_out"
        )
    }));
    let mut missing = Vec::new();
    text.body.marked(&bare, &mut missing);
    if let Some(heading) = &text.heading {
        heading.marked(&bare, &mut missing);
    }
    // What the house lacks is the administrator's to give, and `lint` does not know it.
    missing
        .into_iter()
        .find(|word| !word.starts_with("rep.") && word != "postal_address" || shelf.fields.contains(word))
}

/// The script of a call.
pub(super) fn call(shelf: &Shelf, text: &StepText, problems: &mut Vec<Problem>) {
    let typed = filled(&text.body, &vocabulary(shelf));
    let complaints = &mut Complaints::about(text.file.clone(), problems);
    if !typed.contains('?') {
        let what = "a call without a question is a speech: begin with one that asks for permission, then listen";
        complaints.add(Place::WHOLE, what);
    }
    let Some((_, message)) = typed.split_once("VOICEMAIL") else {
        let what = "no `VOICEMAIL`: most calls end at the mailbox; write what to say there, in under 20 seconds";
        complaints.add(Place::WHOLE, what);
        return;
    };
    let words = message.split_whitespace().count();
    if words > VOICEMAIL_WORDS {
        let what = format!(
            "about {words} words for the mailbox: over {VOICEMAIL_WORDS} are not heard to the end; say who, why, and what to do"
        );
        complaints.add(Place::WHOLE, what);
    }
}

/// Sentences that a prospect would read twice, and subjects that come again. Wordings of one step go to different people.
pub(super) fn repeated(shelf: &Shelf, problems: &mut Vec<Problem>) {
    for twice in said_twice(shelf) {
        let what = format!(
            "\"{}\" was said in step {} already: each touch brings something new",
            twice.sentence, twice.first
        );
        Complaints::about(twice.file, problems).add(Place::WHOLE, what);
    }
}

/// Every sentence that stands in the mails of two steps, and every subject.
pub(super) fn said_twice(shelf: &Shelf) -> Vec<Repeated> {
    let mut found = Vec::new();
    let vocabulary = vocabulary(shelf);
    let mut first: BTreeMap<String, &Step> = BTreeMap::new();
    for (step, text) in emails(shelf) {
        let subject = text
            .heading
            .as_ref()
            .map(|heading| format!("Subject: {}", filled(heading, &vocabulary)));
        let mut told = BTreeSet::new();
        for sentence in sentences(&filled(&text.body, &vocabulary)).into_iter().chain(subject) {
            let before = *first.entry(sentence.clone()).or_insert(step);
            if before.number != step.number && told.insert(sentence.clone()) {
                found.push(Repeated {
                    cadence: shelf.cadence.name.to_string(),
                    sentence,
                    first: before.number,
                    again: step.number,
                    file: text.body_file.clone(),
                });
            }
        }
    }
    found
}

fn sentences(text: &str) -> Vec<String> {
    text.split(['.', '?', '!', '\n'])
        .map(|sentence| sentence.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.len() >= SENTENCE_WORDS)
        .map(|words| words.join(" ").to_lowercase())
        .collect()
}
