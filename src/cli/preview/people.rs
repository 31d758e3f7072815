//! The people of a preview: one from the command line, or those of a CSV file (RFC 4180) with a line of headings.
//!
//! The heading `email` is the address and `name` the name; every other one is a word of the prospect, as cadences know it.

use super::Failure;
use crate::cli::Exit;
use crate::model::{Address, Prospect, Zone, ZoneReason, limits};
use std::collections::BTreeMap;
use std::path::Path;

/// Most people of one preview: nobody reads more.
const MOST: usize = 100;

/// A prospect of whom this is known.
pub(super) fn prospect(address: Address, name: Option<String>, fields: BTreeMap<String, String>) -> Prospect {
    Prospect {
        address,
        name,
        fields,
        zone: Zone::one("UTC".to_owned(), ZoneReason::Given),
    }
}

/// The prospects of a file.
pub(super) fn of_file(path: &Path) -> Result<Vec<Prospect>, Failure> {
    let wrong = |line: usize, what: String| Failure::new(Exit::Data, format!("{}:{line}: {what}", path.display()));
    let size = std::fs::metadata(path)
        .map_err(|error| Failure::file(path, "read", &error))?
        .len();
    if size > limits::MAIL_WHOLE {
        return Err(wrong(
            1,
            format!("larger than {} bytes: preview a part of it", limits::MAIL_WHOLE),
        ));
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|error| wrong(1, format!("cannot be read: {error}")))?;
    let headings = reader
        .headers()
        .map_err(|error| wrong(1, format!("cannot be read: {error}")))?;
    let headings: Vec<String> = headings
        .iter()
        .map(|heading| {
            heading
                .trim_start_matches('\u{FEFF}')
                .to_lowercase()
                .replace([' ', '-'], "_")
        })
        .collect();
    let Some(email) = headings.iter().position(|heading| heading == "email") else {
        return Err(wrong(
            1,
            "no heading `email`: the first line names the columns, such as `email,name,company`".to_owned(),
        ));
    };
    let mut people = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let line = row + 2;
        let record = record.map_err(|error| wrong(line, format!("cannot be read: {error}")))?;
        let address = record.get(email).unwrap_or_default();
        let address = Address::parse(address).map_err(|error| wrong(line, format!("`email` is {error}")))?;
        let mut fields: BTreeMap<String, String> = headings
            .iter()
            .zip(&record)
            .filter(|(heading, value)| !value.is_empty() && *heading != "email")
            .map(|(heading, value)| (heading.clone(), value.to_owned()))
            .collect();
        let name = fields.remove("name");
        people.push(prospect(address, name, fields));
        if people.len() > MOST {
            return Err(wrong(line, format!("more than {MOST} people: preview a part of them")));
        }
    }
    if people.is_empty() {
        return Err(wrong(2, "nobody is in it".to_owned()));
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Prospect>, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("people.csv");
        std::fs::write(&path, text).expect("written");
        of_file(&path).map_err(|failure| failure.why.replace(&folder.path().display().to_string(), ""))
    }

    #[test]
    fn each_line_is_a_person_with_the_words_of_its_columns() {
        let people = read("Email,Name,Company,Pain Point\nli@acme.test,Li Wei,\"Acme, Inc.\",\njane@corp2.test\n")
            .expect("people");
        let [li, jane] = people.as_slice() else {
            panic!("two: {}", people.len())
        };
        assert_eq!(li.name.as_deref(), Some("Li Wei"));
        assert_eq!(li.fields.get("company").map(String::as_str), Some("Acme, Inc."));
        assert!(!li.fields.contains_key("pain_point"), "what is blank is not known");
        assert_eq!((jane.address.as_str(), jane.fields.len()), ("jane@corp2.test", 0));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, told) in [
            ("name,company\nLi,Acme\n", "/people.csv:1: no heading `email`"),
            ("email\nli@acme.test\nnobody\n", "/people.csv:3: `email` is"),
            ("email\n", "/people.csv:2: nobody is in it"),
        ] {
            let why = read(text).expect_err("refused");
            assert!(why.starts_with(told), "{why}");
        }
    }
}
