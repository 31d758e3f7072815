//! Opt-outs: by the opt-out address of a letter, by a mail program's button, by a plain sentence.
//!
//! The address counts whatever the mail says and whoever sent it: who holds the token may say no. A sentence counts only in
//! the new text, never in what is quoted or in a signature, only when it is short and plain, and only from a person; where
//! it is not plain the mail is a reply, which pauses as well. Reps do not opt out.
//!
//! Standards: RFC 2369 (mailto), RFC 8058. Corpus: tests/corpus/opt_out, tests/corpus/not_an_opt_out. Words: `phrases`.

use super::auto_reply;
use super::{Evidence, Kind, Reading, cited};
use crate::mail::intent::Meant;
use crate::mail::phrases::stop::{NOT_STOP, POLITE, STOP_SENTENCES, STOP_WORDS};
use crate::mail::quote::fold;
use crate::model::{Intent, OptOutBy, Purpose, Signal, limits};

/// Words that may follow a subject or a stop word without making it a conversation.
const FEW_WORDS: usize = 12;
/// How far before a sentence its negation may stand, in bytes.
const NEGATION: usize = 24;

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    if evidence.claims_rep() || evidence.is_from_bot() {
        return None;
    }
    let token = evidence.token(Purpose::OptOut);
    let (by, because) = if token.is_some() {
        (OptOutBy::Token, "it came by the opt-out address of a letter")
    } else if evidence.word("X-Apple-Unsubscribe").as_deref() == Some("true") {
        (OptOutBy::Client, "the mail program's unsubscribe button")
    } else if auto_reply::sign(evidence).is_some() || is_newsletter(evidence) {
        return None;
    } else if is_stop_subject(&evidence.mail.subject) && is_brief(&evidence.said.new_text) {
        (OptOutBy::Client, "its subject is nothing but the wish to be left out")
    } else if asks_to_stop(&evidence.said.new_text) {
        (OptOutBy::Sentence, "a sentence of the new text asks for no more mail")
    } else {
        return None;
    };
    let mut reading = evidence.reading(Kind::OptOut, because);
    reading.signal = Some(Signal::OptOut { by });
    reading.intent = Some(Meant {
        intent: Intent::OptOut,
        because: because.to_owned(),
    });
    reading.token = token.or(reading.token);
    Some(cited::add(reading, evidence))
}

/// Every newsletter speaks of unsubscribing; unless it answers a letter of ours, that is not for us.
fn is_newsletter(evidence: &Evidence<'_>) -> bool {
    let list = evidence.has("List-Id") || evidence.has("List-Unsubscribe");
    list && evidence.token(Purpose::Reply).is_none()
}

fn is_stop_subject(subject: &str) -> bool {
    let subject = fold(subject);
    // Some mail programs' links put an id behind it.
    let subject = subject
        .split_once(':')
        .filter(|(word, id)| *word == "unsubscribe" && !id.contains(' '))
        .map_or(subject.as_str(), |(word, _)| word);
    let words = subject.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        words,
        "unsubscribe" | "unsubscribe me" | "opt out" | "opt-out" | "remove me" | "abmelden" | "désabonnement"
    ) || matches!(
        words,
        "désinscription" | "baja" | "cancellazione" | "descadastrar" | "afmelden" | "uitschrijven"
    ) || matches!(
        words,
        "avregistrera" | "wypisz" | "please unsubscribe" | "please unsubscribe me" | "unsubscribe request"
    )
}

fn is_brief(text: &str) -> bool {
    text.split_whitespace().count() <= FEW_WORDS * 3
}

/// Whether a short new text asks for no more mail.
fn asks_to_stop(new_text: &str) -> bool {
    if new_text.is_empty() || new_text.chars().count() > limits::OPT_OUT_TEXT {
        return false;
    }
    let text = fold(new_text);
    STOP_SENTENCES.iter().any(|sentence| says(&text, sentence)) || is_stop_word(new_text)
}

/// Whether the text has the sentence at word ends and not negated or talked about.
fn says(text: &str, sentence: &str) -> bool {
    text.match_indices(sentence).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + sentence.len()..).unwrap_or_default();
        let whole = !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        let clause = before.rsplit(['.', '!', '?', ';', ':', ',']).next().unwrap_or_default();
        let near = clause
            .get(clause.ceil_char_boundary(clause.len().saturating_sub(NEGATION))..)
            .unwrap_or_default();
        let negated = NOT_STOP.iter().any(|word| has_word(near, word));
        whole && !negated
    })
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + word.len()..).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Whether one of few sentences is nothing but a stop word: `Hi Ana,` may stand above it, a name below.
fn is_stop_word(new_text: &str) -> bool {
    if new_text.split_whitespace().count() > FEW_WORDS * 2 {
        return false;
    }
    let text = new_text.to_lowercase();
    text.split(['\n', '.', '!', '?', ':', ';']).any(|sentence| {
        let sentence = fold(sentence);
        let words = sentence
            .split([' ', ','])
            .filter(|word| !word.is_empty() && !POLITE.contains(word));
        STOP_WORDS.contains(&words.collect::<Vec<_>>().join(" ").as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_wish_is_understood_in_many_languages() {
        for text in [
            "Stop",
            "STOP!",
            "Please stop.\n\nJane Doe\nCFO, Acme",
            "unsubscribe",
            "I said it before: UNSUBSCRIBE. Leave it.",
            "We are not interested, please remove my address from your files.",
            "I object to the processing of my data.",
            "Hi Ana,\nplease unsubscribe me.\nThanks",
            "Please remove me from your list.",
            "Take me off your list, thanks",
            "Can you please stop emailing me?",
            "I don’t know you. Don’t contact me again.",
            "Bitte keine weiteren E-Mails.",
            "Bitte nehmen Sie mich von Ihrer Liste.",
            "Abmelden",
            "Merci de me retirer de votre liste.",
            "Désabonnez-moi svp",
            "Por favor, no me escriban más.",
            "Baja",
            "Non scrivetemi più, grazie.",
            "Por favor, remova-me da lista.",
            "Graag uitschrijven",
            "Vill inte ha fler mejl från er.",
            "Proszę o wypisanie mnie z listy.",
        ] {
            assert!(asks_to_stop(text), "{text}");
        }
    }

    #[test]
    fn talk_about_stopping_is_no_opt_out() {
        for text in [
            "",
            "We had to stop the project in May; call me in autumn.",
            "Please don't stop emailing me, I am only busy.",
            "How do customers unsubscribe me from their view? I mean, how to unsubscribe me?",
            "I never said stop contacting me, quite the opposite.",
            "Could we stop by your office on Monday?",
            "No more questions from my side, please send the contract.",
            "Our users want to unsubscribe in one tap. Do you support that?",
            "Stop by on Tuesday",
            "Remove the second item and we have a deal.",
        ] {
            assert!(!asks_to_stop(text), "{text}");
        }
        let long = format!(
            "{} please remove me from your list",
            "We talked about many things. ".repeat(60)
        );
        assert!(!asks_to_stop(&long));
    }
}
