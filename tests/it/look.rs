//! How the bot's mails look in a browser's engine: every kind of them as an `.eml`, opened in headless Chromium at 375 and
//! 1,280 pixels, light and dark, and measured there: nothing wider than the window, no text too small or too pale, nothing
//! fetched from anywhere, links large enough for a thumb.
//!
//! `CADENCE_LOOK=folder cargo test --test it look::` leaves the mails and pictures of them there.

use crate::bot_texts::digest_page::{full, item, quiet};
use crate::bot_texts::notices::{alert, enrolled, receipt};
use crate::bot_texts::{address, ana, at, cadence_name, jane, prospect, taps};
use crate::servers::chromium;
use cadence::mail::write::{Automatic, Composition, compose};
use cadence::model::*;
use cadence::template::{BotTexts, Counted, GatheredLine, Greeting, OwnAddress, Question, Relayed, Warned};
use std::path::{Path, PathBuf};

/// A mail of the bot's: its name, its bytes.
struct Shown {
    name: &'static str,
    eml: Vec<u8>,
}

/// The shipped texts, read as an organisation's own are.
fn texts() -> BotTexts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/bot");
    let files = std::fs::read_dir(folder).unwrap().map(|file| {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    });
    BotTexts::with(&files.collect::<Vec<_>>()).unwrap()
}

const REPLY: &[u8] =
    b"From: Jane Doe <jane@acme.test>\r\nSubject: Re: Hello\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
    Hi Ana,\r\n\r\nsounds good, send me two times for next week.\r\n\r\nJane\r\n";

fn eml(wording: &Wording, enclosed: Option<&[u8]>) -> Vec<u8> {
    let from = Correspondent::new(Some("Cadence"), address("cadence@reps.test"));
    let to = Correspondent::new(Some("Ana Reis"), ana().address);
    compose(&Composition {
        from: &from,
        to: &to,
        reply_to: None,
        date: at("2026-03-09T08:00:00Z"),
        message_id: &MessageId::parse("<look@reps.test>").unwrap(),
        thread: &[],
        wording,
        unsubscribe: None,
        automatic: Automatic::Replied,
        reference: "look",
        enclosed,
    })
    .unwrap()
}

