//! Every row of the grammar is told as a story: said as it stands in the table, answered once, with what it did.

use super::desk::{VOUCHED, bare, house, own, reply_to, sends, text_of};
use crate::story::{Story, address, header};
use cadence::model::grammar::{GRAMMAR, Verb};
use cadence::model::{Order, TaskOutcome};
use cadence::template::Library;
use cadence::world::Habit;

/// Where a line is sent.
#[derive(Clone, Copy)]
pub(super) enum To {
    /// In answer to Tuesday's digest, where 1 and 2 are calls.
    Digest,
    /// In answer to a mail about Li.
    Li,
    /// To the bare address, vouched for.
    Bare,
    /// In answer to the question about a list.
    Question,
    /// In answer to a draft that waits for a word.
    Draft,
}

/// A row of the grammar, what is said before it, the line, and what its answer says.
type Told = (Verb, To, &'static [&'static str], &'static str, &'static str);

#[rustfmt::skip]
const STORIES: &[Told] = &[
    (Verb::Log(TaskOutcome::Connected), To::Digest, &[], "1 connected wants pricing next week", "logged \"connected\" with your note"),
    (Verb::Log(TaskOutcome::Voicemail), To::Digest, &[], "2 vm", "logged \"voicemail\""),
    (Verb::Log(TaskOutcome::NoAnswer), To::Digest, &[], "1 no answer", "logged \"no answer\""),
    (Verb::Log(TaskOutcome::Done), To::Digest, &[], "1 done", "logged \"done\""),
    (Verb::Log(TaskOutcome::Skipped), To::Digest, &[], "1 skip", "logged \"skip\""),
    (Verb::Log(TaskOutcome::Meeting), To::Digest, &[], "1 meeting thu 15:00", "The meeting is Thu 5 Mar 15:00"),
    (Verb::Log(TaskOutcome::NotInterested), To::Digest, &[], "1 not interested", "the enrollment is over"),
    (Verb::Log(TaskOutcome::WrongNumber), To::Digest, &[], "1 wrong number", "the number is marked as wrong"),
    (Verb::Undo, To::Li, &["done"], "reopen", "open again, \"done\" is taken back"),
    (Verb::Order(Order::Snooze), To::Digest, &[], "1 snooze fri", "it comes back on Fri 6 Mar"),
    (Verb::Order(Order::Snooze), To::Bare, &[], "snooze li@acme.test in 2 weeks", "snoozed"),
    (Verb::Order(Order::Stop), To::Bare, &[], "stop li@acme.test", "stopped, no more touches"),
    (Verb::Order(Order::Finish), To::Bare, &[], "finish li@acme.test", "finished, you go on by hand"),
    (Verb::Order(Order::Pause), To::Bare, &[], "pause li@acme.test until 5 May they move house", "until Tue 5 May"),
    (Verb::Order(Order::Resume), To::Bare, &["pause all"], "resume li@acme.test", "resumed"),
    (Verb::Order(Order::Why), To::Bare, &[], "why li@acme.test", "enrolled"),
    (Verb::Order(Order::Status), To::Bare, &[], "status Acme", "Li Wei in \"outbound\""),
    (Verb::Order(Order::Held), To::Bare, &["meeting tue 15:00"], "held li@acme.test", "the meeting was held"),
    (Verb::Order(Order::NoShow), To::Bare, &["meeting tue 15:00"], "no-show li@acme.test", "\"no-show\" begins"),
    (Verb::Send, To::Draft, &[], "send", "goes out"),
    (Verb::Hold, To::Draft, &[], "hold", "is held, and nothing goes out until you say `send`"),
    (Verb::Hold, To::Bare, &[], "hold li@acme.test", "paused"),
    (Verb::Edit, To::Draft, &[], "edit\n\nHi Li, here are the prices that you asked me for on Monday.", "goes out in your words"),
    (Verb::Unedit, To::Li, &["edit touch 9\n\nHi Li, here are the prices that you asked me for on Monday."], "undo edit touch 9", "goes out as the cadence has it"),
    (Verb::Fill, To::Bare, &[], "fill li@acme.test title=\"VP Sales\"", "title is \"VP Sales\""),
    (Verb::Note, To::Bare, &[], "note li@acme.test likes short mails", "noted; it stands beside the next task"),
    (Verb::Enroll, To::Bare, &[], "enroll max@oak.test \"Max Oak\" company=Oak title=\"VP Sales\" in outbound", "Max Oak <max@oak.test> is enrolled in Outbound"),
    (Verb::Switch, To::Bare, &[], "switch li@acme.test to inbound-nurture", "\"inbound-nurture\" begins"),
    (Verb::Yes, To::Question, &[], "yes", "Enrolled: 1 person in Outbound"),
    (Verb::No, To::Question, &[], "no", "obody of them is enrolled"),
    (Verb::List, To::Bare, &[], "list", "Jane Doe in \"outbound\""),
    (Verb::Cadences, To::Bare, &[], "cadences", "outbound (Outbound, 9 touches in"),
    (Verb::Preview, To::Bare, &[], "preview outbound", "day 1: email"),
    (Verb::Report, To::Bare, &[], "report month", "30 days"),
    (Verb::SetDigest, To::Bare, &[], "set digest 07:00", "07:00"),
    (Verb::SetZone, To::Bare, &[], "set zone Europe/Lisbon", "Europe/Lisbon"),
    (Verb::Vacation, To::Bare, &[], "vacation 24 Dec to 2 Jan", "Thu 24 Dec to Sat 2 Jan"),
    (Verb::Back, To::Bare, &["vacation until fri"], "back", "Welcome back"),
    (Verb::NewCodes, To::Bare, &[], "new codes", "worthless from now on"),
    (Verb::Help, To::Bare, &[], "help", "`6 snooze fri`"),
];

