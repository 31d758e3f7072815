//! What every story is told with: one rep, a few prospects, the real engine on a virtual clock.
//!
//! Every story ends with the same checks: nobody got a mail twice, nobody got one after a stop, and every row equals the
//! fold of its journal.

use cadence::inbox::{Inbox, memory as mailbox};
use cadence::model::{
    Address, BotAddress, CadenceName, ContentKey, Correspondent, Enrollment, EnrollmentId, Fact, Fingerprint, Hours,
    Pace, Prospect, Rep, Standing, StepNo, SuppressionReason, Thread, Window, Zone, ZoneReason,
};
use cadence::outbox as relay;
use cadence::service::intake;
use cadence::store::{Batch, Begin, Store};
use cadence::template::Library;
use cadence::world::{Event, Habit, Line, Person, Post, Setting, World};
use expect_test::Expect;
use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::task::Poll;

/// A world with Ana, who sells from Berlin, and whoever the story needs.
pub struct Story {
    pub world: World,
    pub mailbox: mailbox::Memory,
    pub relay: relay::Memory,
    pub people: Vec<Address>,
    pub lines: Vec<String>,
}

pub fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

/// `2026-03-02 09:02` in Berlin.
pub fn at(text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.replace(' ', "T").parse().expect("a moment");
    civil
        .to_zoned(TimeZone::get("Europe/Berlin").expect("a zone"))
        .expect("a moment")
        .timestamp()
}

pub fn ana() -> Rep {
    Rep {
        address: address("ana@corp.test"),
        name: "Ana Costa".to_owned(),
        zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        zone_name: "Europe/Berlin".to_owned(),
        digest_at: time(8, 0, 0, 0),
        code_turn: 1,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: Some("https://meet.corp.test/ana".to_owned()),
    }
}

/// Ben, who sells from Berlin too.
pub fn ben() -> Rep {
    Rep {
        address: address("ben@corp.test"),
        name: "Ben Weber".to_owned(),
        ..ana()
    }
}

impl Story {
    pub async fn new(people: &[(&str, Habit)]) -> Self {
        let store = Store::in_memory().await.expect("a store");
        Self::on(store, 1, people)
    }

    /// In a house with these files of cadences beside the shipped ones.
    pub async fn with_cadences(files: &[(&str, &str)], people: &[(&str, Habit)]) -> Self {
        let mut story = Self::new(people).await;
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        let files: Vec<(String, String)> = files.iter().map(owned).collect();
        story.world.bot.house.library = Library::with(&files).unwrap_or_else(|problems| panic!("{problems:#?}"));
        story
    }

    /// On this memory, with this seed.
    pub fn on(store: Store, seed: u64, people: &[(&str, Habit)]) -> Self {
        Self::in_mailbox(mailbox::Memory::default(), store, seed, people)
    }

    /// The same in this mailbox, which another story's bot may know.
    pub fn in_mailbox(mailbox: mailbox::Memory, store: Store, seed: u64, people: &[(&str, Habit)]) -> Self {
        let relay = relay::Memory::default();
        let post = Post::Memory {
            inbox: mailbox.clone(),
            outbox: relay.clone(),
            seen: 0,
        };
        let persons = people.iter().map(|(text, habit)| {
            let name = if text.starts_with("li@") { "Li Wei" } else { "Jane Doe" };
            Person::new(Correspondent::new(Some(name), address(text)), habit.clone())
        });
        let world = World::new(Setting {
            bot: address("cadence@reps.test"),
            start: at("2026-03-02 07:00"),
            seed,
            reps: vec![ana()],
            people: persons.collect(),
            hours: Hours {
                window: Window {
                    from: time(9, 0, 0, 0),
                    to: time(17, 0, 0, 0),
                },
                weekdays: Hours::USUAL_WEEKDAYS.into(),
                holidays: BTreeSet::from([date(2026, 4, 3), date(2026, 4, 6)]),
                ..Hours::usual()
            },
            pace: Pace::USUAL,
            store,
            post,
        });
        let people = people.iter().map(|(text, _)| address(text)).collect();
        Self {
            world: world.expect("a world"),
            mailbox,
            relay,
            people,
            lines: Vec::new(),
        }
    }

