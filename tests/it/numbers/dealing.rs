//! Who gets which alternative: a wording, a script, one of several steps; even for each rep, and kept.

use crate::story::{Story, address, at, ben};
use cadence::model::{
    CadenceName, Channel, Dealing, Enrollment, Fact, LetterId, Recorded, StepNo, TaskOutcome, Variant,
};
use cadence::report::{Measure, count};
use cadence::store::{Batch, Change};
use cadence::template::Library;
use cadence::world::{Event, Habit};
use jiff::SignedDuration;
use std::collections::BTreeMap;

pub const HEAD: &str = "title = \"Talk\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"one\"\n";

/// A cadence of a first mail and these steps.
pub fn talk(steps: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
    let toml = format!("{HEAD}{steps}");
    let mut all = vec![
        ("talk/cadence.toml".to_owned(), toml),
        ("talk/one.md".to_owned(), "Subject: One\n\nOne?\n".to_owned()),
    ];
    all.extend(
        files
            .iter()
            .map(|(file, text)| (format!("talk/{file}"), (*text).to_owned())),
    );
    all
}

/// Two reps hand over these people to `talk` on Monday.
pub async fn told(library: Library, people: &[String]) -> Story {
    let cast: Vec<(&str, Habit)> = people.iter().map(|who| (who.as_str(), Habit::Ignores)).collect();
    let mut story = Story::new(&cast).await;
    story.world.bot.house.library = library;
    story.world.bot.house.reps.push(ben());
    hand_over(&mut story, "2026-03-02", people);
    story
}

pub fn hand_over(story: &mut Story, day: &str, people: &[String]) {
    for (nth, who) in people.iter().enumerate() {
        let enroll = Event::Enroll {
            rep: address(["ana@corp.test", "ben@corp.test"][nth % 2]),
            to: vec![address(who)],
            cadence: CadenceName::parse("talk").unwrap(),
            subject: "Hello".to_owned(),
        };
        story.world.plan(at(&format!("{day} {:02}:00", 9 + nth % 6)), enroll);
    }
}

pub fn people(many: usize, of: &str) -> Vec<String> {
    (0..many).map(|nth| format!("p{nth}@{of}{nth}.test")).collect()
}

async fn journal(story: &Story, enrollment: &Enrollment) -> Vec<Recorded> {
    story.world.bot.store.journal(enrollment.id).await.unwrap()
}

/// How many of each rep's people were dealt each letter for this.
async fn dealt(story: &Story, of: Dealing) -> BTreeMap<(String, String), usize> {
    let mut given = BTreeMap::new();
    for enrollment in story.enrollments().await {
        let facts = journal(story, &enrollment).await;
        let letters: Vec<&str> = facts
            .iter()
            .filter_map(|recorded| match &recorded.fact {
                Fact::Dealt { of: what, variant, .. } if *what == of => Some(variant.name.as_str()),
                _ => None,
            })
            .collect();
        assert!(letters.len() <= 1, "it is dealt once");
        if let [letter] = letters.as_slice() {
            let key = (enrollment.rep.to_string(), (*letter).to_owned());
            *given.entry(key).or_insert(0) += 1;
        }
    }
    given
}

fn even(of: &[&str]) -> BTreeMap<(String, String), usize> {
    let reps = ["ana@corp.test", "ben@corp.test"];
    let all = reps
        .iter()
        .flat_map(|rep| of.iter().map(move |letter| ((*rep).to_owned(), (*letter).to_owned())));
    all.map(|key| (key, 3)).collect()
}

