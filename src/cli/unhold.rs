//! `cadence unhold`: what was held goes on.

use super::scope::{self, Named};
use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Scope, Unhold};
use crate::store::Batch;

const EXAMPLES: &str = "\
Examples:
  cadence unhold all
  cadence unhold cadence outbound
  cadence unhold rep ana@example.com

It lifts every hold of exactly that scope, whoever or whatever put it; `cadence holds` lists them. A breaker counts from
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
    let Some(found) = standing.iter().find(|hold| same(&hold.scope)) else {
        return Err(Failure::new(
            Exit::Data,
            format!("nothing holds {asked}; `cadence holds` lists what is held"),
        ));
    };
    let batch = Batch {
        at: Some(now),
        unhold: vec![Unhold {
            scope: found.scope.clone(),
            cause: None,
            by: scope::who(),
        }],
        ..Batch::default()
    };
    open::order(&store, batch, "somebody else lifted it first").await?;
    for hold in standing.iter().filter(|hold| same(&hold.scope)) {
        out::say(&format!("lifted: {}\n", scope::line(hold)))?;
    }
    Ok(Exit::Fine)
}