    /// The bot dies and is started again on `store`.
    pub async fn restarted(self, store: Store) -> Self {
        let world = self.world.restarted(store).await.expect("a start");
        Self { world, ..self }
    }

    /// The same with a lease on its mailbox.
    pub fn with_lease(self, host: &str, run: &str) -> Self {
        let world = self.world.with_lease(host, run);
        Self { world, ..self }
    }

    /// The bot is started again with nothing but what was committed.
    pub async fn started_again(self) -> Self {
        let store = self.world.bot.store.clone();
        // What the dead one had given to the writer is through when this is.
        store.untry_mails(&[]).await.expect("the writer's turn");
        self.restarted(store).await
    }

    /// The world goes on, and the bot is killed after it was polled so often; `false` when it came through.
    pub async fn is_killed(&mut self, until: &str, after: usize) -> bool {
        let mut polls = 0;
        let mut life = std::pin::pin!(self.until(until));
        poll_fn(|context| {
            polls += 1;
            if polls > after {
                return Poll::Ready(true);
            }
            life.as_mut().poll(context).map(|()| false)
        })
        .await
    }

    pub fn enroll(&mut self, when: &str, to: &[&str], cadence: &str) {
        let to = to.iter().map(|text| address(text)).collect();
        let cadence = CadenceName::parse(cadence).expect("a name");
        self.world.plan(
            at(when),
            Event::Enroll {
                rep: ana().address,
                to,
                cadence,
                subject: "Hello".to_owned(),
            },
        );
    }

    pub fn arrives(&mut self, when: &str, what: &str, bytes: &str) {
        let bytes = bytes.replace('\n', "\r\n").into_bytes();
        self.world.plan(
            at(when),
            Event::Arrives {
                who: "post".to_owned(),
                what: what.to_owned(),
                bytes,
                stops: None,
            },
        );
    }

    pub async fn until(&mut self, when: &str) {
        let lines = &mut self.lines;
        let mut tell = |line: &Line| lines.push(line.to_string());
        self.world
            .run_until(at(when), &mut tell)
            .await
            .expect("the world goes on");
    }

    pub async fn enrollments(&self) -> Vec<Enrollment> {
        let mut all = Vec::new();
        for person in &self.people {
            all.extend(self.world.bot.store.of_person(&person.loose()).await.expect("rows"));
        }
        all
    }

    pub async fn standing(&self) -> Standing {
        self.enrollments()
            .await
            .first()
            .expect("an enrollment")
            .standing
            .clone()
    }

    /// What a rep would read, and the checks that every story ends with.
    pub async fn ends(&self, transcript: Expect) {
        transcript.assert_eq(&(self.lines.join("\n") + "\n"));
        self.holds().await;
    }

    /// The checks that every story ends with.
    pub async fn holds(&self) {
        assert_eq!(self.world.oracle.duplicates, 0, "nobody gets a mail twice");
        assert_eq!(self.world.oracle.sent_after_stop, 0, "nobody gets a mail after a stop");
        for enrollment in self.enrollments().await {
            let journal = self.world.bot.store.journal(enrollment.id).await.expect("a journal");
            let folded = Enrollment::fold(enrollment.id, &journal).expect("a journal that folds");
            assert_eq!(folded, enrollment, "the row is the fold of its journal");
        }
    }

    /// The bot works until a letter is on its way, and dies there.
    pub async fn dies_while_sending(&mut self, until: &str) {
        let store = self.world.bot.store.clone();
        tokio::select! {
            () = is_sending(&store) => {}
            () = self.until(until) => panic!("nothing was sent"),
        }
    }

    /// A mail comes in and is read, and what follows from it happens.
    pub async fn reads(&mut self, mail: Vec<u8>) {
        self.mailbox.deliver("INBOX", mail, Some(self.world.now()));
        self.settles().await;
    }

    /// Everything happens that can happen now.
    pub async fn settles(&mut self) {
        let now = self.world.now();
        let lines = &mut self.lines;
        let mut tell = |line: &Line| lines.push(line.to_string());
        self.world.run_until(now, &mut tell).await.expect("the world goes on");
    }

