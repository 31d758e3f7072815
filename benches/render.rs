//! How fast touches are written, beside what people render templates with elsewhere.
//!
//! `cargo bench --bench render` prints:
//!
//! | line | what |
//! |---|---|
//! | Cadence, whole | a mail as it goes out: choosing the text, the words, plain text and HTML, signature and opt-out |
//! | handlebars.js | the same text with the same words, compiled once, plain text alone; needs `node`, and `handlebars` or `npm` |
//! | Jinja2 | the same; needs `python3`, and `jinja2` (Debian: `apt-get install python3-jinja2`) or `venv` |
//!
//! A peer that the machine has is taken as it is; else its own package manager installs it into a temporary folder, and where that
//! is not possible either a line says that it is LEFT OUT and why. Each line names the peer's version. They render one plain text from ready words; Cadence makes both parts of the mail and checks every word, so its
//! line is not the same work but more of it. Runs alternate and the median of five counts. Quote the ratios of one run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use cadence::model::{Address, CadenceName, Prospect, Rep, StepNo, Zone, ZoneReason};
use cadence::template::{Library, Words};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const RUNS: usize = 5;
const MAILS: u32 = 20_000;

const TEXT: &str = "{{greeting}}\n\nI would like to find out whether we can be of use to {{company}} with {{topic}}, and I \
would rather ask you than guess.\n\n{{#if pain_point}}\nWhat made me write: {{pain_point}}.\n\n{{/if}}\nFrom the outside I \
see only half of the picture. What I cannot see is how you handle this today, how many hours it takes, and whether it is on \
anybody's list this year.\n\nIf it is, I will send you a short outline of how we would go about it, and you can judge from \
that. If it is not, tell me so, and I will not try to talk you into it.\n\nIs this something you are looking at this year?\n";

const JAVASCRIPT: &str = r#"
const Handlebars = require('handlebars');
const { text, words, mails } = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
const template = Handlebars.compile(text, { noEscape: true, strict: true });
let size = 0;
for (let n = 0; n < 2000; n++) size += template(words).length;
const begun = process.hrtime.bigint();
for (let n = 0; n < mails; n++) size += template(words).length;
console.log(Number(process.hrtime.bigint() - begun) / 1e9, Handlebars.VERSION, size);
"#;

const PYTHON: &str = r#"
import sys, json, time, jinja2
from jinja2 import Environment, StrictUndefined
given = json.load(open(sys.argv[1]))
text = given['text'].replace('{{#if pain_point}}', '{% if pain_point %}').replace('{{/if}}', '{% endif %}')
template = Environment(undefined=StrictUndefined).from_string(text)
words = given['words']; size = 0
for n in range(2000): size += len(template.render(words))
begun = time.perf_counter()
for n in range(given['mails']): size += len(template.render(words))
print(time.perf_counter() - begun, jinja2.__version__, size)
"#;

fn main() {
    let folder = std::env::temp_dir().join(format!("cadence-render-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let given = folder.join("given.json");
    let words: BTreeMap<&str, &str> = WORDS.into_iter().chain([("greeting", "Hi Jane,")]).collect();
    let json = serde_json::json!({ "text": TEXT, "words": words, "mails": MAILS });
    std::fs::write(&given, json.to_string()).unwrap();
    let (node, python) = (node(&folder), python(&folder));
    let house = House::new();
    let mut ours = Vec::new();
    let (mut javascript, mut jinja): (Vec<Timed>, Vec<Timed>) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(house.run());
        javascript.extend(node.as_ref().ok().and_then(|run| run(&given)));
        jinja.extend(python.as_ref().ok().and_then(|run| run(&given)));
    }
    let ours = median(ours);
    println!(
        "{:<38} {:>9.0} a second on one core",
        "Cadence, both parts of a mail:",
        f64::from(MAILS) / ours
    );
    peer("handlebars.js, plain text", node.as_ref().err(), javascript, ours);
    peer("Jinja2, plain text", python.as_ref().err(), jinja, ours);
    let _ = std::fs::remove_dir_all(&folder);
}

/// The rate of a peer, and ours as a ratio to it.
fn peer(name: &str, missing: Option<&String>, runs: Vec<Timed>, ours: f64) {
    let version = runs.first().map_or(String::new(), |(_, version)| format!(" {version}"));
    let label = format!("{name}{version}:");
    if let Some(why) = missing {
        return println!("{label:<38} LEFT OUT, so there is no ratio to it: {why}");
    }
    if runs.is_empty() {
        return println!("{label:<38} LEFT OUT, so there is no ratio to it: it ended with an error");
    }
    let theirs = median(runs.into_iter().map(|(seconds, _)| seconds).collect());
    println!(
        "{label:<38} {:>9.0} a second; Cadence is {:.2} times as fast, with HTML beside it",
        f64::from(MAILS) / theirs,
        theirs / ours
    );
}

fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    runs[runs.len() / 2]
}

