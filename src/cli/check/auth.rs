//! `cadence check auth`: two probes in a rep's name go through the relay to the bot, and what our servers wrote about them says
//! whose word can be trusted (reliability §2.2).
//!
//! The first is genuine. The second carries results that it made itself, about a domain that does not exist, under every id
//! that is configured or was seen: what believes one of those would believe any impostor. A bot that reads a probe takes it
//! for its own copy, which changes nothing; when they were seen they are filed away.

use super::finding::Finding;
use crate::cli::{Exit, Failure};
use crate::clock::Clock;
use crate::config::Config;
use crate::dkim::Checked;
use crate::inbox::{Filing, Inbox, RawMail, Watermark};
use crate::mail::authenticity::{Verdict, prove, verdict};
use crate::mail::classify::{Own, Trust};
use crate::mail::level::Level;
use crate::mail::read::{Mail, read};
use crate::mail::vouched::{Seen, seen};
use crate::model::{Address, BotAddress, Fingerprint, Key, Letter, LetterClass, LetterId, MessageId, Receipt, Rep};
use crate::outbox::Outbox;
use crate::service::{doors, signature};
use crate::store;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::time::Duration;

pub const EXAMPLES: &str = "\
Examples:
  cadence check auth
  cadence check auth --rep ben@example.com --wait 300

Run it while the bot is stopped, which would take the probes away.";

/// Send probe mails, and say whose word about a sender can be trusted
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// In whose name; the first rep's unless it is another
    #[arg(long, value_name = "ADDRESS")]
    pub rep: Option<String>,
    /// How long to wait for each, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub wait: u64,
}

/// The domain of the forged results; RFC 2606 2: nobody has it.
const FORGED: &str = "forged.invalid";

/// Sends the probes and says what came of them.
pub async fn auth(config: &Config, arguments: &Arguments) -> Result<Vec<Finding>, Failure> {
    let rep = rep(config, arguments.rep.as_deref())?;
    let _lock = match config.bot.database().exists() {
        true => Some(store::lock(&config.bot.database()).map_err(|error| {
            Failure::new(
                Exit::Running,
                format!("{error}; stop the bot first, it would take the probes away"),
            )
        })?),
        false => None,
    };
    let config_failure = |why| Failure::new(Exit::Config, why);
    let outbox = doors::outbox(&config.relay).map_err(config_failure)?;
    let mut probes = Probes {
        rep,
        bot: &config.bot.address,
        outbox,
        inbox: doors::inbox(&config.mailbox).map_err(config_failure)?,
        folders: Vec::new(),
        wait: Duration::from_secs(arguments.wait),
    };
    probes.look_past().await?;
    let ids = config.trust.authserv_ids.clone();
    let genuine = match probes.probe("genuine", &[]).await? {
        Ok(raw) => raw,
        Err(finding) => return Ok(vec![finding]),
    };
    let mail = read(&genuine.bytes);
    let results = seen(&mail, rep.address.domain());
    let mut ids: Vec<String> = ids
        .into_iter()
        .chain(results.iter().map(|seen| seen.id.clone()))
        .collect();
    ids.sort();
    ids.dedup();
    let forged = match probes.probe("forged", &ids).await? {
        Ok(raw) => raw,
        Err(finding) => return Ok(vec![finding]),
    };
    let house = Eyes {
        config,
        bot: BotAddress::new(config.bot.address.clone(), &Key::root(&[0; 32])),
        domains: config.own_domains(),
        rep,
    };
    let mut findings = vec![told(&mail, &results)];
    findings.push(house.genuine(&genuine, mail, &results).await);
    findings.push(house.forged(&read(&forged.bytes)));
    Ok(findings)
}

fn rep<'a>(config: &'a Config, named: Option<&str>) -> Result<&'a Rep, Failure> {
    let Some(named) = named else {
        let none = || Failure::new(Exit::Config, "there is no [[rep]]");
        return config.reps.first().ok_or_else(none);
    };
    let address = Address::parse(named).map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let unknown = || Failure::new(Exit::Data, "no [[rep]] of the configuration has this address");
    config.rep(&address).ok_or_else(unknown)
}

/// What is needed to send a probe and to find it again.
struct Probes<'a> {
    rep: &'a Rep,
    bot: &'a Address,
    outbox: Outbox,
    inbox: Inbox,
    /// Each watched folder, and how far it was looked through.
    folders: Vec<(String, Watermark)>,
    wait: Duration,
}