    /// An enrollment that no hand-over made: of this rep, in this cadence, waiting for ever.
    pub async fn given(&self, rep: &str, who: &str, cadence: &str) -> EnrollmentId {
        let now = self.world.now();
        let name = CadenceName::parse(cadence).expect("a name");
        let key = ContentKey(Fingerprint::of("given", &[rep, who, cadence]).hex());
        let id = EnrollmentId::derive(&key, &address(who), &name);
        let prospect = Prospect {
            address: address(who),
            name: None,
            fields: BTreeMap::new(),
            zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::Rep),
        };
        let enrolled = Fact::Enrolled {
            rep: address(rep),
            prospect: Box::new(prospect),
            cadence: name,
            edition: "1".to_owned(),
            mail: key,
            thread: Thread {
                subject: "Hello".to_owned(),
                ids: Vec::new(),
            },
            adopted: Some(StepNo::FIRST),
            stood_for: None,
        };
        let scheduled = Fact::Scheduled {
            of: None,
            step: StepNo(2),
            due: now + SignedDuration::from_hours(24 * 300),
            why: "the story says so".to_owned(),
        };
        let begin = Begin {
            id,
            facts: vec![enrolled, scheduled],
            colleagues: Vec::new(),
        };
        let batch = Batch {
            at: Some(now),
            begin: vec![begin],
            ..Batch::default()
        };
        self.world.bot.store.commit(batch).await.expect("an enrollment");
        id
    }

    pub async fn standing_of(&self, id: EnrollmentId) -> Standing {
        let store = &self.world.bot.store;
        store
            .enrollment(id)
            .await
            .expect("an answer")
            .expect("an enrollment")
            .standing
    }

    /// How many mails were read as each kind.
    pub async fn kinds(&self) -> BTreeMap<String, i64> {
        let counts = self.world.bot.store.counts().await.expect("figures");
        counts.mails.into_iter().collect()
    }

    /// One look at the mailbox beside everything else.
    pub async fn looks(&self) {
        let mut inbox = Inbox::Memory(self.mailbox.clone());
        intake::round(&self.world.bot, &mut inbox).await.expect("a look");
    }

    pub fn bot(&self) -> &BotAddress {
        &self.world.bot.house.bot
    }

    /// The one enrollment there is.
    pub async fn enrollment(&self) -> Enrollment {
        self.enrollments().await.pop().expect("an enrollment")
    }

    /// The one enrollment of somebody.
    pub async fn enrollment_of(&self, who: &str) -> Enrollment {
        let found = self.world.bot.store.of_person(&address(who).loose()).await;
        found.expect("rows").pop().expect("an enrollment")
    }

    pub async fn suppressed(&self, who: &str) -> Option<SuppressionReason> {
        let store = &self.world.bot.store;
        store.suppressed(&address(who).loose()).await.expect("an answer")
    }

    pub fn mails_to(&self, who: &str) -> Vec<String> {
        let sent = self.relay.sent();
        let to_them = sent.iter().filter(|letter| letter.to == address(who));
        to_them
            .map(|letter| String::from_utf8_lossy(&letter.bytes).into_owned())
            .collect()
    }
}

pub fn replies(nth: usize, text: &str) -> Habit {
    Habit::Replies {
        nth,
        text: text.to_owned(),
    }
}

/// A header field, unfolded.
pub fn header(mail: &str, name: &str) -> String {
    let head = mail
        .split("\r\n\r\n")
        .next()
        .unwrap_or("")
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let prefix = format!("{name}: ");
    let field = head.lines().find_map(|line| line.strip_prefix(prefix.as_str()));
    field.unwrap_or("").to_owned()
}

/// The bytes of a mail that is written out in a test.
pub fn bytes(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// Whether a letter is between the gate and the server's answer.
pub async fn is_sending(store: &Store) {
    while store.left_sending().await.expect("an answer").is_empty() {
        tokio::task::yield_now().await;
    }
}

/// A mail to `to` as a server would bring it; `more` are further header lines, each ended.
pub fn mail(to: &Address, from: &str, subject: &str, more: &str, text: &str) -> Vec<u8> {
    let id = cadence::model::Fingerprint::of("a mail", &[to.as_str(), from, subject, more, text]).hex();
    bytes(&format!(
        "Delivered-To: {to}\nFrom: {from}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{id}@there.test>\n{more}\n{text}\n"
    ))
}
