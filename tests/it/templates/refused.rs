//! What can never happen is refused with file, line and place: steps that are never made, windows that never open, tests without
//! two wordings, texts without measure or end, ways round in circles.

use super::*;

/// Three steps (a mail, a call, a mail) and a last one with this `when`, below these events.
fn with_when(on: &str, when: &str) -> Result<Library, Vec<Problem>> {
    load(&three(&format!("when = '{when}'\n{on}"), &[("b.md", "Text\n")]))
}

fn told(problems: &[Problem]) -> String {
    problems.iter().map(|problem| problem.to_string() + "\n").collect()
}

#[test]
fn a_step_whose_condition_never_holds_is_refused_where_it_stands() {
    let mut all = String::new();
    for (on, when) in [
        ("", "outcome(\"call\") is meeting"),
        ("[on]\noutcome.connected = \"finish\"\n", "connected and phone is known"),
        ("[on]\nsignal.demo = \"finish\"\n", "signal(\"demo\")"),
        ("", "phone is known and phone is not known"),
        ("", "title is \"CFO\" and title is \"CTO\""),
        ("", "title is \"Buyer\" and not (title contains \"buy\")"),
        ("", "company is \"Acme\" and company is not known"),
        ("", "outcome(\"call\") is voicemail and outcome(\"call\") is none"),
        ("", "days since reply >= 10 and days since reply < 5"),
        ("", "reply is none and days since reply > 2"),
        ("", "(not connected or opened) and connected and not opened"),
        ("", "not (phone is known or phone is not known)"),
    ] {
        let problems = with_when(on, when).map(|_| ()).expect_err(when);
        all += &told(&problems);
    }
    expect![[r#"
        own/cadence.toml:14:8: step 3 is never made: its `when` asks for the outcome meeting, and that ends the cadence; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: its `when` asks for the outcome connected, and that ends the cadence; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: its `when` asks for the signal demo, and that ends the cadence; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `phone is known` and `phone is not known` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `title is "CFO"` and `title is "CTO"` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `title is "Buyer"` and `not (title contains "buy")` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `company is "Acme"` and `company is not known` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `outcome("call") is voicemail` and `outcome("call") is none` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `days since reply >= 10` and `days since reply < 5` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `reply is none` and `days since reply >= 3` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `not (connected)` and `connected` never hold together; change its `when`, or take the step out
        own/cadence.toml:14:8: step 3 is never made: `phone is not known` and `phone is known` never hold together; change its `when`, or take the step out
    "#]].assert_eq(&all);
}

#[test]
fn a_step_whose_condition_may_hold_in_one_way_loads() {
    for when in [
        "outcome(\"call\") is voicemail or outcome(\"call\") is meeting",
        "title is \"CFO\" or title is \"CTO\"",
        "title is \"Head of Sales\" and title contains \"sales\"",
        "not (phone is known and title is known)",
        "opened and not clicked",
        "reply is question and days since reply >= 3 and days since reply < 10",
        // Whether anybody reports opens is the house's to know.
        "signal(\"pricing-page\") and phone is not known",
    ] {
        assert!(with_when("", when).is_ok(), "{when}");
    }
    // Too many ways to go through them all: believed.
    let either = |nth: usize| format!("(phone is \"{nth}\" or title is \"{nth}\")");
    let many = (0..9).map(either).collect::<Vec<_>>().join(" and ");
    assert!(with_when("", &many).is_ok(), "{many}");
}

#[test]
fn an_outcome_is_asked_for_after_a_touch_of_a_human_alone() {
    let toml = "title = \"Own\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n\
        [[step]]\nday = 2\ntemplate = \"b\"\nwhen = \"voicemail\"\n";
    refused(
        &[
            ("cadence.toml", toml),
            ("a.md", "Subject: x\n\nText\n"),
            ("b.md", "Text\n"),
        ],
        expect![[r#"
            own/cadence.toml:9:8: step 2 is never made: its `when` asks for the outcome voicemail, and no step before it is a human's; change its `when`, or take the step out
        "#]],
    );
}

#[test]
fn a_window_that_never_opens_and_a_time_at_which_it_is_shut_are_refused() {
    for (window, at) in [
        ("window = { from = \"17:00\", to = \"09:00\" }\n", "morning"),
        ("window = { from = \"09:00\", to = \"09:00\" }\n", "morning"),
    ] {
        let toml =
            format!("title = \"Own\"\nkind = \"cold\"\n{window}[[step]]\nday = 1\nat = \"{at}\"\ntemplate = \"a\"\n");
        refused(
            &[("cadence.toml", &toml), ("a.md", "Subject: x\n\nText\n")],
            expect![[r#"
                own/cadence.toml:3:10: the window closes before it opens: `to` must be later than `from`
            "#]],
        );
    }
    let toml = "title = \"Own\"\nkind = \"cold\"\nwindow = { from = \"09:00\", to = \"17:00\" }\n\
        [[step]]\nday = 1\nat = \"17:00\"\ntemplate = \"a\"\n[[step]]\nday = 2\nat = \"08:59\"\ntemplate = \"b\"\n\
        [[step]]\nday = 3\nat = \"16:59\"\ntemplate = \"c\"\n";
    refused(
        &[
            ("cadence.toml", toml),
            ("a.md", "Subject: x\n\nText\n"),
            ("b.md", "Text\n"),
            ("c.md", "Text\n"),
        ],
        expect![[r#"
            own/cadence.toml:6:6: step 1 is planned for 17:00, and this cadence's window is open from 09:00 to 17:00: it never goes out then; name a time inside, or widen `window`
            own/cadence.toml:10:6: step 2 is planned for 08:59, and this cadence's window is open from 09:00 to 17:00: it never goes out then; name a time inside, or widen `window`
        "#]],
    );
}

#[test]
fn days_out_of_order_are_refused() {
    let toml = "title = \"Own\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 5\ntemplate = \"b\"\n\
        [[step]]\nday = 4\ntemplate = \"c\"\n";
    let texts = [("a.md", "Subject: x\n\nText\n"), ("b.md", "Text\n"), ("c.md", "Text\n")];
    let files = [[("cadence.toml", toml)].as_slice(), &texts].concat();
    refused(
        &files,
        expect![[r#"
            own/cadence.toml:10:7: day 4 comes after day 5: days never fall
        "#]],
    );
}

#[test]
fn a_test_with_one_variant_is_refused() {
    let toml =
        "title = \"Own\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\ntest = \"question or statement\"\n";
    for files in [
        vec![("cadence.toml", toml), ("a.md", "Subject: x\n\nText\n")],
        vec![
            ("cadence.toml", toml),
            ("a.md", "Subject: x\n\nText\n"),
            ("a.a.md", "Subject: y\n"),
        ],
    ] {
        let paths: Vec<(String, &str)> = files
            .iter()
            .map(|(file, text)| (format!("own/{file}"), *text))
            .collect();
        let own: Vec<(&str, &str)> = paths.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let problems = alone(&own).map(|_| ()).expect_err("one wording is no test");
        assert!(
            told(&problems).starts_with("own/cadence.toml:5:12: ")
                || told(&problems).starts_with("own/cadence.toml:6:8: "),
            "{}",
            told(&problems)
        );
    }
}

#[test]
fn a_template_of_a_megabyte_and_an_endless_partial_are_refused() {
    let huge = format!("Subject: x\n\n{}\n", "word ".repeat(200_000));
    refused(
        &[("cadence.toml", GOOD), ("a.md", &huge)],
        expect![[r#"
            own/a.md: more than 262144 bytes: a step's text is a page, not a book; shorten it
        "#]],
    );
    refused(
        &[
            ("cadence.toml", GOOD),
            ("a.md", "Subject: x\n\nText\n\n{{> one}}\n"),
            ("one.md", "On and {{> two}}"),
            ("two.md", "on and {{> one}}"),
        ],
        expect![[r#"
            own/two.md:1:8: `one` stands in itself and has no end: write it out, or take it out
        "#]],
    );
}

#[test]
fn a_text_speaks_of_the_touch_before_it_and_the_first_has_none() {
    let files = three(
        "",
        &[(
            "b.md",
            "I tried you on {{last_touch.weekday}}, {{last_touch.date}}. Was that a bad day?\n",
        )],
    );
    let library = load(&files).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let wording = render(&library, "own", 3, &bare(), &rep()).unwrap_or_else(|missing| panic!("{missing:?}"));
    assert!(
        wording.plain.starts_with("I tried you on Thursday, 5 March 2026."),
        "{}",
        wording.plain
    );
    refused(
        &[
            ("cadence.toml", GOOD),
            ("a.md", "Subject: x\n\nSince {{last_touch.weekday}} I wait.\n"),
        ],
        expect![[r#"
            own/a.md:3:7: no touch comes before the first: `last_touch` is for the steps behind it
        "#]],
    );
}
