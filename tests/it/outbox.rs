//! The outbox on the wire: every row of the fault matrix that belongs to it, told against a scripted server.

mod pipelining;
mod pooling;
mod safety;
mod secured;
mod server;
mod shelves;

use cadence::model::{Address, Letter, LetterClass, LetterId, MessageId, Phase, Receipt};
use cadence::outbox::Outbox;
use cadence::outbox::smtp::{Security, Settings};
use expect_test::{Expect, expect};
use jiff::Timestamp;
use server::{Act, Door, Server};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn letter_to(to: &str, bytes: &[u8]) -> Letter {
    Letter {
        id: LetterId(0xbee),
        class: LetterClass::Step,
        touch: None,
        rep: address("ana@corp.test"),
        envelope_from: Some(address("bot+b.x7@corp.test")),
        to: address(to),
        message_id: MessageId::parse("c.bee@corp.test").unwrap(),
        bytes: bytes.to_vec(),
        not_before: Timestamp::UNIX_EPOCH,
    }
}

fn letter() -> Letter {
    letter_to("li@acme.test", b"Subject: Hello\r\n\r\nGood morning, Li.\r\n")
}

/// A mail that does not fit into the buffers of a socket.
fn long_letter() -> Letter {
    let line = "The quick brown fox jumps over the lazy dog, and then it does so again.\r\n";
    letter_to(
        "li@acme.test",
        format!("Subject: Long\r\n\r\n{}", line.repeat(82_000)).as_bytes(),
    )
}

fn settings(server: &Server) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        security: Security::None,
        login: None,
        ca_file: None,
        name: "bot.corp.test".to_owned(),
        connections: 2,
    }
}

async fn friendly() -> (Server, Outbox) {
    scripted(|_, _| None).await
}

async fn scripted(script: impl Fn(usize, &str) -> Option<Act> + Send + Sync + 'static) -> (Server, Outbox) {
    let server = Server::start(Door::Plain, script).await;
    let outbox = Outbox::smtp(settings(&server));
    (server, outbox)
}

/// A server that does `act` when it hears what begins with `event`, on every connection.
async fn at(event: &'static str, act: Act) -> (Server, Outbox) {
    scripted(move |_, heard| heard.starts_with(event).then(|| act.clone())).await
}

fn words(receipt: &Receipt) -> String {
    let place = |phase: &Phase| format!("{phase:?}").to_lowercase();
    match receipt {
        Receipt::Sent(reply) => format!("sent: {} {}", reply.code, reply.text),
        Receipt::Deferred { phase, reply } => format!("deferred at {}: {} {}", place(phase), reply.code, reply.text),
        Receipt::Refused { phase, reply } => format!("refused at {}: {} {}", place(phase), reply.code, reply.text),
        Receipt::Unreached { phase, why } => format!("unreached at {}: {why}", place(phase)),
        Receipt::Withheld => "withheld".to_owned(),
        Receipt::InDoubt { why } => format!("in doubt: {why}"),
    }
}

/// Sends with a gate that says yes, and counts how often it was asked.
async fn counted(outbox: &Outbox, letter: &Letter) -> (Receipt, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let receipt = outbox
        .send(letter, || async move {
            count.fetch_add(1, Ordering::SeqCst);
            true
        })
        .await;
    (receipt, asked.load(Ordering::SeqCst))
}

async fn send(outbox: &Outbox, letter: &Letter) -> Receipt {
    counted(outbox, letter).await.0
}

