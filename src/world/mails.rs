//! The mails that people and servers write in this world, as bytes.

use crate::mail::read::Mail;
use crate::model::{Address, Correspondent, Fingerprint, Rep};
use jiff::Timestamp;

/// A name for the timeline: what stands before the `@`.
pub(super) fn short(address: &Address) -> &str {
    let local = address.local();
    local.split('+').next().unwrap_or(local)
}

fn date(at: Timestamp) -> String {
    jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_string(&at)
        .unwrap_or_default()
}

fn id(what: &str, parts: &[&str], domain: &str) -> String {
    let hex = Fingerprint::of(what, parts).hex();
    format!("<{}@{domain}>", hex.get(..24).unwrap_or("id"))
}

fn named(who: &Correspondent) -> String {
    match &who.name {
        Some(name) => format!("{name} <{}>", who.address),
        None => who.address.to_string(),
    }
}

fn mail(header: &[(&str, String)], body: &str) -> Vec<u8> {
    let mut text = String::new();
    for (name, value) in header {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");
    text.push_str(&body.replace('\n', "\r\n"));
    text.push_str("\r\n");
    text.into_bytes()
}

/// A rep's first mail, as the prospect gets it.
pub(super) fn first(rep: &Rep, to: &[Correspondent], subject: &str, at: Timestamp) -> Vec<u8> {
    let all = to.iter().map(named).collect::<Vec<_>>().join(", ");
    let seconds = at.as_second().to_string();
    let greeting = to
        .first()
        .and_then(|who| who.name.as_deref())
        .and_then(|name| name.split(' ').next())
        .unwrap_or("there");
    let header = [
        ("From", named(&rep.correspondent())),
        ("To", all.clone()),
        ("Subject", subject.to_owned()),
        ("Date", date(at)),
        ("Message-ID", id("first", &[&all, &seconds], rep.address.domain())),
    ];
    let body = format!(
        "Hi {greeting},\n\nI read that your team doubles its shipping volume this year. Most teams we know lose their\nmornings to carrier mails at that point. Is that so at yours?\n\n{}",
        rep.name
    );
    mail(&header, &body)
}

/// A mail with the trace of the server that brought it to the bot.
pub(super) fn brought_by(recipient: &Address, mail: &[u8]) -> Vec<u8> {
    let mut bytes = format!("Delivered-To: {recipient}\r\n").into_bytes();
    bytes.extend_from_slice(mail);
    bytes
}

/// An answer to a mail of the bot, to where it asks for answers.
pub(super) fn answer_to(mail_read: &Mail, from: &Address, name: Option<&str>, text: &str, at: Timestamp) -> Vec<u8> {
    let to = mail_read
        .reply_to
        .first()
        .or(mail_read.from.first())
        .map(|who| who.address.to_string())
        .unwrap_or_default();
    let answered = mail_read
        .message_id
        .as_ref()
        .map(|id| id.bracketed())
        .unwrap_or_default();
    let subject = if mail_read.subject.starts_with("Re:") {
        mail_read.subject.clone()
    } else {
        format!("Re: {}", mail_read.subject)
    };
    let header = [
        ("Delivered-To", to.clone()),
        ("From", named(&Correspondent::new(name, from.clone()))),
        ("To", to),
        ("Subject", subject),
        ("Date", date(at)),
        (
            "Message-ID",
            id("answer", &[&answered, from.as_str(), text], from.domain()),
        ),
        ("In-Reply-To", answered.clone()),
        ("References", answered),
    ];
    let quoted: String = mail_read
        .text
        .lines()
        .take(12)
        .map(|line| format!("> {line}\n"))
        .collect();
    mail(&header, &format!("{text}\n\nOn {}, they wrote:\n{quoted}", date(at)))
}

/// What a mail program sends when a link of the bot is tapped.
pub(super) fn tapped(to: &Address, from: &Address, said: &str, at: Timestamp) -> Vec<u8> {
    let header = [
        ("Delivered-To", to.to_string()),
        ("From", from.to_string()),
        ("To", to.to_string()),
        ("Subject", said.to_owned()),
        ("Date", date(at)),
        ("Message-ID", id("tap", &[to.as_str(), said], from.domain())),
    ];
    mail(&header, said)
}

/// An out-of-office notice with the day of return.
pub(super) fn away(mail_read: &Mail, from: &Address, back: Timestamp, at: Timestamp) -> Vec<u8> {
    let to = mail_read
        .reply_to
        .first()
        .or(mail_read.from.first())
        .map(|who| who.address.to_string())
        .unwrap_or_default();
    let answered = mail_read
        .message_id
        .as_ref()
        .map(|id| id.bracketed())
        .unwrap_or_default();
    let header = [
        ("Delivered-To", to.clone()),
        ("From", from.to_string()),
        ("To", to),
        ("Subject", format!("Automatic reply: {}", mail_read.subject)),
        ("Date", date(at)),
        ("Message-ID", id("away", &[&answered, from.as_str()], from.domain())),
        ("In-Reply-To", answered),
        ("Auto-Submitted", "auto-replied".to_owned()),
    ];
    let day = back.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %B %Y").to_string();
    mail(
        &header,
        &format!("Thank you for your mail. I am out of the office and back on {day}."),
    )
}

/// The address of a mail's unsubscribe button.
pub(super) fn unsubscribe_address(mail_read: &Mail) -> Option<Address> {
    let field = mail_read.header("List-Unsubscribe").next()?;
    let (_, rest) = field.split_once("<mailto:")?;
    Address::parse(rest.split(['?', '>']).next()?).ok()
}

/// What a mail client sends when the button is pressed.
pub(super) fn unsubscribe(to: &Address, from: &Address, at: Timestamp) -> Vec<u8> {
    let header = [
        ("Delivered-To", to.to_string()),
        ("From", from.to_string()),
        ("To", to.to_string()),
        ("Subject", "unsubscribe".to_owned()),
        ("Date", date(at)),
        (
            "Message-ID",
            id("unsubscribe", &[to.as_str(), from.as_str()], from.domain()),
        ),
    ];
    mail(&header, "")
}

/// The report of a server that knows no such user (RFC 3464).
pub(super) fn bounce(to: &Address, dead: &Address, raw: &[u8], at: Timestamp) -> Vec<u8> {
    let text = String::from_utf8_lossy(raw);
    let returned = text.split("\r\n\r\n").next().unwrap_or("");
    let host = format!("mx.{}", dead.domain());
    let boundary = "=_report";
    format!(
        "Return-Path: <>\r\nDelivered-To: {to}\r\nFrom: Mail Delivery System <mailer-daemon@{host}>\r\nTo: {to}\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nDate: {}\r\nMessage-ID: {}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain\r\n\r\nYour mail to {dead} could not be delivered.\r\n\r\n\
         --{boundary}\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {host}\r\n\r\n\
         Final-Recipient: rfc822; {dead}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user here\r\n\r\n\
         --{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n\r\n--{boundary}--\r\n",
        date(at),
        id("bounce", &[to.as_str(), dead.as_str()], &host),
    )
    .into_bytes()
}
