//! `cadence unhold`: what was held goes on.

use super::scope::{self, Named};
use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Hold, Scope, Unhold};
use crate::store::Batch;

const EXAMPLES: &str = "\
Examples:
  cadence unhold all
  cadence unhold cadence outbound
  cadence unhold rep ana@example.com

It lifts every hold of exactly that scope, whoever or whatever put it, but those by which a bot keeps off another's mailbox
or finds out what an old database does not know: these end by themselves; `cadence holds` lists them. A breaker counts from
here on. A running bot goes on within two minutes. It ends with 65 when nothing of the kind is held.";

/// Let what was held go out again
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    pub named: Named,
}

/// Clears the holds of a scope.
pub async fn unhold(shared: &Shared, arguments: &Arguments) -> Outcome {
    let asked = arguments.named.scope()?;
    let config = Config::load(shared.config_file())?;
    let store = open::existing_store(&config).await?;
    let now = Clock::System.now();
    let standing = store.holds(now).await.map_err(|error| open::store_failure(&error))?;
    // The rep may have left the configuration since.
    let same = |scope: &Scope| match (scope, &asked) {
        (Scope::Rep(one), Scope::Rep(other)) => one.same_as(other),
        (one, other) => one == other,
    };
    let (lifted, stays): (Vec<&Hold>, Vec<&Hold>) = standing
        .iter()
        .filter(|hold| same(&hold.scope))
        .partition(|hold| hold.cause.is_lifted_by_word());
    let stays: String = stays
        .iter()
        .map(|hold| format!("it stays held: {}\n", scope::line(hold)))
        .collect();
    if lifted.is_empty() && stays.is_empty() {
        let why = format!("nothing holds {asked}; `cadence holds` lists what is held");
        return Err(Failure::new(Exit::Data, why));
    }
    if lifted.is_empty() {
        return Err(Failure::new(Exit::Data, stays.trim_end()));
    }
    let order = |hold: &&Hold| Unhold {
        scope: hold.scope.clone(),
        cause: Some(hold.cause),
        by: scope::who(),
    };
    let batch = Batch {
        at: Some(now),
        unhold: lifted.iter().map(order).collect(),
        ..Batch::default()
    };
    open::order(&store, batch, "somebody else lifted it first").await?;
    for hold in lifted {
        out::say(&format!("lifted: {}\n", scope::line(hold)))?;
    }
    out::say(&stays)?;
    Ok(Exit::Fine)
}
