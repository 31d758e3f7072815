//! Cadences and their texts through the public door: what loads, what is refused and where, what a prospect would read.

mod choices;
mod refused;

use cadence::model::{
    Address, Cadence, CadenceName, Channel, Prospect, Rep, StepNo, Wording, Zone, ZoneReason, limits,
};
use cadence::template::{Library, Missing, Problem, Words};
use expect_test::{Expect, expect};
use jiff::civil::{date, time};
use std::sync::LazyLock;

// ── the people ──────────────────────────────────────────────────────────────────────────────────────────────────────

fn prospect(name: Option<&str>, fields: &[(&str, &str)]) -> Prospect {
    Prospect {
        address: Address::parse("li@acme.test").unwrap(),
        name: name.map(str::to_owned),
        fields: fields
            .iter()
            .map(|(word, value)| ((*word).to_owned(), (*value).to_owned()))
            .collect(),
        zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::Given),
    }
}

/// As after a BCC: an address and nothing else.
fn bare() -> Prospect {
    prospect(None, &[])
}

fn full() -> Prospect {
    prospect(
        Some("Li Wang"),
        &[
            ("company", "Acme"),
            ("title", "Head of Operations"),
            ("phone", "+49 30 1234567"),
            ("linkedin", "https://linkedin.example/in/li-wang"),
            ("industry", "logistics"),
            ("topic", "planning shifts"),
            ("pain_point", "you are hiring for three sites at once"),
            ("request", "prices for 40 people"),
        ],
    )
}

fn rep() -> Rep {
    Rep {
        address: Address::parse("ana@corp.test").unwrap(),
        name: "Ana Silva".to_owned(),
        zone: jiff::tz::TimeZone::UTC,
        zone_name: "UTC".to_owned(),
        digest_at: time(8, 0, 0, 0),
        code_turn: 0,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: None,
    }
}

fn rep_with_everything() -> Rep {
    Rep {
        signature: Some("Ana Silva\nCorp, Lisbon".to_owned()),
        title: Some("Account Executive".to_owned()),
        phone: Some("+351 21 000 0000".to_owned()),
        calendar_link: Some("https://cal.corp.test/ana".to_owned()),
        ..rep()
    }
}

// ── the one way in ──────────────────────────────────────────────────────────────────────────────────────────────────

/// The shipped cadences, read once.
fn library() -> &'static Library {
    static SHIPPED: LazyLock<Library> =
        LazyLock::new(|| Library::embedded().unwrap_or_else(|problems| panic!("{problems:#?}")));
    &SHIPPED
}

/// A library with these files; the shipped cadences are overridden by small ones, only to be quick.
fn alone(own: &[(&str, &str)]) -> Result<Library, Vec<Problem>> {
    let names = [
        "cold-outbound",
        "event",
        "inbound",
        "inbound-nurture",
        "no-show",
        "opportunity",
        "outbound",
        "re-engagement",
        "warm-outbound",
    ];
    let small = names.map(|name| {
        let file = |file: &str, text: &str| (format!("{name}/{file}"), text.to_owned());
        [file("cadence.toml", GOOD), file("a.md", "Subject: x\n\nText\n")]
    });
    Library::with(&[small.concat(), files(own)].concat())
}

fn files(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

fn cadence<'a>(library: &'a Library, name: &str) -> &'a Cadence {
    library
        .cadence(&CadenceName::parse(name).unwrap())
        .expect("a cadence of this name")
}

fn words<'a>(cadence: &'a Cadence, prospect: &'a Prospect, rep: &'a Rep) -> Words<'a> {
    Words {
        prospect,
        rep,
        cadence,
        thread_subject: "Shifts at Acme",
        last_touch: Some(date(2026, 3, 5)),
        today: date(2026, 3, 9),
        postal_address: None,
        seed: 1,
    }
}

/// A library with one cadence `own` of one email with these lines.
fn email(text: &str) -> Library {
    let toml = "title = \"Own\"\nkind = \"cold\"\nfields = [\"pain_point\"]\n[[step]]\nday = 1\ntemplate = \"a\"\n";
    alone(&[("own/cadence.toml", toml), ("own/a.md", text)]).unwrap_or_else(|p| panic!("{p:#?}"))
}

fn render(library: &Library, name: &str, step: u16, prospect: &Prospect, rep: &Rep) -> Result<Wording, Vec<Missing>> {
    let cadence = cadence(library, name);
    library.render(cadence, StepNo(step), &words(cadence, prospect, rep))
}

/// An email of `own`, rendered for a prospect.
fn mail(text: &str, prospect: &Prospect) -> Wording {
    render(&email(text), "own", 1, prospect, &rep()).unwrap_or_else(|missing| panic!("{missing:?}"))
}

fn shown(wording: &Wording) -> String {
    format!("Subject: {}\n\n{}", wording.subject, wording.plain)
}

fn check(name: &str, step: u16, prospect: &Prospect, rep: &Rep, expected: Expect) {
    let wording = render(library(), name, step, prospect, rep).unwrap_or_else(|missing| panic!("{missing:?}"));
    expected.assert_eq(&shown(&wording));
}

