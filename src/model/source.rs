//! Where prospects come from when nobody hands them over, which cadence is theirs when nobody names one, and how many
//! strangers a team writes to in one house.

use super::{Address, CadenceName};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One `[[route]]`: a cadence, and what must be the case. Conditions without an entry always hold; of several routes the
/// first that holds counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where it leads.
    pub cadence: CadenceName,
    /// How the prospect came: `forward`, `list`, or the name of a lead source.
    pub source: Vec<String>,
    /// Words in the title.
    pub title: Vec<String>,
    /// Words in the industry.
    pub industry: Vec<String>,
    /// Countries and regions, `DE`, `DE-BY`.
    pub country: Vec<String>,
    /// The stage of the business with them.
    pub stage: Vec<String>,
    /// The kind of person.
    pub persona: Vec<String>,
    /// How many people work there, first and last number.
    pub company_size: Option<(u32, u32)>,
}

/// One `[[lead_source]]`: a program that mails what somebody wrote into a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadSource {
    /// What reports call it.
    pub name: String,
    /// Whose mails count: an address, or a whole domain as `@forms.example.net`; lower case.
    pub from: Vec<String>,
    /// How the form is written down.
    pub format: LeadFormat,
    /// Our word for each of the form's: `email` for `Your e-mail address`.
    pub fields: BTreeMap<String, String>,
    /// What its mails may report of people; such a source enrolls nobody. Empty: it sends forms.
    pub signals: Vec<String>,
    /// In what they are enrolled; `None`: a route says.
    pub cadence: Option<CadenceName>,
    /// Who takes turns; empty: all reps.
    pub reps: Vec<Address>,
    /// Who answers for which countries, before anybody takes turns.
    pub territories: Vec<Territory>,
}

/// Whose prospects those of some countries are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    /// Countries and regions, `DE`, `DE-BY`.
    pub country: Vec<String>,
    /// The rep.
    pub rep: Address,
}

/// How a form is written down in a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadFormat {
    /// `Company: Acme` in the text, or the label on one line and the answer on the next.
    Labels,
    /// A JSON object in the text; `contact.email` reaches into it.
    Json,
    /// Fields of the mail's header.
    Header,
}

/// What somebody wrote into a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The name of its source.
    pub source: String,
    /// Whose form it is.
    pub address: Address,
    /// Their name.
    pub name: Option<String>,
    /// All other words, by our names for them.
    pub fields: BTreeMap<String, String>,
    /// What they did, of a source that reports that; `None`: it is a form.
    pub did: Option<String>,
    /// When the form was mailed.
    pub asked: Option<Timestamp>,
}

/// How much of one person and one company is asked (`[etiquette]`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Etiquette {
    /// Days after the last touch of a cadence that nobody answered before the next may begin; 0: none.
    pub cooldown: u32,
    /// People of one company who are in cadences at a time; `None`: however many.
    pub per_company: Option<u32>,
    /// Addresses, and domains as `@acme.test`, that are never mailed; lower case.
    pub never: Vec<String>,
}

impl Etiquette {
    /// Whether an address is never mailed.
    #[must_use]
    pub fn forbids(&self, address: &Address) -> bool {
        let domain = address.domain().to_lowercase();
        let whole = address.as_str().to_lowercase();
        self.never.iter().any(|never| match never.strip_prefix('@') {
            Some(theirs) => domain == theirs || domain.strip_suffix(theirs).is_some_and(|sub| sub.ends_with('.')),
            None => *never == whole,
        })
    }
}

impl LeadSource {
    /// Whether a mail of this address is one of this source's.
    #[must_use]
    pub fn is_from(&self, address: &Address) -> bool {
        let whole = address.as_str().to_lowercase();
        let ends = |domain: &str| whole.rsplit_once('@').is_some_and(|(_, theirs)| theirs == domain);
        self.from.iter().any(|from| match from.strip_prefix('@') {
            Some(domain) => ends(domain),
            None => *from == whole,
        })
    }
}

/// What the part before the `@` is called where several people, or nobody, read the mail.
const ROLES: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "billing",
    "bewerbung",
    "buchhaltung",
    "careers",
    "contact",
    "contacto",
    "customerservice",
    "einkauf",
    "empfang",
    "feedback",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hr",
    "info",
    "invoice",
    "it",
    "jobs",
    "kontakt",
    "legal",
    "mail",
    "marketing",
    "media",
    "office",
    "orders",
    "personal",
    "postmaster",
    "press",
    "presse",
    "privacy",
    "procurement",
    "purchasing",
    "reception",
    "recruiting",
    "rechnung",
    "sales",
    "sekretariat",
    "service",
    "support",
    "team",
    "ventas",
    "verkauf",
    "vertrieb",
    "webmaster",
    "zentrale",
];

/// Whether an address is a function's and not a person's.
#[must_use]
pub fn is_role(address: &Address) -> bool {
    let local = address.local().to_lowercase();
    let local = local.split('+').next().unwrap_or_default();
    ROLES.contains(&local)
}

/// What the part before the `@` is called where a program passes mail on to many.
const LISTS: &[&str] = &[
    "all",
    "all-hands",
    "allhands",
    "alle",
    "announce",
    "announcements",
    "company",
    "employees",
    "everybody",
    "everyone",
    "list",
    "mitarbeiter",
    "newsletter",
    "staff",
    "tous",
];

/// Whether an address is a mailing list's, as far as its name tells: many would read what is written to one.
#[must_use]
pub fn is_list(address: &Address) -> bool {
    let local = address.local().to_lowercase();
    let domain = address.domain().to_lowercase();
    let hosts = ["googlegroups.com", "groups.io", "freelists.org", "yahoogroups.com"];
    let labelled = domain
        .split('.')
        .rev()
        .skip(2)
        .any(|label| matches!(label, "list" | "lists" | "groups"));
    let called = LISTS.contains(&local.as_str()) || ["-list", "-l", "-announce"].iter().any(|end| local.ends_with(end));
    called || labelled || hosts.contains(&domain.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("an address")
    }

    #[test]
    fn whole_domains_and_single_addresses_are_never_mailed() {
        let etiquette = Etiquette {
            never: vec!["@rival.test".to_owned(), "jane@acme.test".to_owned()],
            ..Etiquette::default()
        };
        for (who, never) in [
            ("a@rival.test", true),
            ("a@mail.Rival.test", true),
            ("a@arrival.test", false),
            ("Jane@acme.test", true),
            ("john@acme.test", false),
        ] {
            assert_eq!(etiquette.forbids(&address(who)), never, "{who}");
        }
    }

    #[test]
    fn lists_are_told_from_people() {
        for (who, list) in [
            ("all@acme.test", true),
            ("rust-users@lists.acme.test", true),
            ("sales-list@acme.test", true),
            ("fair@googlegroups.com", true),
            ("kelly@acme.test", false),
            ("allen@acme.test", false),
            ("jane@lists.test", false),
        ] {
            assert_eq!(is_list(&address(who)), list, "{who}");
        }
    }

    #[test]
    fn functions_are_told_from_people() {
        for (who, role) in [
            ("info@acme.test", true),
            ("Sales+eu@acme.test", true),
            ("infona@acme.test", false),
            ("jane@acme.test", false),
        ] {
            assert_eq!(is_role(&address(who)), role, "{who}");
        }
    }
}