/// One letter against each server: what the caller is told, whether the gate was asked, what the world has.
async fn check(rows: &[(&'static str, Act)], expected: Expect) {
    let mut told = String::new();
    for (event, act) in rows {
        let (server, outbox) = at(event, act.clone()).await;
        let (receipt, asked) = counted(&outbox, &letter()).await;
        assert!(asked <= 1, "the gate is asked once at most");
        let gate = if asked == 1 { "asked" } else { "not asked" };
        told.push_str(&format!(
            "{event}: {} (gate {gate}, world has {})\n",
            words(&receipt),
            server.taken()
        ));
    }
    expected.assert_eq(&told);
}

#[tokio::test]
async fn a_letter_goes_out_as_one_transaction_with_one_recipient() {
    let (server, outbox) = friendly().await;
    let (receipt, asked) = counted(&outbox, &letter()).await;
    assert_eq!((words(&receipt).as_str(), asked), ("sent: 250 queued as 42", 1));
    expect![[r#"
        0 EHLO bot.corp.test
        0 MAIL FROM:<bot+b.x7@corp.test> SIZE=37
        0 RCPT TO:<li@acme.test>
        0 DATA"#]]
    .assert_eq(&server.said().join("\n"));
    assert_eq!(server.truth(|truth| truth.taken.clone()), [letter().bytes]);
}

#[tokio::test]
async fn the_null_sender_and_eight_bit_text_are_announced() {
    let (server, outbox) = friendly().await;
    let mut letter = letter_to("li@acme.test", "Subject: x\r\n\r\nGrüße\r\n".as_bytes());
    letter.envelope_from = None;
    assert!(matches!(send(&outbox, &letter).await, Receipt::Sent(_)));
    assert_eq!(server.said()[1], "0 MAIL FROM:<> SIZE=23 BODY=8BITMIME");
}

#[tokio::test]
async fn an_answer_before_the_content_is_definite_and_the_gate_is_not_asked() {
    let rows = [
        // S-05
        ("CONNECT", Act::Say(b"421 4.3.2 come back later\r\n")),
        ("CONNECT", Act::Say(b"554 5.7.1 not you\r\n")),
        ("EHLO", Act::Say(b"421 4.3.2 come back later\r\n")),
        ("EHLO", Act::Say(b"550 5.7.1 not you\r\n")),
        ("MAIL", Act::Say(b"421 4.3.2 come back later\r\n")),
        ("RCPT", Act::SayAndClose(b"421 4.3.2 come back later\r\n")),
        // S-06
        ("MAIL", Act::Say(b"550 5.4.5 daily limit\r\n")),
        ("MAIL", Act::Say(b"452 4.3.1 no room\r\n")),
        // S-07
        ("RCPT", Act::Say(b"451 4.7.1 greylisted,\ttry again\r\n")),
        // S-08, S-09
        ("RCPT", Act::Say(b"550-5.1.1 no such user\r\n550 5.1.1 really not\r\n")),
        ("RCPT", Act::Say(b"553 5.1.3 bad address\r\n")),
        ("RCPT", Act::Say(b"554 5.7.1 listed\r\n")),
        // S-12
        ("DATA", Act::Say(b"451 4.3.0 not now\r\n")),
        ("DATA", Act::Say(b"554 5.7.1 policy\r\n")),
    ];
    let expected = expect![[r#"
        CONNECT: deferred at connect: 421 come back later (gate not asked, world has 0)
        CONNECT: refused at connect: 554 not you (gate not asked, world has 0)
        EHLO: deferred at connect: 421 come back later (gate not asked, world has 0)
        EHLO: refused at connect: 550 not you (gate not asked, world has 0)
        MAIL: deferred at mail: 421 come back later (gate not asked, world has 0)
        RCPT: deferred at rcpt: 421 come back later (gate not asked, world has 0)
        MAIL: refused at mail: 550 daily limit (gate not asked, world has 0)
        MAIL: deferred at mail: 452 no room (gate not asked, world has 0)
        RCPT: deferred at rcpt: 451 greylisted, try again (gate not asked, world has 0)
        RCPT: refused at rcpt: 550 no such user really not (gate not asked, world has 0)
        RCPT: refused at rcpt: 553 bad address (gate not asked, world has 0)
        RCPT: refused at rcpt: 554 listed (gate not asked, world has 0)
        DATA: deferred at data: 451 not now (gate not asked, world has 0)
        DATA: refused at data: 554 policy (gate not asked, world has 0)
    "#]];
    check(&rows, expected).await;
}

#[tokio::test]
async fn a_recipient_that_is_not_here_but_taken_is_taken() {
    // S-10
    for answer in [
        &b"251 2.1.5 will forward\r\n"[..],
        b"252 2.1.5 cannot verify\r\n",
        b"250\r\n",
    ] {
        let (server, outbox) = at("RCPT", Act::Say(answer)).await;
        assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
        assert_eq!(server.taken(), 1);
    }
}

#[tokio::test]
async fn a_server_that_leaves_or_babbles_before_the_content_was_not_reached() {
    let rows = [
        ("CONNECT", Act::Close),
        ("EHLO", Act::Close),
        ("MAIL", Act::Close),
        ("RCPT", Act::Close),
        ("DATA", Act::Close),
        ("CONNECT", Act::Say(b"HTTP/1.1 400 Bad Request\r\n")),
        ("MAIL", Act::Say(b"250-half\r\n550 other\r\n")),
        ("RCPT", Act::SayAndClose(b"25")),
        ("RCPT", Act::Say(b"354 what\r\n")),
        ("DATA", Act::Say(b"250 fine\r\n")),
        ("MAIL", Act::Say(b"250 fine\r\n250 fine\r\n")),
        // A slipped pipeline: the 250 would be taken for the answer to the dot.
        ("DATA", Act::Say(b"354 go ahead\r\n250 2.0.0 queued\r\n")),
    ];
    let expected = expect![[r#"
        CONNECT: unreached at connect: the server closed the connection (gate not asked, world has 0)
        EHLO: unreached at connect: the server closed the connection (gate not asked, world has 0)
        MAIL: unreached at mail: the server closed the connection (gate not asked, world has 0)
        RCPT: unreached at rcpt: the server closed the connection (gate not asked, world has 0)
        DATA: unreached at data: the server closed the connection (gate not asked, world has 0)
        CONNECT: unreached at connect: the answer is not SMTP (gate not asked, world has 0)
        MAIL: unreached at mail: the answer has two codes (gate not asked, world has 0)
        RCPT: unreached at rcpt: the server closed the connection (gate not asked, world has 0)
        RCPT: unreached at rcpt: the server answered 354 where that makes no sense (gate not asked, world has 0)
        DATA: unreached at data: the server answered 250 where that makes no sense (gate not asked, world has 0)
        MAIL: unreached at rcpt: the server spoke when it was not asked (gate not asked, world has 0)
        DATA: unreached at content: the server answered 250 where that makes no sense (gate asked, world has 0)
    "#]];
    check(&rows, expected).await;
}

#[tokio::test]
async fn after_the_dot_only_a_definite_answer_counts() {
    let rows = [
        // S-19, in both worlds
        ("DOT", Act::TakeAndClose),
        ("DOT", Act::Close),
        // S-22
        ("DOT", Act::SayAndClose(b"25")),
        ("DOT", Act::SayAndClose(b"250-2.0.0 nearly\r\n")),
        ("DOT", Act::Say(b"ok, got it\r\n")),
        ("DOT", Act::Say(b"354 go on\r\n")),
        ("DOT", Act::Say(b"250-fine\r\n550 not fine\r\n")),
        // S-26
        ("DOT", Act::Say(b"452 4.3.1 queue full\r\n")),
        ("DOT", Act::SayAndClose(b"421 4.3.2 going down\r\n")),
        // S-27
        ("DOT", Act::Say(b"554 5.7.1 this is \x1b[2Jspam \xff\r\n")),
        ("DOT", Act::Say(b"250\r\n")),
    ];
    let expected = expect![[r#"
        DOT: in doubt: the server closed the connection (gate asked, world has 1)
        DOT: in doubt: the server closed the connection (gate asked, world has 0)
        DOT: in doubt: the server closed the connection (gate asked, world has 1)
        DOT: in doubt: the server closed the connection (gate asked, world has 1)
        DOT: in doubt: the answer is not SMTP (gate asked, world has 0)
        DOT: in doubt: the server answered 354 to the final dot (gate asked, world has 0)
        DOT: in doubt: the answer has two codes (gate asked, world has 1)
        DOT: deferred at content: 452 queue full (gate asked, world has 0)
        DOT: deferred at content: 421 going down (gate asked, world has 0)
        DOT: refused at content: 554 this is [2Jspam � (gate asked, world has 0)
        DOT: sent: 250  (gate asked, world has 1)
    "#]];
    check(&rows, expected).await;
}

#[tokio::test]
async fn an_early_answer_in_the_middle_of_content_stops_it_and_counts_by_its_code() {
    // S-18, and what must never happen: an early 250 taken for the answer to the dot.
    let mut told = String::new();
    for said in [
        &b"552 5.3.4 too big\r\n"[..],
        b"451 4.3.0 disk\r\n",
        b"250 2.0.0 queued\r\n",
        b"??\r\n",
    ] {
        let (server, outbox) = at("CONTENT", Act::Say(said)).await;
        let receipt = send(&outbox, &long_letter()).await;
        told.push_str(&format!("{} (world has {})\n", words(&receipt), server.taken()));
    }
    expect![[r#"
        refused at content: 552 too big (world has 0)
        deferred at content: 451 disk (world has 0)
        unreached at content: the server answered 250 where that makes no sense (world has 0)
        unreached at content: the server spoke when it was not asked (world has 0)
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn a_line_cut_before_the_dot_is_safe_to_try_again() {
    // S-17: the dot was never handed over, wherever the cut was.
    for octets in [0, 1_000, 1_000_000] {
        let (server, outbox) = at("CONTENT", Act::CloseAfter(octets)).await;
        let (receipt, asked) = counted(&outbox, &long_letter()).await;
        let cut = matches!(
            receipt,
            Receipt::Unreached {
                phase: Phase::Content,
                ..
            }
        );
        assert!(cut, "after {octets}: {}", words(&receipt));
        assert_eq!((asked, server.taken()), (1, 0));
    }
}

#[tokio::test]
async fn every_wait_has_its_end() {
    // S-20: ten minutes after the dot, two minutes for a command, and what that means.
    let rows = [
        ("CONNECT", 240),
        ("EHLO", 240),
        ("MAIL", 120),
        ("RCPT", 120),
        ("DATA", 120),
        ("DOT", 600),
    ];
    let mut told = String::new();
    for (event, seconds) in rows {
        let (server, outbox) = at(event, Act::Stall).await;
        let started = tokio::time::Instant::now();
        let (receipt, _) = counted(&outbox, &letter()).await;
        // The wait is on the test's clock; what the machine itself took is on top.
        let waited = started.elapsed().as_secs();
        assert!((seconds..seconds + 60).contains(&waited), "{event}: {waited} s");
        tokio::time::resume();
        told.push_str(&format!(
            "{event}: {} (world has {})\n",
            words(&receipt),
            server.taken()
        ));
    }
    expect![[r#"
        CONNECT: unreached at connect: no answer within 240 s (world has 0)
        EHLO: unreached at connect: no answer within 240 s (world has 0)
        MAIL: unreached at mail: no answer within 120 s (world has 0)
        RCPT: unreached at rcpt: no answer within 120 s (world has 0)
        DATA: unreached at data: no answer within 120 s (world has 0)
        DOT: in doubt: no answer within 600 s (world has 0)
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn content_that_nobody_reads_is_given_up_before_the_dot() {
    let (server, outbox) = at("CONTENT", Act::Stall).await;
    let receipt = send(&outbox, &long_letter()).await;
    assert_eq!(words(&receipt), "unreached at content: no answer within 180 s");
    assert_eq!(server.taken(), 0);
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let (_server, outbox) = at("DOT", Act::SayAfter(Duration::from_secs(570), b"250 2.0.0 at last\r\n")).await;
    assert_eq!(words(&send(&outbox, &letter()).await), "sent: 250 at last");
}

#[tokio::test]
async fn an_answer_after_eleven_minutes_comes_too_late() {
    let late = Act::SayAfter(Duration::from_secs(660), b"250 2.0.0 at last\r\n");
    let (server, outbox) = at("DOT", late).await;
    assert_eq!(
        words(&send(&outbox, &letter()).await),
        "in doubt: no answer within 600 s"
    );
    assert_eq!(server.taken(), 1, "which is why nobody may send it again");
}

#[tokio::test]
async fn the_gate_is_asked_after_the_354_and_before_the_first_octet_of_content() {
    let (server, outbox) = friendly().await;
    let seen = server.clone();
    let receipt = outbox
        .send(&letter(), || async move {
            // The server has seen DATA, and no content is on its way.
            assert_eq!(seen.said().last().map(String::as_str), Some("0 DATA"));
            assert_eq!(seen.taken(), 0);
            true
        })
        .await;
    assert!(matches!(receipt, Receipt::Sent(_)));
    assert_eq!(server.taken(), 1);
}

#[tokio::test]
async fn a_gate_that_says_no_leaves_the_server_without_content() {
    let (server, outbox) = friendly().await;
    assert_eq!(outbox.send(&letter(), || async { false }).await, Receipt::Withheld);
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    let said = server.said();
    assert_eq!(
        said.iter().filter(|line| line.contains("EHLO")).count(),
        2,
        "the connection was dropped: {said:?}"
    );
    assert_eq!(server.taken(), 1);
}

#[tokio::test]
async fn a_server_that_leaves_while_the_gate_is_asked_gets_no_content() {
    let (server, outbox) = at("DATA", Act::Say(b"354 go ahead\r\n421 4.4.2 too slow\r\n")).await;
    let (receipt, asked) = counted(&outbox, &letter()).await;
    assert_eq!(words(&receipt), "deferred at content: 421 too slow");
    assert_eq!((asked, server.taken()), (1, 0));
}

#[tokio::test]
async fn nobody_listening_is_unreached() {
    let server = Server::start(Door::Plain, |_, _| None).await;
    let mut settings = settings(&server);
    // Port 1 of loopback: nothing listens there.
    settings.port = 1;
    let (receipt, asked) = counted(&Outbox::smtp(settings), &letter()).await;
    assert!(matches!(
        receipt,
        Receipt::Unreached {
            phase: Phase::Connect,
            ..
        }
    ));
    assert_eq!(asked, 0);
}
