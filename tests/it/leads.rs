//! Web forms: who fills one in is enrolled and answered within a minute, and a form that proves nothing enrolls nobody.

use crate::story::{Story, address, at, ben};
use cadence::mail::lead;
use cadence::mail::read::read;
use cadence::model::*;
use cadence::world::Habit;
use expect_test::expect;
use jiff::civil::date;

fn source() -> LeadSource {
    LeadSource {
        name: "website".to_owned(),
        from: vec!["forms@corp.test".to_owned(), "@forms.test".to_owned()],
        format: LeadFormat::Labels,
        fields: Default::default(),
        signals: Vec::new(),
        cadence: None,
        reps: Vec::new(),
        territories: Vec::new(),
    }
}

/// A house with a form, in which Ana and Ben take turns.
async fn house() -> Story {
    let mut story = Story::new(&[("jo@acme.test", Habit::Ignores)]).await;
    let house = &mut story.world.bot.house;
    house.lead_sources = vec![source()];
    house.administrator = Some(address("admin@corp.test"));
    house.reps.push(ben());
    house.trust.authserv_ids = vec!["mx.reps.test".to_owned()];
    story
}

/// The mail of the form, with what our own server says about it.
fn form(result: &str, who: &str, more: &str) -> String {
    format!(
        "Authentication-Results: mx.reps.test; {result}\nReceived: from out.forms.test by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0000\n\
         Delivered-To: cadence@reps.test\nFrom: Website <forms@corp.test>\nTo: cadence@reps.test\nSubject: New enquiry\n\
         Date: Mon, 2 Mar 2026 09:00:00 +0100\nMessage-ID: <{}@forms.test>\nAuto-Submitted: auto-generated\n\n\
         Name: Jo March\nE-mail: {who}\nCompany: Acme\nCountry: Germany\n{more}Message: How does it work?\n",
        Fingerprint::of("form", &[who, more]).hex()
    )
}

const PASS: &str = "dmarc=pass header.from=corp.test";

fn sent_to(story: &Story, who: &str) -> Vec<String> {
    let letters = story.relay.sent();
    let theirs = letters.iter().filter(|letter| letter.to.as_str() == who);
    theirs.map(|letter| read(&letter.bytes).subject).collect()
}

async fn of(story: &Story, who: &str) -> Option<Enrollment> {
    let found = story.world.bot.store.of_person(&address(who).loose()).await;
    found.expect("an answer").into_iter().next()
}

#[tokio::test]
async fn whoever_fills_in_a_form_is_answered_within_a_minute_and_the_rep_knows() {
    let mut story = house().await;
    story.arrives("2026-03-02 09:00", "form", &form(PASS, "jo@acme.test", ""));
    story.until("2026-03-02 09:01").await;
    let enrollment = of(&story, "jo@acme.test").await.expect("enrolled");
    assert_eq!(enrollment.cadence.as_str(), "inbound");
    assert_eq!(sent_to(&story, "jo@acme.test").len(), 1, "the first touch is out");
    assert_eq!(enrollment.prospect.zone.name, "Europe/Berlin");
    let told = sent_to(&story, enrollment.rep.as_str());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        sent_to(&story, "forms@corp.test").is_empty(),
        "the program is never answered"
    );
    assert!(sent_to(&story, "admin@corp.test").is_empty());
    // How long they waited can be told.
    let journal = story.world.bot.store.journal(enrollment.id).await.expect("a journal");
    let asked = journal.iter().find_map(|recorded| match &recorded.fact {
        Fact::Lead { source, asked, .. } => Some((source.clone(), *asked)),
        _ => None,
    });
    assert_eq!(asked, Some(("website".to_owned(), Some(at("2026-03-02 09:00")))));
    let sent = journal
        .iter()
        .find(|recorded| matches!(recorded.fact, Fact::Sent { .. }))
        .expect("sent");
    assert!(sent.at.duration_since(at("2026-03-02 09:00")).as_secs() <= 60);
    story.holds().await;
}

#[tokio::test]
async fn a_form_outside_the_hours_is_answered_when_they_begin_and_many_at_once_do_not_wait_for_each_other() {
    let mut story = house().await;
    for nth in 0..12 {
        let who = format!("jo{nth}@acme{nth}.test");
        story.arrives("2026-03-02 20:00", "form", &form(PASS, &who, ""));
    }
    story.until("2026-03-03 08:59").await;
    assert!(sent_to(&story, "jo3@acme3.test").is_empty());
    story.until("2026-03-03 09:01").await;
    for nth in 0..12 {
        let who = format!("jo{nth}@acme{nth}.test");
        assert_eq!(sent_to(&story, &who).len(), 1, "{who}");
    }
}

