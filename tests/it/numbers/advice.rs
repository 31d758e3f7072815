//! Recommendations: each with its evidence and the file to edit, and none below the minimum sample.

use super::dealing::talk;
use cadence::model::{Promotion, Report};
use cadence::report::{Asked, Measure, Numbers, Subject, Tallied, benchmarks, build};
use cadence::template::Library;
use jiff::civil::date;
use std::sync::Arc;

/// Numbers of one house, as a test tells them.
struct House {
    library: Library,
    now: Vec<Tallied>,
    promotions: Vec<Promotion>,
    minimum: i64,
}

impl House {
    fn with(steps: &str, files: &[(&str, &str)]) -> Self {
        Self {
            library: Library::with(&talk(steps, files)).unwrap_or_else(|problems| panic!("{problems:#?}")),
            now: Vec::new(),
            promotions: Vec::new(),
            minimum: 100,
        }
    }

    /// Numbers of people of `talk`.
    fn people(mut self, numbers: &[(Measure, i64)]) -> Self {
        self.count(Subject::default(), numbers);
        self
    }

    /// Numbers of a step of `talk`, known by its file.
    fn step(self, step: u16, template: &str, numbers: &[(Measure, i64)]) -> Self {
        self.wording(step, template, "", numbers)
    }

    fn wording(mut self, step: u16, template: &str, letter: &str, numbers: &[(Measure, i64)]) -> Self {
        let subject = Subject {
            step,
            template: template.to_owned(),
            variant: letter.to_owned(),
            ..Subject::default()
        };
        self.count(subject, numbers);
        self
    }

    fn count(&mut self, subject: Subject, numbers: &[(Measure, i64)]) {
        let cadence = if subject.cadence.is_empty() {
            "talk".to_owned()
        } else {
            subject.cadence.clone()
        };
        let subject = Arc::new(Subject {
            cadence,
            rep: "ana@corp.test".to_owned(),
            ..subject
        });
        self.now.extend(numbers.iter().map(|(measure, many)| Tallied {
            subject: Arc::clone(&subject),
            measure: *measure,
            many: *many,
        }));
    }

    fn report(&self) -> Report {
        let cadences: Vec<_> = self.library.cadences().collect();
        let repeated: Vec<_> = cadences
            .iter()
            .flat_map(|cadence| self.library.repeated(cadence))
            .collect();
        let asked = Asked {
            from: date(2026, 3, 1),
            to: date(2026, 3, 31),
            cadence: Some("talk".to_owned()),
            rep: None,
            minimum: self.minimum,
        };
        build(
            &asked,
            &Numbers {
                now: &self.now,
                before: &[],
                timing: &[],
                months: &[],
                cadences: &cadences,
                trials: &self.library.trials(),
                promotions: &self.promotions,
                repeated: &repeated,
                benchmarks: &benchmarks(&[]),
            },
        )
    }

    /// What is recommended: what, evidence, file.
    fn advice(&self) -> Vec<[String; 3]> {
        let report = self.report();
        let section = report.sections.iter().find(|section| section.id == "advice").unwrap();
        let rows = section.rows.iter();
        rows.map(|row| [0, 1, 2].map(|column| row[column].text())).collect()
    }

    /// The one recommendation that begins so.
    fn recommends(&self, what: &str) -> [String; 3] {
        let found = self.advice();
        let one = found.iter().find(|row| row[0].starts_with(what));
        let one = one.unwrap_or_else(|| panic!("{what} is not among {found:#?}")).clone();
        assert!(
            one[1].chars().any(|c| c.is_ascii_digit()),
            "evidence has its counts: {one:?}"
        );
        assert!(one[2].starts_with("talk/"), "{one:?}");
        one
    }

    fn is_silent_about(&self, what: &str) {
        let found = self.advice();
        assert!(!found.iter().any(|row| row[0].starts_with(what)), "{what}: {found:#?}");
    }
}

const MAILS: &str = "[[step]]\nday = 3\ntemplate = \"two\"\n[[step]]\nday = 5\ntemplate = \"three\"\n";
const TEXTS: [(&str, &str); 2] = [("two.md", "Two?\n"), ("three.md", "Three?\n")];

