//! Is it from the rep? Signatures that the bot checks itself, Exchange Online's way of telling, and what each level allows.
//!
//! Mails are signed here, by a key made here; no name server is ever asked but one that is not there.

use crate::story::{Story, address, mail};
use cadence::clock::Clock;
use cadence::dkim::{Checked, Keys, check};
use cadence::inbox::{Filing, Inbox, Place, RawMail, Watermark};
use cadence::mail::authenticity::prove;
use cadence::mail::classify::{Own, Trust};
use cadence::mail::dkim::OwnCheck;
use cadence::mail::level::Level;
use cadence::mail::read::read;
use cadence::model::{BotAddress, Key, limits};
use cadence::service::{intake, signature};
use cadence::world::Habit;
use data_encoding::BASE64;
use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

const NAME: &str = "s1._domainkey.corp.test";
const FIELDS: [&str; 7] = ["From", "To", "Cc", "Subject", "Date", "Message-ID", "Content-Type"];

/// The domain corp.test, which can sign: RFC 6376 with simple canonicalization and RFC 8463 keys, written apart from what
/// checks it.
struct Domain {
    key: Ed25519KeyPair,
    record: String,
}

impl Domain {
    fn new() -> Self {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        let key = Ed25519KeyPair::from_pkcs8(made.as_ref()).expect("the key");
        let record = format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(key.public_key().as_ref()));
        Self { key, record }
    }

    fn keys(&self) -> Keys {
        Keys::pinned(&[(NAME.to_owned(), self.record.clone())]).expect("keys")
    }

    /// The mail with a signature of `domain` over these fields, with these further tags.
    fn signs(&self, mail: &str, fields: &[&str], domain: &str, tags: &str) -> String {
        let mail = mail.replace("\r\n", "\n").replace('\n', "\r\n");
        let (head, body) = mail.split_once("\r\n\r\n").expect("a mail has a body");
        let body = format!("{}\r\n", body.trim_end_matches("\r\n"));
        let hash = BASE64.encode(digest(&SHA256, body.as_bytes()).as_ref());
        let there = |name: &&&str| head.split("\r\n").any(|line| line.starts_with(&format!("{name}:")));
        let fields: Vec<&str> = fields.iter().filter(there).copied().collect();
        let field = format!(
            "DKIM-Signature: v=1; a=ed25519-sha256; c=simple/simple; d={domain}; s=s1;{tags} h={}; bh={hash}; b=",
            fields.join(":")
        );
        let mut data = String::new();
        for name in fields {
            let line = head.split("\r\n").find(|line| line.starts_with(&format!("{name}:")));
            data.push_str(&format!("{}\r\n", line.expect("the field")));
        }
        data.push_str(&field);
        let signature = self.key.sign(digest(&SHA256, data.as_bytes()).as_ref());
        format!("{field}{}\r\n{mail}", BASE64.encode(signature.as_ref()))
    }

    fn signed(&self, mail: &str) -> String {
        self.signs(mail, &FIELDS, "corp.test", "")
    }
}

fn now() -> Timestamp {
    Clock::System.now()
}

fn date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// A command of Ana's to the bot's bare address, written at that moment.
fn written(at: Timestamp) -> String {
    format!(
        "From: Ana <ana@corp.test>\nTo: cadence@reps.test\nSubject: list\nDate: {}\nMessage-ID: <1@corp.test>\n\
         Content-Type: text/plain\n\nlist\n",
        date(at)
    )
}

async fn outcome(keys: &Keys, mail: &str) -> Checked {
    check(
        keys,
        mail.as_bytes(),
        &read(mail.as_bytes()),
        &address("ana@corp.test"),
        now(),
    )
    .await
}

async fn passes(keys: &Keys, mail: &str) -> bool {
    outcome(keys, mail).await == Checked::Done(OwnCheck::Pass)
}

#[tokio::test]
async fn a_good_signature_of_the_reps_domain_passes_whichever_way_lines_end() {
    let domain = Domain::new();
    let signed = domain.signed(&written(now()));
    assert!(passes(&domain.keys(), &signed).await);
    assert!(
        passes(&domain.keys(), &signed.replace("\r\n", "\n")).await,
        "as a Maildir stores it"
    );
}

