//! The configuration: what is wrong is said at once and in one go; what is absent has one meaning.

use cadence::config::{Config, EXAMPLE, Mailbox, Relay, Secret, Security};
use cadence::model::{Address, CadenceName};
use expect_test::{Expect, expect};
use std::path::Path;

/// The least that makes a configuration.
const LEAST: &str = r#"
[bot]
address = "cadence@reps.example.com"
[mailbox]
kind = "imap"
host = "imap.example.com"
password_file = "imap-password"
[relay]
kind = "smtp"
host = "smtp.example.com"
password_file = "smtp-password"
[[rep]]
address = "ana@example.com"
name = "Ana Ruiz"
zone = "Europe/Madrid"
"#;

fn parse(text: &str) -> Config {
    Config::parse(text, "cadence.toml", Path::new("/etc/cadence")).unwrap_or_else(|error| panic!("{error}"))
}

fn problems(text: &str, expected: Expect) {
    let error = Config::parse(text, "cadence.toml", Path::new("/etc/cadence")).expect_err("a problem");
    expected.assert_eq(&error.to_string());
}

/// `LEAST` with one text put for another, which must be there.
fn with(old: &str, new: &str) -> String {
    assert!(LEAST.contains(old), "{old}");
    LEAST.replace(old, new)
}

#[test]
fn the_example_equals_the_defaults() {
    let (least, example) = (parse(LEAST), parse(EXAMPLE));
    assert_eq!(least.bot, example.bot);
    assert_eq!(least.mailbox, example.mailbox);
    assert_eq!(least.relay, example.relay);
    assert_eq!(least.hours, example.hours);
    assert_eq!(least.pace, example.pace);
    assert_eq!(example.pace, cadence::model::Pace::USUAL);
    assert_eq!(least.reps, example.reps);
    assert_eq!(least.trust, example.trust);
    assert_eq!(least, example);
}

/// What `[[route]]` and `[[lead_source]]` show, and lunch.
const ROUTES_AND_LEADS: [&str; 17] = [
    "lunch",
    "[[route]]",
    "cadence =",
    "source",
    "industry",
    "country",
    "stage",
    "persona",
    "company_size",
    "[[lead_source",
    "name",
    "from",
    "format",
    "fields",
    "reps",
    "rep =",
    "territory",
];

#[test]
fn the_keys_that_the_example_only_shows_can_be_used() {
    let shown = EXAMPLE
        .replace("\n#cadences", "\ncadences")
        .replace("\n#texts", "\ntexts")
        .replace("\n#postal_address", "\npostal_address")
        .replace("\n#ca_file", "\nca_file")
        .replace("\n#signature", "\nsignature")
        .replace("\n#daily_cap", "\ndaily_cap")
        .replace("\n#title", "\ntitle")
        .replace("\n#phone", "\nphone")
        .replace("\n#calendar_link", "\ncalendar_link")
        .replace("\naliases = {}", "\n")
        .replace("\n# aliases =", "\naliases =");
    let shown = ROUTES_AND_LEADS.iter().fold(shown, |shown, key| {
        shown.replace(&format!("\n#{key}"), &format!("\n{key}"))
    });
    let config = parse(&shown);
    assert_eq!(config.cadences.as_deref(), Some(Path::new("/etc/cadence/cadences")));
    assert_eq!(config.texts.as_deref(), Some(Path::new("/etc/cadence/texts")));
    assert_eq!(config.aliases.len(), 1);
    let ana = &config.reps[0];
    assert_eq!(ana.signature.as_deref(), Some("Ana Ruiz\nExample Ltd"));
    assert_eq!(ana.daily_cap, Some(30));
    assert!(ana.title.is_some() && ana.phone.is_some() && ana.calendar_link.is_some());
    assert!(config.postal_address.is_some());
    assert!(config.hours.lunch.is_some());
    let route = &config.routes[0];
    assert_eq!(
        (route.country.len(), route.title.len(), route.company_size),
        (2, 2, Some((50, 500)))
    );
    let source = &config.lead_sources[0];
    assert_eq!(
        (source.from.len(), source.fields.len(), source.territories.len()),
        (2, 2, 1)
    );
    for (key, source) in [
        ("password_env", Secret::Environment("CADENCE_IMAP_PASSWORD".to_owned())),
        (
            "password_command",
            Secret::Command(["pass", "show", "cadence/imap"].map(str::to_owned).to_vec()),
        ),
    ] {
        let other = EXAMPLE
            .replace("\npassword_file", "\n#password_file")
            .replace(&format!("\n#{key}"), &format!("\n{key}"));
        let Mailbox::Imap { secret, .. } = parse(&other).mailbox else {
            panic!("an IMAP mailbox")
        };
        assert_eq!(secret, source);
    }
}

