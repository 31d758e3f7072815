//! Digests as a rep gets them: short on the busiest day, whole in Gmail, in the house's own words.

use crate::story::{Story, ana};
use crate::trouble::house::House;
use cadence::model::limits;
use cadence::template::BotTexts;
use cadence::world::Habit;

/// A cadence whose second touch is a call with a long script.
const TALK: [(&str, &str); 3] = [
    (
        "talk/cadence.toml",
        "title = \"Talk\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\nchannel = \"call\"\ntemplate = \"b\"\n[[step]]\nday = 4\ntemplate = \"c\"\n",
    ),
    ("talk/a.md", "Subject: One\n\nOne?\n"),
    ("talk/c.md", "Two?\n"),
];

/// Plain text and HTML of the last mail to Ana.
fn last(story: &Story) -> (String, String) {
    let mails = story.mails_to("ana@corp.test");
    let mail = mails.last().expect("a mail").as_bytes().to_vec();
    let mail = mail_parser::MessageParser::default().parse(&mail).expect("a mail");
    let html = mail.html_bodies().find_map(|part| match &part.body {
        mail_parser::PartType::Html(html) => Some(html.to_string()),
        _ => None,
    });
    let plain = mail.body_text(0).expect("text").to_string();
    (plain, html.expect("HTML"))
}

/// How many words a rep reads to know the day: all but scripts, links and the names of buttons.
fn words_to_read(plain: &str) -> usize {
    let is_script = |line: &&str| line.starts_with("     ") || line.contains("mailto:") || line.contains(" | ");
    plain
        .lines()
        .filter(|line| !is_script(line))
        .flat_map(str::split_whitespace)
        .count()
}

#[tokio::test]
async fn four_hundred_prospects_are_a_digest_of_two_minutes_that_gmail_shows_whole() {
    let script = format!(
        "Headline: Call {{{{first_name}}}}\n\n{}\n",
        "Ask what they do about it today. ".repeat(40)
    );
    let files: Vec<(&str, &str)> = TALK.into_iter().chain([("talk/b.md", script.as_str())]).collect();
    let people: Vec<String> = (0..400).map(|nth| format!("person{nth}@firm{nth}.test")).collect();
    let cast: Vec<(&str, Habit)> = people.iter().map(|who| (who.as_str(), Habit::Ignores)).collect();
    let mut story = Story::with_cadences(&files, &cast).await;
    for who in &people {
        story.enroll("2026-03-02 10:00", &[who], "talk");
    }
    story.until("2026-03-03 08:30").await;
    let (plain, html) = last(&story);
    assert!(plain.contains("400 prospects in your cadences"), "{plain}");
    assert!(
        plain.contains("370 more, which come up as these are done"),
        "the rest is counted"
    );
    assert!(plain.contains("\n30. Call "), "{plain}");
    assert!(
        html.len() <= limits::DIGEST_HTML && html.len() > limits::DIGEST_HTML / 2,
        "{} bytes",
        html.len()
    );
    // People skim a list at some 450 words a minute.
    let words = words_to_read(&plain);
    assert!(words < 900, "{words} words are no two minutes");
}

#[tokio::test]
async fn what_goes_out_today_can_be_held_and_edited_and_the_mailbox_shows_its_pulse() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 08:30").await;
    let (plain, html) = last(&story);
    let going = plain
        .split("GOING OUT TODAY")
        .nth(1)
        .unwrap_or_else(|| panic!("no mail today:\n{plain}"));
    assert!(
        going.contains("hold: mailto:") && going.contains("edit: mailto:"),
        "{going}"
    );
    assert!(plain.contains("I last read my mailbox at 0"), "{plain}");
    assert!(html.contains("?subject=hold") && html.contains("?subject=edit"));
}

