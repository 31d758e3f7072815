//! A person who is forgotten: what stands in their place, and what of a fact stays.
//!
//! Ids, times, steps, wordings, intents and ends stay, because the numbers are made of them; whatever a person wrote, is
//! called or can be reached by goes.

use super::seal::base32;
use super::{Address, Approved, Fact, Intent, Key, LooseAddress, MeetingSeen, PauseReason, Prospect, Standing, Thread};

/// Where forgotten people live: a name that never is a host (RFC 2606 2).
const DOMAIN: &str = "forgotten.invalid";

/// What is put in the place of words.
pub const FORGOTTEN: &str = "(forgotten)";

/// The fields of a person that numbers are kept by; they name nobody.
const COUNTED: [&str; 2] = ["source", "persona"];

impl Address {
    /// What stands in the place of a forgotten person's address: a keyed hash of it as suppressions compare it, so that
    /// all its spellings give the same. `None` cannot happen with a sound key.
    #[must_use]
    pub fn of_forgotten(key: &Key, person: &LooseAddress) -> Option<Self> {
        let seal = key.derive("forgotten").seal::<16>(person.as_str().as_bytes());
        Self::parse(&format!("{}@{DOMAIN}", base32(&seal))).ok()
    }

    /// Whether it stands for somebody who is forgotten.
    #[must_use]
    pub fn is_forgotten(&self) -> bool {
        self.domain() == DOMAIN
    }
}

impl Fact {
    /// The fact without anything that names the person, who is called `alias` from then on. Doing it twice changes nothing.
    #[must_use]
    pub fn without_names(&self, alias: &Address) -> Self {
        let mut fact = self.clone();
        let gone = || FORGOTTEN.to_owned();
        match &mut fact {
            Self::Enrolled { prospect, thread, .. } => {
                forget(prospect, alias);
                *thread = Thread {
                    subject: String::new(),
                    ids: Vec::new(),
                };
            }
            Self::Lead { why, .. }
            | Self::Scheduled { why, .. }
            | Self::LeftOut { why, .. }
            | Self::Deferred { why, .. }
            | Self::Refused { why, .. }
            | Self::InDoubt { why, .. }
            | Self::Bounced { why, .. } => *why = gone(),
            Self::Rendered { subject, text, .. } => {
                *subject = String::new();
                *text = None;
            }
            Self::TaskOpened { text, .. } => *text = None,
            Self::Approved { text, .. } | Self::Edited { text: Some(text), .. } => {
                *text = Approved {
                    subject: String::new(),
                    body: String::new(),
                };
            }
            Self::Resolved {
                evidence, message_id, ..
            } => {
                *evidence = gone();
                *message_id = None;
            }
            Self::TaskClosed { note, .. } => *note = None,
            Self::Noted { text } => *text = gone(),
            Self::Learned { fields } => fields.retain(|field, _| is_counted(field)),
            Self::Replied { intent, .. } => {
                if let Some(Intent::Referral { to }) = intent {
                    *to = None;
                }
            }
            Self::RepWrote { message_id, .. } => *message_id = None,
            Self::OptedOut { how } => *how = gone(),
            Self::Paused { why, .. } => unsay(why),
            Self::EndTakenBack { before, .. } => match &mut **before {
                Standing::Waiting { why, .. } => *why = gone(),
                Standing::Paused { why, .. } => unsay(why),
                Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Ended { .. } => {}
            },
            Self::Meeting {
                seen: MeetingSeen { uid, .. },
            } => *uid = String::new(),
            Self::Dealt { .. }
            | Self::Drafted { .. }
            | Self::Sent { .. }
            | Self::Signalled { .. }
            | Self::TaskReopened { .. }
            | Self::TaskPutOff { .. }
            | Self::AutoReplied { .. }
            | Self::Located { .. }
            | Self::Complained
            | Self::Resumed { .. }
            | Self::Reopened { .. }
            | Self::Forgotten { .. }
            | Self::Edited { text: None, .. }
            | Self::Ended { .. } => {}
        }
        fact
    }
}

fn forget(prospect: &mut Prospect, alias: &Address) {
    prospect.address = alias.clone();
    prospect.name = None;
    prospect.fields.retain(|field, _| is_counted(field));
}