#[tokio::test]
async fn t04_a_signature_that_leaves_something_open_proves_nothing() {
    let domain = Domain::new();
    let keys = domain.keys();
    let good = domain.signed(&written(now()));
    let plain = written(now());
    let without = |name: &str| {
        let fields: Vec<&str> = FIELDS.into_iter().filter(|field| *field != name).collect();
        domain.signs(&plain, &fields, "corp.test", "")
    };
    let (head, body) = good.split_once("\r\n\r\n").expect("a body");
    let hours = |hours: i64| domain.signed(&written(now() - SignedDuration::from_hours(hours)));
    let seconds = |hours: i64| (now() + SignedDuration::from_hours(hours)).as_second();
    let signed_at = |hours| domain.signs(&plain, &FIELDS, "corp.test", &format!(" t={};", seconds(hours)));
    let until = |hours| domain.signs(&plain, &FIELDS, "corp.test", &format!(" x={};", seconds(hours)));
    for (case, mail) in [
        (
            "a body that was changed",
            good.replace("\r\nlist", "\r\nstop jane@acme.test"),
        ),
        ("a body that goes on", format!("{good}more\r\n")),
        (
            "a field that was changed",
            good.replace("Subject: list", "Subject: stop"),
        ),
        ("l=0", domain.signs(&plain, &FIELDS, "corp.test", " l=0;")),
        ("l=6", domain.signs(&plain, &FIELDS, "corp.test", " l=6;")),
        ("signed long ago", signed_at(-49)),
        ("signed in the future", signed_at(2)),
        ("signed for an hour, which is over", until(-1)),
        ("From not signed", without("From")),
        ("To not signed", without("To")),
        ("Subject not signed", without("Subject")),
        ("Date not signed", without("Date")),
        ("Message-ID not signed", without("Message-ID")),
        ("Content-Type not signed", without("Content-Type")),
        ("a second Subject on top", format!("Subject: stop\r\n{good}")),
        ("a second To on top", format!("To: eve@there.test\r\n{good}")),
        (
            "a Cc that was not there",
            format!("{head}\r\nCc: eve@there.test\r\n\r\n{body}"),
        ),
        (
            "a Reply-To that was not there",
            format!("Reply-To: eve@there.test\r\n{good}"),
        ),
        (
            "an encoding that was not there",
            format!("Content-Transfer-Encoding: base64\r\n{good}"),
        ),
        ("another domain", domain.signs(&plain, &FIELDS, "there.test", "")),
        ("a domain below", domain.signs(&plain, &FIELDS, "mail.corp.test", "")),
        ("another selector", good.replace("s=s1", "s=s2")),
        ("49 hours ago", hours(49)),
        ("in two hours", hours(-2)),
        ("no date", domain.signed(&plain.replace("Date:", "X-Date:"))),
        ("no signature", plain.clone()),
        (
            "a broken signature",
            plain.replace("From:", "DKIM-Signature: v=1; a=rsa-sha1; d=corp.test\nFrom:"),
        ),
        ("nothing at all", String::new()),
    ] {
        assert!(!passes(&keys, &mail).await, "{case}");
    }
    assert!(passes(&keys, &good).await, "the same mail as it was signed");
    assert!(passes(&keys, &hours(47)).await, "47 hours ago");
    assert!(passes(&keys, &signed_at(-1)).await, "signed an hour ago");
    assert!(passes(&keys, &until(1)).await, "good for an hour more");
    let more = format!("X-Spam: no\r\nReceived: from a by b\r\n{good}");
    assert!(passes(&keys, &more).await, "servers add fields that nobody acts on");
}

#[tokio::test]
async fn a_key_that_is_withdrawn_or_only_tried_out_or_another_proves_nothing() {
    let domain = Domain::new();
    let signed = domain.signed(&written(now()));
    for record in [
        "v=DKIM1; k=ed25519; p=".to_owned(),
        domain.record.replace("k=ed25519", "k=ed25519; t=y"),
        Domain::new().record,
        "nonsense".to_owned(),
        format!("{}{}", domain.record, " ".repeat(10_000)),
    ] {
        let keys = Keys::pinned(&[(NAME.to_owned(), record.clone())]).expect("keys");
        assert!(!passes(&keys, &signed).await, "{record:.60}");
    }
    let none = Keys::pinned(&[]).expect("keys");
    assert!(matches!(
        outcome(&none, &signed).await,
        Checked::Done(OwnCheck::Nothing(_))
    ));
}

