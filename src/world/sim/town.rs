//! Everything around the bot: the time, the post, the people, and what is in store for them.

use super::super::mails;
use super::cast::{self, Mailing, Says};
use super::fault::{Fault, Way, When};
use super::letters;
use super::mailbox::Mailbox;
use super::oracle::Oracle;
use super::plan::{Attack, Item, Plan};
use super::relay::Troubles;
use super::report::Tally;
use crate::clock::Hands;
use crate::mail::read::read;
use crate::model::{Address, BotAddress, Correspondent, Letter};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The town, shared by everybody who plays in it.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Town>>);

impl Shared {
    pub(super) fn new(town: Town) -> Self {
        Self(Arc::new(Mutex::new(town)))
    }

    /// The town. Never held while something is awaited.
    pub(super) fn town(&self) -> MutexGuard<'_, Town> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a step of the world end here: the bot may die before the next.
    pub(super) async fn step(&self) {
        tokio::task::yield_now().await;
    }

    /// The same at a named place.
    pub(super) async fn step_at(&self, place: When) {
        {
            let mut town = self.town();
            town.dies |= town.doomed == Some(place);
        }
        self.step().await;
    }
}

/// What only the one who runs the bot can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Order {
    Crash {
        when: When,
        again: u32,
        down: i64,
    },
    Stop {
        down: i64,
    },
    Disk {
        full: bool,
    },
    Hold,
    Unhold,
    /// A copy of the database is made, for the fault of that moment.
    Keep(i64),
    /// The copy for the fault of this moment is put in the place of the database. `settled`: a minute ago nothing more happened.
    Restore {
        of: i64,
        down: i64,
        marked: bool,
        settled: bool,
    },
    /// A second bot starts on another host, with the copy for the fault of this moment.
    SecondStarts {
        of: i64,
    },
    SecondEnds,
    /// A hand-over in another spelling arrived: of whom.
    Respelled(Vec<usize>),
}

enum Event {
    Item(Item),
    Arrives(Mailing),
    Order(Order),
    /// The clock is set by so many milliseconds.
    SetClock(i64),
}

/// The town.
pub(super) struct Town {
    pub plan: Arc<Plan>,
    pub bot: BotAddress,
    pub mailbox: Mailbox,
    pub troubles: Troubles,
    pub oracle: Oracle,
    pub tally: Tally,
    pub orders: VecDeque<Order>,
    /// Where the process dies next, and that it has come there.
    pub doomed: Option<When>,
    pub dies: bool,
    /// The bot's clock, and how far it is ahead of the time.
    clock: Arc<Hands>,
    ahead: i64,
    events: BTreeMap<(i64, u32), Event>,
    count: u32,
    /// What happens to the next mails on their way.
    post: VecDeque<Way>,
    /// Mails that reached each rep, and where answers to the last one go.
    told: Vec<(usize, Option<Address>)>,
    /// A command address that leaked.
    leaked: Option<Address>,
    trace: u64,
}

impl Town {
    pub(super) fn new(plan: Arc<Plan>, bot: BotAddress, clock: Arc<Hands>) -> Self {
        let mut town = Self {
            mailbox: Mailbox::new(&plan),
            oracle: Oracle::new(&plan),
            troubles: Troubles::default(),
            tally: Tally::default(),
            orders: VecDeque::new(),
            doomed: None,
            dies: false,
            ahead: 0,
            events: BTreeMap::new(),
            count: 0,
            post: VecDeque::new(),
            told: plan.reps.iter().map(|_| (0, None)).collect(),
            leaked: None,
            trace: 0xcbf2_9ce4_8422_2325,
            plan: Arc::clone(&plan),
            bot,
            clock,
        };
        for (at, item) in &plan.items {
            if let Item::Fault(Fault::Restored { age, .. } | Fault::SecondBot { age, .. }) = item {
                // The copy was made before, at the moment itself at the latest.
                let then = (*at - SignedDuration::from_secs(*age)).max(plan.start);
                town.plan_at(then, Event::Order(Order::Keep(at.as_millisecond())));
            }
            town.plan_at(*at, Event::Item(item.clone()));
        }
        town
    }

