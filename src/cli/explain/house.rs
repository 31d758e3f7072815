//! With whose eyes `explain` reads: the configured house's, which also says what it would do, or nobody's.

use crate::cli::{Exit, Failure, Shared, key, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::inbox::{Place, RawMail, Watermark};
use crate::mail::authenticity::prove;
use crate::mail::classify::{Own, Reading, Trust, classify};
use crate::mail::level::Proof;
use crate::mail::read::{Mail, read};
use crate::model::{Address, BotAddress, Key};
use crate::outbox::Outbox;
use crate::service::{Bot, Would, doors, would};
use crate::store::Store;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use tokio::runtime::Runtime;

/// Whose eyes.
pub enum House {
    /// Somebody who knows nobody.
    Nobody { bot: Box<BotAddress>, trust: Trust },
    /// The configured house, with its memory opened to look.
    Configured { bot: Box<Bot>, runtime: Runtime },
}

/// What is known of one mail.
pub struct Explained {
    /// It.
    pub mail: Mail,
    /// What it is.
    pub reading: Reading,
    /// How well it is proven to be a rep's.
    pub proof: Proof,
    /// What the configured house would do.
    pub would: Option<Told>,
}

/// What the bot would do.
pub struct Told {
    kind: &'static str,
    because: String,
    filed: Option<&'static str>,
    effects: Vec<String>,
}

impl House {
    /// The configured house if one is named and there, else somebody who knows nobody.
    ///
    /// # Errors
    /// When the configuration, the key, the cadences or the database cannot be read.
    pub fn of(shared: &Shared) -> Result<Self, Failure> {
        match &shared.config {
            Some(file) if file.exists() => Self::configured(file),
            Some(file) => {
                out::complain(&format!("{} does not exist; reading without it", file.display()));
                Self::nobody()
            }
            None => Self::nobody(),
        }
    }

    fn nobody() -> Result<Self, Failure> {
        // RFC 2606 2: nobody's mail can be addressed there.
        let nobody = Address::parse("cadence@nobody.invalid");
        let nobody = nobody.map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
        Ok(Self::Nobody {
            bot: Box::new(BotAddress::new(nobody, &Key::root(&[0; 32]))),
            trust: Trust::default(),
        })
    }

    fn configured(file: &Path) -> Result<Self, Failure> {
        let config = Config::load(file)?;
        // Without its key no token can be good, and everything else still can.
        let root = key::read(&config.bot.key_file)?.unwrap_or_else(|| Key::root(&[0; 32]));
        let address = BotAddress::new(config.bot.address.clone(), &root);
        let library = open::library(&config)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(Exit::Later, format!("cannot start: {error}")))?;
        let database = config.bot.database();
        let store = runtime.block_on(async {
            match database.exists() {
                true => Store::looking(&database).await,
                false => Store::in_memory().await,
            }
        });
        let store = store.map_err(|error| open::store_failure(&error))?;
        let keys = runtime.block_on(async { doors::keys(&config.trust) });
        let keys = keys.map_err(|why| Failure::new(Exit::Config, why))?;
        let texts = open::texts(&config)?;
        let house = doors::house(config, address, library, texts);
        let mut bot = Bot::new(house, store, Outbox::memory(), Clock::System);
        bot.keys = keys;
        Ok(Self::Configured {
            bot: Box::new(bot),
            runtime,
        })
    }

    /// What the readers need to know.
    pub fn own(&self) -> Own<'_> {
        match self {
            Self::Nobody { bot, trust } => Own {
                bot,
                aliases: &[],
                domains: &[],
                reps: &[],
                lead_sources: &[],
                trust,
            },
            Self::Configured { bot, .. } => bot.house.own(),
        }
    }

    /// Reads a mail, and asks what would become of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn explain(&self, bytes: Vec<u8>, size: u64) -> Result<Explained, Failure> {
        match self {
            Self::Nobody { .. } => {
                let own = self.own();
                let mail = read(&bytes);
                let reading = classify(&mail, &own);
                Ok(Explained {
                    proof: prove(&mail, &own),
                    mail,
                    reading,
                    would: None,
                })
            }
            Self::Configured { bot, runtime } => {
                let raw = raw(bytes, size);
                let told = runtime.block_on(would(bot, &raw));
                let told = told.map_err(|error| open::store_failure(&error))?;
                let Would {
                    mail,
                    reading,
                    proof,
                    kind,
                    because,
                    filed,
                    effects,
                } = told;
                let would = Some(Told {
                    kind,
                    because,
                    filed,
                    effects,
                });
                Ok(Explained {
                    mail,
                    reading,
                    proof,
                    would,
                })
            }
        }
    }
}

/// As the inbox would have fetched it, just now.
fn raw(bytes: Vec<u8>, size: u64) -> RawMail {
    RawMail {
        place: Place::File(String::new()),
        whole: bytes.len() as u64 == size,
        bytes,
        size,
        received: None,
        watermark: Watermark::default(),
    }
}

/// What the bot would do, for programs.
pub fn object(told: &Told) -> Value {
    json!({
        "kind": told.kind,
        "because": told.because,
        "filed": told.filed,
        "effects": told.effects,
    })
}

/// The same for people, at the end of what is told of a mail.
pub fn tell(text: &mut String, proof: &Proof, told: &Told) {
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "  {label:<10}{value}");
    };
    if proof.rep.is_some() {
        line("from rep", &format!("{}: {}", proof.level.code(), proof.why));
    }
    let filed = told
        .filed
        .map_or_else(|| "stays unread".to_owned(), |filed| format!("filed into {filed}"));
    line(
        "would",
        &format!("{filed}, as {}: {}", told.kind.replace('_', " "), told.because),
    );
    for effect in &told.effects {
        line("", &format!("- {effect}"));
    }
}
