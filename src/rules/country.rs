//! The country somebody is in, and on what evidence: for public holidays, routes and territories.
//!
//! Standards: ISO 3166-1 codes, ISO 3166-2 regions, ITU-T E.164 calling codes. A region is known only when somebody says it.

use super::{holidays, phone, zone};
use crate::model::{Prospect, ZoneReason};

/// A country, perhaps a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1, `DE`.
    pub code: &'static str,
    /// ISO 3166-2, `DE-BY`, where it is known and has public holidays of its own.
    pub region: Option<&'static str>,
    /// How it is known, for people.
    pub because: &'static str,
}

/// The country of a prospect: what somebody said (`country`, `region`), the phone number, the ending of the address, the
/// zone, unless that is only the rep's.
#[must_use]
pub fn of(prospect: &Prospect) -> Option<Country> {
    let field = |name: &str| prospect.fields.get(name).map(String::as_str);
    let said = field("country").and_then(named).map(|code| (code, "given"));
    let phone = || {
        field("phone")
            .and_then(phone::country)
            .map(|code| (code, "from the phone number"))
    };
    let address = || Some((zone::country_code(&prospect.address)?, "from the address"));
    let by_zone = || {
        let known = !matches!(prospect.zone.reason, ZoneReason::Rep);
        let code = zone::country_of(&prospect.zone.name).filter(|_| known)?;
        Some((code, "from the time zone"))
    };
    let (code, because) = said.or_else(phone).or_else(address).or_else(by_zone)?;
    let region = field("region")
        .or_else(|| field("state"))
        .and_then(|text| holidays::region(code, text));
    Some(Country { code, region, because })
}

/// The code of a country that is called so: by its ISO code, or a name of it in a language that its people or its neighbours
/// speak. Upper and lower case are alike.
#[must_use]
pub fn named(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    // The one code that everybody writes and ISO 3166 has not.
    let text = if text == "uk" { "gb" } else { text.as_str() };
    let is = |(code, _, names): &&Row| code.eq_ignore_ascii_case(text) || names.contains(&text);
    COUNTRIES.iter().find(is).map(|(code, _, _)| *code)
}

/// The country of a calling code, `49`. Of several countries with one code the one with most people.
pub(super) fn calling(digits: &str) -> Option<&'static str> {
    let is = |(_, calling, _): &&Row| *calling == digits;
    // Canada stands before the United States in this list, and its numbers are told apart by their zones.
    COUNTRIES.iter().rev().find(is).map(|(code, _, _)| *code)
}

/// The code as this table has it.
pub(super) fn known(code: &str) -> Option<&'static str> {
    let is = |(known, _, _): &&Row| known.eq_ignore_ascii_case(code);
    COUNTRIES.iter().find(is).map(|(code, _, _)| *code)
}

/// Code, calling code, names in lower case.
type Row = (&'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const COUNTRIES: &[Row] = &[
    ("AE", "971", &["united arab emirates", "uae"]),
    ("AR", "54", &["argentina"]),
    ("AT", "43", &["austria", "österreich"]),
    ("AU", "61", &["australia"]),
    ("BE", "32", &["belgium", "belgië", "belgique", "belgien"]),
    ("BG", "359", &["bulgaria", "българия"]),
    ("BR", "55", &["brazil", "brasil"]),
    ("CA", "1", &["canada", "kanada"]),
    ("CH", "41", &["switzerland", "schweiz", "suisse", "svizzera"]),
    ("CL", "56", &["chile"]),
    ("CN", "86", &["china", "中国"]),
    ("CO", "57", &["colombia"]),
    ("CY", "357", &["cyprus", "κύπρος"]),
    ("CZ", "420", &["czechia", "czech republic", "česko", "tschechien"]),
    ("DE", "49", &["germany", "deutschland", "allemagne", "alemania"]),
    ("DK", "45", &["denmark", "danmark"]),
    ("EE", "372", &["estonia", "eesti"]),
    ("EG", "20", &["egypt", "مصر"]),
    ("ES", "34", &["spain", "españa", "spanien", "espagne"]),
    ("FI", "358", &["finland", "suomi"]),
    ("FR", "33", &["france", "frankreich", "francia"]),
    ("GB", "44", &["united kingdom", "uk", "great britain", "england", "scotland", "wales", "northern ireland"]),
    ("GR", "30", &["greece", "ελλάδα", "griechenland"]),
    ("HK", "852", &["hong kong", "香港"]),
    ("HR", "385", &["croatia", "hrvatska"]),
    ("HU", "36", &["hungary", "magyarország"]),
    ("ID", "62", &["indonesia"]),
    ("IE", "353", &["ireland", "éire"]),
    ("IL", "972", &["israel", "ישראל"]),
    ("IN", "91", &["india", "भारत"]),
    ("IS", "354", &["iceland", "ísland"]),
    ("IT", "39", &["italy", "italia", "italien", "italie"]),
    ("JP", "81", &["japan", "日本"]),
    ("KE", "254", &["kenya"]),
    ("KR", "82", &["south korea", "korea", "republic of korea", "대한민국"]),
    ("LI", "423", &["liechtenstein"]),
    ("LT", "370", &["lithuania", "lietuva"]),
    ("LU", "352", &["luxembourg", "luxemburg"]),
    ("LV", "371", &["latvia", "latvija"]),
    ("MA", "212", &["morocco", "maroc", "المغرب"]),
    ("MT", "356", &["malta"]),
    ("MX", "52", &["mexico", "méxico"]),
    ("MY", "60", &["malaysia"]),
    ("NG", "234", &["nigeria"]),
    ("NL", "31", &["netherlands", "the netherlands", "nederland", "holland", "niederlande"]),
    ("NO", "47", &["norway", "norge"]),
    ("NZ", "64", &["new zealand", "aotearoa"]),
    ("PE", "51", &["peru", "perú"]),
    ("PH", "63", &["philippines"]),
    ("PK", "92", &["pakistan"]),
    ("PL", "48", &["poland", "polska", "polen"]),
    ("PT", "351", &["portugal"]),
    ("RO", "40", &["romania", "românia"]),
    ("RS", "381", &["serbia", "србија", "srbija"]),
    ("SA", "966", &["saudi arabia", "السعودية"]),
    ("SE", "46", &["sweden", "sverige", "schweden"]),
    ("SG", "65", &["singapore"]),
    ("SI", "386", &["slovenia", "slovenija"]),
    ("SK", "421", &["slovakia", "slovensko"]),
    ("TH", "66", &["thailand", "ประเทศไทย"]),
    ("TR", "90", &["turkey", "türkiye"]),
    ("TW", "886", &["taiwan", "台灣"]),
    ("UA", "380", &["ukraine", "україна"]),
    ("US", "1", &["united states", "usa", "united states of america", "u.s.", "u.s.a.", "estados unidos"]),
    ("UY", "598", &["uruguay"]),
    ("VN", "84", &["vietnam", "viet nam", "việt nam"]),
    ("ZA", "27", &["south africa"]),
];