#[test]
fn paths_are_relative_to_the_file() {
    let config = parse(&with("[mailbox]", "data = \"/var/lib/cadence\"\n[mailbox]"));
    assert_eq!(config.bot.data, Path::new("/var/lib/cadence"));
    assert_eq!(config.bot.key_file, Path::new("/var/lib/cadence/cadence.key"));
    let Mailbox::Imap { secret, .. } = config.mailbox else {
        panic!("an IMAP mailbox")
    };
    assert_eq!(secret, Secret::File("/etc/cadence/imap-password".into()));
}

#[test]
fn folders_stand_in_for_servers() {
    let config = parse(
        r#"
        [bot]
        address = "cadence@reps.example.com"
        [mailbox]
        kind = "maildir"
        path = "in"
        aliases = { "cadence-outbound@reps.example.com" = "outbound" }
        [relay]
        kind = "maildir"
        path = "out"
        [[rep]]
        address = "ana@example.com"
        name = "Ana Ruiz"
        zone = "Europe/Madrid"
        "#,
    );
    let (inbox, outbox) = ("/etc/cadence/in".into(), "/etc/cadence/out".into());
    assert_eq!(config.mailbox, Mailbox::Maildir { path: inbox });
    assert_eq!(config.relay, Relay::Maildir { path: outbox });
    let alias = Address::parse("cadence-outbound@reps.example.com").unwrap();
    assert_eq!(config.aliases, [(alias, CadenceName::parse("outbound").unwrap())]);
}

#[test]
fn the_port_follows_the_security() {
    for (security, imap, smtp) in [("tls", 993, 465), ("starttls", 143, 587), ("none", 143, 25)] {
        let text = LEAST
            .replace("imap.example.com\"", &format!("localhost\"\nsecurity = \"{security}\""))
            .replace("smtp.example.com\"", &format!("127.0.0.1\"\nsecurity = \"{security}\""));
        let config = parse(&text);
        let Mailbox::Imap { port, .. } = config.mailbox else {
            panic!("an IMAP mailbox")
        };
        assert_eq!(port, imap, "{security}");
        let Relay::Smtp { port, .. } = config.relay else {
            panic!("an SMTP relay")
        };
        assert_eq!(port, smtp, "{security}");
    }
}

#[test]
fn a_relay_without_a_password_gets_no_login() {
    let Relay::Smtp { login, security, .. } = parse(&with("password_file = \"smtp-password\"\n", "")).relay else {
        panic!("an SMTP relay")
    };
    assert_eq!((login, security), (None, Security::Tls));
}

#[test]
fn times_and_days_may_be_written_as_tomls_own() {
    let hours =
        "[hours]\nwindow = { from = 08:30:00, to = \"12:15\" }\nholidays = [2026-12-25, \"2027-01-01\"]\n[[rep]]";
    let config = parse(&with("[[rep]]", hours));
    assert_eq!(config.hours.window.from.to_string(), "08:30:00");
    assert_eq!(config.hours.window.to.to_string(), "12:15:00");
    let days: Vec<String> = config.hours.holidays.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-12-25", "2027-01-01"]);
}

#[test]
fn colleagues_are_the_domains_of_the_bot_and_the_reps_but_not_a_mail_provider() {
    let text = with("[mailbox]", "domains = [\"Corp.Example\"]\n[mailbox]")
        + "[[rep]]\naddress = \"ben@gmail.com\"\nname = \"Ben\"\nzone = \"UTC\"\n";
    let domains = parse(&text).own_domains();
    assert_eq!(domains, ["corp.example", "example.com", "reps.example.com"]);
}