/// Every kind of mail, with names and words of unhandy length.
fn shown() -> Vec<Shown> {
    let (taps, texts) = (taps(&[7, 8]), texts());
    let notice = |name, notice: &Notice| {
        let relayed = Relayed {
            subject: "Re: Hello",
            left_out: None,
        };
        let wording = texts.notice(notice, &ana(), &taps, Some(&relayed));
        let enclosed = matches!(notice, Notice::Relay { .. }).then_some(REPLY);
        Shown {
            name,
            eml: eml(&wording, enclosed),
        }
    };
    let digest = |name, digest: &Digest| Shown {
        name,
        eml: eml(&texts.digest(digest, &ana(), &taps), None),
    };
    let long = || {
        prospect(
            "Maximiliane-Alexandra Freifrau von Hohenstein-Wolkenburg",
            "maximiliane-alexandra.von.hohenstein-wolkenburg@a-very-long-department.of-a-company-with-a-name.test",
            &[
                (
                    "title",
                    "Senior Executive Vice President of Everything Beyond the Ordinary",
                ),
                (
                    "company",
                    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
                ),
                ("phone", "+49 (0)30 123 456-7890 ext. 4711"),
            ],
        )
    };
    let mut busy = full();
    busy.todo.push(item(4, Channel::Video, long(), 5));
    busy.more = 12;
    busy.numbers = numbers();
    busy.more_mails = 3;
    busy.going_out[0].prospect = long();
    busy.needs_you[0].words = format!("{} (outbound) answered and waits for you.", long().label());
    let mut first = enrolled(7, jane());
    first.today = vec![TodayLine {
        channel: Channel::Call,
        from: at("2026-03-03T09:00:00Z"),
        by: None,
        script: "Hi Jane, it is Ana from Corp.\n\nDid my mail about the audit reach you?".to_owned(),
    }];
    let refused = RefusedLine {
        who: Some(long().address),
        why: Refusal::AlreadyActive {
            cadence: "outbound".to_owned(),
            by: None,
        },
    };
    let line = |said: &str, answer: &str, done, offers: &[&str]| AnswerLine {
        said: said.to_owned(),
        answer: answer.to_owned(),
        done,
        offers: offers
            .iter()
            .map(|line| Offer {
                line: (*line).to_owned(),
                about: None,
            })
            .collect(),
    };
    let answers = vec![
        line(
            "1 connected wants pricing",
            "Jane Doe (outbound): connected, noted. The next touch is a mail on Thu 12 Mar 09:30.",
            true,
            &["undo"],
        ),
        line(
            "pause acme unitl friday",
            "This was not understood. Closest: `pause acme until friday`.",
            false,
            &["pause acme until friday", "snooze acme friday", "help"],
        ),
    ];
    let gathered = vec![
        GatheredLine {
            who: format!("{} (outbound)", long().label()),
            what: "The server said: 550 5.1.1 user unknown".to_owned(),
        };
        3
    ];
    let hold = Hold {
        scope: Scope::All,
        cause: Cause::Policy,
        why: "the relay refused 3 mails in an hour: 550 5.7.1 message content rejected".to_owned(),
        by: "cadence".to_owned(),
        since: at("2026-03-09T07:00:00Z"),
        clears: None,
    };
    vec![
        digest("digest", &busy),
        digest("quiet", &quiet()),
        notice("receipt", &receipt(vec![first], vec![refused], false)),
        notice(
            "relay",
            &Notice::Relay {
                enrollment: EnrollmentId(7),
                prospect: Box::new(jane()),
                cadence: cadence_name(),
                banner: "Jane Doe answered touch 2 of 9 and sounds interested; touches are paused. Propose two times."
                    .to_owned(),
                over: false,
                until: None,
            },
        ),
        notice(
            "alert",
            &alert(Alert::Bounced {
                status: Some("5.1.1".to_owned()),
                why: format!(
                    "550 5.1.1 <{}>: Recipient address rejected: User unknown",
                    long().address
                ),
            }),
        ),
        notice(
            "draft",
            &alert(Alert::Draft {
                touch: "touch 3 of 9 (email)".to_owned(),
                due: at("2026-03-12T09:30:00Z"),
                text: Approved {
                    subject: "Re: Hello".to_owned(),
                    body: "Hi Jane,\n\nthree numbers from people in your place.\n\nAna".to_owned(),
                },
            }),
        ),
        notice(
            "answer",
            &Notice::Answer {
                lines: answers,
                token: None,
            },
        ),
        Shown {
            name: "welcome",
            eml: eml(
                &texts.greeting(
                    &Greeting::Welcome,
                    &ana(),
                    "Cadence",
                    &own(),
                    &address("cadence@reps.test"),
                ),
                None,
            ),
        },
        Shown {
            name: "question",
            eml: eml(
                &texts.question(&question(), &ana(), &address("cadence+l.abc@reps.test")),
                None,
            ),
        },
        Shown {
            name: "gathered",
            eml: eml(&texts.gathered("bounced", &gathered), None),
        },
        Shown {
            name: "warning",
            eml: eml(
                &texts.warning(
                    &Warned::Hold(&hold),
                    Some(at("2026-03-09T07:58:00Z")),
                    Some(&address("cadence+a.abc@reps.test")),
                ),
                None,
            ),
        },
        Shown {
            name: "team",
            eml: eml(&texts.team(&team(), &ana()), None),
        },
        Shown {
            name: "warnings",
            eml: eml(&texts.gathered(cadence::template::WARNINGS, &warnings()), None),
        },
    ]
}

