//! Clocks that jump: nothing is decided by them, and they are believed again by themselves.

use crate::story::*;
use cadence::inbox::{Fetched, Filing, Inbox, Note, Place, Play, Playing, Watermark};
use cadence::model::{Cause, LetterClass};
use cadence::rules::clock::{Look, Outside, is_trusted_again, jump, wrong_at_start};
use cadence::service::{intake, pulse};
use cadence::world::Habit;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn look(wall: i64, ran: u64) -> Look {
    Look {
        wall: Timestamp::from_second(1_800_000_000 + wall).expect("a time"),
        ran: Duration::from_secs(ran),
    }
}

fn outside(ahead: i64, ran: u64) -> Option<Outside> {
    Some(Outside {
        ahead: SignedDuration::from_secs(ahead),
        ran: Duration::from_secs(ran),
    })
}

#[test]
fn e10_e11_a_clock_that_moves_as_time_does_is_fine_and_a_jump_is_seen() {
    let before = look(0, 100);
    for (wall, ran, told) in [
        (120, 220, None),
        (120 + 299, 220, None),
        (120 + 300, 220, Some("the clock went forward by 5 min")),
        (86_400 * 400, 220, Some("the clock went forward by 575998 min")),
        (120 - 119, 220, None),
        (120 - 120, 220, Some("the clock went back by 2 min")),
        (-3_600, 100, Some("the clock went back by 60 min")),
    ] {
        assert_eq!(jump(before, look(wall, ran)).as_deref(), told, "{wall} after {ran}");
    }
}

#[test]
fn e11_at_the_start_the_journal_and_the_server_are_asked() {
    let now = look(0, 0);
    let later = |seconds: i64| Some(look(seconds, 0).wall);
    assert_eq!(wrong_at_start(now, None, None), None);
    assert_eq!(wrong_at_start(now, later(119), outside(299, 0)), None);
    assert!(
        wrong_at_start(now, later(120), None)
            .expect("wrong")
            .contains("the journal goes on to")
    );
    for off in [300, -300] {
        let told = wrong_at_start(now, later(-50), outside(off, 0));
        assert_eq!(
            told.as_deref(),
            Some("the clock differs by 5 min from the mail server's")
        );
    }
}

#[test]
fn it_is_believed_when_the_server_agrees_or_where_there_is_none_after_ten_minutes() {
    let since = Duration::from_secs(1_000);
    let ahead_of_journal = look(0, 0).wall;
    let trusted = |ran, outside| is_trusted_again(since, look(0, ran), Some(ahead_of_journal), outside);
    assert!(trusted(1_001, outside(120, 1_000)) && trusted(1_001, outside(-120, 1_000)));
    assert!(!trusted(99_999, outside(121, 1_000)), "it disagrees, however long");
    assert!(
        !trusted(99_999, outside(0, 999)),
        "what it said before the jump shows nothing"
    );
    assert!(!trusted(1_599, None) && trusted(1_600, None));
    let behind = look(120, 0).wall;
    assert!(
        !is_trusted_again(since, look(0, 9_999), Some(behind), None),
        "it is behind the journal"
    );
}

async fn with_li() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.administrator = Some(address("kim@corp.test"));
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 08:30").await;
    story.settles().await;
    story
}

async fn is_held(story: &Story) -> bool {
    let holds = story.world.bot.store.holds(story.world.now()).await.expect("holds");
    holds.iter().any(|hold| hold.cause == Cause::Clock)
}

fn digests(story: &Story) -> usize {
    let sent = story.relay.sent();
    sent.iter().filter(|letter| letter.class == LetterClass::Digest).count()
}

#[tokio::test]
async fn e10_a_clock_set_forward_holds_touches_and_writes_no_digest_of_tomorrow() {
    let mut story = with_li().await;
    let before = digests(&story);
    // Li's follow-up is due at 11:47 today; the machine believes that it is tomorrow.
    story.world.bot.clock.set_to(at("2026-03-06 12:00"));
    story.settles().await;
    assert!(is_held(&story).await);
    story.until("2026-03-06 12:09").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    assert_eq!(digests(&story), before);
    assert_eq!(
        story.mails_to("kim@corp.test").len(),
        1,
        "the administrator is told, and once"
    );
    assert!(header(&story.mails_to("kim@corp.test")[0], "Subject").contains("No touch goes out"));
    // Here nobody else knows the time, so it is believed after a while.
    story.until("2026-03-06 12:20").await;
    assert!(!is_held(&story).await);
    story.until("2026-03-09 18:00").await;
    assert_eq!(story.mails_to("kim@corp.test").len(), 1);
    assert!(!story.mails_to("li@acme.test").is_empty(), "it goes on by itself");
    story.holds().await;
}

