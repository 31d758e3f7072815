//! The file as a whole: `[bot]`, `[trust]` and what stands at the top; the other sections have files of their own.

use super::problem::ConfigError;
use super::read::{self, Found, Problems, Section};
use super::{Bot, Config, Trust, benchmarks, defaults, hours, pace, people, report, servers, sources};
use crate::model::{Address, CadenceName, Hours, domain_name, limits};
use std::path::{Path, PathBuf};

/// How far a configuration is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// What the file says.
    Form,
    /// And that the secrets and files it names are there and readable.
    Ready,
}

/// What the sections need to know beside themselves.
pub(super) struct Around<'b> {
    pub base: &'b Path,
    pub depth: Depth,
}

impl Around<'_> {
    /// A path of the file, made relative to it.
    pub(super) fn path(&self, text: &str) -> PathBuf {
        self.base.join(text)
    }
}

/// Keys at the top of the file, which people write below a section by mistake.
const TOP: [&str; 3] = ["cadences", "texts", "postal_address"];

/// Reads a whole configuration.
pub(super) fn read(text: &str, name: &str, base: &Path, depth: Depth) -> Result<Config, ConfigError> {
    let table = read::parse(name, text)?;
    let problems = Problems::new(name, text);
    let config = whole(&Section::top(&table, &problems), &Around { base, depth });
    problems.finish(config)
}

/// Reads every section even when one has failed, so that all problems are found.
fn whole(top: &Section<'_, '_>, around: &Around<'_>) -> Option<Config> {
    let cadences = top.text("cadences").map(|found| around.path(&found.value));
    let texts = top.text("texts").map(|found| around.path(&found.value));
    let postal_address = top.text("postal_address").map(|found| found.value);
    let bot = bot(top, around);
    let trust = trust(top);
    let own = bot.as_ref().map(|(bot, _)| &bot.address);
    let mailbox = servers::mailbox(top, around, own);
    let relay = servers::relay(top, around, own);
    let hours = hours::hours(top, around);
    let pace = pace::pace(top);
    let people::People { reps, watches, away } = people::reps(top, around, own);
    let sources = sources::sources(top, &reps);
    let reports = report::reports(top);
    let benchmarks = benchmarks::own(top);
    top.finish(&[]);
    let (mailbox, aliases) = mailbox?;
    let (bot, domains) = bot?;
    Some(Config {
        bot,
        mailbox,
        relay: relay?,
        hours: Hours { away, ..hours? },
        routes: sources.routes,
        lead_sources: sources.lead_sources,
        etiquette: sources.etiquette,
        pace,
        reps,
        watches,
        domains,
        trust,
        aliases,
        cadences,
        texts,
        postal_address,
        reports,
        benchmarks,
    })
}

fn bot(top: &Section<'_, '_>, around: &Around<'_>) -> Option<(Bot, Vec<String>)> {
    let section = top.need_section("bot", "who the bot is");
    let address = section.need("address", "the bot's own mail address, `cadence@reps.example.com`");
    let address = section.parsed(address, bot_address);
    let name = section.text("name");
    let administrator = section.text("administrator");
    let administrator = section.parsed(administrator, self::address);
    let company_pause = section.flag("company_pause");
    let welcome = section.flag("welcome");
    let data = section.text("data");
    let data = around.path(data.as_ref().map_or(defaults::DATA, |data| &data.value));
    let key_file = section.text("key_file");
    let key_file = key_file.map_or_else(|| data.join(defaults::KEY_FILE), |file| around.path(&file.value));
    let domains = section.list("domains", "a list of domains, [\"example.com\"]");
    let domains = domains.map_or_else(Vec::new, |list| list.value);
    let domains = domains
        .into_iter()
        .filter_map(|entry| section.parsed(Some(entry), domain));
    let domains = domains.map(|found| found.value).collect();
    section.finish(&TOP);
    let bot = Bot {
        address: address?.value,
        name: name.map_or_else(|| defaults::NAME.to_owned(), |name| name.value),
        administrator: administrator.map(|found| found.value),
        company_pause: company_pause.is_none_or(|flag| flag.value),
        welcome: welcome.is_none_or(|flag| flag.value),
        data,
        key_file,
    };
    Some((bot, domains))
}