#[tokio::test]
async fn a_form_that_proves_nothing_enrolls_nobody_and_the_administrator_learns_it() {
    for (result, told) in [
        ("dmarc=fail header.from=corp.test", 1),
        ("dmarc=none header.from=corp.test", 1),
    ] {
        let mut story = house().await;
        story.arrives("2026-03-02 09:00", "form", &form(result, "jo@acme.test", ""));
        story.until("2026-03-02 09:05").await;
        assert!(of(&story, "jo@acme.test").await.is_none(), "{result}");
        assert_eq!(sent_to(&story, "admin@corp.test").len(), told, "{result}");
        assert_eq!(story.relay.sent().len(), told, "nobody else hears of it");
        assert_eq!(story.kinds().await.get("lead_refused"), Some(&1));
    }
}

#[tokio::test]
async fn who_is_not_enrolled_is_told_about_and_who_asks_again_reaches_their_rep() {
    let mut story = house().await;
    story.arrives("2026-03-02 09:00", "form", &form(PASS, "jo@acme.test", ""));
    story.arrives(
        "2026-03-02 10:00",
        "form",
        &form(PASS, "jo@acme.test", "Phone: +49 30 5550100\n"),
    );
    story.arrives("2026-03-02 11:00", "form", &form(PASS, "colleague@corp.test", ""));
    story.until("2026-03-02 11:05").await;
    let rep = of(&story, "jo@acme.test").await.expect("enrolled").rep;
    assert_eq!(sent_to(&story, rep.as_str()).len(), 2, "enrolled, and asked again");
    assert_eq!(
        sent_to(&story, "admin@corp.test").len(),
        2,
        "both forms that enrolled nobody"
    );
    assert!(of(&story, "colleague@corp.test").await.is_none());
    story.holds().await;
}

#[tokio::test]
async fn reps_take_turns_after_a_start_too_and_territories_come_first() {
    let mut story = house().await;
    let whose = async |story: &mut Story, when: &str, who: &str, more: &str| {
        story.arrives(when, "form", &form(PASS, who, more).replace("Country: Germany\n", ""));
        story.until(&when.replace(":00", ":01")).await;
        of(story, who).await.expect("enrolled").rep.local().to_owned()
    };
    let mut turns = Vec::new();
    turns.push(whose(&mut story, "2026-03-02 09:00", "a@one.test", "").await);
    turns.push(whose(&mut story, "2026-03-02 10:00", "b@two.test", "").await);
    let mut story = story.started_again().await;
    turns.push(whose(&mut story, "2026-03-02 11:00", "c@three.test", "").await);
    turns.push(whose(&mut story, "2026-03-02 12:00", "d@four.test", "").await);
    // Ana is away, so that Ben has the next two.
    story.world.bot.house.hours.away.push(Away {
        rep: address("ana@corp.test"),
        from: date(2026, 3, 2),
        to: date(2026, 3, 2),
    });
    turns.push(whose(&mut story, "2026-03-02 13:00", "e@five.test", "").await);
    story.world.bot.house.hours.away.clear();
    story.world.bot.house.lead_sources[0].territories.push(Territory {
        country: vec!["FR".to_owned()],
        rep: address("ben@corp.test"),
    });
    turns.push(
        whose(
            &mut story,
            "2026-03-02 14:00",
            "f@six.test",
            "Phone: +33 1 55 01 00 00\n",
        )
        .await,
    );
    turns.push(whose(&mut story, "2026-03-02 15:00", "g@seven.test", "").await);
    expect![["ana ben ana ben ben ben ana"]].assert_eq(&turns.join(" "));
}