#[test]
fn a_step_that_never_earns_is_to_be_rewritten() {
    use Measure::{Enrolled, Sent, SentReplied};
    let house = |sent| {
        House::with(MAILS, &TEXTS)
            .people(&[(Enrolled, 300)])
            .step(3, "three", &[(Sent, sent), (SentReplied, 0)])
    };
    let what = "rewrite or drop step 3 email";
    let [_, evidence, file] = house(300).recommends(what);
    assert!(
        evidence.starts_with("0.0 % (0 of 300;") && file == "talk/three.md",
        "{evidence} {file}"
    );
    house(99).is_silent_about(what);
    // Few answers are answers.
    House::with(MAILS, &TEXTS)
        .people(&[(Enrolled, 300)])
        .step(3, "three", &[(Sent, 300), (SentReplied, 6)])
        .is_silent_about(what);
}

#[test]
fn one_mail_after_which_people_opt_out_is_to_be_softened() {
    use Measure::{Enrolled, Sent, SentOptedOut};
    let house = |outs, sent| {
        House::with(MAILS, &TEXTS)
            .people(&[(Enrolled, 300)])
            .step(2, "two", &[(Sent, sent), (SentOptedOut, outs)])
            .step(3, "three", &[(Sent, 300), (SentOptedOut, 1)])
    };
    let what = "soften step 2 email";
    let [_, evidence, file] = house(20, 300).recommends(what);
    assert!(
        evidence.contains("(20 of 300;") && evidence.contains("(1 of 300;"),
        "{evidence}"
    );
    assert_eq!(file, "talk/two.md");
    house(20, 99).is_silent_about(what);
    house(2, 300).is_silent_about(what);
}

#[test]
fn answers_far_under_the_benchmark_ask_for_another_subject() {
    use Measure::{Delivered, Enrolled, Replied};
    let house = |delivered, replied| {
        House::with(MAILS, &TEXTS).people(&[(Enrolled, delivered), (Delivered, delivered), (Replied, replied)])
    };
    let what = "test another subject and first mail in talk";
    let [_, evidence, file] = house(1_000, 5).recommends(what);
    assert!(
        evidence.contains("(5 of 1000;") && evidence.contains("3–8 % is usual"),
        "{evidence}"
    );
    assert_eq!(file, "talk/one.md");
    house(99, 0).is_silent_about(what);
    house(1_000, 28).is_silent_about(what);
}

#[test]
fn mails_a_day_apart_that_people_opt_out_of_are_too_tight() {
    use Measure::{Delivered, Enrolled, OptedOut};
    let tight = "[[step]]\nday = 2\ntemplate = \"two\"\n[[step]]\nday = 5\ntemplate = \"three\"\n";
    let house = |steps, delivered, outs| {
        House::with(steps, &TEXTS).people(&[(Enrolled, delivered), (Delivered, delivered), (OptedOut, outs)])
    };
    let what = "put more days between steps 1 and 2";
    let [_, evidence, file] = house(tight, 400, 30).recommends(what);
    assert!(
        evidence.contains("(30 of 400;") && evidence.contains("1 day apart"),
        "{evidence}"
    );
    assert_eq!(file, "talk/cadence.toml");
    house(tight, 99, 30).is_silent_about(what);
    house(tight, 400, 8).is_silent_about(what);
    house(MAILS, 400, 30).is_silent_about("put more days");
}

#[test]
fn a_cadence_of_mails_alone_lacks_a_channel() {
    let house = |steps, files: &[(&str, &str)], many| House::with(steps, files).people(&[(Measure::Enrolled, many)]);
    let what = "add a call or a LinkedIn touch to talk";
    let [_, evidence, _] = house(MAILS, &TEXTS, 120).recommends(what);
    assert_eq!(evidence, "all 3 touches are mails, for 120 people");
    house(MAILS, &TEXTS, 99).is_silent_about(what);
    let called =
        "[[step]]\nday = 3\nchannel = \"call\"\ntemplate = \"call\"\n[[step]]\nday = 5\ntemplate = \"three\"\n";
    let texts = [("call.md", "Headline: Call\n\nCall.\n"), ("three.md", "Three?\n")];
    house(called, &texts, 120).is_silent_about(what);
}

