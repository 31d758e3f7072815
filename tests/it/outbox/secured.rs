//! TLS, STARTTLS and logins: nothing is said to a server that cannot be trusted with it.

use super::*;
use secrecy::SecretString;
use std::path::PathBuf;

fn secured(server: &Server, security: Security) -> Settings {
    Settings {
        // The certificate of the tests is for this name.
        host: "localhost".to_owned(),
        security,
        ca_file: Some(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/outbox/tls/authority.pem")),
        ..settings(server)
    }
}

fn with_login(settings: Settings) -> Settings {
    Settings {
        login: Some(("bot@corp.test".to_owned(), SecretString::from("open sesame"))),
        ..settings
    }
}

#[tokio::test]
async fn a_letter_goes_out_over_tls() {
    let server = Server::start(Door::Tls, |_, _| None).await;
    let outbox = Outbox::smtp(with_login(secured(&server, Security::Tls)));
    let receipts = [send(&outbox, &letter()).await, send(&outbox, &letter()).await];
    assert!(
        receipts.iter().all(|receipt| matches!(receipt, Receipt::Sent(_))),
        "{}",
        words(&receipts[0])
    );
    assert_eq!(server.said()[1], "0 AUTH PLAIN AGJvdEBjb3JwLnRlc3QAb3BlbiBzZXNhbWU=");
    assert_eq!(server.truth(|truth| (truth.taken.len(), truth.most_open)), (2, 1));
}

#[tokio::test]
async fn the_phases_are_known_over_tls_too() {
    for (act, told) in [
        (Act::CloseAfter(100_000), "unreached at content: "),
        (Act::Say(b"552 5.3.4 too big\r\n"), "refused at content: 552 too big"),
    ] {
        let server = Server::start(Door::Tls, move |_, heard| (heard == "CONTENT").then(|| act.clone())).await;
        let receipt = send(&Outbox::smtp(secured(&server, Security::Tls)), &long_letter()).await;
        assert!(words(&receipt).starts_with(told), "{}", words(&receipt));
        assert_eq!(server.taken(), 0);
    }
    let server = Server::start(Door::Tls, |_, heard| (heard == "DOT").then_some(Act::TakeAndClose)).await;
    let receipt = send(&Outbox::smtp(secured(&server, Security::Tls)), &letter()).await;
    assert!(matches!(receipt, Receipt::InDoubt { .. }));
}

#[tokio::test]
async fn starttls_comes_before_everything_and_what_was_said_before_is_forgotten() {
    let server = Server::start(Door::Starttls, |_, _| None).await;
    let outbox = Outbox::smtp(with_login(secured(&server, Security::Starttls)));
    let receipt = send(&outbox, &letter()).await;
    assert!(matches!(receipt, Receipt::Sent(_)), "{}", words(&receipt));
    expect![[r#"
        0 EHLO bot.corp.test
        0 STARTTLS
        0 EHLO bot.corp.test
        0 AUTH PLAIN AGJvdEBjb3JwLnRlc3QAb3BlbiBzZXNhbWU=
        0 MAIL FROM:<bot+b.x7@corp.test> SIZE=37
        0 RCPT TO:<li@acme.test>
        0 DATA"#]]
    .assert_eq(&server.said().join("\n"));
}

#[tokio::test]
async fn a_server_without_starttls_hears_no_more() {
    for (event, act, told) in [
        (
            "EHLO",
            Act::Say(b"250-mx.acme.test\r\n250 AUTH PLAIN\r\n"),
            "unreached at connect: the server does not offer STARTTLS",
        ),
        (
            "STARTTLS",
            Act::Say(b"454 4.7.0 no TLS today\r\n"),
            "deferred at connect: 454 no TLS today",
        ),
        (
            "STARTTLS",
            Act::Say(b"220 go\r\n250 and this is a stranger\r\n"),
            "unreached at connect: the server spoke before TLS",
        ),
        (
            "CONNECT",
            Act::Say(b"554 5.7.1 not you\r\n"),
            "refused at connect: 554 not you",
        ),
    ] {
        let server = Server::start(Door::Starttls, move |_, heard| {
            (heard == event || heard.starts_with("EHLO") && event == "EHLO").then(|| act.clone())
        })
        .await;
        let outbox = Outbox::smtp(with_login(secured(&server, Security::Starttls)));
        let receipt = send(&outbox, &letter()).await;
        assert!(words(&receipt).starts_with(told), "{}", words(&receipt));
        let said = server.said().join("\n");
        assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
    }
}

#[tokio::test]
async fn a_certificate_for_somebody_else_or_by_nobody_known_is_refused() {
    let server = Server::start(Door::Tls, |_, _| None).await;
    let wrong_name = Settings {
        host: "127.0.0.1".to_owned(),
        ..secured(&server, Security::Tls)
    };
    let unknown_authority = Settings {
        ca_file: Some(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/outbox/tls/server.pem")),
        ..secured(&server, Security::Tls)
    };
    let no_file = Settings {
        ca_file: Some(PathBuf::from("/nonexistent.pem")),
        ..secured(&server, Security::Tls)
    };
    for settings in [wrong_name, unknown_authority, no_file] {
        let receipt = send(&Outbox::smtp(with_login(settings)), &letter()).await;
        assert!(
            matches!(
                receipt,
                Receipt::Unreached {
                    phase: Phase::Connect,
                    ..
                }
            ),
            "{}",
            words(&receipt)
        );
    }
    assert!(server.said().is_empty(), "nothing is said to a stranger");
}

#[tokio::test]
async fn without_tls_only_this_machine_is_talked_to() {
    let server = Server::start(Door::Plain, |_, _| None).await;
    let elsewhere = Settings {
        // TEST-NET-1 (RFC 5737): nobody, and not here.
        host: "192.0.2.1".to_owned(),
        ..settings(&server)
    };
    let receipt = send(&Outbox::smtp(elsewhere), &letter()).await;
    assert!(
        words(&receipt).contains("without TLS is only made to this machine"),
        "{}",
        words(&receipt)
    );
}

#[tokio::test]
async fn a_login_by_two_questions_works_too() {
    let server = Server::start(Door::Plain, |_, heard| match heard {
        "EHLO bot.corp.test" => Some(Act::Say(b"250-mx.acme.test\r\n250 auth=login\r\n")),
        "AUTH LOGIN" => Some(Act::Say(b"334 VXNlcm5hbWU6\r\n")),
        "Ym90QGNvcnAudGVzdA==" => Some(Act::Say(b"334 UGFzc3dvcmQ6\r\n")),
        "b3BlbiBzZXNhbWU=" => Some(Act::Say(b"235 2.7.0 welcome\r\n")),
        _ => None,
    })
    .await;
    let outbox = Outbox::smtp(with_login(settings(&server)));
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
}

#[tokio::test]
async fn a_login_that_fails_says_how() {
    let rows = [
        (
            "AUTH",
            &b"535 5.7.8 wrong password\r\n"[..],
            "refused at auth: 535 wrong password",
            true,
        ),
        (
            "AUTH",
            b"454 4.7.0 try later\r\n",
            "deferred at auth: 454 try later",
            false,
        ),
        (
            "AUTH",
            b"334 \r\n",
            "unreached at auth: the server answered 334 where that makes no sense",
            true,
        ),
        (
            "EHLO",
            b"250 mx.acme.test\r\n",
            "unreached at auth: the server offers neither AUTH PLAIN nor AUTH LOGIN",
            true,
        ),
    ];
    for (event, said, told, is_login) in rows {
        let (server, _) = at(event, Act::Say(said)).await;
        let outbox = Outbox::smtp(with_login(settings(&server)));
        let (receipt, asked) = counted(&outbox, &letter()).await;
        assert_eq!((words(&receipt).as_str(), asked), (told, 0));
        assert!(!server.said().iter().any(|line| line.contains("MAIL")));
        let trouble = outbox.check().await.unwrap_err();
        assert_eq!(trouble.is_login(), is_login, "{trouble}");
    }
}

#[tokio::test]
async fn check_connects_and_says_what_is_offered() {
    let (server, outbox) = friendly().await;
    let told = outbox.check().await.unwrap();
    assert_eq!(
        told,
        "without TLS on this machine, no login; offers SIZE 10240000, AUTH PLAIN LOGIN, 8BITMIME"
    );
    assert_eq!(server.said(), ["0 EHLO bot.corp.test", "0 QUIT"]);
    let (server, _) = at("CONNECT", Act::Say(b"554 5.7.1 not you\r\n")).await;
    let trouble = Outbox::smtp(settings(&server)).check().await.unwrap_err();
    assert_eq!(trouble.to_string(), "while connecting: 554 5.7.1 not you");
}

#[tokio::test]
async fn secrets_and_addresses_are_in_no_debug_form() {
    let (server, _) = friendly().await;
    let outbox = Outbox::smtp(with_login(settings(&server)));
    let shown = format!("{outbox:?}");
    assert!(!shown.contains("sesame") && !shown.contains("bot@"), "{shown}");
}
