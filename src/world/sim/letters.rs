//! Mails of simulated worlds beside those of the demo: odd answers, reports, and what attackers write.

use super::super::mails;
use super::cast::{Mailing, Says, Shape};
use super::plan::{Attack, Plan};
use crate::mail::read::Mail;
use crate::model::{Address, BotAddress, CadenceName};
use jiff::Timestamp;

/// The value of a header field in raw bytes, unfolded; empty when it is not there. A reader of its own, so that the
/// oracle does not believe the bot's.
pub(super) fn header(bytes: &[u8], name: &str) -> String {
    let mut found: Option<String> = None;
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let folded = line.first().is_some_and(|first| matches!(first, b' ' | b'\t'));
        match &mut found {
            Some(value) if folded => value.push_str(&String::from_utf8_lossy(line)),
            Some(_) => break,
            None if !folded => {
                let is_it = line.len() > name.len()
                    && line.get(name.len()) == Some(&b':')
                    && line
                        .get(..name.len())
                        .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
                if is_it {
                    found = line
                        .get(name.len() + 1..)
                        .map(|value| String::from_utf8_lossy(value).into_owned());
                }
            }
            None => {}
        }
    }
    found.unwrap_or_default().trim().to_owned()
}

/// The Message-ID, bracketed.
pub(super) fn id_of(bytes: &[u8]) -> String {
    header(bytes, "Message-ID")
}

/// A rep's mail with an id of its own, whatever it answers.
pub(super) fn with_id(bytes: Vec<u8>, who: usize, nth: usize) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let id = format!("Message-ID: {}", id_of(&bytes));
    text.replacen(&id, &format!("Message-ID: <rep{who}.{nth}@corp.test>"), 1)
        .into_bytes()
}

/// The Message-ID of a prospect's answer to the `nth` mail: known beforehand, to those who guess well.
fn reply_id(plan: &Plan, who: usize, nth: usize) -> String {
    let domain = plan
        .people
        .get(who)
        .map_or("there.test", |person| person.who.address.domain());
    format!("<re.{}.{who}.{nth}@{domain}>", plan.seed)
}

/// A prospect's answer.
pub(super) fn reply(plan: &Plan, who: usize, nth: usize, shape: Shape, mail: &Mail, at: Timestamp) -> Mailing {
    let Some(person) = plan.people.get(who) else {
        return Mailing::new(Vec::new(), Says::Nothing);
    };
    let own = &person.who.address;
    let alias = Address::parse(&format!("assistant@{}", own.domain())).unwrap_or_else(|_| own.clone());
    let from = if shape == Shape::Alias { &alias } else { own };
    let text = "What does it cost, and how soon could we begin?";
    let bytes = mails::answer_to(mail, from, person.who.name.as_deref(), text, at);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let id = id_of(&bytes);
    let mut text = text.replace(
        &format!("Message-ID: {id}"),
        &format!("Message-ID: {}", reply_id(plan, who, nth)),
    );
    match shape {
        Shape::Thread | Shape::Alias | Shape::Huge => {}
        Shape::Bare => {
            let other = format!("{}+work@{}", own.local().to_uppercase(), own.domain());
            let kept = ["Subject:", "Date:", "Message-ID:"];
            let head: Vec<&str> = text
                .lines()
                .filter(|line| kept.iter().any(|name| line.starts_with(name)))
                .collect();
            let to = "cadence@reps.test";
            text = format!(
                "Delivered-To: {to}\r\nFrom: {other}\r\nTo: {to}\r\n{}\r\n\r\nWhat does it cost?\r\n",
                head.join("\r\n")
            );
        }
        Shape::Broken => {
            text = text.replace(
                "Content-Type: text/plain; charset=utf-8",
                "Content-Type: multipart/mixed; boundary=\"=_x\"\r\nContent-Type: text/html",
            );
            text.push_str("--=_x\r\nContent-Type: \r\n\r\n<div><<!--\u{0}\r\n--=_x\r\n\r\n=?utf-8?b?!!?=");
        }
    }
    let mut mailing = Mailing::new(text.into_bytes(), Says::Stop(who));
    if shape == Shape::Huge {
        mailing.beyond = 30 * 1024 * 1024;
    }
    mailing
}

/// A machine's thanks.
pub(super) fn thanks(mail: &Mail, from: &Address, nth: usize, at: Timestamp) -> Vec<u8> {
    let text = format!("Thank you for your mail. We will look at it. ({nth})");
    let bytes = mails::answer_to(mail, from, None, &text, at);
    [
        b"Auto-Submitted: auto-replied\r\nPrecedence: auto_reply\r\n".as_slice(),
        &bytes,
    ]
    .concat()
}

