//! `[[route]]`, `[[lead_source]]` and `[etiquette]`.

use super::read::{Found, Section};
use super::sections::{address, cadence_name, top_keys};
use crate::model::{Address, Etiquette, LeadFormat, LeadSource, Rep, Route, Territory, is_signal_name, limits};
use crate::rules::{country, holidays};
use std::collections::BTreeMap;

/// What the three sections say.
pub(super) struct Sources {
    pub routes: Vec<Route>,
    pub lead_sources: Vec<LeadSource>,
    pub etiquette: Etiquette,
}

/// Reads them; `reps` are whom leads may be given to.
pub(super) fn sources(top: &Section<'_, '_>, reps: &[Rep]) -> Sources {
    Sources {
        routes: routes(top),
        lead_sources: lead_sources(top, reps),
        etiquette: etiquette(top),
    }
}

/// Texts under a key, a single one or a list.
fn texts(section: &Section<'_, '_>, key: &'static str, expected: &str) -> Vec<Found<String>> {
    section.list(key, expected).map_or_else(Vec::new, |list| list.value)
}

fn routes(top: &Section<'_, '_>) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    for section in top.sections("route").into_iter().take(limits::LIST) {
        if routes.last().is_some_and(is_for_all) {
            let what = "never asked: the route before it has no condition and holds for everybody";
            section.wrong(&section.head("cadence"), what);
        }
        let cadence = section.parsed(section.need("cadence", "the cadence that it leads to"), cadence_name);
        let words = |key| -> Vec<String> {
            let list = texts(&section, key, "a list of texts, [\"head of operations\"]");
            list.into_iter().map(|found| found.value).collect()
        };
        let (source, title, industry) = (words("source"), words("title"), words("industry"));
        let (stage, persona) = (words("stage"), words("persona"));
        let country = places(&section);
        let size = section.section("company_size");
        let people = |key| Some(u32::try_from(size.number(key, 0, i64::from(u32::MAX))?.value).unwrap_or(u32::MAX));
        let (from, to) = (people("from"), people("to"));
        size.finish(top_keys());
        let company_size = (from.is_some() || to.is_some()).then(|| (from.unwrap_or(0), to.unwrap_or(u32::MAX)));
        if company_size.is_some_and(|(from, to)| from > to) {
            size.wrong(&size.head("to"), "expected a number of at least `from`");
        }
        section.finish(top_keys());
        routes.extend(cadence.map(|cadence| Route {
            cadence: cadence.value,
            source,
            title,
            industry,
            country,
            stage,
            persona,
            company_size,
        }));
    }
    routes
}

fn is_for_all(route: &Route) -> bool {
    let lists = [
        &route.source,
        &route.title,
        &route.industry,
        &route.country,
        &route.stage,
        &route.persona,
    ];
    lists.iter().all(|list| list.is_empty()) && route.company_size.is_none()
}

/// `country`: codes of countries and regions, or names of countries; as codes.
fn places(section: &Section<'_, '_>) -> Vec<String> {
    let list = texts(
        section,
        "country",
        "a list of countries or regions, [\"DE\", \"US-CA\"]",
    );
    let code = |text: &str| {
        let region = || holidays::of(text).map(|found| found.code().to_owned());
        country::named(text)
            .map(str::to_owned)
            .or_else(region)
            .ok_or_else(|| "expected a country or region by its ISO code (\"DE\", \"DE-BY\")".to_owned())
    };
    let found = list.into_iter().filter_map(|entry| section.parsed(Some(entry), code));
    found.map(|found| found.value).collect()
}

