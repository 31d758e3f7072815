//! One fact, one line: what `why` prints and the digest shows.

use crate::model::{Dealing, Ending, Fact, Intent, PauseReason, Resolution, StepNo, Variant, said_by_server};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The fact as a line without the prospect's name, lower case, no full stop, times in UTC: `touch 2 was sent`.
#[must_use]
pub fn in_words(fact: &Fact) -> String {
    in_words_at(fact, &TimeZone::UTC)
}

/// The same with times as the clock in `zone` shows them.
#[must_use]
pub fn in_words_at(fact: &Fact, zone: &TimeZone) -> String {
    match fact {
        Fact::Enrolled { cadence, adopted, .. } => match adopted {
            Some(step) => format!("enrolled in {cadence}; the rep's own mail is touch {step}"),
            None => format!("enrolled in {cadence}"),
        },
        Fact::Scheduled { step, due, why, .. } => format!("touch {step} is due {}: {why}", moment(*due, zone)),
        Fact::Rendered {
            step, variant, text, ..
        } => {
            let text = chosen(text.as_deref());
            match variant {
                Some(Variant { name, test: Some(test) }) => {
                    format!("touch {step} lies ready, in wording {name} of the test \"{test}\"{text}")
                }
                Some(Variant { name, test: None }) => format!("touch {step} lies ready, in wording {name}{text}"),
                None => format!("touch {step} lies ready{text}"),
            }
        }
        Fact::Drafted { step, .. } => format!("the draft of touch {step} went to the rep, whose word it waits for"),
        Fact::Approved { step, by, .. } => format!("touch {step} may go, said {by}"),
        Fact::Signalled { name, step, by } => {
            let of = step.map(|step| format!(", touch {step}")).unwrap_or_default();
            let by = by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            format!("reported{by}: {name}{of}")
        }
        Fact::LeftOut { step, why, .. } => format!("touch {step} is left out: {why}"),
        Fact::Dealt { step, of, variant } => dealt(*step, *of, variant),
        Fact::Sent { step, .. } => format!("touch {step} was sent"),
        Fact::Deferred { step, until, why } => {
            let until = moment(*until, zone);
            format!("touch {step} was put off until {until}: {why}")
        }
        Fact::Refused { step, status, why } => {
            format!(
                "touch {step} was refused by the mail server{}",
                reason(status.as_deref(), why)
            )
        }
        Fact::InDoubt { step, why } => format!("it is not known whether touch {step} went out: {why}"),
        Fact::Resolved {
            step,
            how,
            evidence,
            by,
            ..
        } => {
            let by = by.as_ref().map(|by| format!(", said {by}")).unwrap_or_default();
            match how {
                Resolution::Sent => format!("touch {step} did go out: {evidence}{by}"),
                Resolution::PresumedSent => format!("touch {step} counts as sent: {evidence}{by}"),
                Resolution::SentAgain => format!("touch {step} is sent once more{by}: {evidence}"),
            }
        }
        Fact::TaskOpened { step, text, .. } => format!("touch {step} is the rep's to do{}", chosen(text.as_deref())),
        Fact::TaskClosed {
            step, outcome, note, ..
        } => {
            let note = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            format!("touch {step} was closed: {}{note}", outcome.word())
        }
        Fact::TaskPutOff { step, until, .. } => format!("touch {step} was put off until {}", moment(*until, zone)),
        Fact::TaskReopened { step, .. } => format!("touch {step} is open again: what was logged was taken back"),
        Fact::Edited { by: None, template, .. } => {
            format!("the rep's text for `{template}` was dropped: the cadence has no such mail any more")
        }
        Fact::Edited { step, text, .. } => match text {
            Some(_) => format!("the rep wrote touch {step} in their own words"),
            None => format!("touch {step} goes out as the cadence has it"),
        },
        Fact::EndTakenBack { .. } => "what ended it was taken back, and it stands where it stood".to_owned(),
        Fact::Learned { fields } => {
            let known: Vec<String> = fields
                .iter()
                .map(|(field, value)| format!("{field} = {value}"))
                .collect();
            format!("the rep said: {}", known.join(", "))
        }
        Fact::Forgotten { by, why } => format!("forgotten on request, by {by}: {why}"),
        Fact::Noted { text } => format!("note: {text}"),
        Fact::Replied { answers, maybe, intent } => {
            let perhaps = if *maybe { "perhaps " } else { "" };
            let after = answers.map(|step| format!(", after touch {step}")).unwrap_or_default();
            let meant = intent.as_ref().and_then(Intent::word);
            let meant = meant.map(|word| format!(": {word}")).unwrap_or_default();
            format!("{perhaps}answered{after}{meant}")
        }
        Fact::AutoReplied { until, named } => {
            let until = moment(*until, zone);
            let guess = if *named { "" } else { ", a guess: no day was named" };
            format!("is away; touches wait until {until}{guess}")
        }
        Fact::Lead { source, why, .. } => format!("asked by the form of {source}: {why}"),
        Fact::RepWrote { .. } => "wrote by hand; the next touch keeps its distance from that".to_owned(),
        Fact::Located { zone } => format!("is in {}, {}", zone.name, zone.reason.word()),
        Fact::Bounced { permanent, status, why } => {
            let what = if *permanent {
                "the address is dead"
            } else {
                "mail came back for the time being"
            };
            format!("{what}{}", reason(status.as_deref(), why))
        }
        Fact::OptedOut { how } => format!("wants no more mail, and said so {how}"),
        Fact::Complained => "reported a mail as spam".to_owned(),
        Fact::Paused { why, until } => match until {
            Some(until) => format!("paused until {}: {}", moment(*until, zone), pause(why)),
            None => format!("paused: {}", pause(why)),
        },
        Fact::Resumed { by: Some(rep) } => format!("resumed by {rep}"),
        Fact::Resumed { by: None } => "resumed: the pause ran out".to_owned(),
        Fact::Meeting { seen } => {
            let start = seen.start.map(|at| format!(", for {}", moment(at, zone)));
            format!("{}{}", seen.said.word(), start.unwrap_or_default())
        }
        Fact::Reopened { why } => format!("open again, and paused: {}", why.word()),
        Fact::Ended { outcome } => format!("ended: {}", ending(*outcome)),
    }
}