#[test]
fn a_test_that_ended_is_to_be_ended_in_the_file() {
    use Measure::{Enrolled, Sent, SentOptedOut, SentReplied};
    let texts = [
        ("two.md", "Two?\n"),
        ("two.a.md", "First wording.\n"),
        ("two.b.md", "Second wording.\n"),
        ("three.md", "Three?\n"),
    ];
    let house = |sent, [a, b]: [i64; 2], harm| {
        House::with(MAILS, &texts)
            .people(&[(Enrolled, 2 * sent)])
            .wording(2, "two", "a", &[(Sent, sent), (SentReplied, a)])
            .wording(2, "two", "b", &[(Sent, sent), (SentReplied, b), (SentOptedOut, harm)])
    };
    let [_, evidence, file] = house(300, [6, 40], 0).recommends("keep wording b of step 2 email and end the test");
    assert!(
        evidence.contains("a: 2.0 % (6 of 300;") && evidence.contains("b: 13.3 % (40 of 300;"),
        "{evidence}"
    );
    assert_eq!(file, "talk/two.md");
    house(99, [0, 40], 0).is_silent_about("keep wording");
    house(300, [6, 40], 40).recommends("take wording b of step 2 email out: it does harm");
    house(3_200, [160, 161], 0).recommends("end the test of step 2 email: it makes no difference");
}

#[test]
fn arms_and_hours_that_ended_are_called_what_they_are() {
    use Measure::{Dealt, DealtMet, DealtReplied, Enrolled};
    let steps = "[[step]]\nday = 3\ntemplate = \"two\"\narm = \"a\"\ntest = { about = \"two or three\", metric = \"met\" }\n\
                 [[step]]\nday = 3\ntemplate = \"three\"\narm = \"b\"\ntest = \"two or three\"\n";
    let mut house = House::with(steps, &TEXTS).people(&[(Enrolled, 800)]);
    let mut deal = |test: &str, letter: &str, hits: (Measure, i64)| {
        let subject = Subject {
            step: 2,
            template: "two".to_owned(),
            variant: letter.to_owned(),
            test: test.to_owned(),
            ..Subject::default()
        };
        house.count(subject, &[(Dealt, 300), hits]);
    };
    deal("two or three", "a", (DealtMet, 3));
    deal("two or three", "b", (DealtMet, 40));
    deal("send time", "learned", (DealtReplied, 50));
    deal("send time", "written", (DealtReplied, 8));
    let [_, evidence, file] = house.recommends("keep arm b of step 2 email and end the test");
    assert!(
        evidence.contains("b: 13.3 % (40 of 300;") && file == "talk/cadence.toml",
        "{evidence} {file}"
    );
    house.recommends("leave `send_time` in talk as it is: the learned hour earns more");
    let report = house.report();
    let section = report.sections.iter().find(|section| section.id == "tests").unwrap();
    let names: Vec<String> = section.rows.iter().map(|row| row[0].text()).collect();
    let expected = ["hour learned", "hour written", "arm a", "arm b"].map(|one| format!("talk: 2 email, {one}"));
    assert_eq!(names, expected);
}

#[test]
fn a_cadence_that_nobody_uses_is_to_be_told_or_taken_away() {
    let unused = |many| {
        let mut house = House::with(MAILS, &TEXTS);
        let subject = Subject {
            cadence: "outbound".to_owned(),
            ..Subject::default()
        };
        house.count(subject, &[(Measure::Enrolled, many)]);
        house
    };
    // The report of the whole house: it is about all cadences.
    let whole = |house: &House| {
        let cadences: Vec<_> = house.library.cadences().collect();
        let asked = Asked {
            from: date(2026, 3, 1),
            to: date(2026, 3, 31),
            cadence: None,
            rep: None,
            minimum: 100,
        };
        let report = build(
            &asked,
            &Numbers {
                now: &house.now,
                before: &[],
                timing: &[],
                months: &[],
                cadences: &cadences,
                trials: &[],
                promotions: &[],
                repeated: &[],
                benchmarks: &[],
            },
        );
        let section = report
            .sections
            .into_iter()
            .find(|section| section.id == "advice")
            .unwrap();
        let rows = section
            .rows
            .into_iter()
            .map(|row| format!("{} | {}", row[0].text(), row[1].text()));
        rows.collect::<Vec<_>>()
    };
    let told = whole(&unused(150));
    let line = "tell the team when to use talk, or take it away | 0 of 150 people were enrolled in it".to_owned();
    assert!(told.contains(&line), "{told:#?}");
    assert_eq!(whole(&unused(99)), Vec::<String>::new());
}

