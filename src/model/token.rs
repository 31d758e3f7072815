//! The bot's addresses and the tokens in them (design §4).
//!
//! `cadence+<cadence>.<code>@` enrolls; `+r.` takes replies, `+b.` bounces, `+u.` opt-outs, `+c.` commands about one
//! enrollment, `+t.` those about tasks and digests, `+a.` the administrator's. A token is 25 bytes: version 1 · object 8 · seal 16, in 40 characters of lower-case base32. The seal is
//! an HMAC-SHA256 over purpose, version and object, keyed by a key outside the database.

use super::seal::{base32, from_base32};
use super::{Address, CadenceName, EnrollmentId, Key, LetterId, MessageId, StepNo, limits};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What a token entitles to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A prospect's reply; the object is the enrollment.
    Reply,
    /// The envelope sender of a letter; the object is the letter.
    Bounce,
    /// An opt-out; the object is the enrollment.
    OptOut,
    /// A rep's command about one enrollment, given by tapping or replying; the object is the enrollment.
    Command,
    /// A rep's answer to a digest; the object is the digest's letter.
    Digest,
    /// The administrator's answer to a warning; the object is the warning's letter.
    Administration,
    /// A manager's word about a test; the object is the test.
    Test,
}

impl Purpose {
    const ALL: [Self; 7] = [
        Self::Reply,
        Self::Bounce,
        Self::OptOut,
        Self::Command,
        Self::Digest,
        Self::Administration,
        Self::Test,
    ];

    fn letter(self) -> char {
        match self {
            Self::Reply => 'r',
            Self::Bounce => 'b',
            Self::OptOut => 'u',
            Self::Command => 'c',
            Self::Digest => 't',
            Self::Administration => 'a',
            Self::Test => 'p',
        }
    }
}

/// A verified token. Only [`BotAddress::read`] makes one from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is for.
    pub purpose: Purpose,
    /// The id of what it is about.
    pub object: i64,
}

impl Token {
    /// The enrollment, when the token is about one.
    #[must_use]
    pub fn enrollment(&self) -> Option<EnrollmentId> {
        match self.purpose {
            Purpose::Reply | Purpose::OptOut | Purpose::Command => Some(EnrollmentId(self.object)),
            Purpose::Bounce | Purpose::Digest | Purpose::Administration | Purpose::Test => None,
        }
    }

    /// The letter, when the token is about one.
    #[must_use]
    pub fn letter(&self) -> Option<LetterId> {
        match self.purpose {
            Purpose::Bounce | Purpose::Digest | Purpose::Administration => Some(LetterId(self.object)),
            Purpose::Reply | Purpose::OptOut | Purpose::Command | Purpose::Test => None,
        }
    }
}

/// Why a tag that looks like a token is none. All failures look alike to whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenError;

/// What stands behind one of the bot's own addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// The bare address.
    Bare,
    /// A cadence, with the code as given.
    Enroll {
        /// The cadence asked for.
        cadence: CadenceName,
        /// The rep's code as written; check it with [`BotAddress::code_fits`].
        code: Option<String>,
    },
    /// A good token.
    Token(Token),
    /// Something that is neither.
    Unknown,
}

const VERSION: u8 = 1;

/// The bot's address with the keys that make and check what stands behind its `+`.
#[derive(Debug, Clone)]
pub struct BotAddress {
    address: Address,
    tokens: Key,
    codes: Key,
    message_ids: Key,
    leases: Key,
    /// How often reps asked for new codes, by address in lower case: added to the turn that the configuration has. Shared by
    /// all copies, so that whoever reads mail knows at once.
    turned: Arc<Mutex<BTreeMap<String, u32>>>,
}

impl BotAddress {
    /// The bot at `address`, with keys derived from `root` for this address alone.
    #[must_use]
    pub fn new(address: Address, root: &Key) -> Self {
        let own = root.derive(&format!("cadence {address}"));
        Self {
            tokens: own.derive("token"),
            codes: own.derive("code"),
            message_ids: own.derive("message-id"),
            leases: own.derive("lease"),
            turned: Arc::default(),
            address,
        }
    }