const ASKING: &str = "title = \"Asking\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n\
    [[step]]\nday = 2\ntemplate = \"b\"\napprove = true\n";

/// Tuesday morning: Li and Jane are to be called.
pub(super) async fn tuesday() -> Story {
    let mut story = house(&[("li@acme.test", Habit::Ignores), ("jane@birch.test", Habit::Ignores)]).await;
    let text = "{{greeting}}\n\nplanning the shifts of three sites takes you two days a week, as you wrote.\n";
    let files = [
        ("asking/cadence.toml", ASKING),
        ("asking/a.md", "Subject: One\n\nOne?\n"),
        ("asking/b.md", text),
    ];
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    story.world.bot.house.library = Library::with(&files).expect("cadences");
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.enroll("2026-03-02 09:05", &["jane@birch.test"], "outbound");
    story.until("2026-03-03 08:00").await;
    story
}

fn with_subject(story: &Story, begin: &str) -> String {
    let mails = story.mails_to("ana@corp.test");
    let found = mails.iter().rfind(|mail| header(mail, "Subject").starts_with(begin));
    found.unwrap_or_else(|| panic!("{begin}")).clone()
}

pub(super) async fn tell(story: &mut Story, to: To, line: &str) -> Vec<String> {
    let (address, more) = match to {
        To::Digest => (reply_to(&with_subject(story, "Today")), ""),
        To::Li => (
            story.bot().for_command(story.enrollment_of("li@acme.test").await.id),
            "",
        ),
        To::Bare => (bare(story), VOUCHED),
        To::Draft => {
            story.enroll("2026-03-03 08:05", &["ada@elm.test"], "asking");
            story.until("2026-03-03 08:10").await;
            (reply_to(&with_subject(story, "Draft")), "")
        }
        To::Question => {
            let list =
                "MIME-Version: 1.0\nContent-Type: text/csv; name=\"a.csv\"\n\nemail,name\nmax@oak.test,Max Oak\n";
            let to = own(story, "outbound");
            sends(story, &to, "People", "", list).await;
            (reply_to(&with_subject(story, "Enroll 1 person")), "")
        }
    };
    let before = story.mails_to("ana@corp.test").len();
    sends(story, &address, "Re: yours", more, &format!("\n{line}\n")).await;
    story.mails_to("ana@corp.test")[before..]
        .iter()
        .map(|mail| text_of(mail))
        .collect()
}

#[tokio::test]
async fn every_row_of_the_grammar_is_told_as_a_story_and_answered_once() {
    let all: Vec<Verb> = GRAMMAR.iter().map(|entry| entry.verb).collect();
    let told = |verb: &&Verb| STORIES.iter().any(|(known, ..)| known == *verb);
    let missing: Vec<&Verb> = all.iter().filter(|verb| !told(verb)).collect();
    assert!(missing.is_empty(), "rows without a story: {missing:?}");
    for (_, to, before, line, says_so) in STORIES {
        let mut story = tuesday().await;
        for said in *before {
            let to = if said.contains("all") || said.starts_with("vacation") {
                To::Bare
            } else {
                To::Li
            };
            tell(&mut story, to, said).await;
        }
        let mut answers = tell(&mut story, *to, line).await;
        // The new addresses come in a mail of their own, as the answer says.
        answers.retain(|text| !text.starts_with("Your new Cadence addresses"));
        assert_eq!(answers.len(), 1, "{line}: one answer: {answers:#?}");
        assert!(answers[0].contains(says_so), "{line}: {says_so}: {}", answers[0]);
        story.holds().await;
    }
    println!(
        "{} of {} rows of the grammar are told as stories",
        all.len() - missing.len(),
        all.len()
    );
}

