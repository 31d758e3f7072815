//! Mail addresses, strictly read and loosely compared.
//!
//! Standards: RFC 5321 4.1.2 without quoted local parts, comments, routes or address literals: in places where an
//! address decides something, what is unusual is refused (reference: reliability T-05). A domain outside ASCII is kept
//! and shown by its A-labels (RFC 5890, UTS 46), so that a letter of another script never passes for one of ours
//! (T-06). A local part outside ASCII (RFC 6531) is kept in NFC, so that one person has one spelling (T-07).

use super::limits;
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// An addr-spec `local@domain`. The domain is in lower case A-labels; the local part is as written, in NFC.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressError {
    /// What was found, for the person who wrote it.
    pub why: &'static str,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a mail address: {}", self.why)
    }
}
impl std::error::Error for AddressError {}

impl Address {
    /// Reads an addr-spec, spaces around it ignored.
    ///
    /// # Errors
    /// When the text is not a plain `dot-atom@domain`.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError {
            why: "there is no `@` in it",
        })?;
        if local.is_empty() || local.len() > limits::LOCAL_PART {
            return Err(AddressError {
                why: "the part before `@` is empty or longer than 64 octets",
            });
        }
        // Two dots in a row are against the RFC and in use at Japanese providers, so they pass.
        if !local.chars().all(is_atom) || local.starts_with('.') {
            return Err(AddressError {
                why: "the part before `@` has a character that is not allowed there",
            });
        }
        let domain = domain_name(domain).ok_or(AddressError {
            why: "the part after `@` is not a domain",
        })?;
        let local = if local.is_ascii() {
            Cow::Borrowed(local)
        } else {
            Cow::Owned(local.nfc().collect())
        };
        Ok(Self(format!("{local}@{domain}")))
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`, as written.
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`, in lower case A-labels.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether only relays that take UTF-8 can carry it (RFC 6531): the local part is outside ASCII.
    #[must_use]
    pub fn needs_utf8(&self) -> bool {
        !self.0.is_ascii()
    }

    /// Equality in the way people mean it (case ignored); never for authority over more than one enrollment.
    #[must_use]
    pub fn same_as(&self, other: &Address) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// Whether a person would take it for the other, which it is not: each letter looks like the other's (UTS 39).
    #[must_use]
    pub fn resembles(&self, other: &Address) -> bool {
        (self.needs_utf8() || self.domain().contains(A_LABEL))
            && !self.same_as(other)
            && looks(&self.0) == looks(&other.0)
    }

    /// The same of what stands after the `@`.
    #[must_use]
    pub fn resembles_domain_of(&self, other: &Address) -> bool {
        self.domain().contains(A_LABEL)
            && self.domain() != other.domain()
            && looks(self.domain()) == looks(other.domain())
    }

    /// The form in which suppressions and stops are compared.
    #[must_use]
    pub fn loose(&self) -> LooseAddress {
        let local = folded(self.local());
        let local = local
            .split('+')
            .next()
            .filter(|base| !base.is_empty())
            .unwrap_or(&local)
            .to_owned();
        let (local, domain) = match self.domain() {
            "gmail.com" | "googlemail.com" => (local.replace('.', ""), "gmail.com"),
            other => (local, other),
        };
        LooseAddress(format!("{local}@{domain}"))
    }
}

/// How an A-label begins (RFC 5890 2.3.1).
const A_LABEL: &str = "xn--";

/// A domain in lower case A-labels; `None` when it is none. What only looks like ASCII (`ｃｏｒｐ.test`) is refused: no
/// mail server has such a name, and whoever writes it wants to be taken for somebody else.
#[must_use]
pub fn domain_name(text: &str) -> Option<String> {
    let plain = text.to_ascii_lowercase();
    if plain.is_ascii() && !plain.contains(A_LABEL) {
        return is_domain(&plain).then_some(plain);
    }
    let mapped = Uts46::new().to_ascii(
        plain.as_bytes(),
        AsciiDenyList::EMPTY,
        Hyphens::Allow,
        DnsLength::Ignore,
    );
    let name = mapped.ok().filter(|name| is_domain(name))?;
    let honest = plain.split('.').count() == name.split('.').count()
        && plain
            .split('.')
            .zip(name.split('.'))
            .all(|(written, label)| written == label || (!written.is_ascii() && label.starts_with(A_LABEL)));
    honest.then(|| name.into_owned())
}