    /// The bare address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    fn tagged(&self, tag: &str) -> Address {
        let text = format!("{}+{tag}@{}", self.address.local(), self.address.domain());
        // The configuration bounds the local part so that every tag fits (40 + 3 octets for tokens).
        Address::parse(&text).unwrap_or_else(|_| self.address.clone())
    }

    fn token(&self, purpose: Purpose, object: i64) -> Address {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&object.to_be_bytes());
        bytes.extend_from_slice(&self.tokens.seal::<16>(&Self::message(purpose, VERSION, object)));
        self.tagged(&format!("{}.{}", purpose.letter(), base32(&bytes)))
    }

    fn message(purpose: Purpose, version: u8, object: i64) -> Vec<u8> {
        let mut message = vec![purpose.letter() as u8, version];
        message.extend_from_slice(&object.to_be_bytes());
        message
    }

    /// Where a prospect's reply goes.
    #[must_use]
    pub fn for_reply(&self, enrollment: EnrollmentId) -> Address {
        self.token(Purpose::Reply, enrollment.0)
    }

    /// The envelope sender of a letter.
    #[must_use]
    pub fn for_bounce(&self, letter: LetterId) -> Address {
        self.token(Purpose::Bounce, letter.0)
    }

    /// Where a prospect's opt-out goes.
    #[must_use]
    pub fn for_opt_out(&self, enrollment: EnrollmentId) -> Address {
        self.token(Purpose::OptOut, enrollment.0)
    }

    /// Where a rep's command about one enrollment goes.
    #[must_use]
    pub fn for_command(&self, enrollment: EnrollmentId) -> Address {
        self.token(Purpose::Command, enrollment.0)
    }

    /// Where a rep's answer to a digest goes.
    #[must_use]
    pub fn for_digest(&self, digest: LetterId) -> Address {
        self.token(Purpose::Digest, digest.0)
    }

    /// Where the administrator's answer to a warning goes.
    #[must_use]
    pub fn for_administration(&self, warning: LetterId) -> Address {
        self.token(Purpose::Administration, warning.0)
    }

    /// Where a manager's word about a test goes.
    #[must_use]
    pub fn for_test(&self, test: i64) -> Address {
        self.token(Purpose::Test, test)
    }

    /// A rep's secret enrol address for a cadence; `turn` is raised to rotate the code.
    #[must_use]
    pub fn for_enrolling(&self, cadence: &CadenceName, rep: &Address, turn: u32) -> Address {
        self.tagged(&format!("{}.{}", cadence.as_str(), self.code(rep, turn)))
    }

    /// From now on the codes of a rep are those of so many turns later.
    pub fn turn(&self, rep: &Address, turns: u32) {
        if let Ok(mut turned) = self.turned.lock() {
            turned.insert(rep.as_str().to_lowercase(), turns);
        }
    }

    /// A rep's code: 60 bits in 12 characters.
    #[must_use]
    pub fn code(&self, rep: &Address, turn: u32) -> String {
        self.code_of(rep, self.turn_of(rep, turn))
    }

    /// The turn of a rep's code, what they asked for included.
    fn turn_of(&self, rep: &Address, turn: u32) -> u32 {
        let asked = self.turned.lock().ok();
        let asked = asked.and_then(|turned| turned.get(&rep.as_str().to_lowercase()).copied());
        turn.saturating_add(asked.unwrap_or(0))
    }

    /// Whether `code` was the rep's and was given up since.
    #[must_use]
    pub fn is_given_up(&self, code: &str, rep: &Address, turn: u32) -> bool {
        use subtle::ConstantTimeEq;
        let code = code.to_lowercase();
        let now = self.turn_of(rep, turn);
        let before = (0..now).rev().take(limits::CODES_REMEMBERED as usize);
        before.fold(false, |known, turn| {
            known | bool::from(self.code_of(rep, turn).as_bytes().ct_eq(code.as_bytes()))
        })
    }

    fn code_of(&self, rep: &Address, turn: u32) -> String {
        let seal = self
            .codes
            .seal::<8>(format!("{turn} {}", rep.as_str().to_lowercase()).as_bytes());
        base32(&seal).chars().take(12).collect()
    }

    /// Whether `code` is the rep's, in constant time.
    #[must_use]
    pub fn code_fits(&self, code: &str, rep: &Address, turn: u32) -> bool {
        use subtle::ConstantTimeEq;
        bool::from(self.code(rep, turn).as_bytes().ct_eq(code.to_lowercase().as_bytes()))
    }

    /// The Message-ID of a step's letter: derived, so that it can be computed again and looked for. `domain` is the
    /// sending domain.
    #[must_use]
    pub fn message_id(&self, enrollment: EnrollmentId, step: StepNo, domain: &str) -> Option<MessageId> {
        let seal = self.message_ids.seal::<16>(format!("{enrollment} {step}").as_bytes());
        MessageId::parse(&format!("{}@{domain}", base32(&seal)))
    }

    /// The Message-ID of any other letter.
    #[must_use]
    pub fn message_id_of(&self, letter: LetterId) -> Option<MessageId> {
        let seal = self.message_ids.seal::<16>(format!("letter {letter}").as_bytes());
        MessageId::parse(&format!("{}@{}", base32(&seal), self.address.domain()))
    }

    /// The seal under a lease.
    #[must_use]
    pub fn seal_of_lease(&self, facts: &str) -> String {
        base32(&self.leases.seal::<16>(facts.as_bytes()))
    }

    /// Whether this house sealed a lease, in constant time.
    #[must_use]
    pub fn is_seal_of_lease(&self, facts: &str, seal: &str) -> bool {
        from_base32(seal).is_some_and(|seal| seal.len() == 16 && self.leases.opens(facts.as_bytes(), &seal))
    }

    /// Reads a recipient: `None` when it is not one of the bot's own addresses.
    #[must_use]
    pub fn read(&self, recipient: &Address) -> Option<Tag> {
        if recipient.domain() != self.address.domain() {
            return None;
        }
        let local = recipient.local().to_lowercase();
        let own = self.address.local().to_lowercase();
        if local == own {
            return Some(Tag::Bare);
        }
        Some(self.read_tag(local.strip_prefix(&own)?.strip_prefix('+')?))
    }

    /// Reads what stands behind the `+`, from wherever a provider kept it.
    #[must_use]
    pub fn read_tag(&self, tag: &str) -> Tag {
        if let Some(purpose) = Purpose::ALL
            .into_iter()
            .find(|purpose| tag.starts_with(&format!("{}.", purpose.letter())))
        {
            return self
                .open(purpose, tag.get(2..).unwrap_or(""))
                .map_or(Tag::Unknown, Tag::Token);
        }
        let (name, code) = tag
            .split_once('.')
            .map_or((tag, None), |(name, code)| (name, Some(code.to_owned())));
        CadenceName::parse(name).map_or(Tag::Unknown, |cadence| Tag::Enroll { cadence, code })
    }

    fn open(&self, purpose: Purpose, text: &str) -> Result<Token, TokenError> {
        let bytes = from_base32(text).filter(|bytes| bytes.len() == 25).ok_or(TokenError)?;
        let (head, seal) = bytes.split_at_checked(9).ok_or(TokenError)?;
        let (version, object) = head.split_first().ok_or(TokenError)?;
        let object = i64::from_be_bytes(object.try_into().map_err(|_| TokenError)?);
        let sound = *version == VERSION && self.tokens.opens(&Self::message(purpose, *version, object), seal);
        if sound {
            Ok(Token { purpose, object })
        } else {
            Err(TokenError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bot() -> BotAddress {
        BotAddress::new(
            Address::parse("cadence@reps.example").expect("an address"),
            &Key::root(&[7; 32]),
        )
    }

    #[test]
    fn a_token_comes_back_as_what_it_was_made_for() {
        let bot = bot();
        let address = bot.for_reply(EnrollmentId(42));
        assert!(address.local().len() <= 64);
        assert_eq!(
            bot.read(&address),
            Some(Tag::Token(Token {
                purpose: Purpose::Reply,
                object: 42
            }))
        );
        let shouted = Address::parse(&address.as_str().to_uppercase()).expect("an address");
        assert_eq!(bot.read(&shouted), bot.read(&address), "relays fold case");
    }

    #[test]
    fn p22_any_change_makes_a_token_worthless() {
        let bot = bot();
        let good = bot.for_opt_out(EnrollmentId(42));
        let local = good.local();
        for at in "cadence+u.".len()..local.len() {
            for with in "abcdefghijklmnopqrstuvwxyz234567".chars() {
                let mut changed: Vec<char> = local.chars().collect();
                if changed[at] == with {
                    continue;
                }
                changed[at] = with;
                let changed: String = changed.into_iter().collect();
                let address = Address::parse(&format!("{changed}@reps.example")).expect("an address");
                assert_eq!(bot.read(&address), Some(Tag::Unknown), "{changed}");
            }
        }
        let other = Address::parse(&local.replace("+u.", "+r.")).ok();
        assert_eq!(other, None);
        let swapped = Address::parse(&format!("{}@reps.example", local.replace("+u.", "+r."))).expect("an address");
        assert_eq!(bot.read(&swapped), Some(Tag::Unknown), "another purpose");
    }

    #[test]
    fn an_enrol_address_carries_the_reps_code() {
        let bot = bot();
        let ana = Address::parse("ana@corp.example").expect("an address");
        let cadence = CadenceName::parse("cold-outbound").expect("a name");
        let Some(Tag::Enroll {
            cadence: read,
            code: Some(code),
        }) = bot.read(&bot.for_enrolling(&cadence, &ana, 1))
        else {
            panic!("an enrol address")
        };
        assert_eq!(read, cadence);
        assert!(bot.code_fits(&code, &ana, 1));
        assert!(!bot.code_fits(&code, &ana, 2), "a rotated code is worthless");
        assert!(!bot.code_fits("", &ana, 1));
    }
}
