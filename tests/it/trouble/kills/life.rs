//! One life: people are handed over and answer, the bot dies and is started again.

use super::super::house::{ANA, House, Running, binary, date, until};
use super::Kill;
use super::accounts::{self, Account};
use super::site::{self, Site, address_in, header};
use crate::servers::SECRET;
use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

/// The steps that the bot sends, all at once; the one before them is the rep's own mail.
const STEPS: [&str; 4] = ["second", "third", "fourth", "fifth"];
/// People handed over in one life at most.
const PEOPLE: usize = 60;
/// How long one death may take: this machine is busy, and so is a traced process.
const PATIENCE: Duration = Duration::from_secs(180);

/// A prospect as the world knows them.
pub struct Person {
    pub address: String,
    /// Their answer lay in the mailbox while the bot was dead: what may have reached them by then, by Message-ID.
    pub stopped: Option<BTreeSet<String>>,
}

pub struct Life {
    pub house: House,
    pub site: Site,
    pub people: Vec<Person>,
    pub seed: u64,
    bcc: String,
    /// Mails that came for the bot.
    pub delivered: usize,
    pub what: String,
}

impl Life {
    pub fn begin(site: Site, seed: u64) -> Self {
        let house = site.house();
        write_cadence(&house);
        // The first start makes the key and the database.
        let bot = house.start();
        bot.says("ready");
        let bcc = house.enrol_address();
        bot.kill();
        Self {
            house,
            site,
            people: Vec::new(),
            seed,
            bcc,
            delivered: 0,
            what: "nothing yet".to_owned(),
        }
    }

    /// While the bot is dead Ana writes to somebody, and somebody answers.
    pub fn goes_on(&mut self, dice: &mut fastrand::Rng) {
        for _ in 0..dice.usize(1..3) {
            self.hand_over();
        }
        if dice.bool() {
            self.answer(dice);
        }
    }

    fn hand_over(&mut self) {
        let Some(address) = self
            .site
            .somebody(self.people.len())
            .filter(|_| self.people.len() < PEOPLE)
        else {
            return;
        };
        let (bcc, now, id) = (&self.bcc, date(), address.replace('@', "."));
        let mail = format!(
            "Delivered-To: {bcc}\r\nFrom: Ana Costa <{ANA}>\r\nTo: Jane Doe <{address}>\r\nSubject: Hello\r\nDate: {now}\r\n\
             Message-ID: <{id}@corp.test>\r\n\r\nShall we talk?\r\n"
        );
        self.site.deliver(&self.house, bcc, ANA, &mail);
        self.delivered += 1;
        self.people.push(Person { address, stopped: None });
    }

    /// Somebody who got a touch answers it. From now on they get nothing that is not on its way already.
    fn answer(&mut self, dice: &mut fastrand::Rng) {
        let arrived = self.site.arrived();
        let touched = |person: &Person| {
            arrived
                .iter()
                .rfind(|one| one.to == person.address && is_touch(&one.mail))
        };
        let mut who: Vec<usize> = (0..self.people.len()).collect();
        dice.shuffle(&mut who);
        let Some((nth, touch)) = who
            .into_iter()
            .filter(|nth| self.people[*nth].stopped.is_none())
            .find_map(|nth| Some((nth, touched(&self.people[nth])?)))
        else {
            return;
        };
        let (address, to) = (&self.people[nth].address, address_in(&header(&touch.mail, "Reply-To")));
        let (id, now, words) = (header(&touch.mail, "Message-ID"), date(), words_of(address));
        let mail = format!(
            "Delivered-To: {to}\r\nFrom: Jane Doe <{address}>\r\nTo: <{to}>\r\nSubject: Re: Hello\r\nDate: {now}\r\n\
             Message-ID: <answer.{}>\r\nIn-Reply-To: {id}\r\nReferences: {id}\r\n\r\n{words}\r\n",
            address.replace('@', ".at.") + "@acme.test",
        );
        // What the ledger let out may still be on its way through a real server, and nothing else is.
        let mut gone = accounts::may_be_gone(&self.house, address);
        gone.extend(
            arrived
                .iter()
                .filter(|one| one.to == *address)
                .map(|one| header(&one.mail, "Message-ID")),
        );
        self.site.deliver(&self.house, &to, address, &mail);
        self.delivered += 1;
        self.people[nth].stopped = Some(gone);
    }

