//! Addresses that look like another's, or are written in two ways: who is who by the bytes, and what a person would
//! mistake is told (reliability T-05 to T-07).

use crate::story::{Story, address, ana, at, mail};
use cadence::mail::authenticity::sole_author;
use cadence::mail::read::read;
use cadence::model::{Address, LooseAddress, Standing, domain_name};
use cadence::world::Habit;
use std::collections::BTreeSet;

/// A letter and others that look like it: Cyrillic, Greek, Armenian, Latin beyond ASCII, fullwidth, mathematical.
const TWINS: [(char, &str); 22] = [
    ('a', "аαɑａ𝐚𝑎𝗮𝚊"),
    ('b', "ｂ𝐛𝑏𝗯𝚋"),
    ('c', "сϲｃ𝐜𝑐𝗰𝚌"),
    ('d', "ԁｄ𝐝𝑑𝗱𝚍"),
    ('e', "еｅ𝐞𝑒𝗲𝚎"),
    ('g', "ɡｇ𝐠𝑔𝗴𝚐"),
    ('h', "һհｈ𝐡𝗵𝚑"),
    ('i', "іıｉ𝐢𝑖𝗶𝚒"),
    ('j', "јｊ𝐣𝑗𝗷𝚓"),
    ('k', "ｋ𝐤𝑘𝗸𝚔"),
    ('l', "ӏｌ𝐥𝑙𝗹𝚕"),
    ('n', "ոｎ𝐧𝑛𝗻𝚗"),
    ('o', "оοօｏ𝐨𝑜𝗼𝚘"),
    ('p', "рρｐ𝐩𝑝𝗽𝚙"),
    ('q', "ԛｑ𝐪𝑞𝗾𝚚"),
    ('r', "гｒ𝐫𝑟𝗿𝚛"),
    ('s', "ѕｓ𝐬𝑠𝘀𝚜"),
    ('u', "υսｕ𝐮𝑢𝘂𝚞"),
    ('v', "νѵｖ𝐯𝑣𝘃𝚟"),
    ('w', "ԝｗ𝐰𝑤𝘄𝚠"),
    ('x', "хｘ𝐱𝑥𝘅𝚡"),
    ('y', "уүｙ𝐲𝑦𝘆𝚢"),
];

/// Every way to write the address with one of its letters from elsewhere.
fn twins_of(own: &str) -> Vec<String> {
    let at_each = own.char_indices().flat_map(|(at, letter)| {
        let twins = TWINS.iter().find(|(known, _)| *known == letter);
        let twins = twins.map_or("", |(_, twins)| twins);
        twins.chars().map(move |twin| {
            let (before, rest) = own.split_at(at);
            format!("{before}{twin}{}", &rest[letter.len_utf8()..])
        })
    });
    at_each.collect()
}

fn loose(text: &str) -> LooseAddress {
    address(text).loose()
}

#[test]
fn t06_no_letter_of_another_script_makes_an_address_ours() {
    let reps = [
        "ana@corp.test",
        "jo.dawson@buyers-guild.example",
        "helge.wick@xavio.test",
        "veronique.quist@northwind-exports.example",
        "jaydeep.kulkarni@harbour-shipping.example",
    ];
    let mut seen = BTreeSet::new();
    let mut told = 0;
    for (own, twin) in reps
        .iter()
        .flat_map(|own| twins_of(own).into_iter().map(move |twin| (own, twin)))
    {
        seen.insert(twin.clone());
        let own = address(own);
        let in_domain = twin.rsplit_once('@').is_some_and(|(_, domain)| !domain.is_ascii());
        match Address::parse(&twin) {
            Ok(read) => {
                assert!(!read.same_as(&own), "{twin} passes for {own}");
                assert!(read.domain().is_ascii(), "{twin} is shown as {read}");
                told += usize::from(read.resembles(&own));
                if in_domain {
                    assert_ne!(read.loose(), own.loose(), "{twin} is suppressed in the place of {own}");
                }
            }
            // What the mapping of domain names makes plain ASCII of is refused, for it would be ours.
            Err(_) => assert!(in_domain, "{twin} is an address of somebody"),
        }
    }
    assert!(seen.len() >= 500, "{} twins", seen.len());
    assert!(told >= 300, "a person would mistake {told} of {} twins", seen.len());
}

#[test]
fn t06_a_domain_is_the_bytes_of_its_a_labels() {
    assert_eq!(address("jürgen@Müller.test").domain(), "xn--mller-kva.test");
    assert_eq!(address("j@müller.test"), address("j@xn--mller-kva.test"));
    // Composed or not, it is one name.
    assert_eq!(address("j@mu\u{308}ller.test"), address("j@müller.test"));
    assert_eq!(domain_name("BÜCHER.test").as_deref(), Some("xn--bcher-kva.test"));
    for wrong in [
        "xn--example-.org",
        "xn--.org",
        "example.org.",
        "ｅxample.org",
        "example。org",
        "ex\u{200d}ample.org",
        "exa\u{ad}mple.org",
        "xn--a.test",
    ] {
        assert_eq!(domain_name(wrong), None, "{wrong}");
        assert!(Address::parse(&format!("a@{wrong}")).is_err(), "{wrong}");
    }
    assert!(address("ana@cоrp.test").resembles_domain_of(&address("ben@corp.test")));
    assert!(
        !address("ana@müller.test").resembles(&address("ana@muller.test")),
        "an umlaut is seen"
    );
}

