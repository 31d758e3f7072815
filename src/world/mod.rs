//! Scripted reps, prospects and servers around the real engine, on a virtual clock.
//!
//! Everything between the mailbox and the relay is the real thing: rounds, rules, store, reading and writing of mail. Only
//! the people are made up, the servers are folders or memory, and time jumps from one event to the next. `demo` runs weeks
//! of a small team this way; the story tests tell one thing at a time.

pub mod demo;
mod mails;
mod oracle;
mod people;
mod post;
pub mod rehearse;
mod reps;
pub mod sim;
mod timeline;

pub use oracle::{Oracle, Summary};
pub use people::{Habit, Person};
pub use post::{Delivered, Post};
pub use timeline::Line;

use crate::clock::Clock;
use crate::mail::classify::Trust;
use crate::mail::read::{Mail, read};
use crate::model::{Address, BotAddress, CadenceName, Etiquette, Hours, Key, Pace, Rep, limits};
use crate::outbox::Outbox;
use crate::service::intake::IntakeError;
use crate::service::watch::Watch;
use crate::service::{Bot, House, Keeper, Progress, deliver, intake, pulse, watch};
use crate::store::Store;
use crate::template::{BotTexts, Library};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fmt;
use timeline::Timeline;

/// Rounds at one moment after which something turns in circles.
const ROUNDS_A_MOMENT: usize = 500;

/// Why a world stopped.
#[derive(Debug)]
pub struct WorldError(String);

impl WorldError {
    fn of(what: &str, why: impl fmt::Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}
impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for WorldError {}

/// What a world is made of.
pub struct Setting {
    /// The bot's address.
    pub bot: Address,
    /// When it begins.
    pub start: Timestamp,
    /// The seed of every key and every choice.
    pub seed: u64,
    /// The reps.
    pub reps: Vec<Rep>,
    /// The prospects and what they do.
    pub people: Vec<Person>,
    /// When the team works.
    pub hours: Hours,
    /// How fast mail touches go out.
    pub pace: Pace,
    /// The memory.
    pub store: Store,
    /// Where mail lies.
    pub post: Post,
}

/// Something that happens at its time without the bot.
pub enum Event {
    /// A rep writes a first mail to prospects, the bot's enrol address in BCC.
    Enroll {
        /// Who writes.
        rep: Address,
        /// To whom.
        to: Vec<Address>,
        /// In what they are enrolled.
        cadence: CadenceName,
        /// The mail's subject.
        subject: String,
    },
    /// A mail reaches the bot's mailbox.
    Arrives {
        /// Who did it, for the timeline.
        who: String,
        /// What that is, for the timeline.
        what: String,
        /// The mail.
        bytes: Vec<u8>,
        /// The prospect for whom this says stop.
        stops: Option<Address>,
    },
    /// The same of a rep who lets touches go on to somebody who answered.
    Resumes {
        /// Who did it, for the timeline.
        who: String,
        /// What that is, for the timeline.
        what: String,
        /// The mail.
        bytes: Vec<u8>,
        /// To whom.
        prospect: Address,
    },
}

/// The world.
pub struct World {
    /// The bot at its centre.
    pub bot: Bot,
    post: Post,
    inbox: crate::inbox::Inbox,
    people: Vec<Person>,
    events: BTreeMap<(Timestamp, u64), Event>,
    count: u64,
    /// Who got what, as the world saw it.
    pub oracle: Oracle,
    timeline: Timeline,
    dice: fastrand::Rng,
    reps_decide: bool,
    watches: Vec<Watch>,
}

impl World {
    /// A world that stands still at its beginning.
    ///
    /// # Errors
    /// When the shipped texts do not load or the folders cannot be made.
    pub fn new(setting: Setting) -> Result<Self, WorldError> {
        let dice = fastrand::Rng::with_seed(setting.seed);
        let mut key = [0; 32];
        key.iter_mut()
            .zip(setting.seed.to_le_bytes().iter().cycle())
            .for_each(|(byte, seed)| *byte = *seed);
        let mut domains: Vec<String> = setting.reps.iter().map(|rep| rep.address.domain().to_owned()).collect();
        domains.push(setting.bot.domain().to_owned());
        let house = House {
            bot: BotAddress::new(setting.bot.clone(), &Key::root(&key)),
            bot_name: "Cadence".to_owned(),
            administrator: None,
            company_pause: true,
            reps: setting.reps,
            domains,
            aliases: Vec::new(),
            trust: Trust::default(),
            routes: Vec::new(),
            lead_sources: Vec::new(),
            etiquette: Etiquette::default(),
            hours: setting.hours,
            pace: setting.pace,
            library: Library::embedded()
                .map_err(|problems| WorldError::of("the shipped cadences do not load", format!("{problems:?}")))?,
            texts: BotTexts::embedded()
                .map_err(|problems| WorldError::of("the bot's texts do not load", format!("{problems:?}")))?,
            postal_address: None,
            spoken: crate::service::Spoken::default(),
        };
        let (inbox, outbox): (_, Outbox) = setting
            .post
            .open()
            .map_err(|error| WorldError::of("the mailboxes cannot be made", error))?;
        Ok(Self {
            bot: Bot::new(house, setting.store, outbox, Clock::stopped_at(setting.start)),
            post: setting.post,
            inbox,
            people: setting.people,
            events: BTreeMap::new(),
            count: 0,
            oracle: Oracle::default(),
            timeline: Timeline::default(),
            dice,
            reps_decide: false,
            watches: Vec::new(),
        })
    }

