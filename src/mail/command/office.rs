//! Lines of the administrator's mail → instructions, by the administrator's rows of the grammar.

use super::{after, is_greeting};
use crate::mail::quote::is_app;
use crate::model::grammar::{ADMINISTRATOR, Verb};
use crate::model::{Address, CadenceName, Duty, Instructed, Instruction, Scope, limits};

/// Reads the first lines of the new text, up to the first that is none. Never empty: what holds none is one line that was not
/// understood.
#[must_use]
pub fn instructions(new_text: &str) -> Vec<Instruction> {
    let lines = new_text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !is_app(line) && !is_greeting(line));
    let mut read: Vec<Instruction> = Vec::new();
    for line in lines.take(limits::COMMAND_LINES) {
        let asked = instructed(line);
        if asked.is_none() && !read.is_empty() {
            break;
        }
        let understood = asked.is_some();
        read.push(Instruction { said: cut(line), asked });
        if !understood {
            break;
        }
    }
    if read.is_empty() {
        read.push(Instruction {
            said: String::new(),
            asked: None,
        });
    }
    read
}

fn instructed(line: &str) -> Option<Instructed> {
    let mut best: Option<(Duty, &str, usize)> = None;
    for entry in ADMINISTRATOR {
        let Verb::Duty(duty) = entry.verb else { continue };
        for way in entry.ways {
            if let Some(rest) = after(line, way)
                && best.is_none_or(|(_, _, length)| way.len() > length)
            {
                best = Some((duty, rest, way.len()));
            }
        }
    }
    let (duty, rest, _) = best?;
    let alone = |asked: Instructed| rest.is_empty().then_some(asked);
    match duty {
        Duty::State => alone(Instructed::State),
        Duty::Holds => alone(Instructed::Holds),
        Duty::Quarantine => alone(Instructed::Quarantine),
        Duty::InDoubt => alone(Instructed::InDoubt),
        Duty::Help => alone(Instructed::Help),
        Duty::Hold => {
            let (scope, why) = scope(rest)?;
            let why = cut(why.trim_start_matches("because ").trim());
            (!why.is_empty()).then_some(Instructed::Hold { scope, why })
        }
        Duty::Unhold => scope(rest)
            .filter(|(_, behind)| behind.trim().is_empty())
            .map(|(scope, _)| Instructed::Unhold(scope)),
        Duty::Release => named(rest, true).map(|(id, why)| Instructed::Release { id, why }),
        Duty::Drop => named(rest, false).map(|(id, why)| Instructed::Drop { id, why }),
        Duty::WentOut => named(rest, true).map(|(id, why)| Instructed::WentOut { id, why }),
        Duty::Resend => named(rest, true).map(|(id, why)| Instructed::Resend { id, why }),
    }
}

/// `all …`, `cadence outbound …`, `rep ana@corp.test …`, and what stands behind.
fn scope(rest: &str) -> Option<(Scope, &str)> {
    let (what, behind) = word(rest)?;
    match what.to_lowercase().as_str() {
        "all" => Some((Scope::All, behind)),
        "cadence" => {
            let (name, behind) = word(behind)?;
            let name = CadenceName::parse(&name.trim_matches('"').to_lowercase()).ok()?;
            Some((Scope::Cadence(name), behind))
        }
        "rep" => {
            let (address, behind) = word(behind)?;
            let address = Address::parse(address.trim_matches(['<', '>', ',', ':'])).ok()?;
            Some((Scope::Rep(address), behind))
        }
        _ => None,
    }
}

/// An id of hexadecimal digits, and the reason behind it.
fn named(rest: &str, explained: bool) -> Option<(String, String)> {
    let (id, why) = word(rest)?;
    let id = id.trim_matches(':').to_lowercase();
    let why = cut(why.trim_start_matches("because ").trim());
    let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_hexdigit());
    (is_id && !(explained && why.is_empty())).then_some((id, why))
}

fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, behind) = text.split_at_checked(end)?;
    (!word.is_empty()).then_some((word, behind.trim_start()))
}

fn cut(text: &str) -> String {
    text.chars().take(limits::EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_administrators_is_read_by_its_example_and_by_every_way_of_saying_it() {
        for entry in ADMINISTRATOR {
            let read = instructions(entry.example);
            let duty = read.first().and_then(|one| one.asked.as_ref()).map(Instructed::duty);
            assert_eq!(duty.map(Verb::Duty), Some(entry.verb), "{}", entry.example);
            for way in entry.ways {
                let first = entry.ways.first().copied().unwrap_or_default();
                let said = entry.example.replacen(first, way, 1);
                let read = instructions(&said);
                assert!(read.iter().all(|one| one.asked.is_some()), "{said}");
            }
        }
    }

    #[test]
    fn what_is_prose_or_lacks_its_reason_is_not_understood() {
        for line in [
            "hold all",
            "hold outbound it is bad",
            "release",
            "resend 4f2a",
            "drop the matter",
            "Thanks, I will look at it tomorrow",
            "",
        ] {
            assert!(instructions(line).iter().all(|one| one.asked.is_none()), "{line}");
        }
        let read = instructions("Hi\nunhold all\nholds\nThanks\nquarantine");
        assert_eq!(read.len(), 2, "{read:?}");
    }
}