#[tokio::test]
async fn a_mail_with_hundreds_of_signatures_is_looked_at_a_few_times() {
    let domain = Domain::new();
    let signed = domain.signed(&written(now()));
    let field = signed.split("From:").next().expect("the signature").to_owned();
    let bad = field.replace("s=s1", "s=s2").repeat(900);
    // The good one stands below more bad ones than are checked.
    assert!(!passes(&domain.keys(), &format!("{bad}{signed}")).await);
    assert!(passes(&domain.keys(), &signed).await);
}

/// A name server that never says anything a resolver could use.
fn no_server() -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    socket.local_addr().expect("its address")
}

/// Where a mail was filed, if it was.
fn filed(story: &Story, mail: &str) -> Option<Filing> {
    let lies = |into: &Filing| story.mailbox.filed(*into).iter().any(|bytes| bytes == mail.as_bytes());
    Filing::ALL.into_iter().find(lies)
}

async fn looks(story: &mut Story) {
    let mut inbox = Inbox::Memory(story.mailbox.clone());
    intake::round(&story.world.bot, &mut inbox).await.expect("a look");
}

fn trust(story: &mut Story) {
    story.world.bot.house.trust.dkim = true;
}

/// A mail of Ana's at the story's own time, with her domain's signature, to the bare address.
fn asks(story: &Story, domain: &Domain, id: &str) -> String {
    domain.signed(&written(story.world.bot.clock.now()).replace("<1@", &format!("<{id}@")))
}

#[tokio::test]
async fn a_rep_without_code_is_heard_by_the_signature_of_their_domain() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    let domain = Domain::new();
    let mail = asks(&story, &domain, "1");
    story.reads(mail.clone().into_bytes()).await;
    assert_eq!(
        filed(&story, &mail),
        Some(Filing::Quarantine),
        "nobody checks signatures"
    );

    trust(&mut story);
    story.world.bot.keys = Some(domain.keys());
    let mail = asks(&story, &domain, "2");
    story.reads(mail.clone().into_bytes()).await;
    assert_eq!(filed(&story, &mail), Some(Filing::Processed));
    let forged = asks(&story, &Domain::new(), "3");
    story.reads(forged.clone().into_bytes()).await;
    assert_eq!(filed(&story, &forged), Some(Filing::Quarantine));
    story.holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_mail_whose_key_cannot_be_looked_up_waits_and_holds_up_nobody() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 18:00").await;
    let domain = Domain::new();
    trust(&mut story);
    story.world.bot.keys = Some(Keys::asking(&[], &[no_server()]).expect("keys"));
    let waits = asks(&story, &domain, "4");
    let reply = mail(story.bot().address(), "li@acme.test", "Re: Hello", "", "Yes, please.");
    story.reads(waits.clone().into_bytes()).await;
    story.reads(reply.clone()).await;
    assert_eq!(filed(&story, &waits), None, "it stays unread");
    assert_eq!(
        filed(&story, &String::from_utf8_lossy(&reply)),
        Some(Filing::Replies),
        "what came behind it is read"
    );
    for _ in 0..8 {
        looks(&mut story).await;
    }
    assert_eq!(filed(&story, &waits), None, "however often it is tried");
    story.world.bot.keys = Some(domain.keys());
    looks(&mut story).await;
    assert_eq!(filed(&story, &waits), Some(Filing::Processed), "once the key is there");
    story.holds().await;
}

