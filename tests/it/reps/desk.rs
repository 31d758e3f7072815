//! What these stories are told with: Ana writes to the bot, and reads what it answers.

use crate::story::{Story, address, header};
use cadence::model::{Address, CadenceName};
use cadence::world::Habit;

/// A house whose mail server vouches for corp.test.
pub async fn house(people: &[(&str, Habit)]) -> Story {
    let mut story = Story::new(people).await;
    story.world.bot.house.trust.authserv_ids.push("mx.reps.test".to_owned());
    story.world.bot.house.trust.border.push("mx.reps.test".to_owned());
    story
}

/// What the border of that house writes above a mail of Ana's.
pub const VOUCHED: &str = "Authentication-Results: mx.reps.test; dmarc=pass header.from=corp.test\n\
     Received: from out.corp.test by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0100\n";

/// The bare address.
pub fn bare(story: &Story) -> Address {
    story.bot().address().clone()
}

/// Ana's address of a cadence.
pub fn own(story: &Story, cadence: &str) -> Address {
    let cadence = CadenceName::parse(cadence).expect("a name");
    story.bot().for_enrolling(&cadence, &address("ana@corp.test"), 1)
}

/// Ana sends this to one of the bot's addresses, vouched for, and everything happens that follows.
pub async fn says(story: &mut Story, to: &Address, text: &str) -> String {
    sends(story, to, "Re: yours", VOUCHED, &format!("\n{text}\n")).await
}

/// Ana sends a mail to the bot: further header lines, then a blank line and the body. Returns what she got last, as text.
pub async fn sends(story: &mut Story, to: &Address, subject: &str, more: &str, rest: &str) -> String {
    let id = cadence::model::Fingerprint::of(
        "a mail of Ana's",
        &[
            to.as_str(),
            subject,
            rest,
            &story.mails_to("ana@corp.test").len().to_string(),
        ],
    );
    let mail = format!(
        "Delivered-To: {to}\n{more}From: Ana Costa <ana@corp.test>\nTo: {to}\nSubject: {subject}\n\
         Message-ID: <{}@corp.test>\n{}",
        id.hex(),
        rest.trim_start_matches(' ')
    );
    story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    last(story)
}

/// The mail that Ana got last: its subject and its text.
pub fn last(story: &Story) -> String {
    let mail = story.mails_to("ana@corp.test").pop().expect("a mail");
    text_of(&mail)
}

/// Subject and text of a mail, without links.
pub fn text_of(mail: &str) -> String {
    let text = cadence::mail::read::read(mail.as_bytes()).text.replace('\r', "");
    let lines = text.lines().filter(|line| !line.contains("mailto:"));
    let subject = cadence::mail::read::read(mail.as_bytes()).subject;
    format!("{subject}\n{}", lines.collect::<Vec<_>>().join("\n").trim())
}

/// Where answers to a mail go.
pub fn reply_to(mail: &str) -> Address {
    let field = header(mail, "Reply-To");
    let bare = field.rsplit('<').next().expect("an address").trim_end_matches('>');
    address(bare)
}

/// The one-tap links of a mail: label, address, subject, body, all decoded as a mail program does.
pub fn taps(mail: &str) -> Vec<(String, Address, String, String)> {
    let text = cadence::mail::read::read(mail.as_bytes()).text.replace('\r', "");
    let links = text.lines().filter_map(|line| line.trim().split_once(": mailto:"));
    links
        .map(|(label, link)| {
            let (to, query) = link.split_once('?').expect("a query");
            let value = |name: &str| {
                let found = query.split('&').find_map(|pair| pair.strip_prefix(name));
                decoded(found.unwrap_or_default())
            };
            (
                label.to_owned(),
                address(&decoded(to)),
                value("subject="),
                value("body="),
            )
        })
        .collect()
}

/// Percent-decoding (RFC 3986 2.1).
pub fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at] == b'%' {
            out.push(u8::from_str_radix(&text[at + 1..at + 3], 16).expect("two digits"));
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).expect("UTF-8")
}
