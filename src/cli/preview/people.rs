//! The people of a preview: one from the command line, or those of a list as reps send them ([`list`]).

use super::Failure;
use crate::cli::Exit;
use crate::mail::list::{self, Unreadable};
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
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, "read", &error))?;
    let text =
        String::from_utf8(bytes).map_err(|_| wrong(1, "it is not UTF-8 text: save it as CSV UTF-8".to_owned()))?;
    let list = list::read(&text).map_err(|why| wrong(1, in_words(&why)))?;
    let mut people = Vec::new();
    for row in list.rows {
        let wanted = row.found.map_err(|why| wrong(row.line, why))?;
        people.push(prospect(wanted.address, wanted.name, wanted.fields));
        if people.len() > MOST {
            return Err(wrong(
                row.line,
                format!("more than {MOST} people: preview a part of them"),
            ));
        }
    }
    Ok(people)
}

fn in_words(why: &Unreadable) -> String {
    match why {
        Unreadable::Workbook | Unreadable::NotText => "it is no text: save it as CSV UTF-8".to_owned(),
        Unreadable::NoAddress(_) => {
            "no heading `email`: the first line names the columns, such as `email,name,company`".to_owned()
        }
        Unreadable::TwoAddresses(one, other) => {
            format!("{one} and {other} both hold addresses: name them in a first line, one of them `email`")
        }
        Unreadable::TooLong => format!("more than {MOST} people: preview a part of them"),
        Unreadable::Nobody => "nobody is in it".to_owned(),
    }
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
            (
                "email\nli@acme.test\nnobody\n",
                "/people.csv:3: \"nobody\" is no address",
            ),
            ("email\n", "/people.csv:1: nobody is in it"),
        ] {
            let why = read(text).expect_err("refused");
            assert!(why.starts_with(told), "{why}");
        }
    }
}