/// A team on a bad day.
fn team() -> TeamDigest {
    let behind = |rep: &str, late, days_late, waiting, away| Behind {
        rep: rep.to_owned(),
        late,
        days_late,
        waiting,
        days_waiting: u32::from(waiting > 0) * 2,
        away,
    };
    TeamDigest {
        date: jiff::civil::date(2026, 3, 9),
        behind: vec![
            behind("Ben Weber", 14, 6, 3, None),
            behind(
                "Maximiliane-Alexandra Freifrau von Hohenstein-Wolkenburg",
                2,
                1,
                0,
                Some(jiff::civil::date(2026, 3, 20)),
            ),
        ],
        more: 2,
        up_to_date: 11,
        at_risk: vec![AtRisk {
            cadence: "cold-outbound".to_owned(),
            why: vec![
                "it is held: 2 complaints for 940 mails of \"cold-outbound\" in 30 days".to_owned(),
                "9 of 210 addresses were dead in 30 days".to_owned(),
            ],
        }],
        held: vec![
            "Touches in the name of kim@corp.test are held: 6 of the last 88 mails went to dead addresses".to_owned(),
        ],
        doubts: 1,
        quarantined: 2,
        active: 1_204,
        synced: Some(at("2026-03-09T07:58:00Z")),
    }
}

/// Warnings that came many at once.
fn warnings() -> Vec<GatheredLine> {
    let line = |who: &str, what: &str| GatheredLine {
        who: who.to_owned(),
        what: what.to_owned(),
    };
    vec![
        line(
            "No touch of \"event\" goes out",
            "It does not load: event/cadence.toml:3:1: unknown key `dya`. cadence lint",
        ),
        line(
            "No touch of \"inbound\" goes out",
            "It does not load: inbound/a.md:1:1: there is no subject. cadence lint",
        ),
    ]
}

/// A rep's week.
fn numbers() -> Vec<String> {
    let lines = [
        "31 people enrolled (24 before)",
        "112 mails sent (97 before)",
        "reply rate 9.8 % (3 of 31), 8.3 % before",
        "interested 6.5 % (2 of 31), 4.2 % before",
        "meeting rate 3.2 % (1 of 31), 0.0 % before",
    ];
    lines.map(str::to_owned).into()
}

/// Enrol addresses.
fn own() -> Vec<OwnAddress> {
    let own = |cadence: &str, title: &str| OwnAddress {
        cadence: cadence.to_owned(),
        title: title.to_owned(),
        touches: 9,
        days: 14,
        address: format!("cadence+{cadence}.h5k2m3n4p5q6@reps.test"),
    };
    vec![
        own("outbound", "Outbound"),
        own("re-engagement", "Back after a long silence"),
    ]
}

/// A list that is asked back about.
fn question() -> Question {
    Question {
        subject: "The fair".to_owned(),
        is_list: true,
        columns: vec![
            ("E-Mail".to_owned(), Some("email".to_owned())),
            ("Shoe size".to_owned(), None),
        ],
        many: 24,
        cadences: vec![Counted {
            cadence: "event".to_owned(),
            title: "After a fair".to_owned(),
            touches: 8,
            many: 24,
        }],
        lacks_cadence: false,
        offered: vec![],
        first: Some(at("2026-03-10T08:30:00Z")),
        people: vec![
            "Jane Doe <jane@acme.test>".to_owned(),
            "Li Wei <li@acme.test>".to_owned(),
        ],
        refused: vec![("kim@corp.test".to_owned(), "a colleague".to_owned())],
        expires: at("2026-03-12T08:30:00Z"),
        done: false,
        daily_cap: Some(50),
        said: vec![],
    }
}

/// The HTML of a mail, as a mail program finds it.
fn html(eml: &[u8]) -> String {
    let mail = mail_parser::MessageParser::default().parse(eml).expect("a mail");
    let html = mail.html_bodies().find_map(|part| match &part.body {
        mail_parser::PartType::Html(html) => Some(html.to_string()),
        _ => None,
    });
    html.expect("an HTML part")
}

/// The page that opens mails in frames and measures them.
fn harness(mails: &[(&str, String)]) -> String {
    let mails = serde_json::to_string(mails).unwrap().replace("</", "<\\/");
    include_str!("look/harness.html").replace("MAILS", &mails)
}