/// Its skeleton: what looks alike has the same (UTS 39 4).
fn looks(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or(("", address));
    let (domain, _) = Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    let lower = |text: &str| text.to_lowercase();
    let shape = format!("{}@{}", lower(local), lower(&domain));
    skeleton(&shape).collect()
}

/// A local part as suppressions compare it: compatible forms and cases are one (NFKC and case folding).
fn folded(local: &str) -> String {
    if local.is_ascii() {
        return local.to_ascii_lowercase();
    }
    let folded = local.nfkc().collect::<String>().to_uppercase().to_lowercase();
    folded.nfkc().collect()
}

fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~.".contains(c)
        || (!c.is_ascii() && !c.is_control() && !c.is_whitespace() && !is_bidi(c))
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_domain(domain: &str) -> bool {
    domain.len() <= limits::DOMAIN
        && domain.contains('.')
        && domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Addresses never reach a log by accident: their debug form is hidden but for the domain's last label.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address(…@….{})", self.domain().rsplit('.').next().unwrap_or(""))
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}
impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

/// An address as suppressions compare it: case and compatible forms folded, without a plus tag, Gmail's dots removed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LooseAddress(String);

impl LooseAddress {
    /// What stands after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Everybody at a domain, written `@acme.test`; `None` when it is no domain.
    #[must_use]
    pub fn everybody_at(domain: &str) -> Option<Self> {
        let domain = domain_name(domain.trim().trim_start_matches('@'))?;
        Some(Self(format!("@{domain}")))
    }

    /// As it was stored: an address, or everybody at a domain.
    #[must_use]
    pub fn stored(text: &str) -> Option<Self> {
        match text.strip_prefix('@') {
            Some(domain) => Self::everybody_at(domain),
            None => Address::parse(text).ok().map(|address| address.loose()),
        }
    }

    /// Its domain and those above it, each as [`LooseAddress::everybody_at`] writes it.
    pub fn domains(&self) -> impl Iterator<Item = String> + '_ {
        let all = std::iter::successors(Some(self.domain()), |domain| {
            domain.split_once('.').map(|(_, above)| above)
        });
        all.filter(|domain| domain.contains('.'))
            .map(|domain| format!("@{domain}"))
    }

    /// The text that is stored and compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for LooseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LooseAddress(…)")
    }
}

/// Somebody in a header: an address, and a display name if one was given.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondent {
    /// The display name, decoded, one line, trimmed; `None` when absent or when it merely repeats the address.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

impl Correspondent {
    /// Somebody with a name, which is cleaned of control characters and outer quotes.
    #[must_use]
    pub fn new(name: Option<&str>, address: Address) -> Self {
        let name = name.map(|name| {
            let clean: String = name
                .chars()
                .map(|c| if c.is_control() || is_bidi(c) { ' ' } else { c })
                .collect();
            let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
            clean
                .trim_matches(['"', '\'', ' '])
                .chars()
                .take(120)
                .collect::<String>()
        });
        let name = name.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(address.as_str()));
        Self { name, address }
    }
}

impl fmt::Debug for Correspondent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Correspondent({:?})", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_read_and_others_refused() {
        for good in [
            "jane@acme.com",
            " Jane.Doe+x@Acme.COM ",
            "a..b@docomo.example",
            "o'neil@x.co",
        ] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "jane",
            "@acme.com",
            "jane@",
            "jane@acme",
            "a b@c.de",
            "\"x@evil.tld\"@c.de",
            "a@b@c.de",
            "a@-b.de",
            "a\u{202e}@b.de",
            "a@b..de",
            "a\r\n@b.de",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn loose_comparison_forgives_case_tags_and_gmails_dots() {
        let loose = |text: &str| Address::parse(text).expect("an address").loose();
        assert_eq!(loose("Jane+work@Acme.com"), loose("jane@acme.com"));
        assert_eq!(loose("j.a.ne@googlemail.com"), loose("jane@gmail.com"));
        assert_ne!(loose("j.ane@acme.com"), loose("jane@acme.com"));
    }
}
