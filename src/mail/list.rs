//! A list of people in a file → rows: what spreadsheets and CRMs write as CSV. The only door to the crate `csv`.
//!
//! What a column means is told by its heading, in four languages; without a line of headings the column that holds addresses
//! is the address, and nothing else is guessed. What no heading names is kept under its own heading, since cadences may
//! declare words of their own. How a list was read is part of what is read, so that whoever sent it can look.
//!
//! Standards: RFC 4180, with the separators that spreadsheets use instead of the comma. Not here: who may send a list, and who of
//! it is enrolled (the service). Limits: [`limits::LIST_ROWS`] people, [`limits::LIST_COLUMNS`] columns.
//! Known gaps: a workbook (.xlsx) is not opened, and text in UTF-16 is refused; both are named, so that they can be saved anew.

use super::command::said_day;
use super::lead;
use super::quote::fold;
use super::read::Mail;
use crate::model::{Address, Wanted, limits};
use std::collections::{BTreeMap, BTreeSet};

/// Headings of lists beside those of web forms (`lead`), folded.
#[rustfmt::skip]
const HEADINGS: &[(&str, &[&str])] = &[
    ("email", &["email_address", "e_mail", "emails", "mail address", "mailadresse", "primary email", "email 1", "email1", "contact email", "attendee email", "correo", "courriel"]),
    ("name", &["full_name", "fullname", "contact name", "display name", "person", "attendee", "lead", "ansprechpartner"]),
    ("first_name", &["first", "given_name", "prenom"]),
    ("last_name", &["last", "family_name", "familienname", "apellidos"]),
    ("company", &["account", "account name", "company_name", "employer", "arbeitgeber", "société"]),
    ("title", &["jobtitle", "job", "titel", "designation"]),
    ("phone", &["phone_number", "mobile phone", "mobile number", "work phone", "direct phone", "handy"]),
    ("linkedin", &["linkedin", "linkedin url", "linkedin profile", "linkedin_url", "profile", "person linkedin url"]),
    ("persona", &["persona"]),
    ("stage", &["stage", "lead status"]),
    ("language", &["language", "sprache", "langue", "idioma"]),
    ("cadence", &["cadence", "sequence", "campaign", "kadenz"]),
    ("start", &["start", "start date", "start on", "not before", "beginn"]),
];

/// A list, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its columns, in their order.
    pub columns: Vec<Column>,
    /// Whether its first line names the columns.
    pub headed: bool,
    /// Its people, in their order.
    pub rows: Vec<Row>,
}

/// A column, and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading as written; `column 2` where it has none.
    pub heading: String,
    /// Our word for what stands in it: `email`, `name`, `company`, or its heading as a word of its own; `None`: it is not read.
    pub means: Option<String>,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, the first being 1.
    pub line: usize,
    /// Who it is; or why nobody, for people.
    pub found: Result<Wanted, String>,
}

/// Why a file is no list that can be read; for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is a workbook.
    Workbook,
    /// It is not text.
    NotText,
    /// No column holds addresses; the headings that there are.
    NoAddress(Vec<String>),
    /// Two columns hold addresses, and nothing tells which is meant.
    TwoAddresses(String, String),
    /// It has more people than one list may have.
    TooLong,
    /// Nobody is in it.
    Nobody,
}

/// The list that a mail brings, if it brings one; of several the first.
#[must_use]
pub fn attached(mail: &Mail) -> Option<Result<List, Unreadable>> {
    let tables = mail.parts.iter().find(|part| part.is_table());
    let workbook = || mail.parts.iter().find(|part| part.is_workbook());
    match tables {
        Some(part) => Some(read(&part.text)),
        None => workbook().map(|_| Err(Unreadable::Workbook)),
    }
}