    /// The bot watches the own mailbox of a rep.
    pub fn watch(&mut self, watch: Watch) {
        self.bot.barrier.watches(&watch.rep);
        self.watches.push(watch);
    }

    /// The bot dies and is started again on `store`: it remembers nothing but what was committed.
    ///
    /// # Errors
    /// When the mailboxes cannot be opened or the store fails.
    pub async fn restarted(self, store: Store) -> Result<Self, WorldError> {
        let (inbox, outbox) = self
            .post
            .open()
            .map_err(|error| WorldError::of("the mailboxes cannot be opened", error))?;
        let bot = Bot::new(self.bot.house, store, outbox, self.bot.clock);
        deliver::recover(&bot)
            .await
            .map_err(|error| WorldError::of("the recovery", error))?;
        let again = |watch: Watch| Watch::new(watch.rep, watch.inbox, watch.sent);
        let watches: Vec<Watch> = self.watches.into_iter().map(again).collect();
        watches.iter().for_each(|watch| bot.barrier.watches(&watch.rep));
        Ok(Self {
            bot,
            inbox,
            watches,
            ..self
        })
    }

    /// The same with a lease on its mailbox, as `cadence run` has one.
    #[must_use]
    pub fn with_lease(self, host: &str, run: &str) -> Self {
        let keeper = Keeper::new(host.to_owned(), run.to_owned());
        Self {
            bot: self.bot.with_lease(keeper),
            ..self
        }
    }

    /// Plans an event; one in the past happens now.
    pub fn plan(&mut self, at: Timestamp, event: Event) {
        self.count += 1;
        self.events.insert((at.max(self.bot.clock.now()), self.count), event);
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.bot.clock.now()
    }

    /// What the world counted, after so many days.
    #[must_use]
    pub fn summary(&self, days: i64) -> Summary {
        let counts = self.timeline.counts();
        Summary {
            days,
            enrolled: counts.enrolled,
            sent: self.oracle.sent,
            replies: self.oracle.replies,
            bounces: counts.bounces,
            opt_outs: counts.opt_outs,
            auto_replies: counts.auto_replies,
            tasks_logged: counts.tasks_logged,
            digests: self.oracle.digests,
            duplicates: self.oracle.duplicates + self.oracle.repeats,
            sent_after_stop: self.oracle.sent_after_stop,
        }
    }

    /// Lets time pass until `until`, telling each line as it happens.
    ///
    /// # Errors
    /// When the engine fails or turns in circles.
    pub async fn run_until(
        &mut self,
        until: Timestamp,
        tell: &mut (dyn FnMut(&Line) + Send),
    ) -> Result<(), WorldError> {
        loop {
            let wake = self.settle_down(tell).await?;
            let event = self.events.first_key_value().map(|((at, _), _)| *at);
            let next = [wake, event].into_iter().flatten().min().filter(|next| *next <= until);
            let Some(next) = next else {
                self.bot.clock.move_to(until);
                return Ok(());
            };
            self.bot.clock.move_to(next);
            self.happen(tell)?;
        }
    }

    /// Every event whose time has come.
    fn happen(&mut self, tell: &mut (dyn FnMut(&Line) + Send)) -> Result<(), WorldError> {
        let now = self.now();
        while let Some(entry) = self.events.first_entry().filter(|entry| entry.key().0 <= now) {
            let event = entry.remove();
            self.do_one(event, tell)
                .map_err(|error| WorldError::of("a mail cannot be laid into its mailbox", error))?;
        }
        Ok(())
    }

