//! Many worlds, on every core.

use super::super::WorldError;
use super::Stage;
use super::plan::Sizes;
use super::planted::Planted;
use super::report::{Tally, Verdict};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

/// What to play.
#[derive(Debug, Clone)]
pub struct Season {
    /// The worlds.
    pub seeds: Range<u64>,
    /// How large they are.
    pub sizes: Sizes,
    /// What is broken on purpose.
    pub planted: Planted,
    /// Whether to end with the first world that fails.
    pub until_failure: bool,
    /// Threads; `None`: one for each core.
    pub threads: Option<NonZeroUsize>,
}

/// Plays all of them and tells each as it ends, in no order. Returns their figures together.
///
/// # Errors
/// When the shipped texts do not load.
pub fn play(season: &Season, tell: &mut dyn FnMut(Verdict)) -> Result<Tally, WorldError> {
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = season.threads.unwrap_or(cores).get();
    let (next, enough) = (AtomicU64::new(season.seeds.start), AtomicBool::new(false));
    let (says, hears) = mpsc::sync_channel(64);
    let mut tally = Tally::default();
    thread::scope(|scope| {
        for _ in 0..threads {
            let says = says.clone();
            scope.spawn(|| {
                let says = says;
                let mut stage = Stage::new();
                while !enough.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= season.seeds.end {
                        return;
                    }
                    let played = match &mut stage {
                        Ok(stage) => stage.play(seed, season.sizes.of(seed), season.planted),
                        Err(error) => Err(WorldError::of("the stage", &*error)),
                    };
                    let failed = played.as_ref().map_or(true, |verdict| !verdict.violations.is_empty());
                    if failed && (season.until_failure || played.is_err()) {
                        enough.store(true, Ordering::Relaxed);
                    }
                    if says.send(played).is_err() {
                        return;
                    }
                }
            });
        }
        drop(says);
        let mut failed = Ok(());
        for played in hears {
            match played {
                Ok(verdict) => {
                    tally.add(&verdict.tally);
                    tell(verdict);
                }
                Err(error) => failed = Err(error),
            }
        }
        failed
    })?;
    Ok(tally)
}
