//! What reps said about themselves, over what the configuration says of them.
//!
//! A rep is handed out by reference all over the house while other rounds run, so a changed one is put behind the ones before
//! it and none is ever taken away while the process lives: changes are rare and bounded.

use super::{Bot, House};
use crate::model::{Address, Rep, Said, Told, Vacation, limits};
use crate::store::StoreError;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

/// What reps said, and the reps as they are by it.
#[derive(Default)]
pub struct Spoken {
    said: Mutex<BTreeMap<Address, Said>>,
    /// Whether a rep is mailed their addresses without anybody asking.
    greets: bool,
    first: OnceLock<Box<Changed>>,
}

/// A rep as they were from one change on, and the next change.
struct Changed {
    rep: Rep,
    next: OnceLock<Box<Changed>>,
}

impl Spoken {
    /// Nobody said anything yet; whether new reps are mailed their addresses.
    #[must_use]
    pub fn new(greets: bool) -> Self {
        Self {
            greets,
            ..Self::default()
        }
    }

    /// The last of the changed reps at this address.
    pub(super) fn rep(&self, address: &Address) -> Option<&Rep> {
        let (mut found, mut at) = (None, self.first.get());
        while let Some(changed) = at {
            if changed.rep.address.same_as(address) {
                found = Some(&changed.rep);
            }
            at = changed.next.get();
        }
        found
    }

    fn push(&self, rep: Rep) {
        let (mut slot, mut many) = (&self.first, 0);
        while let Some(changed) = slot.get() {
            slot = &changed.next;
            many += 1;
        }
        // Above this it is heard at the next start.
        if many < limits::REPS_CHANGED {
            let next = OnceLock::new();
            // Whoever was faster has put the same words there: they come from one table.
            drop(slot.set(Box::new(Changed { rep, next })));
        }
    }
}

impl House {
    /// What a rep said about themselves.
    #[must_use]
    pub fn said(&self, rep: &Address) -> Said {
        let said = self.spoken.said.lock().ok();
        said.and_then(|said| said.get(rep).cloned()).unwrap_or_default()
    }

    /// When a rep is away on a day of their calendar: by their own word, else by the configuration. Whoever asks asks here,
    /// but for the diary, which plans around what the configuration says.
    #[must_use]
    pub fn away(&self, rep: &Rep, day: Date) -> Option<Vacation> {
        let said = self.said(&rep.address).vacation.filter(|away| away.covers(day));
        let configured = || {
            let theirs = self.hours.away.iter().filter(|away| away.rep.same_as(&rep.address));
            let mut all = theirs.map(|away| Vacation {
                from: away.from,
                to: away.to,
                cover: None,
            });
            all.find(|away| away.covers(day))
        };
        said.or_else(configured)
    }

    /// The addresses that a rep has and was not mailed, if so; and whether it is their first mail of them.
    #[must_use]
    pub fn untold(&self, rep: &Rep) -> Option<(Told, bool)> {
        let said = self.said(&rep.address);
        let now = Told {
            turn: rep.code_turn.saturating_add(said.turns),
            again: said.again,
        };
        // Where nobody is greeted, the administrator hands out the first addresses.
        let handed_out = || {
            (!self.spoken.greets).then_some(Told {
                turn: rep.code_turn,
                again: 0,
            })
        };
        let told = said.told.or_else(handed_out);
        (told != Some(now)).then(|| (now, told.is_none_or(|told| told.turn == now.turn)))
    }

    /// Who reads a rep's mails from the bot: their stand-in while they are away, else themselves.
    #[must_use]
    pub fn reader_of<'a>(&'a self, rep: &'a Rep, now: Timestamp) -> &'a Rep {
        let today = now.to_zoned(rep.zone.clone()).date();
        let cover = self.away(rep, today).and_then(|away| away.cover);
        cover.and_then(|cover| self.rep(&cover)).unwrap_or(rep)
    }

    /// Whether `who` may speak for `rep`: it is themselves, or their stand-in.
    #[must_use]
    pub fn speaks_for(&self, who: &Address, rep: &Address, now: Timestamp) -> bool {
        who.same_as(rep)
            || self
                .rep(rep)
                .is_some_and(|rep| self.reader_of(rep, now).address.same_as(who))
    }

    /// Takes in what reps said.
    pub(super) fn hear(&self, all: Vec<(Address, Said)>) {
        for (address, new) in all {
            if self.said(&address) == new {
                continue;
            }
            self.bot.turn(&address, new.turns);
            let configured = self.reps.iter().find(|rep| rep.address.same_as(&address));
            if let Some(rep) = configured.map(|rep| rep.with(&new))
                && self.rep(&address) != Some(&rep)
            {
                self.spoken.push(rep);
            }
            if let Ok(mut said) = self.spoken.said.lock() {
                said.insert(address, new);
            }
        }
    }
}

impl Bot {
    /// Looks up what reps said, so that it counts from now on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn recall(&self) -> Result<(), StoreError> {
        self.house.hear(self.store.said().await?);
        Ok(())
    }
}
