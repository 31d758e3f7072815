//! What the administrator is told when a breaker trips: what happened, what it means, what to do.

use super::{Tap, safe};
use crate::model::{Cause, Hold, Scope};
use jiff::Timestamp;
use serde::Serialize;

/// What the administrator is told.
#[derive(Debug, Clone, Copy)]
pub enum Warned<'a> {
    /// Touches are held, or somebody should look.
    Hold(&'a Hold),
    /// The mailbox refuses the login, in its words.
    LoginRefused(&'a str),
    /// The mailbox cannot be read for some time, and why.
    MailboxAway(&'a str),
    /// The database was behind what had happened, why, and how many letters are in doubt.
    Recovered(&'a str, usize),
    /// A form of this source enrolled nobody, and why.
    LeadRefused(&'a str, &'a str),
}

/// What `warning.txt` and `warning.html` speak of.
#[derive(Serialize)]
pub(super) struct Warning {
    headline: String,
    happened: String,
    remedy: &'static str,
    /// What to type.
    command: String,
    /// `I last read my mailbox on Mon 9 Mar at 07:58 UTC.`
    synced: Option<String>,
    /// What can be said in answer, one tap each.
    taps: Vec<Tap>,
}

impl Warning {
    fn new(hold: &Hold) -> Self {
        let held = match &hold.scope {
            _ if hold.cause == Cause::WeakStops => "Many stops on weak evidence".to_owned(),
            Scope::All => "No touch goes out".to_owned(),
            Scope::Cadence(name) => format!("No touch of \"{name}\" goes out"),
            Scope::Rep(address) => format!("No touch goes out in the name of {address}"),
        };
        let clears = hold
            .clears
            .map(|at| format!(" It ends by itself at {}.", at.strftime("%Y-%m-%d %H:%M UTC")));
        Self {
            headline: held,
            happened: format!(
                "{}.{}",
                begun(safe::untrusted(&hold.why).trim_end_matches('.')),
                clears.unwrap_or_default()
            ),
            remedy: remedy(hold.cause),
            command: match hold.cause {
                Cause::WeakStops | Cause::Lease | Cause::Recovery => "cadence status".to_owned(),
                Cause::DoesNotLoad => "cadence lint".to_owned(),
                Cause::InDoubt => format!("cadence in-doubt list; cadence unhold {}", hold.scope),
                _ => format!("cadence unhold {}", hold.scope),
            },
            synced: None,
            taps: Vec::new(),
        }
    }

    /// What happened, in a headline and a sentence: for a mail about many of them.
    pub(super) fn line(&self) -> (String, String) {
        (self.headline.clone(), format!("{} {}", self.happened, self.command))
    }

    pub(super) fn of(warned: &Warned<'_>) -> Self {
        match warned {
            Warned::Hold(hold) => Self::new(hold),
            Warned::LoginRefused(why) => Self::login_refused(why),
            Warned::MailboxAway(why) => Self::mailbox_away(why),
            Warned::Recovered(why, doubts) => Self::recovered(why, *doubts),
            Warned::LeadRefused(source, why) => Self::lead_refused(source, why),
        }
    }

    /// With what may be said in answer by one tap, to this address.
    pub(super) fn answered_at(mut self, address: &str, warned: &Warned<'_>) -> Self {
        let mut lines = vec!["state".to_owned()];
        match warned {
            Warned::Hold(hold) if hold.cause.is_lifted_by_word() && hold.cause != Cause::WeakStops => {
                lines.insert(0, format!("unhold {}", hold.scope));
                lines.push("in-doubt".to_owned());
            }
            Warned::Hold(_) => lines.push("holds".to_owned()),
            Warned::Recovered(..) => lines.push("in-doubt".to_owned()),
            Warned::LeadRefused(..) => lines.push("quarantine".to_owned()),
            Warned::LoginRefused(_) | Warned::MailboxAway(_) => lines.clear(),
        }
        let tap = |line: String| Tap {
            href: safe::mailto(address, &line),
            label: line,
        };
        self.taps = lines.into_iter().map(tap).collect();
        self
    }

    /// With the moment of the last look at every folder: who reads how old it is knows whether the bot still lives.
    pub(super) fn synced(mut self, at: Option<Timestamp>) -> Self {
        let said = at.map(|at| format!("I last read my mailbox on {}.", at.strftime("%a %-d %b at %H:%M UTC")));
        self.synced = Some(said.unwrap_or_else(|| "I have not read my mailbox since I was started.".to_owned()));
        self
    }

    /// The mailbox refuses the login.
    fn login_refused(why: &str) -> Self {
        Self {
            headline: "The mailbox refuses my login".to_owned(),
            happened: format!(
                "{}. Nothing is sent to prospects until I can read it again, and answers lie there unread.",
                begun(safe::untrusted(why).trim_end_matches('.'))
            ),
            remedy: "Put user and password of [mailbox] right, and start the bot again. It tries again by itself, ever more slowly, so \
                     that the account is not locked.",
            command: "cadence check".to_owned(),
            synced: None,
            taps: Vec::new(),
        }
    }

    /// The mailbox cannot be read for some time.
    fn mailbox_away(why: &str) -> Self {
        Self {
            headline: "I cannot read my mailbox".to_owned(),
            happened: format!(
                "{}. Nothing is sent to prospects until I can read it again, and answers lie there unread.",
                begun(safe::untrusted(why).trim_end_matches('.'))
            ),
            remedy: "Look at the mail server and at the network between us. I try again by myself, and go on once it answers.",
            command: "cadence check".to_owned(),
            synced: None,
            taps: Vec::new(),
        }
    }

    /// The same for a rep whose touches it holds.
    pub(super) fn for_rep(hold: &Hold) -> Self {
        let headline = match &hold.scope {
            Scope::All | Scope::Rep(_) => "Your touches are held".to_owned(),
            Scope::Cadence(name) => format!("Your touches of \"{name}\" are held"),
        };
        Self {
            headline,
            remedy: "You need do nothing: answers reach you, calls stand in your digest, and your mails go on by themselves, inside your \
                     daily cap, once it is over. The administrator was told. To see where everybody stands, answer with:",
            command: "status all".to_owned(),
            ..Self::new(hold)
        }
    }

    /// The database was behind what happened, and is not any more.
    fn recovered(why: &str, doubts: usize) -> Self {
        let doubtful = match doubts {
            0 => "No mail is in doubt.".to_owned(),
            1 => "One mail is in doubt.".to_owned(),
            many => format!("{many} mails are in doubt."),
        };
        Self {
            headline: "Touches go out again".to_owned(),
            happened: format!(
                "The database was older than what had happened: {}. The mailbox was read again. {doubtful}",
                safe::untrusted(why).trim_end_matches('.')
            ),
            remedy: "What may have gone out meanwhile is not sent again by itself.",
            command: "cadence in-doubt list".to_owned(),
            synced: None,
            taps: Vec::new(),
        }
    }

    /// A web form enrolled nobody.
    fn lead_refused(source: &str, why: &str) -> Self {
        Self {
            headline: format!("A form of \"{}\" enrolled nobody", safe::untrusted(source)),
            happened: format!("Why: {}.", safe::untrusted(why).trim_end_matches('.')),
            remedy: "The form's program was not answered. What cannot be proven or read lies in quarantine; the rest among what was processed.",
            command: "cadence quarantine list".to_owned(),
            synced: None,
            taps: Vec::new(),
        }
    }

    pub(super) fn subject_line(&self) -> String {
        self.headline.clone()
    }
}

/// The reason as a sentence begins.
fn begun(why: &str) -> String {
    let mut rest = why.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

fn remedy(cause: Cause) -> &'static str {
    match cause {
        Cause::Administrator => "Somebody said so on the command line.",
        Cause::Complaints | Cause::ManyComplaints => {
            "People report these mails as spam. Look at who is enrolled and at the wording before it goes on."
        }
        Cause::Bounces => "The rep's list is bad. Have its addresses checked before it goes on.",
        Cause::Policy => {
            "Mail servers refuse this sender. Look at the server's words in the status, at SPF, DKIM and DMARC, and at block lists."
        }
        Cause::InDoubt => "The relay loses connections. Look at it, and at the mails in doubt, before it goes on.",
        Cause::Disk => "What was sent could not be recorded. Free some room; it then goes on by itself.",
        Cause::Lease => "Two bots on one mailbox send everything twice. Stop one of them; the other goes on by itself.",
        Cause::Recovery => "It goes on by itself once the mailbox was read again. What may have gone out is in doubt.",
        Cause::Vacation => "Nothing: it ends with their vacation, or when they write `back`.",
        Cause::Clock => "Have the machine's clock set right; it then goes on by itself.",
        Cause::DoesNotLoad => {
            "Nobody is enrolled in it, and whoever is in it waits; every other cadence goes on. Correct its files and start the bot again."
        }
        Cause::WeakStops => {
            "A filter may answer in people's place, or somebody forges answers. Nothing was suppressed; reps may resume each of them."
        }
    }
}
