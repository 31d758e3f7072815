//! One-tap links: encoded for every mail program, short, and heard in whatever shape the program sends them.

use super::desk::{decoded, house, own, taps};
use crate::story::{Story, address};
use cadence::model::{Address, Standing};
use cadence::world::Habit;

async fn paused(story: &Story) -> bool {
    matches!(
        story.enrollment_of("li@acme.test").await.standing,
        Standing::Paused { .. }
    )
}

/// Li is enrolled by BCC; the receipt.
async fn receipt() -> (Story, String) {
    let mut story = house(&[("li@acme.test", Habit::Ignores)]).await;
    let bot = own(&story, "outbound");
    let mail = format!(
        "Delivered-To: {bot}\nFrom: Ana Costa <ana@corp.test>\nTo: li@acme.test\nSubject: Shifts\nMessage-ID: <l1@corp.test>\n\nHello\n"
    );
    story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    let mail = story.mails_to("ana@corp.test").pop().expect("a receipt");
    (story, mail)
}

#[tokio::test]
async fn every_link_is_percent_encoded_and_shorter_than_any_program_cuts() {
    let (_, mail) = receipt().await;
    let parts = cadence::mail::read::read(mail.as_bytes()).parts;
    let html = parts
        .iter()
        .find(|part| part.content_type == "text/html")
        .expect("HTML");
    let links: Vec<&str> = html
        .text
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let links: Vec<&str> = links.into_iter().filter(|link| link.starts_with("mailto:")).collect();
    assert!(links.len() >= 5, "{links:?}");
    for link in links {
        // RFC 6068: nothing but unreserved characters, percent-encodings and the separators of the link itself. A plus sign is
        // read as a space by some programs, so that it is encoded too; in HTML the ampersand is an entity.
        let link = link.replace("&amp;", "&");
        let (to, query) = link
            .strip_prefix("mailto:")
            .expect("mailto")
            .split_once('?')
            .expect("a query");
        let fine = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
        assert!(to.chars().all(|c| fine(c) || c == '@'), "{to}");
        assert!(query.chars().all(|c| fine(c) || "=&".contains(c)), "{query}");
        // Windows hands a mail program 2,083 characters at most, old Outlook fewer.
        assert!(link.len() <= 500, "{} characters", link.len());
        let subject = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("subject="))
            .expect("a subject");
        assert!(!decoded(subject).contains('\n') && !decoded(subject).is_empty());
        address(&decoded(to));
    }
}

/// What Ana's program sends when she taps.
struct Program {
    name: &'static str,
    /// Header lines from To on, and the body; `{to}`, `{subject}` and `{body}` stand for the link's.
    sends: &'static str,
}

#[rustfmt::skip]
const PROGRAMS: &[Program] = &[
    Program { name: "Gmail", sends: "To: {to}\nSubject: {subject}\nContent-Type: multipart/alternative; boundary=g\n\n--g\nContent-Type: text/plain; charset=\"UTF-8\"\n\n{body}\n\n--g\nContent-Type: text/html; charset=\"UTF-8\"\n\n<div dir=\"ltr\">{body}</div>\n\n--g--\n" },
    Program { name: "Outlook", sends: "To: \"{to}\" <{to}>\nSubject: {subject}\nThread-Topic: {subject}\nContent-Type: text/html; charset=\"us-ascii\"\n\n<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><body lang=EN-US><div class=WordSection1><p class=MsoNormal>{body}<o:p></o:p></p></div></body></html>\n" },
    Program { name: "Outlook on the web with a signature", sends: "To: {to} <{to}>\nSubject: {subject}\nContent-Type: text/plain; charset=\"Windows-1252\"\nContent-Transfer-Encoding: quoted-printable\n\n{body}\n\nAna Costa\nCorp, Berlin\n+49 30 1234\n" },
    Program { name: "Apple Mail", sends: "Content-Type: text/plain;\n\tcharset=us-ascii\nContent-Transfer-Encoding: 7bit\nMime-Version: 1.0 (Mac OS X Mail 16.0)\nSubject: {subject}\nTo: {to}\n\n{body}\n" },
    Program { name: "an iPhone", sends: "To: {to}\nSubject: {subject}\nMime-Version: 1.0 (1.0)\nContent-Type: text/plain; charset=us-ascii\n\n{body}\n\nSent from my iPhone\n" },
    Program { name: "an iPhone that drops the body", sends: "To: {to}\nSubject: {subject}\nMime-Version: 1.0 (1.0)\nContent-Type: text/plain; charset=us-ascii\n\n\n\nSent from my iPhone\n" },
    Program { name: "Android with a signature and no body", sends: "To: {to}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n--\nAna Costa\nCorp\n" },
    Program { name: "a program without any body", sends: "To: {to}\nSubject: {subject}\n\n" },
    Program { name: "a program that folds case and adds a dot", sends: "To: {TO}\nSubject: {subject}.\n\n" },
];

#[tokio::test]
async fn a_tap_is_heard_whatever_program_sends_it_and_twice_is_once() {
    for program in PROGRAMS {
        let (mut story, mail) = receipt().await;
        let (_, to, subject, body) = taps(&mail).into_iter().find(|tap| tap.0 == "pause").expect("a tap");
        let fill = |text: &str| {
            text.replace("{to}", to.as_str())
                .replace("{TO}", &to.as_str().to_uppercase())
                .replace("{subject}", &subject)
                .replace("{body}", &body)
        };
        for nth in 0..2 {
            let mail = format!(
                "Delivered-To: {to}\nFrom: Ana Costa <ana@corp.test>\nMessage-ID: <t{nth}@corp.test>\n{}",
                fill(program.sends)
            );
            let count = story.mails_to("ana@corp.test").len();
            story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
            assert!(paused(&story).await, "{}", program.name);
            assert_eq!(
                story.mails_to("ana@corp.test").len(),
                count + 1,
                "{}: answered",
                program.name
            );
        }
        let last = story.mails_to("ana@corp.test").pop().expect("an answer");
        assert!(
            last.contains("othing changed"),
            "{}: twice is once:\n{last}",
            program.name
        );
        story.holds().await;
    }
}

#[tokio::test]
async fn a_tap_is_useless_to_whoever_it_is_forwarded_to() {
    let (mut story, mail) = receipt().await;
    story.world.bot.house.reps.push(crate::story::ben());
    let (_, to, subject, _) = taps(&mail).into_iter().find(|tap| tap.0 == "pause").expect("a tap");
    for from in ["Mallory <m@evil.test>", "Ben Weber <ben@corp.test>"] {
        let mail = format!(
            "Delivered-To: {to}\nFrom: {from}\nTo: {to}\nSubject: {subject}\nMessage-ID: <f{}@x.test>\n\n",
            from.len()
        );
        story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
        assert!(!paused(&story).await, "{from}");
    }
    assert!(story.mails_to("m@evil.test").is_empty() && story.mails_to("ben@corp.test").is_empty());
    let _: &Address = &to;
}