    /// It is started, and dies there; or where it had nothing more to do. Says which.
    pub fn dies(&mut self, kill: Kill, nth: usize) -> String {
        self.what = format!("{kill:?}, the kill number {nth} of seed {}", self.seed);
        let mut bot = match kill {
            Kill::Step(..) => self.house.start(),
            Kill::Call(_, calls, many) => {
                let strace = crate::servers::program("strace");
                let inject = format!("inject={calls}:signal=SIGKILL:when={many}");
                let mut command = Command::new(strace);
                // -D: the bot itself is our child, and its death what we see.
                command.args([
                    "-D",
                    "-f",
                    "-qq",
                    "-o",
                    "/dev/null",
                    "-e",
                    &format!("trace={calls}"),
                    "-e",
                    &inject,
                ]);
                command.arg(binary(&self.house.path(".")).get_program());
                self.house.start_as(command.args(["run", "-v"]))
            }
        };
        if let (Kill::Step(step, many), Site::Ours { trap, .. }) = (kill, &self.site) {
            trap.lock().unwrap().armed = Some((step, many, bot.id()));
        }
        let began = Instant::now();
        let mut died = "at rest".to_owned();
        loop {
            if !bot.is_alive() {
                died = match kill {
                    Kill::Step(step, _) => format!("relay: {step:?}"),
                    Kill::Call(name, ..) => format!("call: {name}"),
                };
                break;
            }
            if bot.has_said("ready") > 0 && self.is_at_rest() {
                break;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "it does not come to rest: {}\n{}",
                self.what,
                self.told(&bot)
            );
            std::thread::park_timeout(Duration::from_millis(10));
        }
        if let Site::Ours { trap, .. } = &self.site {
            trap.lock().unwrap().armed = None;
        }
        site::kill(bot.id());
        let (code, log) = bot.ends();
        assert_eq!(
            code, None,
            "it dies of the kill and of nothing else: {}\n{log}",
            self.what
        );
        while !self.site.is_quiet() {
            assert!(began.elapsed() < PATIENCE, "the relay hangs: {}", self.what);
            std::thread::park_timeout(Duration::from_millis(2));
        }
        died
    }

    fn is_at_rest(&self) -> bool {
        self.site.is_read(&self.house) && accounts::is_at_rest(&self.house)
    }

    /// What must hold after every death.
    pub fn holds(&self, nth: usize) {
        let arrived = self.site.arrived();
        accounts::nobody_is_mailed_twice(self, &arrived);
        accounts::nobody_is_mailed_after_a_stop(self, &arrived);
        accounts::rows_are_folds(self, nth);
    }

    /// It is left alone until all is done; then everything is counted.
    pub fn ends(mut self) -> Account {
        self.what = format!("the end of seed {}", self.seed);
        let bot = self.house.start();
        bot.says("ready");
        let began = Instant::now();
        while !self.is_at_rest() {
            assert!(
                began.elapsed() < PATIENCE,
                "it does not come to rest\n{}",
                self.told(&bot)
            );
            std::thread::park_timeout(Duration::from_millis(10));
        }
        accounts::wait_for_the_post(&self, &bot);
        assert_eq!(bot.stop().0, Some(0), "it ends well: {}", self.what);
        self.holds(usize::MAX);
        accounts::everything_is_accounted_for(&self)
    }

    pub fn told(&self, bot: &Running) -> String {
        format!("{}\n{}\n{}", bot.log(), self.site.log(), accounts::ledger(&self.house))
    }
}

/// The words of somebody's answer.
pub fn words_of(address: &str) -> String {
    format!("Tell me more, says {}.", address.split('@').next().unwrap_or_default())
}

/// Whether it is one of the bot's touches, and not Ana's own mail.
pub fn is_touch(mail: &str) -> bool {
    !header(mail, "List-Unsubscribe").is_empty()
}

fn write_cadence(house: &House) {
    house.password("password", SECRET);
    let plan = house.path("cadences/quick");
    let mut text =
        "title = \"Quick\"\nabout = \"Five mails at once.\"\nkind = \"cold\"\ndays = \"calendar\"\n".to_owned();
    for name in ["first"].iter().chain(&STEPS) {
        text.push_str(&format!(
            "[[step]]\nday = 1\nat = \"immediately\"\ntemplate = \"{name}\"\n"
        ));
        let subject = if *name == "first" { "Subject: Hello\n\n" } else { "" };
        std::fs::write(
            plan.join(format!("{name}.md")),
            format!("{subject}This is the {name} one."),
        )
        .unwrap();
    }
    text.push_str("[[step]]\nday = 30\ntemplate = \"last\"\n");
    std::fs::write(plan.join("last.md"), "Last.").unwrap();
    std::fs::write(plan.join("cadence.toml"), text).unwrap();
}

/// How many touches somebody gets who never answers.
pub const TOUCHES: usize = STEPS.len();

/// Waits with the patience of a busy machine.
pub fn wait(what: &str, bot: &Running, seen: impl Fn() -> bool) {
    until(what, bot, seen);
}
