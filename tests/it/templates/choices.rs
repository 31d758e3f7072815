//! Texts for some: by language, persona, stage and industry; snippets; helpers; and what is refused of them.

use super::*;
use cadence::template::shipped_files;

const TOML: &str = "title = \"Own\"\nkind = \"cold\"\nfields = [\"sites\"]\n[[step]]\nday = 1\ntemplate = \"a\"\n";

fn own(files: &[(&'static str, &'static str)]) -> Result<Library, Vec<Problem>> {
    let folder: Vec<(String, &str)> = files.iter().map(|(file, text)| (path(file), *text)).collect();
    let mut all: Vec<(&str, &str)> = folder.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    all.push(("own/cadence.toml", TOML));
    alone(&all)
}

/// Below the cadence's folder, unless it names another.
fn path(file: &str) -> String {
    if file.contains('/') {
        file.to_owned()
    } else {
        format!("own/{file}")
    }
}

fn says(library: &Library, fields: &[(&str, &str)]) -> String {
    let prospect = prospect(Some("Li Wang"), fields);
    let wording = render(library, "own", 1, &prospect, &rep()).unwrap_or_else(|missing| panic!("{missing:?}"));
    let first = wording.plain.lines().find(|line| !line.is_empty()).unwrap_or_default();
    format!("{} / {first}", wording.subject)
}

fn why(library: &Library, fields: &[(&str, &str)]) -> Option<String> {
    let prospect = prospect(Some("Li Wang"), fields);
    library.chosen(cadence(library, "own"), StepNo(1), &prospect, 1).text
}

fn told(problems: Vec<Problem>) -> String {
    problems.iter().map(|problem| problem.to_string() + "\n").collect()
}

#[test]
fn a_text_for_a_persona_a_language_a_stage_or_an_industry_is_taken_where_it_fits_and_the_choice_is_told() {
    let library = own(&[
        ("a.md", "Subject: All\n\nfor all?\n"),
        ("a@cfo.md", "for a CFO?\n"),
        ("a@retail.md", "for retail?\n"),
        ("a@closing.md", "for a deal that closes?\n"),
        ("a.de.md", "Subject: Alle\n\nfür alle?\n"),
        ("a@cfo.de.md", "für die Finanzen?\n"),
    ])
    .unwrap_or_else(|problems| panic!("{problems:#?}"));
    for (fields, said, told) in [
        (&[][..], "All / for all?", "a.md, as none of the others is for them"),
        (
            &[("title", "Chief Financial Officer")],
            "All / for a CFO?",
            "a@cfo.md, as their title is \"Chief Financial Officer\"",
        ),
        (
            &[("title", "Group CFO"), ("industry", "Retail")],
            "All / for a CFO?",
            "a@cfo.md, as their title is \"Group CFO\"",
        ),
        (
            &[("persona", "retail"), ("title", "CFO")],
            "All / for retail?",
            "a@retail.md, as their persona is \"retail\"",
        ),
        (
            &[("industry", "Retail")],
            "All / for retail?",
            "a@retail.md, as their industry is \"Retail\"",
        ),
        (
            &[("stage", "Closing"), ("industry", "Retail")],
            "All / for a deal that closes?",
            "a@closing.md, as their stage is \"Closing\"",
        ),
        (&[("language", "de-AT")], "Alle / für alle?", "a.de.md, as they read de"),
        (
            &[("language", "German"), ("title", "CFO")],
            "Alle / für die Finanzen?",
            "a@cfo.de.md, as they read de and their title is \"CFO\"",
        ),
        (
            &[("language", "fr")],
            "All / for all?",
            "a.md, as none of the others is for them",
        ),
    ] {
        assert_eq!(says(&library, fields), said, "{fields:?}");
        assert_eq!(why(&library, fields).as_deref(), Some(told), "{fields:?}");
    }
    let plain = own(&[("a.md", "Subject: All\n\nfor all?\n")]).expect("a library");
    assert_eq!(
        why(&plain, &[("title", "CFO")]),
        None,
        "where there is no choice there is nothing to tell"
    );
}