fn unsay(why: &mut PauseReason) {
    match why {
        PauseReason::MissingWords(text) | PauseReason::Colleague(text) => FORGOTTEN.clone_into(text),
        PauseReason::Replied
        | PauseReason::BounceUnproven
        | PauseReason::SoftBounces
        | PauseReason::Rep
        | PauseReason::Meeting(_)
        | PauseReason::Approval
        | PauseReason::Signal(_) => {}
    }
}

fn is_counted(field: &str) -> bool {
    COUNTED.contains(&field)
}

/// `text` with `name` replaced wherever it stands by itself; `None` when it does not. Case of ASCII letters does not matter.
/// `jane@acme.test` does not stand in `mary.jane@acme.test`.
#[must_use]
pub fn replaced(text: &str, name: &str, by: &str) -> Option<String> {
    let (low, wanted) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    if wanted.is_empty() {
        return None;
    }
    let (mut out, mut rest) = (String::new(), 0);
    for (at, _) in low.match_indices(&wanted) {
        let end = at + wanted.len();
        let before = low.get(..at).and_then(|head| head.chars().next_back());
        let mut after = low.get(end..).unwrap_or_default().chars();
        let (next, next_but_one) = (after.next(), after.next());
        let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+');
        let goes_on = next.is_some_and(|c| joins(c) || c == '.' && next_but_one.is_some_and(char::is_alphanumeric));
        if before.is_some_and(|c| joins(c) || c == '.') || goes_on {
            continue;
        }
        out.push_str(text.get(rest..at).unwrap_or_default());
        out.push_str(by);
        rest = end;
    }
    if rest == 0 {
        return None;
    }
    out.push_str(text.get(rest..).unwrap_or_default());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StepNo;

    #[test]
    fn an_address_goes_where_it_stands_by_itself_only() {
        let gone = |text: &str| replaced(text, "jane@acme.test", "x");
        assert_eq!(gone("<Jane@Acme.test>: unknown"), Some("<x>: unknown".to_owned()));
        assert_eq!(gone("ask jane@acme.test."), Some("ask x.".to_owned()));
        assert_eq!(gone("ä jane@acme.test jane@acme.test"), Some("ä x x".to_owned()));
        for other in ["mary.jane@acme.test", "jane@acme.test.evil.test", "ojane@acme.test", ""] {
            assert_eq!(gone(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_rep_edited_or_took_back_loses_its_words() {
        let alias = Address::parse("x@forgotten.invalid").expect("an address");
        let edited = Fact::Edited {
            step: StepNo(3),
            template: "email-2".to_owned(),
            by: None,
            text: Some(Approved {
                subject: "Jane".to_owned(),
                body: "Jane, one more thing".to_owned(),
            }),
        };
        let taken_back = |why| Fact::EndTakenBack {
            by: alias.clone(),
            before: Box::new(Standing::Paused {
                next: StepNo(3),
                why,
                until: None,
            }),
        };
        let facts = [
            edited,
            taken_back(PauseReason::Colleague("Jane".to_owned())),
            taken_back(PauseReason::MissingWords("Jane".to_owned())),
        ];
        for fact in facts {
            let forgotten = fact.without_names(&alias);
            assert!(!format!("{forgotten:?}").contains("Jane"), "{forgotten:?}");
            assert_eq!(forgotten.without_names(&alias), forgotten);
        }
    }

    #[test]
    fn all_spellings_that_suppressions_take_for_one_give_one_alias_and_another_key_another() {
        let alias = |key: u8, text: &str| {
            let person = Address::parse(text).expect("an address").loose();
            Address::of_forgotten(&Key::root(&[key; 32]), &person).expect("an alias")
        };
        let jane = alias(1, "jane@acme.test");
        assert!(jane.is_forgotten() && jane.company().is_none());
        assert_eq!(jane, alias(1, "Jane+news@ACME.test"));
        assert_eq!(alias(1, "ｊane@acme.test"), jane, "NFKC, T-07");
        assert_ne!(jane, alias(2, "jane@acme.test"));
        assert_ne!(jane, alias(1, "june@acme.test"));
        assert_eq!(jane.loose().as_str(), jane.as_str());
    }
}
