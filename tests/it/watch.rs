//! The own mailboxes of reps: what is seen there stops, shifts and shows, and nothing in them is changed.

mod backlog;
mod barrier;
mod dovecot;
mod sightings;

use super::story::*;
use cadence::inbox::{Inbox, memory as mailbox};
use cadence::model::{Fact, PauseReason, Standing};
use cadence::service::watch::Watch;
use cadence::world::Habit;
use jiff::Timestamp;

/// Li is enrolled on Monday at ten by Ana, whose own mailbox is watched. The first follow-up goes out on Thursday.
async fn watched() -> (Story, mailbox::Memory) {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    let own = watch(&mut story, "ana@corp.test");
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-03 12:00").await;
    (story, own)
}

/// The bot begins to watch the mailbox of a rep.
fn watch(story: &mut Story, rep: &str) -> mailbox::Memory {
    let own = mailbox::Memory::new();
    let inbox = Inbox::Memory(own.clone());
    story.world.watch(Watch::new(address(rep), inbox, "Sent"));
    own
}

/// A mail to Ana; `more` are further header lines, each ended.
fn to_ana(from: &str, id: &str, more: &str) -> Vec<u8> {
    bytes(&format!(
        "From: {from}\nTo: Ana Costa <ana@corp.test>\nSubject: Re: Hello\nMessage-ID: <{id}@acme.test>\n{more}\nA text.\n"
    ))
}

/// The id of Ana's first mail.
async fn first_id(story: &Story) -> String {
    story.enrollment().await.thread.ids[0].bracketed()
}

/// Li's answer to Ana's first mail, as it lies in Ana's mailbox.
async fn answer(story: &Story) -> Vec<u8> {
    let id = first_id(story).await;
    to_ana(
        "Li Wei <li@acme.test>",
        "r1",
        &format!("In-Reply-To: {id}\nReferences: {id}\n"),
    )
}

/// What Ana writes to Li by hand.
fn by_hand(id: &str) -> Vec<u8> {
    bytes(&format!(
        "From: Ana Costa <ana@corp.test>\nTo: Li Wei <li@acme.test>\nSubject: Re: Hello\nMessage-ID: <{id}@corp.test>\n\nOne more thing.\n"
    ))
}

async fn journal(story: &Story) -> Vec<Fact> {
    let id = story.enrollment().await.id;
    let journal = story.world.bot.store.journal(id).await.expect("a journal");
    journal.into_iter().map(|recorded| recorded.fact).collect()
}

async fn count(story: &Story, is_it: impl Fn(&Fact) -> bool) -> usize {
    journal(story).await.iter().filter(|fact| is_it(fact)).count()
}

fn is_answer(fact: &Fact) -> bool {
    matches!(fact, Fact::Replied { .. })
}

fn is_by_hand(fact: &Fact) -> bool {
    matches!(fact, Fact::RepWrote { .. })
}

async fn is_paused_by_answer(story: &Story) -> bool {
    let standing = story.enrollment().await.standing;
    matches!(
        standing,
        Standing::Paused {
            why: PauseReason::Replied,
            ..
        }
    )
}

async fn due(story: &Story) -> Timestamp {
    match story.enrollment().await.standing {
        Standing::Waiting { due, .. } => due,
        other => panic!("it does not wait: {other:?}"),
    }
}
