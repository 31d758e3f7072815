//! Connections are used again, but only those that are in order.

use super::*;

fn greetings(server: &Server) -> usize {
    server.said().iter().filter(|line| line.contains("EHLO")).count()
}

#[tokio::test]
async fn letters_share_a_connection() {
    let (server, outbox) = friendly().await;
    for _ in 0..3 {
        assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    }
    assert_eq!((greetings(&server), server.taken()), (1, 3));
}

#[tokio::test]
async fn a_refused_recipient_leaves_the_connection_to_the_next_letter() {
    let (server, outbox) = at("RCPT TO:<nobody@", Act::Say(b"550 5.1.1 no such user\r\n")).await;
    let receipt = send(&outbox, &letter_to("nobody@acme.test", b"Subject: x\r\n\r\n")).await;
    assert_eq!(words(&receipt), "refused at rcpt: 550 no such user");
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    expect![[r#"
        0 EHLO bot.corp.test
        0 MAIL FROM:<bot+b.x7@corp.test> SIZE=14
        0 RCPT TO:<nobody@acme.test>
        0 RSET
        0 MAIL FROM:<bot+b.x7@corp.test> SIZE=37
        0 RCPT TO:<li@acme.test>
        0 DATA"#]]
    .assert_eq(&server.said().join("\n"));
}

#[tokio::test]
async fn a_server_that_says_421_is_not_asked_again_on_that_connection() {
    let (server, outbox) =
        scripted(|nth, heard| (nth == 0 && heard.starts_with("RCPT")).then_some(Act::Say(b"421 4.7.0 too many\r\n")))
            .await;
    assert!(matches!(
        send(&outbox, &letter()).await,
        Receipt::Deferred { phase: Phase::Rcpt, .. }
    ));
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    assert_eq!(greetings(&server), 2);
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_replaced_at_once() {
    let told: [&[u8]; 3] = [
        b"250 2.0.0 first\r\n",
        b"250 2.0.0 first\r\n421 4.4.2 idle too long\r\n",
        b"250 2.0.0 first\r\n25",
    ];
    for said in told {
        let (server, outbox) =
            scripted(move |nth, heard| (nth == 0 && heard == "DOT").then_some(Act::SayAndClose(said))).await;
        assert_eq!(words(&send(&outbox, &letter()).await), "sent: 250 first");
        assert_eq!(words(&send(&outbox, &letter()).await), "sent: 250 queued as 42");
        assert_eq!((greetings(&server), server.taken()), (2, 2));
    }
}

#[tokio::test]
async fn a_connection_that_dies_at_the_first_word_is_replaced_once() {
    let second = letter_to("li@acme.test", b"Subject: y\r\n\r\n");
    for (last, told) in [
        (0, "sent: 250 queued as 42"),
        (1, "unreached at mail: the server closed the connection"),
    ] {
        let (server, outbox) =
            scripted(move |nth, heard| (nth <= last && heard.ends_with("SIZE=14")).then_some(Act::Close)).await;
        assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
        let (receipt, asked) = counted(&outbox, &second).await;
        assert_eq!(words(&receipt), told);
        assert_eq!(greetings(&server), 2, "once, not again and again");
        assert_eq!(asked, server.taken() - 1);
    }
}

#[tokio::test]
async fn a_new_connection_that_dies_is_not_replaced() {
    let (server, outbox) = at("MAIL", Act::Close).await;
    assert!(matches!(
        send(&outbox, &letter()).await,
        Receipt::Unreached { phase: Phase::Mail, .. }
    ));
    assert_eq!(greetings(&server), 1);
}

#[tokio::test]
async fn a_connection_that_lay_idle_for_more_than_a_minute_is_closed() {
    let (server, outbox) = friendly().await;
    for (idle, greeted) in [(0, 1), (30, 1), (61, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(idle)).await;
        tokio::time::resume();
        assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
        assert_eq!(greetings(&server), greeted, "after {idle} s");
    }
}

#[tokio::test]
async fn a_connection_carries_a_hundred_letters_and_says_goodbye() {
    let (server, outbox) = friendly().await;
    for _ in 0..101 {
        assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    }
    let said = server.said();
    assert_eq!(said.iter().filter(|line| line.starts_with("0 MAIL")).count(), 100);
    assert_eq!(said.iter().filter(|line| line.starts_with("1 MAIL")).count(), 1);
    assert!(said.iter().any(|line| line == "0 QUIT"));
}

#[tokio::test]
async fn no_more_connections_are_open_than_agreed() {
    let (server, outbox) = friendly().await;
    let letter = letter();
    let sends = (0..8).map(|_| send(&outbox, &letter));
    let receipts = futures_util::future::join_all(sends).await;
    assert!(receipts.iter().all(|receipt| matches!(receipt, Receipt::Sent(_))));
    assert_eq!(server.truth(|truth| truth.most_open), 2);
    assert_eq!(server.taken(), 8);
}

#[tokio::test]
async fn a_send_that_was_dropped_takes_its_connection_with_it() {
    // What poisons a pool: a connection in the middle of DATA that is used again.
    let (server, outbox) = friendly().await;
    let letter = letter();
    let (reached, mut gate) = tokio::sync::mpsc::channel(1);
    tokio::select! {
        _ = outbox.send(&letter, || async move {
            reached.send(()).await.unwrap();
            std::future::pending().await
        }) => panic!("the gate never opens"),
        asked = gate.recv() => assert_eq!(asked, Some(())),
    }
    assert!(matches!(send(&outbox, &letter).await, Receipt::Sent(_)));
    assert_eq!((greetings(&server), server.taken()), (2, 1));
}

#[tokio::test]
async fn closing_says_goodbye_and_the_outbox_still_works() {
    let (server, outbox) = friendly().await;
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    outbox.close().await;
    assert_eq!(server.said().last().map(String::as_str), Some("0 QUIT"));
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    assert_eq!(greetings(&server), 2);
}