impl Probes<'_> {
    /// Remembers where each folder ends, so that only what comes later is looked at.
    async fn look_past(&mut self) -> Result<(), Failure> {
        for folder in self.inbox.folders().await.map_err(|error| mailbox(&error))? {
            let mut after = Watermark::default();
            loop {
                let fetched = self
                    .inbox
                    .fetch(&folder, after)
                    .await
                    .map_err(|error| mailbox(&error))?;
                after = fetched.mails.last().map_or(fetched.watermark, |raw| raw.watermark);
                if !fetched.more {
                    break;
                }
            }
            self.folders.push((folder, after));
        }
        Ok(())
    }

    /// Sends one probe with forged results of these ids, and waits for it.
    async fn probe(&mut self, name: &str, ids: &[String]) -> Result<Result<RawMail, Finding>, Failure> {
        let now = Clock::System.now();
        let seed = [name, &now.to_string(), &std::process::id().to_string()];
        let id = Fingerprint::of("probe", &seed).hex();
        let id = format!("{}@{}", id.get(..32).unwrap_or(&id), self.bot.domain());
        let Some(message_id) = MessageId::parse(&id) else {
            return Err(Failure::new(Exit::Config, "the bot's domain makes no Message-ID"));
        };
        let letter = self.letter(name, &message_id, ids, now);
        let receipt = self.outbox.send(&letter, || async { true }).await;
        let why = match receipt {
            Receipt::Sent(_) => return self.arrived(name, &message_id).await,
            Receipt::Deferred { phase, reply } | Receipt::Refused { phase, reply } => {
                format!("{} {} ({})", reply.code, reply.text, phase.word())
            }
            Receipt::Unreached { phase, why } => format!("{why} ({})", phase.word()),
            Receipt::InDoubt { why } => why,
            Receipt::Withheld => "it was not sent".to_owned(),
        };
        let found = format!(
            "the relay did not take the {name} probe in the name of {}: {why}",
            self.rep.address
        );
        let fix = "let the relay send in the names of the reps; `cadence check` says whether it can be reached";
        Ok(Err(Finding::fail("auth", Exit::Later, found, fix)))
    }

    fn letter(&self, name: &str, id: &MessageId, ids: &[String], now: Timestamp) -> Letter {
        let forged = |id: &String| {
            let separator = if id.is_empty() { "" } else { "; " };
            format!(
                "Authentication-Results: {id}{separator}dkim=pass header.d={FORGED}; dmarc=pass header.from={FORGED}\r\n"
            )
        };
        let forged: String = ids.iter().map(forged).collect();
        let date = now.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000");
        let text = format!(
            "{forged}Date: {date}\r\nFrom: {rep}\r\nTo: {bot}\r\nSubject: cadence check auth: {name}\r\nMessage-ID: {id}\r\n\
             Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nX-Cadence-Ref: probe\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n{forged}\r\nA probe of `cadence check auth`. It may be deleted.\r\n",
            rep = self.rep.address,
            bot = self.bot,
            id = id.bracketed(),
        );
        Letter {
            id: LetterId(0),
            class: LetterClass::Answer,
            touch: None,
            rep: self.rep.address.clone(),
            envelope_from: Some(self.bot.clone()),
            to: self.bot.clone(),
            message_id: id.clone(),
            bytes: text.into_bytes(),
            not_before: now,
        }
    }

    /// Waits until the probe lies in a watched folder, and files it away.
    async fn arrived(&mut self, name: &str, id: &MessageId) -> Result<Result<RawMail, Finding>, Failure> {
        let until = tokio::time::Instant::now() + self.wait;
        loop {
            for (folder, after) in &mut self.folders {
                let fetched = self
                    .inbox
                    .fetch(folder, *after)
                    .await
                    .map_err(|error| mailbox(&error))?;
                *after = fetched.mails.last().map_or(*after, |raw| raw.watermark);
                let is_it = |raw: &&RawMail| read(&raw.bytes).message_id.as_ref() == Some(id);
                if let Some(raw) = fetched.mails.iter().find(is_it) {
                    let places = [raw.place.clone()];
                    let filed = self.inbox.file(folder, &places, Filing::Processed).await;
                    // Where it cannot be filed it stays, and says itself that it may be deleted.
                    filed.unwrap_or_else(|error| tracing::debug!(%error, "a probe stays where it is"));
                    return Ok(Ok(raw.clone()));
                }
            }
            let left = until.saturating_duration_since(tokio::time::Instant::now());
            if left.is_zero() {
                let found = format!(
                    "the {name} probe did not come to {} within {} s; the relay had taken it",
                    self.bot,
                    self.wait.as_secs()
                );
                let fix = "look at the relay's log and at the folders in [mailbox].folders; or wait longer with --wait";
                return Ok(Err(Finding::fail("auth", Exit::Later, found, fix)));
            }
            // A short rest between looks: some servers tell nothing of folders beside INBOX.
            let rest = left.min(Duration::from_secs(2));
            let _woken = self.inbox.wait(rest).await.map_err(|error| mailbox(&error))?;
        }
    }
}

