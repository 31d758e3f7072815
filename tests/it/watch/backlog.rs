//! Of a backlog, headers come first: who may have said stop is held back before a body is read.

use super::*;
use cadence::inbox::{Extent, Fetched, Filing, Heads, InboxError, Place, Play, Playing, Watermark};
use cadence::service::{deliver, intake};
use jiff::SignedDuration;

/// A mailbox whose headers can be had and whose bodies cannot.
struct HeadersOnly(Inbox);

impl Play for HeadersOnly {
    fn folders(&mut self) -> Playing<'_, Vec<String>> {
        Box::pin(self.0.folders())
    }
    fn fetch<'a>(&'a mut self, _folder: &'a str, _after: Watermark) -> Playing<'a, Fetched> {
        Box::pin(async { Err(InboxError::lost("bodies take their time")) })
    }
    fn file<'a>(&'a mut self, folder: &'a str, places: &'a [Place], into: Filing) -> Playing<'a, ()> {
        Box::pin(self.0.file(folder, places, into))
    }
    fn extent<'a>(&'a mut self, folder: &'a str, after: Watermark) -> Playing<'a, Extent> {
        Box::pin(self.0.extent(folder, after))
    }
    fn heads<'a>(&'a mut self, folder: &'a str, extent: &'a Extent, above: u32, below: u32) -> Playing<'a, Heads> {
        Box::pin(self.0.heads(folder, extent, above, below))
    }
}

/// Letters to Li and Jane lie ready, and the mailbox holds a backlog with an answer of Li's as its oldest mail.
async fn behind(last: &str) -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores), ("jane@corp2.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.enroll("2026-03-02 10:30", &["jane@corp2.test"], "outbound");
    story.until("2026-03-05 08:30").await;
    story.mailbox.fail_with(Some(InboxError::lost("gone")));
    story.until("2026-03-05 15:00").await;
    story.mailbox.fail_with(None);
    let to = "To: Ana Costa <ana@corp.test>";
    let answer = format!("From: Li Wei <li@acme.test>\n{to}\nSubject: Re: Hello\nMessage-ID: <r1@acme.test>\n\nYes.\n");
    story.mailbox.deliver("INBOX", bytes(&answer), Some(story.world.now()));
    for n in 0..1_100 {
        let other = format!("From: x{n}@else.test\n{to}\nSubject: Hi\nMessage-ID: <{n}@else.test>\n\nHi.\n");
        story.mailbox.deliver("INBOX", bytes(&other), Some(story.world.now()));
    }
    story.mailbox.deliver("INBOX", bytes(last), Some(story.world.now()));
    story
}

const HARMLESS: &str = "From: y@else.test\nTo: ana@corp.test\nSubject: Hi\nMessage-ID: <y@else.test>\n\nHi.\n";

/// An hour in which no body can be read.
async fn an_hour_of_headers(story: &Story) {
    let mut inbox = Inbox::Played(Box::new(HeadersOnly(Inbox::Memory(story.mailbox.clone()))));
    for _ in 0..60 {
        let bot = &story.world.bot;
        let looked = intake::round(bot, &mut inbox).await;
        assert!(looked.is_err(), "no body could be read");
        deliver::round(bot).await.expect("a round");
        bot.clock.move_to(story.world.now() + SignedDuration::from_mins(1));
    }
}

#[tokio::test]
async fn i23_a_stop_in_a_backlog_counts_before_its_body_is_read_and_others_go_on() {
    let mut story = behind(HARMLESS).await;
    an_hour_of_headers(&story).await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0, "Li may have said stop");
    assert_eq!(story.mails_to("jane@corp2.test").len(), 1, "Jane did not");
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    story.holds().await;
}

#[tokio::test]
async fn i23_a_report_whose_header_names_nobody_keeps_the_barrier_shut_until_bodies_are_read() {
    let report = "From: MAILER-DAEMON@mx.test\nTo: cadence@reps.test\nSubject: Undelivered Mail\nMessage-ID: <d@mx.test>\n\
                  Auto-Submitted: auto-replied\nMIME-Version: 1.0\n\
                  Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\n\nIt failed.\n--b--\n";
    let mut story = behind(report).await;
    an_hour_of_headers(&story).await;
    assert_eq!(story.mails_to("jane@corp2.test").len(), 0);
    story.until("2026-03-06 18:00").await;
    assert_eq!(story.mails_to("jane@corp2.test").len(), 1, "when all was read it goes");
    story.holds().await;
}
