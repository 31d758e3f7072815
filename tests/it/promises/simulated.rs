//! Fifty small worlds with people of all habits and with faults of all kinds. What the mailboxes hold is the truth: no mail
//! twice, none after a stop, and nothing left lying.

use crate::story::{Story, address, at, mail};
use cadence::inbox::InboxError;
use cadence::model::{LetterState, Phase, Receipt, Reply, Standing};
use cadence::store::Store;
use cadence::world::{Event, Habit};
use fastrand::Rng;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const PEOPLE: [&str; 4] = [
    "li@acme.test",
    "jane@firm.test",
    "kim@northwind.test",
    "omar@contoso.test",
];

fn habit(dice: &mut Rng) -> Habit {
    let nth = dice.usize(1..=3);
    match dice.u8(..7) {
        0 | 1 => Habit::Replies {
            nth,
            text: "What does it cost?".to_owned(),
        },
        2 => Habit::AsksToStop { nth },
        3 => Habit::Unsubscribes { nth },
        4 => Habit::Away { days: dice.i64(1..12) },
        5 => Habit::DoesNotExist,
        _ => Habit::Ignores,
    }
}

fn moment(at: Timestamp) -> String {
    let local = at.to_zoned(TimeZone::get("Europe/Berlin").expect("a zone"));
    local.strftime("%Y-%m-%d %H:%M").to_string()
}

/// On one working day the mailbox cannot be read, and in the morning somebody's stop comes to lie in it.
fn silence(story: &mut Story, dice: &mut Rng) -> std::ops::Range<Timestamp> {
    let day = ["04", "05", "10"][dice.usize(..3)];
    let who = PEOPLE[dice.usize(..PEOPLE.len())];
    let bytes = mail(&story.bot().address().clone(), who, "Hello", "", "No, thank you.");
    let stop = Event::Arrives {
        who: who.to_owned(),
        what: "says no".to_owned(),
        bytes,
        stops: Some(address(who)),
    };
    story.world.plan(at(&format!("2026-03-{day} 08:40")), stop);
    at(&format!("2026-03-{day} 00:00"))..at(&format!("2026-03-{day} 18:00"))
}

/// One thing that goes wrong; `true` when a letter to a rep may be sent twice because of it.
fn fault(story: &Story, dice: &mut Rng) -> bool {
    let phases = [Phase::Connect, Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Content];
    let phase = phases[dice.usize(..phases.len())];
    let why = "the simulation says so".to_owned();
    match dice.u8(..6) {
        0 => story.relay.answer_next(Receipt::Deferred {
            phase,
            reply: Reply {
                code: 451,
                status: Some("4.7.0".to_owned()),
                text: why,
            },
        }),
        1 => story.relay.answer_next(Receipt::Unreached { phase, why }),
        2 => story.relay.answer_next(Receipt::InDoubt { why }),
        3 => {
            story.relay.lose_next_answer();
            return true;
        }
        4 => story.mailbox.renumber(),
        _ => story.mailbox.fail_with(Some(InboxError::lost("the server is gone"))),
    }
    false
}

async fn live(seed: u64) {
    let mut dice = Rng::with_seed(seed);
    let people: Vec<(&str, Habit)> = PEOPLE.iter().map(|who| (*who, habit(&mut dice))).collect();
    let store = Store::in_memory().await.expect("a store");
    let mut story = Story::on(store, seed, &people);
    for who in PEOPLE {
        let day = dice.u8(2..4);
        let cadence = if dice.u8(..4) > 0 { "inbound" } else { "outbound" };
        let minute = dice.u8(10..60);
        story.enroll(&format!("2026-03-0{day} 10:{minute}"), &[who], cadence);
    }
    let silent = silence(&mut story, &mut dice);
    let mut may_repeat = false;
    let end = at("2026-03-12 18:00");
    let mut now = at("2026-03-02 09:00");
    while now < end {
        story.until(&moment(now)).await;
        let gone = InboxError::lost("the server is gone");
        story.mailbox.fail_with(silent.contains(&now).then_some(gone));
        if dice.u8(..3) == 0 {
            // Troubles come in rows.
            for _ in 0..dice.u8(1..5) {
                may_repeat |= fault(&story, &mut dice);
            }
        }
        now += SignedDuration::from_mins(dice.i64(30..720));
        if dice.u8(..3) == 0 && story.is_killed(&moment(now), dice.usize(1..60)).await {
            may_repeat = true;
            story = story.started_again().await;
        }
    }
    story.mailbox.fail_with(None);
    story.until("2026-03-13 18:00").await;
    check(&story, may_repeat).await;
}

async fn check(story: &Story, may_repeat: bool) {
    story.holds().await;
    assert!(
        may_repeat || story.world.oracle.repeats == 0,
        "no rep is told twice without need"
    );
    assert!(story.mailbox.unfiled("INBOX").is_empty(), "every mail is filed");
    let store = &story.world.bot.store;
    assert!(store.left_sending().await.expect("an answer").is_empty());
    assert!(store.stranded().await.expect("an answer").is_empty());
    let enrollments = story.enrollments().await;
    assert_eq!(enrollments.len(), PEOPLE.len(), "every hand-over was taken in, once");
    for enrollment in enrollments {
        if let Standing::Sending { letter, .. } = enrollment.standing {
            let (_, state) = store.letter(letter).await.expect("an answer").expect("a letter");
            assert_eq!(state, LetterState::Ready, "what is not under way waits for its time");
        }
    }
}

fn live_all(seeds: impl Iterator<Item = u64>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for seed in seeds {
        let lived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(live(seed))));
        assert!(lived.is_ok(), "seed {seed}");
    }
}

#[test]
fn fifty_worlds_full_of_faults_have_no_mail_twice_and_none_after_a_stop_first_half() {
    live_all((0..50).step_by(2));
}

#[test]
fn fifty_worlds_full_of_faults_have_no_mail_twice_and_none_after_a_stop_second_half() {
    live_all((1..50).step_by(2));
}