#[tokio::test]
async fn a_route_picks_the_cadence_and_says_which_it_was() {
    let mut story = house().await;
    let name = |text: &str| CadenceName::parse(text).expect("a name");
    let route = |cadence: &str| Route {
        cadence: name(cadence),
        source: Vec::new(),
        title: Vec::new(),
        industry: Vec::new(),
        country: Vec::new(),
        stage: Vec::new(),
        persona: Vec::new(),
        company_size: None,
    };
    story.world.bot.house.routes = vec![
        Route {
            title: vec!["student".to_owned()],
            ..route("inbound-nurture")
        },
        Route {
            country: vec!["DE".to_owned()],
            company_size: Some((500, u32::MAX)),
            source: vec!["website".to_owned()],
            ..route("event")
        },
        route("inbound"),
    ];
    let forms = [
        ("a@one.test", "Job title: PhD Student\n"),
        ("b@two.test", "Employees: 1,200\n"),
        ("c@three.test", "Employees: 20\nJob title: Studentenwerk\n"),
    ];
    let mut said = Vec::new();
    for (nth, (who, more)) in forms.into_iter().enumerate() {
        story.arrives(&format!("2026-03-02 09:0{nth}"), "form", &form(PASS, who, more));
    }
    story.until("2026-03-02 09:10").await;
    for (who, _) in forms {
        let enrollment = of(&story, who).await.expect("enrolled");
        let journal = story.world.bot.store.journal(enrollment.id).await.expect("a journal");
        let why = journal.iter().find_map(|recorded| match &recorded.fact {
            Fact::Lead { why, .. } => Some(why.clone()),
            _ => None,
        });
        said.push(format!("{who}: {}", why.expect("a reason")));
    }
    expect![[r#"
        a@one.test: Ana Costa is asked by turn; inbound-nurture: route 1: title student
        b@two.test: Ben Weber is asked by turn; event: route 2: source website, country DE, 1200 people
        c@three.test: Ana Costa is asked by turn; inbound: route 3"#]]
    .assert_eq(&said.join("\n"));
}

/// What a form tells, by a source of this format and these words.
fn told(format: LeadFormat, fields: &[(&str, &str)], mail: &str) -> String {
    let fields = fields
        .iter()
        .map(|(word, theirs)| ((*word).to_owned(), (*theirs).to_owned()));
    let source = LeadSource {
        format,
        fields: fields.collect(),
        ..source()
    };
    let mail = read(mail.replace('\n', "\r\n").as_bytes());
    let bot = BotAddress::new(address("cadence@reps.test"), &Key::root(&[7; 32]));
    let own = cadence::mail::classify::Own {
        bot: &bot,
        aliases: &[],
        domains: &["corp.test".to_owned()],
        reps: &[],
        lead_sources: &[],
        trust: &Default::default(),
    };
    match lead::read(&mail, &source, &own) {
        Ok(lead) => format!("{} {:?} {:?}", lead.address, lead.name, lead.fields),
        Err(why) => format!("refused: {why}"),
    }
}

#[test]
fn forms_are_read_however_they_are_written_down() {
    let head = "From: forms@corp.test\nReply-To: visitor@acme.test\nSubject: x\n";
    let rows = [
        told(
            LeadFormat::Labels,
            &[],
            &format!("{head}\nFirst name: Jo\nLast name: March\nE-Mail: jo@acme.test\nFirma: Acme\n"),
        ),
        told(
            LeadFormat::Labels,
            &[("company", "Who do you work for?")],
            &format!("{head}\n*Who do you work for?*\n\nAcme Ltd\n\n*Email*\njo@acme.test\n\n*Company*\nnot this\n"),
        ),
        told(LeadFormat::Labels, &[], &format!("{head}\nName: Jo\n")),
        told(LeadFormat::Labels, &[], "From: forms@corp.test\n\nName: Jo\n"),
        told(LeadFormat::Labels, &[], &format!("{head}\nEmail: boss@corp.test\n")),
        told(
            LeadFormat::Labels,
            &[],
            &format!("{head}\nEmail: jo@acme.test, li@acme.test\n"),
        ),
        told(
            LeadFormat::Json,
            &[("email", "contact.email"), ("company", "answers.1.value")],
            &format!(
                "{head}\nA new lead:\n{{\"contact\": {{\"email\": \"jo@acme.test\"}}, \"employees\": 40,\n\"answers\": [{{\"value\": 1}}, \
                 {{\"value\": \"Acme\\r\\nBcc: x@y.test\"}}]}}\n"
            ),
        ),
        told(LeadFormat::Json, &[], &format!("{head}\nno object here\n")),
        told(
            LeadFormat::Header,
            &[("email", "X-Form-Email"), ("name", "X-Form-Name")],
            &format!("X-Form-Email: jo@acme.test\nX-Form-Name: =?utf-8?q?J=C3=B6?=\n{head}\nhello\n"),
        ),
    ];
    expect![[r#"
        jo@acme.test Some("Jo March") {"company": "Acme"}
        jo@acme.test None {"company": "Acme Ltd"}
        visitor@acme.test Some("Jo") {}
        refused: the form tells no address: map the word under which it stands to `email`
        refused: the only address in the form is one of the house, or the form's own
        refused: the form tells several addresses where one is expected
        jo@acme.test None {"company": "Acme", "company_size": "40"}
        refused: there is no JSON object in its text
        jo@acme.test Some("Jö") {}"#]]
    .assert_eq(&rows.join("\n"));
}