fn mailbox(error: &crate::inbox::InboxError) -> Failure {
    let exit = if error.is_refused_login() {
        Exit::Permission
    } else {
        Exit::Later
    };
    Failure::new(exit, format!("the mailbox cannot be looked into: {error}"))
}

/// What was seen on the genuine probe.
fn told(mail: &Mail, results: &[Seen]) -> Finding {
    let mut text = format!("the genuine probe came back over {} servers", mail.hops);
    for seen in results {
        let id = if seen.id.is_empty() { "no id" } else { &seen.id };
        let border = seen.border.as_deref().unwrap_or("nothing");
        text.push_str(&format!("\n{id}, above the Received of {border}: {}", seen.told));
    }
    if results.is_empty() {
        text.push_str("\nno server wrote Authentication-Results");
    }
    let mut signatures = mail.header("DKIM-Signature").filter_map(|value| {
        let tags = value.split(';').map(str::trim);
        let tags: Vec<&str> = tags
            .filter(|tag| tag.starts_with("d=") || tag.starts_with("s="))
            .collect();
        (!tags.is_empty()).then(|| tags.join(" "))
    });
    if let Some(first) = signatures.next() {
        text.push_str(&format!("\nit is signed: {first}"));
    }
    Finding::ok("auth", text)
}

/// With whose eyes the probes are looked at.
struct Eyes<'a> {
    config: &'a Config,
    bot: BotAddress,
    domains: Vec<String>,
    rep: &'a Rep,
}

impl Eyes<'_> {
    fn own<'o>(&'o self, trust: &'o Trust) -> Own<'o> {
        Own {
            bot: &self.bot,
            aliases: &self.config.aliases,
            domains: &self.domains,
            reps: &self.config.reps,
            lead_sources: &[],
            trust,
        }
    }

    /// Whether the genuine probe is believed, and what to write when it is not.
    async fn genuine(&self, raw: &RawMail, mut mail: Mail, results: &[Seen]) -> Finding {
        let trust = Trust::from(&self.config.trust);
        let own = self.own(&trust);
        if let Ok(Some(keys)) = doors::keys(&self.config.trust)
            && let Checked::Done(checked) = signature::look(Some(&keys), &own, raw, &mail, Clock::System.now()).await
        {
            mail.checked = checked;
        }
        let proof = prove(&mail, &own);
        let found = format!(
            "[trust] as it stands takes the genuine probe for {}: {}",
            proof.level.code(),
            proof.why
        );
        if proof.level >= Level::Vouched {
            return Finding::ok("auth", found);
        }
        match self.advice(&mail, results) {
            Some(fix) => Finding::warn("auth", found, fix),
            None => Finding::warn(
                "auth",
                found,
                "mail with a rep's code or a token works without. For commands to the bare address, let the server that takes \
                 your mail in check DKIM and DMARC and write Authentication-Results; or set [trust].dkim = true, when the \
                 relay signs for the reps' domain",
            ),
        }
    }

    /// Settings under which the genuine probe would be believed and a forged result would not.
    fn advice(&self, mail: &Mail, results: &[Seen]) -> Option<String> {
        let good = |seen: &&Seen| seen.passes && seen.border.is_some();
        let seen = results.iter().find(good)?;
        let border = seen.border.clone()?;
        let trust = Trust {
            authserv_ids: vec![seen.id.clone()].into_iter().filter(|id| !id.is_empty()).collect(),
            border: vec![border.clone()],
            microsoft: seen.id.is_empty(),
            ..Trust::default()
        };
        if prove(mail, &self.own(&trust)).level < Level::Vouched {
            return None;
        }
        let who = if seen.id.is_empty() {
            "microsoft = true".to_owned()
        } else {
            format!("authserv_ids = [\"{}\"]", seen.id)
        };
        Some(format!(
            "write under [trust], and run this again:\n{who}\nborder = [\"{border}\"]"
        ))
    }

    /// Whether a result that the mail brought along is believed.
    fn forged(&self, mail: &Mail) -> Finding {
        let trust = Trust::from(&self.config.trust);
        let Ok(nobody) = Address::parse(&format!("{}@{FORGED}", self.rep.address.local())) else {
            return Finding::warn("auth", "the rep's address makes no forged one", "tell us about it");
        };
        if verdict(mail, &self.own(&trust), &nobody) == Verdict::Pass {
            let fix = "anybody could write as a rep: correct [trust].border, which must name the first server of yours that the \
                       world talks to, and let that server take off results under its own id";
            return Finding::fail("auth", Exit::Config, "a forged result was believed", fix);
        }
        Finding::ok("auth", "results that the second probe had forged were not believed")
    }
}
