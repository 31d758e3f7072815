//! The binary as people and scripts meet it: help, exit codes, what goes to stdout and what to stderr.

mod by_hand;

use super::command::cadence;
use expect_test::{Expect, expect};
use std::path::Path;
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A house without servers, in `folder`.
fn house(folder: &Path) {
    let config = r#"
        [bot]
        address = "cadence@reps.corp.test"
        [mailbox]
        kind = "maildir"
        path = "in"
        [relay]
        kind = "maildir"
        path = "out"
        [[rep]]
        address = "ana@corp.test"
        name = "Ana Ruiz"
        zone = "Europe/Madrid"
        [[rep]]
        address = "ben@corp.test"
        name = "Ben Olu"
        zone = "Africa/Lagos"
    "#;
    std::fs::write(folder.join("cadence.toml"), config).unwrap();
}

fn shown(folder: &Path, arguments: &[&str], code: i32, expected: Expect) {
    let seen = cadence(folder, arguments);
    let text = format!("{}{}", seen.out, seen.err).replace(&folder.display().to_string(), "…");
    assert_eq!(seen.code, code, "{text}");
    expected.assert_eq(&text);
}

#[test]
fn help_is_an_answer_and_shows_examples() {
    for arguments in [
        &["--help"][..],
        &["help", "why"],
        &["explain", "--help"],
        &["check", "-h"],
    ] {
        let seen = cadence(folder().path(), arguments);
        assert_eq!((seen.code, seen.err.as_str()), (0, ""), "{arguments:?}");
        assert!(seen.out.contains("Examples:\n  cadence "), "{}", seen.out);
    }
}

#[test]
fn every_exit_code_is_in_the_help() {
    let seen = cadence(folder().path(), &["--help"]);
    let codes =
        "Exit codes: 0 fine, 64 usage, 65 data, 73 already running, 75 try later, 77 permission, 78 configuration";
    assert!(seen.out.contains(codes), "{}", seen.out);
}