const WORDS: [(&str, &str); 3] = [
    ("company", "Acme & Sons"),
    ("topic", "planning shifts"),
    ("pain_point", "you are hiring for three sites at once"),
];

struct House {
    library: Library,
    rep: Rep,
    prospect: Prospect,
}

impl House {
    fn new() -> Self {
        let toml = "title = \"Own\"\nkind = \"cold\"\nfields = [\"topic\", \"pain_point\"]\n[[step]]\nday = 1\ntemplate = \"a\"\n";
        let files = [
            ("own/cadence.toml".to_owned(), toml.to_owned()),
            (
                "own/a.md".to_owned(),
                format!("Subject: A question for {{{{company}}}}\n\n{TEXT}"),
            ),
        ];
        let fields = WORDS.map(|(word, text)| (word.to_owned(), text.to_owned()));
        Self {
            library: Library::with(&files).expect("the cadence loads"),
            rep: Rep {
                address: Address::parse("ana@corp.test").unwrap(),
                name: "Ana Costa".to_owned(),
                zone: TimeZone::UTC,
                zone_name: "UTC".to_owned(),
                digest_at: time(8, 0, 0, 0),
                code_turn: 0,
                daily_cap: None,
                signature: Some("Ana Costa\nCorp".to_owned()),
                title: None,
                phone: None,
                calendar_link: None,
            },
            prospect: Prospect {
                address: Address::parse("jane@acme.test").unwrap(),
                name: Some("Jane Doe".to_owned()),
                fields: fields.into(),
                zone: Zone::one("UTC".to_owned(), ZoneReason::Given),
            },
        }
    }

    /// Seconds for so many mails.
    fn run(&self) -> f64 {
        let name = CadenceName::parse("own").unwrap();
        let cadence = self.library.cadence(&name).unwrap();
        let begun = Instant::now();
        for seed in 0..i64::from(MAILS) {
            let words = Words {
                prospect: &self.prospect,
                rep: &self.rep,
                cadence,
                thread_subject: "",
                last_touch: None,
                today: date(2026, 3, 9),
                postal_address: Some("Corp, 1 Main Street"),
                seed,
            };
            let wording = self.library.render(cadence, StepNo::FIRST, black_box(&words));
            assert!(black_box(wording).is_ok());
        }
        begun.elapsed().as_secs_f64()
    }
}

/// Seconds, and whose.
type Timed = (f64, String);
type Run = Box<dyn Fn(&Path) -> Option<Timed>>;

fn node(folder: &Path) -> Result<Run, String> {
    // Where distributions and `npm install --global` put modules.
    let places = "/usr/share/nodejs:/usr/lib/node_modules:/usr/local/lib/node_modules";
    let there = done(
        Command::new("node")
            .args(["-e", "require('handlebars')"])
            .env("NODE_PATH", places),
    );
    if there.is_err() {
        done(
            Command::new("npm")
                .args(["install", "--silent", "--no-audit", "--no-fund", "handlebars"])
                .current_dir(folder),
        )
        .map_err(|why| format!("node has no module handlebars, and npm could not install it ({why})"))?;
    }
    let script = folder.join("run.js");
    std::fs::write(&script, JAVASCRIPT).unwrap();
    Ok(Box::new(move |given| {
        seconds(Command::new("node").arg(&script).arg(given).env("NODE_PATH", places))
    }))
}

fn python(folder: &Path) -> Result<Run, String> {
    let mut python = std::path::PathBuf::from("python3");
    if done(Command::new(&python).args(["-c", "import jinja2"])).is_err() {
        let hint = "on Debian `apt-get install python3-jinja2`";
        let place = folder.join("python");
        done(Command::new(&python).args(["-m", "venv"]).arg(&place))
            .map_err(|why| format!("python3 has no module jinja2 and no venv ({why}); {hint}"))?;
        python = place.join("bin/python");
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "jinja2",
        ];
        done(Command::new(&python).args(install))
            .map_err(|why| format!("pip could not install jinja2 ({why}); {hint}"))?;
    }
    let script = folder.join("run.py");
    std::fs::write(&script, PYTHON).unwrap();
    Ok(Box::new(move |given| {
        seconds(Command::new(&python).arg(&script).arg(given))
    }))
}

fn done(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(output.status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

fn seconds(command: &mut Command) -> Option<Timed> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut words = text.split_whitespace();
    Some((words.next()?.parse().ok()?, words.next()?.to_owned()))
}
