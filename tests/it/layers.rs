//! The house rules that no compiler holds: who imports whom, behind which door a foreign crate lives, what the pure half
//! never touches, how long a file may be. Read from the text of `src/`, comments, strings and tests left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Room → the rooms it may import beside itself.
const ROOMS: [(&str, &[&str]); 14] = [
    ("model", &[]),
    ("clock", &[]),
    ("rules", &["model"]),
    ("mail", &["model"]),
    ("template", &["model"]),
    ("report", &["model"]),
    ("store", BELOW),
    ("inbox", BELOW),
    ("outbox", BELOW),
    ("config", BELOW),
    ("dkim", BELOW),
    ("service", SHELL),
    (
        "world",
        &[
            "service", "store", "inbox", "outbox", "config", "dkim", "model", "rules", "mail", "template", "report",
            "clock",
        ],
    ),
    (
        "cli",
        &[
            "world", "service", "store", "inbox", "outbox", "config", "dkim", "model", "rules", "mail", "template",
            "report", "clock",
        ],
    ),
];
const BELOW: &[&str] = &["model", "rules", "mail", "template", "report", "clock"];
const SHELL: &[&str] = &[
    "store", "inbox", "outbox", "config", "dkim", "model", "rules", "mail", "template", "report", "clock",
];

const PURE: [&str; 5] = ["model", "rules", "mail", "template", "report"];

/// What would make a pure room ask the world: parts of `std` that do I/O …
const IMPURE_STD: [&str; 5] = ["env", "fs", "net", "process", "thread"];
/// … and words that stand for waiting, clocks and logs.
const IMPURE_WORDS: [&str; 6] = ["async", "await", "tokio", "tracing", "Instant", "SystemTime"];

/// Foreign crate → where it may be named: paths below `src/` begin so. Empty: vocabulary, everywhere.
const DOORS: [(&str, &[&str]); 40] = [
    ("aho_corasick", &["mail/phrases/search.rs"]),
    ("async_imap", &["inbox/imap"]),
    ("calcard", &["mail/classify/calendar", "mail/days_off.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/completions.rs"]),
    ("css_inline", &["template/bot/inline.rs"]),
    ("data_encoding", &["model/seal.rs", "inbox/imap/", "outbox/smtp/"]),
    ("embedded_graphics", &["report/picture.rs"]),
    ("fastrand", &["clock.rs", "inbox/", "outbox/", "service/", "world/"]),
    ("futures_util", &["inbox/", "outbox/", "service/", "store/tests.rs"]),
    ("handlebars", &["template/"]),
    ("idna", &["model/address.rs"]),
    ("include_dir", &["template/"]),
    ("csv", &["mail/list.rs"]),
    ("indicatif", &["cli/", "world/"]),
    ("jiff", &[]),
    ("lettre", &["outbox/", "mail/write"]),
    ("mail_auth", &["dkim/"]),
    ("mail_parser", &["mail/read"]),
    ("memchr", &["mail/header.rs", "mail/key.rs", "mail/mime.rs"]),
    ("png", &["report/picture.rs"]),
    ("pulldown_cmark", &["template/"]),
    ("ring", &["clock.rs", "model/seal.rs"]),
    ("rusqlite", &["store/"]),
    ("rusqlite_migration", &["store/"]),
    ("rustix", &["store/disk.rs"]),
    ("rustls_native_certs", &["inbox/", "outbox/"]),
    (
        "secrecy",
        &["config/secret.rs", "inbox/", "outbox/", "service/", "cli/"],
    ),
    ("serde", &[]),
    ("serde_json", &["cli/", "mail/lead.rs", "store/", "template/", "world/"]),
    ("special", &["report/"]),
    ("subtle", &["model/seal.rs", "model/token.rs"]),
    (
        "tokio",
        &[
            "clock.rs", "dkim/", "inbox/", "outbox/", "store/", "service/", "world/", "cli/",
        ],
    ),
    ("tokio_io_timeout", &["inbox/", "outbox/"]),
    ("tokio_rustls", &["inbox/", "outbox/"]),
    ("toml", &["config/", "template/"]),
    ("tracing", &["inbox/", "outbox/", "store/", "service/", "cli/"]),
    ("tracing_subscriber", &["cli/logging.rs"]),
    ("unicode_normalization", &["model/address.rs"]),
    ("unicode_security", &["model/address.rs"]),
];

/// Lines a file may have, comments and tests included.
const LINES: usize = 500;

/// A file of `src/`: its path below it, its room, its code.
struct Source {
    path: String,
    room: String,
    lines: usize,
    code: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    walk(&root().join("src"), "", &mut sources);
    assert!(sources.len() > 10, "src/ is there");
    sources
}

