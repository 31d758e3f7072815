//! Where the keys of signatures come from: the configuration first, then the name service, where an answer counts only when
//! it is proven (DNSSEC), because whoever answers in its place could sign in anybody's name (reliability T-36).
//!
//! Standards: RFC 6376 3.6, RFC 4033. Limits: [`limits::DNS_WAIT`] a question, [`limits::DNS_CACHE`] answers kept.

use crate::model::limits;
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::common::verify::DomainKey;
use mail_auth::hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::hickory_resolver::proto::dnssec::Proof;
use mail_auth::hickory_resolver::proto::rr::RData;
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use mail_auth::{DnsError, Error, MessageAuthenticator, ResolverCache, Txt};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Where keys come from.
pub struct Keys {
    /// `selector._domainkey.domain` → record.
    pinned: HashMap<String, String>,
    /// Asks name servers; never does when only pinned keys count.
    verifier: MessageAuthenticator,
    asks: bool,
    /// A name server did not answer, so that the others of this look are not waited for.
    silent: AtomicBool,
}

/// Why there can be no keys.
#[derive(Debug)]
pub struct KeysError(String);

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "this machine's name servers are not known ({}); correct /etc/resolv.conf, or set [trust].dkim = false",
            self.0
        )
    }
}
impl std::error::Error for KeysError {}

/// Debug says where, never what.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({} pinned, asks: {})", self.pinned.len(), self.asks)
    }
}

/// What is known of one key.
pub(super) enum Answer {
    /// It, trustworthy.
    Key(Box<DomainKey>),
    /// There is none that could be trusted; says why.
    None(&'static str),
    /// Nobody answered.
    Later,
}

impl Keys {
    /// The keys of the configuration alone: no question ever leaves this machine.
    ///
    /// # Errors
    /// Never, as long as the resolver can be built without servers.
    pub fn pinned(records: &[(String, String)]) -> Result<Self, KeysError> {
        Self::with(records, ResolverConfig::default(), ResolverOpts::default(), false)
    }

    /// These, and for all others the name servers of this machine.
    ///
    /// # Errors
    /// When the machine's name servers cannot be read.
    pub fn system(records: &[(String, String)]) -> Result<Self, KeysError> {
        let (config, options) = read_system_conf().map_err(|error| KeysError(error.to_string()))?;
        Self::with(records, config, options, true)
    }

    /// These, and for all others the name servers at `servers`, by UDP.
    ///
    /// # Errors
    /// When the resolver cannot be built.
    pub fn asking(records: &[(String, String)], servers: &[SocketAddr]) -> Result<Self, KeysError> {
        let server = |at: &SocketAddr| {
            let mut server = NameServerConfig::udp(at.ip());
            for connection in &mut server.connections {
                connection.port = at.port();
            }
            server
        };
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.iter().map(server).collect());
        Self::with(records, config, ResolverOpts::default(), true)
    }

    fn with(
        records: &[(String, String)],
        config: ResolverConfig,
        mut options: ResolverOpts,
        asks: bool,
    ) -> Result<Self, KeysError> {
        options.validate = asks;
        options.timeout = limits::DNS_WAIT / 2;
        options.attempts = 1;
        options.cache_size = limits::DNS_CACHE;
        options.positive_max_ttl = Some(limits::DNS_KEPT);
        options.negative_max_ttl = Some(limits::DNS_KEPT);
        let verifier = MessageAuthenticator::new(config, options).map_err(|error| KeysError(error.to_string()))?;
        let pinned = records.iter().cloned().collect();
        Ok(Self {
            pinned,
            verifier,
            asks,
            silent: AtomicBool::new(false),
        })
    }

    /// A new look at the mailbox: a name server that was silent is asked again.
    pub fn ask_again(&self) {
        self.silent.store(false, Ordering::Relaxed);
    }

    pub(super) fn verifier(&self) -> &MessageAuthenticator {
        &self.verifier
    }

    /// The key that is published under a name such as `selector._domainkey.corp.test.`.
    pub(super) async fn key(&self, name: &str) -> Answer {
        let bare = name.trim_end_matches('.').to_lowercase();
        if let Some(record) = self.pinned.get(&bare) {
            return parsed(record.as_bytes());
        }
        if !self.asks {
            return Answer::None("the key of its signature is not among those that are configured");
        }
        if self.silent.load(Ordering::Relaxed) {
            return Answer::Later;
        }
        let asked = self.verifier.resolver().txt_lookup(format!("{bare}."));
        let found = match tokio::time::timeout(limits::DNS_WAIT, asked).await {
            Err(_) => return self.later(),
            Ok(Err(error)) if error.is_no_records_found() => {
                return Answer::None("the key of its signature is not published");
            }
            Ok(Err(_)) => return self.later(),
            Ok(Ok(found)) => found,
        };
        let records = found.answers().iter().filter_map(|record| match &record.data {
            RData::TXT(text) => Some((record.proof, text.txt_data.concat())),
            _ => None,
        });
        let mut why = "the key of its signature is not published";
        for (proof, record) in records.take(limits::DKIM_SIGNATURES) {
            if proof != Proof::Secure {
                why = "the key of its signature stands in a zone that is not signed (DNSSEC); name it in [trust].dkim_keys";
                continue;
            }
            match parsed(&record) {
                Answer::None(wrong) => why = wrong,
                good => return good,
            }
        }
        Answer::None(why)
    }
}

impl Keys {
    fn later(&self) -> Answer {
        self.silent.store(true, Ordering::Relaxed);
        Answer::Later
    }
}

fn parsed(record: &[u8]) -> Answer {
    if record.len() > limits::DKIM_KEY {
        return Answer::None("the key of its signature is larger than is read");
    }
    if is_test(record) {
        return Answer::None("its domain only tries signatures out (t=y)");
    }
    match DomainKey::parse(record) {
        Ok(key) => Answer::Key(Box::new(key)),
        Err(_) => Answer::None("the key of its signature is withdrawn or cannot be read"),
    }
}

/// RFC 6376 3.6.1: a mail signed by such a key counts as unsigned.
fn is_test(record: &[u8]) -> bool {
    let text = String::from_utf8_lossy(record);
    text.split(';').any(|tag| {
        let (name, value) = tag.split_once('=').unwrap_or((tag, ""));
        name.trim() == "t" && value.split(':').any(|flag| flag.trim() == "y")
    })
}

/// The keys of one check. mail-auth asks it for everything, and what it does not hold does not exist: without an answer here it
/// would ask name servers itself, without the proof.
#[derive(Default)]
pub(super) struct Known(HashMap<Box<str>, Arc<DomainKey>>);

impl Known {
    pub(super) fn add(&mut self, name: String, key: DomainKey) {
        self.0.insert(name.into(), Arc::new(key));
    }
}

impl ResolverCache<Box<str>, Txt> for Known {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known = self.0.get(name).map(|key| Txt::DomainKey(key.clone()));
        Some(known.unwrap_or(Txt::Error(Error::Dns(DnsError::InvalidRecordType))))
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}
