//! `cadence forget`: a person who asked for it goes from the database, the numbers stay.
//!
//! Like `suppress` it writes into the database of a bot that may be running.

use super::{Exit, Failure, Outcome, Shared, open, out, scope};
use crate::clock::{self, Clock};
use crate::config::Config;
use crate::model::{Address, Enrollment, Fingerprint, LooseAddress, replaced};
use crate::rules::forgetting;
use crate::store::{Batch, Change, CommitError, Forget, Remembered, Store};

const EXAMPLES: &str = "\
Examples:
  cadence forget jane@acme.example --dry-run
  cadence forget jane@acme.example --why \"request 17 of 2 March\"

For somebody who asks that their data be deleted. Their cadences end at once. Name, address, company, telephone and every other
field, subjects, texts of mails, scripts and notes go from every table, and the file is written anew, so that no bytes of them
are left in it. What stays: that there was somebody, in which cadence, with which touches, when, and how it ended, so that no
number of a report changes; and a keyed hash of the address, so that they are never mailed or enrolled again. All spellings
that `suppress` takes for one are one here too.

Out of reach: mails in the folders of the bot's own mailbox and in the reps' (search there by the address), copies made by
`backup` or `report --export`, the configuration, texts of mails to other prospects, and what a rep wrote about them by name
only in a note about somebody else. A database restored from a copy made before knows them again: run the command once more, for everybody whom you forgot since.

While a mail that may name them lies ready or is on its way they are not mailed any more, their names stay, and the command
ends with 75: run it again in a minute. There is no way back. A running bot need not be stopped; it waits while the file is
written anew, for which the disk needs room for a second copy.";

/// Forget a person who asked for it; counts stay
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Whom
    #[arg(value_name = "ADDRESS")]
    pub address: String,
    /// On what grounds; it is kept, so it must not name them
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    pub why: Option<String>,
    /// Only say what would go
    #[arg(long)]
    pub dry_run: bool,
}

/// Forgets, or says what would be.
pub async fn forget(shared: &Shared, arguments: &Arguments) -> Outcome {
    let address = Address::parse(&arguments.address);
    let address = address.map_err(|error| Failure::new(Exit::Usage, format!("ADDRESS is {error}")))?;
    let config = Config::load(shared.config_file())?;
    let person = address.loose();
    if config.reps.iter().any(|rep| rep.address.loose() == person) {
        let why = "this is the address of a rep: take their [[rep]] out of the configuration first";
        return Err(Failure::new(Exit::Data, why));
    }
    let store = open::existing_store(&config).await?;
    let fail = |error| open::store_failure(&error);
    let found = store.remembered_of(&person).await.map_err(fail)?;
    let Some(why) = arguments.why.as_deref().filter(|_| !arguments.dry_run) else {
        out::say(&format!("nothing was changed; this would go:\n{}", told(&found)))?;
        return Ok(Exit::Fine);
    };
    let why = scope::reason(why)?;
    let named = found.spellings.iter().any(|name| replaced(&why, name, "").is_some());
    if named || replaced(&why, address.as_str(), "").is_some() {
        let why = "--why must not name the person: it is kept; a request's number or date is enough";
        return Err(Failure::new(Exit::Usage, why));
    }
    let wish = Wish {
        person,
        by: scope::who(),
        why,
    };
    if !wish.fulfil(&store, true).await? {
        if !wish.fulfil(&store, false).await? {
            return Err(Failure::new(
                Exit::Later,
                "somebody else changed it meanwhile; run it again",
            ));
        }
        let why = "they are not mailed any more; their names stay for now, because mails that may name them lie ready or are \
                   on their way (`cadence status`): run it again in a minute";
        return Err(Failure::new(Exit::Later, why));
    }
    let scoured = store.scour().await;
    out::say(&format!("forgotten; this is gone:\n{}", told(&found)))?;
    let never = config.etiquette.never.iter().any(|never| never == wish.person.as_str());
    out::say(&stays(never))?;
    scoured.map_err(|error| {
        let failure = open::store_failure(&error);
        let why = format!(
            "no table names them any more, but old bytes may be left in the file, which could not be written anew: {}; run it \
             again",
            failure.why
        );
        Failure::new(Exit::Later, why)
    })?;
    Ok(Exit::Fine)
}

/// Whom, and who said so why.
struct Wish {
    person: LooseAddress,
    by: String,
    why: String,
}

impl Wish {
    /// Does it in one commit; `false` when something stands in the way, and nothing was changed then.
    async fn fulfil(&self, store: &Store, names: bool) -> Result<bool, Failure> {
        let enrollments = store.of_person(&self.person).await;
        let enrollments = enrollments.map_err(|error| open::store_failure(&error))?;
        let key = clock::secret_bytes();
        let key = key.map_err(|error| Failure::new(Exit::Later, format!("no key could be drawn: {error}")))?;
        let active: Vec<&Enrollment> = enrollments.iter().filter(|one| one.is_active()).collect();
        let change = |one: &Enrollment| Change {
            id: one.id,
            version: one.version,
            facts: forgetting::forget(one, &self.by, &self.why, names),
        };
        let batch = Batch {
            at: Some(Clock::System.now()),
            changes: enrollments
                .iter()
                .map(change)
                .filter(|one| !one.facts.is_empty())
                .collect(),
            withdraw: active.iter().map(|one| one.id).collect(),
            drop_tasks: active.iter().map(|one| one.id).collect(),
            forget: Some(Forget {
                person: self.person.clone(),
                key: Fingerprint::of_bytes(&key).hex(),
                proof: format!("{}: {}", self.by, self.why),
                names,
            }),
            ..Batch::default()
        };
        match store.commit(batch).await {
            Ok(()) => Ok(true),
            Err(CommitError::Stale | CommitError::Known) => Ok(false),
            Err(CommitError::Store(error)) => Err(open::store_failure(&error)),
        }
    }
}

/// What is held of them, by kind.
fn told(found: &Remembered) -> String {
    let lines = [
        (
            "enrollments",
            i64::try_from(found.enrollments.len()).unwrap_or(i64::MAX),
        ),
        ("facts about them, whose words go", found.facts),
        ("mails to them, whose text goes", found.letters),
        ("tasks, whose script and note go", found.tasks),
        ("mails that were read, whose reading goes", found.mails),
        ("reports that wait, people copied", found.others),
        ("facts of others that name them", found.named),
        ("sent mails to reps since, whose text goes", found.to_reps),
    ];
    let lines = lines.iter().map(|(what, many)| format!("  {many:>6}  {what}\n"));
    let mut text: String = lines.collect();
    if found.on_its_way > 0 {
        text.push_str(&format!(
            "  {:>6}  mails that may name them lie ready or are on their way\n",
            found.on_its_way
        ));
    }
    text
}

/// What does not go, and what the administrator has yet to do.
fn stays(never: bool) -> String {
    let mut text = "\
what stays: the counts of the reports, times, cadences, steps and ends, of nobody in particular; a keyed hash of the address, so
that they are never mailed or enrolled again
out of reach: the folders of the bot's mailbox and of the reps', exports, and copies of the database made before; when you
restore one of these, run this again. Texts of mails to other prospects stay, and so does what a rep noted about somebody else
with this person's name and without the address
"
    .to_owned();
    if never {
        text.push_str("the configuration names them in [etiquette].never: delete the line, the hash does its work\n");
    }
    text
}
