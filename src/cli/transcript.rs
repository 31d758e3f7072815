//! A journal told as a transcript, and the reason of what comes next.

use crate::model::{Enrollment, Fact, PauseReason, Recorded, Standing};
use crate::report::in_words_at;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

/// The transcript of one enrollment, times in `zone`.
#[must_use]
pub fn transcript(enrollment: &Enrollment, journal: &[Recorded], zone: &TimeZone, zone_name: &str) -> String {
    let prospect = enrollment.prospect.address.local();
    let rep = enrollment.rep.local();
    let mut text = format!(
        "{} in \"{}\", enrolled by {}, times in {zone_name}\n",
        enrollment.prospect.address, enrollment.cadence, enrollment.rep
    );
    for recorded in journal {
        let at = clock(recorded.at, zone);
        let who = actor(&recorded.fact, rep, prospect);
        let _ = writeln!(text, "  {at}  {who:<20}  {}", in_words_at(&recorded.fact, zone));
    }
    let _ = writeln!(text, "  now: {}", standing(&enrollment.standing, zone));
    text
}

/// `Mon 03 Mar 2025 09:02`.
fn clock(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %d %b %Y %H:%M").to_string()
}

/// Who did it, and to whom when that is not plain.
fn actor(fact: &Fact, rep: &str, prospect: &str) -> String {
    match fact {
        Fact::Enrolled { .. }
        | Fact::TaskClosed { .. }
        | Fact::TaskPutOff { .. }
        | Fact::TaskReopened { .. }
        | Fact::Edited { by: Some(_), .. }
        | Fact::EndTakenBack { .. }
        | Fact::Learned { .. }
        | Fact::Noted { .. }
        | Fact::Resumed { by: Some(_) } => rep.to_owned(),
        Fact::Paused {
            why: PauseReason::Rep, ..
        } => rep.to_owned(),
        Fact::RepWrote { .. } => format!("{rep} → {prospect}"),
        Fact::Lead { .. } => prospect.to_owned(),
        Fact::Sent { .. } => format!("bot → {prospect}"),
        Fact::TaskOpened { .. } | Fact::Drafted { .. } => format!("bot → {rep}"),
        Fact::Replied { .. } | Fact::AutoReplied { .. } | Fact::OptedOut { .. } | Fact::Complained => {
            format!("{prospect} → bot")
        }
        Fact::Bounced { .. } => "server → bot".to_owned(),
        Fact::Approved { .. } => format!("{rep} → bot"),
        Fact::Resolved { by: Some(_), .. } | Fact::Forgotten { .. } => "administrator".to_owned(),
        Fact::Scheduled { .. }
        | Fact::Rendered { .. }
        | Fact::LeftOut { .. }
        | Fact::Edited { by: None, .. }
        | Fact::Dealt { .. }
        | Fact::Deferred { .. }
        | Fact::Refused { .. }
        | Fact::Located { .. }
        | Fact::InDoubt { .. }
        | Fact::Resolved { by: None, .. }
        | Fact::Paused { .. }
        | Fact::Resumed { by: None }
        | Fact::Meeting { .. }
        | Fact::Reopened { .. }
        | Fact::Signalled { .. }
        | Fact::Ended { .. } => "bot".to_owned(),
    }
}

/// What the enrollment waits for, and why.
fn standing(standing: &Standing, zone: &TimeZone) -> String {
    match standing {
        Standing::Deciding { next } => format!("touch {next} is being scheduled"),
        Standing::Waiting { step, due, why } => {
            format!("touch {step} waits until {}: {why}", clock(*due, zone))
        }
        Standing::Sending { step, .. } => format!("the mail of touch {step} is ready or on its way"),
        Standing::Paused { next, why, until } => {
            let until = until.map_or_else(
                || "until the rep resumes it".to_owned(),
                |until| format!("until {}", clock(until, zone)),
            );
            format!("paused before touch {next} {until}: {}", pause(why))
        }
        Standing::Ended { outcome, at } => format!("ended {}: {}", clock(*at, zone), outcome.word()),
    }
}