#[test]
fn a_wording_that_comes_again_is_to_be_replaced() {
    let texts = [
        ("two.md", "Would a short call next week help you with that?\n"),
        (
            "three.md",
            "Once more.\n\nWould a short call next week help you with that?\n",
        ),
    ];
    let house = |sent| {
        House::with(MAILS, &texts)
            .people(&[(Measure::Enrolled, 200)])
            .step(3, "three", &[(Measure::Sent, sent)])
    };
    let [_, evidence, file] = house(150).recommends("say something new in step 3 email");
    assert_eq!(
        evidence,
        "\"would a short call next week help you with that\" was said in step 2 already; 150 mails said it again"
    );
    assert_eq!(file, "talk/three.md");
    house(99).is_silent_about("say something new");
}

#[test]
fn a_step_keeps_its_numbers_when_its_number_moves_and_when_it_is_gone() {
    use Measure::{Enrolled, Sent, SentReplied};
    let house = House::with(MAILS, &TEXTS)
        .people(&[(Enrolled, 300)])
        // It was the second step of an older edition, and is the third now.
        .step(2, "three", &[(Sent, 40), (SentReplied, 4)])
        .step(3, "three", &[(Sent, 60), (SentReplied, 6)])
        .step(2, "two", &[(Sent, 10)])
        .step(4, "goodbye", &[(Sent, 25), (SentReplied, 1)]);
    let report = house.report();
    let section = report.sections.iter().find(|section| section.id == "steps").unwrap();
    let rows: Vec<(String, String, String)> = section
        .rows
        .iter()
        .map(|row| (row[0].text(), row[1].text(), row[3].text()))
        .collect();
    let names: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(names, ["talk: 2 email", "talk: 3 email", "talk: goodbye (gone)"]);
    assert_eq!(rows[1].1, "100");
    assert!(rows[1].2.contains("(10 of 100;"), "{rows:?}");
    assert!(rows[2].2.contains("(1 of 25;"), "{rows:?}");
    assert!(
        report.about.iter().any(|line| line.starts_with("Steps called gone")),
        "{:?}",
        report.about
    );
}

#[test]
fn a_promoted_winner_and_one_that_was_taken_back_stand_in_the_table_of_tests() {
    use Measure::{Sent, SentReplied};
    let texts = [
        ("two.md", "Two?\n"),
        ("two.a.md", "First wording.\n"),
        ("two.b.md", "Second wording.\n"),
        ("three.md", "Three?\n"),
    ];
    let mut house = House::with(MAILS, &texts)
        .wording(2, "two", "a", &[(Sent, 300), (SentReplied, 6)])
        .wording(2, "two", "b", &[(Sent, 300), (SentReplied, 40)]);
    let said = |house: &House| {
        let report = house.report();
        let section = report
            .sections
            .into_iter()
            .find(|section| section.id == "tests")
            .unwrap();
        section.rows[0].last().unwrap().text()
    };
    assert_eq!(said(&house), "b wins");
    let word = |letter: Option<&str>, day: i8| Promotion {
        cadence: "talk".to_owned(),
        test: "/two".to_owned(),
        letter: letter.map(str::to_owned),
        by: "lead@corp.test".to_owned(),
        at: date(2026, 3, day).at(9, 0, 0, 0).in_tz("UTC").unwrap().timestamp(),
    };
    house.promotions.push(word(Some("b"), 4));
    assert_eq!(said(&house), "b wins; b goes to everybody since 4 Mar 2026");
    house.promotions.push(word(None, 9));
    assert_eq!(said(&house), "b wins; taken back on 9 Mar 2026");
}