fn walk(folder: &Path, below: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let below = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        if path.is_dir() {
            walk(&path, &below, sources);
        } else if below.ends_with(".rs") {
            let text = fs::read_to_string(&path).expect("text");
            let room = below
                .split('/')
                .next()
                .expect("a room")
                .trim_end_matches(".rs")
                .to_owned();
            sources.push(Source {
                lines: text.lines().count(),
                code: without_tests(&tokens(&text)),
                path: below,
                room,
            });
        }
    }
}

/// Identifiers and single other characters, `::` as one; comments, strings, characters and lifetimes left out.
fn tokens(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let (mut found, mut i) = (Vec::new(), 0);
    while i < chars.len() {
        let c = at(i);
        if c == '/' && at(i + 1) == '/' {
            i = line_end(&chars, i);
        } else if c == '/' && at(i + 1) == '*' {
            i = comment_end(&chars, i);
        } else if let Some(end) = raw_string_end(&chars, i) {
            i = end;
        } else if c == '"' || (c == '\'' && (at(i + 1) == '\\' || at(i + 2) == '\'')) {
            i = quoted_end(&chars, i);
        } else if c.is_alphanumeric() || c == '_' {
            let end = (i..chars.len())
                .find(|&j| !(at(j).is_alphanumeric() || at(j) == '_'))
                .unwrap_or(chars.len());
            found.push(chars[i..end].iter().collect());
            i = end;
        } else if c == ':' && at(i + 1) == ':' {
            found.push("::".to_owned());
            i += 2;
        } else {
            if !c.is_whitespace() {
                found.push(c.to_string());
            }
            i += 1;
        }
    }
    found
}

fn line_end(chars: &[char], from: usize) -> usize {
    (from..chars.len()).find(|&j| chars[j] == '\n').unwrap_or(chars.len())
}

fn comment_end(chars: &[char], from: usize) -> usize {
    let (mut depth, mut i) = (0, from);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 1),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 1),
            _ => {}
        }
        i += 1;
        if depth == 0 {
            return i;
        }
    }
    i
}