// ── the shipped cadences ────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_shipped_cadences_load_and_no_advice_is_left() {
    let library = library();
    let mut told = String::new();
    for cadence in library.cadences() {
        let advice: Vec<String> = library.advice(cadence).iter().map(ToString::to_string).collect();
        told += &format!(
            "{}: {} touches, {} days {advice:?}\n",
            cadence.name,
            cadence.touches(),
            cadence.span()
        );
        assert!(!cadence.about.is_empty());
    }
    expect![[r#"
        cold-outbound: 11 touches, 21 days []
        event: 8 touches, 14 days []
        inbound: 8 touches, 7 days []
        inbound-nurture: 10 touches, 60 days []
        no-show: 5 touches, 6 days []
        opportunity: 9 touches, 21 days []
        outbound: 9 touches, 14 days []
        re-engagement: 7 touches, 10 days []
        warm-outbound: 9 touches, 14 days []
    "#]]
    .assert_eq(&told);
}

#[test]
fn the_outbound_cadence_calls_on_days_1_6_and_14() {
    let library = library();
    let steps = &cadence(library, "outbound").steps;
    let calls: Vec<u32> = steps
        .iter()
        .filter(|step| step.channel == Channel::Call)
        .map(|step| step.day)
        .collect();
    assert_eq!(calls, [1, 6, 14]);
}

#[test]
fn every_shipped_step_reads_well_with_everything_known_and_with_nothing_known() {
    let library = library();
    for (prospect, rep) in [
        (full(), rep_with_everything()),
        (bare(), rep()),
        (full(), rep()),
        (bare(), rep_with_everything()),
    ] {
        for cadence in library.cadences() {
            for step in &cadence.steps {
                let place = format!("{} {}", cadence.name, step.number);
                let wording = library.render(cadence, step.number, &words(cadence, &prospect, &rep));
                let wording = wording.unwrap_or_else(|missing| panic!("{place}: {missing:?}"));
                assert!(!wording.subject.is_empty(), "{place}");
                for hole in ["{{", "  ", " ,", " .", " ?", "Hi ,", "\n\n\n", "\"\"", "()", "\u{E000}"] {
                    assert!(
                        !wording.plain.contains(hole),
                        "{place} has {hole:?}:\n{}",
                        wording.plain
                    );
                    assert!(
                        !wording.subject.contains(hole),
                        "{place} has {hole:?}: {}",
                        wording.subject
                    );
                }
                if step.channel == Channel::Email {
                    let count = wording.plain.split_whitespace().count();
                    assert!(
                        (60..=150).contains(&count),
                        "{place} has {count} words with its last lines"
                    );
                    assert!(
                        wording
                            .plain
                            .contains("just reply \"stop\" and I will not write again."),
                        "{place}"
                    );
                    assert!(wording.html.is_some(), "{place}");
                } else {
                    assert_eq!(wording.html, None, "{place}");
                }
            }
        }
    }
}

#[test]
fn an_empty_thread_subject_keeps_no_shipped_step_from_going_out() {
    let library = library();
    let (bare, rep) = (bare(), rep());
    for cadence in library.cadences() {
        let words = Words {
            thread_subject: "",
            ..words(cadence, &bare, &rep)
        };
        assert_eq!(library.missing(cadence, StepNo::FIRST, &words), []);
    }
}

#[test]
fn the_first_mail_for_somebody_of_whom_much_is_known() {
    check(
        "outbound",
        1,
        &full(),
        &rep_with_everything(),
        expect![[r#"
            Subject: How do you handle planning shifts today?

            Hi Li,

            I'm writing for one reason: you are hiring for three sites at once.

            I'd like to find out whether we can help Acme with planning shifts, and asking you beats guessing.

            From the outside I only see half the picture. What I can't see is how you handle it today, how many hours that eats, and whether changing it is on anybody's list.

            If it is, I'll send you a half-page outline of how we'd go about it, and you can judge us by that. If it isn't, just say so. I won't try to talk you into it.

            Is this something you're looking at this year?

            Ana Silva
            Corp, Lisbon

            If this is not for you, just reply "stop" and I will not write again.
        "#]],
    );
}

#[test]
fn the_first_mail_for_somebody_of_whom_nothing_is_known() {
    check(
        "outbound",
        1,
        &bare(),
        &rep(),
        expect![[r#"
            Subject: Could we be useful to your team?

            Hello,

            I'd like to find out whether we can help your team, and asking you beats guessing.

            From the outside I only see half the picture. What I can't see is how you handle things today, how many hours that eats, and whether changing it is on anybody's list.

            If it is, I'll send you a half-page outline of how we'd go about it, and you can judge us by that. If it isn't, just say so. I won't try to talk you into it.

            Is this something you're looking at this year?

            Ana Silva

            If this is not for you, just reply "stop" and I will not write again.
        "#]],
    );
}

#[test]
fn the_second_mail_for_somebody_of_whom_nothing_is_known() {
    check(
        "outbound",
        4,
        &bare(),
        &rep(),
        expect![[r#"
            Subject: Re: Shifts at Acme

            Hello,

            My first mail didn't say what a next step would cost you, so here it is.

            Fifteen minutes on the phone, nothing to prepare. You tell me how you handle this now. I tell you what we'd do differently, what it would ask of your people, and where we'd be the wrong choice. You keep whatever is useful, even if we never talk again.

            Name a day, and I'll work around it.

            If a colleague is closer to it, bring them along or pass this on.

            Would a quarter of an hour next week suit you?

            Ana Silva

            If this is not for you, just reply "stop" and I will not write again.
        "#]],
    );
}

#[test]
fn the_first_call_for_somebody_of_whom_much_is_known() {
    check(
        "outbound",
        2,
        &full(),
        &rep_with_everything(),
        expect![[r#"
            Subject: Call Li Wang: ask permission, then listen

            Number: +49 30 1234567
            Profile: https://linkedin.example/in/li-wang

            Goal: find out whether this is on their plate, and who else has a say. You're not selling yet.

            OPENING
            "Hi Li, it's Ana Silva. I've sent you a mail, 'Shifts at Acme', and you weren't expecting my call. Can I take thirty seconds to tell you why I wrote? Then you decide whether we keep talking."

            If yes: one sentence on whom you help and with what. Why them: you are hiring for three sites at once. Then ask, and stop talking.

            QUESTIONS (two or three)
            - How do you handle planning shifts today?
            - Which part of it takes the most time?
            - What happens if it's still like that a year from now?
            - Who else would want a say in changing it?

            IF THEY SAY
            - "I don't have time." Say: "Of course. Is ten minutes tomorrow better, or shall I leave it?"
            - "Send me something." Say: "Happy to. So that it's the right page and not a brochure: which question should it answer?"
            - "We already have someone." Say: "Good to hear. If you could change one thing about it, what would it be?"
            - "Not interested." Say: "Fair enough, thanks for being straight. Is it the topic or the timing?" Then let it go.

            CLOSE
            Agree on one thing with a date: a second call, a page you send today, or a name. Your calendar: https://cal.corp.test/ana

            VOICEMAIL (under 20 seconds)
            "Hi Li, it's Ana Silva. There's a mail from me in your inbox, 'Shifts at Acme'. It asks one question, and one line back is plenty. No need to return this call. If you'd rather talk: +351 21 000 0000. Thanks."
        "#]],
    );
}

#[test]
fn the_last_call_for_somebody_of_whom_nothing_is_known() {
    check(
        "outbound",
        8,
        &bare(),
        &rep(),
        expect![[r#"
            Subject: Last call to li@acme.test: leave the door open

            No number on file. One try through the switchboard is enough.

            Goal: part on good terms, and learn why it wasn't now.

            OPENING
            "Hello, it's Ana Silva, and this is my last call. I wrote to you about 'Shifts at Acme' and I'm guessing it's not a fit. Before I close my notes, may I ask one thing: was it the topic or the timing?"

            THE TOPIC
            "Thanks, good to know." Say goodbye, and log "not interested".

            THE TIMING
            "When would be better?" Agree on a month, put it in your note, and promise to stay quiet until then. Keep that promise.

            "NO, GO ON"
            Offer fifteen minutes with a date. No speech now.

            IF THEY SAY
            - "You write too much." Say: "You're right, and it stops today. Sorry for the noise." Then stop.
            - "Someone else decides that." Say: "Thanks. Would you give me the name, or would you rather leave it?"

            VOICEMAIL (under 20 seconds)
            "Hello, Ana Silva here. I won't call again. One short last mail is on its way, so that you can find me if things change. All the best."
        "#]],
    );
}

#[test]
fn the_first_answer_to_somebody_who_asked() {
    check(
        "inbound",
        1,
        &full(),
        &rep_with_everything(),
        expect![[r#"
            Subject: Your question about prices for 40 people

            Hi Li,

            Thanks for getting in touch about prices for 40 people. Your message came to me, and I'll look after it from here.

            The quickest way to an answer is a fifteen-minute call. I'll have read what you sent, so you won't have to repeat it. By the end you'll know whether we can help, roughly what it takes, and what would come next.

            Pick any time that suits you: https://cal.corp.test/ana

            If writing is easier, just answer here: what would you like to have solved, and by when?

            Ana Silva
            Corp, Lisbon

            If this no longer matters to you, just reply "stop" and I will not write again.
        "#]],
    );
}

#[test]
fn the_agenda_as_html() {
    let wording = render(library(), "inbound", 6, &full(), &rep_with_everything()).unwrap();
    expect![[r#"
        <!doctype html>
        <html><body>
        <p>Hi Li,</p>
        <p>It may help to know what a first call with me looks like. Three parts, five minutes each:</p>
        <ul>
        <li>You tell me what you need, and I only ask questions.</li>
        <li>I show you how we'd go about it, on your case and without slides.</li>
        <li>We decide whether a second step makes sense, and which one.</li>
        </ul>
        <p>If it doesn't, you've lost a quarter of an hour and gained a second opinion. Bring colleagues if you like; it saves you retelling it.</p>
        <p>My calendar is open to you: <a href="https://cal.corp.test/ana">https://cal.corp.test/ana</a></p>
        <p>Which day would work for you?</p>
        <p>Ana Silva<br />
        Corp, Lisbon</p>
        <p>If this no longer matters to you, just reply "stop" and I will not write again.</p>
        </body></html>
    "#]].assert_eq(wording.html.as_deref().unwrap());
}

#[test]
fn the_examples_of_the_readme_load() {
    let readme = include_str!("../../templates/README.md");
    let mut blocks = readme.split("```").skip(1).step_by(2);
    let toml = blocks
        .next()
        .and_then(|block| block.strip_prefix("toml\n"))
        .expect("cadence.toml");
    let step = blocks.next().map(str::trim_start).expect("a step's file");
    let call = "Headline: Call {{or name email}}\n\n{{or phone \"no number\"}}\n";
    let library = alone(&[
        ("own/cadence.toml", toml),
        ("own/thanks.md", step),
        ("own/thanks.a.md", "Subject: Our talk at {{or stand \"the fair\"}}\n"),
        ("own/thanks.b.md", "Subject: Did you find what you came for?\n"),
        ("own/call.md", call),
        ("own/second-thought.md", step),
        ("own/nudge.md", "One more thing.\n"),
        ("own/call-again.md", call),
    ])
    .unwrap_or_else(|problems| panic!("{problems:#?}"));
    let wording = render(&library, "own", 1, &bare(), &rep()).unwrap();
    assert!(
        ["Our talk at the fair", "Did you find what you came for?"].contains(&wording.subject.as_str()),
        "{}",
        wording.subject
    );
}

// ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_greeting_names_a_person_or_nobody() {
    for (name, greeting) in [
        (Some("Li Wang"), "Hi Li,"),
        (Some("Wang, Li"), "Hi Li,"),
        (Some("Dr. Li Wang"), "Hi Li,"),
        (Some("li@acme.test"), "Hello,"),
        (Some("Sales Team"), "Hello,"),
        (Some(" \t"), "Hello,"),
        (Some("\u{200B}"), "Hello,"),
        (None, "Hello,"),
    ] {
        let wording = mail("Subject: x\n\n{{greeting}}\n", &prospect(name, &[]));
        assert_eq!(wording.plain.lines().next(), Some(greeting), "{name:?}");
    }
}

#[test]
fn all_missing_words_of_a_text_are_named_once_each_and_no_text_comes_out() {
    let library = email(
        "Subject: {{company}}\n\n{{first_name}} {{#if pain_point}}{{phone}}{{else}}{{industry}}{{/if}} {{or title linkedin}} {{company}}\n",
    );
    let blank = prospect(None, &[("company", "  "), ("industry", "")]);
    let missing = render(&library, "own", 1, &blank, &rep()).unwrap_err();
    let named: Vec<&str> = missing.iter().map(|missing| missing.word.as_str()).collect();
    assert_eq!(named, ["company", "first_name", "industry", "title"]);
}

#[test]
fn missing_words_are_asked_for_from_the_coming_step_on() {
    let toml =
        "title = \"Own\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 3\ntemplate = \"b\"\n";
    let own = [
        ("own/cadence.toml", toml),
        ("own/a.md", "Subject: {{company}}\n\nText\n"),
        ("own/b.md", "{{phone}} and {{title}}\n"),
    ];
    let library = alone(&own).unwrap();
    let cadence = cadence(&library, "own");
    let (bare, rep) = (bare(), rep());
    let from = |step| {
        let missing = library.missing(cadence, StepNo(step), &words(cadence, &bare, &rep));
        missing
            .into_iter()
            .map(|missing| format!("{} {}", missing.step, missing.word))
            .collect::<Vec<_>>()
    };
    assert_eq!(from(1), ["1 company", "2 phone", "2 title"]);
    assert_eq!(from(2), ["2 phone", "2 title"]);
    assert_eq!(from(3), Vec::<String>::new());
}

#[test]
fn fallbacks_and_choices_take_the_first_word_that_is_known() {
    let text = "Subject: {{or company \"your team\"}}\n\n{{or pain_point industry \"your field\"}}. \
                {{#unless phone}}No number.{{/unless}} {{#if (or title phone)}}Reachable.{{/if}} \
                {{today.weekday}}, {{today.date}}, {{cadence.title}}, {{rep.first_name}}\n";
    let wording = mail(text, &prospect(None, &[("industry", "logistics"), ("title", "CEO")]));
    assert_eq!(wording.subject, "your team");
    let first = wording.plain.lines().next().unwrap();
    assert_eq!(first, "logistics. No number. Reachable. Monday, 9 March 2026, Own, Ana");
}

#[test]
fn a_field_cannot_speak_for_the_rep_or_the_house() {
    let fields = [
        ("rep.name", "Mallory"),
        ("postal_address", "Nowhere"),
        ("rep.calendar_link", "https://evil.test"),
        ("opt_out", "x"),
    ];
    let wording = mail(
        "Subject: x\n\nText\n{{#if rep.calendar_link}}{{rep.calendar_link}}{{/if}}\n",
        &prospect(None, &fields),
    );
    expect![[r#"
        Text

        Ana Silva

        If this is not for you, just reply "stop" and I will not write again.
    "#]]
    .assert_eq(&wording.plain);
}

#[test]
fn signature_opt_out_and_postal_address_stand_under_an_email_once() {
    let library = email("Subject: x\n\nText\n\n{{opt_out}}\n\n{{rep.signature}}\n");
    let cadence = cadence(&library, "own");
    let (bare, rep) = (bare(), rep_with_everything());
    let words = Words {
        postal_address: Some("Corp, Rua 1\nLisbon"),
        ..words(cadence, &bare, &rep)
    };
    let wording = library.render(cadence, StepNo::FIRST, &words).unwrap();
    expect![[r#"
        Text

        If this is not for you, just reply "stop" and I will not write again.

        Ana Silva
        Corp, Lisbon

        Corp, Rua 1
        Lisbon
    "#]]
    .assert_eq(&wording.plain);
    expect![[r#"
        <!doctype html>
        <html><body>
        <p>Text</p>
        <p>If this is not for you, just reply "stop" and I will not write again.</p>
        <p>Ana Silva<br />
        Corp, Lisbon</p>
        <p>Corp, Rua 1<br />
        Lisbon</p>
        </body></html>
    "#]]
    .assert_eq(wording.html.as_deref().unwrap());
}

#[test]
fn a_mail_in_the_thread_takes_its_subject_with_one_re() {
    let library = library();
    let cadence = cadence(library, "outbound");
    let (bare, rep) = (bare(), rep());
    for (thread_subject, subject) in [
        ("Hello", "Re: Hello"),
        ("RE: re: Hello", "Re: Hello"),
        ("", "Re:"),
        ("a\r\nBcc: x@y.test", "Re: a  Bcc: x@y.test"),
    ] {
        let words = Words {
            thread_subject,
            ..words(cadence, &bare, &rep)
        };
        assert_eq!(library.render(cadence, StepNo(4), &words).unwrap().subject, subject);
    }
}

#[test]
fn the_same_words_give_the_same_bytes() {
    let (one, other) = (library(), Library::embedded().unwrap());
    for cadence in one.cadences() {
        assert_eq!(Some(cadence), other.cadence(&cadence.name));
        for step in &cadence.steps {
            let (full, rep) = (full(), rep_with_everything());
            let words = words(cadence, &full, &rep);
            assert_eq!(
                one.render(cadence, step.number, &words),
                other.render(cadence, step.number, &words)
            );
        }
    }
}

// ── hostile values ──────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn values_come_out_verbatim_in_plain_text_and_inert_in_html() {
    let hostile = [
        "{{rep.email}}",
        "{{{rep.email}}}",
        "{{> partial}}",
        "{{#each this}}x{{/each}}",
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](http://evil.test)",
        "![x](http://evil.test/a.png)",
        "<http://evil.test>",
        "*bold* **bold** _em_ `code`",
        "# headline",
        "1. one",
        "> quote",
        "&lt;b&gt; &amp;",
        "${env} {% env %}",
        "\u{E000}\u{E001}\u{F8FF}",
        "]( )",
        "\\*",
    ];
    for value in hostile {
        let someone = prospect(Some(value), &[("company", value), ("first_name", value)]);
        let text = "Subject: {{company}}\n\n{{company}}\n\n- {{company}}\n- **{{company}}** and [link](https://corp.test/?q={{company}})\n";
        let wording = mail(text, &someone);
        assert_eq!(wording.subject, value);
        let mut lines = wording.plain.lines();
        assert_eq!(lines.next(), Some(value));
        assert_eq!(lines.nth(1), Some(format!("- {value}").as_str()));
        let html = wording.html.unwrap();
        let escaped = value
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        assert!(html.contains(&format!("<p>{escaped}</p>")), "{value}: {html}");
        assert!(html.contains(&format!("<strong>{escaped}</strong>")), "{value}: {html}");
        assert_eq!(html.matches("<a ").count(), 1, "{value}: {html}");
        for active in [
            "<b>",
            "<script",
            "<img",
            "href=\"http://evil",
            "<em>",
            "<code>",
            "<h1>",
            "<ol>",
            "<blockquote>",
        ] {
            assert!(!html.contains(active), "{value}: {html}");
        }
    }
}

#[test]
fn a_value_never_adds_a_line_a_header_or_a_turned_text() {
    let someone = prospect(
        None,
        &[(
            "company",
            "Acme\r\nBcc: x@y.test\n\n# Big\u{202E}\u{0}\u{85}\u{2028}end",
        )],
    );
    let wording = mail("Subject: About {{company}}\n\nFor {{company}}\n", &someone);
    assert_eq!(wording.subject, "About Acme  Bcc: x@y.test  # Big   end");
    assert_eq!(
        wording.plain.lines().next(),
        Some("For Acme  Bcc: x@y.test  # Big   end")
    );
}

#[test]
fn a_link_leads_only_where_mail_may_lead() {
    let text = "Subject: x\n\n[profile]({{linkedin}}) and [this](javascript:alert(1)) and \
                [that](https://corp.test/a \"{{company}}\") and [quoted]({{company}})\n";
    let fields = [
        ("linkedin", "javascript:alert(1)"),
        ("company", "https://x.test/\" onmouseover=\"alert(1)"),
    ];
    let wording = mail(text, &prospect(None, &fields));
    expect![[r#"profile (javascript:alert(1)) and this (javascript:alert(1)) and that (https://corp.test/a) and quoted (https://x.test/" onmouseover="alert(1))"#]]
        .assert_eq(wording.plain.lines().next().unwrap());
    let html = wording.html.unwrap();
    assert!(html.contains("<a href=\"https://corp.test/a\">that</a>"), "{html}");
    assert!(
        html.contains("<a href=\"https://x.test/%22%20onmouseover=%22alert(1)\">quoted</a>"),
        "{html}"
    );
    assert_eq!(html.matches("<a ").count(), 2, "{html}");
}

#[test]
fn raw_html_of_an_author_is_shown_and_not_passed_on() {
    let wording = mail(
        "Subject: x\n\nA <b>bold</b> word\n\n<div>\nblock\n</div>\n\n# Headline\n\n<https://corp.test>\n",
        &bare(),
    );
    expect![[r#"
        <!doctype html>
        <html><body>
        <p>A &lt;b&gt;bold&lt;/b&gt; word</p>
        <p>&lt;div&gt;
        block
        &lt;/div&gt;
        </p>
        <p><strong>Headline</strong></p>
        <p><a href="https://corp.test">https://corp.test</a></p>
        <p>Ana Silva</p>
        <p>If this is not for you, just reply "stop" and I will not write again.</p>
        </body></html>
    "#]]
    .assert_eq(&wording.html.unwrap());
    expect![[r#"
        A <b>bold</b> word

        <div>
        block
        </div>

        # Headline

        https://corp.test

        Ana Silva

        If this is not for you, just reply "stop" and I will not write again.
    "#]]
    .assert_eq(&wording.plain);
}

#[test]
fn an_overlong_value_counts_as_missing_and_no_text_grows_without_end() {
    let long = "x".repeat(limits::VALUE + 1);
    let library = email("Subject: x\n\n{{company}}\n");
    let missing = render(&library, "own", 1, &prospect(None, &[("company", &long)]), &rep()).unwrap_err();
    assert_eq!(
        missing,
        [Missing {
            word: "company".to_owned(),
            step: StepNo::FIRST
        }]
    );

    let many = format!("Subject: x\n\n{}\n", "{{company}} ".repeat(300));
    let wide = "&".repeat(limits::VALUE);
    let missing = render(&email(&many), "own", 1, &prospect(None, &[("company", &wide)]), &rep()).unwrap_err();
    assert_eq!(
        missing,
        [Missing {
            word: "company".to_owned(),
            step: StepNo::FIRST
        }]
    );
}

// ── what is refused, and where ──────────────────────────────────────────────────────────────────────────────────────

/// All problems of a cadence `own` with these files.
fn refused(own: &[(&str, &str)], expected: Expect) {
    let paths: Vec<String> = own.iter().map(|(file, _)| format!("own/{file}")).collect();
    let own: Vec<(&str, &str)> = paths
        .iter()
        .map(String::as_str)
        .zip(own.iter().map(|(_, text)| *text))
        .collect();
    let problems = alone(&own).map(|_| ()).expect_err("problems");
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    expected.assert_eq(&(told.join("\n") + "\n"));
}

const GOOD: &str = "title = \"Own\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n";

fn refused_text(text: &str, expected: Expect) {
    refused(&[("cadence.toml", GOOD), ("a.md", text)], expected);
}

#[test]
fn every_key_that_is_wrong_is_named_with_its_place() {
    let toml = r#"titel = "Own"
kind = "cool"
days = "calender"
window = { from = "17:00", till = "9" }
opt_out = "{{opt_out}}"
fields = ["company", "Pain Point", 3, "budget"]

[[step]]
day = 3
at = "mornin"
channel = "cal"
template = "a"

[[step]]
day = 2
at = 10:30:00
templat = "b"
thread = "no"

[[step]]
day = 0
at = "within 2d"
channel = "call"
template = "../../etc/passwd"
thread = false
"#;
    refused(
        &[("cadence.toml", toml), ("a.md", "Subject: x\n\nText {{budget}}\n")],
        expect![[r#"
            own/cadence.toml: expected `title = "…"`
            own/cadence.toml:1:1: unknown key `titel` (did you mean `title`?); expected `title`, `about`, `kind`, `language`, `days`, `window`, `prefer`, `send_time`, `opt_out`, `fields`, `words`, `unlogged`, `on` or `step`
            own/cadence.toml:2:8: unknown kind `cool`; expected `cold`, `warm`, `inbound`, `nurture`, `event`, `no-show`, `opportunity` or `re-engagement`
            own/cadence.toml:3:8: unknown `calender` (did you mean `calendar`?); expected `business` or `calendar`
            own/cadence.toml:4:10: expected `to = "…"`
            own/cadence.toml:4:28: unknown key `till`; expected `from` or `to`
            own/cadence.toml:5:11: expected a sentence, without words in braces, that says how to opt out
            own/cadence.toml:6:11: `company` is known without declaring: delete it here
            own/cadence.toml:6:22: expected a word in quotes of `a-z`, `0-9` and `_` that begins with a letter
            own/cadence.toml:6:36: expected a word in quotes of `a-z`, `0-9` and `_` that begins with a letter
            own/cadence.toml:10:6: unknown time `mornin` (did you mean `morning`?); expected `morning`, `afternoon`, `immediately`, a time such as `10:30`, or `within 15m` up to `within 24h`
            own/cadence.toml:11:11: unknown channel `cal` (did you mean `call`?); expected `email`, `call`, `linkedin`, `video`, `direct-mail` or `task`
            own/cadence.toml:14:1: expected `template = "…"`
            own/cadence.toml:15:7: day 2 comes after day 3: days never fall
            own/cadence.toml:16:6: expected a text in quotes, got a date or time without quotes
            own/cadence.toml:17:1: unknown key `templat` (did you mean `template`?); expected `day`, `at`, `channel`, `template`, `thread`, `when`, `approve`, `test` or `arm`
            own/cadence.toml:18:10: expected `true` or `false`, without quotes
            own/cadence.toml:21:7: expected a day from 1 to 400
            own/cadence.toml:22:6: unknown time `within 2d`; expected `morning`, `afternoon`, `immediately`, a time such as `10:30`, or `within 15m` up to `within 24h`
            own/cadence.toml:24:12: expected the name of a file without `.md`, of `a-z`, `0-9` and `-`
            own/cadence.toml:25:10: `thread` is for emails: delete it here
        "#]],
    );
}

#[test]
fn a_cadence_begins_with_an_email_and_its_files_exist() {
    let toml = "title = \"Own\"\nkind = \"cold\"\n[[step]]\nday = 1\nchannel = \"call\"\ntemplate = \"frist-call\"\n";
    refused(
        &[("cadence.toml", toml), ("first-call.md", "Headline: x\n\nText\n")],
        expect![[r#"
            own/cadence.toml:3:1: the first step must be an email: the mail that a rep hands over stands for it
            own/cadence.toml:6:12: there is no file `frist-call.md` in this folder (did you mean `first-call`?)
        "#]],
    );
}

#[test]
fn what_is_not_toml_is_shown_where_it_stops_being_it() {
    refused(
        &[("cadence.toml", "title = \"Own\nkind = cold\n\n[[step]\nday = 1\n")],
        expect![[r#"
        own/cadence.toml:1:13: cannot read this: invalid basic string, expected `"`
        own/cadence.toml:2:8: cannot read this: string values must be quoted, expected literal string
        own/cadence.toml:4:8: cannot read this: unclosed array table, expected `]`
    "#]],
    );
}

#[test]
fn a_cadence_without_steps_or_without_a_plan_is_none() {
    refused(
        &[("cadence.toml", "title = \"\"\nkind = \"cold\"\nabout = 3\n")],
        expect![[r#"
        own/cadence.toml: there is no step: expected `[[step]]` with `day` and `template`
        own/cadence.toml:1:9: `title` is empty
        own/cadence.toml:3:9: expected a text in quotes, got a number
    "#]],
    );
    refused(
        &[("cadence.toml", "title = \"Own\"\nkind = \"cold\"\nstep = []\n")],
        expect![[r#"
        own/cadence.toml:3:8: expected `[[step]]`, in double brackets, once for each step
    "#]],
    );
    refused(
        &[("a.md", "Subject: x\n\nText\n")],
        expect![[r#"
        own/cadence.toml: there is no such file: a cadence's folder needs one
    "#]],
    );
}

#[test]
fn what_is_too_much_is_refused() {
    let steps = "[[step]]\nday = 1\ntemplate = \"a\"\n".repeat(limits::STEPS + 1);
    let toml = format!("title = \"Own\"\nkind = \"cold\"\n{steps}");
    refused(
        &[("cadence.toml", &toml), ("a.md", "Subject: x\n\nText\n")],
        expect![[r#"
        own/cadence.toml:183:1: more than 60 steps: make two cadences of it
    "#]],
    );
    let large = "x".repeat(limits::FILE as usize + 1);
    refused(
        &[("cadence.toml", GOOD), ("a.md", &large)],
        expect![[r#"
            own/a.md: more than 262144 bytes: a step's text is a page, not a book; shorten it
        "#]],
    );
    let late = GOOD.replace("day = 1", "day = 401");
    refused(
        &[("cadence.toml", &late), ("a.md", "Subject: x\n\nText\n")],
        expect![[r#"
        own/cadence.toml:4:7: expected a day from 1 to 400
    "#]],
    );
}

#[test]
fn unknown_words_are_named_with_place_and_the_word_that_was_meant() {
    refused_text(
        "Subject: {{compnay}} news\n\nHi {{frist_name}},\n{{#if rep.fone}}x{{/if}} {{budget}} {{budget}}\n{{or zzzz \"x\"}}\n",
        expect![[r#"
            own/a.md:1:12: unknown word `compnay`: did you mean `company`?
            own/a.md:3:6: unknown word `frist_name`: did you mean `first_name`?
            own/a.md:4:7: unknown word `rep.fone`: did you mean `rep.phone`?
            own/a.md:4:28: unknown word `budget`: declare it in `fields` of cadence.toml if prospects have it
            own/a.md:5:6: unknown word `zzzz`: declare it in `fields` of cadence.toml if prospects have it
        "#]],
    );
}

#[test]
fn only_or_if_and_unless_get_through() {
    for (tag, expected) in [
        (
            "{{> header}}",
            expect![[r#"
                own/a.md:4:3: there is no snippet `header`: write `header.md` into this cadence's folder, or into `snippets`
            "#]],
        ),
        (
            "{{{company}}}",
            expect![[r#"
            own/a.md:4:3: values go in as they are: write `{{word}}` with two braces
        "#]],
        ),
        (
            "{{&company}}",
            expect![[r#"
            own/a.md:4:3: values go in as they are: write `{{word}}` with two braces
        "#]],
        ),
        (
            "{{#each company}}x{{/each}}",
            expect![[r#"
                own/a.md:4:3: unknown `each`; expected `or`, `if`, `unless`, `choose`, `plural`, `date` or `weekday`
            "#]],
        ),
        (
            "{{#with rep}}x{{/with}}",
            expect![[r#"
                own/a.md:4:3: unknown `with`; expected `or`, `if`, `unless`, `choose`, `plural`, `date` or `weekday`
            "#]],
        ),
        (
            "{{lookup rep \"name\"}}",
            expect![[r#"
                own/a.md:4:3: unknown `lookup`; expected `or`, `if`, `unless`, `choose`, `plural`, `date` or `weekday`
            "#]],
        ),
        (
            "{{uppercase company}}",
            expect![[r#"
                own/a.md:4:3: unknown `uppercase`; expected `or`, `if`, `unless`, `choose`, `plural`, `date` or `weekday`
            "#]],
        ),
        (
            "{{company \"x\"}}",
            expect![[r#"
            own/a.md:4:3: `company` is a word and takes nothing after it; a fallback is `{{or company "…"}}`
        "#]],
        ),
        (
            "{{if company \"x\"}}",
            expect![[r#"
            own/a.md:4:3: `if` stands around a text: `{{#if word}}…{{/if}}`
        "#]],
        ),
        (
            "{{#if}}x{{/if}}",
            expect![[r#"
            own/a.md:4:3: `if` takes one word: `{{#if word}}`, or `{{#if (or a b)}}`
        "#]],
        ),
        (
            "{{#if company phone}}x{{/if}}",
            expect![[r#"
            own/a.md:4:3: `if` takes one word: `{{#if word}}`, or `{{#if (or a b)}}`
        "#]],
        ),
        (
            "{{#if (eq company phone)}}x{{/if}}",
            expect![[r#"
            own/a.md:4:3: only `or` stands in brackets: `(or a b)`
        "#]],
        ),
        (
            "{{or \"x\" company}}",
            expect![[r#"
            own/a.md:4:3: a fallback is a text in quotes, not blank, and stands last
        "#]],
        ),
        (
            "{{or company \"\"}}",
            expect![[r#"
            own/a.md:4:3: a fallback is a text in quotes, not blank, and stands last
        "#]],
        ),
        (
            "{{or company \"\\ue000\"}}",
            expect![[r#"
            own/a.md:4:3: a fallback is a text in quotes, not blank, and stands last
        "#]],
        ),
        (
            "{{or company 3}}",
            expect![[r#"
            own/a.md:4:3: a fallback is a text in quotes, not blank, and stands last
        "#]],
        ),
        (
            "{{this}}",
            expect![[r#"
            own/a.md:4:5: unknown word `this`: declare it in `fields` of cadence.toml if prospects have it
        "#]],
        ),
        (
            "{{../company}}",
            expect![[r#"
            own/a.md:4:5: unknown word `../company`: did you mean `company`?
        "#]],
        ),
        (
            "{{@root.company}}",
            expect![[r#"
            own/a.md:4:5: unknown word `@root.company`: declare it in `fields` of cadence.toml if prospects have it
        "#]],
        ),
        (
            "{{#> layout}}x{{/layout}}",
            expect![[r#"
                own/a.md:4:3: a snippet stands alone: `{{> name}}`, without a text inside
            "#]],
        ),
        (
            "{{* decorator}}",
            expect![[r#"
            own/a.md:4:3: expected a word, `or`, `if` or `unless`
        "#]],
        ),
        (
            "{{{{raw}}}}x{{{{/raw}}}}",
            expect![[r#"
                own/a.md:4:3: unknown `raw`; expected `or`, `if`, `unless`, `choose`, `plural`, `date` or `weekday`
            "#]],
        ),
        (
            "{{company",
            expect![[r#"
                own/a.md:4:3: this `{{` is not closed: expected `}}` behind the word
            "#]],
        ),
        (
            "{{}}",
            expect![[r#"
                own/a.md:4:5: cannot read this: expected `{{word}}`, `{{or word "fallback"}}` or `{{#if word}}…{{else}}…{{/if}}`
            "#]],
        ),
        (
            "{{#if company}}x",
            expect![[r#"
                own/a.md:4:3: `{{#if …}}` is opened and not closed: expected `{{/if}}`
            "#]],
        ),
        (
            "{{#if company}}x{{/unless}}",
            expect![[r#"
            own/a.md:4:19: `{{#if}}` is closed by `{{/unless}}`: close what was opened last
        "#]],
        ),
        (
            "{{/if}}",
            expect![[r#"
                own/a.md:4:5: cannot read this: expected `{{word}}`, `{{or word "fallback"}}` or `{{#if word}}…{{else}}…{{/if}}`
            "#]],
        ),
        (
            "{{else}}",
            expect![[r#"
                own/a.md:4:5: cannot read this: expected `{{word}}`, `{{or word "fallback"}}` or `{{#if word}}…{{else}}…{{/if}}`
            "#]],
        ),
        (
            "\u{E001}",
            expect![[r#"
            own/a.md:4:3: the character U+E001 cannot stand in a mail: delete it
        "#]],
        ),
        (
            "![logo](https://corp.test/a.png)",
            expect![[r#"
            own/a.md:4:3: pictures are not sent: put a link `[text](address)`
        "#]],
        ),
    ] {
        refused_text(&format!("Subject: x\n\nText\n  {tag}\n"), expected);
    }
}

#[test]
fn nesting_without_end_is_refused_before_it_is_read() {
    let deep = format!(
        "Subject: x\n\n{}{}\n",
        "{{#if company}}".repeat(5_000),
        "{{/if}}".repeat(5_000)
    );
    refused_text(
        &deep,
        expect![[r#"
        own/a.md:3:241: more than 16 levels in one another: make two steps of it
    "#]],
    );
    refused_text(
        &format!("Subject: x\n\n{{{{or {} \n", "[".repeat(50_000)),
        expect![[r#"
            own/a.md:3:1: this `{{` is not closed: expected `}}` behind the word
        "#]],
    );
    refused_text(
        &format!(
            "Subject: x\n\n{{{{#if {}company{}}}}}x{{{{/if}}}}\n",
            "(or ".repeat(5_000),
            ")".repeat(5_000)
        ),
        expect![[r#"
        own/a.md:3:1: more than 16 levels in one another: make two steps of it
    "#]],
    );
}

#[test]
fn a_step_file_begins_with_what_its_step_needs() {
    let toml = r#"title = "Own"
kind = "cold"
[[step]]
day = 1
template = "a"
[[step]]
day = 2
channel = "call"
template = "b"
[[step]]
day = 3
thread = false
template = "c"
[[step]]
day = 4
template = "d"
"#;
    refused(
        &[
            ("cadence.toml", toml),
            ("a.md", "Headline: x\nSubjet: y\n\nText\n"),
            ("b.md", "Text without a headline\n"),
            ("c.md", "Subject: one\nSubject: two\n\nText\n"),
            ("d.md", "Dear: x\n"),
        ],
        expect![[r#"
            own/a.md:1:1: expected `Subject:` and not `Headline:`
            own/a.md:2:1: unknown `Subjet:` (did you mean `Subject`?); if this line is text, put a blank line above it
            own/b.md:1:1: expected `Headline: …` on the first line, then a blank line and the text
            own/c.md:2:1: `Subject:` stands here twice
            own/d.md: there is no text: write it below a blank line
            own/d.md:1:1: unknown `Dear:`; if this line is text, put a blank line above it
        "#]],
    );
}

#[test]
fn a_folder_whose_name_no_address_can_carry_is_refused() {
    let problems = Library::with(&files(&[
        ("My Cadence/cadence.toml", GOOD),
        ("My Cadence/a.md", "Subject: x\n\nText\n"),
    ]));
    let told: Vec<String> = problems
        .map(|_| ())
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    expect!["My Cadence: this folder's name cannot be used: a cadence's name has 2 to 41 of `a-z`, `0-9` and `-`, and does not begin with `-`"].assert_eq(&told.join("\n"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn no_text_makes_reading_or_rendering_panic(pieces in proptest::collection::vec(0..FRAGMENTS.len(), 0..24)) {
        let text: String = pieces.iter().filter_map(|piece| FRAGMENTS.get(*piece).copied()).collect();
        let text = format!("Subject: x\n\nText {text}\n");
        match alone(&[("own/cadence.toml", GOOD), ("own/a.md", &text)]) {
            Ok(library) => {
                let rendered = render(&library, "own", 1, &full(), &rep_with_everything());
                let marks = |text: &str| text.contains(|c| ('\u{E000}'..='\u{F8FF}').contains(&c));
                let whole = |wording: Wording| !marks(&wording.plain) && !marks(wording.html.as_deref().unwrap_or(""));
                proptest::prop_assert!(rendered.map_or(true, whole));
            }
            Err(problems) => proptest::prop_assert!(problems.iter().all(|problem| problem.file == "own/a.md")),
        }
    }
}

/// What texts are made of, sane and otherwise.
const FRAGMENTS: [&str; 44] = [
    "{{company}}",
    "{{#if phone}}",
    "{{else}}",
    "{{/if}}",
    "{{#unless title}}",
    "{{/unless}}",
    "{{or title \"x\"}}",
    "{{~",
    "~}}",
    "{{",
    "}}",
    "{{{",
    "}}}",
    "{{{{raw}}}}",
    "{{{{/raw}}}}",
    "{{!-- x --}}",
    "{{! x }}",
    "{{!--",
    "\\{{",
    "\\\\{{company}}",
    "{{^}}",
    "{{else if title}}",
    "{{#if (or title phone)}}",
    "(",
    ")",
    "[",
    "]",
    "[a](https://x.test)",
    "[a]({{linkedin}})",
    "*",
    "**",
    "`",
    "```",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "1. ",
    "> ",
    "<b>",
    "<!-- ",
    "&amp;",
    "ü",
    "\"",
];

// ── folders ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_cadence_of_the_same_name_replaces_the_shipped_one_as_a_whole_and_others_are_added() {
    let own = files(&[
        ("outbound/cadence.toml", GOOD),
        ("outbound/a.md", "\u{FEFF}Subject: Mine\r\n\r\nMy text\r\n"),
        ("fair/cadence.toml", GOOD),
        ("fair/a.md", "Subject: x\n\nText\n"),
        ("README.md", "not a cadence"),
        (".git/cadence.toml", "not a cadence"),
        ("fair/.swp", "not a text"),
        ("fair/old/a.md", "{{nonsense}}"),
    ]);
    let library = Library::with(&own).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let names: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
    assert_eq!(names.len(), 10);
    assert!(names.contains(&"fair") && names.contains(&"outbound"));
    assert_eq!(cadence(&library, "outbound").touches(), 1);
    let wording = render(&library, "outbound", 1, &bare(), &rep()).unwrap();
    assert_eq!(
        (wording.subject.as_str(), wording.plain.lines().next()),
        ("Mine", Some("My text"))
    );
    assert!(render(&library, "outbound", 2, &bare(), &rep()).is_err());
}

#[test]
fn the_edition_changes_with_the_texts_and_not_with_what_lies_beside_them() {
    let edition = |text: &str, more: &[(&str, &str)]| {
        let mut own = vec![("own/cadence.toml", GOOD), ("own/a.md", text)];
        own.extend(more);
        cadence(&alone(&own).unwrap(), "own").edition.clone()
    };
    let first = edition("Subject: x\n\nText\n", &[]);
    assert_eq!(first, edition("Subject: x\n\nText\n", &[("own/notes.txt", "later")]));
    assert_ne!(first, edition("Subject: x\n\nText.\n", &[]));
}

// ── advice ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn advice_names_what_a_colleague_would_notice() {
    let toml = r#"title = "Own"
kind = "cold"
[[step]]
day = 1
template = "a"
[[step]]
day = 1
template = "b"
[[step]]
day = 12
template = "c"
"#;
    let long = "word ".repeat(151);
    let own = [
        ("own/cadence.toml", toml),
        (
            "own/a.md",
            "Subject: A subject that goes on and on until no telephone can show it\n\nWould a call next week suit you?\n",
        ),
        (
            "own/b.md",
            "Subject: never used\n\nOne more thought. Would a call next week suit you?\n",
        ),
        ("own/c.md", &long),
        ("own/d.md", "Subject: x\n\nText\n"),
    ];
    let library = alone(&own).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let told: Vec<String> = library
        .advice(cadence(&library, "own"))
        .iter()
        .map(ToString::to_string)
        .collect();
    expect![[r#"
        own/b.md: "would a call next week suit you" was said in step 1 already: each touch brings something new
        own/b.md:1:1: step 2 is in the thread and keeps its subject: delete this line, or say `thread = false`
        own/c.md: 151 words: over 150 are not read to the end; keep one thought, and give the next mail the other
        own/c.md: no question: there is nothing to answer; end with one that takes a word or a date
        own/cadence.toml: 3 touches: most answers come after several, so a cadence of kind `cold` has 7 to 12
        own/cadence.toml: emails only: some people answer nothing but their phone; add a call, and a message on LinkedIn
        own/cadence.toml:7:7: step 2 is a second email on the same day: it reads as pressing; move it by two days or change the channel
        own/cadence.toml:10:7: 11 days of silence before step 3: after 7 the touch before is forgotten; add one in between
        own/d.md: no step names this file: delete it, or give it a step
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

#[test]
fn a_word_of_the_cadence_speaks_for_prospects_who_bring_none() {
    let toml = "title = \"Own\"\nkind = \"cold\"\nfields = [\"budget\"]\nwords = { budget = \"a small one\", topic = \"shoes\" }\n\
        [[step]]\nday = 1\ntemplate = \"a\"\n";
    let text = "Subject: {{topic}}\n\nYour budget is {{budget}}.\n";
    let library = alone(&[("own/cadence.toml", toml), ("own/a.md", text)]).unwrap_or_else(|p| panic!("{p:#?}"));
    let said = |fields: &[(&str, &str)]| render(&library, "own", 1, &prospect(None, fields), &rep()).expect("a text");
    assert_eq!(said(&[]).subject, "shoes");
    assert!(said(&[("budget", "large")]).plain.starts_with("Your budget is large."));
    assert!(
        said(&[("budget", " ")])
            .plain
            .starts_with("Your budget is a small one."),
        "blank is none"
    );
    let refused = |words: &str| {
        let toml = toml.replace("words = { budget = \"a small one\", topic = \"shoes\" }", words);
        let told = alone(&[("own/cadence.toml", &toml), ("own/a.md", "Subject: x\n\nText\n")]).expect_err("problems");
        told.iter()
            .map(|problem| problem.to_string() + "\n")
            .collect::<String>()
    };
    let told = [
        refused("words = [\"topic\"]"),
        refused("words = { company = \"Acme\" }"),
        refused("words = { Topic = \"shoes\" }"),
        refused("words = { topic = \"\" }"),
    ];
    expect![[r#"
        own/cadence.toml:4:9: expected `[words]` and below it lines such as `topic = "planning shifts"`
        own/cadence.toml:4:21: `company` is each prospect's or rep's own: a text says `{{or company "…"}}` instead
        own/cadence.toml:4:19: expected a word of `a-z`, `0-9` and `_` that begins with a letter
        own/cadence.toml:4:19: expected a text of 1 to 1000 characters
    "#]]
    .assert_eq(&told.concat());
}

// ── wordings, conditions, events ────────────────────────────────────────────────────────────────────────────────────

/// A mail, a call and a mail, with these lines for the last step and these files beside.
fn three(more: &str, files: &[(&'static str, &'static str)]) -> Vec<(&'static str, String)> {
    let toml = format!(
        "title = \"Own\"\nkind = \"cold\"\nfields = [\"budget\"]\n[[step]]\nday = 1\ntemplate = \"a\"\n\
         [[step]]\nday = 2\nchannel = \"call\"\ntemplate = \"call\"\n[[step]]\nday = 3\ntemplate = \"b\"\n{more}"
    );
    let texts = [
        ("a.md", "Subject: x\n\nText\n"),
        ("call.md", "Headline: Call\n\nHello?\n"),
    ];
    let all = texts
        .iter()
        .chain(files)
        .map(|(file, text)| (*file, (*text).to_owned()));
    std::iter::once(("cadence.toml", toml)).chain(all).collect()
}

fn load(files: &[(&'static str, String)]) -> Result<Library, Vec<Problem>> {
    let own: Vec<(String, &str)> = files
        .iter()
        .map(|(file, text)| (format!("own/{file}"), text.as_str()))
        .collect();
    let own: Vec<(&str, &str)> = own.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    alone(&own)
}

/// What a `when` is refused with.
fn refused_when(when: &str) -> String {
    let files = three(&format!("when = '{when}'\n"), &[("b.md", "Text\n")]);
    match load(&files) {
        Ok(_) => format!("{when}: loads"),
        Err(problems) => problems.iter().map(|problem| problem.to_string() + "\n").collect(),
    }
}

#[test]
fn a_condition_is_read_back_as_it_was_meant() {
    for (said, meant) in [
        ("phone is known", "phone is known"),
        ("connected", "connected"),
        ("not connected", "not (connected)"),
        ("outcome(\"call\") is not none", "outcome(\"call\") is not none"),
        ("days since reply > 3", "days since reply >= 4"),
        ("days since reply <= 3", "days since reply < 4"),
        (
            "budget is \"none\" or title contains \"chief\" and email is known",
            "budget is \"none\" or (title contains \"chief\" and email is known)",
        ),
        (
            "(connected or voicemail) and company is not \"Acme\"",
            "(connected or voicemail) and company is not \"Acme\"",
        ),
    ] {
        let files = three(&format!("when = '{said}'\n"), &[("b.md", "Text\n")]);
        let library = load(&files).unwrap_or_else(|problems| panic!("{said}: {problems:#?}"));
        let when = cadence(&library, "own").steps[2].when.as_ref().expect("a condition");
        assert_eq!(when.to_string(), meant, "{said}");
    }
}

#[test]
fn a_condition_that_nothing_can_answer_is_refused_where_it_stands() {
    let told: String = [
        "",
        "opened",
        "fone is known",
        "outcome(\"kall\") is voicemail",
        "outcome(\"a\") is voicemail",
        "outcome(\"call\") is voicemial",
        "outcome(call) is voicemail",
        "days since reply is 3",
        "days since reply > soon",
        "phone is known and",
        "phone is known phone is known",
        "title is \"CFO",
        "(phone is known",
        "title = 3",
    ]
    .map(refused_when)
    .concat();
    expect![[r#"
        own/cadence.toml:14:8: expected a condition such as `phone is known`, got the end
        opened: loadsown/cadence.toml:14:8: unknown `fone`; expected a word about the prospect, `outcome("step")`, `connected`, `reply is interested`, `days since reply`, `opened` or `clicked`
        own/cadence.toml:14:8: `kall` is no step before this one; of touches by a human there is `call`
        own/cadence.toml:14:8: `a` is an email, which nobody logs; of touches by a human there is `call`
        own/cadence.toml:14:8: unknown outcome `voicemial` (did you mean `voicemail`?); expected `done`, `connected`, `voicemail`, `no_answer`, `meeting`, `not_interested`, `wrong_number` or `skipped` or `none`
        own/cadence.toml:14:8: expected the template of an earlier step in quotes, got `call`
        own/cadence.toml:14:8: expected `>=` or `<` behind `days since reply`, got `is`
        own/cadence.toml:14:8: expected a number of days up to 400, got `soon`
        own/cadence.toml:14:8: expected a condition such as `phone is known`, got the end
        own/cadence.toml:14:8: expected `and`, `or` or the end, got `phone`
        own/cadence.toml:14:8: a text in quotes does not end
        own/cadence.toml:14:8: expected `)`, got the end
        own/cadence.toml:14:8: cannot read `=` here
    "#]].assert_eq(&told);
    let deep = "not ".repeat(limits::TEXT_NESTING + 1) + "connected";
    assert!(refused_when(&deep).contains("levels in one another"));
    let long = vec!["connected"; limits::CONDITION].join(" or ");
    assert!(refused_when(&long).contains("make two steps of it"));
}

#[test]
fn what_a_cadence_may_not_decide_or_cannot_do_is_refused_where_it_stands() {
    let toml = "\n[on]\nreply = \"finish\"\ncompletd = \"finish\"\ncompleted = \"pause\"\n\
        outcome.voicemial = \"pause\"\noutcome.voicemail = \"postpone soon\"\noutcome.connected = \"stop\"\n\
        outcome.done = \"switch to nowhere after 2 days\"\noutcome.skipped = \"postpone 999 days\"\n";
    let told = load(&three(toml, &[("b.md", "Text\n")])).expect_err("problems");
    let told: Vec<String> = told.iter().map(ToString::to_string).collect();
    expect![[r#"
        own/cadence.toml:16:9: expected a line such as `reply.interested = "pause"`
        own/cadence.toml:17:1: unknown key `completd` (did you mean `completed`?); expected `reply`, `meeting`, `no_show`, `outcome`, `signal` or `completed`
        own/cadence.toml:18:13: expected `"finish"`, `"alert"` or `"switch to NAME after 30 days"`: nothing else is left to do
        own/cadence.toml:19:9: unknown key `voicemial` (did you mean `voicemail`?); expected `done`, `connected`, `voicemail`, `no_answer`, `meeting`, `not_interested`, `wrong_number` or `skipped`
        own/cadence.toml:20:21: cannot read `postpone soon` (did you mean `postpone`?); expected `go on`, `finish`, `pause`, `alert`, `postpone 3 days` or `switch to NAME after 3 days`
        own/cadence.toml:21:21: cannot read `stop`; expected `go on`, `finish`, `pause`, `alert`, `postpone 3 days` or `switch to NAME after 3 days`
        own/cadence.toml:23:19: expected `1 day` to `400 days`, got `999 days`"#]].assert_eq(&told.join("\n"));
}

#[test]
fn switches_lead_somewhere_and_never_back() {
    let leading = |to: &str| {
        let on = format!("title = \"Own\"\nkind = \"cold\"\n[on]\noutcome.done = \"switch to {to}\"\n");
        on + "[[step]]\nday = 1\ntemplate = \"a\"\n"
    };
    let (one, two, three) = (leading("two"), leading("three"), leading("one"));
    let (lost, alone_) = (leading("outbond"), leading("own"));
    let text = "Subject: x\n\nText\n";
    let told = alone(&[
        ("one/cadence.toml", &one),
        ("one/a.md", text),
        ("two/cadence.toml", &two),
        ("two/a.md", text),
        ("three/cadence.toml", &three),
        ("three/a.md", text),
        ("lost/cadence.toml", &lost),
        ("lost/a.md", text),
        ("own/cadence.toml", &alone_),
        ("own/a.md", text),
    ]);
    let told: Vec<String> = told.expect_err("problems").iter().map(ToString::to_string).collect();
    expect![[r#"
        lost/cadence.toml:4:16: there is no cadence `outbond` to switch to (did you mean `outbound`?)
        one/cadence.toml:4:16: `two` leads back to `one`: nobody is to go round in circles
        own/cadence.toml:4:16: `own` leads back to `own`: nobody is to go round in circles
        three/cadence.toml:4:16: `one` leads back to `three`: nobody is to go round in circles
        two/cadence.toml:4:16: `three` leads back to `two`: nobody is to go round in circles"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn each_enrollment_gets_one_of_several_wordings_for_good() {
    let files = three(
        "thread = false\ntest = \"question or statement\"\n",
        &[
            ("b.md", "The text of both.\n"),
            ("b.a.md", "Subject: Is it so?\n"),
            ("b.b.md", "Subject: It is so\n"),
        ],
    );
    let library = load(&files).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let (own, prospect, rep) = (cadence(&library, "own"), bare(), rep());
    let mut got = std::collections::BTreeMap::new();
    for seed in 0..400 {
        let words = Words {
            seed,
            ..words(own, &prospect, &rep)
        };
        let variant = library.variant(own, StepNo(3), seed).expect("one of two");
        let wording = library.render(own, StepNo(3), &words).expect("a text");
        assert_eq!(variant, library.variant(own, StepNo(3), seed).expect("the same"));
        assert_eq!(
            wording.subject,
            if variant.name == "a" { "Is it so?" } else { "It is so" }
        );
        assert!(wording.plain.starts_with("The text of both."));
        *got.entry(variant.name).or_insert(0) += 1;
    }
    assert_eq!(library.variant(own, StepNo(1), 7), None, "one wording is no choice");
    assert!(got.values().all(|times| (160..=240).contains(times)), "evenly: {got:?}");
}

#[test]
fn a_test_without_two_wordings_that_differ_is_refused() {
    let shown = |more: &str, files: &[(&'static str, &'static str)]| {
        let told = load(&three(more, files)).expect_err("problems");
        told.iter()
            .map(|problem| problem.to_string() + "\n")
            .collect::<String>()
    };
    let told = [
        shown("test = \"x or y\"\n", &[("b.md", "Text\n")]),
        shown("test = \"x or y\"\n", &[("b.a.md", "Text\n")]),
        shown("test = \"x or y\"\n", &[("b.a.md", "Text\n"), ("b.b.md", "Text\n")]),
        shown("", &[("b.a.md", "Text {{compny}}\n"), ("b.b.md", "")]),
    ];
    expect![[r#"
        own/cadence.toml:14:8: a test needs two wordings: `b.a.md` and `b.b.md`
        own/cadence.toml:13:12: `b.a.md` is the only wording of its kind: a test needs two; or name it `b.md`
        own/b.b.md: this wording says the same as another: let them differ in what is tested
        own/b.a.md:1:8: unknown word `compny`: did you mean `company`?
        own/b.b.md: there is no text: write it below a blank line
    "#]]
    .assert_eq(&told.concat());
}

#[test]
fn a_word_that_any_wording_needs_is_asked_for() {
    let files = three("", &[("b.a.md", "Text {{company}}\n"), ("b.b.md", "Text {{title}}\n")]);
    let library = load(&files).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let (own, prospect, rep) = (cadence(&library, "own"), bare(), rep());
    let missing = library.missing(own, StepNo(2), &words(own, &prospect, &rep));
    let named: Vec<&str> = missing.iter().map(|missing| missing.word.as_str()).collect();
    assert_eq!(named, ["company", "title"]);
}

#[test]
fn every_shipped_cadence_counts_and_has_scripts_to_speak_by() {
    let library = library();
    let ranges = [
        ("cold-outbound", 10..=12, 21),
        ("event", 7..=9, 14),
        ("inbound", 8..=8, 7),
        ("inbound-nurture", 8..=12, 60),
        ("no-show", 4..=6, 6),
        ("opportunity", 6..=10, 21),
        ("outbound", 9..=9, 14),
        ("re-engagement", 6..=8, 10),
        ("warm-outbound", 8..=10, 14),
    ];
    assert_eq!(library.cadences().count(), ranges.len());
    for (name, touches, days) in ranges {
        let cadence = cadence(library, name);
        assert!(touches.contains(&cadence.touches()), "{name}: {}", cadence.touches());
        assert_eq!(cadence.span(), days, "{name}");
        assert!(library.words(cadence) > 400, "{name}");
        let (prospect, rep) = (full(), rep_with_everything());
        for step in cadence.steps.iter().filter(|step| step.channel == Channel::Call) {
            let script = library
                .render(cadence, step.number, &words(cadence, &prospect, &rep))
                .expect("a script");
            for part in ["OPENING", "VOICEMAIL"] {
                assert!(script.plain.contains(part), "{name} {} has no {part}", step.number);
            }
        }
    }
}