#[tokio::test]
async fn e11_a_clock_set_back_holds_touches_until_it_has_caught_up() {
    let mut story = with_li().await;
    story.until("2026-03-05 13:00").await;
    story.settles().await;
    let (touches, written) = (story.mails_to("li@acme.test").len(), digests(&story));
    assert_eq!(touches, 1);
    story.world.bot.clock.set_to(at("2026-03-05 07:00"));
    story.settles().await;
    assert!(is_held(&story).await);
    story.until("2026-03-05 11:30").await;
    assert!(is_held(&story).await, "it is behind what is on record");
    story.until("2026-03-05 13:00").await;
    assert!(!is_held(&story).await);
    assert_eq!(
        (story.mails_to("li@acme.test").len(), digests(&story)),
        (touches, written)
    );
    story.until("2026-03-20 18:00").await;
    story.holds().await;
}

#[tokio::test]
async fn e11_started_with_a_clock_that_is_behind_it_sends_nothing_and_says_why() {
    let story = with_li().await;
    story.world.bot.clock.set_to(at("2026-03-01 12:00"));
    let mut story = story.started_again().await;
    story.settles().await;
    let holds = story.world.bot.store.holds(story.world.now()).await.expect("holds");
    assert!(
        holds[0].why.contains("the clock shows 2026-03-01T11:00:00Z"),
        "{}",
        holds[0].why
    );
    story.until("2026-03-04 08:00").await;
    assert!(is_held(&story).await);
    story.until("2026-03-05 18:00").await;
    assert_eq!(
        story.mails_to("li@acme.test").len(),
        1,
        "when it has caught up it goes on"
    );
    story.holds().await;
}

#[tokio::test]
async fn a_word_of_the_administrator_is_enough() {
    let mut story = with_li().await;
    story.world.bot.clock.set_to(at("2026-03-05 12:00"));
    story.settles().await;
    assert!(is_held(&story).await);
    let lift = cadence::store::Batch {
        at: Some(story.world.now()),
        unhold: vec![cadence::model::Unhold {
            scope: cadence::model::Scope::All,
            cause: Some(Cause::Clock),
            by: "kim".to_owned(),
        }],
        ..cadence::store::Batch::default()
    };
    story.world.bot.store.commit(lift).await.expect("lifted");
    story.until("2026-03-05 18:00").await;
    assert!(!is_held(&story).await);
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    story.holds().await;
}

/// A mail server that knows what time it is.
#[derive(Clone)]
struct Server {
    truth: Arc<Mutex<Timestamp>>,
    notes: Arc<Mutex<Vec<Note>>>,
}

impl Play for Server {
    fn folders(&mut self) -> Playing<'_, Vec<String>> {
        Box::pin(async { Ok(vec!["INBOX".to_owned()]) })
    }

    fn fetch<'a>(&'a mut self, _: &'a str, after: Watermark) -> Playing<'a, Fetched> {
        let fetched = Fetched {
            watermark: after,
            ..Fetched::default()
        };
        Box::pin(async { Ok(fetched) })
    }

    fn file<'a>(&'a mut self, _: &'a str, _: &'a [Place], _: Filing) -> Playing<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn leases(&mut self) -> Playing<'_, Vec<Note>> {
        let notes = self.notes.lock().unwrap().clone();
        Box::pin(async { Ok(notes) })
    }

    fn write_lease<'a>(&'a mut self, _: i64, text: &'a str, _: &'a [Place]) -> Playing<'a, ()> {
        let note = Note {
            place: Place::Uid(1),
            text: text.as_bytes().to_vec(),
            received: Some(*self.truth.lock().unwrap()),
        };
        *self.notes.lock().unwrap() = vec![note];
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn e10_where_there_is_a_mail_server_its_clock_decides() {
    let story = with_li().await.with_lease("mail-1", "a run");
    let bot = &story.world.bot;
    let server = Server {
        truth: Arc::new(Mutex::new(bot.clock.now())),
        notes: Arc::default(),
    };
    let mut inbox = Inbox::Played(Box::new(server.clone()));
    let minute = SignedDuration::from_mins(1);
    // Both clocks go on by a minute.
    let mut passes = async || {
        *server.truth.lock().unwrap() += minute;
        bot.clock.move_to(bot.clock.now() + minute);
        intake::round(bot, &mut inbox).await.expect("a look");
        pulse::once(bot).await.expect("the rounds");
    };
    passes().await;
    passes().await;
    assert!(!is_held(&story).await);
    // Ours is set, and goes wrong from then on, however long.
    bot.clock.set_to(bot.clock.now() + SignedDuration::from_hours(3));
    for _ in 0..30 {
        passes().await;
        assert!(is_held(&story).await);
    }
    assert!(
        story.mails_to("li@acme.test").is_empty(),
        "its time had come only by our clock"
    );
    // It is set right: the server says so at the next look.
    bot.clock.set_to(*server.truth.lock().unwrap());
    passes().await;
    passes().await;
    passes().await;
    assert!(!is_held(&story).await);
    assert_eq!(story.mails_to("kim@corp.test").len(), 1, "told once");
}
