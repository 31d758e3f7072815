//! The days and the hours that count for one prospect of one rep: the team's, the rep's and those of the prospect's country.

use super::country::Country;
use super::days::DaysOff;
use super::holidays::Holidays;
use super::{country, holidays};
use crate::model::{Address, DayOff, Hours, Prospect, Zone};
use jiff::civil::Date;

/// See above.
#[derive(Debug, Clone, Copy)]
pub struct Diary<'a> {
    /// When the team works.
    pub(super) hours: &'a Hours,
    /// Where the prospect's clock stands.
    pub(super) zone: &'a Zone,
    rep: Option<&'a Address>,
    public: Option<(&'static Holidays, Country)>,
}

impl<'a> Diary<'a> {
    /// That of a prospect of a rep.
    #[must_use]
    pub fn of(prospect: &'a Prospect, rep: &'a Address, hours: &'a Hours) -> Self {
        let theirs = || {
            let country = country::of(prospect)?;
            let code = country.region.unwrap_or(country.code);
            Some((holidays::of(code)?, country))
        };
        Self {
            hours,
            zone: &prospect.zone,
            rep: Some(rep),
            public: hours.public.then(theirs).flatten(),
        }
    }

    /// That of somebody of whom only the clock is known.
    #[must_use]
    pub fn in_zone(zone: &'a Zone, hours: &'a Hours) -> Self {
        Self {
            hours,
            zone,
            rep: None,
            public: None,
        }
    }

    /// Why nothing goes out on `date`; `None` on a business day.
    #[must_use]
    pub fn day_off(&self, date: Date) -> Option<DayOff> {
        let public = || {
            let (holidays, _) = self.public?;
            let (name, of) = (holidays.on(date)?, holidays.code());
            Some(DayOff::Public { name, of })
        };
        let away = || {
            let is_away = |away: &crate::model::Away| {
                self.rep.is_some_and(|rep| away.rep.same_as(rep)) && (away.from..=away.to).contains(&date)
            };
            self.hours.away.iter().any(is_away).then_some(DayOff::Away)
        };
        self.hours.day_off(date).or_else(public).or_else(away)
    }

    /// The country whose public holidays count, and how it is known.
    #[must_use]
    pub fn country(&self) -> Option<Country> {
        self.public.map(|(_, country)| country)
    }
}

impl DaysOff for Diary<'_> {
    fn is_off(&self, date: Date) -> bool {
        self.day_off(date).is_some()
    }
}

impl DaysOff for Hours {
    fn is_off(&self, date: Date) -> bool {
        self.day_off(date).is_some()
    }
}