/// What is wrong with these mails, a line each, and how many frames were measured.
fn measured(mails: &[(&str, String)]) -> (Vec<String>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("harness.html");
    std::fs::write(&page, harness(mails)).unwrap();
    let dom = chromium::dom(&page, folder.path());
    let result = dom.split("<pre id=\"result\">").nth(1).expect("the page ran");
    let result = result.split("</pre>").next().unwrap();
    let mut lines: Vec<String> = result.lines().map(str::to_owned).collect();
    let done = lines.pop().expect("a last line");
    let count = done
        .strip_prefix("measured ")
        .expect("it came to its end")
        .parse()
        .unwrap();
    (lines, count)
}

#[test]
fn every_mail_reads_well_on_a_phone_and_on_a_desk_by_day_and_by_night() {
    let shown = shown();
    let mails: Vec<(&str, String)> = shown.iter().map(|mail| (mail.name, html(&mail.eml))).collect();
    if let Some(folder) = std::env::var_os("CADENCE_LOOK") {
        picture(&PathBuf::from(folder), &shown, &mails);
    }
    let (problems, frames) = measured(&mails);
    assert_eq!(frames, mails.len() * 4, "each at two widths, light and dark");
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn what_reads_badly_is_found() {
    let bad = "<!DOCTYPE html><html><head><meta name=\"color-scheme\" content=\"light dark\"></head>\
        <body style=\"background-color:#ffffff\"><table width=\"700\"><tr><td>wide</td></tr></table>\
        <p style=\"font-size:9px;color:#000000\">small</p><p style=\"color:#bbbbbb\">pale</p>\
        <img src=\"https://remote.test/x.png\"></body></html>";
    let (problems, frames) = measured(&[("bad", bad.to_owned())]);
    assert_eq!(frames, 4);
    let all = problems.join("\n");
    for found in [
        "bad 375 light: wider than the window",
        "bad 375 dark: 9px is too small: small",
        "bad 1280 light: pale",
        "bad 1280 dark: remote https://remote.test/x.png",
        "bad 375 light: a picture without words",
    ] {
        assert!(all.contains(found), "{found} is not in\n{all}");
    }
    // A sound page beside it: what is found is the mail's fault.
    let good = "<!DOCTYPE html><html><head><meta name=\"color-scheme\" content=\"light dark\"></head><body><p>Good.</p></body></html>";
    assert_eq!(measured(&[("good", good.to_owned())]), (vec![], 4));
}

/// Leaves mails and pictures.
fn picture(folder: &Path, shown: &[Shown], mails: &[(&str, String)]) {
    std::fs::create_dir_all(folder).unwrap();
    for (mail, (name, html)) in shown.iter().zip(mails) {
        std::fs::write(folder.join(format!("{name}.eml")), &mail.eml).unwrap();
        let high = if html.len() > 8_000 { 2_400 } else { 1_000 };
        for (width, window) in [(375, 770), (1280, 1280)] {
            let page = folder.join(format!("{name}-{width}.html"));
            let frame = |scheme: &str| {
                format!(
                    "<iframe style=\"color-scheme:{scheme};border:0;width:{width}px;height:100px;vertical-align:top\"></iframe> "
                )
            };
            let framed = format!(
                "<!DOCTYPE html><body style=\"margin:0;background:#888888\">{}{}<script>for(const f of document.querySelectorAll('iframe'))\
                 {{f.onload=()=>f.style.height=f.contentDocument.documentElement.scrollHeight+'px';f.srcdoc={};}}</script></body>",
                frame("light"),
                frame("dark"),
                serde_json::to_string(html).unwrap().replace("</", "<\\/")
            );
            std::fs::write(&page, framed).unwrap();
            let high = if width == 375 { high } else { high * 3 / 2 };
            chromium::picture(
                &page,
                &folder.join(format!("{name}-{width}.png")),
                (window, high),
                folder,
            );
            std::fs::remove_file(&page).unwrap();
        }
    }
}