/// More mails behind the one that waits than are read without looking ahead.
#[tokio::test(start_paused = true)]
async fn a_mail_that_waits_before_a_thousand_that_cannot_be_filed_is_not_read_again_and_again() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-03 18:00").await;
    let domain = Domain::new();
    trust(&mut story);
    story.world.bot.keys = Some(Keys::asking(&[], &[no_server()]).expect("keys"));
    story.mailbox.keep_all(true);
    let waits = asks(&story, &domain, "5");
    let now = story.world.now();
    story.mailbox.deliver("INBOX", waits.clone().into_bytes(), Some(now));
    let many = limits::BACKLOG + 100;
    for nth in 0..many {
        let stranger = mail(
            story.bot().address(),
            "x@else.test",
            &format!("News {nth}"),
            "",
            "Buy now.",
        );
        story.mailbox.deliver("INBOX", stranger, Some(now));
    }
    // Li wrote, but not about this: whom a header may stop is held back until its body is read.
    let away = mail(
        story.bot().address(),
        "li@acme.test",
        "Out of office",
        "Auto-Submitted: auto-replied\n",
        "I am away today.",
    );
    story.mailbox.deliver("INBOX", away, Some(now));
    let mut inbox = Inbox::Memory(story.mailbox.clone());
    let mut rounds = 0;
    while intake::round(&story.world.bot, &mut inbox).await.expect("a look").done > 0 {
        rounds += 1;
        assert!(rounds < 20, "it turns in circles");
    }
    let progress = intake::round(&story.world.bot, &mut inbox).await.expect("a look");
    assert_eq!(
        (progress.done, progress.wake),
        (0, None),
        "there is nothing to do at once"
    );
    story.until("2026-03-20 18:00").await;
    assert!(
        !story.mails_to("li@acme.test").is_empty(),
        "whom a body that was read did not stop is held back no more"
    );
    story.holds().await;
}

#[tokio::test(start_paused = true)]
async fn behind_a_thousand_mails_the_one_that_waits_is_read_when_its_key_is_there() {
    let mut story = Story::new(&[]).await;
    story.until("2026-03-03 18:00").await;
    let domain = Domain::new();
    trust(&mut story);
    story.world.bot.keys = Some(Keys::asking(&[], &[no_server()]).expect("keys"));
    story.mailbox.keep_all(true);
    let waits = asks(&story, &domain, "6");
    let now = story.world.now();
    story.mailbox.deliver("INBOX", waits.clone().into_bytes(), Some(now));
    for nth in 0..limits::FETCH_BATCH + 100 {
        let stranger = mail(
            story.bot().address(),
            "x@else.test",
            &format!("News {nth}"),
            "",
            "Buy now.",
        );
        story.mailbox.deliver("INBOX", stranger, Some(now));
    }
    looks(&mut story).await;
    looks(&mut story).await;
    story.mailbox.keep_all(false);
    story.world.bot.keys = Some(domain.keys());
    story
        .world
        .bot
        .clock
        .move_to(now + SignedDuration::try_from(limits::DKIM_AGAIN).expect("a pause"));
    looks(&mut story).await;
    assert_eq!(filed(&story, &waits), Some(Filing::Processed));
    assert_eq!(story.mailbox.unfiled("INBOX").len(), 0, "and all others are filed");
    story.holds().await;
}

#[tokio::test(start_paused = true)]
async fn a_mail_that_waits_is_given_up_after_a_day() {
    let keys = Keys::asking(&[], &[no_server()]).expect("keys");
    let domain = Domain::new();
    let bot = BotAddress::new(address("cadence@reps.test"), &Key::root(&[7; 32]));
    let trust = Trust {
        dkim: true,
        ..Trust::default()
    };
    let reps = [crate::story::ana()];
    let own = Own {
        bot: &bot,
        aliases: &[],
        domains: &[],
        reps: &reps,
        lead_sources: &[],
        trust: &trust,
    };
    for (hours, waits) in [(1, true), (23, true), (25, false)] {
        let text = domain.signed(&written(now() - SignedDuration::from_hours(hours)));
        let raw = RawMail {
            place: Place::Slot(1),
            bytes: text.clone().into_bytes(),
            size: text.len() as u64,
            whole: true,
            received: None,
            watermark: Watermark::default(),
        };
        keys.ask_again();
        let found = signature::look(Some(&keys), &own, &raw, &read(text.as_bytes()), now()).await;
        assert_eq!(found == Checked::Later, waits, "after {hours} hours: {found:?}");
    }
}