fn pause(why: &PauseReason) -> String {
    match why {
        PauseReason::Replied => "the prospect answered".to_owned(),
        PauseReason::BounceUnproven => "a bounce came that does not prove which mail it is about".to_owned(),
        PauseReason::SoftBounces => "mail came back more than once".to_owned(),
        PauseReason::Rep => "the rep said so".to_owned(),
        PauseReason::MissingWords(words) => format!("words are missing: {words}"),
        PauseReason::Approval => "its draft waits for the rep's `send`".to_owned(),
        PauseReason::Signal(name) => format!("{name} was reported"),
        PauseReason::Meeting(said) => said.word().to_owned(),
        PauseReason::Colleague(who) => format!("a colleague at the same company answered ({who})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Address, CadenceName, ContentKey, Ending, EnrollmentId, MessageId, Prospect, StepNo, Thread, Zone, ZoneReason,
    };
    use std::collections::BTreeMap;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn enrolled() -> Fact {
        let prospect = Prospect {
            address: Address::parse("li@acme.test").expect("an address"),
            name: None,
            fields: BTreeMap::new(),
            zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::DateHeader),
        };
        Fact::Enrolled {
            rep: Address::parse("ana@corp.test").expect("an address"),
            prospect: Box::new(prospect),
            cadence: CadenceName::parse("outbound").expect("a name"),
            edition: "1".to_owned(),
            mail: ContentKey("a".to_owned()),
            thread: Thread {
                subject: "Hello".to_owned(),
                ids: Vec::new(),
            },
            adopted: Some(StepNo::FIRST),
            stood_for: None,
        }
    }

    fn told(facts: Vec<(&str, Fact)>) -> String {
        let record = |(time, fact)| Recorded { at: at(time), fact };
        let journal: Vec<Recorded> = facts.into_iter().map(record).collect();
        let enrollment = Enrollment::fold(EnrollmentId(1), &journal).expect("a good journal");
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        transcript(&enrollment, &journal, &zone, "Europe/Berlin")
    }

    #[test]
    fn a_transcript_ends_with_what_comes_next_and_why() {
        let told = told(vec![
            ("2025-03-03T08:02:00Z", enrolled()),
            (
                "2025-03-03T08:02:00Z",
                Fact::Scheduled {
                    of: None,
                    step: StepNo(2),
                    due: at("2025-03-06T08:30:00Z"),
                    why: "day 4, morning".to_owned(),
                },
            ),
        ]);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(
            lines[0],
            "li@acme.test in \"outbound\", enrolled by ana@corp.test, times in Europe/Berlin"
        );
        assert!(lines[1].starts_with("  Mon 03 Mar 2025 09:02  ana   "), "{told}");
        assert_eq!(
            lines[3],
            "  now: touch 2 waits until Thu 06 Mar 2025 09:30: day 4, morning"
        );
    }

    #[test]
    fn every_line_says_who_did_it() {
        let told = told(vec![
            ("2025-03-03T08:02:00Z", enrolled()),
            (
                "2025-03-06T08:30:00Z",
                Fact::Sent {
                    step: StepNo(2),
                    message_id: MessageId::parse("a@corp.test").expect("an id"),
                },
            ),
            (
                "2025-03-07T13:11:00Z",
                Fact::Replied {
                    intent: None,
                    answers: Some(StepNo(2)),
                    maybe: false,
                },
            ),
            (
                "2025-03-08T13:11:00Z",
                Fact::Ended {
                    outcome: Ending::Stopped,
                },
            ),
        ]);
        assert!(told.contains("09:30  bot → li  "), "{told}");
        assert!(told.contains("14:11  li → bot  "), "{told}");
        assert!(
            told.ends_with("now: ended Sat 08 Mar 2025 14:11: stopped by the rep\n"),
            "{told}"
        );
    }
}
