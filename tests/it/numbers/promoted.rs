//! A test has a winner: managers are told, one tap gives it to everybody, one more takes it back.

use super::cast::{self, begin, rendered, replied, sent};
use super::dealing::{hand_over, people, talk};
use crate::story::{Story, address, ben, header, mail};
use cadence::config::Reports as Settings;
use cadence::model::{Address, Fact, Promote, Promotion, Recorded};
use cadence::service::report_mail::Reports;
use cadence::template::Library;
use cadence::world::Habit;
use jiff::SignedDuration;
use jiff::civil::time;

pub fn settings(promote: Promote) -> Settings {
    Settings {
        reps: false,
        managers: vec![address("lead@corp.test")],
        daily: false,
        weekly: false,
        monthly: false,
        quarterly: false,
        at: time(8, 0, 0, 0),
        zone: None,
        minimum: 100,
        seed: 0,
        promote,
    }
}

/// A house in which wording b was answered by all, and a by nobody, 110 times each.
async fn story(promote: Promote, newcomers: &[String]) -> Story {
    let files = talk(
        "[[step]]\nday = 2\ntemplate = \"two\"\ntest = \"question or statement\"\n",
        &[
            ("two.md", "Two?\n"),
            ("two.a.md", "First wording.\n"),
            ("two.b.md", "Second wording.\n"),
        ],
    );
    let cast: Vec<(&str, Habit)> = newcomers.iter().map(|who| (who.as_str(), Habit::Ignores)).collect();
    let mut story = Story::new(&cast).await;
    story.world.bot.house.library = Library::with(&files).unwrap();
    story.world.bot.house.reps.push(ben());
    story.world.bot.reports = Reports::new(settings(promote), Vec::new());
    let life = |nth: usize| {
        let letter = ["a", "b"][nth / 2 % 2];
        let mut facts = vec![cast::enrolled("talk", nth, ""), rendered(2, nth, letter), sent(2, nth)];
        if letter == "b" {
            facts.push(replied(2, None));
        }
        facts.push(Fact::Ended {
            outcome: cadence::model::Ending::Stopped,
        });
        let at = begin() - SignedDuration::from_hours(24 * 10);
        facts.into_iter().map(|fact| Recorded { at, fact }).collect::<Vec<_>>()
    };
    let lives: Vec<Vec<Recorded>> = (0..220).map(life).collect();
    let mut versions = vec![0; lives.len()];
    cast::write(&story.world.bot.store, &lives, begin(), &mut versions).await;
    story
}

/// The one mail to the manager, and the address that it gives them.
fn announced(story: &Story) -> (String, Address) {
    let mails = story.mails_to("lead@corp.test");
    let mail = mails.last().expect("a mail to the manager").clone();
    let reply_to = header(&mail, "Reply-To");
    let own = reply_to
        .rsplit(['<', ' '])
        .next()
        .unwrap()
        .trim_end_matches('>')
        .to_owned();
    (mail, address(&own))
}

async fn says(story: &mut Story, from: &str, to: &Address, line: &str) {
    let mail = mail(
        to,
        from,
        "about the test",
        "Date: Mon, 02 Mar 2026 09:00:00 +0100\n",
        line,
    );
    story.reads(mail).await;
}

async fn words(story: &Story) -> Vec<(Option<String>, String)> {
    let said: Vec<Promotion> = story.world.bot.store.promotions().await.unwrap();
    said.into_iter().map(|said| (said.letter, said.by)).collect()
}

/// How many of these got each wording.
fn wordings(story: &Story, people: &[String]) -> (usize, usize) {
    let has = |text: &str| {
        let got = people
            .iter()
            .filter(|who| story.mails_to(who).iter().any(|mail| mail.contains(text)));
        got.count()
    };
    (has("First wording."), has("Second wording."))
}

#[tokio::test]
async fn one_tap_of_a_manager_gives_the_winner_to_everybody_and_one_more_takes_it_back() {
    let (early, late) = (people(4, "early"), people(12, "late"));
    let all: Vec<String> = early.iter().chain(&late).cloned().collect();
    let mut story = story(Promote::Ask, &all).await;
    story.until("2026-03-02 08:30").await;
    let (mail, own) = announced(&story);
    assert_eq!(
        header(&mail, "Subject"),
        "A test has a winner: question or statement, talk"
    );
    assert!(
        words(&story).await.is_empty(),
        "nothing is promoted before somebody says so"
    );

    says(&mut story, "stranger@else.test", &own, "keep b").await;
    says(&mut story, "ana@corp.test", &own, "keep b").await;
    says(&mut story, "lead@corp.test", &own, "sounds good to me").await;
    assert!(words(&story).await.is_empty(), "only a manager's plain word counts");
    says(&mut story, "lead@corp.test", &own, "keep b\n\nBest, Lee").await;
    assert_eq!(
        words(&story).await,
        [(Some("b".to_owned()), "lead@corp.test".to_owned())]
    );
    let (answer, _) = announced(&story);
    assert_eq!(header(&answer, "Subject"), "Done: question or statement, talk");

    hand_over(&mut story, "2026-03-02", &early);
    story.until("2026-03-04 18:00").await;
    assert_eq!(wordings(&story, &early), (0, 4), "everybody gets it");
    says(&mut story, "lead@corp.test", &own, "take back").await;
    assert_eq!(words(&story).await.len(), 2, "what was said stays in the journal");
    hand_over(&mut story, "2026-03-05", &late);
    story.until("2026-03-10 18:00").await;
    let (first, second) = wordings(&story, &late);
    assert!(
        first > 2 && second > 2 && first + second == 12,
        "the test goes on: {first}, {second}"
    );
    let told = story.mails_to("lead@corp.test").into_iter();
    let told = told.filter(|mail| header(mail, "Subject").starts_with("A test has a winner"));
    assert_eq!(told.count(), 1, "a winner is told once");
    let strangers = story.mails_to("stranger@else.test");
    assert!(strangers.is_empty(), "a stranger is never answered");
    story.holds().await;
}

#[tokio::test]
async fn where_the_house_says_so_the_winner_goes_to_everybody_at_once_and_is_never_promoted_again_after_a_no() {
    let people = people(12, "firm");
    let mut story = story(Promote::Auto, &people).await;
    story.until("2026-03-02 08:30").await;
    assert_eq!(words(&story).await, [(Some("b".to_owned()), "the bot".to_owned())]);
    let (mail, own) = announced(&story);
    assert!(mail.contains("goes to everybody from now on"), "{mail}");
    says(&mut story, "lead@corp.test", &own, "take back").await;
    hand_over(&mut story, "2026-03-02", &people);
    story.until("2026-03-06 18:00").await;
    let (first, second) = wordings(&story, &people);
    assert!(first > 2 && second > 2 && first + second == 12, "{first}, {second}");
    assert_eq!(words(&story).await.len(), 2, "a manager's no stays");
}

#[tokio::test]
async fn a_house_that_wants_none_of_it_is_told_nothing() {
    let mut story = story(Promote::Off, &[]).await;
    story.until("2026-03-02 12:00").await;
    assert!(words(&story).await.is_empty() && story.mails_to("lead@corp.test").is_empty());
}