#[tokio::test]
async fn a_mail_that_is_written_again_keeps_the_wording_it_had_whatever_would_be_even() {
    let files = talk(
        "[[step]]\nday = 3\ntemplate = \"two\"\n",
        &[
            ("two.md", "Two?\n"),
            ("two.a.md", "First wording.\n"),
            ("two.b.md", "Second wording.\n"),
        ],
    );
    let people = people(6, "firm");
    let mut story = told(Library::with(&files).unwrap(), &people).await;
    story.until("2026-03-02 18:00").await;
    // All of them were rendered with b and went back to wait, as when an absence note comes before the mail goes out.
    for enrollment in story.enrollments().await {
        let due = at("2026-03-04 10:00");
        let facts = vec![
            Fact::Rendered {
                step: StepNo(2),
                letter: LetterId::of_step(enrollment.id, StepNo(2)),
                subject: "Re: Hello".to_owned(),
                variant: Some(Variant {
                    name: "b".to_owned(),
                    test: None,
                }),
                begins: false,
                text: None,
            },
            Fact::AutoReplied {
                until: due,
                named: true,
            },
            Fact::Scheduled {
                step: StepNo(2),
                due,
                why: "back then".to_owned(),
                of: None,
            },
        ];
        let change = Change {
            id: enrollment.id,
            version: enrollment.version,
            facts,
        };
        let batch = Batch {
            at: Some(story.world.now()),
            changes: vec![change],
            ..Batch::default()
        };
        story.world.bot.store.commit(batch).await.unwrap();
    }
    let mut story = story.started_again().await;
    story.world.bot.house.library = Library::with(&files).unwrap();
    story.world.bot.house.reps.push(ben());
    story.until("2026-03-06 18:00").await;
    for who in &people {
        let mails = story.mails_to(who);
        assert!(
            mails.iter().any(|mail| mail.contains("Second wording.")),
            "{who}: {mails:?}"
        );
        assert!(!mails.iter().any(|mail| mail.contains("First wording.")), "{who}");
    }
    story.holds().await;
}

#[tokio::test]
async fn call_scripts_are_tested_evenly_and_by_what_came_of_the_calls() {
    let files = talk(
        "[[step]]\nday = 2\nchannel = \"call\"\ntemplate = \"call\"\ntest = { about = \"opening\", metric = \"met\" }\n\
         [[step]]\nday = 9\ntemplate = \"two\"\n",
        &[
            ("call.a.md", "Headline: Call\n\nAsk about the warehouse.\n"),
            ("call.b.md", "Headline: Call\n\nTell of the other customer.\n"),
            ("two.md", "Two?\n"),
        ],
    );
    let people = people(12, "firm");
    let mut story = told(Library::with(&files).unwrap(), &people).await;
    story.until("2026-03-05 18:00").await;
    assert_eq!(dealt(&story, Dealing::Text).await, even(&["a", "b"]));
    let first = story.enrollments().await.swap_remove(0);
    let letter = first.history.dealt(StepNo(2), Dealing::Text, None).unwrap().to_owned();
    let task = story.world.bot.store.tasks_of(first.id).await.unwrap().pop().unwrap();
    let says = if letter == "a" { "warehouse" } else { "customer" };
    assert!(task.script.contains(says), "{letter}: {}", task.script);
    // What came after it belongs to the script.
    let mut facts = journal(&story, &first).await;
    facts.push(Recorded {
        at: story.world.now(),
        fact: Fact::TaskClosed {
            step: StepNo(2),
            task: task.id,
            outcome: TaskOutcome::Meeting,
            note: None,
        },
    });
    let counted = count(&facts);
    let of = |measure| {
        let hits = counted
            .iter()
            .filter(|(key, _)| key.measure == measure && key.subject.variant == letter);
        hits.map(|(key, many)| (key.subject.test.as_str(), *many))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of(Measure::Dealt), of(Measure::DealtMet)),
        (vec![("opening", 1)], vec![("opening", 1)])
    );
    assert_eq!(of(Measure::DealtReplied), []);
    story.holds().await;
}

#[tokio::test]
async fn whole_steps_are_tested_each_person_goes_by_one_arm_and_keeps_it() {
    let steps = "[[step]]\nday = 2\ntemplate = \"nudge\"\narm = \"a\"\ntest = { about = \"mail or call\", metric = \"met\" }\n\
                 [[step]]\nday = 2\nchannel = \"call\"\ntemplate = \"call\"\narm = \"b\"\ntest = \"mail or call\"\n\
                 [[step]]\nday = 4\nchannel = \"call\"\ntemplate = \"again\"\narm = \"b\"\ntest = \"mail or call\"\n\
                 [[step]]\nday = 9\ntemplate = \"two\"\n";
    let files = talk(
        steps,
        &[
            ("nudge.md", "A nudge.\n"),
            ("call.md", "Headline: Call\n\nCall them.\n"),
            ("again.md", "Headline: Call\n\nCall them again.\n"),
            ("two.md", "Two?\n"),
        ],
    );
    let people = people(12, "firm");
    let mut story = told(Library::with(&files).unwrap(), &people).await;
    story.until("2026-03-10 18:00").await;
    assert_eq!(dealt(&story, Dealing::Step).await, even(&["a", "b"]));
    for enrollment in story.enrollments().await {
        let arm = enrollment.history.arm("mail or call").unwrap();
        let facts = journal(&story, &enrollment).await;
        let made = |step: u16, channel: Channel| {
            facts.iter().any(|recorded| match &recorded.fact {
                Fact::Sent { step: of, .. } => channel == Channel::Email && of.0 == step,
                Fact::TaskOpened { step: of, .. } => channel == Channel::Call && of.0 == step,
                _ => false,
            })
        };
        let touches = (made(2, Channel::Email), made(3, Channel::Call), made(4, Channel::Call));
        let expected = if arm == "a" {
            (true, false, false)
        } else {
            (false, true, true)
        };
        assert_eq!(touches, expected, "arm {arm}");
        let left_out = facts.iter().find_map(|recorded| match &recorded.fact {
            Fact::LeftOut { why, .. } => Some(why.clone()),
            _ => None,
        });
        let other = if arm == "a" { "b" } else { "a" };
        let said = format!("`arm {other} of \"mail or call\"` does not hold: they got arm {arm}");
        assert_eq!(left_out.as_deref(), Some(said.as_str()));
    }
    story.holds().await;
}

