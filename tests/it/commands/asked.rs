//! How lines are read: a table that covers the grammar's.

use cadence::mail::command::read;
use cadence::model::grammar::{self, GRAMMAR, Verb};
use cadence::model::{Asked, Order, SaidDay, TaskOutcome, Whom};
use jiff::civil::{Weekday, time};

fn asked(line: &str) -> Asked {
    let mut read = read(line, "");
    assert_eq!(read.len(), 1, "{line}");
    read.pop().expect("a command").asked
}

/// The verb that a reading came from.
fn verb(asked: &Asked) -> Option<Verb> {
    Some(match asked {
        Asked::Log { outcome, .. } => Verb::Log(*outcome),
        Asked::Order { order, .. } => Verb::Order(*order),
        Asked::Send { .. } => Verb::Send,
        Asked::Hold { .. } => Verb::Hold,
        Asked::Edit { .. } => Verb::Edit,
        Asked::Unedit { .. } => Verb::Unedit,
        Asked::Undo { .. } => Verb::Undo,
        Asked::Fill { .. } => Verb::Fill,
        Asked::Note { .. } => Verb::Note,
        Asked::Switch { .. } => Verb::Switch,
        Asked::Enroll(_) => Verb::Enroll,
        Asked::Yes { .. } => Verb::Yes,
        Asked::No => Verb::No,
        Asked::List => Verb::List,
        Asked::Cadences => Verb::Cadences,
        Asked::Preview { .. } => Verb::Preview,
        Asked::Report { .. } => Verb::Report,
        Asked::SetDigest(_) => Verb::SetDigest,
        Asked::SetZone(_) => Verb::SetZone,
        Asked::Vacation { .. } => Verb::Vacation,
        Asked::Back => Verb::Back,
        Asked::NewCodes => Verb::NewCodes,
        Asked::Help => Verb::Help,
        Asked::Unclear { .. } => return None,
    })
}

#[test]
fn every_example_of_the_table_is_read_as_its_own_command() {
    for entry in GRAMMAR {
        assert_eq!(verb(&asked(entry.example)), Some(entry.verb), "{}", entry.example);
    }
}

#[test]
fn every_way_of_saying_a_command_is_read_as_that_command() {
    for entry in GRAMMAR {
        let first = entry.ways[0];
        let tail = entry.example.split_once(first).map_or("", |(_, tail)| tail);
        // Of a word that stands for another the example has the first way.
        let tail = if entry.example.contains(first) { tail } else { "" };
        let number = if matches!(entry.verb, Verb::Log(_)) { "1 " } else { "" };
        for way in entry.ways {
            for line in [
                format!("{number}{way}{tail}"),
                format!("  {number}{}{tail}  ", way.to_uppercase()),
            ] {
                if entry.verb == Verb::Order(Order::Snooze) && tail.is_empty() {
                    continue;
                }
                let read = asked(&line);
                let alias_of_back = *way == "vacation off";
                assert!(verb(&read) == Some(entry.verb) || alias_of_back, "{line}: {read:?}");
            }
        }
    }
}

#[test]
fn help_and_the_page_name_every_command() {
    for entry in GRAMMAR {
        assert!(grammar::help().contains(entry.example), "{}", entry.example);
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, grammar::page()).expect("the page is written");
    }
    let page = std::fs::read_to_string(&path).expect("docs/commands.md");
    assert_eq!(
        page,
        grammar::page(),
        "docs/commands.md is made of the table: UPDATE_EXPECT=1 writes it"
    );
}

