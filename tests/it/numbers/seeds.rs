//! The dice of tests are thrown by a seed of the configuration: the same seed deals the same hands.

use super::dealing::{hand_over, people, talk, told};
use super::promoted::settings;
use crate::story::Story;
use cadence::config::Reports as Settings;
use cadence::model::{Fact, Promote};
use cadence::service::report_mail::Reports;
use cadence::template::Library;
use std::collections::BTreeMap;

fn by(seed: i64) -> Reports {
    let settings = Settings {
        seed,
        ..settings(Promote::Off)
    };
    Reports::new(settings, Vec::new())
}

async fn dealt_by(seed: i64, who: &[String]) -> Story {
    let step = "[[step]]\nday = 2\ntemplate = \"two\"\ntest = \"first or second\"\n";
    let files = talk(
        step,
        &[("two.a.md", "First wording.\n"), ("two.b.md", "Second wording.\n")],
    );
    let mut story = told(Library::with(&files).unwrap(), who).await;
    story.world.bot.reports = by(seed);
    story.until("2026-03-10 20:00").await;
    story
}

/// Who got which wording, by address; and how many of each rep's people each.
async fn hands(story: &Story) -> (BTreeMap<String, String>, BTreeMap<(String, String), usize>) {
    let (mut hands, mut many) = (BTreeMap::new(), BTreeMap::new());
    for enrollment in story.enrollments().await {
        for recorded in story.world.bot.store.journal(enrollment.id).await.unwrap() {
            if let Fact::Rendered {
                variant: Some(variant), ..
            } = recorded.fact
            {
                *many
                    .entry((enrollment.rep.to_string(), variant.name.clone()))
                    .or_insert(0) += 1;
                hands.insert(enrollment.prospect.address.to_string(), variant.name);
            }
        }
    }
    (hands, many)
}

#[tokio::test]
async fn the_same_seed_deals_the_same_hands_another_others_and_each_evenly() {
    let who = people(12, "firm");
    let (of_none, even) = hands(&dealt_by(0, &who).await).await;
    assert_eq!((of_none.len(), even.len()), (12, 4));
    assert!(even.values().all(|many| *many == 3), "{even:?}");
    for seed in [7, 8] {
        let (one, even) = hands(&dealt_by(seed, &who).await).await;
        let (again, _) = hands(&dealt_by(seed, &who).await).await;
        assert_eq!(one, again, "seed {seed}");
        assert_ne!(one, of_none, "seed {seed}");
        assert!(even.values().all(|many| *many == 3), "seed {seed}: {even:?}");
    }
}

#[tokio::test]
async fn another_seed_moves_nobody_who_was_dealt_a_wording() {
    let mut who = people(6, "firm");
    let mut story = dealt_by(0, &who).await;
    let (before, _) = hands(&story).await;
    story.world.bot.reports = by(7);
    let more = people(6, "new");
    hand_over(&mut story, "2026-03-11", &more);
    story.people.extend(more.iter().map(|text| crate::story::address(text)));
    story.until("2026-03-18 20:00").await;
    let (after, _) = hands(&story).await;
    who.extend(more);
    assert_eq!(after.len(), who.len(), "the others were dealt theirs");
    assert!(before.iter().all(|(who, letter)| after.get(who) == Some(letter)));
}