fn quoted_end(chars: &[char], from: usize) -> usize {
    let mut i = from + 1;
    while i < chars.len() && chars[i] != chars[from] {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

/// The end of `r"…"`, `r#"…"#`, `br"…"` that begins here.
fn raw_string_end(chars: &[char], from: usize) -> Option<usize> {
    let r = if chars.get(from) == Some(&'b') { from + 1 } else { from };
    if chars.get(r) != Some(&'r') || (from > 0 && (chars[from - 1].is_alphanumeric() || chars[from - 1] == '_')) {
        return None;
    }
    let hashes = chars[r + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(r + 1 + hashes) != Some(&'"') {
        return None;
    }
    let body = r + 2 + hashes;
    let closes =
        |&j: &usize| chars[j] == '"' && chars[j + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
    let close = (body..chars.len()).find(closes)?;
    Some(close + 1 + hashes)
}

/// The code without items under `#[cfg(test)]`.
fn without_tests(code: &[String]) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut i) = (Vec::new(), 0);
    while i < code.len() {
        if code[i..].iter().map(String::as_str).take(mark.len()).eq(mark) {
            i = item_end(code, i + mark.len());
        } else {
            kept.push(code[i].clone());
            i += 1;
        }
    }
    kept
}

/// The end of the item that begins here: its `;`, or the `}` that closes its first `{`.
fn item_end(code: &[String], from: usize) -> usize {
    let mut depth = 0_usize;
    for (index, token) in code.iter().enumerate().skip(from) {
        match token.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => return index + 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    code.len()
}

/// What is named directly behind the path that ends at `from`: `crate::a::b` → a, `crate::{a::b, c}` → a, c.
fn named(code: &[String], from: usize) -> Vec<&str> {
    if code.get(from).is_none_or(|token| token != "{") {
        return code.get(from).map(String::as_str).into_iter().collect();
    }
    let (mut found, mut depth, mut fresh) = (Vec::new(), 0, false);
    for token in code.iter().skip(from).map(String::as_str) {
        match token {
            "{" => (depth, fresh) = (depth + 1, depth == 0),
            "}" => depth -= 1,
            "," if depth == 1 => fresh = true,
            name if fresh => {
                found.push(name);
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// The rooms that a file names, by `crate::` or by going up to the crate with `super::`.
fn imported(source: &Source) -> BTreeSet<&str> {
    let deep = source
        .path
        .trim_end_matches(".rs")
        .trim_end_matches("/mod")
        .split('/')
        .count();
    let code = &source.code;
    let is = |index: usize, text: &str| code.get(index).is_some_and(|token| token == text);
    let mut rooms = BTreeSet::new();
    for index in 0..code.len() {
        if is(index, "crate") && is(index + 1, "::") {
            rooms.extend(named(code, index + 2));
        }
        let above = is(index, "super") && !(index >= 2 && is(index - 2, "super"));
        if above {
            let ups = (0..)
                .take_while(|up| is(index + 2 * up, "super") && is(index + 2 * up + 1, "::"))
                .count();
            if ups >= deep {
                rooms.extend(named(code, index + 2 * ups));
            }
        }
    }
    rooms
}

#[test]
fn rooms_import_only_what_lies_below_them() {
    let table: BTreeMap<&str, &[&str]> = ROOMS.into_iter().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        if ["lib", "main"].contains(&source.room.as_str()) {
            continue;
        }
        let allowed = table.get(source.room.as_str());
        let allowed = allowed.unwrap_or_else(|| panic!("the room of {} is in no row of the table", source.path));
        let others = imported(&source);
        let others = others
            .into_iter()
            .filter(|name| table.contains_key(name) && *name != source.room);
        for other in others.filter(|name| !allowed.contains(name)) {
            wrong.push(format!("{} imports {other}", source.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_foreign_crate_has_one_door() {
    let table: BTreeMap<&str, &[&str]> = DOORS.into_iter().collect();
    let dependencies = dependencies();
    for crate_name in &dependencies {
        assert!(
            table.contains_key(crate_name.as_str()),
            "{crate_name} is in no row of the table"
        );
    }
    for row in table.keys() {
        assert!(dependencies.contains(*row), "{row} is no dependency any more");
    }
    let mut wrong = Vec::new();
    for source in sources() {
        for name in foreign(&source.code, &dependencies) {
            let doors = table[name];
            if !doors.is_empty() && !doors.iter().any(|door| source.path.starts_with(door)) {
                wrong.push(format!(
                    "{} uses {name}, whose door is {}",
                    source.path,
                    doors.join(", ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The crates that code names at the beginning of a path. `use other::ring;` makes `ring` a word of this file's own.
fn foreign<'c>(code: &'c [String], dependencies: &BTreeSet<String>) -> BTreeSet<&'c str> {
    let is = |index: usize, texts: &[&str]| code.get(index).is_some_and(|token| texts.contains(&token.as_str()));
    let begins = |index: usize| index == 0 || !is(index - 1, &["::", "."]);
    let brought = |name: &String| {
        let ends = |index: usize| is(index + 1, &[";", ",", "}"]) && !begins(index);
        (1..code.len()).any(|index| code[index] == *name && ends(index))
    };
    (1..code.len())
        .filter(|&index| is(index, &["::"]) && begins(index - 1))
        .map(|index| &code[index - 1])
        .filter(|name| dependencies.contains(*name) && !brought(name))
        .map(String::as_str)
        .collect()
}

/// `[dependencies]` of Cargo.toml, as code names them.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let section = manifest.split("\n[dependencies]\n").nth(1).expect("dependencies");
    let section = section.split("\n[").next().expect("its lines");
    let names = section.lines().filter_map(|line| line.split_once('='));
    names.map(|(name, _)| name.trim().replace('-', "_")).collect()
}

#[test]
fn the_pure_half_never_asks_the_world() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.room.as_str())) {
        for (index, token) in source.code.iter().map(String::as_str).enumerate() {
            if IMPURE_WORDS.contains(&token) {
                wrong.push(format!("{} says `{token}`", source.path));
            }
            if token == "std" {
                let parts = named(&source.code, index + 2).into_iter();
                let impure = parts.filter(|part| IMPURE_STD.contains(part));
                wrong.extend(impure.map(|part| format!("{} uses std::{part}", source.path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_is_patient() {
    let long = sources().into_iter().filter(|source| source.lines > LINES);
    let long: Vec<String> = long
        .map(|source| format!("{}: {} lines", source.path, source.lines))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_reader_of_this_test_sees_code_and_only_code() {
    let text = r##"
        //! crate::comment
        use crate::{model::{A, B}, store};
        /* crate::block /* nested */ tokio:: */
        fn f<'a>(x: &'a str) -> char { let _ = "crate::string \" "; let _ = r#"crate::raw"#; let _ = '\''; ':' }
        use super::super::rules::X;
        #[cfg(test)]
        mod tests { use crate::inbox; fn g() { {} } }
        fn after() { tokio::spawn(a.toml::<X>()) }
    "##;
    let source = Source {
        path: "mail/read.rs".to_owned(),
        room: "mail".to_owned(),
        lines: 0,
        code: without_tests(&tokens(text)),
    };
    let rooms: Vec<&str> = imported(&source).into_iter().collect();
    assert_eq!(rooms, ["model", "rules", "store"]);
    let crates = ["tokio", "toml"].map(str::to_owned).into_iter().collect();
    assert_eq!(
        foreign(&source.code, &crates).into_iter().collect::<Vec<_>>(),
        ["tokio"]
    );
}