fn bot_address(text: &str) -> Result<Address, String> {
    let address = address(text)?;
    if address.local().len() > limits::BOT_LOCAL {
        return Err(format!(
            "the part before `@` may have {} characters, because `+` and a token of 43 must fit behind it in 64",
            limits::BOT_LOCAL
        ));
    }
    if address.local().contains('+') {
        return Err("the part before `@` must have no `+`, the bot puts its own tags behind one".to_owned());
    }
    Ok(address)
}

/// Reads an address that the bot writes to or as, for [`Section::parsed`].
pub(super) fn address(text: &str) -> Result<Address, String> {
    let address = Address::parse(text).map_err(|error| error.to_string())?;
    if address.needs_utf8() {
        return Err("the part before `@` has characters outside ASCII, to which the bot cannot write".to_owned());
    }
    Ok(address)
}

/// A domain, as addresses have it.
fn domain(text: &str) -> Result<String, String> {
    domain_name(text.trim().trim_start_matches('@')).ok_or_else(|| "expected a domain such as `example.com`".to_owned())
}

/// A cadence's name for [`Section::parsed`].
pub(super) fn cadence_name(text: &str) -> Result<CadenceName, String> {
    CadenceName::parse(text)
}

fn trust(top: &Section<'_, '_>) -> Trust {
    let section = top.section("trust");
    let names = |key| {
        let list = section.list(key, "a list of host names, [\"mx.example.com\"]");
        let list: Vec<Found<String>> = list.map_or_else(Vec::new, |list| list.value);
        list.into_iter()
            .map(|found| found.value.trim().to_lowercase())
            .collect()
    };
    let flag = |key| section.flag(key).is_some_and(|flag| flag.value);
    let (microsoft, dkim, strict) = (flag("microsoft"), flag("dkim"), flag("strict"));
    let authserv_ids: Vec<String> = names("authserv_ids");
    if authserv_ids.iter().any(String::is_empty) {
        let why = "an id is a name; where results carry none (Exchange Online), set `microsoft = true`";
        section.wrong(&section.head("authserv_ids"), why);
    }
    let trust = Trust {
        authserv_ids,
        border: names("border"),
        strict,
        microsoft,
        dkim,
        dkim_keys: dkim_keys(&section),
    };
    section.finish(&TOP);
    trust
}

/// `dkim_keys`: where a key would stand in the name service, and what would stand there.
fn dkim_keys(section: &Section<'_, '_>) -> Vec<(String, String)> {
    let table = section.section("dkim_keys");
    let mut keys = Vec::new();
    for (name, record) in table.pairs() {
        let name = table.parsed(Some(name), |text| {
            let name = text.trim().trim_end_matches('.').to_lowercase();
            let fits = name.split_once("._domainkey.").is_some_and(|(selector, domain)| {
                !selector.is_empty() && self::domain(domain).is_ok_and(|read| read == domain)
            });
            fits.then_some(name)
                .ok_or_else(|| "expected where the key is published, `selector._domainkey.example.com`".to_owned())
        });
        let record = table.parsed(Some(record), |text| {
            let fits = text.contains("p=") && text.len() <= limits::DKIM_KEY;
            fits.then(|| text.to_owned())
                .ok_or_else(|| "expected a key record, `v=DKIM1; k=rsa; p=…`".to_owned())
        });
        if let (Some(name), Some(record)) = (name, record) {
            keys.push((name.value, record.value));
        }
    }
    keys
}

/// The keys that belong at the top of the file.
pub(super) fn top_keys() -> &'static [&'static str] {
    &TOP
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Every key that reading `text` asks for.
    pub(in super::super) fn known_keys(text: &str) -> std::collections::BTreeSet<String> {
        let table = read::parse("test", text).expect("TOML");
        let problems = Problems::new("test", text);
        let around = Around {
            base: Path::new(""),
            depth: Depth::Form,
        };
        whole(&Section::top(&table, &problems), &around);
        problems.known()
    }
}
