//! A rep's enrol addresses by mail: a guide of one screen, or what to know of new ones.

use super::{Tap, safe};
use crate::model::{Address, Rep};
use serde::Serialize;

/// Why a rep gets their addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting<'a> {
    /// They are new here, or asked once more.
    Welcome,
    /// The ones before are worthless.
    NewCodes,
    /// A mail of theirs came by one that is worthless, and enrolled nobody.
    OldAddress {
        /// The mail's subject.
        subject: &'a str,
    },
}

/// A cadence, and the address by which the rep enrolls in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnAddress {
    /// Its name.
    pub cadence: String,
    /// Its title.
    pub title: String,
    /// How many touches it has.
    pub touches: usize,
    /// Over how many days.
    pub days: u32,
    /// The address.
    pub address: String,
}

/// What `welcome.txt` and `welcome.html` speak of.
#[derive(Serialize)]
pub(super) struct Welcome<'a> {
    /// The rep's first name.
    name: String,
    bot: String,
    is_new: bool,
    new_codes: bool,
    /// The subject of the mail that came by an old address.
    old: Option<String>,
    addresses: &'a [OwnAddress],
    /// The beginning of a name, to type.
    typed: String,
    digest: String,
    zone: String,
    taps: Vec<Tap>,
}

impl<'a> Welcome<'a> {
    pub(super) fn new(
        greeting: &Greeting<'_>,
        rep: &Rep,
        bot: &str,
        addresses: &'a [OwnAddress],
        reply_to: &Address,
    ) -> Self {
        let outbound = addresses.iter().find(|own| own.cadence == "outbound");
        let example = outbound.or(addresses.first()).map_or("out", |own| own.cadence.as_str());
        let first = rep.name.split_whitespace().next().unwrap_or(&rep.name);
        let says = ["help", "cadences"].map(str::to_owned);
        let says = says.into_iter().chain([format!("preview {example}")]);
        Self {
            name: safe::one_line(first),
            bot: safe::one_line(bot),
            is_new: *greeting == Greeting::Welcome,
            new_codes: *greeting == Greeting::NewCodes,
            old: match greeting {
                Greeting::OldAddress { subject } => Some(safe::untrusted(subject)),
                Greeting::Welcome | Greeting::NewCodes => None,
            },
            addresses,
            typed: example.chars().take(3).collect(),
            digest: rep.digest_at.strftime("%H:%M").to_string(),
            zone: rep.zone_name.clone(),
            taps: says
                .map(|line| Tap {
                    href: safe::mailto(reply_to.as_str(), &line),
                    label: line,
                })
                .collect(),
        }
    }

    /// `Welcome to Cadence, Ana: your addresses`.
    pub(super) fn subject_line(&self) -> String {
        match &self.old {
            Some(subject) => format!("Not enrolled: \"{subject}\" came by an address that you gave up"),
            None if self.new_codes => format!("Your new {} addresses", self.bot),
            None => format!("Welcome to {}, {}: your addresses", self.bot, self.name),
        }
    }
}
