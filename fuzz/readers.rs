//! Every public reader of what strangers write, as a function of bytes: the fuzz targets call one each, the mutation runner
//! (`benches/mutate.rs`) and its smaller share in the suite call all. A reader may answer anything; it may not panic.

use cadence::config::Config;
use cadence::mail::classify::{Own, Trust, classify, classify_vouched};
use cadence::mail::read::{key_of, read, read_head};
use cadence::mail::{authenticity, command, dkim, forward, lead, quote, thread, vouched};
use cadence::model::{Address, BotAddress, CadenceName, Key, LeadFormat, LeadSource, MessageId, Rep};
use std::path::Path;
use std::sync::LazyLock;

/// A reader and its name.
pub type Reader = (&'static str, fn(&[u8]));

/// All of them; those of whole mails first.
pub const READERS: [Reader; 8] = [
    ("mail", mail),
    ("head", head),
    ("forward", forwarded),
    ("reply", reply),
    ("orders", orders),
    ("identity", identity),
    ("names", names),
    ("config", config),
];

struct House {
    bot: BotAddress,
    reps: Vec<Rep>,
    aliases: Vec<(Address, CadenceName)>,
    domains: Vec<String>,
    trust: Trust,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| House {
    bot: BotAddress::new(address("cadence@reps.corp.test"), &Key::root(&[7; 32])),
    reps: vec![Rep {
        address: address("ana@corp.test"),
        name: "Ana Silva".to_owned(),
        zone: jiff::tz::TimeZone::UTC,
        zone_name: "UTC".to_owned(),
        digest_at: jiff::civil::Time::midnight(),
        code_turn: 0,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: None,
    }],
    aliases: vec![(
        address("cadence-inbound@corp.test"),
        CadenceName::parse("inbound").expect("a name"),
    )],
    domains: vec!["corp.test".to_owned(), "reps.corp.test".to_owned()],
    trust: Trust {
        authserv_ids: vec!["mx.corp.test".to_owned()],
        border: vec!["mx.corp.test".to_owned()],
        dkim: true,
        microsoft: true,
        ..Trust::default()
    },
});

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

fn own() -> Own<'static> {
    Own {
        bot: &HOUSE.bot,
        aliases: &HOUSE.aliases,
        domains: &HOUSE.domains,
        reps: &HOUSE.reps,
        lead_sources: &[],
        trust: &HOUSE.trust,
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A whole mail, read and judged; its key is the same whoever asks for it.
pub fn mail(bytes: &[u8]) {
    let mail = read(bytes);
    assert_eq!(mail.key, key_of(bytes));
    let _reading = classify(&mail, &own());
    let _vouched = classify_vouched(&mail, &own());
    for format in [LeadFormat::Labels, LeadFormat::Json, LeadFormat::Header] {
        let source = LeadSource {
            name: "website".to_owned(),
            from: vec!["@corp.test".to_owned()],
            format,
            fields: [("email".to_owned(), "From".to_owned())].into(),
            signals: Vec::new(),
            cadence: None,
            reps: Vec::new(),
            territories: Vec::new(),
        };
        let _lead = lead::read(&mail, &source, &own());
    }
}

/// Its header alone.
pub fn head(bytes: &[u8]) {
    let _reading = classify(&read_head(bytes), &own());
}

/// What it forwards.
pub fn forwarded(bytes: &[u8]) {
    let mail = read(bytes);
    let reading = classify(&mail, &own());
    let _forward = forward::read(&mail, &reading.kind, &own());
}

/// A text in which somebody answers.
pub fn reply(bytes: &[u8]) {
    let _said = quote::split(&text(bytes));
}

/// A text in which a rep asks for something.
pub fn orders(bytes: &[u8]) {
    let text = text(bytes);
    let (subject, body) = text.split_once('\n').unwrap_or(("", &text));
    let _commands = command::read(body, subject);
}

/// Whose it is.
pub fn identity(bytes: &[u8]) {
    let mail = read_head(bytes);
    let _proof = authenticity::prove(&mail, &own());
    let _wanted = dkim::wanted(&mail, &own());
    let _seen = vouched::seen(&mail, "corp.test");
}

/// An address, an id, a subject, a recipient of ours.
pub fn names(bytes: &[u8]) {
    let text = text(bytes);
    let _base = thread::base_subject(&text);
    let _id = MessageId::parse(&text);
    let _tag = HOUSE.bot.read_tag(&text);
    if let Ok(address) = Address::parse(&text) {
        let again = Address::parse(address.as_str()).expect("what was read can be read again");
        assert!(again.same_as(&address));
        let _tag = HOUSE.bot.read(&address);
    }
}

/// A configuration.
pub fn config(bytes: &[u8]) {
    let _config = Config::parse(&text(bytes), "cadence.toml", Path::new(""));
}