#[tokio::test]
async fn the_text_of_the_next_mail_is_shown_as_it_can_be_copied_and_changed() {
    let mut story = tuesday().await;
    tell(&mut story, To::Digest, "1 done\n2 done").await;
    story.until("2026-03-04 18:00").await;
    let shown = tell(&mut story, To::Bare, "edit li@acme.test").await;
    let li = story.enrollment_of("li@acme.test").await;
    let step = li.next_step().expect("a touch");
    let cadence = story.world.bot.house.library.cadence(&li.cadence).expect("a cadence");
    let is_mail = cadence
        .step(step)
        .is_some_and(|step| step.channel == cadence::model::Channel::Email);
    let named = if is_mail {
        "Text of the next mail"
    } else {
        "Text of a mail to come"
    };
    assert!(shown[0].starts_with(&format!("{named}: Li Wei")), "{}", shown[0]);
    let own = "Hi Li,\n\nhere is the page with the prices that you asked me for: https://corp.test/prices\n\nAna";
    let answer = tell(&mut story, To::Bare, &format!("edit li@acme.test\n{own}")).await;
    assert!(answer[0].contains("goes out in your words"), "{}", answer[0]);
    let answer = tell(&mut story, To::Bare, "edit li@acme.test\nthanks").await;
    assert!(answer[0].contains("too short for a mail"), "{}", answer[0]);
    story.until("2026-03-06 18:00").await;
    let sent = story.mails_to("li@acme.test").pop().expect("a mail");
    let text = cadence::mail::read::read(sent.as_bytes()).text;
    assert!(text.contains("https://corp.test/prices"), "{text}");
    story.holds().await;
    let _ = address("li@acme.test");
}

#[tokio::test]
async fn what_was_logged_by_mistake_is_taken_back_and_counts_as_what_is_said_instead() {
    let mut story = tuesday().await;
    let before = story.enrollment_of("li@acme.test").await.standing;
    let answer = tell(&mut story, To::Digest, "1 connected\n2 vm").await;
    assert!(answer[0].contains("logged \"connected\""), "{}", answer[0]);
    // `undo` with a number is about the task, and ends nobody.
    let answer = tell(&mut story, To::Digest, "undo 1").await;
    assert!(
        answer[0].contains("open again, \"connected\" is taken back"),
        "{}",
        answer[0]
    );
    let again = tell(&mut story, To::Digest, "1 undo").await;
    assert!(again[0].contains("nothing changed, it is open"), "{}", again[0]);
    let answer = tell(&mut story, To::Digest, "1 no answer").await;
    assert!(answer[0].contains("logged \"no answer\""), "{}", answer[0]);
    for who in ["li@acme.test", "jane@birch.test"] {
        assert!(story.enrollment_of(who).await.is_active(), "{who}");
    }
    let _ = before;
    let store = &story.world.bot.store;
    store.tally_up().await.expect("counted");
    let bot = &story.world.bot;
    let day = jiff::civil::date(2026, 3, 3);
    let lines = cadence::service::report::in_short_of(bot, &address("ana@corp.test"), day, 7)
        .await
        .expect("numbers");
    assert!(
        lines.iter().any(|line| line == "2 people enrolled (0 before)"),
        "{lines:?}"
    );
    story.holds().await;
}

const LACKING: &str = "title = \"Lacking\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n\
    [[step]]\nday = 2\ntemplate = \"b\"\n";

/// A cadence whose second mail says this.
pub(super) fn lacking(second: &str) -> Library {
    let files = [
        ("lacking/cadence.toml", LACKING),
        ("lacking/a.md", "Subject: One\n\nOne?\n"),
        ("lacking/b.md", second),
    ];
    let files: Vec<(String, String)> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    Library::with(&files).expect("cadences")
}

#[tokio::test]
async fn a_word_that_is_missing_is_said_in_a_reply_and_the_touch_goes_on_with_it() {
    let mut story = house(&[("max@oak.test", Habit::Ignores)]).await;
    story.world.bot.house.library = lacking("Two?\n");
    story.enroll("2026-03-02 09:02", &["max@oak.test"], "lacking");
    story.until("2026-03-02 18:00").await;
    // Whoever keeps the cadence rewrites it, with a word that nobody was asked for.
    story.world.bot.house.library = lacking("As a {{title}} you know this.\n");
    story.until("2026-03-03 18:00").await;
    let max = story.enrollment_of("max@oak.test").await;
    assert!(
        matches!(
            &max.standing,
            cadence::model::Standing::Paused {
                why: cadence::model::PauseReason::MissingWords(_),
                ..
            }
        ),
        "{:?}",
        max.standing
    );
    let alert = story.mails_to("ana@corp.test").pop().expect("an alert");
    let to = reply_to(&alert);
    let text = sends(&mut story, &to, "Re: yours", "", "\ntitle=Head of Operations\n").await;
    assert!(
        text.contains("title is \"Head of Operations\"") && text.contains("resumed"),
        "{text}"
    );
    story.until("2026-03-05 18:00").await;
    let sent = story.mails_to("max@oak.test").pop().expect("a mail");
    let text = cadence::mail::read::read(sent.as_bytes()).text;
    assert!(text.contains("As a Head of Operations you know this"), "{text}");
    story.holds().await;
}