#[tokio::test]
async fn a_mail_that_goes_out_today_has_a_number_by_which_it_is_edited_and_held() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 08:05").await;
    let (plain, _) = last(&story);
    let going = plain
        .split("GOING OUT TODAY")
        .nth(1)
        .expect("a mail today")
        .trim_start();
    let number = going.split('.').next().expect("a number").to_owned();
    assert!(number.parse::<u16>().is_ok(), "{going}");
    let digest = story.mails_to("ana@corp.test").pop().expect("a digest");
    let to = crate::reps::desk::reply_to(&digest);
    let text = crate::reps::desk::sends(&mut story, &to, "Re: Today", "", &format!("\nedit {number}\n")).await;
    assert!(text.starts_with("Text of the next mail: Li Wei"), "{text}");
    let text = crate::reps::desk::sends(&mut story, &to, "Re: Today", "", &format!("\n{number} connected\n")).await;
    assert!(text.contains("this number is a mail"), "{text}");
    let own = format!("\nedit {number}\nHi Li,\n\nhere are the prices that you asked me for on Monday.\n\nAna\n");
    let text = crate::reps::desk::sends(&mut story, &to, "Re: Today", "", &own).await;
    assert!(text.contains("goes out in your words"), "{text}");
    let text = crate::reps::desk::sends(&mut story, &to, "Re: Today", "", &format!("\nhold {number}\n")).await;
    assert!(text.contains("held") || text.contains("paused"), "{text}");
    story.until("2026-03-05 20:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0, "it does not go");
    story.holds().await;
}

#[tokio::test]
async fn an_organisation_writes_its_digest_in_its_own_words() {
    let own = [(
        "digest.txt".to_owned(),
        "Guten Morgen, {{rep}}: {{counts}}\n".to_owned(),
    )];
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.texts = BotTexts::with(&own).expect("sound texts");
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-03 08:30").await;
    let (plain, html) = last(&story);
    assert!(
        plain.starts_with(&format!("Guten Morgen, {}: ", ana().name.split(' ').next().unwrap())),
        "{plain}"
    );
    assert!(
        html.contains("in your cadences"),
        "what was not replaced is the shipped one"
    );
}

#[test]
fn a_mistake_in_an_own_text_is_told_with_file_and_line() {
    let told = |file: &str, text: &str| {
        let own = [(file.to_owned(), text.to_owned())];
        let problems = BotTexts::with(&own).err().expect("a mistake");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let unknown = told("digest.html", "{{#> page}}\n<p>\n{{wether}}</p>\n{{/page}}");
    assert!(
        unknown.starts_with("bot/digest.html:3:1: nothing is known of \"wether\"; there is "),
        "{unknown}"
    );
    let open = told("alert.txt", "{{#if taps}}\n");
    assert!(open.starts_with("bot/alert.txt:2:1: it is no template"), "{open}");
    let crossed = told("alert.html", "{{#> page}}\n<div class=\"para\">{{name}}\n{{/page}}");
    assert!(crossed.contains("its tags do not close where they opened"), "{crossed}");
    let name = told("digset.html", "x");
    assert!(
        name.contains("no text of the bot is called that; there are alert.html, "),
        "{name}"
    );
}

#[test]
fn lint_check_and_run_tell_a_mistake_in_an_own_text() {
    let house = House::of_folders();
    let config = std::fs::read_to_string(house.path("cadence.toml")).unwrap();
    std::fs::write(house.path("cadence.toml"), format!("texts = \"texts\"\n{config}")).unwrap();
    std::fs::create_dir(house.path("texts")).unwrap();
    std::fs::write(house.path("texts/digest.txt"), "{{day}}: {{counts}}\n").unwrap();
    let sound = house.ask(&["lint"]);
    assert_eq!(sound.code, 0, "{}{}", sound.out, sound.err);
    std::fs::write(house.path("texts/alert.txt"), "{{headline}}\n{{name}} {{nmae}}\n").unwrap();
    let told = "bot/alert.txt:2:10: nothing is known of \"nmae\"; there is ";
    let lint = house.ask(&["lint"]);
    assert_eq!(lint.code, 65, "{}{}", lint.out, lint.err);
    assert!(lint.out.contains(told), "{}", lint.out);
    let check = house.ask(&["check"]);
    assert!(check.out.contains(told), "{}", check.out);
    let run = house.ask(&["run"]);
    assert_eq!(run.code, 78, "{}", run.err);
    assert!(run.err.contains(told), "{}", run.err);
}