fn order(line: &str) -> (Order, Whom, Option<SaidDay>, Option<String>) {
    match asked(line) {
        Asked::Order {
            order,
            whom,
            until,
            reason,
            ..
        } => (order, whom, until, reason),
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn orders_say_whom_until_when_and_why() {
    let jane = || Whom::Address(cadence::model::Address::parse("jane@acme.com").expect("an address"));
    let acme = || Whom::Company("Acme".to_owned());
    let fri = Some(SaidDay::Weekday(Weekday::Friday));
    let why = |text: &str| Some(text.to_owned());
    for (line, wanted) in [
        ("stop", (Order::Stop, Whom::This, None, None)),
        ("Stop jane@acme.com", (Order::Stop, jane(), None, None)),
        (
            "stop <jane@acme.com>, they moved",
            (Order::Stop, jane(), None, why("they moved")),
        ),
        ("stop all", (Order::Stop, Whom::All, None, None)),
        ("pause Acme", (Order::Pause, acme(), None, None)),
        ("pause Acme until fri", (Order::Pause, acme(), fri, None)),
        (
            "pause jane@acme.com until fri because of the fair",
            (Order::Pause, jane(), fri, why("of the fair")),
        ),
        ("pause until fri", (Order::Pause, Whom::This, fri, None)),
        ("6 snooze fri", (Order::Snooze, Whom::Number(6), fri, None)),
        ("snooze friday", (Order::Snooze, Whom::This, fri, None)),
        ("snooze jane@acme.com next friday", (Order::Snooze, jane(), fri, None)),
        (
            "snooze Acme 2 weeks",
            (Order::Snooze, acme(), Some(SaidDay::In(14)), None),
        ),
        (
            "snooze until 24.12.",
            (
                Order::Snooze,
                Whom::This,
                Some(SaidDay::Yearly { month: 12, day: 24 }),
                None,
            ),
        ),
        ("resume all", (Order::Resume, Whom::All, None, None)),
        ("finish jane@acme.com", (Order::Finish, jane(), None, None)),
        ("why jane@acme.com?", (Order::Why, jane(), None, None)),
        ("status Acme", (Order::Status, acme(), None, None)),
        ("3 stop", (Order::Stop, Whom::Number(3), None, None)),
        ("pause 3", (Order::Pause, Whom::Number(3), None, None)),
        ("held", (Order::Held, Whom::This, None, None)),
        ("no-show jane@acme.com", (Order::NoShow, jane(), None, None)),
    ] {
        assert_eq!(order(line), wanted, "{line}");
    }
    let Asked::Order { sure, whom, .. } = asked("stop all yes") else {
        panic!("an order")
    };
    assert!(sure && whom == Whom::All);
}

#[test]
fn the_others_say_what_they_need() {
    let Asked::Log {
        outcome, at: Some(at), ..
    } = asked("7 meeting tue 15:00")
    else {
        panic!("a meeting")
    };
    assert_eq!(outcome, TaskOutcome::Meeting);
    assert_eq!(
        (at.day, at.time),
        (SaidDay::Weekday(Weekday::Tuesday), Some(time(15, 0, 0, 0)))
    );
    let Asked::Enroll(wanted) =
        asked("enroll jane@acme.com \"Jane Doe\" company=Acme title=\"VP Sales\" in outbound start monday")
    else {
        panic!("somebody new")
    };
    assert_eq!(wanted.name.as_deref(), Some("Jane Doe"));
    assert_eq!(wanted.fields["title"], "VP Sales");
    assert_eq!(wanted.fields["company"], "Acme");
    assert_eq!(wanted.cadence.as_deref(), Some("outbound"));
    assert_eq!(wanted.start, Some(SaidDay::Weekday(Weekday::Monday)));
    assert_eq!(asked("set digest 7:30"), Asked::SetDigest(time(7, 30, 0, 0)));
    assert_eq!(
        asked("set zone Europe/Berlin"),
        Asked::SetZone("Europe/Berlin".to_owned())
    );
    let Asked::Vacation { from, to, cover } = asked("vacation 24 Dec to 2 Jan cover ben@corp.test") else {
        panic!("a vacation")
    };
    assert_eq!(from, Some(SaidDay::Yearly { month: 12, day: 24 }));
    assert_eq!(to, SaidDay::Yearly { month: 1, day: 2 });
    assert_eq!(cover.map(|cover| cover.to_string()).as_deref(), Some("ben@corp.test"));
    assert!(matches!(
        asked("vacation until friday"),
        Asked::Vacation {
            from: None,
            cover: None,
            ..
        }
    ));
    assert_eq!(asked("vacation off"), Asked::Back);
    assert_eq!(asked("report"), Asked::Report { month: false });
    let Asked::Switch {
        to,
        whom: Whom::Number(3),
    } = asked("3 switch to inbound-nurture")
    else {
        panic!("a switch")
    };
    assert_eq!(to, "inbound-nurture");
    let Asked::Note { text, .. } = asked("note jane@acme.com: likes short mails, 2 lines at most") else {
        panic!("a note")
    };
    assert_eq!(text, "likes short mails, 2 lines at most");
}

fn closest(line: &str) -> Vec<String> {
    match asked(line) {
        Asked::Unclear { closest } => closest,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn what_is_not_understood_gets_up_to_three_lines_that_are() {
    for (line, first) in [
        ("2 conected", "2 connected"),
        ("puase", "pause"),
        ("puase jane@acme.com", "pause jane@acme.com"),
        ("snooze", "snooze tomorrow"),
        ("snooze jane@acme.com", "snooze jane@acme.com tomorrow"),
        ("pause until soon", "snooze tomorrow"),
        ("pause jane@acme.com until 3/4", "pause jane@acme.com until 3 Apr"),
        ("snooze 3/4", "snooze until 3 Apr"),
        ("set digest", "set digest 07:00"),
        ("stop jane@acme.com until fri", "pause jane@acme.com until fri"),
        ("cadenses", "cadences"),
    ] {
        let lines = closest(line);
        assert_eq!(lines.first().map(String::as_str), Some(first), "{line}: {lines:?}");
        assert!(lines.len() <= 3, "{line}");
        for line in lines {
            assert!(verb(&asked(&line)).is_some(), "what is offered is understood: {line}");
        }
    }
}

#[test]
fn prose_is_no_command() {
    for prose in [
        "Why did you write to her on Sunday? That was not planned.",
        "Stop by my desk when you can, please, we have to talk about it",
        "10 minutes would be fine for me and for all the others in the team",
        "Status of the project is fine, thank you for asking about it today",
        "Report from the fair is attached, have a look at it",
    ] {
        assert_eq!(closest(prose), Vec::<String>::new(), "{prose}");
    }
    // Two words may be mistyped: nothing is done, and what may be meant is offered.
    assert!(matches!(asked("hold on a second"), Asked::Unclear { .. }));
}

#[test]
fn several_commands_stand_in_one_mail_and_on_one_line() {
    let all = read(
        "1 vm, 2 snooze fri; 3 connected wants 2 offers\n4 stop\nset digest 07:00\n\nThanks\nAna",
        "",
    );
    let verbs: Vec<_> = all.iter().map(|command| verb(&command.asked)).collect();
    assert_eq!(
        verbs,
        [
            Some(Verb::Log(TaskOutcome::Voicemail)),
            Some(Verb::Order(Order::Snooze)),
            Some(Verb::Log(TaskOutcome::Connected)),
            Some(Verb::Order(Order::Stop)),
            Some(Verb::SetDigest)
        ]
    );
}