#[test]
fn exchange_online_is_believed_only_where_it_is_the_provider_and_above_its_border() {
    let bot = BotAddress::new(address("cadence@reps.test"), &Key::root(&[7; 32]));
    let reps = [crate::story::ana()];
    let domains = ["corp.test".to_owned()];
    let level = |microsoft: bool, top: &str, below: &str| {
        let trust = Trust {
            microsoft,
            border: vec![".protection.corp-mx.test".to_owned()],
            ..Trust::default()
        };
        let own = Own {
            bot: &bot,
            aliases: &[],
            domains: &domains,
            reps: &reps,
            lead_sources: &[],
            trust: &trust,
        };
        let text = format!(
            "Received: from a by inside.corp-mx.test with HTTPS\n{top}Received: from out by X1.Protection.Corp-MX.test with SMTP\n\
             {below}From: ana@corp.test\nTo: cadence@reps.test\nMessage-ID: <1@corp.test>\n\nlist"
        );
        prove(&read(text.as_bytes()), &own).level
    };
    let pass = "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=corp.test; dkim=pass (signature was \
                verified)\n header.d=corp.test;dmarc=pass action=none\n header.from=corp.test;compauth=pass reason=100\n";
    let fail = "Authentication-Results: spf=none smtp.mailfrom=there.test; dkim=none; dmarc=fail action=quarantine \
                header.from=corp.test;compauth=fail reason=000\n";
    let inside = "X-MS-Exchange-Organization-AuthAs: Internal\n";
    let outside = "X-MS-Exchange-Organization-AuthAs: Anonymous\n";
    for (case, microsoft, top, below, wanted) in [
        ("another provider", false, pass, "", Level::Claimed),
        ("the provider", true, pass, "", Level::Vouched),
        ("came with the mail", true, "", pass, Level::Claimed),
        ("it says no", true, fail, "", Level::Unproven),
        ("both", true, &format!("{pass}{fail}"), "", Level::Unproven),
        ("inside the house", true, inside, "", Level::Vouched),
        ("from outside", true, outside, "", Level::Claimed),
        ("inside, forged", true, "", inside, Level::Claimed),
        ("inside, another provider", false, inside, "", Level::Claimed),
    ] {
        assert_eq!(level(microsoft, top, below), wanted, "{case}");
    }
}

/// Whatever a client calls itself, the Received that our border wrote about it is found, and results below are the client's.
#[test]
fn t02_a_client_cannot_hide_our_border_by_its_name() {
    let bot = BotAddress::new(address("cadence@reps.test"), &Key::root(&[7; 32]));
    let reps = [crate::story::ana()];
    let trust = Trust {
        authserv_ids: vec!["mx.reps.test".to_owned()],
        border: vec!["mx.reps.test".to_owned()],
        ..Trust::default()
    };
    let own = Own {
        bot: &bot,
        aliases: &[],
        domains: &[],
        reps: &reps,
        lead_sources: &[],
        trust: &trust,
    };
    let level = |text: &str| prove(&read(text.as_bytes()), &own).level;
    let lmtp = "Received: from mx.reps.test by mx.reps.test with LMTP id 1 for <cadence@reps.test>\n";
    let result = "Authentication-Results: mx.reps.test; dmarc=pass header.from=corp.test\n";
    let rest = "From: ana@corp.test\nTo: cadence@reps.test\nMessage-ID: <1@corp.test>\n\nlist";
    for name in [
        "out.corp.test",
        "by",
        "BY",
        "from",
        "with",
        "lmtp",
        "mx.reps.test",
        "(",
        "((by",
        ")by",
        "by)(",
        "x(by",
    ] {
        let border = format!("Received: from {name} (unknown [192.0.2.1]) by mx.reps.test (Postfix) with ESMTP id 2\n");
        let forged = format!("{lmtp}{border}{lmtp}{result}{border}{rest}");
        assert!(level(&forged) < Level::Vouched, "{name}, below our border");
    }
    let border = "Received: from by (by by [192.0.2.1]) by mx.reps.test (Postfix) with ESMTP id 2\n";
    assert_eq!(
        level(&format!("{lmtp}{result}{border}{rest}")),
        Level::Vouched,
        "on the way inside"
    );
    assert_eq!(
        level(&format!("{result}{lmtp}{border}{rest}")),
        Level::Vouched,
        "above all"
    );
    assert!(
        level(&format!("{result}{lmtp}{rest}")) < Level::Vouched,
        "it never came over the border"
    );
}