fn lead_sources(top: &Section<'_, '_>, reps: &[Rep]) -> Vec<LeadSource> {
    let mut sources: Vec<LeadSource> = Vec::new();
    for section in top.sections("lead_source").into_iter().take(limits::REPS) {
        let name = section.need("name", "what reports call it, \"website\"");
        if let Some(name) = &name
            && sources.iter().any(|known| known.name == name.value)
        {
            section.wrong(&name.at, "another lead source has this name");
        }
        if section.is_there() && !section.has("from") {
            let what = "missing: the addresses that the forms' mails come from, [\"forms@example.com\", \"@forms.example.net\"]";
            section.wrong(&section.head("from"), what);
        }
        let from = texts(
            &section,
            "from",
            "a list of addresses, or of domains as \"@forms.example.net\"",
        );
        let from = from.into_iter().filter_map(|entry| section.parsed(Some(entry), sender));
        let from: Vec<String> = from.map(|found| found.value).collect();
        let format = section.parsed(section.text("format"), format);
        let format = format.map_or(LeadFormat::Labels, |found| found.value);
        let table = section.section("fields");
        let fields: BTreeMap<String, String> = table
            .pairs()
            .into_iter()
            .map(|(word, theirs)| (word.value.to_lowercase(), theirs.value))
            .collect();
        if format == LeadFormat::Header && fields.is_empty() {
            let what = "missing: which header field says what, { email = \"X-Form-Email\" }";
            section.wrong(&section.head("fields"), what);
        }
        let cadence = section.parsed(section.text("cadence"), cadence_name);
        let signals = texts(
            &section,
            "signals",
            "a list of what its mails may report, [\"pricing-page\"]",
        );
        let signals: Vec<String> = signals
            .into_iter()
            .filter_map(|entry| section.parsed(Some(entry), signal))
            .map(|found| found.value)
            .collect();
        if !signals.is_empty() {
            let none = ["cadence", "reps", "territory"];
            for key in none.into_iter().filter(|key| section.has(key)) {
                let what = "a source of signals enrolls nobody: delete this, or `signals`";
                section.wrong(&section.head(key), what);
            }
        }
        let who = |section: &Section<'_, '_>, found: Found<String>| -> Option<Address> {
            let found = section.parsed(Some(found), address)?;
            let known = reps.iter().any(|rep| rep.address.same_as(&found.value));
            if !known {
                section.wrong(
                    &found.at,
                    format!("expected the address of a [[rep]], found \"{}\"", found.value),
                );
            }
            known.then_some(found.value)
        };
        let takes = texts(&section, "reps", "a list of the reps' addresses");
        let takes = takes.into_iter().filter_map(|entry| who(&section, entry)).collect();
        let mut territories = Vec::new();
        for territory in section.sections("territory").into_iter().take(limits::LIST) {
            let country = places(&territory);
            if country.is_empty() && !territory.has("country") {
                territory.wrong(
                    &territory.head("country"),
                    "missing: countries or regions, [\"DE\", \"AT\"]",
                );
            }
            let rep = territory
                .need("rep", "the address of a [[rep]]")
                .and_then(|found| who(&territory, found));
            territory.finish(top_keys());
            territories.extend(rep.map(|rep| Territory { country, rep }));
        }
        section.finish(top_keys());
        sources.extend(name.map(|name| LeadSource {
            name: name.value,
            from,
            format,
            fields,
            signals,
            cadence: cadence.map(|found| found.value),
            reps: takes,
            territories,
        }));
    }
    sources
}

/// An address, or a domain behind `@`, lower case.
fn sender(text: &str) -> Result<String, String> {
    let whole = match text.trim().strip_prefix('@') {
        Some(domain) => format!("x@{domain}"),
        None => text.trim().to_owned(),
    };
    let read = Address::parse(&whole).map_err(|why| format!("{why}; a whole domain is written \"@example.com\""))?;
    Ok(match text.trim().starts_with('@') {
        true => format!("@{}", read.domain().to_lowercase()),
        false => read.as_str().to_lowercase(),
    })
}

fn signal(text: &str) -> Result<String, String> {
    let name = text.trim().to_owned();
    if is_signal_name(&name) {
        Ok(name)
    } else {
        Err("expected the name of a signal, up to 40 of a-z, 0-9, - and _".to_owned())
    }
}

fn format(text: &str) -> Result<LeadFormat, String> {
    match text {
        "labels" => Ok(LeadFormat::Labels),
        "json" => Ok(LeadFormat::Json),
        "header" => Ok(LeadFormat::Header),
        _ => Err("expected \"labels\", \"json\" or \"header\"".to_owned()),
    }
}

fn etiquette(top: &Section<'_, '_>) -> Etiquette {
    let section = top.section("etiquette");
    let number = |key, most| Some(u32::try_from(section.number(key, 0, most)?.value).unwrap_or(u32::MAX));
    let cooldown = number("cooldown_days", i64::from(limits::DAYS)).unwrap_or(super::defaults::COOLDOWN_DAYS);
    let company = i64::try_from(limits::COMPANY).unwrap_or(i64::MAX);
    let per_company = number("per_company", company).unwrap_or(super::defaults::PER_COMPANY);
    let never = texts(
        &section,
        "never",
        "a list of addresses, or of domains as \"@rival.example\"",
    );
    let never = never
        .into_iter()
        .filter_map(|entry| section.parsed(Some(entry), sender));
    let never = never.map(|found| found.value).collect();
    section.finish(top_keys());
    Etiquette {
        cooldown,
        per_company: Some(per_company).filter(|most| *most > 0),
        never,
    }
}
