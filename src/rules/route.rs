//! Which cadence a prospect goes into when nobody names one, and whose prospect a lead is.

use super::country;
use crate::model::{Address, LeadSource, Prospect, Route};

/// The first route that holds for a prospect who came by `source`, and why, for people: `route 2: title cfo, country DE`.
#[must_use]
pub fn pick<'r>(routes: &'r [Route], source: &str, prospect: &Prospect) -> Option<(&'r Route, String)> {
    let held = |(nth, route): (usize, &'r Route)| {
        let said = said(route, source, prospect)?;
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(": {}", said.join(", "))
        };
        Some((route, format!("route {}{said}", nth + 1)))
    };
    routes.iter().enumerate().find_map(held)
}

/// What holds of a route, a few words each; `None` when something does not.
fn said(route: &Route, source: &str, prospect: &Prospect) -> Option<Vec<String>> {
    let field = |name: &str| prospect.fields.get(name).map_or("", String::as_str);
    let mut said = Vec::new();
    let conditions = [
        ("source", &route.source, source, is_same as fn(&str, &str) -> bool),
        ("title", &route.title, field("title"), has_words),
        ("industry", &route.industry, field("industry"), has_words),
        ("stage", &route.stage, field("stage"), is_same),
        ("persona", &route.persona, field("persona"), is_same),
    ];
    for (name, wanted, found, holds) in conditions {
        if wanted.is_empty() {
            continue;
        }
        let hit = wanted.iter().find(|wanted| holds(found, wanted))?;
        said.push(format!("{name} {}", hit.to_lowercase()));
    }
    if !route.country.is_empty() {
        let hit = route.country.iter().find(|code| is_in(prospect, code))?;
        said.push(format!("country {hit}"));
    }
    if let Some((from, to)) = route.company_size {
        let size = size(field("company_size")).filter(|size| (from..=to).contains(size))?;
        said.push(format!("{size} people"));
    }
    Some(said)
}

fn is_same(found: &str, wanted: &str) -> bool {
    found.trim().to_lowercase() == wanted.trim().to_lowercase()
}

/// Whether the wanted words stand in a text, as whole words: `cto` is not in `director`.
fn has_words(found: &str, wanted: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_alphanumeric());
        parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (found, wanted) = (words(found), words(wanted));
    !wanted.is_empty() && found.windows(wanted.len()).any(|window| window == wanted)
}

/// Whether a prospect is in a country or region.
fn is_in(prospect: &Prospect, code: &str) -> bool {
    let Some(theirs) = country::of(prospect) else {
        return false;
    };
    theirs.code.eq_ignore_ascii_case(code) || theirs.region.is_some_and(|region| region.eq_ignore_ascii_case(code))
}

/// How many people: the first number of `51-200`, `1,000+`, `about 40`.
fn size(text: &str) -> Option<u32> {
    let text = text.replace([',', '.', '\''], "");
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let digits: String = text.get(from..)?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Whose prospect a lead is: the rep of its territory, else whose `turn` it is. Who is away is passed over, unless all are.
#[must_use]
pub fn rep_for<'s>(
    source: &'s LeadSource,
    all: &'s [Address],
    prospect: &Prospect,
    turn: usize,
    is_away: impl Fn(&Address) -> bool,
) -> Option<(&'s Address, &'static str)> {
    let theirs = source
        .territories
        .iter()
        .find(|territory| territory.country.iter().any(|code| is_in(prospect, code)));
    if let Some(territory) = theirs.filter(|territory| !is_away(&territory.rep)) {
        return Some((&territory.rep, "by territory"));
    }
    let reps = if source.reps.is_empty() { all } else { &source.reps };
    let here: Vec<&Address> = reps.iter().filter(|rep| !is_away(rep)).collect();
    let turn_of = |many: usize| turn.checked_rem(many);
    let next = match turn_of(here.len()) {
        Some(nth) => here.get(nth).copied(),
        None => turn_of(reps.len()).and_then(|nth| reps.get(nth)),
    };
    next.map(|rep| (rep, "by turn"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_are_read_as_people_mean_them() {
        assert!(has_words("VP, Human Resources", "human resources"));
        assert!(!has_words("Director of Sales", "cto"));
        assert!(!has_words("anything", " "));
        for (text, many) in [
            ("51-200", Some(51)),
            ("1,000+", Some(1000)),
            ("about 40 people", Some(40)),
            ("few", None),
        ] {
            assert_eq!(size(text), many, "{text}");
        }
    }
}
