//! A checked text and a vocabulary → the wording of a touch.

use super::markup;
use super::step_file::StepText;
use super::vocabulary::{Vocabulary, is_forbidden, line, subject_proper};
use crate::model::{Approved, Channel, Step, Wording, limits};
use std::collections::BTreeSet;

/// The wording of a step, or all words that are missing in it.
pub(super) fn wording(step: &Step, text: &StepText, vocabulary: &Vocabulary) -> Result<Wording, Vec<String>> {
    let mut missing = Vec::new();
    let heading = text
        .heading
        .as_ref()
        .map(|heading| heading.marked(vocabulary, &mut missing));
    let mut body = tidy(&text.body.marked(vocabulary, &mut missing));
    if !missing.is_empty() {
        let mut told = BTreeSet::new();
        missing.retain(|word| told.insert(word.clone()));
        return Err(missing);
    }
    if step.channel == Channel::Email {
        close(&mut body, vocabulary);
    }
    let subject = match heading {
        Some(heading) => line(&vocabulary.fill(&heading)).unwrap_or_default(),
        None => in_thread(vocabulary),
    };
    if subject.is_empty() || body.trim().is_empty() {
        return Err(vec!["a subject and a text".to_owned()]);
    }
    let plain = markup::plain(&body, vocabulary);
    let html = (step.channel == Channel::Email).then(|| markup::html(&body, vocabulary));
    let size = plain.len().max(html.as_ref().map_or(0, String::len));
    if size > limits::RENDERED {
        let longest = vocabulary.said(&body).max_by_key(|(_, value)| value.len());
        return Err(vec![longest.map_or("a shorter text", |(word, _)| word).to_owned()]);
    }
    Ok(Wording { subject, plain, html })
}

/// What a rep wrote, or let go as it was shown.
pub(super) fn typed(approved: &Approved, vocabulary: &Vocabulary) -> Result<Wording, &'static str> {
    let clean = |text: &str| {
        text.replace("\r\n", "\n")
            .replace(|c| c == '\u{200b}' || is_forbidden(c), "")
    };
    let mut body = tidy(&clean(&approved.body));
    if body.trim().is_empty() {
        return Err("a text");
    }
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = squeezed(&body);
    for word in CLOSING {
        let value = vocabulary.value(word).filter(|value| !said.contains(&squeezed(value)));
        if let Some(mark) = value.and_then(|_| vocabulary.mark(word)) {
            body.truncate(body.trim_end().len());
            body.push_str("\n\n");
            body.push(mark);
        }
    }
    body.truncate(body.trim_end().len());
    body.push('\n');
    let wording = Wording {
        subject: line(&clean(&approved.subject)).unwrap_or_else(|| in_thread(vocabulary)),
        plain: markup::plain(&body, vocabulary),
        html: Some(markup::html(&body, vocabulary)),
    };
    let size = wording.plain.len().max(wording.html.as_ref().map_or(0, String::len));
    if size > limits::RENDERED {
        Err("a shorter text")
    } else {
        Ok(wording)
    }
}

/// What stands under every email, in this order.
const CLOSING: [&str; 3] = ["rep.signature", "opt_out", "postal_address"];

/// `Re:` and the subject of the thread; `Re:` alone when that has none.
fn in_thread(vocabulary: &Vocabulary) -> String {
    let subject = vocabulary
        .mark("thread.subject")
        .map(|mark| vocabulary.fill(&mark.to_string()))
        .unwrap_or_default();
    format!("Re: {}", subject_proper(&subject)).trim_end().to_owned()
}

/// What stands under every email: signature, opt-out sentence, postal address; not what the text says itself.
fn close(body: &mut String, vocabulary: &Vocabulary) {
    let opt_out = vocabulary.mark("opt_out");
    for word in CLOSING {
        if let Some(mark) = vocabulary.mark(word).filter(|mark| !body.contains(*mark)) {
            body.truncate(body.trim_end().len());
            let beneath = word == "postal_address" && opt_out.is_some_and(|opt_out| body.ends_with(opt_out));
            body.push_str(if beneath { "\n" } else { "\n\n" });
            body.push(mark);
        }
    }
    body.push('\n');
}

/// Choices that said nothing leave no traces: no blanks at the ends of lines, no two blank lines.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}