#[test]
fn a_wrong_command_line_ends_with_64() {
    for arguments in [
        &[][..],
        &["frobnicate"],
        &["why"],
        &["explain"],
        &["completions", "cobol"],
        &["demo", "--seed", "x"],
        &["why", "no-address"],
    ] {
        let seen = cadence(folder().path(), arguments);
        assert_eq!((seen.code, seen.out.as_str()), (64, ""), "{arguments:?}");
        assert!(!seen.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn the_printed_example_is_a_configuration() {
    let seen = cadence(folder().path(), &["config-example"]);
    assert_eq!((seen.code, seen.err.as_str()), (0, ""));
    assert_eq!(seen.out, include_str!("../../config.example.toml"));
    assert!(cadence::config::Config::parse(&seen.out, "x", Path::new("")).is_ok());
}

#[test]
fn shells_get_their_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let seen = cadence(folder().path(), &["completions", shell]);
        assert_eq!((seen.code, seen.err.as_str()), (0, ""), "{shell}");
        assert!(seen.out.contains("explain") && seen.out.contains("cadence"), "{shell}");
    }
}

#[test]
fn without_a_configuration_every_command_says_how_to_make_one() {
    for arguments in [
        &["run"][..],
        &["status"],
        &["why", "jane@acme.test"],
        &["addresses"],
        &["check"],
    ] {
        let seen = cadence(folder().path(), arguments);
        assert_eq!(seen.code, 78, "{arguments:?} {}", seen.err);
        let all = seen.out + &seen.err;
        assert!(all.contains("`cadence config-example > cadence.toml`"), "{all}");
    }
}

#[test]
fn a_wrong_configuration_is_told_all_at_once() {
    let folder = folder();
    house(folder.path());
    let file = folder.path().join("cadence.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text
        .replace("\"maildir\"", "\"maildri\"")
        .replace("Europe/Madrid", "Europe/Madird")
        .replace("name = \"Ben", "nmae = \"Ben");
    std::fs::write(&file, text).unwrap();
    shown(
        folder.path(),
        &["run"],
        78,
        expect![[r#"
            cadence: cadence.toml line 5, column 16: [mailbox].kind: expected "imap" or "maildir", found "maildri"
            cadence: cadence.toml line 8, column 16: [relay].kind: expected "smtp" or "maildir", found "maildri"
            cadence: cadence.toml line 13, column 16: [[rep]].zone: expected a time zone such as "Europe/Madrid", found "Europe/Madird"
            cadence: cadence.toml line 14, column 9: [[rep]].name: missing: the rep's name as prospects see it
            cadence: cadence.toml line 16, column 9: [[rep]].nmae: unknown key; did you mean `name`?
        "#]],
    );
}

#[test]
fn check_prints_every_problem_of_the_configuration_with_its_fix() {
    let folder = folder();
    std::fs::write(folder.path().join("other.toml"), "[bot]\naddress = 5\n").unwrap();
    shown(
        folder.path(),
        &["--config", "other.toml", "check"],
        78,
        expect![[r#"
        fail  config    other.toml line 1, column 1: [mailbox]: missing: where mail comes in
                        → correct this line
        fail  config    other.toml line 1, column 1: [relay]: missing: where mail goes out
                        → correct this line
        fail  config    other.toml line 1, column 1: [[rep]]: missing: at least one `[[rep]]` with address, name and zone
                        → correct this line
        fail  config    other.toml line 2, column 11: [bot].address: expected a text in quotes that is not empty, found 5
                        → correct this line
    "#]],
    );
    let seen = cadence(folder.path(), &["--config", "other.toml", "check", "--json"]);
    assert_eq!(seen.code, 78);
    for line in seen.out.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(finding["level"], "fail");
        assert!(finding["fix"].is_string() && finding["evidence"].is_string());
    }
    assert_eq!(seen.out.lines().count(), 4);
}

#[test]
fn what_only_looks_makes_nothing() {
    let folder = folder();
    house(folder.path());
    shown(
        folder.path(),
        &["status"],
        78,
        expect![[r#"
        cadence: cadence-data/cadence.db does not exist; `cadence run` makes it
    "#]],
    );
    let lies: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(lies.len(), 1, "only the configuration");
}

#[test]
fn addresses_are_only_of_reps() {
    let folder = folder();
    house(folder.path());
    shown(
        folder.path(),
        &["addresses", "eve@corp.test"],
        65,
        expect![[r#"
        cadence: no [[rep]] of the configuration has this address
    "#]],
    );
}

#[test]
fn a_folder_without_cadences_is_no_silent_success() {
    let folder = folder();
    shown(
        folder.path(),
        &["lint", "."],
        65,
        expect![[r#"
        cadence: . holds no cadence; a cadence is a folder in it, with a cadence.toml and a file a step
    "#]],
    );
}

#[test]
fn a_mail_that_cannot_be_opened_is_said_so() {
    let folder = folder();
    let seen = cadence(folder.path(), &["explain", "--json", "none.eml"]);
    assert_eq!(seen.code, 65, "{}", seen.err);
    let line: serde_json::Value = serde_json::from_str(&seen.out).unwrap();
    assert_eq!(line["file"], "none.eml");
    assert!(
        seen.err.starts_with("cadence: none.eml cannot be read: "),
        "{}",
        seen.err
    );
}

/// These go through mail, template and store as well.
mod through_the_house {
    use super::*;

    const REPLY: &str = "From: Jane Doe <jane@acme.test>\r\nTo: Ana Ruiz <ana@corp.test>\r\nSubject: Re: Hello\r\n\
        Date: Tue, 10 Mar 2026 09:00:00 +0100\r\nMessage-ID: <r1@acme.test>\r\nIn-Reply-To: <h1@corp.test>\r\n\r\n\
        Thursday at ten suits me.\r\n\r\nOn Mon, 9 Mar 2026 at 10:00, Ana Ruiz wrote:\r\n> Shall we talk?\r\n";

    const BOUNCE: &str = "From: MAILER-DAEMON@mx.acme.test\r\nTo: cadence@reps.corp.test\r\n\
        Subject: Undelivered Mail Returned to Sender\r\nDate: Tue, 10 Mar 2026 09:00:00 +0100\r\n\
        Message-ID: <d1@mx.acme.test>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
        --b\r\nContent-Type: text/plain\r\n\r\nNo such person here.\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.acme.test\r\n\r\n\
        Final-Recipient: rfc822; nobody@acme.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\
        Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n--b--\r\n";

    #[test]
    fn explain_gives_one_object_a_mail_by_the_contract() {
        let folder = folder();
        std::fs::write(folder.path().join("reply.eml"), REPLY).unwrap();
        std::fs::write(folder.path().join("bounce.eml"), BOUNCE).unwrap();
        let seen = cadence(
            folder.path(),
            &["explain", "--json", "reply.eml", "none.eml", "bounce.eml"],
        );
        assert_eq!(seen.code, 65, "one could not be read: {}", seen.err);
        let lines: Vec<serde_json::Value> = seen
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            (&lines[0]["file"], &lines[0]["kind"]),
            (&"reply.eml".into(), &"reply".into())
        );
        assert_eq!(
            lines[0]["new_text"].as_str().unwrap().trim(),
            "Thursday at ten suits me."
        );
        assert_eq!(lines[0]["recipients"], serde_json::Value::Null);
        assert_eq!(lines[2]["kind"], "bounce");
        assert_eq!(lines[2]["recipients"], serde_json::json!(["nobody@acme.test"]));
        assert_eq!(
            (&lines[2]["permanent"], &lines[2]["status"]),
            (&true.into(), &"5.1.1".into())
        );
        assert!(lines.iter().filter(|line| line["because"].is_string()).count() == 2);
    }

    #[test]
    fn explain_tells_people_kind_evidence_and_text() {
        let folder = folder();
        std::fs::write(folder.path().join("reply.eml"), REPLY).unwrap();
        let seen = cadence(folder.path(), &["explain", "reply.eml"]);
        assert_eq!(seen.code, 0, "{}", seen.err);
        assert!(seen.out.starts_with("reply.eml: reply\n  because   "), "{}", seen.out);
        assert!(seen.out.contains("  who       jane@acme.test\n"), "{}", seen.out);
        assert!(seen.out.contains("  | Thursday at ten suits me.\n"), "{}", seen.out);
        assert!(
            !seen.out.contains("Shall we talk"),
            "the quotation is left out: {}",
            seen.out
        );
    }

    #[test]
    fn lint_names_file_line_and_column() {
        let folder = folder();
        let cadence_folder = folder.path().join("cadences/mine");
        std::fs::create_dir_all(&cadence_folder).unwrap();
        std::fs::write(cadence_folder.join("cadence.toml"), "title = \"Mine\"\nstepp = 3\n").unwrap();
        let seen = cadence(folder.path(), &["lint", "cadences"]);
        assert_eq!(seen.code, 65, "{}", seen.err);
        assert!(seen.out.contains("mine/cadence.toml:2:1: "), "{}", seen.out);
        assert!(seen.err.contains("problem"), "{}", seen.err);
    }

    #[test]
    fn advice_ends_with_65_only_when_it_is_strict() {
        let folder = folder();
        let mine = folder.path().join("cadences/mine");
        std::fs::create_dir_all(&mine).unwrap();
        let toml = "title = \"Mine\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n";
        std::fs::write(mine.join("cadence.toml"), toml).unwrap();
        std::fs::write(mine.join("a.md"), "Subject: Act now\n\nJust checking in.\n").unwrap();
        let seen = cadence(folder.path(), &["lint", "cadences"]);
        assert_eq!(seen.code, 0, "{}", seen.err);
        assert!(
            seen.out
                .contains("mine/a.md:1:1: \"act now\" is what advertisements say"),
            "{}",
            seen.out
        );
        assert!(
            seen.out.contains("\"just checking in\" says that there is nothing new"),
            "{}",
            seen.out
        );
        assert!(seen.out.ends_with("1 cadence, 1 touch, 5 words\n"), "{}", seen.out);
        assert_eq!(cadence(folder.path(), &["lint", "cadences", "--strict"]).code, 65);
    }

    #[test]
    fn a_new_cadence_is_a_copy_under_its_own_title_and_replaces_nothing() {
        let folder = folder();
        let seen = cadence(folder.path(), &["new", "spring-fair", "--from", "event"]);
        assert_eq!(seen.code, 0, "{}", seen.err);
        let toml = std::fs::read_to_string(folder.path().join("cadences/spring-fair/cadence.toml")).unwrap();
        assert!(toml.starts_with("title = \"Spring fair\"\n"), "{toml}");
        let seen = cadence(folder.path(), &["lint", "cadences", "--strict"]);
        assert_eq!(seen.code, 0, "{}{}", seen.out, seen.err);
        let again = cadence(folder.path(), &["new", "spring-fair", "--from", "event"]);
        assert_eq!(again.code, 64);
        assert!(again.err.contains("is there already"), "{}", again.err);
        let second = cadence(folder.path(), &["new", "autumn-fair", "--from", "spring-fair"]);
        assert_eq!(second.code, 0, "{}", second.err);
        assert_eq!(cadence(folder.path(), &["new", "x-fair", "--from", "nothing"]).code, 64);
        assert_eq!(cadence(folder.path(), &["new", "../x"]).code, 64);
    }

    #[test]
    fn a_preview_shows_every_touch_and_leaves_pages_and_mails() {
        let folder = folder();
        let asked = [
            "preview",
            "event",
            "--for",
            "li@acme.test",
            "--person",
            "Li Wei",
            "--with",
            "company=<Acme>",
        ];
        let seen = cadence(folder.path(), &[&asked[..], &["--out", "shown"]].concat());
        assert_eq!(seen.code, 0, "{}", seen.err);
        for text in [
            "touch 1 of 8, email, ",
            "touch 8 of 8, email, ",
            "Hi Li,",
            "VOICEMAIL",
            "only when outcome(",
        ] {
            assert!(seen.out.contains(text), "{text}: {}", seen.out);
        }
        let read = |name: &str| std::fs::read_to_string(folder.path().join("shown").join(name)).unwrap();
        let page = read("index.html");
        assert!(page.contains("&lt;Acme&gt;") && !page.contains("<Acme>"), "{page}");
        assert!(
            read("touch-01.eml").contains("To: Li Wei <li@acme.test>") || read("touch-01.eml").contains("li@acme.test")
        );
        assert!(read("touch-03.txt").contains("OPENING"));
        assert!(read("touch-04.html").contains("<p>"));
        let unknown = cadence(folder.path(), &["preview", "evnt"]);
        assert_eq!(unknown.code, 64);
        assert!(
            unknown.err.contains("there are cold-outbound, event"),
            "{}",
            unknown.err
        );
    }

    #[test]
    fn a_preview_names_the_words_that_are_missing() {
        let folder = folder();
        let mine = folder.path().join("cadences/mine");
        std::fs::create_dir_all(&mine).unwrap();
        let toml = "title = \"Mine\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n";
        std::fs::write(mine.join("cadence.toml"), toml).unwrap();
        std::fs::write(mine.join("a.md"), "Subject: x\n\nHello at {{company}}\n").unwrap();
        let seen = cadence(folder.path(), &["preview", "mine", "--in", "cadences"]);
        assert_eq!((seen.code, seen.out.as_str()), (65, ""));
        assert!(
            seen.err.contains("touch 1 needs `company`: --with company=…"),
            "{}",
            seen.err
        );
    }

    #[test]
    fn the_shipped_cadences_have_no_problems() {
        let seen = cadence(folder().path(), &["lint", "--strict"]);
        assert_eq!(seen.code, 0, "{}{}", seen.out, seen.err);
        assert!(
            seen.out.contains("outbound: fine, 9 touches in 14 days\n"),
            "{}",
            seen.out
        );
        assert!(
            seen.out.contains("inbound: fine, 8 touches in 7 days\n"),
            "{}",
            seen.out
        );
    }

    #[test]
    fn a_rep_gets_an_address_a_cadence_and_keeps_it() {
        let folder = folder();
        house(folder.path());
        let first = cadence(folder.path(), &["addresses", "ANA@corp.test"]);
        assert_eq!((first.code, first.err.as_str()), (0, ""));
        assert!(
            first.out.starts_with("Ana Ruiz <ana@corp.test>\n  cadence+"),
            "{}",
            first.out
        );
        assert!(!first.out.contains("Ben"), "{}", first.out);
        let again = cadence(folder.path(), &["addresses", "ana@corp.test"]);
        assert_eq!(first.out, again.out, "the key was kept");
        let all = cadence(folder.path(), &["addresses"]);
        assert!(all.out.contains("Ben Olu <ben@corp.test>"), "{}", all.out);
    }

    #[test]
    fn an_address_book_can_read_the_addresses() {
        let folder = folder();
        house(folder.path());
        let seen = cadence(folder.path(), &["addresses", "ana@corp.test", "--vcard"]);
        assert_eq!((seen.code, seen.err.as_str()), (0, ""));
        assert!(seen.out.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n"), "{}", seen.out);
        assert!(seen.out.contains("FN:outbound (Cadence)\r\n"), "{}", seen.out);
        let unfolded = seen.out.replace("\r\n ", "");
        assert!(unfolded.contains("EMAIL;TYPE=INTERNET:cadence+outbound."), "{unfolded}");
    }

    #[test]
    fn check_finds_a_house_without_servers_in_order_and_makes_nothing() {
        let folder = folder();
        house(folder.path());
        shown(
            folder.path(),
            &["check"],
            0,
            expect![[r#"
                ok    config    cadence.toml: 2 reps
                ok    key       cadence-data/cadence.key does not exist yet; `cadence run` makes it
                ok    data      cadence-data does not exist yet; `cadence run` makes it
                ok    database  cadence-data/cadence.db does not exist yet; `cadence run` makes it
                ok    cadences  cold-outbound, event, inbound, inbound-nurture, no-show, opportunity, outbound, re-engagement, warm-outbound
                warn  mailbox   in holds no Maildir: its folder `new` is missing
                                → whatever delivers the bot's mail makes it; until then nothing is sent to prospects
                ok    relay     out does not exist yet and is made when needed
            "#]],
        );
        let lies: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(lies.len(), 1, "only the configuration");
    }

    #[test]
    fn a_lost_key_is_not_replaced_in_silence() {
        let folder = folder();
        house(folder.path());
        std::fs::create_dir(folder.path().join("cadence-data")).unwrap();
        std::fs::write(folder.path().join("cadence-data/cadence.db"), "").unwrap();
        let seen = cadence(folder.path(), &["addresses"]);
        assert_eq!(seen.code, 78, "{}", seen.out);
        assert!(seen.err.contains("cadence.key is missing"), "{}", seen.err);
    }

    #[test]
    fn a_second_instance_is_told_so() {
        let folder = folder();
        house(folder.path());
        std::fs::create_dir(folder.path().join("cadence-data")).unwrap();
        let held = cadence::store::lock(&folder.path().join("cadence-data/cadence.db")).unwrap();
        let seen = cadence(folder.path(), &["run"]);
        assert_eq!((seen.code, seen.out.as_str()), (73, ""), "{}", seen.err);
        drop(held);
    }

    #[test]
    fn a_file_that_is_no_database_is_not_called_one() {
        let folder = folder();
        house(folder.path());
        std::fs::create_dir(folder.path().join("cadence-data")).unwrap();
        let file = folder.path().join("cadence-data/cadence.db");
        std::fs::write(file, "not a database, ".repeat(300)).unwrap();
        let seen = cadence(folder.path(), &["status"]);
        assert_eq!((seen.code, seen.out.as_str()), (78, ""), "{}", seen.err);
        assert!(seen.err.starts_with("cadence: "), "{}", seen.err);
    }

    #[tokio::test]
    async fn status_and_why_look_at_the_database_while_another_holds_it() {
        let folder = folder();
        house(folder.path());
        std::fs::create_dir(folder.path().join("cadence-data")).unwrap();
        let held = cadence::store::Store::open(&folder.path().join("cadence-data/cadence.db"))
            .await
            .unwrap();
        let path = folder.path().to_owned();
        tokio::task::spawn_blocking(move || {
            shown(
                &path,
                &["status"],
                0,
                expect![[r#"
                enrollments  none
                letters      none
                mails read   none
                open tasks   0
                suppressed   0
                next wake-up nothing is planned
                troubles     none
            "#]],
            );
            shown(
                &path,
                &["why", "jane@acme.test"],
                0,
                expect![["jane@acme.test was never enrolled\n"]],
            );
        })
        .await
        .unwrap();
        assert!(held.counts().await.is_ok(), "the holder was not disturbed");
    }
}