/// Reads a list.
///
/// # Errors
/// Says why it cannot be read; a line that cannot is no reason and stands among the rows.
pub fn read(text: &str) -> Result<List, Unreadable> {
    // A UTF-16 byte order mark, read as the characters of an old code page; and what such text is full of.
    if text.starts_with("ÿþ") || text.starts_with("þÿ") || text.contains('\0') {
        return Err(Unreadable::NotText);
    }
    // One kind of line end, so that lines can be counted.
    let text = text
        .trim_start_matches('\u{FEFF}')
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let text = text.as_str();
    // Excel says so in a first line of its own where the separator is not the usual one.
    let (said, text) = match text.get(..4).filter(|head| head.eq_ignore_ascii_case("sep=")) {
        Some(_) => {
            let (head, rest) = text.split_once('\n').unwrap_or((text, ""));
            (head.trim_end().as_bytes().get(4).copied(), rest)
        }
        None => (None, text),
    };
    let skipped = usize::from(said.is_some());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(said.unwrap_or_else(|| separator(text)))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut lines: Vec<(usize, Vec<String>)> = Vec::new();
    let mut counted = (0, 1 + skipped);
    for record in reader.records() {
        // Text is text to this reader, whatever stands in it; what it cannot read is no line.
        let Ok(record) = record else { continue };
        // The reader's own count leaves empty lines out.
        let begins = record
            .position()
            .map_or(0, |at| usize::try_from(at.byte()).unwrap_or(0));
        counted = line_at(text, begins, counted);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if lines.len() > limits::LIST_ROWS {
            return Err(Unreadable::TooLong);
        }
        let cells = record.iter().take(limits::LIST_COLUMNS).map(cell);
        lines.push((counted.1, cells.collect()));
    }
    let (columns, headed) = columns(&lines)?;
    let mut known = BTreeSet::new();
    let rows = lines.iter().skip(usize::from(headed)).map(|(line, cells)| Row {
        line: *line,
        found: row(&columns, cells).and_then(|wanted| {
            let is_new = known.insert(wanted.address.loose());
            is_new
                .then_some(wanted)
                .ok_or_else(|| "stands in the list twice".to_owned())
        }),
    });
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return Err(Unreadable::Nobody);
    }
    if rows.len() > limits::LIST_ROWS {
        return Err(Unreadable::TooLong);
    }
    Ok(List { columns, headed, rows })
}

/// On which line the record that begins at this byte, or behind the empty lines there, stands; counted on from a byte before
/// it whose line is known.
fn line_at(text: &str, begins: usize, (from, line): (usize, usize)) -> (usize, usize) {
    let ends = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    let before = text.as_bytes().get(from..begins).map_or(0, ends);
    let empty = text.bytes().skip(begins).take_while(|byte| *byte == b'\n').count();
    (begins + empty, line + before + empty)
}

/// What stands in one cell: one line, without controls, bounded.
fn cell(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(limits::LEAD_VALUE).collect::<String>().trim().to_owned()
}

/// The separator that stands most often in the first line, quotes apart.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut inside = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in line.bytes() {
        inside ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| *sign == byte && !inside) {
            *count += 1;
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(sign, _)| *sign)
}

/// What the columns mean, and whether the first line says so.
fn columns(lines: &[(usize, Vec<String>)]) -> Result<(Vec<Column>, bool), Unreadable> {
    let Some((_, first)) = lines.first() else {
        return Err(Unreadable::Nobody);
    };
    if first.iter().any(|cell| address(cell).is_some()) {
        return Ok((without_headings(lines)?, false));
    }
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut columns: Vec<Column> = Vec::new();
    for (nth, heading) in first.iter().enumerate() {
        let means = meaning(heading);
        if means.as_deref() == Some("email") && taken.contains("email") {
            // The fuller column counts where both are called so: exports have `Email` and `Secondary Email`.
            let before = columns
                .iter()
                .position(|column| column.means.as_deref() == Some("email"));
            let full = |nth: usize| addresses_in(lines, nth);
            if let Some(before) = before.filter(|before| full(nth) > full(*before)) {
                if let Some(column) = columns.get_mut(before) {
                    column.means = None;
                }
                columns.push(Column {
                    heading: heading.clone(),
                    means,
                });
                continue;
            }
        }
        // Of two columns of the same name the first counts.
        let means = means.filter(|word| taken.insert(word.clone()));
        let heading = if heading.is_empty() {
            format!("column {}", nth + 1)
        } else {
            heading.clone()
        };
        columns.push(Column { heading, means });
    }
    if !taken.contains("email") {
        let best = (0..columns.len()).max_by_key(|nth| addresses_in(lines, *nth));
        let best = best.filter(|nth| addresses_in(lines, *nth) > 0);
        let headings = || columns.iter().map(|column| column.heading.clone()).collect();
        let Some(column) = best else {
            return Err(Unreadable::NoAddress(headings()));
        };
        if let Some(column) = columns.get_mut(column) {
            column.means = Some("email".to_owned());
        }
    }
    Ok((columns, true))
}