#[test]
fn an_empty_file_lacks_four_things() {
    problems(
        "",
        expect![[r#"
            cadence.toml line 1, column 1: [bot]: missing: who the bot is
            cadence.toml line 1, column 1: [mailbox]: missing: where mail comes in
            cadence.toml line 1, column 1: [relay]: missing: where mail goes out
            cadence.toml line 1, column 1: [[rep]]: missing: at least one `[[rep]]` with address, name and zone"#]],
    );
}

#[test]
fn every_problem_is_named_at_once_with_its_place() {
    problems(
        r#"
[bot]
address = "cadence-of-the-whole-house@reps.example.com"
nmae = "Cadence"

[mailbox]
kind = "imap"
host = "imap.example.com"
port = "abc"
security = "none"
password = "hunter2"
folders = []

[relay]
kind = "smpt"
host = "smtp.example.com"
port = 70000
connections = 3.5
user = "bot"
password_env = "A"
password_command = ["b"]

[hours]
window = { from = "17:00", to = "09:00" }
holidays = ["25.12.2026"]

[trust]
strict = "yes"

[[rep]]
address = "ana@example.com"
name = "Ana"
zone = "Europe/Madird"
digest = "8 o'clock"
postal_address = "Example Ltd"

[[rep]]
address = "Ana@example.com"
name = ""
code_turn = 0
"#,
        expect![[r#"
            cadence.toml line 3, column 11: [bot].address: the part before `@` may have 20 characters, because `+` and a token of 43 must fit behind it in 64, found "cadence-of-the-whole-house@reps.example.com"
            cadence.toml line 4, column 1: [bot].nmae: unknown key; did you mean `name`?
            cadence.toml line 6, column 1: [mailbox].password_file: missing: where the password comes from, one of `password_file`, `password_env` and `password_command`
            cadence.toml line 9, column 8: [mailbox].port: expected a number from 1 to 65535, found "abc"
            cadence.toml line 10, column 12: [mailbox].security: plain text goes only to this machine itself (localhost, 127.0.0.1, ::1); use "tls" or "starttls"
            cadence.toml line 11, column 12: [mailbox].password: a password does not stand in this file; use `password_file`, `password_env` or `password_command`
            cadence.toml line 12, column 11: [mailbox].folders: expected at least one folder, found none
            cadence.toml line 15, column 8: [relay].kind: expected "smtp" or "maildir", found "smpt"
            cadence.toml line 17, column 8: [relay].port: expected a number from 1 to 65535, found 70000
            cadence.toml line 18, column 15: [relay].connections: expected a number from 1 to 20, found 3.5
            cadence.toml line 21, column 20: [relay].password_command: a password comes from one place, and another is named already
            cadence.toml line 24, column 10: [hours].window.to: expected a time after `from`; a window does not go past midnight
            cadence.toml line 25, column 13: [hours].holidays: expected a date such as 2026-12-25, found "25.12.2026"
            cadence.toml line 28, column 10: [trust].strict: expected true or false, found "yes"
            cadence.toml line 33, column 8: [[rep]].zone: expected a time zone such as "Europe/Madrid", found "Europe/Madird"
            cadence.toml line 34, column 10: [[rep]].digest: expected a time from 00:00 to 23:59, found "8 o'clock"
            cadence.toml line 35, column 1: [[rep]].postal_address: unknown key; `postal_address` belongs at the top of the file, above the first [section]
            cadence.toml line 37, column 1: [[rep]].zone: missing: the rep's time zone, "Europe/Berlin"
            cadence.toml line 38, column 11: [[rep]].address: another rep has this address (line 31)
            cadence.toml line 39, column 8: [[rep]].name: expected a text in quotes that is not empty, found ""
            cadence.toml line 40, column 13: [[rep]].code_turn: expected a number from 1 to 4294967295, found 0"#]],
    );
}

#[test]
fn what_is_no_toml_is_said_as_such() {
    problems(
        "[bot\naddress = \nname = \"x\"",
        expect!["cadence.toml line 1, column 5: unclosed table, expected `]`"],
    );
}

#[test]
fn a_bot_cannot_be_a_rep() {
    problems(
        &with("ana@example.com", "Cadence+ana@reps.example.com"),
        expect![
            "cadence.toml line 13, column 11: [[rep]].address: this is the bot's own address; a rep needs one of their own"
        ],
    );
}

#[test]
fn a_folder_has_no_port_and_a_server_no_path() {
    let text =
        with("kind = \"imap\"", "kind = \"maildir\"").replace("kind = \"smtp\"", "kind = \"smtp\"\npath = \"out\"");
    problems(
        &text,
        expect![[r#"
        cadence.toml line 4, column 1: [mailbox].path: missing: the folder of the mails
        cadence.toml line 6, column 8: [mailbox].host: only `kind = "imap"` has it
        cadence.toml line 7, column 17: [mailbox].password_file: only `kind = "imap"` has it
        cadence.toml line 10, column 8: [relay].path: only `kind = "maildir"` has it"#]],
    );
}

#[test]
fn an_alias_is_an_address_of_its_own() {
    let aliases = r#"[mailbox.aliases]
"cadence@reps.example.com" = "outbound"
"nobody" = "outbound"
"inbound@reps.example.com" = "In bound"
"a@reps.example.com" = "outbound"
"A@reps.example.com" = "inbound"
"b@reps.example.com" = 5
[relay]"#;
    problems(
        &with("[relay]", aliases),
        expect![[r#"
        cadence.toml line 9, column 1: [mailbox].aliases."cadence@reps.example.com": the bot's own address takes commands and cannot stand for a cadence
        cadence.toml line 10, column 1: [mailbox].aliases."nobody": not a mail address: there is no `@` in it, found "nobody"
        cadence.toml line 11, column 30: [mailbox].aliases."inbound@reps.example.com": a cadence's name has 2 to 41 of `a-z`, `0-9` and `-`, and does not begin with `-`, found "In bound"
        cadence.toml line 13, column 1: [mailbox].aliases."A@reps.example.com": this address stands for a cadence already
        cadence.toml line 14, column 24: [mailbox].aliases."b@reps.example.com": expected a text in quotes that is not empty, found 5"#]],
    );
}

#[test]
fn a_file_that_is_not_there_is_answered_with_how_to_make_one() {
    let error = Config::load(Path::new("no-such-folder/cadence.toml")).expect_err("a problem");
    expect!["no-such-folder/cadence.toml: cannot be opened (No such file or directory (os error 2)); `cadence config-example > no-such-folder/cadence.toml` writes one to fill in"].assert_eq(&error.to_string());
}

#[test]
fn a_command_that_connects_wants_the_secrets_now() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cadence.toml");
    std::fs::write(
        &file,
        with("host = \"smtp.example.com\"\n", "host = \"h\"\nca_file = \"ca.pem\"\n"),
    )
    .unwrap();
    assert!(Config::load(&file).is_ok(), "others do not care");
    let error = Config::load_ready(&file).expect_err("a problem").to_string();
    let error = error.replace(&folder.path().display().to_string(), "…");
    expect![[r#"
        …/cadence.toml line 7, column 17: [mailbox].password_file: …/imap-password does not exist; write the password into it, for its owner alone (`chmod 600 …/imap-password`)
        …/cadence.toml line 11, column 11: [relay].ca_file: …/ca.pem cannot be opened: No such file or directory (os error 2)
        …/cadence.toml line 12, column 17: [relay].password_file: …/smtp-password does not exist; write the password into it, for its owner alone (`chmod 600 …/smtp-password`)"#]].assert_eq(&error);
}

#[cfg(unix)]
mod secrets {
    use super::*;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    fn revealed(secret: &Secret) -> String {
        secret.reveal().expect("a secret").expose_secret().to_owned()
    }

    fn command(words: &[&str]) -> Secret {
        Secret::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn a_file_gives_its_first_line_when_nobody_else_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "two words \r\nanother line\n").unwrap();
        let secret = Secret::File(path.clone());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(revealed(&secret), "two words ");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = secret.reveal().expect_err("others may read it");
        assert!(error.contains("(mode 640)") && error.contains("chmod 600"), "{error}");
        assert!(!error.contains("two words"), "{error}");
    }

    #[test]
    fn an_environment_variable_gives_its_value() {
        assert!(!revealed(&Secret::Environment("PATH".to_owned())).is_empty());
        let error = Secret::Environment("CADENCE_NO_SUCH_VARIABLE".to_owned()).reveal();
        assert_eq!(
            error.expect_err("not set"),
            "the environment variable CADENCE_NO_SUCH_VARIABLE is not set"
        );
    }

    #[test]
    fn a_command_gives_the_first_line_it_prints() {
        assert_eq!(revealed(&command(&["printf", "secret\nnot"])), "secret");
        for (words, why) in [
            (
                &["false", "hunter2"][..],
                "the command `false` failed; run it by hand to see why",
            ),
            (&["true"], "the command `true` gave an empty first line"),
        ] {
            assert_eq!(command(words).reveal().expect_err("no secret"), why);
        }
        let error = command(&["cadence-no-such-program"]).reveal().expect_err("no program");
        assert!(error.contains("cannot be started"), "{error}");
    }
}

#[test]
fn a_pace_is_written_with_units_or_in_seconds_and_a_rep_may_have_another_cap() {
    use cadence::model::Pace;
    use std::time::Duration;
    let text = with(
        "[[rep]]",
        "[pace]\ndaily_cap = 20000\ngap = { from = 0, to = \"2m\" }\ndomain_gap = \"1h\"\nperson_spacing = 90\n[[rep]]\ndaily_cap = 7",
    );
    let config = parse(&text);
    let pace = Pace {
        daily_cap: 20_000,
        gap_from: Duration::ZERO,
        gap_to: Duration::from_secs(120),
        domain_gap: Duration::from_secs(3600),
        person_spacing: Duration::from_secs(90),
        ..Pace::USUAL
    };
    assert_eq!(config.pace, pace);
    assert_eq!(config.reps[0].daily_cap, Some(7));
    let off = with(
        "[[rep]]",
        "[pace]\ndaily_cap = 20000\ngap = { from = 0, to = 0 }\ndomain_gap = 0\nperson_spacing = 0\n[[rep]]",
    );
    assert!(parse(&off).pace.is_off());
    assert!(!config.pace.is_off());
}

#[test]
fn a_gap_that_ends_before_it_begins_and_a_time_nobody_understands_are_named() {
    let text = with(
        "[[rep]]",
        "[pace]\ndaily_cap = 0\ngap = { from = \"5m\", to = \"90s\" }\ndomain_gap = \"soon\"\nperson_spacing = \"30h 5m\"\n[[rep]]",
    );
    problems(
        &text,
        expect![[r#"
        cadence.toml line 13, column 13: [pace].daily_cap: expected a number from 1 to 1000000, found 0
        cadence.toml line 14, column 7: [pace].gap.to: expected a time of at least `from`
        cadence.toml line 15, column 14: [pace].domain_gap: expected a time of at most a week such as "90s", "7m" or "24h", found "soon"
        cadence.toml line 16, column 18: [pace].person_spacing: expected a time of at most a week such as "90s", "7m" or "24h", found "30h 5m""#]],
    );
}

#[test]
fn days_off_and_preferred_days_are_read_and_what_is_wrong_has_its_place() {
    let hours = "[hours]\nholidays = [\"2026-12-28/2026-12-30\"]\ncalendars = [\"de-by\"]\nprefer = [\"Tue\"]\npublic_holidays = false\n\
                 lunch = { from = \"12:00\", to = \"13:00\" }\n[[rep]]\nvacation = [\"2026-08-03/2026-08-21\", \"2026-10-30\"]";
    let config = parse(&with("[[rep]]", hours));
    let days = &config.hours.holidays;
    let day = |text: &str| days.contains(&text.parse().unwrap());
    assert!(day("2026-12-28") && day("2026-12-30") && !day("2026-12-31"));
    assert!(day("2026-01-06") && day("2040-12-25") && !day("2026-08-08"));
    assert!(!config.hours.public && config.hours.lunch.is_some());
    assert_eq!(config.hours.away.len(), 2);
    let wrong = "[hours]\nholidays = [\"2026-12-28/2026-12-01\", \"2026-01-01/2029-01-01\", \"soon\"]\ncalendars = [\"DE-XX\", \"none.ics\"]\n\
                 prefer = [\"Sat\"]\nlunch = { from = \"08:00\", to = \"09:30\" }\n[[rep]]\nvacation = [\"August\"]";
    problems(
        &with("[[rep]]", wrong),
        expect![[r#"
        cadence.toml line 13, column 13: [hours].holidays: expected a last day that is not before the first, found "2026-12-28/2026-12-01"
        cadence.toml line 13, column 38: [hours].holidays: expected at most 366 days, found "2026-01-01/2029-01-01"
        cadence.toml line 13, column 63: [hours].holidays: expected a date such as 2026-12-25, found "soon"
        cadence.toml line 14, column 14: [hours].calendars: expected a country or region that there is a calendar of ("DE", "DE-BY"), or a file that ends with .ics, found "DE-XX"; did you mean "DE-BB"?
        cadence.toml line 14, column 23: [hours].calendars: /etc/cadence/none.ics cannot be opened: No such file or directory (os error 2)
        cadence.toml line 15, column 10: [hours].prefer: expected days that are in `weekdays`
        cadence.toml line 16, column 9: [hours].lunch.from: expected a time inside the window, so that touches come before and after it
        cadence.toml line 18, column 13: [[rep]].vacation: expected a date such as 2026-12-25, found "August""#]],
    );
}

#[test]
fn routes_and_lead_sources_say_what_is_wrong_with_them() {
    let wrong = "[etiquette]\ncooldown_days = 1000\nnever = [\"rival\"]\n\
                 [[route]]\ncadence = \"Inbound!\"\ncountry = [\"Atlantis\"]\ncompany_size = { from = 9, to = 2 }\n\
                 [[route]]\ncadence = \"inbound\"\n[[route]]\ncadence = \"outbound\"\ntitel = [\"cfo\"]\n\
                 [[lead_source]]\nname = \"web\"\n[[lead_source]]\nname = \"web\"\nfrom = [\"forms@example.com\"]\nformat = \"xml\"\n\
                 reps = [\"nobody@example.com\"]\n[[lead_source.territory]]\nrep = \"ana@example.com\"\n\
                 [[lead_source]]\nname = \"app\"\nfrom = [\"app@example.com\"]\nsignals = [\"pricing-page\", \"Bad One\"]\ncadence = \"inbound\"\n[[rep]]";
    problems(
        &with("[[rep]]", wrong),
        expect![[r#"
            cadence.toml line 13, column 17: [etiquette].cooldown_days: expected a number from 0 to 400, found 1000
            cadence.toml line 14, column 10: [etiquette].never: not a mail address: there is no `@` in it; a whole domain is written "@example.com", found "rival"
            cadence.toml line 16, column 11: [[route]].cadence: a cadence's name has 2 to 41 of `a-z`, `0-9` and `-`, and does not begin with `-`, found "Inbound!"
            cadence.toml line 17, column 12: [[route]].country: expected a country or region by its ISO code ("DE", "DE-BY"), found "Atlantis"
            cadence.toml line 18, column 16: [[route]].company_size.to: expected a number of at least `from`
            cadence.toml line 21, column 1: [[route]].cadence: never asked: the route before it has no condition and holds for everybody
            cadence.toml line 23, column 1: [[route]].titel: unknown key; did you mean `title`?
            cadence.toml line 24, column 1: [[lead_source]].from: missing: the addresses that the forms' mails come from, ["forms@example.com", "@forms.example.net"]
            cadence.toml line 27, column 8: [[lead_source]].name: another lead source has this name
            cadence.toml line 29, column 10: [[lead_source]].format: expected "labels", "json" or "header", found "xml"
            cadence.toml line 30, column 9: [[lead_source]].reps: expected the address of a [[rep]], found "nobody@example.com"
            cadence.toml line 31, column 1: [[territory]].country: missing: countries or regions, ["DE", "AT"]
            cadence.toml line 33, column 1: [[lead_source]].cadence: a source of signals enrolls nobody: delete this, or `signals`
            cadence.toml line 36, column 28: [[lead_source]].signals: expected the name of a signal, up to 40 of a-z, 0-9, - and _, found "Bad One""#]],
    );
}
