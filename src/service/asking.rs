//! Commands that are about no prospect: lists, previews, numbers, and what a rep says about themselves.

use super::answer::Desk;
use super::orders::offer;
use super::report;
use crate::mail::command::alike;
use crate::model::{Asked, Cause, Codes, Command, Hold, Rep, Said, SaidDay, Scope, Unhold, Vacation, grammar, limits};
use crate::store::StoreError;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

impl Desk<'_> {
    /// A command about no prospect.
    pub(super) async fn ask(&mut self, command: &Command) -> Result<(), StoreError> {
        let bot = self.incoming.bot;
        let Some(rep) = bot.house.rep(self.rep) else {
            self.refuse(command, "nothing changed: you are not configured any more", Vec::new());
            return Ok(());
        };
        match &command.asked {
            Asked::List => {
                let all = self.active().await?;
                self.list_standing(command, &all);
            }
            Asked::Cadences => {
                let lines = bot.house.library.cadences().map(|cadence| {
                    let address = bot.house.bot.for_enrolling(&cadence.name, &rep.address, rep.code_turn);
                    let (touches, days) = (cadence.touches(), cadence.span());
                    format!(
                        "{} ({}, {touches} touches in {days} days): {address}",
                        cadence.name, cadence.title
                    )
                });
                self.tell(command, lines.collect::<Vec<_>>().join("\n"), Vec::new());
            }
            Asked::Preview { cadence } => self.preview(command, cadence),
            Asked::Report { month } => {
                let answer = self.numbers(rep, *month).await?;
                self.tell(command, answer, Vec::new());
            }
            Asked::SetDigest(time) => {
                let mut said = self.said(rep);
                said.digest_at = Some(*time);
                let undo = format!("set digest {}", rep.digest_at.strftime("%H:%M"));
                let when = format!(
                    "your digest comes at {} your time, from the next one on",
                    time.strftime("%H:%M")
                );
                self.change(command, rep, said, format!("{when}. To undo: `{undo}`."), Some(undo));
            }
            Asked::SetZone(name) => self.set_zone(command, rep, name),
            Asked::Vacation { from, to, cover } => {
                let cover = cover.clone().map(|cover| (cover.clone(), bot.house.rep(&cover)));
                let cover = match cover {
                    Some((address, None)) => {
                        self.refuse(
                            command,
                            &format!("nothing changed: {address} is no rep here"),
                            Vec::new(),
                        );
                        return Ok(());
                    }
                    Some((_, Some(other))) => Some(other).filter(|other| !other.address.same_as(&rep.address)),
                    None => None,
                };
                self.vacation(command, rep, (*from, *to), cover);
            }
            Asked::Back => self.back(command, rep).await?,
            Asked::NewCodes => {
                self.batch.codes.push((rep.address.clone(), Codes::Turned));
                let answer = "new enrol addresses: the ones so far are worthless from now on, and the new ones come in a mail of \
                              their own. Delete the old cards from your address book.";
                self.tell(command, answer.to_owned(), Vec::new());
            }
            Asked::Enroll(wanted) => self.enroll_line(command, rep, wanted).await?,
            _ => {
                let answer = grammar::help();
                self.tell(command, answer, Vec::new());
            }
        }
        Ok(())
    }

    fn preview(&mut self, command: &Command, name: &str) {
        let library = &self.incoming.bot.house.library;
        let found = library
            .cadences()
            .find(|cadence| cadence.name.as_str() == name.to_lowercase());
        let Some(cadence) = found else {
            let known: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
            let near = alike(name, &known);
            let offers = near
                .iter()
                .map(|name| offer(&format!("preview {name}"), None))
                .collect();
            let why = format!("there is no cadence \"{name}\"; `cadences` lists them");
            self.refuse(command, &why, offers);
            return;
        };
        let mut lines = vec![format!("{}: {}", cadence.title, cadence.about.trim())];
        lines.extend(cadence.steps.iter().map(|step| {
            let when = step
                .when
                .as_ref()
                .map(|when| format!(", only if {when}"))
                .unwrap_or_default();
            format!("day {}: {}, {}{when}", step.day, step.channel.word(), step.template)
        }));
        self.tell(command, lines.join("\n"), Vec::new());
    }

    /// The rep's numbers of a week or a month, as every report counts them.
    async fn numbers(&self, rep: &Rep, month: bool) -> Result<String, StoreError> {
        let days = if month { 30 } else { 7 };
        let bot = self.incoming.bot;
        let today = self.incoming.now.to_zoned(rep.zone.clone()).date();
        let mut lines = vec![format!("the last {days} days, beside the {days} before:")];
        lines.extend(report::in_short_of(bot, &rep.address, today, days).await?);
        lines.push(format!("{} under way now", bot.store.active_of(self.rep).await?));
        Ok(lines.join("\n"))
    }

    /// What the rep said so far, with what this mail says.
    fn said(&self, rep: &Rep) -> Said {
        let now = self.batch.said.iter().rev().find(|(who, _)| who.same_as(&rep.address));
        now.map_or_else(|| self.incoming.bot.house.said(&rep.address), |(_, said)| said.clone())
    }

    fn change(&mut self, command: &Command, rep: &Rep, said: Said, answer: String, undo: Option<String>) {
        self.batch.said.push((rep.address.clone(), said));
        let offers = undo.iter().map(|line| offer(line, None)).collect();
        self.tell(command, answer, offers);
    }

    fn set_zone(&mut self, command: &Command, rep: &Rep, name: &str) {
        let wanted = name.trim().replace(' ', "_");
        let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
        let found = zones.iter().find(|zone| zone.eq_ignore_ascii_case(&wanted));
        // `Berlin` is enough where one zone ends so.
        let city = || {
            let mut ends = zones.iter().filter(|zone| {
                let city = zone.rsplit('/').next().unwrap_or(zone);
                zone.contains('/') && city.eq_ignore_ascii_case(&wanted)
            });
            ends.next().filter(|_| ends.next().is_none())
        };
        let Some(zone) = found.or_else(city).filter(|zone| TimeZone::get(zone).is_ok()) else {
            let names: Vec<&str> = zones.iter().map(String::as_str).collect();
            let near = alike(&wanted, &names);
            let offers = near
                .iter()
                .map(|zone| offer(&format!("set zone {zone}"), None))
                .collect();
            self.refuse(
                command,
                &format!("nothing changed: there is no zone \"{name}\""),
                offers,
            );
            return;
        };
        let mut said = self.said(rep);
        said.zone = Some(zone.clone());
        let undo = format!("set zone {}", rep.zone_name);
        let answer = format!(
            "your clock is that of {zone}; your digest comes at {} there. Touches keep the times they have. To undo: `{undo}`.",
            rep.digest_at.strftime("%H:%M")
        );
        self.change(command, rep, said, answer, Some(undo));
    }

    fn vacation(&mut self, command: &Command, rep: &Rep, (from, to): (Option<SaidDay>, SaidDay), cover: Option<&Rep>) {
        let now = self.incoming.now;
        let today = now.to_zoned(rep.zone.clone()).date();
        let first = from.map_or(Some(today), |from| from.on(today));
        let last = first.and_then(|first| to.on(first));
        let most = today.checked_add(limits::START_DAYS.days()).unwrap_or(today);
        let (Some(first), Some(last)) = (first, last) else {
            self.refuse(command, "nothing changed: there is no such day", Vec::new());
            return;
        };
        if last < today || first > last || last > most {
            let why = "nothing changed: a vacation ends after it begins, not in the past, and within a year";
            self.refuse(command, why, Vec::new());
            return;
        }
        let mut said = self.said(rep);
        said.vacation = Some(Vacation {
            from: first.max(today),
            to: last,
            cover: cover.map(|other| other.address.clone()),
        });
        let days = format!("{} to {}", first.strftime("%a %-d %b"), last.strftime("%a %-d %b"));
        let answer = match cover {
            Some(other) => format!(
                "away {days}: {} gets what I would mail to you, and may answer it; touches in your name go on. To undo: `back`.",
                other.name
            ),
            None => {
                if first <= today {
                    self.batch.hold.extend(absence(rep, last, now));
                }
                format!(
                    "away {days}: no digest, and no touch in your name until then; replies still stop and reach you. Nothing \
                     comes in a burst afterwards. To undo: `back`."
                )
            }
        };
        self.change(command, rep, said, answer, Some("back".to_owned()));
    }

    async fn back(&mut self, command: &Command, rep: &Rep) -> Result<(), StoreError> {
        let mut said = self.said(rep);
        if said.vacation.take().is_none() {
            let today = self.incoming.now.to_zoned(rep.zone.clone()).date();
            let why = match self.incoming.bot.house.away(rep, today) {
                Some(away) => format!(
                    "nothing changed: the configuration says that you are away until {}; the administrator can change that",
                    away.to.strftime("%a %-d %b")
                ),
                None => "nothing changed: you are not away".to_owned(),
            };
            self.tell(command, why, Vec::new());
            return Ok(());
        }
        let scope = Scope::Rep(rep.address.clone());
        let holds = self.incoming.bot.store.holds(self.incoming.now).await?;
        if holds
            .iter()
            .any(|hold| hold.scope == scope && hold.cause == Cause::Vacation)
        {
            self.batch.unhold.push(Unhold {
                scope,
                cause: Some(Cause::Vacation),
                by: rep.address.to_string(),
            });
        }
        self.batch.hold.retain(|hold| hold.cause != Cause::Vacation);
        let answer = "welcome back: your digest comes again, and touches go on inside your daily cap".to_owned();
        self.change(command, rep, said, answer, None);
        Ok(())
    }
}

/// What keeps touches in a rep's name from going out until their last day away is over.
pub(super) fn absence(rep: &Rep, last: Date, now: Timestamp) -> Option<Hold> {
    let end = last.tomorrow().and_then(|day| day.to_zoned(rep.zone.clone())).ok()?;
    Some(Hold {
        scope: Scope::Rep(rep.address.clone()),
        cause: Cause::Vacation,
        why: format!("on vacation until {}", last.strftime("%a %-d %b")),
        by: rep.address.to_string(),
        since: now,
        clears: Some(end.timestamp()),
    })
}
