//! Lets bots take turns, step by step, without any runtime: their futures are polled by hand, and between two polls the
//! world may do anything. A process dies when its future is dropped, which is between any two of its steps.

use super::fault::When;
use super::town::{Order, Shared};
use crate::inbox::Inbox;
use crate::service::intake::IntakeError;
use crate::service::{Bot, Progress, intake, pulse};
use crate::store::{Rehearsal, Snapshot};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Rounds at one moment after which something turns in circles.
const ROUNDS: usize = 2_000;
/// Steps at one moment after which something turns in circles.
const STEPS: usize = 2_000_000;

/// Knows whether somebody wants to be polled again.
#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Why a world stopped before its end.
pub(super) struct Stuck(pub &'static str, pub String);

impl From<crate::store::StoreError> for Stuck {
    fn from(error: crate::store::StoreError) -> Self {
        Self("P12", error.to_string())
    }
}

/// When the first bot's process dies next.
#[derive(Default)]
pub(super) struct Doom {
    pub after: Option<u32>,
    pub again: u32,
    pub down: i64,
    /// Where it died last, when that was a place with a name.
    pub place: Option<When>,
}

/// What goes on around the bots while they work.
pub(super) struct Around<'a> {
    pub town: &'a Shared,
    /// The first bot's.
    pub disk: &'a Rehearsal,
    pub doom: &'a mut Doom,
    /// What waits until the bots are at rest.
    pub orders: &'a mut VecDeque<Order>,
    /// Copies of the first bot's database, by the moment for which they are kept.
    pub kept: &'a mut BTreeMap<i64, Snapshot>,
}

/// What became of a bot's work.
pub(super) enum Came<T> {
    /// There was none.
    Idle,
    /// The process died in the middle of it.
    Died,
    Done(T),
}

impl<T> Came<T> {
    pub(super) fn died(&self) -> bool {
        matches!(self, Self::Died)
    }
}

impl Around<'_> {
    /// The world goes on by what has come due.
    fn goes_on(&mut self) -> Result<(), Stuck> {
        let mut town = self.town.town();
        town.tick();
        while let Some(order) = town.orders.pop_front() {
            match order {
                Order::Crash { when, again, down } => {
                    (self.doom.again, self.doom.down) = (again, down);
                    match when {
                        When::Steps(after) => self.doom.after = Some(after),
                        place => town.doomed = Some(place),
                    }
                }
                Order::Disk { full } => self.disk.fill(full)?,
                Order::Keep(of) => {
                    self.kept.insert(of, self.disk.snapshot()?);
                }
                other => self.orders.push_back(other),
            }
        }
        Ok(())
    }

    /// Whether the first bot dies at this step.
    fn dies(&mut self) -> bool {
        let mut town = self.town.town();
        if std::mem::take(&mut town.dies) {
            self.doom.place = town.doomed.take();
            return true;
        }
        match &mut self.doom.after {
            Some(0) => {
                self.doom.after = None;
                true
            }
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        }
    }

    /// Polls the bots by turns until each is done or dead. In between the world goes on.
    pub(super) fn drive<T>(
        &mut self,
        first: Option<impl Future<Output = T>>,
        second: Option<impl Future<Output = T>>,
    ) -> Result<(Came<T>, Came<T>), Stuck> {
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(Arc::clone(&flag));
        let mut context = Context::from_waker(&waker);
        let mut first = pin!(first);
        let mut second = pin!(second);
        let mut came = (Came::Idle, Came::Idle);
        for _ in 0..STEPS {
            self.goes_on()?;
            if first.is_some() && self.dies() {
                first.set(None);
                came.0 = Came::Died;
            }
            flag.0.store(false, Ordering::Relaxed);
            if let Some(work) = first.as_mut().as_pin_mut()
                && let Poll::Ready(done) = work.poll(&mut context)
            {
                first.set(None);
                came.0 = Came::Done(done);
            }
            if let Some(work) = second.as_mut().as_pin_mut()
                && let Poll::Ready(done) = work.poll(&mut context)
            {
                second.set(None);
                came.1 = Came::Done(done);
            }
            if first.is_none() && second.is_none() {
                return Ok(came);
            }
            if !flag.0.load(Ordering::Relaxed) {
                return Err(Stuck("Q1", "the bot waits for something that never comes".to_owned()));
            }
        }
        Err(Stuck("Q1", "the bot makes steps and never comes to an end".to_owned()))
    }
}

/// Runs a future of ours that waits for nobody.
pub(super) fn at_once<T>(work: impl Future<Output = T>) -> Result<T, Stuck> {
    let mut work = pin!(work);
    for _ in 0..STEPS {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Ok(done);
        }
    }
    Err(Stuck("Q1", "a question to the store is never answered".to_owned()))
}

/// How the rounds left things.
pub(super) struct Rest {
    pub wake: Option<Timestamp>,
    pub away: bool,
    /// Whether anything was done.
    pub done: bool,
}

/// Every round until nothing is left to do now, as the pulse does it.
pub(super) async fn rounds(bot: &Bot, inbox: &mut Inbox) -> Result<Rest, Stuck> {
    let mut last = Progress::default();
    for _ in 0..ROUNDS {
        let mut away = false;
        let read = match intake::round(bot, inbox).await {
            Ok(read) => read,
            Err(IntakeError::Store(error)) if !error.is_transient() => {
                return Err(Stuck("P12", format!("what was read cannot be kept: {error}")));
            }
            Err(_) => {
                away = true;
                Progress::default()
            }
        };
        let worked = match pulse::once(bot).await {
            Ok(worked) => worked,
            Err(error) if error.is_transient() => {
                away = true;
                Progress {
                    done: 0,
                    wake: Some(bot.clock.now()),
                }
            }
            Err(error) => return Err(Stuck("P12", format!("a round fails: {error}"))),
        };
        let progress = read.and(worked);
        if progress.done == 0 {
            let wake = progress.wake.or_else(|| away.then(|| bot.clock.now()));
            let done = last != Progress::default();
            return Ok(Rest { wake, away, done });
        }
        last = progress;
    }
    Err(Stuck("Q1", format!("the rounds turn in circles: {last:?}")))
}
