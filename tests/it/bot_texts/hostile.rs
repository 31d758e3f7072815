//! Strangers' words in mails to reps (reliability T-29): shown, never obeyed.

use super::digest_page::{full, item};
use super::notices::{alert, enrolled, receipt};
use super::*;
use proptest::prelude::*;
use std::sync::OnceLock;

const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "</td><style>*{display:none}</style>",
    "\"><img src=x onerror=alert(1)>",
    "http://evil.test/login",
    "[click](https://evil.test)",
    "{{x}} {{{y}}} {{#each z}}",
    "www.evil.test \u{202e}moc.evil\u{202c}",
    "a\r\nBcc: victim@acme.test\r\n\r\n1. Call Mallory",
];

/// Every text with a hostile prospect in it.
fn all(words: &str) -> Vec<Wording> {
    let victim = || {
        let mut prospect = jane();
        prospect.name = Some(words.to_owned());
        for field in ["title", "company", "phone", "linkedin"] {
            prospect.fields.insert(field.to_owned(), words.to_owned());
        }
        prospect
    };
    let mut digest = full();
    digest.todo = [Channel::Call, Channel::Linkedin]
        .map(|channel| item(1, channel, victim(), 0))
        .to_vec();
    digest.todo[0].script = format!("Hello {words}");
    digest.going_out[0].prospect = victim();
    for line in &mut digest.happened {
        line.prospect = victim();
        line.words = words.to_owned();
    }
    digest.needs_you[0].words = words.to_owned();
    let refused = RefusedLine {
        who: None,
        why: Refusal::UnknownCadence {
            asked: words.to_owned(),
            known: vec![],
        },
    };
    let mut received = receipt(vec![enrolled(7, victim())], vec![refused], false);
    if let Notice::Receipt { subject, .. } = &mut received {
        *subject = words.to_owned();
    }
    let mut bounced = alert(Alert::Bounced {
        status: Some(words.to_owned()),
        why: words.to_owned(),
    });
    if let Notice::Alert { prospect, .. } = &mut bounced {
        **prospect = victim();
    }
    let relay = Notice::Relay {
        enrollment: EnrollmentId(7),
        prospect: Box::new(victim()),
        cadence: cadence_name(),
        banner: format!("{words} answered."),
        until: None,
        over: false,
    };
    let answer = Notice::Answer {
        lines: vec![AnswerLine {
            said: words.to_owned(),
            answer: words.to_owned(),
            done: false,
            offers: vec![],
        }],
        token: None,
    };
    let texts = texts();
    let mut all: Vec<_> = [received, bounced, relay, answer]
        .iter()
        .map(|notice| texts.notice(notice, &ana(), &taps(&[7, 8]), Some(&super::about(words))))
        .collect();
    all.push(texts.digest(&digest, &ana(), &taps(&[7, 8])));
    all
}

/// How often each tag opens: the shape of a page.
fn shape(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter_map(|tag| tag.split([' ', '>']).next())
        .collect()
}

fn harmless(wording: &Wording, like: &Wording) {
    assert_eq!(wording.subject.lines().count().max(1), 1);
    assert!(!wording.subject.contains(['\r', '\n', '\u{202e}']));
    assert!(!wording.plain.contains(['\r', '\0', '\u{202e}']));
    for plain in wording
        .plain
        .split_whitespace()
        .filter(|word| !word.starts_with("mailto:"))
    {
        let trusted = plain == "https://cal.corp.test/ana" || plain.starts_with("https://linkedin.com/");
        assert!(trusted || !plain.to_lowercase().contains("http://"), "{plain}");
        assert!(trusted || !plain.to_lowercase().contains("https://"), "{plain}");
        assert!(!plain.contains("www.e"), "{plain}");
    }
    let html = wording.html.as_ref().expect("every text has its HTML");
    assert_eq!(shape(html), shape(like.html.as_ref().unwrap()), "no tag is added");
    for link in links(html) {
        let ours = link.starts_with("mailto:cadence%2B") || link.starts_with("tel:") || link.contains("linkedin.com/");
        assert!(ours, "{link}");
    }
    assert!(!html.contains("http://"), "nothing remote, nothing that is made a link");
}

/// The same texts with a word that is neither a phone number nor a profile, for their shape.
fn tame() -> &'static [Wording] {
    static TAME: OnceLock<Vec<Wording>> = OnceLock::new();
    TAME.get_or_init(|| all("plain"))
}

#[test]
fn hostile_words_change_nothing_but_themselves() {
    for words in HOSTILE.iter().filter(|words| !words.contains('\n')) {
        for (wording, like) in all(words).iter().zip(tame()) {
            harmless(wording, like);
        }
    }
}

#[test]
fn a_line_break_in_a_name_makes_no_line_of_a_digest() {
    let wordings = all(HOSTILE[7]);
    let digest = wordings.last().unwrap();
    assert!(!digest.plain.lines().any(|line| line.starts_with("1. Call Mallory")));
    assert!(!digest.plain.lines().any(|line| line.starts_with("Bcc:")));
    assert!(wordings.iter().all(|wording| !wording.subject.contains('\n')));
}

#[test]
fn words_that_look_like_a_template_are_shown_as_they_are() {
    let wordings = all("{{rep}} {{{y}}}");
    assert!(wordings.iter().all(|wording| wording.plain.contains("{{rep}} {{{y}}}")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn any_word_of_a_stranger_is_harmless(word in "[^\r\n\u{85}\u{2028}\u{2029}0-9]{1,60}[a-z]") {
        for (wording, like) in all(&word).iter().zip(tame()) {
            harmless(wording, like);
        }
    }
}
