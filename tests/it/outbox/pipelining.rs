//! A server that offers PIPELINING (RFC 2920) hears MAIL, RCPT and DATA in one go; what its answers mean stays the same.

use super::*;
use std::sync::atomic::AtomicBool;

const OFFER: &[u8] = b"250-mx.acme.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n";

/// Pipelines, and does `act` at `event`. After it has refused something it answers DATA with 503, if it is `polite`.
async fn pipelining(event: &'static str, act: Act, polite: bool) -> (Server, Outbox) {
    let refused = AtomicBool::new(false);
    scripted(move |_, heard| match heard.split(' ').next().unwrap_or("") {
        "EHLO" => Some(Act::Say(OFFER)),
        word if word == event => {
            refused.store(true, Ordering::SeqCst);
            Some(act.clone())
        }
        "RCPT" | "DATA" if polite && refused.load(Ordering::SeqCst) => Some(Act::Say(b"503 5.5.1 what for\r\n")),
        "RSET" => {
            refused.store(false, Ordering::SeqCst);
            None
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn many_letters_go_out_one_after_the_other_over_one_connection() {
    let (server, outbox) = pipelining("NOOP", Act::Close, true).await;
    for _ in 0..3 {
        let (receipt, asked) = counted(&outbox, &letter()).await;
        assert_eq!((words(&receipt).as_str(), asked), ("sent: 250 queued as 42", 1));
    }
    let transaction = "0 MAIL FROM:<bot+b.x7@corp.test>\n0 RCPT TO:<li@acme.test>\n0 DATA";
    let all = ["0 EHLO bot.corp.test", transaction, transaction, transaction].join("\n");
    assert_eq!(server.said().join("\n"), all);
    assert_eq!(server.truth(|truth| truth.taken.clone()), vec![letter().bytes; 3]);
}

#[tokio::test]
async fn a_refusal_is_told_as_without_it_and_the_next_letter_goes_over_the_same_connection() {
    let mut told = String::new();
    for (event, answer) in [
        ("MAIL", &b"550 5.4.5 daily limit\r\n"[..]),
        ("MAIL", b"452 4.3.1 no room\r\n"),
        ("RCPT", b"451 4.7.1 greylisted\r\n"),
        ("RCPT", b"550 5.1.1 no such user\r\n"),
        ("DATA", b"451 4.3.0 not now\r\n"),
    ] {
        let (server, outbox) = pipelining(event, Act::Say(answer), true).await;
        for _ in 0..2 {
            let (receipt, asked) = counted(&outbox, &letter()).await;
            told.push_str(&format!("{event}: {} (gate asked {asked} times)\n", words(&receipt)));
        }
        let resets = server.said().iter().filter(|line| *line == "0 RSET").count();
        assert_eq!((server.taken(), resets), (0, 2), "{event}: {:?}", server.said());
    }
    expect![[r#"
        MAIL: refused at mail: 550 daily limit (gate asked 0 times)
        MAIL: refused at mail: 550 daily limit (gate asked 0 times)
        MAIL: deferred at mail: 452 no room (gate asked 0 times)
        MAIL: deferred at mail: 452 no room (gate asked 0 times)
        RCPT: deferred at rcpt: 451 greylisted (gate asked 0 times)
        RCPT: deferred at rcpt: 451 greylisted (gate asked 0 times)
        RCPT: refused at rcpt: 550 no such user (gate asked 0 times)
        RCPT: refused at rcpt: 550 no such user (gate asked 0 times)
        DATA: deferred at data: 451 not now (gate asked 0 times)
        DATA: deferred at data: 451 not now (gate asked 0 times)
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn a_server_that_wants_content_for_a_recipient_that_it_refused_gets_none_and_is_left() {
    for (event, answer) in [
        ("MAIL", &b"550 5.4.5 daily limit\r\n"[..]),
        ("RCPT", b"550 5.1.1 no such user\r\n"),
    ] {
        let (server, outbox) = pipelining(event, Act::Say(answer), false).await;
        for nth in 0..2 {
            let (receipt, asked) = counted(&outbox, &letter()).await;
            assert!(matches!(receipt, Receipt::Refused { .. }), "{}", words(&receipt));
            assert_eq!((asked, server.taken()), (0, 0));
            let hello = format!("{nth} EHLO bot.corp.test");
            assert!(
                server.said().contains(&hello),
                "a new connection each: {:?}",
                server.said()
            );
        }
        assert!(!server.said().iter().any(|line| line.contains("RSET")));
    }
}

#[tokio::test]
async fn answers_that_are_missing_or_too_many_send_nothing() {
    for (event, act) in [
        ("MAIL", Act::Close),
        ("RCPT", Act::Close),
        ("DATA", Act::Close),
        ("MAIL", Act::Say(b"250 fine\r\n250 fine\r\n")),
        ("RCPT", Act::Say(b"250 fine\r\n250 fine\r\n")),
        ("RCPT", Act::Say(b"250-half\r\n550 other\r\n")),
        ("RCPT", Act::Say(b"354 what\r\n")),
        ("DATA", Act::Say(b"250 fine\r\n")),
    ] {
        let (server, outbox) = pipelining(event, act, false).await;
        let (receipt, asked) = counted(&outbox, &letter()).await;
        assert!(
            matches!(receipt, Receipt::Unreached { .. }),
            "{event}: {}",
            words(&receipt)
        );
        assert_eq!((asked, server.taken()), (0, 0), "{event}");
    }
}

#[tokio::test]
async fn a_gate_that_is_shut_leaves_a_pipelined_server_without_content() {
    let (server, outbox) = pipelining("NOOP", Act::Close, true).await;
    assert_eq!(outbox.send(&letter(), || async { false }).await, Receipt::Withheld);
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    assert_eq!(server.taken(), 1);
}

#[tokio::test]
async fn an_idle_connection_that_died_is_replaced_once() {
    let (server, outbox) = scripted(|nth, heard| match heard.split(' ').next().unwrap_or("") {
        "EHLO" => Some(Act::Say(OFFER)),
        "DOT" if nth == 0 => Some(Act::SayAndClose(b"250 2.0.0 queued as 42\r\n")),
        _ => None,
    })
    .await;
    for _ in 0..2 {
        let receipt = send(&outbox, &letter()).await;
        assert!(matches!(receipt, Receipt::Sent(_)), "{}", words(&receipt));
    }
    assert_eq!(server.taken(), 2);
}