/// A list without headings: the one column with addresses is known, the others are not read.
fn without_headings(lines: &[(usize, Vec<String>)]) -> Result<Vec<Column>, Unreadable> {
    let many = lines.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let name = |nth: usize| format!("column {}", nth + 1);
    let holds: Vec<usize> = (0..many).filter(|nth| addresses_in(lines, *nth) > 0).collect();
    let mut ranked = holds.clone();
    ranked.sort_by_key(|nth| std::cmp::Reverse(addresses_in(lines, *nth)));
    let email = match ranked.as_slice() {
        [] => return Err(Unreadable::NoAddress((0..many).map(name).collect())),
        [one, other, ..] if addresses_in(lines, *one) == addresses_in(lines, *other) => {
            return Err(Unreadable::TwoAddresses(name(*one.min(other)), name(*one.max(other))));
        }
        [one, ..] => *one,
    };
    // Where there are two columns, the other one is most often the name, and is looked at before anybody is enrolled.
    let means = |nth: usize| match nth {
        _ if nth == email => Some("email".to_owned()),
        _ if many == 2 => Some("name".to_owned()),
        _ => None,
    };
    let column = |nth: usize| Column {
        heading: name(nth),
        means: means(nth),
    };
    Ok((0..many).map(column).collect())
}

/// In how many of the first lines a column holds an address.
fn addresses_in(lines: &[(usize, Vec<String>)], nth: usize) -> usize {
    let cells = lines
        .iter()
        .take(limits::LIST_LOOKED)
        .filter_map(|(_, cells)| cells.get(nth));
    cells.filter(|cell| address(cell).is_some()).count()
}

/// Our word for a heading; a heading that is no usual one is a word of its own.
fn meaning(heading: &str) -> Option<String> {
    let folded = fold(heading.trim_matches(['*', ':', '"', ' ']));
    let spaced = folded.replace(['_', '-'], " ");
    let listed = |label: &str| {
        let found = HEADINGS.iter().find(|(_, names)| names.contains(&label));
        found.map(|(word, _)| *word)
    };
    let usual = lead::usual(&folded).or_else(|| lead::usual(&spaced));
    let usual = usual.or_else(|| listed(&folded)).or_else(|| listed(&spaced));
    let own = || {
        let word: String = spaced.split_whitespace().collect::<Vec<_>>().join("_");
        let fine = |c: char| c.is_alphanumeric() || c == '_';
        (!word.is_empty() && word.chars().count() <= limits::LIST_HEADING && word.chars().all(fine)).then_some(word)
    };
    usual.map(str::to_owned).or_else(own)
}

/// An address that is a whole cell, bare or behind a name.
fn address(cell: &str) -> Option<Address> {
    let cell = cell.trim().trim_start_matches("mailto:");
    let bare = cell
        .rsplit_once('<')
        .map_or(cell, |(_, inside)| inside.trim_end_matches('>'));
    Address::parse(bare.trim()).ok()
}