#[test]
fn dates_greeting_and_opt_out_are_in_the_language_of_the_text() {
    let library = own(&[
        (
            "a.md",
            "Subject: x\n\n{{greeting}} {{today.weekday}} {{date 4}} {{weekday 5}}?\n",
        ),
        (
            "a.de.md",
            "Subject: x\n\n{{greeting}} {{today.weekday}}, {{today.date}}, {{weekday 2}}?\n",
        ),
    ])
    .unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(
        says(&library, &[]),
        "x / Hi Li, Monday 13 March 2026 Monday?",
        "five days on is a Saturday"
    );
    assert_eq!(
        says(&library, &[("language", "de")]),
        "x / Hallo Li, Montag, 9. März 2026, Mittwoch?"
    );
    let german = prospect(None, &[("language", "de")]);
    let wording = render(&library, "own", 1, &german, &rep()).expect("a mail");
    assert!(
        wording.plain.contains("antworten Sie einfach \"stop\""),
        "{}",
        wording.plain
    );
}

#[test]
fn a_snippet_fits_the_prospect_and_one_of_the_cadence_goes_before_a_shared_one() {
    let text = "Subject: x\n\n{{> case-study}} {{> resource}}?\n";
    let library = own(&[
        ("a.md", text),
        ("case-study.md", "Ours."),
        ("snippets/case-study.md", "Shared."),
        ("snippets/resource.md", "A page about {{or company \"you\"}}.\n"),
        ("snippets/resource@retail.md", "A page about shops.\n"),
    ])
    .unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(says(&library, &[("company", "Acme")]), "x / Ours. A page about Acme.?");
    assert_eq!(
        says(&library, &[("industry", "retail")]),
        "x / Ours. A page about shops.?"
    );
    assert!(
        library
            .advice(cadence(&library, "own"))
            .iter()
            .all(|it| !it.what.contains("no step names"))
    );
}