    /// The time, which the bot's clock may be ahead of or behind.
    pub(super) fn now(&self) -> Timestamp {
        self.as_told_by_bot(self.clock.wall())
    }

    fn millis(&self) -> i64 {
        self.clock.wall() - self.ahead
    }

    fn as_told_by_bot(&self, millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis - self.ahead).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Lets time pass, and what falls into it happen.
    pub(super) fn pass(&mut self, time: SignedDuration) {
        let time = i64::try_from(time.as_millis()).unwrap_or(0).max(0);
        self.clock.pass(time);
        self.tick();
    }

    /// When something happens next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let ((at, _), _) = self.events.first_key_value()?;
        Timestamp::from_millisecond(*at).ok()
    }

    fn plan_at(&mut self, at: Timestamp, event: Event) {
        self.count += 1;
        self.events.insert((at.as_millisecond(), self.count), event);
    }

    fn plan_in(&mut self, seconds: i64, event: Event) {
        let at = self.now() + SignedDuration::from_secs(seconds);
        self.plan_at(at, event);
    }

    /// Everything whose time has come happens.
    pub(super) fn tick(&mut self) {
        while let Some(entry) = self.events.first_entry() {
            let clock = self.clock.wall() - self.ahead;
            if entry.key().0 > clock {
                return;
            }
            match entry.remove() {
                Event::Item(item) => self.happens(item),
                Event::Arrives(mailing) => self.arrives(mailing),
                Event::Order(order) => self.orders.push_back(order),
                Event::SetClock(by) => self.set_clock(by),
            }
        }
    }

    fn happens(&mut self, item: Item) {
        let now = self.now();
        match item {
            Item::HandsOver {
                rep,
                people,
                cadence,
                respelled,
            } => self.hands_over(rep, people, cadence, respelled),
            Item::Chatters { rep, mails } => {
                let (Some(who), Some((_, Some(to)))) = (self.plan.reps.get(rep), self.told.get(rep)) else {
                    return;
                };
                let (from, to) = (who.address.clone(), to.clone());
                for nth in 0..i64::try_from(mails).unwrap_or(0) {
                    let at = now + SignedDuration::from_secs(nth * 97);
                    let bytes = mails::tapped(&to, &from, &format!("frobnicate the sprocket {nth}"), at);
                    let says = Says::Commands {
                        person: None,
                        id: letters::id_of(&bytes),
                        nonsense: true,
                    };
                    self.plan_at(at, Event::Arrives(Mailing::new(bytes, says)));
                }
            }
            Item::Attack(attack) => {
                let Some(mailing) = letters::attack(&self.plan, &self.bot, &attack, self.leaked.as_ref(), now) else {
                    return;
                };
                self.arrives(mailing);
                if let Attack::Squat { person, nth } = attack {
                    self.note(b"squat", &[person as u64, nth as u64]);
                }
            }
            Item::Fault(fault) => self.goes_wrong(&fault),
        }
    }

    fn hands_over(&mut self, rep: usize, people: Vec<usize>, cadence: usize, respelled: bool) {
        let now = self.now();
        let (Some(who), Some(cadence)) = (self.plan.reps.get(rep), cast::cadence(cadence)) else {
            return;
        };
        let to: Vec<Correspondent> = people
            .iter()
            .filter_map(|index| self.plan.people.get(*index))
            .map(|person| spelled(&person.who, respelled))
            .collect();
        let mail = mails::first(who, &to, "Hello from the harbour", now);
        let address = self.bot.for_enrolling(&cadence, &who.address, who.code_turn);
        let id = letters::id_of(&mail);
        if respelled {
            self.orders.push_back(Order::Respelled(people.clone()));
        }
        let mailing = Mailing::new(
            mails::brought_by(&address, &mail),
            Says::Hands {
                rep,
                people,
                id,
                written: now,
            },
        );
        self.arrives(mailing);
    }

    /// A mail comes to the bot's server, or meets something on its way.
    fn arrives(&mut self, mailing: Mailing) {
        let junk = match self.post.front() {
            Some(Way::Junk) if !mailing.may_be_junk => false,
            Some(Way::Junk) => {
                self.post.pop_front();
                self.tally.fault("mail_in_junk");
                true
            }
            Some(Way::Late(minutes)) => {
                let late = *minutes * 60;
                self.post.pop_front();
                self.tally.fault("mail_late");
                self.plan_in(late, Event::Arrives(mailing));
                return;
            }
            Some(Way::Twice) => {
                self.post.pop_front();
                self.tally.fault("mail_twice");
                self.lands("INBOX", mailing.clone());
                false
            }
            None => false,
        };
        self.lands(if junk { "Junk" } else { "INBOX" }, mailing);
    }

    fn lands(&mut self, folder: &'static str, mailing: Mailing) {
        let now = self.now();
        self.oracle.visible(&mailing.says, now);
        self.note(folder.as_bytes(), &[mailing.bytes.len() as u64]);
        self.mailbox.lay(folder, mailing.bytes, mailing.beyond, now);
    }

    fn goes_wrong(&mut self, fault: &Fault) {
        let order = |town: &mut Self, order| town.orders.push_back(order);
        let now = self.millis();
        match *fault {
            Fault::Crash { when, again, down } => order(self, Order::Crash { when, again, down }),
            Fault::Stop { down } => order(self, Order::Stop { down }),
            Fault::DiskFull(seconds) => {
                order(self, Order::Disk { full: true });
                self.plan_in(seconds, Event::Order(Order::Disk { full: false }));
                self.tally.fault(fault.name());
            }
            Fault::Hold(seconds) => {
                order(self, Order::Hold);
                self.plan_in(seconds, Event::Order(Order::Unhold));
                self.tally.fault(fault.name());
            }
            Fault::Clock { by, lasts } => {
                self.set_clock(by * 1_000);
                self.plan_in(lasts, Event::SetClock(-by * 1_000));
                self.tally.fault(fault.name());
            }
            Fault::Restored { down, marked, .. } => order(
                self,
                Order::Restore {
                    of: now,
                    down,
                    marked,
                    settled: false,
                },
            ),
            Fault::SecondBot { lasts, alone, .. } => {
                order(self, Order::SecondStarts { of: now });
                self.plan_in(lasts, Event::Order(Order::SecondEnds));
                if alone > 0 {
                    let crash = Order::Crash {
                        when: When::Steps(5),
                        again: 0,
                        down: alone,
                    };
                    self.plan_in(60, Event::Order(crash));
                }
            }
            Fault::Post { how, times } => self.post.extend((0..times).map(|_| how)),
            Fault::MailboxAway(seconds) => {
                self.mailbox.away_until = self.mailbox.away_until.max(now + seconds * 1_000);
                self.tally.fault(fault.name());
            }
            Fault::Unfiled(seconds) => {
                self.mailbox.unfiled_until = now + seconds * 1_000;
                self.tally.fault(fault.name());
            }
            Fault::Cut(fetches) => self.mailbox.cut_in = Some(fetches),
            Fault::Renumber => {
                self.mailbox.renumber();
                self.tally.fault(fault.name());
            }
            Fault::Returned => {
                self.mailbox.bring_back();
                self.tally.fault(fault.name());
            }
            Fault::RelayAway(seconds) => {
                self.troubles.away_until = self.troubles.away_until.max(now + seconds * 1_000);
                self.tally.fault(fault.name());
            }
            Fault::Relay { .. } | Fault::Lost { .. } | Fault::Slow { .. } | Fault::Overtaken => {
                self.troubles.comes(fault.clone())
            }
        }
    }

    fn set_clock(&mut self, by: i64) {
        self.clock.set_on(by);
        self.ahead += by;
    }

    /// A prospect says stop, now.
    pub(super) fn says_no(&mut self, who: usize) {
        let Some(person) = self.plan.people.get(who) else {
            return;
        };
        let now = self.now();
        let text = format!("No, thank you. ({})", now.as_millisecond());
        let bytes = mails::tapped(self.bot.address(), &person.who.address, &text, now);
        self.lands("INBOX", Mailing::new(bytes, Says::Stop(who)));
    }

    /// A mail of the bot reached somebody: what they do about it.
    pub(super) fn delivered(&mut self, letter: &Letter) {
        let (plan, now) = (Arc::clone(&self.plan), self.now());
        if let Some(who) = self.oracle.person(&letter.to) {
            let nth = self.oracle.read_by(who);
            for (at, mailing) in cast::reacts(&plan, who, nth, letter, now) {
                self.plan_at(at, Event::Arrives(mailing));
            }
        } else if let Some(who) = plan.reps.iter().position(|rep| rep.address.same_as(&letter.to))
            && let Some((nth, reply_to)) = self.told.get_mut(who)
        {
            *nth += 1;
            let nth = *nth;
            let mail = read(&letter.bytes);
            *reply_to = mail.reply_to.first().map(|to| to.address.clone()).or(reply_to.take());
            self.leaked = super::super::people::stop_link(&mail).or(self.leaked.take());
            if now < plan.mended()
                && let Some((at, mailing)) = cast::rep_reacts(&plan, who, nth, &mail, now)
            {
                self.plan_at(at, Event::Arrives(mailing));
            }
        }
    }

    /// Everything works from now on, and nothing more goes wrong.
    pub(super) fn mend(&mut self) {
        let now = self.now();
        self.mailbox.away_until = 0;
        self.mailbox.unfiled_until = 0;
        self.mailbox.cut_in = None;
        self.troubles = Troubles::default();
        self.post.clear();
        self.doomed = None;
        self.dies = false;
        self.events.retain(|_, event| matches!(event, Event::Arrives(_)));
        self.orders.clear();
        self.orders.push_back(Order::Disk { full: false });
        self.orders.push_back(Order::Unhold);
        self.orders.push_back(Order::SecondEnds);
        self.set_clock(-self.ahead);
        self.oracle.mended = now;
    }

    /// Gives a report the proof that it lacks: the envelope sender of a letter to whom it is about.
    pub(super) fn prove(&self, report: &mut Vec<u8>) {
        let text = String::from_utf8_lossy(report).into_owned();
        let about = text
            .lines()
            .find_map(|line| line.strip_prefix("Final-Recipient: rfc822; "));
        let person = about
            .and_then(|about| Address::parse(about.trim()).ok())
            .and_then(|about| self.oracle.person(&about));
        let letter = person.and_then(|who| self.oracle.people.get(who)?.left.last());
        if let Some((_, letter)) = letter {
            let to = self.bot.for_bounce(*letter);
            let bare = self.bot.address().to_string();
            *report = text.replace(&bare, to.as_str()).into_bytes();
        }
    }

    /// Adds to the trace by which two runs are compared (FNV-1a).
    pub(super) fn note(&mut self, what: &[u8], numbers: &[u64]) {
        let at = self.millis().to_le_bytes();
        let numbers = numbers.iter().flat_map(|number| number.to_le_bytes());
        for byte in at.into_iter().chain(what.iter().copied()).chain(numbers) {
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(super) fn trace(&self) -> u64 {
        self.trace
    }
}

/// The same person, as some people type addresses.
fn spelled(who: &Correspondent, otherwise: bool) -> Correspondent {
    let respelled = || {
        let local = who.address.local();
        Address::parse(&format!("{}+sales@{}", local.to_uppercase(), who.address.domain())).ok()
    };
    let address = otherwise
        .then(respelled)
        .flatten()
        .unwrap_or_else(|| who.address.clone());
    Correspondent::new(who.name.as_deref(), address)
}