fn row(columns: &[Column], cells: &[String]) -> Result<Wanted, String> {
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    for (column, cell) in columns.iter().zip(cells) {
        if let Some(word) = column.means.as_ref().filter(|_| !cell.is_empty()) {
            words.insert(word.clone(), cell.clone());
        }
    }
    let written = words.remove("email").ok_or("has no address")?;
    let address = address(&written).ok_or_else(|| format!("\"{written}\" is no address"))?;
    let shown = written
        .rsplit_once('<')
        .map(|(name, _)| name.trim().trim_matches('"').to_owned());
    let parts: Vec<String> = ["first_name", "last_name"]
        .into_iter()
        .filter_map(|part| words.remove(part))
        .collect();
    let name = words.remove("name").or((!parts.is_empty()).then(|| parts.join(" ")));
    let start = match words.remove("start") {
        Some(said) => Some(said_day(&said).ok_or_else(|| format!("\"{said}\" is no day that can be read"))?),
        None => None,
    };
    Ok(Wanted {
        address,
        name: name.or(shown).filter(|name| !name.is_empty()),
        cadence: words.remove("cadence").map(|name| fold(&name).replace(' ', "-")),
        start,
        fields: words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(list: &List) -> Vec<String> {
        let row = |row: &Row| match &row.found {
            Ok(wanted) => format!(
                "{}: {} <{}>",
                row.line,
                wanted.name.as_deref().unwrap_or("-"),
                wanted.address
            ),
            Err(why) => format!("{}: {why}", row.line),
        };
        list.rows.iter().map(row).collect()
    }

    #[test]
    fn a_list_is_read_as_spreadsheets_write_it() {
        let list = read("\u{FEFF}Vorname;Nachname;E-Mail-Adresse;Firma;Umsatz 2025\r\nJürgen;Groß;jg@acme.test;\"Acme; Söhne\";1,5 Mio\r\n\r\n;;not an address;;\r\nJ;G;JG@acme.test;;\r\n")
            .expect("a list");
        assert_eq!(
            who(&list),
            [
                "2: Jürgen Groß <jg@acme.test>",
                "4: \"not an address\" is no address",
                "5: stands in the list twice"
            ]
        );
        let first = list.rows[0].found.as_ref().expect("a person");
        assert_eq!(first.fields["company"], "Acme; Söhne");
        assert_eq!(first.fields["umsatz_2025"], "1,5 Mio");
    }

    #[test]
    fn headings_of_crms_are_known() {
        for (heading, word) in [
            ("Email", "email"),
            ("E-Mail", "email"),
            ("EMAIL_ADDRESS", "email"),
            ("Work Email", "email"),
            ("First Name", "first_name"),
            ("Job Title", "title"),
            ("Account Name", "company"),
            ("Mobile Phone", "phone"),
            ("Person Linkedin Url", "linkedin"),
            ("Number of Employees", "company_size"),
            ("Start date", "start"),
            ("Sequence", "cadence"),
            ("Favourite colour", "favourite_colour"),
        ] {
            assert_eq!(meaning(heading).as_deref(), Some(word), "{heading}");
        }
    }

    #[test]
    fn without_headings_only_the_address_is_known() {
        let list = read("Jane Doe,jane@acme.test\nLi Wei,li@birch.test\n").expect("a list");
        assert!(!list.headed);
        assert_eq!(
            who(&list),
            ["1: Jane Doe <jane@acme.test>", "2: Li Wei <li@birch.test>"]
        );
        let list = read("x\ty\tjane@acme.test\n").expect("a list");
        assert_eq!(who(&list), ["1: - <jane@acme.test>"]);
        assert_eq!(
            read("jane@acme.test,boss@acme.test\n"),
            Err(Unreadable::TwoAddresses("column 1".to_owned(), "column 2".to_owned()))
        );
    }

    #[test]
    fn an_unusual_heading_over_addresses_is_found_and_the_fuller_of_two_counts() {
        let list = read("Who,Reach them at\nJane,jane@acme.test\n").expect("a list");
        assert_eq!(list.columns[1].means.as_deref(), Some("email"));
        let list = read("E-Mail,Email\n,jane@acme.test\n,li@acme.test\nx@acme.test,max@acme.test\n").expect("a list");
        assert_eq!(who(&list).len(), 3);
        assert_eq!(who(&list)[2], "4: - <max@acme.test>");
    }

    #[test]
    fn what_is_no_list_is_named() {
        assert_eq!(read(""), Err(Unreadable::Nobody));
        assert_eq!(read("email\n"), Err(Unreadable::Nobody));
        assert_eq!(read("ÿþe\0m\0"), Err(Unreadable::NotText));
        assert_eq!(
            read("name,company\nJane,Acme\n"),
            Err(Unreadable::NoAddress(vec!["name".to_owned(), "company".to_owned()]))
        );
        let mut long = "email\n".to_owned();
        for nth in 0..=limits::LIST_ROWS {
            long += &format!("p{nth}@acme.test\n");
        }
        assert_eq!(read(&long), Err(Unreadable::TooLong));
    }

    #[test]
    fn an_address_with_a_name_and_a_day_are_read() {
        let list = read("sep=|\nemail|start|cadence\n\"Doe, Jane\" <jane@acme.test>|2026-05-04|Cold Outbound\nli@acme.test|soonish|\n").expect("a list");
        let jane = list.rows[0].found.as_ref().expect("a person");
        assert_eq!(jane.cadence.as_deref(), Some("cold-outbound"));
        assert!(jane.start.is_some());
        assert_eq!(
            list.rows[1].found,
            Err("\"soonish\" is no day that can be read".to_owned())
        );
        assert_eq!(list.rows[1].line, 4);
    }
}