#[test]
fn an_endless_or_missing_snippet_is_refused_with_its_place() {
    let text = "Subject: x\n\nOne line\nand {{> case-study}}?\n";
    expect![[r#"
        own/other.md:2:1: `case-study` stands in itself and has no end: write it out, or take it out
    "#]]
    .assert_eq(&told(
        own(&[
            ("a.md", text),
            ("case-study.md", "See {{> other}}"),
            ("other.md", "And\n{{> case-study}}"),
        ])
        .expect_err("endless"),
    ));
    expect![[r#"
        own/a.md:4:5: there is no snippet `case-study` (did you mean `case-stdy`?): write `case-study.md` into this cadence's folder, or into `snippets`
    "#]].assert_eq(&told(
        own(&[("a.md", text), ("case-stdy.md", "x")]).expect_err("missing"),
    ));
    expect![[r#"
        own/a.md:4:5: the snippet `case-study` has no `case-study.md` for those whom no other fits
    "#]]
    .assert_eq(&told(
        own(&[("a.md", text), ("snippets/case-study@cfo.md", "x")]).expect_err("for some only"),
    ));
    expect![[r#"
        snippets/case-study.md:1:7: unknown word `compnay`: did you mean `company`?
    "#]]
    .assert_eq(&told(
        own(&[("a.md", text), ("snippets/case-study.md", "for {{compnay}}")]).expect_err("an unknown word in it"),
    ));
}

#[test]
fn helpers_choose_and_count_and_are_refused_where_they_make_no_sense() {
    let library = own(&[(
        "a.md",
        "Subject: x\n\nfor {{choose industry \"retail\" \"your shops\" \"health\" \"your wards\" \"your teams\"}}{{#if sites}} at {{sites}} {{plural sites \"site\" \"sites\"}}{{/if}}?\n",
    )])
    .unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(says(&library, &[]), "x / for your teams?");
    assert_eq!(
        says(&library, &[("industry", "Health care"), ("sites", "3")]),
        "x / for your wards at 3 sites?"
    );
    assert_eq!(
        says(&library, &[("industry", "Retail"), ("sites", "1")]),
        "x / for your shops at 1 site?"
    );
    let refused = |text: &'static str| told(own(&[("a.md", text)]).expect_err("refused"));
    let all = [
        "Subject: x\n\n{{plural sites \"site\"}}?\n",
        "Subject: x\n\n{{choose industry \"retail\" \"your shops\"}}?\n",
        "Subject: x\n\n{{choose industy \"retail\" \"your shops\" \"your teams\"}}?\n",
        "Subject: x\n\n{{date 99}}?\n",
        "Subject: x\n\n{{weekday soon}}?\n",
    ]
    .map(refused)
    .concat();
    expect![[r#"
        own/a.md:3:1: `plural` takes a word that is a number, and what is said of one and of many: `{{plural sites "site" "sites"}}`
        own/a.md:3:1: `choose` takes a word, what it may contain and what is said then, and last what is said otherwise: `{{choose industry "retail" "your shops" "your teams"}}`
        own/a.md:3:10: unknown word `industy`: did you mean `industry`?
        own/a.md:3:1: `date` and `weekday` take a number of days up to 60: `{{weekday 2}}`
        own/a.md:3:1: `date` and `weekday` take a number of days up to 60: `{{weekday 2}}`
    "#]].assert_eq(&all);
}

#[test]
fn a_text_for_some_needs_one_for_everybody_and_a_test_has_two_wordings_for_each() {
    expect![[r#"
        own/cadence.toml:6:12: there is no `a.md`, for those whom none of the others fits
    "#]]
    .assert_eq(&told(
        own(&[("a@cfo.md", "Subject: x\n\nText?\n")]).expect_err("for some only"),
    ));
    expect![[r#"
        own/cadence.toml:6:12: `a.de.a.md` is the only wording of its kind: a test needs two; or name it `a.de.md`
    "#]]
    .assert_eq(&told(
        own(&[
            ("a.md", "Subject: x\n\nText?\n"),
            ("a.de.a.md", "Subject: y\n\nText!\n"),
        ])
        .expect_err("one wording"),
    ));
}

#[test]
fn a_missing_word_of_a_text_for_others_keeps_nobody_out() {
    let library = own(&[("a.md", "Subject: x\n\nfor all?\n"), ("a@cfo.md", "for {{company}}?\n")]).expect("a library");
    let cadence = cadence(&library, "own");
    let (bare, cfo) = (prospect(None, &[]), prospect(None, &[("title", "CFO")]));
    assert!(
        library
            .missing(cadence, StepNo(1), &words(cadence, &bare, &rep()))
            .is_empty()
    );
    let lacks = library.missing(cadence, StepNo(1), &words(cadence, &cfo, &rep()));
    assert_eq!(lacks.len(), 1);
    assert_eq!(lacks[0].word, "company");
}

/// Each is one line of the page, so that a key that the reader takes and nobody wrote about shows.
#[test]
fn the_page_about_the_language_shows_every_key_in_its_example() {
    let page = include_str!("../../../templates/README.md");
    let example = page.split("```").nth(1).expect("the example");
    for key in [
        "title",
        "kind",
        "about",
        "language",
        "days",
        "window",
        "prefer",
        "opt_out",
        "fields",
        "words",
        "unlogged",
        "day",
        "at",
        "channel",
        "template",
        "when",
        "thread",
        "approve",
        "test",
        "reply.",
        "meeting",
        "no_show",
        "outcome.",
        "signal.",
        "completed",
    ] {
        let shown = example
            .lines()
            .any(|line| line.trim_start_matches("# ").starts_with(key));
        assert!(shown, "{key}");
    }
    let refused =
        alone(&[("own/cadence.toml", "x = 1\n[on]\nx = \"pause\"\n[[step]]\nx = 1\n")]).expect_err("unknown keys");
    for problem in refused.iter().filter(|problem| problem.what.starts_with("unknown key")) {
        let (_, known) = problem.what.split_once("expected ").expect("what is known");
        for key in known
            .split(['`', ',', ' '])
            .filter(|word| !word.is_empty() && *word != "or")
        {
            let shown = example.lines().any(|line| {
                line.starts_with(key) || line.starts_with(&format!("[[{key}")) || line.starts_with(&format!("[{key}"))
            });
            assert!(shown, "`{key}` is read and not shown");
        }
    }
}

#[test]
fn every_shipped_file_belongs_to_a_step() {
    for shipped in library().cadences() {
        let files = shipped_files(&shipped.name);
        assert!(files.len() > shipped.touches(), "{}", shipped.name);
        let idle = library().advice(shipped);
        assert!(idle.iter().all(|it| !it.what.contains("no step names")), "{idle:#?}");
    }
}