/// A report of a server whose user has no room.
pub(super) fn mailbox_full(to: &Address, who: &Address, raw: &[u8], at: Timestamp) -> Vec<u8> {
    let dead = mails::bounce(to, who, raw, at);
    String::from_utf8_lossy(&dead)
        .replace("Status: 5.1.1", "Status: 4.2.2")
        .replace("550 5.1.1 no such user here", "452 4.2.2 mailbox full")
        .into_bytes()
}

/// A feedback report (RFC 5965) about a mail of ours.
pub(super) fn complaint(to: &Address, who: &Address, raw: &[u8], at: Timestamp) -> Vec<u8> {
    let original = String::from_utf8_lossy(raw);
    let original = original.split("\r\n\r\n").next().unwrap_or("");
    let date = header(&mails::tapped(to, who, "x", at), "Date");
    format!(
        "Delivered-To: {to}\r\nFrom: feedback@{0}\r\nTo: {to}\r\nSubject: complaint\r\nDate: {date}\r\n\
         Message-ID: <arf.{1}@{0}>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"=_arf\"\r\n\r\n\
         --=_arf\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n\r\n\
         --=_arf\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\
         Original-Rcpt-To: <{who}>\r\n\r\n\
         --=_arf\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n\r\n--=_arf--\r\n",
        who.domain(),
        at.as_millisecond(),
    )
    .into_bytes()
}

/// What an attacker writes, and what it says in truth. `tapped` is a command address that leaked.
pub(super) fn attack(
    plan: &Plan,
    bot: &BotAddress,
    what: &Attack,
    tapped: Option<&Address>,
    at: Timestamp,
) -> Option<Mailing> {
    let rep = |index: usize| plan.reps.get(index).map(|rep| rep.address.clone());
    let person = |index: usize| plan.people.get(index).map(|person| person.who.address.clone());
    let bare = bot.address();
    let millis = at.as_millisecond();
    match what {
        Attack::Spoof { rep: index, results } => {
            let (rep, victim) = (
                plan.reps.get(*index)?,
                Address::parse(&format!("victim{millis}@bank.test")).ok()?,
            );
            let to = crate::model::Correspondent::new(None, victim);
            let mail = mails::first(rep, &[to], "Hello", at);
            let cadence = CadenceName::parse("outbound").ok()?;
            let address = Address::parse(&format!("{}+{cadence}@{}", bare.local(), bare.domain())).ok()?;
            let mut head =
                b"Received: from border (x [192.0.2.1]) by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0000\r\n".to_vec();
            if *results {
                head.extend_from_slice(b"Authentication-Results: mx.reps.test; dmarc=pass header.from=corp.test\r\n");
            }
            Some(Mailing::new(
                [head, mails::brought_by(&address, &mail)].concat(),
                Says::Nothing,
            ))
        }
        Attack::Bounce { person: index } => {
            let dead = person(*index)?;
            let raw = format!("From: {}\r\nTo: {dead}\r\nSubject: Hello\r\n\r\n", rep(0)?);
            Some(Mailing::new(
                mails::bounce(bare, &dead, raw.as_bytes(), at),
                Says::Noise(*index),
            ))
        }
        Attack::Complaint { person: index } => {
            let raw = format!("From: {}\r\nSubject: Hello\r\n\r\n", rep(0)?);
            Some(Mailing::new(
                complaint(bare, &person(*index)?, raw.as_bytes(), at),
                Says::Noise(*index),
            ))
        }
        Attack::Squat { person: index, nth } => {
            let mail = format!(
                "Delivered-To: {bare}\r\nFrom: news@list.test\r\nTo: {bare}\r\nSubject: News {millis}\r\nMessage-ID: {}\r\n\
                 Precedence: bulk\r\nList-Id: <news.list.test>\r\nList-Unsubscribe: <https://list.test/u>\r\n\r\nNews.\r\n",
                reply_id(plan, *index, *nth)
            );
            Some(Mailing::new(mail.into_bytes(), Says::Nothing))
        }
        Attack::Command => {
            let stranger = Address::parse("mallory@evil.test").ok()?;
            Some(Mailing::new(
                mails::tapped(tapped?, &stranger, "resume", at),
                Says::Nothing,
            ))
        }
        Attack::Echo { rep: index } => {
            let mail = mails::tapped(bare, &rep(*index)?, "resume", at);
            let mail = [b"Auto-Submitted: auto-replied\r\n".as_slice(), &mail].concat();
            Some(Mailing::new(mail, Says::Nothing))
        }
    }
}