    fn do_one(&mut self, event: Event, tell: &mut (dyn FnMut(&Line) + Send)) -> std::io::Result<()> {
        let now = self.now();
        match event {
            Event::Enroll {
                rep,
                to,
                cadence,
                subject,
            } => {
                let Some(rep) = self.bot.house.rep(&rep).cloned() else {
                    return Ok(());
                };
                let people: Vec<_> = to.iter().map(|address| self.correspondent(address)).collect();
                let mail = mails::first(&rep, &people, &subject, now);
                for person in &people {
                    self.post.reach_person(&person.address, &mail, now)?;
                    let what = format!("enrolls {} in \"{cadence}\" by BCC", person.address);
                    self.timeline.say(now, mails::short(&rep.address), what, tell);
                }
                let address = self.bot.house.bot.for_enrolling(&cadence, &rep.address, rep.code_turn);
                self.post.reach_bot(&mails::brought_by(&address, &mail), now)
            }
            Event::Arrives {
                who,
                what,
                bytes,
                stops,
            } => {
                self.timeline.say(now, &who, what, tell);
                if let Some(prospect) = stops {
                    self.oracle.stopped(&prospect, now);
                }
                self.post.reach_bot(&bytes, now)
            }
            Event::Resumes {
                who,
                what,
                bytes,
                prospect,
            } => {
                self.timeline.say(now, &who, what, tell);
                self.oracle.resumed(&prospect);
                self.post.reach_bot(&bytes, now)
            }
        }
    }

    /// Runs the rounds until nothing is left to do now; the next moment at which there is.
    async fn settle_down(&mut self, tell: &mut (dyn FnMut(&Line) + Send)) -> Result<Option<Timestamp>, WorldError> {
        for _ in 0..ROUNDS_A_MOMENT {
            let (read, mut pause) = match Box::pin(intake::round(&self.bot, &mut self.inbox)).await {
                Ok(read) => {
                    self.bot.mailbox_was_read().await;
                    (read, limits::ASK_AGAIN)
                }
                // The rounds go on without the mailbox, as the pulse does; it is looked for again in a while.
                Err(IntakeError::Inbox(error)) if error.is_transient() => {
                    self.bot.mailbox_failed(&error).await;
                    let again = SignedDuration::try_from(limits::BACK_OFF_MOST).unwrap_or(SignedDuration::ZERO);
                    let progress = Progress {
                        done: 0,
                        wake: Some(self.now() + again),
                    };
                    (progress, limits::BACK_OFF_MOST)
                }
                Err(error) => return Err(WorldError::of("intake", error)),
            };
            for watch in &mut self.watches {
                match watch::round(&self.bot, watch).await {
                    Ok(_) => {}
                    Err(error @ IntakeError::Inbox(_)) => {
                        pause = limits::BACK_OFF_MOST;
                        watch::is_away(&self.bot, &watch.rep, &error.to_string())
                            .await
                            .map_err(|error| WorldError::of("the watched mailboxes", error))?;
                    }
                    Err(error) => return Err(WorldError::of("a watched mailbox", error)),
                }
            }
            let worked = Box::pin(pulse::once(&self.bot))
                .await
                .map_err(|error| WorldError::of("the rounds", error))?;
            let progress: Progress = read.and(worked);
            self.timeline
                .facts(&self.bot, tell)
                .await
                .map_err(|error| WorldError::of("the journal", error))?;
            let delivered = self
                .post
                .collect()
                .map_err(|error| WorldError::of("the mailboxes", error))?;
            for mail in &delivered {
                self.arrived(mail, tell);
            }
            if progress.done == 0 && delivered.is_empty() {
                // What is due and cannot be done is asked for again soon, as the pulse does.
                let now = self.now();
                let soon = now + SignedDuration::try_from(pause).unwrap_or(SignedDuration::ZERO);
                return Ok(progress.wake.map(|wake| if wake <= now { soon } else { wake }));
            }
        }
        Err(WorldError("the rounds turn in circles".to_owned()))
    }

    /// A mail of the bot lies in somebody's mailbox.
    fn arrived(&mut self, delivered: &Delivered, tell: &mut (dyn FnMut(&Line) + Send)) {
        let now = self.now();
        let mail = read(&delivered.bytes);
        let to_rep = self.bot.house.rep(&delivered.to).is_some();
        let what = format!("\"{}\"", mail.subject);
        self.timeline.mail(now, mails::short(&delivered.to), what, tell);
        self.oracle.delivered(&delivered.to, &mail, to_rep, now);
        if to_rep {
            self.rep_reads(&delivered.to.clone(), &mail);
        } else {
            self.prospect_reads(
                &delivered.to.clone(),
                delivered.envelope_from.as_ref(),
                &mail,
                &delivered.bytes,
            );
        }
    }

    fn correspondent(&self, address: &Address) -> crate::model::Correspondent {
        let known = self.people.iter().find(|person| person.who.address == *address);
        known.map_or_else(
            || crate::model::Correspondent::new(None, address.clone()),
            |person| person.who.clone(),
        )
    }

    fn prospect_reads(&mut self, prospect: &Address, envelope_from: Option<&Address>, mail: &Mail, raw: &[u8]) {
        let Some(person) = self.people.iter_mut().find(|person| person.who.address == *prospect) else {
            return;
        };
        let reactions = person.reads(mail, envelope_from, raw, self.bot.clock.now(), &mut self.dice);
        for (at, event) in reactions {
            self.plan(at, event);
        }
    }
}