#[test]
fn arms_are_checked_when_the_cadence_is_read() {
    let said = |steps: &str| {
        let files = talk(steps, &[("two.md", "Two?\n"), ("three.md", "Three?\n")]);
        let problems = Library::with(&files).err().unwrap_or_default();
        problems
            .iter()
            .map(|problem| problem.what.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let two = |more: &str| format!("[[step]]\nday = 2\ntemplate = \"two\"\n{more}\n");
    for (steps, expected) in [
        (two("arm = \"a\""), "say what the arms differ in"),
        (
            two("arm = \"a\"\ntest = \"x\""),
            "arm a is the only one of \"x\": a test needs two",
        ),
        (two("arm = \"first\"\ntest = \"x\""), "expected a letter"),
        (
            two("arm = \"a\"\ntest = { about = \"x\", metric = \"open\" }"),
            "clicks and opens are of mails",
        ),
    ] {
        assert!(said(&steps).contains(expected), "{expected}: {}", said(&steps));
    }
    let both = "[[step]]\nday = 2\ntemplate = \"two\"\narm = \"a\"\ntest = \"x\"\n\
                [[step]]\nday = 2\ntemplate = \"three\"\narm = \"b\"\ntest = \"x\"\n";
    assert_eq!(said(both), "");
}

#[test]
fn what_was_dealt_stays_whatever_is_dealt_later() {
    use super::cast::{begin, enrolled};
    let deal = |name: &str| Fact::Dealt {
        step: StepNo(2),
        of: Dealing::Step,
        variant: Variant {
            name: name.to_owned(),
            test: Some("mail or call".to_owned()),
        },
    };
    let facts = [enrolled("outbound", 0, ""), deal("b"), deal("a")];
    let journal: Vec<Recorded> = facts
        .into_iter()
        .map(|fact| Recorded {
            at: begin() + SignedDuration::from_hours(1),
            fact,
        })
        .collect();
    let folded = Enrollment::fold(cadence::model::EnrollmentId(1), &journal).unwrap();
    assert_eq!(folded.history.arm("mail or call"), Some("b"));
}

#[tokio::test]
async fn a_mail_that_waits_for_the_reps_word_has_the_wording_of_its_draft() {
    let files = talk(
        "[[step]]\nday = 4\ntemplate = \"two\"\napprove = true\ntest = \"first or second\"\n",
        &[
            ("two.md", "Two?\n"),
            ("two.a.md", "First wording.\n"),
            ("two.b.md", "Second wording.\n"),
        ],
    );
    let people = people(12, "firm");
    let mut story = told(Library::with(&files).unwrap(), &people).await;
    story.until("2026-03-04 18:00").await;
    assert_eq!(dealt(&story, Dealing::Text).await, even(&["a", "b"]));
    for enrollment in story.enrollments().await {
        let letter = enrollment.history.dealt(StepNo(2), Dealing::Text, None).unwrap();
        let task = story
            .world
            .bot
            .store
            .tasks_of(enrollment.id)
            .await
            .unwrap()
            .pop()
            .unwrap();
        let says = if letter == "a" { "First" } else { "Second" };
        assert!(task.script.contains(says), "{letter}: {}", task.script);
    }
    story.holds().await;
}