#[test]
fn t07_one_person_has_one_spelling_and_suppressions_forgive_more() {
    let (composed, apart) = (address("jos\u{e9}@acme.test"), address("jose\u{301}@acme.test"));
    assert_eq!(composed, apart);
    assert!(composed.needs_utf8() && !address("jose@acme.test").needs_utf8());
    assert_eq!(loose("JOSÉ@acme.test"), loose("josé@acme.test"));
    assert_eq!(loose("ﬁona@acme.test"), loose("fiona@acme.test"), "a ligature");
    assert_eq!(loose("straße@acme.test"), loose("STRASSE@acme.test"));
    assert_ne!(loose("josé@acme.test"), loose("jose@acme.test"));
    let stored = loose("José+x@müller.test");
    assert_eq!(
        LooseAddress::stored(stored.as_str()),
        Some(stored.clone()),
        "what is stored is found again"
    );
    assert_eq!(
        LooseAddress::everybody_at("@MÜLLER.test").map(|all| all.as_str().to_owned()),
        stored.domains().next()
    );
}

#[test]
fn t05_what_two_readers_could_take_for_two_people_is_nobodys() {
    for from in [
        "\"ana@corp.test x\"@evil.test",
        "ana@corp.test(evil.test)",
        "<ana@corp.test>evil@x.test",
        "Ana <ana@corp.test> <eve@evil.test>",
        "reps: ana@corp.test, eve@evil.test;",
        "=?utf-8?q?ana=40corp.test?= <eve@evil.test>, ana@corp.test",
        "<@evil.test:ana@corp.test>",
        "ana@corp.test, eve@evil.test",
        "=?utf-8?q?=3Cana=40corp.test=3E?=",
        "ana(a (nested) comment)@corp.test",
        "Ana <=?utf-8?q?ana=40corp.test?=>",
        "ana@ｃｏｒｐ.test",
        "ana@corp.test.",
    ] {
        let raw = format!("From: {from}\r\nTo: cadence@reps.test\r\nSubject: x\r\n\r\nstop all\r\n");
        assert!(sole_author(&read(raw.as_bytes())).is_err(), "{from}");
    }
}

const WITH_CODE: &str = "Ana Costa <ana@cоrp.test>";

#[tokio::test]
async fn t06_who_only_looks_like_a_rep_enrolls_nobody_and_the_rep_is_told() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    let enrollment = story.enrollment().await.id;
    let outbound = cadence::model::CadenceName::parse("outbound").expect("a name");
    let enrol = story.bot().for_enrolling(&outbound, &ana().address, ana().code_turn);
    let (command, bare) = (story.bot().for_command(enrollment), story.bot().address().clone());
    let before = story.relay.sent().len();
    for to in [&enrol, &command, &bare] {
        story
            .reads(mail(to, WITH_CODE, "Hi", "To: kim@there.test\n", "stop all yes"))
            .await;
    }
    // The same domain by the rep's name with another address.
    story
        .reads(mail(&bare, "Ana Costa <sales@cоrp.test>", "Hi", "", "stop all yes"))
        .await;
    assert_eq!(story.kinds().await.get("look_alike"), Some(&4));
    assert_eq!(story.relay.sent().len(), before, "an impostor is answered to nobody");
    assert_eq!(story.enrollments().await.len(), 1);
    assert!(matches!(story.standing().await, Standing::Waiting { .. }));
    story.until("2026-03-03 08:05").await;
    let told = story.mails_to("ana@corp.test").join("");
    assert!(
        told.contains("4 mails came from an address that looks like yours"),
        "{told}"
    );
    story.holds().await;
}

#[tokio::test]
async fn t06_a_prospect_who_looks_like_a_rep_still_stops_by_an_answer() {
    let mut story = Story::new(&[(
        "ana@cоrp.test",
        Habit::Replies {
            nth: 1,
            text: "Let us talk.".to_owned(),
        },
    )])
    .await;
    story.enroll("2026-03-02 09:02", &["ana@cоrp.test"], "outbound");
    story.until("2026-03-09 18:00").await;
    assert!(
        matches!(story.standing().await, Standing::Paused { .. }),
        "{:?}",
        story.standing().await
    );
    assert_eq!(story.kinds().await.get("look_alike"), None);
    story.holds().await;
}

#[tokio::test]
async fn t07_whom_the_bot_cannot_write_to_is_not_enrolled_and_the_rep_hears_why() {
    let mut story = Story::new(&[("josé@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["josé@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    assert!(story.enrollments().await.is_empty());
    let told = story.mails_to("ana@corp.test").join("");
    assert!(told.contains("cannot write to this address"), "{told}");
    assert!(story.world.now() >= at("2026-03-02 10:00"));
    story.holds().await;
}
