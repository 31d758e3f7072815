//! The house that the benches furnish: one rep, the shipped cadences, any number of prospects.
#![allow(dead_code, unused_imports, reason = "each bench uses the part it needs")]

mod maildir;
mod running;

pub use maildir::lay;
pub use running::Running;

use cadence::clock::Clock;
use cadence::mail::classify::Trust;
use cadence::model::{
    Address, BotAddress, CadenceName, ContentKey, EnrollmentId, Etiquette, Fact, Fingerprint, Hours, Key, Letter,
    LetterClass, LetterId, MessageId, Pace, Prospect, Rep, StepNo, Thread, Window, Zone, ZoneReason,
};
use cadence::outbox::Outbox;
use cadence::service::{Bot, House};
use cadence::store::{Batch, Begin, Store};
use cadence::template::{BotTexts, Library};
use jiff::Timestamp;
use jiff::civil::{Weekday, time};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// Where the rep's mail comes from.
pub const REP: &str = "ana@corp.test";
/// Enrollments in one commit while a bench prepares.
const BATCH: usize = 500;

/// The bot at work in this house.
pub fn bot(store: Store, outbox: Outbox) -> Bot {
    Bot::new(house(), store, outbox, Clock::System)
}

fn house() -> House {
    let address = address("cadence@reps.test");
    House {
        domains: vec!["corp.test".to_owned(), address.domain().to_owned()],
        bot: BotAddress::new(address, &Key::root(&[7; 32])),
        bot_name: "Cadence".to_owned(),
        administrator: None,
        company_pause: true,
        reps: vec![rep()],
        aliases: Vec::new(),
        trust: Trust::default(),
        // Benches run at any hour of any day, and so does this team.
        routes: Vec::new(),
        lead_sources: Vec::new(),
        etiquette: Etiquette::default(),
        hours: Hours {
            window: Window {
                from: time(0, 0, 0, 0),
                to: time(23, 59, 59, 999_999_999),
            },
            weekdays: ALL_DAYS.into(),
            holidays: BTreeSet::new(),
            ..Hours::usual()
        },
        pace: Pace::OFF,
        library: Library::embedded().expect("the shipped cadences load"),
        texts: BotTexts::embedded().expect("the bot's texts load"),
        postal_address: None,
        spoken: cadence::service::Spoken::default(),
    }
}

fn rep() -> Rep {
    Rep {
        address: address(REP),
        name: "Ana Costa".to_owned(),
        zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        zone_name: "Europe/Berlin".to_owned(),
        digest_at: time(8, 0, 0, 0),
        code_turn: 1,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: None,
    }
}

/// What stands where it stands since `at`: `many` prospects in "outbound", all waiting for their second touch until `due`.
pub async fn enroll_waiting(store: &Store, many: usize, at: Timestamp, due: Timestamp) {
    prepare(store, many, at, |nth, batch| {
        batch.begin.push(begin(nth, due));
    })
    .await;
}

/// The same, but the second touch of each lies ready as a letter of `bytes`.
pub async fn enroll_sending(store: &Store, many: usize, at: Timestamp, bytes: &[u8]) {
    prepare(store, many, at, |nth, batch| {
        let mut begin = begin(nth, at);
        let letter = letter(&begin, nth, at, bytes);
        begin.facts.push(Fact::Rendered {
            text: None,
            step: SECOND,
            letter: letter.id,
            subject: "Re: Hello".to_owned(),
            variant: None,
            begins: false,
        });
        batch.begin.push(begin);
        batch.letters.push(letter);
    })
    .await;
}

async fn prepare(store: &Store, many: usize, at: Timestamp, mut add: impl FnMut(usize, &mut Batch)) {
    for from in (0..many).step_by(BATCH) {
        let mut batch = Batch {
            at: Some(at),
            ..Batch::default()
        };
        for nth in from..many.min(from + BATCH) {
            add(nth, &mut batch);
        }
        store.commit(batch).await.expect("the store takes what is prepared");
    }
}

const ALL_DAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

const SECOND: StepNo = StepNo(2);

/// The address of a prospect.
pub fn person(nth: usize) -> Address {
    address(&format!("person{nth}@acme{}.test", nth % 1_000))
}

fn begin(nth: usize, due: Timestamp) -> Begin {
    let cadence = CadenceName::parse("outbound").expect("a shipped cadence");
    begin_of(nth, &address(REP), &cadence, due)
}

/// A prospect of this rep, who waits for the second touch until `due`.
pub fn begin_of(nth: usize, rep: &Address, cadence: &CadenceName, due: Timestamp) -> Begin {
    let mail = ContentKey(Fingerprint::of("mail", &[&nth.to_string()]).hex());
    let prospect = Prospect {
        address: person(nth),
        name: Some(format!("Jane Number{nth}")),
        fields: BTreeMap::from([("company".to_owned(), format!("Acme {}", nth % 1_000))]),
        zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::Rep),
    };
    Begin {
        id: EnrollmentId::derive(&mail, &prospect.address, cadence),
        facts: vec![
            Fact::Enrolled {
                rep: rep.clone(),
                prospect: Box::new(prospect),
                cadence: cadence.clone(),
                edition: "e1".to_owned(),
                mail,
                thread: Thread {
                    subject: "Hello".to_owned(),
                    ids: vec![message_id(&format!("first.{nth}"))],
                },
                adopted: Some(StepNo::FIRST),
                stood_for: None,
            },
            Fact::Scheduled {
                of: None,
                step: SECOND,
                due,
                why: "day 3, morning, inside 09:00 to 17:00 in Europe/Berlin".to_owned(),
            },
        ],
        colleagues: Vec::new(),
    }
}

fn letter(begin: &Begin, nth: usize, at: Timestamp, bytes: &[u8]) -> Letter {
    Letter {
        id: LetterId::of_step(begin.id, SECOND),
        class: LetterClass::Step,
        touch: Some((begin.id, SECOND)),
        rep: address(REP),
        envelope_from: Some(address("cadence+b.token@reps.test")),
        to: person(nth),
        message_id: message_id(&format!("second.{nth}")),
        bytes: bytes.to_vec(),
        not_before: at,
    }
}

fn message_id(name: &str) -> MessageId {
    MessageId::parse(&format!("{name}@corp.test")).expect("an id")
}

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}