/// `; from 2-next@cfo.md, as their title is "CFO"`, where there was a choice.
fn chosen(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!("; from {text}"))
}

/// `: 5.1.1 user unknown`, as far as known.
fn reason(status: Option<&str>, why: &str) -> String {
    let said = said_by_server(status, why);
    if said.is_empty() { said } else { format!(": {said}") }
}

/// Why the clock stands, as a clause.
#[must_use]
pub(super) fn pause(why: &PauseReason) -> String {
    match why {
        PauseReason::Replied => "answered".to_owned(),
        PauseReason::BounceUnproven => "perhaps a bounce, not proven".to_owned(),
        PauseReason::SoftBounces => "mail came back more than once".to_owned(),
        PauseReason::Rep => "the rep said so".to_owned(),
        PauseReason::MissingWords(words) => format!("words are missing: {words}"),
        PauseReason::Meeting(said) => said.word().to_owned(),
        PauseReason::Approval => "the draft waits for the rep's `send`".to_owned(),
        PauseReason::Signal(name) => format!("the cadence says so of what was reported: {name}"),
        PauseReason::Colleague(who) => format!("a colleague answered, {who}"),
    }
}

fn ending(outcome: Ending) -> &'static str {
    match outcome {
        Ending::Completed => "every touch was made",
        Ending::Undeliverable => "a mail could not be delivered for too long",
        Ending::Bounced
        | Ending::OptedOut
        | Ending::Complained
        | Ending::Suppressed
        | Ending::Stopped
        | Ending::Finished
        | Ending::Met
        | Ending::ByCadence
        | Ending::NotInterested => outcome.word(),
    }
}

fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %H:%M").to_string()
}

/// What a test dealt.
fn dealt(step: StepNo, of: Dealing, variant: &Variant) -> String {
    let test = variant
        .test
        .as_deref()
        .map_or_else(String::new, |test| format!(" of the test \"{test}\""));
    let letter = &variant.name;
    match of {
        Dealing::Text => format!("touch {step} has wording {letter}{test}"),
        Dealing::Step => format!("goes by arm {letter}{test}"),
        Dealing::Hour => format!("mails go out by the {letter} hour"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StepNo;

    #[test]
    fn a_servers_status_is_said_once() {
        let refused = |status: Option<&str>, why: &str| {
            in_words(&Fact::Refused {
                step: StepNo(3),
                status: status.map(str::to_owned),
                why: why.to_owned(),
            })
        };
        for (status, why, words) in [
            (
                Some("5.7.1"),
                "5.7.1 not allowed",
                "touch 3 was refused by the mail server: 5.7.1 not allowed",
            ),
            (
                Some("5.7.1"),
                "not allowed",
                "touch 3 was refused by the mail server: 5.7.1 not allowed",
            ),
            (Some("5.7.1"), "", "touch 3 was refused by the mail server: 5.7.1"),
            (None, "", "touch 3 was refused by the mail server"),
        ] {
            assert_eq!(refused(status, why), words);
        }
    }

    #[test]
    fn times_are_told_in_the_zone_asked_for() {
        let fact = Fact::AutoReplied {
            until: "2026-03-16T08:30:00Z".parse().expect("a moment"),
            named: true,
        };
        assert_eq!(in_words(&fact), "is away; touches wait until Mon 16 Mar 08:30");
        let berlin = TimeZone::get("Europe/Berlin").expect("a zone");
        assert_eq!(
            in_words_at(&fact, &berlin),
            "is away; touches wait until Mon 16 Mar 09:30"
        );
    }
}
